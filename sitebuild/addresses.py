"""Addresses are for ever: every page, anchor, example and embed ever published still leads somewhere.

In:  a built site, `addresses.txt` (the addresses ever published, a line each) and `redirects.txt` (`old new`, a line each). Out: what is
new, what leads nowhere, and a page at each old address that leads to the new one.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from .judge import Problem
from .project import BASE, Project
from .seen import parse_page


def published(site: Path) -> list[str]:
    """Every address of a built site, in order: pages, their anchors, downloads.

    The records for the stepper are left out: whether there is anything to step through depends on the Pythons of the machine.
    """
    found = []
    for path in sorted(site.rglob("*")):
        address = path.relative_to(site).as_posix()
        if path.name == "index.html":
            page = parse_page(path.read_text(encoding="utf-8"))
            if not page.redirects:
                home = f"/{address.removesuffix('index.html')}"
                found += [home, *(f"{home}#{anchor}" for anchor in page.headings)]
        elif path.is_file() and (address.startswith("examples/") and path.suffix in (".py", ".sh") or address == "examples.zip"):
            found.append(f"/{address}")
    return found


def listed(project: Project) -> list[str]:
    file = project.root / "addresses.txt"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def redirects(project: Project) -> dict[str, str]:
    """Old address -> new one. Raises ValueError for a line that is not two addresses."""
    file = project.root / "redirects.txt"
    result = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines() if file.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != 2 or not all(part.startswith("/") and part.endswith("/") for part in parts):
            raise ValueError(f"redirects.txt: line {number} must be two addresses of pages, /old/ /new/")
        result[parts[0]] = parts[1]
    return result


def leave_redirects(project: Project, site: Path) -> None:
    """A page at each old address that leads on, with the anchor that was asked for."""
    for old, new in redirects(project).items():
        file = site / old.strip("/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        target = escape(f"{BASE}{new.lstrip('/')}")
        file.write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Moved</title><link rel="canonical" href="{target}">'
            f'<script>location.replace("{target}" + location.hash)</script><meta http-equiv="refresh" content="0; url={target}"></head>'
            f'<body><p>This page has moved to <a href="{target}">{target}</a>.</p></body></html>\n',
            encoding="utf-8",
        )


def check(project: Project, site: Path) -> list[Problem]:
    """What is wrong: an address that led somewhere once and no longer does, or one that is not listed yet."""
    now, known, moved = set(published(site)), listed(project), redirects(project)
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
                    f"{address} was published and leads nowhere now; bring it back, or name its page's new address in redirects.txt",
                )
            )
    new = [address for address in published(site) if address not in set(known)]
    if new:
        problems.append(Problem("addresses.txt", f"{len(new)} new addresses are not listed ({new[0]} …); run `make update`"))
    return problems


def add_new(project: Project, site: Path) -> int:
    """List what is new; never takes anything out. Gives how many there were."""
    known = listed(project)
    new = [address for address in published(site) if address not in set(known)]
    if new:
        (project.root / "addresses.txt").write_text("".join(f"{address}\n" for address in sorted([*known, *new])), encoding="utf-8")
    return len(new)
