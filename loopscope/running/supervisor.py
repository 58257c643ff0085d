"""One program being watched: its events heard, its limits kept, its story put together.

In:  a process that `supervisor` has started, its pipes and limits. Out: a `Trace`, once the process
     has ended.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import platform
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

from ..limits import (
    EXIT_STOPPED,
    EXIT_TIMED_OUT,
    MAX_EVENTS,
    MAX_OUTPUT_PIECES,
    MAX_RECORD_LENGTH,
    UNLIMITED,
    Limits,
)
from ..trace.events import (
    Event,
    Exiting,
    FileKnown,
    Interrupted,
    Note,
    Printed,
    Started,
    Stopped,
    Stream,
    Unrecorded,
    decode,
    encodable,
)
from ..trace.model import Trace, assemble, stands
from . import processes
from .program import DUMP_SIGNAL, Pipes, Program
from .time_limit import TimeLimit

# seconds that its interpreter gets to tell its stack, which takes a moment where it gets no core
_STACK_TIME = 3.0
_QUIET = 0.02  # seconds without an event, after which the program's pipes are read from here


@dataclass
class Watch:
    """One program being watched."""

    program: Program
    pid: int
    others: set[int]  # children of ours that have nothing to do with it
    pipes: Pipes
    limits: Limits
    echo: Callable[[str, bytes], None] | None
    # called when it was stopped by a signal; returns when it is to go on
    follow_stop: Callable[[int], None] | None = None
    # a descriptor that becomes readable when nobody wants the record any more
    abandoned: int | None = None
    events: list[Event] = field(default_factory=list)
    file: str = ""  # the program's file, as tracebacks name it
    status: int | None = None  # as waitstatus_to_exitcode gives it
    stopped: str | None = None
    stopped_by_program: bool = False
    exited: Exiting | None = None
    deaf: bool = False  # it closed its end of the events: mostly because it is over
    outlived: bool = False  # it went on after that
    unrecorded: bool = False  # it runs without our part in it, and says so in a note
    written: int = 0
    _pieces: int = 0
    _partial: bytes = b""
    _rubbish: bool = False  # whether it was said that there is some
    _began: float = field(default_factory=time.monotonic)
    _last: float = 0.0
    _checked: float = 0.0
    _sat: bool = False
    _wake_at: float | None = None

    @property
    def reaped(self) -> bool:
        return self.status is not None

    @property
    def _started(self) -> bool:
        """Whether the recording has begun."""
        return any(isinstance(event, Started) for event in self.events)

    @property
    def _virtual(self) -> bool:
        return self.program.clock == "virtual" and not self.unrecorded

    def until_it_ends(self) -> None:
        time_limit = TimeLimit(
            self.limits.seconds, self.program.clock, lambda: processes.family(self.others)
        )
        pidfd = processes.pidfd(self.pid)
        poll = select.poll()
        for descriptor in (self.pipes.events[0], pidfd, self.abandoned):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        try:
            while True:
                ready = {descriptor for descriptor, _ in poll.poll(_QUIET * 1000)}
                heard = self._hear()
                if self.deaf and self.pipes.events[0] in ready:
                    poll.unregister(self.pipes.events[0])
                    ends = pidfd is None or bool(poll.poll(100)) or processes.is_ending(self.pid)
                    self.outlived = not ends and not self.unrecorded
                if not heard:
                    self._read_what_sits()
                if not ready or pidfd in ready:
                    done, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
                    if done and os.WIFSTOPPED(status):
                        time_limit.pause(self._stop_with_it(os.WSTOPSIG(status)))
                    elif done:
                        self.status = os.waitstatus_to_exitcode(status)
                        return
                if self.abandoned in ready:
                    self.stopped = "its record is not wanted any more"
                    return
                self._wake()
                why = time_limit.used_up(heard)
                if why or (why := self._over_a_limit()):
                    self.stopped = why + self._doing()
                    return
        finally:
            if pidfd is not None:
                os.close(pidfd)

    def _stop_with_it(self, number: int) -> float:
        """The program was stopped by a signal. Gives for how many seconds we were, too."""
        began = time.monotonic()
        if self.follow_stop is not None and number != signal.SIGSTOP:
            self.follow_stop(number)
        return time.monotonic() - began

    def _wake(self) -> None:
        """Ctrl-C that was put off (see `interrupts`) may find the program about to sleep; any
        signal makes it look again.
        """
        if self._wake_at is not None and time.monotonic() > self._wake_at:
            self._wake_at = None
            if DUMP_SIGNAL and not self.exited:  # a program that is about to end handles it no more
                self._signal(DUMP_SIGNAL)

    def _over_a_limit(self) -> str | None:
        if self.written > self.limits.output:
            return self._printed_too_much()
        if len(self.events) > MAX_EVENTS or len(self._partial) > MAX_RECORD_LENGTH:
            return "it wrote more into the recording's own descriptor than any recording holds"
        if (
            time.monotonic() - self._checked > 0.05
            and min(self.limits.processes, self.limits.memory) < UNLIMITED
        ):
            self._checked = time.monotonic()
            family = processes.family(self.others)
            if len(family) > self.limits.processes:
                return f"it had more than {self.limits.processes:,} processes running"
            if processes.memory(family, self.limits.memory) > self.limits.memory:
                return f"it used more than {self.limits.memory // 1_000_000:,} MB of memory"
        return None

    def _printed_too_much(self) -> str:
        return f"it printed more than {self.limits.output:,} bytes"

    def _doing(self) -> str:
        """What it is doing: at which line it is, or where its tasks wait."""
        stack = self._stack()
        # the event loop has nothing to do
        if stack and "/selectors.py" in stack[0] and " in select" in stack[0]:
            return f"; {waiting}" if (waiting := "; ".join(self._waiting()[:8])) else ""
        # it says its file when it makes a loop
        file = self.file or os.path.abspath(self.program.path)
        own = next((line for line in stack if f'File "{file}", line ' in line), None)
        return f", at line {own.split(', line ', 1)[1].split(' ', 1)[0]}" if own else ""

    def _stack(self) -> list[str]:
        """The interpreter's stack, innermost frame first, told by the interpreter itself
        (faulthandler, by signal).
        """
        if self.program.shell or not self._started or not DUMP_SIGNAL:
            return []
        with contextlib.suppress(BlockingIOError):
            os.read(self.pipes.dump[0], 65_536)
        self._signal(DUMP_SIGNAL)
        deadline = time.monotonic() + _STACK_TIME
        text = ""
        while time.monotonic() < deadline and processes.state(self.pid) not in ("T", "t", "Z", "X"):
            # Nothing marks its end; it is written in one go.
            if not select.select([self.pipes.dump[0]], [], [], 0.1 if text else 0.02)[0]:
                if text:
                    break
                continue
            with contextlib.suppress(BlockingIOError):  # the program read it itself
                data = os.read(self.pipes.dump[0], 65_536)
                if not data:
                    break
                text += data.decode(errors="replace")
        return [line for line in text.splitlines() if line.startswith("  File ")]

    def _waiting(self) -> list[str]:
        """Every task that waits, with its line and what it waits for."""
        clock = self.program.clock
        trace = assemble(self.events, python="", file="", clock=clock, duration=0.0, exit=0)
        last = {step.task: step for step in trace.steps}
        return [
            stands(task.name, last[task.id].suspended_line, last[task.id].waiting_on)
            for task in trace.tasks
            if task.ended is None and task.id in last and trace.saw_all_of(task)
        ]

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, number)

    def _hear(self) -> bool:
        """Take in the events that are there. False: there were none."""
        if self.deaf:
            return False
        try:
            data = os.read(self.pipes.events[0], 1_048_576)
        except BlockingIOError:
            return False
        if not data:
            self.deaf = True
            return False
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            try:
                events = decode(line)
            except ValueError:
                note = Note("it wrote into the recording's own descriptor")
                events = [] if self._rubbish else [note]
                self._rubbish = True
            for event in events:
                self._take(event)
        return True

    def _take(self, event: Event) -> None:
        if isinstance(event, Printed):
            self._take_output(event)
            return
        if isinstance(event, Started):
            self._began, self.file = event.at, event.file
        else:
            self._last = max(self._last, getattr(event, "at", None) or 0.0)
        if isinstance(event, FileKnown):
            self.file = event.path
        elif isinstance(event, Exiting):
            self.exited = event
        elif isinstance(event, Stopped):
            self.stopped, self.stopped_by_program = event.why, True
        elif isinstance(event, Unrecorded):
            self.unrecorded = True
        elif isinstance(event, Interrupted):
            self._wake_at = time.monotonic() + _QUIET
        self.events.append(event)

    def _take_output(self, event: Printed) -> None:
        data = event.data[: max(0, self.limits.output - self.written)]
        self.written += len(event.data)
        if not data:
            return
        if self.echo:
            self.echo(event.stream, data)
        self._last = max(self._last, event.at)
        self._pieces += 1
        last = self.events[-1] if self._pieces > MAX_OUTPUT_PIECES else None
        if isinstance(last, Printed) and last.stream == event.stream:
            self.events[-1] = last._replace(data=last.data + data)
        else:
            self.events.append(event._replace(data=data))

    def _read_what_sits(self) -> None:
        """Read what the program did not read itself, because it is busy, waits, or is no Python.

        Whatever has just been written it may be about to read; so only what has been there for a
        while is taken, and on a virtual clock, where nothing may depend on how fast the machine is,
        only what keeps the program from going on.
        """
        least = 32_768 if self._virtual and not self.deaf else 1
        sits = any(_unread(read) >= least for read in (self.pipes.stdout[0], self.pipes.stderr[0]))
        if sits and self._sat:
            self._read_pipes()
        self._sat = sits

    def _read_pipes(self) -> None:
        now = self._last if self._virtual else round(time.monotonic() - self._began, 6)
        pipes: dict[Stream, int] = {"stdout": self.pipes.stdout[0], "stderr": self.pipes.stderr[0]}
        for stream, read in pipes.items():
            while self.written <= self.limits.output:
                try:
                    data = os.read(read, 65_536)
                except BlockingIOError:
                    break
                if not data:
                    break
                self._take(Printed(now, stream, None, None, None, outside=True, data=data))

    def drain_all(self) -> None:
        while self._hear():
            pass
        self._read_pipes()

    def trace(self, left: int) -> Trace:
        """The whole story, once nothing runs any more."""
        notes = []
        if self.written > self.limits.output:
            self.stopped = self.stopped or self._printed_too_much()
            notes.append("its output is cut off")
        real = round(time.monotonic() - self._began, 6)
        ended = self.exited.at if self.exited is not None else None
        duration = (
            ended if ended is not None else self._last if self._virtual else max(real, self._last)
        )
        if self.stopped and not self.stopped_by_program:
            code: int | str = EXIT_TIMED_OUT if "out of time" in self.stopped else EXIT_STOPPED
        elif self.status is not None and self.status < 0:
            code = _name_of_signal(-self.status)
        else:
            code = self.status or 0
            if (
                not self.exited
                and not self.stopped
                and not self.program.shell
                and not self.unrecorded
            ):
                notes.append(self._silent_end(code))
        if left:
            notes.append(
                f"it left {left} process{'es' if left > 1 else ''} running;"
                f" {'they were' if left > 1 else 'it was'} ended"
            )
        # A folder's program is found by the interpreter, which said what it is. Path.is_dir would
        # raise where nobody may look any more.
        found = self.program.module or os.path.isdir(self.program.path)  # noqa: PTH112
        file = (
            self.program.name
            or (self.file if found else "")
            or self.program.code_name
            or self.program.path
        )
        trace = assemble(
            self.events,
            python=platform.python_version(),
            file=encodable(file),
            clock="real" if self.unrecorded else self.program.clock,
            duration=duration,
            exit=code,
            stopped=self.stopped,
            notes=notes,
        )
        if "\\x" in trace.text() and _not_utf8(self.events):
            trace = dataclasses.replace(
                trace,
                notes=(*trace.notes, "it wrote bytes that are not UTF-8; they are shown as \\x…"),
            )
        if code != 0 and self.exited and self.exited.error:
            error = _last_words(trace.text("stderr"), self.exited.error)
            trace = dataclasses.replace(trace, error=error)
        elif code != 0 and self.unrecorded:
            trace = dataclasses.replace(trace, error=_raised(trace.text("stderr")))
        return trace

    def _silent_end(self, code: int) -> str:
        if not self._started:
            return (
                "nothing in it could be recorded: the interpreter did not load loopscope (options"
                " like -I, -E and -S keep it out)"
            )
        if self.outlived:
            return (
                "it closed the descriptors that the recording writes to; what it did afterwards is"
                " not recorded"
            )
        return f"it ended itself without the interpreter's clean-up (os._exit({code}))"


def _unread(descriptor: int) -> int:
    """Bytes that wait in a pipe."""
    count = bytearray(4)
    fcntl.ioctl(descriptor, termios.FIONREAD, count)
    return int.from_bytes(count, sys.byteorder)


def _name_of_signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_words(errors: str, kind: str) -> str:
    """The line in which the interpreter named the exception (`kind`) that ended the program."""
    named = re.compile(rf"(?:  \| )?((?:[\w.]+\.)?{re.escape(kind)}(?::.*)?)$")
    return next(
        (found[1] for line in reversed(errors.splitlines()) if (found := named.match(line))), kind
    )


def _raised(errors: str) -> str | None:
    """The last line of a traceback, where an interpreter has printed one last."""
    last = errors.rstrip().rpartition("\n")[2]
    return (
        last
        if "Traceback (most recent call last)" in errors or re.match(r"\w*Error: ", last)
        else None
    )


def _not_utf8(events: list[Event]) -> bool:
    printed = [event for event in events if isinstance(event, Printed)]
    for stream in get_args(Stream):
        try:
            b"".join(event.data for event in printed if event.stream == stream).decode()
        except UnicodeDecodeError:
            return True
    return False
