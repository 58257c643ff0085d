"""What is inside enumerations, dataclasses, named tuples and exceptions, and their names."""

from __future__ import annotations

import builtins
import dataclasses
import enum
from collections.abc import Callable
from typing import Any

from .safe_reading import MISSING, find_in_class, may_have_odd_names, printable, read, type_name

Parts = list[tuple[str | None, Any]]
"""The values to show in parentheses after a name, each with its own name if it has one."""

# Bound here because the program may replace any of these.
_type, _len, _issubclass, _zip, _list, _str, _int = type, len, issubclass, zip, list, str, int
_dict, _tuple, _TypeError, _BaseException = dict, tuple, TypeError, BaseException
_EnumMeta, _Flag, _Field = enum.EnumMeta, enum.Flag, dataclasses.Field
_dict_items, _tuple_items = dict.items, tuple.__iter__
_args_of: Callable[[BaseException], tuple[Any, ...]] = BaseException.__dict__["args"].__get__
_kind_of_field = _Field.__dict__["_field_type"].__get__
_has_repr = _Field.__dict__["repr"].__get__
_FIELD = getattr(dataclasses, "_FIELD", None)  # the kind of one that is no ClassVar or InitVar
_GROUP: Any = getattr(builtins, "BaseExceptionGroup", ())  # from 3.11 on
_message_of, _exceptions_of = (
    _GROUP.__dict__[name].__get__ if _GROUP else _args_of for name in ("message", "exceptions")
)


def is_enum(kind: type) -> bool:
    """Whether a class is an enumeration."""
    return _issubclass(_type(kind), _EnumMeta)


def is_group(kind: type) -> bool:
    """Whether a class is an exception group."""
    return _issubclass(kind, _GROUP)


def enum_text(value: Any, kind: type) -> str:
    """Return the text of an enumeration's member, or of several flags."""
    name = read(value, "_name_")
    if _type(name) is _str:
        return f"{type_name(kind)}.{printable(name)}"
    number = read(value, "_value_")
    if _type(number) is not _int:
        raise _TypeError
    names = _flags_in(number, kind) if _issubclass(kind, _Flag) else []
    return f"{type_name(kind)}.{'|'.join(names)}" if names else f"{type_name(kind)}({number})"


def _flags_in(number: int, kind: type) -> list[str]:
    """Return the names of flags that are set, which up to 3.10 together have no name."""
    members = find_in_class(kind, "_member_map_")
    if _type(members) is not _dict or number <= 0:
        return []
    names, rest = [], number
    for name, member in _dict_items(members):
        bit = read(member, "_value_")
        if _type(bit) is _int and bit > 0 and not bit & (bit - 1) and rest & bit:
            names.append(printable(name))
            rest ^= bit
    return [*names, f"{rest}"] if names and rest else names


def parts_of(value: Any, kind: type, most: int) -> Parts | None:
    """Return the first parts of a dataclass's instance, an exception or a named tuple.

    Args:
        value: The object.
        kind: Its type.
        most: How many parts to return.

    Returns:
        The parts, or None for any other object.
    """
    fields = find_in_class(kind, "__dataclass_fields__")
    if _type(fields) is _dict:
        return _fields_of(value, fields, most)
    if _issubclass(kind, _BaseException):
        given: Any = _args_of(value)
        if _issubclass(kind, _GROUP):
            given = (_message_of(value), _list(_exceptions_of(value)))
        return [(None, part) for part in given[:most]]
    if _issubclass(kind, _tuple):
        names = find_in_class(kind, "_fields")
        if _type(names) is _tuple:
            named: Parts = [(printable(n), part) for n, part in _zip(names, _tuple_items(value))]
            return named[:most]
    return None


def _fields_of(value: object, fields: dict[Any, Any], most: int) -> Parts:
    """Return the first fields of a dataclass's instance that its `repr` would show."""
    if may_have_odd_names(value):
        raise _TypeError
    parts: Parts = []
    for name, field in _dict_items(fields):
        if (
            _type(name) is _str
            and _type(field) is _Field
            and _kind_of_field(field) is _FIELD
            and _has_repr(field) is not False
        ):
            held = read(value, name)
            if held is not MISSING:  # as it is until `__init__` has set it
                parts.append((printable(name), held))
                if _len(parts) == most:
                    break
    return parts
