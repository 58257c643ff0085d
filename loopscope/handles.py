"""What the loop's handles and coroutines say about themselves, asked in a way that runs no code of the program's.

In:  a handle, a callable, a coroutine. Out: the task that it steps, names, code.
"""

from __future__ import annotations

import functools
import types
from asyncio import futures, tasks
from typing import Any

# Both kinds: the one in C, and the one in Python, which the stubs for type checkers do not know.
TASKS = (tasks._PyTask, tasks.Task)  # type: ignore[attr-defined]
FUTURES = (futures._PyFuture, futures.Future)  # type: ignore[attr-defined]
_METHODS = (types.MethodType, types.BuiltinMethodType)
_CODES = {types.CoroutineType: "cr_code", types.GeneratorType: "gi_code"}
# Looks an attribute up without calling a `__getattr__` of the program's.
_attribute = object.__getattribute__


def task_of(handle: Any) -> Any:
    """The task that a handle steps, or None."""
    callback = handle._callback
    if type(callback) not in _METHODS and type(callback).__name__ != "TaskStepMethWrapper":  # asyncio does not show its type
        return None
    owner = callback.__self__
    return owner if issubclass(type(owner), TASKS) else None


def loop_of(task: Any) -> Any:
    """The loop that a task belongs to."""
    return _attribute(task, "_loop")


def raised_in(handle: Any, task: Any) -> str | None:
    """The exception, by name, with which a handle lets its task go on: raised at the `await` where that stands."""
    if task._must_cancel:
        return "CancelledError"
    for future in handle._args or ():
        if issubclass(type(future), FUTURES):
            # `cancelled()` may be the program's own, and `exception()` would mark it as retrieved.
            state, error = _attribute(future, "_state"), _attribute(future, "_exception")
            return "CancelledError" if state == "CANCELLED" else type(error).__name__ if error is not None else None
    return None


def callback_of(handle: Any) -> str:
    callback = handle._callback
    while issubclass(type(callback), functools.partial):
        callback = callback.func
    return name_of(getattr(callback, "__func__", callback) if type(callback) is types.MethodType else callback)


def name_of(thing: Any) -> str:
    try:
        return str(_attribute(thing, "__qualname__"))
    except AttributeError:
        return type(thing).__name__


def code_of(coro: Any) -> Any:
    """The code of a coroutine, where it is Python's own kind."""
    return getattr(coro, _CODES[type(coro)]) if type(coro) in _CODES else None
