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

import asyncio
import collections
import contextlib
import functools
import importlib
import sys
from asyncio import events, futures, tasks
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
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
        used_in: The modules of ours that use it.
        needed_for: What cannot be done without it: some of STEPS, CLOCK, DETAIL, NOTHING.
        since: The Python that brought it.
    """

    path: str
    purpose: str
    used_in: tuple[str, ...]
    needed_for: tuple[str, ...]
    since: tuple[int, int] = (3, 10)

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rpartition(".")[2]


_LOOP, _HANDLE, _TASK = (
    "asyncio.base_events.BaseEventLoop",
    "asyncio.events.Handle",
    "asyncio.tasks.Task",
)
NAMES = (
    PrivateName(f"{_LOOP}._ready", "the ready queue", ("recorder",), (STEPS,)),
    PrivateName(f"{_LOOP}._scheduled", "the timers", ("recorder", "clock"), (STEPS, CLOCK)),
    PrivateName(f"{_LOOP}._selector", "what the loop waits with", ("clock",), (CLOCK,)),
    PrivateName(
        f"{_LOOP}._process_events",
        "what the loop does with what it waited for",
        ("clock",),
        (CLOCK,),
    ),
    PrivateName(f"{_LOOP}._write_to_self", "how a loop is woken", ("clock",), (CLOCK,)),
    PrivateName(
        f"{_LOOP}._clock_resolution", "how exact the loop's clock is", ("clock",), (NOTHING,)
    ),
    PrivateName(
        f"{_LOOP}._asyncgens", "the order in which generators are closed", ("clock",), (NOTHING,)
    ),
    PrivateName(
        f"{_LOOP}._thread_id", "which callbacks are input and output", ("recorder",), (DETAIL,)
    ),
    PrivateName(f"{_HANDLE}._run", "when a turn begins and ends", ("recorder",), (STEPS,)),
    PrivateName(
        f"{_HANDLE}._callback", "what a turn of the loop runs", ("recorder", "handles"), (STEPS,)
    ),
    PrivateName(
        f"{_HANDLE}._args", "what a turn of the loop runs", ("recorder", "handles"), (STEPS,)
    ),
    PrivateName(
        f"{_HANDLE}._cancelled",
        "which callbacks are cancelled",
        ("recorder", "clock"),
        (STEPS, CLOCK),
    ),
    PrivateName(
        "asyncio.events.TimerHandle._when",
        "when timers fall due",
        ("recorder", "clock"),
        (STEPS, CLOCK),
    ),
    PrivateName(f"{_TASK}._must_cancel", "which tasks are being cancelled", ("handles",), (STEPS,)),
    PrivateName(
        f"{_TASK}._fut_waiter", "what a task waits for", ("recorder", "suspended"), (STEPS,)
    ),
    PrivateName(f"{_TASK}._exception", "how a task ended", ("recorder", "handles"), (STEPS,)),
    PrivateName(f"{_TASK}._state", "how a task ended", ("handles",), (STEPS,)),
    PrivateName(f"{_TASK}._loop", "a task's loop", ("handles",), (STEPS,)),
    PrivateName(f"{_TASK}._callbacks", "what a shielded task waits for", ("suspended",), (DETAIL,)),
    PrivateName(
        "asyncio.tasks._PyTask", "tasks written in Python", ("handles", "eager"), (NOTHING,)
    ),
    PrivateName(
        "asyncio.tasks._set_task_name",
        "the names of tasks that start eagerly, on 3.12",
        ("eager",),
        (NOTHING,),
    ),
    PrivateName("asyncio.futures._PyFuture", "futures written in Python", ("handles",), (NOTHING,)),
    PrivateName("asyncio.events._get_running_loop", "the running loop", ("recorder",), (NOTHING,)),
    PrivateName(
        "asyncio.events._set_running_loop",
        "when a loop begins and ends to run",
        ("recorder",),
        (DETAIL,),
    ),
    PrivateName(
        "asyncio.futures._chain_future",
        "which tasks wait for an executor",
        ("suspended",),
        (DETAIL,),
    ),
    PrivateName(
        "asyncio.tasks._GatheringFuture", "what gather waits for", ("suspended",), (DETAIL,)
    ),
    PrivateName(
        "asyncio.tasks._GatheringFuture._children",
        "what gather waits for",
        ("suspended",),
        (DETAIL,),
    ),
    PrivateName(
        "asyncio.tasks.__sleep0", "which tasks sleep for 0 seconds", ("suspended",), (DETAIL,)
    ),
    PrivateName("asyncio.tasks._wait", "what wait() waits for", ("suspended",), (DETAIL,)),
    PrivateName(
        "asyncio.tasks._AsCompletedIterator",
        "what as_completed waits for",
        ("ordered",),
        (DETAIL,),
        since=(3, 13),
    ),
    PrivateName(
        "asyncio.tasks._AsCompletedIterator._wait_for_one",
        "what as_completed waits for",
        ("suspended",),
        (DETAIL,),
        since=(3, 13),
    ),
    PrivateName(
        "asyncio.base_subprocess.BaseSubprocessTransport._wait",
        "which tasks wait for a process",
        ("suspended",),
        (DETAIL,),
    ),
    PrivateName(
        "asyncio.streams.StreamReader._transport",
        "which tasks wait for a pipe",
        ("suspended",),
        (DETAIL,),
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
class Lack:
    """Something of asyncio that is not as loopscope needs it."""

    what: str  # "asyncio.base_events.BaseEventLoop._ready is gone (the ready queue)"
    needed_for: tuple[str, ...]


@functools.cache
def probe() -> tuple[Lack, ...]:
    """What this Python lacks. Looked up once a process, before anything is recorded; an interpreter
    that forks has the answer.

    Returns:
        Each lack. None on the Pythons for which loopscope was made.
    """
    gone: list[PrivateName] = []
    for name in NAMES:
        owner_is_gone = any(name.path.startswith(f"{other.path}.") for other in gone)
        if sys.version_info >= name.since and not owner_is_gone and not _has(name.path):
            gone.append(name)
    lacks = [Lack(f"{name.path} is gone ({name.purpose})", name.needed_for) for name in gone]
    return tuple(lacks if _needing(lacks, STEPS, CLOCK) else (*lacks, *_try_out()))


def cannot_record(lacks: Iterable[Lack] | None = None) -> str | None:
    """Why nothing of a loop can be recorded on this Python, in one sentence. None: it can."""
    return _sentence(
        "loopscope cannot record on", _needing(probe() if lacks is None else lacks, STEPS)
    )


def no_virtual_clock(lacks: Iterable[Lack] | None = None) -> str | None:
    """Why there is no virtual clock on this Python, in one sentence. None: there is one."""
    why = _sentence(
        "the virtual clock does not work on", _needing(probe() if lacks is None else lacks, CLOCK)
    )
    return why and f'{why}; declare clock = "real"'


def records_less(lacks: Iterable[Lack] | None = None) -> str | None:
    """What a record on this Python does not tell, in one sentence. None: it tells all."""
    return _sentence(
        "loopscope records less on", _needing(probe() if lacks is None else lacks, DETAIL)
    )


def _sentence(beginning: str, lacks: list[Lack]) -> str | None:
    if not lacks:
        return None
    named = [lack.what for lack in lacks[:3]] + (
        [f"{len(lacks) - 3} more"] if len(lacks) > 3 else []
    )
    return f"{beginning} Python {sys.version.split()[0]}: {', and '.join(named)}"


def _needing(lacks: Iterable[Lack], *purposes: str) -> list[Lack]:
    return [lack for lack in lacks if set(purposes) & set(lack.needed_for)]


def _has(path: str) -> bool:
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


class _ReadyQueue(collections.deque):
    """A ready queue that notes how the loop uses it."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()
        self.taken: list[Any] = []

    def __bool__(self) -> bool:
        self.used.add("__bool__")
        return len(self) > 0

    def append(self, handle: Any) -> None:
        self.used.add("append")
        super().append(handle)

    def popleft(self) -> Any:
        self.used.add("popleft")
        self.taken.append(super().popleft())
        return self.taken[-1]


