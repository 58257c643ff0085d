"""The part of a recording that runs in the program's own process.

It is set up, following a `Plan`, before the program's first line runs, and sends events through the
plan's descriptors, encoded as JSON.

The program's descriptors 1 and 2 are pipes, and this process holds their other ends as well.
Whatever is written to them, by `print`, by `os.write(1, …)` or by a child process, is read back
here the next time something happens (a write, the end of a step). It is then sent as an event, in
its place among the steps. If the program prevents that, the supervisor reads the pipes instead.
"""

from __future__ import annotations

import atexit
import faulthandler
import fcntl
import functools
import os
import platform
import resource
import select
import sys
import time
from _thread import RLock
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NoReturn

from ..limits import EXIT_STOPPED, EXIT_TIMED_OUT
from ..trace.events import (
    Exiting,
    Note,
    Printed,
    Started,
    Stopped,
    Stream,
)
from ..trace.model import describe_wait
from . import compat
from .output import make_stream
from .plan import DECLARE_REAL, Plan
from .sender import Sender
from .unrecorded import NO_CALL_SITE, CallSite, Outlet
from .virtual_clock import creation_order
from .virtual_clock.clock import VirtualClock
from .virtual_clock.dates import MONOTONIC_START

if TYPE_CHECKING or compat.cannot_record() is None:
    from .recorder import Recorder
else:  # importing the recorder may need names that are gone
    from .unrecorded import NullRecorder as Recorder

_getframe = sys._getframe  # bound here because the program may replace it
# Loopscope's descriptors get high numbers, out of the way of programs that print their own or close
# ones they do not know.
_HIGH_DESCRIPTOR = 4096


