"""The virtual clock: asyncio on a loop that advances time instead of sleeping.

`VirtualClock.install` makes every way to create an event loop return a virtual one. Everything
that reads the time or the date follows the clock (`dates`), from a fixed date on; everything that
blocks outside the loop advances it or ends the program (`waiting`).

Time is counted in whole nanoseconds, so it is exact. Timers that fall due together run in the order
in which they would run on a real clock:

- One nanosecond passes each time the loop reads the time. So of two timers set one after the other
  for the same delay, the first falls due first; the loop keeps timers in a heap, which does not
  order equals. From `2**23` seconds (97 days) on, a float cannot hold a nanosecond, and its
  smallest step passes instead. Only timers for delays of more than 97 days may run in any order.
- `TURN_DURATION` passes per turn of the loop.
- A loop that sleeps wakes up late rather than early, by `WAKEUP_LATENCY`, which is many turns. So
  timers that fall due some turns after the first are found in the same turn. And each sleep makes a
  task later: of two tasks that sleep for equally long, one in two sleeps and the other in a single
  one, the latter resumes first, even if it began some turns later.

Nothing can wake such a loop from outside. Whatever would rely on that (a socket, a thread, a
process, a signal) calls `refuse`, saying what it is; a loop with nothing left to do calls `stuck`.
Both end the program and do not return.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import linecache
import logging
import math
import selectors
import sys
import weakref
from asyncio import base_events, events, log, selector_events
from collections.abc import Callable
from typing import Any, NoReturn

from ..suspension import ASYNCIO
from . import dates, waiting
from .creation_order import OrderedReferences
from .dates import MONOTONIC_START, TimeFunctions
from .replacing import FunctionReferences
from .waiting import BlockingFunctions

_getframe = sys._getframe  # bound here because the program may replace it
TURN_DURATION = 1_000  # nanoseconds that pass per turn of the loop
WAKEUP_LATENCY = 20_000  # nanoseconds by which a wait ends late
_REFUSED_METHODS = (
    *("add_reader", "add_writer", "remove_reader", "remove_writer"),
    *("add_signal_handler", "remove_signal_handler"),
    *("sock_recv", "sock_recv_into", "sock_recvfrom", "sock_sendall", "sock_sendto"),
    *("sock_connect", "sock_accept", "sock_sendfile", "connect_accepted_socket"),
    *("create_connection", "create_server", "create_datagram_endpoint"),
    *("create_unix_connection", "create_unix_server"),
    *("connect_read_pipe", "connect_write_pipe", "subprocess_exec", "subprocess_shell"),
    *("run_in_executor", "getaddrinfo", "getnameinfo"),
)
MAX_TIME_READS = 10_000
"""How often a program may read the time before it seems to be waiting for a certain time.

That is reads within one turn, or turns with reads in them and no wait between them.
"""


CHANGED_MODULES = (
    *("ctypes", "datetime", "fcntl", "select", "termios"),
    *("_interpreters", "_multiprocessing", "_posixsubprocess", "_queue", "_uuid"),
)


@functools.cache
def function_references() -> FunctionReferences:
    """Return where this process holds the functions that the clock will replace.

    Finding that out takes some 20 milliseconds, as does importing what the clock has to change. A
    process that forks for its programs calls this in advance.
    """
    for name in CHANGED_MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    clock: Any = object()  # not used: only the functions to replace are of interest
    found = FunctionReferences(
        [*TimeFunctions(clock).replacements(), *BlockingFunctions(clock).replacements()]
    )
    found.search_new_modules()
    return found


class VirtualClock:
    """Time that moves only when the program waits.

    Attributes:
        nanoseconds: Time since the program began.
        waited: How much of that the program spent waiting, in nanoseconds.
    """

    def __init__(
        self,
        refuse: Callable[[str], NoReturn],
        stuck: Callable[[], NoReturn],
        blocked: Callable[[str], NoReturn],
        call_name: Callable[[str], str],
    ) -> None:
        """Create a clock at time 0.

        Args:
            refuse: Ends the program because it does something that the clock cannot wait for, such
                as "starts a thread".
            stuck: Ends the program because its loop has nothing left to wait for.
            blocked: Ends the program because it waits, in the named call, for something that only
                the program itself could do.
            call_name: Returns what the program called that led to the named call: "Queue.get" for
                "lock.acquire".
        """
        self.nanoseconds = 0
        self.waited = 0
        self.refuse, self.blocked, self.call_name = refuse, blocked, call_name
        self._stuck = stuck
        self._time_reads = 0  # by the program, since time last advanced
        self._polling_turns = 0  # turns in which the program read it, since it last waited

    def now(self) -> float:
        """Return the seconds since the program began."""
        return self.nanoseconds / 1_000_000_000  # not 1e9: a float may not hold the nanoseconds

    def read(self) -> int:
        """Return the nanoseconds since the program began, in answer to the program.

        A program that asks again and again is waiting for a certain time. Then each answer advances
        the clock a little more than the one before, so that this time comes, and soon.
        """
        self._time_reads += 1
        if self._time_reads > MAX_TIME_READS:
            self.nanoseconds += self._time_reads - MAX_TIME_READS
        return self.nanoseconds

    def pass_time(self, nanoseconds: int) -> None:
        """Advance by a wait of the program's that nothing can shorten."""
        if nanoseconds:
            self._time_reads = self._polling_turns = 0
        self.nanoseconds += nanoseconds
        self.waited += nanoseconds

    def time_out(self, nanoseconds: int) -> None:
        """Advance by a wait that ends with its timeout.

        It ends late rather than early: some callers then read the time, and wait for the rest.
        """
        self.pass_time(nanoseconds + WAKEUP_LATENCY if nanoseconds else 0)

    def install(self) -> None:
        """Replace the real clock, in this process and for good."""
        loop = _loop_class(self)
        _install_loop(loop)
        references = function_references()
        references.search_new_modules()
        time_functions, blocking_functions = TimeFunctions(self), BlockingFunctions(self)
        replacements = time_functions.replacements() | blocking_functions.replacements()
        references.replace({id(real): virtual for real, virtual in replacements.items()})
        dates.install(time_functions)
        waiting.install(blocking_functions, self)

    def turn(self, loop: Any, timeout: float | None) -> None:
        """Advance by one turn of a loop.

        Args:
            loop: The loop.
            timeout: Seconds that it would have slept; None if it would have slept for ever.
        """
        # For `while loop.time() < end: await asyncio.sleep(0)`: each turn takes longer than the one
        # before.
        if self._time_reads:
            self._polling_turns += 1
            self.nanoseconds += TURN_DURATION * max(0, self._polling_turns - MAX_TIME_READS)
        self._time_reads = 0
        self.nanoseconds += TURN_DURATION
        if timeout is None:
            self._stuck()
        if timeout > 0:
            due = (loop._scheduled[0]._when - MONOTONIC_START) * 1e9
            if due == math.inf:
                self._stuck()
            self.pass_time(max(0, round(due) - self.nanoseconds) + WAKEUP_LATENCY)

    def tick(self) -> float:
        """Return the time to a loop, in seconds, as `time.monotonic` would.

        A nanosecond has passed since the last time, or the smallest step that a float can hold.
        """
        self.nanoseconds += max(1, math.ceil(math.ulp(MONOTONIC_START + self.now()) * 1e9))
        return (MONOTONIC_START * 1_000_000_000 + self.nanoseconds) / 1_000_000_000


