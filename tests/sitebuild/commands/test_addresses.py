"""Addresses are for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitebuild.commands import addresses
from sitebuild.content.files import ProjectError
from sitebuild.project import Project


def test_every_address_ever_published_leads_somewhere_and_every_new_one_is_listed(
    project: Project, site: Path
) -> None:
    assert addresses.check(project, site) == []


@pytest.fixture
def small(tmp_path: Path) -> tuple[Project, Path]:
    site = tmp_path / "site"
    (site / "tasks").mkdir(parents=True)
    (site / "tasks/index.html").write_text(
        '<h1>T</h1><h2 id="keep">K</h2><p id="not-a-heading">', encoding="utf-8"
    )
    (tmp_path / "addresses.txt").write_text("/tasks/\n/tasks/#keep\n", encoding="utf-8")
    return Project(tmp_path), site


def test_an_anchor_that_is_gone_is_named(small: tuple[Project, Path]) -> None:
    project, site = small
    assert addresses.check(project, site) == []
    # A section that moved may leave a line in its place.
    (site / "tasks/index.html").write_text('<h1>T</h1><li id="keep">K</li>', encoding="utf-8")
    assert addresses.check(project, site) == []
    (site / "tasks/index.html").write_text("<h1>T</h1>", encoding="utf-8")
    assert "/tasks/#keep was published and leads nowhere now" in str(
        addresses.check(project, site)[0]
    )


def test_a_new_address_must_be_listed_and_update_lists_it_and_takes_nothing_out(
    small: tuple[Project, Path],
) -> None:
    project, site = small
    (site / "examples/tasks").mkdir(parents=True)
    (site / "examples/tasks/one.py").touch()
    (site / "tasks/index.html").write_text("<h1>T</h1>", encoding="utf-8")
    assert any(
        "1 new addresses are not listed (/examples/tasks/one.py …); run `make update`"
        in str(problem)
        for problem in addresses.check(project, site)
    )
    assert addresses.add_new(project, site) == 1
    assert addresses.listed(project) == ["/examples/tasks/one.py", "/tasks/", "/tasks/#keep"]


def test_pages_anchors_and_downloads_are_addresses_and_redirects_and_records_are_not(
    small: tuple[Project, Path],
) -> None:
    _, site = small
    for name in (
        "examples/tasks/one.py",
        "examples/tasks/two.sh",
        "examples/tasks/one.json",
        "examples.zip",
        "assets/x.py",
        "sitemap.xml",
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).touch()
    (site / "moved").mkdir()
    (site / "moved/index.html").write_text(
        '<meta http-equiv=refresh content="0; url=/tasks/"><h2 id="x">', encoding="utf-8"
    )
    (site / "tasks/index.html").write_text(
        '<!-- <h2 id="no"> --><H3 CLASS=a ID = "keep"><h1 id="h1"><h7 id="h7"><h2 id=""><h2>',
        encoding="utf-8",
    )
    assert addresses.published(site) == [
        "/examples/tasks/one.py",
        "/examples/tasks/two.sh",
        "/examples.zip",
        "/tasks/",
        "/tasks/#keep",
    ]


def test_a_page_that_moved_leaves_a_redirect_and_its_old_anchors_still_count(
    small: tuple[Project, Path],
) -> None:
    project, site = small
    (site / "tasks").rename(site / "jobs")
    assert len(addresses.check(project, site)) == 3
    (project.root / "redirects.txt").write_text("# moved\n/tasks/ /jobs/\n", encoding="utf-8")
    addresses.leave_redirects(project, site)
    addresses.add_new(project, site)
    assert addresses.check(project, site) == []
    assert 'location.replace("/jobs/" + location.hash)' in (site / "tasks/index.html").read_text(
        encoding="utf-8"
    )


def test_a_line_that_is_no_redirect_is_refused(small: tuple[Project, Path]) -> None:
    project, site = small
    (project.root / "redirects.txt").write_text("/tasks/ jobs\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="redirects.txt: line 1 must be two addresses of pages"):
        addresses.redirects(project)
