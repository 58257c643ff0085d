"""Reads `docs/articles/items.toml`: what the five articles claim or ask, and what is true.

The course grew out of these articles; its pages answer all of their items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..project import Project
from ..text import join_words
from . import examples
from .examples import ExampleError
from .pages import target_faults
from .toml_tables import read_tables, shape_faults

VERDICTS = {
    "right": "✓ Right",
    "incomplete": "◐ Partly right",
    "dated": "↻ Once right, changed since",
    "wrong": "✗ Wrong",
    "question": "? A question",
    "aside": "· An aside",
}
"""The verdicts that an item may have, and the text that pages show for each."""


@dataclass(frozen=True)
class Item:
    """A snippet, question or claim in an article.

    Attributes:
        id: The article's id and the item's number: "S2-9".
        subject: What it is about, in a few words: the item's heading; Markdown.
        idea: What the article asks or claims, paraphrased; Markdown.
        verdict: A key of `VERDICTS`.
        today: What is true today; Markdown.
        examples: Names of the examples that show it.
        page: The page that teaches it: "tasks/when-main-ends.md#what-happened".
        python: Pythons whose output is shown as well if it differs: ("3.14",).
    """

    id: str
    subject: str
    idea: str
    verdict: str
    today: str
    examples: tuple[str, ...]
    page: str
    python: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """The article's id: "S2"."""
        return self.id.partition("-")[0]

    @property
    def number(self) -> int:
        """The item's number in its article."""
        return int(self.id.partition("-")[2])


@dataclass(frozen=True)
class Article:
    """An article that the course follows.

    Attributes:
        id: Its id: "S2".
        title: Its title.
        by: Its author, and where and when it was published, as far as is known; Markdown.
        gist: What it gets right, and what is out of date; Markdown.
        short: What its page is called in the navigation and by search engines.
        note: What our copy of its programs lacks, which counts against no verdict; Markdown.
    """

    id: str
    title: str
    by: str
    gist: str
    short: str
    note: str = ""

    @property
    def address(self) -> str:
        """The file of its page in `docs/articles/`."""
        return f"{self.id.lower()}.md"


def load(project: Project) -> tuple[list[Article], list[Item]]:
    """Read the articles and their items.

    Returns:
        The articles in the file's order, and the items sorted by article and number.

    Raises:
        ExampleError: The file is not TOML, or some entries are invalid; the message has a line for
            each problem.
    """
    file = project.docs / "articles/items.toml"
    where = project.relative(file)
    data = read_tables(project, file)
    articles: list[Article] = []
    items: list[Item] = []
    wrong: list[str] = []
    known, named = examples.find(project), {id for id in data if "-" not in id}
    for id, entry in data.items():
        kind = Item if "-" in id else Article
        faults = _shape_faults(kind, id, entry)
        if faults or not isinstance(entry, dict):
            pass
        elif kind is Article:
            articles.append(Article(id=id, **entry))
        else:
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
            }
            items.append(Item(id=id, **values))
            faults = _item_faults(items[-1], project, known, named)
        wrong += [f"{where}: [{id}] {cause}" for cause in faults]
    if wrong:
        raise ExampleError("\n".join(wrong))
    return articles, sorted(items, key=lambda item: (item.article, item.number))


_ID = {"Article": re.compile(r"[A-Z][0-9]+"), "Item": re.compile(r"[A-Z][0-9]+-[0-9]+")}


def _shape_faults(kind: type[Article] | type[Item], id: str, entry: object) -> list[str]:
    """Return what is wrong with the id of an entry, its keys and the types of its values."""
    name = kind.__name__
    if not _ID[name].fullmatch(id):
        return [f"the id of an {name.lower()} must look like {'S2' if kind is Article else 'S2-9'}"]
    return shape_faults(kind, id, entry)


def _item_faults(
    item: Item, project: Project, known: Iterable[str], articles: set[str]
) -> list[str]:
    """Return what is wrong with the values of an item.

    Args:
        item: The item.
        project: The project whose pages and examples it names.
        known: Names of all examples.
        articles: Ids of all articles.
    """
    faults = []
    if item.article not in articles:
        faults.append(f"there is no article {item.article}")
    if item.verdict not in VERDICTS:
        faults.append(f"verdict {item.verdict!r} must be one of {', '.join(VERDICTS)}")
    faults += [f"there is no example {name}" for name in item.examples if name not in known]
    faults += target_faults(project, item.page)
    if empty := [key for key in ("subject", "idea", "today") if not getattr(item, key).strip()]:
        faults.append(f"{join_words(empty)} must not be empty")
    return faults
