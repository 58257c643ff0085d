"""Makes asyncio iterate over its sets in order of creation.

`asyncio.run` cancels the remaining tasks, a `TaskGroup` cancels the others when one fails,
`as_completed` starts the coroutines that it is given, `wait` checks which tasks are done, and a
loop that closes ends its asynchronous generators. Each iterates over a set, so in the order of the
objects' addresses. On a real clock that order is arbitrary; on the virtual clock a run must be the
same each time and on each machine. The sets that `wait` returns are the program's own, and stay as
Python makes them.

None of this puts a frame of loopscope below code that may raise: what runs inside asyncio's own
functions here is written in C.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import functools
import inspect
import sys
import types
from asyncio import tasks
from collections.abc import Callable
from typing import Any


class OrderedReferences(dict[Any, Any]):
    """The container of a `WeakSet`'s references, iterated in order of insertion."""

    add = dict.setdefault

    def discard(self, reference: object) -> None:
        """Remove a reference if it is there."""
        self.pop(reference, None)


def prepare() -> None:
    """Compile in advance what `install` changes, in a process that forks for its programs.

    It takes some 15 milliseconds.
    """
    for function in _set_making_functions():
        with contextlib.suppress(OSError):
            _with_ordered_sets(function.__code__)


def install(rank: Callable[[Any], int]) -> None:
    """Make asyncio iterate over its sets of tasks and coroutines in order of creation.

    Args:
        rank: Returns a task's position in order of creation.
    """

    class OrderedSet(set[Any]):
        """A set of tasks, iterated in order of creation."""

        def __iter__(self) -> Any:
            return iter(sorted(set.__iter__(self), key=rank))

        def __del__(self) -> None:
            """Release the tasks in that order, too.

            Those that nothing else refers to are destroyed now, and log what was never retrieved.
            """
            tasks = sorted(set.__iter__(self), key=rank, reverse=True)
            self.clear()
            while tasks:
                tasks.pop()

    all_tasks = tasks.all_tasks
    tasks.all_tasks = lambda loop=None: OrderedSet(all_tasks(loop))
    groups: Any = getattr(asyncio, "taskgroups", None)  # from 3.11 on
    if groups is not None:
        groups.set = OrderedSet  # a global of the module, found before the built-in

    class InOrder(dict[Any, Any]):
        """A set, as far as `as_completed` needs one.

        Tasks are iterated in order of creation, coroutines in order of insertion.
        """

        remove = dict.__delitem__

        def __iter__(self) -> Any:
            return iter(sorted(dict.__iter__(self), key=rank))

    module: Any = tasks
    module._in_order, module._ordered_set = InOrder.fromkeys, OrderedSet
    for function in _set_making_functions():
        _make_sets_ordered(function)
    module.wait.__code__ = _with_global_renamed(module.wait.__code__, "set", "_ordered_set")


def _set_making_functions() -> list[Any]:
    """Return asyncio's functions that make sets of coroutines."""
    module: Any = tasks
    iterator = getattr(module, "_AsCompletedIterator", None)  # from 3.13 on
    functions = [module.as_completed if iterator is None else iterator.__init__]
    if sys.version_info < (3, 11):  # later versions accept no coroutines
        functions.append(module.wait)
    return functions


def _make_sets_ordered(function: Any) -> None:
    """Change one of asyncio's functions to use ordered sets.

    It then turns coroutines into tasks in the order in which they were passed, and iterates over
    tasks in order of creation.
    """
    try:
        function.__code__ = _with_ordered_sets(function.__code__)
    except OSError:
        # Python's sources are not installed. Sets from set comprehensions stay unordered.
        function.__code__ = _with_global_renamed(function.__code__, "set", "_in_order")


def _with_global_renamed(code: types.CodeType, name: str, other: str) -> types.CodeType:
    """Return a function's code with one global name replaced by another."""
    return code.replace(
        co_names=tuple(other if found == name else found for found in code.co_names)
    )


@functools.cache
def _with_ordered_sets(code: types.CodeType) -> types.CodeType:
    """Return the code of one of asyncio's functions, with `_in_order(…)` wherever it makes a set.

    Its lines and names stay as they are.

    Args:
        code: Code of a function without free variables.

    Raises:
        OSError: Its source cannot be read.
    """
    lines, first = inspect.getsourcelines(code)
    if lines[0][0].isspace():  # a method; columns must stay, as tracebacks point at them
        lines, first = ["if True:\n", *lines], first - 1
    tree = _SetOrderer().visit(ast.parse("".join(lines)))
    compiled = compile(
        ast.increment_lineno(tree, first - 1), code.co_filename, "exec", dont_inherit=True
    )
    found = next(
        const
        for const in compiled.co_consts
        if isinstance(const, types.CodeType) and const.co_name == code.co_name
    )
    consts = (
        const.replace(co_name="<setcomp>")
        if getattr(const, "co_name", "") == "<listcomp>"
        else const
        for const in found.co_consts
    )
    changes: dict[str, Any] = {"co_consts": tuple(consts)}
    if sys.version_info >= (3, 11):
        changes["co_qualname"] = code.co_qualname
    return found.replace(**changes)


class _SetOrderer(ast.NodeTransformer):
    """Replaces what makes a set by what makes an ordered one."""

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:  # noqa: N802  # ast looks it up by this name
        """Turn `{… for …}` into `_in_order([… for …])`."""
        self.generic_visit(node)
        members = ast.copy_location(ast.ListComp(node.elt, node.generators), node)
        return ast.copy_location(
            ast.Call(ast.copy_location(ast.Name("_in_order", ast.Load()), node), [members], []),
            node,
        )

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802  # ast looks it up by this name
        """Turn `set(…)` into `_in_order(…)`."""
        return (
            ast.copy_location(ast.Name("_in_order", node.ctx), node) if node.id == "set" else node
        )
