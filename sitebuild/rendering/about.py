"""Fills in what the about page can say only once the site is built.

The page has a place for each part: `<div data-filled="copy"></div>`.
"""

from __future__ import annotations

import platform
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ..content import citation, revision
from ..project import public_address, repository
from ..records.verified import version_key
from ..text import join_words
from .maker import Maker
from .page_links import report_address, source_address
from .templating import render

ADDRESS = "about/"
"""The address of the page."""

_PLACE = re.compile(r'<div data-filled="([a-z]+)"></div>')


@dataclass(frozen=True)
class _Python:
    """A Python, and how many examples ran on it."""

    version: str
    examples: int


def parts(maker: Maker) -> dict[str, Markup]:
    """Return the parts of the page, by the names of their places.

    Args:
        maker: What made the panels of this build.

    Raises:
        ProjectError: What the parts are made from cannot be read.
    """
    return {"copy": _copy(maker), "report": _report(), "cite": _cite(maker)}


def fill(html: str, parts: Mapping[str, Markup]) -> str:
    """Return a page with parts in their places; a place without a part is left as it is."""
    return _PLACE.sub(lambda place: parts.get(place[1], place[0]), html)


def _copy(maker: Maker) -> Markup:
    """Return when and where this copy of the site was built, and what ran on which Pythons."""
    headers = [maker.header(example) for example in maker.every.values()]
    ran = Counter(header.python for header in headers if header is not None)
    verified = Counter(
        python for example in maker.every.values() for python in maker.ran_on(example)
    )
    state = revision.read(maker.project)
    address = repository()
    return render(
        "about_copy.html.jinja",
        day=state and f"{state.day.day} {state.day:%B %Y}",
        commit=state and state.commit,
        commit_address=state and state.commit and address and f"{address}/commit/{state.commit}",
        machine=f"{platform.system()} ({platform.machine()})",
        examples=len(headers),
        ran_here=ran.total(),
        ran=join_words([f"{ran[python]} on Python {python}" for python in _sorted(ran)]),
        not_run=headers.count(None),
        pythons=[_Python(python, verified[python]) for python in _sorted(verified)],
    )


def _report() -> Markup:
    """Return how to report a mistake."""
    return render("about_report.html.jinja", repository=repository(), report=report_address())


def _cite(maker: Maker) -> Markup:
    """Return how to cite the course."""
    cited = citation.load(maker.project)
    return render(
        "about_cite.html.jinja",
        cited=cited,
        authors=cited and join_words(cited.authors),
        url=public_address() or repository(),
        file=source_address("CITATION.cff"),
    )


def _sorted(pythons: Counter[str]) -> list[str]:
    """Return versions of Python, lowest first."""
    return sorted(pythons, key=version_key)
