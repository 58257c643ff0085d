"""Functions that return the time and the date of the virtual clock.

They replace those of `time` and `os`; `datetime`, `uuid` and `logging` are changed to match. A run
is the same every day and on each machine: it begins at `START_DATE`, and its local time is UTC. CPU
time (`process_time`) is what passes while the program does not wait, so next to nothing. What the
operating system reports by itself (a file's date, `resource.getrusage`) stays real.
"""

from __future__ import annotations

import os
import sys
import time
import types
import warnings
from collections.abc import Callable
from time import struct_time
from typing import TYPE_CHECKING, Any

from .replacing import name_like_c_functions, replace_method

if TYPE_CHECKING:
    from .clock import VirtualClock

START_DATE = 1_767_603_600
"""When programs begin, in seconds since 1970: on Monday, 5 January 2026, at 09:00 UTC."""

MONOTONIC_START = 10_000
"""What `time.monotonic()` and `loop.time()` return when such a program begins, in seconds.

Not 0, since programs use 0 for what was long ago.
"""

# from the epoch of UUIDs (1582) to that of Unix, in units of 100 nanoseconds
_UUID_EPOCH_OFFSET = 0x01B21DD213814000
_CPU_CLOCKS = ("CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID", "CLOCK_PROF", "CLOCK_VIRTUAL")
_DATE_CLOCKS = ("CLOCK_REALTIME", "CLOCK_REALTIME_COARSE", "CLOCK_TAI")


