"""What the loop's handles and coroutines say about themselves, asked in a way that runs no code of the program's.

In:  a handle, a callable, a coroutine. Out: the task that it steps, names, code.
"""

from __future__ import annotations

import functools
import types
from asyncio import tasks
from typing import Any

TASKS = (tasks._PyTask, tasks.Task)  # type: ignore[attr-defined]
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
