"""Finds the pages, and reads their front matter and the examples that they show.

Nothing on a page is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ..project import Project
from . import layout
from .block_reader import Block
from .blocks import scan
from .examples import ExampleError
from .files import ProjectError, read_text
from .front_matter import FrontMatterError, line_of, parse_front_matter
from .reading import count_words
from .show_calls import ShowCall

LONGEST = 100_000
"""Characters that a page may have.

The time that the checks of its HTML take may grow with the square of them.
"""


class PageError(ExampleError):
    """A page's file is invalid. The message has a line for each problem: `file: cause; fix`."""


@dataclass(frozen=True)
class Page:
    """A page of the course: one Markdown file.

    Attributes:
        path: Its file.
        address: Its path on the site, relative to the root: "tasks/states/".
        title: The title in its front matter, or else the file's name.
        front_matter: The values of its front matter, by key.
        blocks: The blocks that show examples. Their lines are counted from the top of the file.
        words: How many words of prose it has.
    """

    path: Path
    address: str
    title: str
    front_matter: dict[str, Any]
    blocks: tuple[Block, ...]
    words: int

    @property
    def is_lesson(self) -> bool:
        """Whether it teaches something: the home page and pages of reference do not."""
        return self.address != "" and self.front_matter.get("kind") != "reference"

    @property
    def before(self) -> list[str]:
        """The pages to know first: their files, relative to the folder of the pages."""
        return list(self.front_matter.get("before", ()))

    @property
    def answers(self) -> list[str]:
        """The questions and messages, in readers' words, that it answers."""
        return list(self.front_matter.get("answers", ()))

    @property
    def place(self) -> int | None:
        """Its place on the short path, from 1, or None if it is not on it."""
        return self.front_matter.get("path")

    @property
    def made_from(self) -> str | None:
        """The data that it is generated from, relative to the folder of the pages, if any."""
        return self.front_matter.get("made_from")

    @property
    def calls(self) -> list[ShowCall]:
        """The calls of `show` on the page, in order."""
        return [call for block in self.blocks for call in block.calls]


def find(project: Project) -> list[Page]:
    """Read all pages.

    Returns:
        The pages, sorted by path.

    Raises:
        PageError: Some files in `docs/` are invalid; the message has a line for each problem.
    """
    wrong = layout.check_docs(project)
    if wrong:  # nothing is read before names and kinds of all files are known to be good
        raise PageError("\n".join(wrong))
    known = {
        path.relative_to(project.examples).with_suffix("").as_posix()
        for path in layout.example_files(project)
        if path.suffix in (".py", ".sh")
    }
    pages = []
    for path in layout.page_files(project):
        try:
            page = read(project, path)
        except PageError as error:
            wrong.append(str(error))
            continue
        wrong += [
            f"{project.relative(path)}: line {call.line}: there is no such example;"
            f" examples/{name}.py is missing"
            for call in page.calls
            for name in call.names
            if name not in known
        ]
        pages.append(page)
    wrong = wrong or check_relations(project, pages)
    if wrong:
        raise PageError("\n".join(wrong))
    return pages


def check_relations(project: Project, pages: list[Page]) -> list[str]:
    """Check what pages say of other files: which pages to know first, and what they are made from.

    It also checks the order of the short path.

    Returns:
        A message for each problem: `file: cause; fix`.
    """
    files = {page.path.relative_to(project.docs).as_posix() for page in pages}
    by_place: dict[int, Page] = {}
    found: list[tuple[Page, str, str]] = []
    for page in pages:
        for name in page.before:
            if name not in files:
                found.append((page, "before", f"there is no page docs/{name}; correct the name"))
            elif project.docs / name == page.path:
                found.append((page, "before", f"{name} is this page itself; leave it out"))
        if page.made_from is not None and not (project.docs / page.made_from).is_file():
            found.append(
                (page, "made_from", f"there is no docs/{page.made_from}; correct the name")
            )
        if page.place is not None and page.place in by_place:
            other = project.relative(by_place[page.place].path)
            cause = f"{other} has `path: {page.place}` too; give each a place of its own"
            found.append((page, "path", cause))
        elif page.place is not None:
            by_place[page.place] = page
    for place in sorted(by_place):
        if place > 1 and place - 1 not in by_place:
            cause = f"no page has `path: {place - 1}`; number the short path from 1, without gaps"
            found.append((by_place[place], "path", cause))
    messages = []
    for page, key, cause in found:
        line = line_of(read_text(project, page.path), key)
        messages.append(f"{project.relative(page.path)}: line {line}: {cause}")
    return messages


