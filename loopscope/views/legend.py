"""The legend of a timeline: what each kind of mark in this very picture means."""

from __future__ import annotations

from collections.abc import Iterator

from ..trace.index import TraceIndex
from ..trace.model import Trace
from .markup import Markup, element, join, raw
from .timeline_layout import Blocked, End, Fold, Layout, Row
from .timeline_marks import draw_row, path_element

_WIDTH, _HEIGHT = 26, 24  # of the drawing of a mark
_LANE = 11.0  # the middle of its bars
_ENDS = {
    "returned": "returned",
    "raised": "failed",
    "cancelled": "cancelled",
    "pending": "not done when the picture ends",
    "destroyed": "destroyed before it was done",
}


def draw(trace: Trace) -> Markup:
    """Return the legend of a run's timeline, folded: a `<details>` element.

    Its marks get their colours from the style sheet in the picture. It is empty if the picture is.
    """
    if not TraceIndex.for_trace(trace).program_tasks:
        return raw("")
    items = (element("li", mark, " ", text) for mark, text in _entries(trace))
    return element(
        "details",
        element("summary", "How to read this picture"),
        element("ul", *items),
        class_="run-legend",
    )


def _entries(trace: Trace) -> Iterator[tuple[Markup, str]]:
    """Return a drawing and an explanation of each kind of mark in a picture."""
    layout = Layout(trace)
    callbacks = layout.callback_row() if layout.steps_of(None) else None
    rows = [layout.task_row(task) for task in layout.tasks] + [callbacks or Row()]
    others = [mark for row in rows for mark in row.others]
    if any(row.runs for row in rows):
        yield _row(Row(runs=[(3, 23)])), "a turn: the task runs, and no other task does"
    if any(isinstance(mark, Blocked) for mark in others):
        yield _row(Row(others=[Blocked(3, 20, 0)])), "a turn that blocks the loop, and for how long"
    if any(row.waits for row in rows):
        yield _row(Row(waits=[(1, 25)])), "waiting for whatever is named above the line"
    if any(row.ready for row in rows):
        yield _row(Row(ready=[(1, 25)])), "ready, but others run first"
    if any(row.late for row in rows):
        yield _row(Row(late=[(1, 25)])), "its time is up, but the loop is blocked"
    if any(row.prints for row in rows):
        yield _row(Row(prints={0: (10, "")}), lane=0), "a printed line"
    for outcome in dict.fromkeys(mark.outcome for mark in others if isinstance(mark, End)):
        yield _row(Row(others=[End(11, outcome)])), _ENDS[outcome]
    if any(isinstance(mark, Fold) for mark in others):
        yield (
            _row(Row(waits=[(1, 25)], others=[Fold(13)])),
            "a stretch of time, shortened in the picture",
        )
    if trace.steps_cut is not None:
        yield _drawing(path_element("cut", "M13 0v24")), "the record ends here"
    if callbacks:
        name = element("b", "callbacks")
        yield name, "functions that the loop calls directly, outside any task"


def _row(row: Row, lane: float = _LANE) -> Markup:
    return _drawing(draw_row(row, lane, titles=False))


def _drawing(marks: Markup) -> Markup:
    return element(
        "svg",
        join(marks),
        class_="ls",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=_WIDTH,
        height=_HEIGHT,
        aria_hidden="true",
    )
