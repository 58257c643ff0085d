"""Ways to record for the tests of this folder: many programs side by side, by both starts."""

from __future__ import annotations

import multiprocessing
import os
import queue
import textwrap
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from loopscope import Trace
from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.launch import supervise
from loopscope.running.program import Program

WORKERS = 3
LIMITS = Limits(seconds=60)
PATIENCE = (0.5, 2, 8, 60)
"""Seconds that a program may run which is to run out of time, one after the other: on a busy machine
it may not have begun when the first are over.
"""
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nowhere",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Recorders:
    """Records programs side by side: `fork` by warm interpreters, `spawn` by new ones, as the
    command does.

    What the command does in a process of its own, `supervise`, is done here in a few that stay: it
    is the program's interpreter that must be new.
    """

    def __init__(self) -> None:
        self._warm: queue.SimpleQueue[ForkServer] = queue.SimpleQueue()
        for _ in range(WORKERS):
            self._warm.put(ForkServer(environment=ENVIRONMENT))
        self._threads = ThreadPoolExecutor(WORKERS)
        self._patient = ThreadPoolExecutor(WORKERS)
        self._supervisors = ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn"))

    def submit(self, start: str, program: Program, limits: Limits = LIMITS) -> Future[Trace]:
        return (
            self._supervisors.submit(supervise, program, limits)
            if start == "spawn"
            else self._threads.submit(self._fork, program, limits)
        )

    def submit_until(
        self, begun: Callable[[Trace], bool], start: str, program: Program
    ) -> Future[Trace]:
        """Record a program that never ends, for longer and longer until it has begun."""
        return self._patient.submit(self._until, begun, start, program)

    def _until(self, begun: Callable[[Trace], bool], start: str, program: Program) -> Trace:
        for seconds in PATIENCE:
            trace = self.submit(start, program, Limits(seconds=seconds)).result()
            if begun(trace):
                break
        return trace

    def _fork(self, program: Program, limits: Limits) -> Trace:
        warm = self._warm.get()
        try:
            return warm.record(program, limits)
        finally:
            self._warm.put(warm)

    def close(self) -> None:
        self._patient.shutdown()
        self._threads.shutdown()
        self._supervisors.shutdown()
        while not self._warm.empty():
            self._warm.get().close()


class Recorded:
    """Traces of the programs of one test module, recorded side by side when the first test asks."""

    def __init__(self, recorders: Recorders, folder: Path) -> None:
        self._recorders, self._folder = recorders, folder
        self._traces: dict[str, dict[str, Future[Trace]]] = {}

    def add(
        self,
        name: str,
        text: str,
        *,
        starts: tuple[str, ...] = ("fork",),
        clock: str = "virtual",
        limits: Limits = LIMITS,
        begun: Callable[[Trace], bool] | None = None,
        environment: dict[str, str] | None = None,
        lines: bool = False,
    ) -> None:
        """Begin to record a program, in all its `starts`; one that never ends has no limits but
        says how to see in its trace that it has `begun` (see `PATIENCE`).
        """
        file = self._folder / f"{name}.py"
        file.write_text(textwrap.dedent(text).lstrip("\n"))
        folder = self._folder / f"{name}.scratch"
        folder.mkdir()
        program = Program(
            str(file),
            clock=clock,
            directory=str(folder),
            environment=ENVIRONMENT | (environment or {}),
            name=f"{name}.py",
            lines=lines,
        )
        self._traces[name] = {
            start: self._recorders.submit(start, program, limits)
            if begun is None
            else self._recorders.submit_until(begun, start, program)
            for start in starts
        }

    def add_all(self, programs: dict[str, tuple[str, dict[str, Any]]]) -> None:
        """Programs by name: the text of each, and the other arguments of `add`."""
        for name, (text, how) in programs.items():
            self.add(name, text, **how)

    def trace(self, name: str, start: str | None = None) -> Trace:
        traces = self._traces[name]
        return (traces[start] if start else next(iter(traces.values()))).result()

    def source(self, name: str) -> list[str]:
        return (self._folder / f"{name}.py").read_text().splitlines()
