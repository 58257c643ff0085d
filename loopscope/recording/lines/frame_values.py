"""Reads the variables of the program's frames so that the program does not notice.

What can be noticed all the same: up to Python 3.11 a frame has a dictionary of its variables, which
keeps values alive until it is looked at again. It must never be emptied while the program is
traced: the interpreter writes it back into the variables.
"""

from __future__ import annotations

import inspect
import os
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

from ..values.value_text import describe

_UNBOUND = object()
# Up to 3.12 reading `f_locals` would refresh the dictionary that `locals()` has returned.
_LOCALS_ARE_SHARED = sys.version_info < (3, 13)
_LOCALS_USERS = frozenset({"locals", "vars", "exec", "eval", "f_locals"})
_DEFINITIONS = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
_function_name = "co_qualname" if sys.version_info >= (3, 11) else "co_name"


class Code:
    """What is known of one of the program's code objects.

    Attributes:
        code: The code object.
        function: The function's qualified name (up to 3.10 its name).
    """

    __slots__ = ("code", "function", "_names", "_is_function", "_is_readable")

    def __init__(self, code: types.CodeType) -> None:
        self.code = code
        self.function: str = getattr(code, _function_name)
        names = dict.fromkeys((*code.co_varnames, *code.co_cellvars, *code.co_freevars))
        self._names = tuple(
            name for name in names if not name.startswith(".") and name != "__class__"
        )
        self._is_function = bool(code.co_flags & inspect.CO_OPTIMIZED)
        self._is_readable = not _LOCALS_ARE_SHARED or _LOCALS_USERS.isdisjoint(code.co_names)

    def values(self, frame: Any) -> Iterable[tuple[str, object]]:
        """Return the names and values of a frame's variables, as far as they are bound."""
        if not self._is_readable:
            return ()
        if self._is_function:
            return _bound_variables(frame, self._names)
        space = frame.f_locals  # the body of a class; its metaclass may have made the namespace
        if type(space) is not dict:
            return ()
        return [
            (name, value)
            for name, value in space.items()
            if type(name) is str and not _is_dunder(name) and not _is_definition(value)
        ]


class Values:
    """Reads variables of frames, and of the program's module, as texts."""

    def __init__(self, name_of_task: Callable[[object], str | None]) -> None:
        """Prepare to read.

        Args:
            name_of_task: Returns the name of a task, or None.
        """
        self._name_of_task = name_of_task
        self._global_names: tuple[str, ...] = ()

    def set_codes(self, codes: Iterable[types.CodeType]) -> None:
        """Learn which names may be those of global variables: the ones that functions use."""
        names = dict.fromkeys(name for code in codes for name in code.co_names)
        self._global_names = tuple(name for name in names if not _is_dunder(name))

    def of_frame(self, code: Code, frame: Any) -> dict[str, str]:
        """Return the text of each variable that is bound in a frame."""
        return {name: describe(value, self._name_of_task) for name, value in code.values(frame)}

    def of_module(self, space: Any) -> dict[str, str]:
        """Return the text of each global variable that a function of the file names.

        Args:
            space: The module's namespace.
        """
        if type(space) is not dict:
            return {}
        found = [(name, space.get(name, _UNBOUND)) for name in self._global_names]
        return {
            name: describe(value, self._name_of_task)
            for name, value in found
            if value is not _UNBOUND and not _is_definition(value)
        }


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_definition(value: object) -> bool:
    """Whether a value is a module, a function or a class."""
    return type(value) in _DEFINITIONS or issubclass(type(value), type)


def _variables_of_f_locals(frame: Any, names: Iterable[str]) -> list[tuple[str, object]]:
    """Return names and values by way of `f_locals`.

    From 3.13 on that is a proxy, a new one each time. It is never kept: on 3.13.0, one that
    outlives its generator crashes the interpreter.
    """
    space = frame.f_locals
    found = [(name, space.get(name, _UNBOUND)) for name in names]
    return [pair for pair in found if pair[1] is not _UNBOUND]


_bound_variables = _variables_of_f_locals


def prepare() -> None:
    """Choose how to read variables on this Python.

    Raises:
        ImportError: They cannot be read: there is no ctypes.
    """
    global _bound_variables
    if sys.version_info[:2] != (3, 12):
        return
    # Needed on 3.12 alone, where reading `f_locals` changes what `locals()` returns. A file beside
    # the program must not hide it.
    library = os.path.dirname(os.__file__)
    path = sys.path[:]
    try:
        sys.path[:] = [one for one in path if one.startswith(library) and "-packages" not in one]
        import ctypes
    finally:
        sys.path[:] = path

    get_variable = ctypes.pythonapi.PyFrame_GetVar
    get_variable.restype = ctypes.py_object
    get_variable.argtypes = [ctypes.py_object, ctypes.py_object]

    def variables(frame: Any, names: Iterable[str]) -> list[tuple[str, object]]:
        found = []
        for name in names:
            try:
                found.append((name, get_variable(frame, name)))
            except NameError:
                continue
        return found

    _bound_variables = variables
