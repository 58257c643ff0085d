"""The record as a picture: one row a task, time from left to right.

In:  a `Trace`. Out: SVG text that stands alone, or inside a page that has the style sheet
     tokens.css.
"""

from __future__ import annotations

import textwrap

from ..trace.index import TraceIndex
from ..trace.model import Task, Trace
from .axis import Axis
from .markup import Markup, element, file_of_ours, join, raw
from .timeline_layout import (
    LEFT,
    LETTER,
    RIGHT,
    WIDTH,
    Blocked,
    End,
    Fold,
    Label,
    Layout,
    Row,
    shortened,
)
from .wording import SYMBOLS, cut, cuts, outcome, seconds, stop

# heights: of the axis, of a row, of the middle of the bars in it
_AXIS, _ROW, _LANE = 26.0, 52.0, 34.0
_BOLD = 7.4  # width of a letter in names
_TITLES = 60  # texts that appear over marks; with more marks than that, there are none

_STYLE = """\
.ls text{font:11px system-ui,sans-serif;fill:var(--ls-text)}
.ls .name{font-weight:600;font-size:12px}.ls .dim,.ls .w{fill:var(--ls-dim)}
.ls .w,.ls .on{text-anchor:middle}.ls .e{text-anchor:end}
.ls .grid{stroke:var(--ls-grid);stroke-width:1}
.ls .run{fill:var(--ls-run)}.ls .blocked{fill:var(--ls-blocked)}
.ls .wait{stroke:var(--ls-wait);stroke-width:2}
.ls .ready{stroke:var(--ls-run);stroke-width:2;stroke-dasharray:1.5 3}
.ls .on{fill:var(--ls-on)}.ls .out{fill:var(--ls-text)}.ls .gap{fill:var(--ls-back)}
.ls .cut{stroke:var(--ls-text);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.ls .fold{stroke:var(--ls-dim);stroke-width:1.5;fill:none}
.ls .good{fill:var(--ls-good)}.ls .bad{fill:var(--ls-blocked)}"""
_STYLE_ALONE = (
    ":root{color-scheme:light dark}"
    "@media (prefers-color-scheme:dark){svg{background:var(--ls-back)}}"
)


def draw(trace: Trace, *, alone: bool = False) -> Markup:
    """The timeline as an `<svg>` element.

    With `alone` it is a whole file, which explains its marks, says what there is to say of the
    record, and follows the viewer's light or dark scheme. Gives an empty string where there is no
    task to draw; alone, a picture that says so.
    """
    index = TraceIndex.of(trace)
    if not index.program_tasks:
        return _without_tasks(trace) if alone else raw("")
    layout = Layout(trace)
    titles = sum(len(index.output_of(step)) for step in layout.steps) <= _TITLES
    count, left_out = len(index.program_tasks), len(index.program_tasks) - len(layout.tasks)
    top = _AXIS
    parts = []
    for task in layout.tasks:
        parts.append(
            element("g", _label(task, top), _marks(layout.task_row(task), top + _LANE, titles))
        )
        top += _ROW
    if left_out:
        parts.append(
            _text(
                LEFT,
                top + 12,
                f"and {left_out:,} more task{'s' * (left_out > 1)}, not drawn",
                "dim",
            )
        )
        top += 20
    if callbacks := layout.steps_of(None):
        names = ", ".join(dict.fromkeys(trace.steps[step].what or "" for step in callbacks))
        heading = _heading(shortened(names, 60), "callbacks", top)
        parts.append(element("g", heading, _marks(layout.callback_row(), top + _LANE, titles)))
        top += _ROW
    bottom = top
    if trace.steps_cut is not None:  # clear of the rows' headings
        lanes = [_AXIS + row * _ROW + _LANE for row in range(len(layout.tasks))]
        data = "".join(f"M{_n(layout.axis.end)} {_n(lane - 12)}v24" for lane in lanes)
        parts.append(
            element("path", element("title", "the record ends here"), class_="cut", d=data)
        )
    for _, text in cuts(trace):
        parts.append(_text(LEFT, top + 12, text, "name"))
        top += 20
    if alone:
        legend = (
            "▮ runs · ─ waits · ┄ ready, but others run first · ▴ prints · ✓ returned · ✗ failed ·"
            " ⊘ cancelled"
        )
        parts.append(_text(LEFT, top + 14, legend, "dim"))
        top += 18
        notes = _notes(trace)
        parts += [
            _text(LEFT, top + 14 + 16 * place, line, "bad") for place, line in enumerate(notes)
        ]
        top += 16 * len(notes)
    title = (
        f"Timeline of {trace.file}: {count:,} task{'s' * (count != 1)}, {seconds(trace.duration)}"
    )
    drawing = join(_grid(layout.axis, bottom), *parts)
    return _svg(title, _description(trace, layout), drawing, top + 4, alone=alone)


