"""Makes the links at the foot of a page: edit it, report a mistake on it, read it as Markdown.

The first two need the address of the repository (`project.repository`); without one, they are left
out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from ..content.examples import Example
from ..content.pages import Page
from ..project import Project, public_address, repository
from .templating import render

FORM = "mistake.yml"
"""The form for mistakes, in .github/ISSUE_TEMPLATE; its fields are `page` and `example`."""

_BRANCH = "main"


@dataclass(frozen=True)
class _Link:
    """A link at the foot of a page."""

    text: str
    address: str


def page_foot(project: Project, page: Page) -> Markup:
    """Return the foot of a page of the course."""
    edited, text = page.path, "Edit this page"
    if page.made_from is not None:  # the next `make update` would overwrite the page itself
        edited, text = project.docs / page.made_from, "Edit the data that this page is made from"
    names = dict.fromkeys(call.name for call in page.calls)
    return _foot(page.address, text, project.relative(edited), names)


def example_foot(example: Example) -> Markup:
    """Return the foot of an example's own page."""
    return _foot(
        f"examples/{example.name}/", "Edit this example", example.file, [example.name], source=True
    )


def source_address(file: str) -> str | None:
    """Return the URL at which the repository shows a file, if there is a repository.

    Args:
        file: The file's path, relative to the project.
    """
    address = repository()
    return address and f"{address}/blob/{_BRANCH}/{quote(file)}"


def report_address(page: str = "", examples: Iterable[str] = ()) -> str | None:
    """Return the URL of the form for mistakes, if there is a repository.

    Args:
        page: The address of the page that the form is filled in for, relative to the site.
        examples: The names of the examples that it shows.
    """
    address = repository()
    if address is None:
        return None
    fields = {
        "template": FORM,
        "page": f"{public_address() or '/'}{page}",
        "example": ", ".join(examples),
    }
    return f"{address}/issues/new?{urlencode(fields, quote_via=quote)}"


def _foot(
    page: str, edit: str, file: str, examples: Iterable[str], *, source: bool = False
) -> Markup:
    """Return the foot of a page.

    Args:
        page: Its address, relative to the site.
        edit: The text of the link to what it is made from.
        file: What it is made from, relative to the project.
        examples: The names of the examples that it shows.
        source: Whether to link to that file too.
    """
    address, links = repository(), []
    report, view = report_address(page, examples), source_address(file)
    if address and report and view:
        links = [
            _Link(edit, f"{address}/edit/{_BRANCH}/{quote(file)}"),
            *([_Link("Source", view)] if source else []),
            _Link("Report a mistake", report),
        ]
    links.append(_Link("This page as Markdown", "index.md"))
    return render("page_foot.html.jinja", page=page, links=links)
