"""Short texts for the values of the program's variables, made without running a line of its code.

The exact type of a value decides how it is shown, and it is read with that type's own methods
(`dict.items`, not the `items` of a subclass). What cannot be shown so is shown as its type's name:
`<Order>`. No value is kept, called, compared, hashed or changed.

The garbage collector should be off meanwhile, as it is in a call that `Guard` makes: it may call
finalizers of the program's at any moment.
"""

from __future__ import annotations

import collections
import itertools
import types
import weakref
from collections.abc import Callable, Iterable
from typing import Any

from ..handles import FUTURES, TASKS
from ..interrupts import handler_traceback
from . import asyncio_text, plain_text
from .asyncio_text import future_state
from .object_text import enum_text, is_enum, is_group, parts_of
from .safe_reading import UNREADABLE, ancestors, printable, type_name
from .text_layout import LONGEST, NameOfTask, Place, cut, join

ITEMS = 5
"""Items of a container that are shown."""
DEPTH = 2
"""Containers that are opened, one inside the other. It also ends cycles."""
LARGEST_SORTED = 50
"""Items of a set that are put into order. Of a larger one only the size is shown."""

# Bound here because the program may replace any of these.
_type, _id, _len, _issubclass, _sorted, _list, _any = type, id, len, issubclass, sorted, list, any
_int, _set, _dict, _tuple = int, set, dict, tuple
_Exception, _RecursionError = Exception, RecursionError
_DefaultDict, _OrderedDict, _Function = (
    collections.defaultdict,
    collections.OrderedDict,
    types.FunctionType,
)
_islice, _dereference = itertools.islice, weakref.ref.__call__
_dict_items, _ordered_items = dict.items, collections.OrderedDict.items
_SIMPLE_KEYS = frozenset((id(str), id(int)))


def describe(value: object, name_of_task: NameOfTask) -> str:
    """Return a text of at most 80 characters for a value, without running the program's code.

    Args:
        value: Any object of the program's.
        name_of_task: Returns the recorder's name for a task, or None if it knows none.

    Raises:
        BaseException: Only what a signal handler of the program's has raised meanwhile.
    """
    try:
        plain = _PLAIN.get(_id(_type(value)))
        text = _text(value, Place(0, LONGEST, name_of_task)) if plain is None else plain(value)
        return text if _len(text) <= LONGEST else cut(text, LONGEST)
    except _Exception as problem:
        try:
            return _unreadable(value, problem)
        except _RecursionError:  # the program has used up its stack
            return "<…>"


def _text(value: object, place: Place) -> str:
    """Return the text of a value, which may be too long."""
    key = _id(_type(value))
    try:
        plain = _PLAIN.get(key)
        if plain is not None:
            return plain(value)
        container = _CONTAINERS.get(key)
        return _object(value, place) if container is None else container(value, place)
    except _Exception as problem:
        return _unreadable(value, problem)


def _unreadable(value: object, problem: Exception) -> str:
    """Return the text of a value that could not be read."""
    if _type(problem) is not _RecursionError and handler_traceback(problem) is not None:
        raise problem
    return f"<{type_name(_type(value))}>"


# Containers


def _list_text(value: list[Any], place: Place) -> str:
    return _sequence(value, value[:ITEMS], "[", "]", place)


def _tuple_text(value: tuple[Any, ...], place: Place) -> str:
    return _sequence(value, value[:ITEMS], "(", ",)" if _len(value) == 1 else ")", place)


def _deque_text(value: collections.deque[Any], place: Place) -> str:
    closing = "])" if value.maxlen is None else f"], maxlen={value.maxlen})"
    return _sequence(value, _islice(value, ITEMS), "deque([", closing, place)


def _sequence(value: Any, first: Iterable[Any], opening: str, closing: str, place: Place) -> str:
    """Return the text of a sequence, from its first items."""
    count = _len(value)
    if place.depth >= DEPTH and count:
        return _size(value)
    note = _total(count)
    inside = place.inside(opening, closing, count, note)
    return join(opening, [_text(item, inside) for item in first], closing, count, note, place)


def _set_text(value: set[Any] | frozenset[Any], place: Place) -> str:
    """Return the text of a set, in an order that doesn't depend on hashes.

    That is the order of the items' texts or, if all are integers, of the items.
    """
    count = _len(value)
    if not count:
        return f"{type_name(_type(value))}()"
    if place.depth >= DEPTH or count > LARGEST_SORTED:
        return _size(value)
    opening, closing = ("{", "}") if _type(value) is _set else ("frozenset({", "})")
    note = _total(count)
    inside = place.inside(opening, closing, count, note)
    if _any(_type(item) is not _int for item in value):
        texts = _sorted([_text(item, inside) for item in value])[:ITEMS]
    else:
        texts = [_text(item, inside) for item in _sorted(value)[:ITEMS]]
    return join(opening, texts, closing, count, note, place)


