"""HTML and SVG that escapes by itself.

A text becomes `Markup` (HTML or XML) by being escaped; what is `Markup` already is left as it is,
and only `raw` turns a text into `Markup` unchecked. Characters that neither XML nor HTML can
represent (control characters, lone surrogates) are replaced by characters that stand for them.
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
    """Return a text as `Markup` that is known to be HTML or XML already."""
    return Markup(text)


def packaged_file(name: str) -> Markup:
    """Return the text of a style sheet or script beside this module."""
    return raw((Path(__file__).parent / name).read_text(encoding="utf-8"))


def escape(value: object) -> Markup:
    """Return a value as `Markup`, for the content of an element or for an attribute."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(_UNFIT.sub(_shown, str(value))))


def _shown(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number < 0x20:
        return chr(0x2400 + number)  # the control's picture
    return "\u2421" if number == 0x7F else "\ufffd"


def join(*parts: object) -> Markup:
    """Return parts one after the other; those that are not `Markup` are escaped."""
    return Markup("".join(map(escape, parts)))


def element(name: str, *children: object, **attributes: object) -> Markup:
    """Return an element.

    Args:
        name: Its name.
        children: Its content, as for `join`; without any, the element is closed at once.
        attributes: Its attributes. In their names `_` stands for `-`, and one at the end (`class_`)
            for nothing. An attribute that is None is left out.
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
    """Return a template (`string.Template`) with each `$name` replaced by an escaped value.

    Raises:
        KeyError: The template names a value that is missing.
    """
    return Markup(
        string.Template(template).substitute({key: escape(value) for key, value in values.items()})
    )


def json_in_script(text: str) -> Markup:
    """Escape JSON for a `<script>` element, where `</script>` and `<!--<script>` must not occur."""
    return Markup(_UNFIT.sub(_as_json_escape, text).replace("<", "\\u003c"))


def _as_json_escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
