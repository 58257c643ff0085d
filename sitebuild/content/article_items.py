"""The items of the five articles that the site grew out of: what each claims or asks, and what is
true.

In:  `docs/articles/items.toml`. Out: `Article`s and `Item`s, in order, or an error with everything
     that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import Any

import tomllib

from ..project import Project
from . import examples
from .examples import ExampleError
from .files import read_text, refuse_conflict
from .pages import PageError, listed, title_of

VERDICTS = {
    "right": "✓ Right",
    "incomplete": "◐ Right, with something missing",
    "wrong": "✗ Not so",
    "question": "? A question",
    "aside": "· An aside",
}
"""What an item may be, and how pages say it."""


@dataclass(frozen=True)
class Item:
    """One snippet, question or claim of an article."""

    id: str  # "S2-9"
    idea: str  # what the article asks or claims, in our words; Markdown
    verdict: str  # a key of VERDICTS
    today: str  # what is true today; Markdown
    examples: tuple[str, ...]  # that show it
    page: str  # that teaches it: "tasks/when-main-ends.md#what-happened"
    # Pythons whose output is shown beside the builder's, where it is another: ("3.14",)
    python: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        return self.id.partition("-")[0]

    @property
    def number(self) -> int:
        return int(self.id.partition("-")[2])


@dataclass(frozen=True)
class Article:
    """One of the five."""

    id: str  # "S2"
    title: str
    by: str  # where it stands, as far as we know
    gist: str  # what it gets right first, and where it has aged; Markdown
    short: str  # for the navigation

    @property
    def address(self) -> str:
        return f"{self.id.lower()}.md"


def load(project: Project) -> tuple[list[Article], list[Item]]:
    """Both in order. Raises ExampleError for an entry that is not as it must be, with all that is
    wrong.
    """
    file = project.docs / "articles/items.toml"
    where = project.relative(file)
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        # TOMLDecodeError, or a number with too many digits
        raise ExampleError(f"{where}: {_toml_fault(str(problem))}") from None
    articles: list[Article] = []
    items: list[Item] = []
    wrong: list[str] = []
    known, named = examples.find(project), {id for id in data if "-" not in id}
    for id, entry in data.items():
        kind = Item if "-" in id else Article
        faults = _shape_faults(kind, id, entry)
        if not faults and kind is Article:
            articles.append(Article(id=id, **entry))
        elif not faults:
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
            }
            items.append(Item(id=id, **values))
            faults = _faults(items[-1], project, known, named)
        wrong += [f"{where}: [{id}] {cause}" for cause in faults]
    if wrong:
        raise ExampleError("\n".join(wrong))
    return articles, sorted(items, key=lambda item: (item.article, item.number))


def _toml_fault(message: str) -> str:
    """The TOML reader's message, "... (at line 3, column 5)", with the line in front."""
    found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    line = f"line {found[2]}: " if found and found[2] else ""
    return (
        f"{line}it is not TOML: {found[1] if found else message}; is a quote or a bracket missing?"
    )


_ID = {"Article": re.compile(r"[A-Z][0-9]+"), "Item": re.compile(r"[A-Z][0-9]+-[0-9]+")}


def _shape_faults(kind: type[Article] | type[Item], id: str, entry: object) -> list[str]:
    """Return what keeps an entry from being an article or an item: its id, keys or their types."""
    name = kind.__name__
    if not _ID[name].fullmatch(id):
        return [f"an {name.lower()} is called like {'S2' if kind is Article else 'S2-9'}"]
    if not isinstance(entry, dict):
        return [f"it must be a table of its own, [{id}]"]
    faults = []
    parts = {part.name: part for part in fields(kind) if part.name != "id"}
    if unknown := [key for key in entry if key not in parts]:
        faults.append(f"unknown {listed(unknown)}; known are {', '.join(parts)}")
    if missing := [
        key for key, part in parts.items() if key not in entry and part.default is MISSING
    ]:
        faults.append(f"{listed(missing)} missing")
    for key, value in entry.items():
        if key not in parts:
            continue
        if parts[key].type == "str":
            if not isinstance(value, str):
                faults.append(f"{key} must be a text")
        elif not (isinstance(value, list) and all(isinstance(text, str) for text in value)):
            faults.append(f"{key} must be a list of texts")
    return faults


def _faults(item: Item, project: Project, known: Iterable[str], articles: set[str]) -> list[str]:
    faults = []
    if item.article not in articles:
        faults.append(f"there is no article {item.article}")
    if item.verdict not in VERDICTS:
        faults.append(f"verdict {item.verdict!r} is none of {', '.join(VERDICTS)}")
    faults += [f"there is no example {name}" for name in item.examples if name not in known]
    path, _, anchor = item.page.partition("#")
    page = project.docs / path
    if not page.is_file() or not re.fullmatch(r"[a-z0-9-]+(?:/[a-z0-9-]+)*\.md", path):
        faults.append(f"there is no page docs/{path}")
    elif anchor and f"#{anchor} }}" not in page.read_text(encoding="utf-8"):
        faults.append(f"docs/{path} has no heading with the id {anchor}")
    else:
        try:
            title_of(project, page)
        except PageError as problem:
            faults.append(f"leads to a page that is not in order: {problem}")
    if not item.idea.strip() or not item.today.strip():
        faults.append("it says nothing")
    return faults
