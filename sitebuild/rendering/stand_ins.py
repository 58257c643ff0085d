"""Stand-ins for panels, in the pages that MkDocs builds.

A panel has hundreds of tags, and MkDocs would process each of them several times. So MkDocs gets a
small stand-in, and the finish of the build replaces it by the panel, which mostly comes from the
cache.

A page must not be able to forge a stand-in. So each contains a secret of the build, which pages
cannot know, and the call of `show` that it stands for. The finish accepts the stand-ins of a page
only if they match the calls that were parsed from its source, all of them and in order. No file of
the finished site may contain the secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from markupsafe import Markup

from ..content.show_calls import ShowCall
from .templating import render

VARIABLE = "AWAITED_STAND_INS"
"""The environment variable that passes the secret of a build to MkDocs's process."""

_STAND_IN = re.compile(
    r'<div class="run" data-stand-in="([0-9a-f]+)" data-call="([^"]*)"></div>\n?'
)

_SUFFIXES = (".html", ".json", ".xml", ".txt")  # of the files that MkDocs makes from pages


class StandInError(Exception):
    """A page lost, moved or changed a stand-in. The message is the cause of a `Problem`."""


def secret() -> str | None:
    """Return the secret of the build that this process belongs to, if any."""
    return os.environ.get(VARIABLE)


def stand_in(secret: str, call: ShowCall) -> Markup:
    """Return the stand-in for a panel.

    Args:
        secret: The secret of the build.
        call: The call of `show`.
    """
    return render("stand_in.html.jinja", secret=secret, call=str(call))


def fill(html: str, secret: str, panels: Sequence[tuple[ShowCall, str]]) -> str:
    """Replace the stand-ins of a page by its panels.

    Args:
        html: The page, as MkDocs built it.
        secret: The secret of the build.
        panels: The calls in the page's source, in order, each with its panel.

    Raises:
        StandInError: The page's stand-ins do not match the calls.
    """
    found = [unescape(match[2]) for match in _STAND_IN.finditer(html) if match[1] == secret]
    expected = [str(call) for call, _ in panels]
    if found != expected or html.count(secret) != len(expected):
        raise StandInError(
            f"it shows {', '.join(expected) or 'nothing'}, but the built page has"
            f" {', '.join(found) or 'nothing'}"
        )
    rest = iter(panels)
    return _STAND_IN.sub(lambda match: next(rest)[1] if match[1] == secret else match[0], html)


def left(site: Path, secret: str) -> list[str]:
    """Return the files of a site that contain the secret: stand-ins that were not replaced.

    Args:
        site: The folder of the site.
        secret: The secret of the build.
    """
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*"))
        if path.suffix in _SUFFIXES and path.is_file() and secret.encode() in path.read_bytes()
    ]
