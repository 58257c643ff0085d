"""What the views look up in a trace, by step and by task.

A `TraceIndex` computes each lookup when it is first used, and only once.
"""

from __future__ import annotations

import bisect
import collections
import re
from collections.abc import Sequence
from functools import cached_property

from ..limits import MAX_QUEUE_ENTRIES
from .model import Task, Trace, Wait
from .output_index import OutputIndex

_DEFAULT_NAME = re.compile(r"Task-\d+")


class TraceIndex:
    """The lookups of one trace. Steps are identified by index, tasks by number."""

    def __init__(self, trace: Trace) -> None:
        # It must not refer to the trace, which refers to its index: the cycle would keep both
        # alive.
        self._tasks, self._steps, self._output = trace.tasks, trace.steps, trace.output

    @classmethod
    def for_trace(cls, trace: Trace) -> TraceIndex:
        """Return the index of a trace. It is made once, and lives as long as the trace."""
        # a frozen dataclass allows this, as it allows `cached_property`
        attributes: dict[str, TraceIndex] = trace.__dict__
        index = attributes.get("_index")
        if index is None:
            index = attributes["_index"] = cls(trace)
        return index

    @cached_property
    def output(self) -> OutputIndex:
        """The lookups of the trace's output."""
        return OutputIndex(self._output, self._steps)

    # Tasks

    @cached_property
    def program_tasks(self) -> list[Task]:
        """The tasks that are the program's, not asyncio's own."""
        return [task for task in self._tasks if not task.internal]

    def label(self, number: int, *, introduce: bool = False) -> str:
        """Return what readers call a task: by its name, or by its coroutine if that is telling.

        Asyncio's own names (`Task-2`) tell nothing, so such a task is called by its coroutine, and
        by both if another task has the same one. A coroutine is code, in backquotes.

        Args:
            number: The task.
            introduce: Whether the coroutine is to be told in any case.
        """
        task = self._tasks[number - 1]
        called = f"`{task.function}()`"
        unnamed = _DEFAULT_NAME.fullmatch(task.name)
        if unnamed and self._by_function[task.function] == 1:
            return called
        return f"{task.name} ({called})" if unnamed or introduce else task.name

    def wait_text(self, wait: Wait) -> str:
        """Return what a task waits for, as readers call it; other tasks as `label` calls them."""
        if wait.kind == "task":
            named = self._by_name[wait.subject]
            return self.label(named[0]) if len(named) == 1 else wait.text
        if wait.kind not in ("gather", "wait", "shield"):
            return wait.text
        return _DEFAULT_NAME.sub(self._telling_name, wait.text)

    def _telling_name(self, name: re.Match[str]) -> str:
        """Return the label of a task with one of asyncio's own names, unless it has that name."""
        named = self._by_name[name[0]]
        label = self.label(named[0]) if len(named) == 1 else ""
        return label if label.startswith("`") else name[0]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        by_name: dict[str, list[int]] = collections.defaultdict(list)
        for task in self._tasks:
            by_name[task.name].append(task.id)
        return by_name

    @cached_property
    def _by_function(self) -> collections.Counter[str]:
        return collections.Counter(task.function for task in self.program_tasks)

    def children(self, number: int) -> Sequence[Task]:
        """Return the program's tasks that a task created."""
        return self._children.get(number, ())

    @cached_property
    def _children(self) -> dict[int | None, list[Task]]:
        children: dict[int | None, list[Task]] = {}
        for task in self.program_tasks:
            children.setdefault(task.parent, []).append(task)
        return children

    def creating_step(self, task: Task) -> int | None:
        """Return the step in which a task was created, if another task created it."""
        if task.parent is None:
            return None
        steps = self._steps
        return next(
            (
                index
                for index in self.steps_of(task.parent)
                if steps[index].time <= task.created <= steps[index].end
            ),
            None,
        )

    def tasks_from(self, index: int) -> Sequence[int]:
        """Return the program's tasks that a step creates, or that are first seen in it."""
        return self._tasks_from.get(index, ())

    @cached_property
    def _tasks_from(self) -> dict[int, list[int]]:
        first_seen: dict[int | str, int] = {}  # the step in which a task is first running or ready
        for index, step in enumerate(self._steps):
            for entry in (*step.ready, *([step.task] if step.task is not None else [])):
                first_seen.setdefault(entry, index)
        tasks_from: dict[int, list[int]] = {}
        for task in self.program_tasks:
            known = [
                index
                for index in (self.creating_step(task), first_seen.get(task.id))
                if index is not None
            ]
            if known:
                tasks_from.setdefault(min(known), []).append(task.id)
        return tasks_from

    # Steps

    def steps_of(self, number: int | None) -> Sequence[int]:
        """Return the steps of a task; for None, those of callbacks that belong to no task."""
        return self._steps_of.get(number, ())

    @cached_property
    def _steps_of(self) -> dict[int | None, list[int]]:
        steps_of: dict[int | None, list[int]] = {}
        for index, step in enumerate(self._steps):
            steps_of.setdefault(step.task, []).append(index)
        return steps_of

    @cached_property
    def internal_steps(self) -> frozenset[int]:
        """The steps that are asyncio's own.

        They run a task that it created for itself, or one of its callbacks, and print nothing.
        """
        return frozenset(
            index
            for index, step in enumerate(self._steps)
            if (
                (step.task is not None and self._tasks[step.task - 1].internal)
                if step.kind == "task"
                else (step.what or "").rsplit(".", 1)[-1].startswith("_")
                and not self.output.of_step(index)
            )
        )

    def is_first(self, index: int) -> bool:
        """Return whether a step is its task's first."""
        return self._steps_of[self._steps[index].task][0] == index

    def step_after(self, task: int, index: int) -> int | None:
        """Return a task's next step after a step."""
        steps = self._steps_of.get(task, [])
        place = bisect.bisect(steps, index)
        return steps[place] if place < len(steps) else None

    def is_last(self, index: int) -> bool:
        """Return whether a step is its task's last."""
        return self._steps_of[self._steps[index].task][-1] == index

    def ends_in(self, index: int) -> bool:
        """Return whether a step's task ended in it. A task may end after the record's last step."""
        step = self._steps[index]
        ended = self._tasks[step.task - 1].ended if step.task is not None else None
        return ended is not None and step.time <= ended <= step.end

    # Nested steps

    def steps_inside(self, index: int) -> Sequence[int]:
        """Return the steps that ran directly inside a step."""
        return self._steps_inside.get(index, ())

    @cached_property
    def _steps_inside(self) -> dict[int, list[int]]:
        inside: dict[int, list[int]] = {}
        for index, step in enumerate(self._steps):
            if step.within is not None:
                inside.setdefault(step.within, []).append(index)
        return inside

    def is_eager(self, index: int) -> bool:
        """Return whether a step is the start of an eager task, inside the step that created it."""
        step = self._steps[index]
        return (
            step.within is not None
            and step.task is not None
            and self._tasks[step.task - 1].created == step.time
        )

    def seconds_held(self, index: int) -> float:
        """Return how long a step itself held the loop, in seconds, without what ran inside it.

        The steps of tasks that were started eagerly do not count. A loop that ran inside the step
        excludes all the time from its first step to its last: in between it may have waited, and
        anything could run.
        """
        step = self._steps[index]
        length = step.end - step.time
        began: float | None = None
        ended = 0.0
        for within in self.steps_inside(index):
            inner = self._steps[within]
            if self.is_eager(within) and began is None:
                length -= inner.end - inner.time
            else:
                began, ended = inner.time if began is None else began, inner.end
        return length if began is None else length - (ended - began)

    # The ready queue

    def is_ready(self, number: int, index: int) -> bool:
        """Return whether a task is in the ready queue after a step.

        A step lists the beginning of a long queue; the rest is known from the turns that followed.
        """
        if number in self._steps[index].ready:
            return True
        beyond = self._ready_beyond(index)
        if not beyond:
            return False
        turns = self._turns_of.get(number, [])
        following = bisect.bisect(turns, index)
        return (
            following < len(turns) and bisect.bisect_left(self._turns, turns[following]) in beyond
        )

    def ready_tasks(self, index: int) -> set[int]:
        """Return all tasks that are in the ready queue after a step."""
        entries = (
            *self._steps[index].ready,
            *(self._steps[self._turns[turn]].task for turn in self._ready_beyond(index)),
        )
        return {entry for entry in entries if isinstance(entry, int)}

    def woken(self, index: int) -> list[int]:
        """Return the tasks in the ready queue after a step that were not in it before, in order."""
        entries: list[int | str | None] = [*self._steps[index].ready]
        beyond = self._ready_beyond(index)
        # new entries are at the end of the queue, so the older ones need not be searched
        if beyond:
            before = (
                len(self._steps[index - 1].ready) + len(self._ready_beyond(index - 1))
                if index
                else 0
            )
            newest = [
                self._steps[self._turns[turn]].task
                for turn in beyond[max(0, before - 1 - MAX_QUEUE_ENTRIES) :]
            ]
            entries = [*newest] if before > MAX_QUEUE_ENTRIES else [*entries, *newest]
        return [
            entry
            for entry in dict.fromkeys(entries)
            if isinstance(entry, int) and not (index and self.is_ready(entry, index - 1))
        ]

    def _ready_beyond(self, index: int) -> range:
        """Return which of `_turns` were in the ready queue after a step, beyond those it lists."""
        left_out = self._steps[index].ready_more
        first = bisect.bisect(self._turns, index) + MAX_QUEUE_ENTRIES if left_out else 0
        return range(first, min(first + left_out, len(self._turns)))

    @cached_property
    def _turns(self) -> list[int]:
        """The steps that came from a ready queue, in order."""
        return [index for index, step in enumerate(self._steps) if step.within is None]

    @cached_property
    def _turns_of(self) -> dict[int | None, list[int]]:
        """The steps of each task that came from a ready queue, in order."""
        turns_of: dict[int | None, list[int]] = {}
        for index in self._turns:
            turns_of.setdefault(self._steps[index].task, []).append(index)
        return turns_of
