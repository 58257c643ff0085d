"""Every private name of asyncio that loopscope relies on, and whether this Python has it.

asyncio may rename in any release what it does not document. A name that is gone is easily noticed;
a name that is still there but means something else would make a record that lies. So `probe` also
runs one small loop, and checks whether its ready queue, its timers and its tasks are where the
recorder looks for them.

Another private name that loopscope comes to need has to be added to `NAMES`; a test compares these
with what the modules use.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from asyncio import events, futures, tasks
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .plan import DECLARE_REAL

STEPS = "steps"  # without it no loop can be recorded
CLOCK = "clock"  # without it there is no virtual clock
DETAIL = "detail"  # without it the record says less
NOTHING = "nothing"  # loopscope does as well without it


@dataclass(frozen=True)
class PrivateName:
    """A private name of asyncio.

    Attributes:
        path: Where it is: module and name, or class and attribute.
        purpose: What loopscope reads from it, in a few words.
        needed_for: What is impossible without it: some of STEPS, CLOCK, DETAIL, NOTHING.
        since: The Python that introduced it.
    """

    path: str
    purpose: str
    needed_for: tuple[str, ...]
    since: tuple[int, int] = (3, 10)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


LOOP, HANDLE, TASK = (
    "asyncio.base_events.BaseEventLoop",
    "asyncio.events.Handle",
    "asyncio.tasks.Task",
)
NAMES = (
    PrivateName(f"{LOOP}._ready", "the ready queue", (STEPS,)),
    PrivateName(f"{LOOP}._scheduled", "the timers", (STEPS, CLOCK)),
    PrivateName(f"{LOOP}._selector", "what the loop waits with", (CLOCK,)),
    PrivateName(f"{LOOP}._process_events", "what the loop does with what it waited for", (CLOCK,)),
    PrivateName(f"{LOOP}._write_to_self", "how a loop is woken", (CLOCK,)),
    PrivateName(f"{LOOP}._clock_resolution", "how exact the loop's clock is", (NOTHING,)),
    PrivateName(f"{LOOP}._asyncgens", "the order in which generators are closed", (NOTHING,)),
    PrivateName(f"{LOOP}._thread_id", "which callbacks are input and output", (DETAIL,)),
    PrivateName(f"{HANDLE}._run", "when a turn begins and ends", (STEPS,)),
    PrivateName(f"{HANDLE}._callback", "what a turn of the loop runs", (STEPS,)),
    PrivateName(f"{HANDLE}._args", "what a turn of the loop runs", (STEPS,)),
    PrivateName(f"{HANDLE}._cancelled", "which callbacks are cancelled", (STEPS, CLOCK)),
    PrivateName("asyncio.events.TimerHandle._when", "when timers fall due", (STEPS, CLOCK)),
    PrivateName(f"{TASK}._must_cancel", "which tasks are being cancelled", (STEPS,)),
    PrivateName(f"{TASK}._fut_waiter", "what a task waits for", (STEPS,)),
    PrivateName(f"{TASK}._exception", "how a task ended", (STEPS,)),
    PrivateName(f"{TASK}._state", "how a task ended", (STEPS,)),
    PrivateName(f"{TASK}._loop", "a task's loop", (STEPS,)),
    PrivateName(f"{TASK}._callbacks", "what a shielded task waits for", (DETAIL,)),
    PrivateName("asyncio.tasks._PyTask", "tasks written in Python", (NOTHING,)),
    PrivateName(
        "asyncio.tasks._set_task_name", "names of tasks that start eagerly, on 3.12", (NOTHING,)
    ),
    PrivateName("asyncio.futures._PyFuture", "futures written in Python", (NOTHING,)),
    PrivateName("asyncio.events._get_running_loop", "the running loop", (NOTHING,)),
    PrivateName(
        "asyncio.events._set_running_loop", "when a loop begins and ends to run", (DETAIL,)
    ),
    PrivateName("asyncio.futures._chain_future", "which tasks wait for an executor", (DETAIL,)),
    PrivateName("asyncio.tasks._GatheringFuture", "what gather waits for", (DETAIL,)),
    PrivateName("asyncio.tasks._GatheringFuture._children", "what gather waits for", (DETAIL,)),
    PrivateName("asyncio.tasks.__sleep0", "which tasks sleep for 0 seconds", (DETAIL,)),
    PrivateName("asyncio.tasks._wait", "what wait() waits for", (DETAIL,)),
    PrivateName(
        "asyncio.tasks._AsCompletedIterator",
        "what as_completed waits for",
        (DETAIL,),
        since=(3, 13),
    ),
    PrivateName(
        "asyncio.tasks._AsCompletedIterator._wait_for_one",
        "what as_completed waits for",
        (DETAIL,),
        since=(3, 13),
    ),
    PrivateName(
        "asyncio.base_subprocess.BaseSubprocessTransport._wait",
        "which tasks wait for a process",
        (DETAIL,),
    ),
    PrivateName(
        "asyncio.streams.StreamReader._transport", "which tasks wait for a pipe", (DETAIL,)
    ),
    PrivateName("asyncio.locks.Lock._locked", "whether a lock is held", (DETAIL,)),
    PrivateName("asyncio.locks.Event._value", "whether an event is set", (DETAIL,)),
    PrivateName("asyncio.locks.Semaphore._value", "how often it can be acquired", (DETAIL,)),
    PrivateName("asyncio.locks.Condition._lock", "whether a condition is held", (DETAIL,)),
    PrivateName("asyncio.locks.Barrier._count", "how many wait", (DETAIL,), since=(3, 11)),
    PrivateName("asyncio.locks.Barrier._parties", "for how many", (DETAIL,), since=(3, 11)),
    PrivateName("asyncio.queues.Queue._queue", "how full a queue is", (DETAIL,)),
    PrivateName("asyncio.queues.Queue._maxsize", "how much fits into a queue", (DETAIL,)),
    PrivateName("asyncio.queues.Queue._unfinished_tasks", "what join() waits for", (DETAIL,)),
    PrivateName(
        "asyncio.queues.Queue._is_shutdown", "which queues are shut down", (DETAIL,), since=(3, 13)
    ),
    PrivateName(
        "asyncio.taskgroups.TaskGroup._tasks", "how many tasks it has", (DETAIL,), since=(3, 11)
    ),
)
# Fallbacks for names that are gone.
TASK_TYPES: tuple[Any, ...] = tuple(
    dict.fromkeys((getattr(tasks, "_PyTask", tasks.Task), tasks.Task))
)
FUTURE_TYPES: tuple[Any, ...] = tuple(
    dict.fromkeys((getattr(futures, "_PyFuture", futures.Future), futures.Future))
)


def _public_running_loop() -> Any:
    """Return the running loop, or None, by way of asyncio's public functions."""
    try:
        return events.get_running_loop()
    except RuntimeError:
        return None


