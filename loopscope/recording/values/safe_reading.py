"""Reads names and attributes of the program's objects without running a line of its code.

Whatever a class can define is passed by: `__getattribute__`, `__getattr__`, properties and other
descriptors, a metaclass's `__name__`, `__hash__` or `__instancecheck__`. So nothing here compares
or hashes an object of the program's, its types included: a table of types has their `id()` as keys.
Nor does anything ask for `__dict__`, which would make one, or for `__class__`, which may be a
property.
"""

from __future__ import annotations

import gc
import types
from collections.abc import Callable
from typing import Any, Final

# Bound here because the program may replace any of these.
_AttributeError, _TypeError = AttributeError, TypeError
_type, _id, _len, _issubclass, _str, _repr = type, id, len, issubclass, str, str.__repr__
_attribute, _copy, _is_printable = object.__getattribute__, str.__str__, str.isprintable
_dict, _referents, _str_eq = dict, gc.get_referents, str.__dict__["__eq__"]
_Function, _Member = types.FunctionType, types.MemberDescriptorType
_read_member = types.MemberDescriptorType.__get__
_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__

ancestors: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
"""Returns a class's method resolution order, as the class itself would search it."""
namespace: Callable[[type], types.MappingProxyType[str, Any]] = type.__dict__["__dict__"].__get__
"""Returns what a class defines itself."""

MISSING: Final = object()
"""In place of an attribute that is not there."""
UNREADABLE: Final = object()
"""In place of an attribute that only code of the program's could return."""

_LONGEST_NAME = 45  # so that the state of an async generator still fits
_MOST_NAMES = 100  # in a `__dict__` that is searched for odd ones
# Types of most defaults that classes hold; none of them is a descriptor.
_NO_DESCRIPTORS = frozenset(
    map(id, (type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset))
)


def read(value: object, name: str) -> Any:
    """Return an attribute that is stored in an object, in a slot of it or in its class.

    Args:
        value: The object; not a class.
        name: The attribute's name.

    Returns:
        The attribute, or `MISSING`, or `UNREADABLE`.
    """
    kind = _type(value)
    for base in ancestors(kind):
        found = namespace(base).get(name, MISSING)
        if found is MISSING:
            continue
        if _type(found) is _Member:
            try:
                return _read_member(found, value, kind)
            except _AttributeError:  # an empty slot
                return MISSING
        if _is_descriptor(_type(found)):
            return UNREADABLE
        break
    try:
        return _attribute(value, name)
    except _AttributeError:
        return MISSING


def _is_descriptor(kind: type) -> bool:
    """Whether looking up an attribute of this type in a class may run code.

    A function only becomes a method.
    """
    if _id(kind) in _NO_DESCRIPTORS or kind is _Function:
        return False
    for base in ancestors(kind):
        held = namespace(base)
        # One that can only be set or deleted is one, too, but then nothing runs to read it.
        if "__get__" in held:
            return True
    return False


def may_have_odd_names(value: object) -> bool:
    """Whether an object's `__dict__` may have a name whose comparison runs the program's code.

    Such a name is of a subclass of str, and `setattr` takes it. To look up another name that has
    the same hash would call its `__eq__`. As the `__dict__` cannot be asked for, any dictionary
    that the object refers to is searched.
    """
    for held in _referents(value):
        if _type(held) is _dict and _len(held) <= _MOST_NAMES:
            for key in held:
                kind = _type(key)
                if (
                    kind is not _str
                    and _issubclass(kind, _str)
                    and find_in_class(kind, "__eq__") is not _str_eq
                ):
                    return True
    return False


def find_in_class(kind: type, name: str) -> Any:
    """Return what a class or the first of its ancestors holds under a name, or `MISSING`."""
    for base in ancestors(kind):
        found = namespace(base).get(name, MISSING)
        if found is not MISSING:
            return found
    return MISSING


def type_name(kind: type) -> str:
    """Return a class's own name, whatever its metaclass says."""
    return printable(_name_of(kind))


def printable(name: object) -> str:
    """Return a name as it can be shown: escaped as `repr` does, and cut if it is very long.

    Args:
        name: A string. It may be of a subclass, whose methods are not called.

    Raises:
        TypeError: It is not a string.
    """
    if _type(name) is not _str:
        if not _issubclass(_type(name), _str):
            raise _TypeError
        name = _copy(name)  # an exact string
    text: str = name  # type: ignore[assignment]  # mypy does not know `_str` for `str`
    if not _is_printable(text):
        text = _repr(text)[1:-1]
    return text if _len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
