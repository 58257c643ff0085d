"""The part of a recording that lives in the program's own process.

In:  a plan (`Plan`), read before the program's first line runs. Out: events, one JSON object a line, into the plan's descriptor.

The program's descriptors 1 and 2 are pipes whose other ends we hold too. Whatever reaches them, by `print`, by `os.write(1, …)` or from
a child process, is read back here at the next moment when something happens (a write, the end of a step) and sent on as an event, so
that it stands in its place among the steps. When the program keeps us from doing so, the supervisor reads the pipes itself.
"""

from __future__ import annotations

import atexit
import faulthandler
import io
import json
import os
import sys
import time
from _thread import RLock
from asyncio import tasks
from dataclasses import dataclass
from typing import Any, NoReturn

from .clock import VirtualClock
from .limits import STOPPED, TIMED_OUT
from .recorder import Recorder

_CHUNK = 16_384  # less than a pipe holds, so that writing what we read ourselves never blocks
_STREAMS = {"stdout": (1, "strict"), "stderr": (2, "backslashreplace")}


@dataclass(frozen=True)
class Plan:
    """What to record and where to send it. Descriptors are those of the program's process."""

    program: str  # absolute path of its file; empty for what `python -m` will find
    clock: str
    events: int  # write end
    stdout: int  # read end of the pipe that is descriptor 1
    stderr: int
    dump: int  # write end: where the interpreter's stack goes when the supervisor sends `signal`
    signal: int


class Recording:
    """Ties clock, recorder and output together."""

    def __init__(self, plan: Plan) -> None:
        self.active = True
        self._plan = plan
        self._lock = RLock()
        self._read, self._write = os.read, os.write
        self._dumps = json.JSONEncoder(separators=(",", ":")).encode
        self._clock = VirtualClock(self._refuse, self._stuck) if plan.clock == "virtual" else None
        self._monotonic = time.monotonic
        self._began = self._monotonic()
        self.recorder = Recorder(self.send, plan.program, self.now)
        self.recorder.drain = self._drain

    def install(self) -> None:
        """Start recording this process, for good."""
        self.recorder.install()
        if self._clock is not None:
            self._clock.install()
            _order_all_tasks(self.recorder)
        for name, (descriptor, errors) in _STREAMS.items():
            setattr(sys, name, _text(Tap(descriptor, name, self), f"<{name}>", errors))
            setattr(sys, f"__{name}__", getattr(sys, name))
        if hasattr(faulthandler, "register") and self._plan.signal:
            faulthandler.register(self._plan.signal, file=self._plan.dump, all_threads=False)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)
        atexit.register(self._exits)
        self.send({"k": "start", "at": self._began})

    def now(self) -> float:
        """Seconds since the program began, on its clock."""
        return round(self._monotonic() - self._began, 6) if self._clock is None else self._clock.now()

    def send(self, event: dict) -> None:
        data = self._dumps(event).encode() + b"\n"
        with self._lock:
            while data:
                data = data[self._write(self._plan.events, data) :]

    def written(self, tap: Tap, data: Any) -> int:
        """The program writes to stdout or stderr: let it, and send what came through together with who wrote it."""
        task, line = self.recorder.where()
        with self._lock:
            self._drain(None)
            count = io.FileIO.write(tap, memoryview(data)[:_CHUNK])
            self._drain(task, line)
        return count

    def _drain(self, task: int | None, line: int | None = None) -> None:
        for stream in _STREAMS:
            while True:
                try:
                    data = self._read(getattr(self._plan, stream), 65_536)
                except BlockingIOError:
                    break
                if not data:
                    break
                self.send({"k": "out", "at": self.now(), "stream": stream, "task": task, "line": line, "data": data.decode("latin-1"),
                           "thread": self.recorder.thread()})

    def _exits(self) -> None:
        self.recorder.where()
        self.send({"k": "exit", "at": self.now(), "file": self.recorder.program})

    def _forget(self) -> None:
        # In a process that the program forked. What it prints reaches the pipes like any child's output.
        self.active = self.recorder.active = False

    # What the virtual clock cannot do

    def _refuse(self, what: str) -> NoReturn:
        line = self.recorder.where()[1]
        where = f"line {line}" if line else "the program"
        self._stop(f'{where} {what}, which a virtual clock cannot wait for; declare clock = "real"', STOPPED)

    def _stuck(self) -> NoReturn:
        waiting = [
            f"{name} waits{f' at line {at.line}' if at.line else ''}{f' for {at.waits}' if at.waits else ''}"
            for name, at in self.recorder.standing()
        ]
        self._stop("nothing left that could wake the event loop: " + ("; ".join(waiting[:8]) or "no task is left"), TIMED_OUT)

    def _stop(self, why: str, status: int) -> NoReturn:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # noqa: BLE001, S110 - whatever the program made of it, the recording ends
                pass
        self.send({"k": "stopped", "at": self.now(), "text": why})
        os._exit(status)


class Tap(io.FileIO):
    """Descriptor 1 or 2, as `sys.stdout.buffer.raw`. What is written is written; the recording is told."""

    def __init__(self, descriptor: int, name: str, recording: Recording) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.name = f"<{name}>"
        self._recording = recording

    def write(self, data: Any, /) -> int:
        try:
            if self._recording.active:
                return self._recording.written(self, data)
        except (TypeError, AttributeError):
            pass  # the interpreter is shutting down and has taken our modules apart
        return super().write(data)


def _text(raw: io.RawIOBase, name: str, errors: str) -> io.TextIOWrapper:
    stream = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors=errors, newline=None, line_buffering=True)
    stream.mode = "w"
    return stream


def _order_all_tasks(recorder: Recorder) -> None:
    """Let asyncio.run cancel what is left over in order of creation; it walks a set, in order of addresses."""

    class OrderedSet(set):
        def __iter__(self):  # noqa: ANN204
            return iter(sorted(set.__iter__(self), key=recorder.order))

    real = tasks.all_tasks
    tasks.all_tasks = lambda loop=None: OrderedSet(real(loop))


def begin(plan: Plan) -> None:
    """Record this process from here on."""
    Recording(plan).install()
