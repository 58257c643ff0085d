"""Chooses the Python that an example runs on.

That is the Python that builds the site, or, if it is too old for the example, the lowest one on the
machine that is new enough. `show(..., python="3.14")` asks for a certain one.
"""

from __future__ import annotations

import glob
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..content.examples import Example, ExampleError

_MINOR_LIMIT = 30  # minor versions from this one on are not searched for


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter on this machine.

    Attributes:
        path: Its executable.
        version: Its version: "3.14.10".
    """

    path: str
    version: str


def pin(example: Example, python: str) -> Example:
    """Return an example pinned to a certain Python ("3.14").

    Raises:
        ExampleError: It is a shell session, whose `python` is always the one that builds the site.
    """
    if python == ".".join(map(str, sys.version_info[:2])):
        return replace(example, pinned=None)
    if example.shell:
        raise ExampleError(
            f"{example.file}: a shell session runs the Python that builds the site, so it cannot"
            f" be shown on Python {python}; show a program instead"
        )
    return replace(example, pinned=python)


def runs_here(example: Example) -> bool:
    """Return whether an example runs on the Python that builds the site."""
    return example.pinned is None and (
        example.requires_python is None or sys.version_info[:2] >= example.requires_python
    )


def can_run(example: Example) -> bool:
    """Return whether any Python on this machine can run an example."""
    return runs_here(example) or select_interpreter(example) is not None


def version(example: Example) -> str | None:
    """Return the version of the Python that an example runs on ("3.14.10"), or None if none can."""
    other = select_interpreter(example)
    if other is not None:
        return other.version
    return platform.python_version() if runs_here(example) else None


def select_interpreter(example: Example) -> Interpreter | None:
    """Return the other Python that an example runs on.

    Returns:
        The one that it is pinned to, or else the lowest that is new enough, with all packages that
        it declares. None if there is none, or if it runs on the Python that builds the site.
    """
    if runs_here(example):
        return None
    if example.pinned is not None:
        minors = [int(example.pinned.split(".")[1])]
    else:
        lowest = example.requires_python[1] if example.requires_python else 0
        minors = list(range(lowest, _MINOR_LIMIT))
    for minor in minors:
        found = find_interpreter(minor)
        if found and package_versions(found.path, tuple(sorted(example.dependencies))) is not None:
            return found
    return None


@cache
def find_interpreter(minor: int) -> Interpreter | None:
    """Find a working interpreter of a minor version of Python 3, among pyenv's and on PATH."""
    root = glob.escape(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))
    # pyenv's interpreters come first: what it puts on PATH are shell scripts, which take five times
    # as long to start. glob.glob, because Path.glob raises if the folder is another user's.
    pyenv = sorted(glob.glob(f"{root}/versions/3.{minor}.*/bin/python3"))  # noqa: PTH207
    for path in filter(None, (*pyenv, shutil.which(f"python3.{minor}"))):
        try:
            code = (
                "import platform, sys; print(sys.version_info[1], platform.python_version(),"
                " sys.executable)"
            )
            answer = subprocess.run(
                [path, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        match = re.fullmatch(rf"{minor} (\S+) (.+)\n", answer.stdout)
        if match:
            return Interpreter(match[2], match[1])
    return None


@cache
def package_versions(path: str, packages: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the versions of packages that an interpreter has, or None if it lacks one of them."""
    if not packages:
        return ()
    code = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    answer = subprocess.run([path, "-c", code, *packages], capture_output=True, text=True)
    return tuple(answer.stdout.split()) if answer.returncode == 0 else None
