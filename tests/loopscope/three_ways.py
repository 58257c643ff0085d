"""Runs a program unrecorded, recorded on the real clock and recorded on the virtual one, and
compares.

In:  programs of `program_generator`. Out: for each what is wrong, as `Failure`s.

The programs mostly sleep, so many run at once. A machine that is busy with all of them may wake one
so late that its text is another one: what only a real clock shows is believed when it happens each
time that the program runs once more, alone.
"""

from __future__ import annotations

import collections
import multiprocessing
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from clock_jitter import RUNS, Verdict, judge
from program_generator import Program as Tree
from program_generator import generate
from record_invariants import violations
from recorders import ENVIRONMENT

from loopscope import Trace
from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.views import narration, replay, timeline, transcript

LIMITS = Limits(seconds=60)
OTHER_LAYOUT = ("decimal", "email.message", "http.client", "sqlite3", "xml.dom.minidom")
"""Modules whose import moves everything else to other addresses."""


class Run(NamedTuple):
    """What a program shows to the world."""

    stdout: str
    stderr: str
    exit: int | str

    def __str__(self) -> str:
        return f"{self.stdout}--- stderr\n{self.stderr}--- exit {self.exit}\n"


class Candidate(NamedTuple):
    """A generated program, written to a file."""

    seed: int
    tree: Tree
    file: Path


class Failure(NamedTuple):
    """Something that must not be."""

    candidate: Candidate
    kind: str  # which of the comparisons failed
    text: str  # how
    runs: dict[str, Run]


class Runs(NamedTuple):
    """All that was seen of a program. Without the first two it is one whose order is the machine's
    to decide.
    """

    plain: Run | None
    real: Trace | None
    virtual: Trace
    elsewhere: Trace  # on the virtual clock once more, everything at other addresses


class Laboratory:
    """Interpreters to run programs in, all of this Python.

    Args:
        folder: Where programs are written.
        workers: How many programs run at once on the real clock, each way.
    """

    def __init__(self, folder: Path, workers: int = 4) -> None:
        self.folder = folder
        self.room = 3 * workers  # programs that may be on their way
        self._plain = ThreadPoolExecutor(workers)
        self._judges = ProcessPoolExecutor(
            2, multiprocessing.get_context("spawn"), initializer=_begin_to_judge
        )
        other = {**ENVIRONMENT, "PYTHONHASHSEED": "7"}
        self._warm = {
            "real": _Warms([ForkServer(environment=ENVIRONMENT) for _ in range(workers)]),
            "virtual": _Warms([ForkServer(environment=ENVIRONMENT)]),
            "elsewhere": _Warms([ForkServer(environment=other, preload=OTHER_LAYOUT)]),
        }

    def __enter__(self) -> Laboratory:
        return self

    def __exit__(self, *_: object) -> None:
        self._plain.shutdown(cancel_futures=True)
        self._judges.shutdown(cancel_futures=True)
        for warms in self._warm.values():
            warms.close()

    def write(self, seed: int, tree: Tree, name: str | None = None) -> Candidate:
        file = self.folder / f"{name or f'seed_{seed}'}.py"
        file.write_text(tree.source())
        return Candidate(seed, tree, file)

    def judge(self, candidate: Candidate, runs: int = RUNS) -> Future[Verdict]:
        return self._judges.submit(judge, candidate.tree.source(), str(candidate.file), runs)

    def plain(self, candidate: Candidate) -> Future[Run]:
        return self._plain.submit(_plain, candidate.file, self.folder)

    def recorded(self, candidate: Candidate, how: str) -> Future[Trace]:
        clock = "real" if how == "real" else "virtual"
        program = Program(
            str(candidate.file), clock=clock, directory=str(self.folder), environment=ENVIRONMENT
        )
        return self._warm[how].submit(program)

    def begin(self, candidate: Candidate, determined: bool) -> Pending:
        """Begin to run a program all ways; only those that tell something where its order is the
        machine's to decide.
        """
        return Pending(
            self.plain(candidate) if determined else None,
            self.recorded(candidate, "real") if determined else None,
            self.recorded(candidate, "virtual"),
            self.recorded(candidate, "elsewhere"),
        )


