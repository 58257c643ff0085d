"""A warm interpreter: it has imported what programs need, and forks for each of them.

In:  jobs, one JSON object a line on standard input. Out: a trace (JSON), one a line, in the same order.

A new interpreter costs several times what a fork costs. The forked program must not see that it was forked: it runs as `__main__` in
the bottom frame of the process (the `-c` program `_BOTTOM`, one line of ours), and the interpreter shuts down the way that it does for
any program. That one frame is kept out of tracebacks.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib.machinery
import json
import os
import signal
import subprocess
import sys
import traceback
import types
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from . import clock, processes, shadows
from .inside import begin
from .limits import DEFAULT, Limits
from .program import Pipes, Program
from .supervisor import find, spawn, supervise
from .trace import Trace

_BOTTOM = """\
import sys
sys.path[:] = [{root!r}, *filter(None, sys.path)]
import loopscope.warm as job
job.preload({preload!r}, {nice})
job = job.serve()
if job is not None:
    try:
        exec(job.code, job.namespace)
    except BaseException:
        job.uncaught()
        raise
"""
_FILE, _LINE = "<string>", 8  # of the call of exec in it


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
        """An exception left the program: what the interpreter prints of it must not begin with our frame."""
        hook = sys.excepthook

        def without_bottom(kind: type, value: BaseException, trace: types.TracebackType | None) -> None:
            sys.excepthook = hook
            value.__traceback__ = trace and trace.tb_next
            hook(kind, value, value.__traceback__)

        sys.excepthook = without_bottom


class _Child(BaseException):
    """Leaves the supervisor in the forked process, carrying the job."""

    def __init__(self, job: Job) -> None:
        self.job = job


def fork(program: Program, pipes: Pipes, limits: Limits) -> int:
    """Start by forking this process; where there is no fork, with a new interpreter."""
    path = os.path.abspath(program.path)
    forkable = hasattr(os, "fork") and not program.shell and not program.module and not shadows.may_hide(os.path.dirname(path))
    code = _compiled(path) if forkable else None
    if code is None:
        return spawn(program, pipes, limits)
    pid = os.fork()
    if pid:
        return pid
    try:
        job = _become(program, path, code, pipes, limits)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    raise _Child(job)


def _compiled(path: str) -> types.CodeType | None:
    """A program's code. None where there is something to say about it, which is for a new interpreter to say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
    except Exception:
        return None


def _become(program: Program, path: str, code: types.CodeType, pipes: Pipes, limits: Limits) -> Job:
    """Turn this process, which was forked for it, into one that is about to run `program`."""
    processes.prepare(limits)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    plan = pipes.plan(program, path)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (pipes.stdout[1], 1), (pipes.stderr[1], 2)):
        os.dup2(source, target)
    low = 3
    for descriptor in sorted((plan.events, plan.stdout, plan.stderr, plan.dump)):
        os.set_inheritable(descriptor, False)
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 1024)
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


def serve() -> Job | None:
    """Work off the jobs. In a process that is forked for one it returns that job; at the end of the input, None."""
    jobs, answers = os.fdopen(os.dup(0), encoding="utf-8", closefd=False), os.fdopen(os.dup(1), "w", encoding="utf-8", closefd=False)
    os.dup2(2, 1)
    gc.collect()
    gc.freeze()
    try:
        for line in jobs:
            told = json.loads(line)
            try:
                answer = supervise(
                    Program(**told["program"] | {"args": tuple(told["program"]["args"])}), Limits(**told["limits"]), start=fork
                ).to_json()
            except Exception as problem:
                answer = json.dumps({"failed": f"{type(problem).__name__}: {problem}"})
            answers.write(answer + "\n")
            answers.flush()
    except _Child as child:
        return child.job
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(128 + signal.SIGINT)  # whoever wanted the records was interrupted too
    return None


def _hide_bottom() -> None:
    """Keep the bottom frame out of stacks that a program prints (traceback.print_stack, asyncio's debug mode)."""
    summary: Any = traceback.StackSummary
    name = "_extract_from_extended_frame_gen" if hasattr(summary, "_extract_from_extended_frame_gen") else "extract"
    original, format_list = getattr(summary, name).__func__, traceback.format_list

    def extract(cls: type, frames: Any, **options: Any) -> Any:
        return original(cls, (pair for pair in frames if pair[0].f_code.co_filename != _FILE or pair[0].f_back is not None), **options)

    def format_without_bottom(extracted: Any) -> list[str]:  # where a coroutine that was never awaited was created
        return format_list([entry for place, entry in enumerate(extracted) if place or tuple(entry)[:3] != (_FILE, _LINE, "<module>")])

    setattr(summary, name, classmethod(extract))
    # Its signature is a union that the stand-in need not spell out.
    traceback.format_list = format_without_bottom  # type: ignore[assignment]


class Warm:
    """The other end: a warm interpreter to send programs to. Not to be shared between threads.

    `preload` names modules to import beforehand; those that are not installed are left out. `python` is the path of an interpreter, of
    3.10 or later, if it is to be another than this one. Where there is no fork, the programs are run in new interpreters by the same means.
    `nice` is by how much they give way to other processes for a core, as `os.nice` has it.
    """

    def __init__(
        self, preload: tuple[str, ...] = (), environment: dict[str, str] | None = None, python: str = sys.executable, nice: int = 0
    ) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        code = _BOTTOM.format(root=root, preload=preload, nice=nice)
        self._process = subprocess.Popen(
            [python, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._jobs: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout

    def record(self, program: Program, limits: Limits = DEFAULT) -> Trace:
        """As `supervisor.record`. Raises RuntimeError when something is wrong with the recording itself."""
        find(program)
        with contextlib.suppress(BrokenPipeError):  # it ended, which the missing answer says
            self._jobs.write(json.dumps({"program": asdict(program), "limits": asdict(limits)}) + "\n")
            self._jobs.flush()
        answer = self._answers.readline()
        if not answer:
            raise RuntimeError(f"{program.path}: the process that records programs ended (status {self._process.wait()})")
        if answer.startswith('{"failed":'):
            raise RuntimeError(f"{program.path}: it could not be recorded: {json.loads(answer)['failed']}")
        return Trace.from_json(answer)

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._jobs.close()
        self._process.wait()
        self._answers.close()

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def preload(names: tuple[str, ...], nice: int) -> None:
    """Import and find what programs will want, so that each fork has it; and give way to other processes, if so asked."""
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    for name in ("asyncio", "traceback", "linecache", *names):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    clock.holders()
