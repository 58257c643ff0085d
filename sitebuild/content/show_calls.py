"""Parses a block of a page as data, and refuses all that does anything but show examples.

Nothing in a block is executed here.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, fields

from mkdocs.exceptions import BuildError

from .examples import NAME
from .show_options import ShowOptions

IMPORT = "from sitebuild import show"
"""The first statement of a block."""

_FORM = f'a Python block is `{IMPORT}`, then one or more `print(show("chapter/name", …))`'
# Characters of a block: a source that is long enough crashes Python's parser.
_LONGEST = 5_000


class BlockError(BuildError):
    """A block is not allowed on a page.

    It is a `BuildError`, at which MkDocs stops with the message and without a traceback, with or
    without `--strict`.

    Args:
        cause: What is wrong, and how to fix it.
        line: The line, counted from 1.
        file: The page, if it is known.
    """

    def __init__(self, cause: str, line: int, file: str = "") -> None:
        super().__init__(f"{file}: line {line}: {cause}" if file else f"line {line}: {cause}")
        self.cause = cause
        self.line = line


@dataclass(frozen=True)
class ShowCall:
    """A call of `show` on a page.

    Attributes:
        name: The example's name: "tasks/two_tasks".
        options: Its keyword arguments.
        line: Its line, counted from 1.
    """

    name: str
    options: ShowOptions
    line: int

    @property
    def names(self) -> list[str]:
        """The names of the examples that must exist: its own, and the one it is compared with."""
        return [name for name in (self.name, self.options.compared_with) if name is not None]

    def __str__(self) -> str:
        """Return the call as it is written on a page."""
        return f"show({', '.join(filter(None, (repr(self.name), str(self.options))))})"


def parse_block(source: str, above: int = 0) -> tuple[ShowCall, ...]:
    """Parse a block that shows examples.

    Args:
        source: The text between the fences.
        above: How many lines of the page come before it.

    Returns:
        The calls of `show`, in order, with their lines on the page.

    Raises:
        BlockError: It contains anything but the import and calls of `show` with plain values.
    """
    if len(source) > _LONGEST:
        raise BlockError(
            f"the block has {len(source):,} characters; a block may have at most {_LONGEST:,}, so"
            " split it in two",
            above + 1,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # an invalid escape sequence is only a warning
            statements = ast.parse(source).body
    except SyntaxError as error:
        raise BlockError(
            f"the block is not Python: {error.msg}; {_FORM}", above + (error.lineno or 1)
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise BlockError(
            f"the block cannot be read ({type(error).__name__}); {_FORM}", above + 1
        ) from None
    if not statements or not _is_import(statements[0]):
        raise BlockError(
            f"the block does not begin with `{IMPORT}`; {_FORM}",
            above + (statements[0].lineno if statements else 1),
        )
    if len(statements) == 1:
        raise BlockError(f"the block shows nothing; {_FORM}", above + statements[0].lineno)
    return tuple(_call(statement, above) for statement in statements[1:])


def _is_import(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(
            module="sitebuild", names=[ast.alias(name="show", asname=None)], level=0
        ):
            return True
    return False


def _call(statement: ast.stmt, above: int) -> ShowCall:
    line = above + statement.lineno
    match statement:
        case ast.Expr(
            ast.Call(ast.Name("print"), [ast.Call(ast.Name("show"), [argument], keywords)], [])
        ):
            pass
        case _:
            raise BlockError(f"this is not `print(show(…))`; {_FORM}", line)
    name = _value(argument, above)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BlockError(
            'the first argument of show() must be the name of an example, "chapter/name" in a to z,'
            f" 0 to 9 and _, not {name!a}",
            line,
        )
    values: dict[str, object] = {}
    for keyword in keywords:
        if keyword.arg is None:
            known = ", ".join(option.name for option in fields(ShowOptions))
            raise BlockError(f"show() does not accept **; name its options: {known}", line)
        if keyword.arg in values:
            raise BlockError(f"`{keyword.arg}` is given twice", line)
        values[keyword.arg] = _value(keyword.value, above)
    try:
        return ShowCall(name, ShowOptions.parse(values), line)
    except ValueError as error:
        raise BlockError(str(error), line) from None


def _value(node: ast.expr, above: int) -> str | bool | tuple[str, ...] | None:
    match node:
        case ast.Constant(str() | bool() | None as value):
            return value
        case ast.Tuple(elements):
            values = tuple(
                element.value
                for element in elements
                if isinstance(element, ast.Constant) and isinstance(element.value, str)
            )
            if len(values) == len(elements):
                return values
    raise BlockError(
        "show() takes plain values only: strings, True, False, None, and tuples of strings",
        above + node.lineno,
    )
