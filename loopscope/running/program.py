"""A program to run, and the pipes between its process and the supervisor."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ..recording.plan import Plan
from ..trace.events import Clock

DUMP_SIGNAL = getattr(signal, "SIGRTMAX", 1) - 1 if hasattr(signal, "SIGRTMAX") else 0
"""The signal that makes a program's interpreter dump its stack (faulthandler); 0 for none."""

CODE_NAMES = {"-c": "<string>", "-": "<stdin>"}
"""What tracebacks call a program from the interpreter's command line or from standard input."""


@dataclass(frozen=True)
class Program:
    """What to run, and how. Paths may be of any kind; they are kept as text.

    Raises:
        ValueError: There is no such clock.

    Attributes:
        path: A file or folder; with `module`, a module's name; with `source`, "-c" or "-", as on
            Python's command line.
        args: The program's arguments.
        clock: The clock that its event loops run on.
        module: Whether `path` is the name of a module.
        shell: Whether it is a shell script, to be run by bash; it has output, but no steps.
        environment: Its environment; None for this process's own.
        directory: The folder that it runs in; None for the current one.
        stdin: Whether it may read this process's standard input.
        name: What the trace calls it; None for `path`.
        source: The text of a program that is not in a file. Bytes that are not UTF-8 are
            surrogates.
        lines: Whether to record also the lines that run in each step, and the values of variables.
            For that the program runs instrumented, which takes longer, and which it can notice.
    """

    path: str
    args: tuple[str, ...] = ()
    clock: Clock = "real"
    module: bool = False
    shell: bool = False
    environment: dict[str, str] | None = None
    directory: str | None = None
    stdin: bool = False
    name: str | None = None
    source: str | None = None
    lines: bool = False

    if TYPE_CHECKING:  # what type checkers allow; the dataclass's own is the one that is called

        def __init__(
            self,
            path: str | os.PathLike[str],
            args: Iterable[str | os.PathLike[str]] = (),
            clock: Clock = "real",
            module: bool = False,
            shell: bool = False,
            environment: dict[str, str] | None = None,
            directory: str | os.PathLike[str] | None = None,
            stdin: bool = False,
            name: str | None = None,
            source: str | None = None,
            lines: bool = False,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Turn paths into text, and check the clock."""
        if self.clock not in get_args(Clock):
            raise ValueError(f'the clock is "real" or "virtual", not {self.clock!r}')
        object.__setattr__(self, "path", os.fspath(self.path))
        object.__setattr__(self, "args", tuple(map(os.fspath, self.args)))
        if self.directory is not None:
            object.__setattr__(self, "directory", os.fspath(self.directory))

    @property
    def code_name(self) -> str:
        """What tracebacks call a program that is not in a file; empty for one that is."""
        return "" if self.source is None else CODE_NAMES.get(self.path, "")


@dataclass
class Pipes:
    """The pipes from a program to its supervisor, each as (read end, write end).

    The read ends stay with the supervisor, the write ends go to the program. The program also gets
    read ends of its output, which the recorder reads. Where the system allows it these are not
    duplicates of the supervisor's: duplicates share their flags, and a program that made the
    supervisor's block could never be stopped.

    Attributes:
        events: For the events of the recording.
        steps: No pipe, but a file in memory, opened once: to it, batches of steps are appended.
        stdout: For standard output.
        stderr: For standard error.
        dump: For the stack that the interpreter dumps.
        program_reads: The program's read ends of stdout and stderr.
    """

    events: tuple[int, int]
    steps: tuple[int, int]
    stdout: tuple[int, int]
    stderr: tuple[int, int]
    dump: tuple[int, int]
    program_reads: tuple[int, int]

    @classmethod
    def make(cls) -> Pipes:
        """Open the pipes, with read ends that do not block."""
        events, stdout, stderr, dump = (os.pipe() for _ in range(4))
        program_reads = (_reopen(stdout[0]), _reopen(stderr[0]))
        pipes = cls(events, _file_in_memory(), stdout, stderr, dump, program_reads)
        for read in (*pipes._ends(0), *pipes.program_reads):
            os.set_blocking(read, False)
        return pipes

    def plan(self, program: Program, path: str) -> Plan:
        """Return what the recorder in the program's process needs to know.

        Args:
            program: The program.
            path: The program's file, as tracebacks name it; empty if not known yet.
        """
        stdout, stderr = self.program_reads
        return Plan(
            program=path,
            clock=program.clock,
            events=self.events[1],
            steps=self.steps[1],
            stdout=stdout,
            stderr=stderr,
            dump=self.dump[1],
            signal=DUMP_SIGNAL,
            lines=program.lines,
        )

    def close_supervisor_ends(self) -> None:
        """Close the ends that belong to this process."""
        for descriptor in (*self._ends(0), self.steps[0]):
            os.close(descriptor)

    def close_program_ends(self) -> None:
        """Close the ends that belong to the program, which has inherited them."""
        for descriptor in (*self._ends(1), self.steps[1], *self.program_reads):
            os.close(descriptor)

    def _ends(self, end: int) -> list[int]:
        return [pair[end] for pair in (self.events, self.stdout, self.stderr, self.dump)]


def _file_in_memory() -> tuple[int, int]:
    """Return two descriptors of a new file that has no name. What is written is appended."""
    try:
        file = os.memfd_create("loopscope")
    except (AttributeError, OSError):  # macOS, or an old kernel
        import tempfile

        with tempfile.TemporaryFile() as temporary:
            file = os.dup(temporary.fileno())
    fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
    return file, os.dup(file)


def _reopen(read: int) -> int:
    """Open another read end of the same pipe.

    Without /proc it is a duplicate, which is good enough for programs that do not attack.
    """
    try:
        return os.open(f"/proc/self/fd/{read}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return os.dup(read)
