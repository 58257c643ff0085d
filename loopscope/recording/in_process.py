"""The part of a recording that lives in the program's own process.

In:  a plan (`plan.Plan`), read before the program's first line runs. Out: events, a JSON list of
     some a line, into the plan's descriptor.

The program's descriptors 1 and 2 are pipes, and we hold their other ends too. Whatever is written
to them, by `print`, by `os.write(1, …)` or by a child process, is read back here the next time
something happens (a write, the end of a step). It is then sent as an event, in its place among the
steps. If the program prevents that, the supervisor reads the pipes instead.
"""

from __future__ import annotations

import atexit
import faulthandler
import fcntl
import os
import platform
import resource
import select
import sys
import time
from _thread import RLock
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NoReturn

from ..limits import STOPPED, TIMED_OUT
from ..trace.events import (
    Event,
    Exiting,
    Note,
    Printed,
    Started,
    Stopped,
    Stream,
    encode,
)
from ..trace.model import stands
from . import compat, creation_order
from .clock import VirtualClock
from .dates import BOOTED
from .output import make_stream
from .plan import Plan
from .unrecorded import NOBODY

if TYPE_CHECKING or compat.cannot_record() is None:
    from .recorder import Recorder, Where
else:  # what the recorder needs to be imported may be gone
    from .unrecorded import Recorder, Where

_getframe = sys._getframe  # the program may put something else in its place
# our descriptors stand high up, where a program that prints its own, or closes what it does not
# know, does not meet them
_HIGH = 4096


def _complete(event: Any) -> Event:
    """An event as it is sent: output has its bytes beside it until then."""
    return event[0]._replace(data=event[1]) if type(event) is tuple else event


