"""Values whose every method, property and metaclass is a trap, and their texts.

While `watching`, whatever is called of them is noted in `CALLED`. For any Python.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import datetime
import decimal
import enum
import functools
import gc
import sys
import types
import weakref
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

CALLED: list[str] = []
watched = False

METHODS = [
    *("__repr__", "__str__", "__format__", "__bytes__", "__bool__", "__len__", "__length_hint__"),
    *("__hash__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__iter__"),
    *("__next__", "__reversed__", "__contains__", "__getitem__", "__missing__", "__call__"),
    *("__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__dir__", "__sizeof__"),
    *("__int__", "__float__", "__complex__", "__index__", "__round__", "__add__", "__radd__"),
    *("__mul__", "__rmul__", "__and__", "__rand__", "__or__", "__ror__", "__neg__", "__abs__"),
    *("__invert__", "__xor__", "__sub__", "__rsub__", "__mod__", "__divmod__", "__pow__"),
    *("__reduce__", "__reduce_ex__", "__getstate__", "__copy__", "__deepcopy__", "__enter__"),
    *("__exit__", "__await__", "__aiter__", "__anext__", "__get__", "__set__", "__delete__"),
    *("__instancecheck__", "__subclasscheck__", "__fspath__", "__buffer__", "__prepare__"),
    *("items", "keys", "values", "get", "copy", "bit_length", "isprintable", "done", "cancelled"),
    *("result", "exception", "get_name", "get_coro", "locked", "is_set", "qsize", "empty"),
    *("utcoffset", "tzname", "dst", "as_tuple", "isoformat", "total_seconds", "replace"),
]
PROPERTIES = [
    *("__class__", "__dict__", "__doc__", "__annotations__", "__wrapped__", "__module__"),
    *("__name__", "__mro__", "__bases__", "__dataclass_fields__", "_fields"),
    *("_name_", "_value_", "name", "value", "args", "message", "exceptions", "_locked", "_queue"),
    *("_maxsize", "_state", "_exception", "_tasks", "_lock", "_count", "_parties", "maxlen"),
    *("default_factory", "tzinfo", "real", "start", "stop", "cr_running", "gi_running", "utc"),
]
OF_CLASSES = ["__name__", "__mro__", "__module__", "__dict__", "__flags__"]


class CalledError(BaseException):
    """Raised by what must not be called."""


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Note what is called; the garbage collector is off, as in a call of the recorder's."""
    global watched
    gc.disable()
    watched = True
    try:
        yield
    finally:
        watched = False
        gc.enable()


def spring(name: str) -> None:
    if watched:
        CALLED.append(name)
        raise CalledError(name)


def method_trap(name: str, base: type) -> Callable[..., Any]:
    """A method that is the base's, or does nothing, while nobody watches."""
    usual = getattr(base, name, None)

    def method(self: Any, *arguments: Any, **options: Any) -> Any:
        spring(name)
        if usual is None:
            raise AttributeError(name)
        return usual(self, *arguments, **options)

    return method


class Trap:
    """A descriptor of all kinds: to get, to set, to delete."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, value: object, kind: object = None) -> Any:
        spring(self.name)
        if self.name == "__class__":
            return type(value)
        raise AttributeError(self.name)

    def __set__(self, value: object, new: object) -> None:
        spring(self.name)

    __delete__ = __get__


class GetTrap:
    """One that an instance's own attribute would hide."""

    def __get__(self, value: object, kind: object = None) -> Any:
        spring("a descriptor without __set__")
        raise AttributeError


def traps(base: type) -> dict[str, Any]:
    """A namespace for a subclass of a type, full of traps."""
    found: dict[str, Any] = {name: method_trap(name, base) for name in METHODS}
    # Python itself looks this one up when a subclass is made, not only when it is used.
    return found | {name: Trap(name) for name in PROPERTIES}


def hostile_meta(base: type = type) -> type:
    """A metaclass that lies about its classes, and is a trap itself."""
    names: dict[str, Any] = {
        name: method_trap(name, base) for name in METHODS if hasattr(base, name)
    }
    names["__getattr__"] = method_trap("__getattr__", object)
    for name in OF_CLASSES:
        read = type.__dict__[name].__get__
        names[name] = property(lambda kind, name=name, read=read: (spring(name), read(kind))[1])
    return type("Meta", (base,), names)


META = hostile_meta()


def evil(base: type, *arguments: Any, meta: type = META, **names: Any) -> Any:
    """An instance of a class full of traps, made by the base type's own methods."""
    kind: Any = type.__new__(meta, "Evil", (base,), traps(base) | names)
    value = base.__new__(kind, *arguments)
    base.__init__(value, *arguments)  # type: ignore[misc]  # that is the point
    return value


class Row(NamedTuple):
    left: object
    right: object


@dataclasses.dataclass
class Item:
    id: object
    name: object = "tea"


