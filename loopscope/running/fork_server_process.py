"""The process of a fork server: it has imported what programs need, and forks for each of them.

In:  jobs, one JSON object a line on standard input. Out: a trace (JSON), one a line, in the same
     order; or why there is none.

A new interpreter costs several times what a fork costs. The programs may be strangers'. What keeps
them from the machine is `sandbox`; here they are kept from each other and from this process:
nothing of one is left when the next begins, and what one sends is measured before it is believed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..limits import EXIT_STOPPED, MAX_RECORD_LENGTH, UNLIMITED, Limits
from ..recording import clock
from ..trace.model import Trace
from . import confine, scratch
from .forked_program import Child, Job, fork
from .launch import supervise
from .program import Program


class _Abandoned(BaseException):
    """Nobody waits for the record any more."""


def serve(writable: tuple[str, ...]) -> Job | None:
    """Work off the jobs. In a process that is forked for one it returns that job; at the end of the
    input, None.

    `writable` names the folders of the sandbox that programs may write into; empty where there is
    none.
    """
    jobs = os.fdopen(os.dup(0), encoding="utf-8", closefd=False)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    os.dup2(2, 1)
    gc.collect()
    gc.freeze()
    server = _Server(writable)
    try:
        for line in jobs:
            answers.write(server.answer(json.loads(line)) + "\n")
            answers.flush()
            server.clean()
    except Child as child:
        return child.job
    except (KeyboardInterrupt, BrokenPipeError, _Abandoned):
        server.clean()
        os._exit(128 + signal.SIGINT)  # whoever wanted the records was interrupted too
    return None


class _Server:
    """Runs the jobs, each where nothing is left of those before it."""

    def __init__(self, writable: tuple[str, ...]) -> None:
        self._sandboxed = bool(writable)
        self._folders = {folder: frozenset(os.listdir(folder)) for folder in writable}
        self._spoiled: str | None = None  # why nothing can be run here any more
        self._scratch: str | None = None

    def answer(self, job: dict[str, Any]) -> str:
        """The trace of one program, as JSON. (No `with`, no `finally`: the forked program leaves
        through here, too.)
        """
        if self._spoiled is not None:
            return json.dumps({"spoiled": self._spoiled})
        program = Program(**job["program"] | {"args": tuple(job["program"]["args"])})
        try:
            if job["scratch"] is not None:
                program = self._in_scratch(program, **job["scratch"])
            limits = Limits(**job["limits"])
            # The kernel counts a user's threads, and only in a sandbox is the user the program's
            # alone.
            limits = limits if self._sandboxed else replace(limits, threads=UNLIMITED)
            answer = self._record(program, limits).to_json()
            if len(answer) >= MAX_RECORD_LENGTH:
                answer = json.dumps(
                    {"failed": f"its record is longer than {MAX_RECORD_LENGTH:,} characters"}
                )
        except Exception as problem:
            # a program that confuses us here may have left anything
            self._spoiled = f"{type(problem).__name__}: {problem}"
            answer = json.dumps({"failed": self._spoiled})
        confine.at_end_of_input(None)
        if self._sandboxed:
            confine.end_watch_for_bombs()
            confine.end_everything_else()
        return answer

    def _record(self, program: Program, limits: Limits) -> Trace:
        bombs: list[str] = []
        confine.at_end_of_input(self._abandon)
        if self._sandboxed and limits.processes < UNLIMITED:
            # Where they are but a few more than they may be, the recording says so itself, and at
            # which line.
            confine.watch_for_bombs(4 * limits.processes, tuple(self._folders), bombs.append)
        trace = supervise(program, limits, start=fork)
        if bombs and trace.stopped is None:
            trace = replace(trace, exit=EXIT_STOPPED, stopped=bombs[0])
        return trace

    def _abandon(self) -> None:
        if self._sandboxed:
            os._exit(1)  # and the kernel ends all that is in here
        raise _Abandoned

    def _in_scratch(self, program: Program, within: str, files: list[str]) -> Program:
        """The program in a new folder, which is its home, with copies of some files."""
        self._scratch = folder = scratch.make(within)
        for file in files:
            Path(folder, Path(file).name).write_bytes(Path(file).read_bytes())
        environment = (os.environ if program.environment is None else program.environment) | {
            "HOME": folder,
            "TMPDIR": folder,
        }
        return replace(program, directory=folder, environment=environment)

    def clean(self) -> None:
        """Remove what the last program left in the folders into which it could write, and find what
        cannot be removed.
        """
        try:
            if self._sandboxed and not confine.ports_are_free():
                self._spoiled = "the program before left sockets"
            for folder, keep in self._folders.items():
                scratch.restore(folder, keep)
            if self._scratch is not None and not self._sandboxed:
                scratch.remove(self._scratch)
        except OSError as problem:
            if self._sandboxed:
                self._spoiled = f"{type(problem).__name__}: {problem}"
        self._scratch = None


def preload(names: tuple[str, ...], nice: int, user: int | None, writable: tuple[str, ...]) -> None:
    """Get ready: give up what strangers' programs must not have, give way to others, and import and
    find what each fork will want.
    """
    confine.serve(user, sandboxed=bool(writable))
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    for name in ("asyncio", "traceback", "linecache", *names):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    clock.holders()
