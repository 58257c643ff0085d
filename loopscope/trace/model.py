"""What passes between recording and showing: one frozen `Trace` a run, and its JSON.

In:  the events that a recorder sends while a program runs (see `events`).
Out: a `Trace`. Nothing here touches an event loop, a process or a clock.

Times are seconds since the program began, on the clock that it ran on. Lines are line numbers of
the program's own file.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple, get_args

from ..limits import MAX_TASKS
from .events import (
    FORMAT_VERSION,
    Clock,
    Event,
    LimitReached,
    Note,
    Outcome,
    Parts,
    Printed,
    StepBegan,
    StepEnded,
    StepKind,
    Stream,
    TaskCreated,
    TaskEnded,
    TaskRenamed,
    UnnamedWait,
    WaitKind,
)

BLOCKED = 0.05
"""A step that holds the loop for this long (seconds) or longer is called blocked."""


class Wait(NamedTuple):
    """What a suspended task waits for."""

    kind: WaitKind
    subject: str = ""  # tasks by name, a primitive's class, a method; empty where the kind says all
    seconds: float | None = None  # how long it sleeps; None: no sleep, or an endless one ("inf s")

    @classmethod
    def named(cls, wait: UnnamedWait, name_of: Callable[[int], str]) -> Wait:
        """What the recorder says of it, with the tasks' names."""
        return cls(wait.kind, join_parts(wait.subject, name_of), wait.seconds)

    @property
    def text(self) -> str:
        """What readers call it."""
        if self.kind == "sleep":
            return f"sleep {self.length}"
        if self.kind in ("gather", "wait", "shield"):
            return f"{self.kind}({self.subject})"
        return _CALLED.get(self.kind, self.subject)

    @property
    def length(self) -> str:
        """How long a sleep lasts, as readers see it: `1.5 s`."""
        return self.subject if self.seconds is None else f"{self.seconds:.6g} s"

    @property
    def only_yields(self) -> bool:
        """Whether there is nothing to wait for: the task goes on as soon as its turn comes."""
        return self.kind == "turn" or (self.kind == "sleep" and self.seconds == 0)


_CALLED: dict[WaitKind, str] = {
    "turn": "its next turn",
    "task_group": "TaskGroup",
    "as_completed": "as_completed",
}


@dataclass(frozen=True)
class Task:
    """One asyncio task, in order of creation (`id` counts from 1)."""

    id: int
    name: str
    coro: str  # qualified name of its coroutine
    line: int | None  # the line that created it
    parent: int | None  # the task that created it
    created: float
    ended: float | None = None
    outcome: Outcome = "pending"
    error: str | None = None  # type of the exception, where it raised
    internal: bool = False  # made by asyncio for itself, to close the loop and the like


@dataclass(frozen=True)
class Step:
    """One turn of one callback of the loop: for a task, from one suspension to the next."""

    time: float
    end: float
    kind: StepKind
    task: int | None
    what: str | None  # name of the callback, where it is no task's
    resumed_line: int | None  # line at which the task went on
    suspended_line: int | None  # line at which it let go
    waiting_on: Wait | None  # what it waits for now
    # the ready queue after it, task ids or callbacks' names, in order
    ready: tuple[int | str, ...] = ()
    ready_more: int = 0  # how many more stand behind these
    # (due, task id or callback's name), earliest first
    timers: tuple[tuple[float, int | str], ...] = ()
    # index of the step inside of which it ran, where its task was started eagerly
    within: int | None = None
    # type of the exception with which the task went on, raised at the `await` where it stood
    raised: str | None = None

    @property
    def wait_text(self) -> str:
        """What the task waits for now, as readers call it; empty where it waits for nothing."""
        return "" if self.waiting_on is None else self.waiting_on.text


@dataclass(frozen=True)
class Output:
    """A piece of output, in the order in which it came out."""

    # when it was printed; it may have waited in a buffer for the end of its line, or to be flushed
    time: float
    stream: Stream
    task: int | None
    line: int | None
    text: str
    step: int | None = None  # index of the step that was running


@dataclass(frozen=True)
class Trace:
    """Everything that is known of one run."""

    python: str
    file: str
    clock: Clock
    duration: float
    exit: int | str  # exit status, or the name of the signal that ended it
    stopped: str | None = None  # why loopscope ended it, where it did
    error: str | None = None  # last line of the exception that ended it
    notes: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    steps: tuple[Step, ...] = ()
    output: tuple[Output, ...] = ()
    steps_cut: float | None = None
    """The time from which on steps are missing, as the limit of steps was reached. None: all steps
    are here.
    """
    tasks_cut: float | None = None
    """The time from which on new tasks, and their steps, are missing, as the limit of tasks was
    reached. None: all tasks are here.
    """

    def text(self, stream: str | None = None) -> str:
        """What it printed, of one stream or (None) of both in the order that they came."""
        return "".join(piece.text for piece in self.output if stream in (None, piece.stream))

    def task(self, number: int) -> Task:
        return self.tasks[number - 1]

    def saw_all_of(self, task: Task) -> bool:
        """Whether all steps of a task are here."""
        return self.steps_cut is None or (task.ended is not None and task.ended < self.steps_cut)

    def to_json(self) -> str:
        """Return compact JSON, the same for equal traces: steps and the like are arrays."""
        data = {"format": FORMAT_VERSION, **asdict(self)}
        for key, kind in _ROWS.items():
            data[key] = [[row[field.name] for field in fields(kind)] for row in data[key]]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """The reverse of `to_json`.

        Raises:
            ValueError: The text is no trace, or one of another format.
        """
        try:
            data = json.loads(text)
            version = data.pop("format", 0)  # the first records did not say
            if type(version) is not int:
                raise TypeError("format")
            if version == FORMAT_VERSION:
                return cls._from_data(data)
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
            raise ValueError(f"this is no trace of loopscope: {problem!r}") from problem
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
        return trace