class Pending(NamedTuple):
    """Runs that have begun."""

    plain: Future[Run] | None
    real: Future[Trace] | None
    virtual: Future[Trace]
    elsewhere: Future[Trace]

    def result(self) -> Runs:
        plain = None if self.plain is None else self.plain.result()
        real = None if self.real is None else self.real.result()
        return Runs(plain, real, self.virtual.result(), self.elsewhere.result())


class _Warms:
    """ForkServer interpreters of one kind, each with a thread that waits for it."""

    def __init__(self, warms: list[ForkServer]) -> None:
        self._idle: queue.SimpleQueue[ForkServer] = queue.SimpleQueue()
        for warm in warms:
            self._idle.put(warm)
        self._threads = ThreadPoolExecutor(len(warms))

    def submit(self, program: Program) -> Future[Trace]:
        return self._threads.submit(self._record, program)

    def _record(self, program: Program) -> Trace:
        warm = self._idle.get()
        try:
            return warm.record(program, LIMITS)
        finally:
            self._idle.put(warm)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().close()


def check(
    laboratory: Laboratory,
    seeds: Iterable[int],
    count: int,
    progress: Callable[[int, int], None] = lambda done, suspects: None,
) -> Iterator[Failure]:
    """Run programs all ways, side by side, and in the end by themselves those whose failure may be
    the machine's.

    Args:
        laboratory: Where they run. seeds: What they are made of, as many as it takes. count: How
        many of those are wanted in which asyncio alone decides the order. Half as many others are
        run on the virtual clock alone, where there is always one order. progress: Told how many of
        the wanted have been run, and how many are to be run again in the end.
    """
    suspects: list[tuple[Candidate, bool, list[Failure]]] = []
    pending: collections.deque[tuple[Candidate, bool, Pending]] = collections.deque()
    done = 0

    others = 0
    for candidate, determined in _judged(laboratory, seeds):
        others += not determined
        if not determined and others > count // 2:
            continue
        pending.append((candidate, determined, laboratory.begin(candidate, determined)))
        wanted = done + sum(determined for _, determined, _ in pending)
        while pending and (len(pending) > laboratory.room or wanted >= count):
            candidate, determined, runs = pending.popleft()
            found = examine(candidate, runs)
            if any(failure.kind in MAY_BE_THE_MACHINE for failure in found):
                suspects.append((candidate, determined, found))
            else:
                yield from found
            done += determined
            if determined:
                progress(done, len(suspects))
        if wanted >= count:
            break
    for suspect in suspects:
        yield from _believed(laboratory, *suspect)


def _believed(
    laboratory: Laboratory, candidate: Candidate, determined: bool, found: list[Failure]
) -> list[Failure]:
    """What is wrong with a program; what may be the machine's fault only when it comes back each
    time.
    """
    for _ in range(AGAIN):
        if not any(failure.kind in MAY_BE_THE_MACHINE for failure in found):
            break
        found = examine(candidate, laboratory.begin(candidate, determined))
    doubtful = any(failure.kind.endswith("text") for failure in found)
    if doubtful and not laboratory.judge(candidate, RUNS_WHEN_IN_DOUBT).result().determined:
        # two timers fell due nearly together: a machine in a hundred shows the other order
        found = examine(candidate, laboratory.begin(candidate, determined=False))
    return found


def _judged(laboratory: Laboratory, seeds: Iterable[int]) -> Iterator[tuple[Candidate, bool]]:
    """Write programs and say of each whether asyncio alone decides its order. Those that never end
    are left out.
    """
    waiting: collections.deque[tuple[Candidate, Future[Verdict]]] = collections.deque()
    for seed in seeds:
        candidate = laboratory.write(seed, generate(seed, sys.version_info[:2]))
        waiting.append((candidate, laboratory.judge(candidate)))
        if len(waiting) > 8:
            candidate, verdict = waiting.popleft()
            if verdict.result().problem is None:
                yield candidate, verdict.result().determined


