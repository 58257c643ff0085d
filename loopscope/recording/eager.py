"""Records tasks that start eagerly (Python 3.12).

Such a task runs at once, inside the step that creates it, and never enters the ready queue.

`sys.monitoring` reports when a few functions of asyncio's begin and end, and nothing else:

- `loop.create_task`, and the factories of `create_eager_task_factory`: they return the task.
- `_set_task_name` of Python 3.12, which names a task only afterwards, when it may be done already.
- `_start_eagerly` of the task written in Python.
- `loop.is_running`, which the task written in C calls just before it starts eagerly. From there to
  the next instruction of the constructor's caller, the first function that begins is the task's own
  coroutine.
"""

from __future__ import annotations

import inspect
import sys
from _thread import get_ident
from asyncio import base_events, tasks
from typing import TYPE_CHECKING, Any

from . import compat
from .handles import TASKS, code_of, coro_of, qualified_name

if TYPE_CHECKING:
    from .open_steps import OpenStep
    from .recorder import Recorder

_TOOL = 4  # 0 to 2 and 5 are for debuggers, coverage, profilers and optimizers
_SUSPENDABLE = (
    inspect.CO_COROUTINE
    | inspect.CO_GENERATOR
    | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)
_getframe = sys._getframe
_current_task = tasks.current_task
_running_loop = compat.running_loop


class TaskCreation:
    """A task that is being created, and may be starting eagerly.

    Attributes:
        began: When its creation began, in microseconds since the program did.
        coro: The name of its coroutine; "?" until it is known.
        code: The coroutine's code, or None.
        line: The program's line that creates it.
        started: Whether a function has begun since.
        step: The task's first step, once it has started.
    """

    __slots__ = ("began", "coro", "code", "line", "started", "step")

    def __init__(self, began: int, coro: Any, line: int | None) -> None:
        self.began = began
        self.coro, self.code = "?", None
        if coro is not None:
            self.set_coroutine(coro)
        self.line = line
        self.started = False
        self.step: OpenStep | None = None

    def set_coroutine(self, coro: Any) -> None:
        """Remember the coroutine: a task that is done once it has been created has dropped it."""
        self.coro, self.code = qualified_name(coro), code_of(coro)


