"""Follows the turns of loops: what becomes ready, which step begins, what is over.

Ready queues call the methods through `Recorder.guarded_call`, so with the recorder's lock held.
"""

from __future__ import annotations

import functools
import types
import weakref
from _thread import get_ident
from typing import TYPE_CHECKING, Any

from ..limits import MAX_STEPS
from ..trace.events import QueueEntry, StepKind, Timer
from .handles import (
    TIMER,
    callback_name,
    closure_of,
    is_done,
    must_cancel,
    qualified_name,
    raised_in,
    task_of,
)
from .ready_queue import ReadyQueue, UnrecordedQueue
from .unrecorded import NO_CALL_SITE

if TYPE_CHECKING:
    from .recorder import Recorder

_THREADSAFE = "run_coroutine_threadsafe.<locals>.callback"


class Turns:
    """Follows the turns of all loops of a process."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        # By `id()` of a concurrent future: a reference to it, the coroutine that will fill it.
        self._threadsafe: dict[int, tuple[weakref.ref[Any], str]] = {}

    def coroutine_behind(self, future: Any) -> str | None:
        """Return the coroutine that will fill a concurrent future of `run_coroutine_threadsafe`."""
        known = self._threadsafe.get(id(future))
        return known[1] if known is not None else None

    def made_ready(self, queue: ReadyQueue, handle: Any) -> None:
        """Note what a handle to be appended is for, unless it steps a known task."""
        task = task_of(handle)
        if task is not None:
            self._recorder.number_of(task)
            return
        own_thread = getattr(queue.loop(), "_thread_id", 0) == get_ident()
        if queue.polling and type(handle) is not TIMER and own_thread:
            queue.from_selector.add(id(handle))
        callback = handle._callback
        if type(callback) is types.FunctionType and callback.__qualname__ == _THREADSAFE:
            variables = closure_of(callback)
            future, key = variables.get("future"), id(variables.get("future"))
            if future is not None:
                reference = weakref.ref(future, functools.partial(self._threadsafe.pop, key))
                self._threadsafe[key] = reference, qualified_name(variables.get("coro"))

    def next_step(self, queue: ReadyQueue) -> object:
        """End this thread's step, if any, and begin that of the queue's first handle.

        Returns:
            The task of the step that is over.
        """
        steps, thread = self._recorder.steps, get_ident()
        over: object = None
        opened = steps.by_thread.get(thread)
        if opened:
            nested = thread in steps.nested
            over = steps.close_finished() if nested else steps.close(opened)
        if len(queue):
            self._begin(queue, queue[0])
        return over

    def _begin(self, queue: ReadyQueue, handle: Any) -> None:
        """Begin the step of a handle."""
        recorder, steps = self._recorder, self._recorder.steps
        from_selector = id(handle) in queue.from_selector
        if from_selector:
            queue.from_selector.discard(id(handle))
        if handle._cancelled:
            return
        if steps.begun >= MAX_STEPS:
            recorder.reach_limit("steps", MAX_STEPS)
            queue.__class__ = UnrecordedQueue
            self.next_unrecorded_step(queue)
            return
        if queue.polling:
            recorder.drain(NO_CALL_SITE)
        ready: tuple[QueueEntry, ...] | None = None
        more = 0
        if len(queue) != queue.left:
            ready, more = queue.entries()
            ready = ready[1:]
        task = task_of(handle)
        if task is not None:
            number = recorder.number_of(task)
            line = steps.suspended_line(task, number)
            raised = raised_in(handle, task)
            late = raised == "CancelledError" and must_cancel(task)
            step = steps.begin(
                task, number, "task", None, line, None, raised, queue, ready, more, late
            )
        else:
            other: StepKind = "i/o" if from_selector else "callback"
            kind: StepKind = "timer" if isinstance(handle, TIMER) else other
            what = callback_name(handle)
            step = steps.begin(None, None, kind, what, None, None, None, queue, ready, more)
        queue.step = step
        queue.last_handle = weakref.ref(handle, queue.handle_freed)
        recorder.flush()

    def handle_freed(self, queue_reference: weakref.ref[ReadyQueue]) -> object:
        """End the step whose handle, which still held its task, the loop has released.

        Returns:
            The task.
        """
        queue = queue_reference()
        if queue is None:
            return None
        step, queue.step, queue.last_handle = queue.step, None, None
        if queue.unrecorded_task is not None:
            return self._end_unrecorded_step(queue)
        steps = self._recorder.steps
        opened = steps.by_thread.get(step.thread, []) if step is not None else []
        return steps.close(opened, opened.index(step)) if step in opened else None

    def turn_ended(self, queue: ReadyQueue) -> object:
        """Handle the end of a loop's turn, after which the loop may wait for a while.

        Around a loop that runs inside a step, that step is not over.

        Returns:
            The tasks of the steps that are over.
        """
        recorder, steps = self._recorder, self._recorder.steps
        ended: object = None
        if steps.by_thread.get(get_ident()):
            ended = steps.close_finished()
        elif queue.unrecorded_task is not None:
            ended = self._end_unrecorded_step(queue)
        if steps.begun >= MAX_STEPS:
            recorder.drain(NO_CALL_SITE)
        recorder.flush()
        return ended

    def queue_state(
        self, queue: ReadyQueue | None
    ) -> tuple[tuple[QueueEntry, ...], int, tuple[Timer, ...]]:
        """Return what is ready, how much more than that, and the timers."""
        loop = queue.loop() if queue is not None else None
        if queue is None or loop is None:
            return (), 0, ()
        ready, more = queue.entries()
        queue.left = len(queue)
        timers = queue.timers(loop, self._recorder.began)
        if timers is None:
            text = "its loop goes by a clock of its own; its timers were not recorded"
            self._recorder.note(text)
            timers = ()
        return ready, more, timers

    # Past the limit of steps

    def next_unrecorded_step(self, queue: ReadyQueue) -> object:
        """Begin the step of the queue's first handle without recording it.

        Returns:
            The task of the step before.
        """
        before = self._end_unrecorded_step(queue) if queue.unrecorded_task is not None else None
        queue.polling = False
        handle = queue[0] if len(queue) else None
        task = None if handle is None else task_of(handle)
        if task is not None:
            queue.unrecorded_task = weakref.ref(task)
            queue.last_handle = weakref.ref(handle, queue.handle_freed)
        return before

    def _end_unrecorded_step(self, queue: ReadyQueue) -> object:
        """End a step that is not recorded.

        Returns:
            Its task.
        """
        tasks = self._recorder.tasks
        task = queue.unrecorded_task() if queue.unrecorded_task is not None else None
        queue.unrecorded_task = queue.last_handle = None
        if task is not None and is_done(task):
            number = tasks.numbers.get(id(task))
            if number is not None and not tasks.has_ended(number):
                tasks.check_name(number)
                tasks.end(number, task)
        return task
