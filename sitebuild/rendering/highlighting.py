"""Highlights source as HTML, line by line, with the class names of pygments."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name


@cache
def lines(source: str, language: str) -> tuple[Markup, ...]:
    """Highlight a program, and cache the result: pages and the stepper's record both need it.

    Args:
        source: The program.
        language: Its language, as pygments names it.

    Returns:
        Its lines as HTML.
    """
    lexer, formatter = _highlighter(language)
    text = highlight(source, lexer, formatter)
    # pygments has escaped the source.
    return tuple(map(Markup, text.removesuffix("\n").split("\n")))


@cache  # making them takes as long as highlighting an example
def _highlighter(language: str) -> tuple[Lexer, HtmlFormatter]:
    """Return pygments's lexer and formatter for a language."""
    return get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True)
