"""What an event loop does, told as events while it does it.

In:  a function that takes events (see `trace.events`), the program's file, a clock.
Out: those events, from `install` on, for every loop that the program makes.

The loop's own ready queue is the place to stand. asyncio keeps it in a deque: a handle is appended
when something becomes ready, taken out with `popleft` when its turn comes, and before the loop
looks for more it asks whether the queue is empty. `ReadyQueue` is a deque that notes these moments.
A step is over when the next handle is taken out, or when its own goes: the loop lets go of the last
handle of a turn as soon as that has run. When a loop begins and ends to run, asyncio calls
`_set_running_loop`.

All of it is over before the program's code runs, so no frame of ours ever stands in a traceback. A
task that is started eagerly (Python 3.12) passes no queue; see `eager`.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import functools
import gc
import itertools
import sys
import types
import weakref
from _thread import RLock, get_ident
from asyncio import base_events, events, tasks
from collections.abc import Callable
from typing import Any

from ..limits import MAX_QUEUE_ENTRIES, MAX_STEPS, MAX_TASKS
from ..trace.events import (
    Event,
    LimitKind,
    LimitReached,
    Note,
    QueueEntry,
    StepBegan,
    StepEnded,
    StepKind,
    TaskCreated,
    TaskEnded,
    TaskRenamed,
    Timer,
    UnnamedWait,
)
from ..trace.model import Wait
from . import compat, interrupts, suspension, unrecorded
from .eager import Creating, EagerStarts
from .handles import (
    awaited_by,
    callback_of,
    closure_of,
    code_of,
    coro_of,
    fate_of,
    is_done,
    loop_of,
    name_of,
    raised_in,
    task_name,
    task_of,
)
from .interrupts import defer_interrupt
from .timers import Timers
from .unrecorded import NO_CALL_SITE, CallSite

# The program may put something else in the place of any of these.
_current_task = tasks.current_task
_running_loop = compat.running_loop
_getframe = sys._getframe
_collects, _collect_not, _collect = gc.isenabled, gc.disable, gc.enable
_TimerHandle = events.TimerHandle
_RUN = events.Handle._run.__code__
_INTERNAL = ("_", "shutdown_")  # beginnings of the names of coroutines that asyncio runs for itself
_TURN = UnnamedWait("turn")
_THREADSAFE = "run_coroutine_threadsafe.<locals>.callback"


class ReadyQueue(collections.deque):
    """A loop's ready queue that tells the recorder what happens to it."""

    def __init__(self, recorder: Recorder, loop: Any) -> None:
        super().__init__()
        self.recorder = recorder
        self.loop = weakref.ref(loop)
        self.waking = False  # between looking for more to do and starting on it
        # id() of handles that came from the selector, until their turn
        self.polled: set[int] = set()
        self.timers = Timers()
        self.last: object = None  # tells when the handle goes that was taken out last
        self.passed: Any = None  # past the limit of steps: the task that has its turn

    # What must not go before our frame has gone is held in `_kept` (see `Recorder.watch`).

    def __bool__(self) -> bool:
        _kept = self.recorder.watch(self.recorder.turn_over, self)
        self.waking = True
        return self.__len__() > 0

    # A signal handler of the program's may raise while we watch. No handle must be lost by that.

    def append(self, handle: Any) -> None:
        try:
            _kept = self.recorder.watch(self.recorder.made_ready, self, handle)
        finally:
            super().append(handle)

    def popleft(self) -> Any:
        _kept = [self.recorder.watch(self.recorder.step_over, self)]
        handle = super().popleft()
        try:
            _kept.append(self.recorder.watch(self.recorder.step_begins, self, handle))
        except BaseException:
            self.appendleft(handle)
            raise
        self.waking = False
        return handle

    @property
    def clear(self) -> Callable[[], None]:
        """The loop closes. What goes with its handles must not go in a frame of ours."""
        _kept = self.recorder.watch(self.recorder.turn_over, self)
        return super().clear


class PassingQueue(ReadyQueue):
    """The same past the limit of steps, where no more is seen than which tasks end, and how; and
    that should cost little.
    """

    def append(self, handle: Any) -> None:
        try:
            if not self.recorder.knows(task_of(handle)):
                _kept = self.recorder.watch(self.recorder.made_ready, self, handle)
        finally:
            super(ReadyQueue, self).append(handle)

    def popleft(self) -> Any:
        handle = super(ReadyQueue, self).popleft()
        try:
            _kept = self.recorder.watch(self.recorder.passes, self, handle)
        except BaseException:
            self.appendleft(handle)
            raise
        return handle


