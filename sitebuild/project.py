"""Where things are, and the few settings of the site. All of them here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit


@cache
def site_address() -> str:
    """Return the address at which the site is published: the environment's, read once."""
    return os.environ.get("AWAITED_SITE", "http://127.0.0.1:8000/")


@cache
def base_path() -> str:
    """Return the site's own root, as links name it: "/" or "/folder/"."""
    return urlsplit(site_address()).path


@cache
def is_draft() -> bool:
    """Return whether `make serve` runs.

    An example that is not in order is then shown with a word about it, and fails nothing.
    """
    return bool(os.environ.get("AWAITED_DRAFT"))


@dataclass(frozen=True)
class Project:
    """A checkout."""

    root: Path

    @cached_property
    def docs(self) -> Path:
        return self.root / "docs"

    @cached_property
    def examples(self) -> Path:
        return self.root / "examples"

    @cached_property
    def cache(self) -> Path:
        return self.root / ".cache"

    @cached_property
    def site(self) -> Path:
        return self.root / "site"

    def relative(self, path: Path) -> str:
        """Return a path as messages name it: relative to the checkout, where it is inside it.

        Characters that do not print are escaped, so that the name stays on its line.
        """
        inside = path.is_relative_to(self.root)
        return escape_unprintable((path.relative_to(self.root) if inside else path).as_posix())


def escape_unprintable(text: str) -> str:
    """A text that strangers chose, for a message: on one line, and nothing but letters for a
    terminal or a log.
    """
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def current_project() -> Project:
    """The project in the current folder, or the one that this package belongs to."""
    folder = Path.cwd()
    return Project(
        folder if (folder / "mkdocs.yml").is_file() else Path(__file__).resolve().parent.parent
    )
