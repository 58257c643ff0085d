"""The record as a picture: one row per task, time from left to right.

The SVG is complete in itself, or belongs on a page that has the style sheet tokens.css.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ..trace.index import TraceIndex
from ..trace.model import Task, Trace
from .axis import Axis
from .markup import Markup, element, join, packaged_file, raw
from .timeline_layout import LEFT, LETTER, RIGHT, WIDTH, End, Layout, Row, shortened
from .timeline_marks import draw_row, fmt, heading_element, one_line, path_element, text_element
from .wording import SYMBOLS, cut_notice, cut_notices, describe_outcome, seconds, stop_notices

_AXIS, _ROW, _HEADING = 26.0, 52.0, 24.0  # heights
_AFTER_END = 14.0  # from the end of a row to the text that says how the task ended
_LANE = 34.0  # from the top of a row to the middle of its bars
_BOLD = 7.4  # width of a letter in names
_CALLBACKS = "callbacks: the loop calls them, outside any task"
_MAX_TITLES = 60  # tooltips of printed pieces; with more pieces than that, there are none

_STYLE = """\
.ls text{font:11px system-ui,sans-serif;fill:var(--ls-text)}
.ls .name,.ls .heading{font-weight:600;font-size:12px}.ls .heading{font-family:monospace}
.ls .dim,.ls .w{fill:var(--ls-dim)}
.ls .w,.ls .on{text-anchor:middle}.ls .e{text-anchor:end}
.ls .grid{stroke:var(--ls-grid);stroke-width:1}
.ls .run{fill:var(--ls-run)}.ls .blocked{fill:var(--ls-blocked)}
.ls .wait{stroke:var(--ls-wait);stroke-width:2}
.ls .ready{stroke:var(--ls-run);stroke-width:2;stroke-dasharray:1.5 3}
.ls .late{stroke:var(--ls-blocked);stroke-width:2;stroke-dasharray:5 3}
.ls .on{fill:var(--ls-on)}.ls .out{fill:var(--ls-text)}.ls .gap{fill:var(--ls-back)}
.ls .cut{stroke:var(--ls-text);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.ls .fold{stroke:var(--ls-dim);stroke-width:1.5;fill:none}
.ls .good{fill:var(--ls-good)}.ls .bad{fill:var(--ls-blocked)}"""
_STYLE_ALONE = (
    ":root{color-scheme:light dark}"
    "@media (prefers-color-scheme:dark){svg{background:var(--ls-back)}}"
)


def draw(trace: Trace, *, alone: bool = False, headings: Mapping[int, str] | None = None) -> Markup:
    """Return the timeline as an `<svg>` element.

    Args:
        trace: The run.
        alone: Whether it is a file of its own, which explains its marks, has the record's notes,
            and follows the viewer's light or dark scheme.
        headings: What stands above the rows of some tasks, by number.

    Returns:
        The element. If there is no task to draw it is empty or, alone, a picture that says so.
    """
    index = TraceIndex.for_trace(trace)
    if not index.program_tasks:
        return _without_tasks(trace) if alone else raw("")
    layout = Layout(trace)
    titles = sum(len(index.output.of_step(step)) for step in layout.steps) <= _MAX_TITLES
    count, left_out = len(index.program_tasks), len(index.program_tasks) - len(layout.tasks)
    top = _AXIS
    parts = []
    lanes: list[float] = []
    for task in layout.tasks:
        if heading := (headings or {}).get(task.id):
            parts.append(text_element(LEFT, top + 16, heading, "heading"))
            top += _HEADING
        lanes.append(top + _LANE)
        row = layout.task_row(task)
        parts.append(element("g", *_label(task, row, top), draw_row(row, top + _LANE, titles)))
        top += _ROW
    if left_out:
        parts.append(
            text_element(
                LEFT,
                top + 12,
                f"and {left_out:,} more task{'s' * (left_out > 1)}, not drawn",
                "dim",
            )
        )
        top += 20
    if callbacks := layout.steps_of(None):
        names = ", ".join(dict.fromkeys(trace.steps[step].what or "" for step in callbacks))
        heading = heading_element(shortened(names, 50), _CALLBACKS, top)
        parts.append(element("g", heading, draw_row(layout.callback_row(), top + _LANE, titles)))
        top += _ROW
    bottom = top
    if trace.steps_cut is not None:  # the line must not cross the rows' headings
        data = "".join(f"M{fmt(layout.axis.end)} {fmt(lane - 12)}v24" for lane in lanes)
        parts.append(
            element("path", element("title", "the record ends here"), class_="cut", d=data)
        )
    for _, text in cut_notices(trace):
        parts.append(text_element(LEFT, top + 12, text, "name"))
        top += 20
    if alone:
        legend = (
            "▮ runs · ─ waits · ┄ ready, but others run first · ▴ prints · ✓ returned · ✗ failed ·"
            " ⊘ cancelled"
        )
        parts.append(text_element(LEFT, top + 14, legend, "dim"))
        top += 18
        notes = _notes(trace)
        parts += [
            text_element(LEFT, top + 14 + 16 * place, line, "bad")
            for place, line in enumerate(notes)
        ]
        top += 16 * len(notes)
    title = (
        f"Timeline of {trace.file}: {count:,} task{'s' * (count != 1)}, {seconds(trace.duration)}"
    )
    drawing = join(_grid(layout.axis, bottom), *parts)
    return _svg(title, _description(trace, layout), drawing, top + 4, alone=alone)


def _without_tasks(trace: Trace) -> Markup:
    """Return a picture, for a file of its own, of a run that has no task to draw."""
    title = f"Timeline of {trace.file}: no task was recorded"
    lines = [title, *_notes(trace)]
    texts = join(
        *(
            text_element(LEFT, 20 + 16 * place, line, "bad" if place else "dim")
            for place, line in enumerate(lines)
        )
    )
    return _svg(title, None, texts, 20 + 16 * len(lines), alone=True)


def _svg(
    title: str, description: str | None, drawing: Markup, height: float, *, alone: bool
) -> Markup:
    """Return the `<svg>` element.

    Args:
        title: Its title, in a line.
        description: A longer text for readers who cannot see it.
        drawing: Its content.
        height: Its height, in units of the picture.
        alone: Whether it is a file of its own.
    """
    return element(
        "svg",
        element("title", one_line(title)),
        raw("") if description is None else element("desc", one_line(description)),
        element(
            "style",
            *([packaged_file("tokens.css"), raw(_STYLE_ALONE)] if alone else []),
            raw(_STYLE),
        ),
        drawing,
        xmlns="http://www.w3.org/2000/svg" if alone else None,
        class_="ls",
        viewBox=f"0 0 {fmt(WIDTH)} {fmt(height)}",
        width=fmt(WIDTH),
        height=fmt(height),
        role="img",
    )


def _notes(trace: Trace) -> list[str]:
    """Return what readers must know about a record, in lines that fit the picture."""
    letters = int((WIDTH - LEFT - RIGHT) / LETTER)
    return [
        line
        for note in (*stop_notices(trace), *_bad_end(trace), *trace.notes)
        for line in textwrap.wrap(one_line(note), letters)
    ]


def _bad_end(trace: Trace) -> list[str]:
    """Describe a failure of the program as a whole, which its tasks do not show.

    They are still pending, or ended well before.
    """
    if trace.stopped or trace.exit == 0:
        return []
    if isinstance(trace.exit, str):
        return [f"the program was ended by {trace.exit}"]
    return [
        f"the program ended with exit status {trace.exit}"
        + (f": {trace.error}" if trace.error else "")
    ]


def _label(task: Task, row: Row, top: float) -> list[Markup]:
    """Return a row's heading, the coroutine and the task's name, and how the task ended.

    That stands behind the row's end or, if there is no room, on the right of the heading.
    """
    ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
    result = shortened(f"{SYMBOLS[task.outcome]} {describe_outcome(task)}{ended}", 52)
    kind = {"returned": "good", "raised": "bad"}.get(task.outcome, "dim")
    name = shortened(task.name, 20)
    end = next(
        (mark.x for mark in row.others if isinstance(mark, End) and mark.outcome == task.outcome),
        WIDTH,
    )
    width = len(result) * LETTER
    if end + _AFTER_END + width < WIDTH - RIGHT:
        # the end's own mark is the symbol, but for tasks that return
        text = result if task.outcome == "returned" else result[1:].strip()
        told = text_element(end + _AFTER_END, top + _LANE + 4, text, kind)
        width = 0
    else:
        told = text_element(WIDTH - RIGHT, top + 13, result, f"{kind} e")
    room = WIDTH - LEFT - RIGHT - width - (len(name) + 4) * LETTER
    heading = heading_element(shortened(task.function, max(8, int(room / _BOLD))), name, top)
    return [heading, told]


def _grid(axis: Axis, bottom: float) -> Markup:
    """Return lines where time has passed, with times and lengths of folds as far as they fit."""
    lines = {round(x): x for x, _ in axis.ticks}
    parts = [
        path_element(
            "grid", "".join(f"M{fmt(x)} {fmt(_AXIS - 6)}V{fmt(bottom)}" for x in lines.values())
        )
    ]
    taken: list[tuple[float, float]] = []
    folds = [(x, f"{length:.4g} s, folded", "w") for x, length in axis.folds]
    ticks = [
        (x, f"{time:.3f}".rstrip("0").rstrip(".") + " s", "dim e" if x > WIDTH - 60 else "dim")
        for x, time in axis.ticks
    ]
    for x, label, kind in [ticks[0], ticks[-1], *folds, *ticks[1:-1]]:
        width = len(label) * LETTER
        left = x - width / 2 if kind == "w" else x - width if kind == "dim e" else x
        if all(left > end + 6 or left + width < begin - 6 for begin, end in taken):
            taken.append((left, left + width))
            parts.append(text_element(x, 14, label, kind))
    return join(*parts)


def _description(trace: Trace, layout: Layout) -> str:
    """Describe the picture in words, for readers who cannot see it."""
    sentences = []
    for task in layout.tasks:
        waits = list(
            dict.fromkeys(
                text for index in layout.steps_of(task.id) if (text := trace.steps[index].wait_text)
            )
        )
        waited = f", waits for {', then '.join(waits[:4])}" if waits else ""
        ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
        sentences.append(
            f"{task.function} ({task.name}) begins at {seconds(task.created)}{waited},"
            f" {describe_outcome(task)}{ended}."
        )
    return " ".join([*sentences, *filter(None, [cut_notice(trace)])])
