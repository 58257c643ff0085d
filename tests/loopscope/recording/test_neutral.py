"""A recorded program does what it does unrecorded: the same output on each stream, the same exit
status.
"""

from __future__ import annotations

import functools
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from paths import ROOT
from recorders import ENVIRONMENT, WORKERS, Recorders

from loopscope import Trace
from loopscope.running.program import Program

BROKEN = {
    "does_not_compile": "print('never')\nasync def main():\n    await = 1\n",
    "null_byte": "print(1)\0",
    "bad_encoding": "# coding: nonsense\nprint(1)\n",
    "import_error": "print('first')\nimport there_is_no_such_module\n",
    "empty": "",
}
"""Programs that no tool of ours should try to read."""

WAYS = [("fork", "real"), ("spawn", "real"), ("fork", "virtual")]


class Run(NamedTuple):
    stdout: str
    stderr: str
    exit: int | str


def header(file: Path, key: str) -> str | None:
    """What a program says about itself in a comment `# key: value`."""
    found = re.search(rf"^# {key}: (.*)$", file.read_text(), re.MULTILINE)
    return found[1] if found else None


def runs_here(file: Path) -> bool:
    needed = header(file, "python") or "3.10"
    return sys.version_info >= tuple(map(int, needed.split(".")))


FILES = [file for file in sorted((ROOT / "tests/programs").glob("*.py")) if runs_here(file)]


ATTEMPTS = 12
"""Times that a program with timers is run once more: on a machine that is busy they come late, most
of the times even.
"""

TIMED = {
    file.stem
    for file in FILES
    if re.search(r"sleep|timeout|call_later|call_at|wait_for|itimer|alarm", file.read_text())
}
"""Programs in which something can come late on a busy machine."""


def unrecorded(file: Path, folder: Path) -> Run:
    done = subprocess.run(
        [sys.executable, "-u", str(file)],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    code: int | str = (
        signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
    )
    return Run(
        masked(done.stdout.decode(errors="backslashreplace")),
        masked(done.stderr.decode(errors="backslashreplace")),
        code,
    )


def as_run(trace: Trace) -> Run:
    return Run(masked(trace.text("stdout")), masked(trace.text("stderr")), trace.exit)


def masked(text: str) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text)


class Again:
    """Something that has been begun, and can be done anew."""

    def __init__(self, submit: Callable[..., Future[Any]], *args: object) -> None:
        self._submit = functools.partial(submit, *args)
        self._begun = self._submit()

    def result(self, anew: bool) -> Any:
        if anew:
            self._begun = self._submit()
        return self._begun.result()


class Results(NamedTuple):
    plain: dict[str, Again]
    recorded: dict[tuple[str, str, str], Again]


@pytest.fixture(scope="module")
def results(recorders: Recorders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """All programs, all ways, side by side. Each may be run once more."""
    folder = tmp_path_factory.mktemp("broken")
    for name, text in BROKEN.items():
        (folder / f"{name}.py").write_text(text)
    results = Results({}, {})
    with ThreadPoolExecutor(WORKERS) as pool:
        for file in [*FILES, *sorted(folder.glob("*.py"))]:
            scratch = tmp_path_factory.mktemp(file.stem)
            results.plain[file.stem] = Again(pool.submit, unrecorded, file, scratch)
            for start, clock in WAYS:
                if clock == "real" or header(file, "clock") != "real":
                    program = Program(
                        str(file), clock=clock, directory=str(scratch), environment=ENVIRONMENT
                    )
                    results.recorded[file.stem, start, clock] = Again(
                        recorders.submit, start, program
                    )
        yield results


@pytest.mark.parametrize(("start", "clock"), WAYS)
@pytest.mark.parametrize("name", [*(file.stem for file in FILES), *BROKEN])
def test_a_recorded_program_does_what_it_does_unrecorded(
    results: Results, name: str, start: str, clock: str
) -> None:
    if (name, start, clock) not in results.recorded:
        pytest.skip("needs the real clock")
    # Unrecorded it runs on the real clock. On the virtual one nothing can come late, so what is
    # wrong there once is wrong.
    for anew in (False, *[True] * ATTEMPTS) if name in TIMED else (False,):
        plain, trace = (
            results.plain[name].result(anew),
            results.recorded[name, start, clock].result(anew and clock == "real"),
        )
        if as_run(trace) == plain:
            break
    assert trace.stopped is None
    assert as_run(trace) == plain
    assert trace.notes == NOTES.get(name, ())


NOTES = {
    "exit_at_once": ("it ended itself without the interpreter's clean-up (os._exit(7))",),
    "odd_output": ("it wrote bytes that are not UTF-8; they are shown as \\x…",),
}


def test_the_programs_are_many() -> None:
    assert len(FILES) >= 40
