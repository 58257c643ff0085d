"""`make mutants` draws bugs, puts them in one at a time, and says which of them no test caught."""

from __future__ import annotations

import subprocess
from pathlib import Path

import mutant_tests
import mutants
import pytest
from mutant_tests import FIRST, SOURCES, rounds_of_tests
from mutants import annotation_ranges, execute, prepare, report

TESTED = """
def total(prices: list[int], postage: int | None = None) -> int | None:
    return sum(prices) + (postage or 3)
"""
UNTESTED = """
def double(number: int) -> int:
    return number * 2
"""
TESTS = """
import pytest
from loopscope.prices import total

def test_total():
    assert total([1, 2]) == 6 and total([1, 2], 5) == 8

@pytest.mark.browser
def test_in_a_browser():
    assert False
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of two modules; the tests know one of them."""
    root = tmp_path / "project"
    files = {
        "loopscope/prices.py": TESTED,
        "sitebuild/twice.py": UNTESTED,
        "tests/loopscope/test_prices.py": TESTS,
    }
    files["pyproject.toml"] = '[tool.pytest.ini_options]\nmarkers = ["browser"]\n'
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for command in ("init -q", "add .", "-c user.name=n -c user.email=e commit -qm first"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    monkeypatch.setattr(mutants, "ROOT", root)
    # Two tests are not worth processes of their own. With these pytest runs them in its own.
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "0")
    return root


def test_mutants_that_no_test_caught_are_named_with_their_place_and_diff(
    small: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = small / ".cache/mutants"
    prepare(folder, 4, 1)
    execute(folder)
    assert "4 of 4: " in capsys.readouterr().out
    assert report(folder, least=85) == 1
    assert report(folder, least=20) == 0
    printed = capsys.readouterr().out
    assert "NOT CAUGHT: sitebuild/twice.py:3 in double (" in printed
    assert "    -    return number * 2\n    +    return number" in printed
    # all of these were caught, and those of the types were left out
    assert "loopscope/prices.py" not in printed
    for module, text in (("loopscope/prices.py", TESTED), ("sitebuild/twice.py", UNTESTED)):
        assert (folder / "tree" / module).read_text() == (small / module).read_text() == text
    # What has been tried is not tried again; a mutant that was left behind by an interrupted run is
    # taken out.
    (folder / "tree/sitebuild/twice.py").write_text("a mutant that was left behind")
    prepare(folder, 4, 1)
    execute(folder)
    assert (folder / "tree/sitebuild/twice.py").read_text() == UNTESTED
    assert capsys.readouterr().out == ""


def test_tests_that_fail_without_a_mutant_are_said_to(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "1")  # through pytest-xdist, as ever
    (small / "tests/loopscope/test_prices.py").write_text("def test():\n    assert False\n")
    subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e", "commit", "-qam", "second"],
        cwd=small,
        check=True,
    )
    with pytest.raises(SystemExit, match="the tests do not pass in .*, without a mutant"):
        prepare(small / ".cache/mutants", 2, 1)


def test_tests_that_hang_are_ended_and_told_apart(
    small: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    (small / "tests/loopscope/test_prices.py").write_text(
        "import time\n\ndef test():\n    time.sleep(60)\n"
    )
    monkeypatch.setattr(mutant_tests, "ALL_TESTS_LIMIT", 3)
    assert mutant_tests.run(small) == 124
    assert mutant_tests.TOO_LONG in capfd.readouterr().out


def test_a_test_that_fails_only_once_has_caught_nothing(small: Path) -> None:
    flaky = "from pathlib import Path\n\ndef test():\n    once = Path(__file__ + '.once')\n    assert once.exists() or once.touch()\n"
    (small / "tests/loopscope/test_prices.py").write_text(flaky)
    assert mutant_tests.run(small) == 0
    (small / "tests/loopscope/test_prices.py").write_text("def test():\n    assert False\n")
    assert mutant_tests.run(small) not in mutant_tests.PASSED


def test_only_what_is_committed_is_tried(small: Path) -> None:
    (small / "sitebuild/twice.py").write_text("")
    with pytest.raises(SystemExit, match="(?s)commit or put aside first:.*sitebuild/twice.py"):
        mutants.main([])


def test_the_tests_that_know_most_of_a_module_come_first() -> None:
    rounds = rounds_of_tests("loopscope/recording/virtual_clock/clock.py", mutants.ROOT / "tests")
    assert rounds[0] == ["loopscope/recording/virtual_clock/test_clock.py"]
    assert rounds[1] == ["loopscope/recording/virtual_clock/test_waiting.py"]
    assert "loopscope/recording/test_recorder.py" in rounds[2]
    assert "loopscope/views/test_timeline.py" in rounds[3]
    every = sorted(
        file.relative_to(mutants.ROOT / "tests").as_posix()
        for file in (mutants.ROOT / "tests/loopscope").rglob("test_*.py")
    )
    assert sorted(file for files in rounds for file in files) == every
    assert rounds_of_tests("sitebuild/content/pages.py", mutants.ROOT / "tests")[0] == [
        "sitebuild/content/test_pages.py"
    ]


def test_the_map_of_tests_names_what_is_there() -> None:
    for module, files in FIRST.items():
        assert module.startswith(SOURCES) and (mutants.ROOT / module).is_file(), module
        for file in files:
            assert (mutants.ROOT / "tests" / file).is_file(), file


def test_types_are_no_place_for_mutants() -> None:
    source = "def f(a: int | None, *b: str) -> int | None:\n    c: int | None = 1 | 2\n    return c"
    assert [start for start, _ in annotation_ranges(source)] == [(1, 33), (2, 7), (1, 9), (1, 25)]
