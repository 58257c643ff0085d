"""Pools of fork servers: warm interpreters that run several examples side by side.

Pools can stay open between runs, as they do in `make serve`, so that an example that has just been
saved need not wait until an interpreter has started.
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
from types import TracebackType
from typing import Literal, NamedTuple, Self

from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.running.sandbox import Sandbox
from loopscope.trace.events import Clock
from loopscope.trace.model import Trace

from ..content.examples import Example
from . import pythons

_MAX_WORKERS = {"virtual": os.cpu_count() or 1, "real": 6, "shell": 2, "packages": 2}
"""How many programs of a kind run at once.

Programs on the real clock mostly wait; the others keep a core busy.
"""
_MAX_WORKERS_OVERRIDDEN = 16  # where all programs run on the same clock, whatever they declare
# Programs on the virtual clock can wait for a core; those on the real clock would be late.
_VIRTUAL_NICENESS = 10


class Kind(NamedTuple):
    """What decides which pool an example runs in.

    Programs that need packages run in interpreters that have imported all of these packages. Each
    fork of such an interpreter takes longer to exit, so other programs do not run in them.

    Attributes:
        python: The path of the interpreter.
        load: What the example needs: its clock, a shell, or packages.
        overridden: Whether it runs on a clock that it may not have declared.
    """

    python: str
    load: Literal["virtual", "real", "shell", "packages"]
    overridden: bool

    @classmethod
    def of(cls, example: Example, clock: Clock | None) -> Kind:
        """Return the kind of an example.

        Args:
            example: The example.
            clock: The clock that it runs on; None for the one that it declares.
        """
        interpreter = pythons.select_interpreter(example)
        path = interpreter.path if interpreter else sys.executable
        overridden = clock is not None
        if example.shell:
            return cls(path, "shell", overridden)
        load = "packages" if example.dependencies else clock or example.clock
        return cls(path, load, overridden)


class ServerPools:
    """The pools of one run, or of several runs one after the other.

    As a context manager it closes all pools on exit, and kills what is running if there was an
    error.

    Args:
        sandbox: The sandbox of the fork servers; None for none.
    """

    def __init__(self, sandbox: Sandbox | None) -> None:
        self.sandbox = sandbox
        self._pools: dict[tuple[Kind, tuple[str, ...]], ServerPool] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pools.clear()
        self._stack.__exit__(kind, error, traceback)

    def open(self, examples: Iterable[Example], clock: Clock | None) -> dict[Kind, ServerPool]:
        """Return a pool for each kind of example; pools that are open already are used again.

        Args:
            examples: The examples that will run.
            clock: The clock that they run on; None for the one that each declares.
        """
        groups: dict[Kind, list[Example]] = {}
        for example in examples:
            groups.setdefault(Kind.of(example, clock), []).append(example)
        return {kind: self._pool(kind, group) for kind, group in groups.items()}

    def _pool(self, kind: Kind, examples: list[Example]) -> ServerPool:
        names = sorted({name for example in examples for name in example.dependencies})
        if kind.load != "packages":
            names = []
        # An interpreter keeps what it has imported, whatever version is installed later.
        versions = tuple(f"{name} {_installed_version(name)}" for name in names)
        if (kind, versions) not in self._pools:
            self._pools[kind, versions] = ServerPool(kind, tuple(names), self._stack, self.sandbox)
        return self._pools[kind, versions]


def _installed_version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""  # another Python may have it


class ServerPool:
    """Fork servers of one kind, and the threads that hand programs to them.

    A server is started when there is a program and no started server is free.

    Args:
        kind: The kind of all of the examples.
        packages: The packages that its interpreters import.
        stack: Closes the pool when it exits.
        sandbox: The sandbox of the fork servers; None for none.

    Attributes:
        python: The path of the interpreter.
        threads: An executor with a thread for each fork server.
        closing: Whether the pool is being closed: nothing that has not begun will be run.
    """

    def __init__(
        self, kind: Kind, packages: tuple[str, ...], stack: ExitStack, sandbox: Sandbox | None
    ) -> None:
        self.python = kind.python
        self.closing = False
        if kind.overridden:
            workers = _MAX_WORKERS_OVERRIDDEN
        elif self.python == sys.executable:
            workers = _MAX_WORKERS[kind.load]
        else:
            workers = 1
        nice = _VIRTUAL_NICENESS if kind.load == "virtual" else 0
        self._start = partial(ForkServer, packages, environment(), self.python, nice, sandbox)
        # None stands for a server that has not been started yet, or whose predecessor died. The
        # last one in is the first one out, so started servers are taken first.
        self._free: LifoQueue[ForkServer | None] = LifoQueue()
        self._started: list[ForkServer] = []
        for _ in range(workers):
            self._free.put(None)
        stack.callback(self._close, workers)
        self.threads = ThreadPoolExecutor(workers)
        stack.callback(self._shut_down_threads)
        stack.push(self._kill_on_error)

    def record(self, program: Program, limits: Limits, files: tuple[str, ...]) -> Trace:
        """Record a program in a free server, and wait for one if there is none.

        Args:
            program: The program.
            limits: What it may use.
            files: Paths of the files that are copied into its folder.

        Raises:
            Exception: Whatever the server raised. The server is closed; another will replace it.
        """
        server = self._free.get()
        try:
            if server is None:
                server = self._start()
                self._started.append(server)
            trace = server.record(program, limits, scratch=files)
        except BaseException:
            self._free.put(None)
            if server is not None:
                self._started.remove(server)
                server.close()
            raise
        self._free.put(server)
        return trace

    def _kill_on_error(self, error: type[BaseException] | None, *_: object) -> None:
        """Kill what is running if the stack exits with an error, such as an interruption.

        Nothing else would: Ctrl-C does not reach a sandbox.
        """
        self.closing = error is not None
        for server in tuple(self._started) if self.closing else ():
            server.kill()

    def _shut_down_threads(self) -> None:
        self.closing = True
        self.threads.shutdown(cancel_futures=True)

    def _close(self, workers: int) -> None:
        for _ in range(workers):
            server = self._free.get()
            if server is not None:
                server.close()


def environment() -> dict[str, str]:
    """Return the environment of a program: what it needs, and nothing of the builder's.

    HOME and TMPDIR are not in it: they are the program's own folder, which loopscope chooses.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
