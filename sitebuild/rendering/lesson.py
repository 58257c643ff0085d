"""Makes the line below a lesson's heading: how long it takes, whom it is for, what to know first.

It is put into the page that MkDocs built, so search does not index it.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..content.pages import Page, address_of
from ..content.reading import minutes
from ..project import Project
from .maker import Shown
from .templating import render


def lesson_line(
    project: Project, page: Page, shown: Sequence[Shown], pages: Sequence[Page]
) -> Markup:
    """Return the line of a lesson; it is empty for other pages.

    Args:
        project: The project.
        page: The page.
        shown: Its panels.
        pages: All pages.
    """
    if not page.is_lesson:
        return Markup()
    by_address = {other.address: other for other in pages}
    return render(
        "lesson.html.jinja",
        place=page.place,
        places=sum(other.place is not None for other in pages),
        minutes=minutes(
            page.words, sum(panel.lines for one in shown for panel in one.facts.panels)
        ),
        audience=page.front_matter.get("audience"),
        before=[by_address[address_of(project, project.docs / name)] for name in page.before],
    )


def insert_line(html: str, line: str) -> str:
    """Return a page with a line below its heading; one without a heading is left as it is."""
    end = html.find("</h1>", html.find("<article"))
    if end < 0:
        return html
    below = html.index(">", end) + 1
    return f"{html[:below]}{line}{html[below:]}"
