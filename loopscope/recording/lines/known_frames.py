"""What is known of the program's frames, while none of them is kept.

Frames are known by `id()`, which the interpreter reuses; so a frame is a new one each time that it
starts.
"""

from __future__ import annotations

import types
from asyncio import events
from collections.abc import Iterable
from typing import Any

from ..handles import coro_of
from ..suspension import frames_of
from .frame_values import Code

_RUN = events.Handle._run.__code__


class KnownFrame:
    """What is known of a frame; never the frame itself.

    Attributes:
        code: Its code.
        number: Its number, once it has been announced.
        task: The task in whose step it was first seen, by number.
        caller: The frame around it within that step, until it is announced itself.
        step: Stands for the step in which it was last seen.
        stood_at: The line at which it is suspended.
        texts: The texts of its variables, as they were sent.
    """

    __slots__ = ("code", "number", "task", "caller", "step", "stood_at", "texts")

    def __init__(self, code: Code) -> None:
        self.code = code
        self.number: int | None = None
        self.task: int | None = None
        self.caller: KnownFrame | None = None
        self.step: object = None
        self.stood_at: int | None = None
        self.texts: dict[str, str] = {}


class KnownFrames:
    """The frames of the functions of the program's file."""

    def __init__(self) -> None:
        self._codes: dict[int, Code] = {}  # by the `id()` of the code object
        self._known: dict[int, KnownFrame] = {}  # by the `id()` of the frame

    def set_codes(self, codes: Iterable[types.CodeType]) -> None:
        """Learn which code is that of the program's functions."""
        self._codes = {id(code): Code(code) for code in codes}

    def forget_all(self) -> None:
        """Forget all frames: some may have come and gone unnoticed."""
        self._known.clear()

    def started(self, frame: Any) -> None:
        """Note that a frame is a new one."""
        code = self._codes.get(id(frame.f_code))
        if code is not None:
            self._known[id(frame)] = KnownFrame(code)

    def ended(self, frame: Any) -> None:
        """Note that a frame is about to go."""
        self._known.pop(id(frame), None)

    def find(self, frame: Any) -> KnownFrame | None:
        """Return what is known of a frame; None if it is not one of the program's functions."""
        code = self._codes.get(id(frame.f_code))
        if code is None:
            return None
        known = self._known.get(id(frame))
        if known is None or known.code is not code:
            known = self._known[id(frame)] = KnownFrame(code)
        return known

    def see(self, known: KnownFrame, frame: Any, step: object, task: int | None) -> None:
        """Note that a frame runs in a step, and when it does so first, who called it.

        Args:
            known: What is known of the frame.
            frame: The frame.
            step: Stands for the step.
            task: The task whose step it is, by number, if it is known yet.
        """
        if known.step is None:
            known.task = task
            around = self.around(frame, 2)[1:]
            caller = self.find(around[0]) if around else None
            # A task that starts eagerly runs on top of the step that creates it.
            known.caller = caller if caller is not None and caller.step is step else None
        known.step = step

    def around(self, frame: Any, most: int) -> list[Any]:
        """Return a frame and those of the program's around it, up to the loop.

        Args:
            frame: The frame.
            most: How many are returned at most, innermost first.
        """
        found: list[Any] = []
        while frame is not None and frame.f_code is not _RUN and len(found) < most:
            if id(frame.f_code) in self._codes:
                found.append(frame)
            frame = frame.f_back
        return found

    def of_task(self, task: Any, number: int, step: object) -> list[Any]:
        """Return the program's frames of a suspended task, outermost first.

        Args:
            task: The task; not one that is done, which 3.12 may crash over.
            number: Its number.
            step: Stands for the step that has just ended.
        """
        found: list[Any] = []
        caller: KnownFrame | None = None
        for frame in frames_of(coro_of(task)):
            known = self.find(frame)
            if known is not None:
                if known.step is None:
                    known.task, known.caller, known.step = number, caller, step
                found.append(frame)
                caller = known
        return found
