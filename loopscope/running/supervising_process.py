"""The process that supervises a program for `record()`, so that the caller's own is left alone.

It reads a job, one line of JSON, from standard input, and writes lines of JSON to standard output:
pieces of output as they come, and finally the trace. When standard input or the caller's process
ends, nobody wants the record any more, and the program is ended.
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
from loopscope.running.supervising_process import serve
serve({caller})
"""
"""What that process runs. It loads this very loopscope, whatever else the path has of that name."""

# seconds for that process to end the program once nobody wants the record any more
_SHUTDOWN_SECONDS = 10.0


def record(
    program: Program,
    limits: Limits,
    flags: Sequence[str],
    echo: Callable[[str, bytes], None] | None,
) -> Trace:
    """Have another process supervise a program: the caller's side.

    Args:
        program: What to run.
        limits: What it may use.
        flags: The interpreter's options.
        echo: Called with (stream, bytes) as output arrives.

    Raises:
        RuntimeError: The recording itself failed.
    """
    folder = Path(__file__).resolve().parent.parent
    code = _CODE.format(init=str(folder / "__init__.py"), folder=str(folder), caller=os.getpid())
    inherited = (os.dup(0),) if program.stdin else ()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C is the caller's
        )
    finally:
        for descriptor in inherited:
            os.close(descriptor)
    assert process.stdin is not None and process.stdout is not None
    answer: dict[str, Any] = {}
    try:
        job = {
            "program": asdict(program),
            "limits": asdict(limits),
            "flags": list(flags),
            "echo": echo is not None,
            "stdin": next(iter(inherited), None),
        }
        with contextlib.suppress(BrokenPipeError):  # it has ended: no answer will come
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
            status = process.wait(_SHUTDOWN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
    if "failed" in answer:
        raise RuntimeError(f"{program.path}: it could not be recorded: {answer['failed']}")
    if "trace" not in answer:
        raise RuntimeError(f"{program.path}: the process that records it ended (status {status})")
    return Trace.from_json(answer["trace"])


def serve(caller: int) -> None:
    """Supervise the program of the job on standard input: the other side.

    Args:
        caller: Process id of the process that waits for the record.
    """
    from .interpreter import spawn
    from .launch import supervise

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
    abandoned = _abandonment_descriptor(caller, os.dup(0))
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
            abandoned=abandoned,
        )
        answer(trace=trace.to_json())
    except BrokenPipeError:  # the caller has stopped reading
        return
    except Exception as problem:
        answer(failed=f"{type(problem).__name__}: {problem}")


def _abandonment_descriptor(caller: int, job: int) -> int:
    """Return a descriptor that becomes readable when a pipe or a process ends.

    Args:
        caller: The process, by its id.
        job: The pipe, by its read end.
    """
    if not hasattr(select, "epoll") or not hasattr(os, "pidfd_open"):
        return job
    poll = select.epoll()
    poll.register(job, select.EPOLLIN)
    with contextlib.suppress(OSError):  # it has ended already, or this is an old kernel
        poll.register(os.pidfd_open(caller), select.EPOLLIN)
    if os.getppid() != caller:
        sys.exit(1)
    return os.dup(poll.fileno())
