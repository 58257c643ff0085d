"""What `scopes` says of the tests, held against the tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT
from scopes import LONGEST, PAGES, SITE, scope_of

OF_THE_SITE = {"site", "on_the_real_clock", "traces"}
COLLECT = f"""
import sys
import pytest

class Names:
    def pytest_collection_finish(self, session):
        for item in session.items:
            if {OF_THE_SITE} & set(getattr(item, "fixturenames", ())):
                print("wants", item.nodeid)

pytest.main(["--collect-only", "-qq", *sys.argv[1:]], plugins=[Names()])
"""


def test_every_file_that_is_named_is_there() -> None:
    stems = {file.stem for file in (ROOT / "tests").rglob("test_*.py")}
    assert {f"test_{name}" for name in SITE} <= stems
    assert [file for file in {*LONGEST, *PAGES} - {"site"} if not (ROOT / file).is_file()] == []


def test_all_tests_that_want_the_built_site_share_a_process(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    names = [item.nodeid for item in items if OF_THE_SITE & {*getattr(item, "fixturenames", ())}]
    # Files that this run leaves out are looked at, too.
    here = {item.path for item in items} | {ROOT / page for page in PAGES}
    if others := [file for file in sorted((ROOT / "tests").rglob("test_*.py")) if file not in here]:
        done = subprocess.run(
            [sys.executable, "-c", COLLECT, *others], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        names += re.findall("^wants (.*)$", done.stdout, re.MULTILINE)
    wanting = {Path(name.partition("::")[0]).stem for name in names}
    assert {f"test_{name}" for name in SITE} <= wanting
    assert {scope_of(name) for name in names if name.partition("::")[0] not in PAGES} == {"site"}


def test_a_page_may_go_to_any_process() -> None:
    page = f"{next(iter(PAGES))}::test_a_page[x]"
    assert scope_of(page) == page
    assert scope_of("tests/a/test_b.py::test_c") == "tests/a/test_b.py"
