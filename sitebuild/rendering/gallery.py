"""Puts the list of all examples into the page `docs/examples.md`, a chapter below each heading.

That is done in the site that MkDocs built: search would find every example twice otherwise. The
pictures are in a file of their own for each chapter, which the page's script fetches for what comes
near the screen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..content import api_names, api_uses
from ..content.api_names import ApiNames
from ..problem import Problem
from .example_pages import GALLERY, Prepared
from .maker import Maker
from .render_cache import digest
from .templating import render

FILE = "examples/index.html"
"""The page, in the site."""


@dataclass(frozen=True)
class Entry:
    """An example, as the gallery shows it.

    Attributes:
        chapter: Its chapter.
        name: Its name, without the chapter.
        title: Its title.
        uses: The ids of asyncio's names that it uses.
        thumbnail: The paths of its picture; none if there is nothing to draw.
    """

    chapter: str
    name: str
    title: str
    uses: Sequence[str]
    thumbnail: Sequence[str]

    @classmethod
    def of(cls, prepared: Prepared, uses: Sequence[str]) -> Entry:
        """Return the entry of an example."""
        chapter, _, name = prepared.example.name.partition("/")
        title = prepared.example.title.rstrip(".")
        return cls(chapter, name, title, uses, prepared.thumbnail)


def find_uses(maker: Maker) -> dict[str, list[str]]:
    """Return the ids of asyncio's names that each example uses, by the example's name."""
    names = api_names.load(maker.project)
    key = digest(repr(names))
    return {
        name: maker.make("uses", example, key, partial(_uses, example.source, names))
        for name, example in maker.every.items()
    }


def _uses(source: str, names: ApiNames) -> list[str]:
    return sorted(api_uses.find_uses(source, names))


def write(site: Path, entries: Iterable[Entry]) -> list[Problem]:
    """Complete the page in the built site, and write the chapters' pictures.

    Args:
        site: The site, in which the page is as MkDocs built it.
        entries: All examples.

    Returns:
        A problem for each chapter that the page has no heading for.
    """
    page = site / FILE
    if not page.is_file():
        return []
    chapters: dict[str, list[Entry]] = {}
    for entry in entries:
        chapters.setdefault(entry.chapter, []).append(entry)
    every = [entry for chapter in chapters.values() for entry in chapter]
    count = Counter(id for entry in every for id in entry.uses)
    html = page.read_text(encoding="utf-8")
    filter_box = render("gallery_filter.html.jinja", count=len(every))
    first = html.find("<h2 id=")
    html = f"{html[:first]}{filter_box}{html[first:]}" if first >= 0 else html
    problems = []
    for chapter, examples in chapters.items():
        # The rarest names tell most about an example.
        cards = [(entry, sorted(entry.uses, key=lambda id: (count[id], id))) for entry in examples]
        section = render("gallery.html.jinja", chapter=chapter, cards=cards)
        heading = html.find(f' id="{chapter}">', max(first, 0))
        if heading < 0:
            cause = f"it has no heading for the examples of a chapter; add `## … {{ #{chapter} }}`"
            problems.append(Problem(f"docs/{GALLERY}", cause))
            continue
        end = html.index(">", html.index("</h2>", heading)) + 1
        html = f"{html[:end]}{section}{html[end:]}"
        pictures = {entry.name: entry.thumbnail for entry in examples if entry.thumbnail}
        (site / f"examples/{chapter}.json").write_text(
            json.dumps(pictures, separators=(",", ":")), encoding="utf-8"
        )
    page.write_text(html, encoding="utf-8")
    return problems
