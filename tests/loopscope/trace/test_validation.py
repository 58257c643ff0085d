"""Records with lines that cannot be true; what else cannot is tested beside the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from loopscope import Step, Task, Trace
from loopscope.limits import (
    MAX_CHANGES,
    MAX_COUNTED_LINES,
    MAX_FRAMES,
    MAX_LINES,
    MAX_STEP_LINES,
    MAX_VALUE_LENGTH,
)
from loopscope.trace.events import Change
from loopscope.trace.lines import Frame, Line, MoreLines
from loopscope.trace.validation import validate

SET = Change(0, "x", "1")
ROW = Line(0, 3, (SET,))
TRACE = Trace(
    "3.13.0", "p.py", "real", 1.0, 0, tasks=(Task(1, "Task-1", "main", 3, None, 0.0),),
    steps=(Step(0.0, 0.1, "task", 1, None, None, 3, None, lines=(ROW, Line(None, None)), more_lines=MoreLines(1, 4, 4)),),
    lines_from="this run", frames=(Frame("main", 1, None), Frame("inner", None, 0)), lines_cut=0, values_cut=0,
)  # fmt: skip


def with_lines(*lines: Any) -> Trace:
    return replace(TRACE, steps=(replace(TRACE.steps[0], lines=lines),))


def with_more(more: object) -> Trace:
    return replace(TRACE, steps=(replace(TRACE.steps[0], more_lines=more),))


def with_frame(*fields: Any) -> Trace:
    return replace(TRACE, frames=(Frame(*fields),))


def test_a_record_with_lines_can_be_true() -> None:
    longest = (ROW,) * (MAX_STEP_LINES + 1)
    for trace in (TRACE, with_lines(*longest), with_more(MoreLines(MAX_COUNTED_LINES, 1, 2))):
        assert validate(trace, "real") is trace


@pytest.mark.parametrize(
    ("field", "trace"),
    [
        ("lines_from", replace(TRACE, lines_from="that run")),
        ("steps is '1 lines'", replace(with_lines(Line(0, 3)), lines_from=None)),
        ("frames: there are", replace(TRACE, frames=TRACE.frames * MAX_FRAMES)),
        ("frames[0].function", with_frame("\udcff", 1, None)),
        ("frames[0].task", with_frame("main", 2, None)),
        ("frames[0].task", with_frame("main", 0, None)),
        ("frames[0].task", with_frame("main", True, None)),
        ("frames[0].caller", with_frame("main", 1, 0)),
        ("steps[0].lines", replace(TRACE, steps=(replace(TRACE.steps[0], lines=[ROW]),))),
        ("steps[0].lines", with_lines((0, 3, ()))),
        ("steps[0].lines", with_lines(*[Line(0, 3)] * (MAX_STEP_LINES + 2))),
        ("steps[0].lines", with_lines(Line(2, 3))),
        ("steps[0].lines", with_lines(Line(0, -1))),
        ("steps[0].lines", with_lines(Line(0, True))),
        ("steps[0].lines", with_lines(Line(0, 3, [SET]))),
        ("steps[0].lines", with_lines(Line(0, 3, ((0, "x", "1"),)))),
        ("steps[0].lines", with_lines(Line(0, 3, (SET._replace(frame=2),)))),
        ("steps[0].lines", with_lines(Line(0, 3, (SET._replace(frame=-1),)))),
        ("steps[0].lines", with_lines(Line(0, 3, (SET._replace(name=1),)))),
        (
            "steps[0].lines",
            with_lines(Line(0, 3, (SET._replace(text="1" * (MAX_VALUE_LENGTH + 1)),))),
        ),
        ("steps is '301 changes'", with_lines(Line(0, 3, (SET,) * (MAX_CHANGES + 1)))),
        (
            "steps is '1600 lines'",
            replace(TRACE, steps=with_lines(*[Line(0, 3)] * 200).steps * (MAX_LINES // 200 + 1)),
        ),
        ("steps[0].more_lines", with_more((1, 4, 4))),
        ("steps[0].more_lines", with_more(MoreLines(MAX_COUNTED_LINES + 1, 4, 4))),
        ("steps[0].more_lines", with_more(MoreLines(0, 4, 4))),
        ("steps[0].more_lines", with_more(MoreLines(1, 4, -4))),
        ("lines_cut", replace(TRACE, lines_cut=1)),
        ("values_cut", replace(TRACE, values_cut=-1)),
    ],
)
def test_lines_that_cannot_be_true_are_refused(field: str, trace: Trace) -> None:
    with pytest.raises(ValueError) as refused:
        validate(trace, "real")
    assert str(refused.value).startswith(field)
