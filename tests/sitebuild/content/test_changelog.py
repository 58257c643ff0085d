"""The changes from which the feed is made."""

from __future__ import annotations

from datetime import date

import pytest
from sample_project import SampleProject

from sitebuild.content import changelog
from sitebuild.content.changelog import Change
from sitebuild.content.files import ProjectError
from sitebuild.project import Project


def test_changes_are_read_with_the_latest_first(sample: SampleProject) -> None:
    assert changelog.load(sample.project) == []
    (sample.root / "changes.txt").write_text(
        "# A comment.\n\n2026-11-30 / The home page says more.\n"
        "2026-12-01 /tasks/states/ Is there a picture now? Yes!\n",
        encoding="utf-8",
    )
    assert changelog.load(sample.project) == [
        Change(date(2026, 12, 1), "tasks/states/", "Is there a picture now? Yes!"),
        Change(date(2026, 11, 30), "", "The home page says more."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "2026-12-01 tasks/ No slash.",
            "2026-12-01 /tasks No slash.",
            "2026-12-01 /tasks/ no dot",
        ),
        *(
            "2026-02-30 / No such day.",
            "1.12.2026 / Another form.",
            "Words.",
            "2026-12-01 / a\u200bb.",
        ),
    ],
)
def test_a_line_that_is_no_change_is_named(line: str, sample: SampleProject) -> None:
    (sample.root / "changes.txt").write_text(f"2026-12-01 / Good.\n{line}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"^changes.txt: line 2 must be a date, the address of"):
        changelog.load(sample.project)


def test_a_page_has_one_change_a_day_however_often_git_merges_it(sample: SampleProject) -> None:
    file = sample.root / "changes.txt"
    file.write_text("2026-12-01 / It is new.\n" * 2, encoding="utf-8")
    assert len(changelog.load(sample.project)) == 1
    file.write_text("2026-12-01 / It is new.\n2026-12-01 / It is old.\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"line 2 is another change of / on 2026-12-01; write"):
        changelog.load(sample.project)


def test_wrong_changes_are_refused_before_anything_runs(sample: SampleProject) -> None:
    (sample.root / "changes.txt").write_text("Something.\n", encoding="utf-8")
    assert "changes.txt: line 1 must be a date" in sample.refused("build")


def test_the_course_s_own_changes_can_be_read(project: Project) -> None:
    assert changelog.load(project)
