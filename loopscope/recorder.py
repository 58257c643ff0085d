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

import collections
import contextlib
import functools
import gc
import itertools
import sys
import weakref
from _thread import RLock, get_ident
from asyncio import base_events, events, tasks
from collections.abc import Callable
from typing import Any, NamedTuple

from . import suspended
from .handles import TASKS, callback_of, code_of, loop_of, name_of, raised_in, task_of
from .interrupts import later
from .limits import QUEUE_SHOWN, STEPS
from .limits import TASKS as TASKS_HELD

_TOOL = 4  # sys.monitoring: 0 to 2 and 5 belong to debuggers, coverage, profilers and optimizers
# The program may put something else in the place of any of these.
_current_task = tasks.current_task
_running_loop = events._get_running_loop
_getframe = sys._getframe
_collects, _collect_not, _collect = gc.isenabled, gc.disable, gc.enable
_TimerHandle = events.TimerHandle
_INTERNAL = ("_", "shutdown_")  # beginnings of the names of coroutines that asyncio runs for itself


class ReadyQueue(collections.deque):
    """A loop's ready queue that tells the recorder what happens to it."""

    def __init__(self, recorder: Recorder, loop: Any) -> None:
        super().__init__()
        self.recorder = recorder
        self.loop = weakref.ref(loop)
        self.waking = False  # between looking for more to do and starting on it

    # What must not go before our frame has gone is held in `_kept` (see `Recorder.watch`).

    def __bool__(self) -> bool:
        _kept = self.recorder.watch(self.recorder.turn_over, self)
        self.waking = True
        return self.__len__() > 0

    def append(self, handle: Any) -> None:
        _kept = self.recorder.watch(self.recorder.made_ready, self, handle)
        super().append(handle)

    def popleft(self) -> Any:
        _kept = [self.recorder.watch(self.recorder.step_over, self)]
        handle = super().popleft()
        _kept.append(self.recorder.watch(self.recorder.step_begins, self, handle))
        self.waking = False
        return handle

    @property
    def clear(self) -> Callable[[], None]:
        """The loop closes. What goes with its handles must not go in a frame of ours."""
        _kept = self.recorder.watch(self.recorder.turn_over, self)
        return super().clear


class Where(NamedTuple):
    """Who runs now in this thread."""

    task: int | None
    line: int | None  # the program's line that is being executed
    step: int | None


class _Open:
    """A step that has begun; `task` is held so that its outcome can be seen (the step's own handle holds it as long anyway)."""

    __slots__ = ("task", "number", "shown")

    def __init__(self, task: Any, number: int, shown: bool) -> None:
        self.task = task
        self.number = number  # in order of beginning, from 0
        self.shown = shown  # false past the limit of steps


class _Creating:
    """A `create_task` that is being called: a task may be starting eagerly."""

    __slots__ = ("since", "coro", "code", "line")

    def __init__(self, since: float, coro: Any, line: int | None) -> None:
        self.since = since
        self.coro = name_of(coro)  # a task that is done when `create_task` returns knows its coroutine no more
        self.code = code_of(coro)
        self.line = line


