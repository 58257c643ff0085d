"""Every page: its parts, its front matter, its length, and that all Python on it was run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from paths import ROOT

from sitebuild.commands.new import MARK
from sitebuild.content import pages as site_pages
from sitebuild.project import Project

PAGES = sorted((ROOT / "docs").rglob("*.md"))


def pages(chosen: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "path", chosen, ids=[str(path.relative_to(ROOT / "docs")) for path in chosen]
    )


def front_matter(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("index", ""),
        ("tasks/index", "tasks/"),
        ("tasks/states", "tasks/states/"),
        ("tasks/reindex", "tasks/reindex/"),
        ("index/states", "index/states/"),
    ],
)
def test_a_page_stands_where_mkdocs_puts_it(page: str, address: str) -> None:
    project = Project(ROOT)
    assert site_pages.address_of(project, project.docs / f"{page}.md") == address


LESSONS = [
    path
    for path in PAGES
    if path.name != "index.md" and front_matter(path).get("kind") != "reference"
]


def prose(path: Path) -> str:
    """What a reader reads: no front matter, no blocks, no markup."""
    text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    text = re.sub(r"(?ms)^( *)```.*?^\1```$", "", text)
    return re.sub(r"\]\([^)]*\)|\{ #[\w-]+ \}|<[^>]+>|[#*`\[|?]", " ", text)


def test_every_block_shows_examples_and_each_that_is_shown_is_there() -> None:
    """What a page may hold, the fence decides (tests/sitebuild/content/test_blocks.py); this is
    that every page passes it.
    """
    found = site_pages.find(Project(ROOT))
    assert [page.path for page in found] == PAGES
    assert (
        sum(len(page.blocks) for page in found)
        == sum(path.read_text(encoding="utf-8").count("```python") for path in PAGES)
        > 500
    )


@pages(PAGES)
def test_a_page_carries_its_data(path: Path) -> None:
    data = front_matter(path)
    assert data["title"] and len(data["title"]) < 60, "write a `title` of under 60 characters"
    assert data["description"].endswith(".") and 40 < len(data["description"]) < 200, (
        "write a `description` of one sentence, 40 to 200 characters"
    )
    if path in LESSONS:
        assert all(re.fullmatch(r"S[0-4]-\d+", item) for item in data["articles"]), (
            "`articles` lists items of docs/articles/items.toml, like [S2-9], or nothing: []"
        )


@pages(PAGES)
def test_every_heading_has_an_id_of_its_own(path: Path) -> None:
    text = re.sub(
        r"(?ms)^( *)```.*?^\1```$", "", path.read_text(encoding="utf-8").split("---\n", 2)[2]
    )
    id = r"([a-z0-9-]+|asyncio\.[A-Za-z_.]+)"  # the index's ids are those of Python's reference
    for heading in re.findall(r"(?m)^##+ .*$", text):
        assert re.search(rf'\{{ #{id}( data-also="[^"]*")? \}}$', heading), (
            f"give the heading an id of its own, as in `{heading} {{ #two-words }}`"
        )


@pages(LESSONS)
def test_a_lesson_has_its_parts_and_a_lesson_s_length(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = len(prose(path).split())
    assert 300 <= words <= 900, f"it has {words} words; write 300 to 900, or split it"
    assert "??? question" in text, "ask readers to predict something, in a `??? question`"
    assert "{ #keep }" in text and '<div class="keep" markdown>' in text, (
        'end it with `## Key points { #keep }` and `<div class="keep" markdown>`'
    )
    kept = re.findall(r"(?m)^- ", text.split("{ #keep }")[1])
    assert len(kept) == 3, f"it has {len(kept)} key points; write three"


def test_a_page_s_headings_are_its_own() -> None:
    """Apart from a page's end, and questions that are asked of several programs."""
    shared = {"Key points", "Four questions from the pages so far"}
    seen: dict[str, Path] = {}
    for path in LESSONS:
        text = re.sub(r"(?ms)^( *)```.*?^\1```$", "", path.read_text(encoding="utf-8"))
        for heading in re.findall(r"(?m)^## (.*?) \{ #", text):
            if heading not in shared:
                assert heading not in seen, (
                    f"“{heading}” heads a part of {path} and {seen[heading]}; reword one"
                )
                seen[heading] = path


