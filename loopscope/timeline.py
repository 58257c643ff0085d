"""The record as a picture: one row a task, time from left to right.

In:  a `Trace`. Out: SVG text that stands alone or inside a page. Colours are CSS variables with fallbacks.
"""

from __future__ import annotations

from html import escape

from .axis import Axis, Span
from .trace import BLOCKED, Step, Task, Trace
from .transcript import SYMBOLS, outcome
from .words import is_bookkeeping, seconds

TASKS_SHOWN = 12
_WIDTH, _LEFT, _RIGHT = 640.0, 10.0, 12.0
_AXIS, _ROW, _LANE = 26.0, 52.0, 34.0  # heights: of the axis, of a row, of the middle of the bars in it
_LETTER = 6.1  # width of a letter of the small type

STYLE = """\
.ls text{font:11px system-ui,sans-serif;fill:var(--ls-text,#333)}
.ls .name{font-weight:600;font-size:12px}.ls .dim{fill:var(--ls-dim,#5f6368)}
.ls .grid{stroke:var(--ls-grid,#d5d8dd);stroke-width:1}
.ls .run{fill:var(--ls-run,#2f6fdb)}.ls .blocked{fill:var(--ls-blocked,#b3261e)}
.ls .wait{stroke:var(--ls-wait,#8a929c);stroke-width:2}.ls .ready{stroke:var(--ls-run,#2f6fdb);stroke-width:2;stroke-dasharray:1.5 3}
.ls .on{fill:var(--ls-on,#fff)}.ls .out{fill:var(--ls-text,#333)}.ls .gap{fill:var(--ls-back,#fff)}.ls .fold{stroke:var(--ls-dim,#5f6368);stroke-width:1.5;fill:none}
.ls .good{fill:var(--ls-good,#1b7a3d)}.ls .bad{fill:var(--ls-blocked,#b3261e)}"""
_DARK = (
    ":root{--ls-text:#e3e5e8;--ls-dim:#a3a9b5;--ls-grid:#3c4149;--ls-run:#7aa7f7;--ls-blocked:#f2857c;--ls-wait:#7f8894;--ls-good:#6fcf8d;--ls-on:#1e2129;--ls-back:#1e2129}"
)


def draw(trace: Trace, *, alone: bool = False) -> str:
    """The timeline as an `<svg>` element; with `alone`, a whole file that follows the viewer's light or dark scheme.

    Gives an empty string where there is no task to draw.
    """
    tasks = [task for task in trace.tasks if not task.internal]
    if not tasks:
        return ""
    drawn = tasks[:TASKS_SHOWN]
    numbers = {task.id for task in drawn}
    shown = [index for index, step in enumerate(trace.steps) if not is_bookkeeping(trace, index) and (step.task is None or step.task in numbers)]
    axis = Axis(trace, shown, _LEFT, _WIDTH - _RIGHT)
    top = _AXIS
    rows = []
    for task in drawn:
        rows.append(_row(trace, task, axis, top))
        top += _ROW
    if len(tasks) > TASKS_SHOWN:
        rows.append(_text(_LEFT, top + 12, f"and {len(tasks) - TASKS_SHOWN:,} more tasks, not drawn", "dim"))
        top += 20
    others = _others(trace, shown, axis, top)
    if others:
        rows.append(others)
        top += _ROW
    height = top + 4
    title = f"Timeline of {trace.file}: {len(tasks)} task{'s' * (len(tasks) != 1)}, {seconds(trace.duration)}"
    style = STYLE + (f"@media (prefers-color-scheme:dark){{{_DARK}svg{{background:#1e2129}}}}" if alone else "")
    name = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    return (
        f'<svg{name} class="ls" viewBox="0 0 {_WIDTH:g} {height:g}" width="{_WIDTH:g}" height="{height:g}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(_description(trace, tasks))}</desc><style>{style}</style>"
        f"{_grid(axis, top)}{''.join(rows)}</svg>"
    )


