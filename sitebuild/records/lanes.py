"""Interpreters that wait for programs, by kind.

In:  what kind of program is to be run. Out: a `Lane`, which runs some of them side by side.

An interpreter is started when there is a program for it, and takes the next one then. `Lanes` that
are kept open keep theirs (`make serve`), so that a saved example need not wait for one to start.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import LifoQueue
from typing import Self

from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.running.sandbox import Sandbox
from loopscope.trace.events import Clock
from loopscope.trace.model import Trace

from ..content.examples import Example
from . import pythons

_SIDE_BY_SIDE = {"virtual": os.cpu_count() or 1, "real": 6, "shell": 2, "packages": 2}
"""How many programs of a kind are run at once. Those on the real clock mostly wait, the others keep
a core busy.
"""
_ALL_REAL = 16  # where all are run on a clock that is not their own
# of programs on the virtual clock, which can wait for a core: those on the real clock cannot
_NICE = 10

Kind = tuple[str, str, bool]
"""The path of the Python that runs a program; what else matters for how many of them can be run at
once; and whether the clock is one that it did not ask for.
"""


def kind_of(example: Example, clock: Clock | None) -> Kind:
    """The kind of a program.

    Programs that want packages are run in interpreters that have imported all packages beforehand.
    That costs every fork something at its end, which programs that want none need not pay.
    """
    other = pythons.select_interpreter(example)
    return (
        other.path if other else sys.executable,
        (
            "shell"
            if example.shell
            else "packages"
            if example.dependencies
            else clock or example.clock
        ),
        clock is not None,
    )


class Lanes:
    """The lanes of some runs. Leaving it ends all interpreters, at once where something went wrong.

    Args:
        sandbox: Around each interpreter.
    """

    def __init__(self, sandbox: Sandbox | None) -> None:
        self.sandbox = sandbox
        self._lanes: dict[tuple[Kind, tuple[str, ...]], Lane] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._lanes.clear()
        self._stack.__exit__(*raised)  # type: ignore[arg-type]

    def open(self, examples: Iterable[Example], clock: Clock | None) -> dict[Kind, Lane]:
        """Return a lane for each kind of program among some examples."""
        groups: dict[Kind, list[Example]] = {}
        for example in examples:
            groups.setdefault(kind_of(example, clock), []).append(example)
        return {kind: self._lane(kind, group) for kind, group in groups.items()}

    def _lane(self, kind: Kind, group: list[Example]) -> Lane:
        names = sorted({name for example in group for name in example.dependencies})
        if kind[1] != "packages":
            names = []
        # what an interpreter has imported stays as it was, whatever is installed later
        versions = tuple(f"{name} {_version(name)}" for name in names)
        if (kind, versions) not in self._lanes:
            self._lanes[kind, versions] = Lane(kind, tuple(names), self._stack, self.sandbox)
        return self._lanes[kind, versions]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""  # another Python may have it


class Lane:
    """ForkServer interpreters of one kind, as many as may run side by side, and what hands programs
    to them.
    """

    def __init__(
        self, kind: Kind, packages: tuple[str, ...], stack: ExitStack, sandbox: Sandbox | None
    ) -> None:
        self.python, special, other_clock = kind
        self.closing = False
        workers = (
            _ALL_REAL
            if other_clock
            else _SIDE_BY_SIDE[special]
            if self.python == sys.executable
            else 1
        )
        nice = _NICE if special == "virtual" else 0
        self._start = partial(ForkServer, packages, environment(), self.python, nice, sandbox)
        # None: one that is still to be started, the first or in the place of one that died. Those
        # that have been started are taken first.
        self._free: LifoQueue[ForkServer | None] = LifoQueue()
        self._started: list[ForkServer] = []
        for _ in range(workers):
            self._free.put(None)
        stack.callback(self._close, workers)
        self.pool = ThreadPoolExecutor(workers)
        stack.callback(self._shut)
        stack.push(self._give_up)

    def record(self, program: Program, limits: Limits, files: tuple[str, ...]) -> Trace:
        """What a program did, as an interpreter tells it. An interpreter that fails to tell is
        ended, whatever it raised.
        """
        warm = self._free.get()
        try:
            if warm is None:
                warm = self._start()
                self._started.append(warm)
            trace = warm.record(program, limits, scratch=files)
        except BaseException:
            self._free.put(None)
            if warm is not None:
                self._started.remove(warm)
                warm.close()
            raise
        self._free.put(warm)
        return trace

    def _give_up(self, kind: type | None, *_: object) -> None:
        """When something else went wrong, what runs is not waited for. Nobody else would end it: no
        Ctrl-C reaches a sandbox.
        """
        self.closing = kind is not None
        for warm in tuple(self._started) if self.closing else ():
            warm.kill()

    def _shut(self) -> None:
        self.closing = True  # what has not begun need not
        self.pool.shutdown(cancel_futures=True)

    def _close(self, workers: int) -> None:
        for _ in range(workers):
            warm = self._free.get()
            if warm is not None:
                warm.close()


def environment() -> dict[str, str]:
    """What a program needs, and nothing of the builder's. HOME and TMPDIR are its own folder,
    wherever that is.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
