"""The page of each example, and the same to embed in other sites.

In:  the site that MkDocs built, the examples and their traces. Out: `/examples/<chapter>/<name>/` and `/embed/<chapter>/<name>/` in it, the
records for the stepper, the downloads, and a zip of all.

The pages are made after the engine, in the frame of its own 404 page (the one page whose links do not depend on where it stands).
"""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from html import escape
from pathlib import Path

from loopscope.page import sentence
from loopscope.trace import Trace
from loopscope.words import seconds, tell

from . import stepping, verified
from .examples import Example
from .judge import masked
from .pages import SHOWN, address_of, listed, title_of
from .project import BASE, DRAFT, SITE_ADDRESS, Project
from .show import panel


@dataclass(frozen=True)
class Prepared:
    """What an example's page is made of, before there is a site to put it into."""

    example: Example
    body: str  # its panel
    page: str  # all that stands on its own page
    record: str | None  # what the stepper asks for


def prepare(project: Project, every: dict[str, Example], traces: dict[str, Trace | None]) -> list[Prepared]:
    """Everything that does not need the built site; it is made while MkDocs works."""
    used, held, names, result = _used(project), verified.load(project), list(every), []
    for place, (name, example) in enumerate(every.items()):
        ran = traces[name]
        trace = None if ran is None else masked(ran, project)
        record = stepping.record(example, trace) if trace is not None and stepping.can_be_stepped(example, trace) else None
        body = panel(example, ran, project, link=False)
        around = names[place - 1] if place else None, names[place + 1] if place + 1 < len(names) else None
        if ran is not None and not DRAFT:
            verified.note(held, example, ran.python)  # this build is a run too
        page = _page(example, trace, body, used.get(name, []), around, every, verified.pythons(example, held))
        result.append(Prepared(example, body, page, record))
    return result


def make(site: Path, prepared: list[Prepared]) -> None:
    """Complete `site` in place."""
    frame = (site / "404.html").read_text(encoding="utf-8")
    for one in prepared:
        example = one.example
        folder = site / "examples" / example.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example.path, folder.with_name(example.path.name))
        if one.record is not None:
            folder.with_name(f"{example.path.stem}.json").write_text(one.record, encoding="utf-8")
        (folder / "index.html").write_text(_framed(frame, example, one.page), encoding="utf-8")
        embed = site / "embed" / example.name
        embed.mkdir(parents=True)
        (embed / "index.html").write_text(_embed(example, one.body), encoding="utf-8")
    _zip(site / "examples.zip", [one.example for one in prepared])


