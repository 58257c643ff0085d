"""The page of each example, and the same to embed in other sites.

In:  the site that MkDocs built, the examples and their traces. Out: `/examples/<chapter>/<name>/`
     and `/embed/<chapter>/<name>/` in it, the records for the stepper, the downloads, and a zip of
     all.

The pages are made after the engine, in the frame of its own 404 page (the one page whose links do
not depend on where it stands).
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

from markupsafe import Markup

from loopscope.trace.model import Trace
from loopscope.views.narration import narrate
from loopscope.views.wording import seconds

from ..checks.output import normalize_trace
from ..content.examples import Example
from ..content.pages import find
from ..project import Project, is_draft
from ..records import verified
from ..text import join_words
from . import stepper_data
from .show import panel
from .templating import render, sentence


@dataclass(frozen=True)
class Prepared:
    """What an example's page is made of, before there is a site to put it into."""

    example: Example
    body: Markup  # its panel
    page: Markup  # all that stands on its own page
    record: str | None  # what the stepper asks for


def prepare(
    project: Project, every: dict[str, Example], traces: dict[str, Trace | None]
) -> list[Prepared]:
    """Everything that does not need the built site; it is made while MkDocs works."""
    used, held, names, result = _used(project), verified.load(project), list(every), []
    for place, (name, example) in enumerate(every.items()):
        ran = traces[name]
        trace = None if ran is None else normalize_trace(ran, project)
        record = (
            stepper_data.record(example, trace)
            if trace is not None and stepper_data.can_be_stepped(example, trace)
            else None
        )
        body = panel(example, ran, project, link=False)
        around = (
            names[place - 1] if place else None,
            names[place + 1] if place + 1 < len(names) else None,
        )
        if ran is not None and not is_draft():
            verified.add(held, example, ran.python)  # this build is a run too
        page = _page(
            example, trace, body, used.get(name, []), around, every, verified.pythons(example, held)
        )
        result.append(Prepared(example, body, page, record))
    return result


def make(site: Path, prepared: list[Prepared]) -> None:
    """Complete `site` in place."""
    frame = _Frame.read((site / "404.html").read_text(encoding="utf-8"))
    for one in prepared:
        example = one.example
        folder = site / "examples" / example.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example.path, folder.with_name(example.path.name))
        if one.record is not None:
            folder.with_name(f"{example.path.stem}.json").write_text(one.record, encoding="utf-8")
        (folder / "index.html").write_text(frame.fill(example, one.page), encoding="utf-8")
        embed = site / "embed" / example.name
        embed.mkdir(parents=True)
        (embed / "index.html").write_text(_embed(example, one.body), encoding="utf-8")
    _zip(site / "examples.zip", [one.example for one in prepared])


