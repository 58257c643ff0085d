"""Every private name of asyncio that loopscope leans on, and whether this Python has it.

In:  the running Python. Out: `probe()`, what of it is not as loopscope needs it; sentences that say
     so.

asyncio may rename what it does not document in any release. A name that is missed is easily found;
a name that is still there but no longer what it was would make a record that lies. So `probe` also
runs one small loop, and looks whether its ready queue, its timers and its tasks are where they are
looked for.

Who comes to need another private name adds it to `NAMES`; a test compares them with what the
modules use.
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

STEPS = "steps"  # without it nothing of the loop can be recorded
CLOCK = "clock"  # without it there is no virtual clock
DETAIL = "detail"  # without it the record says less
NOTHING = "nothing"  # something else serves as well


@dataclass(frozen=True)
class PrivateName:
    """A private name of asyncio.

    Attributes:
        path: Where it is: module and name, or class and attribute.
        purpose: What it is to loopscope, in a few words.
        needed_for: What cannot be done without it: some of STEPS, CLOCK, DETAIL, NOTHING.
        since: The Python that brought it.
    """

    path: str
    purpose: str
    needed_for: tuple[str, ...]
    since: tuple[int, int] = (3, 10)

    @property
    def name(self) -> str:
        """Its last part."""
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
)
# Fallbacks for names that are gone.
TASK_TYPES: tuple[Any, ...] = tuple(
    dict.fromkeys((getattr(tasks, "_PyTask", tasks.Task), tasks.Task))
)
FUTURE_TYPES: tuple[Any, ...] = tuple(
    dict.fromkeys((getattr(futures, "_PyFuture", futures.Future), futures.Future))
)


def _public_running_loop() -> Any:
    try:
        return events.get_running_loop()
    except RuntimeError:
        return None


running_loop: Callable[[], Any] = getattr(events, "_get_running_loop", _public_running_loop)


@dataclass(frozen=True)
class Incompatibility:
    """Something of asyncio that is not as loopscope needs it."""

    what: str  # "asyncio.base_events.BaseEventLoop._ready is gone (the ready queue)"
    needed_for: tuple[str, ...]


@functools.cache
def probe() -> tuple[Incompatibility, ...]:
    """Look once a process for what this Python lacks.

    Returns:
        Each of them; none on the Pythons for which loopscope was made.
    """
    from .trial_loop import check_loop_internals  # it imports this module

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
    """Why nothing of a loop can be recorded on this Python, in one sentence. None: it can."""
    return _sentence(
        "loopscope cannot record on",
        _affecting(probe() if found is None else found, STEPS),
    )


def no_virtual_clock(found: Iterable[Incompatibility] | None = None) -> str | None:
    """Why there is no virtual clock on this Python, in one sentence. None: there is one."""
    why = _sentence(
        "the virtual clock does not work on",
        _affecting(probe() if found is None else found, CLOCK),
    )
    return why and f'{why}; declare clock = "real"'


def records_less(found: Iterable[Incompatibility] | None = None) -> str | None:
    """What a record on this Python does not tell, in one sentence. None: it tells all."""
    return _sentence(
        "loopscope records less on",
        _affecting(probe() if found is None else found, DETAIL),
    )


def _sentence(beginning: str, found: list[Incompatibility]) -> str | None:
    if not found:
        return None
    named = [each.what for each in found[:3]] + (
        [f"{len(found) - 3} more"] if len(found) > 3 else []
    )
    return f"{beginning} Python {sys.version.split()[0]}: {', and '.join(named)}"


def _affecting(found: Iterable[Incompatibility], *purposes: str) -> list[Incompatibility]:
    return [each for each in found if set(purposes) & set(each.needed_for)]


def _exists(path: str) -> bool:
    """Whether a name is there, in a module or in a class. An attribute is, too, if a method of the
    class uses it.
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
    """The names in the code of a class's methods, those of its bases included."""
    return {
        name
        for base in kind.__mro__
        for held in vars(base).values()
        if hasattr(held, "__code__")
        for name in held.__code__.co_names
    }
