"""Reads the timers of a loop, the earliest first."""

from __future__ import annotations

import heapq
import math
import os
from asyncio import base_events
from typing import Any

_KNOWN_FOLDERS = (
    os.path.dirname(base_events.__file__) + os.sep,
    os.path.dirname(__file__) + os.sep,
)
_MAX_SORTED = 80  # up to so many, sorting is faster than searching the heap


class Timers:
    """Reads the timers of one loop.

    The loop's clock is never read: it may be the program's own, and reading the virtual one moves
    it.
    """

    def __init__(self) -> None:
        self._readable: bool | None = None

    def earliest(self, loop: Any, began: float, count: int) -> list[tuple[int, Any]] | None:
        """Return the next timers.

        Args:
            loop: The loop.
            began: The loop's time when the program began, in seconds.
            count: How many timers to return at most.

        Returns:
            When each is due (in microseconds since the program began) and its handle; None if the
            loop has a clock of the program's own, which the recorder must not call. Timers that are
            never due (`sleep(math.inf)`), or at a time that is no number, are left out: JSON cannot
            express them.
        """
        scheduled = loop._scheduled
        if not scheduled:
            return []
        if self._readable is None:
            clock = next(
                (vars(kind)["time"] for kind in type(loop).__mro__ if "time" in vars(kind)), None
            )
            code = getattr(clock, "__code__", None)
            self._readable = getattr(code, "co_filename", "").startswith(_KNOWN_FOLDERS)
        if not self._readable:
            return None
        return [
            (round((handle._when - began) * 1e6), handle)
            for handle in _first(scheduled, count)
            if math.isfinite(handle._when)
        ]


def _first(heap: list[Any], count: int) -> list[Any]:
    """Return the first entries of a heap, in order, without cancelled ones.

    Of equal entries, those that are first in the heap come first.
    """
    if len(heap) <= _MAX_SORTED:
        return sorted(
            (handle for handle in heap if not handle._cancelled), key=lambda handle: handle._when
        )[:count]
    found: list[Any] = []
    edge = [(heap[0]._when, 0)]  # candidates for the next entry: none comes before its parent
    while edge and len(found) < count:
        _, index = heapq.heappop(edge)
        if not heap[index]._cancelled:
            found.append(heap[index])
        for child in (2 * index + 1, 2 * index + 2):
            if child < len(heap):
                heapq.heappush(edge, (heap[child]._when, child))
    return found