@dataclasses.dataclass
class Shadowed:
    id: int
    name: str = "tea"


shadowed: Any = Shadowed
shadowed.id = property(lambda self: spring("a property in place of a field"))


@dataclasses.dataclass
class Unset:
    """Its class has a descriptor for a field that no instance has."""

    id: int
    name: str = "tea"

    def __init__(self) -> None:
        self.name = "cup"


unset: Any = Unset
unset.id = GetTrap()


@dataclasses.dataclass
class Closed:
    """Without `__dict__`, and with one that is a trap."""

    __slots__ = ("id", "name")
    id: object
    name: object
    __dict__ = Trap("__dict__")  # type: ignore[assignment]


Closed.__getattribute__ = method_trap("__getattribute__", object)  # type: ignore[assignment]


class SlotsOnly:
    __slots__ = ("id",)


class EvilEnumMeta(enum.EnumMeta):
    pass


class Mood(enum.Enum, metaclass=EvilEnumMeta):
    GOOD = 1
    BAD = 2


for _name in (
    "__repr__",
    "__str__",
    "__hash__",
    "__eq__",
    "__format__",
    "__dir__",
    "__getattribute__",
):
    setattr(Mood, _name, method_trap(_name, enum.Enum))
for _name in (
    "__iter__",
    "__len__",
    "__getitem__",
    "__call__",
    "__hash__",
    "__eq__",
    "__getattribute__",
):
    setattr(EvilEnumMeta, _name, method_trap(_name, enum.EnumMeta))


class Zone(datetime.tzinfo):
    def utcoffset(self, when: object) -> Any:
        spring("utcoffset")
        return datetime.timedelta(0)

    def __repr__(self) -> str:
        spring("__repr__")
        return "zone"


def values_of_trap_classes() -> Iterator[tuple[object, str]]:
    """Of each type: a class, an instance."""
    for meta in (type, META):
        for base, *arguments in (
            *((object,), (int, 7), (float, 7), (complex, 7), (str, "a"), (bytes, b"a")),
            *((bytearray, b"a"), (list, [1]), (tuple, (1,)), (dict, {1: 2}), (set, {1})),
            *((frozenset, {1}), (collections.deque, [1]), (collections.Counter, "a")),
            *((collections.defaultdict, list), (collections.OrderedDict,), (SlotsOnly,)),
            *((datetime.timedelta, 1), (decimal.Decimal, "1"), (types.ModuleType, "m")),
            *((datetime.tzinfo,), (functools.partial, len), (PurePosixPath, "a")),
            *((asyncio.Lock,), (asyncio.Event,), (asyncio.Queue,)),
        ):
            value = evil(base, *arguments, meta=meta)
            yield value, "<Evil>"
            yield type(value), "class Evil"
        yield evil(ValueError, 1, meta=meta), "Evil(1)"
        yield evil(OSError, 2, "gone", meta=meta), "Evil(2, 'gone')"
        yield evil(Item, 1, meta=meta), "<Evil>"
        if sys.version_info >= (3, 11):
            error = evil(ExceptionGroup, "two", [ValueError(1)], meta=meta)  # noqa: F821
            yield error, "Evil('two', [ValueError(1)])"


