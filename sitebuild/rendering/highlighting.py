"""Source as coloured HTML, line by line.

In:  a program's text. Out: its lines as HTML, in the class names of pygments, which the theme
     colours.
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name


@cache
def lines(source: str, language: str) -> tuple[Markup, ...]:
    """The lines of `source`. Kept, because a page and the stepper's record both want them, and
    colouring is most of what they cost.
    """
    lexer, formatter = _tools(language)
    text = highlight(source, lexer, formatter)
    # pygments escapes what it colours
    return tuple(map(Markup, text.removesuffix("\n").split("\n")))


@cache  # to make them takes as long as to colour an example
def _tools(language: str) -> tuple[Lexer, HtmlFormatter]:
    return get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True)
