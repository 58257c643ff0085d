"""The form in which events travel from the program to its supervisor.

A batch of events is one line of JSON: a list of events, each a list of its kind and its fields in
order. The program shares the recorder's process and descriptors, so what arrives may be garbage or
forged. `decode` therefore guarantees the type of each field; whether an event can be true is for
`assembly` and `validation` to judge.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from .events import (
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
    Parts,
    Printed,
    QueueEntry,
    Started,
    StepBegan,
    StepEnded,
    StepsUpTo,
    Stopped,
    TaskCreated,
    TaskEnded,
    TaskRenamed,
    Timer,
    UnnamedWait,
    Unrecorded,
)

# bound now, because the program may replace what `json` offers
_dumps = json.JSONEncoder(separators=(",", ":")).encode

_KINDS: dict[type, str] = {
    Started: "start",
    FileKnown: "file",
    TaskCreated: "task",
    TaskRenamed: "renamed",
    TaskEnded: "ended",
    StepBegan: "begin",
    StepEnded: "end",
    Instrumented: "instrumented",
    FrameBegan: "frame",
    LineReached: "line",
    LinesCounted: "lines",
    LinesCut: "lines cut",
    Printed: "out",
    StepsUpTo: "steps",
    Note: "note",
    LimitReached: "cut",
    Exiting: "exit",
    Stopped: "stopped",
    Interrupted: "interrupted",
    Unrecorded: "unrecorded",
}


def encode(events: Iterable[Event]) -> bytes:
    """Return a batch of events as one line of ASCII."""
    return f"[{','.join([_ENCODERS[type(event)](event) for event in events])}]\n".encode()


def _encode(event: Any) -> str:
    return _dumps((_KINDS[type(event)], *event))


def _encode_printed(event: Printed) -> str:
    return _dumps((_KINDS[Printed], *event[:-1], event.data.decode("latin-1")))


# Steps come in thousands, and are put together by hand: it takes a third of the time.


def _encode_step_began(event: StepBegan) -> str:
    number, at, kind, task, what, line, within, raised, ready, *_ = event
    if what is None and within is None and raised is None and ready is None and line is not None:
        return (
            f'["begin",{number},{at},"{kind}",{task or "null"},null,{line},null,null,null,0,false]'
        )
    return _encode(event)


def _encode_step_ended(event: StepEnded) -> str:
    number, at, line, waiting_on, ready, more, timers = event
    place = "null" if line is None else line
    queue = str([*ready])  # numbers of tasks alone are written as JSON writes them
    if "'" in queue or '"' in queue:
        queue = _dumps(ready)
    due = _dumps(timers) if timers else "[]"
    return f'["end",{number},{at},{place},{_cached(waiting_on)},{queue},{more},{due}]'


_cached = lru_cache(maxsize=1000)(_dumps)
_ENCODERS: dict[type, Callable[[Any], str]] = {
    **dict.fromkeys(_KINDS, _encode),
    Printed: _encode_printed,
    StepBegan: _encode_step_began,
    StepEnded: _encode_step_ended,
}


def decode(line: bytes) -> list[Event]:
    """Return the events of one line.

    Lone surrogates in their texts, which no encoding can represent, become escapes.

    Raises:
        ValueError: Something in the line is not an event.
    """
    try:
        rows = json.loads(line.decode())
        if b"\\ud" in line.lower():  # few lines: most names are ASCII
            rows = _without_surrogates(rows)
        if type(rows) is not list:
            raise ValueError("this is not a list of events")
        return [_to_event(row) for row in rows]
    except RecursionError:
        raise ValueError("this is not a list of events: it is nested too deeply") from None


def encodable(text: str) -> str:
    """Return a text with its lone surrogates written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _without_surrogates(value: Any) -> Any:
    """Return JSON data with lone surrogates written as escapes. An event holds no objects."""
    if isinstance(value, str):
        return encodable(value)
    return [_without_surrogates(part) for part in value] if isinstance(value, list) else value


_Reader = Callable[[Any], Any]  # returns a field's value, or raises ValueError for a wrong type


def _to_event(row: Any) -> Event:
    """Return the event that a row stands for; the reverse of `encode`."""
    if type(row) is not list or not row or type(row[0]) is not str:
        raise ValueError("an event is a list that begins with its kind")
    kind, *values = row
    event, readers = _event_class_and_readers(kind, tuple(map(type, values)))
    for index, read in readers:
        values[index] = read(values[index])
    made: Event = event._make(values)
    return made