class EagerStarts:
    """Records the first steps of tasks that start eagerly."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._monitoring: Any = getattr(sys, "monitoring", None)
        python_task: Any = compat.TASK_TYPES[0]
        self._python_start = getattr(
            getattr(python_task, "_Task__eager_start", None), "__code__", None
        )
        self._python_init = getattr(python_task.__init__, "__code__", None)
        self._create_task = base_events.BaseEventLoop.create_task.__code__
        factory = getattr(getattr(tasks, "create_eager_task_factory", None), "__code__", None)
        self._creators = {
            self._create_task,
            *(part for part in getattr(factory, "co_consts", ()) if hasattr(part, "co_code")),
        }
        self._set_name = getattr(getattr(tasks, "_set_task_name", None), "__code__", None)
        self._is_running = base_events.BaseEventLoop.is_running.__code__
        # By thread: the `id()` of a constructor's calling frame, its code, the task's creation.
        self._constructors: dict[int, list[tuple[int, Any, TaskCreation]]] = {}
        self._unstarted = 0  # how many of these tasks have not started yet

    def install(self) -> None:
        """Begin to watch for such tasks, if this Python can start them eagerly."""
        monitoring = self._monitoring
        if monitoring is None or monitoring.get_tool(_TOOL) is not None:
            return
        events = monitoring.events
        monitoring.use_tool_id(_TOOL, "loopscope")
        monitoring.register_callback(_TOOL, events.PY_START, self._on_start)
        monitoring.register_callback(_TOOL, events.PY_RETURN, self._on_return)
        monitoring.register_callback(_TOOL, events.INSTRUCTION, self._on_instruction)
        for code in (*self._creators, self._python_start):
            if code is not None:
                monitoring.set_local_events(_TOOL, code, events.PY_START | events.PY_RETURN)
        for code in (self._is_running, self._set_name):
            if code is not None:
                monitoring.set_local_events(_TOOL, code, events.PY_RETURN)

    # What `sys.monitoring` calls. `_kept` holds what must outlive these frames (see
    # `Guard.guarded_call`).

    def _on_start(self, code: Any, offset: int) -> None:
        """Handle the start of a function."""
        if code in self._creators:
            if not self._is_called_by_create_task(code, _getframe(1)):
                _kept = self._recorder.guarded_call(self._creation_began, _getframe(1), "coro")
        elif code is self._python_start:
            _kept = self._recorder.guarded_call(self._creation_began, _getframe(1), "self")
        elif self._unstarted:
            _kept = self._recorder.guarded_call(self._function_began)

    def _on_return(self, code: Any, offset: int, result: Any) -> None:
        """Handle the return of a function."""
        if code is self._is_running:
            if result is True:
                _kept = self._recorder.guarded_call(self._constructor_may_run, _getframe(1).f_back)
        elif code is self._set_name:
            _kept = self._recorder.guarded_call(
                self._recorder.task_named, _getframe(1).f_locals.get("task")
            )
        elif code is self._python_start:
            _kept = self._recorder.guarded_call(
                self._creation_ended, _getframe(1).f_locals.get("self")
            )
        elif not self._is_called_by_create_task(code, _getframe(1)):
            _kept = self._recorder.guarded_call(self._creation_ended, result)

    def _on_instruction(self, code: Any, offset: int) -> None:
        """Handle the next instruction of a function that may have called a task's constructor."""
        _kept = self._recorder.guarded_call(self._constructor_returned, code, _getframe(1))

    def _is_called_by_create_task(self, code: Any, frame: Any) -> bool:
        """Whether `create_task`, which will name the task, has called the running factory."""
        while (
            code is not self._create_task
            and frame.f_back is not None
            and not frame.f_code.co_flags & _SUSPENDABLE
        ):
            frame = frame.f_back
            if frame.f_code is self._create_task:
                return True
        return False

    # Functions that create tasks

    def _creation_began(self, frame: Any, variable: str) -> None:
        """Handle the start of a function that creates or starts a task.

        Args:
            frame: The function's frame.
            variable: Its variable that holds the coroutine ("coro") or the task ("self").
        """
        recorder = self._recorder
        self._announce_current_task()
        given = frame.f_locals.get(variable)
        creation = TaskCreation(
            recorder.now(), given if variable == "coro" else coro_of(given), recorder.line_of(frame)
        )
        recorder.steps.in_this_thread().append(creation)
        if variable == "self":
            recorder.number_of(given, creation)

    def _announce_current_task(self) -> None:
        """Announce the task that runs: it may be an eager one, which nothing has announced yet."""
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is not None:
            self._recorder.number_of(current)

    def _creation_ended(self, task: Any) -> object:
        """Handle the return of a function that has created or started a task.

        Returns:
            The tasks of the steps that are over.
        """
        recorder = self._recorder
        opened = recorder.steps.in_this_thread()
        if not opened:
            return None
        if isinstance(opened[-1], TaskCreation):
            creation = opened[-1]
            if issubclass(type(task), TASKS) and id(task) not in recorder.tasks.numbers:
                recorder.number_of(task, creation)
            if creation in opened:
                opened.remove(creation)
        step = opened[-1] if opened else None
        if (
            step is not None
            and not isinstance(step, TaskCreation)
            and step.eager
            and step.task() is task
        ):
            return recorder.steps.close(opened, len(opened) - 1)
        return None

    # The constructor of the task written in C

    def _constructor_may_run(self, caller: Any) -> None:
        """Handle a return of `is_running`, which a constructor written in C may have called."""
        recorder = self._recorder
        opened = recorder.steps.in_this_thread()
        if (
            caller is None
            or caller.f_code is self._python_init
            or "is_running" in caller.f_code.co_names
        ):
            return  # it was not called by a constructor
        self._announce_current_task()
        if not opened or isinstance(opened[-1], TaskCreation):
            return
        creation = TaskCreation(recorder.now(), None, recorder.line_of(caller))
        opened.append(creation)
        self._constructors.setdefault(get_ident(), []).append((id(caller), caller.f_code, creation))
        self._unstarted += 1
        events = self._monitoring.events
        self._monitoring.set_events(_TOOL, events.PY_START)
        self._monitoring.set_local_events(_TOOL, caller.f_code, events.INSTRUCTION)

    def _function_began(self) -> None:
        """Handle the start of any function.

        If this thread is constructing a task, the function is the task's coroutine.
        """
        recorder = self._recorder
        opened = recorder.steps.in_this_thread()
        waiting = self._constructors.get(get_ident())
        creation = waiting[-1][2] if waiting else None
        if creation is None or creation.started or not opened or opened[-1] is not creation:
            return
        self._mark_started(creation)
        task = _current_task(_running_loop())
        if task is not None and id(task) not in recorder.tasks.numbers:
            creation.set_coroutine(coro_of(task))
            recorder.number_of(task)
        if creation in opened:
            opened.remove(creation)

    def _mark_started(self, creation: TaskCreation) -> None:
        """Remember that a task has started, and stop listening once all have."""
        creation.started = True
        self._unstarted -= 1
        if not self._unstarted:
            self._monitoring.set_events(_TOOL, 0)

    def _constructor_returned(self, code: Any, frame: Any) -> object:
        """Handle the next instruction of a constructor's caller.

        A task that started eagerly has been suspended by now, or is done.

        Returns:
            The tasks of the steps that are over.
        """
        waiting = self._constructors.get(get_ident(), [])
        found = next(
            (
                index
                for index, entry in enumerate(waiting)
                if entry[0] == id(frame) and entry[1] is code
            ),
            None,
        )
        if found is None:
            return None
        ended, waiting[found:] = waiting[found:], []
        opened = self._recorder.steps.in_this_thread()
        closed: object = None
        for _, _, creation in ended:
            if creation in opened:  # nothing has started: it was a call of `is_running` alone
                opened.remove(creation)
            if not creation.started:
                self._mark_started(creation)
            if creation.step in opened:
                closed = self._recorder.steps.close(opened, opened.index(creation.step))
        if not any(
            entry[1] is code for entries in self._constructors.values() for entry in entries
        ):
            self._monitoring.set_local_events(_TOOL, code, 0)
        return closed
