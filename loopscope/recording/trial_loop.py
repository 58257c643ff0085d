"""A small event loop, run to check that asyncio's internals are where loopscope looks for them."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from .compat import CLOCK, HANDLE, LOOP, STEPS, TASK, TASK_TYPES, Incompatibility
from .handles import task_of


class _ReadyQueue(collections.deque[Any]):
    """A ready queue that remembers how the loop uses it."""

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


def check_loop_internals() -> list[Incompatibility]:
    """Run a small loop, unnoticed by the program, and check its internals.

    Returns:
        How they differ from what loopscope needs.
    """
    coroutines: list[Any] = []
    try:
        return [
            Incompatibility(what, needed_for)
            for right, what, needed_for in _run_loop(coroutines)
            if not right
        ]
    except Exception as problem:
        return [
            Incompatibility(
                f"a small event loop ended with {type(problem).__name__}: {problem}", (STEPS, CLOCK)
            )
        ]
    finally:
        for coroutine in coroutines:
            coroutine.close()


def _run_loop(coroutines: list[Any]) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """Run the loop.

    Yields:
        Whether something is as it should be, what to say if it is not, and what is impossible then.
    """
    waits: list[float | None] = []
    processed: list[object] = []

    class Loop(asyncio.BaseEventLoop):
        def time(self) -> float:
            return float(len(waits))  # each wait takes a second

        def _process_events(self, found: Any) -> None:
            processed.append(found)

        def _write_to_self(self) -> None: ...

        def __del__(self) -> None: ...  # the real one warns about an unclosed loop

    def select(timeout: float | None) -> list[Any]:
        waits.append(timeout)
        return []

    loop: Any = Loop()
    loop.set_debug(False)
    loop.set_exception_handler(lambda *_: None)  # nothing of this belongs in the program's log
    loop._selector = SimpleNamespace(select=select, close=lambda: None)
    queue = loop._ready = _ReadyQueue()
    future = loop.create_future()

    async def wait() -> None:
        await future

    waiting: list[Any] = []
    for kind in TASK_TYPES:
        coroutines.append(wait())
        # With a name, since a default name would take a number from the program's tasks.
        waiting.append(kind(coroutines[-1], loop=loop, name="probe"))
    steps_held = [task_of(handle) for handle in queue] == waiting
    yield (
        steps_held,
        f"{LOOP}._ready does not hold the steps of tasks any more (the ready queue)",
        (STEPS,),
    )
    timer = loop.call_later(1, lambda: None)
    timer_held = timer in loop._scheduled and timer._when == 1
    yield timer_held, f"{LOOP}._scheduled does not hold the timers any more", (STEPS, CLOCK)
    _turn(loop)
    waits_right = all(task._fut_waiter is future for task in waiting)
    yield waits_right, f"{TASK}._fut_waiter is not what a task waits for any more", (STEPS,)
    future.set_result(None)
    _turn(loop)
    _turn(loop)
    if steps_held:
        used = queue.used == {"append", "popleft", "__bool__"}
        yield (
            used,
            f"{LOOP}._ready is not the queue that the loop uses any more (the ready queue)",
            (STEPS,),
        )
        woken = [handle._args for handle in queue.taken if task_of(handle) in waiting][
            len(waiting) :
        ]
        yield (
            woken == [(future,)] * len(waiting),
            f"{HANDLE}._args does not tell what woke a task any more",
            (STEPS,),
        )
        yield (
            timer in queue.taken,
            f"{LOOP}._scheduled is not where the loop finds its timers any more",
            (STEPS, CLOCK),
        )
    waited = (
        bool(waits)
        and len(waits) == len(processed)
        and all(type(timeout) in (int, float) for timeout in waits)
    )
    yield waited, f"{LOOP}._selector is not what the loop waits with any more", (CLOCK,)
    yield (
        all(task.done() for task in waiting),
        "a small event loop did not run what was due",
        (STEPS, CLOCK),
    )
    loop.close()


def _turn(loop: Any) -> None:
    """Run the loop for a single turn."""
    loop.call_soon(loop.stop)
    loop.run_forever()
