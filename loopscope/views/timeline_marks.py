"""The marks of a timeline's row as SVG, and the elements that they are made of."""

from __future__ import annotations

from .markup import Markup, element, join
from .timeline_layout import LEFT, LETTER, Blocked, End, Fold, Label, Row, shortened
from .wording import SYMBOLS


def draw_row(row: Row, lane: float, titles: bool) -> Markup:
    """Return the marks of a row, each kind as one shape.

    Args:
        row: The marks.
        lane: The y coordinate of the middle of the bars.
        titles: Whether each printed piece is a shape of its own, with its text as tooltip.
    """
    parts: list[Markup] = []
    for kind, lines, title in (
        ("wait", row.waits, "waits"),
        ("ready", row.ready, "ready, but others run first"),
        ("late", row.late, "its time is up, but the loop is blocked"),
    ):
        if lines:
            parts.append(
                path_element(
                    kind,
                    "".join(f"M{fmt(left)} {fmt(lane)}H{fmt(right)}" for left, right in lines),
                    title,
                )
            )
    if row.runs:
        bars = (
            f"M{fmt(left)} {fmt(lane - 8)}h{fmt(right - left)}v16h-{fmt(right - left)}z"
            for left, right in row.runs
        )
        parts.append(path_element("run", "".join(bars), "runs"))
    parts += [_mark(mark, lane) for mark in row.others]
    prints = [(f"M{fmt(x)} {fmt(lane + 9)}l3 6h-6z", text) for x, text in row.prints.values()]
    if titles:
        parts += [
            path_element("out", data, f"prints {shortened(text.strip(), 80)}")
            for data, text in prints
        ]
    elif prints:
        parts.append(path_element("out", "".join(data for data, _ in prints), "prints"))
    return join(*parts)


def _mark(mark: Label | Blocked | End | Fold, lane: float) -> Markup:
    if isinstance(mark, Label):
        return text_element(mark.x, lane - 6, mark.text, "w")
    if isinstance(mark, Blocked):
        return _blocked(mark, lane)
    if isinstance(mark, End):
        return _end(mark, lane)
    x = mark.x
    return join(
        path_element("gap", f"M{fmt(x - 5)} {fmt(lane - 5)}h10v10h-10z"),
        path_element("fold", f"M{fmt(x - 6)} {fmt(lane + 5)}l4 -10m4 10l4 -10"),
    )


def _blocked(mark: Blocked, lane: float) -> Markup:
    """Return a higher bar, with its length inside it if there is room."""
    label = f"blocked {mark.seconds:.3g} s"
    bar = path_element(
        "blocked",
        f"M{fmt(mark.left)} {fmt(lane - 10)}h{fmt(mark.width)}v20h-{fmt(mark.width)}z",
        label,
    )
    shown = next((text for text in (label, label[8:]) if len(text) * LETTER < mark.width), "")
    return join(
        bar, text_element(mark.left + mark.width / 2, lane + 4, shown, "on") if shown else ""
    )


def _end(mark: End, lane: float) -> Markup:
    """Return a bar for returned, a cross for failed, a struck circle for cancelled, else dots."""
    if mark.outcome == "returned":
        return path_element("good", f"M{fmt(mark.x)} {fmt(lane - 10)}h3v20h-3z")
    return text_element(
        mark.x + 1, lane + 4, SYMBOLS[mark.outcome], "bad" if mark.outcome == "raised" else "dim"
    )


def text_element(x: float, y: float, text: str, kind: str) -> Markup:
    """Return a text.

    Args:
        x, y: Its position.
        text: The text.
        kind: Its CSS classes.
    """
    return element("text", one_line(text), class_=kind, x=fmt(x), y=fmt(y))


def heading_element(text: str, second: str, top: float) -> Markup:
    """Return a row's name, and something less important after it."""
    after = element("tspan", one_line(second), class_="dim", font_weight="400", dx="6")
    return element("text", one_line(text), after, class_="name", x=fmt(LEFT), y=fmt(top + 13))


def path_element(kind: str, data: str, title: str | None = None) -> Markup:
    """Return a shape.

    Args:
        kind: Its CSS class.
        data: Its outline.
        title: Its tooltip.
    """
    return element(
        "path",
        *([] if title is None else [element("title", one_line(title))]),
        class_=kind,
        d=data,
    )


def one_line(text: str) -> str:
    """Return a text with line breaks, tabs and the like replaced by spaces."""
    return "".join(letter if letter >= " " else " " for letter in text)


def fmt(number: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
