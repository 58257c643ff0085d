"""How long a program may run, by the clock that is fair to it.

On the real clock, that is the time that passes. On the virtual clock a program only computes, so
what counts is the CPU time that it used: a busy machine that makes it wait for a core must not be
the reason to end it. A program that neither computes nor ends (it waits in C for something that
never comes, or it was stopped) is ended after doing nothing for as long.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from . import processes

_CHECK_INTERVAL = 0.05  # seconds
# times the limit, plus a minute: the time that even a starved program on the virtual clock may take
_ELAPSED_FACTOR = 10


class TimeLimit:
    """The time limit of one program."""

    def __init__(self, seconds: float, clock: str, list_processes: Callable[[], list[int]]) -> None:
        """Start to count.

        Args:
            seconds: The limit.
            clock: The clock that the program runs on.
            list_processes: Returns the process ids of the program and its descendants.
        """
        self._seconds = seconds
        self._virtual = clock == "virtual"
        self._list_processes = list_processes
        self._began_at = self._checked_at = time.monotonic()
        self._idle_seconds = self._cpu_used = 0.0
        self._active = False

    def pause(self, seconds: float) -> None:
        """Leave out time for which the program was stopped together with its supervisor (Ctrl-Z).

        Args:
            seconds: How long both were stopped.
        """
        self._began_at += seconds
        self._checked_at += seconds

    def exceeded(self, active: bool) -> str | None:
        """Return in what way the time limit is exceeded, as a sentence; None if it is not.

        Args:
            active: Whether the program has sent an event since the last call.
        """
        self._active = self._active or active
        now = time.monotonic()
        if self._seconds == float("inf") or now - self._checked_at < _CHECK_INTERVAL:
            return None
        if not self._virtual:
            return self._message(" s") if now - self._began_at > self._seconds else None
        usage = processes.cpu_usage(self._list_processes())
        if usage is None:  # this system does not report it
            return self._message(" s") if now - self._began_at > self._seconds else None
        used, running = usage
        if not (running or self._active or used > self._cpu_used):
            self._idle_seconds += min(now - self._checked_at, 2 * _CHECK_INTERVAL)
        self._checked_at, self._cpu_used, self._active = now, used, False
        if used > self._seconds:
            return self._message(" s of CPU")
        if self._idle_seconds > self._seconds:
            return self._message(" s in which it did nothing")
        if now - self._began_at > _ELAPSED_FACTOR * self._seconds + 60:
            return (
                f"it ran out of time: stopped after {now - self._began_at:.0f} s,"
                f" of which it had the CPU for {used:.1f} s"
            )
        return None

    def _message(self, rest: str) -> str:
        return f"it ran out of time: stopped after {self._seconds:g}{rest}"
