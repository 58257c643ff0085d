"""Tasks that start eagerly (Python 3.12): they run at once, inside of the step that creates them,
and pass no ready queue.

In:  the recorder. Out: its steps for such starts, from `install` on.

`sys.monitoring` tells of a few functions of asyncio's, and of nothing else:
- `loop.create_task`, and the factories of `create_eager_task_factory`: what they return is the
  task;
- `_set_task_name` of Python 3.12, which names a task only after that, when it may be done already;
- `_start_eagerly` of the task written in Python;
- `loop.is_running`, which the task written in C calls just before it starts eagerly. From there to
  the next instruction of whoever called the constructor, the first function that begins is the
  task's own coroutine.
"""

from __future__ import annotations

import inspect
import sys
from _thread import get_ident
from asyncio import base_events, tasks
from typing import TYPE_CHECKING, Any

from . import compat
from .handles import TASKS, code_of, coro_of, name_of

if TYPE_CHECKING:
    from .open_steps import OpenStep
    from .recorder import Recorder

_TOOL = 4  # 0 to 2 and 5 belong to debuggers, coverage, profilers and optimizers
_PAUSES = (
    inspect.CO_COROUTINE
    | inspect.CO_GENERATOR
    | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)
_getframe = sys._getframe
_current_task = tasks.current_task
_running_loop = compat.running_loop


class Creating:
    """A task that is being created, and may be starting eagerly."""

    __slots__ = ("since", "coro", "code", "line", "seen", "step")

    def __init__(self, since: int, coro: Any, line: int | None) -> None:
        self.since = since
        self.coro, self.code = "?", None
        if coro is not None:
            self.is_of(coro)
        self.line = line
        self.seen = False  # a function has begun since
        self.step: OpenStep | None = None  # once it has started

    def is_of(self, coro: Any) -> None:
        """Note the coroutine: a task that is done when it has been created knows its coroutine no
        more.
        """
        self.coro, self.code = name_of(coro), code_of(coro)


