"""Source as coloured HTML, line by line.

In:  a program's text. Out: its lines as HTML, in the class names of pygments, which the theme colours.
"""

from __future__ import annotations

from functools import cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name


@cache
def lines(source: str, language: str) -> tuple[str, ...]:
    """The lines of `source`. Kept, because a page and the stepper's record both want them, and colouring is most of what they cost."""
    text = highlight(source, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True))
    return tuple(text.removesuffix("\n").split("\n"))


def block(shown: list[str], lit: list[bool], title: str) -> str:
    """A block of code as the theme lays it out, with a title and some lines lit up."""
    rows = "".join(f'<span class="hll">{line}\n</span>' if light else f"{line}\n" for line, light in zip(shown, lit, strict=True))
    name = f'<span class="filename">{escape(title)}</span>'
    return f'<div class="highlight run-source">{name}<pre><span></span><code>{rows}</code></pre></div>'