def _try_out() -> list[Lack]:
    """Run a small loop, and look whether things are where they are looked for. Nothing of it is
    seen by the program.
    """
    coroutines: list[Any] = []
    try:
        return [
            Lack(what, needed_for) for right, what, needed_for in _run_loop(coroutines) if not right
        ]
    except Exception as problem:
        return [
            Lack(
                f"a small event loop ended with {type(problem).__name__}: {problem}", (STEPS, CLOCK)
            )
        ]
    finally:
        for coroutine in coroutines:
            coroutine.close()


def _run_loop(coroutines: list[Any]) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """Yields what should be so, what to say if it is not, and what cannot be done then."""
    from .handles import task_of  # which imports this module

    waits: list[float | None] = []
    processed: list[object] = []

    class Loop(asyncio.BaseEventLoop):
        def time(self) -> float:
            return float(len(waits))  # a second passes with each wait

        def _process_events(self, found: Any) -> None:
            processed.append(found)

        def _write_to_self(self) -> None: ...

        def __del__(self) -> None: ...  # the real one complains if something went wrong

    def select(timeout: float | None) -> list:
        waits.append(timeout)
        return []

    loop: Any = Loop()
    loop.set_debug(False)
    loop.set_exception_handler(lambda *_: None)  # whatever goes wrong is not for the program's log
    loop._selector = SimpleNamespace(select=select, close=lambda: None)
    queue = loop._ready = _ReadyQueue()
    future = loop.create_future()

    async def wait() -> None:
        await future

    waiting: list[Any] = []
    for kind in TASK_TYPES:
        coroutines.append(wait())
        # With a name of its own, since a default one would be counted.
        waiting.append(kind(coroutines[-1], loop=loop, name="probe"))
    steps_held = [task_of(handle) for handle in queue] == waiting
    yield (
        steps_held,
        f"{_LOOP}._ready does not hold the steps of tasks any more (the ready queue)",
        (STEPS,),
    )
    timer = loop.call_later(1, lambda: None)
    timer_held = timer in loop._scheduled and timer._when == 1
    yield timer_held, f"{_LOOP}._scheduled does not hold the timers any more", (STEPS, CLOCK)
    _turn(loop)
    waits_right = all(task._fut_waiter is future for task in waiting)
    yield waits_right, f"{_TASK}._fut_waiter is not what a task waits for any more", (STEPS,)
    future.set_result(None)
    _turn(loop)
    _turn(loop)
    if steps_held:
        used = queue.used == {"append", "popleft", "__bool__"}
        yield (
            used,
            f"{_LOOP}._ready is not the queue that the loop uses any more (the ready queue)",
            (STEPS,),
        )
        woken = [handle._args for handle in queue.taken if task_of(handle) in waiting][
            len(waiting) :
        ]
        yield (
            woken == [(future,)] * len(waiting),
            f"{_HANDLE}._args does not tell what woke a task any more",
            (STEPS,),
        )
        yield (
            timer in queue.taken,
            f"{_LOOP}._scheduled is not where the loop finds its timers any more",
            (STEPS, CLOCK),
        )
    waited = (
        bool(waits)
        and len(waits) == len(processed)
        and all(type(timeout) in (int, float) for timeout in waits)
    )
    yield waited, f"{_LOOP}._selector is not what the loop waits with any more", (CLOCK,)
    yield (
        all(task.done() for task in waiting),
        "a small event loop did not run what was due",
        (STEPS, CLOCK),
    )
    loop.close()


def _turn(loop: Any) -> None:
    """Let the loop run what is ready, and no longer."""
    loop.call_soon(loop.stop)
    loop.run_forever()
