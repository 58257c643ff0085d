"""Keeps every published address alive: of pages, anchors, examples and embeds.

`addresses.txt` lists all addresses that were ever published, one a line. A page may move if
`redirects.txt` has a line `old new` for it; the site then has a page at the old address that
redirects to the new one.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..checks.page_parser import parse_page
from ..content.files import ProjectError, read_text, refuse_conflict, write_text
from ..problem import Problem
from ..project import Project, base_path
from ..rendering.templating import render

_PAGE = re.compile(r"/((?!\.+/)[A-Za-z0-9._~-]{1,200}/)*")


def published(site: Path) -> list[str]:
    """Return all addresses of a built site, in order: pages, their anchors, and downloads.

    The records for the stepper are left out, because which of them there are depends on the Pythons
    of the machine.
    """
    addresses = []
    for path in sorted(site.rglob("*")):
        address = path.relative_to(site).as_posix()
        if path.name == "index.html":
            page = parse_page(path.read_text(encoding="utf-8"))
            if not page.redirects:
                page_address = f"/{address.removesuffix('index.html')}"
                addresses.append(page_address)
                addresses += [f"{page_address}#{anchor}" for anchor in page.headings]
        elif path.is_file() and (
            address.startswith("examples/")
            and path.suffix in (".py", ".sh")
            or address == "examples.zip"
        ):
            addresses.append(f"/{address}")
    return addresses


def listed(project: Project) -> list[str]:
    """Read the list of all addresses ever published.

    Git merges the list by keeping the lines of both branches (`merge=union` in `.gitattributes`),
    so the file may contain an address twice, or out of order.

    Returns:
        Each address once, sorted.

    Raises:
        ProjectError: The file cannot be read, or one of its lines is not an address.
    """
    file = project.root / "addresses.txt"
    if not file.exists():
        return []
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("/") or line != line.strip():
            raise ProjectError(
                f"addresses.txt: line {number} is no address, /like/this/; delete it, then run"
                " `make update`"
            )
    return sorted(set(text.splitlines()))


def redirects(project: Project) -> dict[str, str]:
    """Read the new address of each page that moved, by its old one.

    Raises:
        ProjectError: The file cannot be read, or has wrong lines; the message names them all.
    """
    file = project.root / "redirects.txt"
    if not file.exists():
        return {}
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    result: dict[str, str] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != 2 or not all(_PAGE.fullmatch(part) for part in parts):
            errors.append(
                f"redirects.txt: line {number} must be two addresses of pages, /old/ /new/"
            )
        elif parts[0] == parts[1]:
            cause = f"line {number} leads from {parts[0]} to itself; delete it"
            errors.append(f"redirects.txt: {cause}")
        elif result.setdefault(parts[0], parts[1]) != parts[1]:
            errors.append(
                f"redirects.txt: line {number} leads from {parts[0]} to another page than a line"
                " before it; keep one"
            )
    if errors:
        raise ProjectError("\n".join(errors))
    return result


def leave_redirects(project: Project, site: Path) -> list[Problem]:
    """Write a page at each old address that redirects to the new one, keeping the anchor.

    Returns:
        The problems of `redirects.txt`.

    Raises:
        ProjectError: `redirects.txt` cannot be read, or has wrong lines.
    """
    moved = redirects(project)
    pages = {
        address for address in (*moved, *moved.values()) if _page_file(site, address).is_file()
    }
    problems = []
    for old, new in moved.items():
        if old in pages:
            problems.append(
                Problem(
                    "redirects.txt",
                    f"it leads away from {old}, where there is a page; delete that line",
                )
            )
            continue
        if new not in pages:
            problems.append(
                Problem(
                    "redirects.txt",
                    f"it leads from {old} to {new}, where there is no page; name its address of"
                    " today",
                )
            )
            continue
        file = _page_file(site, old)
        if any(folder.is_file() for folder in file.parents):
            cause = (
                f"it leads away from {old}, and a part of that is a file of the site; delete that"
                " line"
            )
            problems.append(Problem("redirects.txt", cause))
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            render("moved.html.jinja", target=f"{base_path()}{new.lstrip('/')}"), encoding="utf-8"
        )
    return problems


def _page_file(site: Path, address: str) -> Path:
    """Return the file of the page at an address."""
    return site / address.strip("/") / "index.html"


def check(project: Project, site: Path) -> list[Problem]:
    """Check that every published address still exists, and that every new one is listed.

    Args:
        project: The project.
        site: The built site.

    Returns:
        A problem for each address that is gone, and one for all that are new.

    Raises:
        ProjectError: `addresses.txt` or `redirects.txt` cannot be read, or is wrong.
    """
    in_order = published(site)
    now, known, moved = set(in_order), listed(project), redirects(project)
    problems = []
    for address in known:
        page, _, anchor = address.partition("#")
        final = moved.get(page, page) + (f"#{anchor}" if anchor else "")
        # Records used to be listed; the example of such a record must still exist.
        if final.endswith(".json"):
            final = f"{final.removesuffix('.json')}/"
        if final not in now and not _leads_to_element(site, final):
            problems.append(
                Problem(
                    "addresses.txt",
                    f"{address} was published and leads nowhere now; bring it back, or name its"
                    " page's new address in redirects.txt",
                )
            )
    new = [address for address in in_order if address not in set(known)]
    if new:
        problems.append(
            Problem(
                "addresses.txt",
                f"{len(new)} new addresses are not listed ({new[0]} …); run `make update`",
            )
        )
    return problems


def _leads_to_element(site: Path, address: str) -> bool:
    """Return whether an address leads to an element of a page that is no heading, or no more."""
    page, _, anchor = address.partition("#")
    file = _page_file(site, page)
    return (
        bool(anchor)
        and file.is_file()
        and anchor in parse_page(file.read_text(encoding="utf-8")).ids
    )


def add_new(project: Project, site: Path) -> int:
    """Add the new addresses of a built site to the list, which stays sorted; none is removed.

    Returns:
        How many were added.

    Raises:
        ProjectError: `addresses.txt` cannot be read or written, or is wrong.
    """
    known = listed(project)
    new = set(published(site)) - set(known)
    file, text = (
        project.root / "addresses.txt",
        "".join(f"{address}\n" for address in sorted({*known, *new})),
    )
    if not file.exists() or read_text(project, file) != text:
        write_text(project, file, text)
    return len(new)
