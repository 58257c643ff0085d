"""`make fuzz N=1000`: many random programs, each run unrecorded and recorded on both clocks.

In:  how many, and the first seed. Out: a line of progress; for each failure its seed, what is
     wrong, and where the program and all that it printed are kept; exit status 1 when there was
     one. Runs on the Python that it is started with and needs nothing but the standard library, so
     `make fuzz PYTHON=python3.13` tries that one.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from program_generator import Program, generate, reduce
from three_ways import Candidate, Failure, Laboratory, check, examine

BATCH = 100
KEPT = Path(__file__).parent.parent.parent / ".cache" / "fuzz"


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__.partition("\n\n")[0])
    parser.add_argument(
        "-n", type=int, default=100, metavar="N", help="how many programs (default: 100)"
    )
    parser.add_argument("--seed", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument(
        "--workers", type=int, default=6, help="programs on the real clock at once (default: 6)"
    )
    parser.add_argument(
        "--only",
        action="store_true",
        help="run the program of that seed alone, and reduce it when it fails",
    )
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        Laboratory(Path(folder), options.workers) as laboratory,
    ):
        failures, progress = [], _Progress()
        if options.only:
            progress.done, found = 1, iter(_one(laboratory, options.seed))
        else:
            found = _batches(laboratory, itertools.count(options.seed), options.n, progress)
        with contextlib.suppress(KeyboardInterrupt):
            for failure in found:
                failures.append(failure)
                print(_report(failure), flush=True)
        if options.only and failures:
            candidate, kind = failures[0].candidate, failures[0].kind
            print(f"reducing it ({kind}) …", file=sys.stderr)
            smaller = reduce(candidate.tree, _fails(laboratory, candidate, kind))
            file = KEPT / f"seed_{candidate.seed}_reduced.py"
            file.write_text(smaller.source())
            print(f"reduced: {file}\n\n{smaller.source()}")
    failed, seconds = (
        len({failure.candidate.seed for failure in failures}),
        time.monotonic() - began,
    )
    print(
        f"Python {platform.python_version()}: {progress.done} random programs from seed {options.seed} on, {failed} failed ({seconds:.0f} s)"
    )
    return 1 if failures else 0


def _batches(
    laboratory: Laboratory, seeds: Iterable[int], count: int, progress: _Progress
) -> Iterator[Failure]:
    """Check programs, some at a time, so that what has to be run again alone need not wait for the
    end.
    """
    while progress.done < count:
        before = progress.done
        yield from check(laboratory, seeds, min(BATCH, count - before), partial(progress, before))


def _one(laboratory: Laboratory, seed: int) -> list[Failure]:
    candidate = laboratory.write(seed, generate(seed, sys.version_info[:2]))
    verdict = laboratory.judge(candidate).result()
    if verdict.problem is not None:
        sys.exit(f"the program of seed {seed} is of no use: {verdict.problem} ({_keep(candidate)})")
    print(_keep(candidate), file=sys.stderr)
    return examine(candidate, laboratory.begin(candidate, verdict.determined))


def _fails(laboratory: Laboratory, candidate: Candidate, kind: str) -> Callable[[Program], bool]:
    """Whether a smaller program fails in the same way."""
    count = itertools.count()

    def fails(tree: Program) -> bool:
        try:
            compile(tree.source(), "", "exec")
        except SyntaxError:
            return False
        smaller = laboratory.write(candidate.seed, tree, f"seed_{candidate.seed}_{next(count)}")
        verdict = laboratory.judge(smaller).result()
        if verdict.problem is not None or (kind.endswith("text") and not verdict.determined):
            return False
        found = examine(smaller, laboratory.begin(smaller, kind.endswith("text")))
        return any(failure.kind == kind for failure in found)

    return fails


class _Progress:
    """Says how far it is: on a terminal in one line, in a log now and then."""

    def __init__(self) -> None:
        self.done = 0
        self._began = time.monotonic()

    def __call__(self, before: int, done: int, suspects: int) -> None:
        self.done = done = before + done
        if sys.stderr.isatty() or done % 50 == 0:
            seconds = time.monotonic() - self._began
            text = f"{done} programs ({suspects} of the last {BATCH} are run again alone), {seconds:.0f} s"
            print(
                f"\r{text}" if sys.stderr.isatty() else f"{text}\n",
                end="",
                file=sys.stderr,
                flush=True,
            )


def _keep(candidate: Candidate) -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(candidate.file, KEPT))


def _report(failure: Failure) -> str:
    """Keep the program and what it printed; say where, and what is wrong."""
    file = _keep(failure.candidate)
    for name, run in failure.runs.items():
        file.with_suffix(f".{name}.txt").write_text(str(run))
    return f"seed {failure.candidate.seed}: {failure.kind}: {failure.text}\n    {file} (and {', '.join(failure.runs)} beside it)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
