"""HTML and SVG that escapes by itself.

In:  texts of any origin. Out: `Markup`, which is HTML or XML. A text becomes Markup by being
     escaped; whatever is Markup already is taken as it is, and only `raw` makes Markup of a text
     unseen.

What neither XML nor HTML can hold (control characters, halves of surrogate pairs) is replaced by
characters that show it.
"""

from __future__ import annotations

import html
import json
import re
import string
from pathlib import Path

_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
    + "]"
)


class Markup(str):
    """HTML or XML."""

    __slots__ = ()


def raw(text: str) -> Markup:
    """Text that is HTML or XML already, and known to be right."""
    return Markup(text)


def file_of_ours(name: str) -> Markup:
    """A style sheet or script that lies beside this module."""
    return raw((Path(__file__).parent / name).read_text(encoding="utf-8"))


def escape(value: object) -> Markup:
    """Markup that reads as `value` does, within an element as in an attribute."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(_UNFIT.sub(_shown, str(value))))


def _shown(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number < 0x20:
        return chr(0x2400 + number)  # the control's picture
    return "\u2421" if number == 0x7F else "\ufffd"


def join(*parts: object) -> Markup:
    """Parts one after the other, those that are not Markup escaped."""
    return Markup("".join(map(escape, parts)))


def element(name: str, *children: object, **attributes: object) -> Markup:
    """An element, closed at once where there are no children.

    Args:
        name: Of the element. children: What is in it, as `join` takes it. attributes: By name; `_`
        stands for `-`, and one at the end (`class_`) for nothing. None: there is no such attribute.
    """
    inside = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(
        f"<{name}{inside}>{join(*children)}</{name}>" if children else f"<{name}{inside}/>"
    )


def fill(template: str, **values: object) -> Markup:
    """A template of `string.Template`'s kind, with each `$name` replaced by a value, escaped.

    Raises:
        KeyError: The template names a value that is not given.
    """
    return Markup(
        string.Template(template).substitute({key: escape(value) for key, value in values.items()})
    )


def json_in_script(text: str) -> Markup:
    """Escape JSON for a `<script>` element, so that it contains neither `</script>` nor
    `<!--<script>`.
    """
    return Markup(_UNFIT.sub(_as_json_escape, text).replace("<", "\\u003c"))


def _as_json_escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
