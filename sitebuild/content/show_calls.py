"""Reads a block of a page as data, and proves that it does nothing but show examples.

In:  the text of a block. Out: the calls of `show` in it, or a `BlockError` that names line, cause
     and mend. Nothing of it is executed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mkdocs.exceptions import BuildError

from .examples import NAME

IMPORT = "from sitebuild import show"
"""The first statement of a block."""

_FORM = f'a Python block is `{IMPORT}`, then one or more `print(show("chapter/name", …))`'
# characters of a block; Python's parser can be crashed by a text that is long enough
_LONGEST = 5_000


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_text_or_none(value: object) -> bool:
    return value is None or _is_text(value)


def _has_texts(value: object) -> bool:
    return all(map(_is_text, value)) if isinstance(value, tuple) else _is_text(value)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_bool_or_none(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _is_python_or_none(value: object) -> bool:
    return value is None or isinstance(value, str) and bool(re.fullmatch(r"3\.\d{1,2}", value))


def _option(default: object, accepts: Callable[[object], bool], wanted: str) -> Any:
    """A field of `ShowOptions`, with what its value must be, as a check and in words."""
    return field(default=default, metadata={"accepts": accepts, "wanted": wanted})


@dataclass(frozen=True)
class ShowOptions:
    """What of an example is shown, and how: all that `show` takes beside the example's name.

    Attributes:
        part: Only the function, class or statement that begins at the line with this text.
        light: Light up the lines that have one of these texts. `show` takes a single one, too.
        source: Whether the source is shown.
        output: Whether the output is shown, and all that belongs to it.
        picture: Whether the timeline is shown; None shows it where more than one task, or any
            waiting, makes it worth looking at.
        step: Have the stepper open, at the first step whose sentence or output has this text.
        python: As it runs on that Python ("3.14"); where the machine has none, the output that
            was recorded on it.
    """

    part: str | None = _option(None, _is_text_or_none, "a text")
    light: tuple[str, ...] = _option((), _has_texts, "a text or a tuple of texts")
    source: bool = _option(True, _is_bool, "True or False")
    output: bool = _option(True, _is_bool, "True or False")
    picture: bool | None = _option(None, _is_bool_or_none, "True or False")
    step: str | None = _option(None, _is_text_or_none, "a text")
    python: str | None = _option(None, _is_python_or_none, 'a Python like "3.14"')

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> ShowOptions:
        """Check the keywords of a call of `show`.

        Args:
            values: What was given for each.

        Raises:
            ValueError: One is unknown, or its value is not what it must be.
        """
        known = {option.name: option for option in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"show() has no option `{name}`; it has {', '.join(known)}")
            if not known[name].metadata["accepts"](value):
                wanted = known[name].metadata["wanted"]
                raise ValueError(f"`{name}` must be {wanted}, not {value!a}")
        light = values.get("light", ())
        return cls(**{**values, "light": (light,) if isinstance(light, str) else light})

    def __str__(self) -> str:
        """As keywords of a call, without what is left out."""
        given = {option.name: getattr(self, option.name) for option in fields(self)}
        defaults = {option.name: option.default for option in fields(self)}
        return ", ".join(
            f"{name}={given[name]!r}" for name in given if given[name] != defaults[name]
        )


class BlockError(BuildError):
    """A block that may not stand on a page. MkDocs ends at a `BuildError` with its message and no
    traceback, `--strict` or not.

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
    options: ShowOptions
    line: int

    def __str__(self) -> str:
        """As it is written on a page."""
        return f"show({', '.join(filter(None, (repr(self.name), str(self.options))))})"


def parse_block(source: str, above: int = 0) -> tuple[ShowCall, ...]:
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
        raise BlockError(
            f"the block has {len(source)} characters; {_LONGEST} are enough for any", above + 1
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a backslash that escapes nothing
            statements = ast.parse(source).body
    except SyntaxError as problem:
        raise BlockError(
            f"the block is not Python: {problem.msg}; {_FORM}", above + (problem.lineno or 1)
        ) from None
    except (ValueError, RecursionError, MemoryError) as problem:
        raise BlockError(
            f"the block cannot be read ({type(problem).__name__}); {_FORM}", above + 1
        ) from None
    if not statements or not _is_the_import(statements[0]):
        raise BlockError(
            f"the block does not begin with `{IMPORT}`; {_FORM}",
            above + (statements[0].lineno if statements else 1),
        )
    if len(statements) == 1:
        raise BlockError(f"the block shows nothing; {_FORM}", above + statements[0].lineno)
    return tuple(_call(statement, above) for statement in statements[1:])


def _is_the_import(statement: ast.stmt) -> bool:
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
            'show() takes the example\'s name first, "chapter/name" in the letters a to z, digits'
            f" and _; not {name!a}",
            line,
        )
    values: dict[str, object] = {}
    for keyword in keywords:
        if keyword.arg is None:
            known = ", ".join(option.name for option in fields(ShowOptions))
            raise BlockError(f"show() has no option behind **; it has {known}", line)
        if keyword.arg in values:
            raise BlockError(f"`{keyword.arg}` is given twice", line)
        values[keyword.arg] = _value(keyword.value, above)
    try:
        return ShowCall(name, ShowOptions.parse(values), line)
    except ValueError as wrong:
        raise BlockError(str(wrong), line) from None


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
        "show() takes plain values only: texts, True, False, None, and tuples of texts",
        above + node.lineno,
    )
