"""What pages say of themselves: the front matter, and what is wrong with it."""

from __future__ import annotations

import pytest
from sample_project import SampleProject

from sitebuild.content import pages
from sitebuild.content.pages import PageError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: a: b", "line 2: its front matter is not YAML: mapping values are not allowed"),
        ('title: "a', "line 3: its front matter is not YAML: found unexpected end of stream"),
        ("title: T\ndescription: 'a' b", "line 3: its front matter is not YAML: "),
        ("title: T\n\tpath: 3", "line 3: its front matter is not YAML: "),
        (
            "<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> other",
            "its front matter is not YAML: ",
        ),
        (
            "title: !!python/name:os.system",
            "line 2: its front matter is not YAML: could not determine a constructor",
        ),
        (
            "title: !!python/object/apply:os.system ['touch mark']",
            "line 2: its front matter is not YAML: could not determine a constructor",
        ),
        ("- a\n- b", "line 2: its front matter must be lines like"),
        ("words", "line 2: its front matter must be lines like"),
        ("# nothing", "line 2: its front matter must be lines like"),
        (
            "title: T\nsubtitle: T",
            "line 3: its front matter has the key 'subtitle'; known are `title`, `description`, `articles`, ",
        ),
        ('title: T\n"subtitle" : T', "line 3: its front matter has the key 'subtitle'"),
        ("title: T\nstatus: new", "line 3: its front matter has the key 'status'"),
        ("template: main.html", "line 2: its front matter has the key 'template'"),
        ("icon: x", "line 2: its front matter has the key 'icon'"),
        ("Title: T", "line 2: its front matter has the key 'Title'"),
        ('"a\\nb: c": 1', r"line 2: its front matter has the key 'a\nb: c'"),
        ("[1]: 2", "its front matter is not YAML: "),
        ("1: 2", "line 2: its front matter has the key 1"),
        (
            'title: "a <script>alert(1)</script>"',
            'line 2: `title` in its front matter must be text on one line, without < > & and "; ',
        ),
        ("title: a > b", "line 2: `title` in its front matter must be text"),
        ("title: a &lt; b", "line 2: `title` in its front matter must be text"),
        (
            "title: T\ndescription: 'a \" onload=\"x'",
            "line 3: `description` in its front matter must be text",
        ),
        ('title: "a\\nb"', "line 2: `title` in its front matter must be text"),
        ('title: "  "', "line 2: `title` in its front matter must be text"),
        (
            "articles: S2-9",
            "line 2: `articles` in its front matter must be a list of items, like [S2-9, S2-10]",
        ),
        ("articles: [S2-9, <b>]", "line 2: `articles` in its front matter must be a list of items"),
        ("title: T\nminutes: 3", "line 3: its front matter has the key 'minutes'; known are"),
        (
            "before: [../secret.md]",
            "line 2: `before` in its front matter must be a list of pages, like",
        ),
        ("answers: Why?", "line 2: `answers` in its front matter must be a list of questions"),
        ('answers: [""]', "line 2: `answers` in its front matter must be a list of questions"),
        ('answers: ["a\\nb"]', "line 2: `answers` in its front matter must be a list of questions"),
        ("answers: [why: so]", "line 2: `answers` in its front matter must be a list of questions"),
        ("audience: [you]", "line 2: `audience` in its front matter must be text"),
        ("path: 0", "line 2: `path` in its front matter must be the page's place on the short"),
        ("path: true", "line 2: `path` in its front matter must be the page's place"),
        ("kind: lesson", "line 2: `kind` in its front matter must be `reference`, or left out"),
        (
            "hide: [search]",
            "line 2: `hide` in its front matter must be a list of `toc`, `navigation` and `footer`",
        ),
        ("path: 3\ntitle: 12", "line 3: `title` in its front matter must be text"),
        ("title: yes", "line 2: `title` in its front matter must be text"),
        ("title: [a]", "line 2: `title` in its front matter must be text"),
        ("title:", "line 2: `title` in its front matter must be text"),
        (
            "title: T\ndescription: {a: b}",
            "line 3: `description` in its front matter must be text",
        ),
        ("title: T\ndate: 2026-13-45", "its front matter cannot be read: month must be in"),
        (
            "title: &a [*a]",
            "line 2: its front matter refers to another part of itself, with `*`; write it out",
        ),
        (
            "title: T\na: &a {x: 1}\nb: {<<: [*a, *a]}",
            "line 4: its front matter refers to another part of itself",
        ),
        (
            "title: T\nhide: " + "[" * 90_000,
            "line 3: its front matter is nested too deeply; put text that has brackets into quotes",
        ),
        ("title: T\npath: !!bool maybe", "line 2: its front matter cannot be read: "),
        ("path: !!int ''", "line 2: its front matter cannot be read: "),
        ("path: 1" + ":59" * 1000 + ".5", "line 2: its front matter cannot be read: "),
    ],
)
def test_bad_front_matter_is_named_with_its_line(
    sample: SampleProject, text: str, message: str
) -> None:
    (sample.root / "docs/page.md").write_text(f"---\n{text}\n---\n\n# T\n", encoding="utf-8")
    with pytest.raises(PageError) as refused:
        pages.find(sample.project)
    assert str(refused.value).startswith("docs/page.md: line ") and message in str(refused.value), (
        refused.value
    )
    assert len(str(refused.value).splitlines()) == 1


