"""What the Pythons say about asyncio's names, and which names no example uses."""

from __future__ import annotations

import sys

import pytest
from paths import ROOT
from sample_project import SampleProject

from sitebuild.content import api_names, examples
from sitebuild.content.files import ProjectError
from sitebuild.project import NEWEST_MINOR, OLDEST_MINOR, Project
from sitebuild.records import api_facts
from sitebuild.records.api_facts import ApiFacts
from sitebuild.rendering import api_index

PROJECT = Project(ROOT)
NAMES = api_names.load(PROJECT)
FACTS = api_facts.load(PROJECT)
HERE = f"3.{sys.version_info.minor}"


def test_the_running_python_has_the_names_that_the_facts_say() -> None:
    known = {id for id, pythons in FACTS.pythons.items() if HERE in pythons}
    assert api_facts.ask(sys.executable, NAMES) == known, "run `make update`"


def test_each_name_is_known_of_and_no_other() -> None:
    assert tuple(FACTS.pythons) == NAMES.ids, "run `make update`"
    supported = {f"3.{minor}" for minor in range(OLDEST_MINOR, NEWEST_MINOR + 1)}
    assert {one for pythons in FACTS.pythons.values() for one in pythons} == supported


def test_the_names_that_no_example_uses_only_become_fewer() -> None:
    used = api_index.find_uses(examples.find(PROJECT), NAMES).keys()
    lost = [id for id in NAMES.ids if id not in used and id not in FACTS.unused]
    assert lost == [], "no example uses them any more; let one use them"
    assert FACTS.unused.isdisjoint(used), "examples use them now; run `make update`"


def test_attributes_of_instances_and_deprecated_names_are_found() -> None:
    found = api_facts.ask(sys.executable, NAMES)
    assert {"IncompleteReadError.partial", "subprocess.Process.pid", "Condition.acquire"} <= found
    assert {"DefaultEventLoopPolicy", "loop.call_soon", "Barrier.parties"} <= found
    assert "coroutine" not in found and "Queue.shutdown" in found or HERE < "3.13"


@pytest.fixture
def no_other_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_facts, "find_interpreter", lambda minor: None)


@pytest.mark.usefixtures("no_other_python")
def test_what_a_python_that_is_not_here_said_is_kept() -> None:
    before = ApiFacts({"run": ["3.10"], "Barrier": []})
    found = api_facts.find_out(before, NAMES, ())
    assert found.pythons["run"] == sorted({"3.10", HERE}, key=lambda one: int(one[2:]))
    assert found.pythons["Barrier"] == [HERE] and found.pythons["TaskGroup.cancel"] in ([], [HERE])


@pytest.mark.usefixtures("no_other_python")
def test_a_name_loses_its_mark_for_good() -> None:
    marked = ApiFacts(unused={"Barrier", "run"})
    assert api_facts.find_out(marked, NAMES, {"run"}).unused == {"Barrier"}
    assert api_facts.find_out(ApiFacts(), NAMES, ()).unused == set()


def test_facts_come_back_as_they_were_stored(sample: SampleProject) -> None:
    (sample.root / "docs/reference").mkdir()
    assert api_facts.store(sample.project, FACTS)
    assert api_facts.load(sample.project) == FACTS
    assert not api_facts.store(sample.project, FACTS)


def test_of_two_lines_that_a_merge_kept_the_last_counts(sample: SampleProject) -> None:
    file = sample.root / "docs/reference/api-facts.txt"
    file.parent.mkdir()
    file.write_text("run 3.10 unused\nrun 3.10 3.11\n", encoding="utf-8")
    assert api_facts.load(sample.project) == ApiFacts({"run": ["3.10", "3.11"]})


def test_a_line_that_is_no_fact_is_named(sample: SampleProject) -> None:
    file = sample.root / "docs/reference/api-facts.txt"
    file.parent.mkdir()
    file.write_text("run 3.10\nrun: 3.11\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"api-facts\.txt: line 2 is not `name pythons`"):
        api_facts.load(sample.project)
