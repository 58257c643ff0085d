"""What a stylesheet asks for.

In:  CSS: of a file, a `<style>` element, or an attribute. Out: the addresses in it that a browser
     would fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Comments, escapes and strings come first: an address inside one of them is none. A string that is
# not closed ends with its line. Nothing that was read is given back (`*+`): there are pages of
# strangers', and a style that is none must not take for ever.
_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | \\.
    | (?P<import>@import)
    | url\(\s*+(?!["'])(?P<url>(?:\\.|[^\\)])*+)(?:\)|\Z)
    | (?P<function>url|image-set|src)?\(
    | (?P<close>\))
    | (?P<string>"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z)|'(?:\\.|[^'\\\n])*+(?:'|(?=\n)|\Z))
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_NEWLINE = re.compile(r"\r\n|[\r\f]")
_SPELT = re.compile(r"\\(?:0{0,4}(2d|[4-7][0-9a-f])\s?|([g-z])|.)", re.DOTALL | re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def find_urls(css: str) -> Iterator[str]:
    """The addresses in `url()`, `@import` and `image-set()`, as they stand there.

    Args:
        css: A stylesheet, or the value of one property.

    Yields:
        Each address, unquoted and without escapes.
    """
    css = _NEWLINE.sub("\n", css)
    if "\\" in css:
        # The name of a function or rule may be written with escapes too: \75rl(…), u\rl(…).
        css = _SPELT.sub(_letter, css)
    # whether the strings in each of the functions that are open are addresses
    around: list[bool] = []
    imports = False
    for token in _TOKEN.finditer(css):
        kind = token.lastgroup
        if kind == "import":
            imports = True
        elif kind == "url":
            yield from filter(None, [_plain(token["url"])])
        elif kind == "string":
            if imports or (around and around[-1]):
                yield from filter(None, [_plain(token["string"])])
        elif kind == "close":
            del around[-1:]
        elif token[0].endswith("("):
            around.append(kind == "function")
        if kind in ("url", "string", "function"):
            imports = False


def _letter(escape: re.Match[str]) -> str:
    letter = escape[2] or (chr(int(escape[1], 16)) if escape[1] else "")
    return letter if letter.isalpha() or letter == "-" else escape[0]


def _plain(value: str) -> str:
    """A string or the inside of `url()`, without quotes and escapes."""
    if value[:1] in ("'", '"'):
        value = value[1:].removesuffix(value[0])

    def char(escape: re.Match[str]) -> str:
        if not escape[1]:
            return escape[2]
        number = int(escape[1], 16)
        return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"

    return _ESCAPE.sub(char, value.strip())
