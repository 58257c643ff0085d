"""The steps that have begun and not ended, by thread.

Mostly one is open. But a loop may run inside a step (nest_asyncio), and a task that starts eagerly
runs inside the step that creates it.
"""

from __future__ import annotations

import sys
import weakref
from _thread import get_ident
from asyncio import events
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..limits import MAX_STEPS
from ..trace.events import QueueEntry, StepBegan, StepEnded, StepKind, UnnamedWait
from . import suspension
from .eager import TaskCreation
from .handles import awaited_by, is_done, loop_of, task_name
from .ready_queue import ReadyQueue, queue_of
from .unrecorded import CallSite

if TYPE_CHECKING:
    from .recorder import Recorder

_getframe = sys._getframe  # bound here because the program may replace it
_RUN = events.Handle._run.__code__
_TURN = UnnamedWait("turn")


class OpenStep:
    """A step that has begun.

    It does not keep its task alive, so the task is collected when it would be without a recorder.

    Attributes:
        task: Returns the task; None if there is none, or no longer.
        task_number: The task's number; None if it is past the limit of tasks.
        number: The step's own number, in order of beginning, from 0.
        recorded: False if the step, or its task, is past the limit.
        queue: The loop's ready queue.
        thread: The thread's `get_ident()`.
        eager: Whether the step began without a handle.
    """

    __slots__ = ("task", "task_number", "number", "recorded", "queue", "thread", "eager")

    def __init__(
        self,
        task: Any,
        task_number: int | None,
        number: int,
        recorded: bool,
        queue: ReadyQueue | None,
        thread: int,
        eager: bool,
    ) -> None:
        self.task: Any = _no_task if task is None else weakref.ref(task)
        self.task_number = task_number
        self.number = number
        self.recorded = recorded
        self.queue = queue
        self.thread = thread
        self.eager = eager


def _no_task() -> None:
    return None


