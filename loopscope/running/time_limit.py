"""How long a program may run, by the clock that is fair to it.

In:  the limit in seconds and, at each look, the program's processes. Out: a sentence when the time
     is used up.

On the real clock that is the time that passes. On the virtual clock a program only computes, so
what counts is the CPU that it used: on a busy machine, which lets it wait for a core, it must not
be ended for that. One that neither computes nor ends (it waits in C for something that never comes,
or it was stopped) is ended when it has done nothing for as long.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from . import processes

_INTERVAL = 0.05  # seconds between two looks at the processes
# times the limit, and a minute more: what even a starved program on the virtual clock may take
_CEILING = 10


class TimeLimit:
    """A program's time. `family` gives the process ids of the program and its children."""

    def __init__(self, seconds: float, clock: str, family: Callable[[], list[int]]) -> None:
        self._seconds = seconds
        self._virtual = clock == "virtual"
        self._family = family
        self._began = self._looked = time.monotonic()
        self._idle = self._used = 0.0
        self._active = False

    def pause(self, seconds: float) -> None:
        """The program was stopped for so long together with its supervisor (Ctrl-Z), which does not
        count.
        """
        self._began += seconds
        self._looked += seconds

    def used_up(self, active: bool) -> str | None:
        """Says in what way the time is used up; None: it is not. `active`: the program has been
        heard since the last look.
        """
        self._active = self._active or active
        now = time.monotonic()
        if self._seconds == float("inf") or now - self._looked < _INTERVAL:
            return None
        if not self._virtual:
            return self._after(" s") if now - self._began > self._seconds else None
        usage = processes.usage(self._family())
        if usage is None:  # a system that does not tell
            return self._after(" s") if now - self._began > self._seconds else None
        used, running = usage
        if not (running or self._active or used > self._used):
            self._idle += min(now - self._looked, 2 * _INTERVAL)
        self._looked, self._used, self._active = now, used, False
        if used > self._seconds:
            return self._after(" s of CPU")
        if self._idle > self._seconds:
            return self._after(" s in which it did nothing")
        if now - self._began > _CEILING * self._seconds + 60:
            return (
                f"it ran out of time: stopped after {now - self._began:.0f} s, of which it had the"
                f" CPU for {used:.1f} s"
            )
        return None

    def _after(self, what: str) -> str:
        return f"it ran out of time: stopped after {self._seconds:g}{what}"
