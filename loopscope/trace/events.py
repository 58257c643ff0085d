"""What the recorded process tells its supervisor: typed events, and how they travel.

In:  what happens in the program, as the recorder sees it. Out: the same events in the supervisor, which `model.assemble` makes a
`Trace` of. In between, a batch of events is one line of JSON: a list of them, each a list of its kind and its fields, in order.

The program shares the recorder's process and descriptors, so what arrives may be rubbish or forged. `decode` therefore vouches for
the type of every field; whether an event can be true is for `assemble` and `validation` to judge.

Times are seconds since the program began, on the clock that it ran on. Tasks are given by number, in order of creation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

FORMAT_VERSION = 1
"""The format of stored records (`Trace.to_json`). It changes when a record can't be read as before."""

Clock = Literal["virtual", "real"]
Stream = Literal["stdout", "stderr"]
StepKind = Literal["task", "timer", "callback", "i/o"]
# `pending`: still, at the end of the program. `destroyed`: collected while pending.
Outcome = Literal["returned", "raised", "cancelled", "pending", "destroyed"]
Limited = Literal["steps", "tasks"]
WaitKind = Literal[
    "sleep",  # for a length of time
    "turn",  # for nothing: it lets the others go first
    "task",
    "task_group",  # for all tasks of its task group
    "gather",
    "wait",
    "as_completed",
    "shield",
    "primitive",  # one of asyncio's synchronization primitives: a lock, an event, a semaphore
    "queue",
    "thread",
    "process",
    "io",  # a socket, a pipe, a stream, a server
    "future",  # whatever else
]

Parts = tuple[int | str, ...]
"""Text and the numbers of tasks in it, whose names may still change."""

QueueEntry = int | str | Parts
"""What is in the ready queue: a task, or a callback by name."""

Timer = tuple[float, int | str]
"""When a timer is due, and the task that it wakes or the callback that it runs."""

_dumps = json.JSONEncoder(separators=(",", ":")).encode  # the program may replace what `json` offers


class UnnamedWait(NamedTuple):
    """What a suspended task waits for, before tasks have their last names. See `model.Wait`."""

    kind: WaitKind
    subject: Parts = ()
    seconds: float | None = None


class Started(NamedTuple):
    """The recording begins."""

    at: float  # by the machine's monotonic clock
    file: str  # the program's file; empty where it is not known yet


class FileKnown(NamedTuple):
    """What the interpreter made of its command line is known."""

    path: str


class TaskCreated(NamedTuple):
    number: int
    name: str
    coro: str
    line: int | None
    parent: int | None
    created: float
    internal: bool


class TaskRenamed(NamedTuple):
    number: int
    name: str


class TaskEnded(NamedTuple):
    number: int
    at: float
    outcome: Outcome
    error: str | None


class StepBegan(NamedTuple):
    number: int  # in order of beginning, from 0
    at: float
    kind: StepKind
    task: int | None
    what: str | None
    line: int | None
    within: int | None  # number of the step inside of which it runs
    raised: str | None


class StepEnded(NamedTuple):
    number: int
    at: float
    line: int | None
    waiting_on: UnnamedWait | None
    ready: tuple[QueueEntry, ...]
    ready_more: int
    timers: tuple[Timer, ...]


class Printed(NamedTuple):
    """A piece of output, as far as it is known who printed it."""

    at: float
    stream: Stream
    task: int | None
    line: int | None
    step: int | None  # number of the step that printed it
    outside: bool  # it was read by the supervisor, and belongs to the step that is open
    data: bytes


class Note(NamedTuple):
    text: str


class LimitReached(NamedTuple):
    """From here on no more steps, or tasks, are recorded."""

    what: Limited
    at: float


class Exiting(NamedTuple):
    """The interpreter is about to end."""

    at: float | None
    error: str | None  # type of the exception that ends it


class Stopped(NamedTuple):
    """The recording itself ends the program."""

    at: float
    why: str


class Interrupted(NamedTuple):
    """Ctrl-C was put off (see `recording.interrupts`)."""


class Unrecorded(NamedTuple):
    """The program runs without our part in it."""


Event = (
    Started
    | FileKnown
    | TaskCreated
    | TaskRenamed
    | TaskEnded
    | StepBegan
    | StepEnded
    | Printed
    | Note
    | LimitReached
    | Exiting
    | Stopped
    | Interrupted
    | Unrecorded
)

