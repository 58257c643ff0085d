"""Caches what was made from examples: panels, pages, and the results of checks.

    .cache/made/<makers>/<kind>-<inputs>.json

`<makers>` is a digest of everything that makes these things: the project's own code and templates,
the libraries that it uses, and the addresses of the site and its repository. `<inputs>` is a digest
of everything that the one thing is made from. So an entry is never wrong, only outdated, and a
build that succeeds removes the entries that it did not use.
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
from ..project import Project, repository, site_address

_MAKERS = 4
"""How many folders are kept, for builds of other branches or at other addresses."""

_LIBRARIES = ("jinja2", "markupsafe", "pygments", "selectolax", "tinycss2", "resvg-py")


class RenderCache:
    """The cache, as one build uses it.

    Args:
        project: The project that is built.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._folder = project.cache / "made" / digest([makers(), str(project.root.resolve())])
        self._used: set[str] = set()

    def get(
        self, kind: str, made_of: object, make: Callable[[], Any], is_still: Callable[[], bool]
    ) -> Any:
        """Return a thing from the cache, or make it.

        Args:
            kind: The kind of thing; different kinds may be made from the same inputs.
            made_of: All its inputs, as plain data.
            make: Makes it, as plain data. If it raises, the error is raised and nothing is cached.
            is_still: Returns whether `made_of` still matches the files. It is called after `make`,
                because files that were saved meanwhile may have been used.
        """
        name = f"{kind}-{digest(made_of)}.json"
        file = self._folder / name
        self._used.add(name)
        try:
            return json.loads(file.read_bytes())
        except (OSError, ValueError):  # missing or damaged
            made = make()
            if is_still():
                write_text(self._project, file, json.dumps(made, ensure_ascii=False))
            return made

    def prune(self) -> None:
        """Remove the entries that this build did not use, and the oldest of the other folders."""
        with suppress(OSError):  # another build may be pruning too
            for file in self._folder.iterdir():
                # Files whose names begin with a dot are being written.
                if file.name not in self._used and not file.name.startswith("."):
                    file.unlink()
            self._folder.touch()  # now the most recent folder
            others = sorted(
                self._folder.parent.iterdir(), key=lambda folder: -folder.stat().st_mtime
            )
            for folder in others[_MAKERS:]:
                shutil.rmtree(folder)


def digest(data: object) -> str:
    """Return a digest of plain data."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:40]


@cache
def makers() -> list[str]:
    """Return the versions of everything that renders examples."""
    return [
        platform.python_version(),
        *(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES),
        site_address(),
        repository() or "",
        sources(),
    ]


def sources() -> str:
    """Return a digest of the project's own code and templates, as they are on disk."""
    result = hashlib.sha256()
    for package in (Path(__file__).parent.parent, Path(loopscope.__file__).parent):
        for path in sorted(package.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                result.update(f"{path.relative_to(package)}\0{path.stat().st_size}\0".encode())
                result.update(path.read_bytes())
    return result.hexdigest()
