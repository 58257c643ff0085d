"""Draws a run so small that there is only room for its shape: who runs when, and who waits."""

from __future__ import annotations

from collections.abc import Iterable

from ..trace.index import TraceIndex
from ..trace.model import Trace
from .timeline_layout import WIDTH, Blocked, Layout

ACROSS = 160
"""The width of a thumbnail, in units."""

ROW = 6
"""The height of a row, in units."""

_MAX_ROWS = 6


def draw(trace: Trace) -> list[str]:
    """Return the thumbnail of a run as the data of three SVG paths, to be stroked.

    They are what runs, what waits, and what blocks the loop. Rows are `ROW` high, the first around
    y = 3. Without a task to draw there are no paths.
    """
    if not TraceIndex.for_trace(trace).program_tasks:
        return []
    layout = Layout(trace)
    runs, waits, blocked = [], [], []
    for place, task in enumerate(layout.tasks[:_MAX_ROWS]):
        row, y = layout.task_row(task), place * ROW + ROW // 2
        runs.append(_lines(row.runs, y))
        waits.append(_lines([*row.waits, *row.ready, *row.late], y))
        long = [mark for mark in row.others if isinstance(mark, Blocked)]
        blocked.append(_lines([(mark.left, mark.left + mark.width) for mark in long], y))
    return ["".join(runs), "".join(waits), "".join(blocked)]


def _lines(spans: Iterable[tuple[float, float]], y: int) -> str:
    """Return lines from left to right, each at least one unit long; those that touch are one."""
    merged: list[list[int]] = []
    for left, right in sorted(spans):
        start = round(left * ACROSS / WIDTH)
        end = max(start + 1, round(right * ACROSS / WIDTH))
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return "".join(f"M{start} {y}H{end}" for start, end in merged)
