"""What passes between recording and showing: one frozen `Trace` a run, and its JSON.

In:  the events that a recorder sends while a program runs (small dictionaries, see `assemble`).
Out: a `Trace`. Nothing here touches an event loop, a process or a clock.

Times are seconds since the program began, on the clock that it ran on. Lines are line numbers of the program's own file.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..limits import QUEUE_SHOWN, TASKS

BLOCKED = 0.05
"""A step that holds the loop for this long (seconds) or longer is called blocked."""


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
    outcome: str = "pending"  # returned, raised, cancelled, pending (still, at the end), destroyed (collected while pending)
    error: str | None = None  # type of the exception, where it raised
    internal: bool = False  # made by asyncio for itself, to close the loop and the like


@dataclass(frozen=True)
class Step:
    """One turn of one callback of the loop: for a task, from one suspension to the next."""

    time: float
    end: float
    kind: str  # task, timer, callback, i/o
    task: int | None
    what: str | None  # name of the callback, where it is no task's
    resumed: int | None  # line at which the task went on
    left: int | None  # line at which it let go
    waits: str | None  # what it waits for now
    ready: tuple[int | str, ...] = ()  # the ready queue after it, task ids or callbacks' names, in order; see `and_more`
    timers: tuple[tuple[float, int | str], ...] = ()  # (due, task id or callback's name), earliest first
    within: int | None = None  # index of the step inside of which it ran, where its task was started eagerly
    raised: str | None = None  # type of the exception with which the task went on, raised at the `await` where it stood


@dataclass(frozen=True)
class Output:
    """A piece of output, in the order in which it came out."""

    time: float  # when it was printed; it may have waited in a buffer for the end of its line, or to be flushed
    stream: str  # stdout, stderr
    task: int | None
    line: int | None
    text: str
    step: int | None = None  # index of the step that was running


@dataclass(frozen=True)
class Trace:
    """Everything that is known of one run."""

    python: str
    file: str
    clock: str  # virtual, real
    duration: float
    exit: int | str  # exit status, or the name of the signal that ended it
    stopped: str | None = None  # why loopscope ended it, where it did
    error: str | None = None  # last line of the exception that ended it
    notes: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    steps: tuple[Step, ...] = ()
    output: tuple[Output, ...] = ()
    steps_cut: float | None = None
    """The time from which on steps are missing, as the limit of steps was reached. None: all steps are here."""
    tasks_cut: float | None = None
    """The time from which on new tasks, and their steps, are missing, as the limit of tasks was reached. None: all tasks are here."""

    def text(self, stream: str | None = None) -> str:
        """What it printed, of one stream or (None) of both in the order that they came."""
        return "".join(piece.text for piece in self.output if stream in (None, piece.stream))

    def task(self, number: int) -> Task:
        return self.tasks[number - 1]

    def saw_all_of(self, task: Task) -> bool:
        """Whether all steps of a task are here."""
        return self.steps_cut is None or (task.ended is not None and task.ended < self.steps_cut)

    def to_json(self) -> str:
        """Compact and the same for equal traces: an object a record, steps and the like as arrays."""
        data = asdict(self)
        for key, kind in _ROWS.items():
            data[key] = [[row[field.name] for field in fields(kind)] for row in data[key]]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """The reverse of `to_json`. Raises ValueError when the text is no trace."""
        try:
            data = json.loads(text)
            for key, kind in _ROWS.items():
                data[key] = tuple(kind(*[_frozen(value) if isinstance(value, list) else value for value in row]) for row in data[key])
            data["notes"] = tuple(data["notes"])
            trace = cls(**data)
            if not isinstance(trace.duration, (int, float)) or not isinstance(trace.exit, (int, str)):
                raise TypeError("duration or exit")
            if not all(cut is None or type(cut) in (int, float) for cut in (trace.steps_cut, trace.tasks_cut)):
                raise TypeError("steps_cut or tasks_cut")
            return trace
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
            raise ValueError(f"this is no trace of loopscope: {problem!r}") from problem


_ROWS = {"tasks": Task, "steps": Step, "output": Output}


_AND_MORE = re.compile(r"and ([\d,]+) more")


def and_more(count: int) -> str:
    """The last entry of a ready queue that is longer than what a step holds of it."""
    return f"and {count:,} more"


def left_out_of(ready: tuple[int | str, ...]) -> int:
    """How many entries of a ready queue a step does not hold: what `and_more` was told."""
    more = _AND_MORE.fullmatch(str(ready[-1])) if len(ready) > QUEUE_SHOWN else None
    return int(more[1].replace(",", "")) if more else 0


def stands(name: str, line: int | None, waits: str | None) -> str:
    """Where a task waits, in words."""
    return f"{name} waits{f' at line {line}' if line else ''}{f' for {waits}' if waits else ''}"


def _frozen(value: list) -> tuple:
    return tuple(_frozen(part) if isinstance(part, list) else part for part in value)


def assemble(events: Iterable[dict], *, python: str, file: str, clock: str, duration: float, exit: int | str, **more: Any) -> Trace:
    """Put the recorder's events together.

    Events, told apart by their key `k`: `task` (one is there), `renamed`, `ended` (with outcome), `begin` and `end` of a step (`n` is
    its number), `out` (output; `data` is bytes as latin-1 text), `note`, `cut` (no more `steps`, or `tasks`, are recorded). Output without
    a `step` was read from outside, and belongs to the step that was open then. Steps that are cut off by the end of the process are
    closed at `duration`. Texts with tasks' names in them come in parts, the names as numbers: a task is called by its last name.
    """
    tasks: dict[int, dict] = {}
    steps: list[dict] = []
    index: dict[int | None, int] = {}  # a step's number -> its place in `steps`
    open_steps: list[int] = []
    output: list[Output] = []
    notes: list[str] = list(more.pop("notes", ()))
    decoders = {name: codecs.getincrementaldecoder("utf-8")("backslashreplace") for name in ("stdout", "stderr")}

    def known(number: int) -> dict:
        """A task as far as it is known: an interrupted program may have failed to tell of some."""
        if number > TASKS:
            raise ValueError(f"there is no task {number}")  # the events of a program that forged them
        for each in range(len(tasks) + 1, number + 1):
            tasks[each] = {"id": each, "name": f"Task-{each}", "coro": "?", "line": None, "parent": None, "created": 0.0}
        return tasks[number]

    cut: dict[str, float] = {}

    def named(parts: list) -> str:
        return "".join(part if isinstance(part, str) else known(part)["name"] for part in parts)

    for event in events:
        kind = event["k"]
        if event.get("task"):
            known(event["task"])
        if kind == "task":
            tasks[event["id"]] = known(event["id"]) | {
                key: event[key] for key in ("id", "name", "coro", "line", "parent", "created", "internal")
            }
        elif kind == "renamed":
            known(event["id"])["name"] = event["name"]
        elif kind == "ended":
            known(event["id"]).update(ended=event["at"], outcome=event["outcome"], error=event["error"])
        elif kind == "begin":
            index[event["n"]] = len(steps)
            open_steps.append(event["n"])
            steps.append(
                {
                    "time": event["at"],
                    "end": None,
                    "kind": event["kind"],
                    "task": event["task"],
                    "what": event["what"],
                    "resumed": event["line"],
                    "left": None,
                    "waits": None,
                    "within": index.get(event["within"]),
                    "raised": event.get("raised"),
                }
            )
        elif kind == "end" and event["n"] in open_steps:
            open_steps.remove(event["n"])
            steps[index[event["n"]]].update(
                end=event["at"], left=event["line"], waits=event["waits"], ready=event["ready"], timers=_frozen(event["timers"])
            )
        elif kind == "out":
            text = decoders[event["stream"]].decode(event["data"].encode("latin-1"))
            if text:
                within = event["step"] if "step" in event else open_steps[-1] if open_steps else None
                output.append(Output(event["at"], event["stream"], event["task"], event["line"], text, index.get(within)))
        elif kind == "note":
            notes.append(event["text"])
        elif kind == "cut":
            cut.setdefault(event["what"], event["at"])
    for stream, decoder in decoders.items():
        rest = decoder.decode(b"", final=True)
        if rest:
            output.append(Output(duration, stream, None, None, rest))
    for step in steps:
        step["waits"] = named(step["waits"]) if step["waits"] is not None else None
        step["ready"] = tuple(named(entry) if isinstance(entry, list) else entry for entry in step.get("ready", ()))
    for number in open_steps:
        step = steps[index[number]]
        step["end"] = max(duration, step["time"])
    last = max([duration, *(step["end"] for step in steps), *(piece.time for piece in output)])
    return Trace(
        python,
        file,
        clock,
        last,
        exit,
        notes=tuple(notes),
        tasks=tuple(Task(**tasks[key]) for key in sorted(tasks)),
        steps=tuple(Step(**step) for step in steps),
        output=tuple(output),
        steps_cut=cut.get("steps"),
        tasks_cut=cut.get("tasks"),
        **more,
    )
