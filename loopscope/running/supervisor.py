"""Watches one running program until it ends, and ends it when it exceeds a limit.

A `Supervisor` gets a process that has been started and the pipes that it sends its recording
through; once the process has ended, it builds the `Trace`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable

from ..limits import MAX_EVENTS, MAX_RECORD_LENGTH, UNLIMITED, Limits
from ..trace.assembly import assemble
from ..trace.model import Trace, describe_wait
from . import processes
from .outcome import build_trace, too_much_output
from .program import DUMP_SIGNAL, Pipes, Program
from .receiver import Receiver
from .time_limit import TimeLimit

_STACK_TIMEOUT = 3.0  # seconds for the interpreter to dump its stack, which it needs a core for
_QUIET_TIMEOUT = 1.0  # seconds without another piece of it, after which that is all
_POLL_INTERVAL = 0.02  # seconds without an event, after which the output is read from here
_LIMITS_INTERVAL = 0.05  # seconds between two looks at processes and memory


class Supervisor:
    """Watches one program.

    Attributes:
        status: How the process ended, as `os.waitstatus_to_exitcode` reports it; None while it
            runs, and for good if it had to be killed.
    """

    def __init__(
        self,
        program: Program,
        pid: int,
        pipes: Pipes,
        limits: Limits,
        *,
        unrelated: set[int],
        echo: Callable[[str, bytes], None] | None = None,
        follow_stop: Callable[[int], None] | None = None,
        abandoned: int | None = None,
    ) -> None:
        """Prepare to watch a program that has just been started.

        Args:
            program: What is run.
            pid: Its process id.
            pipes: The pipes between the two processes.
            limits: What the program may use.
            unrelated: Children of this process that have nothing to do with the program.
            echo: Called with (stream, bytes) as output arrives.
            follow_stop: Called with the signal that stopped (suspended) the program; returns when
                the program is to continue.
            abandoned: A descriptor that becomes readable when nobody wants the record any more.
        """
        self.status: int | None = None
        self._program, self._pid, self._pipes, self._limits = program, pid, pipes, limits
        self._unrelated = unrelated
        self._received = Receiver(program, pipes, limits.output, echo)
        self._follow_stop = follow_stop
        self._abandoned = abandoned
        self._ran_after_close = False  # it went on after closing the pipe of its events
        self._limits_checked_at = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended and has been waited for."""
        return self.status is not None

    def run(self) -> None:
        """Watch the program until it has ended, or has to be ended because of a limit."""
        received, events_pipe = self._received, self._pipes.events[0]
        time_limit = TimeLimit(
            self._limits.seconds,
            self._program.clock,
            lambda: processes.descendants(self._unrelated),
        )
        pidfd = processes.pidfd(self._pid)
        poll = select.poll()
        for descriptor in (events_pipe, pidfd, self._abandoned):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        try:
            while True:
                ready = {descriptor for descriptor, _ in poll.poll(_POLL_INTERVAL * 1000)}
                active = received.receive()
                if received.events_closed and events_pipe in ready:
                    poll.unregister(events_pipe)
                    ends = pidfd is None or bool(poll.poll(100)) or processes.is_ending(self._pid)
                    self._ran_after_close = not ends and not received.unrecorded
                if not active:
                    received.read_pending_output()
                if not ready or pidfd in ready:
                    done, status = os.waitpid(self._pid, os.WNOHANG | os.WUNTRACED)
                    if done and os.WIFSTOPPED(status):
                        time_limit.pause(self._stop_along(os.WSTOPSIG(status)))
                    elif done:
                        self.status = os.waitstatus_to_exitcode(status)
                        return
                if self._abandoned in ready:
                    received.stopped = "nobody waits for its record any more"
                    return
                self._deliver_interrupt()
                reason = time_limit.exceeded(active) or self._exceeded_limit()
                if reason:
                    received.stopped = reason + self._describe_activity()
                    return
        finally:
            if pidfd is not None:
                os.close(pidfd)

    def drain(self) -> None:
        """Read all that is left in the pipes once the program has ended."""
        self._received.drain()

    def trace(self, left_running: int) -> Trace:
        """Return the trace, once nothing of the program runs any more.

        Args:
            left_running: How many other processes the program had left running.
        """
        return build_trace(
            self._program,
            self._received,
            self.status,
            ran_after_close=self._ran_after_close,
            left_running=left_running,
        )

    def _stop_along(self, number: int) -> float:
        """Stop together with the program, which a signal has stopped.

        Returns:
            For how many seconds both were stopped.
        """
        began = time.monotonic()
        if self._follow_stop is not None and number != signal.SIGSTOP:
            self._follow_stop(number)
        return time.monotonic() - began

    def _deliver_interrupt(self) -> None:
        """Wake a program whose Ctrl-C was deferred (see `interrupts`).

        It may have gone to sleep just then; any signal makes it look again.
        """
        received = self._received
        since = received.interrupted_at
        if since is not None and time.monotonic() > since + _POLL_INTERVAL:
            received.interrupted_at = None
            # a program that is about to end does not handle the signal any more
            if DUMP_SIGNAL and not received.exiting:
                self._signal(DUMP_SIGNAL)

    def _exceeded_limit(self) -> str | None:
        """Return which limit the program exceeds, or None."""
        received, limits = self._received, self._limits
        if received.output_exceeded:
            return too_much_output(received)
        unread = max(len(received.partial_event), received.steps_size)
        if len(received.events) > MAX_EVENTS or unread > MAX_RECORD_LENGTH:
            return "it wrote more into the recording's own descriptor than any recording holds"
        if (
            time.monotonic() - self._limits_checked_at > _LIMITS_INTERVAL
            and min(limits.processes, limits.memory) < UNLIMITED
        ):
            self._limits_checked_at = time.monotonic()
            pids = processes.descendants(self._unrelated)
            if len(pids) > limits.processes:
                return f"it had more than {limits.processes:,} processes running"
            if processes.memory_used(pids, limits.memory) > limits.memory:
                return f"it used more than {limits.memory // 1_000_000:,} MB of memory"
        return None

    def _describe_activity(self) -> str:
        """Describe what the program is doing: the line it is at, or where its tasks wait."""
        stack = self._dump_stack()
        if stack and "/selectors.py" in stack[0] and " in select" in stack[0]:  # the loop is idle
            waits = self._describe_waits()[:8]
            return f"; {'; '.join(waits)}" if waits else ""
        frame = next((line for line in stack if self._own_frame in line), None)
        return f", at line {frame.split(', line ', 1)[1].split(' ', 1)[0]}" if frame else ""

    @property
    def _own_frame(self) -> str:
        """What the line of a dump has that is a frame of the program's own file."""
        # until it makes a loop, it does not report its file
        file = self._received.file or os.path.abspath(self._program.path)
        return f'File "{file}", line '

    def _dump_stack(self) -> list[str]:
        """Have the interpreter dump its stack (faulthandler, by signal), innermost frame first."""
        if self._program.shell or not self._received.started or not DUMP_SIGNAL:
            return []
        pipe = self._pipes.dump[0]
        with contextlib.suppress(BlockingIOError):
            os.read(pipe, 65_536)
        self._signal(DUMP_SIGNAL)
        deadline = quiet_until = time.monotonic() + _STACK_TIMEOUT
        text = ""
        while time.monotonic() < deadline and processes.state(self._pid) not in (
            "T",
            "t",
            "Z",
            "X",
        ):
            # Nothing marks the end of the dump, and it is written piece by piece: until it names
            # a line of the program, the program may only have lost its core.
            if not select.select([pipe], [], [], 0.1 if text else 0.02)[0]:
                whole = text.rpartition("\n")[0]
                if self._own_frame in whole or time.monotonic() > quiet_until:
                    break
                continue
            with contextlib.suppress(BlockingIOError):  # the program read it itself
                data = os.read(pipe, 65_536)
                if not data:
                    break
                text += data.decode(errors="replace")
                quiet_until = time.monotonic() + _QUIET_TIMEOUT
        whole = text.rpartition("\n")[0]
        return [line for line in whole.splitlines() if line.startswith("  File ")]

    def _describe_waits(self) -> list[str]:
        """Describe each waiting task: its line and what it waits for."""
        clock = self._program.clock
        self._received.read_steps()
        trace = assemble(self._received.events, python="", file="", clock=clock, duration=0, exit=0)
        last = {step.task: step for step in trace.steps}
        return [
            describe_wait(task.name, last[task.id].suspended_line, last[task.id].waiting_on)
            for task in trace.tasks
            if task.ended is None and task.id in last and trace.has_all_steps_of(task)
        ]

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self._pid, number)
