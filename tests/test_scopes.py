"""What `scopes` says of the tests, held against the tests."""

from __future__ import annotations

import pytest
from here import ROOT
from scopes import LONGEST, PAGES, SITE, scope_of

OF_THE_SITE = {"site", "on_the_real_clock", "traces"}


def test_every_file_that_is_named_is_there() -> None:
    stems = {file.stem for file in (ROOT / "tests").rglob("test_*.py")}
    assert {f"test_{name}" for name in SITE} <= stems
    assert [file for file in {*LONGEST, *PAGES} - {"site"} if not (ROOT / file).is_file()] == []


def test_all_tests_that_want_the_built_site_share_a_process(request: pytest.FixtureRequest) -> None:
    names = [
        item.nodeid
        for item in request.session.items
        if OF_THE_SITE & set(getattr(item, "fixturenames", ()))
    ]
    assert {scope_of(name) for name in names if name.partition("::")[0] not in PAGES} <= {"site"}


def test_a_page_may_go_to_any_process() -> None:
    page = f"{next(iter(PAGES))}::test_a_page[x]"
    assert scope_of(page) == page
    assert scope_of("tests/a/test_b.py::test_c") == "tests/a/test_b.py"
