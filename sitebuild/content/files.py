"""Reads and writes the project's files, and says in a sentence what is wrong with one.

In:  a file. Out: its text, or a `ProjectError` whose message is `file: cause; mend`.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from ..project import Project

LARGEST = 5_000_000
"""Bytes that a file of the project may have. What programs print, and what pages say, is far less.
"""

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters of which a reviewer sees none. Some of them show a text in another order, end a line
or not, or are dropped on the way.
"""

_REASONS = {
    errno.ENOSPC: "no space is left on the disk; free some, then try again",
    errno.EDQUOT: "no space is left for you on the disk; free some, then try again",
    errno.EFBIG: (
        "a file may not become as large as it must; raise the limit (`ulimit -f`), then try again"
    ),
    errno.EROFS: "it is on a file system that is read-only; work in a copy that can be written",
    errno.EACCES: "permission is denied; give yourself the right to read and write it",
    errno.EPERM: "it may not be changed; give yourself the right to read and write it",
    errno.ENOENT: "it is missing",
    errno.EISDIR: "it is a folder where a file must be; move it away",
    errno.ENOTDIR: "it is a file where a folder must be; move it away",
    errno.EEXIST: "it is a file where a folder must be; move it away",
    errno.ELOOP: (
        "it is a link; links are not followed here, put the file itself there or delete it"
    ),
}
_CONFLICT = re.compile(r"(?m)^(<<<<<<<|>>>>>>>)(?: .*)?$")


class ProjectError(Exception):
    """A file of the project is not as it must be. The message names file, cause and mend, a line
    each thing that is wrong.
    """


def explain(problem: OSError) -> str:
    """Why a file could not be read or written, and what to do."""
    return _REASONS.get(problem.errno or 0, problem.strerror or str(problem))


def read_text(project: Project, file: Path) -> str:
    """The text of one of the project's files. What only looks like a file (a link, a pipe, a
    device) is not read: it may never end.

    Raises:
        ProjectError: It cannot be read, is no file, is too large, or is not UTF-8.
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
                data = opened.read(LARGEST + 1)
        finally:
            os.close(descriptor)
    except OSError as problem:
        raise ProjectError(f"{project.relative(file)}: {explain(problem)}") from problem
    if len(data) > LARGEST:
        raise ProjectError(
            f"{project.relative(file)}: it is larger than {LARGEST:,} bytes; make it smaller"
        )
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise ProjectError(
            f"{project.relative(file)}: byte {problem.start} is not UTF-8; save it as UTF-8"
        ) from None


def write_text(project: Project, file: Path, text: str) -> None:
    """Write a file whole or not at all: whoever reads it meanwhile, or after an interruption, sees
    the old text or the new one.

    Raises:
        ProjectError: It cannot be written.
    """
    # of this writer alone: another may write the same file now
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as problem:
        raise ProjectError(f"{project.relative(file)}: {explain(problem)}") from problem
    finally:
        with suppress(OSError):
            new.unlink()


def conflict_line(text: str) -> int | None:
    """The line at which git left a merge conflict in a text, from 1; None where there is none."""
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def refuse_conflict(project: Project, file: Path, text: str) -> None:
    """Raises ProjectError where git left a merge conflict in a file of facts, in which the lines of
    both sides may stand.
    """
    line = conflict_line(text)
    if line is not None:
        raise ProjectError(
            f"{project.relative(file)}: line {line} is a merge conflict; keep the lines of both"
            " sides, delete the markers, then run `make update`"
        )
