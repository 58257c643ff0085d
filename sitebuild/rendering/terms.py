"""Extends Python-Markdown: explains the terms of the glossary where they first occur on a page.

The glossary, `docs/reference/glossary.md`, has a heading for each term and a paragraph below it.
Other forms of the term are in the heading's `data-also`, separated by "|":
`### task { #task data-also="tasks" }`. Terms in headings, in code and in other links are not
linked, nor is any in the glossary itself.

A term becomes a link to its entry. The entry's text is put at the end of the page, hidden, as the
link's description; `overrides/assets/site.js` shows it beside the link. The pages on the articles,
the heaviest of all, have no such texts: there the link is only a link.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from ..content.pages import address_of
from ..project import Project, base_path, current_project

PLACE = "reference/glossary"
"""The glossary's path below `docs/`, without its suffix."""

_WITHOUT_NOTES = "articles/"
"""The folder below `docs/` whose pages have no texts of terms."""

_UNLINKED = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "th", "button"}
_AFTER_MKDOCS = -5  # MkDocs's own processor would take these links for paths of files


@dataclass(frozen=True)
class Entry:
    """A term of the glossary.

    Attributes:
        id: The id of its heading.
        word: The term, as its heading writes it.
        forms: The term and its other forms.
        text: Its paragraph.
    """

    id: str
    word: str
    forms: tuple[str, ...]
    text: Element


class _Reader(Treeprocessor):
    """Reads the entries from the tree of the glossary."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.entries: list[Entry] = []

    def run(self, root: Element) -> None:
        """Collect the headings that are terms, each with the paragraph after it."""
        for heading, text in zip(root, [*root][1:], strict=False):
            also = heading.get("data-also")
            if heading.tag == "h3" and also is not None and text.tag == "p":
                word = "".join(heading.itertext())
                forms = (word, *filter(None, also.split("|")))
                self.entries.append(Entry(heading.get("id", ""), word, forms, text))


def read_entries(glossary: str) -> list[Entry]:
    """Return the entries of the glossary, in order.

    Args:
        glossary: The text of the glossary, in Markdown.
    """
    markdown = Markdown(extensions=["attr_list"])
    reader = _Reader(markdown)
    markdown.treeprocessors.register(reader, "awaited-entries", _AFTER_MKDOCS)
    markdown.convert(glossary)
    return reader.entries


@dataclass(frozen=True)
class Glossary:
    """The terms to link.

    Attributes:
        entries: The entry of each form of each term, by the form in lower case.
        pattern: Matches any of these forms.
    """

    entries: dict[str, Entry]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Glossary:
        """Parse the text of the glossary."""
        entries = {form.lower(): entry for entry in read_entries(text) for form in entry.forms}
        forms = "|".join(
            re.escape(form).replace(r"\ ", r"\s+")
            for form in sorted(entries, key=len, reverse=True)
        )
        return cls(
            entries, re.compile(rf"(?<![\w.-])(?:{forms or '(?!)'})(?![\w-])", re.IGNORECASE)
        )

    def found(self, text: str) -> Iterator[tuple[re.Match[str], Entry]]:
        """Return the terms in a text, each with its entry."""
        for match in self.pattern.finditer(text):
            yield match, self.entries[" ".join(match[0].lower().split())]


@lru_cache(maxsize=1)
def _read(file: Path, mtime_ns: int) -> Glossary:
    """Read the glossary, once for each modification time; 0 if there is no file."""
    return Glossary.of(file.read_text(encoding="utf-8") if mtime_ns else "")


def _address(project: Project, written: str) -> str:
    """Return the address, on any page, of a link that the glossary writes."""
    parts = urlsplit(written)
    if parts.scheme or parts.netloc:
        return written
    glossary = project.docs / f"{PLACE}.md"
    page = Path(os.path.normpath(glossary.parent / parts.path)) if parts.path else glossary
    if not page.is_relative_to(project.docs):
        return written  # which the check of the built site reports
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{base_path()}{address_of(project, page)}{fragment}"


def _note(project: Project, entry: Entry) -> Element:
    """Return the element that explains a term, with the entry's text."""
    note = Element("div", {"class": "term-note", "popover": "manual"})
    text = deepcopy(entry.text)
    text.attrib, text.tail = {"id": f"term-{entry.id}"}, None
    for link in text.iter("a"):
        link.set("href", _address(project, link.get("href", "")))
    note.append(text)
    return note


def _page(md: Markdown | None) -> str:
    """Return the path, below `docs/`, of the page that MkDocs converts; "" outside of MkDocs."""
    if md is None or "relpath" not in md.treeprocessors:
        return ""
    # MkDocs's own processor, which knows the page that its links are relative to.
    page: str = md.treeprocessors["relpath"].file.src_uri
    return page


class Links(Treeprocessor):
    """Links the terms on one page."""

    def run(self, root: Element) -> None:
        """Link the terms below an element, in place."""
        if any(heading.get("data-also") is not None for heading in root.iter("h3")):
            return  # the glossary itself
        file = current_project().docs / f"{PLACE}.md"
        self._glossary = _read(file, file.stat().st_mtime_ns if file.exists() else 0)
        self._linked: dict[str, Entry] = {}
        self._with_notes = not _page(self.md).startswith(_WITHOUT_NOTES)
        self._walk(root)
        if self._linked and self._with_notes:
            notes = SubElement(root, "section", {"class": "term-notes", "hidden": "hidden"})
            notes.extend(_note(current_project(), entry) for entry in self._linked.values())

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
            if entry.id in self._linked:
                continue
            self._linked[entry.id] = entry
            if after is None:
                parent.text = text[end : match.start()]
            else:
                after.tail = text[end : match.start()]
            after = Element("a", {"class": "term", "href": f"{base_path()}{PLACE}/#{entry.id}"})
            if self._with_notes:
                after.set("aria-describedby", f"term-{entry.id}")
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
