"""Texts for values that hold no others: numbers, strings, dates, functions, coroutines.

Each is of exactly the type that its function is for, so that none of these calls reaches code of
the program's; `TEXTS` has the functions by the `id()` of the type.
"""

from __future__ import annotations

import contextvars
import sys
import types
import weakref
from collections.abc import Callable
from typing import Any

from .safe_reading import namespace, printable, type_name

CONTENT = 40
"""Characters of a string, and bytes, that are shown."""
_ESCAPED = 54
"""Characters that these may take when they are escaped, if not all are shown."""
_WHOLE = 80
_MOST_BITS = 200
_IMMUTABLE = 1 << 8  # set on types written in C, which no program can make or change
_RETURN_GENERATOR = 75  # the instruction of 3.11 where a generator that has not begun stands

# Bound here because the program may replace any of these.
_type, _len, _issubclass = type, len, issubclass
_Function, _Module, _Context = types.FunctionType, types.ModuleType, contextvars.Context
_str_repr, _int_repr = str.__repr__, int.__repr__
_bytes_repr, _bytearray_repr = bytes.__repr__, bytearray.__repr__
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_module_of: Callable[[type], str] = type.__dict__["__module__"].__get__
_names_in: Callable[[Any], dict[str, Any]] = vars(types.ModuleType)["__dict__"].__get__
_HAS_SUSPENDED = sys.version_info >= (3, 11)
_HAS_AG_SUSPENDED = sys.version_info >= (3, 12)


def _integer(value: int) -> str:
    bits = value.bit_length()
    return _int_repr(value) if bits <= _MOST_BITS else f"int of {bits} bits"


def _string(value: str) -> str:
    return _content(value, _str_repr, "characters")


def _byte_string(value: bytes) -> str:
    return _content(value, _bytes_repr, "bytes")


def _byte_array(value: bytearray) -> str:
    return _content(value, _bytearray_repr, "bytes", closing=2)


def _content(value: Any, representation: Callable[[Any], str], unit: str, closing: int = 1) -> str:
    """Return the `repr` of a string or of bytes, or that of its beginning; see `_beginning`."""
    if _len(value) <= CONTENT:
        text = representation(value)
        if _len(text) <= _WHOLE:
            return text
    return _beginning(value, representation, unit, closing)


