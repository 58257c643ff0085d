"""Where a checkout keeps its files, and the few settings of the site."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

from .text import escape_unprintable

OLDEST_MINOR = 10
"""The oldest minor version of Python 3 that examples may name."""

NEWEST_MINOR = 15
"""The newest minor version of Python 3 that examples may name. Raise it with each new Python."""


@cache
def site_address() -> str:
    """Return the URL at which the site is published: AWAITED_SITE, read once."""
    return os.environ.get("AWAITED_SITE", "http://127.0.0.1:8000/")


@cache
def base_path() -> str:
    """Return the path of the site's root, as links name it: "/" or "/folder/"."""
    return urlsplit(site_address()).path


@cache
def is_draft() -> bool:
    """Return whether the site is built for `make serve`.

    A draft shows an example that fails its checks, with a note, instead of failing the build.
    """
    return bool(os.environ.get("AWAITED_DRAFT"))


@dataclass(frozen=True)
class Project:
    """A checkout of the project.

    Attributes:
        root: Its folder.
    """

    root: Path

    @cached_property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / "docs"

    @cached_property
    def examples(self) -> Path:
        """The folder of the examples, with a folder for each chapter."""
        return self.root / "examples"

    @cached_property
    def cache(self) -> Path:
        """The folder of everything that can be made again: records, locks."""
        return self.root / ".cache"

    @cached_property
    def site(self) -> Path:
        """The folder of the built site."""
        return self.root / "site"

    def relative(self, path: Path) -> str:
        """Return a path for a message: relative to the checkout if it is inside.

        Characters that do not print are escaped, so that a file's name stays on its line.
        """
        inside = path.is_relative_to(self.root)
        return escape_unprintable((path.relative_to(self.root) if inside else path).as_posix())


def current_project() -> Project:
    """Return the project in the current folder, or else the one that this package belongs to."""
    folder = Path.cwd()
    if not (folder / "mkdocs.yml").is_file():
        folder = Path(__file__).resolve().parent.parent
    return Project(folder)
