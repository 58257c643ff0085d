"""Runs the tests for one mutant, which is the only change in a clone of the project.

In:  the clone's folder. Out: exit status 0 when no test caught it. The tests that know most of the
     module run first, then those of its folder, then those of the folders around it, but for the
     browser's; the first failure ends it. A bug in one package that only the other's tests would
     find is not caught: it would take them long to say so, and whoever changes the package to
     understand it.
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
    "loopscope/command_line.py": ["loopscope/test_command.py"],
    "loopscope/views/axis.py": ["loopscope/views/test_timeline.py"],
    "loopscope/recording/virtual_clock/clock.py": [
        "loopscope/recording/virtual_clock/test_clock.py"
    ],
    "loopscope/running/confine.py": ["loopscope/running/test_sandbox.py"],
    "loopscope/recording/handles.py": ["loopscope/recording/test_recorder.py"],
    "loopscope/recording/in_process.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/recording/interrupts.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/recording/virtual_clock/creation_order.py": [
        "loopscope/recording/virtual_clock/test_clock.py"
    ],
    "loopscope/views/stepper/__init__.py": [
        "loopscope/views/test_stepper_modules.py",
        "loopscope/test_command.py",
    ],
    "loopscope/views/moments.py": [
        "loopscope/views/test_replay.py",
        "loopscope/views/test_stepper_state.py",
    ],
    "loopscope/views/page.py": ["loopscope/test_command.py", "loopscope/views/test_stepper.py"],
    "loopscope/running/processes.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/test_command.py",
    ],
    "loopscope/recording/recorder.py": [
        "loopscope/recording/test_recorder.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/views/replay.py": [
        "loopscope/views/test_replay.py",
        "loopscope/views/test_stepper.py",
    ],
    "loopscope/running/scratch.py": [
        "loopscope/running/test_sandbox.py",
        "sitebuild/records/test_records.py",
    ],
    "loopscope/running/seccomp.py": ["loopscope/running/test_sandbox.py"],
    "loopscope/recording/suspension.py": ["loopscope/recording/test_recorder.py"],
    "loopscope/views/timeline.py": ["loopscope/views/test_timeline.py"],
    "loopscope/views/timeline_layout.py": ["loopscope/views/test_timeline.py"],
    "loopscope/views/timeline_marks.py": ["loopscope/views/test_timeline.py"],
    "loopscope/trace/model.py": ["loopscope/recording/test_recorder.py"],
    "loopscope/trace/assembly.py": [
        "loopscope/trace/test_assembly.py",
        "loopscope/recording/test_recorder.py",
    ],
    "loopscope/trace/events.py": ["loopscope/trace/test_encoding.py"],
    "loopscope/views/transcript.py": [
        "loopscope/test_command.py",
        "loopscope/views/test_timeline.py",
    ],
    "loopscope/running/fork_server.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/running/fork_server_process.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/running/forked_program.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/recording/output.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/recording/test_neutral.py",
    ],
    "loopscope/running/supervisor.py": ["loopscope/running/test_supervisor.py"],
    "loopscope/running/receiver.py": ["loopscope/running/test_supervisor.py"],
    "loopscope/running/outcome.py": ["loopscope/running/test_supervisor.py"],
    "loopscope/running/interpreter.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/test_command.py",
    ],
    "loopscope/running/launch.py": [
        "loopscope/running/test_supervisor.py",
        "loopscope/test_api.py",
    ],
    "loopscope/running/sandbox_layout.py": ["loopscope/running/test_sandbox.py"],
    "loopscope/views/narration.py": [
        "loopscope/views/test_timeline.py",
        "loopscope/recording/test_recorder.py",
    ],
    "sitebuild/commands/addresses.py": ["sitebuild/commands/test_addresses.py"],
    "sitebuild/rendering/articles.py": ["sitebuild/rendering/test_articles.py"],
    "sitebuild/content/block_reader.py": ["sitebuild/content/test_blocks.py"],
    "sitebuild/content/examples.py": ["test_examples.py"],
    "sitebuild/content/excerpts.py": ["sitebuild/commands/test_build.py"],
    "sitebuild/content/inline_metadata.py": ["sitebuild/commands/test_build.py"],
    "sitebuild/checks/output.py": ["test_examples.py", "sitebuild/commands/test_build.py"],
    "sitebuild/rendering/terms.py": ["sitebuild/rendering/test_terms.py"],
}
"""The tests that know most of a module; where none stand here, those that have its name."""

LIMIT = 300
"""Seconds that one of a mutant's rounds of tests may take."""
ALL_TESTS_LIMIT = 3600
"""Seconds that all tests may take, without a mutant."""
TOO_LONG = "the tests took too long"


def run(tree: Path) -> int:
    """Run the tests for the mutant that is in a tree, or all of them for none; returns 0 when
    nothing caught it.
    """
    command = ["git", "diff", "--name-only", "--", *SOURCES]
    module = subprocess.run(
        command, cwd=tree, check=True, capture_output=True, text=True
    ).stdout.strip()
    if not module:
        return _confirmed(["tests"], tree, ALL_TESTS_LIMIT)
    for files in rounds_of_tests(module, tree / "tests"):
        status = _confirmed([f"tests/{file}" for file in files], tree, LIMIT)
        if status not in PASSED:
            return status
    return 0


PASSED = (0, 5)  # 5: nothing is left without the browser's


def _confirmed(files: list[str], tree: Path, limit: float) -> int:
    """Run tests until the first that fails, twice: it may have failed because the machine was busy.
    Returns the exit status.
    """
    for _ in range(3):
        status, output = _pytest(["-x", "-n", "auto", "--maxprocesses", "4", *files], tree, limit)
        failed = re.findall(r"^(?:FAILED|ERROR) (.*?::.*?)(?: - .*)?$", output, re.MULTILINE)
        if status in PASSED or not failed or _pytest(failed, tree, limit)[0] not in PASSED:
            break
    return status


def _pytest(arguments: list[str], tree: Path, limit: float) -> tuple[int, str]:
    """Run tests; returns their exit status and output. When they hang, or nobody wants them any
    more, they may still clear up.
    """
    command = [sys.executable, "-m", "pytest", "-m", "not browser", *arguments]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=tree, start_new_session=True, stdout=output, stderr=output
        )
        status = _wait(process, limit)
        output.seek(0)
        text = output.read()
    print(text, flush=True)
    return status, text


def _wait(process: subprocess.Popen, limit: float) -> int:
    parent, deadline = os.getppid(), time.monotonic() + limit
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
    """The test files for a mutant of a module, in rounds: those that know most of it, the others of
    its folder, and those of each folder around it.
    """
    files = sorted(file.relative_to(tests).as_posix() for file in tests.rglob("test_*.py"))
    folders = [folder.as_posix() for folder in Path(module).parents][:-1]
    rounds = [FIRST.get(module, [f"{folders[0]}/test_{Path(module).stem}.py"])]
    rounds += [[file for file in files if file.startswith(f"{folder}/")] for folder in folders]
    if folders[-1] == "sitebuild":
        rounds[-1] += [file for file in files if "/" not in file]
    done: set[str] = set()
    found = []
    for each in rounds:
        found.append([file for file in each if file in files and file not in done])
        done.update(each)
    return [each for each in found if each]


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
