"""Folders that a program wrote into, emptied whatever it made of them.

In:  a folder. Out: nothing left in it, or an error. No process that could write there may still
     run.

`shutil.rmtree` gives up on folders that may not be read, and on those that are nested deeper than
the interpreter's stack or the longest path. Here nothing is followed, and what is deep is lifted up
to the top first.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Collection


def make(within: str) -> str:
    """Make a folder for one program. (`tempfile` would do it, and brings a dozen modules along.)"""
    folder = os.path.join(within, f"awaited-{os.urandom(6).hex()}")
    os.mkdir(folder, 0o700)
    return folder


def empty(folder: str, keep: Collection[str] = (), seconds: float = 5.0) -> None:
    """Remove everything in a folder.

    Args:
        folder: its path. Where it is no folder (any more), or a link to one, nothing is done.
        keep: names in it that stay.
        seconds: how much time of a core it may take.

    Raises:
        OSError: something cannot be removed.
        TimeoutError: it takes more than that (itself an OSError).
    """
    deadline = time.process_time() + seconds
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return
    except FileNotFoundError:
        return
    # a folder of another user's that all may write into is as it should be
    with contextlib.suppress(PermissionError):
        os.chmod(folder, 0o700 | stat.S_IMODE(os.lstat(folder).st_mode))
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        while names := [name for name in os.listdir(top) if name not in keep]:
            for name in names:
                if time.process_time() > deadline:
                    raise TimeoutError(f"{folder}: it takes too long to empty")
                if _is_folder(name, top):
                    _lift(name, top)
                else:
                    os.unlink(name, dir_fd=top)
    finally:
        os.close(top)


def restore(folder: str, keep: Collection[str]) -> None:
    """Make a folder that everybody may write into what it was before a program did.

    Args:
        folder: its path.
        keep: names in it that stay.

    Raises:
        OSError: something cannot be removed.
    """
    if os.stat(folder).st_uid == os.getuid():  # otherwise no program could change the folder itself
        os.chmod(folder, 0o1777)
        for name in os.listxattr(folder):
            os.removexattr(folder, name)
    empty(folder, keep)


def remove(folder: str) -> None:
    """Remove a folder with all that is in it, or what a program put in its place.

    Raises:
        OSError: something cannot be removed.
    """
    empty(folder)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(os.lstat(folder).st_mode):
            os.rmdir(folder)
        else:
            os.unlink(folder)


def _is_folder(name: str, within: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=within, follow_symlinks=False).st_mode)


def _lift(name: str, top: int) -> None:
    """Remove one folder of `top`; the folders in it move up into `top`."""
    os.chmod(name, 0o700, dir_fd=top)
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for inner in os.listdir(descriptor):
            if _is_folder(inner, descriptor):
                os.chmod(inner, 0o700, dir_fd=descriptor)  # to move a folder is to write into it
                os.rename(inner, os.urandom(12).hex(), src_dir_fd=descriptor, dst_dir_fd=top)
            else:
                os.unlink(inner, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    os.rmdir(name, dir_fd=top)
