"""Puts a page that MkDocs does not build into the site's frame, taken from MkDocs's 404 page.

The 404 page is the only one whose links work at any address. Its title and its article are
replaced, and what the page says in its head is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate

from markupsafe import Markup

from .templating import render


@dataclass(frozen=True)
class Frame:
    """A page of MkDocs, and the places for another page's title, metadata and content.

    Attributes:
        html: The page.
        places: The (start, end, name) of each place, in order; offsets are in characters.
    """

    html: str
    places: tuple[tuple[int, int, str], ...]

    @classmethod
    def read(cls, html: str) -> Frame:
        """Find the places in a page.

        Raises:
            ValueError: The page lacks one of them.
        """
        found = _PlaceFinder(html).found
        if len(found) != 3:
            raise ValueError(
                "site/404.html: it has no title, article or icon to put another page in the"
                " place of; look at sitebuild/rendering/frame.py"
            )
        return cls(html, tuple(sorted((*place, name) for name, place in found.items())))

    def fill(self, title: str, body: Markup, head: Markup) -> str:
        """Return a page in the frame; everything outside the places is kept as it is.

        Args:
            title: Its title.
            body: Its content.
            head: The elements to add to its head.
        """
        replacements = {
            "title": render("title.html.jinja", title=title),
            "icon": head,  # inserted before the icon
            "article": render("article.html.jinja", body=body),
        }
        parts, position = [], 0
        for start, end, name in self.places:
            parts += [self.html[position:start], replacements[name]]
            position = end
        return "".join([*parts, self.html[position:]])


class _PlaceFinder(HTMLParser):
    """Finds the first title, the first icon and the first article of a page.

    Attributes:
        found: The (start, end) of each that was found, in characters, by its name.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[int, int]] = {}
        self._starts: dict[str, int] = {}
        self._line_starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._html = html
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a title or an article begins, or where the icon is."""
        if tag in ("title", "article"):
            self._starts.setdefault(tag, self._offset())
        elif tag == "link" and ("rel", "icon") in attrs:
            self.found.setdefault("icon", (self._offset(), self._offset()))

    def handle_endtag(self, tag: str) -> None:
        """Note where a title or an article ends."""
        if tag in self._starts and tag not in self.found:
            self.found[tag] = self._starts[tag], self._html.index(">", self._offset()) + 1

    def _offset(self) -> int:
        """Return the offset of the current tag in the page, in characters."""
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
