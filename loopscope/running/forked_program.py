"""A program in a process that was forked for it: it must not see that it was.

In:  a program, its pipes and limits, in a process that has imported what programs need
     (`fork_server_process`). Out: a forked process in which a `Job` is about to run as `__main__`.

It runs in the bottom frame of the process (the `-c` program `BOTTOM`, one line of ours), and the
interpreter shuts down the way that it does for any program. That one frame is kept out of
tracebacks.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import os
import signal
import sys
import traceback
import types
import warnings
from pathlib import Path
from typing import Any, NoReturn

from ..limits import Limits
from ..recording import shadows
from ..recording.in_process import begin
from . import confine, processes
from .launch import interpreter, spawn
from .program import Pipes, Program

BOTTOM = """\
import sys
sys.path[:] = [{root!r}, *filter(None, sys.path)]
import loopscope.running.fork_server_process as job
job.preload({preload!r}, {nice}, {user}, {writable!r})
job = job.serve({writable!r})
if job is not None:
    try:
        exec(job.code, job.namespace)
    except BaseException:
        job.uncaught()
        raise
"""
"""The program of a fork server's process, and of all that are forked from it."""


_FILE, _LINE = "<string>", 8  # of the call of exec in BOTTOM


class Job:
    """A program about to run in a process that was forked for it."""

    def __init__(self, path: str, code: types.CodeType, args: tuple[str, ...]) -> None:
        self.code = code
        module: Any = types.ModuleType("__main__")
        module.__file__ = path
        module.__builtins__ = builtins
        module.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
        if sys.version_info < (3, 15):
            module.__cached__ = None
        self.namespace = module.__dict__
        sys.modules["__main__"] = module
        sys.argv = [path, *args]
        sys.path[0] = os.path.dirname(path)

    def uncaught(self) -> None:
        """An exception left the program: what the interpreter prints of it must not begin with our
        frame.
        """
        hook = sys.excepthook

        def without_bottom(
            kind: type, value: BaseException, trace: types.TracebackType | None
        ) -> None:
            sys.excepthook = hook
            value.__traceback__ = trace and trace.tb_next
            hook(kind, value, value.__traceback__)

        sys.excepthook = without_bottom


class Child(BaseException):
    """Leaves the supervisor in the forked process, carrying the job."""

    def __init__(self, job: Job) -> None:
        self.job = job


def fork(program: Program, pipes: Pipes, limits: Limits) -> int:
    """Start by forking this process; where there is no fork, with a new interpreter."""
    path = os.path.abspath(program.path)
    named = not program.shell and not program.module and program.source is None
    forkable = hasattr(os, "fork") and named and not shadows.may_hide(os.path.dirname(path))
    if not forkable:
        with confine.as_program():
            return spawn(program, pipes, limits)
    pid = os.fork()
    if pid:
        return pid
    try:
        job = _become(program, path, pipes, limits)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    raise Child(job)


def _compiled(path: str) -> types.CodeType | None:
    """A program's code. None where there is something to say about it, which is for a new
    interpreter to say.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
    except Exception:
        return None


def _become(program: Program, path: str, pipes: Pipes, limits: Limits) -> Job:
    """Turn this process, which was forked for it, into one that is about to run `program`."""
    confine.run()
    processes.prepare(limits)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    plan = pipes.plan(program, path)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (pipes.stdout[1], 1), (pipes.stderr[1], 2)):
        os.dup2(source, target)
    low = 3
    kept = (plan.events, plan.steps, plan.stdout, plan.stderr, plan.dump)
    for descriptor in sorted(kept):
        os.set_inheritable(descriptor, False)
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 1024)
    code = _compiled(path)  # only now: a few lines can take the compiler minutes, or all memory
    if code is None:
        _start_over(program, pipes)
    if program.environment is not None:
        os.environ.clear()
        os.environ.update(program.environment)
    job = Job(path, code, program.args)
    if program.directory:
        os.chdir(program.directory)
    _hide_bottom()
    begin(plan)
    shadows.leave()
    return job


def _start_over(program: Program, pipes: Pipes) -> NoReturn:
    """Be a new interpreter that runs the program, as `spawn` starts it."""
    command, environment, kept = interpreter(program, pipes)
    for descriptor in kept:
        os.set_inheritable(descriptor, True)
    # this interpreter ignores them, and a new one would not know that it was not always so
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if program.directory:
        os.chdir(program.directory)
    os.execve(command[0], command, environment)


def _hide_bottom() -> None:
    """Keep the bottom frame out of stacks that a program prints (traceback.print_stack, asyncio's
    debug mode).
    """
    summary: Any = traceback.StackSummary
    name = (
        "_extract_from_extended_frame_gen"
        if hasattr(summary, "_extract_from_extended_frame_gen")
        else "extract"
    )
    original, format_list = getattr(summary, name).__func__, traceback.format_list

    def extract(cls: type, frames: Any, **options: Any) -> Any:
        return original(
            cls,
            (
                pair
                for pair in frames
                if pair[0].f_code.co_filename != _FILE or pair[0].f_back is not None
            ),
            **options,
        )

    # where a coroutine that was never awaited was created
    def format_without_bottom(extracted: Any) -> list[str]:
        return format_list(
            [
                entry
                for place, entry in enumerate(extracted)
                if place or tuple(entry)[:3] != (_FILE, _LINE, "<module>")
            ]
        )

    setattr(summary, name, classmethod(extract))
    # Its signature is a union that the stand-in need not spell out.
    traceback.format_list = format_without_bottom  # type: ignore[assignment]
