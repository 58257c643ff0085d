"""A warm interpreter: it has imported what programs need, and forks for each of them.

In:  jobs, one JSON object a line on standard input. Out: a trace (JSON), one a line, in the same order; or why there is none.

A new interpreter costs several times what a fork costs. The forked program must not see that it was forked: it runs as `__main__` in
the bottom frame of the process (the `-c` program `_BOTTOM`, one line of ours), and the interpreter shuts down the way that it does for
any program. That one frame is kept out of tracebacks.

The programs may be strangers'. What keeps them from the machine is `sandbox`; here they are kept from each other and from this process:
nothing of one is left when the next begins, and what one sends is measured before it is believed.
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
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from . import clock, confine, processes, scratch, shadows
from .inside import begin
from .limits import DEFAULT, RECORD, STOPPED, UNLIMITED, Limits
from .program import Pipes, Program
from .supervisor import find, interpreter, spawn, supervise
from .trace import Trace

# Every module that a server has costs each of its programs something at its end: what only the other side needs is imported there.
if TYPE_CHECKING:
    from .sandbox import Sandbox

_BOTTOM = """\
import sys
sys.path[:] = [{root!r}, *filter(None, sys.path)]
import loopscope.warm as job
job.preload({preload!r}, {nice}, {user}, {writable!r})
job = job.serve({writable!r})
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


class _Abandoned(BaseException):
    """Nobody waits for the record any more."""


class _Child(BaseException):
    """Leaves the supervisor in the forked process, carrying the job."""

    def __init__(self, job: Job) -> None:
        self.job = job


def fork(program: Program, pipes: Pipes, limits: Limits) -> int:
    """Start by forking this process; where there is no fork, with a new interpreter."""
    path = os.path.abspath(program.path)
    forkable = hasattr(os, "fork") and not program.shell and not program.module and not shadows.may_hide(os.path.dirname(path))
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
    raise _Child(job)


def _compiled(path: str) -> types.CodeType | None:
    """A program's code. None where there is something to say about it, which is for a new interpreter to say."""
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
    for descriptor in sorted((plan.events, plan.stdout, plan.stderr, plan.dump)):
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
    for name in ("SIGPIPE", "SIGXFSZ"):  # this interpreter ignores them, and a new one would not know that it was not always so
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if program.directory:
        os.chdir(program.directory)
    os.execve(command[0], command, environment)


def serve(writable: tuple[str, ...]) -> Job | None:
    """Work off the jobs. In a process that is forked for one it returns that job; at the end of the input, None.

    `writable` names the folders of the sandbox that programs may write into; empty where there is none.
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
    except _Child as child:
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
        """The trace of one program, as JSON. (No `with`, no `finally`: the forked program leaves through here, too.)"""
        if self._spoiled is not None:
            return json.dumps({"spoiled": self._spoiled})
        program = Program(**job["program"] | {"args": tuple(job["program"]["args"])})
        try:
            if job["scratch"] is not None:
                program = self._in_scratch(program, **job["scratch"])
            limits = Limits(**job["limits"])
            # The kernel counts a user's threads, and only in a sandbox is the user the program's alone.
            limits = limits if self._sandboxed else replace(limits, threads=UNLIMITED)
            answer = self._record(program, limits).to_json()
            if len(answer) >= RECORD:
                answer = json.dumps({"failed": f"its record is longer than {RECORD:,} characters"})
        except Exception as problem:
            self._spoiled = f"{type(problem).__name__}: {problem}"  # a program that confuses us here may have left anything
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
            # Where they are but a few more than they may be, the recording says so itself, and at which line.
            confine.watch_for_bombs(4 * limits.processes, tuple(self._folders), bombs.append)
        trace = supervise(program, limits, start=fork)
        if bombs and trace.stopped is None:
            trace = replace(trace, exit=STOPPED, stopped=bombs[0])
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
        environment = (os.environ if program.environment is None else program.environment) | {"HOME": folder, "TMPDIR": folder}
        return replace(program, directory=folder, environment=environment)

    def clean(self) -> None:
        """Remove what the last program left in the folders into which it could write, and find what cannot be removed."""
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

    In a sandbox it ends when the thread that made it does.

    Args:
        preload: names of modules to import beforehand; those that are not installed are left out.
        environment: the interpreter's; None is this process's own.
        python: path of an interpreter, of 3.10 or later, if it is to be another than this one. Where there is no fork, the programs are
            run in new interpreters by the same means.
        nice: by how much programs give way to other processes for a core, as `os.nice` has it.
        sandbox: what is put around the interpreter. Without one, programs can do all that this process's user can.
    """

    def __init__(
        self,
        preload: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
        nice: int = 0,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._preload, self._environment, self._python, self._nice, self._sandbox = preload, environment, python, nice, sandbox
        self._killed = False
        self._start()

    def _start(self) -> None:
        around, user, writable = self._sandbox.command(self._python) if self._sandbox is not None else ([], None, ())
        code = _BOTTOM.format(
            root=str(Path(__file__).resolve().parent.parent),
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
            # Ctrl-C is for whoever waits for the records. It would end bubblewrap and leave what runs inside.
            start_new_session=self._sandbox is not None,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._jobs: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout

    def record(self, program: Program, limits: Limits = DEFAULT, scratch: tuple[str, ...] | None = None) -> Trace:
        """As `supervisor.record`.

        Args:
            program: what to run.
            limits: what it may use up.
            scratch: run it in a new, empty folder, which is its HOME, too, with copies of these files. Nothing of the folder is left.

        Raises:
            FileNotFoundError: there is no such program.
            RuntimeError: something is wrong with the recording itself, or the program has forged its record.
        """
        import tempfile

        from .validation import check

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
            raise RuntimeError(f"{program.path}: it could not be recorded: {next(iter(json.loads(answer).values()))}")
        try:
            return check(Trace.from_json(answer), program)
        except ValueError as problem:
            raise RuntimeError(f"{program.path}: its record is forged or damaged: {problem}") from None

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
        answer = self._answers.readline(RECORD + 1)
        if not answer.endswith("\n"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1 if answer == "" else 0)  # for its own status, where it ended by itself
            self._end()
            status = self._process.wait()
            raise RuntimeError(
                f"{program.path}: the process that records programs ended (status {status})"
                if len(answer) <= RECORD
                else f"{program.path}: its record is longer than {RECORD:,} characters"
            )
        return answer

    def kill(self) -> None:
        """End the interpreter and what it runs, whatever that is. Other threads may do so, too."""
        self._killed = True
        self._end()

    def _end(self) -> None:
        for inside in processes.children(self._process.pid) if self._sandbox is not None and self._process.returncode is None else ():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(inside, signal.SIGKILL)  # which has another user than bubblewrap, so that it does not end with it
        self._process.kill()

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._jobs.close()
        self._process.wait()
        self._answers.close()

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if kind is not None:
            self.kill()
        self.close()


def preload(names: tuple[str, ...], nice: int, user: int | None, writable: tuple[str, ...]) -> None:
    """Get ready: give up what strangers' programs must not have, give way to others, and import and find what each fork will want."""
    confine.serve(user, sandboxed=bool(writable))
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    for name in ("asyncio", "traceback", "linecache", *names):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    clock.holders()
