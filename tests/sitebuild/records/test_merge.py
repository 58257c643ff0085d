"""Two pull requests at once: git merges what is generated, and what it makes of two branches is
read rightly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject

from sitebuild.commands import addresses
from sitebuild.content import examples
from sitebuild.content.files import conflict_line
from sitebuild.project import Project
from sitebuild.records import verified


class Repository(SampleProject):
    """A sample under git, with what `make update` would write for each example."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        shutil.copy(ROOT / ".gitattributes", root)
        (root / ".gitignore").write_text("/site/\n", encoding="utf-8")
        self.git("init", "-q", "-b", "main")
        for name in ("alpha", "omega"):
            self.add(name)
        self.record("good")
        self.commit()

    def git(self, *arguments: str) -> str:
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
        ran = subprocess.run(
            ["git", *who, *arguments],
            cwd=self.root,
            env=os.environ | alone,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "a change")

    def add(self, name: str, source: str = GOOD) -> None:
        self.example(name, source, "hello\n")
        self.record(name)

    def record(self, name: str, *pythons: str) -> None:
        """What `make update` writes of an example: the facts, and its addresses."""
        for python in pythons or ("3.11.7", "3.13.0"):
            self.verified(name, python)
        addresses.add_new(self.project, self.site())

    def site(self) -> Path:
        """As much of a built site as has addresses."""
        site = self.root / "site"
        shutil.rmtree(site, ignore_errors=True)
        for name in examples.find(self.project):
            (site / "examples" / name).mkdir(parents=True)
            (site / "examples" / name / "index.html").write_text(
                '<h2 id="embed">E</h2>', encoding="utf-8"
            )
            shutil.copy(self.root / f"examples/{name}.py", (site / "examples" / name).parent)
        return site

    def wrong(self) -> list[str]:
        """What the checks say."""
        held = verified.load(self.project)
        stale = [
            name
            for name, example in examples.find(self.project).items()
            if not verified.pythons(example, held)
        ]
        return stale + [str(problem) for problem in addresses.check(self.project, self.site())]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_two_branches_that_each_add_an_example_merge_and_the_checks_pass(
    repository: Repository,
) -> None:
    # Neighbours in every list, between two that were there and after the last one.
    for branch, names in (("one", ("beta_1", "zeta_1")), ("two", ("beta_2", "zeta_2"))):
        repository.git("checkout", "-q", "-b", branch, "main")
        for name in names:
            repository.add(name)
        repository.commit()
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "one")
    repository.git("merge", "-q", "two", "-m", "both")
    assert repository.git("status", "--porcelain") == ""
    assert {
        f"chapter/{name}" for name in ("beta_1", "beta_2", "zeta_1", "zeta_2")
    } <= verified.load(repository.project).keys()
    for name in ("addresses.txt", "examples/verified.txt"):
        assert conflict_line((repository.root / name).read_text(encoding="utf-8")) is None
    assert repository.wrong() == []


def test_two_branches_that_record_the_same_example_anew_merge_and_the_true_facts_count(
    repository: Repository,
) -> None:
    other = GOOD.replace("hello", "bye")
    repository.git("checkout", "-q", "-b", "one")
    repository.example("good", other, "bye\n")
    repository.record("good", "3.11.7", "3.13.0")
    repository.commit()
    repository.git("checkout", "-q", "-b", "two", "main")
    repository.record("good", "3.11.9", "3.15.2")  # of the program as it was
    repository.add("golf")
    repository.commit()
    repository.git("merge", "-q", "one", "-m", "both")
    assert repository.wrong() == []
    text = (repository.root / "examples/verified.txt").read_text(encoding="utf-8")
    assert text.count("chapter/good ") > 2  # those of both sides
    good = examples.find(repository.project)["chapter/good"]
    assert verified.pythons(good, verified.load(repository.project)) == ["3.11.7", "3.13.0"]
    # And the next update leaves what is true, once and in order.
    every = examples.find(repository.project)
    assert verified.store(repository.project, verified.load(repository.project), every)
    lines = (repository.root / "examples/verified.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "chapter/good " in line] == [
        f"chapter/good {python} {verified.digest(good, python)}" for python in ("3.11.7", "3.13.0")
    ]
    assert lines == sorted(set(lines)) and len(lines) == 2 * len(every)
    assert not verified.store(repository.project, verified.load(repository.project), every)


def test_an_update_writes_each_address_once_and_in_order(repository: Repository) -> None:
    file = repository.root / "addresses.txt"
    once = file.read_text(encoding="utf-8")
    file.write_text("".join(reversed(once.splitlines(keepends=True))) + once, encoding="utf-8")
    assert repository.wrong() == []
    assert addresses.add_new(repository.project, repository.site()) == 0
    assert file.read_text(encoding="utf-8") == once


def test_of_two_releases_of_a_python_the_newest_is_named_and_a_fact_of_either_side_counts(
    repository: Repository,
) -> None:
    good = examples.find(repository.project)["chapter/good"]
    true, false = verified.digest(good, "3.11.7"), "0" * 12
    file = repository.root / "examples/verified.txt"
    facts = [
        f"3.10.1 {false}",
        f"3.13.0 {false}",
        f"3.13.0 {true}",
        f"3.11.10 {true}",
        f"3.11.9 {true}",
        f"3.13.0 {true}",
    ]
    file.write_text("".join(f"chapter/good {fact}\n" for fact in facts), encoding="utf-8")
    assert verified.pythons(good, verified.load(repository.project)) == ["3.11.10", "3.13.0"]


def test_every_generated_file_of_facts_is_merged_by_lines() -> None:
    files = [
        "addresses.txt",
        "redirects.txt",
        "examples/verified.txt",
        "docs/articles/index.md",
        "docs/articles/s2.md",
        "docs/reference/api-facts.txt",
        "docs/reference/api.md",
    ]
    ran = subprocess.run(
        ["git", "check-attr", "merge", *files], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stdout.splitlines() == [f"{file}: merge: union" for file in files]
    assert (ROOT / "addresses.txt").read_text(encoding="utf-8").splitlines() == addresses.listed(
        Project(ROOT)
    )
