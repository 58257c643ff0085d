"""Writes the files by which programs find the site's pages.

- `llms.txt`, for language models: what there is to read, as Markdown.
- `sitemap.xml`, for search engines: the pages. MkDocs's own has a wrong date for each.
- `sitemap-examples.xml`: the examples' own pages. They are not in the other one, because the theme
  fetches that on every first visit.
- `robots.txt`, which names both, and `feed.xml`, a feed of changes.

All but the first two need the site's public address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..content.changelog import FILE, Change
from ..problem import Problem
from ..project import public_address, site_address
from .metadata import SITE_NAME, Metadata
from .templating import render

_SUMMARY = (
    "A course on Python's asyncio in which every line of output really happened: each program was"
    " run on its own event loop when the site was built, and the pages show what it printed and"
    " when."
)


@dataclass(frozen=True)
class _Entry:
    """An entry of the feed."""

    id: str
    address: str
    title: str
    day: str
    sentence: str


def write(site: Path, pages: Sequence[Metadata], changes: Sequence[Change]) -> list[Problem]:
    """Write the files into a built site.

    Args:
        site: The folder of the site.
        pages: Everything that can be found.
        changes: What has changed, the latest first.

    Returns:
        A problem for each change of a page that the site does not have.
    """
    titles = {page.address: page.title for page in pages}
    public = public_address()
    files = {
        "llms.txt": _llms(pages),
        "sitemap.xml": _sitemap(page for page in pages if page.kind != "example"),
    }
    if public is not None:
        files["sitemap-examples.xml"] = _sitemap(page for page in pages if page.kind == "example")
        files["robots.txt"] = "User-agent: *\nAllow: /\n\n" + "".join(
            f"Sitemap: {public}{name}\n" for name in files if name.startswith("sitemap")
        )
    if public is not None and has_feed(changes):
        entries = [_entry(change, titles.get(change.address, ""), public) for change in changes]
        files["feed.xml"] = render("feed.xml.jinja", site_name=SITE_NAME, entries=entries)
    for name, text in files.items():
        (site / name).write_text(text, encoding="utf-8")
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # of MkDocs's own
    return [
        Problem(FILE, f"there is no page /{change.address}; name its address of today")
        for change in changes
        if change.address not in titles
    ]


def has_feed(changes: Sequence[Change]) -> bool:
    """Return whether the site has a feed of its changes."""
    return public_address() is not None and bool(changes)


def _entry(change: Change, title: str, public: str) -> _Entry:
    """Return the entry of a change."""
    day = change.day.isoformat()
    # A tag URI stays the same when the site moves or the sentence is reworded (RFC 4151).
    name = f"tag:{urlsplit(public).hostname},{day}:/{change.address}"
    return _Entry(name, change.address, title, day, change.sentence)


def _sitemap(pages: Iterable[Metadata]) -> str:
    """Return the text of a sitemap."""
    addresses = [page.address for page in pages]
    return render("sitemap.xml.jinja", site=site_address(), addresses=addresses)


def _llms(pages: Sequence[Metadata]) -> str:
    """Return the text of llms.txt."""
    on_path = sorted((page for page in pages if page.place), key=lambda page: page.place or 0)
    sections = {
        "Start here, in this order": on_path,
        "Lessons": [page for page in pages if page.kind == "lesson" and not page.place],
        "Reference": [page for page in pages if page.kind in ("course", "reference")],
        # By convention, what is below this heading may be skipped.
        "Optional": [page for page in pages if page.kind == "example"],
    }
    text = f"# {SITE_NAME}\n\n> {_SUMMARY}\n"
    for heading, listed in sections.items():
        if listed:
            lines = "".join(f"{_line(page)}\n" for page in listed)
            text += f"\n## {heading}\n\n{lines}"
    return text


def _line(page: Metadata) -> str:
    """Return the line of a page in llms.txt."""
    title = page.title.replace("[", "\\[").replace("]", "\\]")
    link = f"- [{title}]({public_address() or ''}{page.address}index.md)"
    # All examples have the same kind of description, which says less than their titles.
    return link if page.kind == "example" or not page.description else f"{link}: {page.description}"
