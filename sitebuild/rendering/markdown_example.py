"""Makes the Markdown version of an example's own page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from loopscope.views.wording import seconds

from ..content.show_options import ShowOptions
from .markdown_page import foot
from .markdown_panel import fenced, markdown_panel
from .run_pictures import Run


def markdown_example(
    run: Run,
    verified: str,
    outputs: Iterable[tuple[str, str]],
    used: Iterable[tuple[str, str]],
) -> str:
    """Return the Markdown version of an example's own page.

    Args:
        run: The run of the example.
        verified: A sentence on the Pythons that ran it.
        outputs: Each Python that prints something else, with its output.
        used: The (address, title) of each page that shows it.
    """
    example = run.example
    address = f"examples/{example.name}/"
    parts = [f"# {example.title}", markdown_panel(run, ShowOptions(), None, link=False)]
    if run.sentences:
        turns = [f"- {seconds(one.time)}: {one.text}" for one in run.sentences]
        parts += ["## The run in words", "\n".join(turns)]
    parts += ["## Verified on", verified]
    for python, output in outputs:
        parts += [f"Python {python} prints:", fenced(output)]
    links = [
        f"- [{title}]({posixpath.relpath(f'{page}index.md', address)})" for page, title in used
    ]
    if links:
        parts += ["## On these pages", "\n".join(links)]
    return "\n\n".join(parts) + f"\n{foot(address)}"
