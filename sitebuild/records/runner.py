"""Runs examples side by side.

In:  examples. Out: a `Trace` each, from the `cache` where it is still true, otherwise from a run.
     All that are stale are run the first time that any is asked for.

A record is stored as soon as its program ends: what was finished before a failure or an
interruption need not be run again. One build of a checkout runs examples at a time; another waits,
and finds them recorded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.running.sandbox import Sandbox
from loopscope.trace.events import Clock
from loopscope.trace.model import Trace

from ..checks.output import check_output
from ..content.examples import Example, ExampleError, mentioned_files
from ..project import Project, escape_unprintable
from . import pythons, sandbox_policy
from .cache import cache_key, find_stale, load, load_fresh, store
from .locks import lock

_SIDE_BY_SIDE = {"virtual": os.cpu_count() or 1, "real": 6, "shell": 2, "packages": 2}
"""How many programs of a kind are run at once. Those on the real clock mostly wait, the others keep
a core busy.
"""
_ALL_REAL = 16  # where all are run on a clock that is not their own
# of programs on the virtual clock, which can wait for a core: those on the real clock cannot
_NICE = 10


def get_or_run(example: Example, project: Project) -> Trace | None:
    """The record of one example; if it is stale, all that are stale are run. None: no Python here
    can run it.
    """
    known = load(example, project)
    if known is None and pythons.can_run(example):
        run(find_stale(project), project)
        known = load(example, project)
    return known


def run(
    examples: Iterable[Example], project: Project, *, clock: Clock | None = None, keep: bool = True
) -> dict[str, Trace]:
    """Run examples side by side, whatever is cached.

    Args:
        examples: Those that no Python here can run are left out.
        project: Where they belong.
        clock: Overrides their own; nothing is stored then.
        keep: Whether their records are stored.

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
        return _run(waiting, project, clock, keep=False)
    with lock(project.cache / "records.lock", "runs examples") as waited:
        # The other build may have run them.
        known = {
            example: trace
            for example in waiting
            if waited and (trace := load_fresh(example, project))
        }
        ran = _run(
            [example for example in waiting if example not in known], project, None, keep=True
        )
    return ran | {example.name: trace for example, trace in known.items() if example.pinned is None}


def _run(
    waiting: list[Example], project: Project, clock: Clock | None, *, keep: bool
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
    sandbox = sandbox_policy.choose(project)
    with ExitStack() as stack:
        groups: dict[tuple[str, str], list[Example]] = {}
        for example in waiting:
            groups.setdefault(_kind(example, clock), []).append(example)
        lanes = {kind: _Lane(kind, group, clock, stack, sandbox) for kind, group in groups.items()}

        def one(example: Example, *, alone: bool = False) -> None:
            """Run one and store what it did, in a thread of its lane."""
            before = cache_key(example) if keep else ""
            trace = _record(example, lanes[_kind(example, clock)], clock)
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
            lanes[_kind(example, clock)].pool.submit(one, example) for example in waiting
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


def _record(example: Example, lane: _Lane, clock: Clock | None) -> Trace:
    """What one example does.

    An interpreter may die for a reason of its own (the machine is short of memory), so the program
    gets a second one. Raises ExampleError where that dies too: then the program is to blame.
    """
    files = tuple(str(path.resolve()) for path in mentioned_files(example))
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
                cause = escape_unprintable(str(problem).removeprefix(f"{example.path.resolve()}: "))
                raise ExampleError(
                    f"{where}: it could not be recorded on {lane.python}, in two interpreters one"
                    f" after the other: {cause}; run `python -m loopscope {where}` to see what it"
                    " does"
                ) from problem
    raise AssertionError


def _busy_machine_may_be_to_blame(example: Example) -> bool:
    return (example.clock == "real" or example.shell) and example.path.with_suffix(".out").exists()


def _kind(example: Example, clock: Clock | None) -> tuple[str, str]:
    """The path of the Python that runs it, and what else matters for how many of them can be run at
    once.

    Programs that want packages are run in interpreters that have imported all packages beforehand.
    That costs every fork something at its end, which programs that want none need not pay.
    """
    other = pythons.select_interpreter(example)
    return (
        other.path if other else sys.executable,
        (
            "shell"
            if example.shell
            else "packages"
            if example.dependencies
            else clock or example.clock
        ),
    )


class _Lane:
    """ForkServer interpreters of one kind, as many as may run side by side, and what hands programs
    to them.
    """

    def __init__(
        self,
        kind: tuple[str, str],
        examples: list[Example],
        clock: Clock | None,
        stack: ExitStack,
        sandbox: Sandbox | None,
    ) -> None:
        self.python, special = kind
        self.closing = False
        most = (
            _ALL_REAL if clock else _SIDE_BY_SIDE[special] if self.python == sys.executable else 1
        )
        workers = min(len(examples), most)
        packages = (
            tuple(sorted({name for example in examples for name in example.dependencies}))
            if special == "packages"
            else ()
        )
        nice = _NICE if special == "virtual" else 0
        self._start = partial(ForkServer, packages, environment(), self.python, nice, sandbox)
        # None: one that is still to be started, the first or in the place of one that died.
        self._free: SimpleQueue[ForkServer | None] = SimpleQueue()
        self._started: list[ForkServer] = []
        for _ in range(workers):
            self._free.put(None)
        stack.callback(self._close, workers)
        self.pool = ThreadPoolExecutor(workers)
        stack.callback(self._shut)
        stack.push(self._give_up)

    def record(self, program: Program, limits: Limits, files: tuple[str, ...]) -> Trace:
        """What a program did, as an interpreter tells it. An interpreter that fails to tell is
        ended, whatever it raised.
        """
        warm = self._free.get()
        try:
            if warm is None:
                warm = self._start()
                self._started.append(warm)
            trace = warm.record(program, limits, scratch=files)
        except BaseException:
            self._free.put(None)
            if warm is not None:
                self._started.remove(warm)
                warm.close()
            raise
        self._free.put(warm)
        return trace

    def _give_up(self, kind: type | None, *_: object) -> None:
        """When something else went wrong, what runs is not waited for. Nobody else would end it: no
        Ctrl-C reaches a sandbox.
        """
        self.closing = kind is not None
        for warm in tuple(self._started) if self.closing else ():
            warm.kill()

    def _shut(self) -> None:
        self.closing = True  # what has not begun need not
        self.pool.shutdown(cancel_futures=True)

    def _close(self, workers: int) -> None:
        for _ in range(workers):
            warm = self._free.get()
            if warm is not None:
                warm.close()


def _program(example: Example, clock: Clock | None) -> Program:
    path = example.path
    return Program(
        str(path.resolve()),
        clock=example.effective_clock if example.shell else clock or example.clock,
        shell=example.shell,
        environment=environment(),
        name=example.file,
    )


def environment() -> dict[str, str]:
    """What a program needs, and nothing of the builder's. HOME and TMPDIR are its own folder,
    wherever that is.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