class Recording:
    """Ties clock, recorder and output together."""

    def __init__(self, plan: Plan) -> None:
        self.active = True
        self._plan = plan
        self.lock = RLock()
        # The program may put something else in the place of any of these.
        self._read, self._write, self._exit = os.read, os.write, os._exit
        self._monotonic = time.monotonic
        self._clock = (
            VirtualClock(self._refuse, self._stuck, self._blocked, self._call_name)
            if plan.clock == "virtual"
            else None
        )
        self._began = self._monotonic()
        self._poll = select.poll()
        self._ready = self._poll.poll  # bound now, since the virtual clock replaces it
        self._streams: dict[int, Stream] = {plan.stdout: "stdout", plan.stderr: "stderr"}
        for descriptor in self._streams:
            self._poll.register(descriptor, select.POLLIN)
        # One of the program's signal handlers may raise between any two lines here, and no data may
        # be lost or duplicated. So data is taken from a pipe or list and stored in its new place
        # within a single line, by functions written in C. And loops are kept out of `try` and
        # `with` blocks, in functions called from there: CPython doesn't cover a loop's jump back
        # with the block around it.
        self._unsent: list[Event | tuple[Printed, bytes]] = []  # output has its bytes beside it
        self._half_sent = b""
        self._sent: list[int] = []  # how many bytes of that each write took
        self._flushing = self._draining = False
        self.recorder = Recorder(self.send, self.flush, plan.program, self.now, self.lock)
        self.recorder.began = self._began if self._clock is None else BOOTED
        self.recorder.drain = self.drain

    def install(self) -> None:
        """Start recording this process, for good."""
        self.send(Started(self._began, self._plan.program))
        lacks = compat.cannot_record() or compat.records_less()
        if lacks:
            self.send(Note(lacks))
        self.recorder.install()
        if self._clock is not None:
            no_clock = compat.no_virtual_clock()
            if no_clock:
                self._stop(no_clock, STOPPED)
            self._clock.install()
            creation_order.install(self.recorder.order)
        # typeshed calls `__stdout__` and `__stderr__` final. A program that restores them must
        # still be recorded.
        sys.stdout = sys.__stdout__ = make_stream(1, self)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = make_stream(2, self)  # type: ignore[misc]
        if hasattr(faulthandler, "register") and self._plan.signal:
            faulthandler.register(self._plan.signal, file=self._plan.dump, all_threads=False)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._stop_recording)
        atexit.register(self._exits)
        self.flush()

    def cannot_begin(self, problem: Exception) -> None:
        """Something that nobody foresaw kept `install` from its work: the program runs unrecorded,
        but not on half a clock.
        """
        what = (
            f"on Python {platform.python_version()} the recording could not begin:"
            f" {type(problem).__name__}: {problem}"
        )
        self.recorder.active = False
        if self._clock is not None:
            self._stop(what, STOPPED)
        self.send(Note(what))
        self.flush()

    def now(self) -> float:
        """Seconds since the program began, on its clock."""
        return (
            round(self._monotonic() - self._began, 6)
            if self._clock is None
            else round(self._clock.now(), 6)
        )

    def send(self, event: Event) -> None:
        """Let the supervisor know, with the next `flush`."""
        if self.active:
            self._unsent.append(event)

    def flush(self) -> None:
        """Send on. Where the supervisor cannot be reached any more (the program closed our
        descriptors), the recording is over.
        """
        with self.lock:
            if self._flushing:
                return  # a signal handler came in; who is at it already sends this too
            try:
                self._flushing = True
                self._send_on()
            except OSError:
                self._stop_recording()
            finally:
                self._flushing = False

    def _send_on(self) -> None:
        while self.active and (self._unsent or self._half_sent):
            if self._sent:
                self._half_sent, self._sent = self._half_sent[sum(self._sent) :], []
                continue
            if not self._half_sent:
                count = len(self._unsent)
                line = encode(map(_complete, self._unsent[:count]))
                self._half_sent, self._unsent[:count] = line, ()
            self._sent.extend(map(self._write, (self._plan.events,), (self._half_sent,)))

    def before_write(self) -> Where:
        """The program is about to write to stdout or stderr: who, and make room for it."""
        with self.lock:
            where = self.recorder.where() if self.recorder.active else NOBODY
            self.drain(where._replace(line=None))
            return where

    def drain(self, where: Where, at: float | None = None) -> None:
        """Send what has come through since, as written by `where`, at the time `at` or just now."""
        with self.lock:
            if self._draining or not self.active:
                return  # a signal handler came in; who is at it already takes this too
            try:
                self._draining = True
                self._take_in(where, at)
            except BlockingIOError:  # the supervisor was faster
                return
            except OSError:
                self._stop_recording()
            finally:
                self._draining = False

    def _take_in(self, where: Where, at: float | None) -> None:
        while ready := self._ready(0):
            for descriptor, _ in ready:
                event = Printed(
                    at=self.now() if at is None else at,
                    stream=self._streams[descriptor],
                    task=where.task,
                    line=where.line,
                    step=where.step,
                    outside=False,
                    data=b"",
                )
                self._unsent.extend(
                    zip((event,), map(self._read, (descriptor,), (65_536,)), strict=True)
                )
                if self._unsent[-1:] == [(event, b"")]:  # no writer is left, not even we
                    self._poll.unregister(descriptor)
                self.flush()

    def _exits(self) -> None:
        if not self.active:
            return
        now = None
        try:
            if self.recorder.active:
                self.recorder.finish()
            now = self.now()
        except Exception as problem:
            self.recorder.failed(problem)
        self.send(Exiting(now, getattr(getattr(sys, "last_type", None), "__qualname__", None)))
        self.flush()
        self.recorder.ending = True

    def _stop_recording(self) -> None:
        # Also in a process that the program forked. What that one prints reaches the pipes like any
        # child's output.
        self.active = self.recorder.active = False

    # What the virtual clock cannot do

    def _refuse(self, what: str) -> NoReturn:
        line = self.recorder.where().line
        where = f"line {line}" if line else "the program"
        self._stop(
            f'{where} {what}, which a virtual clock cannot wait for; declare clock = "real"',
            STOPPED,
        )

    def _blocked(self, call: str) -> NoReturn:
        line = self.recorder.where().line
        where = f"line {line}" if line else "the program"
        self._stop(
            f"nothing left that could wake the program: {where} waits in {self._call_name(call)}()"
            " without a timeout, and there is no other thread",
            TIMED_OUT,
        )

    def _call_name(self, call: str) -> str:
        """What the program's own line called to get here; `call` where it called that itself."""
        program, frame = self.recorder.program, _getframe(1)
        above: Any = None
        while frame is not None and frame.f_code.co_filename != program:
            above, frame = frame, frame.f_back  # type: ignore[assignment]  # f_back may be None, which ends the loop
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
        waiting = [stands(*each) for each in self.recorder.standing()]
        nobody = "no task is left" if self.recorder.active else "who waits could not be recorded"
        self._stop(
            "nothing left that could wake the event loop: " + ("; ".join(waiting[:8]) or nobody),
            TIMED_OUT,
        )

    def _stop(self, why: str, status: int) -> NoReturn:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # whatever the program made of it, the recording ends
                continue
        self.drain(self.recorder.where())
        self.send(Stopped(self.now(), why))
        self.flush()
        self._exit(status)


def begin(plan: Plan) -> None:
    """Record this process from here on."""
    recording = Recording(_out_of_the_way(plan))
    try:
        recording.install()
    except Exception as problem:
        recording.cannot_begin(problem)


def _out_of_the_way(plan: Plan) -> Plan:
    """Move the plan's descriptors up, and keep them from programs that this one starts."""
    top = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], _HIGH) - 16
    moved = asdict(plan)
    for name in ("events", "stdout", "stderr", "dump"):
        moved[name] = fcntl.fcntl(moved[name], fcntl.F_DUPFD_CLOEXEC, top)
        os.close(getattr(plan, name))
    return Plan(**moved)
