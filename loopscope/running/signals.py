"""Forwards signals that reach the recorder while a program runs, unless the program got them too.

A program that is recorded by the command stays in the command's process group. What a terminal, a
shell or `kill -- -GROUP` sends to the group reaches the program, its children and its neighbours in
a pipeline without any help. What is sent to the recorder's process id was meant for the program
alone. A signal handler cannot know whom else a signal reached, so to tell the two cases apart, a
process of ours sits in the group, blocks all signals, and is asked which of them it got (see
`_Witness`).
"""

from __future__ import annotations

import collections
import contextlib
import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any

from .program import DUMP_SIGNAL

_NOT_FORWARDED = (
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
"""Signals that the system sends to this process about itself, or that nobody can catch."""

# seconds; a witness that was stopped with SIGSTOP does not answer
_ANSWER_TIMEOUT = 1.0


class _Witness:
    """A process in this one's group that knows which signals the whole group got."""

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
        """Return the signals that the whole group got since the last call."""
        try:
            os.write(self._ask, b"?")
            if select.select([self._answer], [], [], _ANSWER_TIMEOUT)[0]:
                return set(os.read(self._answer, 1024))
            os.kill(self.pid, signal.SIGCONT)
        except OSError:  # it was killed
            pass
        return set()

    def close(self) -> None:
        """End the process."""
        os.close(self._ask)
        os.close(self._answer)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _testify(questions: int, answers: int) -> None:
    """Answer each question with the numbers of the signals that came since the last one.

    Args:
        questions: Read end of a pipe; each byte is a question.
        answers: Write end of a pipe; each byte of an answer is a signal's number.
    """
    low = 0
    for descriptor in sorted((questions, answers)):  # it must not keep anybody's pipe open
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, max(low, os.sysconf("SC_OPEN_MAX")))
    while os.read(questions, 1):
        received: set[int] = set()
        while pending := signal.sigpending():
            received |= pending
            signal.sigwait(pending)
        os.write(answers, bytes(received) or b"\0")


class Forwarder:
    """Forwards signals sent to this process alone to the program, while the context lasts.

    To be used in the main thread.

    Attributes:
        numbers: The signals that are forwarded.
        ignored: The signals that this process has been started with ignored, by `nohup` or by a
            shell that put it in the background; the program must start with them ignored too.
    """

    def __init__(self) -> None:
        excluded = {getattr(signal, f"SIG{name}", 0) for name in _NOT_FORWARDED} | {DUMP_SIGNAL}
        self.numbers = frozenset(
            int(number) for number in signal.valid_signals() if number not in excluded
        )
        # SIGCHLD is not forwarded, but the program may have to start with it ignored.
        self.ignored = frozenset(
            number
            for number in {*self.numbers, signal.SIGCHLD}
            if signal.getsignal(number) is signal.SIG_IGN
        )
        self._pid: int | None = None
        self._pending: collections.deque[int] = collections.deque()
        # signals that the group got, and whose handler here has not run yet
        self._sent_to_group: set[int] = set()
        self._forwarding = False
        self._previous_handlers: dict[int, Any] = {}

    def __enter__(self) -> Forwarder:
        self._witness = _Witness()
        for number in self.numbers:
            self._previous_handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous_handlers.items():
            # None stands for a handler that was not set from Python, and cannot be restored.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._witness.close()

    def start(self, pid: int) -> None:
        """Forward signals to a process from now on, including those that came while it was started.

        Args:
            pid: The program's process.
        """
        self._pid = pid
        self._forward_pending()

    def prepare(self) -> None:
        """Start the program with the signals that this process was started with.

        To be called in the new process before the program runs.
        """
        for number in self.numbers | self.ignored:
            signal.signal(number, signal.SIG_IGN if number in self.ignored else signal.SIG_DFL)

    def stop_along(self, number: int) -> None:
        """Stop (suspend) this process too, after a signal has stopped the program.

        Returns once the process is continued.

        Args:
            number: The signal, mostly that of Ctrl-Z.
        """
        handler = signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal that this process got."""
        self._pending.append(number)
        self._forward_pending()

    def _forward_pending(self) -> None:
        # a handler that this one has interrupted is doing it
        """Forward the signals that have come, except those that the whole group got."""
        if self._pid is None or self._forwarding:
            return
        self._forwarding = True
        try:
            while self._pending:
                number = self._pending.popleft()
                if number not in self._sent_to_group:
                    self._sent_to_group |= self._witness.ask() & self.numbers
                if number in self._sent_to_group:
                    self._sent_to_group.discard(number)
                else:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(self._pid, number)
        finally:
            self._forwarding = False


def die_by(number: int) -> None:
    """End this process by a signal, as the program ended, so that its parent sees the same.

    A shell stops a script at Ctrl-C only if the command that it waits for died by that signal.
    Returns if the signal does not end a process.

    Args:
        number: The signal.
    """
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
