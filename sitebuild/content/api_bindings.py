"""Reads the scopes of a program, and what its statements assign to which variables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .api_types import Type

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
"""The nodes that open the scope of a function."""


@dataclass(eq=False)
class Scope:
    """A module, a class or a function, and what is assigned to its variables.

    Attributes:
        node: Its node.
        parent: The scope around it.
        values: For each variable, functions that return the types of its values.
    """

    node: ast.AST
    parent: Scope | None
    values: dict[str, list[Callable[[], Type]]] = field(default_factory=dict)


def imports_of(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Return each variable that an import assigns something of asyncio to, and the id of that."""
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                if alias.name == "asyncio":
                    yield alias.asname or "asyncio", ""
                elif alias.name == "asyncio.subprocess":
                    yield (alias.asname, "subprocess") if alias.asname else ("asyncio", "")
        case ast.ImportFrom(module="asyncio" | "asyncio.subprocess" as module, names=aliases):
            prefix = "subprocess." if module == "asyncio.subprocess" else ""
            yield from ((alias.asname or alias.name, f"{prefix}{alias.name}") for alias in aliases)


def assignments_of(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr | None]]:
    """Return each target that a statement assigns to, and the value.

    The value is None if its type is not known.
    """
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, annotation=annotation):
            yield target, annotation
        case ast.AugAssign(target=target):
            yield target, None
        case ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=value):
            yield target, value
        case ast.comprehension(target=target, iter=value, is_async=is_async):
            yield target, None if is_async else value
        case ast.AsyncFor(target=target):
            yield target, None
        case ast.withitem(optional_vars=ast.expr() as target, context_expr=value):
            yield target, value
        case ast.ExceptHandler(name=str(name)):
            yield ast.Name(name), None


def is_self(node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression is the object whose method this is."""
    if not (isinstance(node, ast.Name) and scope.parent):
        return False
    function = scope.node
    return (
        isinstance(scope.parent.node, ast.ClassDef)
        and isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and bool(function.args.args)
        and function.args.args[0].arg == node.id
    )
