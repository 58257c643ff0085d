"""What a reader of a run sees at one moment: the state of the loop after one event.

A run is a list of events. A state is never stored: it follows from the events up to its moment, by
`after`, here and in the stepper's `state.js`, which a test holds equal. So everything that is seen
at a moment, the time, who runs, who is ready, who waits, the output, is of that very moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Entry = int | str
"""An entry of the ready queue, or what runs: a task by number, a callback by name."""

Timer = tuple[float, Entry]
"""When a timer is due, in seconds, and the task that it wakes or the callback that it runs."""


Value = tuple[int, str, str | None]
"""A variable: the call that it belongs to, its name and its value's text; None if it has none."""


class Start(NamedTuple):
    """A step begins: a task resumes, or a callback runs."""

    at: float
    text: str  # who resumes, and why; empty for asyncio's own steps
    who: Entry
    line: int | None = None  # the line at which the task resumes: it is next
    x: float | None = None  # where that is in the timeline
    internal: bool = False  # whether the step is asyncio's own
    inside: bool = False  # whether it runs inside the step that was running
    woken: tuple[int, ...] = ()  # tasks that have become ready
    ready: tuple[Entry, ...] | None = None  # None if the queue only lost its first entry
    ready_more: int = 0  # how many more entries the queue has
    ended: tuple[tuple[int, str], ...] = ()  # tasks that have ended without a step, and how
    printed: int | None = None  # lines of output so far; None if there are no new ones
    frame: int | None = None  # the call that the line belongs to; None if as before, or not known
    values: tuple[Value, ...] = ()  # variables that have changed


class Line(NamedTuple):
    """In the step that is running, another line of the program is next."""

    line: int
    frame: int
    printed: int | None = None
    values: tuple[Value, ...] = ()
    at: float | None = None  # None if time has not passed since the last event
    woken: tuple[Entry, ...] = ()  # what has been added to the ready queue


class Stop(NamedTuple):
    """The step that was running is over."""

    at: float
    # what has happened in it, and what its task waits for now; of asyncio's own, whom it has woken
    text: str
    line: int | None = None  # where the task is suspended
    x: float | None = None
    internal: bool = False
    waits_for: str | None = None  # None if it is no task's step, or the task has ended
    printed: int | None = None
    timers: tuple[Timer, ...] | None = None  # the loop's next timers; None if they are as before
    woken: tuple[int, ...] = ()
    ended: tuple[tuple[int, str], ...] = ()
    ready: tuple[Entry, ...] | None = None  # None if nothing but `woken` was added to the queue
    ready_more: int = 0
    values: tuple[Value, ...] = ()


class Sleep(NamedTuple):
    """Nothing is ready, and the loop waits."""

    at: float
    text: str
    x: float | None = None


class End(NamedTuple):
    """The program is over."""

    at: float
    text: str
    ended: tuple[tuple[int, str], ...] = ()  # every task of the program, and how it ended
    printed: int | None = None


Event = Start | Line | Stop | Sleep | End


class Running(NamedTuple):
    """A step that is running."""

    who: Entry
    line: int | None  # the line that is next
    frame: int | None  # the call that it belongs to, if that is known


class Waiting(NamedTuple):
    """Where a task waits, and for what."""

    what: str  # empty if nothing is known
    line: int | None
    frame: int | None  # its innermost call, if that is known


class State(NamedTuple):
    """The loop at one moment. Tasks are identified by number."""

    at: float = 0.0
    text: str = ""
    running: tuple[Running, ...] = ()  # innermost last
    ready: tuple[Entry, ...] = ()  # in order
    ready_more: int = 0
    waiting: tuple[tuple[int, Waiting], ...] = ()  # those that began to wait last are last
    ended: tuple[tuple[int, str], ...] = ()  # in order
    timers: tuple[Timer, ...] = ()  # the earliest first
    printed: int = 0  # lines of output
    x: float | None = None
    ran: tuple[int, ...] = ()  # lines that have run in this step, or the last one, each once
    values: tuple[tuple[tuple[int, str], str], ...] = ()  # ((call, name), text)
    changed: tuple[tuple[int, str], ...] = ()  # (call, name) of what the last event changed


def after(state: State, event: Event) -> State:
    """Return the state after an event.

    Args:
        state: The state before it.
        event: The event.
    """
    if isinstance(event, Sleep):
        return state._replace(at=event.at, text=event.text, x=event.x, changed=())
    if event.printed is not None:
        state = state._replace(printed=event.printed)
    if isinstance(event, End):
        state = state._replace(at=event.at, text=event.text, x=None, changed=())
        return state._replace(running=(), ready=(), waiting=(), timers=(), ended=event.ended)
    state = _with_values(state, event.values)
    if isinstance(event, Line):
        return _after_line(state, event)
    state = state._replace(at=event.at, text=event.text, x=event.x)
    gone: set[Entry] = {*event.woken, *[task for task, _ in event.ended]}
    waiting = dict(state.waiting)
    if isinstance(event, Start):
        gone.add(event.who)
        ready = state.ready[1:] if event.ready is None else event.ready
        outer = state.running if event.inside else ()
        frame = event.frame
        if frame is None and isinstance(event.who, int) and event.who in waiting:
            frame = waiting[event.who].frame  # it only resumes where it was
        state = state._replace(running=(*outer, Running(event.who, event.line, frame)))
    else:
        over = state.running[-1]
        if event.waits_for is not None and isinstance(over.who, int):
            waiting[over.who] = Waiting(event.waits_for, event.line, over.frame)
        ready = (*state.ready, *event.woken) if event.ready is None else event.ready
        timers = state.timers if event.timers is None else event.timers
        state = state._replace(running=state.running[:-1], timers=timers)
    return state._replace(
        ready=ready,
        ready_more=event.ready_more,
        waiting=tuple([(task, how) for task, how in waiting.items() if task not in gone]),
        ended=(*state.ended, *event.ended),
        ran=_ran(state.ran, over) if isinstance(event, Stop) else (),
    )


def _after_line(state: State, event: Line) -> State:
    """Return the state in which another line is next."""
    *outer, before = state.running
    return state._replace(
        at=state.at if event.at is None else event.at,
        running=(*outer, Running(before.who, event.line, event.frame)),
        ran=_ran(state.ran, before),
        ready=(*state.ready, *event.woken),
        waiting=tuple([(task, how) for task, how in state.waiting if task not in event.woken]),
    )


def _ran(ran: tuple[int, ...], last: Running) -> tuple[int, ...]:
    """Return the lines that have run in a step, of which one was the last."""
    if last.line is None or last.frame is None or last.line in ran:
        return ran
    return (*ran, last.line)


def _with_values(state: State, values: tuple[Value, ...]) -> State:
    """Return a state in which variables have changed."""
    known = dict(state.values)
    for call, name, text in values:
        if text is None:
            known.pop((call, name), None)
        else:
            known[call, name] = text
    changed = tuple([(call, name) for call, name, _ in values])
    return state._replace(values=tuple(known.items()), changed=changed)


def states(events: Iterable[Event]) -> list[State]:
    """Return the state after each event."""
    found: list[State] = []
    state = State()
    for event in events:
        state = after(state, event)
        found.append(state)
    return found