def values_with_traps_inside() -> Iterator[tuple[object, str]]:
    """Values of ordinary types with something hostile inside."""
    thing, text = evil(object), evil(str, "a")
    yield [thing, (thing,)], "[<Evil>, (<Evil>,)]"
    yield {thing}, "{<Evil>}"
    yield {thing: thing, 1: {thing: 2}}, "{<Evil>: <Evil>, 1: {<Evil>: 2}}"
    yield collections.OrderedDict({thing: 1}), "OrderedDict of 1"
    yield collections.Counter([thing]), "Counter({<Evil>: 1})"
    yield collections.defaultdict(evil(functools.partial, len)), "defaultdict(…, {})"
    yield collections.defaultdict(type(thing), a=thing), "defaultdict(Evil, {'a': <Evil>})"
    yield collections.deque([thing], evil(int, 3)), "deque([<Evil>], maxlen=3)"
    yield range(evil(int, 3)), "range(0, 3)"
    yield slice(thing), "<slice>"
    yield Row(thing, [text]), "Row(left=<Evil>, right=[<Evil>])"
    yield ValueError(thing), "ValueError(<Evil>)"
    # dataclasses
    yield Item(thing, text), "Item(id=<Evil>, name=<Evil>)"
    yield Shadowed.__new__(Shadowed), "Shadowed(id=?, name='tea')"
    yield Unset(), "Unset(id=?, name='cup')"
    yield Closed(1, thing), "Closed(id=1, name=<Evil>)"
    odd = Item.__new__(Item)
    vars(odd)[evil(str, "id")] = 1
    yield odd, "<Item>"
    # enumerations
    yield Mood.GOOD, "Mood.GOOD"
    yield [Mood.BAD], "[Mood.BAD]"
    yield Mood, "class Mood"
    Mood.GOOD._name_ = evil(str, "GOOD")
    yield Mood.GOOD, "Mood(1)"
    Mood.GOOD._value_ = evil(int, 1)
    yield Mood.GOOD, "<Mood>"
    # names that are no exact strings
    function = types.FunctionType((lambda: 1).__code__, {})
    function.__qualname__ = evil(str, "f")
    yield function, "function f"
    yield types.MethodType(function, thing), "method f"
    yield types.MethodType(thing, thing), "method <Evil>"
    kind = type("Named", (), {})
    kind.__name__ = evil(str, "Other")
    yield kind(), "<Other>"
    module = types.ModuleType("m")
    module.__name__ = text
    yield module, "module a"
    generator = (item for item in ())
    generator.__qualname__ = evil(str, "g")
    yield generator, "generator g() (not started)"
    if sys.version_info >= (3, 11):
        group = ExceptionGroup(text, [evil(ValueError, thing)])  # noqa: F821
        yield group, "ExceptionGroup(<Evil>, [Evil(<Evil>)])"
    # methods written in C of hostile objects
    yield list.append.__get__(evil(list), None), "method Evil.append"
    yield object.__new__, "method object.__new__"
    yield object.__repr__.__get__(thing, None), "<method-wrapper>"
    # dates
    for module, name in ("datetime", "date"), ("decimal", "Decimal"):
        kind = type(name, (), {"__module__": module, "__repr__": method_trap("__repr__", object)})
        yield kind(), f"<{name}>"
    hour = evil(datetime.timedelta, 0, 3600)
    yield datetime.time(9, tzinfo=Zone()), "datetime.time(9, 0, tzinfo=<Zone>)"
    for zone in (datetime.timezone(hour), datetime.timezone(datetime.timedelta(1 / 24), text)):
        yield zone, "<timezone>"
        yield datetime.time(9, tzinfo=zone), "datetime.time(9, 0, tzinfo=<timezone>)"
    # references
    referenced = evil(type("Referenced", (), {}))
    KEPT.append(referenced)
    yield weakref.ref(referenced), "weakref to <Evil>"
    yield weakref.proxy(referenced), "weakref proxy"
    yield evil(weakref.ref, referenced), "<Evil>"
    yield from asyncio_parts(thing)


KEPT: list[object] = []


def asyncio_parts(thing: object) -> Iterator[tuple[object, str]]:
    """asyncio's objects, in which the program has put something of its own."""

    def with_part(made: Any, name: str, value: object) -> Any:
        setattr(made, name, value)
        return made

    yield with_part(asyncio.Lock(), "_locked", thing), "<Lock>"
    yield [with_part(asyncio.Event(), "_value", thing), 1], "[<Event>, 1]"
    yield with_part(asyncio.Semaphore(), "_value", evil(int, 1)), "<Semaphore>"
    yield with_part(asyncio.Condition(), "_lock", thing), "<Condition>"
    yield with_part(asyncio.Queue(), "_queue", evil(list)), "<Queue>"
    yield with_part(asyncio.Queue(), "_is_shutdown", thing), "Queue of 0"
    yield asyncio.Queue(evil(int, 3)), "Queue of 0"
    if sys.version_info >= (3, 11):
        yield with_part(asyncio.Barrier(2), "_state", thing), "<Barrier>"
        yield with_part(asyncio.Barrier(2), "_count", thing), "<Barrier>"
        yield with_part(asyncio.TaskGroup(), "_tasks", evil(set)), "<TaskGroup>"
        yield with_part(asyncio.Timeout(None), "_state", thing), "<Timeout>"
        state = types.SimpleNamespace(_value_=evil(str, "active"))
        yield with_part(asyncio.Timeout(None), "_state", state), "<Timeout>"


def futures(loop: asyncio.AbstractEventLoop) -> Iterator[tuple[object, str]]:
    """Futures and tasks of hostile classes, before their `__init__` and after it."""

    async def wait() -> None:
        await asyncio.sleep(0)

    for meta in (type, META):
        for base in (asyncio.Future, asyncio.Task):
            names = traps(base)
            kind: Any = type.__new__(meta, "Evil", (base,), names)
            value: Any = base.__new__(kind)
            yield value, "<Evil>"
            given = (wait(),) if base is asyncio.Task else ()
            base.__init__(value, *given, loop=loop)
            yield value, "Evil (pending)"
            for name in names:  # asyncio is about to look at it
                with contextlib.suppress(TypeError, AttributeError):
                    type.__delattr__(kind, name)
            value.cancel()
        python: Any = asyncio.futures._PyFuture  # type: ignore[attr-defined]
        kind = type.__new__(meta, "Evil", (python,), {"_state": Trap("_state")})
        yield python.__new__(kind), "<Evil>"
        value = python(loop=loop)
        value._state = evil(str, "PENDING")
        yield value, "<Future>"
