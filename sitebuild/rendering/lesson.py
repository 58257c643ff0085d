"""Makes what stands below a page's heading: a line on a lesson, and what the page answers.

The line says how long the lesson takes, whom it is for, and what to know first.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from ..content.pages import Page, address_of
from ..content.reading import minutes
from ..project import Project
from .maker import RenderedCall
from .templating import render


class LessonLines:
    """Makes what stands below the headings of a course's pages.

    Args:
        project: The project.
        pages: All pages.
    """

    def __init__(self, project: Project, pages: Iterable[Page]) -> None:
        self._project = project
        self._pages = {page.address: page for page in pages}
        self._places = sum(page.place is not None for page in self._pages.values())

    def line(self, page: Page, shown: Iterable[RenderedCall]) -> Markup:
        """Return what stands below a page's heading: the line of a lesson, and what it answers.

        Args:
            page: The page.
            shown: Its panels.
        """
        answers = render("answers.html.jinja", answers=page.answers) if page.answers else Markup()
        if not page.is_lesson:
            return answers
        lines = sum(panel.lines for one in shown for panel in one.facts.panels)
        docs = self._project.docs
        before = [self._pages[address_of(self._project, docs / name)] for name in page.before]
        facts = render(
            "lesson.html.jinja",
            place=page.place,
            places=self._places,
            minutes=minutes(page.words, lines),
            audience=page.front_matter.get("audience"),
            before=before,
        )
        return facts + answers


def insert_line(html: str, line: str) -> str:
    """Return a page with a line below its heading; one without a heading is left as it is."""
    end = html.find("</h1>", html.find("<article"))
    if end < 0:
        return html
    below = html.index(">", end) + 1
    return f"{html[:below]}{line}{html[below:]}"
