"""A run as the stepper replays it: a list of events, each with what it changes.

Asyncio's own steps are among them, and a stepper may pass over their moments: what they cause is
part of the text of the step that follows.
"""

from __future__ import annotations

import collections
import json
from typing import Any, NamedTuple

from ..trace.index import TraceIndex
from ..trace.model import Step, Trace
from .moments import End, Entry, Event, Line, Sleep, Start, State, Stop, after
from .narration import Sentence, describe_wakes, narrate
from .replay_lines import StepLines
from .timeline_layout import step_positions
from .wording import cut_notice, describe_outcome, lines_notice, seconds

MAX_TURNS = 1_000
"""Turns in a replay, without asyncio's own. A longer run is cut off there, and it says so."""

SHORTEST_SLEEP = 0.000_05
"""Seconds between two steps from which on the loop is said to wait."""


class Replay(NamedTuple):
    """A run to be replayed.

    Attributes:
        events: What happened.
        left_out: How many more turns there were, if the replay is cut off.
    """

    events: list[Event]
    left_out: int


def replay(trace: Trace, source: str, max_turns: int = MAX_TURNS) -> Replay:
    """Return the events of a run: two for each step, one for each time that the loop waits.

    Args:
        trace: The run.
        source: The program's text.
        max_turns: Turns that the replay has at most.
    """
    index = TraceIndex.for_trace(trace)
    builder = _Builder(trace, narrate(trace, source))
    turns = [one for one in range(len(trace.steps)) if one not in index.internal_steps]
    count = len(trace.steps) if len(turns) <= max_turns else turns[max_turns]
    open_steps: list[int] = []
    for number in range(count):
        while open_steps and open_steps[-1] != trace.steps[number].within:
            builder.stop(open_steps.pop())
        if open_steps:
            builder.lines_before(number)
        builder.sleep_until(number)
        builder.start(number, inside=bool(open_steps))
        open_steps.append(number)
    while open_steps:
        builder.stop(open_steps.pop())
    if builder.events and count == len(trace.steps):
        builder.end()
    return Replay(builder.events, len(turns[max_turns:]))


