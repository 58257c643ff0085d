"""Says which state of the project is built: the commit that is checked out, and its day.

The time of the build itself would make two builds of the same sources differ.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ..project import Project, source_date

_SECONDS = 10  # that git may take


@dataclass(frozen=True)
class Revision:
    """A state of the project.

    Attributes:
        day: When it was made. SOURCE_DATE_EPOCH replaces the day of the commit.
        commit: The full name of its commit, or None if there is no history here.
    """

    day: date
    commit: str | None


def read(project: Project) -> Revision | None:
    """Return the state of the project, or None if nothing tells."""
    commit, seconds = None, source_date()
    if (project.root / ".git").exists():  # not that of a folder around the project
        command = ("git", "-C", str(project.root), "log", "-1", "--format=%H %ct")
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            ran = None
        if ran is not None and ran.returncode == 0 and ran.stdout.strip():
            commit, _, committed = ran.stdout.strip().partition(" ")
            seconds = int(committed) if seconds is None else seconds
    return (
        None if seconds is None else Revision(datetime.fromtimestamp(seconds, UTC).date(), commit)
    )
