"""The virtual clock: asyncio's own machinery on a loop that moves time on instead of sleeping.

In:  nothing. Out: a `VirtualClock` whose `install` makes every way to an event loop give a virtual one, and makes `time.sleep`,
`time.monotonic` and their like follow the same clock.

Time is counted in whole nanoseconds, so that it is exact. Timers that fall due together come out as they do on a real clock:

- One nanosecond passes each time that the loop is asked for the time. So of two timers set one after the other for the same delay the
  first falls due first; the loop keeps timers in a heap, which knows no order among equals.
- One microsecond passes per turn of the loop.
- A loop that sleeps wakes up late rather than early: the system counts its sleep in whole milliseconds. So timers that fall due within
  `TOGETHER` of each other are found in the same turn. Time moves on to the last of them.

Nothing can wake such a loop from outside. What would need to (a socket, a thread, a process, a signal) calls `refuse` with its name; a
loop with nothing left to do calls `stuck`. Neither returns: both end the program.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import sys
import threading
import time
from asyncio import base_events, events
from collections.abc import Callable
from typing import Any, NoReturn

from .ordered import WeakReferences

TURN = 1_000  # nanoseconds that pass per turn of the loop
TOGETHER = 500_000  # nanoseconds within which timers fall due in the same turn
_REFUSED_METHODS = (
    *("add_reader", "add_writer", "remove_reader", "remove_writer", "add_signal_handler", "remove_signal_handler"),
    *("sock_recv", "sock_recv_into", "sock_recvfrom", "sock_sendall", "sock_sendto", "sock_connect", "sock_accept", "sock_sendfile"),
    *("create_connection", "create_server", "create_datagram_endpoint", "create_unix_connection", "create_unix_server"),
    *("connect_accepted_socket", "connect_read_pipe", "connect_write_pipe", "subprocess_exec", "subprocess_shell"),
    *("run_in_executor", "getaddrinfo", "getnameinfo"),
)
_REFUSED_FUNCTIONS = (
    (signal, ("pause", "sigwait", "sigwaitinfo", "sigtimedwait", "setitimer", "alarm"), "waits for a signal"),
    # Python tells of threads by an audit event only from 3.12 on.
    (threading, ("_start_new_thread", "_start_joinable_thread"), "starts a thread"),
    (_thread, ("start_new_thread", "start_joinable_thread"), "starts a thread"),
)
_REFUSED_EVENTS = {
    "socket.__new__": "opens a socket",
    "subprocess.Popen": "starts a process",
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.system": "starts a process",
    "os.exec": "replaces itself by another program",
}


class VirtualClock:
    """Time that moves only when the program waits."""

    def __init__(self, refuse: Callable[[str], NoReturn], stuck: Callable[[], NoReturn]) -> None:
        self.nanoseconds = 0
        self._refuse = refuse
        self._stuck = stuck
        self._began = time.time_ns()
        self._real_sleep = time.sleep

    def now(self) -> float:
        """Seconds since the program began."""
        return self.nanoseconds / 1e9

    def sleep(self, seconds: float, /) -> None:
        """Stands in for `time.sleep`."""
        if not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e9:
            self._real_sleep(seconds)  # which says what is wrong with it
        self.nanoseconds += round(seconds * 1e9)

    def install(self) -> None:
        """Put the clock in place of the real one, in this process, for good."""
        loop = _loop_class(self, self._refuse)
        for module in (asyncio, getattr(asyncio, "unix_events", asyncio), getattr(asyncio, "windows_events", asyncio)):
            for name in ("SelectorEventLoop", "EventLoop", "ProactorEventLoop"):
                if hasattr(module, name):
                    setattr(module, name, loop)
        policy = getattr(events, "_get_event_loop_policy", None) or events.get_event_loop_policy
        kind: Any = type(policy())
        kind._loop_factory = loop
        for name, function in {
            "sleep": self.sleep,
            "monotonic": self.now,
            "perf_counter": self.now,
            "monotonic_ns": lambda: self.nanoseconds,
            "perf_counter_ns": lambda: self.nanoseconds,
            "time": lambda: (self._began + self.nanoseconds) / 1e9,
            "time_ns": lambda: self._began + self.nanoseconds,
        }.items():
            setattr(time, name, function)
        for module, names, what in _REFUSED_FUNCTIONS:
            for name in names:
                if hasattr(module, name):
                    setattr(module, name, _refusing(what, self._refuse))

        def audit(event: str, _: tuple) -> None:
            if event in _REFUSED_EVENTS:
                self._refuse(_REFUSED_EVENTS[event])

        sys.addaudithook(audit)

    def turn(self, loop: Any, timeout: float | None) -> None:
        """One turn of `loop`, which would have slept for `timeout` seconds (None: for ever)."""
        self.nanoseconds += TURN
        if timeout is None:
            self._stuck()
        if timeout > 0:
            self.nanoseconds = max(self.nanoseconds, round(_last_together(loop._scheduled) * 1e9))

    def tick(self) -> float:
        """A loop asks for the time, in seconds since the program began: a nanosecond has passed since it last did."""
        self.nanoseconds += 1
        return self.now()


def _last_together(timers: list[Any]) -> float:
    """When the last of the timers falls due that a sleeping loop would find in the same turn as the first.

    Args:
        timers: The loop's heap of timers; the first one is not cancelled.

    Returns:
        A time of the loop's clock, in seconds.
    """
    last, until = timers[0]._when, timers[0]._when + TOGETHER / 1e9
    look = [1, 2]  # below a timer of the heap that is too late there are only later ones
    while look:
        index = look.pop()
        if index < len(timers) and timers[index]._when <= until:
            if not timers[index]._cancelled:
                last = max(last, timers[index]._when)
            look += (2 * index + 1, 2 * index + 2)
    return last


def _refusing(what: str, refuse: Callable[[str], NoReturn]) -> Callable:
    def refused(*_: object, **__: object) -> NoReturn:
        refuse(what)

    return refused


def _loop_class(clock: VirtualClock, refuse: Callable[[str], NoReturn]) -> type[asyncio.AbstractEventLoop]:
    class Selector:
        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            self.loop = loop

        def select(self, timeout: float | None) -> list:
            clock.turn(self.loop, timeout)
            return []

    class VirtualLoop(base_events.BaseEventLoop):
        _asyncgens: Any

        def __init__(self, selector: object = None) -> None:
            super().__init__()
            self._selector = Selector(self)
            self._clock_resolution = 1e-9
            self._asyncgens.data = WeakReferences()

        def time(self) -> float:
            return clock.tick()

        def _process_events(self, event_list: list) -> None: ...

        def _write_to_self(self) -> None: ...

    for name in _REFUSED_METHODS:
        setattr(VirtualLoop, name, _refusing(f"calls loop.{name}()", refuse))
    # Programs that print their loop or its type show what they would show on a real clock.
    real = asyncio.SelectorEventLoop
    VirtualLoop.__name__, VirtualLoop.__qualname__, VirtualLoop.__module__ = real.__name__, real.__qualname__, real.__module__
    return VirtualLoop
