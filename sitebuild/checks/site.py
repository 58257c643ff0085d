"""Checks a built site: its pages, its panels, and everything that readers' browsers would load."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ..content import layout
from ..content.pages import address_of, read
from ..problem import Problem
from ..project import Project
from . import css
from .built_site import BuiltSite
from .page_facts import PageFacts, Script
from .page_references import LOAD, Reference

# The script in templates/moved.html.jinja; `//` would be another host.
_MOVED = re.compile(r'location\.replace\("(?!//)[A-Za-z0-9._~/-]*" \+ location\.hash\)')
_ROOT = re.compile(r'(new URL\(")[A-Za-z0-9._~/-]*(?=",location\))')
_THEME_SCRIPTS = {  # digests of the inline scripts in the theme's pages
    "112b85b1e55458bc",  # the site's root, and the reader's choices
    "8a66ac9525fc6dac",  # the colours
    "8217ff577f337b54",  # the tab that the address names
}
_MAX_NAMED = 5  # files that are named where many have the same problem
_NO_PAGES: Mapping[str, PageFacts] = {}


def check_site(
    project: Project,
    site: Path,
    known: Mapping[str, PageFacts] = _NO_PAGES,
    find_urls: Callable[[str], Iterable[str]] | None = None,
) -> list[Problem]:
    """Check a built site against the sources that it was built from.

    Args:
        project: The sources.
        site: The folder of the built site; it is only read.
        known: What is known already of some of its pages, by path; these are not read.
        find_urls: Finds the URLs in a stylesheet; by default `css.find_urls`.

    Returns:
        Each problem once, with the file of the site or of the sources that has it.
    """
    built = BuiltSite.read(site, known)
    problems = [
        problem
        for source in layout.page_files(project)
        for problem in _check_page(project, source, built.pages)
    ]
    problems += _check_example_pages(project, built.pages)
    files_by_cause: dict[str, list[str]] = {}
    for address, page in built.pages.items():
        for cause in _page_faults(built, address, page):
            files_by_cause.setdefault(cause, []).append(address)
    for path in built.files_with_suffix(".css"):
        for url in (find_urls or css.find_urls)((site / path).read_text(encoding="utf-8")):
            if not url.startswith("#"):  # an element of the page that uses the style
                for cause in built.check_reference(path, Reference("url()", url, LOAD)):
                    files_by_cause.setdefault(cause, []).append(path)
    return problems + [_combine(cause, files) for cause, files in files_by_cause.items()]


def _combine(cause: str, files: list[str]) -> Problem:
    """Return one problem for all files that have the same."""
    more = [f"site/{file}" for file in files[1:]]
    if len(more) > _MAX_NAMED:
        more[_MAX_NAMED:] = [f"and {len(more) - _MAX_NAMED} more"]
    return Problem(f"site/{files[0]}", cause, f"the same in {', '.join(more)}" if more else "")


def _check_page(project: Project, source: Path, pages: dict[str, PageFacts]) -> list[Problem]:
    """Check that a page was built whole, with a panel for each `show`, in order."""
    where = project.relative(source)
    address = f"{address_of(project, source)}index.html"
    if address not in pages:
        return [Problem(where, f"its page {address} was not built; is it in mkdocs.yml's nav?")]
    # The theme's pages end with a script. Without it, no other script on the page could be checked.
    if pages[address].last_element != "script":
        cause = (
            "an element on it, such as a textarea, is not closed and swallows the end of the"
            " page; close it, or remove it"
        )
        return [Problem(where, cause)]
    expected = [call.name for call in read(project, source).calls]
    built = [panel.example for panel in pages[address].panels]
    if expected != built:
        cause = (
            f"it shows {', '.join(expected) or 'nothing'}, but the built page has panels for"
            f" {', '.join(built) or 'nothing'}"
        )
        return [Problem(where, cause)]
    return []


def _check_example_pages(project: Project, pages: dict[str, PageFacts]) -> Iterator[Problem]:
    """Check that each example has its own page and its embed, each with its panel alone."""
    for path in layout.example_files(project):
        if path.suffix == ".out":
            continue
        name = path.relative_to(project.examples).with_suffix("").as_posix()
        for address in (f"examples/{name}/index.html", f"embed/{name}/index.html"):
            if address not in pages:
                yield Problem(project.relative(path), f"its page {address} was not built")
                continue
            panels = [panel.example for panel in pages[address].panels]
            if panels != [name]:
                cause = f"its page {address} has panels for {', '.join(panels) or 'nothing'}"
                yield Problem(project.relative(path), cause)


def _page_faults(site: BuiltSite, address: str, page: PageFacts) -> Iterator[str]:
    """Return everything that is wrong with one page, and how to fix it."""
    for panel in page.panels:
        if panel.empty:
            yield f"the panel of {panel.example} is empty"
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield f"the id {name!r} is used {count} times; give each heading an id of its own"
    for element in dict.fromkeys(page.opaque):
        yield f"it has a {element}, which hides content from the checks; remove it"
    for handler in dict.fromkeys(page.handlers):
        yield f"its {handler} would run a script; remove it"
    for script in page.scripts:
        if not _is_known(script):
            yield (
                "it has a script that is neither the theme's nor this project's,"
                f" {script.text[:60]!a}; remove it (or, after an upgrade of mkdocs-material: read"
                f" it, then list {_digest(script)} in sitebuild/checks/site.py)"
            )
    # An example's own page also shows, folded, the output of other Pythons and the run in words.
    if page.tracebacks + (0 if address.startswith("examples/") else page.folded_tracebacks):
        yield "there is a traceback on the page outside any example; a block failed"
    for reference in dict.fromkeys(page.references):
        yield from site.check_reference(address, reference)


def _is_known(script: Script) -> bool:
    """Return whether an inline script is the theme's or this project's.

    Browsers don't run JSON, but the stepper turns a record inside its element into markup, and the
    theme's instant navigation runs any `<script>` again without its type. So the only JSON allowed
    is the theme's own, recognized by its id, which no page may repeat, and a description of the
    page for search engines: text that is a JSON object is not a script, with or without its type.
    """
    if script.kind == "application/json":
        return script.id == "__config"
    if script.kind == "application/ld+json":
        return _is_description(script.text)
    return bool(_MOVED.fullmatch(script.text)) or _digest(script) in _THEME_SCRIPTS


def _is_description(text: str) -> bool:
    """Return whether a text is an object in the vocabulary of schema.org, as JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("@context") == "https://schema.org"


def _digest(script: Script) -> str:
    """Return a digest of a script that does not depend on where the site's root is."""
    text = _ROOT.sub(r"\1", f"{script.kind}:{script.text}")
    return hashlib.sha256(text.encode()).hexdigest()[:16]
