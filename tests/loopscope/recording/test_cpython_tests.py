"""The comparison behind `make cpython-tests` notices what a recorder changes, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import cpython_tests
import pytest
from cpython_tests import ROOT, Module, changed, compare, modules, report, run

MODULE = """
    import asyncio
    import pathlib
    import unittest

    class Tests(unittest.IsolatedAsyncioTestCase):
        async def test_passes(self):
            await asyncio.sleep(0)

        async def test_notices_the_recorder(self):
            self.assertIs(type(asyncio.get_running_loop()._ready).__module__, "collections")

        def test_fails(self):
            self.assertTrue(False)

        def test_fails_in_parts(self):
            with self.subTest(1):
                raise OSError

        @unittest.skip("")
        def test_skipped(self): ...

        @unittest.expectedFailure
        def test_expected(self):
            raise ValueError

        @unittest.expectedFailure
        def test_unexpected(self): ...

        def test_has_no_fixed_outcome(self):
            count = pathlib.Path(__file__).with_name("count")
            runs = int(count.read_text()) if count.exists() else 0
            count.write_text(str(runs + 1))
            self.assertTrue(runs % 3 == 0)
"""
OUTCOMES = {
    "test_passes": "passed",
    "test_notices_the_recorder": "passed",
    "test_fails": "failed: AssertionError",
    "test_fails_in_parts": "failed: OSError",
    "test_skipped": "skipped",
    "test_expected": "failed as expected",
    "test_unexpected": "passed unexpectedly",
    "test_has_no_fixed_outcome": "passed",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "some_tests").mkdir()
    (tmp_path / "some_tests/__init__.py").touch()
    (tmp_path / "some_tests/test_one.py").write_text(textwrap.dedent(MODULE))
    (tmp_path / "some_tests/helper.py").touch()
    return tmp_path


def test_each_test_has_its_outcome(package: Path) -> None:
    assert modules(sys.executable, "some_tests", [str(package)]) == ["some_tests.test_one"]
    found = run(sys.executable, "some_tests.test_one", False, [str(package)])
    assert {test.rpartition(".")[2]: outcome for test, outcome in found.items()} == OUTCOMES


def test_only_what_the_recorder_changes_differs(
    package: Path, capsys: pytest.CaptureFixture
) -> None:
    (module,) = compare(sys.executable, ["some_tests.test_one"], 2, [str(package)])
    name = "some_tests.test_one.Tests.test_"
    assert module.different() == [f"{name}notices_the_recorder"]
    assert len(module.plain) == len(module.recorded) == 3
    assert report("3.13", [module], 1.0) == 1
    printed = capsys.readouterr().out
    assert f"DIFFERS: {name}notices_the_recorder" in printed
    assert f"unsteady: {name}has_no_fixed_outcome" in printed
    assert "8 tests in 1 modules" in printed and "1 differ, 1 have no fixed outcome" in printed


@pytest.mark.parametrize(
    ("text", "limit", "why"),
    [
        ("import time; time.sleep(60)", 2, "timed out"),
        ("import os; print('dying', flush=True); os._exit(3)", 60, "ended with status 3: dying"),
    ],
)
def test_a_module_that_cannot_be_run_is_named_and_fails(
    package: Path, text: str, limit: float, why: str, capsys: pytest.CaptureFixture
) -> None:
    (package / "some_tests/test_one.py").write_text(text)
    (module,) = compare(sys.executable, ["some_tests.test_one"], 2, [str(package)], limit=limit)
    assert report("3.13", [module], 1.0) == 1
    printed = capsys.readouterr().out
    assert "0 tests in 1 modules" in printed
    assert f"NOT RUN: some_tests.test_one: the module {why}" in printed


@pytest.mark.parametrize(
    ("plain", "recorded", "differs"),
    [
        (["passed"] * 3, ["failed"] * 3, True),
        (["passed"] * 3, ["failed", "did not run", "failed"], True),
        (["passed"] * 3, ["failed", "passed", "failed"], False),
        (["passed", "failed", "passed"], ["failed"] * 3, False),
        (["failed"] * 3, ["failed"] * 3, False),
    ],
)
def test_a_test_differs_when_it_never_ends_recorded_as_it_always_ends_unrecorded(
    plain: list[str], recorded: list[str], differs: bool
) -> None:
    assert changed(plain, recorded) is differs


def test_a_test_that_is_left_out_under_the_recorder_differs() -> None:
    module = Module("m", [{"a": "passed", "b": "passed"}], [{"a": "passed"}])
    assert module.different() == ["b"]


def test_a_python_without_the_tests_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    version = f"3.{sys.version_info[1]}"
    monkeypatch.setattr(cpython_tests, "PACKAGE", "test.no_such_package")
    monkeypatch.setattr(
        cpython_tests, "modules", lambda python: modules(python, "test.no_such_package")
    )
    assert cpython_tests.main([version]) == 1
    assert f"libpython{version}-testsuite" in capsys.readouterr().out
    assert cpython_tests.main(["3.99"]) == 1
    assert capsys.readouterr().out == "3.99: there is no such Python here\n"


def test_the_command_compares_a_module_of_cpythons(tmp_path: Path) -> None:
    here = f"3.{sys.version_info[1]}"
    if not modules(sys.executable):
        pytest.skip(f"the tests of Python {here} are not installed")
    command = [sys.executable, "tests/loopscope/cpython_tests.py", here, "--only", "test_timeouts"]
    done = subprocess.run(
        command, cwd=ROOT, env=cpython_tests._environment([]), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 differ" in done.stdout


def test_a_module_for_another_system_is_skipped(package: Path) -> None:
    (package / "some_tests/test_one.py").write_text(
        "import unittest\nraise unittest.SkipTest('Windows only')\n"
    )
    assert run(sys.executable, "some_tests.test_one", False, [str(package)]) == {
        "some_tests.test_one.*": "skipped"
    }


def test_a_module_that_could_not_be_run_at_first_is_given_another_chance(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    runs = [{"m": "the module timed out"}, {"m.a": "passed"}, {"m.a": "passed"}, {"m.a": "passed"}]
    monkeypatch.setattr(cpython_tests, "run", lambda *_: runs.pop(0))
    assert report("3.13", compare(sys.executable, ["m"], 1), 1.0) == 0
    assert (
        "1 tests in 1 modules (1 passed): 0 differ, 0 have no fixed outcome"
        in capsys.readouterr().out
    )
