"""Runs the tests for one mutant, which is the only change in a clone of the project.

In:  the clone's folder. Out: exit status 0 when no test caught it. The tests that know most of the module run first, then
those of its folder, but for the browser's; the first failure ends it. A bug in one part that only the other part's tests would
find is not caught: it would take them long to say so, and whoever changes the part to understand it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCES = ("loopscope", "sitebuild")
"""What is mutated."""

FIRST = {
    "loopscope/__main__.py": ["loopscope/test_command.py"],
    "loopscope/axis.py": ["loopscope/test_pictures.py"],
    "loopscope/clock.py": ["loopscope/test_clock.py"],
    "loopscope/confine.py": ["test_sandbox.py"],
    "loopscope/handles.py": ["loopscope/test_steps.py"],
    "loopscope/inside.py": ["loopscope/test_whatever.py", "loopscope/test_neutral.py"],
    "loopscope/interrupts.py": ["loopscope/test_whatever.py", "loopscope/test_neutral.py"],
    "loopscope/ordered.py": ["loopscope/test_clock.py"],
    "loopscope/page.py": ["loopscope/test_command.py", "test_stepper.py"],
    "loopscope/processes.py": ["loopscope/test_whatever.py", "loopscope/test_command.py"],
    "loopscope/recorder.py": ["loopscope/test_steps.py", "loopscope/test_neutral.py"],
    "loopscope/replay.py": ["loopscope/test_replay.py", "test_stepper.py"],
    "loopscope/scratch.py": ["test_sandbox.py", "test_records.py"],
    "loopscope/seccomp.py": ["test_sandbox.py"],
    "loopscope/suspended.py": ["loopscope/test_steps.py"],
    "loopscope/timeline.py": ["loopscope/test_pictures.py"],
    "loopscope/trace.py": ["loopscope/test_steps.py"],
    "loopscope/transcript.py": ["loopscope/test_command.py", "loopscope/test_pictures.py"],
    "loopscope/warm.py": ["loopscope/test_whatever.py", "loopscope/test_neutral.py"],
    "loopscope/watch.py": ["loopscope/test_whatever.py"],
    "loopscope/words.py": ["loopscope/test_pictures.py", "loopscope/test_steps.py"],
    "sitebuild/addresses.py": ["test_addresses.py"],
    "sitebuild/articles.py": ["test_articles.py"],
    "sitebuild/examples.py": ["test_examples.py"],
    "sitebuild/judge.py": ["test_examples.py", "test_build.py"],
    "sitebuild/terms.py": ["test_terms.py"],
}
"""The tests that know most of a module; where none stand here, those whose name has the module's in it."""

LIMIT = 900
"""Seconds that one of a mutant's two rounds of tests may take."""
TOO_LONG = f"the tests took longer than {LIMIT} s"


def run(tree: Path) -> int:
    """Run the tests for the mutant that is in a tree, or all of them for none; returns 0 when nothing caught it."""
    command = ["git", "diff", "--name-only", "--", *SOURCES]
    module = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout.strip()
    for files in rounds_of_tests(module, tree / "tests") if module else [["."]]:
        status = _confirmed([f"tests/{file}" for file in files], tree)
        if status not in PASSED:
            return status
    return 0


PASSED = (0, 5)  # 5: nothing is left without the browser's


def _confirmed(files: list[str], tree: Path) -> int:
    """Run tests until the first that fails, twice: it may have failed because the machine was busy. Returns the exit status."""
    for _ in range(3):
        status, output = _pytest(["-x", "-n", "auto", "--maxprocesses", "4", *files], tree)
        failed = re.findall(r"^(?:FAILED|ERROR) (.*?::.*?)(?: - .*)?$", output, re.MULTILINE)
        if status in PASSED or not failed or _pytest(failed, tree)[0] not in PASSED:
            break
    return status


def _pytest(arguments: list[str], tree: Path) -> tuple[int, str]:
    """Run tests; returns their exit status and output. When they hang, or nobody wants them any more, they may still clear up."""
    command = [sys.executable, "-m", "pytest", "-m", "not browser", *arguments]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=tree, start_new_session=True, stdout=output, stderr=output)
        status = _wait(process)
        output.seek(0)
        text = output.read()
    print(text, flush=True)
    return status, text


def _wait(process: subprocess.Popen) -> int:
    parent, deadline = os.getppid(), time.monotonic() + LIMIT
    while True:
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline and os.getppid() == parent:
                continue
        print(TOO_LONG, flush=True)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return 124


def rounds_of_tests(module: str, tests: Path) -> list[list[str]]:
    """The test files for a mutant of a module, in rounds: those that know most of it, and the others of its folder."""
    files = sorted(file.relative_to(tests).as_posix() for file in tests.rglob("test_*.py"))
    stem = Path(module).stem
    first = [file for file in FIRST.get(module, [file for file in files if stem in file]) if file in files]
    inner = [file for file in files if file.startswith("loopscope/") == module.startswith("loopscope/")]
    return [found for found in (first, [file for file in inner if file not in first]) if found]


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
