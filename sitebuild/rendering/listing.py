"""Makes the listing of an example: its source, or a part of it, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ..content.examples import Example, ExampleError
from ..content.excerpts import shown_lines
from ..content.show_options import ShowOptions
from . import highlighting


# The template of a listing names the fields of these classes.
@dataclass(frozen=True)
class _Line:
    """A line of source."""

    html: Markup
    lit: bool  # whether it is highlighted


@dataclass(frozen=True)
class Listing:
    """The source, or a part of it."""

    title: str
    lines: list[_Line]


def make_listing(example: Example, options: ShowOptions) -> Listing:
    """Return the listing of an example.

    Args:
        example: The example.
        options: The options of `show`.

    Raises:
        ExampleError: The example lacks the part or a line that the options name.
    """
    lines = shown_lines(example, options.part)
    language = "bash" if example.shell else "python"
    if options.part is None:
        coloured = highlighting.lines(example.source, language)
        html = [coloured[line.number - 1] for line in lines]
    else:
        source = "".join(f"{line.text}\n" for line in lines)
        html = list(highlighting.lines(source, language))
    for wanted in options.light:
        if not any(wanted in line.text for line in lines):
            raise ExampleError(
                f"{example.file}: no line of what is shown has {wanted!r} to light up"
            )
    # A line that begins the docstring is the title, and no code.
    lit = [
        any(wanted in line.text for wanted in options.light) and not line.text.startswith('"""')
        for line in lines
    ]
    return Listing(
        example.file, [_Line(line, is_lit) for line, is_lit in zip(html, lit, strict=True)]
    )
