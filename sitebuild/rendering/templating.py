"""Every piece of HTML of ours comes out of a template in `templates/`, which escapes by itself.

In:  a template's name and what it shows. Out: HTML, as `Markup`.

What a template is given as plain text is escaped; `Markup` is HTML already and stays as it is. Only
three makers of HTML are trusted to have escaped what they were given, and they are wrapped here or
say so where they are called: pygments (highlighting.py), and loopscope's pictures and sentences.

In templates a line break and the indentation behind it are layout, and put nothing into the page:
an attribute or a sentence that goes on in the next line needs its space written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from loopscope.trace.model import Trace

from ..project import base_path, site_address


def render(template: str, **fields: object) -> Markup:
    """Fill in a template.

    Args:
        template: Its file's name.
        fields: What it names. The site's own `base` and `site_address` it knows.

    Raises:
        jinja2.UndefinedError: It names something that it was not given.
    """
    return Markup(_environment().get_template(template).render(fields))


def picture(trace: Trace) -> Markup:
    """The timeline of a run, as SVG. It escapes every text that it draws."""
    from loopscope.views import timeline

    return Markup(timeline.draw(trace))


def sentence(text: str) -> Markup:
    """A step in words, with the code in it marked. It escapes both."""
    from loopscope.views import page

    return Markup(page.sentence(text))


def kept_html(text: str) -> Markup:
    """HTML that templates made in a build before, as `kept` has it."""
    return Markup(text)


class _Folded(Extension):
    """Takes the layout out of templates: each line break, and the indentation behind it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"\n[ \t]*", "", source)


def _text(value: object) -> Markup:
    """For what stands between tags, and not in an attribute: quotes stay as they are."""
    return Markup(escape(str(value), quote=False))


@cache  # a template is compiled once
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        extensions=[_Folded],
    )
    filters: dict[str, Callable[[object], Markup]] = {"text": _text}
    environment.filters |= filters
    environment.globals |= {"base": base_path(), "site_address": site_address()}
    return environment
