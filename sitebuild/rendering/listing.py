"""Makes the listing of an example: its source, or a part of it, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..content.examples import Example, ExampleError
from ..content.excerpts import BLANK, ShownLine, hide, shown_lines
from ..content.show_options import ShowOptions
from . import highlighting
from .changes import Changes
from .templating import render

GAP = "gap"
"""The class of an empty line that takes little room, because the line before is empty too."""


# The template of a listing names the fields of these classes.
@dataclass(frozen=True)
class _Line:
    """A line of source."""

    html: Markup
    classes: str  # "" for a line like any other
    number: int | None = None  # in the file, if numbers are shown
    changed: bool = False  # whether it is marked as new or changed
    removed: str = ""  # says how many lines were removed in front of it


@dataclass(frozen=True)
class Listing:
    """The source, or a part of it.

    Attributes:
        title: The file. None for a prediction: names and titles tend to give the output away.
        lines: The lines.
        removed: Says how many lines were removed at its end.
        since: The example that it is compared with.
        excerpt: Whether it is only a part.
        copyable: Whether it may be copied, and lead to the whole program.
        copy: What the theme's button copies instead of the listing's own text, in the attribute
            `data-copy`, where the theme looks for it: the program as it runs. None if that is what
            the listing says anyway.
    """

    title: str | None
    lines: list[_Line]
    removed: str = ""
    since: str | None = None
    excerpt: bool = False
    copyable: bool = True
    copy: str | None = None


def make_listing(
    example: Example, options: ShowOptions, earlier: Example | None, output: str
) -> Listing:
    """Return the listing of an example.

    Args:
        example: The example.
        options: The options of `show`.
        earlier: The example that it is compared with.
        output: What the example prints. Lines are numbered if a traceback or a warning names some.

    Raises:
        ExampleError: The example lacks the part, line or text that the options name, or nothing of
            it has changed.
    """
    lines = shown_lines(example, options.part)
    if not options.output:
        lines = _without_title(example, lines)
    for wanted in options.light:
        if not any(wanted in line.text for line in lines):
            raise ExampleError(
                f"{example.file}: no line of what is shown has {wanted!r} to light up"
            )
    changes = _changes(example, lines, earlier)
    file = re.escape(example.file)
    numbered = re.search(rf'(?:File "{file}", line |{file}:)\d', output) is not None
    listed = [
        _Line(
            html,
            " ".join(_classes(line, kind, options)) or _gap(lines, index),
            line.number if numbered else None,
            bool(kind),
            _removed(changes.removed_before(index)),
        )
        for index, (line, html, kind) in enumerate(
            zip(lines, _highlighted(example, lines, options), changes.kinds, strict=True)
        )
    ]
    copyable = not options.blank
    # A browser may put line breaks of its own around lines that have a style.
    plain = not changes and all(line.classes in ("", GAP) for line in listed)
    complete = [line.text for line in lines] == example.source.splitlines()
    return Listing(
        example.file if options.output or earlier else None,
        listed,
        _removed(changes.removed_before(len(lines))),
        None if earlier is None else earlier.name,
        excerpt=options.part is not None,
        copyable=copyable,
        copy=example.source if copyable and not (plain and complete) else None,
    )


def _without_title(example: Example, lines: list[ShownLine]) -> list[ShownLine]:
    """Return lines without the title at their beginning, and without the empty lines below it."""
    if lines[0].text.strip() not in _titles(example):
        return lines
    first = next((index for index, line in enumerate(lines) if index and line.text), None)
    return lines if first is None else lines[first:]


def _highlighted(
    example: Example, lines: list[ShownLine], options: ShowOptions
) -> Sequence[Markup]:
    """Return the lines as HTML.

    Raises:
        ExampleError: The lines lack a text that the options hide.
    """
    language = "bash" if example.shell else "python"
    if options.blank:
        hidden = hide(example, lines, options.blank)
        blank = render("blank.html.jinja", blank=BLANK)
        source = "".join(f"{line.text}\n" for line in hidden)
        return [line.replace(BLANK, blank) for line in highlighting.lines(source, language)]
    if options.part is None:
        coloured = highlighting.lines(example.source, language)
        return [coloured[line.number - 1] for line in lines]
    return highlighting.lines("".join(f"{line.text}\n" for line in lines), language)


def _classes(line: ShownLine, kind: str, options: ShowOptions) -> Iterator[str]:
    """Yield the classes of a line."""
    # A line that begins the docstring is the title, and no code.
    if not line.text.startswith('"""') and any(text in line.text for text in options.light):
        yield "hll"
    if kind:
        yield f"line-{kind}"


def _gap(lines: list[ShownLine], index: int) -> str:
    """Return the class of a line that is empty and follows an empty one, or "" for any other."""
    return GAP if index and not (lines[index].text or lines[index - 1].text) else ""


def _changes(example: Example, lines: list[ShownLine], earlier: Example | None) -> Changes:
    """Return what has changed in the lines of a listing since an earlier example.

    Whole programs are compared, so that a part is marked as it would be in all of its program.

    Raises:
        ExampleError: Nothing has changed.
    """
    if earlier is None:
        return Changes(("",) * len(lines), ())
    whole = shown_lines(example)
    new = _comparable(example)
    changes = Changes.between(_comparable(earlier), new)
    if len(lines) < len(whole):
        start = next(index for index, line in enumerate(whole) if line.number == lines[0].number)
        changes = changes.within(new, start, start + len(lines))
    if not changes:
        raise ExampleError(
            f"{example.file}: nothing of what is shown has changed since {earlier.name}; leave out"
            " `since`, or show more"
        )
    return changes


def _comparable(example: Example) -> list[str]:
    """Return the shown lines of an example. Its title differs in any case, and is left blank."""
    titles = _titles(example)
    return ["" if line.text.strip() in titles else line.text for line in shown_lines(example)]


def _titles(example: Example) -> tuple[str, str]:
    """Return the line that is the title of a program, and of a shell session."""
    return f'"""{example.title}"""', f"# {example.title}"


def _removed(count: int) -> str:
    """Return a note on removed lines, or "" if there are none."""
    return f"{count} line{'s' * (count > 1)} removed" if count else ""
