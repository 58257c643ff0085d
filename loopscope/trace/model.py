"""What passes between recording and showing: one frozen `Trace` a run, and its JSON.

In:  the events that a recorder sends while a program runs (small dictionaries, see `assemble`).
Out: a `Trace`. Nothing here touches an event loop, a process or a clock.

Times are seconds since the program began, on the clock that it ran on. Lines are line numbers of the program's own file.
"""

from __future__ import annotations

import bisect
import codecs
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
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
    ready: tuple[int | str, ...] = ()  # the ready queue after it, task ids or callbacks' names, in order; see `is_ready`
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

    def held(self, index: int) -> float:
        """How long a step held the loop (seconds) by itself, without what ran inside of it.

        Tasks that were started eagerly take their own steps off. A loop that ran inside of the step takes all the time off from its first
        step to its last: in between it may have waited, and anybody else could run.
        """
        step = self.steps[index]
        length = step.end - step.time
        began: float | None = None
        ended = 0.0
        for within in self._inside.get(index, ()):
            inner = self.steps[within]
            if self.is_eager(within) and began is None:
                length -= inner.end - inner.time
            else:
                began, ended = inner.time if began is None else began, inner.end
        return length if began is None else length - (ended - began)

    @cached_property
    def _inside(self) -> dict[int, list[int]]:
        """For each step inside of which others ran directly: those."""
        found: dict[int, list[int]] = {}
        for index, step in enumerate(self.steps):
            if step.within is not None:
                found.setdefault(step.within, []).append(index)
        return found

    def is_eager(self, index: int) -> bool:
        """Whether a step is the start of an eager task, which runs inside of the step that creates it."""
        step = self.steps[index]
        return step.within is not None and step.task is not None and self.task(step.task).created == step.time

    def is_ready(self, number: int, index: int) -> bool:
        """Whether a task is in the ready queue after a step. A step holds the beginning of a long one; the rest is who had a turn next."""
        if number in self.steps[index].ready:
            return True
        rest = self._rest(index)
        if not rest:
            return False
        turns, of_task = self._turns
        own = of_task.get(number, [])
        following = bisect.bisect(own, index)
        return following < len(own) and bisect.bisect_left(turns, own[following]) in rest

    def ready_tasks(self, index: int) -> set[int]:
        """All tasks that are in the ready queue after a step."""
        rest = [self.steps[self._turns[0][turn]].task for turn in self._rest(index)]
        return {entry for entry in (*self.steps[index].ready, *rest) if isinstance(entry, int)}

    def woken(self, index: int) -> list[int]:
        """The tasks that are in the ready queue after a step and were not before it, in order."""
        entries: list[Any] = [*self.steps[index].ready]
        rest = self._rest(index)
        if rest:  # new entries are at the end of the queue, so there is no need to search the older ones
            before = len(self.steps[index - 1].ready[:QUEUE_SHOWN]) + len(self._rest(index - 1)) if index else 0
            entries = [self.steps[self._turns[0][turn]].task for turn in rest[max(0, before - 1 - QUEUE_SHOWN) :]]
            entries = entries if before > QUEUE_SHOWN else [*self.steps[index].ready, *entries]
        return [one for one in dict.fromkeys(entries) if isinstance(one, int) and not (index and self.is_ready(one, index - 1))]

    def _rest(self, index: int) -> range:
        """Which of the turns (see `_turns`) were in the ready queue after a step, but too far back to be held by it."""
        ready = self.steps[index].ready
        more = _AND_MORE.fullmatch(str(ready[-1])) if len(ready) > QUEUE_SHOWN else None
        if more is None:
            return range(0)
        turns, _ = self._turns
        first = bisect.bisect(turns, index) + QUEUE_SHOWN
        return range(first, min(first + int(more[1].replace(",", "")), len(turns)))

    @cached_property
    def _turns(self) -> tuple[list[int], dict[int | None, list[int]]]:
        """The steps that came out of a ready queue, in order: all, and those of each task."""
        turns = [index for index, step in enumerate(self.steps) if step.within is None]
        of_task: dict[int | None, list[int]] = {}
        for index in turns:
            of_task.setdefault(self.steps[index].task, []).append(index)
        return turns, of_task

    def ends_in(self, index: int) -> bool:
        """Whether a step's task ended in it. A task may end after the record's last step."""
        step = self.steps[index]
        ended = self.task(step.task).ended if step.task is not None else None
        return ended is not None and step.time <= ended <= step.end

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
