"""What is known about the types of asyncio's objects: what its functions return.

Only what is certain is here: `ensure_future()` returns a task or a future, so it is not.
"""

from __future__ import annotations

from typing import Any

Type = Any
"""The id of a class of asyncio, None if the type is not certain, or one of these tuples:

("items", T): something that holds objects of a type. ("awaitable", T): what gives one when it is
awaited. ("tuple", T, U): a tuple. ("class", id): a class of asyncio itself. ("function", id): a
function or method of asyncio. ("module", prefix): asyncio, or asyncio.subprocess. ("import", id):
what was imported from there. ("object", node): an object of a class of the program's. ("own class",
node) and ("own function", node): such a class, or a function of the program's.
"""

_STREAMS = ("awaitable", ("tuple", "StreamReader", "StreamWriter"))
_PROCESS = ("awaitable", "subprocess.Process")
RETURNS: dict[str, Type] = {
    "create_task": "Task",
    "TaskGroup.create_task": "Task",
    "loop.create_task": "Task",
    "current_task": "Task",
    "all_tasks": ("items", "Task"),
    "gather": "Future",
    "wrap_future": "Future",
    "loop.create_future": "Future",
    "loop.run_in_executor": "Future",
    "timeout": "Timeout",
    "timeout_at": "Timeout",
    "get_running_loop": "AbstractEventLoop",
    "get_event_loop": "AbstractEventLoop",
    "new_event_loop": "AbstractEventLoop",
    "Future.get_loop": "AbstractEventLoop",
    "Runner.get_loop": "AbstractEventLoop",
    "loop.call_soon": "Handle",
    "loop.call_soon_threadsafe": "Handle",
    "loop.call_later": "TimerHandle",
    "loop.call_at": "TimerHandle",
    "open_connection": _STREAMS,
    "open_unix_connection": _STREAMS,
    "start_server": ("awaitable", "Server"),
    "start_unix_server": ("awaitable", "Server"),
    "loop.create_server": ("awaitable", "Server"),
    "create_subprocess_exec": _PROCESS,
    "create_subprocess_shell": _PROCESS,
    "capture_call_graph": "FutureCallGraph",
}
"""What functions and methods return."""

ATTRIBUTES: dict[str, Type] = {
    "subprocess.Process.stdin": "StreamWriter",
    "subprocess.Process.stdout": "StreamReader",
    "subprocess.Process.stderr": "StreamReader",
    "StreamWriter.transport": "WriteTransport",
    "FutureCallGraph.call_stack": ("items", "FrameCallGraphEntry"),
    "FutureCallGraph.awaited_by": ("items", "FutureCallGraph"),
}
"""What attributes hold."""

ENTERED = {"TaskGroup", "Timeout", "Runner"}
"""The classes whose objects `with` gives to the variable after `as`."""

CONTAINERS = {
    "list",
    "set",
    "frozenset",
    "deque",
    "Iterable",
    "Iterator",
    "Sequence",
    "Collection",
}
"""The types in whose brackets an annotation names what they hold."""


def is_kind(of: Type, kind: str) -> bool:
    """Return whether a type is a tuple of a kind."""
    return isinstance(of, tuple) and of[0] == kind


def part_of(of: Type, kind: str) -> Type:
    """Return the type inside a type of a kind."""
    return of[1] if isinstance(of, tuple) and of[0] == kind else None


def element_of(of: Type, place: int) -> Type:
    """Return the type of an element of a tuple, or of what holds objects of a type."""
    if isinstance(of, tuple) and of[0] == "tuple" and place + 1 < len(of):
        return of[place + 1]
    return part_of(of, "items")
