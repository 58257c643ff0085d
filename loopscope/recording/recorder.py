"""Records what event loops do, as events, while they do it.

The recorder watches a loop's ready queue (see `ready_queue`). A step is over when the next handle
is removed from it, or when its own handle is freed: the loop releases the last handle of a turn as
soon as that has run. asyncio calls `_set_running_loop` when a loop begins and ceases to run.

All this happens before the program's code runs, so no frame of loopscope ever appears in a
traceback. A task that starts eagerly (Python 3.12) never enters the queue; see `eager`.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import sys
import types
from _thread import get_ident
from asyncio import base_events, events, tasks
from typing import Any

from ..limits import MAX_TASKS
from ..trace.events import LimitKind, LimitReached
from ..trace.model import Wait
from . import compat, suspension
from .eager import EagerStarts, TaskCreation
from .guard import Guard
from .handles import (
    code_of,
    coro_of,
    is_done,
    loop_of,
    qualified_name,
    task_name,
)
from .open_steps import OpenStep, OpenSteps
from .ready_queue import ReadyQueue, queue_of
from .task_registry import TaskRegistry
from .turns import Turns
from .unrecorded import CallSite, Outlet

# Bound here because the program may replace any of these.
_current_task = tasks.current_task
_running_loop = compat.running_loop
_getframe = sys._getframe
_INTERNAL = ("_", "shutdown_")  # prefixes of the names of coroutines that asyncio runs for itself


class Recorder(Guard):
    """Records the loops of this process. There is one per process.

    Attributes:
        tasks: The tasks that are known.
        steps: The steps that are open.
        turns: Where ready queues report to.
    """

    def __init__(self, program: str, outlet: Outlet) -> None:
        """Prepare to record; see `NullRecorder` for the arguments."""
        super().__init__(program, outlet)
        self._count = itertools.count(1)
        self._limits_reached: set[str] = set()
        self.tasks = TaskRegistry(outlet.send, outlet.now, self.guarded_callback)
        self.turns = Turns(self)
        self.steps = OpenSteps(self)

    def install(self) -> None:
        """Record every loop that is created from now on."""
        base: Any = base_events.BaseEventLoop
        original = base.__init__

        def init(loop: Any) -> None:
            original(loop)
            loop._ready = ReadyQueue(self, loop)

        base.__init__ = functools.update_wrapper(init, original)
        self._patch_set_running_loop()
        EagerStarts(self).install()

    def _patch_set_running_loop(self) -> None:
        """Notice when a loop of any kind begins and ceases to run."""
        original: Any = getattr(events, "_set_running_loop", None)
        if original is None:
            return  # steps still end when their handles are freed

        def _set_running_loop(loop: Any, /) -> None:
            original(loop)
            _kept = self.guarded_call(self.running_loop_set, loop)

        replacement = functools.update_wrapper(_set_running_loop, original)
        modules: tuple[Any, ...] = (events, asyncio)
        for module in modules:
            if getattr(module, "_set_running_loop", None) is original:
                module._set_running_loop = replacement

    def reach_limit(self, what: LimitKind, limit: int) -> None:
        """Report that the record holds no more steps, or tasks."""
        if what not in self._limits_reached:
            self._limits_reached.add(what)
            self.send(LimitReached(what, self.now()))
            self.note(f"only the first {limit:,} {what} were recorded")

    # What other parts ask for

    def call_site(self) -> CallSite:
        """Return what runs now in this thread."""
        with self._lock:
            loop, task = _running_loop(), None
            opened = self.steps.by_thread.get(get_ident(), [])
            if loop is not None:
                task = _current_task(loop)
            elif opened:
                self.steps.close_finished()
            number = None if task is None else self.number_of(task)
            step = next((entry for entry in reversed(opened) if isinstance(entry, OpenStep)), None)
            if step is not None and step.task() is not None:
                # From 3.14 on, C's and Python's tasks have separate current tasks.
                number = self.number_of(step.task())
            recorded = step.number if step is not None and step.recorded else None
            return CallSite(number, self.line_of(_getframe(1)), recorded)

    def current_turn(self) -> tuple[int, object]:
        """Return whose turn it is, cheaply.

        Two calls return the same only if the same step of the same thread runs, or no step of it.
        """
        thread = get_ident()
        opened = self.steps.by_thread.get(thread)
        return thread, opened[-1] if opened else None

    def creation_rank(self, task: Any) -> int:
        """Return a task's position in order of creation."""
        return self.tasks.numbers.get(id(task), 0)

    def waiting_tasks(self) -> list[tuple[str, int | None, Wait | None]]:
        """Return each waiting task's name, the line where it is suspended, and its wait."""
        result = []
        for _, task in self.tasks.live_tasks():
            if not is_done(task):
                line, wait = self.steps.suspension_of(task)
                named = None if wait is None else Wait.named(wait, self.tasks.name_of)
                result.append((str(task_name(task)), line, named))
        return result

    def line_of(self, frame: Any) -> int | None:
        """Return the program's innermost line at or around a frame."""
        program = self.program
        while frame is not None:
            if frame.f_code.co_filename == program:
                return int(frame.f_lineno)
            frame = frame.f_back
        return None

    def finish(self) -> None:
        """Record, when the program is over, what may have changed unnoticed."""
        with self._lock:
            if self.steps.by_thread.get(get_ident()):
                self.steps.close_finished()
            for number, _ in self.tasks.live_tasks():
                self.tasks.check_name(number)

    # What `_set_running_loop` reports

    def running_loop_set(self, loop: Any) -> object:
        """Handle a change of this thread's running loop.

        Args:
            loop: The loop that begins to run; None, or the loop around it, when one ceases to.

        Returns:
            The tasks of the steps that are over.
        """
        if loop is not None and queue_of(loop) is None:
            kind = f"{type(loop).__module__}.{type(loop).__qualname__}"
            self.note(
                f"it ran on a loop that is not asyncio's own ({kind}); its steps were not recorded"
            )
        opened = self.steps.by_thread.get(get_ident())
        ended = self.steps.close_finished() if opened else None
        self.flush()
        return ended

    # With the lock held

    def number_of(self, task: Any, creation: TaskCreation | None = None) -> int | None:
        """Return a task's number, announcing a new task.

        Args:
            task: The task.
            creation: What is known of its creation, if it may be starting eagerly.

        Returns:
            The number; None past the limit of tasks.
        """
        known = self.tasks.numbers.get(id(task))
        if known is not None:
            return known
        if "tasks" in self._limits_reached or queue_of(loop_of(task)) is None:
            return None  # its loop is not asyncio's own, so it would seem never to step
        opened = self.steps.by_thread.get(get_ident(), [])
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is task:  # it has started eagerly
            if opened and isinstance(opened[-1], TaskCreation):
                creation = opened[-1]
            current = next(
                (one.task() for one in reversed(opened) if isinstance(one, OpenStep)), None
            )
        number = next(self._count)
        if number > MAX_TASKS:
            self.reach_limit("tasks", MAX_TASKS)
            return None
        parent = None if current is None or current is task else self.number_of(current)
        # 3.12 crashes when an eager task that is done already is asked for its coroutine.
        coro = coro_of(task) if creation is None else None
        code = creation.code if creation is not None else code_of(coro)
        self.tasks.add(
            number,
            task,
            coro=creation.coro if creation is not None else qualified_name(coro),
            line=self.line_of(_getframe(1)) if creation is None else creation.line,
            parent=parent,
            created=self.now() if creation is None else creation.began,
            internal=code is not None and _is_internal(code),
            being_created=creation is not None,
        )
        if creation is not None:
            opened.remove(creation)
            line = None
            if code is not None and code.co_filename == self.program:
                line = code.co_firstlineno
            creation.step = self.steps.begin(task, number, "task", None, line, creation.began)
        return number

    def task_named(self, task: Any) -> None:
        """Check the name of a task that may just have been named."""
        number = self.tasks.numbers.get(id(task))
        if number is not None:
            self.tasks.check_name(number)


def _is_internal(code: types.CodeType) -> bool:
    """Whether a coroutine is one that asyncio runs for itself."""
    return code.co_filename.startswith(suspension.ASYNCIO) and code.co_name.startswith(_INTERNAL)
