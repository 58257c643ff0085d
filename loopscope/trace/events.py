"""The events that the recorded process sends to its supervisor.

They are sent in the form that `encoding` gives them, and `assembly` makes a `Trace` of them. Most
go through a pipe. Batches of steps and their lines alone are appended to a file in memory, so that
the supervisor is not woken by each of thousands of steps; `StepsUpTo` keeps the order.

Times are whole microseconds since the program began, on the clock that it ran on: whole numbers
are quick to make, to write and to read. Tasks are identified by
number, in order of creation, from 1.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

FORMAT_VERSION = 3
"""Version of the format of stored records (`Trace.to_json`).

It changes when records of an older version can no longer be read.
"""

Clock = Literal["virtual", "real"]
Stream = Literal["stdout", "stderr"]
StepKind = Literal["task", "timer", "callback", "i/o"]
# `pending`: at the end of the program. `destroyed`: garbage-collected while pending.
Outcome = Literal["returned", "raised", "cancelled", "pending", "destroyed"]
LimitKind = Literal["steps", "tasks"]
# `another run`: one that did the same as far as can be told
LinesFrom = Literal["this run", "another run"]
LineLimitKind = Literal["lines", "values"]
WaitKind = Literal[
    "sleep",  # for a length of time
    "turn",  # for nothing: it lets the others run first
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
    "future",  # anything else
]

Parts = tuple[int | str, ...]
"""Text mixed with numbers of tasks, whose names may still change."""

QueueEntry = int | str | Parts
"""An entry of the ready queue: a task by number, or a callback by name."""

Timer = tuple[int, int | str]
"""When a timer is due, in microseconds, and the task that it wakes or the callback that it runs."""


class UnnamedWait(NamedTuple):
    """What a suspended task waits for, before tasks have their final names; see `model.Wait`."""

    kind: WaitKind
    subject: Parts = ()
    seconds: float | None = None


class Change(NamedTuple):
    """A variable has another value than at the instant before."""

    frame: int  # number of the frame that the variable belongs to; the module's has the globals
    name: str
    text: str | None  # the value, as readers see it; None if the variable is unbound now


class Started(NamedTuple):
    """The recording begins."""

    at: float  # on the machine's monotonic clock
    file: str  # the program's file; empty if it is not known yet


class FileKnown(NamedTuple):
    """The interpreter has found the file that its command line stands for."""

    path: str


class TaskCreated(NamedTuple):
    """A task was created."""

    number: int
    name: str
    coro: str
    line: int | None
    parent: int | None
    created: int
    internal: bool


class TaskRenamed(NamedTuple):
    """A task has another name."""

    number: int
    name: str


class TaskEnded(NamedTuple):
    """A task has ended."""

    number: int
    at: int
    outcome: Outcome
    error: str | None  # type of the exception, if it raised one


class StepBegan(NamedTuple):
    """A step of the loop has begun."""

    number: int  # in order of beginning, from 0
    at: int
    kind: StepKind
    task: int | None
    what: str | None  # name of the callback, if it is not a task's step
    line: int | None  # line at which the task resumes
    within: int | None  # number of the step that it runs inside
    raised: str | None  # type of the exception that the task resumes with
    # the beginning of the ready queue, without this step; None if it is as the last step left it
    ready: tuple[QueueEntry, ...] | None = None
    ready_more: int = 0  # how many more entries the queue has
    # whether the task was cancelled only once it was ready
    cancelled_when_ready: bool = False


class StepEnded(NamedTuple):
    """A step has ended."""

    number: int
    at: int
    line: int | None  # line at which the task is suspended
    waiting_on: UnnamedWait | None
    ready: tuple[QueueEntry, ...]  # the beginning of the ready queue
    ready_more: int  # how many more entries the queue has
    timers: tuple[Timer, ...]


class Instrumented(NamedTuple):
    """The program runs instrumented, so that the lines that it runs are known."""


class FrameBegan(NamedTuple):
    """A function of the program's file is running, of which a line is about to be sent."""

    number: int  # in order of announcement, from 0
    function: str  # its qualified name
    task: int | None  # the task whose step it began in; None also if that is not known yet
    caller: int | None  # number of the frame that called or awaited it, within the same step


class LineReached(NamedTuple):
    """A line is about to run. Without a line: something else has changed variables."""

    step: int
    frame: int | None  # the frame of the line, or the one that returns or yields; else None
    line: int | None
    changes: tuple[Change, ...]  # since the instant before
    at: int
    ready: int | None = None  # entries in the ready queue; None if it is long, or not known


class LinesCounted(NamedTuple):
    """How many lines a step ran that were not sent. The last such event of a step counts."""

    step: int
    total: int
    first: int  # the lowest line among them
    last: int  # the highest one


class LinesCut(NamedTuple):
    """From this step on, no more lines, or no more values, are recorded."""

    what: LineLimitKind
    step: int


class Printed(NamedTuple):
    """A piece of output, with what is known about where it was printed."""

    at: int
    stream: Stream
    task: int | None
    line: int | None
    step: int | None  # number of the step that printed it
    outside: bool  # read by the supervisor, so it belongs to the step that is open
    data: bytes


class StepsUpTo(NamedTuple):
    """What follows comes after the steps in the file of steps, up to a position."""

    position: int  # bytes from the beginning of the file


class Note(NamedTuple):
    """A sentence about the run for its readers."""

    text: str


class LimitReached(NamedTuple):
    """From now on no more steps, or no more tasks, are recorded."""

    what: LimitKind
    at: int


class Exiting(NamedTuple):
    """The interpreter is about to end."""

    at: int | None
    error: str | None  # type of the exception that ends it, if one does


class Stopped(NamedTuple):
    """The recording itself ends the program."""

    at: int
    why: str


class Interrupted(NamedTuple):
    """A Ctrl-C was deferred (see `recording.interrupts`)."""


class Unrecorded(NamedTuple):
    """The program runs without the recorder."""


Event = (
    Started
    | FileKnown
    | TaskCreated
    | TaskRenamed
    | TaskEnded
    | StepBegan
    | StepEnded
    | Instrumented
    | FrameBegan
    | LineReached
    | LinesCounted
    | LinesCut
    | Printed
    | StepsUpTo
    | Note
    | LimitReached
    | Exiting
    | Stopped
    | Interrupted
    | Unrecorded
)
