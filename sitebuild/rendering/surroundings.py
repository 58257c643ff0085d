"""Makes what stands around the text of a page: in its head, below its heading, and at its end.

It is put into the page that MkDocs built, so search does not index it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..content.pages import Page
from ..content.reading import minutes
from . import about, metadata
from .lesson import LessonLines, insert_line
from .maker import Maker, RenderedCall
from .page_links import page_foot
from .see_also import SeeAlso, insert_part


@dataclass(frozen=True)
class Around:
    """What stands around the text of one page.

    Attributes:
        head: The elements for its head.
        line: The line below its heading.
        see_also: The line at the end of what it says.
        foot: What comes after its text.
        parts: What fills places in its text, by their names, if it is the about page.
    """

    head: Markup
    line: Markup
    see_also: Markup
    foot: Markup
    parts: Mapping[str, Markup]

    def insert(self, html: str) -> str:
        """Return a page of MkDocs with all this in its places; one without a place goes without."""
        html = insert_part(insert_line(html, self.line), self.see_also)
        end_of_head, end = html.find("</head>"), html.rfind("</article>")
        if end > end_of_head > 0:
            html = f"{html[:end]}{self.foot}{html[end:]}"
            html = f"{html[:end_of_head]}{self.head}{html[end_of_head:]}"
        return about.fill(html, self.parts) if self.parts else html


class Surroundings:
    """Makes the surroundings of a course's pages.

    Args:
        maker: What made the panels of this build.
        cards: The paths of the examples' pictures for previews, by the examples' names.
        uses: The names of asyncio that each example uses, by the example's name.
        feed: Whether the site has a feed.
    """

    def __init__(
        self,
        maker: Maker,
        cards: Mapping[str, str],
        uses: Mapping[str, Sequence[str]],
        *,
        feed: bool,
    ) -> None:
        self._maker, self._cards, self._feed = maker, cards, feed
        self._lessons = LessonLines(maker.project, maker.pages)
        self.see_also = SeeAlso(maker.project, maker.pages, uses)

    def around(self, page: Page, shown: Iterable[RenderedCall]) -> Around:
        """Return the surroundings of a page.

        Args:
            page: The page.
            shown: Its panels.
        """
        panels = list(shown)
        cards = (self._cards.get(one.call.name) for one in panels)
        lines = sum(panel.lines for one in panels for panel in one.facts.panels)
        data = metadata.of_page(page, next(filter(None, cards), None), minutes(page.words, lines))
        return Around(
            metadata.head(data, feed=self._feed),
            self._lessons.line(page, panels),
            self.see_also.part(page),
            page_foot(self._maker.project, page),
            about.parts(self._maker) if page.address == about.ADDRESS else {},
        )
