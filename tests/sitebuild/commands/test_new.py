"""`make new`: files that can be run and looked at, and what is left to write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from paths import ROOT
from sample_project import GOOD, SampleProject

from sitebuild.commands import new as command
from sitebuild.commands.new import MARK, new
from sitebuild.content import examples, pages
from sitebuild.content.files import ProjectError

NAV = """
nav:
  - Home: index.md
  - Chapter:
      - "First": chapter/first.md
      - chapter/last.md
  - Other:
      - "Next: one": other/next.md
"""


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    """A sample with pages in a navigation."""
    with (sample.root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(NAV)
    for name in ("chapter/first", "chapter/last", "other/next"):
        (sample.root / f"docs/{name}.md").parent.mkdir(exist_ok=True)
        sample.page(name, "good")
    return sample


def test_a_new_example_runs_as_it_is(course: SampleProject) -> None:
    said = new(course.project, "example", "chapter/my_example")
    assert said.splitlines()[0] == "examples/chapter/my_example.py: laid out. What is left:"
    assert "`make update ARGS=chapter/my_example`" in said
    assert examples.find(course.project)["chapter/my_example"].title
    ran = course.run("update", "chapter/my_example")
    assert ran.returncode == 0 and "examples/chapter/my_example.out: recorded" in ran.stdout


def test_a_new_example_has_nothing_that_the_checks_refuse(tmp_path: Path) -> None:
    sample = SampleProject(tmp_path)
    new(sample.project, "example", "chapter/my_example")
    file = str(sample.root / "examples/chapter/my_example.py")
    for check in (
        ["ruff", "check", "--isolated", "--select=E,F,I,UP,B,W", "--line-length=80"],
        ["mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"],
    ):
        ran = subprocess.run([sys.executable, "-m", *check, file], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout


def test_a_new_page_shows_what_no_page_shows_and_can_be_built(course: SampleProject) -> None:
    course.example("not_shown", GOOD, "hello\n")
    said = new(course.project, "page", "chapter/my-page")
    assert "docs/chapter/my-page.md: laid out, showing chapter/not_shown." in said
    (page,) = (page for page in pages.find(course.project) if page.address == "chapter/my-page/")
    assert {call.name for call in page.calls} == {"chapter/not_shown"}
    ran = course.run("build")
    assert ran.returncode == 0, ran.stderr
    built = course.read("chapter/my-page/index.html")
    assert built.count('class="run" data-example="chapter/not_shown"') == 2
    assert 'href="../../other/next/"' in built


def test_a_new_page_gets_an_example_where_all_are_shown(course: SampleProject) -> None:
    said = new(course.project, "page", "chapter/my-page")
    assert said.splitlines()[0] == "examples/chapter/my_page.py: laid out"
    assert "`make update ARGS=chapter/my_page`" in said
    assert [call.name for call in pages.find(course.project)[1].calls] == ["chapter/good"]
    assert 'show("chapter/my_page", output=False)' in (
        course.root / "docs/chapter/my-page.md"
    ).read_text(encoding="utf-8")


def test_a_new_page_is_the_last_of_its_chapter_and_the_page_before_it_is_named(
    course: SampleProject,
) -> None:
    said = new(course.project, "page", "chapter/my-page")
    settings = (course.root / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    navigation = yaml.safe_load(settings)
    assert [list(entry)[0] for entry in navigation] == ["Home", "Chapter", "Other"]
    assert navigation[1]["Chapter"][1:] == [
        "chapter/last.md",
        {"WRITE a short title": "chapter/my-page.md"},
    ]
    text = (course.root / "docs/chapter/my-page.md").read_text(encoding="utf-8")
    assert text.splitlines()[-1] == "Next: [WRITE its title](../other/next.md)."
    assert "it is in `nav` now, after chapter/last.md;" in said
    assert "docs/chapter/last.md: its last line" in said and "`Next: [title](my-page.md).`" in said


def test_a_page_of_a_new_chapter_is_not_put_anywhere_and_may_be_a_typo(
    course: SampleProject,
) -> None:
    before = (course.root / "mkdocs.yml").read_text(encoding="utf-8")
    said = new(course.project, "page", "chapte/my-page")
    assert (
        said.splitlines()[0]
        == "docs/chapte/ is a new chapter; those so far: assets, chapter, other"
    )
    assert 'add a line like `- "Title": chapte/my-page.md`' in said
    assert (course.root / "mkdocs.yml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("kind", "name", "advice"),
    [
        ("example", "tasks/my-example", "type `make new example tasks/my_example`"),
        ("example", "examples/tasks/my_example.py", "type `make new example tasks/my_example`"),
        ("example", "Tasks/My Example", "type `make new example tasks/my_example`"),
        ("page", "tasks/my_page", "type `make new page tasks/my-page`"),
        ("page", "docs/tasks/my-page.md", "type `make new page tasks/my-page`"),
        ("page", "my-page", "name a chapter and a file, like tasks/my-page"),
        ("page", "../../etc/passwd", "name a chapter and a file, like tasks/my-page"),
        ("example", "tasks/a/b", "name a chapter and a file, like tasks/my_example"),
        ("example", "__pycache__/a", "name a chapter and a file, like tasks/my_example"),
        ("example", "tasks/x\x1b[2J", "type `make new example tasks/x__2j`"),
        ("page", "", "name a chapter and a file, like tasks/my-page"),
    ],
)
def test_a_bad_name_is_refused_with_what_to_type(
    course: SampleProject, kind: str, name: str, advice: str
) -> None:
    with pytest.raises(ProjectError) as raised:
        new(course.project, kind, name)
    assert str(raised.value).endswith(advice) and str(raised.value).isprintable()


def test_nothing_that_exists_is_written_over(course: SampleProject) -> None:
    course.example("session", "# T\necho\n", "\n", ".sh")
    before = {file: file.read_bytes() for file in course.root.rglob("*.*") if file.is_file()}
    for kind, name, file in (
        ("example", "chapter/good", "examples/chapter/good.py"),
        ("example", "chapter/session", "examples/chapter/session.sh"),
        ("page", "chapter/first", "docs/chapter/first.md"),
    ):
        with pytest.raises(ProjectError) as raised:
            new(course.project, kind, name)
        assert str(raised.value) == (f"{file}: this file exists; edit it, or choose another name")
    assert {
        file: file.read_bytes() for file in course.root.rglob("*.*") if file.is_file()
    } == before


def test_what_is_left_to_write_is_found() -> None:
    assert len(MARK.findall(command._PAGE)) >= 10 and MARK.search(command._PROGRAM)


def test_make_takes_the_words_after_new_as_its_arguments() -> None:
    for words in (["example", "tasks/my_example"], ["page", "tasks/my-page"]):
        ran = subprocess.run(
            ["make", "--dry-run", "new", *words], cwd=ROOT, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        assert re.search(rf"-m sitebuild new {' '.join(words)}$", ran.stdout, re.MULTILINE)
        assert "-m sitebuild build" not in ran.stdout and "warning" not in ran.stderr
