"""Runs one program in a process of its own, under limits, and hears what its recording sends.

In:  a `Program`, `Limits`. Out: a `Trace`; nothing that the program started is left running.

`supervise` does so from this process, which on Linux becomes the one to which orphans fall, so that
a process that left the program's group is found and ended too. Therefore: in a process that has
nothing else to do, and one recording at a time. `record` may be called from any process: it lets a
helper process (`helper`) supervise.
"""

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

from ..limits import DEFAULT, Limits
from ..trace.model import Trace
from . import helper, processes
from .program import CODE_NAMES, Pipes, Program
from .signals import Forwarder
from .supervisor import Watch

_BOOT = str(Path(__file__).parent / "_boot")

Start = Callable[[Program, Pipes, Limits], int]
"""Starts the program with the pipes in place, in a process group of its own; gives its process id.
"""


# What multiprocessing starts its processes with: `-X dev`, `-W error` and the like. Not documented,
# so unknown to type checkers.
interpreter_flags: Callable[[], list[str]] = subprocess._args_from_interpreter_flags  # type: ignore[attr-defined]


def spawn(
    program: Program,
    pipes: Pipes,
    limits: Limits,
    *,
    prepare: Callable[[], None] | None = None,
    flags: Sequence[str] | None = None,
) -> int:
    """Start with a new interpreter, in which `_boot/sitecustomize.py` begins the recording before
    the program does.

    Args:
        program: What to run.
        pipes: Where its output and its recording go.
        limits: What it may use up.
        prepare: Called in the new process first of all; default: nothing.
        flags: Options for the interpreter; default: those of this one.

    Returns:
        Its process id.
    """
    command, environment, kept = interpreter(program, pipes, flags)

    def begin() -> None:
        if prepare is not None:
            prepare()
        processes.prepare(limits, own_group=not program.stdin)

    with _standard_input(program) as stdin:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=program.directory,
            stdin=stdin,
            stdout=pipes.stdout[1],
            stderr=pipes.stdout[1] if program.shell else pipes.stderr[1],
            pass_fds=kept,
            preexec_fn=begin,
        )
    process.returncode = 0  # it is waited for here, not by Popen
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
        # It may be more than a pipe holds. Whoever does not read it to the end has ended.
        threading.Thread(target=_feed, args=(write, text), daemon=True).start()


def _feed(descriptor: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(descriptor, "wb") as file:
        file.write(data)


def interpreter(
    program: Program, pipes: Pipes, flags: Sequence[str] | None = None
) -> tuple[list[str], dict[str, str], tuple[int, ...]]:
    """How a new interpreter is started for a program: the command, its environment, and the
    descriptors that it keeps.
    """
    environment = dict(os.environ if program.environment is None else program.environment)
    if program.shell:
        return ["bash", program.path, *program.args], environment, ()
    plan = pipes.plan(program, program.code_name)
    told = {
        "plan": asdict(plan),
        "pythonpath": environment.get("PYTHONPATH"),
        "file": (
            ""
            if program.module or program.source is not None
            else str(Path(program.path).resolve())
        ),
        "folder": _import_folder(program),
    }
    environment["LOOPSCOPE_PLAN"] = json.dumps(told)
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, (_BOOT, environment.get("PYTHONPATH")))
    )
    command = [
        sys.executable,
        *(interpreter_flags() if flags is None else flags),
        *_target(program),
        *program.args,
    ]
    return command, environment, (plan.events, plan.stdout, plan.stderr, plan.dump)


def _target(program: Program) -> list[str]:
    """The words of an interpreter's command line that say what to run."""
    if program.module:
        return ["-m", program.path]
    if program.source is not None:
        return ["-c", program.source] if program.path == "-c" else ["-"]
    return [program.path if program.directory is None else os.path.abspath(program.path)]


def _import_folder(program: Program) -> str:
    """The folder that the interpreter will look through first for what the program imports."""
    if program.module or program.source is not None:
        return os.path.abspath(program.directory or os.curdir)
    path = Path(program.path).resolve()
    return str(path if path.is_dir() or _is_archive(path) else path.parent)


def _is_archive(path: Path) -> bool:
    """Whether the interpreter will look for a `__main__.py` in that file."""
    try:
        zipimport.zipimporter(str(path))
    except zipimport.ZipImportError:
        return False
    return True


def find(program: Program) -> None:
    """Look whether there is such a program.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It has a text, `source`, and a path that is neither "-c" nor "-".
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
    limits: Limits = DEFAULT,
    *,
    start: Start | None = None,
    echo: Callable[[str, bytes], None] | None = None,
    abandoned: int | None = None,
) -> Trace:
    """Run `program` from this process, which becomes the reaper of whatever the program leaves
    behind, and give its trace.

    With `program.stdin` the program runs in this process's own group, and what is sent to this
    process is passed on to it.

    Args:
        program: What to run. limits: What it may use up. start: How to start it; default: `spawn`.
        echo: Called with (stream, bytes) as output arrives. abandoned: A descriptor that becomes
        readable when nobody wants the record any more; the program is then ended.

    Returns:
        What happened. Whatever the program does is told there, and not raised.

    Raises:
        FileNotFoundError: There is no such program.
    """
    find(program)
    forwarder = (
        Forwarder()
        if program.stdin and threading.current_thread() is threading.main_thread()
        else None
    )
    with forwarder or contextlib.nullcontext():
        others = processes.become_reaper()
        pipes = Pipes.make()
        try:
            if start is not None:
                pid = start(program, pipes, limits)
            else:
                pid = spawn(
                    program, pipes, limits, prepare=forwarder.prepare if forwarder else None
                )
        except Exception:
            pipes.close_ours()
            pipes.close_program_s()
            raise
        pipes.close_program_s()
        watch = Watch(
            program,
            pid,
            others,
            pipes,
            limits,
            echo,
            forwarder.stop_too if forwarder else None,
            abandoned,
        )
        try:
            if forwarder is not None:
                forwarder.start(pid)
            watch.until_it_ends()
        finally:
            left = processes.end_all(pid, others, watch.reaped, own_group=not program.stdin)
            watch.drain_all()
            pipes.close_ours()
    return watch.trace(left)


def record(
    program: Program, limits: Limits = DEFAULT, *, echo: Callable[[str, bytes], None] | None = None
) -> Trace:
    """Run a program in a process of its own, and record what its event loop does.

    It may be called from anywhere, from several threads at once too: a helper process starts and
    watches the program, so that the caller's own children, signals and handlers are left alone.
    When the caller is killed, helper and program end.

    Args:
        program: What to run, and on which clock.
        limits: What it may use up before it is ended.
        echo: Called with (stream, bytes) as output arrives; stream is "stdout" or "stderr".

    Returns:
        What happened: tasks, steps, output, how it ended. Whatever the program does is told there,
        and not raised.

    Raises:
        FileNotFoundError: There is no such program.
        ValueError: It has a text, `source`, and a path that is neither "-c" nor "-".
        RuntimeError: Something is wrong with the recording itself.
    """
    find(program)
    return helper.record(program, limits, interpreter_flags(), echo)
