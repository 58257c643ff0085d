"""Where a task is suspended and what it waits for, read from its coroutine chain.

Nothing is called on the task or the coroutine: no repr, no result, no exception, so that looking
changes nothing (calling `task.exception()`, for one, silences "exception was never retrieved").
Other tasks are referred to by number, as their names may still change.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import sys
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from ..trace.events import Parts, UnnamedWait, WaitKind
from .handles import TASKS, attribute_of, awaited_by, closure_of, coro_of

ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep

_PIPE, _SOCKET = UnnamedWait("io", ("a pipe",)), UnnamedWait("io", ("a socket",))
_THREADS = UnnamedWait("thread", ("the executor's threads",))

# Waits by (file in asyncio, function), as readers call them. The outermost match counts.
_WAITS = {
    ("tasks.py", "__sleep0"): UnnamedWait("sleep", (), 0.0),
    ("tasks.py", "_wait_for_one"): UnnamedWait("as_completed"),
    ("threads.py", "to_thread"): UnnamedWait("thread", ("a thread",)),
    ("taskgroups.py", "__aexit__"): UnnamedWait("task_group"),
    ("queues.py", "get"): UnnamedWait("queue", ("Queue.get",)),
    ("queues.py", "put"): UnnamedWait("queue", ("Queue.put",)),
    ("queues.py", "join"): UnnamedWait("queue", ("Queue.join",)),
    ("subprocess.py", "create_subprocess_exec"): UnnamedWait("process", ("a process to start",)),
    ("subprocess.py", "create_subprocess_shell"): UnnamedWait("process", ("a process to start",)),
    ("subprocess.py", "wait"): UnnamedWait("process", ("a process",)),
    ("subprocess.py", "communicate"): UnnamedWait("process", ("a process",)),
    ("base_subprocess.py", "_wait"): UnnamedWait("process", ("a process",)),
    ("base_events.py", "getaddrinfo"): UnnamedWait("io", ("a name look-up",)),
    ("base_events.py", "shutdown_default_executor"): _THREADS,
    ("base_events.py", "serve_forever"): UnnamedWait("io", ("clients",)),
    ("base_events.py", "wait_closed"): UnnamedWait("io", ("the server to close",)),
    ("base_events.py", "connect_read_pipe"): _PIPE,
    ("base_events.py", "connect_write_pipe"): _PIPE,
}
# Any other wait in one of these files is for a socket, unless it only yields to the loop.
_SOCKETS = (
    "streams.py",
    "selector_events.py",
    "base_events.py",
    "sslproto.py",
    "unix_events.py",
    "proactor_events.py",
)
# Where Python's executors hold their threads. A concurrent future does not say who will fill it.
_EXECUTOR_REGISTRIES = (
    ("concurrent.futures.thread", "_threads_queues"),
    ("concurrent.futures.process", "_threads_wakeups"),
)
_LOCKS = ("acquire", "wait", "wait_for")

# By type of a link in the chain: the attributes that hold its frame and the next link.
_LINKS: dict[type, tuple[str, str]] = {
    types.CoroutineType: ("cr_frame", "cr_await"),
    types.GeneratorType: ("gi_frame", "gi_yieldfrom"),
    types.AsyncGeneratorType: ("ag_frame", "ag_await"),
}
# Objects of the interpreter's between two links, without an attribute for what they wrap.
_WRAPPERS = (
    "async_generator_asend",
    "async_generator_athrow",
    "coroutine_wrapper",
    "anext_awaitable",
)


class Suspension(NamedTuple):
    """Where a task is suspended.

    Attributes:
        line: The program's innermost line in the coroutine chain, or None.
        waiting_on: What the task waits for, or None.
    """

    line: int | None
    waiting_on: UnnamedWait | None


class Lookup(NamedTuple):
    """What the recorder knows of tasks and futures.

    Attributes:
        numbers: The number of each known task, by its `id()`.
        threadsafe: Returns the name of the coroutine that will fill a concurrent future of
            `run_coroutine_threadsafe`, or None.
    """

    numbers: dict[int, int]
    threadsafe: Callable[[Any], str | None]

    def number(self, thing: Any) -> int | None:
        """Return a task's number, None for anything else."""
        return self.numbers.get(id(thing))

    def name(self, future: Any) -> int | str:
        """Return a task's number, or a description of anything else."""
        number = self.number(future)
        return (
            number
            if number is not None
            else "a task"
            if issubclass(type(future), TASKS)
            else "a future"
        )


def read_suspension(task: Any, program: str, lookup: Lookup) -> Suspension:
    """Return where a task is suspended and what it waits for.

    Args:
        task: A task that is not running.
        program: The file whose lines count.
        lookup: What is known of other tasks.
    """
    frames = frames_of(coro_of(task))
    # The frames' positions often determine the answer: then they are the key to it next time.
    positions = tuple([part for frame in frames for part in (id(frame.f_code), frame.f_lasti)])
    known = _cache.get(positions)
    if known is not None:
        return known[0]
    innermost = max(
        (index for index, frame in enumerate(frames) if frame.f_code.co_filename == program),
        default=-1,
    )
    line = frames[innermost].f_lineno if innermost >= 0 else None
    library = frames[innermost + 1 :]
    found = Suspension(line, _wait(library, awaited_by(task), lookup))
    if library and _is_cacheable(library) and len(_cache) < _CACHE_SIZE:
        _cache[positions] = found, [frame.f_code for frame in frames]
    return found


_cache: dict[tuple[int, ...], tuple[Suspension, list[types.CodeType]]] = {}
"""Suspensions by the `id()` of each frame's code and the position in it.

The code objects are kept, so that no others can get the same ids.
"""
_CACHE_SIZE = 1000
_MAX_DEPTH = 200


