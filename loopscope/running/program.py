"""What is to be run, and the pipes through which it is heard.

In:  nothing. Out: `Program`, `Pipes`.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from ..recording.plan import Plan
from ..trace.events import Clock

DUMP_SIGNAL = getattr(signal, "SIGRTMAX", 1) - 1 if hasattr(signal, "SIGRTMAX") else 0
"""Sent to a program to have its interpreter's stack told (faulthandler); 0 where there is no such
signal.
"""

CODE_NAMES = {"-c": "<string>", "-": "<stdin>"}
"""What tracebacks call the program that an interpreter takes from its command line or from its
standard input.
"""


@dataclass(frozen=True)
class Program:
    """What to run. `path` is a file, or with `module` a module's name; with `source` it is "-c" or
    "-", as for Python itself.
    """

    path: str
    args: tuple[str, ...] = ()
    clock: Clock = "real"
    module: bool = False
    shell: bool = False  # a session for bash: no interpreter of ours inside, no steps
    environment: dict[str, str] | None = None  # None: this process's own
    directory: str | None = None  # where it runs; None: here
    stdin: bool = False  # may it read ours?
    name: str | None = None  # what the trace calls it; default: path
    # the text of a program that is no file; bytes that are not UTF-8 as surrogates
    source: str | None = None

    @property
    def code_name(self) -> str:
        """What tracebacks call a program that is no file; empty for one that is."""
        return "" if self.source is None else CODE_NAMES.get(self.path, "")


@dataclass
class Pipes:
    """Read ends stay here; write ends go to the program, with read ends of its own for what it
    prints.

    Its read ends are no copies of ours, where the system can do so: copies share their flags, and a
    program that let ours block would never be stopped.
    """

    events: tuple[int, int]
    stdout: tuple[int, int]
    stderr: tuple[int, int]
    dump: tuple[int, int]
    printed: tuple[int, int]  # the program's read ends of stdout and stderr

    @classmethod
    def make(cls) -> Pipes:
        events, stdout, stderr, dump = (os.pipe() for _ in range(4))
        pipes = cls(events, stdout, stderr, dump, (_reopened(stdout[0]), _reopened(stderr[0])))
        for read in (*pipes._ends(0), *pipes.printed):
            os.set_blocking(read, False)
        return pipes

    def plan(self, program: Program, path: str) -> Plan:
        return Plan(path, program.clock, self.events[1], *self.printed, self.dump[1], DUMP_SIGNAL)

    def close_ours(self) -> None:
        for descriptor in self._ends(0):
            os.close(descriptor)

    def close_program_s(self) -> None:
        for descriptor in (*self._ends(1), *self.printed):
            os.close(descriptor)

    def _ends(self, end: int) -> list[int]:
        return [pair[end] for pair in (self.events, self.stdout, self.stderr, self.dump)]


def _reopened(read: int) -> int:
    """Another read end of the same pipe. Where there is no /proc it is a copy, which is good enough
    for programs that do not attack.
    """
    try:
        return os.open(f"/proc/self/fd/{read}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return os.dup(read)
