"""Writes what the site has of each example.

That is its pages, `/examples/<chapter>/<name>/` and `/embed/<chapter>/<name>/`, the record for its
stepper, and its source as a download; and there is a zip of all examples. MkDocs's 404 page is the
frame of an example's own page (see `frame`), so it must have built the site.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..content.examples import Example
from .example_pages import Prepared
from .frame import Frame


def write(site: Path, prepared: list[Prepared]) -> dict[str, PageFacts]:
    """Write the examples' own pages into the built site.

    Returns:
        What the checks need to know of each page, by the path of its file.
    """
    if not prepared:
        return {}
    frame = Frame.read((site / "404.html").read_text(encoding="utf-8"))
    frame_facts, known = parse_page(_framed(frame, prepared[0].example, Markup())), {}
    for one in prepared:
        example = one.example
        page, embed = site / "examples" / example.name, site / "embed" / example.name
        for folder in (page, embed):
            folder.mkdir(parents=True, exist_ok=True)
        page.with_name(example.path.name).write_text(example.source, encoding="utf-8")
        record = page.with_name(f"{example.path.stem}.json")
        if one.record is not None:
            record.write_text(one.record, encoding="utf-8")
        else:
            record.unlink(missing_ok=True)
        (page / "index.html").write_text(_framed(frame, example, one.page), encoding="utf-8")
        (embed / "index.html").write_text(one.embed, encoding="utf-8")
        known[f"examples/{example.name}/index.html"] = one.page_facts.within(frame_facts)
        known[f"embed/{example.name}/index.html"] = one.embed_facts
    return known


def _framed(frame: Frame, example: Example, body: Markup) -> str:
    """Return an example's own page."""
    return frame.fill(example.title.rstrip("."), f"examples/{example.name}/", body)


def write_zip(site: Path, every: Iterable[Example]) -> None:
    """Write the zip of all examples; equal examples give equal bytes."""
    with zipfile.ZipFile(site / "examples.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for example in every:
            entry = zipfile.ZipInfo(
                f"awaited-examples/{example.name}{example.path.suffix}", (1980, 1, 1, 0, 0, 0)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, example.source)