def _beginning(value: Any, representation: Callable[[Any], str], unit: str, closing: int) -> str:
    """Return the beginning of a string or of bytes, and how long it is.

    Args:
        value: The string or bytes.
        representation: Returns its `repr`.
        unit: What it consists of.
        closing: How many characters of the `repr` follow the content.
    """
    part = value[:CONTENT]
    text = representation(part)
    while _len(text) > _ESCAPED:
        part = part[: _len(part) * _ESCAPED // _len(text)]
        text = representation(part)
    return f"{text[:-closing]}…{text[-closing:]} ({_len(value)} {unit})"


def _range(value: range) -> str:
    # From 3.10 on these are exact integers.
    ends = f"{_integer(value.start)}, {_integer(value.stop)}"
    return f"range({ends})" if value.step == 1 else f"range({ends}, {_integer(value.step)})"


# Dates and decimals. The modules are not imported: a program may do without them.


def text_by_name(value: object) -> str | None:
    """Return the text of a date, time or decimal written in C, None for anything else."""
    kind = _type(value)
    if not _flags_of(kind) & _IMMUTABLE:
        return None
    show = _BY_NAME.get(f"{_module_of(kind)}.{type_name(kind)}")
    return None if show is None else show(value)


def _representation(value: Any) -> str:
    text: str = namespace(_type(value))["__repr__"](value)
    return text


def _decimal(value: Any) -> str:
    # In a context of its own: to print one makes a decimal context where there is none yet.
    text: str = _Context().run(namespace(_type(value))["__repr__"], value)
    return text


def _time(value: Any) -> str:
    """Return the text of a time or a datetime.

    Only that of UTC itself is shown: to print another time zone may call a method of the program's,
    even if it is a `timezone`, of the offset or of the name that it was given.
    """
    zone = value.tzinfo
    if zone is None:
        return _representation(value)
    kind = _type(zone)
    is_utc = _flags_of(kind) & _IMMUTABLE and namespace(kind).get("utc") is zone
    name = "datetime.timezone.utc" if is_utc else f"<{type_name(kind)}>"
    return f"{_representation(value.replace(tzinfo=None))[:-1]}, tzinfo={name})"


_BY_NAME: dict[str, Callable[[Any], str]] = {
    "datetime.date": _representation,
    "datetime.timedelta": _representation,
    "datetime.time": _time,
    "datetime.datetime": _time,
    "decimal.Decimal": _decimal,
}


# Functions, modules, coroutines


def _function(value: types.FunctionType) -> str:
    return f"function {printable(value.__qualname__)}"


def _method(value: types.MethodType) -> str:
    function: object = value.__func__
    if _type(function) is _Function:
        return f"method {printable(value.__func__.__qualname__)}"
    return f"method <{type_name(_type(function))}>"


def _builtin(value: types.BuiltinFunctionType) -> str:
    owner: object = value.__self__
    name = printable(value.__name__)
    if owner is None or _issubclass(_type(owner), _Module):
        return f"function {name}"
    # Not `__qualname__`, for which the metaclass of the owner would be asked.
    kind: Any = owner if _issubclass(_type(owner), _type) else _type(owner)
    return f"method {type_name(kind)}.{name}"


def _method_of_type(value: Any) -> str:
    return f"method {type_name(value.__objclass__)}.{printable(value.__name__)}"


def _module(value: types.ModuleType) -> str:
    return f"module {printable(_names_in(value)['__name__'])}"


def _coroutine(value: types.CoroutineType[Any, Any, Any]) -> str:
    if value.cr_running:
        state = "running"
    elif _HAS_SUSPENDED and value.cr_suspended:
        state = "suspended"
    else:
        state = _state_by_frame(value.cr_frame)
    return f"coroutine {printable(value.__qualname__)}() ({state})"


def _generator(value: types.GeneratorType[Any, Any, Any]) -> str:
    if value.gi_running:
        state = "running"
    elif _HAS_SUSPENDED and value.gi_suspended:
        state = "suspended"
    else:
        state = _state_by_frame(value.gi_frame)
    return f"generator {printable(value.__qualname__)}() ({state})"


def _async_generator(value: Any) -> str:
    if value.ag_running:
        state = "running"
    elif _HAS_AG_SUSPENDED and value.ag_suspended:
        state = "suspended"
    else:
        state = _state_by_frame(value.ag_frame, _HAS_SUSPENDED and not _HAS_AG_SUSPENDED)
    return f"async generator {printable(value.__qualname__)}() ({state})"


def _state_by_frame(frame: types.FrameType | None, by_instruction: bool = False) -> str:
    """Return the state of a coroutine or generator that does not say that it is suspended.

    Args:
        frame: Its frame, if it has one.
        by_instruction: Whether this Python doesn't say it of this kind at all, and `f_lasti` is not
            negative before the beginning either.
    """
    if frame is None:
        return "finished"
    if by_instruction:
        begun = frame.f_code.co_code[frame.f_lasti] != _RETURN_GENERATOR
    else:
        begun = not _HAS_SUSPENDED and frame.f_lasti >= 0
    return "suspended" if begun else "not started"


TEXTS: dict[int, Callable[[Any], str]] = {
    id(kind): show
    for kind, show in (
        (type(None), lambda _: "None"),
        (type(...), lambda _: "Ellipsis"),
        (type(NotImplemented), lambda _: "NotImplemented"),
        (bool, bool.__repr__),
        (int, _integer),
        (float, float.__repr__),
        (complex, complex.__repr__),
        (str, _string),
        (bytes, _byte_string),
        (bytearray, _byte_array),
        (range, _range),
        (types.FunctionType, _function),
        (types.MethodType, _method),
        (types.BuiltinFunctionType, _builtin),
        (types.MethodDescriptorType, _method_of_type),
        (types.WrapperDescriptorType, _method_of_type),
        (types.ModuleType, _module),
        (types.CoroutineType, _coroutine),
        (types.GeneratorType, _generator),
        (types.AsyncGeneratorType, _async_generator),
        (weakref.ProxyType, lambda _: "weakref proxy"),
        (weakref.CallableProxyType, lambda _: "weakref proxy"),
    )
}
