"""The record of one run, a frozen `Trace`, and its JSON.

Nothing here touches an event loop, a process or a clock. Times are seconds since the program
began, on the clock that it ran on. Lines are line numbers of the program's own file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, NamedTuple

from .events import (
    FORMAT_VERSION,
    Clock,
    LinesFrom,
    Outcome,
    Parts,
    StepKind,
    Stream,
    UnnamedWait,
    WaitKind,
)
from .lines import Frame, Line, MoreLines

BLOCKED_SECONDS = 0.05
"""A step that holds the loop for at least this long, in seconds, is called blocked."""


class Wait(NamedTuple):
    """What a suspended task waits for."""

    kind: WaitKind
    subject: str = ""  # tasks by name, a primitive's class, a method; empty if `kind` is enough
    seconds: float | None = None  # length of a sleep; None for an endless one ("inf s") and others

    @classmethod
    def named(cls, wait: UnnamedWait, name_of: Callable[[int], str]) -> Wait:
        """Return what the recorder sent, with the names of tasks in place of their numbers."""
        return cls(wait.kind, join_parts(wait.subject, name_of), wait.seconds)

    @property
    def text(self) -> str:
        """What readers call it."""
        if self.kind == "sleep":
            return f"sleep {self.length}"
        if self.kind in ("gather", "wait", "shield"):
            return f"{self.kind}({self.subject})"
        return _FIXED_TEXTS.get(self.kind, self.subject)

    @property
    def length(self) -> str:
        """The length of a sleep, as readers see it: `1.5 s`."""
        return self.subject if self.seconds is None else f"{self.seconds:.6g} s"

    @property
    def only_yields(self) -> bool:
        """Whether there is nothing to wait for: the task continues as soon as its turn comes."""
        return self.kind == "turn" or (self.kind == "sleep" and self.seconds == 0)


_FIXED_TEXTS: dict[WaitKind, str] = {
    "turn": "its next turn",
    "task_group": "TaskGroup",
    "as_completed": "as_completed",
}


@dataclass(frozen=True)
class Task:
    """One asyncio task."""

    id: int  # in order of creation, from 1
    name: str
    coro: str  # qualified name of its coroutine
    line: int | None  # the line that created it
    parent: int | None  # the task that created it
    created: float
    ended: float | None = None
    outcome: Outcome = "pending"
    error: str | None = None  # type of the exception, if it raised one
    internal: bool = False  # made by asyncio for itself, to close the loop and the like

    @property
    def function(self) -> str:
        """The name of its coroutine function, without what that is defined in."""
        return self.coro.rpartition("<locals>.")[2]


@dataclass(frozen=True)
class Step:
    """One turn of one callback of the loop: for a task, from one suspension to the next."""

    time: float
    end: float
    kind: StepKind
    task: int | None
    what: str | None  # name of the callback, if it is not a task's step
    resumed_line: int | None  # line at which the task resumed
    suspended_line: int | None  # line at which it was suspended
    waiting_on: Wait | None  # what it waits for now
    # the beginning of the ready queue after it, in order: task ids and callbacks' names
    ready: tuple[int | str, ...] = ()
    ready_more: int = 0  # how many more entries the queue has
    # (due, task id or callback's name), earliest first
    timers: tuple[tuple[float, int | str], ...] = ()
    # index of the step that it ran inside: its task was started eagerly, or the loop ran again
    within: int | None = None
    # type of the exception that was raised at the `await` at which the task resumed
    raised: str | None = None
    # the beginning of the ready queue when it began, without this step; None if the step before
    # left it so: most often, the loop looks for timers and data only when the queue is empty
    ready_before: tuple[int | str, ...] | None = None
    ready_before_more: int = 0
    # whether the task was cancelled only once it was ready: not by the step that woke it
    cancelled_when_ready: bool = False
    # the first lines of the program's file that it ran, in order, if the program was instrumented
    lines: tuple[Line, ...] = ()
    more_lines: MoreLines | None = None  # those that it ran after them

    @property
    def wait_text(self) -> str:
        """What the task waits for now, as readers call it; empty if it waits for nothing."""
        return "" if self.waiting_on is None else self.waiting_on.text


@dataclass(frozen=True)
class Output:
    """A piece of output, in the order in which it was printed."""

    time: float  # when it was printed, even if it then waited in a buffer
    stream: Stream
    task: int | None
    line: int | None
    text: str
    step: int | None = None  # index of the step that was running


@dataclass(frozen=True)
class Trace:
    """Everything that is known about one run."""

    python: str
    file: str
    clock: Clock
    duration: float
    exit: int | str  # exit status, or the name of the signal that ended it
    stopped: str | None = None  # why loopscope ended it, if it did
    error: str | None = None  # last line of the exception that ended it
    notes: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    steps: tuple[Step, ...] = ()
    output: tuple[Output, ...] = ()
    steps_cut: float | None = None
    """The time after which steps are missing, because their limit was reached; None if none are."""
    tasks_cut: float | None = None
    """The time after which new tasks, and their steps, are missing; None if none are."""
    lines_from: LinesFrom | None = None
    """Which run its lines are of, if it has any. That run was instrumented: slower, and in ways
    that the program could notice."""
    frames: tuple[Frame, ...] = ()
    """The calls of functions that the lines of steps belong to."""
    lines_cut: int | None = None
    """Index of the first step with lines missing, because the limit on a run's lines was reached;
    None if none are. (Lines that a step counts in `more_lines` are not missing.)"""
    values_cut: int | None = None
    """Index of the first step with changes of variables missing, likewise."""

    def text(self, stream: str | None = None) -> str:
        """Return what the program printed.

        Args:
            stream: "stdout" or "stderr"; None for both, in the order in which it was printed.
        """
        return "".join(piece.text for piece in self.output if stream in (None, piece.stream))

    def task(self, number: int) -> Task:
        """Return a task by its number (`Task.id`)."""
        return self.tasks[number - 1]

    def has_all_steps_of(self, task: Task) -> bool:
        """Return whether all steps of a task are in the record."""
        return self.steps_cut is None or (task.ended is not None and task.ended < self.steps_cut)

    def to_json(self) -> str:
        """Return compact JSON, the same for equal traces.

        Tasks, steps, frames and pieces of output are arrays of their fields, in order.
        """
        # not `asdict`, which copies everything and takes several times as long as the rest
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        data: dict[str, Any] = {"format": FORMAT_VERSION, **values}
        for key, kind in _ROWS.items():
            row_of = attrgetter(*(field.name for field in fields(kind)))
            data[key] = list(map(row_of, data[key]))
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """Return the trace that `to_json` made a text of.

        Raises:
            ValueError: The text is not a trace, or is one in another format.
        """
        try:
            data = json.loads(text)
            version = data.pop("format", 0)  # the first records did not say
            if type(version) is not int:
                raise TypeError("format")
            if version == FORMAT_VERSION:
                return cls._from_data(data)
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
            raise ValueError(f"this is not a loopscope trace: {problem!r}") from problem
        raise ValueError(f"this record has format {version}; this loopscope reads {FORMAT_VERSION}")

    @classmethod
    def _from_data(cls, data: dict[str, Any]) -> Trace:
        for key, kind in _ROWS.items():
            data[key] = tuple(_from_row(kind, row) for row in data[key])
        data["notes"] = tuple(data["notes"])
        trace = cls(**data)
        if not isinstance(trace.duration, (int, float)) or not isinstance(trace.exit, (int, str)):
            raise TypeError("duration or exit")
        cuts = (trace.steps_cut, trace.tasks_cut)
        if not all(cut is None or type(cut) in (int, float) for cut in cuts):
            raise TypeError("steps_cut or tasks_cut")
        if not all(cut is None or type(cut) is int for cut in (trace.lines_cut, trace.values_cut)):
            raise TypeError("lines_cut or values_cut")
        return trace


_ROWS = {"tasks": Task, "steps": Step, "output": Output, "frames": Frame}


def _from_row(kind: type, row: list[Any]) -> Any:
    """Return the task, step, frame or piece of output that an array of its fields stands for."""
    names = [field.name for field in fields(kind)]
    values = dict(zip(names, map(_to_tuples, row), strict=True))
    if values.get("waiting_on") is not None:
        values["waiting_on"] = Wait(*values["waiting_on"])
    if values.get("lines"):
        values["lines"] = tuple(map(Line.from_row, values["lines"]))
    if values.get("more_lines") is not None:
        values["more_lines"] = MoreLines(*values["more_lines"])
    return kind(**values)


def _to_tuples(value: Any) -> Any:
    return tuple(map(_to_tuples, value)) if isinstance(value, list) else value


def and_more(count: int) -> str:
    """Return what is shown in place of the entries of a ready queue that a step does not list."""
    return f"and {count:,} more"


def describe_wait(name: str, line: int | None, waiting_on: Wait | None) -> str:
    """Describe where a task waits and for what, in words."""
    what = "" if waiting_on is None else waiting_on.text
    return f"{name} is waiting{f' at line {line}' if line else ''}{f' for {what}' if what else ''}"


def join_parts(parts: Parts, name_of: Callable[[int], str]) -> str:
    """Return a text in which tasks have their names."""
    return "".join(part if isinstance(part, str) else name_of(part) for part in parts)
