"""The process that supervises a program on behalf of `record()`, so that the caller's own process
is left alone.

In:  a job, one line of JSON on standard input. Out: lines of JSON on standard output: pieces of
     output as they come, at last the trace. When standard input ends or the caller's process does,
     nobody wants the record any more: the program is ended.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..limits import Limits
from ..trace.model import Trace
from .program import Program

_CODE = """\
import sys
sys.path[:] = [path for path in sys.path if path]
import importlib.util
folder = {folder!r}
spec = importlib.util.spec_from_file_location(
    "loopscope", {init!r}, submodule_search_locations=[folder]
)
module = sys.modules["loopscope"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from loopscope.running.helper import serve
serve({caller})
"""
"""The helper's program. It takes this very loopscope, whatever the caller's path has of that name.
"""

# seconds that the helper gets to end the program, once the record is not wanted any more
_PATIENCE = 10.0


def record(
    program: Program,
    limits: Limits,
    flags: Sequence[str],
    echo: Callable[[str, bytes], None] | None,
) -> Trace:
    """Do the caller's side of `supervisor.record`; `flags` are the interpreter's options."""
    folder = Path(__file__).resolve().parent.parent
    code = _CODE.format(init=str(folder / "__init__.py"), folder=str(folder), caller=os.getpid())
    given = (os.dup(0),) if program.stdin else ()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=given,
            start_new_session=True,  # Ctrl-C is the caller's
        )
    finally:
        for descriptor in given:
            os.close(descriptor)
    assert process.stdin is not None and process.stdout is not None
    answer: dict[str, Any] = {}
    try:
        job = {
            "program": asdict(program),
            "limits": asdict(limits),
            "flags": list(flags),
            "echo": echo is not None,
            "stdin": next(iter(given), None),
        }
        with contextlib.suppress(BrokenPipeError):  # it ended, which the missing answer says
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
        for line in process.stdout:
            answer = json.loads(line)
            if echo is not None and "stream" in answer:
                echo(answer["stream"], answer["data"].encode("latin-1"))
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        try:
            status = process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
    if "failed" in answer:
        raise RuntimeError(f"{program.path}: it could not be recorded: {answer['failed']}")
    if "trace" not in answer:
        raise RuntimeError(f"{program.path}: the process that records it ended (status {status})")
    return Trace.from_json(answer["trace"])


def serve(caller: int) -> None:
    """The helper's side: supervise the program of the job on standard input."""
    from .launch import spawn, supervise

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    line = b""
    # unbuffered; after this line only the end of the stream matters
    while not line.endswith(b"\n"):
        piece = os.read(0, 65_536)
        if not piece:
            return
        line += piece
    job = json.loads(line)
    gone = _when_gone(caller, os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY) if job["stdin"] is None else job["stdin"], 0)

    def answer(**fields: str) -> None:
        answers.write(json.dumps(fields).encode() + b"\n")
        answers.flush()

    def echo(stream: str, data: bytes) -> None:
        answer(stream=stream, data=data.decode("latin-1"))

    program = Program(**job["program"] | {"args": tuple(job["program"]["args"])})
    try:
        trace = supervise(
            program,
            Limits(**job["limits"]),
            start=functools.partial(spawn, flags=job["flags"]),
            echo=echo if job["echo"] else None,
            abandoned=gone,
        )
        answer(trace=trace.to_json())
    except BrokenPipeError:  # the caller does not listen any more
        return
    except Exception as problem:
        answer(failed=f"{type(problem).__name__}: {problem}")


def _when_gone(caller: int, job: int) -> int:
    """A descriptor that becomes readable when the pipe `job` ends or the process `caller` does."""
    if not hasattr(select, "epoll") or not hasattr(os, "pidfd_open"):
        return job
    both = select.epoll()
    both.register(job, select.EPOLLIN)
    with contextlib.suppress(OSError):  # it is gone already, or this is an old kernel
        both.register(os.pidfd_open(caller), select.EPOLLIN)
    if os.getppid() != caller:
        sys.exit(1)
    return os.dup(both.fileno())
