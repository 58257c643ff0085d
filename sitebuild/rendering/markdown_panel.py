"""Renders the panel of an example as Markdown: the same parts as `panel`, in the same order."""

from __future__ import annotations

import re

from ..content.excerpts import hide, shown_lines
from ..content.show_options import ShowOptions
from ..project import base_path, public_address
from .panel import OutputLines, facts_of, output_of, shows_picture
from .run_pictures import Run, anonymous_picture, describe, picture_of

_TICKS = re.compile(r"`{3,}")


def markdown_panel(run: Run, options: ShowOptions, earlier: Run | None, *, link: bool) -> str:
    """Return the panel of an example as Markdown.

    Args:
        run: The run of the example.
        options: The options of `show`.
        earlier: The run of the example that it is compared with.
        link: Whether to link to the example's own page.

    Raises:
        ExampleError: The example lacks the part that the options name.
    """
    example = run.example
    if options.only is not None:
        return f"Timeline of a program: {describe(anonymous_picture(run))}"
    parts = []
    if options.source:
        lines = hide(example, shown_lines(example, options.part), options.blank)
        what = f"`{example.file}`{', excerpt' if options.part else ''}:"
        language = "console" if example.shell else "python"
        parts += [what, fenced("".join(f"{line.text}\n" for line in lines), language)]
    if options.output:
        output = output_of(example, run.trace, run.project, options.python)
        parts += [f"{output.label}:", _printed(output)]
        if output.ended:
            parts.append(f"({output.ended})")
    if run.trace is not None and shows_picture(run, options):
        description = describe(picture_of(run, earlier if options.beside else None) or "")
        if description:
            parts.append(f"Timeline: {description}")
    if options.output:
        facts = facts_of(example, run.trace, link)
        address = f"{public_address() or base_path()}examples/{example.name}/index.md"
        more = f" · [{example.name}]({address})" if link else ""
        parts.append(f"{facts.text}{more}")
    return "\n\n".join(parts)


def fenced(text: str, language: str = "text") -> str:
    """Return a text as a block of code, fenced by more backticks than it has in a row."""
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"


def _printed(output: OutputLines) -> str:
    """Return what a program printed, with the time of each line."""
    if not output.rows:
        return output.nothing or "(nothing)"
    return fenced(
        "\n".join(f"{row.time}  {row.text}" if row.time else row.text for row in output.rows)
    )