class OpenSteps:
    """Begins and ends steps, and sends the events about that.

    Its methods are called with the recorder's lock held.

    Attributes:
        begun: How many steps have begun so far.
        by_thread: The open steps of each thread, innermost last, by the thread's `get_ident()`.
        nested: Threads in which a loop runs inside a step.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.begun = 0
        self.by_thread: dict[int, list[OpenStep | TaskCreation]] = {}
        self.nested: set[int] = set()
        self._recorder = recorder
        self._tasks = recorder.tasks
        self._lookup = suspension.Lookup(self._tasks.numbers, recorder.turns.coroutine_behind)

    def in_this_thread(self) -> list[OpenStep | TaskCreation]:
        """Return the open steps of this thread, innermost last."""
        return self.by_thread.setdefault(get_ident(), [])

    def suspended_line(self, task: Any, number: int | None) -> int | None:
        """Return the program's line at which a task that is about to step was suspended."""
        lines = self._tasks.suspended_lines
        if number in lines:
            return lines[number]
        return suspension.read_suspension(task, self._recorder.program, self._lookup).line

    def suspension_of(self, task: Any) -> suspension.Suspension:
        """Return where a suspended task is, and what it waits for."""
        return suspension.read_suspension(task, self._recorder.program, self._lookup)

    def begin(
        self,
        task: Any,
        task_number: int | None,
        kind: StepKind,
        what: str | None,
        line: int | None,
        at: int | None = None,
        raised: str | None = None,
        queue: ReadyQueue | None = None,
        ready: tuple[QueueEntry, ...] | None = None,
        ready_more: int = 0,
        cancelled_when_ready: bool = False,
    ) -> OpenStep:
        """Begin a step.

        Args:
            task: The task that steps, None for another callback.
            task_number: Its number; None past the limit of tasks.
            kind: As in `StepBegan`.
            what: As in `StepBegan`.
            line: As in `StepBegan`.
            at: When, in microseconds since the program began; now if None.
            raised: As in `StepBegan`.
            queue: The queue that its handle came from; None if the task starts eagerly.
            ready: As in `StepBegan`; not used if the task starts eagerly.
            ready_more: As in `StepBegan`.
            cancelled_when_ready: As in `StepBegan`.

        Returns:
            The step, which is now open.
        """
        number, self.begun = self.begun, self.begun + 1
        thread = get_ident()
        opened = self.by_thread.get(thread)
        if opened is None:
            opened = self.by_thread[thread] = []
        within = self._innermost_number(opened) if opened else None
        recorded = task is None or task_number is not None
        if number >= MAX_STEPS:
            self._recorder.reach_limit("steps", MAX_STEPS)
            recorded = False
        eager = queue is None
        if eager:
            queue = queue_of(loop_of(task))
        step = OpenStep(task, task_number, number, recorded, queue, thread, eager)
        opened.append(step)
        if recorded:
            at = self._recorder.now() if at is None else at
            if eager and queue is not None:
                ready, ready_more = queue.entries()
            began = (number, at, kind, task_number, what, line, within, raised, ready, ready_more)
            self._recorder.send(StepBegan(*began, cancelled_when_ready))
        return step

    def _innermost_number(self, opened: list[OpenStep | TaskCreation]) -> int | None:
        """Return the number of the innermost step that is recorded."""
        for entry in reversed(opened):
            if isinstance(entry, OpenStep) and entry.recorded:
                return entry.number
        return None

    def close(self, opened: list[OpenStep | TaskCreation], keep: int = 0) -> list[Any]:
        """End all steps but the outermost ones.

        Args:
            opened: The open steps of a thread.
            keep: How many stay open.

        Returns:
            The tasks of those that ended.
        """
        closed = []
        while len(opened) > keep:
            entry = opened.pop()
            if type(entry) is OpenStep:  # not the creation of a task, which then has failed
                closed.append(self._end(entry))
        return closed

    def close_finished(self) -> list[Any]:
        """End the steps of this thread that are no longer running.

        Steps around a loop that runs inside them are those whose handles are on the stack.

        Returns:
            The tasks of those that ended.
        """
        thread = get_ident()
        running = 0
        frame: Any = _getframe(1)
        while frame is not None:
            running += frame.f_code is _RUN
            frame = frame.f_back
        opened = self.by_thread[thread]
        keep = 0
        while keep < len(opened) and running >= 0:
            entry = opened[keep]
            running -= isinstance(entry, OpenStep) and not entry.eager
            keep += running >= 0
        (self.nested.add if keep else self.nested.discard)(thread)
        return self.close(opened, keep)

    def _end(self, step: OpenStep) -> Any:
        """End a step that is no longer among the open ones.

        Returns:
            Its task.
        """
        recorder, tasks = self._recorder, self._tasks
        task, number = step.task(), step.task_number
        line: int | None = None
        wait: UnnamedWait | None = None
        if recorder.has_output():
            recorder.drain(CallSite(number, None, step.number if step.recorded else None))
        tasks.check_new_names()
        if task is not None and number is not None:
            tasks.update_name(number, task_name(task))
            tasks.clear_wait(number)
            if is_done(task):
                tasks.end(number, task)
            elif step.recorded:
                line, wait = suspension.read_suspension(task, recorder.program, self._lookup)
                tasks.suspended_lines[number] = line
                future = awaited_by(task)
                if future is None:
                    wait = wait or _TURN
                else:
                    tasks.set_wait(number, future)
        if step.recorded:
            ready, more, timers = recorder.turns.queue_state(step.queue)
            recorder.send(StepEnded(step.number, recorder.now(), line, wait, ready, more, timers))
        return task


class WatchedSteps(OpenSteps):
    """Open steps that tell somebody when they begin and end."""

    def __init__(
        self,
        recorder: Recorder,
        began: Callable[[OpenStep], object],
        ended: Callable[[OpenStep], object],
    ) -> None:
        """Begin without any open steps.

        Args:
            recorder: Whose steps they are.
            began: Called with a step that has been announced.
            ended: Called with a step that is about to be announced as ended.
        """
        super().__init__(recorder)
        self._began, self._ended = began, ended

    def begin(self, *arguments: Any, **more: Any) -> OpenStep:
        """Begin a step; see `OpenSteps`."""
        step = super().begin(*arguments, **more)
        self._began(step)
        return step

    def _end(self, step: OpenStep) -> Any:
        self._ended(step)
        return super()._end(step)
