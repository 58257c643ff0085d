"""Draws the card of an example: the picture that a preview of a link shows, as PNG.

Previews show no SVG, so resvg draws the run's timeline. It is given the fonts in `fonts/` and none
of the machine's, so that a card is the same wherever it is drawn.
"""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path

from loopscope.views.markup import packaged_file

from .run_pictures import Run, worth_a_picture
from .templating import kept_html, render

WIDTH, HEIGHT = 1200, 630
"""The size of a card, in pixels, that previews are made for."""

_TITLE_LETTERS = 42  # in a line of the title
_TITLE_LINES = 2
_FONTS = sorted(str(file) for file in Path(__file__).with_name("fonts").glob("*.ttf"))
_FONT = "DejaVu Sans"
_TOKEN = re.compile(r"--(ls-[a-z0-9-]+):\s*(?:light-dark\(([^,]+),|([^;]+);)")
_USE = re.compile(r"var\(--(ls-[a-z0-9-]+)\)")
_VIEW_BOX = re.compile(r'<svg [^>]*\bviewBox="([0-9. ]+)"[^>]*>')


def draw(run: Run) -> bytes | None:
    """Return the card of an example's run, or None if there is nothing worth drawing."""
    import resvg_py  # here, as only a site with a public address needs it

    if run.trace is None or not run.picture or not worth_a_picture(run.trace):
        return None
    found = _VIEW_BOX.match(run.picture)
    assert found is not None, "the timeline has changed"
    inside = run.picture[found.end() : run.picture.rindex("</svg>")]
    lines = textwrap.wrap(run.example.title.rstrip("."), _TITLE_LETTERS)
    if len(lines) > _TITLE_LINES:
        lines[_TITLE_LINES - 1 :] = [f"{lines[_TITLE_LINES - 1]} …"]
    svg = render(
        "card.svg.jinja",
        width=WIDTH,
        height=HEIGHT,
        lines=lines,
        file=run.example.file,
        view_box=found[1],
        tall=_is_tall(found[1], len(lines)),
        picture=kept_html(inside),
    )
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=_coloured(svg),
            skip_system_fonts=True,
            font_files=_FONTS,
            font_family=_FONT,
            sans_serif_family=_FONT,
            monospace_family=_FONT,
        )
    )


def _is_tall(view_box: str, lines: int) -> bool:
    """Return whether a picture is too tall to be shown whole at the width of a card.

    Args:
        view_box: Its `viewBox`.
        lines: How many lines the title above it has.
    """
    _, _, width, height = map(float, view_box.split())
    return height / width > (HEIGHT - 160 - 50 * lines) / (WIDTH - 80)


def _coloured(svg: str) -> str:
    """Return a picture with light colours in place of variables, which resvg does not know."""
    return _USE.sub(lambda use: _light_colours()[use[1]], svg)


@cache
def _light_colours() -> dict[str, str]:
    """Return the values of the variables in tokens.css, in the light scheme."""
    return {
        name: light or only for name, light, only in _TOKEN.findall(packaged_file("tokens.css"))
    }
