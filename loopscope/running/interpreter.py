"""Starts a program in a new interpreter, in which the recording begins before the program does."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
import sys
import threading
import zipimport
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

from ..limits import Limits
from . import processes
from .program import Pipes, Program

_BOOT = str(Path(__file__).parent / "_boot")

# The function is private, so type checkers do not know it; multiprocessing uses it in the same way.
_flags: Callable[[], list[str]] = subprocess._args_from_interpreter_flags  # type: ignore[attr-defined]


def interpreter_flags() -> list[str]:
    """Return the options that this interpreter was started with: `-X dev`, `-W error`, …"""
    return _flags()


def spawn(
    program: Program,
    pipes: Pipes,
    limits: Limits,
    *,
    prepare: Callable[[], None] | None = None,
    flags: Sequence[str] | None = None,
) -> int:
    """Start a program in a new interpreter.

    `_boot/sitecustomize.py` begins the recording there before the program runs.

    Args:
        program: What to run.
        pipes: Where its output and its recording go.
        limits: What it may use.
        prepare: Called first of all in the new process.
        flags: Options for the interpreter; None for those of this one.

    Returns:
        The process id.
    """
    command, environment, inherited = interpreter_command(program, pipes, flags)

    def begin() -> None:
        if prepare is not None:
            prepare()
        processes.set_up_program(limits, own_group=not program.stdin)

    with _standard_input(program) as stdin:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=program.directory,
            stdin=stdin,
            stdout=pipes.stdout[1],
            stderr=pipes.stdout[1] if program.shell else pipes.stderr[1],
            pass_fds=inherited,
            preexec_fn=begin,
        )
    process.returncode = 0  # the supervisor waits for the process, so Popen must not
    return process.pid


@contextlib.contextmanager
def _standard_input(program: Program) -> Iterator[IO[bytes] | int | None]:
    """Open a program's standard input, in a form that `subprocess.Popen` accepts."""
    if program.path != "-" or program.source is None:
        yield None if program.stdin else subprocess.DEVNULL
        return
    text = program.source.encode("utf-8", "surrogateescape")
    # Python treats the encoding of a program differently when it reads it from a pipe than when it
    # reads it from a file.
    if program.stdin and stat.S_ISREG(os.fstat(0).st_mode):
        import tempfile  # few programs need it, and it brings a dozen modules along

        with tempfile.TemporaryFile() as file:
            file.write(text)
            file.seek(0)
            yield file
        return
    read, write = os.pipe()
    try:
        yield read
    finally:
        os.close(read)
        # The text may be longer than a pipe holds. If nobody reads it all, the program has ended.
        threading.Thread(target=_feed, args=(write, text), daemon=True).start()


def _feed(descriptor: int, data: bytes) -> None:
    """Write all data to a descriptor, as far as its reader takes it, and close it."""
    with contextlib.suppress(BrokenPipeError), open(descriptor, "wb") as file:
        file.write(data)


def interpreter_command(
    program: Program, pipes: Pipes, flags: Sequence[str] | None = None
) -> tuple[list[str], dict[str, str], tuple[int, ...]]:
    """Return how to start a new interpreter for a program.

    Args:
        program: What to run.
        pipes: Where its output and its recording go.
        flags: Options for the interpreter; None for those of this one.

    Returns:
        The command, its environment, and the descriptors that it inherits.
    """
    environment = dict(os.environ if program.environment is None else program.environment)
    if program.shell:
        return ["bash", program.path, *program.args], environment, ()
    plan = pipes.plan(program, program.code_name)
    payload = {
        "plan": asdict(plan),
        "pythonpath": environment.get("PYTHONPATH"),
        "file": (
            ""
            if program.module or program.source is not None
            else str(Path(program.path).resolve())
        ),
        "folder": _import_folder(program),
    }
    environment["LOOPSCOPE_PLAN"] = json.dumps(payload)
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, (_BOOT, environment.get("PYTHONPATH")))
    )
    command = [
        sys.executable,
        *(interpreter_flags() if flags is None else flags),
        *_target(program),
        *program.args,
    ]
    inherited = (plan.events, plan.steps, plan.stdout, plan.stderr, plan.dump)
    return command, environment, inherited


def _target(program: Program) -> list[str]:
    """Return the part of an interpreter's command line that names what to run."""
    if program.module:
        return ["-m", program.path]
    if program.source is not None:
        return ["-c", program.source] if program.path == "-c" else ["-"]
    return [program.path if program.directory is None else os.path.abspath(program.path)]


def _import_folder(program: Program) -> str:
    """Return the folder in which the interpreter will first look for what the program imports."""
    if program.module or program.source is not None:
        return os.path.abspath(program.directory or os.curdir)
    path = Path(program.path).resolve()
    return str(path if path.is_dir() or _is_archive(path) else path.parent)


def _is_archive(path: Path) -> bool:
    """Return whether the interpreter will look for a `__main__.py` in that file."""
    try:
        zipimport.zipimporter(str(path))
    except zipimport.ZipImportError:
        return False
    return True