def _install_loop(loop: type[asyncio.AbstractEventLoop]) -> None:
    """Make every way to create an event loop return this one."""
    for module in (
        asyncio,
        getattr(asyncio, "unix_events", asyncio),
        getattr(asyncio, "windows_events", asyncio),
    ):
        for name in ("SelectorEventLoop", "EventLoop", "ProactorEventLoop"):
            if hasattr(module, name):
                setattr(module, name, loop)
    # Up to 3.15 a policy creates the loops. It is deprecated from 3.14 on, where only the private
    # function returns it without a warning.
    policy = getattr(events, "_get_event_loop_policy", None) or getattr(
        events, "get_event_loop_policy", None
    )
    if policy is not None:
        kind: Any = type(policy())
        kind._loop_factory = loop
    made = events.new_event_loop()
    made.close()
    if type(made) is not loop:  # it refers to the real class by value
        events.new_event_loop = asyncio.new_event_loop = lambda: loop()


def _log_selector(name: str) -> None:
    """Log which selector a loop uses, as asyncio does for a real loop."""
    logger = log.logger
    if logger.isEnabledFor(logging.DEBUG):
        file, message = selector_events.__file__, "Using selector: %s"
        line = next(
            (number for number, text in enumerate(linecache.getlines(file), 1) if message in text),
            0,
        )
        logger.handle(
            logger.makeRecord(
                logger.name, logging.DEBUG, file, line, message, (name,), None, "__init__"
            )
        )


def _refusing(what: str, refuse: Callable[[str], NoReturn]) -> Callable[..., NoReturn]:
    """Return a method that refuses to do its work."""

    def refused(*_: object, **__: object) -> NoReturn:
        refuse(what)

    return refused


def _loop_class(clock: VirtualClock) -> type[asyncio.AbstractEventLoop]:
    """Return the class of event loops that run on a clock."""

    class Selector:
        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            # A strong reference would be a cycle, left to the program's garbage collector.
            self.loop = weakref.ref(loop)

        def select(self, timeout: float | None) -> list[Any]:
            clock.turn(self.loop(), timeout)
            return []

    class VirtualLoop(base_events.BaseEventLoop):
        _asyncgens: Any

        def __init__(self, selector: object = None) -> None:
            super().__init__()
            # The selector that a real loop would use.
            kind = selectors.DefaultSelector if selector is None else type(selector)
            _log_selector(kind.__name__)
            self._selector = Selector(self)
            self._clock_resolution = 1e-9
            if hasattr(self, "_asyncgens"):
                self._asyncgens.data = OrderedReferences()

        def time(self) -> float:
            if not _getframe(1).f_code.co_filename.startswith(ASYNCIO):
                clock.read()  # the program may be waiting for a time to come
            return clock.tick()

        def _process_events(self, event_list: list[Any]) -> None: ...

        def _write_to_self(self) -> None: ...

    for name in _REFUSED_METHODS:
        setattr(VirtualLoop, name, _refusing(f"calls loop.{name}()", clock.refuse))
    # Programs that print their loop or its type show what they would show on a real clock.
    real = asyncio.SelectorEventLoop
    VirtualLoop.__name__, VirtualLoop.__qualname__, VirtualLoop.__module__ = (
        real.__name__,
        real.__qualname__,
        real.__module__,
    )
    return VirtualLoop
