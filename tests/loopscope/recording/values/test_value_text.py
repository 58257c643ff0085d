"""Texts for the program's values, on each Python that is here: right, short, and made without
running any of its code. `value_cases` and `hostile_values` have the values.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from paths import ROOT

from sitebuild.project import NEWEST_MINOR
from sitebuild.records import pythons

OLDEST_MINOR = 10
SCRIPT = Path(__file__).parent.parent.parent / "value_cases.py"
CHECKS = [
    *("wrong_texts", "wrong_in_a_loop", "traps_that_sprang", "changed_values"),
    *("decimal_contexts", "wrong_without_builtins", "raised_at_the_end_of_the_stack"),
    *("lost_interrupts", "wrong_for_random_values"),
]


def interpreters() -> dict[int, str]:
    """This Python, and each other that loopscope supports and that is installed."""
    found = {
        minor: python.path
        for minor in range(OLDEST_MINOR, NEWEST_MINOR + 1)
        if (python := pythons.find_interpreter(minor)) is not None
    }
    return found | {sys.version_info[1]: sys.executable}


INTERPRETERS = interpreters()


def check_on(python: str) -> dict[str, list[str]]:
    done = subprocess.run(
        [python, "-W", "error", "-B", str(SCRIPT)],
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def results() -> dict[int, Future[dict[str, list[str]]]]:
    with ThreadPoolExecutor(2) as pool:
        return {minor: pool.submit(check_on, path) for minor, path in INTERPRETERS.items()}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("minor", INTERPRETERS)
def test_values_are_described_as_they_should_be(
    results: dict[int, Future[dict[str, list[str]]]], minor: int, check: str
) -> None:
    assert results[minor].result()[check] == []


def test_no_check_is_left_out(results: dict[int, Future[dict[str, list[str]]]]) -> None:
    assert list(results[sys.version_info[1]].result()) == CHECKS
