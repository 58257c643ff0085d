"""What leads on from a lesson."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_project import GOOD, SampleProject

from sitebuild.commands import build
from sitebuild.content import pages
from sitebuild.rendering.see_also import SeeAlso, insert_part

USES = {
    "chapter/plain": ["run", "sleep"],
    "chapter/lock": ["run", "Lock"],
    "chapter/queue": ["run", "Queue", "Queue.join"],
    "chapter/queues": ["run", "Queue", "sleep"],
}
PAGES = {
    "first": ("", "plain", "Next: [locks](locks.md)."),
    "locks": ("before: [first.md]", "lock", ""),
    "queues": ("before: [first.md]", "queue", "Next: [more](more.md#there)."),
    "more": ("before: [queues.md]", "queues", "## There { #there }"),
    "last": ("", "queues", ""),
    "terms": ("kind: reference", "queue", ""),
}


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    for name in USES:
        sample.example(name.partition("/")[2], GOOD, "hello\n")
    for name, (front, example, end) in PAGES.items():
        sample.page(name, example, text=end)
        file = sample.root / f"docs/{name}.md"
        file.write_text(f"---\ntitle: The {name}\n{front}\n---\n{file.read_text()}")
    return sample


def leads_on(course: SampleProject) -> dict[str, list[str]]:
    every = pages.find(course.project)
    see_also = SeeAlso(course.project, every, USES)
    return {
        page.address.strip("/"): [other.address.strip("/") for other in see_also.find(page)]
        for page in every
    }


def test_lessons_with_the_same_rare_names_come_before_those_with_common_ones(
    course: SampleProject,
) -> None:
    found = leads_on(course)
    assert found["last"][0] == "more" and "locks" not in found["last"]


def test_what_the_page_leads_to_anyway_is_left_out(course: SampleProject) -> None:
    found = leads_on(course)
    assert "locks" not in found["first"]  # the next page
    assert "more" not in found["queues"] and "first" not in found["queues"]
    assert all(name not in others for name, others in found.items())


def test_lessons_that_build_on_it_count_even_without_a_shared_name(course: SampleProject) -> None:
    assert "queues" in leads_on(course)["first"]


def test_pages_of_reference_neither_have_it_nor_are_in_it(course: SampleProject) -> None:
    found = leads_on(course)
    assert found["terms"] == found[""] == []
    assert all("terms" not in others and "" not in others for others in found.values())


def test_it_stands_at_the_end_of_a_lesson_and_search_does_not_find_it(
    course: SampleProject,
) -> None:
    assert build.build(course.project) == []
    page = course.read("first/index.html")
    line = '<p class="see-also">See also: <a href="/queues/">The queues</a>'
    assert line in page and page.index("Next:") < page.index(line) < page.index("</article>")
    assert "See also" not in course.read("terms/index.html")
    assert "See also" not in course.read("assets/search-pages.json")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<article>x</article>y", "<article>x!</article>y"),
        ('<article>x<p class="page-print">P</p></article>', '<article>x!<p class="page-print">P</p></article>'),
        ('<article>x<p class="page-source">S</p></article>', '<article>x!<p class="page-source">S</p></article>'),
        ("<p>no article</p>", "<p>no article</p>"),
    ],
)  # fmt: skip
def test_it_comes_above_what_prints_the_page(page: str, expected: str) -> None:
    assert insert_part(page, "!") == expected


def test_each_lesson_of_the_course_has_two_to_four(site: Path, project) -> None:
    for page in pages.find(project):
        html = (site / page.address / "index.html").read_text(encoding="utf-8")
        line = html.partition('<p class="see-also">')[2].partition("</p>")[0]
        assert line.count("<a ") in ((2, 3, 4) if page.is_lesson else (0,)), page.address
