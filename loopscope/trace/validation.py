"""Holds a record that comes from where strangers' programs run to what a record can be.

In:  a `Trace` from there. Out: the same, or an error that names what is wrong with it.

A program shares its process with the recorder, so it can send whatever it likes. It cannot be kept
from telling lies about itself; but whatever reads a record may rely on its types, its sizes, and
that its numbers lead somewhere.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..limits import DEFAULT_LIMITS, MAX_OUTPUT_PIECES, MAX_QUEUE_ENTRIES, MAX_STEPS, MAX_TASKS
from .events import WaitKind
from .model import Output, Step, Task, Trace, Wait

_MOST = {
    "tasks": MAX_TASKS,
    "steps": MAX_STEPS,
    "output": DEFAULT_LIMITS.output + MAX_OUTPUT_PIECES,
    "notes": 1000,
}
_TEXT = 100_000  # characters of a name or a message
_PRINTED = 5 * DEFAULT_LIMITS.output  # characters: a byte that is no UTF-8 is shown as four
_SECONDS = 1e15
_LINE = 10_000_000
_DEPTH = 1000  # levels of nested steps; each level takes up some of the program's stack


def validate(trace: Trace, clock: str, file: str | None = None) -> Trace:
    """Give the trace back if it can be one of a program that ran on `clock` and is called `file`
    (None: whatever).

    Raises:
        ValueError: it cannot be; the message names the field.
    """
    for name, most in _MOST.items():
        if len(getattr(trace, name)) > most:
            raise ValueError(f"{name}: there are {len(getattr(trace, name)):,}, more than {most:,}")
    expected = {"clock": clock, "file": file or trace.file}
    for name, value in expected.items():
        _require(getattr(trace, name) == value, name, getattr(trace, name))
    _require(_matches(r"3\.\d+\.\d+[\w+.]*", trace.python), "python", trace.python)
    _require(_is_number(trace.duration), "duration", trace.duration)
    for name in ("steps_cut", "tasks_cut"):
        _require(
            getattr(trace, name) is None or _is_number(getattr(trace, name)),
            name,
            getattr(trace, name),
        )
    status = _is_whole(trace.exit, -255, 255) or _matches(r"SIG[A-Z0-9+-]+|signal \d+", trace.exit)
    _require(status, "exit", trace.exit)
    for name in ("file", "stopped", "error"):
        value = getattr(trace, name)
        _require(_is_text(value, _PRINTED) or (value is None and name != "file"), name, value)
    for place, note in enumerate(trace.notes):
        _require(_is_text(note), f"notes[{place}]", note)
    for name, kind in (("tasks", Task), ("steps", Step), ("output", Output)):
        _check_rows(name, kind, getattr(trace, name))
    _check_references(trace)
    _require(
        sum(len(piece.text) for piece in trace.output) <= _PRINTED,
        "output",
        "it is longer than a program may print",
    )
    return trace


def _check_rows(name: str, kind: type, rows: Iterable[Any]) -> None:
    checks = _checks(kind)
    for place, row in enumerate(rows):
        for field, is_right in checks:
            value = getattr(row, field)
            _require(is_right(value), f"{name}[{place}].{field}", value)


@cache
def _checks(kind: type) -> list[tuple[str, Callable[[Any], bool]]]:
    """For each field what its value must be, by its type."""
    known: dict[Any, Callable[[Any], bool]] = {
        str: _is_text,
        str | None: lambda value: value is None or _is_text(value),
        int: lambda value: _is_whole(value, 0, _LINE),
        int | None: lambda value: value is None or _is_whole(value, 0, _LINE),
        float: _is_number,
        float | None: lambda value: value is None or _is_number(value),
        bool: lambda value: isinstance(value, bool),
        tuple[int | str, ...]: lambda value: _is_queue(value, _is_entry),
        tuple[tuple[float, int | str], ...]: lambda value: _is_queue(value, _is_timer),
        Wait | None: lambda value: value is None or _is_wait(value),
    }
    types = get_type_hints(kind)
    checks = []
    for field in fields(kind):
        of = types[field.name]
        is_literal = get_origin(of) is Literal
        checks.append((field.name, _one_of(get_args(of)) if is_literal else known[of]))
    return [
        (name, _is_printed if (kind, name) == (Output, "text") else is_right)
        for name, is_right in checks
    ]


def _check_references(trace: Trace) -> None:
    count = len(trace.tasks)

    def is_task(number: int | str | None) -> bool:
        return not isinstance(number, int) or 1 <= number <= count

    for place, task in enumerate(trace.tasks):
        _require(task.id == place + 1, f"tasks[{place}].id", task.id)
        _require(is_task(task.parent), f"tasks[{place}].parent", task.parent)
    depth: list[int] = []
    for place, step in enumerate(trace.steps):
        _require(is_task(step.task), f"steps[{place}].task", step.task)
        _require(step.within is None or step.within < place, f"steps[{place}].within", step.within)
        depth.append(0 if step.within is None else depth[step.within] + 1)
        _require(depth[-1] <= _DEPTH, f"steps[{place}].within", step.within)
        _require(all(map(is_task, step.ready)), f"steps[{place}].ready", step.ready)
        _require(
            all(is_task(entry) for _, entry in step.timers), f"steps[{place}].timers", step.timers
        )
    for place, piece in enumerate(trace.output):
        _require(is_task(piece.task), f"output[{place}].task", piece.task)
        _require(
            piece.step is None or piece.step < len(trace.steps), f"output[{place}].step", piece.step
        )


def _require(right: bool, name: str, value: object) -> None:
    if not right:
        raise ValueError(f"{name} is {ascii(value)[:80]}")


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_number(value: object) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _SECONDS
    )


def _is_text(value: object, most: int = _TEXT) -> bool:
    """Text that can be written anywhere: no half of a surrogate pair."""
    return (
        isinstance(value, str)
        and len(value) <= most
        and (value.isascii() or not re.search("[\ud800-\udfff]", value))
    )


def _is_printed(value: object) -> bool:
    return _is_text(value, _PRINTED)


def _one_of(words: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_queue(value: object, is_right: Callable[[Any], bool]) -> bool:
    return (
        isinstance(value, tuple) and len(value) <= MAX_QUEUE_ENTRIES and all(map(is_right, value))
    )


def _is_entry(value: object) -> bool:
    return _is_whole(value, 1, MAX_TASKS) or _is_text(value)


def _is_timer(value: object) -> bool:
    """When it is due, and what then; a timer may also be due before the program began."""
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    due, entry = value
    return (
        isinstance(due, (int, float))
        and not isinstance(due, bool)
        and math.isfinite(due)
        and _is_entry(entry)
    )


def _is_wait(value: object) -> bool:
    """A length is a sleep's alone; it may be longer than any run."""
    if not isinstance(value, Wait) or not _is_text(value.subject):
        return False
    if not isinstance(value.kind, str) or value.kind not in get_args(WaitKind):
        return False
    if value.seconds is None:
        return True
    is_number = type(value.seconds) in (int, float)
    return value.kind == "sleep" and is_number and 0 <= value.seconds <= sys.float_info.max


def _matches(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
