"""The process of a fork server: it has imported what programs need, and forks itself to run each.

It reads jobs from standard input, one JSON object per line, and writes to standard output, in the
same order, a trace (JSON) per line or the reason why there is none.

A new interpreter costs several times as much as a fork. The programs may be strangers'. `sandbox`
keeps them from the machine; this module keeps them from each other and from this process: nothing
of one program is left when the next begins, and what a program sends is measured before it is
believed.
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
from ..recording.virtual_clock import clock, creation_order
from ..trace.model import Trace
from . import confine, quick_exit, scratch
from .forked_program import Child, Job, fork
from .launch import supervise
from .program import Program


class _Abandoned(BaseException):
    """Nobody waits for the record any more."""


def serve(writable: tuple[str, ...]) -> Job | None:
    """Run the jobs on standard input, one after another.

    Args:
        writable: Folders of the sandbox that programs may write into; empty without a sandbox.

    Returns:
        In a process that was forked for a job, that job; at the end of the input, None.
    """
    jobs = os.fdopen(os.dup(0), encoding="utf-8", closefd=False)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    os.dup2(2, 1)
    gc.collect()
    quick_exit.share_modules()
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
        os._exit(128 + signal.SIGINT)  # the process that wanted the records was interrupted too
    return None


class _Server:
    """Runs the jobs, each where nothing is left of those before it."""

    def __init__(self, writable: tuple[str, ...]) -> None:
        self._sandboxed = bool(writable)
        self._folders = {folder: frozenset(os.listdir(folder)) for folder in writable}
        self._unusable: str | None = None  # why no program can be run here any more
        self._scratch: str | None = None

    def answer(self, job: dict[str, Any]) -> str:
        """Return the trace of one program, as JSON, or the reason why there is none.

        There is no `with` and no `finally` here: the forked process leaves through this function.
        """
        if self._unusable is not None:
            return json.dumps({"unusable": self._unusable})
        program = Program(**job["program"] | {"args": tuple(job["program"]["args"])})
        try:
            if job["scratch"] is not None:
                program = self._in_scratch(program, **job["scratch"])
            limits = Limits(**job["limits"])
            # The kernel counts threads by user, and only in a sandbox has the program a user for
            # itself.
            limits = limits if self._sandboxed else replace(limits, threads=UNLIMITED)
            answer = self._record(program, limits).to_json()
            if len(answer) >= MAX_RECORD_LENGTH:
                answer = json.dumps(
                    {"failed": f"its record is longer than {MAX_RECORD_LENGTH:,} characters"}
                )
        except Exception as problem:
            # a program that causes this may have left anything behind
            self._unusable = f"{type(problem).__name__}: {problem}"
            answer = json.dumps({"failed": self._unusable})
        confine.when_input_closes(None)
        if self._sandboxed:
            confine.stop_watching_for_bombs()
            confine.kill_everything_else()
        return answer

    def _record(self, program: Program, limits: Limits) -> Trace:
        """Run one program, and return its trace."""
        bombs: list[str] = []
        confine.when_input_closes(self._abandon)
        if self._sandboxed and limits.processes < UNLIMITED:
            # If there are only a few too many, the supervisor notices by itself, and can name the
            # line.
            confine.watch_for_bombs(4 * limits.processes, tuple(self._folders), bombs.append)
        trace = supervise(program, limits, start=fork)
        if bombs and trace.stopped is None:
            trace = replace(trace, exit=EXIT_STOPPED, stopped=bombs[0])
        return trace

    def _abandon(self) -> None:
        """Stop working, because nobody waits for the record any more."""
        if self._sandboxed:
            os._exit(1)  # and the kernel ends all that is in here
        raise _Abandoned

    def _in_scratch(self, program: Program, within: str, files: list[str]) -> Program:
        """Move a program to a new folder, which is also its home.

        Args:
            program: The program.
            within: The folder in which to make the new one.
            files: Files of which the new folder gets copies.
        """
        self._scratch = folder = scratch.make(within)
        for file in files:
            Path(folder, Path(file).name).write_bytes(Path(file).read_bytes())
        environment = (os.environ if program.environment is None else program.environment) | {
            "HOME": folder,
            "TMPDIR": folder,
        }
        return replace(program, directory=folder, environment=environment)

    def clean(self) -> None:
        """Remove what the last program left behind; notice if that is impossible."""
        try:
            if self._sandboxed and not confine.ports_are_free():
                self._unusable = "the previous program left sockets open"
            for folder, keep in self._folders.items():
                scratch.restore(folder, keep)
            if self._scratch is not None and not self._sandboxed:
                scratch.remove(self._scratch)
        except OSError as problem:
            if self._sandboxed:
                self._unusable = f"{type(problem).__name__}: {problem}"
        self._scratch = None


def preload(names: tuple[str, ...], nice: int, user: int | None, writable: tuple[str, ...]) -> None:
    """Get ready to serve: give up privileges, yield to other processes, and import modules.

    Args:
        names: Modules to import, so that no fork has to; those that are not installed are skipped.
        nice: How much to give way to other processes, as for `os.nice`.
        user: The user to become; None keeps the current one.
        writable: Folders of the sandbox that programs may write into; empty without a sandbox.
    """
    confine.set_up_server(user, sandboxed=bool(writable))
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    for name in ("asyncio", "traceback", "linecache", *names):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    clock.function_references()
    creation_order.prepare()
