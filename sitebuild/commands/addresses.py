"""Addresses are for ever: every page, anchor, example and embed ever published still leads
somewhere.

In:  a built site, `addresses.txt` (the addresses ever published, a line each) and `redirects.txt`
     (`old new`, a line each). Out: what is new, what leads nowhere, and a page at each old address
     that leads to the new one.
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
    """Every address of a built site, in order: pages, their anchors, downloads.

    The records for the stepper are left out: whether there is anything to step through depends on
    the Pythons of the machine.
    """
    found = []
    for path in sorted(site.rglob("*")):
        address = path.relative_to(site).as_posix()
        if path.name == "index.html":
            page = parse_page(path.read_text(encoding="utf-8"))
            if not page.redirects:
                home = f"/{address.removesuffix('index.html')}"
                found += [home, *(f"{home}#{anchor}" for anchor in page.headings)]
        elif path.is_file() and (
            address.startswith("examples/")
            and path.suffix in (".py", ".sh")
            or address == "examples.zip"
        ):
            found.append(f"/{address}")
    return found


def listed(project: Project) -> list[str]:
    """The addresses ever published, each once, in order.

    Git merges the list by taking the lines of both branches (`merge=union` in `.gitattributes`), so
    it may hold one twice, or out of order.

    Raises:
        ProjectError: The file cannot be read, or is no list of addresses.
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
    """Old address -> new one.

    Raises:
        ProjectError: The file cannot be read, or has lines that are not two addresses; with all of
            them.
    """
    file = project.root / "redirects.txt"
    if not file.exists():
        return {}
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    result: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != 2 or not all(_PAGE.fullmatch(part) for part in parts):
            wrong.append(
                f"redirects.txt: line {number} must be two addresses of pages, /old/ /new/"
            )
        elif parts[0] == parts[1]:
            wrong.append(f"redirects.txt: line {number} leads from {parts[0]} to itself; delete it")
        elif result.setdefault(parts[0], parts[1]) != parts[1]:
            wrong.append(
                f"redirects.txt: line {number} leads from {parts[0]} to another page than a line"
                " before it; keep one"
            )
    if wrong:
        raise ProjectError("\n".join(wrong))
    return result


def leave_redirects(project: Project, site: Path) -> list[Problem]:
    """A page at each old address that leads on, with the anchor that was asked for. Gives what is
    wrong with `redirects.txt`.
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
    return site / address.strip("/") / "index.html"


def check(project: Project, site: Path) -> list[Problem]:
    """What is wrong: an address that led somewhere once and no longer does, or one that is not
    listed yet.
    """
    in_order = published(site)
    now, known, moved = set(in_order), listed(project), redirects(project)
    problems = []
    for address in known:
        page, _, anchor = address.partition("#")
        final = moved.get(page, page) + (f"#{anchor}" if anchor else "")
        if final.endswith(".json"):  # a record, listed once; its example must still be there
            final = f"{final.removesuffix('.json')}/"
        if final not in now:
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


def add_new(project: Project, site: Path) -> int:
    """List what is new, each address once and in order; never takes anything out. Gives how many
    there were.
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