def queue_of(loop: Any) -> ReadyQueue | None:
    """The queue of a loop that is recorded; None for any other."""
    if not issubclass(type(loop), base_events.BaseEventLoop):
        return None  # not even asked: it may run code of its own to answer
    queue = getattr(loop, "_ready", None)
    return queue if issubclass(type(queue), ReadyQueue) else None


class Open:
    """A step that has begun. Its task is not kept alive by it, or it would not be collected when it
    is without us.
    """

    __slots__ = ("task", "number", "shown", "queue", "thread", "eager")

    def __init__(
        self, task: Any, number: int, shown: bool, queue: ReadyQueue | None, eager: bool
    ) -> None:
        self.task: Any = (lambda: None) if task is None else weakref.ref(task)
        self.number = number  # in order of beginning, from 0
        self.shown = shown  # false where its task is past the limit of tasks
        self.queue = queue
        self.thread = get_ident()
        self.eager = eager  # no handle was run for it


class Recorder(unrecorded.Recorder):
    """Records the loops of this process. One a process.

    `lock` is shared with whoever sends, so that there is one order of taking it. Whatever goes
    wrong in here ends the recording of steps with a note (`failed`), and never reaches the program.
    """

    def __init__(
        self,
        send: Callable[[Event], None],
        flush: Callable[[], None],
        program: str,
        now: Callable[[], float],
        lock: Any = None,
    ) -> None:
        super().__init__(send, flush, program, now, lock)
        self.active = True
        self.now = now
        self._flush = flush
        self._lock = RLock() if lock is None else lock
        self._names: dict[int, str] = {}  # number of a task that lives -> its name
        # id() of a task that lives -> its number, in order of creation
        self._numbers: dict[int, int] = {}
        self._refs: dict[int, weakref.ref] = {}  # number -> the task, while it lives
        # numbers of tasks whose creator may still be about to name them
        self._unnamed: list[int] = []
        self._done: set[int] = set()  # numbers of the tasks that ended
        # id() of a future -> number of the task that waits for it
        self._waiting: dict[int, int] = {}
        self._waits_on: dict[int, int] = {}  # the reverse
        self._suspended_lines: dict[int, int | None] = {}  # by a suspended task's number
        # id() of a concurrent future -> the coroutine that will fill it
        self._threadsafe: dict[int, tuple[weakref.ref, str]] = {}
        self._open: dict[int, list[Open | Creating]] = {}  # thread -> what it is in, innermost last
        self._nested: set[int] = set()  # threads in which a loop runs inside of a step
        self._count = itertools.count(1)
        self._steps = 0
        self._cut: set[str] = set()  # what has come to its limit
        self._notes: set[str] = set()
        # a thread, and what a handler raised there when nothing could be raised
        self._put_off: tuple[int, BaseException] | None = None
        self._lookup = suspension.Lookup(
            lambda thing: self._numbers.get(id(thing)), self._coroutine_behind
        )

    def install(self) -> None:
        """Record every loop that is made from now on."""
        base: Any = base_events.BaseEventLoop
        original = base.__init__

        def init(loop: Any) -> None:
            original(loop)
            loop._ready = ReadyQueue(self, loop)

        base.__init__ = functools.update_wrapper(init, original)
        self._watch_runs()
        EagerStarts(self).install()

    def _watch_runs(self) -> None:
        """See when a loop, of whatever kind, begins and ends to run."""
        original: Any = getattr(events, "_set_running_loop", None)
        if original is None:
            return  # the ends of steps are still seen by their handles

        def _set_running_loop(loop: Any, /) -> None:
            original(loop)
            _kept = self.watch(self.running_loop_set, loop)

        replacement = functools.update_wrapper(_set_running_loop, original)
        for module in (events, asyncio):
            if getattr(module, "_set_running_loop", None) is original:
                module._set_running_loop = replacement  # type: ignore[attr-defined]

    def failed(self, problem: Exception) -> None:
        """Something in here went wrong: the program goes on, its steps unrecorded.

        Raises:
            Exception: `problem` itself, where it is the program's own: a signal handler that came
                in has raised it.
        """
        if (handler := interrupts.frames_of_a_handler(problem)) is not None:
            raise problem.with_traceback(handler)
        if isinstance(problem, RecursionError) or not self.active:
            # the program stands at the end of its stack, and we on top of it: the next time will do
            return
        self.active = False
        if self.ending:
            return
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = (
            f" (line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename})"
            if trace is not None
            else ""
        )
        with contextlib.suppress(Exception):
            self._note(
                f"later steps could not be recorded: {type(problem).__name__}: {problem}{place}"
            )
            self._flush()

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.add(text)
            self._send(Note(text))

    def _limit(self, what: LimitKind, limit: int) -> None:
        """The record is cut here: it holds no more steps, or tasks."""
        if what not in self._cut:
            self._cut.add(what)
            self._send(LimitReached(what, self.now()))
            self._note(f"only the first {limit:,} {what} were recorded")

    def call_site(self) -> CallSite:
        """Who runs now in this thread."""
        with self._lock:
            loop, task = _running_loop(), None
            opened = self._open.get(get_ident(), ())
            if loop is not None:
                task = _current_task(loop)
            elif opened:
                self._end_what_is_over()
            number = None if task is None else self.number_of(task)
            step = next((entry for entry in reversed(opened) if isinstance(entry, Open)), None)
            # from 3.14 on, tasks of one kind do not know the current one of the other
            if step is not None and step.task() is not None:
                number = self.number_of(step.task())
            return CallSite(
                number,
                self.line_of(_getframe(1)),
                step.number if step is not None and step.shown else None,
            )

    def turn_of(self) -> tuple[int, object]:
        """Whose turn it is, cheaply: the same for two calls only if the same step, or none, of the
        same thread runs.
        """
        thread = get_ident()
        opened = self._open.get(thread)
        return thread, opened[-1] if opened else None

    def order(self, task: Any) -> int:
        """A task's place in order of creation."""
        return self._numbers.get(id(task), 0)

    def standing(self) -> list[tuple[str, int | None, Wait | None]]:
        """Every task that waits now: its name, at which line it stands and for what it waits."""
        result = []
        for task in self._alive():
            if not is_done(task):
                line, wait = suspension.look(task, self.program, self._lookup)
                named = None if wait is None else Wait.named(wait, self._name_now)
                result.append((task_name(task), line, named))
        return result

    def _alive(self) -> list:
        """The tasks that are still there, in order of creation."""
        return [task for _, ref in sorted(self._refs.items()) if (task := ref()) is not None]

    def _name_now(self, number: int) -> str:
        return task_name(self._refs[number]())

    def finish(self) -> None:
        """The program is over: what may have changed unseen is looked up once more."""
        with self._lock:
            if self._open.get(get_ident()):
                self._end_what_is_over()
            for task in self._alive():
                self._look_for_a_name(self._numbers[id(task)])

    def watch(self, what: Callable[..., object], *arguments: object) -> object:
        """Call one of the methods below, so that the program does not notice.

        Gives what has to be kept until the caller's frame has gone: an interrupt that came in, a
        task whose last reference this may be. Either would else make code run on top of frames of
        ours. So would the garbage collector, which waits.
        """
        if not self.active:
            return None
        if self._put_off is not None and self._put_off[0] == get_ident():
            (_, theirs), self._put_off = self._put_off, None
            raise theirs
        collects = _collects()
        try:
            _collect_not()
            with self._lock:
                return what(*arguments)
        except KeyboardInterrupt as problem:
            return defer_interrupt(problem)
        except Exception as problem:
            self.failed(problem)
            return None
        finally:
            if collects:
                _collect()

    def _when_gone(self, *what_and_reference: Any) -> object:
        """As `watch`, when an object goes. Nothing can be raised then: what a handler raises is put
        off until the loop goes on.

        That is most often SystemExit, of a handler that calls `sys.exit`: Python would report it as
        ignored, and the program go on.
        """
        what, *arguments, _ = what_and_reference
        try:
            return self.watch(what, *arguments)
        except BaseException as problem:
            self._put_off = get_ident(), problem
            return None

    # What `_set_running_loop` tells

    def running_loop_set(self, loop: Any) -> object:
        """A loop begins to run in this thread, or (None, or the loop around it) ends to."""
        if loop is not None and queue_of(loop) is None:
            kind = type(loop)
            self._note(
                "it ran on a loop that is not asyncio's own"
                f" ({kind.__module__}.{kind.__qualname__}); its steps were not recorded"
            )
        ended = self._end_what_is_over() if self._open.get(get_ident()) else None
        self._flush()
        return ended

    # What the ready queue tells

    def made_ready(self, queue: ReadyQueue, handle: Any) -> None:
        task = task_of(handle)
        if task is not None:
            if id(task) not in self._numbers:
                self.number_of(task)
            return
        if (
            queue.waking
            and type(handle) is not _TimerHandle
            and getattr(queue.loop(), "_thread_id", 0) == get_ident()
        ):
            queue.polled.add(id(handle))
        callback = handle._callback
        if type(callback) is types.FunctionType and callback.__qualname__ == _THREADSAFE:
            held = closure_of(callback)
            future, key = held.get("future"), id(held.get("future"))
            if future is not None:
                gone = weakref.ref(future, functools.partial(self._threadsafe.pop, key))
                self._threadsafe[key] = gone, name_of(held.get("coro"))

    def step_begins(self, queue: ReadyQueue, handle: Any) -> None:
        polled = id(handle) in queue.polled
        queue.polled.discard(id(handle))
        if handle._cancelled:
            return
        if self._steps >= MAX_STEPS:
            self._limit("steps", MAX_STEPS)
            queue.__class__ = PassingQueue
            self.passes(queue, handle)
            return
        if queue.waking:
            self.drain(NO_CALL_SITE)
        task = task_of(handle)
        if task is not None:
            number = self.number_of(task) or 0
            if number in self._suspended_lines:
                line = self._suspended_lines[number]
            else:
                line = suspension.look(task, self.program, self._lookup).line
            step = self._begin(
                task, "task", None, line, queue=queue, raised=raised_in(handle, task)
            )
        else:
            other: StepKind = "i/o" if polled else "callback"
            kind: StepKind = "timer" if isinstance(handle, _TimerHandle) else other
            step = self._begin(None, kind, callback_of(handle), None, queue=queue)
        queue.last = weakref.ref(
            handle, functools.partial(self._when_gone, self._handle_gone, step)
        )
        self._flush()

    def step_over(self, queue: ReadyQueue) -> object:
        """The step that this thread was in, if any, is over. Gives its task."""
        thread = get_ident()
        if not self._open.get(thread):
            return self.passed(queue) if queue.passed is not None else None
        return (
            self._end_what_is_over() if thread in self._nested else self.close(self._open[thread])
        )

    def turn_over(self, queue: ReadyQueue) -> object:
        """So is the loop's turn, unless it is another one that begins inside of a step; it may now
        wait for a while.
        """
        ended: object = None
        if self._open.get(get_ident()):
            ended = self._end_what_is_over()
        elif queue.passed is not None:
            ended = self.passed(queue)
        if self._steps >= MAX_STEPS:
            self.drain(NO_CALL_SITE)
        self._flush()
        return ended

    def _handle_gone(self, step: Open) -> object:
        """The loop has let go of a step's handle: the step is over. The handle still holds its
        task.
        """
        opened = self._open.get(step.thread, [])
        if step.queue is not None:
            step.queue.last = None
        return self.close(opened, opened.index(step)) if step in opened else None

    def _end_what_is_over(self) -> list:
        """End the steps of this thread that do not run any more. Gives their tasks.

        A loop may run inside of a step of its own (nest_asyncio) or of another's. The steps around
        it are those whose handles run.
        """
        thread = get_ident()
        running = 0
        frame: Any = _getframe(1)
        while frame is not None:
            running += frame.f_code is _RUN
            frame = frame.f_back
        opened = self._open[thread]
        kept = 0
        while kept < len(opened) and running >= 0:
            entry = opened[kept]
            running -= isinstance(entry, Open) and not entry.eager
            kept += running >= 0
        (self._nested.add if kept else self._nested.discard)(thread)
        return self.close(opened, kept)

    # Past the limit of steps: no more is seen than which tasks end, and how

    def passes(self, queue: ReadyQueue, handle: Any) -> object:
        """A step begins that is not recorded. Gives the task of the one before."""
        before = self.passed(queue) if queue.passed is not None else None
        queue.waking = False
        task = task_of(handle)
        if task is not None:
            queue.passed = weakref.ref(task)
            queue.last = weakref.ref(
                handle,
                functools.partial(
                    self._when_gone, self._passed_with_its_handle, weakref.ref(queue)
                ),
            )
        return before

    def _passed_with_its_handle(self, queue: Any) -> object:
        return self.passed(queue()) if queue() is not None else None

    def passed(self, queue: ReadyQueue) -> object:
        """The step that is not recorded is over."""
        task = queue.passed() if queue.passed is not None else None
        queue.passed = queue.last = None
        if task is not None and is_done(task):
            number = self._numbers.get(id(task))
            if number is not None and number not in self._done:
                self._look_for_a_name(number)
                self._ended(task, number)
        return task

    # Bookkeeping, with the lock held

    def opened(self) -> list[Open | Creating]:
        """What this thread is in, innermost last."""
        return self._open.setdefault(get_ident(), [])

    def knows(self, task: Any) -> bool:
        return id(task) in self._numbers

    def _begin(
        self,
        task: Any,
        kind: StepKind,
        what: str | None,
        line: int | None,
        at: float | None = None,
        raised: str | None = None,
        queue: ReadyQueue | None = None,
    ) -> Open:
        step, self._steps = self._steps, self._steps + 1
        number = None if task is None else self.number_of(task)
        if step >= MAX_STEPS:
            self._limit("steps", MAX_STEPS)
        shown = step < MAX_STEPS and (task is None or number is not None)
        opened = self.opened()
        within = next(
            (one.number for one in reversed(opened) if isinstance(one, Open) and one.shown), None
        )
        eager = queue is None
        opened.append(Open(task, step, shown, queue_of(loop_of(task)) if eager else queue, eager))
        if shown:
            at = self.now() if at is None else at
            self._send(StepBegan(step, at, kind, number, what, line, within, raised))
        return opened[-1]  # type: ignore[return-value]

    def close(self, opened: list[Open | Creating], kept: int = 0) -> list:
        """End all steps but the outermost `kept`. Gives their tasks."""
        closed = []
        while len(opened) > kept:
            if isinstance(opened[-1], Creating):  # a `create_task` that raised
                opened.pop()
            else:
                closed.append(self._end(opened))
        return closed

    def _end(self, opened: list[Open | Creating]) -> Any:
        """End the innermost step. Gives its task."""
        step: Any = opened.pop()
        task, line = step.task(), None
        wait: UnnamedWait | None = None
        number = None if task is None else self.number_of(task)
        self.drain(CallSite(number, None, step.number if step.shown else None))
        while self._unnamed:
            self._look_for_a_name(self._unnamed.pop())
        if task is not None and number is not None:
            self._look_for_a_name(number)
            self._waiting.pop(self._waits_on.pop(number, 0), None)
            if is_done(task):
                self._ended(task, number)
            elif step.shown:
                line, wait = suspension.look(task, self.program, self._lookup)
                self._suspended_lines[number] = line
                future = awaited_by(task)
                if future is None:
                    wait = wait or _TURN
                else:
                    self._waiting[id(future)], self._waits_on[number] = number, id(future)
        if step.shown:
            ready, more, timers = self._queues(step.queue)
            self._send(StepEnded(step.number, self.now(), line, wait, ready, more, timers))
        return task

    def _queues(
        self,
        queue: ReadyQueue | None,
    ) -> tuple[tuple[QueueEntry, ...], int, tuple[Timer, ...]]:
        """What is ready, how much more than that, and the timers."""
        loop = queue.loop() if queue is not None else None
        if queue is None or loop is None:
            return (), 0, ()
        looked_at = itertools.count()  # moved on once for each handle
        waiting = (
            handle for handle, _ in zip(queue, looked_at, strict=False) if not handle._cancelled
        )
        ready = tuple(
            [self._in_line(handle) for handle in itertools.islice(waiting, MAX_QUEUE_ENTRIES)]
        )
        # Cancelled ones among them are counted: to look at all after each step would take long.
        more = len(queue) - next(looked_at)
        due = queue.timers.earliest(loop, self.began, MAX_QUEUE_ENTRIES)
        if due is None:
            self._note("its loop goes by a clock of its own; its timers were not recorded")
            return ready, more, ()
        timers = [(when, self._served(handle) or callback_of(handle)) for when, handle in due]
        return ready, more, tuple(timers)

    def _in_line(self, handle: Any) -> QueueEntry:
        """Return an entry of the ready queue: the number of the task to step, or a callback."""
        task = task_of(handle)
        if task is not None:
            return self.number_of(task) or name_of(coro_of(task))
        served = self._served(handle) if isinstance(handle, _TimerHandle) else None
        return callback_of(handle) if served is None else ("timer of ", served)

    def _served(self, handle: Any) -> int | None:
        """The task that a timer will wake."""
        task = task_of(handle)
        if task is not None:
            return self.number_of(task)
        return next(
            (
                self._waiting[id(argument)]
                for argument in handle._args or ()
                if id(argument) in self._waiting
            ),
            None,
        )

    def _coroutine_behind(self, future: Any) -> str | None:
        known = self._threadsafe.get(id(future))
        return known[1] if known is not None else None

    def number_of(self, task: Any, creating: Creating | None = None) -> int | None:
        """Return a task's number, announcing a new one. None past the limit of tasks."""
        known = self._numbers.get(id(task))
        if known is not None:
            return known
        if "tasks" in self._cut or queue_of(loop_of(task)) is None:
            return None  # of a loop that is not asyncio's own: it would seem never to step
        opened = self._open.get(get_ident(), [])
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is task:  # it was started eagerly, and runs already
            if opened and isinstance(opened[-1], Creating):
                creating = opened[-1]
            current = next(
                (step.task() for step in reversed(opened) if isinstance(step, Open)), None
            )
        number, key = next(self._count), id(task)
        if number > MAX_TASKS:
            self._limit("tasks", MAX_TASKS)
            return None
        parent = None if current is None or current is task else self.number_of(current)
        # An eager task that is done already may not be asked for its coroutine: 3.12 dies of it.
        # 3.13.0 has lost its name.
        coro = coro_of(task) if creating is None else None
        code = creating.code if creating is not None else code_of(coro)
        name = task_name(task)
        self._numbers[key], self._names[number] = (
            number,
            "(no name)" if creating is not None and name in (None, "None") else name,
        )
        self._unnamed.append(number)
        self._refs[number] = weakref.ref(
            task, functools.partial(self._when_gone, self._gone, key, number)
        )
        self._send(
            TaskCreated(
                number=number,
                name=self._names[number],
                coro=creating.coro if creating is not None else name_of(coro),
                line=self.line_of(_getframe(1)) if creating is None else creating.line,
                parent=parent,
                created=self.now() if creating is None else creating.since,
                internal=code is not None and _is_internal(code),
            )
        )
        if creating is not None:
            opened.remove(creating)
            line = (
                code.co_firstlineno
                if code is not None and code.co_filename == self.program
                else None
            )
            creating.step = self._begin(task, "task", None, line, creating.since)
        return number

    def named(self, task: Any) -> None:
        """A task has perhaps just been given a name."""
        if self.knows(task):
            self._look_for_a_name(self._numbers[id(task)])

    def _look_for_a_name(self, number: int) -> None:
        """Look whether a task has another name than before."""
        task = self._refs[number]() if number in self._refs else None
        if task is not None and task_name(task) not in (None, "None", self._names[number]):
            self._names[number] = task_name(task)
            self._send(TaskRenamed(number, self._names[number]))

    def _ended(self, task: Any, number: int) -> None:
        self._done.add(number)
        self._suspended_lines.pop(number, None)
        outcome, error = fate_of(task)
        self._send(TaskEnded(number, self.now(), outcome, error))

    def _gone(self, key: int, number: int) -> None:
        self._numbers.pop(key, None)
        self._names.pop(number, None)
        self._refs.pop(number, None)
        self._suspended_lines.pop(number, None)
        self._waiting.pop(self._waits_on.pop(number, 0), None)
        if number not in self._done:
            self._send(TaskEnded(number, self.now(), "destroyed", None))

    def line_of(self, frame: Any) -> int | None:
        """The program's innermost line at or around a frame."""
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None


def _is_internal(code: types.CodeType) -> bool:
    """Whether a coroutine is one that asyncio runs for itself."""
    return code.co_filename.startswith(suspension.ASYNCIO) and code.co_name.startswith(_INTERNAL)
