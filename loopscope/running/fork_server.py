"""A fork server: a process that has imported what programs need, and forks itself to run each.

This module is the client's side. What happens in the server's process is in
`fork_server_process`.
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
from .launch import check_exists
from .program import Program
from .sandbox import Sandbox


class ForkServer:
    """One fork server, to send programs to. Not to be shared between threads.

    In a sandbox, the server ends when the thread that made it does.
    """

    def __init__(
        self,
        preload: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
        nice: int = 0,
        sandbox: Sandbox | None = None,
    ) -> None:
        """Start the server.

        Args:
            preload: Names of modules to import beforehand; those not installed are skipped.
            environment: The interpreter's environment; None is this process's own.
            python: Path of an interpreter (3.10 or later). On a system without `os.fork` it starts
                a new interpreter for each program.
            nice: How much programs give way to other processes, as for `os.nice`.
            sandbox: What is put around the interpreter. Without one, programs can do everything
                that this process's user can.

        Raises:
            FileNotFoundError: There is no bubblewrap for the sandbox.
        """
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
        """Start the server's process."""
        wrapper, user, writable = (
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
            [*wrapper, self._python, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=self._environment,
            # Ctrl-C is for the process that waits for the records. Here, it would end bubblewrap
            # and leave running what is inside.
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
        """Run a program in a fork of the server, and record what its event loop does.

        Args:
            program: What to run.
            limits: What it may use.
            scratch: Run it in a new folder, also its HOME, that holds copies of these files and is
                removed afterwards. None runs it where `program` says.

        Returns:
            What happened, whatever the program did.

        Raises:
            FileNotFoundError: There is no such program.
            RuntimeError: The recording itself failed, or the program forged its record.
        """
        check_exists(program)
        within = tempfile.gettempdir() if self._sandbox is None else "/tmp"
        folder = None if scratch is None else {"within": within, "files": scratch}
        job = json.dumps({"program": asdict(program), "limits": asdict(limits), "scratch": folder})
        if self._process.returncode is not None:
            self._restart()  # the program before ended it
        answer = self._request(job, program)
        if answer.startswith('{"unusable":'):
            self._restart()
            answer = self._request(job, program)
        if answer.startswith(('{"failed":', '{"unusable":')):
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
        """Replace the server's process by a new one, unless it was killed on purpose."""
        self.close()
        if not self._killed:
            self._start()

    def _request(self, job: str, program: Program) -> str:
        """Send a job to the server.

        Returns:
            Its answer, one line.

        Raises:
            RuntimeError: The server ended, or its answer is longer than any record.
        """
        if self._killed:
            raise RuntimeError(f"{program.path}: the process that records programs was ended")
        with contextlib.suppress(BrokenPipeError):  # it has ended: no answer will come
            self._jobs.write(job + "\n")
            self._jobs.flush()
        answer = self._answers.readline(MAX_RECORD_LENGTH + 1)
        if not answer.endswith("\n"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                # lets a process that is ending by itself report its own status
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
        """Kill the interpreter and all that it runs. May be called from other threads."""
        self._killed = True
        self._end()

    def _end(self) -> None:
        """Kill the server's process and, in a sandbox, those inside."""
        for inside in (
            processes.children(self._process.pid)
            if self._sandbox is not None and self._process.returncode is None
            else ()
        ):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                # it has another user than bubblewrap, and so does not end along with it
                os.kill(inside, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """Let the server finish, and wait for it."""
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
