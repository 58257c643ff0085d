"""Extends Python-Markdown: links the terms of the glossary where they first occur on a page.

The glossary, `docs/reference/glossary.md`, has a heading for each term. Other forms of the term are
in its `data-also`, separated by "|": `### task { #task data-also="tasks" }`. Terms in headings, in
code and in other links are not linked, nor is any in the glossary itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from ..project import base_path, current_project

PLACE = "reference/glossary"
"""The glossary's path below `docs/`, without its suffix."""

_ENTRY = re.compile(
    r"(?m)^### (?P<word>.+?) \{ #(?P<id>[\w-]+)(?: data-also=\"(?P<also>[^\"]*)\")? \}$"
)
_UNLINKED = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "th", "button"}
_AFTER_MKDOCS = -5  # MkDocs's own processor would take these links for paths of files


def terms(glossary: str) -> dict[str, str]:
    """Return the id of the entry of each form of each term, by the form in lower case.

    Args:
        glossary: The text of the glossary.
    """
    ids = {}
    for entry in _ENTRY.finditer(glossary):
        for form in (entry["word"], *(entry["also"] or "").split("|")):
            if form:
                ids[unescape(form).lower()] = entry["id"]
    return ids


@dataclass(frozen=True)
class Glossary:
    """The terms to link.

    Attributes:
        entries: The id of the entry of each form of each term, by the form in lower case.
        pattern: Matches any of these forms.
    """

    entries: dict[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Glossary:
        """Parse the text of the glossary."""
        entries = terms(text)
        forms = "|".join(
            re.escape(form).replace(r"\ ", r"\s+")
            for form in sorted(entries, key=len, reverse=True)
        )
        return cls(
            entries, re.compile(rf"(?<![\w.-])(?:{forms or '(?!)'})(?![\w-])", re.IGNORECASE)
        )

    def found(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        """Return the terms in a text, each with the id of its entry."""
        for match in self.pattern.finditer(text):
            yield match, self.entries[" ".join(match[0].lower().split())]


@lru_cache(maxsize=1)
def _read(file: Path, mtime_ns: int) -> Glossary:
    """Read the glossary, once for each modification time; 0 if there is no file."""
    return Glossary.of(file.read_text(encoding="utf-8") if mtime_ns else "")


class Links(Treeprocessor):
    """Links the terms on one page."""

    def run(self, root: Element) -> None:
        """Link the terms below an element, in place."""
        if any(heading.get("data-also") is not None for heading in root.iter("h3")):
            return  # the glossary itself
        file = current_project().docs / f"{PLACE}.md"
        self._glossary = _read(file, file.stat().st_mtime_ns if file.exists() else 0)
        self._linked: set[str] = set()
        self._walk(root)

    def _walk(self, element: Element) -> None:
        """Link the terms in an element and its descendants."""
        if element.tag in _UNLINKED or "admonition-title" in (element.get("class") or ""):
            return
        children = list(element)
        self._link(element, None)
        for child in children:
            self._walk(child)
            self._link(element, child)

    def _link(self, parent: Element, after: Element | None) -> None:
        """Link the text of `parent` before its first child, or after its child `after`."""
        text = (parent.text if after is None else after.tail) or ""
        end, index = 0, 0 if after is None else list(parent).index(after) + 1
        for match, entry in self._glossary.found(text):
            if entry in self._linked:
                continue
            self._linked.add(entry)
            if after is None:
                parent.text = text[end : match.start()]
            else:
                after.tail = text[end : match.start()]
            after = Element("a", {"href": f"{base_path()}{PLACE}/#{entry}", "class": "term"})
            after.text, after.tail, end = match[0], text[match.end() :], match.end()
            parent.insert(index, after)
            index += 1


# The names of these two are Python-Markdown's.
class Terms(Extension):
    """The extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Add the processor that links terms."""
        md.treeprocessors.register(Links(md), "awaited-terms", _AFTER_MKDOCS)


def makeExtension(**settings: object) -> Terms:  # noqa: N802
    """Return the extension, for Python-Markdown."""
    return Terms(**settings)
