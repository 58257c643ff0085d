"""Where a record goes that the command was told to write into a file.

In:  a path. Out: a `Destination`, made before the program runs, so that one that cannot be written
     is found by then.

What the file held stays until there is something to put in its place: the text is written beside it
and moved there. What is no plain file (/dev/null, a named pipe), or could not be put back as it was
(it has other names, or belongs to somebody else), is written to as it stands.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path


class Destination:
    """A file that a record will be written to.

    Raises:
        OSError: It cannot be written, with the reason.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = Path(path)
        try:
            status = self._file.stat()
        except FileNotFoundError:
            status = None
        except OSError as problem:
            raise self._problem(problem.errno or errno.EIO) from None
        plain = status is None or stat.S_ISREG(status.st_mode)
        if plain:
            self._file = Path(os.path.realpath(path))  # a symbolic link stays one
        self._mode = None if status is None else stat.S_IMODE(status.st_mode)
        self._in_place = not plain or (status is not None and self._cannot_be_put_back(status))
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise self._problem(errno.EISDIR)
        # `-o /dev/stdout > file`: opened anew, it would overwrite what was printed.
        self._stream = (
            None
            if status is None
            else next((stream for stream in (1, 2) if _is(stream, status)), None)
        )
        if self._stream is not None:
            return
        if status is not None and not os.access(self._file, os.W_OK):
            raise self._problem(errno.EACCES)
        if not self._in_place:
            import tempfile  # few calls write a file, and it brings a dozen modules along

            try:
                tempfile.TemporaryFile(dir=self._file.parent).close()
            except OSError as problem:
                if status is None or problem.errno not in (errno.EACCES, errno.EPERM):
                    raise self._problem(problem.errno or errno.EIO) from None
                self._in_place = True  # the file may be written, but its folder may not

    def write(self, text: str) -> None:
        """Write, as UTF-8. Raises OSError where that fails, and then leaves what was there."""
        data = text.encode("utf-8", "backslashreplace")
        if self._stream is not None:
            _write_all(self._stream, data)
        elif self._in_place:
            self._file.write_bytes(data)
        else:
            self._replace(data)

    def _replace(self, data: bytes) -> None:
        import tempfile

        descriptor, name = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}.")
        beside = Path(name)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), _mode_of_new_files() if self._mode is None else self._mode)
            beside.replace(self._file)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise

    @staticmethod
    def _cannot_be_put_back(status: os.stat_result) -> bool:
        return status.st_nlink > 1 or status.st_uid != os.geteuid() or status.st_gid != os.getegid()

    def _problem(self, number: int) -> OSError:
        return OSError(number, os.strerror(number), self._path)


def _is(stream: int, status: os.stat_result) -> bool:
    """Whether a descriptor of this process is open on the file of that status."""
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(stream), status)
    return False


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def to_standard_output(text: str) -> None:
    """Write a record to standard output. It is UTF-8, as a file is, whatever the encoding of the
    terminal or the locale.
    """
    if sys.stdout is None:  # the command was started without
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
