"""What a stylesheet asks for.

In:  CSS: of a file, a `<style>` element, or an attribute. Out: the addresses in it that a browser would fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Comments and strings come first: an address inside one of them is none. A string that is not closed ends with its line. Nothing that
# was read is given back (`*+`): there are pages of strangers', and a style that is none must not take for ever.
_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | @import\s*+(?P<import>"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+')
    | url\(\s*+(?P<url>"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|(?:\\.|[^\\"'()])*+)\s*+(?:\)|\Z)
    | image-set\(\s*+(?P<set>(?:[^()]|\([^()]*+\))*+)(?:\)|\Z)
    | "(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z)
    | '(?:\\.|[^'\\\n])*+(?:'|(?=\n)|\Z)
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_STRING = re.compile(r""""(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'""", re.DOTALL)
_TYPE = re.compile(r"""\btype\([^)]*\)""", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def references(css: str) -> Iterator[str]:
    """The addresses in `url()`, `@import` and `image-set()`, as they stand there.

    Args:
        css: A stylesheet, or the value of one property.

    Yields:
        Each address, unquoted and without escapes.
    """
    if "\\" in css:
        # A function's name may be written with escapes too: \75rl(…).
        css = re.sub(r"\\0{0,4}([4-7][0-9a-fA-F])\s?", _letter, css)
    for token in _TOKEN.finditer(css):
        if token["set"] is not None:
            inner = _TYPE.sub("", token["set"])
            yield from references(inner)
            bare = re.sub(r"url\([^)]*\)", "", inner, flags=re.IGNORECASE)
            yield from (_plain(string) for string in _STRING.findall(bare))
        elif found := _plain(token["import"] or token["url"] or ""):
            yield found


def _letter(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if letter.isalpha() else escape[0]


def _plain(value: str) -> str:
    """A string or the inside of `url()`, without quotes and escapes."""
    if value[:1] in ("'", '"'):
        value = value[1:-1]

    def char(escape: re.Match[str]) -> str:
        if not escape[1]:
            return escape[2]
        number = int(escape[1], 16)
        return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"

    return _ESCAPE.sub(char, value.strip())
