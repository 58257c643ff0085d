"""Runs the command in forks of a process that has imported it.

In:  the words after `loopscope`, a folder, standard input. Out: what it printed, its exit status.

All that a call does after its imports, it does as in a new interpreter. Tests of the start itself
(the encoding of its streams, what lies in the current folder), of signals and of terminals begin
with a new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from commands import ENVIRONMENT, PATIENCE, ROOT

_SERVER = """\
import sys
from warm_command import serve
from loopscope.__main__ import main
words = serve(int(sys.argv[1]))
if words is not None:
    sys.exit(main(words))
"""
_ROOM = 65_536  # bytes that a pipe holds on Linux


class WarmCommand:
    """The process that has imported the command. Threads may share it."""

    def __init__(self) -> None:
        self._jobs, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(theirs.fileno())],
            env={**ENVIRONMENT, "PYTHONPATH": path},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def __call__(
        self,
        folder: Path,
        *words: str,
        given: bytes | IO[bytes] = b"",
        environment: Mapping[str, str] = ENVIRONMENT,
    ) -> subprocess.CompletedProcess[bytes]:
        """Call the command in a folder; `given` is its standard input."""
        job = {"words": words, "folder": str(folder), "environment": {**environment}}
        pipes = [os.pipe() for _ in range(4)]
        (stdin, feed), (read_output, stdout), (read_errors, stderr), (read_status, status) = pipes
        if isinstance(given, bytes):
            assert len(given) <= _ROOM
            os.write(feed, given)
        file = stdin if isinstance(given, bytes) else given.fileno()
        socket.send_fds(self._jobs, [json.dumps(job).encode()], [file, stdout, stderr, status])
        for descriptor in (stdin, feed, stdout, stderr, status):
            os.close(descriptor)
        said: dict[int, bytes] = {}

        def read(descriptor: int) -> None:
            with open(descriptor, "rb") as pipe:
                said[descriptor] = pipe.read()

        reads = (read_output, read_errors, read_status)
        threads = [threading.Thread(target=read, args=(each,), daemon=True) for each in reads]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"{words} takes too long"
        output, errors, ended = (said[each] for each in reads)
        return subprocess.CompletedProcess(words, int(ended), output, errors)

    def close(self) -> None:
        self._jobs.close()
        self._process.wait(PATIENCE)


def serve(descriptor: int) -> list[str] | None:
    """Fork for each job; returns its words in the process that is to do it.

    A process between the two waits for its end, so that jobs can go on side by side.
    """
    jobs = socket.socket(fileno=descriptor)
    while True:
        message, files, _, _ = socket.recv_fds(jobs, _ROOM, 4)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not message:
            return None
        if not os.fork():
            break
        for each in files:
            os.close(each)
    jobs.detach()
    os.close(descriptor)
    child = os.fork()
    if child:
        *others, status = files
        for each in (0, 1, 2, *others):
            os.close(each)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(status, str(ended).encode())
        os._exit(0)
    for number, each in enumerate(files[:3]):
        os.dup2(each, number)
    for each in files:
        os.close(each)
    job = json.loads(message)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    return job["words"]