def test_front_matter_that_mkdocs_would_pass_over_is_refused(sample: SampleProject) -> None:
    for text, message in (
        ("---\ntitle: T\n\n# T\n", "line 1: its front matter is empty or not closed"),
        ("---\n---\n# T\n", "line 1: its front matter is empty or not closed"),
        ("title: T\n\n# T\n", "line 1: MkDocs takes its first lines for data"),
    ):
        (sample.root / "docs/page.md").write_text(text, encoding="utf-8")
        assert f"docs/page.md: {message}" in sample.refused("build")


def test_a_page_that_is_not_utf8_is_named(sample: SampleProject) -> None:
    (sample.root / "docs/page.md").write_bytes(b"# caf\xe9\n")
    with pytest.raises(PageError, match=r"docs/page\.md: byte 5 is not UTF-8; save it as UTF-8"):
        pages.find(sample.project)


def test_lines_are_counted_from_the_beginning_of_the_file(sample: SampleProject) -> None:
    for front in ("", "\ufeff", '---\ntitle: "T"\n---\n', '---\ntitle: "T"\n...\n\n\n\n'):
        page = sample.root / "docs/page.md"
        page.write_text(
            f'{front}# T\n\n```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/good"))\n```\n',
            encoding="utf-8",
        )
        line = page.read_text(encoding="utf-8").split("\n").index('print(show("chapter/good"))') + 1
        (block,) = pages.read(sample.project, page).blocks
        assert [call.line for call in block.calls] == [line] and (block.first, block.last) == (
            line - 3,
            line + 1,
        )


def write_pages(sample: SampleProject, **front: str) -> None:
    """Write a page for each front matter."""
    for name, lines in front.items():
        text = f"---\ntitle: T\n{lines}\n---\n\n# T\n"
        (sample.root / f"docs/{name}.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ({"one": "before: [index.md, gone.md]"}, "docs/one.md: line 3: there is no page docs/gone.md"),
        ({"one": "kind: reference\nbefore: [one.md]"}, "docs/one.md: line 4: one.md is this page itself"),
        ({"one": "path: 1", "two": "path: 1"}, "docs/two.md: line 3: docs/one.md has `path: 1` too"),
        ({"one": "path: 2"}, "docs/one.md: line 3: no page has `path: 1`; number the short path"),
        ({"one": "path: 1", "two": "path: 3"}, "docs/two.md: line 3: no page has `path: 2`"),
    ],
)  # fmt: skip
def test_what_pages_say_of_each_other_is_checked(
    sample: SampleProject, front: dict[str, str], message: str
) -> None:
    write_pages(sample, **front)
    messages = sample.refused("build")
    assert message in messages and "1 problem" in messages, messages


def test_pages_may_know_each_other_in_any_order(sample: SampleProject) -> None:
    write_pages(sample, one="path: 2\nbefore: [two.md]", two="path: 1\nbefore: [one.md]")
    assert [page.place for page in pages.find(sample.project)] == [None, 2, 1]