running_loop: Callable[[], Any] = getattr(events, "_get_running_loop", _public_running_loop)


@dataclass(frozen=True)
class Incompatibility:
    """Something in asyncio that is not as loopscope needs it.

    Attributes:
        what: A clause: "asyncio.base_events.BaseEventLoop._ready is gone (the ready queue)".
        needed_for: What is impossible because of it: some of STEPS, CLOCK, DETAIL, NOTHING.
    """

    what: str
    needed_for: tuple[str, ...]


@functools.cache
def probe() -> tuple[Incompatibility, ...]:
    """Return how this Python differs from what loopscope needs.

    The answer is found once per process, before anything is recorded; a forked child inherits it.
    It is empty on the Pythons that loopscope was made for.
    """
    from .trial_loop import check_loop_internals  # which imports this module

    gone: list[PrivateName] = []
    for name in NAMES:
        owner_is_gone = any(name.path.startswith(f"{other.path}.") for other in gone)
        if sys.version_info >= name.since and not owner_is_gone and not _exists(name.path):
            gone.append(name)
    found = [
        Incompatibility(f"{name.path} is gone ({name.purpose})", name.needed_for) for name in gone
    ]
    return tuple(found if _affecting(found, STEPS, CLOCK) else (*found, *check_loop_internals()))


def cannot_record(found: Iterable[Incompatibility] | None = None) -> str | None:
    """Return one sentence that says why no loop can be recorded on this Python, or None.

    Args:
        found: The incompatibilities; those of this Python if None.
    """
    return _sentence(
        "loopscope cannot record on",
        _affecting(probe() if found is None else found, STEPS),
    )


def no_virtual_clock(found: Iterable[Incompatibility] | None = None) -> str | None:
    """Return one sentence that says why there is no virtual clock on this Python, or None.

    Args:
        found: The incompatibilities; those of this Python if None.
    """
    why = _sentence(
        "the virtual clock does not work on",
        _affecting(probe() if found is None else found, CLOCK),
    )
    return why and f"{why}; {DECLARE_REAL}"


def records_less(found: Iterable[Incompatibility] | None = None) -> str | None:
    """Return one sentence that says what a record on this Python lacks, or None.

    Args:
        found: The incompatibilities; those of this Python if None.
    """
    return _sentence(
        "loopscope records less on",
        _affecting(probe() if found is None else found, DETAIL),
    )


def _sentence(beginning: str, found: list[Incompatibility]) -> str | None:
    """Return a sentence that names the first incompatibilities, or None if there are none."""
    if not found:
        return None
    named = [each.what for each in found[:3]] + (
        [f"{len(found) - 3} more"] if len(found) > 3 else []
    )
    return f"{beginning} Python {sys.version.split()[0]}: {', and '.join(named)}"


def _affecting(found: Iterable[Incompatibility], *purposes: str) -> list[Incompatibility]:
    """Return the incompatibilities that make any of the given purposes impossible."""
    return [each for each in found if set(purposes) & set(each.needed_for)]


def _exists(path: str) -> bool:
    """Whether a name exists, in a module or in a class.

    An attribute also counts as existing if a method of the class uses it.
    """
    owner, _, name = path.rpartition(".")
    module, _, kind = owner.rpartition(".")
    with contextlib.suppress(ImportError):
        if not kind[0].isupper() and not kind[1].isupper():
            return hasattr(importlib.import_module(owner), name)
        found = getattr(importlib.import_module(module), kind, None)
        return found is not None and (name in dir(found) or name in _names_used(found))
    return False


@functools.cache
def _names_used(kind: type) -> set[str]:
    """Return the names that the methods of a class use, those of its bases included."""
    return {
        name
        for base in kind.__mro__
        for held in vars(base).values()
        if hasattr(held, "__code__")
        for name in held.__code__.co_names
    }
