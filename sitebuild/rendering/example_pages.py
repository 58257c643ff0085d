"""Makes the page of each example, and the page that other sites embed.

MkDocs does not build these pages. They are made while it works, and written once it has built the
site (see `example_files`).
"""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from loopscope.views.thumbnail import draw
from loopscope.views.wording import seconds

from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..content.examples import Example, ExampleError
from ..content.show_calls import ShowCall
from ..content.show_options import ShowOptions
from ..project import public_address
from ..text import join_words
from . import cards, metadata, stepper_data
from .example_places import Place, places
from .maker import Maker
from .markdown_example import markdown_example
from .page_links import example_foot
from .panel import panel_of
from .run_pictures import Run, worth_a_picture
from .templating import kept_html, render, sentence

GALLERY = "examples.md"
"""The page that lists all examples, in `docs/`; `gallery` completes it. A project may lack it."""


@dataclass(frozen=True)
class Prepared:
    """The pages of an example, before there is a site to write them into.

    Attributes:
        example: The example.
        page: The content of its own page, without the site's frame.
        head: What to add to the head of that page.
        markdown: The page as Markdown.
        embed: The complete page for other sites to embed.
        record: The record for the stepper (JSON); None if the run cannot be stepped through.
        card: The picture for previews of links (PNG); None if there is none.
        thumbnail: The paths of its thumbnail; none if there is nothing to draw.
        page_facts: What the checks need to know of `page` and `head`.
        embed_facts: What they need to know of `embed`.
    """

    example: Example
    page: Markup
    head: Markup
    markdown: str
    embed: str
    record: str | None
    card: bytes | None
    thumbnail: list[str]
    page_facts: PageFacts
    embed_facts: PageFacts


def made_of(maker: Maker, name: str, place: Place) -> list[Any]:
    """Return everything that an example's own page is made of, as plain data."""
    example, neighbours = maker.every[name], (place.before, place.after)
    return [
        maker.made_of(example),
        (problem := maker.problem(example)) and problem.cause,
        place.used,
        [(name, maker.every[name].title) for name in neighbours if name],
        maker.ran_on(example),
        _chapter(maker, example),
    ]


def prepare(maker: Maker) -> list[Prepared]:
    """Prepare the pages of all examples; it needs no built site, so it runs while MkDocs works."""
    calls: dict[str, list[ShowCall]] = {}
    for call in (call for page in maker.pages for call in page.calls):
        calls.setdefault(call.name, []).append(call)
    result = []
    for name, place in places(maker).items():
        result.append(prepare_one(maker, name, place))
        # The example's panels are made now, so that its run is drawn only once. Errors are raised
        # again when the pages ask for the panels.
        for call in calls.get(name, []):
            with suppress(ExampleError):
                maker.panel(call)
    return result


def prepare_one(maker: Maker, name: str, place: Place) -> Prepared:
    """Prepare the pages of one example."""
    example = maker.every[name]

    def make() -> dict[str, Any]:
        run = maker.run(example)
        body = panel_of(run, ShowOptions(), maker.problem(example), link=False)
        pythons = maker.ran_on(example)
        page = _page(run, body, place, maker.every, pythons, _chapter(maker, example))
        record = None
        if run.can_be_stepped and run.trace is not None and run.picture is not None:
            record = stepper_data.record(example, run.trace, run.picture)
        card = cards.draw(run) if public_address() is not None else None
        head = metadata.head(metadata.of_example(example, card_path(example) if card else None))
        drawn = [] if run.trace is None or not worth_a_picture(run.trace) else draw(run.trace)
        scrollable = _scrollable(body)
        embed = _embed(example, scrollable)
        panel = parse_page(body)  # once for both pages
        return {
            "page": page,
            "head": head,
            "markdown": _markdown(run, place, pythons),
            "embed": embed,
            "record": record,
            "thumbnail": drawn,
            "card": None if card is None else base64.b64encode(card).decode(),
            "page_facts": parse_page(head + page.replace(body, "", 1)).filled([panel]).to_plain(),
            "embed_facts": parse_page(embed.replace(scrollable, "", 1)).filled([panel]).to_plain(),
        }

    made = maker.make("page", example, made_of(maker, name, place), make)
    return Prepared(
        example,
        kept_html(made["page"]),
        kept_html(made["head"]),
        made["markdown"],
        made["embed"],
        made["record"],
        None if made["card"] is None else base64.b64decode(made["card"]),
        made["thumbnail"],
        PageFacts.from_plain(made["page_facts"]),
        PageFacts.from_plain(made["embed_facts"]),
    )


def _chapter(maker: Maker, example: Example) -> str | None:
    """Return the chapter of an example, if there is a gallery with a heading for it."""
    has_gallery = (maker.project.docs / GALLERY).is_file()
    return example.name.partition("/")[0] if has_gallery else None


@dataclass(frozen=True)
class _Turn:
    """A turn of the run, in words; one without a number is a note about the record."""

    number: int | None
    time: str
    start: Markup
    does: Markup


@dataclass(frozen=True)
class _Version:
    """The output on a Python where it differs."""

    python: str
    output: str


@dataclass(frozen=True)
class _Link:
    """A link to the previous or the next example."""

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
    chapter: str | None,
) -> Markup:
    """Return the content of an example's own page, given its panel as `body`."""
    example = run.example
    versions = _versions(example)
    return render(
        "example.html.jinja",
        name=example.name,
        title=example.title,
        chapter=chapter,
        panel=body,
        turns=[
            _Turn(
                number if one.steps else None,
                seconds(one.time),
                sentence(one.start),
                sentence(f"It {one.does}"),
            )
            for number, one in enumerate(run.sentences, 1)
        ],
        verified=_verified(pythons, differ=bool(versions)),
        turns_count=sum(bool(one.steps) for one in run.sentences),
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
        foot=example_foot(example),
    )


def _markdown(run: Run, place: Place, pythons: list[str]) -> str:
    """Return the Markdown version of an example's own page."""
    versions = _versions(run.example)
    verified = _verified(pythons, differ=bool(versions))
    outputs = [(version.python, version.output) for version in versions]
    return markdown_example(run, verified, outputs, place.used)


def card_path(example: Example) -> str:
    """Return the path of an example's card on the site, whether it has one or not."""
    return f"examples/{example.name}.png"


def _verified(pythons: list[str], *, differ: bool) -> str:
    """Return a sentence on the Pythons that ran this version of an example."""
    ran = (
        f"Run as it stands here on Python {join_words(pythons)}."
        if pythons
        else "Not run as it stands here."
    )
    if differ:
        return f"{ran} These print something else:"
    return f"{ran} All print the same." if len(pythons) > 1 else ran


def _versions(example: Example) -> list[_Version]:
    """Return the outputs that differ from `NAME.out`, lowest Python first."""
    files = sorted(
        example.path.parent.glob(f"{example.path.stem}.3.*.out"),
        key=lambda path: int(path.name.split(".")[-2]),
    )
    return [
        _Version(".".join(path.name.split(".")[-3:-1]), path.read_text(encoding="utf-8"))
        for path in files
    ]


def _scrollable(panel: Markup) -> Markup:
    """Return a panel whose code can be scrolled by keyboard.

    On other pages, the theme's script does this. Any "<" in an example's text is escaped.
    """
    return Markup(str(panel).replace("<pre>", '<pre tabindex="0">'))


def _embed(example: Example, panel: Markup) -> Markup:
    """Return the page that other sites embed."""
    return render(
        "embed.html.jinja",
        name=example.name,
        title=example.title.rstrip("."),
        heading=example.title,
        panel=panel,
    )