def read(project: Project, path: Path) -> Page:
    """Read one page.

    Raises:
        PageError: The file, its front matter or one of its blocks is invalid.
    """
    where = project.relative(path)
    try:
        text = read_text(project, path).removeprefix("\ufeff")
    except ProjectError as error:
        raise PageError(str(error)) from None
    if len(text) > LONGEST:
        raise PageError(
            f"{where}: it has {len(text):,} characters; a page may have at most {LONGEST:,}, so"
            " split it in two"
        )
    front_matter, blocks, words, faults = _parse(text)
    if faults:
        raise PageError("\n".join(f"{where}: line {line}: {cause}" for line, cause in faults))
    title = front_matter.get("title", path.stem)
    return Page(path, address_of(project, path), title, front_matter, blocks, words)


def address_of(project: Project, page: Path) -> str:
    """Return the path of a page on the site, relative to its root: "tasks/states/"."""
    inside = page.relative_to(project.docs).with_suffix("")
    folder = inside.parent if inside.name == "index" else inside
    return "".join(f"{part}/" for part in folder.parts)


def title_of(project: Project, path: Path) -> str:
    """Return the title of a page: its front matter's, or else the file's name.

    Raises:
        PageError: The page is invalid.
    """
    return read(project, path).title


def target_faults(project: Project, target: str) -> list[str]:
    """Return what is wrong with a reference to a page or a part of it.

    Args:
        project: The project.
        target: The page's file, relative to the folder of the pages, perhaps with the id of a
            heading: "tasks/states.md#cancel".
    """
    path, _, anchor = target.partition("#")
    page = project.docs / path
    if not page.is_file() or not re.fullmatch(r"[a-z0-9-]+(?:/[a-z0-9-]+)*\.md", path):
        return [f"there is no page docs/{path}"]
    if anchor and f"#{anchor} }}" not in page.read_text(encoding="utf-8"):
        return [f"docs/{path} has no heading with the id {anchor}"]
    try:
        title_of(project, page)
    except PageError as error:
        return [f"its page has an error: {error}"]
    return []


def pinned_examples(pages: list[Page]) -> list[tuple[str, str]]:
    """Return the examples that pages show as they run on a certain Python.

    Args:
        pages: The pages.

    Returns:
        Pairs of an example's name and a Python ("3.14"), sorted, each once.
    """
    calls = (call for page in pages for call in page.calls)
    return sorted({(call.name, call.options.python) for call in calls if call.options.python})


# One build reads a page many times. Keyed by the text, the cache never returns an old version.
@cache
def _parse(
    text: str,
) -> tuple[dict[str, Any], tuple[Block, ...], int, list[tuple[int, str]]]:
    """Return a page's front matter, blocks and words, and what is wrong with it: (line, cause)."""
    try:
        front_matter, body = parse_front_matter(text)
    except FrontMatterError as error:
        return {}, (), 0, [(error.line, error.cause)]
    above = text.count("\n") - body.count("\n")
    found = scan(body)
    blocks = tuple(
        Block(
            block.first + above,
            block.last + above,
            tuple(replace(call, line=call.line + above) for call in block.calls),
        )
        for block in found.blocks
    )
    return (
        front_matter,
        blocks,
        count_words(body, found.blocks),
        [(refused.line + above, refused.cause) for refused in found.refused],
    )
