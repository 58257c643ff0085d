"""Runs examples and keeps what they did.

In:  examples. Out: a `Trace` each, from `.cache/records/` where nothing that can change it has changed, otherwise from a run. All that
are stale are run side by side the first time that any is asked for.

A record is stored as soon as its program ends: what was finished before a failure or an interruption need not be run again. One build of
a checkout runs examples at a time; another waits, and finds them recorded.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import stat
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue

import loopscope
from loopscope.limits import Limits
from loopscope.sandbox import Sandbox
from loopscope.supervisor import Program
from loopscope.trace import Trace
from loopscope.validation import check
from loopscope.warm import Warm

from . import pythons, sandbox_policy
from .examples import Example, ExampleError, find, mentioned
from .files import read_text, write_text
from .judge import judge
from .locks import lock
from .pages import shown_elsewhere
from .project import Project, escaped

_SIDE_BY_SIDE = {"virtual": os.cpu_count() or 1, "real": 6, "shell": 2, "packages": 2}
"""How many programs of a kind are run at once. Those on the real clock mostly wait, the others keep a core busy."""
_ALL_REAL = 16  # where all are run on a clock that is not their own
_NICE = 10  # of programs on the virtual clock, which can wait for a core: those on the real clock cannot


def of(example: Example, project: Project) -> Trace | None:
    """The record of one example; if it is stale, all that are stale are run. None: no Python here can run it."""
    known = load(example, project)
    if known is None and pythons.suits(example):
        run(stale(project), project)
        known = load(example, project)
    return known


def stale(project: Project) -> list[Example]:
    """The examples whose record is missing or no longer true, those too that pages show as they run on another Python.

    Raises ExampleError for those that declare what is not installed, all of them.
    """
    found, wrong = [], []
    for example in every(find(project), project):
        try:
            if is_stale(example, project):
                found.append(example)
        except ExampleError as problem:
            wrong.append(str(problem))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return found


def _settled(example: Example, project: Project) -> Trace | None:
    """The record of an example that need not be run."""
    return None if is_stale(example, project) else load(example, project)


def is_stale(example: Example, project: Project) -> bool:
    """Also where the run was cut off against what it declares: that says more of a busy machine than of the example."""
    known = load(example, project)
    return known is None or (known.stopped is not None and known.exit != example.exit(known.python))


def every(found: dict[str, Example], project: Project) -> list[Example]:
    """All examples, and after them those that pages show as they run on another Python."""
    others = [pythons.on(found[name], python) for name, python in shown_elsewhere(project) if name in found]
    return [*found.values(), *(example for example in others if example.on)]


def run(examples: Iterable[Example], project: Project, *, clock: str | None = None, keep: bool = True) -> dict[str, Trace]:
    """Run examples side by side, whatever is cached.

    Args:
        examples: Those that no Python here can run are left out.
        project: Where they belong.
        clock: Overrides their own; nothing is stored then.
        keep: Whether their records are stored.

    Returns:
        The traces by name, but for those of examples that run on another Python because a page wants it; these are stored only.

    Raises:
        ExampleError: Some could not be recorded; all others were.
        ProjectError: A record could not be stored.
        OSError: The folder for the records cannot be made.
    """
    waiting = [example for example in examples if pythons.suits(example)]
    if not waiting:
        return {}
    if clock is not None or not keep:
        return _run(waiting, project, clock, keep=False)
    with lock(project.cache / "records.lock", "runs examples") as waited:
        # The other build may have run them.
        known = {example: trace for example in waiting if waited and (trace := _settled(example, project))}
        ran = _run([example for example in waiting if example not in known], project, None, keep=True)
    return ran | {example.name: trace for example, trace in known.items() if example.on is None}


def _run(waiting: list[Example], project: Project, clock: str | None, *, keep: bool) -> dict[str, Trace]:
    if not waiting:
        return {}
    # Imported here: where all is recorded already there is no use for a progress bar, and it is slow to import.
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
            before = key(example) if keep else ""
            trace = _record(example, lanes[_kind(example, clock)], clock)
            traces[example] = trace
            # On a busy machine a real clock may let something come late. Whatever differs is run once more, alone.
            if keep and not alone and _busy_machine_may_be_to_blame(example) and judge(example, trace, project) is not None:
                late.append(example)
            elif keep:
                _store(example, trace, before, sandbox is not None, project)

        progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()))
        bar = progress.add_task("running examples", total=len(waiting))
        for running in as_completed(lanes[_kind(example, clock)].pool.submit(one, example) for example in waiting):
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
    return {example.name: traces[example] for example in waiting if example.on is None}


def _record(example: Example, lane: _Lane, clock: str | None) -> Trace:
    """What one example does.

    An interpreter may die for a reason of its own (the machine is short of memory), so the program gets a second one. Raises ExampleError
    where that dies too: then the program is to blame.
    """
    files = tuple(str(path.resolve()) for path in mentioned(example))
    for last in (False, True):
        try:
            return lane.record(_program(example, clock), Limits(seconds=example.timeout, threads=example.threads), files)
        except Exception as problem:
            if last or lane.closing:
                where = f"examples/{example.name}{example.path.suffix}"
                cause = escaped(str(problem).removeprefix(f"{example.path.resolve()}: "))
                raise ExampleError(
                    f"{where}: it could not be recorded on {lane.python}, in two interpreters one after the other: {cause}; "
                    f"run `python -m loopscope {where}` to see what it does"
                ) from problem
    raise AssertionError


def _busy_machine_may_be_to_blame(example: Example) -> bool:
    return (example.clock == "real" or example.shell) and example.path.with_suffix(".out").exists()


def _kind(example: Example, clock: str | None) -> tuple[str, str]:
    """The path of the Python that runs it, and what else matters for how many of them can be run at once.

    Programs that want packages are run in interpreters that have imported all packages beforehand. That costs every fork something at its
    end, which programs that want none need not pay.
    """
    other = pythons.chosen(example)
    return (
        other.path if other else sys.executable,
        "shell" if example.shell else "packages" if example.dependencies else clock or example.clock,
    )


class _Lane:
    """Warm interpreters of one kind, as many as may run side by side, and what hands programs to them."""

    def __init__(
        self, kind: tuple[str, str], examples: list[Example], clock: str | None, stack: ExitStack, sandbox: Sandbox | None
    ) -> None:
        self.python, special = kind
        self.closing = False
        most = _ALL_REAL if clock else _SIDE_BY_SIDE[special] if self.python == sys.executable else 1
        workers = min(len(examples), most)
        packages = tuple(sorted({name for example in examples for name in example.dependencies})) if special == "packages" else ()
        nice = _NICE if special == "virtual" else 0
        self._start = partial(Warm, packages, environment(), self.python, nice, sandbox)
        # None: one that is still to be started, the first or in the place of one that died.
        self._free: SimpleQueue[Warm | None] = SimpleQueue()
        self._started: list[Warm] = []
        for _ in range(workers):
            self._free.put(None)
        stack.callback(self._close, workers)
        self.pool = ThreadPoolExecutor(workers)
        stack.callback(self._shut)
        stack.push(self._give_up)

    def record(self, program: Program, limits: Limits, files: tuple[str, ...]) -> Trace:
        """What a program did, as an interpreter tells it. An interpreter that fails to tell is ended, whatever it raised."""
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
        """When something else went wrong, what runs is not waited for. Nobody else would end it: no Ctrl-C reaches a sandbox."""
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


def load(example: Example, project: Project) -> Trace | None:
    """The record that is kept, if it is still true, and one that a program can have."""
    file = _file(example, project)
    try:
        program = _program(example, None)
        kept = file.lstat()
        if not stat.S_ISREG(kept.st_mode):  # a link, a pipe or a device may never end; a new record takes its place
            return None
        held, trace = _read(file, kept.st_mtime_ns, program.name or "", program.clock)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    wanted = key(example)
    # What ran without a sandbox could write what it liked, into other records too. It is used where there is no sandbox.
    if held == wanted or (held == _unsandboxed(wanted) and sandbox_policy.choose(project) is None):
        return trace
    return None


@cache  # a record is asked for by everything that shows the example; one that has changed since is another
def _read(file: Path, changed: int, name: str, clock: str) -> tuple[str, Trace]:
    """The key under which a record is kept, and the record."""
    held = json.loads(file.read_text(encoding="utf-8"))
    return held["key"], check(Trace.from_json(held["trace"]), Program(name, clock=clock, name=name))


def _unsandboxed(key: str) -> str:
    """The key of what the same program did without a sandbox."""
    return f"{key} without a sandbox"


def key(example: Example) -> str:
    """A digest of everything that can change what the example does."""
    other = pythons.chosen(example)
    parts: list[str] = [
        platform.python_version(),
        other.version if other else "",
        _own_sources(),
        example.source,
        str(example.path.resolve()),
    ]
    parts += [f"{name} {_version(name, example)}" for name in sorted(example.dependencies)]
    if example.shell:
        parts += [_installed(), *(read_text(Project(example.path.parents[2]), path) for path in mentioned(example))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _store(example: Example, trace: Trace, before: str, sandboxed: bool, project: Project) -> None:
    """Keep a record, under the key that held `before` the run.

    Raises:
        ExampleError: Something that the key stands for changed during the run. A record that says otherwise would be a lie.
        ProjectError: It cannot be written.
    """
    if key(example) != before or read_text(project, example.path) != example.source:
        raise ExampleError(f"{project.relative(example.path)}: it, or what it runs with, changed while it ran; build again")
    write_text(
        project,
        _file(example, project),
        json.dumps({"key": before if sandboxed else _unsandboxed(before), "trace": trace.to_json()}, ensure_ascii=False),
    )


def _file(example: Example, project: Project) -> Path:
    return project.cache / "records" / platform.python_version() / f"{example.name}{f'.{example.on}' if example.on else ''}.json"


def _program(example: Example, clock: str | None) -> Program:
    path = example.path
    return Program(
        str(path.resolve()),
        clock="real" if example.shell else clock or example.clock,
        shell=example.shell,
        environment=environment(),
        name=f"examples/{example.name}{path.suffix}",
    )


def environment() -> dict[str, str]:
    """What a program needs, and nothing of the builder's. HOME and TMPDIR are its own folder, wherever that is."""
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


@cache
def _own_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(loopscope.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _installed() -> str:
    """Every package that is installed, with its version (the names of their folders say both)."""
    return " ".join(sorted(found.name for folder in sys.path for found in Path(folder).glob("*.dist-info")))


def _version(name: str, example: Example) -> str:
    if not pythons.runs_here(example):
        return ""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        raise ExampleError(
            f"examples/{example.name}{example.path.suffix}: it declares `{name}`, which is not installed; add it to requirements.in, "
            "then run `make requirements`"
        ) from None
