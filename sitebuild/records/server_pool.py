"""A pool of fork servers of one kind: warm interpreters that run several examples side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, NamedTuple

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
    """

    python: str
    load: Literal["virtual", "real", "shell", "packages"]

    @classmethod
    def of(cls, example: Example, clock: Clock | None) -> Kind:
        """Return the kind of an example.

        Args:
            example: The example.
            clock: The clock that it runs on; None for the one that it declares.
        """
        interpreter = pythons.select_interpreter(example)
        path = interpreter.path if interpreter else sys.executable
        if example.shell:
            return cls(path, "shell")
        return cls(path, "packages" if example.dependencies else clock or example.clock)


class ServerPool:
    """Fork servers of one kind, and the threads that hand programs to them.

    Args:
        kind: The kind of all of the examples.
        examples: The examples that will run in this pool.
        clock: The clock that they run on; None for the one that each declares.
        stack: Closes the pool when it exits.
        sandbox: The sandbox of the fork servers; None for none.

    Attributes:
        python: The path of the interpreter.
        threads: An executor with a thread for each fork server.
        closing: Whether the pool is being closed: nothing that has not begun will be run.
    """

    def __init__(
        self,
        kind: Kind,
        examples: Sequence[Example],
        clock: Clock | None,
        stack: ExitStack,
        sandbox: Sandbox | None,
    ) -> None:
        self.python, load = kind
        self.closing = False
        if clock:
            most = _MAX_WORKERS_OVERRIDDEN
        elif self.python == sys.executable:
            most = _MAX_WORKERS[load]
        else:
            most = 1
        workers = min(len(examples), most)
        dependencies = {name for example in examples for name in example.dependencies}
        packages = tuple(sorted(dependencies)) if load == "packages" else ()
        nice = _VIRTUAL_NICENESS if load == "virtual" else 0
        self._start = partial(ForkServer, packages, environment(), self.python, nice, sandbox)
        # None stands for a server that has not been started yet, or whose predecessor died.
        self._free: SimpleQueue[ForkServer | None] = SimpleQueue()
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
