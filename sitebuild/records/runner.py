"""Runs examples side by side.

In:  examples. Out: a `Trace` each, from the `cache` where it is still true, otherwise from a run.
     All that are stale are run the first time that any is asked for.

A record is stored as soon as its program ends: what was finished before a failure or an
interruption need not be run again. One build of a checkout runs examples at a time; another waits,
and finds them recorded.
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
from ..content.examples import Example, ExampleError, mentioned
from ..project import Project, escaped
from . import pythons, sandbox_policy
from .cache import key, load, settled, stale, store
from .lanes import Lane, Lanes, environment, kind_of
from .locks import lock


def get_or_run(example: Example, project: Project) -> Trace | None:
    """The record of one example; if it is stale, all that are stale are run. None: no Python here
    can run it.
    """
    known = load(example, project)
    if known is None and pythons.can_run(example):
        # It need not be stale: that no program can have such a record is seen once it is read.
        run(dict.fromkeys([*stale(project), example]), project)
        known = load(example, project)
    return known


def run(
    examples: Iterable[Example],
    project: Project,
    *,
    clock: Clock | None = None,
    keep: bool = True,
    lanes: Lanes | None = None,
) -> dict[str, Trace]:
    """Run examples side by side, whatever is cached.

    Args:
        examples: Those that no Python here can run are left out.
        project: Where they belong.
        clock: Overrides their own; nothing is stored then.
        keep: Whether their records are stored.
        lanes: Interpreters that go on living. Otherwise there are some for this run.

    Returns:
        The traces by name, but for those of examples that run on another Python because a page
        wants it; these are stored only.

    Raises:
        ExampleError: Some could not be recorded; all others were.
        ProjectError: A record could not be stored.
        OSError: The folder for the records cannot be made.
    """
    waiting = [example for example in examples if pythons.can_run(example)]
    if not waiting:
        return {}
    if clock is not None or not keep:
        return _run(waiting, project, clock, lanes, keep=False)
    with lock(project.cache / "records.lock", "runs examples") as waited:
        # The other build may have run them.
        known = {
            example: trace for example in waiting if waited and (trace := settled(example, project))
        }
        ran = _run(
            [example for example in waiting if example not in known],
            project,
            None,
            lanes,
            keep=True,
        )
    return ran | {example.name: trace for example, trace in known.items() if example.pinned is None}


def _run(
    waiting: list[Example],
    project: Project,
    clock: Clock | None,
    kept: Lanes | None,
    *,
    keep: bool,
) -> dict[str, Trace]:
    if not waiting:
        return {}
    # Imported here: where all is recorded already there is no use for a progress bar, and it is
    # slow to import.
    from rich.console import Console
    from rich.progress import Progress

    traces: dict[Example, Trace] = {}
    late: list[Example] = []
    wrong: list[str] = []
    with ExitStack() as stack:
        if kept is None:
            kept = stack.enter_context(Lanes(sandbox_policy.choose(project)))
        sandbox, lanes = kept.sandbox, kept.open(waiting, clock)

        def one(example: Example, *, alone: bool = False) -> None:
            """Run one and store what it did, in a thread of its lane."""
            before = key(example) if keep else ""
            trace = _record(example, lanes[kind_of(example, clock)], clock)
            traces[example] = trace
            # On a busy machine a real clock may let something come late. Whatever differs is run
            # once more, alone.
            if (
                keep
                and not alone
                and _busy_machine_may_be_to_blame(example)
                and check_output(example, trace, project) is not None
            ):
                late.append(example)
            elif keep:
                store(example, trace, before, sandbox is not None, project)

        progress = stack.enter_context(
            Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        )
        bar = progress.add_task("running examples", total=len(waiting))
        for running in as_completed(
            lanes[kind_of(example, clock)].pool.submit(one, example) for example in waiting
        ):
            try:
                running.result()
            except ExampleError as problem:
                wrong.append(str(problem))
            progress.advance(bar)
        for example in late:
            try:
                one(example, alone=True)
            except ExampleError as problem:
                wrong.append(str(problem))
    if wrong:
        raise ExampleError("\n".join(sorted(wrong)))
    return {example.name: traces[example] for example in waiting if example.pinned is None}


def _record(example: Example, lane: Lane, clock: Clock | None) -> Trace:
    """What one example does.

    An interpreter may die for a reason of its own (the machine is short of memory), so the program
    gets a second one. Raises ExampleError where that dies too: then the program is to blame.
    """
    files = tuple(str(path.resolve()) for path in mentioned(example))
    for last in (False, True):
        try:
            return lane.record(
                _program(example, clock),
                Limits(seconds=example.timeout, threads=example.threads),
                files,
            )
        except Exception as problem:
            if last or lane.closing:
                where = example.file
                cause = escaped(str(problem).removeprefix(f"{example.path.resolve()}: "))
                raise ExampleError(
                    f"{where}: it could not be recorded on {lane.python}, in two interpreters one"
                    f" after the other: {cause}; run `python -m loopscope {where}` to see what it"
                    " does"
                ) from problem
    raise AssertionError


def _busy_machine_may_be_to_blame(example: Example) -> bool:
    return (example.clock == "real" or example.shell) and example.path.with_suffix(".out").exists()


def _program(example: Example, clock: Clock | None) -> Program:
    path = example.path
    return Program(
        str(path.resolve()),
        clock=example.runs_on if example.shell else clock or example.clock,
        shell=example.shell,
        environment=environment(),
        name=example.file,
    )
