"""The five articles: each of their 126 items is answered, by an example and a page, at an address
of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from paths import ROOT
from sample_project import SampleProject

from sitebuild.content import article_items
from sitebuild.content.examples import ExampleError
from sitebuild.content.files import ProjectError
from sitebuild.project import Project
from sitebuild.rendering import articles

ARTICLES, ITEMS = article_items.load(Project(ROOT))
COUNTS = {"S0": 35, "S1": 23, "S2": 21, "S3": 26, "S4": 21}


def test_each_of_the_126_items_has_an_entry() -> None:
    assert [item.id for item in ITEMS] == [
        f"{article}-{number}" for article, count in COUNTS.items() for number in range(1, count + 1)
    ]
    assert len(ITEMS) == 126


@pytest.mark.parametrize("item", ITEMS, ids=[item.id for item in ITEMS])
def test_an_item_has_a_verdict_an_example_a_page_and_an_anchor(
    item: articles.Item, project: Project, site: Path
) -> None:
    assert item.verdict in articles.VERDICTS
    assert item.examples or item.verdict == "aside", "no example shows it"
    page, _, anchor = item.page.partition("#")
    built = (site / page.removesuffix(".md") / "index.html").read_text(encoding="utf-8")
    assert not anchor or f'id="{anchor}"' in built
    own = (site / "articles" / item.article.lower() / "index.html").read_text(encoding="utf-8")
    assert own.count(f'id="{item.id.lower()}"') == 1
    entry = own.split(f'id="{item.id.lower()}"')[1].split("<h2")[0]
    assert articles.VERDICTS[item.verdict] in entry
    assert f"{page.removesuffix('.md')}/" in entry
    for name in item.examples:
        assert f'data-example="{name}"' in entry or f"<code>{name}</code>" in entry


def test_a_page_that_claims_an_item_is_a_page_that_teaches_it(project: Project) -> None:
    """The front matter of pages and the items' data know of each other."""
    claimed: dict[str, list[str]] = {}
    for path in sorted(project.docs.rglob("*.md")):
        data = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        for item in data.get("articles", []):
            claimed.setdefault(item, []).append(path.relative_to(project.docs).as_posix())
    for item in ITEMS:
        if item.verdict != "aside":
            assert item.page.partition("#")[0] in claimed.get(item.id, []), (
                f"{item.page} does not name {item.id} in its front matter"
            )
    assert claimed.keys() <= {item.id for item in ITEMS}


def test_the_pages_of_the_articles_are_as_generated(project: Project) -> None:
    for name, text in articles.generate(project).items():
        assert (project.docs / "articles" / name).read_text(encoding="utf-8") == text, (
            f"docs/articles/{name}: run `make update`"
        )


def test_a_heading_says_what_an_item_is_about_and_no_two_are_alike(project: Project) -> None:
    pages = articles.generate(project)
    for item in ITEMS:
        heading = f"## {item.subject} {{ #{item.id.lower()} }}\n\n**In the article** <small>({item.id})</small>: "
        assert heading in pages[f"{item.article.lower()}.md"]
        assert len(item.subject) <= 60 and item.id not in item.subject
    assert len({(item.article, item.subject) for item in ITEMS}) == len(ITEMS)


def test_a_page_says_whose_article_it_is_and_that_it_has_no_address(project: Project) -> None:
    pages = articles.generate(project)
    for article in ARTICLES:
        page = pages[article.address]
        assert f"# “{article.title}”, re-run\n\n{article.by}\n" in page
        assert "without an address or a date" in article.by
        title = yaml.safe_load(page.split("---\n")[1])["title"]
        assert "asyncio" in title.lower()
    assert len({article.short for article in ARTICLES}) == len(ARTICLES)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_counts_follow_from_the_items(article: articles.Article, project: Project) -> None:
    own = [item.verdict for item in ITEMS if item.article == article.id]
    right, dated = own.count("right"), own.count("dated")
    page = articles.generate(project)[article.address]
    summary = re.search(rf"(?m)^{len(own)} items: (.*)\.$", page)[1]
    assert f"{right} right" in summary
    assert ("once right" in summary) == bool(dated)
    assert sum(map(int, re.findall(r"\d+", summary))) == len(own)