class Recording:
    """Ties clock, recorder and output together.

    Attributes:
        active: Whether anything is recorded (still).
        lock: Held while events are sent.
        recorder: The recorder of this process's loops.
    """

    def __init__(self, plan: Plan) -> None:
        """Prepare to record this process."""
        self.active = True
        self._plan = plan
        self.lock = RLock()
        # Bound here because the program may replace any of these.
        self._read, self._exit = os.read, os._exit
        self._monotonic = time.monotonic
        self._clock = (
            VirtualClock(self._refuse, self._stuck, self._blocked, self._call_name)
            if plan.clock == "virtual"
            else None
        )
        self._began = self._monotonic()
        self._poll = select.poll()
        self._poll_now = self._poll.poll  # bound now, since the virtual clock replaces it
        self._streams: dict[int, Stream] = {plan.stdout: "stdout", plan.stderr: "stderr"}
        for descriptor in self._streams:
            self._poll.register(descriptor, select.POLLIN)
        self._draining = False
        self._sender = Sender(plan.events, plan.steps, self.lock, self._stop_recording)
        self.send, self.flush = self._sender.send, self._sender.flush
        self.recorder = Recorder(plan.program, Outlet(self.send, self.flush, self.now, self.lock))
        self.recorder.began = self._began if self._clock is None else MONOTONIC_START
        self.recorder.drain = self.drain
        self.recorder.has_output = functools.partial(self._poll_now, 0)

    def install(self) -> None:
        """Start recording this process, for good."""
        self.send(Started(self._began, self._plan.program))
        limitation = compat.cannot_record() or compat.records_less()
        if limitation:
            self.send(Note(limitation))
        self.recorder.install()
        if self._plan.lines and self.recorder.active:
            from .lines.line_recorder import LineRecorder  # only where it is asked for

            LineRecorder(self.recorder).install()
        if self._clock is not None:
            no_clock = compat.no_virtual_clock()
            if no_clock:
                self._stop(no_clock, EXIT_STOPPED)
            self._clock.install()
            creation_order.install(self.recorder.creation_rank)
        # typeshed calls `__stdout__` and `__stderr__` final. A program that restores them must
        # still be recorded.
        sys.stdout = sys.__stdout__ = make_stream(1, self)  # type: ignore[misc]  # see above
        sys.stderr = sys.__stderr__ = make_stream(2, self)  # type: ignore[misc]  # see above
        if hasattr(faulthandler, "register") and self._plan.signal:
            faulthandler.register(self._plan.signal, file=self._plan.dump, all_threads=False)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._stop_recording)
        atexit.register(self._on_exit)
        self.flush()

    def handle_install_error(self, problem: Exception) -> None:
        """Handle an unforeseen exception in `install`.

        The program runs unrecorded, but never on half a virtual clock.
        """
        what = (
            f"on Python {platform.python_version()} the recording could not begin:"
            f" {type(problem).__name__}: {problem}"
        )
        self.recorder.active = False
        if self._clock is not None:
            self._stop(what, EXIT_STOPPED)
        self.send(Note(what))
        self.flush()

    def now(self) -> int:
        """Return the microseconds since the program began, on its clock."""
        if self._clock is None:
            return round((self._monotonic() - self._began) * 1e6)
        return (self._clock.nanoseconds + 500) // 1000

    def before_write(self) -> CallSite:
        """Make room for what the program is about to write to stdout or stderr.

        Returns:
            Where the program is writing.
        """
        with self.lock:
            call_site = self.recorder.call_site() if self.recorder.active else NO_CALL_SITE
            self.drain(call_site._replace(line=None))
            return call_site

    def drain(self, call_site: CallSite, at: int | None = None) -> None:
        """Send the output that has come through the pipes since the last time.

        Args:
            call_site: Where it was written.
            at: When, in microseconds since the program began; now if None.
        """
        with self.lock:
            if self._draining or not self.active:
                return  # called by a signal handler; the call that it interrupts drains this too
            try:
                self._draining = True
                self._read_output(call_site, at)
            except BlockingIOError:  # the supervisor was faster
                return
            except OSError:
                self._stop_recording()
            finally:
                self._draining = False

    def _read_output(self, call_site: CallSite, at: int | None) -> None:
        """Read and send what is in the pipes."""
        while ready := self._poll_now(0):
            for descriptor, _ in ready:
                event = Printed(
                    at=self.now() if at is None else at,
                    stream=self._streams[descriptor],
                    task=call_site.task,
                    line=call_site.line,
                    step=call_site.step,
                    outside=False,
                    data=b"",
                )
                unsent = self._sender.unsent
                # See `Sender` for why this is done in one line.
                unsent.extend(zip((event,), map(self._read, (descriptor,), (65_536,)), strict=True))
                if unsent[-1:] == [(event, b"")]:  # no writer is left, not even this process
                    self._poll.unregister(descriptor)
                self.flush()

    def _on_exit(self) -> None:
        """Announce that the interpreter is about to end."""
        if not self.active:
            return
        now = None
        try:
            if self.recorder.active:
                self.recorder.finish()
            now = self.now()
        except Exception as problem:
            self.recorder.handle_failure(problem)
        self.send(Exiting(now, getattr(getattr(sys, "last_type", None), "__qualname__", None)))
        self.flush()
        self.recorder.finalizing = True

    def _stop_recording(self) -> None:
        """Stop recording, because the supervisor is out of reach or this process is a fork."""
        # What a fork prints reaches the pipes like any child's output.
        self.active = self._sender.active = self.recorder.active = False

    # What the virtual clock calls

    def _refuse(self, what: str) -> NoReturn:
        """End the program because the virtual clock cannot wait for what it does."""
        line = self.recorder.call_site().line
        where = f"line {line}" if line else "the program"
        self._stop(
            f"{where} {what}, which a virtual clock cannot wait for; {DECLARE_REAL}",
            EXIT_STOPPED,
        )

    def _blocked(self, call: str) -> NoReturn:
        """End the program because it waits in a call for something that only it could do itself."""
        line = self.recorder.call_site().line
        where = f"line {line}" if line else "the program"
        self._stop(
            f"there's nothing left that could wake the program: {where} is waiting in"
            f" {self._call_name(call)}() without a timeout, and there is no other thread",
            EXIT_TIMED_OUT,
        )

    def _call_name(self, call: str) -> str:
        """Return what the program's own line called to get here, or `call` if it called that."""
        program = self.recorder.program
        frame: Any = _getframe(1)
        above: Any = None
        while frame is not None and frame.f_code.co_filename != program:
            above, frame = frame, frame.f_back
        if (
            frame is None
            or above is None
            or above.f_globals["__name__"].partition(".")[0] == __name__.partition(".")[0]
        ):
            return call
        name = above.f_code.co_name
        if "self" in above.f_locals:
            return f"{type(above.f_locals['self']).__name__}.{name}"
        module = [
            part for part in above.f_globals["__name__"].split(".") if not part.startswith("_")
        ]
        return ".".join((*module, name))

    def _stuck(self) -> NoReturn:
        """End the program because nothing can wake its event loop any more."""
        waiting = [describe_wait(*each) for each in self.recorder.waiting_tasks()]
        otherwise = "no task is left" if self.recorder.active else "who waits could not be recorded"
        self._stop(
            "there's nothing left that could wake the event loop: "
            + ("; ".join(waiting[:8]) or otherwise),
            EXIT_TIMED_OUT,
        )

    def _stop(self, why: str, status: int) -> NoReturn:
        """End the program, and say why."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # the program may have replaced it; the recording ends anyway
                continue
        self.drain(self.recorder.call_site())
        self.send(Stopped(self.now(), why))
        self.flush()
        self._exit(status)


def begin(plan: Plan) -> None:
    """Record this process from here on."""
    recording = Recording(_move_descriptors(plan))
    try:
        recording.install()
    except Exception as problem:
        recording.handle_install_error(problem)


def _move_descriptors(plan: Plan) -> Plan:
    """Move the plan's descriptors to high numbers, not inherited by child programs."""
    top = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], _HIGH_DESCRIPTOR) - 16
    fields = asdict(plan)
    for name in ("events", "steps", "stdout", "stderr", "dump"):
        fields[name] = fcntl.fcntl(fields[name], fcntl.F_DUPFD_CLOEXEC, top)
        os.close(getattr(plan, name))
    return Plan(**fields)
