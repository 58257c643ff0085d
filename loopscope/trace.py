"""What passes between recording and showing: one frozen `Trace` a run, and its JSON.

In:  the events that a recorder sends while a program runs (small dictionaries, see `assemble`).
Out: a `Trace`. Nothing here touches an event loop, a process or a clock.

Times are seconds since the program began, on the clock that it ran on. Lines are line numbers of the program's own file.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

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
    ready: tuple[int | str, ...] = ()  # the ready queue after it, task ids or callbacks' names, in order
    timers: tuple[tuple[float, int | str], ...] = ()  # (due, task id or callback's name), earliest first
    within: int | None = None  # index of the step inside of which it ran, where its task was started eagerly
    raised: str | None = None  # type of the exception with which the task went on, raised at the `await` where it stood


@dataclass(frozen=True)
class Output:
    """A piece of output, as it was written."""

    time: float
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

    def text(self, stream: str | None = None) -> str:
        """What it printed, of one stream or (None) of both in the order that they came."""
        return "".join(piece.text for piece in self.output if stream in (None, piece.stream))

    def task(self, number: int) -> Task:
        return self.tasks[number - 1]

    def held(self, index: int) -> float:
        """How long a step held the loop (seconds) by itself, without the steps that ran inside of it."""
        step = self.steps[index]
        length, after = step.end - step.time, index + 1
        while after < len(self.steps) and self.steps[after].within is not None:
            if self.steps[after].within == index:
                length -= self.steps[after].end - self.steps[after].time
            after += 1
        return length

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
            return trace
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
            raise ValueError(f"this is no trace of loopscope: {problem!r}") from problem


_ROWS = {"tasks": Task, "steps": Step, "output": Output}


def stands(name: str, line: int | None, waits: str | None) -> str:
    """Where a task waits, in words."""
    return f"{name} waits{f' at line {line}' if line else ''}{f' for {waits}' if waits else ''}"


def _frozen(value: list) -> tuple:
    return tuple(_frozen(part) if isinstance(part, list) else part for part in value)


def assemble(events: Iterable[dict], *, python: str, file: str, clock: str, duration: float, exit: int | str, **more: Any) -> Trace:
    """Put the recorder's events together.

    Events, told apart by their key `k`: `task` (one is there), `renamed`, `ended` (with outcome), `begin` and `end` of a step (`n` is
    its number), `out` (output; `data` is bytes as latin-1 text), `note`. Output without a `step` was read from outside, and belongs to
    the step that was open then. Steps that are cut off by the end of the process are closed at `duration`.
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
        for each in range(len(tasks) + 1, number + 1):
            tasks[each] = {"id": each, "name": f"Task-{each}", "coro": "?", "line": None, "parent": None, "created": 0.0}
        return tasks[number]

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
                end=event["at"], left=event["line"], waits=event["waits"], ready=_frozen(event["ready"]), timers=_frozen(event["timers"])
            )
        elif kind == "out":
            text = decoders[event["stream"]].decode(event["data"].encode("latin-1"))
            if text:
                within = event["step"] if "step" in event else open_steps[-1] if open_steps else None
                output.append(Output(event["at"], event["stream"], event["task"], event["line"], text, index.get(within)))
        elif kind == "note":
            notes.append(event["text"])
    for stream, decoder in decoders.items():
        rest = decoder.decode(b"", final=True)
        if rest:
            output.append(Output(duration, stream, None, None, rest))
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
        **more,
    )
