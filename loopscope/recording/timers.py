"""The timers of a loop, the earliest first.

In:  a loop that stands still for a moment. Out: its next timers, in seconds since the program
     began.
"""

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
_MAX_SORTED = 80  # so many are sorted faster than searched


class Timers:
    """Reads one loop's timers. The loop's clock is never asked: it may be the program's own, and
    the virtual one moves when it is.
    """

    def __init__(self) -> None:
        self._readable: bool | None = None

    def earliest(self, loop: Any, began: float, count: int) -> list[tuple[int, Any]] | None:
        """The next timers.

        Args:
            loop: whose timers.
            began: what asyncio's own clock said when the program began, in seconds.
            count: how many are wanted.

        Returns:
            (when it is due, in microseconds since the program began, its handle), or None where the
            loop has a clock of the program's own, which is not ours to call. Timers that are never
            due (`sleep(math.inf)`), or at no time that is a number, are left out: JSON has no way
            to write when.
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


def _first(heap: list, count: int) -> list:
    """The first entries of a heap, in order, without those that are cancelled; of equal ones, those
    that stand first in it.
    """
    if len(heap) <= _MAX_SORTED:
        return sorted(
            (handle for handle in heap if not handle._cancelled), key=lambda handle: handle._when
        )[:count]
    found: list = []
    edge = [(heap[0]._when, 0)]  # entries that may be next: none comes before its parent
    while edge and len(found) < count:
        _, index = heapq.heappop(edge)
        if not heap[index]._cancelled:
            found.append(heap[index])
        for child in (2 * index + 1, 2 * index + 2):
            if child < len(heap):
                heapq.heappush(edge, (heap[child]._when, child))
    return found
