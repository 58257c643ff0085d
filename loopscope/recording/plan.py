"""What the supervising process wants of the program's process: what to record, where to send it.

Imports nothing that records, so a process that only supervises need not load it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..trace.events import Clock

DECLARE_REAL = 'declare clock = "real"'
"""The advice that ends a refusal of the virtual clock. The command gives other advice instead."""


@dataclass(frozen=True)
class Plan:
    """What to record and where to send it.

    Descriptors are those of the program's process.

    Attributes:
        program: The program's file, as tracebacks name it; empty if only the interpreter can find
            it out (`-m`, a folder, an archive).
        clock: The clock to run on.
        events: Write end of the pipe for events.
        steps: The file in memory for the events of steps, open for appending.
        stdout: Read end of the pipe that is descriptor 1.
        stderr: Read end of the pipe that is descriptor 2.
        dump: Write end of the pipe for the interpreter's stack, sent on `signal`.
        signal: The signal with which the supervisor asks for that stack.
        lines: Whether to record the lines that run, and the values of variables.
    """

    program: str
    clock: Clock
    events: int
    steps: int
    stdout: int
    stderr: int
    dump: int
    signal: int
    lines: bool = False
