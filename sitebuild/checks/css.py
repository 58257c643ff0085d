"""Finds the URLs that a browser would fetch for a stylesheet, a `<style>` or a style attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

_FUNCTIONS_OF_URLS = ("url", "src", "image-set", "-webkit-image-set")
"""The functions whose strings are URLs, in lower case."""


def find_urls(css: str) -> Iterator[str]:
    """Find the URLs in `url()`, `@import`, `image-set()` and `src()`.

    Args:
        css: A stylesheet, or the value of one property.

    Yields:
        Each URL, without quotes and escapes.
    """
    # For each open bracket: the tokens that are left in it, and whether strings in it are URLs.
    open_brackets: list[tuple[Iterator[Any], bool]] = [
        (iter(tinycss2.parse_component_value_list(css, skip_comments=True)), False)
    ]
    after_import = False
    while open_brackets:
        tokens, takes_urls = open_brackets[-1]
        token = next(tokens, None)
        if token is None:
            open_brackets.pop()
            continue
        is_url = token.type == "url" or (token.type == "string" and (takes_urls or after_import))
        if is_url and (value := token.value.strip()):
            yield value
        if token.type != "whitespace":
            after_import = token.type == "at-keyword" and token.lower_value == "import"
        inside: Iterable[Any] | None = getattr(token, "content", None) or getattr(
            token, "arguments", None
        )
        if inside:
            is_function = token.type == "function"
            open_brackets.append(
                (iter(inside), is_function and token.lower_name in _FUNCTIONS_OF_URLS)
            )
