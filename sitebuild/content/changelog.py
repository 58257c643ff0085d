"""Reads what has changed on the site for its readers: `changes.txt`, from which the feed is made.

Each of its lines is a change: a date, the address of a page, and a sentence.

    2026-12-01 /tasks/states/ A picture shows how a task goes from one state to the next.

People write these lines, as most commits mean nothing to a reader, and as a build often has no
history to look at. Git merges two branches by keeping the lines of both (`merge=union` in
`.gitattributes`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ..project import Project
from .files import ProjectError, read_text, refuse_conflict

FILE = "changes.txt"
"""The name of the file."""

_CHANGE = re.compile(r"(\d{4}-\d\d-\d\d) /((?:[A-Za-z0-9._~-]+/)*) (\S.*[.!?])")


@dataclass(frozen=True)
class Change:
    """A change of the site that readers may want to know of.

    Attributes:
        day: When it was made.
        address: The address of the page, relative to the site's root: "tasks/states/".
        sentence: What is new.
    """

    day: date
    address: str
    sentence: str


def load(project: Project) -> list[Change]:
    """Read all changes, the latest first. If the file is missing, there are none.

    Raises:
        ProjectError: The file cannot be read, or a line is wrong; the message names them all.
    """
    file = project.root / FILE
    if not file.exists():
        return []
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    changes: dict[tuple[date, str], Change] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        found = _CHANGE.fullmatch(line)
        day = _day(found[1]) if found else None
        if found is None or day is None or not line.isprintable():
            errors.append(
                f"{FILE}: line {number} must be a date, the address of a page and a sentence, like"
                " 2026-12-01 /tasks/states/ It shows more."
            )
            continue
        change = Change(day, found[2], found[3])
        # A feed reader knows an entry by its date and its page.
        if changes.setdefault((day, found[2]), change) != change:
            errors.append(
                f"{FILE}: line {number} is another change of /{found[2]} on {day}; write one"
                " sentence for both"
            )
    if errors:
        raise ProjectError("\n".join(errors))
    return sorted(changes.values(), key=lambda one: (one.day, one.address), reverse=True)


def _day(text: str) -> date | None:
    """Return a date that is written like 2026-12-01, or None if there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
