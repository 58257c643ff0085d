"""What a checker wants to know of a page.

In:  HTML. Out: its links, ids, panels, what it loads, and the text outside of panels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

_LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_LINK_LOADS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}


# Most of a page's tags, colours and pictures above all, tell a checker nothing.
_DULL = re.compile(
    r"</?(?!(?:a|code|div|link|script|style|img|iframe|source|video|audio|embed|object)\b)(?![^<>]*\sid=)[a-z][^<>]*>", re.IGNORECASE
)


@dataclass
class Seen(HTMLParser):
    """What a checker wants to know of one page."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    panels: list[tuple[str, str]] = field(default_factory=list)  # (example, what it shows)
    empty: list[str] = field(default_factory=list)
    text: str = ""  # what stands outside of panels

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._depth = 0  # of <div> inside a panel
        self._code: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADING and given.get(_LOADING[tag]):
            self.loads.append(given[_LOADING[tag]])
        if tag == "link" and _LINK_LOADS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        if tag == "div":
            if self._depth:
                self._depth += 1
            elif "data-example" in given:
                self._depth = 1
                self.panels.append((given["data-example"], given["data-shows"]))
        if tag == "code" and self._depth:
            self._code = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1
        if tag == "code" and self._code is not None:
            if not self._code.strip():
                self.empty.append(self.panels[-1][0])
            self._code = None

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code += data
        elif not self._depth:
            self.text += data


@cache  # what is prepared while MkDocs works is looked at then, and known when the site is checked
def look(html: str) -> Seen:
    """Read a page, or a part of one."""
    seen = Seen()
    seen.feed(_DULL.sub("", html))
    return seen
