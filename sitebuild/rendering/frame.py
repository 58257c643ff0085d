"""The frame around an example's own page: the engine's 404 page, the one page whose links do not
depend on where it stands.

In:  the HTML of that page. Out: the same with an example's title, canonical address and content.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate

from markupsafe import Markup

from ..content.examples import Example
from .templating import render


@dataclass(frozen=True)
class Frame:
    """The engine's page, cut where an example's title, canonical address and content go."""

    html: str
    places: tuple[tuple[int, int, str], ...]  # in order: first character, end, what goes there

    @classmethod
    def read(cls, html: str) -> Frame:
        """Find the places of a page. What is kept of it stays as it is, byte for byte.

        Raises:
            ValueError: The page lacks one of them.
        """
        found = _Places(html).found
        if len(found) != 3:
            raise ValueError(
                "site/404.html: it has no title, article or icon to put an example's page in the"
                " place of; look at sitebuild/rendering/example_pages.py"
            )
        return cls(html, tuple(sorted((*place, name) for name, place in found.items())))

    def fill(self, example: Example, body: Markup) -> str:
        """Return the page of an example."""
        new = {
            "title": render("title.html.jinja", title=example.title.rstrip(".")),
            "icon": render("canonical.html.jinja", name=example.name),  # before it
            "article": render("article.html.jinja", body=body),
        }
        parts, done = [], 0
        for start, end, name in self.places:
            parts += [self.html[done:start], new[name]]
            done = end
        return "".join([*parts, self.html[done:]])


class _Places(HTMLParser):
    """Where the first title, the first icon and the first article of a page stand in its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[int, int]] = {}
        self._begun: dict[str, int] = {}
        self._lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._html = html
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("title", "article"):
            self._begun.setdefault(tag, self._place())
        elif tag == "link" and ("rel", "icon") in attrs:
            self.found.setdefault("icon", (self._place(), self._place()))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._begun and tag not in self.found:
            self.found[tag] = self._begun[tag], self._html.index(">", self._place()) + 1

    def _place(self) -> int:
        """Of the tag that is being read: its first character, from the page's beginning."""
        line, column = self.getpos()
        return self._lines[line - 1] + column