@pages(LESSONS)
def test_the_first_program_stands_within_the_first_screen(path: Path) -> None:
    before = path.read_text(encoding="utf-8").split("---\n", 2)[2].split("```python")[0]
    assert len(before.split()) <= 110, (
        f"{len(before.split())} words come before the first example; move it up: 110 at most"
    )


@pages(PAGES)
def test_the_words_that_we_do_without_are_not_there(path: Path) -> None:
    found = re.findall(
        r"\b([Ss]imply|[Jj]ust|[Oo]bviously|[Pp]owerful|[Ss]eamless\w*|[Dd]elve\w*|[Ll]everag\w*)\b",
        prose(path),
    )
    assert not found, f"say it without {', '.join(sorted(set(found)))}"


@pages(PAGES)
def test_no_page_names_a_line_by_its_number(path: Path) -> None:
    assert not re.search(r"\blines? \d+\b", prose(path)), (
        "name lines by their text, not by their number"
    )


def test_nothing_is_left_to_write() -> None:
    left = [
        f"{file.relative_to(ROOT)}: write what is marked {found[0]}"
        for file in [ROOT / "mkdocs.yml", *PAGES, *(ROOT / "examples").glob("*/*.py")]
        if (found := MARK.search(file.read_text(encoding="utf-8")))
    ]
    assert not left, "\n".join(left)


def test_every_page_is_in_the_navigation() -> None:
    """The pages of single error messages are not: the list of them is."""
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[1]
    files = [path.relative_to(ROOT / "docs").as_posix() for path in PAGES]
    assert sorted(re.findall(r"[\w/-]+\.md", navigation)) == sorted(
        file
        for file in files
        if not file.startswith("reference/errors/") or file == "reference/errors/index.md"
    ), "add each page to `nav` in mkdocs.yml, once"


def test_the_last_line_of_a_lesson_leads_to_the_next_page() -> None:
    navigation = re.findall(
        r"([\w-]+/[\w-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[1]
    )
    for here, following in zip(navigation, navigation[1:], strict=False):
        if ROOT / "docs" / here in LESSONS:
            kept = (ROOT / "docs" / here).read_text(encoding="utf-8").split("{ #keep }")[1]
            link = os.path.relpath(following, Path(here).parent)
            found = re.search(r"Next: \[[^]]+\]\(([^)]+)\)", kept)
            assert found and os.path.normpath(found[1]) == link, (
                f"docs/{here}: end it with `Next: [title]({link}).`, the next page in `nav`"
            )


def test_nothing_of_mkdocs_is_hooked_and_no_other_plugin_is_used() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    plugins = re.search(r"(?ms)^plugins:\n(.*?)^\S", settings)[1]
    assert re.findall(r"(?m)^  - ([\w-]+)", plugins) == ["search"]
    assert "hooks:" not in settings


def test_nothing_in_the_settings_opens_a_way_beside_the_fence() -> None:
    """markdown-exec's plugin, superfences of its own, snippets of files: each would show or run
    what was never proven.
    """
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    extensions = re.search(r"(?ms)^markdown_extensions:\n(.*?)^\S", settings)[1]
    assert re.findall(r"(?m)^  - ([\w.]+)", extensions) == [
        "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc", "pymdownx.details",
        "pymdownx.highlight", "pymdownx.inlinehilite", "sitebuild.rendering.fence", "sitebuild.rendering.terms",
    ]  # fmt: skip
    assert "!!python" not in settings and "INHERIT" not in settings
