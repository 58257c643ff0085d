"""What the views look up in a trace: by step, by task, by line of output.

In:  a `Trace`. Out: a `TraceIndex`. Each lookup is computed when it is first asked for, and once.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from functools import cached_property

from ..limits import MAX_QUEUE_ENTRIES
from .model import Output, Task, Trace


class TraceIndex:
    """The lookups of one trace. Steps and lines of output are given by their index, tasks by
    number.
    """

    def __init__(self, trace: Trace) -> None:
        # Not the trace itself: it holds its index, and a circle of the two would outlive its last
        # user.
        self._tasks, self._steps, self._output = trace.tasks, trace.steps, trace.output

    @classmethod
    def of(cls, trace: Trace) -> TraceIndex:
        """Return the index of a trace, made when first asked for and kept as long as the trace."""
        # as `cached_property` does, which no frozen class hinders
        kept: dict[str, TraceIndex] = trace.__dict__
        index = kept.get("_index")
        if index is None:
            index = kept["_index"] = cls(trace)
        return index

    # Tasks

    @cached_property
    def program_tasks(self) -> list[Task]:
        """The tasks that are the program's, and not asyncio's own."""
        return [task for task in self._tasks if not task.internal]

    def children(self, number: int) -> Sequence[Task]:
        """The program's tasks that a task created."""
        return self._children.get(number, ())

    @cached_property
    def _children(self) -> dict[int | None, list[Task]]:
        children: dict[int | None, list[Task]] = {}
        for task in self.program_tasks:
            children.setdefault(task.parent, []).append(task)
        return children

    def creating_step(self, task: Task) -> int | None:
        """The step in which a task was created, where another task created it."""
        if task.parent is None:
            return None
        steps = self._steps
        return next(
            (
                one
                for one in self.steps_of(task.parent)
                if steps[one].time <= task.created <= steps[one].end
            ),
            None,
        )

    def tasks_from(self, index: int) -> Sequence[int]:
        """Return the program's tasks that a step creates, or that are first seen after it."""
        return self._tasks_from.get(index, ())

    @cached_property
    def _tasks_from(self) -> dict[int, list[int]]:
        first_seen: dict[int | str, int] = {}  # where a task is first running or ready
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
        """The steps of a task, or (None) of callbacks that are no task's."""
        return self._steps_of.get(number, ())

    @cached_property
    def _steps_of(self) -> dict[int | None, list[int]]:
        steps_of: dict[int | None, list[int]] = {}
        for index, step in enumerate(self._steps):
            steps_of.setdefault(step.task, []).append(index)
        return steps_of

    @cached_property
    def internal_steps(self) -> frozenset[int]:
        """The steps that are asyncio's own: they run a task or a callback of its, and print
        nothing.
        """
        return frozenset(
            index
            for index, step in enumerate(self._steps)
            if (
                (step.task is not None and self._tasks[step.task - 1].internal)
                if step.kind == "task"
                else (step.what or "").rsplit(".", 1)[-1].startswith("_")
                and index not in self._output_of
            )
        )

    def is_first(self, index: int) -> bool:
        """Whether a step is its task's first."""
        return self._steps_of[self._steps[index].task][0] == index

    def is_last(self, index: int) -> bool:
        """Whether a step is its task's last."""
        return self._steps_of[self._steps[index].task][-1] == index

    def ends_in(self, index: int) -> bool:
        """Whether a step's task ended in it. A task may end after the record's last step."""
        step = self._steps[index]
        ended = self._tasks[step.task - 1].ended if step.task is not None else None
        return ended is not None and step.time <= ended <= step.end

    # Steps inside of others

    def steps_inside(self, index: int) -> Sequence[int]:
        """The steps that ran directly inside of a step."""
        return self._steps_inside.get(index, ())

    @cached_property
    def _steps_inside(self) -> dict[int, list[int]]:
        inside: dict[int, list[int]] = {}
        for index, step in enumerate(self._steps):
            if step.within is not None:
                inside.setdefault(step.within, []).append(index)
        return inside

    def last_inside(self, index: int) -> int:
        """The last of the steps that ran inside of a step, however deep; the step itself where none
        did.
        """
        last = index
        while (
            last + 1 < len(self._steps)
            and (within := self._steps[last + 1].within) is not None
            and within >= index
        ):
            last += 1
        return last

    def is_eager(self, index: int) -> bool:
        """Whether a step is the start of an eager task, which runs inside of the step that creates
        it.
        """
        step = self._steps[index]
        return (
            step.within is not None
            and step.task is not None
            and self._tasks[step.task - 1].created == step.time
        )

    def held(self, index: int) -> float:
        """How long a step held the loop (seconds) by itself, without what ran inside of it.

        Tasks that were started eagerly take their own steps off. A loop that ran inside of the step
        takes all the time off from its first step to its last: in between it may have waited, and
        anybody else could run.
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
        """Whether a task is in the ready queue after a step.

        A step holds the beginning of a long queue; the rest is who had a turn next.
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
        """All tasks that are in the ready queue after a step."""
        entries = (
            *self._steps[index].ready,
            *(self._steps[self._turns[turn]].task for turn in self._ready_beyond(index)),
        )
        return {entry for entry in entries if isinstance(entry, int)}

    def woken(self, index: int) -> list[int]:
        """The tasks that are in the ready queue after a step and were not before it, in order."""
        entries: list[int | str | None] = [*self._steps[index].ready]
        beyond = self._ready_beyond(index)
        # new entries are at the end of the queue, so there is no need to search the older ones
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
            one
            for one in dict.fromkeys(entries)
            if isinstance(one, int) and not (index and self.is_ready(one, index - 1))
        ]

    def _ready_beyond(self, index: int) -> range:
        """Which of `_turns` were in the ready queue after a step, but too far back to be held by
        it.
        """
        left_out = self._steps[index].ready_more
        first = bisect.bisect(self._turns, index) + MAX_QUEUE_ENTRIES if left_out else 0
        return range(first, min(first + left_out, len(self._turns)))

    @cached_property
    def _turns(self) -> list[int]:
        """The steps that came out of a ready queue, in order."""
        return [index for index, step in enumerate(self._steps) if step.within is None]

    @cached_property
    def _turns_of(self) -> dict[int | None, list[int]]:
        """The same, for each task."""
        turns_of: dict[int | None, list[int]] = {}
        for index in self._turns:
            turns_of.setdefault(self._steps[index].task, []).append(index)
        return turns_of

    # Output

    def output_of(self, index: int) -> Sequence[tuple[int, Output]]:
        """The pieces of output that a step printed, each with its place in the whole output."""
        return self._output_of.get(index, ())

    @cached_property
    def _output_of(self) -> dict[int | None, list[tuple[int, Output]]]:
        output_of: dict[int | None, list[tuple[int, Output]]] = {}
        for number, piece in enumerate(self._output):
            output_of.setdefault(piece.step, []).append((number, piece))
        return output_of

    @cached_property
    def lines(self) -> list[Output]:
        """The output cut into lines, each with the time, task, line and step of its first piece.

        Streams do not share a line.
        """
        return [
            Output(first.time, first.stream, first.task, first.line, "".join(texts), first.step)
            for first, texts, _ in self._lines
        ]

    @cached_property
    def _lines(self) -> list[tuple[Output, list[str], int | None]]:
        """For each line of output its first piece, its parts, and the last of the steps that
        printed it.
        """
        lines: list[tuple[Output, list[str], int | None]] = []
        for piece in self._output:
            for text in piece.text.splitlines(keepends=True):
                if (
                    lines
                    and lines[-1][0].stream == piece.stream
                    and not lines[-1][1][-1].endswith("\n")
                ):
                    first, texts, step = lines[-1]
                    texts.append(text)
                    lines[-1] = (first, texts, max(step, piece.step, key=_in_order))
                else:
                    lines.append((piece, [text], piece.step))
        return lines

    def lines_before_inside(self, index: int) -> int:
        """How many lines of output there are when the first step inside of a step begins."""
        lines = self.lines
        return next(
            (
                number
                for number, line in enumerate(lines)
                if line.step is not None and line.step > index
            ),
            len(lines),
        )

    def lines_after(self, index: int) -> int:
        """How many lines of output there are when a step is over."""
        return self._lines_after[index]

    @cached_property
    def _lines_after(self) -> dict[int, int]:
        lines = self.lines
        last = {step: number for number, (_, _, step) in enumerate(self._lines, 1)}
        counts, count = {}, 0
        # In the order in which they end: what ran inside of a step was over before it.
        for index in sorted(
            range(len(self._steps)), key=lambda index: (self.last_inside(index), -index)
        ):
            count = max(
                [
                    count,
                    *(last.get(inside, 0) for inside in range(index, self.last_inside(index) + 1)),
                ]
            )
            while (
                count < len(lines)
                and lines[count].step is None
                and lines[count].time <= self._steps[index].end
            ):
                count += 1
            counts[index] = count
        return counts


def _in_order(step: int | None) -> int:
    return -1 if step is None else step
