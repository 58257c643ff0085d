"""Locks between the builds of one checkout, for what they share.

The kernel releases a lock when its process ends, however it ends: a build that was killed keeps
nobody waiting.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_QUIET_SECONDS = 0.5  # to wait before a message says so
_POLL_SECONDS = 0.02


@contextmanager
def lock(file: Path, doing: str) -> Iterator[bool]:
    """Hold a lock between processes, and between the threads of one.

    Args:
        file: The lock file. It is created if it is missing, and contains the id of the process that
            holds the lock.
        doing: What the holder of the lock does, for the message about waiting: "runs examples".

    Yields:
        Whether the lock was held by another. What it protects may have changed meanwhile.

    Raises:
        OSError: The file cannot be created.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        waited = not try_lock(descriptor)
        if waited and not _lock_soon(descriptor):
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
            print(
                f"waiting: another build of this checkout {doing} (process {holder})",
                file=sys.stderr,
                flush=True,
            )
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        # The id serves only the message to those who wait: a full disk need not stop the build.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield waited
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file or folder without waiting, and return whether that worked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_soon(descriptor: int) -> bool:
    """Lock a file if it becomes free before a message is due, and return whether it did."""
    deadline = time.monotonic() + _QUIET_SECONDS
    while time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        if try_lock(descriptor):
            return True
    return False