class Recorder:
    """Records the loops of this process. One a process.

    `lock` is shared with whoever sends, so that there is one order of taking it. Whatever goes wrong in here ends the recording of
    steps with a note (`failed`), and never reaches the program.
    """

    def __init__(
        self, send: Callable[[dict], None], flush: Callable[[], None], program: str, now: Callable[[], float], lock: Any = None
    ) -> None:
        self.active = True
        self.ending = False  # the interpreter takes itself apart, and perhaps us with it
        self.drain: Callable[[Where], None] = lambda where: None  # called before a step begins and when it is over
        self.began = 0.0  # what the loop's clock said when the program began; asking the loop might run the program's own code
        self._program = program
        self._send = send
        self._flush = flush
        self._now = now
        self._lock = RLock() if lock is None else lock
        self._names: dict[int, str] = {}  # id() of a task that lives -> its name
        self._numbers: dict[int, int] = {}  # id() of a task that lives -> its number, in order of creation
        self._refs: dict[int, weakref.ref] = {}  # number -> the task, while it lives
        self._unnamed: list[int] = []  # numbers of tasks whose creator may still be about to name them
        self._done: set[int] = set()  # numbers of the tasks that ended
        self._waiting: dict[int, int] = {}  # id() of a future -> number of the task that waits for it
        self._waits_on: dict[int, int] = {}  # the reverse
        self._left: dict[int, int | None] = {}  # number of a suspended task -> the line at which it let go
        self._polled: set[int] = set()  # id() of handles that came from the selector
        self._open: dict[int, list[_Open | _Creating]] = {}  # thread -> what it is in, innermost last
        self._count = itertools.count(1)
        self._steps = 0
        self._notes: set[str] = set()

    def install(self) -> None:
        """Record every loop that is made from now on."""
        base: Any = base_events.BaseEventLoop
        original = base.__init__

        def init(loop: Any) -> None:
            original(loop)
            loop._ready = ReadyQueue(self, loop)

        base.__init__ = functools.update_wrapper(init, original)
        monitoring: Any = getattr(sys, "monitoring", None)
        if monitoring is not None and monitoring.get_tool(_TOOL) is None:
            happen = monitoring.events
            monitoring.use_tool_id(_TOOL, "loopscope")
            monitoring.register_callback(_TOOL, happen.PY_START, self._create_task_called)
            monitoring.register_callback(_TOOL, happen.PY_RETURN, self._create_task_returned)
            monitoring.set_local_events(_TOOL, base_events.BaseEventLoop.create_task.__code__, happen.PY_START | happen.PY_RETURN)

    def failed(self, problem: Exception) -> None:
        """Something in here went wrong: the program goes on, its steps unrecorded."""
        if isinstance(problem, RecursionError) or not self.active:
            return  # the program stands at the end of its stack, and we on top of it: the next time will do
        self.active = False
        if self.ending:
            return
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f" (line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename})" if trace is not None else ""
        with contextlib.suppress(Exception):
            self._note(f"later steps could not be recorded: {type(problem).__name__}: {problem}{place}")
            self._flush()

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.add(text)
            self._send({"k": "note", "text": text})

    @property
    def program(self) -> str:
        """The program's file. What an interpreter makes of its command line is known only once it runs."""
        if not self._program:
            self._program = getattr(sys.modules.get("__main__"), "__file__", None) or ""
            if self._program:
                self._send({"k": "file", "path": self._program})
        return self._program

    def where(self) -> Where:
        """Who runs now in this thread."""
        with self._lock:
            loop, task = _running_loop(), None
            if loop is None:
                self._close(None)  # a step that is still open ended when its loop did
            else:
                if not isinstance(getattr(loop, "_ready", None), ReadyQueue):
                    kind = type(loop)
                    self._note(
                        f"it ran on a loop that is not asyncio's own ({kind.__module__}.{kind.__qualname__}); its steps were not recorded"
                    )
                task = _current_task(loop)
            number = None if task is None else self._number(task)
            step = next((entry for entry in reversed(self._open.get(get_ident(), ())) if isinstance(entry, _Open)), None)
            return Where(number, self._line(_getframe(1)), step.number if step is not None and step.shown else None)

    def order(self, task: Any) -> int:
        """A task's place in order of creation."""
        return self._numbers.get(id(task), 0)

    def standing(self) -> list[tuple[str, suspended.Suspension]]:
        """Every task that waits now: its name, where it stands and for what."""
        alive = [ref() for _, ref in sorted(self._refs.items())]
        return [
            (task.get_name(), suspended.look(task, self.program, self._names)) for task in alive if task is not None and not task.done()
        ]

    def watch(self, what: Callable[..., object], *arguments: object) -> object:
        """Call one of the methods below, so that the program does not notice.

        Gives what has to be kept until the caller's frame has gone: an interrupt that came in, a task whose last reference this may be.
        Either would else make code run on top of frames of ours. So would the garbage collector, which waits.
        """
        if not self.active:
            return None
        collects = _collects()
        _collect_not()
        try:
            with self._lock:
                return what(*arguments)
        except KeyboardInterrupt as problem:
            return later(problem)
        except Exception as problem:
            self.failed(problem)
            return None
        finally:
            if collects:
                _collect()

    # What the ready queue tells

    def made_ready(self, queue: ReadyQueue, handle: Any) -> None:
        task = task_of(handle)
        if task is not None:
            self._number(task)
        elif queue.waking and type(handle) is not _TimerHandle and getattr(queue.loop(), "_thread_id", 0) == get_ident():
            self._polled.add(id(handle))

    def step_begins(self, queue: ReadyQueue, handle: Any) -> None:
        if handle._cancelled:
            return
        if queue.waking:
            self.drain(Where(None, None, None))
        polled = id(handle) in self._polled
        self._polled.discard(id(handle))
        task = task_of(handle)
        if task is not None:
            number = self._number(task) or 0
            line = self._left[number] if number in self._left else suspended.look(task, self.program, self._names).line
            self._begin(task, "task", None, line, raised=raised_in(handle, task))
        else:
            kind = "timer" if isinstance(handle, _TimerHandle) else "i/o" if polled else "callback"
            self._begin(None, kind, callback_of(handle), None)
        self._flush()

    def step_over(self, queue: ReadyQueue) -> object:
        """The step that this thread was in, if any, is over. Gives it."""
        return self._close(queue.loop()) if self._open.get(get_ident()) else None

    def turn_over(self, queue: ReadyQueue) -> object:
        """So is the loop's turn; it may now wait for a while."""
        steps = self.step_over(queue)
        self._flush()
        return steps

    # What `create_task` tells of eager tasks

    def _create_task_called(self, code: object, offset: int) -> None:
        _kept = self.watch(self._creating, _getframe(1))

    def _create_task_returned(self, code: object, offset: int, task: Any) -> None:
        _kept = self.watch(self._created, task)

    def _creating(self, frame: Any) -> None:
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is not None:
            self._number(current)  # an eager task that starts another is first known here
        self._open.setdefault(get_ident(), []).append(_Creating(self._now(), frame.f_locals.get("coro"), self._line(frame)))

    def _created(self, task: Any) -> None:
        opened = self._open.get(get_ident())
        if not opened:
            return
        if isinstance(opened[-1], _Creating):
            if id(task) not in self._numbers and issubclass(type(task), TASKS):
                self._number(task, opened[-1])
            else:
                opened.pop()
        step = opened[-1] if opened else None
        if isinstance(step, _Open) and step.task is task:
            self._end(_running_loop())

    # Bookkeeping, with the lock held

    def _begin(
        self,
        task: Any,
        kind: str,
        what: str | None,
        line: int | None,
        at: float | None = None,
        within: int | None = None,
        raised: str | None = None,
    ) -> None:
        step, self._steps = self._steps, self._steps + 1
        number = None if task is None else self._number(task)
        shown = step < STEPS and (task is None or number is not None)
        if step == STEPS:
            self._note(f"only the first {STEPS:,} steps were recorded")
        self._open.setdefault(get_ident(), []).append(_Open(task, step, shown))
        if shown:
            self._send(
                {
                    "k": "begin",
                    "n": step,
                    "at": self._now() if at is None else at,
                    "kind": kind,
                    "task": number,
                    "what": what,
                    "line": line,
                    "within": within,
                    "raised": raised,
                }
            )

    def _close(self, loop: Any) -> list:
        """End all steps that this thread is in. Gives them."""
        opened = self._open.get(get_ident(), [])
        closed = opened[:]
        while opened:
            if isinstance(opened[-1], _Creating):  # a `create_task` that raised
                opened.pop()
            else:
                self._end(loop)
        return closed

    def _end(self, loop: Any) -> None:
        step: Any = self._open[get_ident()].pop()
        task, line, waits = step.task, None, None
        number = None if task is None else self._number(task)
        self.drain(Where(number, None, step.number if step.shown else None))
        while self._unnamed:
            self._name(self._unnamed.pop())
        if task is not None and number is not None:
            self._name(number)
            self._waiting.pop(self._waits_on.pop(number, 0), None)
            if task.done():
                self._ended(task, number)
            elif step.shown:
                line, waits = suspended.look(task, self.program, self._names)
                self._left[number] = line
                future = getattr(task, "_fut_waiter", None)
                if future is None:
                    waits = waits or "its next turn"
                else:
                    self._waiting[id(future)], self._waits_on[number] = number, id(future)
        if step.shown:
            ready, timers = self._queues(loop)
            self._send({"k": "end", "n": step.number, "at": self._now(), "line": line, "waits": waits, "ready": ready, "timers": timers})

    def _queues(self, loop: Any) -> tuple[list, list]:
        if not isinstance(getattr(loop, "_ready", None), ReadyQueue):
            return [], []
        waiting = (handle for handle in loop._ready if not handle._cancelled)
        ready = [self._in_line(handle) for handle in itertools.islice(waiting, QUEUE_SHOWN)]
        if len(loop._scheduled) > 4 * QUEUE_SHOWN:  # sorting thousands at every step would be most of the work
            return ready, []
        due = sorted((handle for handle in loop._scheduled if not handle._cancelled), key=lambda handle: handle._when)
        return ready, [[round(handle._when - self.began, 6), self._served(handle) or callback_of(handle)] for handle in due[:QUEUE_SHOWN]]

    def _in_line(self, handle: Any) -> int | str:
        """An entry of the ready queue: a task that will step (its number), or the callback by name."""
        task = task_of(handle)
        if task is not None:
            return self._number(task) or name_of(task.get_coro())
        served = self._served(handle) if isinstance(handle, _TimerHandle) else None
        return f"timer of {self._names.get(id(self._refs[served]()), served)}" if served in self._refs else callback_of(handle)

    def _served(self, handle: Any) -> int | None:
        """The task that a timer will wake."""
        task = task_of(handle)
        if task is not None:
            return self._number(task)
        return next((self._waiting[id(argument)] for argument in handle._args or () if id(argument) in self._waiting), None)

    def _number(self, task: Any, creating: _Creating | None = None) -> int | None:
        """The number of a task; one that was not known is announced. None past the limit of tasks."""
        known = self._numbers.get(id(task))
        if known is not None:
            return known
        if not isinstance(getattr(loop_of(task), "_ready", None), ReadyQueue):
            return None  # of a loop that is not asyncio's own: it would seem never to step
        opened = self._open.get(get_ident(), [])
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is task:  # it was started eagerly, and runs already
            if opened and isinstance(opened[-1], _Creating):
                creating = opened[-1]
            current = next((step.task for step in reversed(opened) if isinstance(step, _Open)), None)
        number, key = next(self._count), id(task)
        if number > TASKS_HELD:
            self._note(f"only the first {TASKS_HELD:,} tasks were recorded")
            return None
        parent = None if current is None or current is task else self._number(current)
        # An eager task that is done already may not be asked for its coroutine: 3.12 dies of it. 3.13.0 has lost its name.
        coro = task.get_coro() if creating is None else None
        code = creating.code if creating is not None else code_of(coro)
        name = task.get_name()
        self._numbers[key], self._names[key] = number, "(no name)" if creating is not None and name in (None, "None") else name
        self._unnamed.append(number)
        self._refs[number] = weakref.ref(task, lambda _: self.watch(self._gone, key, number))
        self._send(
            {
                "k": "task",
                "id": number,
                "name": self._names[key],
                "coro": creating.coro if creating is not None else name_of(coro),
                "line": self._line(_getframe(1)) if creating is None else creating.line,
                "parent": parent,
                "created": self._now() if creating is None else creating.since,
                "internal": code is not None and code.co_filename.startswith(suspended.ASYNCIO) and code.co_name.startswith(_INTERNAL),
            }
        )
        if creating is not None:
            opened.pop()
            within = next((step.number for step in reversed(opened) if isinstance(step, _Open) and step.shown), None)
            line = code.co_firstlineno if code is not None and code.co_filename == self.program else None
            self._begin(task, "task", None, line, creating.since, within)
        return number

    def _name(self, number: int) -> None:
        """Look whether a task has another name than before."""
        task = self._refs[number]() if number in self._refs else None
        if task is not None and task.get_name() not in (None, "None", self._names[id(task)]):
            self._names[id(task)] = task.get_name()
            self._send({"k": "renamed", "id": number, "name": self._names[id(task)]})

    def _ended(self, task: Any, number: int) -> None:
        self._done.add(number)
        self._left.pop(number, None)
        # `exception()` would mark the exception as retrieved, and so silence asyncio's own warning.
        error = None if task.cancelled() or task._exception is None else type(task._exception).__name__
        outcome = "cancelled" if task.cancelled() else "raised" if error else "returned"
        self._send({"k": "ended", "id": number, "at": self._now(), "outcome": outcome, "error": error})

    def _gone(self, key: int, number: int) -> None:
        for known in (self._numbers, self._names):
            known.pop(key, None)
        self._refs.pop(number, None)
        self._left.pop(number, None)
        self._waiting.pop(self._waits_on.pop(number, 0), None)
        if number not in self._done:
            self._send({"k": "ended", "id": number, "at": self._now(), "outcome": "destroyed", "error": None})

    def _line(self, frame: Any) -> int | None:
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None
