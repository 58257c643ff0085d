"""Links the words of the glossary, each where it first stands on a page. An extension of
Python-Markdown.

In:  `docs/reference/glossary.md`: a heading a word, `### task { #task data-also="tasks" }`, other
     forms behind `data-also`, divided by "|".
Out: in the prose of every other page, a link where the word first stands outside of headings, code
     and other links.
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
_ENTRY = re.compile(
    r"(?m)^### (?P<word>.+?) \{ #(?P<id>[\w-]+)(?: data-also=\"(?P<also>[^\"]*)\")? \}$"
)
_QUIET = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "th", "button"}
_AFTER_MKDOCS = -5  # its own processor takes the links of a page for paths of files


def terms(glossary: str) -> dict[str, str]:
    """Every form of every word of the glossary's text, in lower case, and the id of its entry."""
    found = {}
    for entry in _ENTRY.finditer(glossary):
        for form in (entry["word"], *(entry["also"] or "").split("|")):
            if form:
                found[unescape(form).lower()] = entry["id"]
    return found


@dataclass(frozen=True)
class Glossary:
    """What to look for."""

    entries: dict[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Glossary:
        entries = terms(text)
        forms = "|".join(
            re.escape(form).replace(r"\ ", r"\s+")
            for form in sorted(entries, key=len, reverse=True)
        )
        return cls(
            entries, re.compile(rf"(?<![\w.-])(?:{forms or '(?!)'})(?![\w-])", re.IGNORECASE)
        )

    def found(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        """The words in a text, with the ids of their entries."""
        for match in self.pattern.finditer(text):
            yield match, self.entries[" ".join(match[0].lower().split())]


@lru_cache(maxsize=1)
def _read(file: Path, changed: int) -> Glossary:
    return Glossary.of(file.read_text(encoding="utf-8") if changed else "")


class Links(Treeprocessor):
    """Those of one page."""

    def run(self, root: Element) -> None:
        if any(heading.get("data-also") is not None for heading in root.iter("h3")):
            return  # the glossary itself
        file = current_project().docs / f"{PLACE}.md"
        self._glossary = _read(file, file.stat().st_mtime_ns if file.exists() else 0)
        self._linked: set[str] = set()
        self._walk(root)

    def _walk(self, element: Element) -> None:
        if element.tag in _QUIET or "admonition-title" in (element.get("class") or ""):
            return
        children = list(element)
        self._link(element, None)
        for child in children:
            self._walk(child)
            self._link(element, child)

    def _link(self, parent: Element, after: Element | None) -> None:
        """Link the text of `parent` before its first child, or behind its child `after`."""
        text = (parent.text if after is None else after.tail) or ""
        end, place = 0, 0 if after is None else list(parent).index(after) + 1
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
            parent.insert(place, after)
            place += 1


# The names of these two are Python-Markdown's, not ours.
class Terms(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.treeprocessors.register(Links(md), "awaited-terms", _AFTER_MKDOCS)


def makeExtension(**settings: object) -> Terms:  # noqa: N802
    """What Python-Markdown asks a module for."""
    return Terms(**settings)
