"""Puts the events of one run together into a `Trace`."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, get_args

from ..limits import MAX_FRAMES, MAX_TASKS
from .events import (
    Clock,
    Event,
    FrameBegan,
    Instrumented,
    LimitReached,
    LineReached,
    LinesCounted,
    LinesCut,
    Note,
    Printed,
    QueueEntry,
    StepBegan,
    StepEnded,
    Stream,
    TaskCreated,
    TaskEnded,
    TaskRenamed,
)
from .lines import Frame, Line, MoreLines
from .model import Output, Step, Task, Trace, Wait, join_parts


def assemble(
    events: Iterable[Event],
    *,
    python: str,
    file: str,
    clock: Clock,
    duration: int,
    exit: int | str,
    **more: Any,
) -> Trace:
    """Return the trace that a run's events amount to.

    Output that the supervisor read belongs to the step that was open at the time. Steps that the
    end of the process cut off end at `duration`. A task is called by its last name.

    Args:
        events: The events, in the order in which they were sent.
        python: Version of the Python that ran the program.
        file: The program's file.
        clock: The clock that the program ran on.
        duration: Microseconds that the program ran; more if something happened later.
        exit: Exit status, or the name of the signal that ended the program.
        more: Other fields of the trace. Notes come before those among the events.

    Raises:
        ValueError: An event names a task beyond the limit, or a frame out of turn: the program
            forged it.
    """
    tasks: dict[int, Task] = {}
    begun: list[StepBegan] = []
    ended: dict[int, StepEnded] = {}
    index: dict[int | None, int] = {}  # a step's number -> its index in `begun`
    within: list[int | None] = []  # for each of these, the index of the step that it ran inside
    open_steps: list[int] = []
    output: list[Output] = []
    notes: list[str] = list(more.pop("notes", ()))
    cut: dict[str, float] = {}
    lines = _Lines()
    decoder_type = codecs.getincrementaldecoder("utf-8")
    decoders = {name: decoder_type("backslashreplace") for name in get_args(Stream)}

    def known_task(number: int) -> Task:
        """Return a task as far as it is known: an interrupted program may not have sent some."""
        if not 1 <= number <= MAX_TASKS:
            raise ValueError(f"there is no task {number}")
        for each in range(len(tasks) + 1, number + 1):
            tasks[each] = Task(each, f"Task-{each}", "?", None, None, 0.0)
        return tasks[number]

    def name_of(number: int) -> str:
        return known_task(number).name

    for event in events:
        if isinstance(event, StepBegan):
            if event.task is not None:
                known_task(event.task)
            within.append(index.get(event.within))
            index[event.number] = len(begun)
            open_steps.append(event.number)
            begun.append(event)
        elif isinstance(event, StepEnded):
            if event.number in open_steps:
                open_steps.remove(event.number)
                ended[index[event.number]] = event
        elif isinstance(event, Printed):
            if event.task is not None:
                known_task(event.task)
            text = decoders[event.stream].decode(event.data)
            number = (open_steps[-1] if open_steps else None) if event.outside else event.step
            if text:
                at, place = event.at / 1e6, index.get(number)
                output.append(Output(at, event.stream, event.task, event.line, text, place))
        elif isinstance(event, TaskCreated):
            tasks[event.number] = replace(
                known_task(event.number),
                name=event.name,
                coro=event.coro,
                line=event.line,
                parent=event.parent,
                created=event.created / 1e6,
                internal=event.internal,
            )
        elif isinstance(event, TaskRenamed):
            tasks[event.number] = replace(known_task(event.number), name=event.name)
        elif isinstance(event, TaskEnded):
            tasks[event.number] = replace(
                known_task(event.number),
                ended=event.at / 1e6,
                outcome=event.outcome,
                error=event.error,
            )
        elif isinstance(event, _LINE_EVENTS):
            lines.add(event)
        elif isinstance(event, Note):
            notes.append(event.text)
        elif isinstance(event, LimitReached):
            cut.setdefault(event.what, event.at / 1e6)
    for stream, decoder in decoders.items():
        rest = decoder.decode(b"", final=True)
        if rest:
            output.append(Output(duration / 1e6, stream, None, None, rest))
    steps = []
    for position, (began, inside) in enumerate(zip(begun, within, strict=True)):
        step = _step(began, ended.get(position), inside, duration, name_of)
        steps.append(lines.with_lines(step, began.number))
    last = max([duration / 1e6, *(step.end for step in steps), *(piece.time for piece in output)])
    return Trace(
        python,
        file,
        clock,
        last,
        exit,
        notes=tuple(notes),
        tasks=tuple(tasks[number] for number in sorted(tasks)),
        steps=tuple(steps),
        output=tuple(output),
        steps_cut=cut.get("steps"),
        tasks_cut=cut.get("tasks"),
        lines_from="this run" if lines.instrumented else None,
        frames=lines.frames_of_tasks({began.number: began.task for began in begun}),
        lines_cut=index.get(lines.cut.get("lines")),
        values_cut=index.get(lines.cut.get("values")),
        **more,
    )


_LINE_EVENTS = (Instrumented, FrameBegan, LineReached, LinesCounted, LinesCut)


class _Lines:
    """The events about lines, put together.

    Attributes:
        instrumented: Whether the program ran instrumented.
        frames: All frames, in order of number.
        cut: The first step of which lines, or values, are missing, by number.
    """

    def __init__(self) -> None:
        self.instrumented = False
        self.frames: list[Frame] = []
        self.cut: dict[str, int] = {}
        self._lines: dict[int, list[Line]] = {}  # by the step's number
        self._more: dict[int, MoreLines] = {}
        self._rowless: set[int] = set()  # frames that no row has been of
        self._first_steps: dict[int, int] = {}  # by frame: the step of its first row

    def add(self, event: Any) -> None:
        """Add an event.

        Raises:
            ValueError: It is not the next frame, or there are too many: the program forged it.
        """
        if isinstance(event, FrameBegan):
            if not 0 <= event.number <= len(self.frames) or event.number >= MAX_FRAMES:
                raise ValueError(f"frame {event.number} cannot begin")
            # An interrupted program may have sent another one by this number, which nothing names.
            self.frames[event.number :] = [Frame(event.function, event.task, event.caller)]
            self._rowless.add(event.number)
        elif isinstance(event, LineReached):
            row = Line(event.frame, event.line, event.changes, event.at / 1e6, event.ready)
            self._lines.setdefault(event.step, []).append(row)
            if event.frame is not None and event.frame in self._rowless:
                self._rowless.remove(event.frame)
                self._first_steps[event.frame] = event.step
        elif isinstance(event, LinesCounted):
            self._more[event.step] = MoreLines(event.total, event.first, event.last)
        elif isinstance(event, LinesCut):
            self.cut.setdefault(event.what, event.step)
        else:
            self.instrumented = True

    def frames_of_tasks(self, tasks: dict[int, int | None]) -> tuple[Frame, ...]:
        """Return the frames; those that came without a task belong to that of their first line.

        Args:
            tasks: The task of each step, by the step's number.
        """
        for index, frame in enumerate(self.frames):
            if frame.task is None and index in self._first_steps:
                task = tasks.get(self._first_steps[index])
                self.frames[index] = replace(frame, task=task)
        return tuple(self.frames)

    def with_lines(self, step: Step, number: int) -> Step:
        """Return a step with the lines that it ran."""
        lines, more = self._lines.get(number), self._more.get(number)
        if lines is None and more is None:
            return step
        return replace(step, lines=tuple(lines or ()), more_lines=more)


def _step(
    began: StepBegan,
    ended: StepEnded | None,
    within: int | None,
    duration: int,
    name_of: Callable[[int], str],
) -> Step:
    """Return a step, from its two events; one without an end ends when the program does."""
    if ended is None:
        ended = StepEnded(began.number, max(duration, began.at), None, None, (), 0, ())
    return Step(
        time=began.at / 1e6,
        end=ended.at / 1e6,
        kind=began.kind,
        task=began.task,
        what=began.what,
        resumed_line=began.line,
        suspended_line=ended.line,
        waiting_on=None if ended.waiting_on is None else Wait.named(ended.waiting_on, name_of),
        ready=_named(ended.ready, name_of),
        ready_more=ended.ready_more,
        timers=tuple([(due / 1e6, who) for due, who in ended.timers]),
        within=within,
        raised=began.raised,
        ready_before=None if began.ready is None else _named(began.ready, name_of),
        ready_before_more=began.ready_more,
        cancelled_when_ready=began.cancelled_when_ready,
    )


def _named(ready: tuple[QueueEntry, ...], name_of: Callable[[int], str]) -> tuple[int | str, ...]:
    """Return the entries of a ready queue, with names in the callbacks that mention tasks."""
    return tuple(
        [join_parts(entry, name_of) if isinstance(entry, tuple) else entry for entry in ready]
    )
