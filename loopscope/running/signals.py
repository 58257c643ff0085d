"""Signals that reach the recorder while a program runs: who else got them, and passing them on.

In:  the program's process id. Out: nothing; each signal has reached whom it would have reached
     without the recorder.

A program that is recorded by the command stays in the command's process group, so whatever a
terminal, a shell or `kill -- -GROUP` sends to the group reaches the program, its children and its
neighbours in a pipeline by itself. What is sent to the recorder's process id was meant for the
program, and for nothing else of the group. To tell the two apart, a process of ours sits in the
group, blocks all signals and is asked which of them it got too (`_Witness`): a handler cannot know
whom else a signal reached.
"""

from __future__ import annotations

import collections
import contextlib
import os
import select
import signal
from types import FrameType, TracebackType

from .program import DUMP_SIGNAL

_OUR_OWN = (
    "KILL",
    "STOP",
    "CHLD",
    "PIPE",
    "XCPU",
    "XFSZ",
    "SEGV",
    "BUS",
    "FPE",
    "ILL",
    "TRAP",
    "SYS",
)
"""What the system tells this process of itself, or lets nobody catch."""

# seconds that the witness gets; one that was stopped with SIGSTOP does not answer
_ANSWER_TIME = 1.0


class _Witness:
    """A process of this one's group that knows which signals the whole group got."""

    def __init__(self) -> None:
        questions, self._ask = os.pipe()
        self._answer, answers = os.pipe()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self.pid = os.fork()
            if self.pid == 0:
                try:
                    _testify(questions, answers)
                finally:
                    os._exit(0)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(questions)
        os.close(answers)

    def ask(self) -> set[int]:
        """The signals that the whole group got since this was last asked."""
        try:
            os.write(self._ask, b"?")
            if select.select([self._answer], [], [], _ANSWER_TIME)[0]:
                return set(os.read(self._answer, 1024))
            os.kill(self.pid, signal.SIGCONT)
        except OSError:  # it was killed
            pass
        return set()

    def close(self) -> None:
        os.close(self._ask)
        os.close(self._answer)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _testify(questions: int, answers: int) -> None:
    """What the witness does: to each question, answer with the numbers of the signals that came
    since the last one.
    """
    low = 0
    for descriptor in sorted((questions, answers)):  # it must not hold a pipe of anybody's open
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, max(low, os.sysconf("SC_OPEN_MAX")))
    while os.read(questions, 1):
        seen: set[int] = set()
        while pending := signal.sigpending():
            seen |= pending
            signal.sigwait(pending)
        os.write(answers, bytes(seen) or b"\0")


class Forwarder:
    """Passes on to the program what is sent to this process alone, while the context lasts. To be
    used in the main thread.

    `ignored` are the signals that this process was told to ignore (by `nohup`, or by a shell that
    started it in the background); the program has to begin with them ignored, as it would without
    us.
    """

    def __init__(self) -> None:
        ours = {getattr(signal, f"SIG{name}", 0) for name in _OUR_OWN} | {DUMP_SIGNAL}
        self.numbers = frozenset(
            int(number) for number in signal.valid_signals() if number not in ours
        )
        # SIGCHLD is not passed on, but the program may have to begin with it ignored.
        self.ignored = frozenset(
            number
            for number in {*self.numbers, signal.SIGCHLD}
            if signal.getsignal(number) is signal.SIG_IGN
        )
        self._pid: int | None = None
        self._came: collections.deque[int] = collections.deque()
        # signals that the group got and whose handler here is still to run
        self._grouped: set[int] = set()
        self._busy = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Forwarder:
        self._witness = _Witness()
        for number in self.numbers:
            self._before[number] = signal.signal(number, self._came_in)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            # None: a handler that was not installed from Python, which cannot be put back
            signal.signal(number, signal.SIG_DFL if handler is None else handler)  # type: ignore[arg-type]
        self._witness.close()

    def start(self, pid: int) -> None:
        """The program runs: from now on it is `pid` that gets the signals, those included that came
        while it was being started.
        """
        self._pid = pid
        self._pass_on()

    def prepare(self) -> None:
        """Called in the new process before the program: let it begin with the signals that this
        process began with.
        """
        for number in self.numbers | self.ignored:
            signal.signal(number, signal.SIG_IGN if number in self.ignored else signal.SIG_DFL)

    def stop_too(self, number: int) -> None:
        """The program was stopped by signal `number` (Ctrl-Z, mostly): stop this process as well.
        Returns once it is continued.
        """
        handler = signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, handler)

    def _came_in(self, number: int, frame: FrameType | None) -> None:
        self._came.append(number)
        self._pass_on()

    def _pass_on(self) -> None:
        # another handler, on top of which this one runs, is at it
        if self._pid is None or self._busy:
            return
        self._busy = True
        try:
            while self._came:
                number = self._came.popleft()
                if number not in self._grouped:
                    self._grouped |= self._witness.ask() & self.numbers
                if number in self._grouped:
                    self._grouped.discard(number)
                else:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(self._pid, number)
        finally:
            self._busy = False


def die_of(number: int) -> None:
    """End this process by a signal, as the program that it recorded ended, so that whoever waits
    for it sees the same.

    A shell stops a script at Ctrl-C only when the command it waits for died of it. Returns where
    the signal does not end a process.
    """
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
