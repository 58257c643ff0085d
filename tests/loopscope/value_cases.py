"""Values and their texts, for any Python: prints as JSON what is not as it should be.

In:  nothing. Out: JSON, a list of what is wrong by the name of each check; all are empty.
"""

from __future__ import annotations

import asyncio
import builtins
import collections
import contextlib
import contextvars
import dataclasses
import datetime
import decimal
import enum
import functools
import gc
import itertools
import json
import random
import signal
import sys
import types
import typing
import weakref
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

import hostile_values
from hostile_values import CALLED, evil, watching

from loopscope.recording.values.value_text import describe

SEEDS = 100
NAMES: dict[int, str] = {}
"""What the recorder would call each task, by its `id()`."""


def name_of_task(task: object) -> str | None:
    return NAMES.get(id(task))


def text_of(value: object) -> str:
    return describe(value, name_of_task)


# Values without malice


class Color(enum.Enum):
    RED = 1
    ODD = "odd"


class Level(enum.IntEnum):
    LOW = 1


class Word(str, enum.Enum):
    HI = "hi"


class Perm(enum.Flag):
    RW = 6
    R = 4
    W = 2
    X = 1


class Bits(enum.IntFlag):
    A = 1
    B = 2


@dataclasses.dataclass
class Order:
    id: int
    item: str = "tea"


class Special(Order):
    pass


@dataclasses.dataclass
class Slotted:
    __slots__ = ("id", "item")
    id: int
    item: object


@dataclasses.dataclass
class Half:
    first: int
    second: int

    def __init__(self) -> None:
        self.first = 1


@dataclasses.dataclass
class Mixed:
    count: typing.ClassVar[int] = 3
    given: dataclasses.InitVar[int] = 1
    secret: str = dataclasses.field(default="s3cret", repr=False)
    call: Callable[[], None] = print
    kept: int = 4


@dataclasses.dataclass
class Wide:
    a: int = 1
    b: int = 2
    c: int = 3
    d: int = 4
    e: int = 5
    f: int = 6


@dataclasses.dataclass
class BadError(ValueError):
    code: int


@dataclasses.dataclass
class Rows(list):  # type: ignore[type-arg]  # only its name is shown
    width: int = 3


class Point(typing.NamedTuple):
    x: int
    y: object = 0


class Point3(Point):
    pass


Pair = collections.namedtuple("Pair", "left right")


class Text(str):
    pass


class Plain:
    def total(self) -> int:
        return 1

    @classmethod
    def make(cls) -> None: ...

    def __call__(self) -> None: ...


class BrokenError(ValueError):
    def __init__(self, *, code: int) -> None:
        self.code = code


def counted(kind: type) -> type:
    return types.new_class(f"My{kind.__name__.title()}", (kind,))


def numbers() -> Iterator[int]:
    yield 1
    yield 2


def local() -> Callable[[], int]:
    return lambda: 1


def numbers_to(most: int) -> Any:
    def inner() -> Iterator[int]:
        yield most

    return inner()