def _used(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Example -> the pages that show it, as (address, title)."""
    used: dict[str, list[tuple[str, str]]] = {}
    # The lessons first: they explain it.
    for page in sorted(
        find(project), key=lambda page: (page.path.parent.name == "articles", page.path)
    ):
        for name in dict.fromkeys(call.name for call in page.calls):
            used.setdefault(name, []).append((page.address, page.title))
    return used


@dataclass(frozen=True)
class _Step:
    """A step of the run in words."""

    time: str
    sentence: Markup


@dataclass(frozen=True)
class _Version:
    """What a Python prints that prints something else."""

    python: str
    output: str


@dataclass(frozen=True)
class _Link:
    """To the example before or after."""

    name: str
    rel: str
    word: str
    title: str


@dataclass(frozen=True)
class _Use:
    """A page that shows the example."""

    address: str
    title: str


def _page(
    example: Example,
    trace: Trace | None,
    body: Markup,
    used: list[tuple[str, str]],
    around: tuple[str | None, str | None],
    every: dict[str, Example],
    pythons: list[str],
) -> Markup:
    sentences = (
        narrate(trace, example.source)
        if trace is not None and stepper_data.can_be_stepped(example, trace)
        else []
    )
    versions = _versions(example)
    return render(
        "example.html.jinja",
        title=example.title,
        panel=body,
        steps=[_Step(seconds(one.time), sentence(one.text)) for one in sentences],
        verified=_verified(pythons, differ=bool(versions)),
        steps_count=sum(bool(one.steps) for one in sentences),
        versions=versions,
        pages=[_Use(address, title) for address, title in used],
        snippet=render("snippet.html.jinja", name=example.name, title=example.title),
        links=[
            _Link(name, rel, word, every[name].title.rstrip("."))
            for name, rel, word in zip(
                around, ("prev", "next"), ("Previous example", "Next example"), strict=True
            )
            if name
        ],
    )


def _verified(pythons: list[str], *, differ: bool) -> str:
    """On which Pythons it was run as it stands, and whether they print the same."""
    ran = (
        f"Run as it stands here on Python {join_words(pythons)}."
        if pythons
        else "Not run as it stands here."
    )
    if differ:
        return f"{ran} These print something else:"
    return f"{ran} All print the same." if len(pythons) > 1 else ran


def _versions(example: Example) -> list[_Version]:
    own = sorted(
        example.path.parent.glob(f"{example.path.stem}.3.*.out"),
        key=lambda path: int(path.name.split(".")[-2]),
    )
    return [
        _Version(".".join(path.name.split(".")[-3:-1]), path.read_text(encoding="utf-8"))
        for path in own
    ]


@dataclass(frozen=True)
class _Frame:
    """The engine's page, cut where an example's title, canonical address and content go."""

    html: str
    places: tuple[tuple[int, int, str], ...]  # in order: first character, end, what goes there

    @classmethod
    def read(cls, html: str) -> _Frame:
        """Find the places of a page. What is kept of it stays as it is, byte for byte.

        Raises:
            ValueError: The page lacks one of them.
        """
        found = _Places(html).found
        if len(found) != 3:
            raise ValueError(
                "site/404.html: it has no title, article or icon to put an example's page in the"
                " place of; look at sitebuild/rendering/example_pages.py"
            )
        return cls(html, tuple(sorted((*place, name) for name, place in found.items())))

    def fill(self, example: Example, body: Markup) -> str:
        """Return the page of an example."""
        new = {
            "title": render("title.html.jinja", title=example.title.rstrip(".")),
            "icon": render("canonical.html.jinja", name=example.name),  # before it
            "article": render("article.html.jinja", body=body),
        }
        parts, done = [], 0
        for start, end, name in self.places:
            parts += [self.html[done:start], new[name]]
            done = end
        return "".join([*parts, self.html[done:]])


class _Places(HTMLParser):
    """Where the first title, the first icon and the first article of a page stand in its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[int, int]] = {}
        self._begun: dict[str, int] = {}
        self._lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._html = html
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("title", "article"):
            self._begun.setdefault(tag, self._place())
        elif tag == "link" and ("rel", "icon") in attrs:
            self.found.setdefault("icon", (self._place(), self._place()))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._begun and tag not in self.found:
            self.found[tag] = self._begun[tag], self._html.index(">", self._place()) + 1

    def _place(self) -> int:
        """Of the tag that is being read: its first character, from the page's beginning."""
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _embed(example: Example, body: Markup) -> str:
    """A page without the site around it."""
    # The theme's script makes code scrollable by keyboard on the other pages. No text of an example
    # has a bare "<".
    scrollable = Markup(str(body).replace("<pre>", '<pre tabindex="0">'))
    return render(
        "embed.html.jinja",
        name=example.name,
        title=example.title.rstrip("."),
        heading=example.title,
        panel=scrollable,
    )


def _zip(target: Path, every: list[Example]) -> None:
    """All examples in one file, the same for the same examples."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for example in every:
            entry = zipfile.ZipInfo(
                f"awaited-examples/{example.name}{example.path.suffix}", (1980, 1, 1, 0, 0, 0)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, example.source)
