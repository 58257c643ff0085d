"""What the recorded process tells its supervisor: typed events, and how they travel.

In:  what happens in the program, as the recorder sees it. Out: the same events in the supervisor,
     which `model.assemble` makes a `Trace` of. In between, a batch of events is one line of JSON: a
     list of them, each a list of its kind and its fields, in order. Batches go through a pipe, but
     for those of steps alone: these are appended to a file in memory, so that the supervisor is not
     woken by each of thousands, and `StepsUpTo` keeps the order.

The program shares the recorder's process and descriptors, so what arrives may be rubbish or forged.
`decode` therefore vouches for the type of every field; whether an event can be true is for
`assemble` and `validation` to judge.

Times are whole microseconds since the program began, on the clock that it ran on: whole numbers are
quick to make, to write and to read. Tasks are given by number, in order of creation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

FORMAT_VERSION = 1
"""The format of stored records (`Trace.to_json`). It changes when a record can't be read as before.
"""

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

Timer = tuple[int, int | str]
"""When a timer is due, and the task that it wakes or the callback that it runs."""

# the program may replace what `json` offers
_dumps = json.JSONEncoder(separators=(",", ":")).encode


class UnnamedWait(NamedTuple):
    """What a suspended task waits for, before tasks have their last names. See `model.Wait`."""

    kind: WaitKind
    subject: Parts = ()
    seconds: float | None = None


class Started(NamedTuple):
    """The recording begins."""

    at: float  # by the machine's monotonic clock, in seconds
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
    created: int
    internal: bool


class TaskRenamed(NamedTuple):
    number: int
    name: str


class TaskEnded(NamedTuple):
    number: int
    at: int
    outcome: Outcome
    error: str | None


class StepBegan(NamedTuple):
    number: int  # in order of beginning, from 0
    at: int
    kind: StepKind
    task: int | None
    what: str | None
    line: int | None
    within: int | None  # number of the step inside of which it runs
    raised: str | None


class StepEnded(NamedTuple):
    number: int
    at: int
    line: int | None
    waiting_on: UnnamedWait | None
    ready: tuple[QueueEntry, ...]
    ready_more: int
    timers: tuple[Timer, ...]


class Printed(NamedTuple):
    """A piece of output, as far as it is known who printed it."""

    at: int
    stream: Stream
    task: int | None
    line: int | None
    step: int | None  # number of the step that printed it
    outside: bool  # it was read by the supervisor, and belongs to the step that is open
    data: bytes


class StepsUpTo(NamedTuple):
    """What follows comes after the steps in the file of steps up to a position. See `decode`."""

    position: int  # bytes from the beginning of the file


class Note(NamedTuple):
    text: str


class LimitReached(NamedTuple):
    """From here on no more steps, or tasks, are recorded."""

    what: Limited
    at: int


class Exiting(NamedTuple):
    """The interpreter is about to end."""

    at: int | None
    error: str | None  # type of the exception that ends it


class Stopped(NamedTuple):
    """The recording itself ends the program."""

    at: int
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
    | StepsUpTo
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
    StepsUpTo: "steps",
    Note: "note",
    LimitReached: "cut",
    Exiting: "exit",
    Stopped: "stopped",
    Interrupted: "interrupted",
    Unrecorded: "unrecorded",
}


def encode(events: Iterable[Event]) -> bytes:
    """Return a batch of events as one line, which is ASCII."""
    return f"[{','.join([_ENCODERS[type(event)](event) for event in events])}]\n".encode()


def _encode(event: Any) -> str:
    return _dumps((_KINDS[type(event)], *event))


def _encode_printed(event: Printed) -> str:
    return _dumps(("out", *event[:-1], event.data.decode("latin-1")))


# These two come in thousands, and are put together by hand: it takes a third of the time.


def _encode_step_began(event: StepBegan) -> str:
    number, at, kind, task, what, line, within, raised = event
    if what is None and within is None and raised is None and line is not None:
        return f'["begin",{number},{at},"{kind}",{task or "null"},null,{line},null,null]'
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
    """The events of one line. Lone surrogates in their texts, which no encoding can hold, become
    escapes.

    Raises:
        ValueError: Something in it is no event.
    """
    try:
        rows = json.loads(line.decode())
        if b"\\ud" in line.lower():  # few lines: most names are ASCII
            rows = _without_surrogates(rows)
        if type(rows) is not list:
            raise ValueError("this is no list of events")
        return [_to_event(row) for row in rows]
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
    if type(row) is not list or not row or type(row[0]) is not str:
        raise ValueError("an event is a list that begins with its kind")
    kind, *values = row
    event, readers = _form(kind, tuple(map(type, values)))
    for place, read in readers:
        values[place] = read(values[place])
    return event._make(values)


@lru_cache(maxsize=1000)  # the types of a program's events are mostly the same few
def _form(kind: str, types: tuple[type, ...]) -> tuple[Any, list[tuple[int, _Reader]]]:
    """What an event of some kind is, of whose fields these are the types.

    Returns:
        Its class; place and reader of each field that its type alone does not vouch for.

    Raises:
        ValueError: There is no such event.
    """
    event = _EVENTS.get(kind)
    if event is None:
        raise ValueError(f"there is no event {kind[:20]!a}")
    return event, _readers(event, types)


def _readers(form: type, types: tuple[type, ...]) -> list[tuple[int, _Reader]]:
    expected = get_type_hints(form).values()
    if len(types) != len(expected):
        raise ValueError(f"{form.__name__} has {len(expected)} fields")
    readers: list[tuple[int, _Reader]] = []
    for place, (hint, given) in enumerate(zip(expected, types, strict=True)):
        if get_origin(hint) is Literal:
            readers.append((place, _one_of(get_args(hint))))
        elif hint in _READERS:
            readers.append((place, _READERS[hint]))
        elif given not in _TYPES[hint]:
            raise ValueError(f"a field of {form.__name__} is a {given.__name__}")
    return readers


def _one_of(words: tuple[str, ...]) -> _Reader:
    def read(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"it is none of {', '.join(words)}")
        return value

    return read


def _bytes(value: Any) -> bytes:
    if type(value) is not str:
        raise ValueError("it is no text")
    return value.encode("latin-1")


def _parts(value: Any) -> Parts:
    if type(value) is not list or not _NAMED.issuperset(map(type, value)):
        raise ValueError("it is no list of texts and numbers")
    return tuple(value)


def _queue(value: Any) -> tuple[QueueEntry, ...]:
    if type(value) is list and not _NAMED.issuperset(map(type, value)):
        return tuple([_parts(one) if type(one) is list else _parts([one])[0] for one in value])
    return _parts(value)


def _timers(value: Any) -> tuple[Timer, ...]:
    if type(value) is not list:
        raise ValueError("it is no list of timers")
    return tuple(map(_timer, value))


def _timer(value: Any) -> Timer:
    if type(value) is not list or len(value) != 2 or type(value[0]) is not int:
        raise ValueError("it is no timer")
    return value[0], _parts(value[1:])[0]


def _wait(value: Any) -> UnnamedWait | None:
    if value is None:
        return None
    if type(value) is not list:
        raise ValueError("it is nothing to wait for")
    for place, read in _wait_readers(tuple(map(type, value))):
        value[place] = read(value[place])
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
    tuple[Timer, ...]: _timers,
}
