"""What was made of examples, kept as long as nothing has changed that it was made of.

In:  what a thing is made of, and how to make it. Out: the thing, from `.cache/made/` where it was
     made before.

    .cache/made/<makers>/<thing>.json

`<makers>` is a digest of what makes things: our sources and templates, pygments and the other
libraries that have a hand in it, the site's address. `<thing>` is one of what that thing is made
of. So nothing that is kept is ever wrong, only of no use any more; a build that succeeds removes
what it did not ask for.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import loopscope

from ..content.files import write_text
from ..project import Project, site_address

_MAKERS = 4
"""Folders that are kept, those used last: of other addresses and other branches."""

_LIBRARIES = ("jinja2", "markupsafe", "pygments", "selectolax")


class Kept:
    """What one build asks for, and what it may find."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._folder = project.cache / "made" / digest([makers(), str(project.root.resolve())])
        self._asked: set[str] = set()

    def get(
        self, kind: str, made_of: object, make: Callable[[], Any], is_still: Callable[[], bool]
    ) -> Any:
        """Return a thing, made now or before.

        Args:
            kind: What it is, for things that are made of the same.
            made_of: All that can change it, as plain data.
            make: Makes it, as plain data. What it raises is raised, and nothing is kept.
            is_still: Whether the files are as `made_of` has them. It is asked once the thing is
                made: what was saved meanwhile may be in it.
        """
        name = f"{kind}-{digest(made_of)}.json"
        file = self._folder / name
        self._asked.add(name)
        try:
            return json.loads(file.read_bytes())
        except (OSError, ValueError):  # not made yet, or damaged
            made = make()
            if is_still():
                write_text(self._project, file, json.dumps(made, ensure_ascii=False))
            return made

    def prune(self) -> None:
        """Remove what was not asked for, and what too many other makers made."""
        with suppress(OSError):  # another build may be at it
            for file in self._folder.iterdir():
                # what begins with a dot, somebody writes now
                if file.name not in self._asked and not file.name.startswith("."):
                    file.unlink()
            self._folder.touch()  # used last
            others = sorted(
                self._folder.parent.iterdir(), key=lambda folder: -folder.stat().st_mtime
            )
            for folder in others[_MAKERS:]:
                shutil.rmtree(folder)


def digest(data: object) -> str:
    """Of plain data."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:40]


@cache
def makers() -> list[str]:
    """What makes things of examples, as it is now."""
    return [
        platform.python_version(),
        *(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES),
        site_address(),
        sources(),
    ]


def sources() -> str:
    """A digest of all our files, as they are now."""
    found = hashlib.sha256()
    for package in (Path(__file__).parent.parent, Path(loopscope.__file__).parent):
        for path in sorted(package.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(package)}\0{path.stat().st_size}\0".encode())
                found.update(path.read_bytes())
    return found.hexdigest()
