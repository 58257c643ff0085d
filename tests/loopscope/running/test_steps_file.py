"""The file in memory through which steps come: what a program can do to it, and what is left of the
record then.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from recorders import ENVIRONMENT, LIMITS, Recorders

from loopscope import Trace
from loopscope.limits import Limits
from loopscope.running.launch import Program

STEPS = """
import asyncio, os, resource, signal, stat

def files():
    for name in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISREG(os.fstat(int(name)).st_mode):
                yield int(name)
        except OSError:
            pass

async def work():
    for n in range(50):
        await asyncio.sleep(0)
    {middle}
    for n in range(50):
        await asyncio.sleep(0)
    print("done")

asyncio.run(work())
"""


Record = Callable[..., Trace]


@pytest.fixture(params=["fork", "spawn"])
def record(request: pytest.FixtureRequest, recorders: Recorders, tmp_path: Path) -> Record:
    def record(middle: str, limits: Limits = LIMITS) -> Trace:
        file = tmp_path / "steps.py"
        file.write_text(STEPS.format(middle=middle))
        program = Program(str(file), environment=ENVIRONMENT, name="steps.py")
        return recorders.submit(request.param, program, limits).result()

    return record


def test_steps_come_through_it_in_their_place_among_what_is_printed(record: Record) -> None:
    trace = record("print('half')")
    assert (trace.exit, trace.text(), trace.notes) == (0, "half\ndone\n", ())
    assert len(trace.steps) > 100
    half, done = (piece.step for piece in trace.output)
    assert (half, done) == (50, 100)


def test_a_killed_program_leaves_all_its_steps(record: Record) -> None:
    trace = record("os.kill(os.getpid(), signal.SIGKILL)")
    assert trace.exit == signal.Signals.SIGKILL.name
    assert (len(trace.steps), trace.steps[-1].waiting_on) == (51, None)


def test_where_files_may_not_grow_the_steps_take_the_pipe(record: Record) -> None:
    trace = record("resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))")
    whole = record("pass")
    assert (trace.exit, trace.text(), trace.notes) == (0, "done\n", ())
    assert len(trace.steps) == len(whole.steps) > 100


def test_who_empties_it_loses_steps_and_nothing_else(record: Record) -> None:
    trace = record("[os.ftruncate(file, 0) for file in files()]")
    assert (trace.exit, trace.text()) == (0, "done\n")
    assert 0 < len(trace.steps) < len(record("pass").steps)


def test_who_makes_it_endless_is_ended(record: Record) -> None:
    endless = "[os.ftruncate(file, 1 << 40) for file in files()]; import time; time.sleep(20)"
    trace = record(endless, Limits(seconds=15, file=1 << 50))
    assert trace.stopped is not None
    assert "it wrote more into the recording's own descriptor" in trace.stopped
