"""Finishes the site that MkDocs built, and checks it.

Stand-ins are replaced by panels, and pages get what stands around their text. Then the browser's
files, the examples' own pages, the gallery, what readers search, redirects from old addresses, and
the files by which programs find the pages are added.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..checks import css
from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..checks.site import check_site
from ..content import changelog
from ..content.files import read_text
from ..content.pages import Page
from ..problem import Problem
from ..project import Project
from ..rendering import (
    discovery,
    error_pages,
    gallery,
    metadata,
    not_found,
    search,
    search_data,
    stand_ins,
    stepper_data,
)
from ..rendering.example_files import write, write_zip
from ..rendering.example_pages import Prepared, card_path
from ..rendering.maker import Maker, RenderedCall
from ..rendering.markdown_page import markdown_page
from ..rendering.search_data import Entry
from ..rendering.surroundings import Around, Surroundings
from . import addresses


class Finished(NamedTuple):
    """What finishing a site gives.

    Attributes:
        problems: The problems of the site.
        entries: What the search knows of each page, by the page's file.
    """

    problems: list[Problem]
    entries: dict[Path, Entry]


def finish(
    maker: Maker,
    site: Path,
    secret: str,
    panels: Sequence[tuple[Page, list[RenderedCall]]],
    prepared: list[Prepared],
) -> Finished:
    """Complete the built site in place.

    Args:
        maker: What made the panels and pages; it caches what is found in stylesheets.
        site: The folder that MkDocs built the site in.
        secret: The secret of this build, which its stand-ins contain.
        panels: Each page, with its panels.
        prepared: The examples' own pages.

    Raises:
        ProjectError: `mkdocs.yml`, `redirects.txt`, `changes.txt` or the data of the error index
            cannot be read, or is wrong.
    """
    project = maker.project
    if not (site / "404.html").is_file():
        problem = Problem(
            "mkdocs.yml",
            "MkDocs ended without building the site, and said nothing; does a plugin or a hook"
            " call sys.exit()?",
        )
        return Finished([problem], {})
    entries: dict[Path, Entry] = {}
    known: dict[str, PageFacts] = {}
    problems: list[Problem] = []
    pages, uses = [page for page, _ in panels], gallery.find_uses(maker)
    changes = changelog.load(project)
    cards = {one.example.name: card_path(one.example) for one in prepared if one.card is not None}
    surroundings = Surroundings(maker, cards, uses, feed=discovery.has_feed(changes))
    for page, shown in panels:
        file = site / page.address / "index.html"
        if not file.is_file():
            continue  # `check_site` reports it
        entries[page.path] = search_data.read_entry(page, file.read_text(encoding="utf-8"), maker)
        try:
            facts = fill_page(file, secret, shown, surroundings.around(page, shown))
            write_markdown(project, page, file, shown)
        except stand_ins.StandInError as problem:
            problems.append(Problem(project.relative(page.path), str(problem)))
            continue
        if facts is not None:
            known[file.relative_to(site).as_posix()] = facts
    problems += [
        Problem(f"site/{file}", "it holds the placeholder of an example where no example is shown")
        for file in stand_ins.left(site, secret)
    ]
    if problems:  # pages that contain the secret are not checked any further
        return Finished(problems, entries)
    remove_theme_search(site)
    lay_assets(maker, site)
    known |= write(site, prepared)
    write_zip(project, site, maker.every.values())
    not_found.write(site, pages, maker.every.values())
    search_data.write(site, project, entries.values())
    shown_examples = [gallery.Entry.of(one, uses[one.example.name]) for one in prepared]
    problems += gallery.write(site, shown_examples)
    known.pop(gallery.FILE, None)  # it is read again, with what was put into it
    problems += write_discovery(maker, site)
    problems += addresses.leave_redirects(project, site)
    problems += check_site(project, site, known, lambda style: _find_urls(maker, style))
    return Finished(problems, entries)


def _find_urls(maker: Maker, style: str) -> list[str]:
    """Return the URLs in a stylesheet. Most are the theme's, which seldom changes."""
    urls: list[str] = maker.cache.get(
        "style", style, lambda: list(css.find_urls(style)), lambda: True
    )
    return urls


def fill_page(
    file: Path, secret: str, shown: list[RenderedCall], around: Around | None = None
) -> PageFacts | None:
    """Put what stands around its text into a page, and its panels in place of the stand-ins.

    Args:
        file: The page that MkDocs built.
        secret: The secret of the build, which the stand-ins contain.
        shown: The panels, in order.
        around: What stands around the text.

    Returns:
        What the checks need to know of the page. None if they must parse the finished page
        instead: where a page closes elements that it did not open, a browser's tree may differ
        from what the text suggests.

    Raises:
        StandInError: The page's stand-ins do not match the panels.
    """
    unfilled = file.read_text(encoding="utf-8")
    if around is not None:
        unfilled = around.insert(unfilled)
    html = stand_ins.fill(unfilled, secret, [(one.call, one.html) for one in shown])
    if shown or around is not None:
        file.write_text(html, encoding="utf-8")
    facts = parse_page(unfilled, secret)
    if list(facts.stand_ins) != [str(one.call) for one in shown]:
        return None
    return facts.filled([one.facts for one in shown])


def write_markdown(project: Project, page: Page, file: Path, shown: list[RenderedCall]) -> None:
    """Write the Markdown version of a page beside it.

    Args:
        project: The project.
        page: The page.
        file: The page that MkDocs built.
        shown: Its panels, in order.
    """
    markdown = markdown_page(page, read_text(project, page.path), [one.markdown for one in shown])
    file.with_suffix(".md").write_text(markdown, encoding="utf-8")


def write_discovery(maker: Maker, site: Path) -> list[Problem]:
    """Write the files by which programs find the pages.

    Args:
        maker: What has the pages and the examples.
        site: The folder of the site.

    Returns:
        The problems of `changes.txt`.

    Raises:
        ProjectError: `changes.txt` cannot be read, or has wrong lines.
    """
    found = [
        *(metadata.of_page(page) for page in maker.pages),
        *(metadata.of_example(example) for example in maker.every.values()),
    ]
    return discovery.write(site, found, changelog.load(maker.project))


_COMMENT = {".css": r"(?s)/\*.*?\*/\n?", ".js": r"(?ms)^[ \t]*(?:/\*.*?\*/|//[^\n]*)\n"}
"""A comment in our styles, and one on lines of its own in our scripts. No string there has one."""


def remove_theme_search(site: Path) -> None:
    """Remove the theme's search, which pages do not use: its index and its scripts."""
    for folder in ("search", "assets/javascripts/lunr", "assets/javascripts/workers"):
        shutil.rmtree(site / folder, ignore_errors=True)


def lay_assets(maker: Maker, site: Path) -> None:
    """Write the browser's files that are made here into the site; ship no comments in assets."""
    found = error_pages.assets(maker.project, maker.every)
    for path, text in (stepper_data.assets() | search.assets() | found).items():
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    for file in (site / "assets").iterdir():
        if file.suffix in _COMMENT:
            text = re.sub(_COMMENT[file.suffix], "", file.read_text(encoding="utf-8"))
            file.write_text(text, encoding="utf-8")