_ROWS = {"tasks": Task, "steps": Step, "output": Output}


def _from_row(kind: type, row: list) -> Any:
    names = [field.name for field in fields(kind)]
    values = dict(zip(names, map(_frozen, row), strict=True))
    if values.get("waiting_on") is not None:
        values["waiting_on"] = Wait(*values["waiting_on"])
    return kind(**values)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def and_more(count: int) -> str:
    """What stands for the entries of a ready queue that a step does not hold."""
    return f"and {count:,} more"


def stands(name: str, line: int | None, waiting_on: Wait | None) -> str:
    """Where a task waits, in words."""
    what = "" if waiting_on is None else waiting_on.text
    return f"{name} waits{f' at line {line}' if line else ''}{f' for {what}' if what else ''}"


def join_parts(parts: Parts, name_of: Callable[[int], str]) -> str:
    """A text with tasks' names in it."""
    return "".join(part if isinstance(part, str) else name_of(part) for part in parts)


def assemble(
    events: Iterable[Event],
    *,
    python: str,
    file: str,
    clock: Clock,
    duration: float,
    exit: int | str,
    **more: Any,
) -> Trace:
    """Put the recorder's events together.

    Output that was read from outside belongs to the step that was open then. Steps that are cut
    off by the end of the process are closed at `duration`. A task is called by its last name.

    Args:
        events: In the order in which they were sent.
        python, file, clock, exit, more: The trace's own fields.
        duration: Seconds that the program ran; longer in the trace if something happened later.

    Raises:
        ValueError: They tell of a task beyond the limit: the program forged them.
    """
    tasks: dict[int, Task] = {}
    begun: list[StepBegan] = []
    ended: dict[int, StepEnded] = {}
    index: dict[int | None, int] = {}  # a step's number -> its place in `begun`
    within: list[int | None] = []  # for each of these, the place of the step inside of which it ran
    open_steps: list[int] = []
    output: list[Output] = []
    notes: list[str] = list(more.pop("notes", ()))
    cut: dict[str, float] = {}
    decoder_type = codecs.getincrementaldecoder("utf-8")
    decoders = {name: decoder_type("backslashreplace") for name in get_args(Stream)}

    def known(number: int) -> Task:
        """A task as far as it is known: an interrupted program may have failed to tell of some."""
        if not 1 <= number <= MAX_TASKS:
            raise ValueError(f"there is no task {number}")
        for each in range(len(tasks) + 1, number + 1):
            tasks[each] = Task(each, f"Task-{each}", "?", None, None, 0.0)
        return tasks[number]

    def name_of(number: int) -> str:
        return known(number).name

    for event in events:
        if isinstance(event, StepBegan):
            if event.task is not None:
                known(event.task)
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
                known(event.task)
            text = decoders[event.stream].decode(event.data)
            step = (open_steps[-1] if open_steps else None) if event.outside else event.step
            if text:
                place = index.get(step)
                output.append(Output(event.at, event.stream, event.task, event.line, text, place))
        elif isinstance(event, TaskCreated):
            tasks[event.number] = replace(
                known(event.number),
                name=event.name,
                coro=event.coro,
                line=event.line,
                parent=event.parent,
                created=event.created,
                internal=event.internal,
            )
        elif isinstance(event, TaskRenamed):
            tasks[event.number] = replace(known(event.number), name=event.name)
        elif isinstance(event, TaskEnded):
            tasks[event.number] = replace(
                known(event.number),
                ended=event.at,
                outcome=event.outcome,
                error=event.error,
            )
        elif isinstance(event, Note):
            notes.append(event.text)
        elif isinstance(event, LimitReached):
            cut.setdefault(event.what, event.at)
    for stream, decoder in decoders.items():
        rest = decoder.decode(b"", final=True)
        if rest:
            output.append(Output(duration, stream, None, None, rest))
    steps = []
    for place, (began, inside) in enumerate(zip(begun, within, strict=True)):
        steps.append(_step(began, ended.get(place), inside, duration, name_of))
    last = max([duration, *(step.end for step in steps), *(piece.time for piece in output)])
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
        **more,
    )


def _step(
    began: StepBegan,
    ended: StepEnded | None,
    within: int | None,
    duration: float,
    name_of: Callable[[int], str],
) -> Step:
    if ended is None:
        ended = StepEnded(began.number, max(duration, began.at), None, None, (), 0, ())
    return Step(
        time=began.at,
        end=ended.at,
        kind=began.kind,
        task=began.task,
        what=began.what,
        resumed_line=began.line,
        suspended_line=ended.line,
        waiting_on=None if ended.waiting_on is None else Wait.named(ended.waiting_on, name_of),
        ready=tuple(
            [join_parts(one, name_of) if isinstance(one, tuple) else one for one in ended.ready],
        ),
        ready_more=ended.ready_more,
        timers=ended.timers,
        within=within,
        raised=began.raised,
    )
