"""What is to be run, and the pipes through which it is heard.

In:  nothing. Out: `Program`, `Pipes`.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from .inside import Plan

DUMP_SIGNAL = getattr(signal, "SIGRTMAX", 1) - 1 if hasattr(signal, "SIGRTMAX") else 0
"""Sent to a program to have its interpreter's stack told (faulthandler); 0 where there is no such signal."""


@dataclass(frozen=True)
class Program:
    """What to run. `path` is a file, or with `module` a module's name."""

    path: str
    args: tuple[str, ...] = ()
    clock: str = "real"
    module: bool = False
    shell: bool = False  # a session for bash: no interpreter of ours inside, no steps
    environment: dict[str, str] | None = None  # None: this process's own
    directory: str | None = None  # where it runs; None: here
    stdin: bool = False  # may it read ours?
    name: str | None = None  # what the trace calls it; default: path


@dataclass
class Pipes:
    """Read ends stay here (and, but for events and dump, in the program too); write ends go to the program."""

    events: tuple[int, int]
    stdout: tuple[int, int]
    stderr: tuple[int, int]
    dump: tuple[int, int]

    @classmethod
    def make(cls) -> Pipes:
        pipes = cls(*(os.pipe() for _ in range(4)))
        for read, _ in (pipes.events, pipes.stdout, pipes.stderr, pipes.dump):
            os.set_blocking(read, False)
        return pipes

    def plan(self, program: Program, path: str) -> Plan:
        return Plan(path, program.clock, self.events[1], self.stdout[0], self.stderr[0], self.dump[1], DUMP_SIGNAL)

    def close(self, ends: int) -> None:
        for pair in (self.events, self.stdout, self.stderr, self.dump):
            os.close(pair[ends])