class TimeFunctions:
    """Replacements for the functions of the same names in `time`, and `os_times` for `os.times`.

    Programs get each of them bound to this object. A plain function would become a method where a
    class holds it (`class Timer: clock = time.monotonic`), which a function written in C does not.
    """

    NAMES = (
        *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"),
        *("process_time", "process_time_ns", "thread_time", "thread_time_ns"),
        *("clock_gettime", "clock_gettime_ns"),
        *("localtime", "gmtime", "ctime", "asctime", "strftime"),
    )

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        # None for a name that this system lacks, which is never called.
        self._real: dict[str, Any] = {name: getattr(time, name, None) for name in self.NAMES}
        self._cpu = {getattr(time, name) for name in _CPU_CLOCKS if hasattr(time, name)}
        self._date = {getattr(time, name) for name in _DATE_CLOCKS if hasattr(time, name)}
        self._last_uuid = 0

    def replacements(self) -> dict[Any, Callable[..., Any]]:
        """Return what replaces each real function."""
        found = {
            getattr(time, name): getattr(self, name) for name in self.NAMES if hasattr(time, name)
        }
        return found | ({os.times: self.os_times} if hasattr(os, "times") else {})

    def time_ns(self) -> int:
        return START_DATE * 1_000_000_000 + self._clock.read()

    def time(self) -> float:
        return self.time_ns() / 1e9

    def monotonic_ns(self) -> int:
        return MONOTONIC_START * 1_000_000_000 + self._clock.read()

    def monotonic(self) -> float:
        return self.monotonic_ns() / 1e9

    def perf_counter_ns(self) -> int:
        return self.monotonic_ns()

    def perf_counter(self) -> float:
        return self.monotonic_ns() / 1e9

    def process_time_ns(self) -> int:
        return self._clock.read() - self._clock.waited

    def process_time(self) -> float:
        return self.process_time_ns() / 1e9

    def thread_time_ns(self) -> int:
        return self.process_time_ns()

    def thread_time(self) -> float:
        return self.process_time()

    def clock_gettime_ns(self, kind: int, /) -> int:
        self._call_real("clock_gettime_ns", kind)  # raises if there is no such clock
        if kind in self._cpu:
            return self.process_time_ns()
        return self.time_ns() if kind in self._date else self.monotonic_ns()

    def clock_gettime(self, kind: int, /) -> float:
        return self.clock_gettime_ns(kind) / 1e9

    def localtime(self, seconds: float | None = None, /) -> struct_time:
        moment: struct_time = self._call_real(
            "localtime", self._seconds() if seconds is None else seconds
        )
        return moment

    def gmtime(self, seconds: float | None = None, /) -> struct_time:
        moment: struct_time = self._call_real(
            "gmtime", self._seconds() if seconds is None else seconds
        )
        return moment

    def ctime(self, seconds: float | None = None, /) -> str:
        text: str = self._call_real("ctime", self._seconds() if seconds is None else seconds)
        return text

    def asctime(self, *moment: Any) -> str:
        text: str = self._call_real("asctime", *moment or (self.localtime(),))
        return text

    def strftime(self, form: str, /, *moment: Any) -> str:
        text: str = self._call_real("strftime", form, *moment or (self.localtime(),))
        return text

    def os_times(self) -> Any:
        return os.times_result((self.process_time(), 0.0, 0.0, 0.0, self.monotonic()))

    def microseconds(self) -> int:
        """Return the date in whole microseconds since 1970, as `datetime` holds it."""
        return self.time_ns() // 1000

    def uuid_time(self, made: bytes) -> bytes:
        """Return a time-based UUID with its time replaced by the clock's; no two are alike.

        Args:
            made: The 16 bytes of a UUID of version 1.
        """
        self._last_uuid = max(self._last_uuid + 1, self.time_ns() // 100 + _UUID_EPOCH_OFFSET)
        high, middle, low = (
            (self._last_uuid >> 48) & 0xFFF | 0x1000,
            (self._last_uuid >> 32) & 0xFFFF,
            self._last_uuid & 0xFFFF_FFFF,
        )
        return (
            low.to_bytes(4, "big") + middle.to_bytes(2, "big") + high.to_bytes(2, "big") + made[8:]
        )

    def _call_real(self, name: str, *arguments: Any) -> Any:
        """Call the real function of a name."""
        return self._real[name](*arguments)

    def _seconds(self) -> int:
        """Return the date in whole seconds since 1970."""
        return self.time_ns() // 1_000_000_000


name_like_c_functions(TimeFunctions)


def install(functions: TimeFunctions) -> None:
    """Make the clock apply to what reads the real one in C, or has read it already.

    That is `datetime`, `uuid` and `logging`. Local time becomes UTC.
    """
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()
    _install_datetime(functions)
    _install_uuid(functions)
    import logging  # asyncio has imported it already

    # `relativeCreated` counts from it; in seconds, from 3.13 on in nanoseconds.
    start_time: Any = getattr(logging, "_startTime", None)
    if start_time is not None:
        module: Any = logging
        nanoseconds = isinstance(start_time, int)
        module._startTime = START_DATE * 1_000_000_000 if nanoseconds else float(START_DATE)


def _install_datetime(functions: TimeFunctions) -> None:
    """Replace the methods that ask the system for the date instead of `time.time`."""
    from datetime import date, datetime, timezone

    # Not `cls.fromtimestamp`: a subclass may override it, and the real `now` does not call that.
    from_timestamp: Callable[..., Callable[..., datetime]] = datetime.__dict__[
        "fromtimestamp"
    ].__get__
    real_utcnow = datetime.__dict__["utcnow"].__get__ if "utcnow" in datetime.__dict__ else None

    def now(cls: type[datetime], tz: Any = None) -> datetime:
        return from_timestamp(None, cls)(functions.microseconds() / 1e6, tz)

    def utcnow(cls: type[datetime]) -> datetime:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            real_utcnow(None, datetime)()  # type: ignore[misc]  # typeshed expects an instance; a class is bound here
        for warning in caught:  # it is deprecated from 3.12 on
            warnings.warn(str(warning.message), warning.category, stacklevel=2)
        return from_timestamp(None, cls)(functions.microseconds() / 1e6, timezone.utc).replace(
            tzinfo=None
        )

    def today(cls: type[date]) -> date:
        return cls.fromtimestamp(functions.time())

    methods: list[tuple[type, Callable[..., Any]]] = [(datetime, now)]
    if real_utcnow is not None:
        methods.append((datetime, utcnow))
    if date.today() != date.fromtimestamp(START_DATE):  # from 3.15 on
        methods.append((date, today))
    for kind, method in methods:
        name = method.__name__
        method.__qualname__, method.__module__, method.__doc__ = (
            f"{kind.__name__}.{name}",
            "datetime",
            getattr(kind, name).__doc__,
        )
        replace_method(kind, name, classmethod(method))


def _install_uuid(functions: TimeFunctions) -> None:
    """Replace the function, written in C, that makes UUIDs for `uuid1`."""
    for module, name in (
        (sys.modules.get("_uuid"), "generate_time_safe"),
        (sys.modules.get("uuid"), "_generate_time_safe"),
    ):
        real = getattr(module, name, None)
        if real is not None:
            setattr(module, name, _with_virtual_time(functions, real))


def _with_virtual_time(
    functions: TimeFunctions, real: Callable[[], tuple[bytes, int | None]]
) -> Callable[[], tuple[bytes, int | None]]:
    """Return a function that makes UUIDs like the real one, at the clock's time."""

    def generate_time_safe(_: object) -> tuple[bytes, int | None]:
        made, safe = real()
        return functions.uuid_time(made), safe

    return types.MethodType(generate_time_safe, functions)
