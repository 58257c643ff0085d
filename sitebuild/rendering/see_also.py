"""Finds the lessons that lead on from a lesson, for the line at its end.

Lessons lead to those that build on them, and to those whose examples use the same names of asyncio;
a name that few lessons use counts for more. What the page already leads to, the page to read first
and the next one, is left out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from posixpath import dirname, join, normpath

from markupsafe import Markup

from ..content.files import read_text
from ..content.pages import Page
from ..project import Project
from .templating import render

_MOST = 4
_FEWEST = 2
_ALIKE = 0.25
"""From this likeness on (of less than 1), a lesson is listed even if two others are more alike."""

_BUILDS_ON = 0.5
"""What it adds to the likeness of a lesson that it names this one as to be read first."""

_SIBLING = 0.15
"""What it adds that both name the same lesson as to be read first."""

_DAMPING = 3.0
"""Weight that no lesson has: lessons that share nothing but common names are not alike."""

_NEXT = re.compile(r"Next: \[[^\]]*\]\(([^)#]+)")


class SeeAlso:
    """Finds what leads on from each lesson.

    Args:
        project: The project.
        pages: All pages.
        uses: The names of asyncio that each example uses, by the example's name.
    """

    def __init__(
        self, project: Project, pages: Iterable[Page], uses: Mapping[str, Sequence[str]]
    ) -> None:
        self._project = project
        self._lessons = [page for page in pages if page.is_lesson]
        self._files = {
            page.address: page.path.relative_to(project.docs).as_posix() for page in self._lessons
        }
        self._names = {
            page.address: {id for call in page.calls for id in uses.get(call.name, ())}
            for page in self._lessons
        }
        lessons_with = Counter(id for ids in self._names.values() for id in ids)
        self._weights = {
            id: math.log(len(self._lessons) / count) for id, count in lessons_with.items()
        }
        self._sizes = {address: self._weight(ids) for address, ids in self._names.items()}

    def find(self, page: Page) -> list[Page]:
        """Return the lessons that lead on from a page, the closest first; none for other pages."""
        if not page.is_lesson:
            return []
        own = self._files[page.address]
        text = read_text(self._project, page.path)
        linked = (normpath(join(dirname(own), name)) for name in _NEXT.findall(text))
        known = {own, *page.before, *linked}
        likeness = {
            other.address: self._likeness(page, other)
            + _BUILDS_ON * (own in other.before)
            + _SIBLING * (not set(page.before).isdisjoint(other.before))
            for other in self._lessons
            if self._files[other.address] not in known
        }
        found = sorted(
            (other for other in self._lessons if likeness.get(other.address)),
            key=lambda other: (-likeness[other.address], other.address),
        )
        return [
            other
            for place, other in enumerate(found[:_MOST])
            if place < _FEWEST or likeness[other.address] >= _ALIKE
        ]

    def part(self, page: Page) -> Markup:
        """Return the line for the end of a page; it is empty if nothing leads on."""
        found = self.find(page)
        return render("see_also.html.jinja", pages=found) if found else Markup()

    def _likeness(self, page: Page, other: Page) -> float:
        """Return how alike the names of two lessons are, from 0 to 1."""
        ours, theirs = self._names[page.address], self._names[other.address]
        size = math.sqrt(self._sizes[page.address] * self._sizes[other.address])
        return self._weight(ours & theirs) / (size + _DAMPING)

    def _weight(self, ids: set[str]) -> float:
        return math.fsum(self._weights[id] for id in ids)  # whose order does not matter


def insert_part(html: str, part: str) -> str:
    """Return a page with a part at the end of what it says, above what prints it."""
    end = re.compile(r'<p class="page-(?:print|source)">|</article>').search(
        html, max(html.find("<article"), 0)
    )
    return f"{html[: end.start()]}{part}{html[end.start() :]}" if end else html