def _without_tasks(trace: Trace) -> Markup:
    """A picture, for a file of its own, that says that there is nothing to draw."""
    title = f"Timeline of {trace.file}: no task was recorded"
    lines = [title, *_notes(trace)]
    texts = join(
        *(
            _text(LEFT, 20 + 16 * place, line, "bad" if place else "dim")
            for place, line in enumerate(lines)
        )
    )
    return _svg(title, None, texts, 20 + 16 * len(lines), alone=True)


def _svg(
    title: str, description: str | None, drawing: Markup, height: float, *, alone: bool
) -> Markup:
    return element(
        "svg",
        element("title", _one_line(title)),
        raw("") if description is None else element("desc", _one_line(description)),
        element(
            "style",
            *([file_of_ours("tokens.css"), raw(_STYLE_ALONE)] if alone else []),
            raw(_STYLE),
        ),
        drawing,
        xmlns="http://www.w3.org/2000/svg" if alone else None,
        class_="ls",
        viewBox=f"0 0 {_n(WIDTH)} {_n(height)}",
        width=_n(WIDTH),
        height=_n(height),
        role="img",
    )


def _notes(trace: Trace) -> list[str]:
    """What there is to say of a record, in lines that fit."""
    letters = int((WIDTH - LEFT - RIGHT) / LETTER)
    return [
        line
        for note in (*stop(trace), *_bad_end(trace), *trace.notes)
        for line in textwrap.wrap(_one_line(note), letters)
    ]


def _bad_end(trace: Trace) -> list[str]:
    """That the program itself came to a bad end, which its tasks do not tell: they are left
    pending, or ended well before it.
    """
    if trace.stopped or trace.exit == 0:
        return []
    if isinstance(trace.exit, str):
        return [f"the program was ended by {trace.exit}"]
    return [
        f"the program ended with exit status {trace.exit}"
        + (f": {trace.error}" if trace.error else "")
    ]


def _label(task: Task, top: float) -> Markup:
    """A row's heading: the coroutine, the task's name, and on the right how it ended."""
    ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
    result = shortened(f"{SYMBOLS[task.outcome]} {outcome(task)}{ended}", 52)
    kind = {"returned": "good", "raised": "bad"}.get(task.outcome, "dim")
    name = shortened(task.name, 20)
    room = WIDTH - LEFT - RIGHT - (len(result) + len(name) + 4) * LETTER
    heading = _heading(shortened(task.coro, max(8, int(room / _BOLD))), name, top)
    return join(heading, _text(WIDTH - RIGHT, top + 13, result, f"{kind} e"))


