"""What a site says of itself to those outside: search engines, previews, feed readers, models.

And that a site without a public address or a repository doesn't claim to have them.
"""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from paths import ROOT
from sample_project import GOOD, SampleProject, digest

SITE = "https://course.example/asyncio/"
REPOSITORY = "https://github.com/someone/awaited"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LESSON = """\
---
title: Tasks and 'more'
description: What tasks do, and don't.
path: 1
---

# Tasks

Words. [Home](../index.md#top), [Generated](../articles/made.md).

??? question "Does it say [hello](../index.md)?"

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("chapter/good"))
    ```

    Yes.

## More { #more }

```text
[not a link](../index.md) { #more }
```

<div class="keep" markdown>

- One

</div>
"""
GENERATED = "---\ntitle: Generated\nkind: reference\nmade_from: articles/items.toml\n---\n\n# Generated\n\n{}\n"
ABOUT = """\
# About

<div data-filled="copy"></div>

<div data-filled="report"></div>

<div data-filled="cite"></div>
"""
EVIL = GOOD.replace("A greeting.", "</script><b>&'[x](y)")


def make(root: Path) -> SampleProject:
    sample = SampleProject(root)
    for folder in ("tasks", "articles"):
        (root / "docs" / folder).mkdir()
    block = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/good"))\n```\n'
    pages = {
        "index": f"---\ntitle: Home\n---\n\n# Home {{ #top }}\n\n{block}",
        "tasks/states": LESSON,
        "articles/made": GENERATED.format(block.replace("good", "evil")),
        "about": ABOUT,
    }
    for name, text in pages.items():
        (root / f"docs/{name}.md").write_text(text, encoding="utf-8")
    (root / "docs/articles/items.toml").touch()
    sample.example("evil", EVIL, "hello\n")
    (root / "CITATION.cff").write_text((ROOT / "CITATION.cff").read_text())
    (root / "changes.txt").write_text(
        "2026-11-30 /examples/chapter/evil/ It's <new> & good.\n2026-12-01 /tasks/states/ More.\n"
    )
    return sample


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> SampleProject:
    sample = make(tmp_path_factory.mktemp("public"))
    ran = sample.run(
        "build", AWAITED_SITE=SITE, AWAITED_REPOSITORY=REPOSITORY, SOURCE_DATE_EPOCH="1796083200"
    )
    assert ran.returncode == 0, ran.stderr
    return sample


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> SampleProject:
    sample = make(tmp_path_factory.mktemp("local"))
    ran = sample.run("build", AWAITED_REPOSITORY="")
    assert ran.returncode == 0, ran.stderr
    return sample


