"""Measures the project and generated examples, and prints the results as a Markdown table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ...project import current_project
from . import building, others
from .measuring import HEAD, Row, adopt_orphans
from .projects import generate

_GENERATED = 40


def main(argv: list[str]) -> int:
    """Measure, and print a row for each figure.

    Args:
        argv: The command's arguments.

    Returns:
        The exit status: 1 if a figure misses its target.
    """
    parser = argparse.ArgumentParser(
        prog="python -m sitebuild.commands.bench", description="Measure what building costs."
    )
    trusting = (
        "run the examples the plain way too, which means without a sandbox: with all that you may"
        " do here"
    )
    parser.add_argument("--trust-examples", action="store_true", help=trusting)
    parser.add_argument("--gallery", metavar="PYTHON", help="an interpreter with sphinx-gallery")
    parser.add_argument("--only", metavar="WORD", default="", help="only parts with this name")
    args = parser.parse_args(argv)
    project = current_project()
    adopt_orphans()
    began, rows = time.monotonic(), []
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    print(f"Python {platform.python_version()}, {cores} cores, load {load:.1f}")
    if load > cores / 2:
        print("the machine is busy with something else: figures of the wall clock mean little")
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="awaited-bench-") as name:
        folder = Path(name)
        generated = generate(project, folder / "generated", _GENERATED)
        real = building.real(project, folder)
        parts: dict[str, Callable[[], Row | list[Row]]] = {
            "first-generated": lambda: building.first_build(
                generated, f"{_GENERATED} generated examples"
            ),
            "first-real": lambda: building.first_build(real, "the course"),
            "gallery": lambda: building.gallery(generated, args.gallery),
            "rebuild": lambda: building.rebuild(real),
            "one-more": lambda: building.one_more(project, folder),
            "growth": lambda: building.growth(project, folder),
            "weight": lambda: others.weight(real),
            "serve": lambda: others.saves(real),
            "recording": lambda: others.recording(folder),
            "suite": lambda: others.suite(project),
        }
        if not args.trust_examples:
            parts["first-real"] = lambda: Row(
                "first build of the course, against the plain way",
                "22 times faster",
                "not measured",
                None,
                "the plain way has no sandbox: `--trust-examples`",
            )
        for part, measure in parts.items():
            if args.only in part:
                measured = measure()
                for row in measured if isinstance(measured, list) else [measured]:
                    print(row, flush=True)
                    rows.append(row)
    for row in others.ELSEWHERE:
        print(row)
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")
    return any(row.held is False for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
