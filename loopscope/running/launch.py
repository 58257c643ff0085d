"""Runs one program in its own process, under limits, and returns its `Trace`.

Nothing that the program started is left running. `supervise` works from this process, which on
Linux adopts all orphans among its descendants, so that processes that left the program's group are
found and ended too. Use it in a process that does nothing else, for one program at a time. `record`
may be called from any process: it leaves supervising to another one (`supervising_process`).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

from ..limits import DEFAULT_LIMITS, Limits
from ..trace.model import Trace
from . import processes, supervising_process
from .interpreter import interpreter_flags, spawn
from .program import CODE_NAMES, Pipes, Program
from .signals import Forwarder
from .supervisor import Supervisor

Start = Callable[[Program, Pipes, Limits], int]
"""Starts a program with the pipes in place and in its own process group; returns its process id."""


def check_exists(program: Program) -> None:
    """Check that there is such a program.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It has a `source`, and a path that is neither "-c" nor "-".
    """
    if program.module:
        return
    if program.source is not None:
        if program.path not in CODE_NAMES:
            raise ValueError(
                f'{program.path}: a program with a source of its own is called "-c" or "-", not by'
                " a path"
            )
        return
    if program.path in CODE_NAMES:
        raise FileNotFoundError(
            f"{program.path}: its text is missing (`source`); a file of that name is"
            f" ./{program.path}"
        )
    path = Path(program.path)
    if path.is_dir() and not (path / "__main__.py").is_file():
        raise FileNotFoundError(f"{program.path}: a folder can be run only if it has a __main__.py")
    if not path.is_dir() and not path.is_file():
        raise FileNotFoundError(f"{program.path}: there is no such program")


def supervise(
    program: Program,
    limits: Limits = DEFAULT_LIMITS,
    *,
    start: Start | None = None,
    echo: Callable[[str, bytes], None] | None = None,
    abandoned: int | None = None,
) -> Trace:
    """Run a program from this process, which adopts whatever the program leaves behind.

    With `program.stdin` the program runs in this process's own group, and signals that are sent to
    this process are forwarded to it.

    Args:
        program: What to run.
        limits: What it may use.
        start: How to start it; None for `spawn`.
        echo: Called with (stream, bytes) as output arrives.
        abandoned: A descriptor that becomes readable when nobody wants the record any more; the
            program is then ended.

    Returns:
        What happened, whatever the program did.

    Raises:
        FileNotFoundError: There is no such program.
    """
    check_exists(program)
    forwarder = (
        Forwarder()
        if program.stdin and threading.current_thread() is threading.main_thread()
        else None
    )
    with forwarder or contextlib.nullcontext():
        unrelated = processes.become_reaper()
        pipes = Pipes.make()
        try:
            if start is not None:
                pid = start(program, pipes, limits)
            else:
                pid = spawn(
                    program, pipes, limits, prepare=forwarder.prepare if forwarder else None
                )
        except Exception:
            pipes.close_supervisor_ends()
            pipes.close_program_ends()
            raise
        pipes.close_program_ends()
        supervisor = Supervisor(
            program,
            pid,
            pipes,
            limits,
            unrelated=unrelated,
            echo=echo,
            follow_stop=forwarder.stop_along if forwarder else None,
            abandoned=abandoned,
        )
        try:
            if forwarder is not None:
                forwarder.start(pid)
            supervisor.run()
        finally:
            left_running = processes.kill_all(
                pid, unrelated, supervisor.has_ended, own_group=not program.stdin
            )
            supervisor.drain()
            pipes.close_supervisor_ends()
    return supervisor.trace(left_running)


def record(
    program: Program,
    limits: Limits = DEFAULT_LIMITS,
    *,
    echo: Callable[[str, bytes], None] | None = None,
) -> Trace:
    """Run a program in its own process, and record what its event loop does.

    It may be called from anywhere, also from several threads at once: another process starts and
    watches the program, so that the caller's own children, signals and handlers are left alone.
    If the caller is killed, that process and the program end.

    Args:
        program: What to run, and on which clock.
        limits: What it may use.
        echo: Called with (stream, bytes) as output arrives; stream is "stdout" or "stderr".

    Returns:
        What happened: tasks, steps, output, and how it ended, whatever the program did.

    Raises:
        TypeError: It is a path, and not a `Program`.
        FileNotFoundError: There is no such program.
        ValueError: It has a `source`, and a path that is neither "-c" nor "-".
        RuntimeError: The recording itself failed.
    """
    if not isinstance(program, Program):
        what = os.fspath(program) if isinstance(program, (str, os.PathLike)) else program
        raise TypeError(f"record takes a Program: record(Program({what!r}))")
    check_exists(program)
    return supervising_process.record(program, limits, interpreter_flags(), echo)
