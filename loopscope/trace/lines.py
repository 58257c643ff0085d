"""The lines that a program ran within its steps, and the values of its variables there.

A record has them only if the program ran instrumented, this time or once more (`Trace.lines_from`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from .events import Change


class Line(NamedTuple):
    """An instant within a step: a line is about to run.

    Where no line begins, variables have changed all the same: because a function is about to
    return or to yield (there is a frame, but no line), or since its last line until the end of the
    step (there is neither).
    """

    frame: int | None  # index in `Trace.frames`
    line: int | None
    changes: tuple[Change, ...] = ()  # since the instant before
    at: float | None = None  # seconds since the program began, if that is known
    ready: int | None = None  # entries in the ready queue, unless it is long

    @classmethod
    def from_row(cls, row: Any) -> Line:
        """Return the line that a sequence of its fields stands for."""
        frame, line, changes, *more = row
        return cls(frame, line, tuple([Change(*change) for change in changes]), *more)


class MoreLines(NamedTuple):
    """The lines of a step that it does not list."""

    total: int  # at `MAX_COUNTED_LINES` with those that are listed, nothing more was counted
    first: int  # the lowest line among them
    last: int  # the highest one


@dataclass(frozen=True)
class Frame:
    """A call of one of the program's functions, from its first line to its return.

    One that is suspended at an `await` or a `yield` goes on later, in another step even. The frame
    of the module itself, `<module>`, has no lines, but holds the global variables.
    """

    function: str  # its qualified name
    task: int | None  # the task whose step it began in
    caller: int | None  # index of the frame that called or awaited it within that step