def _row(trace: Trace, task: Task, axis: Axis, top: float) -> str:
    lane = top + _LANE
    steps = [index for index, step in enumerate(trace.steps) if step.task == task.id and index in axis.spans]
    parts = [_label(trace, task, top)]
    born = next((index for index in axis.spans if trace.steps[index].task == task.parent and trace.steps[index].time <= task.created <= trace.steps[index].end), None)
    x = axis.spans[born].left + 3 if born is not None else axis.at(task.created)
    if steps and trace.steps[steps[0]].within in axis.spans:  # started eagerly: it was never in line
        x = axis.spans[steps[0]].left
    begins = x
    state: tuple[str, str | None] = ("ready", None)
    previous = None
    for index in steps:
        span, step = axis.spans[index], trace.steps[index]
        parts.append(_between(trace, task, axis, previous, index, x, span.left, lane, state))
        parts.append(_step(span, step, lane))
        x, previous = span.right, index
        state = ("ready" if step.waits == "its next turn" else "wait", step.waits)
    if task.ended is None:
        parts.append(_between(trace, task, axis, previous, None, x, axis.end, lane, state))
        parts.append(_text(axis.end + 1, lane + 4, SYMBOLS[task.outcome], "dim"))
    elif steps:
        parts.append(_end(task, x, lane))
    parts += [_print(axis, index, trace, lane) for index in steps]
    parts += [_fold(place, lane) for place, _ in axis.folds if begins < place < (axis.end if task.ended is None else x)]
    return f"<g>{''.join(parts)}</g>"


def _label(trace: Trace, task: Task, top: float) -> str:
    ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
    result = f"{SYMBOLS[task.outcome]} {outcome(trace, task.id)}{ended}"
    kind = {"returned": "good", "raised": "bad"}.get(task.outcome, "dim")
    name = _cut(task.coro, 44)
    second = f'<tspan class="dim" font-weight="400" dx="6">{escape(_cut(task.name, 24))}</tspan>'
    return (
        f'<text class="name" x="{_LEFT:g}" y="{top + 13:g}">{escape(name)}{second}</text>'
        f'<text class="{kind}" x="{_WIDTH - _RIGHT:g}" y="{top + 13:g}" text-anchor="end">{escape(_cut(result, 44))}</text>'
    )


def _between(
    trace: Trace, task: Task, axis: Axis, previous: int | None, following: int | None, left: float, right: float, lane: float, state: tuple[str, str | None]
) -> str:
    """From one step of a task to its next: waiting, then perhaps ready while others run."""
    if right - left < 1:
        return ""
    kind, waits = state
    if kind == "ready":
        return f'<path class="ready" d="M{left:.1f} {lane:g}H{right:.1f}"/>'
    turned = right
    if previous is not None:
        last = following if following is not None else len(trace.steps)
        freed = next((index for index in range(previous + 1, last) if task.id in trace.steps[index].ready), None)
        if freed is not None:
            later = [axis.spans[index].right for index in axis.spans if index <= freed and index > previous]
            turned = min(right, max(later)) if later and freed in axis.spans else right
    text = f'<path class="wait" d="M{left:.1f} {lane:g}H{turned:.1f}"/>'
    if right - turned > 4:
        text += f'<path class="ready" d="M{turned:.1f} {lane:g}H{right:.1f}"/>'
    label = waits or ""
    room = int((turned - left - 6) / _LETTER)
    if label and room >= min(len(label), 6):
        text += _text((left + turned) / 2, lane - 6, _cut(label, room), "dim", "middle")
    return text


def _step(span: Span, step: Step, lane: float) -> str:
    width = max(2.0, span.right - span.left - 1)
    length = step.end - step.time
    if length < BLOCKED:
        return f'<rect class="run" x="{span.left:.1f}" y="{lane - 8:g}" width="{width:.1f}" height="16" rx="1.5"/>'
    label = f"blocked {length:.3g} s"
    label = label if width > len(label) * _LETTER else f"{length:.3g} s"
    text = _text(span.left + width / 2, lane + 4, label, "on", "middle") if width > len(label) * _LETTER else ""
    return f'<rect class="blocked" x="{span.left:.1f}" y="{lane - 10:g}" width="{width:.1f}" height="20"><title>blocked {length:.3g} s</title></rect>{text}'