class EagerStarts:
    """Watches for eager starts."""

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
        # thread -> (id of a frame, its code, what it constructs)
        self._constructing: dict[int, list[tuple[int, Any, Creating]]] = {}
        self._unstarted = 0  # how many of these have not been seen to start

    def install(self) -> None:
        """Watch from now on, where this Python can start tasks eagerly."""
        monitoring = self._monitoring
        if monitoring is None or monitoring.get_tool(_TOOL) is not None:
            return
        happen = monitoring.events
        monitoring.use_tool_id(_TOOL, "loopscope")
        monitoring.register_callback(_TOOL, happen.PY_START, self._begins)
        monitoring.register_callback(_TOOL, happen.PY_RETURN, self._returns)
        monitoring.register_callback(_TOOL, happen.INSTRUCTION, self._goes_on)
        for code in (*self._creators, self._python_start):
            if code is not None:
                monitoring.set_local_events(_TOOL, code, happen.PY_START | happen.PY_RETURN)
        for code in (self._is_running, self._set_name):
            if code is not None:
                monitoring.set_local_events(_TOOL, code, happen.PY_RETURN)

    # What `sys.monitoring` tells. The locals hold what must not go before these frames have gone
    # (see `Recorder.guarded_call`).

    def _begins(self, code: Any, offset: int) -> None:
        if code in self._creators:
            if not self._is_part_of_another(code, _getframe(1)):
                _kept = self._recorder.guarded_call(self._creating, _getframe(1), "coro")
        elif code is self._python_start:
            _kept = self._recorder.guarded_call(self._creating, _getframe(1), "self")
        elif self._unstarted:
            _kept = self._recorder.guarded_call(self._constructed_starts)

    def _returns(self, code: Any, offset: int, result: Any) -> None:
        if code is self._is_running:
            if result is True:
                _kept = self._recorder.guarded_call(self._may_construct, _getframe(1).f_back)
        elif code is self._set_name:
            _kept = self._recorder.guarded_call(
                self._recorder.task_named, _getframe(1).f_locals.get("task")
            )
        elif code is self._python_start:
            _kept = self._recorder.guarded_call(self._created, _getframe(1).f_locals.get("self"))
        elif not self._is_part_of_another(code, _getframe(1)):
            _kept = self._recorder.guarded_call(self._created, result)

    def _goes_on(self, code: Any, offset: int) -> None:
        _kept = self._recorder.guarded_call(self._constructed, code, _getframe(1))

    def _is_part_of_another(self, code: Any, frame: Any) -> bool:
        """Whether a factory does its work for `create_task`, which will name the task once it has
        it.
        """
        while (
            code is not self._create_task
            and frame.f_back is not None
            and not frame.f_code.co_flags & _PAUSES
        ):
            frame = frame.f_back
            if frame.f_code is self._create_task:
                return True
        return False

    # A function that creates a task

    def _creating(self, frame: Any, held: str) -> None:
        recorder = self._recorder
        loop = _running_loop()
        current = _current_task(loop) if loop is not None else None
        if current is not None:
            recorder.number_of(current)  # an eager task that starts another is first known here
        given = frame.f_locals.get(held)
        creating = Creating(
            recorder.now(), given if held == "coro" else coro_of(given), recorder.line_of(frame)
        )
        recorder.steps.of_this_thread().append(creating)
        if held == "self":
            recorder.number_of(given, creating)

    def _created(self, task: Any) -> object:
        recorder = self._recorder
        opened = recorder.steps.of_this_thread()
        if not opened:
            return None
        if isinstance(opened[-1], Creating):
            creating = opened[-1]
            if issubclass(type(task), TASKS) and id(task) not in recorder.tasks.numbers:
                recorder.number_of(task, creating)
            if creating in opened:
                opened.remove(creating)
        step = opened[-1] if opened else None
        if (
            step is not None
            and not isinstance(step, Creating)
            and step.eager
            and step.task() is task
        ):
            return recorder.steps.close(opened, len(opened) - 1)
        return None

    # The constructor of the task written in C

    def _may_construct(self, caller: Any) -> None:
        recorder = self._recorder
        opened = recorder.steps.of_this_thread()
        if (
            caller is None
            or caller.f_code is self._python_init
            or "is_running" in caller.f_code.co_names
        ):
            return  # somebody wants to know
        if not opened or isinstance(opened[-1], Creating):
            return
        creating = Creating(recorder.now(), None, recorder.line_of(caller))
        opened.append(creating)
        self._constructing.setdefault(get_ident(), []).append((id(caller), caller.f_code, creating))
        self._unstarted += 1
        happen = self._monitoring.events
        self._monitoring.set_events(_TOOL, happen.PY_START)
        self._monitoring.set_local_events(_TOOL, caller.f_code, happen.INSTRUCTION)

    def _constructed_starts(self) -> None:
        """A function begins. Where a task is being constructed in this thread, it is the task's
        coroutine.
        """
        recorder = self._recorder
        opened = recorder.steps.of_this_thread()
        waiting = self._constructing.get(get_ident())
        creating = waiting[-1][2] if waiting else None
        if creating is None or creating.seen or not opened or opened[-1] is not creating:
            return
        self._seen(creating)
        task = _current_task(_running_loop())
        if task is not None and id(task) not in recorder.tasks.numbers:
            creating.is_of(coro_of(task))
            recorder.number_of(task)
        if creating in opened:
            opened.remove(creating)

    def _seen(self, creating: Creating) -> None:
        creating.seen = True
        self._unstarted -= 1
        if not self._unstarted:
            self._monitoring.set_events(_TOOL, 0)

    def _constructed(self, code: Any, frame: Any) -> object:
        """Whoever called the constructor goes on: what started eagerly has paused, or is done."""
        waiting = self._constructing.get(get_ident(), [])
        found = next(
            (
                place
                for place, entry in enumerate(waiting)
                if entry[0] == id(frame) and entry[1] is code
            ),
            None,
        )
        if found is None:
            return None
        ended, waiting[found:] = waiting[found:], []
        opened = self._recorder.steps.of_this_thread()
        closed: object = None
        for _, _, creating in ended:
            if creating in opened:  # nothing started: somebody has only asked
                opened.remove(creating)
            if not creating.seen:
                self._seen(creating)
            if creating.step in opened:
                closed = self._recorder.steps.close(opened, opened.index(creating.step))
        if not any(
            entry[1] is code for entries in self._constructing.values() for entry in entries
        ):
            self._monitoring.set_local_events(_TOOL, code, 0)
        return closed