@lru_cache(maxsize=1000)  # most events of a program have one of a few combinations of types
def _event_class_and_readers(
    kind: str, types: tuple[type, ...]
) -> tuple[Any, list[tuple[int, _Reader]]]:
    """Look up how to read an event.

    Args:
        kind: The event's kind.
        types: The types of its fields, as they arrived.

    Returns:
        Its class; and, for each field that its type alone does not vouch for, position and reader.

    Raises:
        ValueError: There is no such event.
    """
    event = _EVENTS.get(kind)
    if event is None:
        raise ValueError(f"there is no kind of event called {kind[:20]!a}")
    return event, _readers(event, types)


def _readers(form: type, types: tuple[type, ...]) -> list[tuple[int, _Reader]]:
    """Return positions and readers of the fields that their types alone do not vouch for."""
    expected = get_type_hints(form).values()
    if len(types) != len(expected):
        raise ValueError(f"{form.__name__} has {len(expected)} fields")
    readers: list[tuple[int, _Reader]] = []
    for index, (hint, actual) in enumerate(zip(expected, types, strict=True)):
        if get_origin(hint) is Literal:
            readers.append((index, _one_of(get_args(hint))))
        elif hint in _READERS:
            readers.append((index, _READERS[hint]))
        elif actual not in _TYPES[hint]:
            raise ValueError(f"a field of {form.__name__} is a {actual.__name__}")
    return readers


def _one_of(words: tuple[str, ...]) -> _Reader:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"it is none of {', '.join(words)}")
        return value

    return read


def _bytes(value: Any) -> bytes:
    if type(value) is not str:
        raise ValueError("it is not a string")
    return value.encode("latin-1")


def _parts(value: Any) -> Parts:
    if type(value) is not list or not _NAMED.issuperset(map(type, value)):
        raise ValueError("it is not a list of strings and numbers")
    return tuple(value)


def _queue(value: Any) -> tuple[QueueEntry, ...]:
    if type(value) is list and not _NAMED.issuperset(map(type, value)):
        return tuple(
            [_parts(entry) if type(entry) is list else _parts([entry])[0] for entry in value]
        )
    return _parts(value)


def _timers(value: Any) -> tuple[Timer, ...]:
    if type(value) is not list:
        raise ValueError("it is not a list of timers")
    return tuple(map(_timer, value))


def _timer(value: Any) -> Timer:
    if type(value) is not list or len(value) != 2 or type(value[0]) is not int:
        raise ValueError("it is not a timer")
    return value[0], _parts(value[1:])[0]


def _changes(value: Any) -> tuple[Change, ...]:
    if type(value) is not list:
        raise ValueError("it is not a list of changes")
    return tuple(map(_change, value))


def _change(value: Any) -> Change:
    if (
        type(value) is not list
        or tuple(map(type, value[:2])) != (int, str)
        or tuple(map(type, value[2:])) not in ((str,), (NoneType,))
    ):
        raise ValueError("it is not a change")
    return Change._make(value)


def _wait(value: Any) -> UnnamedWait | None:
    if value is None:
        return None
    if type(value) is not list:
        raise ValueError("it is not a wait")
    for index, read in _wait_readers(tuple(map(type, value))):
        value[index] = read(value[index])
    return UnnamedWait._make(value)


@lru_cache(maxsize=100)
def _wait_readers(types: tuple[type, ...]) -> list[tuple[int, _Reader]]:
    return _readers(UnnamedWait, types)


_EVENTS: dict[str, Any] = {kind: event for event, kind in _KINDS.items()}
_NAMED = frozenset({int, str})
_TYPES: dict[Any, tuple[type, ...]] = {  # exactly these: True is no number
    str: (str,),
    str | None: (str, NoneType),
    int: (int,),
    int | None: (int, NoneType),
    float: (float, int),
    float | None: (float, int, NoneType),
    bool: (bool,),
}
_READERS: dict[Any, _Reader] = {
    bytes: _bytes,
    Parts: _parts,
    UnnamedWait | None: _wait,
    tuple[QueueEntry, ...]: _queue,
    tuple[QueueEntry, ...] | None: lambda value: None if value is None else _queue(value),
    tuple[Timer, ...]: _timers,
    tuple[Change, ...]: _changes,
}