def _marks(row: Row, lane: float, titles: bool) -> Markup:
    """The marks of a row, each kind as one shape; with `titles`, each printed piece has a shape and
    says what it is.
    """
    parts: list[Markup] = []
    for kind, lines, title in (
        ("wait", row.waits, "waits"),
        ("ready", row.ready, "ready, but others run first"),
    ):
        if lines:
            parts.append(
                _path(
                    kind,
                    "".join(f"M{_n(left)} {_n(lane)}H{_n(right)}" for left, right in lines),
                    title,
                )
            )
    if row.runs:
        bars = (
            f"M{_n(left)} {_n(lane - 8)}h{_n(right - left)}v16h-{_n(right - left)}z"
            for left, right in row.runs
        )
        parts.append(_path("run", "".join(bars), "runs"))
    parts += [_mark(mark, lane) for mark in row.others]
    prints = [(f"M{_n(x)} {_n(lane + 9)}l3 6h-6z", text) for x, text in row.prints.values()]
    if titles:
        parts += [
            _path("out", data, f"prints {shortened(text.strip(), 80)}") for data, text in prints
        ]
    elif prints:
        parts.append(_path("out", "".join(data for data, _ in prints), "prints"))
    return join(*parts)


def _mark(mark: Label | Blocked | End | Fold, lane: float) -> Markup:
    if isinstance(mark, Label):
        return _text(mark.x, lane - 6, mark.text, "w")
    if isinstance(mark, Blocked):
        return _blocked(mark, lane)
    if isinstance(mark, End):
        return _end(mark, lane)
    x = mark.x
    return join(
        _path("gap", f"M{_n(x - 5)} {_n(lane - 5)}h10v10h-10z"),
        _path("fold", f"M{_n(x - 6)} {_n(lane + 5)}l4 -10m4 10l4 -10"),
    )


def _blocked(mark: Blocked, lane: float) -> Markup:
    """A higher bar, with its length in it where there is room."""
    label = f"blocked {mark.seconds:.3g} s"
    bar = _path(
        "blocked", f"M{_n(mark.left)} {_n(lane - 10)}h{_n(mark.width)}v20h-{_n(mark.width)}z", label
    )
    shown = next((text for text in (label, label[8:]) if len(text) * LETTER < mark.width), "")
    return join(bar, _text(mark.left + mark.width / 2, lane + 4, shown, "on") if shown else "")


def _end(mark: End, lane: float) -> Markup:
    """Draw a bar for returned, a cross for failed, a struck circle for cancelled, else dots."""
    if mark.outcome == "returned":
        return _path("good", f"M{_n(mark.x)} {_n(lane - 10)}h3v20h-3z")
    return _text(
        mark.x + 1, lane + 4, SYMBOLS[mark.outcome], "bad" if mark.outcome == "raised" else "dim"
    )


def _grid(axis: Axis, bottom: float) -> Markup:
    """Lines where time has passed, their times, and the lengths of what is folded, as far as there
    is room for them.
    """
    lines = {round(x): x for x, _ in axis.ticks}
    parts = [
        _path("grid", "".join(f"M{_n(x)} {_n(_AXIS - 6)}V{_n(bottom)}" for x in lines.values()))
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
            parts.append(_text(x, 14, label, kind))
    return join(*parts)


def _description(trace: Trace, layout: Layout) -> str:
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
            f"{task.coro} ({task.name}) begins at {seconds(task.created)}{waited},"
            f" {outcome(task)}{ended}."
        )
    return " ".join([*sentences, *filter(None, [cut(trace)])])


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return element("text", _one_line(text), class_=kind, x=_n(x), y=_n(y))


def _heading(text: str, second: str, top: float) -> Markup:
    """A row's name, and something less important after it."""
    after = element("tspan", _one_line(second), class_="dim", font_weight="400", dx="6")
    return element("text", _one_line(text), after, class_="name", x=_n(LEFT), y=_n(top + 13))


def _path(kind: str, data: str, title: str | None = None) -> Markup:
    """A shape, perhaps with a text that appears over it."""
    return element(
        "path",
        *([] if title is None else [element("title", _one_line(title))]),
        class_=kind,
        d=data,
    )


def _one_line(text: str) -> str:
    """Text without line breaks, tabs and the like."""
    return "".join(letter if letter >= " " else " " for letter in text)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
