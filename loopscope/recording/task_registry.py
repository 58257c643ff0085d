"""The tasks of a run, by number: their names, what they wait for and how they end.

Tasks are numbered from 1 in order of creation. The registry keeps none of them alive.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from ..trace.events import Event, TaskCreated, TaskEnded, TaskRenamed
from .handles import outcome_of, task_name, task_of

_NAMELESS = (None, "None")  # what `get_name` returns until a task has its name


class TaskRegistry:
    """Knows every task that was announced, until it is collected.

    Attributes:
        numbers: The number of a live task, by its `id()`.
        suspended_lines: The program's line at which a suspended task is, by number.
    """

    def __init__(
        self,
        send: Callable[[Event], None],
        now: Callable[[], int],
        guarded_callback: Callable[..., object],
    ) -> None:
        """Make an empty registry.

        Args:
            send: Takes the events about tasks.
            now: Returns the microseconds since the program began.
            guarded_callback: Called when a task is collected, with a function, its arguments and
                the dead weak reference; calls the function.
        """
        self.numbers: dict[int, int] = {}
        self.suspended_lines: dict[int, int | None] = {}
        self._send, self._now, self._guarded_callback = send, now, guarded_callback
        self._names: dict[int, str] = {}
        self._references: dict[int, weakref.ref[Any]] = {}
        self._unnamed: list[int] = []  # whose creators may be about to name them
        self._ended: set[int] = set()
        self._waiting: dict[int, int] = {}  # `id()` of a future -> the waiting task's number
        self._futures: dict[int, int] = {}  # the reverse

    def add(
        self,
        number: int,
        task: Any,
        *,
        coro: str,
        line: int | None,
        parent: int | None,
        created: int,
        internal: bool,
        being_created: bool,
    ) -> None:
        """Announce a task. See `TaskCreated` for the other arguments.

        Args:
            number: The task's number.
            task: The task.
            being_created: Whether it may not have its final name yet. (3.13.0 loses it for good.)
        """
        key = id(task)
        name = task_name(task)
        if being_created and name in _NAMELESS:
            name = "(no name)"
        self.numbers[key], self._names[number] = number, name
        self._unnamed.append(number)
        forget = functools.partial(self._guarded_callback, self._forget, key, number)
        self._references[number] = weakref.ref(task, forget)
        self._send(TaskCreated(number, name, coro, line, parent, created, internal))

    def live_tasks(self) -> Iterator[tuple[int, Any]]:
        """Yield the tasks that still exist, in order of creation, with their numbers."""
        for number, reference in sorted(self._references.items()):
            task = reference()
            if task is not None:
                yield number, task

    def name_of(self, number: int) -> str:
        """Return the current name of a live task."""
        return str(task_name(self._references[number]()))

    def known_name(self, task: Any) -> str | None:
        """Return the name under which a task was announced last; None if it was not."""
        return self._names.get(self.numbers.get(id(task), 0))

    # Names (nothing reports that one changes)

    def check_new_names(self) -> None:
        """Check whether new tasks have been renamed."""
        while self._unnamed:
            self.check_name(self._unnamed.pop())

    def check_name(self, number: int) -> None:
        """Check whether a task has been renamed."""
        reference = self._references.get(number)
        task = None if reference is None else reference()
        if task is not None:
            self.update_name(number, task_name(task))

    def update_name(self, number: int, name: str | None) -> None:
        """Record a task's current name."""
        if name is not self._names.get(number) and name not in (*_NAMELESS, self._names[number]):
            self._names[number] = str(name)
            self._send(TaskRenamed(number, self._names[number]))

    # Waits

    def set_wait(self, number: int, future: Any) -> None:
        """Record that a task has been suspended and waits for a future."""
        key = id(future)
        self._waiting[key], self._futures[number] = number, key

    def clear_wait(self, number: int) -> None:
        """Record that a task has had its turn, and no longer waits for what it waited for."""
        self._waiting.pop(self._futures.pop(number, 0), None)

    def woken_by(self, handle: Any) -> int | None:
        """Return the number of the task that a timer steps or wakes, if there is one."""
        task = task_of(handle)
        if task is not None:
            return self.numbers.get(id(task))
        for argument in handle._args or ():
            if id(argument) in self._waiting:
                return self._waiting[id(argument)]
        return None

    # Ends

    def has_ended(self, number: int) -> bool:
        """Whether a task's end was announced."""
        return number in self._ended

    def end(self, number: int, task: Any) -> None:
        """Announce that a task is done."""
        self._ended.add(number)
        self.suspended_lines.pop(number, None)
        outcome, error = outcome_of(task)
        self._send(TaskEnded(number, self._now(), outcome, error))

    def _forget(self, key: int, number: int) -> None:
        """Forget a task that has been collected."""
        self.numbers.pop(key, None)
        self._names.pop(number, None)
        self._references.pop(number, None)
        self.suspended_lines.pop(number, None)
        self.clear_wait(number)
        if number not in self._ended:
            self._send(TaskEnded(number, self._now(), "destroyed", None))