def simple_values() -> list[tuple[object, str]]:
    cycle: list[object] = [1]
    cycle.append(cycle)
    own: dict[str, object] = {}
    own["me"] = own
    begun, ended = numbers(), numbers()
    next(begun)
    list(ended)
    long = numbers()
    long.__qualname__ = "g" * 99  # type: ignore[attr-defined]
    moved = collections.OrderedDict(a=1, b=2)
    moved.move_to_end("a")
    order = Order(7)
    bare = Plain()
    utc = datetime.timezone.utc
    east = datetime.timezone(datetime.timedelta(hours=1), "east")
    return [
        (None, "None"),
        (True, "True"),
        (..., "Ellipsis"),
        (NotImplemented, "NotImplemented"),
        (7, "7"),
        (-(2**199), str(-(2**199))),
        (2**200, "int of 201 bits"),
        (10**5000, "int of 16610 bits"),
        (1.5, "1.5"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (2j, "2j"),
        ("tea", "'tea'"),
        ("it's", '"it\'s"'),
        ("", "''"),
        ("é😀", "'é😀'"),
        ("a\nb\x1b\u202e\ud800", "'a\\nb\\x1b\\u202e\\ud800'"),
        ("a" * 40, f"'{'a' * 40}'"),
        ("a" * 217, f"'{'a' * 40}…' (217 characters)"),
        ("\ud800" * 40, "'" + "\\ud800" * 8 + "…' (40 characters)"),
        ("\0" * 1000, "'" + "\\x00" * 13 + "…' (1000 characters)"),
        (b"tea\0", "b'tea\\x00'"),
        (b"a" * 50, f"b'{'a' * 40}…' (50 bytes)"),
        (b"\0" * 50, "b'" + "\\x00" * 12 + "…' (50 bytes)"),
        (bytearray(b"tea"), "bytearray(b'tea')"),
        (bytearray(b"a" * 50), f"bytearray(b'{'a' * 40}…') (50 bytes)"),
        (bytearray(50), "bytearray(b'" + "\\x00" * 10 + "…') (50 bytes)"),
        (range(3), "range(0, 3)"),
        (range(1, 9, 2), "range(1, 9, 2)"),
        (range(-(10**60), 10**60), f"range(-1{'0' * 60}, 1{'0' * 8}…"),
        (range(2**300), "range(0, int of 301 bits)"),
        (memoryview(b"1"), "<memoryview>"),
        (slice(1, 2), "<slice>"),
        # dates and decimals
        (decimal.Decimal("1.50"), "Decimal('1.50')"),
        (decimal.Decimal("NaN"), "Decimal('NaN')"),
        (datetime.date(2026, 1, 5), "datetime.date(2026, 1, 5)"),
        (datetime.timedelta(seconds=3), "datetime.timedelta(seconds=3)"),
        (datetime.time(9, 30), "datetime.time(9, 30)"),
        (datetime.time(9, 30, tzinfo=utc), "datetime.time(9, 30, tzinfo=datetime.timezone.utc)"),
        (datetime.datetime(2026, 1, 5, 9), "datetime.datetime(2026, 1, 5, 9, 0)"),
        (
            datetime.datetime(2026, 1, 5, 9, fold=1, tzinfo=utc),
            "datetime.datetime(2026, 1, 5, 9, 0, fold=1, tzinfo=datetime.timezone.utc)",
        ),
        (
            datetime.datetime(2026, 1, 5, 9, tzinfo=east),
            "datetime.datetime(2026, 1, 5, 9, 0, tzinfo=<timezone>)",
        ),
        (utc, "<timezone>"),
        # containers
        ([], "[]"),
        ([1, "a", None], "[1, 'a', None]"),
        ([[1, [2]]], "[[1, list of 1]]"),
        ([[[]]], "[[[]]]"),
        (list(range(12)), "[0, 1, 2, 3, 4, … 12 in all]"),
        (cycle, "[1, [1, list of 2]]"),
        (own, "{'me': {'me': dict of 1}}"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1, (2, (3,))), "(1, (2, tuple of 1))"),
        (set(), "set()"),
        ({3, 20, 100}, "{3, 20, 100}"),
        ({"b", "a", "c"}, "{'a', 'b', 'c'}"),
        ({"b", 1, None}, "{'b', 1, None}"),
        (set("abcdefg"), "{'a', 'b', 'c', 'd', 'e', … 7 in all}"),
        ({str(number) for number in range(51)}, "set of 51"),
        ([[{1}]], "[[set of 1]]"),
        (frozenset(), "frozenset()"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        ({}, "{}"),
        ({1: 2, "a": [1, {}]}, "{1: 2, 'a': [1, {}]}"),
        (dict.fromkeys(range(9)), "{0: None, 1: None, 2: None, 3: None, 4: None, … 9 in all}"),
        ([{"a": {"b": 1}}], "[{'a': dict of 1}]"),
        (collections.deque(), "deque([])"),
        (collections.deque([1, 2], 3), "deque([1, 2], maxlen=3)"),
        (collections.deque(range(9)), "deque([0, 1, 2, 3, 4, … 9 in all])"),
        (collections.Counter(), "Counter()"),
        (collections.Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        (collections.defaultdict(list), "defaultdict(list, {})"),
        (collections.defaultdict(None, a=1), "defaultdict(None, {'a': 1})"),
        (collections.defaultdict(numbers, a=1), "defaultdict(numbers, {'a': 1})"),
        (collections.defaultdict(bare, a=1), "defaultdict(…, {'a': 1})"),
        (collections.OrderedDict(), "OrderedDict()"),
        (moved, "OrderedDict({'b': 2, 'a': 1})"),
        (collections.OrderedDict({bare: 1}), "OrderedDict of 1"),
        (["a" * 39] * 3, f"['{'a' * 39}', … 3 in all]"),
        (["a" * 39, "b" * 33], f"['{'a' * 39}', '{'b' * 33}']"),
        (["a" * 200], f"['{'a' * 40}…' (200 characters)]"),
        ({"k" * 50: "v" * 50}, f"{{'{'k' * 40}…' (50 characters): '{'v' * 15}…}}"),
        ([[10**9] * 9] * 9, f"[[{'1000000000, ' * 4}… 9 in all], … 9 in all]"),
        # subclasses of builtins
        *(
            (counted(kind)(), f"<My{kind.__name__.title()}>")
            for kind in (list, dict, set, int, str)
        ),
        (counted(float)(), "<MyFloat>"),
        (counted(collections.deque)(), "<MyDeque>"),
        (counted(asyncio.Queue), "class MyQueue"),
        (Rows(), "<Rows>"),
        # enumerations
        (Color.RED, "Color.RED"),
        (Level.LOW, "Level.LOW"),
        (Word.HI, "Word.HI"),
        (Perm.R, "Perm.R"),
        (Perm.R | Perm.X, "Perm.R|X"),
        (Perm.RW, "Perm.RW"),
        (Perm.RW | Perm.X, "Perm.R|W|X"),
        (Perm(0), "Perm(0)"),
        (Bits.A | Bits.B, "Bits.A|B"),
        (Bits(9), "Bits.A|8"),
        (Bits(8), "Bits(8)"),
        (Color, "class Color"),
        # dataclasses and named tuples
        (order, "Order(id=7, item='tea')"),
        (Special(8), "Special(id=8, item='tea')"),
        (
            Slotted(1, Slotted(2, Slotted(3, 4))),
            "Slotted(id=1, item=Slotted(id=2, item=Slotted(…)))",
        ),
        (object.__new__(Slotted), "Slotted()"),
        (Half(), "Half(first=1)"),
        (Mixed(), "Mixed(call=function print, kept=4)"),
        (Wide(), "Wide(a=1, b=2, c=3, d=4, e=5, …)"),
        (dataclasses.make_dataclass("Empty", [])(), "Empty()"),
        ([order] * 2, "[Order(id=7, item='tea'), Order(id=7, item='tea')]"),
        (Point(1, [2]), "Point(x=1, y=[2])"),
        (Point3(1), "Point3(x=1, y=0)"),
        (Pair(1, Pair(2, Pair(3, 4))), "Pair(left=1, right=Pair(left=2, right=Pair(…)))"),
        # exceptions
        (ValueError("bad"), "ValueError('bad')"),
        (KeyError(), "KeyError()"),
        (OSError(2, "gone"), "FileNotFoundError(2, 'gone')"),
        (ValueError(*range(7)), "ValueError(0, 1, 2, 3, 4, …)"),
        (ValueError(ValueError(ValueError(1))), "ValueError(ValueError(ValueError(…)))"),
        (BrokenError(code=1), "BrokenError()"),
        (BadError(5), "BadError(code=5)"),
        (asyncio.CancelledError(), "CancelledError()"),
        # functions, classes, modules
        (numbers, "function numbers"),
        (local(), "function local.<locals>.<lambda>"),
        (len, "function len"),
        ([].append, "method list.append"),
        (dict.fromkeys, "method dict.fromkeys"),
        (str.join, "method str.join"),
        (object.__init__, "method object.__init__"),
        (bare.total, "method Plain.total"),
        (Plain.make, "method Plain.make"),
        (types.MethodType(bare, 1), "method <Plain>"),
        (functools.partial(len), "<partial>"),
        (Plain, "class Plain"),
        (int, "class int"),
        (bare, "<Plain>"),
        (object(), "<object>"),
        (asyncio, "module asyncio"),
        (types.ModuleType("a\nb\ud800"), "module a\\nb\\ud800"),
        (PurePosixPath("a"), "<PurePosixPath>"),
        (type("A\nB\u202e", (), {})(), "<A\\nB\\u202e>"),
        (type("N" * 99, (), {})(), f"<{'N' * 44}…>"),
        # generators
        (numbers(), "generator numbers() (not started)"),
        (numbers_to(3), "generator numbers_to.<locals>.inner() (not started)"),
        (begun, "generator numbers() (suspended)"),
        (long, f"generator {'g' * 44}…() (not started)"),
        (ended, "generator numbers() (finished)"),
        ((number for number in ()), "generator simple_values.<locals>.<genexpr>() (not started)"),
        # weak references; what they refer to lives as long as this function's frame
        (weakref.ref(Plain), "weakref to class Plain"),
        ([weakref.ref(Plain)], "[weakref to class Plain]"),
        ([[weakref.ref(Plain)]], "[[weakref to <type>]]"),
        (weakref.ref(Plain()), "weakref (dead)"),
        (weakref.proxy(Plain), "weakref proxy"),
    ]


# What only a running loop has


class Job(asyncio.Task):  # type: ignore[type-arg]
    pass


class Reply(asyncio.Future):  # type: ignore[type-arg]
    """One that is looked at before it is a future."""

    def __init__(self) -> None:
        self.early = text_of(self)
        super().__init__()


class PlainReply(asyncio.futures._PyFuture):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        self.early = text_of(self)
        super().__init__()


async def asyncio_values() -> list[tuple[str, str]]:
    """Texts and what they should be; what is running can be looked at only here."""
    found: list[tuple[str, str]] = []

    def check(value: object, expected: str) -> None:
        found.append((text_of(value), expected))

    loop = asyncio.get_running_loop()

    async def fetch(what: object = None) -> object:
        if isinstance(what, BaseException):
            raise what
        if what is not None:
            return await asyncio.sleep(0, what)
        return await asyncio.sleep(3600)

    def run(coroutine: Any, name: str | None, kind: Any = asyncio.Task) -> Any:
        task = kind(coroutine, loop=loop)
        if name:
            NAMES[id(task)] = name
        return task

    async def in_itself() -> None:
        check(itself, "coroutine asyncio_values.<locals>.in_itself() (running)")

    itself = in_itself()
    python_task = asyncio.tasks._PyTask  # type: ignore[attr-defined]
    tasks = [
        run(fetch(), "Task-2"),
        run(fetch(1), "a\nb"),
        run(fetch(ValueError("bad")), "Task-4"),
        run(fetch(), "Task-5"),
        run(fetch(), None, Job),
        run(fetch(ValueError("bad")), "Task-7", python_task),
        run(itself, "Task-8"),
    ]
    check(tasks[0], "Task-2 (pending)")
    tasks[3].cancel()
    check(tasks[3], "Task-5 (pending)")
    gathered = asyncio.gather(tasks[1], tasks[6])
    await gathered
    await asyncio.wait(tasks[1:4])
    check(tasks[:2], "[Task-2 (pending), a\\nb (done)]")
    check(tasks[2], "Task-4 (raised)")
    check(tasks[3], "Task-5 (cancelled)")
    check(tasks[4], "Job (pending)")
    check(tasks[5], "Task-7 (raised)")
    check(gathered, "gather (done)")
    for task in (tasks[2], tasks[5]):
        found.append(
            (f"still to be retrieved: {task._log_traceback}", "still to be retrieved: True")
        )
        task.exception()
    for kind in (asyncio.Future, asyncio.futures._PyFuture):  # type: ignore[attr-defined]
        futures = [kind(loop=loop) for _ in range(4)]
        futures[1].set_result(None)
        futures[2].set_exception(ValueError())
        futures[3].cancel()
        check(futures, "[Future (pending), Future (done), Future (raised), Future (cancelled)]")
        futures[2].exception()
    replies = [Reply(), PlainReply()]
    found += [(replies[0].early, "<Reply>"), (replies[1].early, "PlainReply (pending)")]
    check(replies, "[Reply (pending), PlainReply (pending)]")

    lock, event, semaphore = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2)
    condition = asyncio.Condition()
    check([lock, event], "[Lock (free), Event (not set)]")
    check([condition, semaphore], "[Condition (free), Semaphore (2 free)]")
    await lock.acquire()
    await condition.acquire()
    await semaphore.acquire()
    event.set()
    check([lock, event], "[Lock (held), Event (set)]")
    check([condition, semaphore], "[Condition (held), Semaphore (1 free)]")
    check(asyncio.BoundedSemaphore(1), "BoundedSemaphore (1 free)")
    queue: asyncio.Queue[int] = asyncio.Queue(5)
    queue.put_nowait(1)
    check(queue, "Queue: 1 of at most 5 (1 unfinished)")
    full: asyncio.Queue[int] = asyncio.Queue(1)
    full.put_nowait(1)
    check(full, "Queue: 1 of at most 1 (full, 1 unfinished)")
    full.get_nowait()
    check(full, "Queue: 0 of at most 1 (1 unfinished)")
    check(
        [asyncio.LifoQueue(), asyncio.PriorityQueue(1)],
        "[LifoQueue of 0, PriorityQueue: 0 of at most 1]",
    )
    if sys.version_info >= (3, 13):
        queue.shutdown()
        check(queue, "Queue: 1 of at most 5 (1 unfinished, shut down)")
    if sys.version_info >= (3, 11):
        await youngest_values(check, fetch)
    coroutine, done, waiting = fetch(), fetch(1), tasks[0].get_coro()
    prefix = "coroutine asyncio_values.<locals>.fetch()"
    check(coroutine, f"{prefix} (not started)")
    check(waiting, f"{prefix} (suspended)")
    await done
    check(done, f"{prefix} (finished)")
    coroutine.close()
    check(coroutine, f"{prefix} (finished)")

    async def ticks() -> Any:
        check(ticking[0], f"{name} (running)")
        yield cell
        yield 2

    cell, name = 1, "async generator asyncio_values.<locals>.ticks()"
    ticking: list[Any] = [ticks()]
    check(ticking[0], f"{name} (not started)")
    await ticking[0].__anext__()
    check(ticking[0], f"{name} (suspended)")
    await ticking[0].aclose()
    check(ticking[0], f"{name} (finished)")
    for task in tasks:
        task.cancel()
    NAMES.clear()
    return found


async def youngest_values(check: Callable[[object, str], None], fetch: Any) -> None:
    """What 3.10 does not have."""
    barrier = asyncio.Barrier(2)
    check(barrier, "Barrier (0 of 2 waiting)")
    waiting = asyncio.ensure_future(barrier.wait())
    await asyncio.sleep(0)
    check(barrier, "Barrier (1 of 2 waiting)")
    await barrier.abort()
    check(barrier, "Barrier (broken)")
    await asyncio.wait([waiting])
    waiting.exception()
    group = asyncio.TaskGroup()
    check(group, "TaskGroup (0 tasks)")
    async with group:
        group.create_task(fetch(1))
        check(group, "TaskGroup (1 task)")
        group.create_task(fetch(1))
        check(group, "TaskGroup (2 tasks)")
    timeout = asyncio.timeout(3600)
    check(timeout, "Timeout (not begun)")
    async with timeout:
        check(timeout, "Timeout (running)")
    check(timeout, "Timeout (finished)")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0) as late:
            await asyncio.sleep(3600)
    check(late, "Timeout (expired)")
    errors = builtins.ExceptionGroup("two", [ValueError("a"), KeyError("b")])  # type: ignore
    check(errors, "ExceptionGroup('two', [ValueError('a'), KeyError('b')])")