def _end(task: Task, x: float, lane: float) -> str:
    """The mark where a task ended: a bar for returned, a cross for failed, a struck circle for cancelled."""
    if task.outcome == "returned":
        return f'<rect class="good" x="{x:.1f}" y="{lane - 10:g}" width="3" height="20"/>'
    return _text(x + 1, lane + 4, SYMBOLS[task.outcome], "bad" if task.outcome == "raised" else "dim")


def _print(axis: Axis, index: int, trace: Trace, lane: float) -> str:
    """Marks for the lines that a step printed, below it."""
    marks, place = "", 0
    span, inner = axis.spans[index], axis.inner(index)
    before = [number for number, piece in enumerate(trace.output) if piece.step is not None and trace.steps[piece.step].within == index]
    for number, piece in enumerate(trace.output):
        if piece.step != index or place == 6:
            continue
        # What a step prints after another ran inside of it stands after that one.
        left = inner[-1].right if inner and before and number > before[0] else span.left
        room = max(1, int((span.right - left) / 4))
        x = left + 2 + (place % room) * 4
        marks += f'<path class="out" d="M{x:.1f} {lane + 9:.1f}l3 6h-6z"><title>{escape(_cut(piece.text.strip(), 80))}</title></path>'
        place += 1
    return marks


def _fold(x: float, lane: float) -> str:
    """The sign that a stretch is drawn shorter than it is."""
    return f'<path class="gap" d="M{x - 5:.1f} {lane - 5:g}h10v10h-10z"/><path class="fold" d="M{x - 6:.1f} {lane + 5:g}l4 -10m4 10l4 -10"/>'


def _others(trace: Trace, shown: list[int], axis: Axis, top: float) -> str:
    """A row for callbacks that are no task's."""
    steps = [index for index in shown if trace.steps[index].task is None]
    if not steps:
        return ""
    names = ", ".join(dict.fromkeys(trace.steps[index].what or "" for index in steps))
    lane = top + _LANE
    text = f'<text class="name" x="{_LEFT:g}" y="{top + 13:g}">{escape(_cut(names, 60))}<tspan class="dim" font-weight="400" dx="6">callbacks</tspan></text>'
    return f"<g>{text}{''.join(_step(axis.spans[index], trace.steps[index], lane) + _print(axis, index, trace, lane) for index in steps)}</g>"


def _grid(axis: Axis, bottom: float) -> str:
    text, last = "", -100.0
    for x, time in axis.ticks:
        text += f'<path class="grid" d="M{x:.1f} {_AXIS - 6:g}V{bottom:g}"/>'
        label = f"{time:.3f}".rstrip("0").rstrip(".") + " s"
        near_end = x > _WIDTH - 40
        at = x - len(label) * _LETTER if near_end else x
        if at - last > 6:
            text += _text(x, 14, label, "dim", "end" if near_end else "start")
            last = at + len(label) * _LETTER
    for x, length in axis.folds:
        text += _text(x, 14, f"{length:.3g} s, folded", "dim", "middle")
    return text


def _description(trace: Trace, tasks: list[Task]) -> str:
    told = []
    for task in tasks[:TASKS_SHOWN]:
        waits = list(dict.fromkeys(step.waits for step in trace.steps if step.task == task.id and step.waits))
        waited = f", waits for {', then '.join(waits[:4])}" if waits else ""
        ended = f" at {seconds(task.ended)}" if task.ended is not None else ""
        told.append(f"{task.coro} ({task.name}) begins at {seconds(task.created)}{waited}, {outcome(trace, task.id)}{ended}.")
    return " ".join(told)


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:g}"{where}>{escape(text)}</text>'


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(1, length - 1)] + "…"
