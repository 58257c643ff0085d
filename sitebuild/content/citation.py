"""Reads how the course wants to be cited: `CITATION.cff`, in the Citation File Format."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from ..project import Project
from .files import ProjectError, read_text


@dataclass(frozen=True)
class Citation:
    """How the course is cited.

    Attributes:
        title: Its title.
        authors: The names of its authors.
        version: Its version.
        released: The day of that version: "2026-11-21".
    """

    title: str
    authors: tuple[str, ...]
    version: str
    released: str

    @property
    def year(self) -> str:
        """The year of the version."""
        return self.released[:4]


def load(project: Project) -> Citation | None:
    """Read how the course is cited; None if the project does not say.

    Raises:
        ProjectError: The file cannot be read, or lacks a part.
    """
    file = project.root / "CITATION.cff"
    if not file.exists():
        return None
    try:
        data = yaml.safe_load(read_text(project, file))
        return Citation(
            data["title"],
            tuple(author["name"] for author in data["authors"]),
            str(data["version"]),
            str(data["date-released"]),
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ProjectError(
            f"CITATION.cff: it lacks a title, an author's name, a version or a date ({error})"
        ) from None
