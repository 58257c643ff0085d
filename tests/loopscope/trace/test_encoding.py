"""Events on their way from the program to its supervisor."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from loopscope.trace.encoding import decode, encode
from loopscope.trace.events import (
    Change,
    Event,
    Exiting,
    FileKnown,
    FrameBegan,
    Instrumented,
    Interrupted,
    LimitReached,
    LineReached,
    LinesCounted,
    LinesCut,
    Note,
    Printed,
    Started,
    StepBegan,
    StepEnded,
    StepsUpTo,
    Stopped,
    TaskCreated,
    TaskEnded,
    TaskRenamed,
    UnnamedWait,
    Unrecorded,
)

ALL: list[Event] = [
    Started(12.5, "program.py"),
    FileKnown("/program.py"),
    TaskCreated(1, "Task-1", "main", 3, None, 0, False),
    TaskCreated(2, "Task-2", "_own", None, 1, 250_000, True),
    StepBegan(0, 0, "task", 1, None, 3, None, "CancelledError"),
    Printed(100_000, "stderr", 1, 4, 0, False, bytes(range(256))),
    StepsUpTo(1234),
    Printed(100_000, "stdout", None, None, None, True, b"x"),
    TaskRenamed(2, "Zoë 🐍"),
    StepEnded(
        0,
        200_000,
        5,
        UnnamedWait("gather", (2, ", ", 1, ", …")),
        (1, "print", ("timer of ", 2)),
        7,
        ((1_000_000, 2), (2, "later")),
    ),
    Instrumented(),
    FrameBegan(0, "<module>", None, None),
    FrameBegan(1, "main.<locals>.inner", 1, 0),
    LineReached(0, 1, 7, (Change(1, "naïve", "'…'"), Change(0, "gone", None)), 5),
    LineReached(0, None, None, (), 5),
    LinesCounted(0, 9800, 4, 5),
    LinesCut("values", 0),
    StepBegan(1, 300_000, "i/o", None, "_read", None, 0, None),
    StepEnded(1, 400_000, None, None, (), 0, ()),
    TaskEnded(1, 500_000, "raised", "ValueError"),
    Note("a note"),
    LimitReached("steps", 600_000),
    Interrupted(),
    Stopped(700_000, "it waits for ever"),
    Exiting(None, None),
    Unrecorded(),
]


def test_all_kinds_of_events_arrive_as_they_were_sent() -> None:
    assert {type(event) for event in ALL} == set(get_args(Event))
    line = encode(ALL)
    assert line.isascii() and line.endswith(b"\n") and line.count(b"\n") == 1
    assert decode(line) == ALL
    assert [type(event) for event in decode(line)] == [type(event) for event in ALL]


def test_on_the_wire_an_event_is_its_kind_and_its_fields() -> None:
    assert encode([Note("x"), Interrupted()]) == b'[["note","x"],["interrupted"]]\n'


@pytest.mark.parametrize("place", range(len(ALL)))
def test_a_field_of_another_type_or_one_too_many_is_no_event(place: int) -> None:
    (row,) = json.loads(encode([ALL[place]]))
    decode(json.dumps([row]).encode())
    spoilt = [
        [*row, None],
        row[:-1],
        *([*row[:field], {}, *row[field + 1 :]] for field in range(len(row))),
    ]
    for wrong in spoilt:
        with pytest.raises(ValueError):
            decode(json.dumps([wrong]).encode())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"rubbish",
        b"{}",
        b"null",
        b"[",
        b"[1]",
        b'"note"',
        b"[" * 100_000,
        b"[" * 990 + b"]" * 990,
    ],
)
def test_rubbish_is_no_event(line: bytes) -> None:
    with pytest.raises(ValueError):
        decode(line)


@pytest.mark.parametrize(
    "changes",
    [
        "none",
        "[1]",
        "[[]]",
        '[["x","name","text"]]',
        '[[1,2,"text"]]',
        '[[1,"name"]]',
        '[[1,"name",2]]',
        '[[1,"name","text",null]]',
        '[[true,"name","text"]]',
    ],
)
def test_what_is_no_change_of_a_variable_is_refused(changes: str) -> None:
    assert decode(b'[["line",0,1,2,[[1,"name",null]],0,null]]')
    with pytest.raises(ValueError):
        decode(f'[["line",0,1,2,{changes},0,null]]'.encode())


def test_no_half_of_a_surrogate_pair_arrives() -> None:
    assert decode(b'[["note","\\udcff"],["renamed",1,"\\uD83D"]]') == [
        Note("\\udcff"),
        TaskRenamed(1, "\\ud83d"),
    ]
    assert decode(b'[["note","\\ud83d\\udc0d"]]') == [Note("🐍")]
    with pytest.raises(ValueError):
        decode(b'[["note","\xed\xb3\xbf"]]')  # the same in a form that `json` itself would read
