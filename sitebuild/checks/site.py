"""What a built site must be.

In:  the built pages. Out: the problems found: a page or panel that must be there and is not, an
     empty one, a traceback that nobody declared, an id given twice, a link or fragment that leads
     nowhere, a file that a page asks for and that is not there, a request to another host.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from ..content import layout
from ..content.pages import address_of, read
from ..problem import Problem
from ..project import Project, site_address
from . import css
from .page_facts import (
    CANONICAL,
    FORM,
    LINK,
    LOAD,
    REFRESH,
    PageFacts,
    Reference,
    Script,
    parse_page,
)

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SCRIPT_FILE = re.compile(r"assets/(?:javascripts/bundle\.[0-9a-f]+\.min|stepper)\.js")
_RECORD_FILE = re.compile(r"examples/[a-z0-9_]+/[a-z0-9_]+\.json")
# templates/moved.html.jinja; `//` is another host
_MOVED = re.compile(r'location\.replace\("(?!//)[A-Za-z0-9._~/-]*" \+ location\.hash\)')
_ROOT = re.compile(r'(new URL\(")[A-Za-z0-9._~/-]*(?=",location\))')
_SCRIPTS = {  # what the theme writes into its pages, as `_digest` has it
    "112b85b1e55458bc",  # where the site begins, and what a reader has chosen
    "8a66ac9525fc6dac",  # the colours
    "8217ff577f337b54",  # a tab that the address names
}
_NAMED_AT_MOST = 5  # pages, where the same is wrong with many


def check_site(project: Project, site: Path) -> list[Problem]:
    """Hold a built site against the sources it was built from.

    Args:
        project: The sources.
        site: The built site; it is only read.

    Returns:
        Each thing that is wrong, once, with the file of the site or of the sources in which it is.
    """
    built = _Site.read(site)
    problems = [
        problem
        for source in layout.page_files(project)
        for problem in _panels(project, source, built.pages)
    ]
    problems += _example_pages(project, built.pages)
    where: dict[str, list[str]] = {}  # what is wrong -> the files in which it is
    for address, page in built.pages.items():
        for cause in _faults(built, address, page):
            where.setdefault(cause, []).append(address)
    for path in built.of_kind(".css"):
        for reference in css.find_urls((site / path).read_text(encoding="utf-8")):
            if not reference.startswith("#"):  # a part of the page that uses the style
                for cause in built.faults(path, Reference("url()", reference, LOAD)):
                    where.setdefault(cause, []).append(path)
    return problems + [_problem(cause, files) for cause, files in where.items()]


def _problem(cause: str, files: list[str]) -> Problem:
    """What is wrong with one file, or with many in the same way."""
    more = [f"site/{file}" for file in files[1:]]
    if len(more) > _NAMED_AT_MOST:
        more[_NAMED_AT_MOST:] = [f"and {len(more) - _NAMED_AT_MOST} more"]
    return Problem(f"site/{files[0]}", cause, f"the same in {', '.join(more)}" if more else "")


def _panels(project: Project, source: Path, pages: dict[str, PageFacts]) -> list[Problem]:
    """A page must be there, with a panel for each `show`, in order."""
    where = project.relative(source)
    address = f"{address_of(project, source)}index.html"
    if address not in pages:
        return [Problem(where, f"its page {address} was not built; is it in mkdocs.yml's nav?")]
    # as the theme ends its pages; with its end, a page would lose what tells a script in it
    if pages[address].last != "script":
        return [
            Problem(
                where,
                "something on it is not closed and takes in the page's end, like a <textarea>;"
                " close it, or do without",
            )
        ]
    wanted = [call.name for call in read(project, source).calls]
    built = [panel.example for panel in pages[address].panels]
    if wanted != built:
        return [
            Problem(
                where,
                f"it shows {', '.join(wanted) or 'nothing'}, but the built page has panels for"
                f" {', '.join(built) or 'nothing'}",
            )
        ]
    return []


def _example_pages(project: Project, pages: dict[str, PageFacts]) -> Iterator[Problem]:
    """Each example has a page of its own and one to embed, with its panel."""
    for path in layout.example_files(project):
        if path.suffix == ".out":
            continue
        name = path.relative_to(project.examples).with_suffix("").as_posix()
        for address in (f"examples/{name}/index.html", f"embed/{name}/index.html"):
            panels = (
                [panel.example for panel in pages[address].panels] if address in pages else None
            )
            if panels != [name]:
                what = (
                    "was not built"
                    if panels is None
                    else f"has panels for {', '.join(panels) or 'nothing'}"
                )
                yield Problem(project.relative(path), f"its page {address} {what}")


def _faults(site: _Site, address: str, page: PageFacts) -> Iterator[str]:
    """What is wrong with one page."""
    for panel in page.panels:
        if panel.empty:
            yield f"the panel of {panel.example} is empty"
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield f"the id {name!r} is given {count} times; give each heading an id of its own"
    for element in dict.fromkeys(page.opaque):
        yield f"it has a {element}, behind which no check can look; do without"
    for handler in dict.fromkeys(page.handlers):
        yield f"its {handler} would run a script; take it out"
    for script in page.scripts:
        if not _is_known(script):
            yield (
                f"it has a script that is neither the theme's nor ours, {script.text[:60]!a}; take"
                " it out (or, after an upgrade of mkdocs-material: read it, then list"
                f" {_digest(script)} in sitebuild/checks/site.py)"
            )
    # An example's own page also has what other Pythons print, and the run in words.
    if page.tracebacks + (0 if address.startswith("examples/") else page.folded_tracebacks):
        yield "a traceback stands on the page outside of any example; a block failed"
    for reference in dict.fromkeys(page.references):
        if reference not in site.right:
            yield from site.faults(address, reference)


@dataclass
class _Site:
    """A built site, read once: its files and its pages."""

    files: frozenset[str]
    folders: frozenset[str]
    pages: dict[str, PageFacts]
    base: SplitResult  # where it is published
    # found to be so, wherever they stand: most stand on every page
    right: set[Reference] = field(default_factory=set)

    @classmethod
    def read(cls, root: Path) -> _Site:
        files, folders = [], []
        for folder, _, names in os.walk(root):
            inside = Path(folder).relative_to(root).as_posix()
            prefix = "" if inside == "." else f"{inside}/"
            folders.append(inside)
            files += [prefix + name for name in names]
        read = sorted(name for name in files if name.endswith((".html", ".htm", ".xhtml", ".svg")))
        pages = {
            name: parse_page((root / name).read_text(encoding="utf-8", errors="replace"))
            for name in read
        }
        return cls(frozenset(files), frozenset(folders), pages, urlsplit(site_address()))

    def of_kind(self, suffix: str) -> list[str]:
        return sorted(name for name in self.files if name.endswith(suffix))

    def faults(self, file: str, reference: Reference) -> list[str]:
        """What is wrong with a reference that a file of the site makes."""
        found = list(self._faults(file, reference))
        if not found and reference.address.startswith(("/", "http:", "https:")):
            self.right.add(reference)
        return found

    def _faults(self, file: str, reference: Reference) -> Iterator[str]:
        element, given, kind = reference
        what = f"the link {given}" if kind == LINK else f"the {element} {given}"
        # A browser strips these, and takes a backslash for a slash.
        address = (
            re.sub(r"[\t\n\r]", "", given).strip("".join(map(chr, range(33)))).replace("\\", "/")
        )
        if not address and kind in (LOAD, REFRESH, CANONICAL):
            yield f"the {element} is empty"
            return
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() not in ("http", "https"):
            if not _is_harmless(scheme[1].lower(), address, element, kind):
                yield f"{what} is of a kind that no page here needs; take it out"
            return
        try:
            parts = urlsplit(address)
        except ValueError as problem:
            yield f"{what} is no address ({problem})"
            return
        base = self.base
        if scheme or address.startswith("//"):
            if not parts.netloc:
                yield f"{what} is no address (it names no host)"
                return
            if (parts.scheme or base.scheme, parts.netloc.lower()) != (
                base.scheme,
                base.netloc.lower(),
            ):
                # other sites are linked to; whether they answer is not for a build to find out
                if kind != LINK:
                    yield _ASKS[kind].format(given)
                return
        target = _target(file, unquote(parts.path), base.path)
        if target is None:
            yield f"{what} leads out of the site ({base.path})"
            return
        if target in self.folders or parts.path.endswith("/") or not target:
            target = f"{target}/index.html".lstrip("/")
        if target not in self.files:
            yield (
                f"{what} leads nowhere"
                if kind in (LINK, REFRESH, CANONICAL)
                else f"{what} is not there; ship the file with the site"
            )
            return
        if element.startswith("<script ") and not _SCRIPT_FILE.fullmatch(target):
            yield f"{what} is neither the theme's nor ours; take it out"
        # the stepper makes markup of any
        if element.endswith(" data-record>") and not _RECORD_FILE.fullmatch(target):
            yield f"{what} is no record of an example; take it out"
        fragment = unquote(parts.fragment)
        if (
            fragment
            and not fragment.startswith(":~:")
            and target in self.pages
            and fragment not in self.pages[target].ids
        ):
            yield f"{what} leads to a place that is not on {target}"


_ASKS = {
    LOAD: "it asks another host for {}; ship the file with the site",
    FORM: "it sends a form to another host, {}; take the form out",
    REFRESH: (
        "it sends its readers on to another host, {}; name a page of the site in redirects.txt"
    ),
    CANONICAL: (
        "it says that its home is on another host, {}; build with AWAITED_SITE as the site's own"
        " address"
    ),
}


def _is_known(script: Script) -> bool:
    """Whether an inline script is one of the theme's or ours.

    Browsers don't run JSON, but the stepper turns a record inside its element into markup, and the
    theme's instant navigation runs any `<script>` again without its type. So the only JSON allowed
    is the theme's own, recognized by its id, which no page may repeat.
    """
    if script.kind == "application/json":
        return script.id == "__config"
    return bool(_MOVED.fullmatch(script.text)) or _digest(script) in _SCRIPTS


def _digest(script: Script) -> str:
    """Of a script, whatever the way is from its page to the site's root."""
    return hashlib.sha256(_ROOT.sub(r"\1", f"{script.kind}:{script.text}").encode()).hexdigest()[
        :16
    ]


def _is_harmless(scheme: str, address: str, element: str, kind: str) -> bool:
    """Whether an address that is none of the web may stand on a page."""
    if scheme == "data":
        return (
            kind == LOAD
            and address.lower().startswith("data:image/")
            and element.startswith(("<img ", "url("))
        )
    if scheme == "javascript":  # the theme's buttons
        return kind == LINK and address.lower() == "javascript:void(0)"
    return kind == LINK and scheme in ("mailto", "tel")


def _target(file: str, path: str, root: str) -> str | None:
    """The file or folder of the site to which a path leads, from one of its files. None: out of the
    site.
    """
    if not path:
        return file
    if path.startswith("/"):
        if not path.startswith(root):
            return None
        steps, path = [], path[len(root) :]
    else:
        steps = file.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and not steps:
            return None
        if part == "..":
            steps.pop()
        elif part not in ("", "."):
            steps.append(part)
    return "/".join(steps)