class _Builder:
    """Adds one event after another, each with what the record says and the one before does not."""

    def __init__(self, trace: Trace, sentences: list[Sentence]) -> None:
        self.events: list[Event] = []
        self._trace, self._index = trace, TraceIndex.for_trace(trace)
        self._sentences = {one.steps[-1]: one for one in sentences if one.steps}
        self._wakes = describe_wakes(trace)
        self._spans = step_positions(trace)
        self._state = State()
        self._last_x: float | None = None  # where the last step that is drawn ends
        self._lines: list[StepLines] = []  # of the steps that are open
        # Tasks that are destroyed, the first to be last: their ends belong to no step of theirs.
        self._destroyed = sorted(
            (
                task
                for task in trace.tasks
                if task.outcome == "destroyed" and task.ended is not None
            ),
            key=lambda task: (task.ended or 0.0, task.id),
            reverse=True,
        )

    def start(self, number: int, *, inside: bool) -> None:
        """Add the beginning of a step."""
        step = self._trace.steps[number]
        sentence = self._sentences.get(number)
        ready, more = self._ready_before(step)
        printed = self._index.output.lines_before(number) if inside else None
        lines = StepLines(self._trace, number)
        self._lines.append(lines)
        who = (step.what or "a callback") if step.task is None else step.task
        text = "" if sentence is None else sentence.start
        self._add(
            Start(
                at=step.time,
                text=text,
                who=who,
                line=lines.line,
                x=self._spans[number][0] if number in self._spans else None,
                internal=sentence is None,
                inside=inside,
                woken=self._newly_ready(ready),
                ready=None if ready == self._state.ready[1:] else ready,
                ready_more=more,
                ended=self._destroyed_by(step.time),
                printed=printed if printed and printed > self._state.printed else None,
                frame=lines.frame,
                values=lines.changed_values(),
            )
        )

    def lines_before(self, number: int) -> None:
        """Add the lines of the step that is open, up to the one in which another step begins."""
        step = self._trace.steps[number]
        if step.task is not None and self._index.is_eager(number):
            self._add_lines(self._trace.task(step.task).line)

    def _add_lines(self, last: int | None) -> None:
        """Add the next lines of the innermost open step, up to a line of the source, or all."""
        for line in self._lines[-1].up_to(last, self._state.ready):
            new = line.printed is not None and line.printed > self._state.printed
            self._add(line if new else line._replace(printed=None))

    def stop(self, number: int) -> None:
        """Add the end of a step."""
        step, sentence = self._trace.steps[number], self._sentences.get(number)
        self._add_lines(None)
        lines = self._lines.pop()
        task = None if step.task is None else self._trace.task(step.task)
        known = set(self._state.ready)  # from line to line
        woken = tuple([one for one in self._index.woken(number) if one not in known])
        if task is not None and self._index.is_ready(task.id, number):
            woken = (*woken, task.id)  # it lets the others have a turn
        ended = self._destroyed_by(step.end)
        waits_for: str | None = None
        if task is not None and not task.internal:
            if self._index.is_last(number) and self._index.ends_in(number):
                ended = ((task.id, describe_outcome(task)), *ended)
            else:
                wait = step.waiting_on
                waits_for = "" if wait is None else self._index.wait_text(wait)
        printed = self._index.output.lines_after(number)
        unchanged = step.ready == (*self._state.ready, *woken)
        self._add(
            Stop(
                at=step.end,
                text=self._wakes.get(number, "")
                if sentence is None
                else f"{sentence.stop}{_more_lines(step)}",
                line=step.suspended_line,
                x=self._spans[number][1] if number in self._spans else None,
                internal=sentence is None,
                waits_for=waits_for,
                printed=printed if printed > self._state.printed else None,
                timers=None if step.timers == self._state.timers else step.timers,
                woken=woken,
                ended=ended,
                ready=None if unchanged else step.ready,
                ready_more=step.ready_more,
                values=lines.changed_values(),
            )
        )
        if number in self._spans:
            self._last_x = self._spans[number][1]

    def sleep_until(self, number: int) -> None:
        """Add that the loop waits before a step, if it does."""
        step, state = self._trace.steps[number], self._state
        if state.running or state.ready or not self.events:
            return
        if step.time - state.at < SHORTEST_SLEEP:
            return
        due = state.timers[0][0] if state.timers else None
        if due is not None and due <= state.at:
            return
        until = "something happens" if due is None else f"{seconds(due)}"
        text = f"Nothing is ready. The loop waits until {until}."
        self._add(Sleep(state.at, text, self._last_x))

    def end(self) -> None:
        """Add that the program is over."""
        trace, place = (
            self._trace,
            {task: place for place, (task, _) in enumerate(self._state.ended)},
        )
        tasks = sorted(self._index.program_tasks, key=lambda task: place.get(task.id, len(place)))
        how = (
            f"ends with exit status {trace.exit}"
            if isinstance(trace.exit, int)
            else f"is ended by {trace.exit}"
        )
        text = (
            f"The program was stopped: {trace.stopped}." if trace.stopped else f"The program {how}."
        )
        notice = cut_notice(trace)
        printed = len(self._index.output.lines)
        self._add(
            End(
                trace.duration,
                f"{notice} {text}" if notice else text,
                tuple((task.id, describe_outcome(task)) for task in tasks),
                printed if printed > self._state.printed else None,
            )
        )

    def _add(self, event: Event) -> None:
        self.events.append(event)
        self._state = after(self._state, event)

    def _ready_before(self, step: Step) -> tuple[tuple[Entry, ...], int]:
        """Return the ready queue when a step has begun, and how many more entries it has."""
        if step.ready_before is not None:
            return step.ready_before, step.ready_before_more
        ready = self._state.ready
        own = ready.index(step.task) if step.task in ready else 0
        return (*ready[:own], *ready[own + 1 :]), self._state.ready_more

    def _newly_ready(self, ready: tuple[Entry, ...]) -> tuple[int, ...]:
        """Return the tasks of a ready queue that were not in it before."""
        known = set(self._state.ready)
        return tuple([one for one in ready if isinstance(one, int) and one not in known])

    def _destroyed_by(self, time: float) -> tuple[tuple[int, str], ...]:
        """Return the tasks that were destroyed since the last event."""
        found = []
        while self._destroyed and (self._destroyed[-1].ended or 0.0) <= time:
            task = self._destroyed.pop()
            found.append((task.id, describe_outcome(task)))
        return tuple(found)


def _more_lines(step: Step) -> str:
    """Return which lines a step ran that the record only counts, as a sentence; or nothing."""
    more = step.more_lines
    if more is None:
        return ""
    where = f"Line {more.first}" if more.first == more.last else f"Lines {more.first}–{more.last}"
    return f" {where} ran {more.total:,} times more."


_KINDS: dict[type, str] = {Start: "start", Line: "line", Stop: "stop", Sleep: "sleep", End: "end"}


def _row(event: Event) -> list[Any]:
    """Return an event as an array: its kind and its fields, without the usual values at the end."""
    usual = type(event)._field_defaults
    fields = event._fields
    count = len(fields)
    while count and fields[count - 1] in usual and event[count - 1] == usual[fields[count - 1]]:
        count -= 1
    return [_KINDS[type(event)], *event[:count]]


def _labels(trace: Trace) -> list[str]:
    """Return what readers call each task; no two are called the same."""
    index = TraceIndex.for_trace(trace)
    labels = [index.label(task.id) for task in trace.tasks]
    count = collections.Counter(labels)
    return [
        f"{label} (task {number})" if count[label] > 1 else label
        for number, label in enumerate(labels, 1)
    ]


def to_json(trace: Trace, source: str, max_turns: int = MAX_TURNS) -> dict[str, Any]:
    """Return what the stepper needs to know about a run, as data for JSON; see `replay`."""
    events, left_out = replay(trace, source, max_turns)
    return {
        "file": trace.file,
        "labels": _labels(trace),
        "output": [
            [line.time, line.stream, line.line, line.text.rstrip("\n")]
            for line in TraceIndex.for_trace(trace).output.lines
        ],
        "events": [_row(event) for event in events],
        "frames": [
            [frame.function.rpartition("<locals>.")[2], frame.caller, frame.task]
            for frame in trace.frames
        ],
        "left_out": left_out,
        "cut": " ".join(filter(None, [cut_notice(trace), lines_notice(trace)])),
    }


def dumps(data: dict[str, Any]) -> str:
    """Return compact JSON, the same for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
