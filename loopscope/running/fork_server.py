"""A fork server: a process that has imported what programs need, and runs each program in a fork of
itself.

In:  programs. Out: a `Trace` each. What happens in that process is in `fork_server_process`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO

from ..limits import DEFAULT_LIMITS, MAX_RECORD_LENGTH, Limits
from ..trace.model import Trace
from ..trace.validation import validate
from . import processes
from .forked_program import BOTTOM
from .launch import find
from .program import Program
from .sandbox import Sandbox


class ForkServer:
    """One fork server, to send programs to. Not to be shared between threads.

    In a sandbox it ends when the thread that made it does.

    Args:
        preload: names of modules to import beforehand; those that are not installed are left out.
        environment: the interpreter's; None is this process's own. python: path of an interpreter
        (3.10 or later); default: this one. On a system without fork, it starts a new interpreter
        for each program. nice: by how much programs give way to other processes for a core, as
        `os.nice` has it. sandbox: what is put around the interpreter. Without one, programs can do
        all that this process's user can.
    """

    def __init__(
        self,
        preload: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
        nice: int = 0,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._preload, self._environment, self._python, self._nice, self._sandbox = (
            preload,
            environment,
            python,
            nice,
            sandbox,
        )
        self._killed = False
        self._start()

    def _start(self) -> None:
        around, user, writable = (
            self._sandbox.command(self._python) if self._sandbox is not None else ([], None, ())
        )
        code = BOTTOM.format(
            root=str(Path(__file__).resolve().parent.parent.parent),
            preload=self._preload,
            nice=self._nice,
            user=user,
            writable=writable,
        )
        self._process = subprocess.Popen(
            [*around, self._python, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=self._environment,
            # Ctrl-C is for whoever waits for the records. It would end bubblewrap and leave what
            # runs inside.
            start_new_session=self._sandbox is not None,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._jobs: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout

    def record(
        self,
        program: Program,
        limits: Limits = DEFAULT_LIMITS,
        scratch: tuple[str, ...] | None = None,
    ) -> Trace:
        """As `supervisor.record`.

        Args:
            program: what to run. limits: what it may use up. scratch: run it in a new, empty
            folder, which is its HOME, too, with copies of these files. Nothing of the folder is
            left.

        Raises:
            FileNotFoundError: there is no such program. RuntimeError: something is wrong with the
            recording itself, or the program has forged its record.
        """
        find(program)
        within = tempfile.gettempdir() if self._sandbox is None else "/tmp"
        folder = None if scratch is None else {"within": within, "files": scratch}
        job = json.dumps({"program": asdict(program), "limits": asdict(limits), "scratch": folder})
        if self._process.returncode is not None:
            self._restart()  # it ended over the program before
        answer = self._ask(job, program)
        if answer.startswith('{"spoiled":'):
            self._restart()
            answer = self._ask(job, program)
        if answer.startswith(('{"failed":', '{"spoiled":')):
            raise RuntimeError(
                f"{program.path}: it could not be recorded:"
                f" {next(iter(json.loads(answer).values()))}"
            )
        try:
            return validate(Trace.from_json(answer), program.clock, program.name)
        except ValueError as problem:
            raise RuntimeError(
                f"{program.path}: its record is forged or damaged: {problem}"
            ) from None

    def _restart(self) -> None:
        self.close()
        if not self._killed:
            self._start()

    def _ask(self, job: str, program: Program) -> str:
        if self._killed:
            raise RuntimeError(f"{program.path}: the process that records programs was ended")
        with contextlib.suppress(BrokenPipeError):  # it ended, which the missing answer says
            self._jobs.write(job + "\n")
            self._jobs.flush()
        answer = self._answers.readline(MAX_RECORD_LENGTH + 1)
        if not answer.endswith("\n"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                # for its own status, where it ended by itself
                self._process.wait(1 if answer == "" else 0)
            self._end()
            status = self._process.wait()
            raise RuntimeError(
                f"{program.path}: the process that records programs ended (status {status})"
                if len(answer) <= MAX_RECORD_LENGTH
                else f"{program.path}: its record is longer than {MAX_RECORD_LENGTH:,} characters"
            )
        return answer

    def kill(self) -> None:
        """End the interpreter and what it runs, whatever that is. Other threads may do so, too."""
        self._killed = True
        self._end()

    def _end(self) -> None:
        for inside in (
            processes.children(self._process.pid)
            if self._sandbox is not None and self._process.returncode is None
            else ()
        ):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                # which has another user than bubblewrap, so that it does not end with it
                os.kill(inside, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._jobs.close()
        self._process.wait()
        self._answers.close()

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if kind is not None:
            self.kill()
        self.close()
