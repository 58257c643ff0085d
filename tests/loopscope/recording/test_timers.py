"""The first timers of a loop's heap, however many there are."""

from __future__ import annotations

import heapq
import random
from types import SimpleNamespace

import pytest

from loopscope.recording import timers


class Timer(SimpleNamespace):
    """What asyncio's heap holds, as far as it is read here."""

    def __lt__(self, other: Timer) -> bool:
        return self._when < other._when


@pytest.mark.parametrize("size", [0, 1, 2, 79, 80, 81, 82, 83, 127, 128, 300])
@pytest.mark.parametrize("count", [1, 20, 1000])
def test_they_are_the_earliest_in_order_without_cancelled_ones(size: int, count: int) -> None:
    rng = random.Random(size)
    heap: list[Timer] = []
    for when in rng.sample(range(1000), size):
        heapq.heappush(heap, Timer(_when=when, _cancelled=rng.random() < 0.3))
    expected = sorted(timer._when for timer in heap if not timer._cancelled)[:count]
    found = timers._first(heap, count) if heap else []
    assert [timer._when for timer in found] == expected
    assert count < 1000 or len(expected) == sum(not timer._cancelled for timer in heap)
