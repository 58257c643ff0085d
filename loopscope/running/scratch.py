"""Makes, empties and removes folders that programs write into, whatever a program made of them.

No process that could write into such a folder may still run. `shutil.rmtree` gives up on folders
that may not be read, and on folders nested deeper than the interpreter's stack or the longest path.
Here no link is followed, and what is deep is first moved up to the top.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Collection


def make(within: str) -> str:
    """Make a new folder in a folder, for one program.

    `tempfile` could do that, but would import a dozen modules.
    """
    folder = os.path.join(within, f"awaited-{os.urandom(6).hex()}")
    os.mkdir(folder, 0o700)
    return folder


def empty(folder: str, keep: Collection[str] = (), seconds: float = 5.0) -> None:
    """Remove everything in a folder.

    Args:
        folder: Its path. If that is not a folder (any more), or a link to one, nothing is done.
        keep: Names in it that stay.
        seconds: CPU time that this may take.

    Raises:
        OSError: Something cannot be removed.
        TimeoutError: It takes longer than `seconds`.
    """
    deadline = time.process_time() + seconds
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return
    except FileNotFoundError:
        return
    # a folder of another user that everybody may write into is fine as it is
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
    """Restore a folder that everybody may write into to what it was before a program ran.

    Args:
        folder: Its path.
        keep: Names in it that stay.

    Raises:
        OSError: Something cannot be removed.
    """
    if os.stat(folder).st_uid == os.getuid():  # otherwise no program can have changed the folder
        os.chmod(folder, 0o1777)
        for name in os.listxattr(folder):
            os.removexattr(folder, name)
    empty(folder, keep)


def remove(folder: str) -> None:
    """Remove a folder with everything in it, or what a program put in its place.

    Raises:
        OSError: Something cannot be removed.
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
    """Remove one folder inside `top`; the folders in it move up into `top`."""
    os.chmod(name, 0o700, dir_fd=top)
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for inner in os.listdir(descriptor):
            if _is_folder(inner, descriptor):
                os.chmod(inner, 0o700, dir_fd=descriptor)  # moving a folder writes into it
                os.rename(inner, os.urandom(12).hex(), src_dir_fd=descriptor, dst_dir_fd=top)
            else:
                os.unlink(inner, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    os.rmdir(name, dir_fd=top)
