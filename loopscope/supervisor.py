"""Runs one program in a process of its own, under limits, and hears what its recording sends.

In:  a `Program`, `Limits`. Out: a `Trace`; nothing that the program started is left running.

On Linux this process becomes the one to which orphans fall, so that a process that left the program's group is found and ended too.
Therefore: one recording at a time in a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from . import processes
from .limits import DEFAULT, Limits
from .program import Pipes, Program
from .trace import Trace
from .watch import Watch

_BOOT = str(Path(__file__).parent / "_boot")

Start = Callable[[Program, Pipes, Limits], int]
"""Starts the program with the pipes in place, in a process group of its own; gives its process id."""


# What multiprocessing starts its processes with: `-X dev`, `-W error` and the like. Not documented, so unknown to type checkers.
_interpreter_flags: Callable[[], list[str]] = subprocess._args_from_interpreter_flags  # type: ignore[attr-defined]


def spawn(program: Program, pipes: Pipes, limits: Limits) -> int:
    """Start with a new interpreter, in which `_boot/sitecustomize.py` begins the recording before the program does."""
    environment = dict(os.environ if program.environment is None else program.environment)
    if program.shell:
        command = ["bash", program.path, *program.args]
        kept: tuple[int, ...] = ()
    else:
        plan = pipes.plan(program, "")
        told = {"plan": asdict(plan), "pythonpath": environment.get("PYTHONPATH")}
        environment["LOOPSCOPE_PLAN"] = json.dumps(told)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_BOOT, environment.get("PYTHONPATH"))))
        target = ["-m", program.path] if program.module else [program.path if program.directory is None else os.path.abspath(program.path)]
        command = [sys.executable, *_interpreter_flags(), *target, *program.args]
        kept = (plan.events, plan.stdout, plan.stderr, plan.dump)
    terminal = program.stdin and processes.has_terminal()
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=program.directory,
        stdin=None if program.stdin else subprocess.DEVNULL,
        stdout=pipes.stdout[1],
        stderr=pipes.stdout[1] if program.shell else pipes.stderr[1],
        pass_fds=kept,
        preexec_fn=lambda: processes.prepare(limits, terminal),
    )
    process.returncode = 0  # it is waited for here, not by Popen
    return process.pid


def find(program: Program) -> None:
    """Raises FileNotFoundError where there is no such program."""
    if not program.module and not Path(program.path).is_file():
        raise FileNotFoundError(f"{program.path}: there is no such program")


def record(program: Program, limits: Limits = DEFAULT, *, start: Start = spawn, echo: Callable[[str, bytes], None] | None = None) -> Trace:
    """Run `program` and give its trace. `echo` is called with (stream, bytes) as output arrives.

    Raises FileNotFoundError where there is no such program. Whatever the program does is told in the trace, not raised.
    """
    find(program)
    others = processes.become_reaper()
    terminal = program.stdin and processes.has_terminal()
    pipes = Pipes.make()
    try:
        pid = start(program, pipes, limits)
    except Exception:
        pipes.close(0)
        pipes.close(1)
        raise
    pipes.close(1)
    watch = Watch(program, pid, others, pipes, limits, echo)
    try:
        with processes.foreground(terminal), processes.passing_on(pid, program.stdin):
            watch.until_it_ends()
    finally:
        left = processes.end_all(pid, others, watch.reaped)
        watch.drain_all()
        pipes.close(0)
    return watch.trace(left)
