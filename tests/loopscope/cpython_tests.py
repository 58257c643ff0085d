"""`make cpython-tests`: CPython's own tests of asyncio end recorded as they end unrecorded.

In:  versions of Python ("3.13"; none: all that are here). Out: a line a Python; each test whose
     outcome is another one under the recorder; exit status 1 when there is one, or when a Python
     that was named can't be tested.

A module's tests run in an interpreter of their own, once as they are and once by `python -m
loopscope`. Where that makes a difference, both are run again, alone: a test counts as different
when it always ends in one way unrecorded, and never in that way recorded. One that has no fixed
outcome unrecorded is named, and does not count.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sitebuild.records import pythons

ROOT = Path(__file__).resolve().parent.parent.parent
RUNNER = Path(__file__).with_name("unittest_outcomes.py")
PACKAGE = "test.test_asyncio"
LIMIT = 900
"""Seconds, after which a module is stopped; its tests then end as "the module timed out"."""
REPEATS = 2
"""How often a module in which something differs is run again."""

Outcomes = dict[str, str]


@dataclass
class Module:
    """A module of tests and what came of it, run by run."""

    name: str
    plain: list[Outcomes] = field(default_factory=list)
    recorded: list[Outcomes] = field(default_factory=list)

    def tests(self) -> list[str]:
        return sorted({test for run in (*self.plain, *self.recorded) for test in run} - {self.name})

    def outcomes(self, test: str) -> tuple[list[str], list[str]]:
        """How a test ended, unrecorded and recorded. In a module that ended early some tests did
        not run.
        """
        return tuple(  # type: ignore[return-value]
            [run.get(test, "did not run") for run in runs] for runs in (self.plain, self.recorded)
        )

    def suspects(self) -> list[str]:
        """Tests that did not end in one way throughout."""
        return [test for test in self.tests() if len(set(sum(self.outcomes(test), []))) > 1]

    def broken(self) -> str | None:
        """Why its tests could not even be run, recorded or not. This stands in place of a test's
        outcome.
        """
        return self.plain[-1].get(self.name) or self.recorded[-1].get(self.name)

    def different(self) -> list[str]:
        """Tests that the recorder changes."""
        return [test for test in self.suspects() if changed(*self.outcomes(test))]


def changed(plain: list[str], recorded: list[str]) -> bool:
    """Whether a test always ends in one way unrecorded and never so recorded."""
    return len(set(plain)) == 1 and plain[0] not in recorded


def modules(python: str, package: str = PACKAGE, path: Sequence[str] = ()) -> list[str]:
    """The names of a package's modules of tests; none where the package is not installed."""
    code = (
        "import importlib, pkgutil, sys\n"
        "try: package = importlib.import_module(sys.argv[1])\n"
        "except ImportError: sys.exit()\n"
        "print(*sorted(one.name for one in pkgutil.iter_modules(package.__path__) if one.name.startswith('test_')), sep='\\n')"
    )
    told = subprocess.run(
        [python, "-c", code, package], env=_environment(path), capture_output=True, text=True
    )
    return [f"{package}.{name}" for name in told.stdout.split()]


def run(
    python: str, module: str, recorded: bool, path: Sequence[str] = (), limit: float = LIMIT
) -> Outcomes:
    """Run a module's tests.

    Args:
        python: The interpreter.
        module: Its full name.
        recorded: Under loopscope's command, on the real clock, or as it is.
        path: Folders in which to look for it besides the interpreter's own.
        limit: Seconds.
    """
    with tempfile.TemporaryDirectory(prefix="cpython-tests-") as folder:
        outcomes = Path(folder) / "outcomes.json"
        command = [
            python,
            *(("-m", "loopscope", "--format", "json", "-o", os.devnull) if recorded else ()),
        ]
        command += [str(RUNNER), module, str(outcomes)]
        with open(Path(folder) / "output.txt", "w+b") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(path),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                status = process.wait(limit)
            except subprocess.TimeoutExpired:
                process.terminate()  # loopscope passes it on
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                return {module: "the module timed out"}
            if outcomes.exists():
                return json.loads(outcomes.read_text())
            output.seek(0)
            last = output.read().decode(errors="replace").strip().rpartition("\n")[2]
            return {module: f"the module ended with status {status}: {last}"}


def compare(
    python: str, names: Iterable[str], workers: int, path: Sequence[str] = (), limit: float = LIMIT
) -> list[Module]:
    """Run modules both ways, side by side, and then again by themselves those in which something
    differed.
    """
    found = [Module(name) for name in names]
    with ThreadPoolExecutor(workers) as pool:
        begun = [
            (
                module,
                [
                    pool.submit(run, python, module.name, recorded, path, limit)
                    for recorded in (False, True)
                ],
            )
            for module in found
        ]
        for module, (plain, recorded) in begun:
            module.plain.append(plain.result())
            module.recorded.append(recorded.result())
    for _ in range(REPEATS):
        for module in found:
            if module.broken():
                module.plain.clear()
                module.recorded.clear()
            elif not module.suspects():
                continue
            module.plain.append(run(python, module.name, False, path, limit))
            module.recorded.append(run(python, module.name, True, path, limit))
    return found


def report(version: str, found: list[Module], seconds: float) -> int:
    """Print what came of a Python's tests; returns how many differ or could not be run."""
    broken = [module for module in found if module.broken()]
    for module in broken:
        print(f"  NOT RUN: {module.name}: {module.broken()}")
    different, unsteady = [], []
    for module in found:
        for test in module.suspects():
            (different if changed(*module.outcomes(test)) else unsteady).append((module, test))
    for title, tests in (("DIFFERS", different), ("unsteady", unsteady)):
        for module, test in tests:
            plain, recorded = (", ".join(outcomes) for outcomes in module.outcomes(test))
            print(f"  {title}: {test}\n    unrecorded: {plain}\n    recorded:   {recorded}")
    counts = collections.Counter(
        module.outcomes(test)[1][0].partition(":")[0] for module in found for test in module.tests()
    )
    words = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    print(
        f"{version}: {sum(counts.values())} tests in {len(found)} modules ({words}): {len(different)} differ, "
        f"{len(unsteady)} have no fixed outcome ({seconds:.0f} s)",
        flush=True,
    )
    return len(different) + len(broken)


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="make cpython-tests", description=__doc__.partition("\n\n")[0]
    )
    parser.add_argument(
        "versions", nargs="*", metavar="VERSION", help="such as 3.13 (default: all that are here)"
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only modules that have this in their name"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="modules that run at once (default: one a core)",
    )
    options = parser.parse_args(arguments)
    different = untested = 0
    for version in options.versions or [f"3.{minor}" for minor in range(10, 30)]:
        python = pythons.find_interpreter(int(version.split(".")[1]))
        if python is None:
            if options.versions:
                print(f"{version}: there is no such Python here")
                untested += 1
            continue
        installed = modules(python.path)
        names = [name for name in installed if options.only in name]
        if not names:
            where = f"(Debian has it in the package libpython{version}-testsuite)"
            print(
                f"{python.version}: "
                + (
                    f"no module is named {options.only}"
                    if installed
                    else f"{PACKAGE} is not installed {where}"
                )
            )
            untested += bool(options.versions)
            continue
        began = time.monotonic()
        found = compare(python.path, names, options.workers)
        different += report(python.version, found, time.monotonic() - began)
    return 1 if different or untested else 0


def _environment(path: Sequence[str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((str(ROOT), *path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
