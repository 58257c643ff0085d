"""The last step: what MkDocs built becomes the site, or is refused.

In:  the built pages. Out: the examples' own pages laid beside them, and the problems found: a page or panel that must be there and is not,
an empty one, a traceback that nobody declared, an id given twice, a link or fragment that leads nowhere, a request to another host.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from . import addresses
from .example_pages import Prepared, make
from .judge import Problem
from .pages import SHOWN, address_of
from .project import SITE_ADDRESS, Project

_LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_LINK_LOADS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}


# Most of a page's tags, colours and pictures above all, tell a checker nothing.
_DULL = re.compile(
    r"</?(?!(?:a|code|div|link|script|style|img|iframe|source|video|audio|embed|object)\b)(?![^<>]*\sid=)[a-z][^<>]*>", re.IGNORECASE
)
_NAVIGATION = re.compile(
    r'(?s)<div class="md-sidebar md-sidebar--primary".*?(?=<div class="md-sidebar md-sidebar--secondary"|<div class="md-content")'
)


@dataclass
class _Page(HTMLParser):
    """What a checker wants to know of one built page."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    panels: list[tuple[str, str]] = field(default_factory=list)  # (example, what it shows)
    empty: list[str] = field(default_factory=list)
    text: str = ""  # what stands outside of panels

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._depth = 0  # of <div> inside a panel
        self._code: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADING and given.get(_LOADING[tag]):
            self.loads.append(given[_LOADING[tag]])
        if tag == "link" and _LINK_LOADS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        if tag == "div":
            if self._depth:
                self._depth += 1
            elif "data-example" in given:
                self._depth = 1
                self.panels.append((given["data-example"], given["data-shows"]))
        if tag == "code" and self._depth:
            self._code = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1
        if tag == "code" and self._code is not None:
            if not self._code.strip():
                self.empty.append(self.panels[-1][0])
            self._code = None

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code += data
        elif not self._depth:
            self.text += data


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
    pages: dict[str, _Page] = {}
    depths: set[int] = set()
    for path in sorted(site.rglob("*.html")):
        page, address = _Page(), path.relative_to(site).as_posix()
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
        page.feed(_DULL.sub("", text))
        pages[address] = page
    for source in sorted(project.docs.rglob("*.md")):
        problems += _panels(project, source, pages)
    for address, page in pages.items():
        problems += [Problem(f"site/{address}", cause) for cause in _faults(site, address, page, pages)]
    for style in sorted(site.rglob("*.css")):
        for address in re.findall(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')]+)""", style.read_text(encoding="utf-8")):
            problems.append(Problem(f"site/{style.relative_to(site)}", f"it asks another host for {address}; ship the file with the site"))
    return problems


def _panels(project: Project, source: Path, pages: dict[str, _Page]) -> list[Problem]:
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


def _faults(site: Path, address: str, page: _Page, pages: dict[str, _Page]) -> list[str]:
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


def _leads_nowhere(site: Path, address: str, link: str, pages: dict[str, _Page]) -> str | None:
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
