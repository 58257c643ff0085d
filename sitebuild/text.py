"""Puts text into the sentences of messages and pages."""

from __future__ import annotations

from collections.abc import Sequence


def escape_unprintable(text: str) -> str:
    """Escape the characters of untrusted text that do not print.

    The result stays on one line and cannot control a terminal.
    """
    return "".join(char if char.isprintable() else escape(char) for char in text)


def escape(char: str) -> str:
    """Return a character as an escape sequence, such as `\\x1b`, unless it is printable ASCII."""
    return ascii(char)[1:-1]


def join_words(words: Sequence[str]) -> str:
    """Join words as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
