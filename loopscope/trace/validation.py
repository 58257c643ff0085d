"""Checks that a record from a process that runs strangers' programs is one that can be true.

A program shares its process with the recorder, so it can send anything. Nothing can keep it from
lying about itself; but whoever reads a record may rely on its types, its sizes, and on its numbers
referring to something.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..limits import (
    DEFAULT_LIMITS,
    MAX_CHANGES,
    MAX_COUNTED_LINES,
    MAX_FRAMES,
    MAX_LINES,
    MAX_OUTPUT_PIECES,
    MAX_QUEUE_ENTRIES,
    MAX_STEP_LINES,
    MAX_STEPS,
    MAX_TASKS,
    MAX_VALUE_LENGTH,
)
from .events import Change, LinesFrom, WaitKind
from .lines import Frame, Line, MoreLines
from .model import Output, Step, Task, Trace, Wait

_MAX_LENGTHS = {
    "tasks": MAX_TASKS,
    "steps": MAX_STEPS,
    "output": DEFAULT_LIMITS.output + MAX_OUTPUT_PIECES,
    "notes": 1000,
    "frames": MAX_FRAMES,
}
_MAX_TEXT = 100_000  # characters of a name or a message
_MAX_OUTPUT_TEXT = 5 * DEFAULT_LIMITS.output  # characters; a byte that is not UTF-8 becomes four
_MAX_SECONDS = 1e15
_MAX_LINE = 10_000_000
_MAX_DEPTH = 1000  # levels of nested steps; each level takes part of the program's stack


def validate(trace: Trace, clock: str, file: str | None = None) -> Trace:
    """Return a trace, if it can be true.

    Args:
        trace: The trace.
        clock: The clock that the program ran on.
        file: What the program is called; None accepts any name.

    Raises:
        ValueError: It cannot be true; the message names the field.
    """
    for name, maximum in _MAX_LENGTHS.items():
        if len(getattr(trace, name)) > maximum:
            raise ValueError(
                f"{name}: there are {len(getattr(trace, name)):,}, more than {maximum:,}"
            )
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
    status = _is_integer(trace.exit, -255, 255) or _matches(
        r"SIG[A-Z0-9+-]+|signal \d+", trace.exit
    )
    _require(status, "exit", trace.exit)
    for name in ("file", "stopped", "error"):
        value = getattr(trace, name)
        _require(
            _is_text(value, _MAX_OUTPUT_TEXT) or (value is None and name != "file"), name, value
        )
    for index, note in enumerate(trace.notes):
        _require(_is_text(note), f"notes[{index}]", note)
    for name, kind in (("tasks", Task), ("steps", Step), ("output", Output), ("frames", Frame)):
        _check_rows(name, kind, getattr(trace, name))
    _check_references(trace)
    _check_lines(trace)
    _require(
        sum(len(piece.text) for piece in trace.output) <= _MAX_OUTPUT_TEXT,
        "output",
        "it is longer than a program may print",
    )
    return trace


def _check_rows(name: str, kind: type, rows: Iterable[Any]) -> None:
    """Check each field of each task, step or piece of output."""
    checks = _checks(kind)
    for index, row in enumerate(rows):
        for field, is_valid in checks:
            value = getattr(row, field)
            _require(is_valid(value), f"{name}[{index}].{field}", value)


@cache
def _checks(kind: type) -> list[tuple[str, Callable[[Any], bool]]]:
    """Return the check of each field's value, according to the field's type."""
    known: dict[Any, Callable[[Any], bool]] = {
        str: _is_text,
        str | None: lambda value: value is None or _is_text(value),
        int: lambda value: _is_integer(value, 0, _MAX_LINE),
        int | None: lambda value: value is None or _is_integer(value, 0, _MAX_LINE),
        float: _is_number,
        float | None: lambda value: value is None or _is_number(value),
        bool: lambda value: isinstance(value, bool),
        tuple[int | str, ...]: lambda value: _is_queue(value, _is_entry),
        tuple[int | str, ...] | None: (lambda value: value is None or _is_queue(value, _is_entry)),
        tuple[tuple[float, int | str], ...]: lambda value: _is_queue(value, _is_timer),
        Wait | None: lambda value: value is None or _is_wait(value),
        tuple[Line, ...]: _are_lines,
        MoreLines | None: lambda value: value is None or _is_more_lines(value),
    }
    types = get_type_hints(kind)
    checks = []
    for field in fields(kind):
        hint = types[field.name]
        is_literal = get_origin(hint) is Literal
        checks.append((field.name, _one_of(get_args(hint)) if is_literal else known[hint]))
    return [
        (name, _is_printed if (kind, name) == (Output, "text") else is_valid)
        for name, is_valid in checks
    ]


def _check_references(trace: Trace) -> None:
    """Check that numbers of tasks and steps refer to some."""
    count = len(trace.tasks)

    def is_task(number: int | str | None) -> bool:
        return not isinstance(number, int) or 1 <= number <= count

    for index, task in enumerate(trace.tasks):
        _require(task.id == index + 1, f"tasks[{index}].id", task.id)
        _require(is_task(task.parent), f"tasks[{index}].parent", task.parent)
    depth: list[int] = []
    for index, step in enumerate(trace.steps):
        _require(is_task(step.task), f"steps[{index}].task", step.task)
        _require(step.within is None or step.within < index, f"steps[{index}].within", step.within)
        depth.append(0 if step.within is None else depth[step.within] + 1)
        _require(depth[-1] <= _MAX_DEPTH, f"steps[{index}].within", step.within)
        _require(all(map(is_task, step.ready)), f"steps[{index}].ready", step.ready)
        before = step.ready_before
        _require(all(map(is_task, before or ())), f"steps[{index}].ready_before", before)
        _require(
            all(is_task(entry) for _, entry in step.timers), f"steps[{index}].timers", step.timers
        )
    for index, piece in enumerate(trace.output):
        _require(is_task(piece.task), f"output[{index}].task", piece.task)
        _require(
            piece.step is None or piece.step < len(trace.steps), f"output[{index}].step", piece.step
        )


def _check_lines(trace: Trace) -> None:
    """Check that lines refer to frames, and that there are no more than are recorded."""
    tasks, frames = len(trace.tasks), len(trace.frames)
    known_runs = (None, *get_args(LinesFrom))
    _require(trace.lines_from in known_runs, "lines_from", trace.lines_from)
    for index, frame in enumerate(trace.frames):
        known = frame.task is None or 1 <= frame.task <= tasks
        _require(known, f"frames[{index}].task", frame.task)
        known = frame.caller is None or frame.caller < index
        _require(known, f"frames[{index}].caller", frame.caller)
    rows = changes = 0
    for index, step in enumerate(trace.steps):
        rows += len(step.lines)
        for line in step.lines:
            changes += len(line.changes)
            named = [line.frame or 0, *(change.frame for change in line.changes)]
            known = line.frame is None and not line.changes or max(named) < frames
            _require(known, f"steps[{index}].lines", line)
    for name, count, most in (("lines", rows, MAX_LINES), ("changes", changes, MAX_CHANGES)):
        _require(count <= (most if trace.lines_from else 0), "steps", f"{count} {name}")
    for name in ("lines_cut", "values_cut"):
        cut = getattr(trace, name)
        _require(cut is None or _is_integer(cut, 0, len(trace.steps) - 1), name, cut)


def _require(condition: bool, name: str, value: object) -> None:
    """Raise ValueError, naming a field and its value, unless a condition holds."""
    if not condition:
        raise ValueError(f"{name} is {ascii(value)[:80]}")


def _is_integer(value: object, minimum: int, maximum: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= maximum


def _is_number(value: object) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and 0 <= value <= _MAX_SECONDS
    )


def _is_text(value: object, maximum: int = _MAX_TEXT) -> bool:
    """Return whether a value is text that any encoding can represent: no lone surrogates."""
    return (
        isinstance(value, str)
        and len(value) <= maximum
        and (value.isascii() or not re.search("[\ud800-\udfff]", value))
    )


def _is_printed(value: object) -> bool:
    return _is_text(value, _MAX_OUTPUT_TEXT)


def _one_of(words: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_queue(value: object, is_valid: Callable[[Any], bool]) -> bool:
    return (
        isinstance(value, tuple) and len(value) <= MAX_QUEUE_ENTRIES and all(map(is_valid, value))
    )


def _is_entry(value: object) -> bool:
    return _is_integer(value, 1, MAX_TASKS) or _is_text(value)


def _is_timer(value: object) -> bool:
    """Return whether a value is a timer; it may be due before the program began."""
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
    """Return whether a value is a wait. Only a sleep has a length, which may exceed any run's."""
    if not isinstance(value, Wait) or not _is_text(value.subject):
        return False
    if not isinstance(value.kind, str) or value.kind not in get_args(WaitKind):
        return False
    if value.seconds is None:
        return True
    is_number = type(value.seconds) in (int, float)
    return value.kind == "sleep" and is_number and 0 <= value.seconds <= sys.float_info.max


def _are_lines(value: object) -> bool:
    """Return whether a value is the lines of a step, one more at its end included."""
    if not isinstance(value, tuple) or len(value) > MAX_STEP_LINES + 1:
        return False
    return all(isinstance(line, Line) and _is_line(line) for line in value)


def _is_line(line: Line) -> bool:
    numbers = (line.frame, line.line)
    return (
        all(number is None or _is_integer(number, 0, _MAX_LINE) for number in numbers)
        and (line.at is None or _is_number(line.at))
        and (line.ready is None or _is_integer(line.ready, 0, MAX_QUEUE_ENTRIES))
        and isinstance(line.changes, tuple)
        and all(isinstance(change, Change) and _is_change(change) for change in line.changes)
    )


def _is_change(change: Change) -> bool:
    return (
        _is_integer(change.frame, 0, MAX_FRAMES)
        and _is_text(change.name)
        and (change.text is None or _is_text(change.text, MAX_VALUE_LENGTH))
    )


def _is_more_lines(value: object) -> bool:
    return (
        isinstance(value, MoreLines)
        and _is_integer(value.total, 1, MAX_COUNTED_LINES)
        and all(_is_integer(line, 0, _MAX_LINE) for line in (value.first, value.last))
    )


def _matches(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
