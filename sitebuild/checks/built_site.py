"""Checks whether the references of a built site lead to something that readers may load."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from ..project import site_address
from .page_facts import PageFacts
from .page_parser import parse_page
from .page_references import CANONICAL, FORM, LINK, LOAD, REFRESH, Reference

_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".svg")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_THEMES_OF_PICTURES = ("only-light", "only-dark")
"""Fragments by which the site's theme chooses the picture to show."""
_SCRIPT_FILE = re.compile(r"assets/(?:javascripts/bundle\.[0-9a-f]+\.min|site|stepper|search)\.js")
_RECORD_FILE = re.compile(r"examples/[a-z0-9_]+/[a-z0-9_]+\.json")
# What browsers strip from the ends of a URL: spaces and control characters.
_STRIPPED = "".join(map(chr, range(33)))


@dataclass
class BuiltSite:
    """The files and pages of a built site.

    Attributes:
        files: Paths of all files, relative to the site.
        folders: Paths of all folders; the site itself is ".".
        pages: All pages and SVG files, by path.
        base: The URL at which the site is published.
    """

    files: frozenset[str]
    folders: frozenset[str]
    pages: dict[str, PageFacts]
    base: SplitResult
    # References that are valid on every page: most occur on all of them.
    _valid: set[Reference] = field(default_factory=set)

    @classmethod
    def read(cls, root: Path, known: Mapping[str, PageFacts]) -> BuiltSite:
        """Read a built site.

        Args:
            root: Its folder.
            known: What is known already of some of its pages, by path; these are not read.
        """
        files, folders = [], []
        for folder, _, names in os.walk(root):
            inside = Path(folder).relative_to(root).as_posix()
            prefix = "" if inside == "." else f"{inside}/"
            folders.append(inside)
            files += [prefix + name for name in names]
        pages = {
            name: known.get(name)
            or parse_page((root / name).read_text(encoding="utf-8", errors="replace"))
            for name in sorted(files)
            if name.endswith(_PAGE_SUFFIXES)
        }
        return cls(frozenset(files), frozenset(folders), pages, urlsplit(site_address()))

    def files_with_suffix(self, suffix: str) -> list[str]:
        """Return the paths of all files with a suffix, sorted."""
        return sorted(name for name in self.files if name.endswith(suffix))

    def check_reference(self, file: str, reference: Reference) -> list[str]:
        """Return what is wrong with a reference, and how to fix it.

        Args:
            file: The file of the site that contains it.
            reference: The reference.
        """
        if reference in self._valid:
            return []
        faults = list(self._faults(file, reference))
        if not faults and reference.address.startswith(("/", "http:", "https:")):
            self._valid.add(reference)
        return faults

    def _faults(self, file: str, reference: Reference) -> Iterator[str]:
        element, written, kind = reference
        what = f"the link {written}" if kind == LINK else f"the {element} {written}"
        # Browsers, too, strip these characters and read a backslash as a slash.
        address = re.sub(r"[\t\n\r]", "", written).strip(_STRIPPED).replace("\\", "/")
        if not address and kind in (LOAD, REFRESH, CANONICAL):
            yield f"the {element} is empty"
            return
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() not in ("http", "https"):
            if not _is_harmless(scheme[1].lower(), address, element, kind):
                yield f"{what} has a scheme that pages may not use; remove it"
            return
        try:
            parts = urlsplit(address)
        except ValueError as error:
            yield f"{what} is not a valid URL ({error})"
            return
        if scheme or address.startswith("//"):
            if not parts.netloc:
                yield f"{what} is not a valid URL (it names no host)"
                return
            if not self._is_own_host(parts):
                # Pages may link to other sites; whether those answer, a build does not test.
                if kind != LINK:
                    yield _OTHER_HOST[kind].format(written)
                return
        target = _target(file, unquote(parts.path), self.base.path)
        if target is None:
            yield f"{what} leads out of the site ({self.base.path})"
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
            yield f"{what} is neither the theme's nor this project's; remove it"
        # The stepper turns any record into markup.
        if element.endswith(" data-record>") and not _RECORD_FILE.fullmatch(target):
            yield f"{what} is not the record of an example; remove it"
        fragment = unquote(parts.fragment)
        if (
            fragment
            and not fragment.startswith(":~:")
            and not (element == "<img src>" and fragment in _THEMES_OF_PICTURES)
            and target in self.pages
            and fragment not in self.pages[target].ids
        ):
            yield f"{what} leads to an id that is not on {target}"

    def _is_own_host(self, parts: SplitResult) -> bool:
        """Return whether an absolute URL is on the host at which the site is published."""
        scheme = parts.scheme or self.base.scheme
        return (scheme, parts.netloc.lower()) == (self.base.scheme, self.base.netloc.lower())


_OTHER_HOST = {
    LOAD: "it asks another host for {}; ship the file with the site",
    FORM: "it submits a form to another host, {}; remove the form",
    REFRESH: "it redirects to another host, {}; name a page of the site in redirects.txt",
    CANONICAL: (
        "its canonical link is on another host, {}; set AWAITED_SITE to the site's own address when"
        " you build"
    ),
}


def _is_harmless(scheme: str, address: str, element: str, kind: str) -> bool:
    """Return whether a page may have a URL with a scheme other than http and https."""
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
    """Resolve the path of a URL.

    Args:
        file: The file of the site that contains the URL.
        path: The URL's path.
        root: The path of the site's root.

    Returns:
        The file or folder, relative to the site; None if the path leads out of the site.
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
