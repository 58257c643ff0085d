"""Writes a record to the file that the command was given.

A `Destination` is made before the program runs, so that a path that cannot be written to is
reported before anything has happened. The file keeps its old content until there is something to
replace it with: the text is written to a temporary file beside it, which is then moved into place.
Anything but a regular file (/dev/null, a named pipe), and any file that could not be restored as it
was (it has other links, or another owner), is written to directly.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path


class Destination:
    """A file that a record will be written to."""

    def __init__(self, path: str) -> None:
        """Check that the file can be written to.

        Args:
            path: The file, which need not exist.

        Raises:
            OSError: It cannot be written to.
        """
        self._path = path
        self._file = Path(path)
        try:
            status = self._file.stat()
        except FileNotFoundError:
            status = None
        except OSError as problem:
            raise self._error(problem.errno or errno.EIO) from None
        is_regular = status is None or stat.S_ISREG(status.st_mode)
        if is_regular:
            self._file = Path(os.path.realpath(path))  # a symbolic link stays one
        self._mode = None if status is None else stat.S_IMODE(status.st_mode)
        self._in_place = not is_regular or (status is not None and self._cannot_be_replaced(status))
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise self._error(errno.EISDIR)
        # With `-o /dev/stdout > file`, opening it again would overwrite what was printed.
        self._stream = (
            None
            if status is None
            else next((stream for stream in (1, 2) if _is_open_on(stream, status)), None)
        )
        if self._stream is not None:
            return
        if status is not None and not os.access(self._file, os.W_OK):
            raise self._error(errno.EACCES)
        if not self._in_place:
            import tempfile  # few calls write a file, and it brings a dozen modules along

            try:
                tempfile.TemporaryFile(dir=self._file.parent).close()
            except OSError as problem:
                if status is None or problem.errno not in (errno.EACCES, errno.EPERM):
                    raise self._error(problem.errno or errno.EIO) from None
                self._in_place = True  # the file is writable, but its folder is not

    def write(self, text: str) -> None:
        """Write a record as UTF-8.

        Raises:
            OSError: It could not be written; the file then still holds what it held before.
        """
        data = text.encode("utf-8", "backslashreplace")
        if self._stream is not None:
            _write_all(self._stream, data)
        elif self._in_place:
            self._file.write_bytes(data)
        else:
            self._replace(data)

    def _replace(self, data: bytes) -> None:
        """Write a temporary file, and move it to the place of the old one."""
        import tempfile

        descriptor, name = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}.")
        temporary = Path(name)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), _new_file_mode() if self._mode is None else self._mode)
            temporary.replace(self._file)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    @staticmethod
    def _cannot_be_replaced(status: os.stat_result) -> bool:
        """Return whether a new file in its place would differ in more than its content."""
        return status.st_nlink > 1 or status.st_uid != os.geteuid() or status.st_gid != os.getegid()

    def _error(self, number: int) -> OSError:
        return OSError(number, os.strerror(number), self._path)


def _is_open_on(stream: int, status: os.stat_result) -> bool:
    """Return whether a descriptor of this process is open on the file that has this status."""
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(stream), status)
    return False


def _new_file_mode() -> int:
    """Return the permissions of a file that a program creates with the default mode."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def to_standard_output(text: str) -> None:
    """Write a record to standard output, as UTF-8 whatever the terminal's or locale's encoding."""
    if sys.stdout is None:  # the command was started without one
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
