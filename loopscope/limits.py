"""The limits on one run and on its record, all in one place."""

from __future__ import annotations

from dataclasses import dataclass

MAX_STEPS = 20_000
"""Steps in a record. Later steps run unrecorded, and a note in the trace says so."""

MAX_TASKS = 10_000
"""Tasks in a record. Later tasks run unrecorded, and a note in the trace says so."""

MAX_OUTPUT_PIECES = 20_000
"""Pieces of output in a record. Later output is appended to the last piece of its stream."""

MAX_QUEUE_ENTRIES = 20
"""Entries of the ready queue, and of the timers, that each step lists."""

MAX_LINES = 1_500
"""Rows of lines in a record that has lines. Lines after them are missing, and a note says so."""

MAX_STEP_LINES = 200
"""Rows of lines that each step lists. Its later lines are only counted."""

MAX_COUNTED_LINES = 10_000
"""Lines of one step that are noticed at all, those that it lists included."""

MAX_CHANGES = 300
"""Changes of variables in a record that has lines."""

MAX_VALUE_LENGTH = 80
"""Characters of the text that stands for a variable's value."""

MAX_FRAMES = 2_000
"""Frames that the lines of one record run in."""

MAX_EVENTS = 500_000
"""Events that the supervisor accepts from one program.

No program can cause that many within the limits above: whoever sends more is forging events.
"""

MAX_RECORD_LENGTH = 50_000_000
"""Length of a record as JSON, in characters. No genuine record is longer."""

EXIT_TIMED_OUT = 124
"""Exit status of a program that ran out of time, as the `timeout` command reports it."""

EXIT_STOPPED = 125
"""Exit status of a program that loopscope ended for any other reason."""

UNLIMITED = 1 << 62
"""Value of a field of `Limits` (other than `seconds`) that sets no limit."""


@dataclass(frozen=True)
class Limits:
    """What one program may use; exceeding a limit ends the program.

    `Trace.stopped` then says which limit it was.

    Raises:
        ValueError: The time is not above 0, or another limit is negative.

    Attributes:
        seconds: Time that it may run: elapsed time on the real clock, CPU time on the virtual one.
            `float("inf")` sets no limit.
        output: Bytes that it may print, stdout and stderr together.
        memory: Bytes of resident memory, of the program and the processes it started.
        processes: Processes that may run at once, the program included.
        threads: Threads that may run at once in all of these processes. Counted only in a sandbox.
        file: Bytes in any one file that it writes.
    """

    seconds: float = 10.0
    output: int = 1_000_000
    memory: int = 1_500_000_000
    processes: int = 64
    threads: int = UNLIMITED
    file: int = 100_000_000

    def __post_init__(self) -> None:
        """Refuse limits that no program could keep."""
        if not self.seconds > 0:
            raise ValueError(f"seconds must be above 0, not {self.seconds}")
        for name in ("output", "memory", "processes", "threads", "file"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")


DEFAULT_LIMITS = Limits()
"""The limits that apply unless the caller sets others."""