MAY_BE_THE_MACHINE = ("real text", "virtual text", "did not end")
"""Kinds of failures that a machine which is far too slow brings about, too."""


RUNS_WHEN_IN_DOUBT = 3_000
"""Clocks on which a program that fails is judged once more."""
AGAIN = 8
"""Times that such a program is run once more, alone. A machine that is busy all the while is too
slow most of the times.
"""


def examine(candidate: Candidate, pending: Pending) -> list[Failure]:
    """Wait for a program's runs; returns everything that is wrong with them."""
    try:
        return compare(candidate, pending.result())
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return [Failure(candidate, "did not end", str(error), {})]


def compare(candidate: Candidate, runs: Runs) -> list[Failure]:
    """Everything that is wrong with a program's runs, taken at their word."""
    traces = {name: trace for name, trace in runs._asdict().items() if isinstance(trace, Trace)}
    shown = {name: _shown(trace) for name, trace in traces.items()}
    late = [
        trace.stopped
        for trace in traces.values()
        if trace.stopped and "ran out of time" in trace.stopped
    ]
    if late:
        return [Failure(candidate, "did not end", late[0], shown)]
    found = []
    if runs.plain is not None:
        shown["plain"] = runs.plain
        for clock in ("real", "virtual"):
            if shown[clock] != runs.plain:
                found.append(
                    (
                        f"{clock} text",
                        f"recorded on the {clock} clock it does not do what it does unrecorded",
                    )
                )
    record = runs.virtual.to_json()
    if runs.virtual != runs.elsewhere and _comparable(runs.virtual) != _comparable(runs.elsewhere):
        found.append(
            (
                "another record",
                "two interpreters, with other addresses, made two records of it on the virtual clock",
            )
        )
    if Trace.from_json(record) != runs.virtual:
        found.append(("record", "it is another one once it has been read back"))
    for name in ("real", "virtual"):
        trace = getattr(runs, name)
        if trace is not None:
            wrong = [*violations(trace), *_undrawable(trace, candidate.tree.source())]
            wrong += [f"loopscope says: {note}" for note in trace.notes]
            # others may come to wait for ever, if the machine so decides
            if trace.stopped and runs.plain is not None:
                wrong.append(f"loopscope says: {trace.stopped}")
            found += [("record", f"on the {name} clock: {sentence}") for sentence in wrong]
    return [Failure(candidate, kind, text, shown) for kind, text in found]


def _comparable(trace: Trace) -> str:
    """A record without addresses."""
    return _masked(trace.to_json())


def _undrawable(trace: Trace, source: str) -> Iterator[str]:
    """What cannot show a record."""
    views: tuple[Callable[[], object], ...] = (
        lambda: timeline.draw(trace, alone=True),
        lambda: narration.narrate(trace, source),
        lambda: replay.to_json(trace, source),
        lambda: transcript.summary(trace),
    )
    for view in views:
        try:
            view()
        except Exception as error:
            yield "".join(traceback.format_exception(error)[-2:])


def _shown(trace: Trace) -> Run:
    return Run(_masked(trace.text("stdout")), _masked(trace.text("stderr")), trace.exit)


def _plain(file: Path, folder: Path) -> Run:
    """Run a program with a plain interpreter. Raises subprocess.TimeoutExpired when it hangs."""
    command = [sys.executable, "-u", str(file)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    code: int | str = (
        signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
    )
    return Run(_masked(done.stdout.decode()), _masked(done.stderr.decode()), code)


def _masked(text: str) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text)


def _begin_to_judge() -> None:
    """What programs leave behind prints and complains when it is collected; and nobody may be left
    who waits for programs.
    """
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
