"""The line below the heading of a lesson."""

from __future__ import annotations

import re

import pytest
from sample_project import SampleProject

from sitebuild.commands import build
from sitebuild.rendering.lesson import insert_line

BLOCK = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/good"))\n```\n'
PAGES = {
    "tasks/one": ("path: 1\naudience: anybody & co\nbefore: []", "Words. " * 590 + f"\n\n{BLOCK}"),
    "tasks/two": ("path: 2\nbefore: [tasks/one.md, index.md]", f"Words.\n\n{BLOCK}"),
    "tasks/three": ("audience: you\nbefore: [tasks/one.md]", "Words. " * 1000),
    "terms": ("kind: reference\nbefore: [tasks/one.md]", "Words. " * 1000),
}


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    (sample.root / "docs/tasks").mkdir()
    for name, (front, text) in PAGES.items():
        title = name.rpartition("/")[2].title()
        (sample.root / f"docs/{name}.md").write_text(
            f"---\ntitle: {title} & more\n{front}\n---\n\n# A heading\n\n{text}\n".replace(
                "&", "and"
            ),
            encoding="utf-8",
        )
    return sample


def line_of(course: SampleProject, page: str) -> str:
    """The line below a page's heading."""
    found = re.findall(
        r'(?s)</h1><p class="lesson-facts">(.*?)</p>', course.read(f"{page}/index.html")
    )
    return found[0] if found else ""


def test_a_lesson_says_how_long_it_takes_for_whom_it_is_and_what_to_know_first(
    course: SampleProject,
) -> None:
    assert build.build(course.project) == []
    one = '<a href="/tasks/one/">One and more</a>'
    # 592 words, and 8 lines of code and output
    assert line_of(course, "tasks/one") == (
        "Page 1 of 2 on the short path · 3 minutes · for anybody and co"
    )
    assert line_of(course, "tasks/two") == (
        f'Page 2 of 2 on the short path · 1 minute · read first: {one}, <a href="/">index</a>'
    )
    assert line_of(course, "tasks/three") == f"5 minutes · for you · read first: {one}"
    assert line_of(course, "terms") == "" and "lesson-facts" not in course.read()


def test_lines_of_code_and_output_count(course: SampleProject) -> None:
    page = course.root / "docs/tasks/two.md"
    page.write_text(page.read_text() + f"\n{BLOCK}" * 19, encoding="utf-8")
    assert build.build(course.project) == []
    assert "· 5 minutes ·" in line_of(course, "tasks/two")  # 160 lines


def test_the_line_comes_below_the_page_s_own_heading() -> None:
    page = "<h1>no</h1><article><h1>T</h1><p>x</p><h1>U</h1></article>"
    assert insert_line(page, "!") == "<h1>no</h1><article><h1>T</h1>!<p>x</p><h1>U</h1></article>"
    assert insert_line("<article>x</article>", "!") == "<article>x</article>"
