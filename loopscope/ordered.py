"""Sets that asyncio walks, walked in order of creation.

In:  a function that gives a task's place in order of creation. Out: nothing; `install` changes this process for good.

`asyncio.run` cancels the tasks that are left over, a `TaskGroup` the others when one fails, `as_completed` starts the coroutines that it
is given, and a loop that closes ends its asynchronous generators: each walks a set, so in the order of the objects' addresses. On a real
clock that order is any; on the virtual clock a run must be the same each time and on each machine. None of this puts a frame of ours
under code that may raise: what runs inside asyncio's own functions here is written in C.
"""

from __future__ import annotations

import asyncio
from asyncio import tasks
from collections.abc import Callable
from typing import Any


class WeakReferences(dict):
    """What a `WeakSet` keeps its references in: walked in the order in which they came."""

    add = dict.setdefault

    def discard(self, reference: object) -> None:
        """Remove a reference, if it is there."""
        self.pop(reference, None)


def install(place: Callable[[Any], int]) -> None:
    """Let asyncio walk its sets of tasks and coroutines in order.

    Args:
        place: Gives a task's place in order of creation.
    """

    class OrderedSet(set):
        """A set of tasks, walked in order of their creation."""

        def __iter__(self) -> Any:
            return iter(sorted(set.__iter__(self), key=place))

    all_tasks = tasks.all_tasks
    tasks.all_tasks = lambda loop=None: OrderedSet(all_tasks(loop))
    groups: Any = getattr(asyncio, "taskgroups", None)  # from 3.11 on
    if groups is not None:
        groups.set = OrderedSet  # a name of the module, found before the built-in one
    _order_as_completed()


def _order_as_completed() -> None:
    """Let `as_completed` make its tasks in the order in which it was given the coroutines.

    It walks `set(…)` of them; its code is told to ask for `_in_order(…)` instead.
    """
    module: Any = tasks
    module._in_order = dict.fromkeys
    iterator = getattr(module, "_AsCompletedIterator", None)  # from 3.13 on
    function = module.as_completed if iterator is None else iterator.__init__
    code = function.__code__
    function.__code__ = code.replace(co_names=tuple("_in_order" if name == "set" else name for name in code.co_names))
