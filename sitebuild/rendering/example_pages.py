"""The page of each example, and the same to embed in other sites.

In:  the site that MkDocs built, the examples and their traces. Out: `/examples/<chapter>/<name>/`
     and `/embed/<chapter>/<name>/` in it, the records for the stepper, the downloads, and a zip of
     all.

The pages are made after the engine, in the frame of its own 404 page (the one page whose links do
not depend on where it stands).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from loopscope.views.narration import narrate
from loopscope.views.wording import seconds

from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..content.examples import Example, ExampleError
from ..content.pages import Page
from ..content.show_calls import ShowCall, ShowOptions
from ..text import join_words
from . import stepper_data
from .frame import Frame
from .maker import Maker
from .panel import Run, panel_of
from .templating import kept_html, render, sentence


@dataclass(frozen=True)
class Prepared:
    """What an example's page is made of, before there is a site to put it into."""

    example: Example
    page: Markup  # all that stands on its own page
    embed: str  # the page for a frame on another site, whole
    record: str | None  # what the stepper asks for
    page_facts: PageFacts  # what a checker wants to know of both
    embed_facts: PageFacts


@dataclass(frozen=True)
class Place:
    """Where an example stands among all that is shown."""

    used: list[tuple[str, str]]  # (address, title) of the pages that show it
    before: str | None  # the examples around it
    after: str | None


def places(maker: Maker) -> dict[str, Place]:
    """Where each example stands."""
    used, names = _used(maker.pages), [None, *maker.every, None]
    return {
        name: Place(used.get(name, []), before, after)
        for name, before, after in zip(maker.every, names, names[2:], strict=False)
    }


def made_of(maker: Maker, name: str, place: Place) -> list[Any]:
    """Return all that an example's own page is made of, as plain data."""
    example, around = maker.every[name], (place.before, place.after)
    return [
        maker.made_of(example),
        (problem := maker.problem(example)) and problem.cause,
        place.used,
        [(name, maker.every[name].title) for name in around if name],
        maker.ran_on(example),
    ]


def prepare(maker: Maker) -> list[Prepared]:
    """Everything that does not need the built site; it is made while MkDocs works."""
    calls: dict[str, list[ShowCall]] = {}
    for call in (call for page in maker.pages for call in page.calls):
        calls.setdefault(call.name, []).append(call)
    result = []
    for name, place in places(maker).items():
        result.append(prepare_one(maker, name, place))
        # Here, so that each run is drawn once; pages ask for these later, and say what is wrong.
        for call in calls.get(name, []):
            with suppress(ExampleError):
                maker.panel(call)
    return result


def prepare_one(maker: Maker, name: str, place: Place) -> Prepared:
    """The same for one example."""
    example = maker.every[name]

    def make() -> dict[str, Any]:
        run = maker.run(example)
        body = panel_of(run, ShowOptions(), maker.problem(example), link=False)
        page = _page(run, body, place, maker.every, maker.ran_on(example))
        record = None
        if run.can_be_stepped and run.trace is not None and run.picture is not None:
            record = stepper_data.record(example, run.trace, run.picture)
        scrollable = _scrollable(body)
        embed = _embed(example, scrollable)
        panel = parse_page(body)  # once for both
        return {
            "page": page,
            "embed": embed,
            "record": record,
            "page_facts": parse_page(page.replace(body, "", 1)).filled([panel]).to_plain(),
            "embed_facts": parse_page(embed.replace(scrollable, "", 1)).filled([panel]).to_plain(),
        }

    made = maker.make("page", example, made_of(maker, name, place), make)
    return Prepared(
        example,
        kept_html(made["page"]),
        made["embed"],
        made["record"],
        PageFacts.from_plain(made["page_facts"]),
        PageFacts.from_plain(made["embed_facts"]),
    )


def write(site: Path, prepared: list[Prepared]) -> dict[str, PageFacts]:
    """Lay examples' own pages beside the engine's.

    Returns:
        What a checker wants to know of each page, by the file that was written.
    """
    if not prepared:
        return {}
    frame = Frame.read((site / "404.html").read_text(encoding="utf-8"))
    around, known = parse_page(frame.fill(prepared[0].example, Markup())), {}
    for one in prepared:
        example = one.example
        folder, embed = site / "examples" / example.name, site / "embed" / example.name
        for made in (folder, embed):
            made.mkdir(parents=True, exist_ok=True)
        folder.with_name(example.path.name).write_text(example.source, encoding="utf-8")
        record = folder.with_name(f"{example.path.stem}.json")
        if one.record is not None:
            record.write_text(one.record, encoding="utf-8")
        else:
            record.unlink(missing_ok=True)
        (folder / "index.html").write_text(frame.fill(example, one.page), encoding="utf-8")
        (embed / "index.html").write_text(one.embed, encoding="utf-8")
        known[f"examples/{example.name}/index.html"] = one.page_facts.within(around)
        known[f"embed/{example.name}/index.html"] = one.embed_facts
    return known


def write_zip(site: Path, every: Iterable[Example]) -> None:
    """All examples in one file, the same for the same examples."""
    with zipfile.ZipFile(site / "examples.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for example in every:
            entry = zipfile.ZipInfo(
                f"awaited-examples/{example.name}{example.path.suffix}", (1980, 1, 1, 0, 0, 0)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, example.source)


def _used(pages: list[Page]) -> dict[str, list[tuple[str, str]]]:
    """Example -> the pages that show it, as (address, title)."""
    used: dict[str, list[tuple[str, str]]] = {}
    # The lessons first: they explain it.
    for page in sorted(pages, key=lambda page: (page.path.parent.name == "articles", page.path)):
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
    run: Run,
    body: Markup,
    place: Place,
    every: dict[str, Example],
    pythons: list[str],
) -> Markup:
    example, trace = run.example, run.trace
    sentences = narrate(trace, example.source) if trace is not None and run.can_be_stepped else []
    versions = _versions(example)
    return render(
        "example.html.jinja",
        title=example.title,
        panel=body,
        steps=[_Step(seconds(one.time), sentence(one.text)) for one in sentences],
        verified=_verified(pythons, differ=bool(versions)),
        steps_count=sum(bool(one.steps) for one in sentences),
        versions=versions,
        pages=[_Use(address, title) for address, title in place.used],
        snippet=render("snippet.html.jinja", name=example.name, title=example.title),
        links=[
            _Link(name, rel, word, every[name].title.rstrip("."))
            for name, rel, word in (
                (place.before, "prev", "Previous example"),
                (place.after, "next", "Next example"),
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


def _scrollable(panel: Markup) -> Markup:
    """A panel whose code can be scrolled by keyboard, as the theme's script makes it on other
    pages. No text of an example has a bare "<".
    """
    return Markup(str(panel).replace("<pre>", '<pre tabindex="0">'))


def _embed(example: Example, panel: Markup) -> Markup:
    """A page without the site around it."""
    return render(
        "embed.html.jinja",
        name=example.name,
        title=example.title.rstrip("."),
        heading=example.title,
        panel=panel,
    )
