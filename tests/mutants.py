"""`make mutants`: would the tests catch a bug? Puts some in, one at a time, and runs the tests.

In:  how many mutants, a seed. Out: each mutant that no test caught, with its place and diff; those
     that were caught only because a test took too long; exit status 1 when fewer than `--least` of
     a hundred were caught.

Cosmic Ray makes the mutants, in a clone of what is committed here, so that processes which tests
start from the source tree run the mutant too, and nothing else does. Of all places in loopscope and
sitebuild where it could change something, the same seed draws the same. `mutant_tests` runs the
tests; the first failure ends it. A run that was interrupted goes on where it was.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import mutant_tests
from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".cache" / "mutants"
SOURCES = mutant_tests.SOURCES


def candidates(
    items: Iterable[WorkItem], root: Path
) -> dict[tuple[str, tuple[int, int]], list[WorkItem]]:
    """The mutants that mean something, by the place that they change. Types are not run, so they
    can't be wrong.
    """
    places: dict[tuple[str, tuple[int, int]], list[WorkItem]] = {}
    types: dict[str, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for item in items:
        (spec,) = item.mutations
        module = spec.module_path.as_posix()
        if module not in types:
            types[module] = list(annotation_ranges((root / module).read_text()))
        if not any(start <= spec.start_pos < end for start, end in types[module]):
            places.setdefault((module, tuple(spec.start_pos)), []).append(item)
    return places


def annotation_ranges(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where type annotations begin and end, as (line, column)."""
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            found = getattr(node, name, None)
            if isinstance(found, ast.expr):
                yield (
                    (found.lineno, found.col_offset),
                    (found.end_lineno or 0, found.end_col_offset or 0),
                )


def draw(
    places: dict[tuple[str, tuple[int, int]], list[WorkItem]], count: int, seed: int
) -> set[str]:
    """The ids of `count` mutants, each of another place. The same for the same source and seed."""
    rng = random.Random(seed)
    drawn = rng.sample(sorted(places), min(count, len(places)))
    return {rng.choice(sorted(places[place], key=_what)).job_id for place in drawn}


def _what(item: WorkItem) -> tuple[str, int, str]:
    (spec,) = item.mutations
    return spec.operator_name, spec.occurrence, str(spec.operator_args)


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.partition("\n\n")[0])
    parser.add_argument("-n", type=int, default=100, help="how many (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="which (default: 1)")
    parser.add_argument(
        "--least", type=float, default=85, help="percent that must be caught (default: 85)"
    )
    options = parser.parse_args(arguments)
    changed = _git(ROOT, "status", "--porcelain", "--", *SOURCES, "tests")
    if changed:
        sys.exit(f"mutants are made of what is committed; commit or put aside first:\n{changed}")
    commit = _git(ROOT, "rev-parse", "--short", "HEAD")
    folder = KEPT / f"{commit}-{options.seed}-{options.n}"
    prepare(folder, options.n, options.seed)
    execute(folder)
    return report(folder, options.least)


def prepare(folder: Path, count: int, seed: int) -> None:
    """Clone the project, see that its tests pass there, and draw the mutants. What has been done is
    not done again.
    """
    tree, ready = folder / "tree", folder / "ready"
    if ready.exists():
        # it was interrupted with a mutant in place
        _git(tree, "checkout", "--quiet", "--", *SOURCES)
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(tree))
    if (ROOT / ".venv").exists():
        (tree / ".venv").symlink_to((ROOT / ".venv").resolve())
    print("the tests, without a mutant …", flush=True)
    began = time.monotonic()
    if mutant_tests.run(tree) != 0:
        sys.exit(f"the tests do not pass in {tree}, without a mutant")
    print(f"they pass, in {time.monotonic() - began:.0f} s", flush=True)
    with _session(folder) as db:
        init(
            [
                file.relative_to(tree)
                for name in SOURCES
                for file in sorted((tree / name).rglob("*.py"))
            ],
            db,
            {},
        )
        places = candidates(db.pending_work_items, tree)
        drawn = draw(places, count, seed)
        for item in list(db.pending_work_items):
            if item.job_id not in drawn:
                db.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    print(
        f"{len(drawn)} mutants of {sum(map(len, places.values())):,}, at {len(places):,} places",
        flush=True,
    )
    ready.touch()


def execute(folder: Path) -> None:
    """Run the tests for each mutant that has not been tried yet."""
    command = shlex.join([sys.executable, mutant_tests.__file__, str(folder / "tree")])
    with _session(folder) as db:
        pending = list(db.pending_work_items)
        for count, item in enumerate(pending, 1):
            began = time.monotonic()
            result = mutate_and_test(item.mutations, command, 4 * mutant_tests.LIMIT)
            db.set_result(item.job_id, result)
            print(
                f"{count} of {len(pending)}: {_place(item.mutations[0])}: {_word(result)}, {time.monotonic() - began:.0f} s",
                flush=True,
            )


@contextlib.contextmanager
def _session(folder: Path) -> Iterator[WorkDB]:
    """Cosmic Ray's list of mutants and results. It names modules from the tree's folder, so that is
    where we are meanwhile.
    """
    with (
        contextlib.chdir(folder / "tree"),
        use_db(str(folder / "session.sqlite"), WorkDB.Mode.create) as db,
    ):
        yield db


def report(folder: Path, least: float) -> int:
    """Print the mutants that were not caught; returns the exit status."""
    found: dict[str, list[str]] = {"caught": [], "caught by taking too long": [], "NOT CAUGHT": []}
    with _session(folder) as db:
        for item, result in db.completed_work_items:
            if result.worker_outcome != WorkerOutcome.SKIPPED:
                found[_word(result)].append(
                    f"{_place(item.mutations[0])}\n{_changed(result.diff or '')}"
                )
    for word in ("caught by taking too long", "NOT CAUGHT"):
        for text in sorted(found[word]):
            print(f"{word}: {text}")
    total = sum(map(len, found.values()))
    caught, late = total - len(found["NOT CAUGHT"]), len(found["caught by taking too long"])
    percent = 100 * caught / max(total, 1)
    print(
        f"{caught} of {total} mutants caught ({percent:.0f} %), {late} of them only because the tests took too long"
    )
    return 0 if percent >= least else 1


def _word(result: WorkResult) -> str:
    """What became of a mutant. Raises RuntimeError when it could not be tried."""
    if (
        result.worker_outcome != WorkerOutcome.NORMAL
        or result.test_outcome == TestOutcome.INCOMPETENT
    ):
        raise RuntimeError(f"a mutant could not be tried: {result.output}")
    if result.test_outcome == TestOutcome.SURVIVED:
        return "NOT CAUGHT"
    return (
        "caught by taking too long"
        if result.output == "timeout" or mutant_tests.TOO_LONG in (result.output or "")
        else "caught"
    )


def _place(spec: MutationSpec) -> str:
    where = f" in {spec.definition_name}" if spec.definition_name else ""
    return f"{spec.module_path}:{spec.start_pos[0]}{where} ({spec.operator_name.partition('/')[2]})"


def _changed(diff: str) -> str:
    """The lines of a diff that differ."""
    return "\n".join(
        f"    {line}" for line in diff.splitlines() if re.match(r"[-+](?![-+]{2})", line)
    )


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
