"""What the supervising process tells the program's: what to record, and where to send it.

Imports nothing that records, so that a process which only supervises does without.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..trace.events import Clock


@dataclass(frozen=True)
class Plan:
    """What to record and where to send it. Descriptors are those of the program's process."""

    # its file, as tracebacks name it; empty if only the interpreter can tell (`-m`, a folder, an
    # archive)
    program: str
    clock: Clock
    events: int  # write end
    steps: int  # a file in memory, to append to
    stdout: int  # read end of the pipe that is descriptor 1
    stderr: int
    dump: int  # write end: where the interpreter's stack goes when the supervisor sends `signal`
    signal: int
