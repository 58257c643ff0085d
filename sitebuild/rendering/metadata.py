"""Makes what a page's head tells search engines, previews of links, and readers of feeds.

Canonical links, Open Graph and structured data name the page by its URL. So a site without a public
address (`project.public_address`) has none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ..content.examples import Example
from ..content.pages import Page
from ..project import public_address
from .cards import HEIGHT, WIDTH
from .templating import render

SITE_NAME = "Awaited"
"""The name of the site."""

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
"""The licence of the text."""


@dataclass(frozen=True)
class Metadata:
    """What the head of a page says about it.

    Attributes:
        address: Its path on the site, relative to the root.
        title: Its title, in words that are clear without the site around it.
        description: A sentence about it, if there is one.
        kind: What it is: "course" (the home page), "lesson", "example" or "reference".
        card: Its picture for previews: the path of a PNG file on the site, if it has one.
        minutes: How many minutes it takes to read, if it is a lesson.
        place: Its place on the short path, if it is on it.
    """

    address: str
    title: str
    description: str | None
    kind: str
    card: str | None = None
    minutes: int | None = None
    place: int | None = None


def of_page(page: Page, card: str | None = None, minutes: int | None = None) -> Metadata:
    """Return the metadata of a page of the course.

    Args:
        page: The page.
        card: Its picture for previews, if it has one.
        minutes: How many minutes it takes to read, if that is known.
    """
    return Metadata(
        page.address,
        page.title,
        page.front_matter.get("description"),
        "course" if page.address == "" else "lesson" if page.is_lesson else "reference",
        card,
        minutes if page.is_lesson else None,
        page.place,
    )


def of_example(example: Example, card: str | None = None) -> Metadata:
    """Return the metadata of an example's own page."""
    return Metadata(
        f"examples/{example.name}/",
        example.title.rstrip("."),
        f"The program {example.path.name}, what it printed when it ran, and when.",
        "example",
        card,
    )


def head(page: Metadata, *, feed: bool = False, markdown: bool = True) -> Markup:
    """Return the elements for the head of a page.

    Args:
        page: The page.
        feed: Whether it leads to the feed.
        markdown: Whether it leads to its Markdown version.
    """
    public = public_address()
    return render(
        "head.html.jinja",
        page=page,
        site_name=SITE_NAME,
        card_size=(WIDTH, HEIGHT),
        data=public and _structured_data(page, public),
        feed=feed,
        markdown=markdown,
    )


def _structured_data(page: Metadata, public: str) -> dict[str, Any]:
    """Return a page's description in the vocabulary of schema.org, as JSON-LD."""
    url = f"{public}{page.address}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course" if page.kind == "course" else "LearningResource",
        "@id": url,
        "url": url,
        "name": page.title,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": LICENSE,
    }
    if page.description:
        data["description"] = page.description
    if page.card:
        data["image"] = f"{public}{page.card}"
    if page.kind == "course":
        return data | {"about": "asyncio, Python's library for concurrent code"}
    data |= {"learningResourceType": page.kind, "isPartOf": {"@type": "Course", "@id": public}}
    if page.minutes:
        data["timeRequired"] = f"PT{page.minutes}M"
    if page.place:
        data["position"] = page.place
    return data