def _mapping(value: Any, place: Place) -> str:
    """Return the text of a dictionary or of one of its standard subclasses."""
    kind, count = _type(value), _len(value)
    if place.depth >= DEPTH and count:
        return _size(value)
    opening, closing, items = "{", "}", _dict_items(value)
    if kind is _DefaultDict:
        opening, closing = f"defaultdict({_factory(value)}, {{", "})"
    elif kind is not _dict:
        if not count:
            return f"{type_name(kind)}()"
        opening, closing = f"{type_name(kind)}({{", "})"
    if kind is _OrderedDict:
        # It looks up each key to find its own order, so calls the key's `__hash__`.
        if count > LARGEST_SORTED or _any(_id(_type(key)) not in _SIMPLE_KEYS for key, _ in items):
            return _size(value)
        items = _ordered_items(value)
    note = _total(count)
    inside = place.inside(opening, closing, count, note)
    texts = [f"{_text(key, inside)}: {_text(item, inside)}" for key, item in _islice(items, ITEMS)]
    return join(opening, texts, closing, count, note, place)


def _factory(value: Any) -> str:
    """Return the name of what makes a defaultdict's values."""
    factory: Any = value.default_factory
    if factory is None:
        return "None"
    if _issubclass(_type(factory), _type):
        return type_name(factory)
    return printable(factory.__qualname__) if _type(factory) is _Function else "…"


def _total(count: int) -> str:
    return f"… {count} in all"


def _size(value: Any) -> str:
    return f"{type_name(_type(value))} of {_len(value)}"


def _reference(value: Any, place: Place) -> str:
    """Return the text of a weak reference."""
    referent = _dereference(value)
    if referent is None:
        return "weakref (dead)"
    if place.depth >= DEPTH:
        return f"weakref to <{type_name(_type(referent))}>"
    return f"weakref to {_text(referent, place.inside('weakref to ', '', 1, ''))}"


# Objects of other types


def _object(value: Any, place: Place) -> str:
    """Return the text of a value whose type has no function of its own here."""
    kind = _type(value)
    if _issubclass(kind, FUTURES):
        return _future(value, kind, place)
    if _issubclass(kind, _type):
        return f"class {type_name(value)}"
    if is_enum(kind):
        return enum_text(value, kind)
    if _issubclass(kind, _tuple) or not _extends_builtin(kind):
        parts = parts_of(value, kind, ITEMS + 1)
        if parts is not None:
            if is_group(kind) and place.depth < DEPTH:
                # The list that its exceptions stand in is not one more container.
                place = Place(place.depth - 1, place.room, place.name_of_task)
            return _called(type_name(kind), parts, place)
    return plain_text.text_by_name(value) or f"<{type_name(kind)}>"


def _extends_builtin(kind: type) -> bool:
    """Whether a class is derived from one that has a function of its own here."""
    return _any(_id(base) in _PLAIN or _id(base) in _CONTAINERS for base in ancestors(kind))


def _future(value: Any, kind: type, place: Place) -> str:
    name = type_name(kind)
    state = future_state(value)
    if _issubclass(kind, TASKS):
        known = place.name_of_task(value)
        name = name if known is None else printable(known)
    elif name == "_GatheringFuture":
        name = "gather"
    return f"{name} ({state})"


def _called(name: str, parts: list[tuple[str | None, Any]], place: Place) -> str:
    """Return a text that looks like a call: `Order(id=7, item='tea')`.

    Args:
        name: The name before the parentheses.
        parts: What is inside: names, if there are any, and values; one more than is shown, if there
            are so many.
        place: Where the text is to stand.
    """
    if place.depth >= DEPTH and parts:
        return f"{name}(…)"
    opening, count = f"{name}(", _len(parts)
    inside = place.inside(opening, ")", count, "…")
    texts = []
    for label, held in parts[:ITEMS]:
        text = "?" if held is UNREADABLE else _text(held, inside)
        texts.append(text if label is None else f"{label}={text}")
    return join(opening, texts, ")", count, "…", place)


_PLAIN: dict[int, Callable[[Any], str]] = plain_text.TEXTS | asyncio_text.TEXTS
_CONTAINERS: dict[int, Callable[[Any, Place], str]] = {
    id(list): _list_text,
    id(tuple): _tuple_text,
    id(collections.deque): _deque_text,
    id(set): _set_text,
    id(frozenset): _set_text,
    id(dict): _mapping,
    id(collections.Counter): _mapping,
    id(_DefaultDict): _mapping,
    id(_OrderedDict): _mapping,
    id(weakref.ref): _reference,
}
