"""Which state of the project is built, and that the time of the build has no part in it."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest
from sample_project import SampleProject

from sitebuild.content import revision
from sitebuild.content.revision import Revision

DAY = "2026-11-21T23:30:00+00:00"


def commit(sample: SampleProject) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    date = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY, "PATH": "/usr/bin:/bin"}
    for command in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *command], cwd=sample.root, check=True, env=date)
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=sample.root, check=True, capture_output=True, text=True
    )
    return found.stdout.strip()


def test_a_checkout_is_of_its_commit_and_day(sample: SampleProject) -> None:
    assert revision.read(sample.project) is None
    name = commit(sample)
    assert revision.read(sample.project) == Revision(date(2026, 11, 21), name)


def test_sources_without_history_can_have_a_day(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert revision.read(sample.project) == Revision(date(1970, 1, 1), None)
    name = commit(sample)
    assert revision.read(sample.project) == Revision(date(1970, 1, 1), name)


def test_history_that_git_cannot_read_is_none(sample: SampleProject) -> None:
    (sample.root / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    assert revision.read(sample.project) is None
