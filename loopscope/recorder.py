"""What an event loop does, told as events while it does it.

In:  a function that takes events (the dictionaries that `trace.assemble` puts together), the program's file, a clock.
Out: those events, from `install` on, for every loop that the program makes.

The loop's own ready queue is the place to stand. asyncio keeps it in a deque: a handle is appended when something becomes ready, taken
out with `popleft` when its turn comes, and before the loop looks for more it asks whether the queue is empty. `ReadyQueue` is a deque
that notes these moments. All of it is over before the program's code runs, so no frame of ours ever stands in a traceback, and nothing
of asyncio's is replaced. A task that is started eagerly (Python 3.12) passes no queue; there `sys.monitoring` tells of the return of
`loop.create_task`.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import sys
import weakref
from asyncio import base_events
from collections.abc import Callable
from _thread import RLock, get_ident
from typing import Any

from . import suspended
from .limits import QUEUE_SHOWN, STEPS

_TOOL = 4  # sys.monitoring: 0 to 2 and 5 belong to debuggers, coverage, profilers and optimizers
_current_task = asyncio.current_task
_running_loop = asyncio._get_running_loop
_getframe = sys._getframe


class ReadyQueue(collections.deque):
    """A loop's ready queue that tells the recorder what happens to it."""

    def __init__(self, recorder: Recorder, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.recorder = recorder
        self.loop = weakref.ref(loop)
        self.waking = False  # between looking for more to do and starting on it

    def __bool__(self) -> bool:
        self.recorder.step_over(self)
        self.waking = True
        return self.__len__() > 0

    def append(self, handle: asyncio.Handle) -> None:
        self.recorder.made_ready(self, handle)
        super().append(handle)

    def popleft(self) -> asyncio.Handle:
        self.recorder.step_over(self)
        self.waking = False
        handle = super().popleft()
        self.recorder.step_begins(handle)
        return handle


class _Open:
    """A step that has begun; `task` is held so that its outcome can be seen (the step's own handle holds it as long anyway)."""

    __slots__ = ("task", "shown", "since")

    def __init__(self, task: asyncio.Task | None, shown: bool, since: float | None = None) -> None:
        self.task = task
        self.shown = shown  # false past the limit of steps
        self.since = since  # set while `create_task` is being called: a task may be starting eagerly


class Recorder:
    """Records the loops of this process. One a process."""

    def __init__(self, send: Callable[[dict], None], program: str, now: Callable[[], float]) -> None:
        self.active = True
        self.drain: Callable[[int | None], None] = lambda task: None  # called when a step is over
        self._program = program
        self._send = send
        self._now = now
        self._lock = RLock()
        self._names: dict[int, str] = {}  # id() of a task that lives -> its name
        self._numbers: dict[int, int] = {}  # id() of a task that lives -> its number, in order of creation
        self._refs: dict[int, weakref.ref] = {}  # number -> the task, while it lives
        self._done: set[int] = set()  # numbers of the tasks that ended
        self._waiting: dict[int, int] = {}  # id() of a future -> number of the task that waits for it
        self._waits_on: dict[int, int] = {}  # the reverse
        self._polled: set[int] = set()  # id() of handles that came from the selector
        self._open: dict[int, list[_Open]] = {}  # thread -> the steps that it is in, innermost last
        self._threads: dict[int, int] = {}  # thread -> its number
        self._count = itertools.count(1)
        self._steps = 0

    def install(self) -> None:
        """Record every loop that is made from now on."""
        original = base_events.BaseEventLoop.__init__

        def __init__(loop: Any) -> None:
            original(loop)
            loop._ready = ReadyQueue(self, loop)

        base_events.BaseEventLoop.__init__ = __init__
        if hasattr(sys, "monitoring") and sys.monitoring.get_tool(_TOOL) is None:
            happen = sys.monitoring.events
            sys.monitoring.use_tool_id(_TOOL, "loopscope")
            sys.monitoring.register_callback(_TOOL, happen.PY_START, self._create_task_called)
            sys.monitoring.register_callback(_TOOL, happen.PY_RETURN, self._create_task_returned)
            sys.monitoring.set_local_events(_TOOL, base_events.BaseEventLoop.create_task.__code__, happen.PY_START | happen.PY_RETURN)

    @property
    def program(self) -> str:
        """The program's file. What `python -m` runs is known only once it runs."""
        if not self._program:
            self._program = getattr(sys.modules.get("__main__"), "__file__", None) or ""
        return self._program

    def where(self) -> tuple[int | None, int | None]:
        """The task that runs now in this thread (its number), and the program's line that is being executed."""
        loop = _running_loop()
        if loop is None:
            self._step_over(None)  # a step that is still open ended when its loop did
            return None, self._line(_getframe(1))
        task = _current_task(loop)
        return None if task is None else self._number(task), self._line(_getframe(1))

    def thread(self) -> int:
        """A small number for this thread."""
        return self._threads.setdefault(get_ident(), len(self._threads))

    def order(self, task: asyncio.Task) -> int:
        """A task's place in order of creation."""
        return self._numbers.get(id(task), 0)

    def standing(self) -> list[tuple[str, suspended.Suspension]]:
        """Every task that waits now: its name, where it stands and for what."""
        alive = [ref() for _, ref in sorted(self._refs.items())]
        return [(task.get_name(), suspended.look(task, self.program, self._names)) for task in alive if task is not None and not task.done()]

    # What the ready queue tells

    def made_ready(self, queue: ReadyQueue, handle: asyncio.Handle) -> None:
        if not self.active:
            return
        with self._lock:
            task = _task_of(handle)
            if task is not None:
                self._number(task)
            elif queue.waking and not isinstance(handle, asyncio.TimerHandle) and getattr(queue.loop(), "_thread_id", 0) == get_ident():
                self._polled.add(id(handle))

    def step_begins(self, handle: asyncio.Handle) -> None:
        if not self.active or handle._cancelled:
            return
        with self._lock:
            polled = id(handle) in self._polled
            self._polled.discard(id(handle))
            task = _task_of(handle)
            if task is not None:
                self._begin(task, "task", None, suspended.look(task, self.program, self._names).line)
            else:
                kind = "timer" if isinstance(handle, asyncio.TimerHandle) else "i/o" if polled else "callback"
                self._begin(None, kind, _callback_of(handle), None)

    def step_over(self, queue: ReadyQueue) -> None:
        """The step that this thread was in, if any, is over."""
        if self.active:
            self._step_over(queue.loop())

    # What `create_task` tells of eager tasks

    def _create_task_called(self, code: object, offset: int) -> None:
        if self.active:
            self._open.setdefault(get_ident(), []).append(_Open(None, False, self._now()))

    def _create_task_returned(self, code: object, offset: int, task: Any) -> None:
        if not self.active:
            return
        with self._lock:
            opened = self._open.get(get_ident()) or [_Open(None, False)]
            if opened[-1].since is not None:
                if id(task) not in self._numbers and asyncio.isfuture(task) and hasattr(task, "get_coro"):
                    self._number(task)
                    self._begin_eager(task)
                else:
                    opened.pop()
            if opened and opened[-1].task is task:
                self._end(_running_loop())

    def _begin_eager(self, task: Any) -> None:
        """`task` started inside of `create_task`, before anybody else had its turn."""
        opened = self._open.get(get_ident())
        if opened and opened[-1].since is not None:
            since = opened.pop().since
            code = getattr(task.get_coro(), "cr_code", None)
            line = code.co_firstlineno if code is not None and code.co_filename == self.program else None
            self._begin(task, "task", None, line, since)

    # Bookkeeping

    def _begin(self, task: Any, kind: str, what: str | None, line: int | None, at: float | None = None) -> None:
        self._steps += 1
        if self._steps == STEPS + 1:
            self._send({"k": "note", "text": f"only the first {STEPS:,} steps were recorded"})
        shown = self._steps <= STEPS
        number = None if task is None else self._number(task)
        self._open.setdefault(get_ident(), []).append(_Open(task, shown))
        if shown:
            self._send({"k": "begin", "at": self._now() if at is None else at, "kind": kind, "task": number, "what": what, "line": line,
                        "thread": self.thread()})

    def _step_over(self, loop: Any) -> None:
        opened = self._open.get(get_ident())
        if opened:
            with self._lock:
                while opened and opened[-1].since is not None:  # a `create_task` that raised
                    opened.pop()
                if opened:
                    self._end(loop)

    def _end(self, loop: Any) -> None:
        step = self._open[get_ident()].pop()
        task, line, waits = step.task, None, None
        number = None if task is None else self._number(task)
        self.drain(number)
        if task is not None and number is not None:
            name = task.get_name()
            if name != self._names.get(id(task)):
                self._names[id(task)] = name
                self._send({"k": "renamed", "id": number, "name": name})
            self._waiting.pop(self._waits_on.pop(number, 0), None)
            if task.done():
                self._ended(task, number)
            elif step.shown:
                line, waits = suspended.look(task, self.program, self._names)
                future = getattr(task, "_fut_waiter", None)
                if future is None:
                    waits = waits or "its next turn"
                else:
                    self._waiting[id(future)], self._waits_on[number] = number, id(future)
        if step.shown:
            ready, timers = self._queues(loop)
            self._send({"k": "end", "at": self._now(), "line": line, "waits": waits, "ready": ready, "timers": timers, "thread": self.thread()})

    def _queues(self, loop: Any) -> tuple[list, list]:
        if not isinstance(getattr(loop, "_ready", None), ReadyQueue):
            return [], []
        ready = [self._in_line(handle) for handle in itertools.islice(loop._ready, QUEUE_SHOWN) if not handle._cancelled]
        if len(loop._scheduled) > 4 * QUEUE_SHOWN:  # sorting thousands at every step would be most of the work
            return ready, []
        due = sorted((handle for handle in loop._scheduled if not handle._cancelled), key=lambda handle: handle._when)
        began = loop.time() - self._now()
        return ready, [[round(handle._when - began, 6), self._served(handle) or _callback_of(handle)] for handle in due[:QUEUE_SHOWN]]

    def _in_line(self, handle: asyncio.Handle) -> int | str:
        """An entry of the ready queue: a task that will step (its number), or the callback by name."""
        task = _task_of(handle)
        if task is not None:
            return self._number(task)
        served = self._served(handle) if isinstance(handle, asyncio.TimerHandle) else None
        return f"timer of {self._names.get(id(self._refs[served]()), served)}" if served in self._refs else _callback_of(handle)

    def _served(self, handle: asyncio.Handle) -> int | None:
        """The task that a timer will wake."""
        task = _task_of(handle)
        if task is not None:
            return self._number(task)
        return next((self._waiting[id(argument)] for argument in handle._args or () if id(argument) in self._waiting), None)

    def _number(self, task: Any) -> int:
        """The number of a task; one that was not known is announced."""
        known = self._numbers.get(id(task))
        if known is not None:
            return known
        with self._lock:
            number, key = next(self._count), id(task)
            self._numbers[key], self._names[key] = number, task.get_name()
            self._refs[number] = weakref.ref(task, lambda _: self._gone(key, number))
            loop = _running_loop()
            current = _current_task(loop) if loop is not None else None
            eager = current is task
            if eager:  # it runs already, inside of its creator's call
                current = next((step.task for step in reversed(self._open.get(get_ident(), [])) if step.task is not None), None)
            parent = None if current is None else self._number(current)
            coro = task.get_coro()
            code = getattr(coro, "cr_code", None)
            self._send({"k": "task", "id": number, "name": self._names[key], "coro": getattr(coro, "__qualname__", type(coro).__name__),
                        "line": self._line(_getframe(1)), "parent": parent, "created": self._now(),
                        "internal": parent is None and code is not None and code.co_filename.startswith(suspended.ASYNCIO)})
            if eager:
                self._begin_eager(task)
            return number

    def _ended(self, task: Any, number: int) -> None:
        self._done.add(number)
        # `exception()` would mark the exception as retrieved, and so silence asyncio's own warning.
        error = None if task.cancelled() or task._exception is None else type(task._exception).__name__
        outcome = "cancelled" if task.cancelled() else "raised" if error else "returned"
        self._send({"k": "ended", "id": number, "at": self._now(), "outcome": outcome, "error": error})

    def _gone(self, key: int, number: int) -> None:
        with self._lock:
            for known in (self._numbers, self._names):
                known.pop(key, None)
            self._refs.pop(number, None)
            self._waiting.pop(self._waits_on.pop(number, 0), None)
            if number not in self._done and self.active:
                self._send({"k": "ended", "id": number, "at": self._now(), "outcome": "destroyed", "error": None})

    def _line(self, frame: Any) -> int | None:
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None


def _task_of(handle: asyncio.Handle) -> Any:
    """The task that a handle steps, or None."""
    owner = getattr(handle._callback, "__self__", None)
    return owner if hasattr(owner, "get_coro") and hasattr(owner, "get_name") else None


def _callback_of(handle: asyncio.Handle) -> str:
    callback = handle._callback
    while hasattr(callback, "func"):
        callback = callback.func
    return str(getattr(callback, "__qualname__", None) or type(callback).__name__)
