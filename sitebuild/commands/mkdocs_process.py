"""Runs MkDocs in a process of its own, with only the environment variables that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..project import Project, site_address

MKDOCS_SECONDS = 600
"""Seconds of CPU time that MkDocs may take for all pages; the course takes a twelfth of it."""


def mkdocs(
    project: Project,
    *arguments: str,
    inherit: tuple[int, ...] = (),
    stand_ins: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in the project's folder, with this package importable.

    Args:
        project: The project.
        arguments: MkDocs's own arguments. `-q` must not be among them: it hides warnings from
            `--strict`.
        inherit: Descriptors that the process inherits.
        stand_ins: Additional environment variables, which make `show` return stand-ins.

    Returns:
        The completed process, with its output.
    """
    with lifeline() as descriptor:
        module = "sitebuild.commands.mkdocs_child", str(descriptor), str(MKDOCS_SECONDS)
        return subprocess.run(
            [sys.executable, "-m", *module, *arguments],
            cwd=project.root,
            env=environment() | (stand_ins or {}),
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=(*inherit, descriptor),
        )


@contextmanager
def lifeline() -> Iterator[int]:
    """Open a pipe that lets a child process notice that this one has ended.

    Yields:
        The read end, for `mkdocs_child.end_with` in the child.
    """
    read_end, write_end = os.pipe()
    try:
        yield read_end
    finally:
        os.close(read_end)
        os.close(write_end)


def environment() -> dict[str, str]:
    """Return the environment variables for MkDocs.

    They make this package importable, and keep the time of the build out of the pages.
    """
    added = {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "0",
        "AWAITED_SITE": site_address(),
    }
    return {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith("LC_")
    } | added


# No other variables are passed on, as `!ENV` in mkdocs.yml could publish any that MkDocs has. Those
# by which Pythons are found must be among them.
_INHERITED = {
    *("PATH", "HOME", "LANG", "TZ", "TERM", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("PYENV_ROOT", "PYENV_VERSION", "PYTHONDONTWRITEBYTECODE"),
    *("AWAITED_DRAFT", "AWAITED_SANDBOX", "AWAITED_REPOSITORY"),
}


def without_progress(text: str) -> str:
    """Return the output of MkDocs without empty lines and progress messages."""
    return "\n".join(
        line for line in text.splitlines() if line.strip() and not line.startswith("INFO")
    )
