"""Renders the templates in `templates/`, which make all of the project's own HTML.

Templates escape plain strings; `Markup` is HTML already and is inserted as it is. Only the HTML of
pygments (in `highlighting`) and loopscope's pictures and sentences (below) is trusted to be escaped
already.

In templates, a line break and the indentation after it are only layout, and are removed. Where an
attribute or a sentence continues on the next line, its space must be written explicitly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from loopscope.trace.model import Trace

from ..project import base_path, public_address


def render(template: str, **fields: object) -> Markup:
    """Fill in a template.

    Args:
        template: The name of its file.
        fields: The values of its variables. `base`, the path of the site's root, and `public`, its
            public URL or None, are always defined.

    Returns:
        The HTML.

    Raises:
        jinja2.UndefinedError: The template has a variable without a value.
    """
    return Markup(_environment().get_template(template).render(fields))


def picture(trace: Trace, headings: Mapping[int, str] | None = None) -> Markup:
    """Return the timeline of a run, as SVG; loopscope escapes all text in it.

    Args:
        trace: The run.
        headings: What stands above the rows of some tasks, by number.
    """
    from loopscope.views import timeline

    return Markup(timeline.draw(trace, headings=headings))


def legend(trace: Trace) -> Markup:
    """Return the legend of a run's timeline, folded; loopscope escapes all text in it."""
    from loopscope.views import legend

    return Markup(legend.draw(trace))


def sentence(text: str) -> Markup:
    """Return the sentence of a step as HTML, with its code marked; loopscope escapes the text."""
    from loopscope.views import page

    return Markup(page.sentence(text))


def kept_html(text: str) -> Markup:
    """Return HTML that templates made in an earlier build, as it comes from the cache."""
    return Markup(text)


class _LayoutRemover(Extension):
    """Removes the layout of templates: each line break, and the indentation after it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source of a template without its layout."""
        return re.sub(r"\n[ \t]*", "", source)


def _text(value: object) -> Markup:
    """Escape text between tags: unlike in attributes, quotes are kept as they are."""
    return Markup(escape(str(value), quote=False))


@cache  # so that each template is compiled only once
def _environment() -> Environment:
    """Return the environment of all templates."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        extensions=[_LayoutRemover],
    )
    filters: dict[str, Callable[[object], Markup]] = {"text": _text}
    environment.filters |= filters
    environment.globals |= {"base": base_path(), "public": public_address()}
    return environment