def _used(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Example -> the pages that show it, as (address, title)."""
    used: dict[str, list[tuple[str, str]]] = {}
    # The lessons first: they explain it.
    for path in sorted(project.docs.rglob("*.md"), key=lambda path: (path.parent.name == "articles", path)):
        text = path.read_text(encoding="utf-8")
        for name in dict.fromkeys(SHOWN.findall(text)):
            used.setdefault(name, []).append((address_of(project, path), title_of(path)))
    return used


def _page(
    example: Example,
    trace: Trace | None,
    body: str,
    used: list[tuple[str, str]],
    around: tuple[str | None, str | None],
    every: dict[str, Example],
    pythons: list[str],
) -> str:
    told = tell(trace, example.source) if trace is not None and stepping.can_be_stepped(example, trace) else []
    steps = "".join(f"<li><b>{seconds(step.time)}</b> {sentence(step.text)}</li>" for step in told)
    words = (
        f'<details><summary id="words">The run in words, {sum(bool(step.steps) for step in told)} steps</summary><ol>{steps}</ol></details>'
        if told
        else ""
    )
    pages = "".join(f'<li><a href="{BASE}{address}">{escape(title)}</a></li>' for address, title in used)
    shown = f'<h2 id="pages">On these pages</h2><ul>{pages}</ul>' if pages else ""
    links = " · ".join(
        f'<a href="{BASE}examples/{name}/" rel="{rel}">{word}: {escape(every[name].title.rstrip("."))}</a>'
        for name, rel, word in zip(around, ("prev", "next"), ("Previous example", "Next example"), strict=True)
        if name
    )
    snippet = f'<iframe src="{SITE_ADDRESS}embed/{example.name}/" title="{escape(example.title)}" width="100%" height="640" loading="lazy"></iframe>'
    return (
        f"<h1>{escape(example.title)}</h1>{body}{words}{_versions(example, pythons)}{shown}"
        f'<h2 id="embed">Embed it</h2><p>For a page of your own. The text is under CC BY 4.0, the code under MIT-0.</p>'
        f'<div class="highlight"><pre><code>{escape(snippet)}</code></pre></div>'
        f'<p>All examples: <a href="{BASE}examples.zip" download>examples.zip</a></p><p class="example-links">{links}</p>'
    )


def _versions(example: Example, pythons: list[str]) -> str:
    """On which Pythons it was verified, and what those print that print something else."""
    own = sorted(example.path.parent.glob(f"{example.path.stem}.3.*.out"), key=lambda path: int(path.name.split(".")[-2]))
    ran = f"Run as it stands here on Python {listed(pythons)}." if pythons else "Not run as it stands here."
    differ = "These print something else:" if own else "All print the same." if len(pythons) > 1 else ""
    text = "".join(
        f"<details><summary>Python {'.'.join(path.name.split('.')[-3:-1])} prints</summary>"
        f'<div class="run-output"><pre><code>{escape(path.read_text(encoding="utf-8"))}</code></pre></div></details>'
        for path in own
    )
    return f'<h2 id="pythons">Verified on</h2><p>{ran} {differ}</p>{text}'


def _article(body: str) -> str:
    return f'<article class="md-content__inner md-typeset">{body}</article>'


def _framed(frame: str, example: Example, body: str) -> str:
    """The engine's page with our content. Raises ValueError when the engine's page is not as we know it."""
    title = f"<title>{escape(example.title.rstrip('.'))} - Awaited</title>"
    html, titles = re.subn(r"<title>.*?</title>", lambda _: title, frame, count=1, flags=re.S)
    article = _article(body)
    html, articles = re.subn(r"<article\b.*?</article>", lambda _: article, html, count=1, flags=re.S)
    canonical = f'<link rel="canonical" href="{SITE_ADDRESS}examples/{example.name}/">'
    html, heads = re.subn(r'<link rel="icon"', lambda match: canonical + match[0], html, count=1)
    if (titles, articles, heads) != (1, 1, 1):
        raise ValueError(
            "site/404.html: it has no <title>, <article> or icon to put an example's page in the place of; look at sitebuild/example_pages.py"
        )
    return html


def _embed(example: Example, body: str) -> str:
    """A page without the site around it, that follows the reader's colour scheme."""
    home = f"{BASE}examples/{example.name}/"
    scrollable = body.replace("<pre>", '<pre tabindex="0">')  # the theme's script does that on the other pages
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(example.title.rstrip("."))} - Awaited</title><link rel="canonical" href="{SITE_ADDRESS}examples/{example.name}/">'
        f'<link rel="icon" href="{BASE}assets/images/favicon.png"><link rel="stylesheet" href="{BASE}assets/embed.css"><link rel="stylesheet" href="{BASE}assets/stepper.css">'
        f'<script type="module" src="{BASE}assets/stepper.js"></script></head><body><main class="md-typeset"><h1>{escape(example.title)}</h1>{scrollable}'
        f'<p class="run-facts">From <a href="{home}" target="_top">Awaited</a>, a course on asyncio. '
        f'Text under <a href="https://creativecommons.org/licenses/by/4.0/" target="_top">CC BY 4.0</a>, code under MIT-0.</p></main></body></html>\n'
    )


def _zip(target: Path, every: list[Example]) -> None:
    """All examples in one file, the same for the same examples."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for example in every:
            entry = zipfile.ZipInfo(f"awaited-examples/{example.name}{example.path.suffix}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, example.source)