# Checks


def wrong(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{text!a} is not {expected!a}" for text, expected in pairs if text != expected]


def wrong_texts() -> list[str]:
    return wrong([(text_of(value), expected) for value, expected in simple_values()])


def wrong_in_a_loop() -> list[str]:
    return wrong(asyncio.run(asyncio_values()))


def traps_that_sprang() -> list[str]:
    """Values full of traps: what was called, and texts that are wrong."""
    problems: list[str] = []

    def look_at(values: Iterator[tuple[object, str]]) -> None:
        for value, expected in values:
            with watching():
                text = text_of(value)
            problems.extend(wrong([(text, expected)]))
            problems.extend(f"{name} was called for {expected}" for name in CALLED)
            CALLED.clear()

    async def in_a_loop() -> None:
        look_at(hostile_values.futures(asyncio.get_running_loop()))

    look_at(hostile_values.values_of_trap_classes())
    look_at(hostile_values.values_with_traps_inside())
    asyncio.run(in_a_loop())
    return problems


def changed_values() -> list[str]:
    """Values that are not as they were: that have a `__dict__` now, or one reference more."""
    problems = []
    bare = [Plain(), Reply, type("Kind", (Order,), {}), Half(), numbers(), local(), ValueError()]
    values = [value for value, _ in simple_values()] + bare
    for value in values:
        texts = text_of(value), text_of([value, (value,)])
        references, inside = sys.getrefcount(value), list(map(id, gc.get_referents(value)))
        gc.disable()
        if texts != (text_of(value), text_of([value, (value,)])):
            problems.append(f"{texts} differ the second time")
        gc.enable()
        if gc.is_tracked(value) and references != sys.getrefcount(value):
            problems.append(f"{texts[0]}: {sys.getrefcount(value) - references} more references")
        if inside != list(map(id, gc.get_referents(value))):
            problems.append(f"{texts[0]} refers to something else")
    # The first look counts, too.
    untouched = [Plain(), type("Bare", (ValueError,), {})(), dataclasses.make_dataclass("E", [])()]
    for value in untouched:
        inside = list(map(id, gc.get_referents(value)))
        text_of(value)
        if inside != list(map(id, gc.get_referents(value))):
            problems.append(f"{text_of(value)} has a __dict__ now")
    for make in (Plain, lambda: Order(1), lambda: BadError(1), local, numbers):
        value = make()
        gone = weakref.ref(value)
        text_of(value), text_of([value])
        del value
        if gone() is not None:
            problems.append(f"{make} is kept")
    return problems


def decimal_contexts() -> list[str]:
    """Variables that a look at a decimal added to the program's context."""
    context = contextvars.Context()
    context.run(text_of, decimal.Decimal(1))
    return [variable.name for variable in context]


def wrong_without_builtins() -> list[str]:
    """Texts that depend on what the program has put in place of builtins and in modules."""

    def broken(*_: object, **__: object) -> None:
        raise hostile_values.CalledError

    pairs = simple_values()
    modules = (
        *(asyncio, asyncio.locks, asyncio.queues, asyncio.futures, asyncio.tasks, builtins),
        *(collections, contextvars, dataclasses, datetime, decimal, enum, functools, gc, itertools),
        *(signal, types, typing, weakref, sys),
    )
    kept = [(module, dict(vars(module))) for module in modules]
    look, found = describe, []
    try:
        for module, names in kept:
            for name in names:
                if not name.startswith("__"):
                    vars_of(module)[name] = broken
        for value, expected in pairs:
            found.append((look(value, name_nothing), expected))
    finally:
        for module, names in kept:
            vars_of(module).update(names)
    return wrong(found)


def vars_of(module: Any) -> dict[str, Any]:
    names: dict[str, Any] = module.__dict__
    return names


def name_nothing(_: object) -> None:
    return None


def raised_at_the_end_of_the_stack() -> list[str]:
    """What comes out of `describe` when the stack is full."""
    value = [1, (Order(1), [2]), {Plain(): ValueError(1)}, asyncio.Lock(), Color.RED]
    problems: set[str] = set()

    def dive(left: int) -> None:
        if left:
            dive(left - 1)
            return
        try:
            text = text_of(value)
        except RecursionError as problem:
            trace = problem.__traceback__
            depth = 0
            while trace is not None:
                depth, trace = depth + 1, trace.tb_next
            if depth > 3:  # this one, `text_of`, and a `describe` that could not begin
                problems.add(f"RecursionError {depth} frames deep")
        else:
            if len(text) > 80:
                problems.add(text)

    for frames in range(sys.getrecursionlimit() - 60, sys.getrecursionlimit()):
        with contextlib.suppress(RecursionError):
            dive(frames)
    return sorted(problems)


def lost_interrupts() -> list[str]:
    """What a signal handler raises while a value is described must reach the program."""
    lost = []

    def interrupt(task: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    async def look(raised: BaseException) -> None:
        def handle(*_: object) -> None:
            raise raised

        signal.signal(signal.SIGTERM, handle)
        try:
            describe([asyncio.current_task()], interrupt)
        except BaseException as problem:
            if problem is raised:
                return
        lost.append(type(raised).__name__)

    for raised in (KeyboardInterrupt(), SystemExit(3), ValueError("the handler's"), OSError()):
        asyncio.run(look(raised))
    return lost


class Objects:
    """Draws random values, some of them hostile."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.made: list[Any] = [None]
        self.traps = [
            evil(object),
            evil(list, [1]),
            evil(str, "a"),
            evil(ValueError, 1),
            BrokenError(code=1),
        ]

    def value(self, depth: int = 0) -> Any:
        draw = self.rng.choice(self.LEAVES if depth > 3 else self.LEAVES + self.CONTAINERS * 2)
        found = draw(self, depth)
        self.made.append(found)
        return found

    def values(self, depth: int) -> list[Any]:
        most = self.rng.choice([0, 1, 2, 7, 60])
        return [self.value(depth + 1) for _ in range(min(most, 7))] * (1 + most // 60 * 9)

    def hashable(self) -> Any:
        return self.rng.choice(
            [self.text(), self.number(), None, (1, self.text()), Color.RED, Plain()]
        )

    def number(self) -> Any:
        return self.rng.choice([0, -1, 2**70, -(10**400), 1.5, float("nan"), 1e300, True, 2j])

    def text(self) -> str:
        characters = "ab '\"\\\n\t\0\x1b\x85é\u202e\u2028\ud800\udfff😀" + chr(
            self.rng.randrange(0x110000)
        )
        return "".join(self.rng.choices(characters, k=self.rng.choice([0, 1, 5, 39, 40, 41, 300])))

    def object(self, depth: int) -> Any:
        name = self.text().replace("\0", "").encode("utf-8", "ignore").decode() or "N"
        kind = type(
            name, (self.rng.choice([object, Order, Slotted, ValueError, Wide, list, dict]),), {}
        )
        value = kind.__new__(kind)
        for field in self.rng.sample(["id", "item", "a", "b", "é"], 2):
            with contextlib.suppress(AttributeError):
                setattr(value, field, self.value(depth + 1))
        return self.rng.choice([value, kind])

    LEAVES: typing.ClassVar[list[Any]] = [
        lambda self, _: self.text(),
        lambda self, _: self.number(),
        lambda self, _: self.text().encode("utf-8", "surrogatepass"),
        lambda self, _: self.rng.choice(self.traps),
        lambda self, _: self.rng.choice(self.made),
        lambda self, _: self.rng.choice(
            [Perm.R, Level.LOW, print, Plain, asyncio, numbers(), Half(), ...]
        ),
        lambda self, _: asyncio.Queue(self.number()),
        lambda self, _: weakref.ref(self.rng.choice([Plain, self.traps[0]])),
    ]
    CONTAINERS: typing.ClassVar[list[Any]] = [
        lambda self, depth: self.values(depth),
        lambda self, depth: tuple(self.values(depth)),
        lambda self, depth: {self.hashable() for _ in range(self.rng.choice([0, 1, 7, 99]))},
        lambda self, depth: {self.hashable(): item for item in self.values(depth)},
        lambda self, depth: collections.OrderedDict(
            (self.hashable(), item) for item in self.values(depth)
        ),
        lambda self, depth: collections.defaultdict(list, {self.hashable(): self.value(depth + 1)}),
        lambda self, depth: collections.deque(self.values(depth), self.rng.choice([None, 3])),
        lambda self, depth: ValueError(*self.values(depth)),
        lambda self, depth: Point(self.value(depth + 1), self.value(depth + 1)),
        lambda self, depth: Order(self.value(depth + 1), self.value(depth + 1)),
        lambda self, depth: self.object(depth),
    ]


def wrong_for_random_values() -> list[str]:
    """Texts that are too long, not printable, or not there."""
    problems = []
    for seed in range(SEEDS):
        objects = Objects(seed)
        for _ in range(6):
            value = objects.value()
            try:
                with watching():
                    text = text_of(value)
            except BaseException as problem:
                problems.append(f"seed {seed}: {type(problem).__name__}: {problem}")
                continue
            if len(text) > 80 or not text.isprintable() or text != text_of(value):
                problems.append(f"seed {seed}: {text!a}")
    return problems + CALLED


def main() -> None:
    checks = (
        *(wrong_texts, wrong_in_a_loop, traps_that_sprang, changed_values, decimal_contexts),
        *(wrong_without_builtins, raised_at_the_end_of_the_stack, lost_interrupts),
        wrong_for_random_values,
    )
    print(json.dumps({check.__name__: check()[:20] for check in checks}))


if __name__ == "__main__":
    main()