_KINDS: dict[type, str] = {
    Started: "start",
    FileKnown: "file",
    TaskCreated: "task",
    TaskRenamed: "renamed",
    TaskEnded: "ended",
    StepBegan: "begin",
    StepEnded: "end",
    Printed: "out",
    Note: "note",
    LimitReached: "cut",
    Exiting: "exit",
    Stopped: "stopped",
    Interrupted: "interrupted",
    Unrecorded: "unrecorded",
}


def encode(events: Iterable[Event]) -> bytes:
    """A batch of events as one line, which is ASCII."""
    return _dumps([_to_row(event) for event in events]).encode() + b"\n"


def _to_row(event: Event) -> tuple:
    kind = _KINDS[type(event)]
    if type(event) is Printed:
        return (kind, *event[:-1], event.data.decode("latin-1"))
    return (kind, *event)


def decode(line: bytes) -> list[Event]:
    """The events of one line. Lone surrogates in their texts, which no encoding can hold, become escapes.

    Raises:
        ValueError: Something in it is no event.
    """
    try:
        rows = json.loads(line.decode())
        if b"\\ud" in line.lower():  # few lines: most names are ASCII
            rows = _without_surrogates(rows)
        return [_to_event(row) for row in _list(rows)]
    except RecursionError:
        raise ValueError("this is no list of events: it is nested too deeply") from None


def encodable(text: str) -> str:
    """Text without lone surrogates: they are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _without_surrogates(value: Any) -> Any:
    """JSON with lone surrogates in its strings as escapes. An event holds no objects."""
    if isinstance(value, str):
        return encodable(value)
    return [_without_surrogates(part) for part in value] if isinstance(value, list) else value


# Reading one field: gives the value, or raises ValueError where it is another type's.

_Reader = Callable[[Any], Any]


def _to_event(row: Any) -> Event:
    kind, *values = _list(row) or [None]
    kind = _str(kind)
    event, readers = _forms().get(kind, (None, ()))
    if event is None or len(values) != len(readers):
        raise ValueError(f"there is no event {kind[:20]!a} of {len(values)} fields")
    return event(*[read(value) for read, value in zip(readers, values, strict=True)])


@cache
def _forms() -> dict[str, tuple[Any, tuple[_Reader, ...]]]:
    """For each kind of event its class, and how its fields are read."""
    return {kind: (event, _readers(event)) for event, kind in _KINDS.items()}


def _readers(form: type) -> tuple[_Reader, ...]:
    """How the fields of a named tuple are read, by their types."""
    known: dict[Any, _Reader] = {
        str: _str,
        str | None: _one_type(str, NoneType),
        int: _one_type(int),
        int | None: _one_type(int, NoneType),
        float: _one_type(float, int),
        float | None: _one_type(float, int, NoneType),
        bool: _one_type(bool),
        bytes: lambda value: _str(value).encode("latin-1"),
        Parts: _parts,
        UnnamedWait | None: lambda value: None if value is None else _wait(value),
        tuple[QueueEntry, ...]: lambda value: tuple(map(_entry, _list(value))),
        tuple[Timer, ...]: lambda value: tuple(map(_timer, _list(value))),
    }
    types = get_type_hints(form).values()
    return tuple(_one_of(get_args(kind)) if get_origin(kind) is Literal else known[kind] for kind in types)


def _one_type(*types: type) -> _Reader:
    def read(value: Any) -> Any:
        if type(value) not in types:  # not `isinstance`: True is no number
            raise ValueError(f"a {type(value).__name__} is no {types[0].__name__}")
        return value

    return read


_str, _list, _subject = _one_type(str), _one_type(list), _one_type(int, str)


def _one_of(words: tuple[str, ...]) -> _Reader:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"it is none of {', '.join(words)}")
        return value

    return read


def _parts(value: Any) -> Parts:
    return tuple(map(_subject, _list(value)))


def _entry(value: Any) -> QueueEntry:
    return _parts(value) if type(value) is list else _subject(value)


def _timer(value: Any) -> Timer:
    if type(value) is not list or len(value) != 2 or type(value[0]) not in (float, int):
        raise ValueError("it is no timer")
    return value[0], _subject(value[1])


def _wait(value: Any) -> UnnamedWait:
    readers = _wait_readers()
    if type(value) is not list or len(value) != len(readers):
        raise ValueError("it is nothing to wait for")
    return UnnamedWait(*[read(part) for read, part in zip(readers, value, strict=True)])


@cache
def _wait_readers() -> tuple[_Reader, ...]:
    return _readers(UnnamedWait)
