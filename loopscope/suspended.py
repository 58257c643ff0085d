"""Where a suspended task stands and what it waits for, read from its coroutine chain.

In:  a task that is not running. Out: `Suspension`. Nothing is called on the task's or the coroutine's side: no repr, no result, no
exception, so that looking changes nothing (asking for `task.exception()`, for one, silences "exception was never retrieved").
"""

from __future__ import annotations

import asyncio
import gc
import os
from typing import NamedTuple

ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep

# (file in asyncio, function or its qualified name) -> what a reader calls it. The outermost match names the wait.
_WAITS = {
    ("tasks.py", "__sleep0"): "sleep 0 s",
    ("tasks.py", "wait"): "wait",
    ("tasks.py", "_wait"): "wait",
    ("tasks.py", "_wait_for_one"): "as_completed",
    ("threads.py", "to_thread"): "a thread",
    ("taskgroups.py", "__aexit__"): "TaskGroup",
    ("queues.py", "get"): "Queue.get",
    ("queues.py", "put"): "Queue.put",
    ("queues.py", "join"): "Queue.join",
    ("subprocess.py", "wait"): "a process",
    ("subprocess.py", "communicate"): "a process",
    ("base_subprocess.py", "_wait"): "a process",
    ("base_events.py", "getaddrinfo"): "a name look-up",
    ("base_events.py", "shutdown_default_executor"): "the executor's threads",
    ("base_events.py", "serve_forever"): "clients",
    ("base_events.py", "wait_closed"): "the server to close",
}
_SOCKETS = ("streams.py", "selector_events.py", "base_events.py", "sslproto.py", "unix_events.py", "proactor_events.py")


class Suspension(NamedTuple):
    line: int | None  # the program's own line, the innermost one
    waits: str | None


def look(task: asyncio.Task, program: str, names: dict[int, str]) -> Suspension:
    """Where `task` stands. `program` is the file whose lines count; `names` gives tasks' names by id()."""
    frames = []
    awaited = None
    link = task.get_coro()
    while link is not None and len(frames) < 200:
        for frame_name, next_name in (("cr_frame", "cr_await"), ("gi_frame", "gi_yieldfrom"), ("ag_frame", "ag_await")):
            if hasattr(link, frame_name):
                frame = getattr(link, frame_name)
                if frame is not None:
                    frames.append(frame)
                link = getattr(link, next_name)
                break
        else:
            # An object between two coroutines (a future's iterator, an async generator's asend) holds the next one.
            awaited = link
            held = [item for item in gc.get_referents(link) if hasattr(item, "cr_frame") or hasattr(item, "ag_frame") or hasattr(item, "gi_frame")]
            link = held[0] if held else None
    own = max((index for index, frame in enumerate(frames) if frame.f_code.co_filename == program), default=-1)
    line = frames[own].f_lineno if own >= 0 else None
    return Suspension(line, _waits(frames[own + 1 :], getattr(task, "_fut_waiter", None), awaited, names))


def _waits(library: list, future: object, awaited: object, names: dict[int, str]) -> str | None:
    inner = None
    for frame in library:
        code = frame.f_code
        if not code.co_filename.startswith(ASYNCIO):
            inner = inner or getattr(code, "co_qualname", code.co_name)
            continue
        file = code.co_filename[len(ASYNCIO) :]
        if (file, code.co_name) == ("tasks.py", "sleep"):
            delay = frame.f_locals.get("delay")
            if isinstance(delay, (int, float)) and not isinstance(delay, bool) and delay > 0:
                return f"sleep {delay:.6g} s"
            continue
        if file == "locks.py" and code.co_name in ("acquire", "wait", "wait_for"):
            return type(frame.f_locals["self"]).__name__
        if (file, code.co_name) == ("tasks.py", "wait_for"):
            inner = inner or "wait_for"
            continue
        found = _WAITS.get((file, code.co_name))
        if found:
            return found
        if file in _SOCKETS and code.co_name != "run_in_executor":
            return "a socket"
    if future is None:
        return None
    if id(future) in names:
        return names[id(future)]
    children = getattr(future, "_children", None)
    if type(future).__name__ == "_GatheringFuture" and isinstance(children, (list, tuple)):
        listed = [names.get(id(child), "a future") for child in children]
        return "gather(" + ", ".join(listed[:3] + ["…"] * (len(listed) > 3)) + ")"
    if any("_chain_future" in getattr(callback, "__qualname__", "") for callback, *_ in getattr(future, "_callbacks", None) or ()):
        return "an executor"
    if inner:
        return inner
    return "a future"