class Head(HTMLParser):
    """The metadata of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str, str]] = []
        self.properties: dict[str, str] = {}
        self.data: list[dict] = []
        self._script = ""
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._script = found.get("type", "") if tag == "script" else ""
        if tag == "link" and found["rel"] in ("canonical", "alternate "):
            self.links.append((found["rel"], found.get("type", ""), found["href"]))
        elif tag == "meta" and ("property" in found or found.get("name") == "twitter:card"):
            self.properties[found.get("property") or found["name"]] = found["content"]

    def handle_data(self, data: str) -> None:
        if self._script == "application/ld+json":
            self.data.append(json.loads(data))


def links(html: str) -> dict[str, str]:
    """The links at the foot of a page, by their text."""
    foot = html.partition('class="page-links">')[2].partition("</p>")[0]
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', foot)
    return {text: address.replace("&amp;", "&") for address, text in found}


PAGES = {
    "": ("index.html", "website", "Home"),
    "tasks/states/": ("tasks/states/index.html", "article", "Tasks and 'more'"),
    "examples/chapter/evil/": (
        "examples/chapter/evil/index.html",
        "article",
        "</script><b>&'[x](y)",
    ),
}


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_has_all_that_a_preview_of_a_link_needs(
    address: str, public: SampleProject
) -> None:
    file, kind, title = PAGES[address]
    head = Head(public.read(file))
    assert ("canonical", "", SITE + address) in head.links
    assert sum(rel == "canonical" for rel, _, _ in head.links) == 1
    card = "evil" if "evil" in address else "good"
    expected = {
        "og:site_name": "Awaited",
        "og:type": kind,
        "og:url": SITE + address,
        "og:title": title,
        "og:image": f"{SITE}examples/chapter/{card}.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "twitter:card": "summary_large_image",
    }
    assert expected.items() <= head.properties.items()
    assert head.properties["og:image:alt"]
    picture = (public.root / f"site/examples/chapter/{card}.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)


def test_a_page_without_a_run_has_no_picture(public: SampleProject) -> None:
    head = Head(public.read("about/index.html"))
    assert head.properties["og:title"] == "about" and "og:image" not in head.properties


@pytest.mark.parametrize("address", PAGES)
def test_structured_data_describes_the_page(address: str, public: SampleProject) -> None:
    file, _, title = PAGES[address]
    (data,) = Head(public.read(file)).data
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == ("LearningResource" if address else "Course")
    assert data["url"] == data["@id"] == SITE + address
    assert data["name"] == title
    if address:
        assert data["isPartOf"] == {"@type": "Course", "@id": SITE}
    if address.startswith("tasks"):
        assert data["description"] == "What tasks do, and don't."
        assert (data["learningResourceType"], data["timeRequired"]) == ("lesson", "PT1M")
        assert data["position"] == 1


def test_embeds_name_the_page_that_they_are_a_copy_of(public: SampleProject) -> None:
    head = Head(public.read("embed/chapter/good/index.html"))
    assert head.links == [("canonical", "", f"{SITE}examples/chapter/good/")]
    assert f'src="{SITE}embed/chapter/good/"' in public.read(
        "examples/chapter/good/index.html"
    ).replace("&#34;", '"')


def test_the_feed_has_what_atom_requires(public: SampleProject) -> None:
    feed = ET.parse(public.root / "site/feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1 and element.findtext(f"{ATOM}{name}")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated") or "")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z"
    addresses = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert addresses == {"self": f"{SITE}feed.xml", "alternate": SITE}
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == "tag:course.example,2026-12-01:/tasks/states/"
    assert second.findtext(f"{ATOM}summary") == "It's <new> & good."
    assert second.findtext(f"{ATOM}title") == PAGES["examples/chapter/evil/"][2]
    link = second.find(f"{ATOM}link")
    assert link is not None and link.get("href") == f"{SITE}examples/chapter/evil/"
    kinds = {kind for _, kind, _ in Head(public.read()).links}
    assert "application/atom+xml" in kinds


def test_search_engines_are_told_of_every_page_but_embeds(public: SampleProject) -> None:
    robots = public.read("robots.txt")
    names = re.findall(rf"^Sitemap: {SITE}(.*)$", robots, re.MULTILINE)
    assert names == ["sitemap.xml", "sitemap-examples.xml"]
    found = [
        url.text
        for name in names
        for url in ET.parse(public.root / "site" / name).iterfind(f"{SITEMAP}url/{SITEMAP}loc")
    ]
    pages = ("", "about/", "articles/made/", "tasks/states/")
    own = ("examples/chapter/evil/", "examples/chapter/good/")
    assert sorted(found, key=str) == sorted(f"{SITE}{page}" for page in (*pages, *own))
    assert not (public.root / "site/sitemap.xml.gz").exists()


def test_models_are_told_of_every_page_s_markdown(public: SampleProject) -> None:
    text = public.read("llms.txt")
    assert text.startswith("# Awaited\n\n> ")
    assert f"- [Tasks and 'more']({SITE}tasks/states/index.md): What tasks do, and don't." in text
    addresses = re.findall(rf"\]\({SITE}(.*?)\)", text)
    assert len(addresses) == 6
    for address in addresses:
        assert (public.root / "site" / address).is_file(), address


def test_the_markdown_of_a_page_is_its_text_with_what_the_programs_printed(
    public: SampleProject,
) -> None:
    text = public.read("tasks/states/index.md")
    assert text.startswith("# Tasks\n\nWords. [Home](../../index.md#top), [Generated]")
    assert "[Generated](../../articles/made/index.md)." in text
    assert "**Question: Does it say [hello](../../index.md)?**\n" in text
    assert f"`examples/chapter/good.py`:\n\n```python\n{GOOD}```\n\nOutput:\n\n" in text
    assert "```text\n1.000 s  hello\n```\n\nTimeline: main (Task-1) begins at 0.000 s" in text
    assert f"[chapter/good]({SITE}examples/chapter/good/index.md)" in text
    assert "\nYes.\n\n## More\n" in text
    assert "```text\n[not a link](../index.md) { #more }\n```" in text
    assert "<div" not in text and "description:" not in text and "\0" not in text
    assert f"From Awaited: {SITE}tasks/states/, text under [CC BY 4.0]" in text


def test_the_markdown_of_an_example_says_all_that_its_page_does(public: SampleProject) -> None:
    text = public.read("examples/chapter/good/index.md")
    assert text.startswith("# A greeting.\n\n`examples/chapter/good.py`:\n\n```python\n")
    assert "\n- 0.000 s: `main()` starts. It waits for 1 s to pass" in text
    assert "\n## Verified on\n\nRun as it stands here on Python 3." in text
    assert "- [Tasks and 'more'](../../../tasks/states/index.md)" in text


def test_what_readers_find_wrong_can_be_mended_or_told(public: SampleProject) -> None:
    lesson = links(public.read("tasks/states/index.html"))
    assert lesson["Edit this page"] == f"{REPOSITORY}/edit/main/docs/tasks/states.md"
    form = urlsplit(lesson["Report a mistake"])
    assert form._replace(query="").geturl() == f"{REPOSITORY}/issues/new"
    assert parse_qs(form.query) == {
        "template": ["mistake.yml"],
        "page": [f"{SITE}tasks/states/"],
        "example": ["chapter/good"],
    }
    own = links(public.read("examples/chapter/evil/index.html"))
    assert own["Edit this example"] == f"{REPOSITORY}/edit/main/examples/chapter/evil.py"
    assert own["Source"] == f"{REPOSITORY}/blob/main/examples/chapter/evil.py"
    assert "&example=chapter%2Fevil" in own["Report a mistake"]
    made = links(public.read("articles/made/index.html"))
    assert (
        made["Edit the data that this page is made from"]
        == f"{REPOSITORY}/edit/main/docs/articles/items.toml"
    )


def test_the_form_for_mistakes_has_the_fields_that_links_fill_in(public: SampleProject) -> None:
    form = urlsplit(links(public.read())["Report a mistake"])
    filled = parse_qs(form.query)
    template = ROOT / ".github/ISSUE_TEMPLATE" / filled.pop("template")[0]
    fields = yaml.safe_load(template.read_text(encoding="utf-8"))["body"]
    assert filled.keys() <= {field["id"] for field in fields}


def test_the_about_page_says_how_this_copy_was_built(
    public: SampleProject, local: SampleProject
) -> None:
    text = public.read("about/index.html")
    assert "It shows the course as of 1 December 2026." in text
    assert re.search(r"Of its 2 examples, 2 ran on that machine: 2 on Python 3\.\d+\.\d+\.", text)
    assert f'<a href="{REPOSITORY}">the repository</a>' in text
    assert "The founders of Awaited (2026). <em>Awaited: a course on" in text
    assert f'<a href="{SITE}">{SITE}</a>' in text
    text = local.read("about/index.html")
    assert "nobody to write to" in text and "as of" not in text and "CITATION.cff" not in text


def test_on_paper_a_public_page_has_its_address(
    public: SampleProject, local: SampleProject
) -> None:
    for page in ("tasks/states/", "examples/chapter/good/"):
        source = (
            f'<p class="page-source">{SITE}{page} · Text under CC BY 4.0, code under MIT-0.</p>'
        )
        assert source in public.read(f"{page}index.html")
        source = '<p class="page-source">Text under CC BY 4.0, code under MIT-0.</p>'
        assert source in local.read(f"{page}index.html")


def test_a_site_for_this_machine_pretends_nothing(local: SampleProject) -> None:
    site = local.root / "site"
    for name in ("feed.xml", "robots.txt", "sitemap-examples.xml"):
        assert not (site / name).exists()
    assert not [*site.glob("examples/**/*.png")]
    for page in site.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        head = Head(html)
        assert not head.data and not head.properties
        assert {kind for _, kind, _ in head.links} <= {"text/markdown"}, page
        assert "127.0.0.1" not in html and "github.com" not in html, page
        assert set(links(html)) <= {"This page as Markdown"}
    assert "127.0.0.1" not in (site / "llms.txt").read_text(encoding="utf-8")


def test_two_builds_of_a_public_site_are_the_same(public: SampleProject, tmp_path: Path) -> None:
    before = digest(public.root / "site")
    ran = public.run(
        "build", AWAITED_SITE=SITE, AWAITED_REPOSITORY=REPOSITORY, SOURCE_DATE_EPOCH="1796083200"
    )
    assert ran.returncode == 0, ran.stderr
    assert digest(public.root / "site") == before


def test_a_change_of_a_page_that_is_gone_is_named(public: SampleProject) -> None:
    file = public.root / "changes.txt"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}2026-12-02 /tasks/gone/ It is new.\n", encoding="utf-8")
    try:
        ran = public.run("build", AWAITED_SITE=SITE)
        assert "changes.txt: there is no page /tasks/gone/; name its address of today" in ran.stderr
        assert ran.returncode == 1
    finally:
        file.write_text(text, encoding="utf-8")


def test_data_that_a_page_is_made_from_must_be_there(sample: SampleProject) -> None:
    (sample.root / "docs/made.md").write_text(GENERATED.format(""), encoding="utf-8")
    assert (
        "docs/made.md: line 4: there is no docs/articles/items.toml; correct the name"
        in sample.refused("build")
    )
