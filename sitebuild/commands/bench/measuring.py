"""Measures the wall time and the CPU time of commands.

The speed of a shared machine changes, so commands that are compared take turns in the same run. The
CPU time of a command includes that of all processes that it started, even of orphans: these become
children of this process, which waits for them.
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

_SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux


ENVIRONMENT = {
    # without it, all would be compiled each time
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent.parent),
    "NO_MKDOCS_2_WARNING": "1",
}
"""In which commands find this package, wherever they run."""


class Cost(NamedTuple):
    """The time that a command took.

    Attributes:
        wall: Wall time, in seconds.
        cpu: CPU time (user and system), in seconds.
    """

    wall: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
        what: What is measured.
        bar: The target.
        measured: The result.
        held: Whether the result meets the target; None if nothing was measured.
        beside: What the result is compared with, and its spread.
    """

    what: str
    bar: str
    measured: str
    held: bool | None
    beside: str = ""

    def __str__(self) -> str:
        """Return the row in Markdown."""
        mark = {True: "✓", False: "✗", None: "–"}[self.held]
        return f"| {self.what} | {self.bar} | {mark} {self.measured} | {self.beside} |"


HEAD = "| what | bar | measured | beside |\n| --- | --- | --- | --- |"
"""The head of the table."""


def adopt_orphans() -> None:
    """Adopt all descendants of this process whose parents end, so that their CPU time counts."""
    with suppress(OSError, AttributeError):  # not Linux: orphans are not counted
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: Sequence[str], folder: Path, **environment: str) -> Cost:
    """Run a command, and wait for it and for all processes that it started.

    Args:
        command: The command and its arguments.
        folder: The folder to run it in.
        environment: Environment variables, in addition to those of this process.

    Raises:
        SystemExit: The command failed; the message has its output.
    """
    before, began = _children_cpu(), time.perf_counter()
    completed = subprocess.run(
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
    if completed.returncode:
        raise SystemExit(f"{' '.join(command)}: {completed.stdout}{completed.stderr}")
    return Cost(wall, _children_cpu() - before)


def _children_cpu() -> float:
    """Return the CPU time of all children that have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def build(folder: Path) -> Cost:
    """Build the site of a project with sitebuild."""
    return run([sys.executable, "-m", "sitebuild", "build"], folder)


def mkdocs(folder: Path) -> Cost:
    """Build the site of a project with MkDocs alone."""
    return run([sys.executable, "-m", "mkdocs", "build", "--site-dir", "site"], folder)


def alternate(*works: tuple[Callable[[], Cost], int]) -> list[list[Cost]]:
    """Measure several functions, taking turns.

    Args:
        works: Each function, and how often to call it.

    Returns:
        The results of each function.
    """
    results: list[list[Cost]] = [[] for _ in works]
    for turn in range(max(times for _, times in works)):
        for taken, (work, times) in zip(results, works, strict=True):
            if turn < times:
                taken.append(work())
    return results


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float], unit: str = "s") -> str:
    """Format the median of some times, and their range if they differ: "4.2 s (4.0 to 4.9)".

    Args:
        values: The times, in seconds.
        unit: The unit to show, "s" or "ms".
    """
    scale = 1000 if unit == "ms" else 1
    digits = 2 if scale * max(values) < 10 else 1 if scale * max(values) < 100 else 0
    low, high = (f"{scale * value:.{digits}f}" for value in (min(values), max(values)))
    text = f"{scale * middle(values):.{digits}f} {unit}"
    return f"{text} ({low} to {high})" if low != high else text
