"""Lets builds of one checkout wait for each other where they share something.

In:  the file that stands for what is shared. Out: the lock on it, held as long as the `with` block
     runs.

The kernel holds the lock and lets go of it when the process ends, however it ends: a build that was
killed keeps nobody waiting.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SILENT = 0.5  # seconds to wait before a word about it
_POLL = 0.02


@contextmanager
def lock(file: Path, doing: str) -> Iterator[bool]:
    """Hold a lock between processes (and between the threads of one).

    Args:
        file: Made where it is missing, and left behind; it holds the number of the process that has
        the lock. doing: What another process does while it has the lock: "runs examples". Said on
        stderr when that takes a while.

    Yields:
        Whether it had to be waited for. What it protects may have changed meanwhile.

    Raises:
        OSError: The file cannot be made.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        waited = not try_lock(descriptor)
        if waited and not _soon(descriptor):
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
            print(
                f"waiting: another build of this checkout {doing} (process {holder})",
                file=sys.stderr,
                flush=True,
            )
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        # the number only helps who waits; without space on the disk it can be done without
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield waited
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file or folder if nobody else has. True where that worked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _soon(descriptor: int) -> bool:
    """Whether the lock is had within a moment that is not worth a word."""
    deadline = time.monotonic() + _SILENT
    while time.monotonic() < deadline:
        time.sleep(_POLL)
        if try_lock(descriptor):
            return True
    return False
