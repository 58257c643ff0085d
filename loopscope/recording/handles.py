"""Reads the loop's handles, tasks and coroutines without running any code of the program's.

A program may have tasks of a class of its own, whose `done`, `get_name` or `__getattr__` would run
its code. So everything is looked up on asyncio's own classes.
"""

from __future__ import annotations

import functools
import gc
import types
from asyncio import events
from typing import Any

from ..trace.events import Outcome
from . import compat

TASKS, FUTURES = compat.TASK_TYPES, compat.FUTURE_TYPES
TIMER = events.TimerHandle
_C_TASK = TASKS[-1]  # most tasks; the program cannot have overridden anything of these
_STEP_IN_C = "TaskStepMethWrapper"
_METHODS = (types.MethodType, types.BuiltinMethodType)
BOUND: set[type] = {*_METHODS}
"""Types of callables that are bound to an object, `__self__`.

The type in which a task written in C wraps its first step is added when it is first met: asyncio
does not export it.
"""
_CODES = {types.CoroutineType: "cr_code", types.GeneratorType: "gi_code"}
# Looks up an attribute without calling a `__getattr__` of the program's.
_attribute = object.__getattribute__


def attribute_of(thing: Any, name: str) -> Any:
    """Return an attribute, or None if there is none."""
    try:
        return _attribute(thing, name)
    except AttributeError:
        return None


def task_of(handle: Any) -> Any:
    """Return the task that a handle steps, or None."""
    callback = handle._callback
    if type(callback) not in BOUND:
        if type(callback).__name__ != _STEP_IN_C:
            return None
        BOUND.add(type(callback))
    owner = callback.__self__
    return owner if issubclass(type(owner), TASKS) else None


def loop_of(task: Any) -> Any:
    """Return the loop that a task belongs to."""
    return _attribute(task, "_loop")


def task_name(task: Any) -> Any:
    """Return a task's name; None or "None" until it has one."""
    return task.get_name() if type(task) is _C_TASK else _asyncio_class(task).get_name(task)


def coro_of(task: Any) -> Any:
    """Return a task's coroutine."""
    return task.get_coro() if type(task) is _C_TASK else _asyncio_class(task).get_coro(task)


def _asyncio_class(task: Any) -> Any:
    """Return asyncio's own class of a task."""
    return TASKS[-1] if issubclass(type(task), TASKS[-1]) else TASKS[0]


def is_done(task: Any) -> bool:
    """Whether a task is done."""
    state: str = _attribute(task, "_state")
    return state != "PENDING"


def outcome_of(task: Any) -> tuple[Outcome, str | None]:
    """Return how a done task ended, and the type of the exception that it raised, if any."""
    if _attribute(task, "_state") == "CANCELLED":
        return "cancelled", None
    # `exception()` would mark the exception as retrieved, and so silence asyncio's own warning.
    error = _attribute(task, "_exception")
    return ("returned", None) if error is None else ("raised", type(error).__name__)


def awaited_by(task: Any) -> Any:
    """Return the future that a suspended task waits for, or None."""
    return _attribute(task, "_fut_waiter")


def must_cancel(task: Any) -> bool:
    """Return whether a task was cancelled when it waited for nothing: it was ready, or it ran."""
    return bool(_attribute(task, "_must_cancel"))


def raised_in(handle: Any, task: Any) -> str | None:
    """Return the type of the exception that a handle throws into its task, or None.

    The task raises it at the `await` where it is suspended.
    """
    if must_cancel(task):
        return "CancelledError"
    given = handle._args or ()
    if type(handle._callback) not in _METHODS:
        # The task and the exception that it begins with; these attributes have no names.
        given = [*given, *gc.get_referents(handle._callback)]
    for one in given:
        if issubclass(type(one), BaseException):
            # a mistake of the task's: it awaited itself, or something that is not awaitable
            return type(one).__name__
        if one is not task and issubclass(type(one), FUTURES):
            # `cancelled()` may be overridden, and `exception()` would mark it as retrieved.
            state, error = _attribute(one, "_state"), _attribute(one, "_exception")
            return (
                "CancelledError"
                if state == "CANCELLED"
                else type(error).__name__
                if error is not None
                else None
            )
    return None


def callback_name(handle: Any) -> str:
    """Return the name of the function that a handle calls."""
    callback = handle._callback
    while issubclass(type(callback), functools.partial):
        callback = callback.func
    return qualified_name(
        getattr(callback, "__func__", callback) if type(callback) is types.MethodType else callback
    )


def qualified_name(thing: Any) -> str:
    """Return the qualified name of a function or coroutine; for anything else, that of its type."""
    try:
        return str(_attribute(thing, "__qualname__"))
    except AttributeError:
        return type(thing).__name__


def code_of(coro: Any) -> Any:
    """Return the code object of a coroutine, or None if it is not one of Python's own kinds."""
    return getattr(coro, _CODES[type(coro)]) if type(coro) in _CODES else None


def closure_of(function: Any) -> dict[str, Any]:
    """Return the values of a function's free variables, by name."""
    if type(function) is not types.FunctionType:
        return {}
    held = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            held[name] = cell.cell_contents
        except ValueError:  # not bound yet
            continue
    return held
