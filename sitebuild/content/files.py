"""Reads and writes the project's files, with an error message for everything that can go wrong."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..project import Project

LARGEST = 5_000_000
"""Bytes that a file of the project may have. What programs print and what pages say is far less."""

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that a reviewer cannot see.

Some reorder the text around them, some end a line in one program and not in another, some get lost.
"""

SYMBOLIC_LINK = (
    "it is a symbolic link, which is not followed; put the file itself there, or delete it"
)
"""What is wrong with a symbolic link: it may lead to any file of the machine that builds."""

_EXPLANATIONS = {
    errno.ENOSPC: "no space is left on the disk; free some, then try again",
    errno.EDQUOT: "your disk quota is used up; free some space, then try again",
    errno.EFBIG: (
        "the limit on the size of files is too low; raise it (`ulimit -f`), then try again"
    ),
    errno.EROFS: "its file system is read-only; work in a copy that can be written",
    errno.EACCES: "permission denied; give yourself permission to read and write it",
    errno.EPERM: "it may not be changed; give yourself permission to read and write it",
    errno.ENOENT: "it is missing",
    errno.EISDIR: "it is a folder where a file must be; move it away",
    errno.ENOTDIR: "it is a file where a folder must be; move it away",
    errno.EEXIST: "it is a file where a folder must be; move it away",
    errno.ELOOP: SYMBOLIC_LINK,
}
_CONFLICT = re.compile(r"(?m)^(<<<<<<<|>>>>>>>)(?: .*)?$")


class ProjectError(Exception):
    """A file of the project is invalid.

    The message has a line for each problem: the file, the cause and the fix.
    """


def explain(error: OSError) -> str:
    """Return why a file could not be read or written, and what to do about it."""
    return _EXPLANATIONS.get(error.errno or 0, error.strerror or str(error))


def read_text(project: Project, file: Path, largest: int = LARGEST) -> str:
    """Return the text of one of the project's files, with line ends as `\\n`.

    Links, pipes and devices are not read: reading them may never end.

    Args:
        project: The project.
        file: The file.
        largest: Bytes that it may have.

    Raises:
        ProjectError: It cannot be read, is not a file, is too large, or is not UTF-8.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(mode):
                raise ProjectError(
                    f"{project.relative(file)}: it is neither a file nor a folder; delete it"
                )
            with open(descriptor, "rb", closefd=False) as opened:
                data = opened.read(largest + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ProjectError(f"{project.relative(file)}: {explain(error)}") from error
    if len(data) > largest:
        raise ProjectError(
            f"{project.relative(file)}: it is larger than {largest:,} bytes; make it smaller"
        )
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ProjectError(
            f"{project.relative(file)}: byte {error.start} is not UTF-8; save it as UTF-8"
        ) from None


def write_text(project: Project, file: Path, text: str) -> None:
    """Replace a file's text in one step.

    Whoever reads the file meanwhile, or after an interruption, sees the old text or the new one,
    never a mixture.

    Raises:
        ProjectError: It cannot be written.
    """
    # The name is random because another process may be writing the same file.
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise ProjectError(f"{project.relative(file)}: {explain(error)}") from error
    finally:
        with suppress(OSError):
            new.unlink()


def write_zip(file: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip; equal entries give equal bytes.

    Args:
        file: The zip.
        entries: The path and the content of each file in it.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries:
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def conflict_line(text: str) -> int | None:
    """Return the number of the first line that git's merge conflicts left in a text, if any."""
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def refuse_conflict(project: Project, file: Path, text: str) -> None:
    """Refuse a merge conflict in a file whose lines are independent of each other.

    Raises:
        ProjectError: The text has a merge conflict; keeping the lines of both sides resolves it.
    """
    line = conflict_line(text)
    if line is not None:
        raise ProjectError(
            f"{project.relative(file)}: line {line} is a merge conflict; keep the lines of both"
            " sides, delete the markers, then run `make update`"
        )
