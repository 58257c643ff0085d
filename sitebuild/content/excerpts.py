"""Chooses the lines of an example that a page shows."""

from __future__ import annotations

import ast
from typing import NamedTuple

from .examples import Example, ExampleError

BLANK = "______"
"""What is shown in place of a text that readers are to find; all blanks have the same width."""


class ShownLine(NamedTuple):
    """A line of an example, as a page shows it.

    Attributes:
        number: Its number in the example's file, from 1.
        text: Its text, dedented where only a part is shown.
    """

    number: int
    text: str


def shown_lines(example: Example, part: str | None = None) -> list[ShownLine]:
    """Return the lines of an example that a page shows. Its metadata is always left out.

    Args:
        example: The example.
        part: Part of the first line of the one statement to show, dedented; None shows all.

    Raises:
        ExampleError: No statement or several begin with such a line, or it does not compile.
    """
    texts = example.source.splitlines()
    lines = [ShownLine(number, texts[number - 1]) for number in example.shown_lines]
    if part is None:
        return lines
    source = "".join(f"{line.text}\n" for line in lines)
    first, last = find_statement(source, part, example.file)
    block = lines[first - 1 : last]
    indent = len(block[0].text) - len(block[0].text.lstrip())
    return [line._replace(text=line.text[indent:] if line.text.strip() else "") for line in block]


def hide(example: Example, lines: list[ShownLine], blank: tuple[str, ...]) -> list[ShownLine]:
    """Return lines of an example with `BLANK` in place of some texts, wherever these are.

    Args:
        example: The example.
        lines: Its lines.
        blank: The texts.

    Raises:
        ExampleError: One of the texts is in none of the lines, or `BLANK` is in one already.
    """
    for wanted in blank:
        if not any(wanted in line.text for line in lines):
            raise ExampleError(f"{example.file}: no line of what is shown has {wanted!r} to hide")
    if blank and any(BLANK in line.text for line in lines):
        raise ExampleError(f"{example.file}: it has a {BLANK} already, so no blank can be shown")
    for wanted in sorted(blank, key=len, reverse=True):  # one may be part of another
        lines = [line._replace(text=line.text.replace(wanted, BLANK)) for line in lines]
    return lines


def find_statement(source: str, text: str, where: str) -> tuple[int, int]:
    """Return the first and the last line of one statement of a program, counted from 1.

    Args:
        source: The program.
        text: Part of the statement's first line, or of its first decorator's.
        where: The program's file, for messages.

    Raises:
        ExampleError: No statement or several begin with such a line, or it does not compile.
    """
    lines = source.splitlines(keepends=True)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # RecursionError and MemoryError: it is nested too deeply
        raise ExampleError(
            f"{where}: it does not compile, so no part of it can be shown; show all of it"
        ) from None
    starts: dict[int, ast.stmt | ast.ExceptHandler] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt | ast.ExceptHandler) or not node.end_lineno:
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        if text in lines[node.lineno - 1] or text in lines[first - 1]:
            starts.setdefault(first, node)
    if not starts:
        raise ExampleError(
            f"{where}: no statement in it begins with a line that contains {text!r}; quote part of"
            " a statement's first line"
        )
    if len(starts) > 1:
        raise ExampleError(
            f"{where}: {len(starts)} statements begin with a line that contains {text!r}; quote"
            " more of the line"
        )
    first, node = starts.popitem()
    return first, node.end_lineno or first
