"""Texts for asyncio's own objects: how a future stands, who holds a lock, how full a queue is.

All is read from what they store. Nothing is called on them: `task.exception()`, for one, would
silence "exception was never retrieved".
"""

from __future__ import annotations

import asyncio
import types
from collections import deque
from collections.abc import Callable
from typing import Any

from ..compat import FUTURE_TYPES
from .safe_reading import MISSING, UNREADABLE, read, type_name

# Bound here because the program may replace any of these.
_type, _len, _issubclass, _int, _str, _set = type, len, issubclass, int, str, set
_list, _deque, _TypeError = list, deque, TypeError

_FUTURE: Any = FUTURE_TYPES[-1]  # written in C, unless this Python has it in Python only
_GETTERS: dict[str, Callable[[Any], Any]] = {
    name: getter.__get__
    for name in ("_state", "_exception")
    if type(getter := _FUTURE.__dict__.get(name)) is types.GetSetDescriptorType
}
_STATES = {"PENDING": "pending", "CANCELLED": "cancelled"}
_TIMEOUT_STATES = {
    "created": "not begun",
    "active": "running",
    "expiring": "expired",
    "expired": "expired",
    "finished": "finished",
}


def future_state(future: Any) -> str:
    """Return the state of a future or a task: "pending", "done", "raised" or "cancelled".

    Raises:
        RuntimeError: Its `__init__` has not been called yet.
        TypeError: Its state cannot be read without running code of the program's.
    """
    state = _read_future(future, "_state")
    if _type(state) is not _str:
        raise _TypeError
    if state != "FINISHED":
        return _STATES[state]
    error = _read_future(future, "_exception")
    if error is UNREADABLE:
        raise _TypeError
    return "done" if error is None else "raised"


def _read_future(future: Any, name: str) -> Any:
    """Return what a future stores; a class of the program's may hide it under the same name."""
    if name in _GETTERS and _issubclass(_type(future), _FUTURE):
        return _GETTERS[name](future)
    return read(future, name)


def _yes_or_no(value: object, name: str) -> bool:
    """Return an attribute that has to be True or False."""
    found = read(value, name)
    if found is not True and found is not False:
        raise _TypeError
    return found


def _number(value: object, name: str) -> int:
    """Return an attribute that has to be an integer."""
    found: int = read(value, name)
    if _type(found) is not _int:
        raise _TypeError
    return found


def _state_of(value: object) -> str:
    """Return the value of the enumeration's member that is an object's state."""
    found: str = read(read(value, "_state"), "_value_")
    if _type(found) is not _str:
        raise _TypeError
    return found


def _lock(value: object) -> str:
    return "Lock (held)" if _yes_or_no(value, "_locked") else "Lock (free)"


def _event(value: object) -> str:
    return "Event (set)" if _yes_or_no(value, "_value") else "Event (not set)"


def _condition(value: object) -> str:
    held = _yes_or_no(read(value, "_lock"), "_locked")
    return "Condition (held)" if held else "Condition (free)"


def _semaphore(value: object) -> str:
    return f"{type_name(_type(value))} ({_number(value, '_value')} free)"


def _barrier(value: object) -> str:
    if _state_of(value) == "broken":
        return "Barrier (broken)"
    return f"Barrier ({_number(value, '_count')} of {_number(value, '_parties')} waiting)"


def _queue(value: object) -> str:
    items, room = read(value, "_queue"), read(value, "_maxsize")
    if _type(items) is not _deque and _type(items) is not _list:
        raise _TypeError
    name, count, unfinished = type_name(_type(value)), _len(items), read(value, "_unfinished_tasks")
    bounded = _type(room) is _int and room > 0
    text = f"{name}: {count} of at most {room}" if bounded else f"{name} of {count}"
    notes = []
    if bounded and count >= room:
        notes.append("full")
    if _type(unfinished) is _int and unfinished > 0:
        notes.append(f"{unfinished} unfinished")
    if read(value, "_is_shutdown") is True:
        notes.append("shut down")
    return f"{text} ({', '.join(notes)})" if notes else text


def _task_group(value: object) -> str:
    tasks = read(value, "_tasks")
    if _type(tasks) is not _set:
        raise _TypeError
    count = _len(tasks)
    return f"TaskGroup ({count} task)" if count == 1 else f"TaskGroup ({count} tasks)"


def _timeout(value: object) -> str:
    return f"Timeout ({_TIMEOUT_STATES[_state_of(value)]})"


TEXTS: dict[int, Callable[[Any], str]] = {
    id(kind): show
    for name, show in (
        ("Lock", _lock),
        ("Event", _event),
        ("Condition", _condition),
        ("Semaphore", _semaphore),
        ("BoundedSemaphore", _semaphore),
        ("Barrier", _barrier),
        ("Queue", _queue),
        ("LifoQueue", _queue),
        ("PriorityQueue", _queue),
        ("TaskGroup", _task_group),
        ("Timeout", _timeout),
    )
    if (kind := getattr(asyncio, name, MISSING)) is not MISSING  # 3.10 lacks the youngest
}
"""The function for each type, by the type's `id()`."""
