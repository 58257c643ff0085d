"""Writes what the site has of each example.

That is its pages, `/examples/<chapter>/<name>/` and `/embed/<chapter>/<name>/`, the first also as
Markdown, the record for its stepper, its card for previews, and its source as a download; and there
is a zip of all examples. MkDocs's 404 page is the
frame of an example's own page (see `frame`), so it must have built the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..content import files
from ..content.examples import Example
from ..content.files import read_text
from ..project import Project, site_address
from .example_pages import Prepared, card_path
from .frame import Frame

_README = """\
# The examples of Awaited

These are the programs of Awaited, a course on Python's asyncio:
{site_address}

Each is complete. `python tasks/two_tasks.py` runs the one whose page is
{site_address}examples/tasks/two_tasks/

- They need Python 3.11 or later. Where one needs a newer Python, or packages, the first lines of
  the file say so; `uv run FILE` and `pipx run FILE` read these lines.
- Files that end in .sh are sessions in a shell. Run them in their own folder.
- Some are meant to fail or to hang. The page of an example shows what it printed.

They are under MIT-0 (see LICENSE): use them as you like.
"""


def write(site: Path, prepared: list[Prepared]) -> dict[str, PageFacts]:
    """Write the examples' own pages into the built site.

    Returns:
        What the checks need to know of each page, by the path of its file.
    """
    if not prepared:
        return {}
    frame = Frame.read((site / "404.html").read_text(encoding="utf-8"))
    frame_facts, known = parse_page(frame.fill("", Markup(), Markup())), {}
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
        if one.card is not None:
            (site / card_path(example)).write_bytes(one.card)
        html = frame.fill(example.title.rstrip("."), one.page, one.head)
        (page / "index.html").write_text(html, encoding="utf-8")
        (page / "index.md").write_text(one.markdown, encoding="utf-8")
        (embed / "index.html").write_text(one.embed, encoding="utf-8")
        known[f"examples/{example.name}/index.html"] = one.page_facts.within(frame_facts)
        known[f"embed/{example.name}/index.html"] = one.embed_facts
    return known


def write_zip(project: Project, site: Path, every: Iterable[Example]) -> None:
    """Write the zip of all examples, a readme and the licence."""
    content = {"README.md": _README.format(site_address=site_address())}
    licence = project.root / "LICENSE"
    if licence.is_file():
        content["LICENSE"] = read_text(project, licence)
    content |= {f"{example.name}{example.path.suffix}": example.source for example in every}
    files.write_zip(
        site / "examples.zip",
        ((f"awaited-examples/{name}", text.encode()) for name, text in content.items()),
    )
