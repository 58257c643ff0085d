"""What stands in for a panel while the engine works, and is replaced by it in the finish.

In:  a proven call of `show`, in the engine; later the pages that it built, and the panels. Out:
     bare text, which is all that the engine's search index wants of an example; later the pages
     with their panels.

A panel has hundreds of tags, each of which the engine would take into its hands several times. And
a panel is the same as in the build before, mostly: only the finish needs to have it.

A page must not be able to write a stand-in: each bears a secret of its build, which no page can
know, and says which call it stands for. The finish takes those of a page for its panels only if
they are the calls that were proven on it, all of them and in order; then no secret may be left.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from markupsafe import Markup

from ..content.examples import Example, ExampleError
from ..content.excerpts import extract_statement
from ..content.files import read_text
from ..content.show_calls import ShowCall
from ..project import Project
from .templating import render

VARIABLE = "AWAITED_STAND_INS"
"""The environment variable that holds the secret of a build, for the engine."""

_STAND_IN = re.compile(
    r'<div class="run" data-stand-in="([0-9a-f]+)" data-call="([^"]*)">'
    r"(?:<pre><code>[^<>]*</code></pre>)*</div>\n?"
)

_READ = (".html", ".json", ".xml", ".txt")  # what the engine makes of pages


class StandInError(Exception):
    """The engine lost, moved or changed a stand-in. The message is a cause."""


def secret() -> str | None:
    """The secret of the build that this process is the engine of."""
    return os.environ.get(VARIABLE)


def stand_in(secret: str, call: ShowCall, example: Example, project: Project) -> Markup:
    """Return what stands in for a panel.

    Args:
        secret: Of the build.
        call: What is shown.
        example: The example of that name.
        project: Where it belongs.
    """
    return render(
        "stand_in.html.jinja",
        secret=secret,
        call=str(call),
        texts=list(_searched(call, example, project)),
    )


def _searched(call: ShowCall, example: Example, project: Project) -> list[str]:
    """What of a panel can be found by search: the source, and what it prints, as its `.out` file
    has it; the build holds what it did against that.
    """
    options, texts = call.options, []
    if options.source:
        try:
            texts.append(
                example.shown_source
                if options.part is None
                else extract_statement(example.shown_source, options.part, example.file)
            )
        except ExampleError:  # the panel says so
            return []
    if options.output:
        # The lowest that it may run on here.
        lowest = max(sys.version_info[:2], example.requires_python or (3, 0))
        output = example.output_file(options.python or ".".join(map(str, lowest)))
        if output.exists():
            texts.append(read_text(project, output))
    return texts


def fill(html: str, secret: str, panels: Sequence[tuple[ShowCall, str]]) -> str:
    """Put the panels of a page in the place of what stands in for them.

    Args:
        html: The page, as the engine built it.
        secret: Of the build.
        panels: The calls that were proven on the page, in order, with the panel of each.

    Raises:
        StandInError: These are not the stand-ins of the page.
    """
    found = [unescape(match[2]) for match in _STAND_IN.finditer(html) if match[1] == secret]
    wanted = [str(call) for call, _ in panels]
    if found != wanted or html.count(secret) != len(wanted):
        raise StandInError(
            f"it shows {', '.join(wanted) or 'nothing'}, but the built page has"
            f" {', '.join(found) or 'nothing'}"
        )
    filled = iter(panels)
    return _STAND_IN.sub(lambda match: next(filled)[1] if match[1] == secret else match[0], html)


def left(site: Path, secret: str) -> list[str]:
    """The files of a site that tell the secret: a stand-in came to where none is looked for."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*"))
        if path.suffix in _READ and path.is_file() and secret.encode() in path.read_bytes()
    ]
