"""Measures commands.

In:  a command, or two by turns. Out: seconds, of the clock on the wall or of CPU.

The machine is shared and its speed changes, so what is compared is measured in the same run, by
turns. Seconds of CPU are those of a command and of every process that it started, also of those
that outlived whoever started them: they become children of this process, which waits for them.
"""

from __future__ import annotations

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_SET_CHILD_SUBREAPER = 36


ENVIRONMENT = {
    # without it, all would be compiled each time
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent.parent),
    "NO_MKDOCS_2_WARNING": "1",
}
"""In which commands find this package, wherever they run."""


class Taken(NamedTuple):
    """What a command took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    bar: str
    measured: str
    held: bool | None  # whether the bar is; None where nothing was measured
    beside: str = ""  # what it is compared with, and the spread

    def __str__(self) -> str:
        mark = {True: "✓", False: "✗", None: "–"}[self.held]
        return f"| {self.what} | {self.bar} | {mark} {self.measured} | {self.beside} |"


HEAD = "| what | bar | measured | beside |\n| --- | --- | --- | --- |"


def adopt_orphans() -> None:
    """Become the parent of every process whose own parent ends, so that its time is counted."""
    with suppress(OSError, AttributeError):  # not on Linux: what such processes used is missed
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: Sequence[str], folder: Path, **environment: str) -> Taken:
    """Run a command to its end, with all that it started.

    Args:
        command: Its words.
        folder: In which it runs.
        environment: Variables, beside those of this process.

    Raises:
        SystemExit: It failed; with what it printed.
    """
    before, began = _used(), time.perf_counter()
    ran = subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
    )
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)}: {ran.stdout}{ran.stderr}")
    return Taken(wall, _used() - before)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(folder: Path) -> Taken:
    """Build the site of a project."""
    return run([sys.executable, "-m", "sitebuild", "build"], folder)


def mkdocs(folder: Path) -> Taken:
    """The same the plain way, by MkDocs alone."""
    return run([sys.executable, "-m", "mkdocs", "build", "--site-dir", "site"], folder)


def by_turns(*works: tuple[Callable[[], Taken], int]) -> list[list[Taken]]:
    """Do some works by turns, each so many times."""
    taken: list[list[Taken]] = [[] for _ in works]
    for turn in range(max(times for _, times in works)):
        for found, (work, times) in zip(taken, works, strict=True):
            if turn < times:
                found.append(work())
    return taken


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float], unit: str = "s") -> str:
    """The median, and the range where there are more: "4.2 s (4.0 to 4.9)"."""
    scale = 1000 if unit == "ms" else 1
    digits = 2 if scale * max(values) < 10 else 1 if scale * max(values) < 100 else 0
    low, high = (f"{scale * value:.{digits}f}" for value in (min(values), max(values)))
    text = f"{scale * middle(values):.{digits}f} {unit}"
    return f"{text} ({low} to {high})" if low != high else text
