"""The last step: what MkDocs built becomes the site, or is refused.

In:  the built pages, and what the examples' panels and pages are made of. Out: the panels in the
     place of what stood in for them, loopscope's files for the browser and the examples' own pages
     laid beside them, redirects from where pages once were, and the problems found.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..checks.site import check_site
from ..content.pages import Page, address_of
from ..problem import Problem
from ..project import Project
from ..rendering import stand_ins, stepper_data
from ..rendering.example_pages import Prepared, write, write_zip
from ..rendering.maker import Shown
from . import addresses


def finish(
    project: Project,
    site: Path,
    secret: str,
    panels: Iterable[tuple[Page, list[Shown]]],
    prepared: list[Prepared],
) -> list[Problem]:
    """Complete the built site in place.

    Args:
        project: What is built.
        site: What MkDocs made of it.
        secret: Of this build, by which it knows what stands in for panels.
        panels: Those of every page.
        prepared: The examples' own pages.

    Returns:
        What is wrong with it.
    """
    if not (site / "404.html").is_file():
        return [
            Problem(
                "mkdocs.yml",
                "MkDocs ended without building the site, and said nothing; does a plugin or a hook"
                " call sys.exit()?",
            )
        ]
    known: dict[str, PageFacts] = {}
    problems: list[Problem] = []
    for page, shown in panels:
        file = site / address_of(project, page.path) / "index.html"
        if not file.is_file():
            continue  # the check says so
        try:
            facts = fill_page(file, secret, shown)
        except stand_ins.StandInError as problem:
            problems.append(Problem(project.relative(page.path), str(problem)))
            continue
        if facts is not None:
            known[file.relative_to(site).as_posix()] = facts
    problems += [
        Problem(f"site/{file}", "what stands in for an example is where no example is shown")
        for file in stand_ins.left(site, secret)
    ]
    if problems:  # a page that tells the secret is looked at no further
        return problems
    lay_assets(site)
    known |= write(site, prepared)
    write_zip(site, [one.example for one in prepared])
    return [*addresses.leave_redirects(project, site), *check_site(project, site, known)]


def fill_page(file: Path, secret: str, shown: list[Shown]) -> PageFacts | None:
    """Put the panels of a page in their places.

    Args:
        file: The page that MkDocs built.
        secret: By which it is known what stands in for them.
        shown: The panels, in order.

    Returns:
        What a checker wants to know of the page; None where it must be read for that. The tree
        that a browser builds may be another than the text suggests, where a page closes something
        that it did not open.

    Raises:
        StandInError: The page does not have what stands in for these panels.
    """
    bare = file.read_text(encoding="utf-8")
    html = stand_ins.fill(bare, secret, [(one.call, one.html) for one in shown])
    if shown:
        file.write_text(html, encoding="utf-8")
    facts = parse_page(bare, secret)
    if list(facts.stand_ins) != [str(one.call) for one in shown]:
        return None
    return facts.filled([one.facts for one in shown])


def lay_assets(site: Path) -> None:
    """Lay loopscope's files for the browser beside MkDocs's."""
    for place, text in stepper_data.assets().items():
        (site / place).parent.mkdir(exist_ok=True)
        (site / place).write_text(text, encoding="utf-8")
