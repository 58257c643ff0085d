"""Whether asyncio alone decides what a program prints, or the machine's pace decides it, too.

In:  a program's source. Out: `Verdict`s: what it printed on clocks of several kinds.

A real clock is never quite on time: it moves while code runs, waits are rounded up to milliseconds,
and a busy machine wakes a program late. Sets of tasks are walked in order of addresses. Here a
program runs on event loops of asyncio's own whose clock does all that by chance, without sleeping;
what prints the same text on every one of them will print it on any machine that is not far too
slow. Nothing of loopscope's is used, so that it can be judged by the result.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import itertools
import math
import random
import re
import selectors
import time
import traceback
import weakref
from asyncio import events, tasks
from collections.abc import Iterator
from typing import Any, NamedTuple

LONGEST = 2.0
"""Seconds; programs that sleep longer are stopped."""
TURNS = 5_000
"""Turns of the loop, after which a program is stopped."""


class Verdict(NamedTuple):
    """What running a program on several clocks showed."""

    determined: bool  # the same text and end every time
    stdout: str  # of the first run
    problem: str | None  # why a run had to be stopped: it would never have ended, or not soon
    seconds: float  # the longest run


class Stopped(BaseException):
    """The program can't go on, or has gone on long enough."""


class Pace(NamedTuple):
    """How a machine keeps time; all in seconds."""

    call: float  # at most, between two things that a program does
    late: float  # at most, by which a wait is late
    rounded: bool  # waits are rounded up to milliseconds


PACES = (
    Pace(call=2e-8, late=1e-8, rounded=False),
    Pace(call=1e-6, late=5e-5, rounded=True),
    Pace(call=1e-5, late=1e-4, rounded=True),
    Pace(call=1e-5, late=1e-3, rounded=True),
    Pace(call=1e-4, late=1e-4, rounded=False),
    Pace(call=1e-4, late=1e-5, rounded=False),
    Pace(call=2e-4, late=1e-5, rounded=True),
    Pace(call=1e-3, late=5e-3, rounded=True),
    Pace(call=1e-5, late=5e-3, rounded=True),
    Pace(call=3e-5, late=5e-3, rounded=False),
)


class _Clock:
    def __init__(self, pace: Pace, rng: random.Random) -> None:
        self.pace, self.rng = pace, rng
        self.now = 1000 + rng.random()
        self.began = self.now
        self.turns = 0

    def time(self) -> float:
        self.now += self.rng.uniform(1e-8, self.pace.call)
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self.rng.uniform(0, self.pace.late)

    def wait(self, timeout: float | None) -> None:
        self.turns += 1
        if timeout is None:
            raise Stopped("it waits for ever")
        if self.turns > TURNS or self.now - self.began > LONGEST:
            raise Stopped("it takes too long")
        if timeout > 0:
            if self.pace.rounded:
                timeout = math.ceil(timeout * 1e3) * 1e-3
            self.sleep(timeout)


class _Selector(selectors.SelectSelector):
    clock: _Clock

    def select(self, timeout: float | None = None) -> list:
        self.clock.wait(timeout)
        return []


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: _Clock) -> None:
        selector = _Selector()
        selector.clock = clock
        super().__init__(selector)
        self.clock = clock
        self._asyncgens = _shuffled(weakref.WeakSet, clock.rng)

    def time(self) -> float:
        return self.clock.time()

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
        self.clock.time()  # what runs takes time, not only looking at the clock
        return super().call_soon(callback, *args, context=context)


class _Output(io.StringIO):
    """Standard output; writing takes time."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__()
        self._clock = clock

    def write(self, text: str) -> int:
        self._clock.time()
        return super().write(text)


def _shuffled(kind: Any, rng: random.Random, items: Any = ()) -> Any:
    """A set that is walked in another order each time."""

    class Shuffled(kind):
        def __iter__(self) -> Any:
            order = list(kind.__iter__(self))
            rng.shuffle(order)
            return iter(order)

    return Shuffled(items)


RUNS = 3 * len(PACES)
"""Clocks on which a program is run unless somebody asks for more."""


def judge(source: str, file: str, runs: int = RUNS) -> Verdict:
    """Run a program `runs` times on clocks of different pace. Not in a process that uses asyncio
    for itself.

    Args:
        source: Its text.
        file: Its name, as tracebacks have it.
        runs: It ends earlier when two runs differ.
    """
    gc.collect()  # what another program has left behind might print
    code = compile(source, file, "exec")
    first, longest = None, 0.0
    for run, pace in zip(range(runs), itertools.cycle(PACES)):
        clock = _Clock(pace, random.Random(run))
        shown = _run(code, file, clock)
        if isinstance(shown, str):
            return Verdict(False, "", shown, longest)
        longest = max(longest, clock.now - clock.began)
        first = first or shown
        if shown != first:
            return Verdict(False, first[0], None, longest)
    return Verdict(True, first[0] if first else "", None, longest)


def _run(code: Any, file: str, clock: _Clock) -> tuple[str, str, str] | str:
    """One run: standard output, standard error and the exception that ended it; or why it was
    stopped.
    """
    stdout, stderr, ended = _Output(clock), io.StringIO(), ""
    with _patched(clock), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            exec(code, {"__name__": "__main__", "__file__": file})
        except Stopped as stopped:
            return str(stopped)
        except BaseException as error:
            ended = "".join(traceback.format_exception(error))
    return stdout.getvalue(), _masked(stderr.getvalue()), ended


@contextlib.contextmanager
def _patched(clock: _Clock) -> Iterator[None]:
    """Every loop that is made is a `_Loop`, and what is a set in asyncio has no order."""
    group: Any = getattr(asyncio, "TaskGroup", None)
    real_all_tasks = tasks.all_tasks
    with contextlib.ExitStack() as patches:

        def patch(owner: Any, name: str, value: Any) -> None:
            patches.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)

        patch(time, "sleep", clock.sleep)
        patch(events, "new_event_loop", lambda: _Loop(clock))
        patch(tasks, "all_tasks", lambda loop=None: _shuffled(set, clock.rng, real_all_tasks(loop)))
        if group is not None:
            real_init = group.__init__

            def init(self: Any) -> None:
                real_init(self)
                self._tasks = _shuffled(set, clock.rng)

            patch(group, "__init__", init)
        yield


def _masked(text: str) -> str:
    """Without what differs from run to run and says nothing: addresses, and names that asyncio
    counts.
    """
    return re.sub(r"Task-\d+|0x[0-9a-f]+", "…", text)
