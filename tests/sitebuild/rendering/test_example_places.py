"""The place of an example in the course."""

from __future__ import annotations

from sample_project import SampleProject

from sitebuild.content import examples, pages
from sitebuild.rendering.example_places import places
from sitebuild.rendering.maker import Maker

BLOCK = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/good"))\n```\n'


def test_the_lessons_that_show_an_example_come_before_the_pages_of_reference(
    sample: SampleProject,
) -> None:
    (sample.root / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    for name, kind in (("a-list", "kind: reference\n"), ("b-lesson", ""), ("c-lesson", "")):
        text = f"---\ntitle: {name}\n{kind}---\n\n# {name}\n\n{BLOCK}"
        (sample.root / f"docs/{name}.md").write_text(text, encoding="utf-8")
    maker = Maker(sample.project, examples.find(sample.project), pages.find(sample.project))
    assert places(maker)["chapter/good"].used == [
        ("b-lesson/", "b-lesson"),
        ("c-lesson/", "c-lesson"),
        ("a-list/", "a-list"),
    ]
