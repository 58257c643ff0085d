"""Replaces functions that are written in C, wherever this process holds them.

A module that said `from time import monotonic` before the program began holds the function by
value; so do classes (`logging.Formatter.converter`) and the defaults of parameters
(`sched.scheduler`). `FunctionReferences` knows all such places. Finding them takes some
milliseconds, so a process that forks for its programs searches once, in advance.

The methods of a type that is written in C are replaced inside the type itself. So it stays the same
type for everybody who holds it: `isinstance`, subclasses, pickles and `from datetime import
datetime` see no difference.
"""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_PACKAGE = __name__.partition(".")[0]


def replace_method(kind: type, name: str, method: object) -> None:
    """Replace a method of a type, even of one that Python calls immutable.

    Args:
        kind: The type.
        name: The method's name.
        method: The replacement: a function, a classmethod.
    """
    import ctypes  # slow to import, and only the virtual clock needs it

    # A type's `__dict__` is a read-only proxy, which refers to the dictionary itself.
    gc.get_referents(kind.__dict__)[0][name] = method
    # The interpreter caches what it has looked up.
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def name_like_c_functions(kind: type) -> None:
    """Name the public methods of a class as the functions that they replace, without the class.

    Their names appear in messages (`sleep() missing 1 required …`), in what debug mode says of a
    slow timer, and in the record.
    """
    for name, method in vars(kind).items():
        if isinstance(method, types.FunctionType) and not name.startswith("_"):
            method.__qualname__ = name.removeprefix("os_")


class FunctionReferences:
    """The places in this process that hold certain functions by value."""

    def __init__(self, functions: Iterable[Callable[..., Any]]) -> None:
        """Begin with no places.

        Args:
            functions: The functions to look for.
        """
        self._wanted = {id(function): function for function in functions}
        self._searched: set[str] = set()
        # (holder, name in it, `id()` of the function)
        self._found: list[tuple[Any, Any, int]] = []

    def search_new_modules(self) -> None:
        """Search the modules that were imported since the last search."""
        for name in sys.modules.keys() - self._searched:
            self._searched.add(name)
            module = sys.modules[name]
            if isinstance(module, types.ModuleType) and name.partition(".")[0] != _PACKAGE:
                self._found.extend(self._in_module(name, module))

    def replace(self, replacements: dict[int, Callable[..., Any]]) -> None:
        """Put replacements into all places.

        Args:
            replacements: The replacement of each function, by the function's `id()`.
        """
        for holder, name, wanted in self._found:
            replacement = replacements[wanted]
            if name == "__defaults__":
                holder.__defaults__ = tuple(
                    replacements.get(id(default), default) for default in holder.__defaults__
                )
            elif isinstance(holder, dict):
                holder[name] = replacement
            else:
                setattr(holder, name, replacement)

    def _in_module(self, name: str, module: types.ModuleType) -> Iterator[tuple[Any, Any, int]]:
        """Yield the places in a module: holder, name in it, `id()` of the function."""
        held = vars(module)
        if not self._wanted.keys().isdisjoint(map(id, held.values())):
            yield from (
                (held, key, id(value))
                for key, value in list(held.items())
                if id(value) in self._wanted
            )
        for value in list(held.values()):
            if isinstance(value, types.FunctionType):
                yield from self._in_defaults(value)
            elif isinstance(value, type) and vars(value).get("__module__") == name:
                for key, member in list(vars(value).items()):
                    if id(member) in self._wanted:
                        yield value, key, id(member)
                    elif isinstance(member, types.FunctionType):
                        yield from self._in_defaults(member)

    def _in_defaults(self, function: types.FunctionType) -> Iterator[tuple[Any, Any, int]]:
        """Yield the places in the defaults of a function's parameters."""
        found = next(
            (id(default) for default in function.__defaults__ or () if id(default) in self._wanted),
            None,
        )
        if found is not None:
            yield function, "__defaults__", found
        by_name = function.__kwdefaults__
        if by_name:
            yield from (
                (by_name, key, id(value))
                for key, value in by_name.items()
                if id(value) in self._wanted
            )
