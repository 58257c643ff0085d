"""Other Pythons than the builder's, for the examples that need a newer one.

In:  an example. Out: where it can run.

An example runs on the builder's Python, or where that is too old on the lowest that is new enough;
`show(..., python="3.14")` asks for a certain one.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..content.examples import Example

_NEWEST = 30  # minor versions above this one are not looked for


@dataclass(frozen=True)
class Interpreter:
    """An interpreter of this machine's."""

    path: str
    version: str  # "3.14.10"


def pin(example: Example, python: str) -> Example:
    """The example as it runs on a certain Python ("3.14")."""
    here = ".".join(map(str, sys.version_info[:2]))
    return replace(example, pinned=None if python == here else python)


def runs_here(example: Example) -> bool:
    """Whether it is for the builder's own Python, and that is new enough."""
    return example.pinned is None and (
        example.requires_python is None or sys.version_info[:2] >= example.requires_python
    )


def can_run(example: Example) -> bool:
    """Whether any Python here can run it."""
    return runs_here(example) or select_interpreter(example) is not None


def select_interpreter(example: Example) -> Interpreter | None:
    """The other Python that runs it, where the builder's cannot: the lowest that is new enough and
    has what it declares.
    """
    if runs_here(example):
        return None
    lowest = example.requires_python[1] if example.requires_python else 0
    for minor in (
        range(lowest, _NEWEST) if example.pinned is None else [int(example.pinned.split(".")[1])]
    ):
        found = find_interpreter(minor)
        if found is not None and _has(found.path, example.dependencies):
            return found
    return None


@cache
def find_interpreter(minor: int) -> Interpreter | None:
    """A Python 3.`minor` that starts: `python3.13` on PATH, or one of pyenv's."""
    # it may be another user's, which is as good as none
    root = glob.escape(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))
    # pyenv's own first: what it puts on PATH are shell scripts, which take five times as long to
    # start.
    pyenvs = sorted(glob.glob(f"{root}/versions/3.{minor}.*/bin/python3"))  # noqa: PTH207  # Path.glob raises where it may not read
    for path in filter(None, (*pyenvs, shutil.which(f"python3.{minor}"))):
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
def _has(path: str, packages: tuple[str, ...]) -> bool:
    code = "import importlib.metadata as m, sys; [m.version(name) for name in sys.argv[1:]]"
    return (
        not packages
        or subprocess.run([path, "-c", code, *packages], capture_output=True).returncode == 0
    )
