"""Chooses the lines of an example that a page shows."""

from __future__ import annotations

import ast
from typing import NamedTuple

from .examples import Example, ExampleError


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