def frames_of(link: Any) -> list[Any]:
    """Return the frames of a chain of coroutines and generators, outermost first."""
    frames = []
    for _ in range(_MAX_DEPTH):
        kind = type(link)
        if kind is types.CoroutineType:
            frame, link = link.cr_frame, link.cr_await
            if frame is not None:
                frames.append(frame)
        elif link is None:
            break
        elif kind in _LINKS:
            frame_name, next_name = _LINKS[kind]
            frame = getattr(link, frame_name)
            if frame is not None:
                frames.append(frame)
            link = getattr(link, next_name)
        elif kind.__name__ in _WRAPPERS:
            held = [
                item
                for item in gc.get_referents(link)
                if type(item) in _LINKS or type(item).__name__ in _WRAPPERS
            ]
            link = held[0] if held else None
        else:
            break
    return frames


def _is_cacheable(library: list[Any]) -> bool:
    """Whether the positions of asyncio's frames alone determine the wait.

    `sleep` calls `__sleep0` only if its delay is 0 or less.
    """
    names = [
        (code.co_filename[len(ASYNCIO) :], code.co_name)
        for code in (frame.f_code for frame in library)
        if code.co_filename.startswith(ASYNCIO)
    ]
    return names == [("tasks.py", "sleep"), ("tasks.py", "__sleep0")]


def _wait(library: list[Any], future: Any, lookup: Lookup) -> UnnamedWait | None:
    """Return what a task waits for.

    Args:
        library: The frames that do not belong to the program, outermost first.
        future: The future at their end.
        lookup: What is known of other tasks.
    """
    outer = None
    for frame in library:
        code = frame.f_code
        if not code.co_filename.startswith(ASYNCIO):
            outer = outer or getattr(code, "co_qualname", code.co_name)
            continue
        found = _asyncio_wait(frame, code.co_filename[len(ASYNCIO) :], code.co_name, future, lookup)
        if found:
            return found
    if future is None:
        return None
    return _future_wait(future, lookup) or UnnamedWait("future", (outer or "a future",))


def _asyncio_wait(
    frame: Any,
    file: str,
    function: str,
    future: Any,
    lookup: Lookup,
) -> UnnamedWait | None:
    """Return what a function of asyncio's waits for, if it is one that readers know."""
    if (file, function) == ("tasks.py", "sleep"):
        delay = frame.f_locals.get("delay")
        if type(delay) in (int, float, bool):
            return _sleep_wait(delay) if delay > 0 else None
        # A delay of a type of the program's, whose code would run to compare or print it.
        return None if future is None else UnnamedWait("future", ("a sleep",))
    if file == "locks.py" and function in _LOCKS:
        return UnnamedWait("primitive", (type(frame.f_locals["self"]).__name__,))
    if (file, function) == ("tasks.py", "wait_for"):  # up to 3.11 it waits on an internal future
        number = lookup.number(frame.f_locals.get("fut"))
        return None if number is None else UnnamedWait("task", (number,))
    if (file, function) == ("tasks.py", "_wait"):
        numbers = [lookup.name(one) for one in frame.f_locals["fs"]]
        return _wait_for_several(
            "wait", sorted(numbers, key=lambda name: (isinstance(name, str), name))
        )
    if file == "streams.py":
        stream = frame.f_locals.get("self")
        transport = getattr(stream, "_transport", None)
        if "Pipe" in type(transport).__name__:
            return _PIPE
        # The program itself feeds it.
        if transport is None and issubclass(type(stream), asyncio.StreamReader):
            return UnnamedWait("io", ("a stream",))
    if (file, function) == ("base_events.py", "run_in_executor"):
        return None
    known = _WAITS.get((file, function))
    return _SOCKET if known is None and file in _SOCKETS and future is not None else known


def _sleep_wait(delay: float) -> UnnamedWait:
    """Return the wait for a sleep of so many seconds."""
    if delay == math.inf:
        return UnnamedWait("sleep", (f"{delay} s",))  # JSON has no infinity
    return UnnamedWait("sleep", (), float(delay))


def _future_wait(future: Any, lookup: Lookup) -> UnnamedWait | None:
    """Return the wait for a future that is a task, or depends on tasks or on a thread."""
    number = lookup.number(future)
    if number is not None:
        return UnnamedWait("task", (number,))
    children = attribute_of(future, "_children")
    if type(future).__name__ == "_GatheringFuture" and isinstance(children, (list, tuple)):
        return _wait_for_several("gather", [lookup.name(child) for child in children])
    for callback, *_ in attribute_of(future, "_callbacks") or ():
        name = getattr(callback, "__qualname__", "") if type(callback) is types.FunctionType else ""
        if "_chain_future" in name:
            coroutine = lookup.threadsafe(closure_of(callback).get("source"))
            if coroutine is not None:
                return UnnamedWait("thread", (f"run_coroutine_threadsafe({coroutine})",))
            if any(
                getattr(sys.modules.get(module), name, ()) for module, name in _EXECUTOR_REGISTRIES
            ):
                return UnnamedWait("thread", ("an executor",))
            return UnnamedWait("future", ("a concurrent future",))
        if name == "shield.<locals>._outer_done_callback":
            return UnnamedWait("shield", (lookup.name(closure_of(callback)["inner"]),))
    return None


def _wait_for_several(function: WaitKind, names: list[int | str]) -> UnnamedWait:
    """Return the wait of a function for several tasks, of which it names the first."""
    shown = [*names[:3], *(["…"] if len(names) > 3 else [])]
    subject: Parts = tuple(part for name in shown for part in (", ", name))[1:]
    return UnnamedWait(function, subject)
