"""Runs examples side by side, and stores their records.

A record is stored as soon as its program ends, so what has finished before a failure or an
interruption need not be run again. Only one build of a checkout runs examples at a time; another
waits, and finds them recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from concurrent.futures import as_completed
from contextlib import ExitStack

from loopscope.limits import Limits
from loopscope.running.program import Program
from loopscope.trace.events import Clock
from loopscope.trace.model import Trace

from ..checks.output import check_output
from ..content.examples import Example, ExampleError, mentioned_files
from ..project import Project
from ..text import escape_unprintable
from . import pythons, sandbox_policy, second_run
from .cache import find_stale, load, load_fresh, store
from .cache_key import cache_key
from .locks import lock
from .server_pool import Kind, ServerPool, ServerPools, environment


def get_or_run(example: Example, project: Project) -> Trace | None:
    """Return the record of an example, after running all stale examples if this one is stale.

    Returns:
        The record; None if no Python on this machine can run the example.

    Raises:
        ExampleError: Some examples could not be recorded; all others were.
        ProjectError: A record could not be stored.
    """
    trace = load(example, project)
    if trace is None and pythons.can_run(example):
        # It need not be stale: only reading a record shows that no program can have it.
        run(dict.fromkeys([*find_stale(project), example]), project)
        trace = load(example, project)
    return trace


def run(
    examples: Iterable[Example],
    project: Project,
    *,
    clock: Clock | None = None,
    keep: bool = True,
    pools: ServerPools | None = None,
) -> dict[str, Trace]:
    """Run examples side by side, whether or not they have a record.

    Args:
        examples: The examples. Those that no Python on this machine can run are left out.
        project: The project that they belong to.
        clock: The clock to run them on, instead of the one that each declares. Nothing is stored.
        keep: Whether to store their records.
        pools: Pools that stay open after this run; by default, new ones for this run only.

    Returns:
        The traces by name, except those of examples pinned to another Python, which are only
        stored.

    Raises:
        ExampleError: Some examples could not be recorded; all others were.
        ProjectError: A record could not be stored.
        OSError: The folder for the records could not be created.
    """
    waiting = [example for example in examples if pythons.can_run(example)]
    if not waiting:
        return {}
    if clock is not None or not keep:
        return _run(waiting, project, clock, pools, keep=False)
    with lock(project.cache / "records.lock", "runs examples") as waited:
        # The build that held the lock may have run some of them.
        known = {
            example: trace
            for example in waiting
            if waited and (trace := load_fresh(example, project))
        }
        left = [example for example in waiting if example not in known]
        traces = _run(left, project, None, pools, keep=True)
    return traces | {
        example.name: trace for example, trace in known.items() if example.pinned is None
    }


def _run(
    examples: list[Example],
    project: Project,
    clock: Clock | None,
    pools: ServerPools | None,
    *,
    keep: bool,
) -> dict[str, Trace]:
    """Run examples side by side; `run` describes arguments, result and errors."""
    if not examples:
        return {}
    # These are slow to import, and a build that finds everything recorded shows no progress bar.
    from rich.console import Console
    from rich.progress import Progress

    traces: dict[Example, Trace] = {}
    suspects: list[Example] = []  # a busy machine may have changed what they printed
    wrong: list[str] = []
    with ExitStack() as stack:
        if pools is None:
            pools = stack.enter_context(ServerPools(sandbox_policy.choose(project)))
        sandbox, pool_of = pools.sandbox, pools.open(examples, clock)

        def run_one(example: Example, *, alone: bool = False) -> None:
            """Run one example and store its record, in a thread of its pool."""
            before = cache_key(example) if keep else ""
            pool = pool_of[Kind.of(example, clock)]
            trace = _record(example, pool, clock)
            if keep and not example.shell:
                trace = second_run.with_lines(
                    trace, lambda: _record(example, pool, clock, lines=True)
                )
            traces[example] = trace
            if (
                keep
                and not alone
                and _depends_on_load(example)
                and check_output(example, trace, project) is not None
            ):
                suspects.append(example)
            elif keep:
                store(example, trace, before, sandbox is not None, project)

        progress = stack.enter_context(
            Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        )
        bar = progress.add_task("running examples", total=len(examples))
        for future in as_completed(
            pool_of[Kind.of(example, clock)].threads.submit(run_one, example)
            for example in examples
        ):
            try:
                future.result()
            except ExampleError as error:
                wrong.append(str(error))
            progress.advance(bar)
        for example in suspects:
            try:
                run_one(example, alone=True)
            except ExampleError as error:
                wrong.append(str(error))
    if wrong:
        raise ExampleError("\n".join(sorted(wrong)))
    return {example.name: traces[example] for example in examples if example.pinned is None}


def _record(
    example: Example, pool: ServerPool, clock: Clock | None, *, lines: bool = False
) -> Trace:
    """Record one example, with the lines that it runs or without.

    An interpreter may die for a reason of its own, such as a machine short of memory, so the
    program gets a second one.

    Raises:
        ExampleError: The second interpreter failed as well, so the program is to blame.
    """
    files = tuple(str(path.resolve()) for path in mentioned_files(example))
    limits = Limits(seconds=example.timeout, threads=example.threads)
    for last in (False, True):
        try:
            return pool.record(_program(example, clock, lines=lines), limits, files)
        except Exception as error:
            if last or pool.closing:
                file = example.file
                cause = escape_unprintable(str(error).removeprefix(f"{example.path.resolve()}: "))
                raise ExampleError(
                    f"{file}: it could not be recorded on {pool.python}, in two interpreters one"
                    f" after the other: {cause}; run `python -m loopscope {file}` to see what it"
                    " does"
                ) from error
    raise AssertionError


def _depends_on_load(example: Example) -> bool:
    """Return whether an unexpected output may be the fault of a busy machine.

    On the real clock, a busy machine can delay one event past another. An output that is recorded
    for the first time cannot be unexpected.
    """
    return (example.clock == "real" or example.shell) and example.path.with_suffix(".out").exists()


def _program(example: Example, clock: Clock | None, *, lines: bool) -> Program:
    path = example.path
    return Program(
        str(path.resolve()),
        clock=example.effective_clock if example.shell else clock or example.clock,
        shell=example.shell,
        environment=environment(),
        name=example.file,
        lines=lines,
    )
