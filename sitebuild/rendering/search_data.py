"""Makes what readers search: lines of text, each of which leads to a page or a section of one.

These are the titles, the questions and messages that pages say they answer (`answers` in their
front matter), headings, code words, and the messages in outputs. Prose is not among them, because
with it the search got worse. The data has texts and no index: the scripts in `search/` make that in
the browser, so that one program splits both lines and queries into words.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..content import navigation
from ..content.files import read_text
from ..content.pages import Page
from ..content.show_calls import ShowCall
from ..project import Project
from . import metadata
from .frame import Frame
from .maker import Maker
from .metadata import Metadata
from .templating import render

QUESTIONS = "questions/"
"""The address of the page that has all questions by topic. Without JavaScript, search leads there.
"""

_QUESTIONS_TITLE = "Questions and messages by topic"
_EXCERPT = 150  # characters of a section's first paragraph, about two lines
_LONGEST_MESSAGE = 200
# Pages that cover what others explain: they come after those.
_WEIGHTS = {
    "articles/": 0.5,
    "reference/glossary/": 0.7,
    "reference/api/": 0.6,
    "reference/errors/": 0.85,
    "examples/": 0.6,
}
_SUMMARY = "keep"  # the id of the key points, to which no search leads
# How a heading tells its part on the page. It would be found for "test" and "common".
_PART = re.compile(r"(?:Test yourself|Common mistake|Your turn|The fix|Spot the problem): ")
_MESSAGE = re.compile(
    r"[\s|+]*(?:\S+:\d+: )?("
    r"(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Warning|Exception|Group|Interrupt|Exit|ShutDown)\b: .+"
    r"|.*\bnever (?:awaited|retrieved)\b.*|.*\bwas destroyed but\b.*"
    r"|Unclosed .+|Exception in .+|Executing <.+)"
)


@dataclass
class Section:
    """A part of a page, from one heading to the next.

    Attributes:
        id: The heading's id; empty above the first one.
        heading: The heading.
        excerpt: The beginning of its text.
        words: The code in its prose: "asyncio.run()", each once.
        messages: The messages in its outputs, each once a page.
    """

    id: str = ""
    heading: str = ""
    excerpt: str = ""
    words: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """What the search knows of a page."""

    page: Page
    sections: list[Section]


def read_entry(page: Page, html: str, maker: Maker) -> Entry:
    """Return what the search knows of a page.

    Args:
        page: The page.
        html: The page as MkDocs built it, with stand-ins for its panels.
        maker: What makes the panels.
    """
    return Entry(page, list(_sections(page, html, maker)))


def write(site: Path, project: Project, entries: Iterable[Entry]) -> None:
    """Write the data, and the page of all questions, into a built site.

    Args:
        site: The folder of the site, which has a 404 page.
        project: The project that it was built from.
        entries: What the search knows of each page.

    Raises:
        ProjectError: mkdocs.yml cannot be read.
    """
    entries = sorted(entries, key=lambda entry: entry.page.path)
    (site / "assets").mkdir(exist_ok=True)
    _dump([_plain(entry) for entry in entries], site / "assets/search-pages.json")
    excerpts = [[section.excerpt for section in entry.sections] for entry in entries]
    _dump(excerpts, site / "assets/search-excerpts.json")
    frame = Frame.read((site / "404.html").read_text(encoding="utf-8"))
    topics = list(_by_topic(project, [entry.page for entry in entries if entry.page.answers]))
    body = render("questions.html.jinja", title=_QUESTIONS_TITLE, topics=topics)
    file = site / QUESTIONS / "index.html"
    file.parent.mkdir(exist_ok=True)
    head = metadata.head(Metadata(QUESTIONS, _QUESTIONS_TITLE, None, "reference"), markdown=False)
    file.write_text(frame.fill(_QUESTIONS_TITLE, body, head), encoding="utf-8")


def _dump(data: object, file: Path) -> None:
    """Write compact JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, encoding="utf-8")


def _plain(entry: Entry) -> list[object]:
    """Return an entry as the scripts read it: search/data.js names the fields."""
    page = entry.page
    weight = next((_WEIGHTS[start] for start in _WEIGHTS if page.address.startswith(start)), 1)
    return [
        page.address,
        page.title,
        page.front_matter.get("description", ""),
        weight,
        page.answers,
        [
            [section.id, section.heading, " ".join(section.words), section.messages]
            for section in entry.sections
        ],
    ]


def _sections(page: Page, html: str, maker: Maker) -> Iterator[Section]:
    """Yield the sections of a built page that a search may lead to."""
    article = LexborHTMLParser(html).css_first("article")
    calls, messages = iter(page.calls), set[str]()
    section = Section()
    for node in article.iter() if article is not None else ():
        tag, classes = node.tag or "", (node.attributes.get("class") or "").split()
        if tag in ("h2", "h3"):
            if section.id != _SUMMARY:
                yield section
            section = Section(node.attributes.get("id") or "", _heading(node))
        if tag in ("h1", "h2", "h3") or not _HIDDEN.isdisjoint(classes):
            continue
        if tag == "p" and section.id and not section.excerpt:
            section.excerpt = _shortened(_text(node))
        for word in _code_words(node):
            if word not in section.words:
                section.words.append(word)
        # A page that lost some of its stand-ins is refused later.
        for _, call in zip(node.css("[data-call]"), calls, strict=False):
            for message in _messages(call, maker):
                if message not in messages:
                    messages.add(message)
                    section.messages.append(message)
    if section.id != _SUMMARY:
        yield section


_HIDDEN = frozenset({"lesson-facts", "page-answers", "term-notes", "page-print", "page-source"})
"""Classes of what a page has beside its text."""


def _heading(node: LexborNode) -> str:
    """Return the text of a heading, without the link to it and its part on the page."""
    text = _text(node).removesuffix("¶").rstrip()
    part = _PART.match(text)
    return text if part is None else text[part.end()].upper() + text[part.end() + 1 :]


def _text(node: LexborNode) -> str:
    """Return the text of an element, on one line."""
    return " ".join(node.text().split())


def _shortened(text: str) -> str:
    """Return the beginning of a text, up to the end of a word."""
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rpartition(' ')[0]} …"


def _code_words(node: LexborNode) -> Iterator[str]:
    """Yield the code in the prose of an element: not that of programs and of blocks of text."""
    for code in node.css("code"):
        if code.parent is not None and code.parent.tag != "pre":
            yield _text(code)


def _messages(call: ShowCall, maker: Maker) -> Iterator[str]:
    """Yield the messages in the output that a panel shows."""
    options, example = call.options, maker.every[call.name]
    if options.only is not None or not options.output:
        return
    # The lowest Python that it may run on here.
    lowest = max(sys.version_info[:2], example.requires_python or (3, 0))
    file = example.output_file(options.python or ".".join(map(str, lowest)))
    if not file.exists():
        return
    for line in read_text(maker.project, file).splitlines():
        if found := _MESSAGE.fullmatch(line):
            yield found[1].strip()[:_LONGEST_MESSAGE]


def _by_topic(project: Project, pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """Yield the title of each topic, and its pages."""
    by_file = {page.path.relative_to(project.docs).as_posix(): page for page in pages}
    for topic in navigation.topics(project):
        if own := [by_file.pop(file) for file in topic.files if file in by_file]:
            yield topic.title, own
    if by_file:
        yield "More", list(by_file.values())
