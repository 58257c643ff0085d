"""What is written about asyncio's names."""

from __future__ import annotations

import asyncio
import re
import warnings

import pytest
from paths import ROOT
from sample_project import SampleProject

from sitebuild.content import api_names, api_uses, examples, pages
from sitebuild.content.files import ProjectError
from sitebuild.project import Project

NAMES = api_names.load(Project(ROOT))


def test_every_public_name_of_the_running_python_has_an_entry() -> None:
    public = {name for name in asyncio.__all__ if not name.startswith("_")} | {"TaskGroup"}
    assert public <= NAMES.by_id.keys(), "write what they do into docs/reference/api.toml"


def test_a_class_extends_what_it_says() -> None:
    for name in NAMES.by_id.values():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            classes = [getattr(asyncio, id, None) for id in (name.id, *name.extends)]
        if all(isinstance(one, type) for one in classes):
            assert all(issubclass(classes[0], base) for base in classes[1:]), name.id


def test_a_line_is_a_sentence_of_its_own() -> None:
    members = [member for name in NAMES.by_id.values() for member in name.members]
    for one in (*NAMES.by_id.values(), *members):
        assert re.fullmatch(r"[A-Z`].*\.", one.line, re.DOTALL), f"{one.id}: {one.line}"
        assert not re.search(r"\b(simply|just|obviously|always|never)\b", one.line), one.id


def test_a_lesson_that_teaches_a_name_names_it_or_shows_it_in_use(
    project: Project, every: dict[str, examples.Example]
) -> None:
    for name in NAMES.by_id.values():
        if name.lesson:
            page = pages.read(project, project.docs / name.lesson)
            shown = (every[call.name].source for call in page.calls)
            in_use = any(name.id in api_uses.find_uses(source, NAMES) for source in shown)
            text, short = page.path.read_text(encoding="utf-8"), name.id.rpartition(".")[2]
            assert in_use or re.search(rf"\b{short}\b", text), name.id


GOOD = '[tasks]\ntitle = "T"\nreference = "3/library/x"\n[tasks.names.Task]\nline = "L."\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tasks", "it is not TOML: "),
        ('[tasks]\ntitle = "T"\n', "[tasks] a group must have a title, a reference and names"),
        (GOOD.replace('line = "L."', ""), "[Task] it has no line that says what it does"),
        (GOOD + 'lines = "L."\n', "[Task] unknown lines; delete it"),
        (GOOD + 'lesson = "no.md"\n', "[Task] there is no page docs/no.md; correct the name"),
        (GOOD + 'extends = "Future"\n', "[Task] it extends Future, which has no entry"),
        ("<<<<<<< HEAD\n" + GOOD, "line 1 is a merge conflict"),
    ],
)
def test_a_wrong_entry_is_named(sample: SampleProject, text: str, message: str) -> None:
    (sample.root / "docs/reference").mkdir()
    (sample.root / "docs/reference/api.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        api_names.load(sample.project)
    assert f"docs/reference/api.toml: {message}" in str(refused.value)
