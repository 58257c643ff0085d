"""Generates the pages of the five articles that the site grew out of.

There is a Markdown page under `docs/articles/` for each article in `content.article_items`, and one
that lists them. `make update` generates them, and they are tracked, so that reviewers see what
changes; a test compares them with the data.
"""

from __future__ import annotations

from collections import Counter

from ..content.article_items import VERDICTS, Article, Item, load
from ..project import Project
from ..text import join_words
from .generated_pages import escaped_title, front_matter, show_block, write_pages
from .templating import render

_COUNTED = {
    "right": "right",
    "incomplete": "partly right",
    "dated": "once right",
    "wrong": "wrong",
}
"""How a sentence counts the items with a verdict."""

_OTHER = ("question", "aside")
"""The verdicts of items that claim nothing."""


def generate(project: Project) -> dict[str, str]:
    """Return the text of each page under docs/articles/, by file name.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    articles, items = load(project)
    pages = {
        article.address: _page(
            article, [item for item in items if item.article == article.id], project
        )
        for article in articles
    }
    return {"index.md": _index(articles, items, project), **pages}


def write(project: Project) -> list[str]:
    """Write the pages that are not up to date.

    Returns:
        A message for each page that was written.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    if not (project.docs / "articles/items.toml").is_file():
        return []
    return write_pages(project, "articles", generate(project), "items.toml")


def _page(article: Article, items: list[Item], project: Project) -> str:
    """Return the page of an article."""
    shown: dict[str, str] = {}  # example -> the item that shows it
    parts = [
        front_matter(
            f"{article.short}, re-run",
            f"What “{article.title}” says about asyncio, item by item, each with a program that ran"
            " and what it printed.",
            "articles/items.toml",
        ),
        f"# “{article.title}”, re-run\n",
        f"{article.by}\n\n{article.gist}\n",
        f"{_summary(items)}\n",
        "We say in our own words what the article says, and we wrote every program ourselves."
        f" {article.note}".rstrip()
        + "\n",
    ]
    for item in items:
        parts.append(_entry(item, shown, project))
    return "\n".join(parts)


def _entry(item: Item, shown: dict[str, str], project: Project) -> str:
    """Return the section of an item, and add the examples that it shows to `shown`."""
    lines = [
        f"## {item.subject.strip()} {{ #{item.id.lower()} }}\n",
        f"**In the article** <small>({item.id})</small>: {item.idea.strip()}\n",
        f"**{VERDICTS[item.verdict]}.** {item.today.strip()}\n",
    ]
    more = []
    for name in item.examples:
        pythons = [
            python for python in item.python if (project.examples / f"{name}.{python}.out").exists()
        ]
        if name not in shown and (name == item.examples[0] or pythons):
            shown[name] = item.id
            lines.append(show_block(*_calls(name, pythons)))
        elif name in shown:
            more.append(f"[`{name}`](#{shown[name].lower()})")
        else:
            more.append(_link("../../", name))
    if more:
        lines.append(f"See also {join_words(more)}.\n")
    lines.append(f"Covered in [{escaped_title(project, item.page)}](../{item.page}).\n")
    return "\n".join(lines)


def _calls(name: str, pythons: list[str]) -> list[str]:
    """Return the calls that show an example, and its output on other Pythons."""
    return [
        f'"{name}", picture=False',
        *(f'"{name}", source=False, picture=False, python="{python}"' for python in pythons),
    ]


def _index(articles: list[Article], items: list[Item], project: Project) -> str:
    """Return the page that lists all articles and items."""
    parts = [
        front_matter(
            "Five articles on asyncio, re-run",
            "The five articles on asyncio that this course grew out of, item by item: what they say"
            " or ask, and what really happens today.",
            "articles/items.toml",
        ),
        "# Five articles on asyncio, re-run\n",
        "This course grew out of five published articles on asyncio. Here is nearly every snippet, question and claim from them, checked on "
        "today's Python, with its output, a verdict, and a link to the course page that covers it.\n",
    ]
    for article in articles:
        own = [item for item in items if item.article == article.id]
        parts.append(f"- [{article.title}]({article.address}). {_summary(own)}")
    parts.append(
        "\n“Partly right” means that a claim holds in part or only under certain conditions, or leaves out something you need today. "
        "“Once right” means that it held, or worked, on an older Python, but things have changed since.\n"
    )
    for article in articles:
        parts.append(f"## {article.title} {{ #{article.id.lower()} }}\n")
        parts.append("| item | verdict | covered in |\n| --- | --- | --- |")
        for item in (item for item in items if item.article == article.id):
            parts.append(
                f"| [{item.subject.strip()}]({article.address}#{item.id.lower()}) <small>{item.id}</small> | {VERDICTS[item.verdict]} | "
                f"[{escaped_title(project, item.page)}](../{item.page}) |"
            )
        parts.append("")
    return "\n".join(parts)


def _link(root: str, name: str) -> str:
    """Return a link to an example's own page; `root` is the relative path to the site's root."""
    return str(render("example_link.html.jinja", to=root, name=name))


def _summary(items: list[Item]) -> str:
    """Return a sentence that counts the verdicts."""
    counts = Counter(item.verdict for item in items)
    words = [f"{counts[verdict]} {text}" for verdict, text in _COUNTED.items() if counts[verdict]]
    if others := sum(counts[verdict] for verdict in _OTHER):
        words.append(f"{others} {'question or aside' if others == 1 else 'questions or asides'}")
    return f"{len(items)} items: {join_words(words)}."
