"""MkDocs, in a process of its own.

In:  a project, and MkDocs's arguments. Out: what it did, with no more of this process's environment
     than it needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..project import Project, site_address

MKDOCS_SECONDS = 600
"""Seconds of CPU that MkDocs may take for all pages, a dozen times what the course takes."""


def mkdocs(
    project: Project,
    *arguments: str,
    inherit: tuple[int, ...] = (),
    stand_ins: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in the project's folder, with this package importable. Never with -q: that hides
    warnings from --strict.

    Args:
        project: What it builds.
        arguments: Its own.
        inherit: Descriptors that it keeps open as long as it runs.
        stand_ins: What makes it show stand-ins, as variables of its environment.
    """
    with lifeline() as descriptor:
        engine = "sitebuild.commands.engine", str(descriptor), str(MKDOCS_SECONDS)
        return subprocess.run(
            [sys.executable, "-m", *engine, *arguments],
            cwd=project.root,
            env=environment() | (stand_ins or {}),
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=(*inherit, descriptor),
        )


@contextmanager
def lifeline() -> Iterator[int]:
    """A descriptor for a process that is to live as long as this one (`engine.end_with`)."""
    theirs, ours = os.pipe()
    try:
        yield theirs
    finally:
        os.close(theirs)
        os.close(ours)


def environment() -> dict[str, str]:
    """MkDocs's: with this package importable, and nothing in the pages that changes from build to
    build.
    """
    ours = {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "0",
        "AWAITED_SITE": site_address(),
    }
    return {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")
    } | ours


# Of the builder's environment: `!ENV` in mkdocs.yml publishes any variable that MkDocs has. What
# finds the same Pythons must stay.
_KEPT = {
    *("PATH", "HOME", "LANG", "TZ", "TERM", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("PYENV_ROOT", "PYENV_VERSION", "PYTHONDONTWRITEBYTECODE", "AWAITED_DRAFT", "AWAITED_SANDBOX"),
}


def without_progress(text: str) -> str:
    """What MkDocs printed, without its usual progress."""
    return "\n".join(
        line for line in text.splitlines() if line.strip() and not line.startswith("INFO")
    )
