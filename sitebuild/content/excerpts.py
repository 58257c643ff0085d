"""Cuts the part out of a program that a page shows."""

from __future__ import annotations

import ast

from .examples import ExampleError


def extract_statement(source: str, text: str, where: str) -> str:
    """Return one whole statement of a program, dedented.

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
    block = lines[first - 1 : node.end_lineno]
    indent = len(block[0]) - len(block[0].lstrip())
    return "".join(line[indent:] if line.strip() else line for line in block)
