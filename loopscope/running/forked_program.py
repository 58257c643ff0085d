"""Runs a program in a process that was forked for it, so that it cannot tell.

The process belongs to a fork server (`fork_server_process`) that has imported what programs need.
The program runs in the process's bottom frame (the code in `BOTTOM`, which is ours), and the
interpreter shuts down as it does for any program. That one frame is kept out of tracebacks.
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
from ..recording import shadowed_modules
from ..recording.in_process import begin
from . import confine, processes, quick_exit
from .interpreter import interpreter_command, spawn
from .program import Pipes, Program

BOTTOM = """\
import sys
sys.path[:] = [{root!r}, *filter(None, sys.path)]
from loopscope.running.quick_exit import register
register()
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
"""The code of a fork server's process, and of all that are forked from it."""


_FILE, _LINE = "<string>", 10  # where BOTTOM calls exec


class Job:
    """A program that is about to run in a process that was forked for it."""

    def __init__(self, path: str, code: types.CodeType, args: tuple[str, ...]) -> None:
        """Put the program in the place of this process's `__main__`.

        Args:
            path: The program's file.
            code: The program, compiled.
            args: The program's arguments.
        """
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
        """Keep our frame out of the traceback of an exception that has left the program."""
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
    """Start a program by forking this process, or, where that is impossible, a new interpreter.

    Args:
        program: What to run.
        pipes: Where its output and its recording go.
        limits: What it may use.

    Returns:
        The process id, in the process that calls this.

    Raises:
        Child: In the forked process.
    """
    path = os.path.abspath(program.path)
    named = not program.shell and not program.module and program.source is None
    forkable = (
        hasattr(os, "fork") and named and not shadowed_modules.has_shadows(os.path.dirname(path))
    )
    if not forkable:
        with confine.program_limits():
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


def _compile_quietly(path: str) -> types.CodeType | None:
    """Compile a program.

    Returns:
        Its code; None if the compiler has an error or a warning to report, which a new interpreter
        will then do.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
    except Exception:
        return None


def _become(program: Program, path: str, pipes: Pipes, limits: Limits) -> Job:
    """Turn this process, forked for a program, into one that is about to run it."""
    confine.set_up_program()
    processes.set_up_program(limits)
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
    code = _compile_quietly(
        path
    )  # only now: a few lines can take the compiler minutes, or all memory
    if code is None:
        _exec_interpreter(program, pipes)
    if program.environment is not None:
        os.environ.clear()
        os.environ.update(program.environment)
    job = Job(path, code, program.args)
    if program.directory:
        os.chdir(program.directory)
    _hide_bottom()
    begin(plan)
    shadowed_modules.unload_package()
    quick_exit.arm()
    return job


def _exec_interpreter(program: Program, pipes: Pipes) -> NoReturn:
    """Replace this process by a new interpreter that runs the program, as `spawn` starts it."""
    command, environment, inherited = interpreter_command(program, pipes)
    for descriptor in inherited:
        os.set_inheritable(descriptor, True)
    # This interpreter ignores them, and a new one would take over that they are ignored.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if program.directory:
        os.chdir(program.directory)
    os.execve(command[0], command, environment)


def _hide_bottom() -> None:
    """Keep the bottom frame out of stacks that a program prints.

    They come from traceback.print_stack and asyncio's debug mode.
    """
    summary: Any = traceback.StackSummary
    name = (
        "_extract_from_extended_frame_gen"
        if hasattr(summary, "_extract_from_extended_frame_gen")
        else "extract"
    )
    original, format_list = getattr(summary, name).__func__, traceback.format_list

    def extract(cls: type, /, frames: Any, **options: Any) -> Any:
        return original(
            cls,
            (
                pair
                for pair in frames
                if pair[0].f_code.co_filename != _FILE or pair[0].f_back is not None
            ),
            **options,
        )

    # for the place where a coroutine was created that was never awaited
    def format_without_bottom(extracted: Any) -> list[str]:
        return format_list(
            [
                entry
                for index, entry in enumerate(extracted)
                if index or tuple(entry)[:3] != (_FILE, _LINE, "<module>")
            ]
        )

    setattr(summary, name, classmethod(extract))
    # The real function also takes plain tuples, which a stand-in need not declare.
    traceback.format_list = format_without_bottom  # type: ignore[assignment]
