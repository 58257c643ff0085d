"""What is kept of examples: found again as long as it is true, and of no use once anything changed
that it was made of.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, PAGE, SampleProject

import loopscope
from sitebuild.commands import build
from sitebuild.records import cache
from sitebuild.rendering import example_pages, render_cache
from sitebuild.rendering.maker import Maker
from sitebuild.rendering.render_cache import RenderCache

OTHER = GOOD.replace("A greeting", "A second greeting")


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    """Three examples, of which two pages show the second, once compared with the first."""
    sample.example("before", OTHER, "hello\n")
    sample.example("after", OTHER.replace("(1)", "(3)"), "hello\n")
    since = PAGE.replace('{name}"', 'good", since="chapter/after"').split("\n\n", 1)[1]
    sample.page("index", "good", "after", "before", text=since)
    sample.page("second", "good")
    sample.verified("good", "3.12.1")
    return sample


def made(course: SampleProject) -> tuple[Maker, set[str]]:
    """Make everything, and say what was asked for that is made of `good`."""
    maker = build.ready(course.project)
    example, asked = maker.every["chapter/good"], set()
    real = maker.cache.get

    def get(kind: str, made_of: list, *more: Callable) -> object:
        if made_of[0] == maker.made_of(example):
            asked.add(f"{kind} {render_cache.digest(made_of)}")
        return real(kind, made_of, *more)

    maker.cache.get = get
    example_pages.prepare(maker)
    for page in maker.pages:
        maker.panels(page)
    return maker, asked


def change_record(course: SampleProject) -> None:
    """As a run that took another time leaves it."""
    example = build.ready(course.project).every["chapter/good"]
    header, trace = cache.load_header(example, course.project), cache.load(example, course.project)
    assert header is not None and trace is not None
    cache.store(example, replace(trace, duration=1.5), header.key, True, course.project)


def change_page_title(course: SampleProject) -> None:
    page = course.root / "docs/second.md"
    page.write_text(f'---\ntitle: "Another"\n---\n{page.read_text()}')


CHANGES = {
    "its source": (lambda course: course.example("good", GOOD.replace("(1)", "(2)"), None), {"check", "panel", "page"}),
    "its output": (lambda course: course.example("good", GOOD, "hello!\n"), {"check", "page"}),  # and there is no panel
    "what another Python prints": (lambda course: course.example("good.3.14", "hi\n", None, ".out"), {"check", "panel", "page"}),
    "its record": (change_record, {"check", "panel", "page"}),
    "the title of the example before": (lambda course: course.example("before", GOOD, None), {"page"}),
    "an example that comes between": (lambda course: course.example("fine", GOOD, "hello\n"), {"page"}),
    "the title of a page that shows it": (change_page_title, {"page"}),
    "a page that shows it": (lambda course: course.page("third", "good"), {"page"}),
    "a page that no longer shows it": (lambda course: course.page("second", "after"), {"page"}),
    "the Pythons that ran it": (lambda course: course.verified("good", "3.13.0"), {"page"}),
    "the example that it is compared with": (lambda course: course.example("after", OTHER.replace("(1)", "(4)"), None), {"panel"}),
    "what of it a page shows": (
        lambda course: course.page("second", text=course.page("second", "good") or (course.root / "docs/second.md").read_text().replace('good")', 'good", light="hello")')),
        {"panel"},
    ),
}  # fmt: skip
"""Each with the kinds of things that must be made anew."""


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_made_anew(course: SampleProject, change: str) -> None:
    _, before = made(course)
    assert {one.partition(" ")[0] for one in before} == {"check", "panel", "page"}
    assert made(course)[1] == before
    make, kinds = CHANGES[change]
    make(course)
    _, after = made(course)
    assert kinds <= {one.partition(" ")[0] for one in after - before}
    assert "page" in kinds or not any(one.startswith("page") for one in after - before)


def test_nothing_that_is_kept_is_made_again(
    course: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, _ = made(course)
    first = [maker.panels(page) for page in maker.pages], example_pages.prepare(maker)
    monkeypatch.setattr(Maker, "run", lambda *_: pytest.fail("a run was asked for"))
    maker, _ = made(course)
    assert first == ([maker.panels(page) for page in maker.pages], example_pages.prepare(maker))


@pytest.mark.parametrize("library", ["jinja2", "markupsafe", "pygments", "selectolax"])
def test_another_version_of_a_library_makes_all_anew(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers, real = render_cache.makers.__wrapped__, importlib.metadata.version
    before = makers()
    assert makers() == before
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "99" if name == library else real(name)
    )
    assert makers() != before


@pytest.mark.parametrize("name", ["site_address", "sources"])
def test_another_address_or_code_makes_all_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = render_cache.makers.__wrapped__()
    monkeypatch.setattr(render_cache, name, lambda: "http://elsewhere/")
    assert render_cache.makers.__wrapped__() != before
    monkeypatch.setattr(render_cache.platform, "python_version", lambda: "3.99.0")
    assert len({*render_cache.makers.__wrapped__()} - {*before}) == 2


@pytest.mark.parametrize(
    "file",
    [
        "sitebuild/rendering/panel.py",
        "sitebuild/rendering/templates/panel.html.jinja",
        "loopscope/views/timeline.py",
        "loopscope/views/tokens.css",
    ],
)
def test_all_our_files_are_code(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("sitebuild", "loopscope"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    before = render_cache.sources()
    monkeypatch.setattr(
        render_cache, "__file__", str(tmp_path / "sitebuild/rendering/render_cache.py")
    )
    monkeypatch.setattr(loopscope, "__file__", str(tmp_path / "loopscope/__init__.py"))
    assert render_cache.sources() == before
    with (tmp_path / file).open("a") as code:
        code.write("\n")
    assert render_cache.sources() != before


def test_what_is_damaged_is_made_again(sample: SampleProject) -> None:
    def get() -> object:
        return RenderCache(sample.project).get("kind", "of this", lambda: ["made"], lambda: True)

    assert get() == ["made"]
    (file,) = (sample.project.cache / "made").rglob("*.json")
    for damaged in ("", '["ma', "\xff"):
        file.write_text(damaged, encoding="latin-1")
        assert get() == ["made"] and json.loads(file.read_text()) == ["made"]


def test_what_was_saved_while_it_was_made_is_not_kept(course: SampleProject) -> None:
    maker = build.ready(course.project)
    example = maker.every["chapter/good"]

    def make() -> str:
        course.example("good", GOOD, "something else\n")
        return "of something else"

    assert maker.make("kind", example, None, make) == "of something else"
    assert not list((course.project.cache / "made").rglob("kind-*"))
    course.example("good", GOOD, "hello\n")
    assert maker.make("kind", example, None, lambda: "of what it is") == "of what it is"


def test_what_no_build_asks_for_any_more_is_removed(course: SampleProject) -> None:
    def names() -> set[str]:
        return {path.name for path in (course.project.cache / "made").rglob("*.json")}

    assert build.build(course.project) == []
    before = names()
    course.example("good", GOOD.replace("(1)", "(2)"), None)
    assert build.build(course.project) == []
    gone = before - names()
    assert gone and len(names()) == len(before)
    course.example("good", GOOD.replace("hello", "bye"), None)
    now = names()
    assert build.build(course.project) != []  # nor is anything where a build fails
    assert names() >= now


def test_of_other_makers_only_the_last_are_kept(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sample.project.cache / "made"
    for number in range(6):
        monkeypatch.setattr(render_cache, "makers", lambda number=number: [str(number)])
        used = RenderCache(sample.project)
        used.get("kind", "of this", lambda number=number: number, lambda: True)
        used.prune()
        for path in folder.iterdir():  # as time goes by
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
    held = [json.loads(path.read_text()) for path in folder.rglob("*.json")]
    assert sorted(held) == [2, 3, 4, 5]


def test_a_call_that_cannot_be_shown_is_said_with_file_and_line(sample: SampleProject) -> None:
    text = (
        '```python exec="on" html="on"\nfrom sitebuild import show\n\n'
        'print(show("chapter/good", light="nothing"))\nprint(show("chapter/good", part="none"))\n```\n'
    )
    sample.page("index", "good", text=text)
    problems = [str(problem) for problem in build.build(sample.project)]
    where = "docs/index.md: line"
    assert problems == [
        f"{where} 12: examples/chapter/good.py: no line of what is shown has 'nothing' to light up",
        f"{where} 13: examples/chapter/good.py: no statement in it begins with a line that contains 'none'; quote part of a statement's first line",
    ]
