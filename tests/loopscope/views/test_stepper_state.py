"""The stepper's `state.js` says of each moment what `moments.py` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from javascript import run_module

from loopscope import Trace
from loopscope.views.moments import (
    End,
    Event,
    Line,
    Sleep,
    Start,
    State,
    Stop,
    states,
)
from loopscope.views.replay import replay, to_json
from sitebuild.content.examples import Example

LIST_STATES = """
import { readFileSync } from "node:fs";
import { decoded } from "./events.js";
import { states } from "./state.js";

const records = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(records.map((rows) => states(rows.map(decoded)))));
"""


def in_javascript(runs: list[list[list[Any]]], folder: Path) -> list[list[dict[str, Any]]]:
    """The states that the stepper makes of each run's events, which are given as rows."""
    return json.loads(run_module(LIST_STATES, folder, json.dumps(runs)))


def in_python(runs: list[list[Event]]) -> list[list[dict[str, Any]]]:
    """The states that `moments.py` makes of them."""
    return json.loads(json.dumps([[state._asdict() for state in states(run)] for run in runs]))


BY_HAND: dict[str, list[Event]] = {
    "lines and values": [
        Start(0.0, "main() starts.", 1, 9, 10.0, frame=0, values=((0, "tea", "1"),)),
        Line(10, 0, values=((0, "a", "[]"), (0, "b", "2"))),
        Line(11, 0, printed=1),
        Line(10, 0, values=((0, "tea", None), (0, "a", "[1]"))),
        Line(3, 1, values=((1, "a", "'x'"),)),
        Stop(
            0.5,
            "main() waits.",
            3,
            19.0,
            waits_for="sleep 1 s",
            timers=((1.5, 1), (2.0, "log")),
            woken=(2, 3),
            values=((1, "a", None), (1, "gone", None)),
        ),
        Start(0.6, "Task-2 starts.", 2, 1, 20.0, frame=2, ready=(3, "log"), ready_more=4),
        Start(0.6, "Task-3 starts inside.", 3, None, None, inside=True, printed=2),
        Line(5, 3, at=0.75, woken=(1, "log")),
        Stop(0.6, "It ends.", ended=((3, "returned"),), ready=("log",)),
        Line(6, 2),
        Stop(0.7, "Task-2 waits.", 2, 30.0, waits_for="", ready=()),
        Sleep(0.7, "Nothing is ready.", 40.0),
        Start(1.5, "asyncio's own.", "_wake", internal=True, ended=((2, "destroyed"),)),
        Stop(1.5, "It has made main() ready.", internal=True, woken=(1,), timers=()),
        Start(1.6, "main() resumes.", 1, 3, 50.0, woken=(4,)),
        Stop(1.6, "main() returns.", ended=((1, "returned"),), printed=5),
        End(
            1.7,
            "Over.",
            ((1, "returned"), (2, "destroyed"), (3, "returned")),
            6,
        ),
    ],
    "a task that waits twice, and one that waits in between": [
        Start(0.0, "a", 1),
        Stop(0.0, "b", 3, waits_for="x"),
        Start(0.0, "c", 2, ready=(7,), ready_more=2),
        Stop(0.0, "d", 4, waits_for="y", ready_more=1),
        Start(0.0, "e", 1, 3, ready=()),
        Stop(0.0, "f", 5, waits_for="z"),
        Start(0.0, "g", "callback"),
        Stop(0.0, "h", waits_for="not a task's"),
    ],
    "none": [],
}


@pytest.mark.parametrize("name", BY_HAND)
def test_it_makes_the_same_of_events_written_by_hand(name: str, tmp_path: Path) -> None:
    rows = [[type(event).__name__.lower(), *event] for event in BY_HAND[name]]
    assert in_javascript([rows], tmp_path) == in_python([BY_HAND[name]])


def test_those_have_each_field_with_an_unusual_value() -> None:
    """Else a field that `events.js` forgets, or has in another place, is not noticed."""
    for kind in (Start, Line, Stop, Sleep, End):
        events = [event for run in BY_HAND.values() for event in run if isinstance(event, kind)]
        for place, field in enumerate(kind._fields):
            values = {event[place] for event in events}
            assert values - {kind._field_defaults.get(field)}, f"{kind.__name__}.{field}"
    assert {*State._fields} == {*in_python([BY_HAND["lines and values"]])[0][0]}


def test_it_makes_the_same_of_every_example_s_run(
    traces: dict[str, Trace | None], every: dict[str, Example], tmp_path: Path
) -> None:
    known = {name: trace for name, trace in traces.items() if trace is not None}
    assert len(known) > 200
    rows = [to_json(trace, every[name].source)["events"] for name, trace in known.items()]
    runs = [replay(trace, every[name].source).events for name, trace in known.items()]
    assert in_javascript(rows, tmp_path) == in_python(runs)
