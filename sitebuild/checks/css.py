"""Finds the URLs that a browser would fetch for a stylesheet, a `<style>` or a style attribute.

This is a scanner, not a CSS parser: of the pinned packages none parses CSS. It reads strangers'
pages, so its time must not grow with the square of a text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Comments, escapes and strings come first: a URL inside one of them is none. An unclosed string
# ends with its line. The quantifiers are possessive (`*+`), so that no text takes quadratic time.
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
_ESCAPED_LETTER = re.compile(
    r"\\(?:0{0,4}(2d|[4-7][0-9a-f])\s?|([g-z])|.)", re.DOTALL | re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def find_urls(css: str) -> Iterator[str]:
    """Find the URLs in `url()`, `@import`, `image-set()` and `src()`.

    Args:
        css: A stylesheet, or the value of one property.

    Yields:
        Each URL as it is written, without quotes and escapes.
    """
    css = _NEWLINE.sub("\n", css)
    if "\\" in css:
        # Names of functions and at-rules may be escaped, too: \75rl(…), u\rl(…).
        css = _ESCAPED_LETTER.sub(_unescape_letter, css)
    takes_urls: list[bool] = []  # for each open parenthesis: whether strings inside are URLs
    after_import = False
    for token in _TOKEN.finditer(css):
        kind = token.lastgroup
        if kind == "import":
            after_import = True
        elif kind == "url":
            yield from filter(None, [_unquote(token["url"])])
        elif kind == "string":
            if after_import or (takes_urls and takes_urls[-1]):
                yield from filter(None, [_unquote(token["string"])])
        elif kind == "close":
            del takes_urls[-1:]
        elif token[0].endswith("("):
            takes_urls.append(kind == "function")
        if kind in ("url", "string", "function"):
            after_import = False


def _unescape_letter(escape: re.Match[str]) -> str:
    """Return the letter or hyphen that an escape stands for; leave all other escapes alone."""
    letter = escape[2] or (chr(int(escape[1], 16)) if escape[1] else "")
    return letter if letter.isalpha() or letter == "-" else escape[0]


def _unquote(value: str) -> str:
    """Return a string, or the inside of `url()`, without quotes and escapes."""
    if value[:1] in ("'", '"'):
        value = value[1:].removesuffix(value[0])

    def unescape(escape: re.Match[str]) -> str:
        if not escape[1]:
            return escape[2]
        number = int(escape[1], 16)
        return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"

    return _ESCAPE.sub(unescape, value.strip())
