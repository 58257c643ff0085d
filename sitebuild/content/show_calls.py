"""Reads a block of a page as data, and proves that it does nothing but show examples.

In:  the text of a block. Out: the calls of `show` in it, or a `BlockError` that names line, cause and mend. Nothing of it is executed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from mkdocs.exceptions import BuildError

from .examples import NAME

IMPORT = "from sitebuild import show"
"""The first statement of a block."""

_FORM = f'a Python block is `{IMPORT}`, then one or more `print(show("chapter/name", …))`'
_LONGEST = 5_000  # characters of a block; Python's parser can be crashed by a text that is long enough

Value = str | bool | tuple[str, ...] | None
"""What an option of `show` may be."""


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value.isprintable()


_OPTIONS: dict[str, tuple[Callable[[Value], bool], str]] = {
    "part": (lambda value: value is None or _is_text(value), "a text"),
    "light": (lambda value: all(map(_is_text, value)) if isinstance(value, tuple) else _is_text(value), "a text or a tuple of texts"),
    "source": (lambda value: isinstance(value, bool), "True or False"),
    "output": (lambda value: isinstance(value, bool), "True or False"),
    "picture": (lambda value: value is None or isinstance(value, bool), "True or False"),
    "step": (lambda value: value is None or _is_text(value), "a text"),
    "python": (
        lambda value: value is None or isinstance(value, str) and re.fullmatch(r"3\.\d{1,2}", value) is not None,
        'a Python like "3.14"',
    ),
}
"""The options of `show` by name: what each must be, as a check and in words."""


class BlockError(BuildError):
    """A block that may not stand on a page. MkDocs ends at a `BuildError` with its message and no traceback, `--strict` or not.

    Args:
        cause: What is wrong, and how to mend it.
        line: Its line, from 1.
        file: The page, where it is known.
    """

    def __init__(self, cause: str, line: int, file: str = "") -> None:
        super().__init__(f"{file}: line {line}: {cause}" if file else f"line {line}: {cause}")
        self.cause = cause
        self.line = line


@dataclass(frozen=True)
class ShowCall:
    """One `show(...)`, read and not run."""

    name: str
    options: dict[str, Value]
    line: int

    def __str__(self) -> str:
        return f"show({', '.join([repr(self.name), *(f'{key}={value!r}' for key, value in self.options.items())])})"


def prove(source: str, above: int = 0) -> tuple[ShowCall, ...]:
    """Read a block as data.

    Args:
        source: What stands between the fences.
        above: The number of the line above it, to which the lines in messages are counted.

    Returns:
        The calls, in order.

    Raises:
        BlockError: It is anything but the import and calls of `show` with plain values.
    """
    if len(source) > _LONGEST:
        raise BlockError(f"the block has {len(source)} characters; {_LONGEST} are enough for any", above + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a backslash that escapes nothing
            statements = ast.parse(source).body
    except SyntaxError as problem:
        raise BlockError(f"the block is not Python: {problem.msg}; {_FORM}", above + (problem.lineno or 1)) from None
    except (ValueError, RecursionError, MemoryError) as problem:
        raise BlockError(f"the block cannot be read ({type(problem).__name__}); {_FORM}", above + 1) from None
    if not statements or not _is_the_import(statements[0]):
        raise BlockError(f"the block does not begin with `{IMPORT}`; {_FORM}", above + (statements[0].lineno if statements else 1))
    if len(statements) == 1:
        raise BlockError(f"the block shows nothing; {_FORM}", above + statements[0].lineno)
    return tuple(_call(statement, above) for statement in statements[1:])


def _is_the_import(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(module="sitebuild", names=[ast.alias(name="show", asname=None)], level=0):
            return True
    return False


def _call(statement: ast.stmt, above: int) -> ShowCall:
    line = above + statement.lineno
    match statement:
        case ast.Expr(ast.Call(ast.Name("print"), [ast.Call(ast.Name("show"), [argument], keywords)], [])):
            pass
        case _:
            raise BlockError(f"this is not `print(show(…))`; {_FORM}", line)
    name = _value(argument, above)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BlockError(f'show() takes the example\'s name first, "chapter/name" in the letters a to z, digits and _; not {name!a}', line)
    options: dict[str, Value] = {}
    for keyword in keywords:
        key = keyword.arg
        if key not in _OPTIONS:
            raise BlockError(f"show() has no option {f'`{key}`' if key else 'behind **'}; it has {', '.join(_OPTIONS)}", line)
        if key in options:
            raise BlockError(f"`{key}` is given twice", line)
        value = _value(keyword.value, above)
        allowed, wanted = _OPTIONS[key]
        if not allowed(value):
            raise BlockError(f"`{key}` must be {wanted}, not {value!a}", line)
        options[key] = value
    return ShowCall(name, options, line)


def _value(node: ast.expr, above: int) -> Value:
    match node:
        case ast.Constant(str() | bool() | None as value):
            return value
        case ast.Tuple(elements):
            values = tuple(element.value for element in elements if isinstance(element, ast.Constant) and isinstance(element.value, str))
            if len(values) == len(elements):
                return values
    raise BlockError("show() takes plain values only: texts, True, False, None, and tuples of texts", above + node.lineno)
