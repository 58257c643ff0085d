"""The last step: what MkDocs built becomes the site, or is refused.

In:  the built pages. Out: the examples' own pages laid beside them, and the problems found: a page or panel that must be there and is not,
an empty one, a traceback that nobody declared, an id given twice, a link or fragment that leads nowhere, a request to another host.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from . import addresses
from .example_pages import Prepared, make
from .judge import Problem
from .pages import SHOWN, address_of
from .project import SITE_ADDRESS, Project
from .seen import Seen, look

_NAVIGATION = re.compile(
    r'(?s)<div class="md-sidebar md-sidebar--primary".*?(?=<div class="md-sidebar md-sidebar--secondary"|<div class="md-content")'
)


def finish(project: Project, site: Path, prepared: list[Prepared]) -> list[Problem]:
    """Complete the built site in place. Gives what is wrong with it."""
    if not (site / "404.html").is_file():
        return [Problem("docs/", "MkDocs ended without building the site, and said nothing; does a block on a page call sys.exit()?")]
    make(site, prepared)
    addresses.leave_redirects(project, site)
    return check(project, site)


def check(project: Project, site: Path) -> list[Problem]:
    """Hold a built site against the sources it was built from."""
    problems = []
    pages: dict[str, Seen] = {}
    depths: set[int] = set()
    for path in sorted(site.rglob("*.html")):
        address = path.relative_to(site).as_posix()
        text = path.read_text(encoding="utf-8")
        # Around an example's page stands the frame of 404.html, which is looked at once, as that page.
        if address.startswith("examples/"):
            text = text[text.index("<article") : text.index("</article>")]
        elif address.startswith("embed/"):  # its panel is that of the example's page
            text = text[: text.index('<div class="run"')] + text[text.rindex('<p class="run-facts">') :]
        elif (depth := address.count("/")) in depths:  # the navigation is the same on all pages of a depth
            text = _NAVIGATION.sub("", text, count=1)
        else:
            depths.add(depth)
        pages[address] = look(text)
    for source in sorted(project.docs.rglob("*.md")):
        problems += _panels(project, source, pages)
    for address, page in pages.items():
        problems += [Problem(f"site/{address}", cause) for cause in _faults(site, address, page, pages)]
    for style in sorted(site.rglob("*.css")):
        for address in re.findall(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')]+)""", style.read_text(encoding="utf-8")):
            problems.append(Problem(f"site/{style.relative_to(site)}", f"it asks another host for {address}; ship the file with the site"))
    return problems


def _panels(project: Project, source: Path, pages: dict[str, Seen]) -> list[Problem]:
    """A page must be there, with a panel for each `show`, in order."""
    where = project.relative(source)
    address = f"{address_of(project, source)}index.html"
    if address not in pages:
        return [Problem(where, f"its page {address} was not built; is it in mkdocs.yml's nav?")]
    wanted = SHOWN.findall(source.read_text(encoding="utf-8"))
    built = [name for name, _ in pages[address].panels]
    if wanted != built:
        return [
            Problem(where, f"it shows {', '.join(wanted) or 'nothing'}, but the built page has panels for {', '.join(built) or 'nothing'}")
        ]
    return []


def _faults(site: Path, address: str, page: Seen, pages: dict[str, Seen]) -> list[str]:
    faults = [f"the panel of {name} is empty" for name in page.empty]
    faults += [
        f"the id {name!r} is given {count} times; give each heading an id of its own"
        for name, count in Counter(page.ids).items()
        if count > 1
    ]
    # An example's own page also has what other Pythons print, and the run in words.
    if "Traceback (most recent call last)" in page.text and not address.startswith("examples/"):
        faults.append("a traceback stands on the page outside of any example; a block failed")
    for load in page.loads:
        if urlsplit(load).netloc:
            faults.append(f"it asks another host for {load}; ship the file with the site")
    for link in page.links:
        fault = _leads_nowhere(site, address, link, pages)
        if fault:
            faults.append(fault)
    return faults


def _leads_nowhere(site: Path, address: str, link: str, pages: dict[str, Seen]) -> str | None:
    parts = urlsplit(link)
    base = urlsplit(SITE_ADDRESS)
    if parts.scheme in ("mailto", "javascript", "data"):
        return None
    if parts.netloc and (parts.scheme, parts.netloc) != (base.scheme, base.netloc):
        return None  # other sites are linked to, not asked; whether they answer is not for a build to find out
    path = unquote(parts.path)
    if not path:
        target = PurePosixPath(address)
    elif path.startswith("/"):
        if not path.startswith(base.path):
            return f"the link {link} leads out of the site ({base.path})"
        target = PurePosixPath(path[len(base.path) :])
    else:
        target = PurePosixPath(address).parent / path
    steps: list[str] = []
    for step in target.parts:
        if step == ".." and not steps:
            return f"the link {link} leads out of the site"
        steps = steps[:-1] if step == ".." else [*steps, step] if step != "." else steps
    found = "/".join(steps)
    if path.endswith("/") or not found or (site / found).is_dir():
        found = f"{found}/index.html".lstrip("/")
    if not (site / found).is_file():
        return f"the link {link} leads nowhere"
    fragment = unquote(parts.fragment)
    if fragment and not fragment.startswith(":~:") and found in pages and fragment not in pages[found].ids:
        return f"the link {link} leads to a place that is not on {found}"
    return None
