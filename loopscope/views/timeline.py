"""The record as a picture: one row a task, time from left to right.

In:  a `Trace`. Out: SVG text that stands alone or inside a page. Colours are CSS variables with fallbacks.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

from ..trace.model import BLOCKED, Output, Task, Trace
from .axis import Axis
from .markup import Markup, element, join, raw
from .narration import bookkeeping, cut, cuts, seconds
from .transcript import SYMBOLS, outcome

TASKS_SHOWN = 12
_WIDTH, _LEFT, _RIGHT = 640.0, 10.0, 12.0
_AXIS, _ROW, _LANE = 26.0, 52.0, 34.0  # heights: of the axis, of a row, of the middle of the bars in it
_LETTER, _BOLD = 6.1, 7.4  # widths of a letter, small type and names
_TITLES = 60  # texts that appear over marks; with more marks than that, there are none

STYLE = """\
.ls text{font:11px system-ui,sans-serif;fill:var(--ls-text,#333)}
.ls .name{font-weight:600;font-size:12px}.ls .dim,.ls .w{fill:var(--ls-dim,#5f6368)}
.ls .w,.ls .on{text-anchor:middle}.ls .e{text-anchor:end}
.ls .grid{stroke:var(--ls-grid,#d5d8dd);stroke-width:1}
.ls .run{fill:var(--ls-run,#2f6fdb)}.ls .blocked{fill:var(--ls-blocked,#b3261e)}
.ls .wait{stroke:var(--ls-wait,#8a929c);stroke-width:2}.ls .ready{stroke:var(--ls-run,#2f6fdb);stroke-width:2;stroke-dasharray:1.5 3}
.ls .on{fill:var(--ls-on,#fff)}.ls .out{fill:var(--ls-text,#333)}.ls .gap{fill:var(--ls-back,#fff)}
.ls .cut{stroke:var(--ls-text,#333);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.ls .fold{stroke:var(--ls-dim,#5f6368);stroke-width:1.5;fill:none}
.ls .good{fill:var(--ls-good,#1b7a3d)}.ls .bad{fill:var(--ls-blocked,#b3261e)}"""
_DARK = (
    ":root{--ls-text:#e3e5e8;--ls-dim:#a3a9b5;--ls-grid:#3c4149;--ls-run:#7aa7f7;--ls-blocked:#f2857c;--ls-wait:#7f8894;"
    "--ls-good:#6fcf8d;--ls-on:#1e2129;--ls-back:#1e2129}"
)
_STYLE_ALONE = f"@media (prefers-color-scheme:dark){{{_DARK}svg{{background:#1e2129}}}}"


class _Picture:
    """What the rows are drawn from."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.tasks = [task for task in trace.tasks if not task.internal]
        self.drawn = self.tasks[:TASKS_SHOWN]
        books, numbers = bookkeeping(trace), {task.id for task in self.drawn}
        self.shown = [index for index, step in enumerate(trace.steps) if index not in books and (step.task is None or step.task in numbers)]
        self.axis = Axis(trace, self.shown, _LEFT, _WIDTH - _RIGHT)
        self.steps: dict[int | None, list[int]] = {}
        for index in self.shown:
            self.steps.setdefault(trace.steps[index].task, []).append(index)
        self.printed: dict[int | None, list[tuple[int, Output]]] = {}
        for number, piece in enumerate(trace.output):
            self.printed.setdefault(piece.step, []).append((number, piece))
        self.titles = sum(len(self.printed.get(index, ())) for index in self.shown) <= _TITLES


@dataclass
class _Marks:
    """The marks of one row, gathered by kind; what would fall on the same spot is drawn once."""

    lane: float
    runs: list[tuple[float, float]] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    ready: list[tuple[float, float]] = field(default_factory=list)
    prints: dict[int, tuple[float, str]] = field(default_factory=dict)
    more: list[Markup] = field(default_factory=list)

    def svg(self, titles: bool) -> Markup:
        lane = self.lane
        parts: list[Markup] = []
        for kind, lines in (("wait", self.waits), ("ready", self.ready)):
            if lines:
                title = "waits" if kind == "wait" else "ready, but others run first"
                data = "".join(f"M{_n(left)} {_n(lane)}H{_n(right)}" for left, right in lines)
                parts.append(_path(kind, data, title))
        if self.runs:
            data = "".join(f"M{_n(left)} {_n(lane - 8)}h{_n(right - left)}v16h-{_n(right - left)}z" for left, right in _merged(self.runs))
            parts.append(_path("run", data, "runs"))
        parts += self.more
        if titles:
            parts += [
                _path("out", f"M{_n(x)} {_n(lane + 9)}l3 6h-6z", f"prints {_cut(text.strip(), 80)}") for x, text in self.prints.values()
            ]
        elif self.prints:
            data = "".join(f"M{_n(x)} {_n(lane + 9)}l3 6h-6z" for x, _ in self.prints.values())
            parts.append(_path("out", data, "prints"))
        return join(*parts)


def draw(trace: Trace, *, alone: bool = False) -> Markup:
    """The timeline as an `<svg>` element.

    With `alone` it is a whole file, which explains its marks, says what there is to say of the record, and follows the viewer's light
    or dark scheme. Gives an empty string where there is no task to draw; alone, a picture that says so.
    """
    picture = _Picture(trace)
    if not picture.tasks:
        return _without_tasks(trace) if alone else raw("")
    top = _AXIS
    rows = []
    for task in picture.drawn:
        rows.append(_row(picture, task, top))
        top += _ROW
    if len(picture.tasks) > TASKS_SHOWN:
        left_out = len(picture.tasks) - TASKS_SHOWN
        rows.append(_text(_LEFT, top + 12, f"and {left_out:,} more task{'s' * (left_out > 1)}, not drawn", "dim"))
        top += 20
    if None in picture.steps:
        rows.append(_callbacks(picture, top))
        top += _ROW
    bottom = top
    if trace.steps_cut is not None:  # clear of the rows' headings
        lanes = [_AXIS + row * _ROW + _LANE for row in range(len(picture.drawn))]
        data = "".join(f"M{_n(picture.axis.end)} {_n(lane - 12)}v24" for lane in lanes)
        rows.append(element("path", element("title", "the record ends here"), class_="cut", d=data))
    for _, text in cuts(trace):
        rows.append(_text(_LEFT, top + 12, text, "name"))
        top += 20
    if alone:
        legend = "▮ runs · ─ waits · ┄ ready, but others run first · ▴ prints · ✓ returned · ✗ failed · ⊘ cancelled"
        rows.append(_text(_LEFT, top + 14, legend, "dim"))
        top += 18
        notes = _notes(trace)
        rows += [_text(_LEFT, top + 14 + 16 * place, line, "bad") for place, line in enumerate(notes)]
        top += 16 * len(notes)
    height = top + 4
    count = len(picture.tasks)
    title = f"Timeline of {trace.file}: {count:,} task{'s' * (count != 1)}, {seconds(trace.duration)}"
    style = STYLE + (_STYLE_ALONE if alone else "")
    return element(
        "svg",
        element("title", _one_line(title)),
        element("desc", _one_line(_description(picture))),
        element("style", raw(style)),
        _grid(picture.axis, bottom),
        *rows,
        xmlns="http://www.w3.org/2000/svg" if alone else None,
        class_="ls",
        viewBox=f"0 0 {_n(_WIDTH)} {_n(height)}",
        width=_n(_WIDTH),
        height=_n(height),
        role="img",
    )


def _notes(trace: Trace) -> list[str]:
    """What there is to say of a record, in lines that fit."""
    told = [*([f"loopscope ended it: {trace.stopped}"] if trace.stopped else []), *_bad_end(trace), *trace.notes]
    letters = int((_WIDTH - _LEFT - _RIGHT) / _LETTER)
    return [line for note in told for line in textwrap.wrap(_one_line(note), letters)]


def _bad_end(trace: Trace) -> list[str]:
    """That the program itself came to a bad end, which its tasks do not tell: they are left pending, or ended well before it."""
    if trace.stopped or trace.exit == 0:
        return []
    if isinstance(trace.exit, str):
        return [f"the program was ended by {trace.exit}"]
    return [f"the program ended with exit status {trace.exit}" + (f": {trace.error}" if trace.error else "")]


def _without_tasks(trace: Trace) -> Markup:
    """A picture, for a file of its own, that says that there is nothing to draw."""
    title = f"Timeline of {trace.file}: no task was recorded"
    told = [title, *_notes(trace)]
    height = _n(20 + 16 * len(told))
    return element(
        "svg",
        element("title", _one_line(title)),
        element("style", raw(STYLE + _STYLE_ALONE)),
        *(_text(_LEFT, 20 + 16 * place, line, "bad" if place else "dim") for place, line in enumerate(told)),
        xmlns="http://www.w3.org/2000/svg",
        class_="ls",
        viewBox=f"0 0 {_n(_WIDTH)} {height}",
        width=_n(_WIDTH),
        height=height,
        role="img",
    )


def places(trace: Trace) -> dict[int, float]:
    """Where each step that is drawn stands in the picture (its left edge), by the step's index."""
    return {index: round(span.left, 1) for index, span in _Picture(trace).axis.spans.items()}


def _row(picture: _Picture, task: Task, top: float) -> Markup:
    trace, axis = picture.trace, picture.axis
    steps = picture.steps.get(task.id, [])
    marks = _Marks(top + _LANE)
    x = begins = _birth(picture, task, steps)
    waits: str | None = "its next turn"
    previous = None
    for index in steps:
        span, step = axis.spans[index], trace.steps[index]
        _between(picture, marks, task, previous, index, (x, span.left), waits)
        _step(picture, marks, index)
        x, previous, waits = span.right, index, step.waits
    goes_on = task.ended is None or not trace.saw_all_of(task)  # beyond the end of the picture
    if goes_on:
        _between(picture, marks, task, previous, None, (x, axis.end), waits)
        marks.more.append(_text(axis.end + 1, marks.lane + 4, SYMBOLS["pending"], "dim"))
    elif steps:
        marks.more.append(_end(task, x, marks.lane))
    marks.more += [_fold(place, marks.lane) for place, _ in axis.folds if begins < place < (axis.end if goes_on else x)]
    return element("g", _label(trace, task, top), marks.svg(picture.titles))


def _birth(picture: _Picture, task: Task, steps: list[int]) -> float:
    """Where a task's row begins: in the step that created it."""
    trace, axis = picture.trace, picture.axis
    if steps and trace.steps[steps[0]].within in axis.spans:  # started eagerly: it was never in line
        return axis.spans[steps[0]].left
    for index in picture.steps.get(task.parent, ()) if task.parent is not None else ():
        if trace.steps[index].time <= task.created <= trace.steps[index].end:
            return axis.spans[index].left + min(3.0, (axis.spans[index].right - axis.spans[index].left) / 3)
    return axis.at(task.created)


def _label(trace: Trace, task: Task, top: float) -> Markup:
    """A row's heading: the coroutine, the task's name, and on the right how it ended."""
    ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
    result = _cut(f"{SYMBOLS[task.outcome]} {outcome(trace, task.id)}{ended}", 52)
    kind = {"returned": "good", "raised": "bad"}.get(task.outcome, "dim")
    name = _cut(task.name, 20)
    room = _WIDTH - _LEFT - _RIGHT - (len(result) + len(name) + 4) * _LETTER
    heading = _heading(_cut(task.coro, max(8, int(room / _BOLD))), name, top)
    return join(heading, _text(_WIDTH - _RIGHT, top + 13, result, f"{kind} e"))


def _between(
    picture: _Picture, marks: _Marks, task: Task, previous: int | None, following: int | None, reach: tuple[float, float], waits: str | None
) -> None:
    """From one step of a task to its next: waiting, then perhaps ready while others run."""
    left, right = reach
    if right - left < 1:
        return
    if waits in ("its next turn", "sleep 0 s"):
        marks.ready.append((left, right))
        return
    turned = right
    if previous is not None:
        last = following if following is not None else len(picture.trace.steps)
        freed = next((index for index in range(previous + 1, last) if picture.trace.is_ready(task.id, index)), None)
        if freed is not None:
            turned = min(right, max(left, picture.axis.after(freed)))
    if right - turned > 4:
        marks.ready.append((turned, right))
    else:
        turned = right
    marks.waits.append((left, turned))
    label = _fitting(waits or "", turned - left - 4)
    if label:
        marks.more.append(_text((left + turned) / 2, marks.lane - 6, label, "w"))


def _fitting(label: str, room: float) -> str:
    """As much of a wait's name as there is room for; empty where that would say nothing."""
    letters = int(room / (_LETTER - 0.6))
    short = label[6:] if label.startswith("sleep ") else label
    if len(label) <= letters:
        return label
    if len(short) <= letters:
        return short
    return _cut(label, letters) if letters >= 6 else ""


def _step(picture: _Picture, marks: _Marks, index: int) -> None:
    """A step's bar, and below it what it printed."""
    span, lane, held = picture.axis.spans[index], marks.lane, picture.trace.held(index)
    width = max(2.0, span.right - span.left - 1)
    if held < BLOCKED:
        marks.runs.append((span.left, span.left + width))
    else:
        label = f"blocked {held:.3g} s"
        bar = _path("blocked", f"M{_n(span.left)} {_n(lane - 10)}h{_n(width)}v20h-{_n(width)}z", label)
        shown = next((text for text in (label, label[8:]) if len(text) * _LETTER < width), "")
        marks.more.append(join(bar, _text(span.left + width / 2, lane + 4, shown, "on") if shown else ""))
    inner = picture.axis.inner(index)
    printed = picture.printed.get(index, ())
    before = picture.trace.steps[index]
    for place, (number, piece) in enumerate(printed[:50]):
        left = span.left
        if held >= BLOCKED:
            left += (piece.time - before.time) / held * max(0.0, width - 6) - place * 4
        elif inner and _ran_before(picture, index, number):  # what a step prints after another ran inside of it stands after that one
            left = inner[-1].right
        room = max(1, int((span.right - left) / 4))
        x = left + 2 + (place % room) * 4
        marks.prints.setdefault(round(x / 2), (x, piece.text))


def _ran_before(picture: _Picture, index: int, number: int) -> bool:
    """Whether a piece of output came after that of a step inside of `index`, or after such a step that printed nothing."""
    steps = picture.trace.steps
    others = [other for other in picture.shown if steps[other].within == index]
    first = min((piece[0] for other in others for piece in picture.printed.get(other, ())), default=None)
    return number > first if first is not None else picture.trace.output[number].time > steps[others[0]].end


def _end(task: Task, x: float, lane: float) -> Markup:
    """The mark where a task ended: a bar for returned, a cross for failed, a struck circle for cancelled."""
    if task.outcome == "returned":
        return _path("good", f"M{_n(x)} {_n(lane - 10)}h3v20h-3z")
    return _text(x + 1, lane + 4, SYMBOLS[task.outcome], "bad" if task.outcome == "raised" else "dim")


def _fold(x: float, lane: float) -> Markup:
    """The sign that a stretch is drawn shorter than it is."""
    return join(_path("gap", f"M{_n(x - 5)} {_n(lane - 5)}h10v10h-10z"), _path("fold", f"M{_n(x - 6)} {_n(lane + 5)}l4 -10m4 10l4 -10"))


def _callbacks(picture: _Picture, top: float) -> Markup:
    """A row for callbacks that are no task's."""
    steps, marks = picture.steps[None], _Marks(top + _LANE)
    names = ", ".join(dict.fromkeys(picture.trace.steps[index].what or "" for index in steps))
    for index in steps:
        _step(picture, marks, index)
    return element("g", _heading(_cut(names, 60), "callbacks", top), marks.svg(picture.titles))


def _grid(axis: Axis, bottom: float) -> Markup:
    """Lines where time has passed, their times, and the lengths of what is folded, as far as there is room for them."""
    lines = {round(x): x for x, _ in axis.ticks}
    parts = [_path("grid", "".join(f"M{_n(x)} {_n(_AXIS - 6)}V{_n(bottom)}" for x in lines.values()))]
    taken: list[tuple[float, float]] = []
    folds = [(x, f"{length:.4g} s, folded", "w") for x, length in axis.folds]
    ticks = [(x, f"{time:.3f}".rstrip("0").rstrip(".") + " s", "dim e" if x > _WIDTH - 60 else "dim") for x, time in axis.ticks]
    for x, label, kind in [ticks[0], ticks[-1], *folds, *ticks[1:-1]]:
        width = len(label) * _LETTER
        left = x - width / 2 if kind == "w" else x - width if kind == "dim e" else x
        if all(left > end + 6 or left + width < begin - 6 for begin, end in taken):
            taken.append((left, left + width))
            parts.append(_text(x, 14, label, kind))
    return join(*parts)


def _description(picture: _Picture) -> str:
    told = []
    for task in picture.drawn:
        waits = list(dict.fromkeys(step.waits for index in picture.steps.get(task.id, ()) if (step := picture.trace.steps[index]).waits))
        waited = f", waits for {', then '.join(map(str, waits[:4]))}" if waits else ""
        ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
        told.append(f"{task.coro} ({task.name}) begins at {seconds(task.created)}{waited}, {outcome(picture.trace, task.id)}{ended}.")
    return " ".join([*told, *filter(None, [cut(picture.trace)])])


def _merged(bars: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Bars from left to right; those that could not be told apart become one."""
    result: list[tuple[float, float]] = []
    for left, right in bars:
        if result and left - result[-1][1] < 0.5:
            result[-1] = (result[-1][0], max(right, result[-1][1]))
        else:
            result.append((left, right))
    return result


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return element("text", _one_line(text), class_=kind, x=_n(x), y=_n(y))


def _heading(text: str, second: str, top: float) -> Markup:
    """A row's name, and something less important after it."""
    after = element("tspan", _one_line(second), class_="dim", font_weight="400", dx="6")
    return element("text", _one_line(text), after, class_="name", x=_n(_LEFT), y=_n(top + 13))


def _path(kind: str, data: str, title: str | None = None) -> Markup:
    """A shape, perhaps with a text that appears over it."""
    return element("path", *([] if title is None else [element("title", _one_line(title))]), class_=kind, d=data)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(1, length - 1)] + "…"


def _one_line(text: str) -> str:
    """Text without line breaks, tabs and the like."""
    return "".join(letter if letter >= " " else " " for letter in text)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