def test_what_is_wrong_with_the_data_is_named_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "docs/articles").mkdir(parents=True)
    (tmp_path / "examples").mkdir()
    (tmp_path / "docs/page.md").write_text("## Here { #here }\n")
    entry = '[S0-{0}]\nsubject = "s"\nidea = "i"\nverdict = "{1}"\ntoday = "t"\nexamples = [{2}]\npage = "{3}"\n'
    head = '[S0]\ntitle = "T"\nshort = "s"\nby = "b"\ngist = "g"\n'
    bad = [
        entry.format(1, "maybe", "", "page.md#here"),
        entry.format(2, "right", '"a/b"', "page.md#there"),
        "[S0-3]\nidea = 'i'\n",
    ]
    (tmp_path / "docs/articles/items.toml").write_text(
        head + "".join(bad) + entry.format(4, "right", "", "gone.md")
    )
    with pytest.raises(ExampleError) as refused:
        article_items.load(Project(tmp_path))
    messages = str(refused.value).splitlines()
    assert len(messages) == 5
    assert "[S0-1] verdict 'maybe' must be one of right, incomplete" in messages[0]
    assert "[S0-2] there is no example a/b" in messages[1]
    assert "[S0-2] docs/page.md has no heading with the id there" in messages[2]
    assert re.search(r"\[S0-3\] .*missing", messages[3])
    assert "[S0-4] there is no page docs/gone.md" in messages[4]


HEAD = '[S0]\ntitle = "T"\nshort = "s"\nby = "b"\ngist = "g"\n\n'
ITEM = '[S0-1]\nsubject = "s"\nidea = "i"\nverdict = "right"\ntoday = "t"\nexamples = []\npage = "index.md"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + '[S0-1]\nidea = "i\n', "line 8: it is not TOML: "),
        (
            HEAD + "<<<<<<< HEAD\n" + ITEM + "=======\n" + ITEM + ">>>>>>> other\n",
            "line 7 is a merge conflict; ",
        ),
        (HEAD + ITEM + ITEM, "line 14: it is not TOML: Cannot declare"),
        (HEAD + ITEM + "idea = 'again'\n", "line 14: it is not TOML: Cannot overwrite a value"),
        (HEAD + 'S0-1 = "x', "it is not TOML: "),
        ("S0 = 1\n", "[S0] it must be a table"),
        (HEAD.replace('title = "T"\n', ""), "[S0] title missing"),
        (
            HEAD.replace("short", "shrt"),
            "[S0] unknown shrt; known are title, by, gist, short, note",
        ),
        (HEAD.replace('"T"', "3"), "[S0] title must be a string"),
        (
            HEAD + ITEM.replace('"s"', '" "').replace('"i"', '""'),
            "[S0-1] subject and idea must not be empty",
        ),
        (HEAD + ITEM.replace("S0-1", "S0-x"), "[S0-x] the id of an item must look like S2-9"),
        (HEAD.replace("S0", '"a b"'), "[a b] the id of an article must look like S2"),
        (HEAD + ITEM.replace('idea = "i"', "idea = 3"), "[S0-1] idea must be a string"),
        (
            HEAD + ITEM.replace("examples = []", "examples = [1]"),
            "[S0-1] examples must be a list of strings",
        ),
        (
            HEAD + ITEM.replace("examples = []", 'examples = "a/b"'),
            "[S0-1] examples must be a list of strings",
        ),
        (
            HEAD + ITEM.replace("index.md", "../mkdocs.md"),
            "[S0-1] there is no page docs/../mkdocs.md",
        ),
    ],
)
def test_bad_items_are_named_with_the_line_or_the_entry(
    sample: SampleProject, text: str, message: str
) -> None:
    (sample.root / "docs/articles").mkdir()
    (sample.root / "docs/articles/items.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        article_items.load(sample.project)
    assert f"docs/articles/items.toml: {message}" in str(refused.value)


def test_bad_toml_in_items_and_examples_ends_update_with_a_sentence(sample: SampleProject) -> None:
    (sample.root / "docs/articles").mkdir()
    (sample.root / "docs/articles/items.toml").write_text("[S0\n", encoding="utf-8")
    ran = sample.run("update")
    assert (
        ran.returncode == 1
        and "docs/articles/items.toml: line 1: it is not TOML" in ran.stderr
        and "Traceback" not in ran.stderr
    )
    for block, message in (
        ("tool = 3", "`tool.loopscope` must be a table"),
        ("[tool]\n# loopscope = 3", "`tool.loopscope` must be a table"),
    ):
        sample.example("good", f'"""T."""\n# /// script\n# {block}\n# ///\n', "")
        assert f"examples/chapter/good.py: {message}" in sample.refused("build")
