"""Finds the place of each example in the course: the pages that show it, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from ..content.pages import Page
from .maker import Maker


@dataclass(frozen=True)
class Place:
    """The pages that show an example, and its neighbours among all examples.

    Attributes:
        used: The (address, title) of each page that shows it.
        before: The name of the previous example, if any.
        after: The name of the next example, if any.
    """

    used: list[tuple[str, str]]
    before: str | None
    after: str | None


def places(maker: Maker) -> dict[str, Place]:
    """Return the place of each example, by its name."""
    used, names = _uses(maker.pages), [None, *maker.every, None]
    return {
        name: Place(used.get(name, []), before, after)
        for name, before, after in zip(maker.every, names, names[2:], strict=False)
    }


def _uses(pages: list[Page]) -> dict[str, list[tuple[str, str]]]:
    """Return the (address, title) of the pages that show each example, by its name."""
    uses: dict[str, list[tuple[str, str]]] = {}
    # Lessons come first, because they explain the example.
    for page in sorted(pages, key=lambda page: (not page.is_lesson, page.path)):
        for name in dict.fromkeys(call.name for call in page.calls):
            uses.setdefault(name, []).append((page.address, page.title))
    return uses
