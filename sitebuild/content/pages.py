"""What the Markdown pages say of themselves, and which examples they show.

In:  the files under `docs/`. Out: a `Page` each: its address, its front matter, and the calls of
     `show` on it. Nothing on a page is run. What is wrong with pages is a `PageError` that names
     file, line, cause and mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from mkdocs.utils import meta

from ..project import Project
from . import layout
from .blocks import Block, scan
from .examples import ExampleError
from .files import ProjectError, read_text
from .show_calls import ShowCall

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONGEST = 100_000
"""Characters of a page. What looks at its HTML may take a time that grows with the square of them.
"""
# the keys, a list, and one more, for which the message about the key is the better one
_DEEPEST = 3


class PageError(ExampleError):
    """A page's file is not as it must be. The message has a line for each cause, `file: cause`."""


@dataclass(frozen=True)
class Page:
    """One file under docs/."""

    path: Path
    address: str  # where it stands on the site: "tasks/states/"
    title: str  # as its front matter gives it; without one, the file's name
    front_matter: dict[str, Any]
    blocks: tuple[Block, ...]  # their lines are those of the file

    @property
    def calls(self) -> list[ShowCall]:
        """The calls of `show` on it, in order."""
        return [call for block in self.blocks for call in block.calls]


def find(project: Project) -> list[Page]:
    """Read all pages, in order of their paths.

    Raises:
        PageError: Something in `docs/` may not be there; it says all of it, not only the first.
    """
    wrong = layout.check_docs(project)
    if wrong:  # before any of them is read
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
        except PageError as problem:
            wrong.append(str(problem))
            continue
        wrong += [
            f"{project.relative(path)}: line {call.line}: there is no such example;"
            f" examples/{call.name}.py is missing"
            for call in page.calls
            if call.name not in known
        ]
        pages.append(page)
    if wrong:
        raise PageError("\n".join(wrong))
    return pages


def read(project: Project, path: Path) -> Page:
    """Read one page.

    Raises:
        PageError: Its front matter or one of its blocks is not as it must be.
    """
    where = project.relative(path)
    try:
        text = read_text(project, path).removeprefix("\ufeff")
    except ProjectError as problem:
        raise PageError(str(problem)) from None
    if len(text) > LONGEST:
        raise PageError(
            f"{where}: it has {len(text):,} characters; a page has {LONGEST:,} at most, make two"
            " of it"
        )
    front_matter, blocks, wrong = _parse(text)
    if wrong:
        raise PageError("\n".join(f"{where}: line {line}: {cause}" for line, cause in wrong))
    return Page(
        path, address_of(project, path), front_matter.get("title", path.stem), front_matter, blocks
    )


def address_of(project: Project, page: Path) -> str:
    """Where a page of docs/ stands on the site, without the beginning: "tasks/states/"."""
    inside = page.relative_to(project.docs).with_suffix("")
    folder = inside.parent if inside.name == "index" else inside
    return "".join(f"{part}/" for part in folder.parts)


def title_of(project: Project, path: Path) -> str:
    """The title that a page's front matter gives; without one, the file's name."""
    return read(project, path).title


def pinned_examples(project: Project) -> list[tuple[str, str]]:
    """(example, Python) of each that a page shows as it runs on a certain Python, each once, in
    order.
    """
    calls = (call for page in find(project) for call in page.calls)
    return sorted({(call.name, call.options.python) for call in calls if call.options.python})


def listed(things: list[str]) -> str:
    """As a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(things[:-1]), *things[-1:])))


# a page is asked for by everything that wants to know what is shown; one that has changed has
# another text
@cache
def _parse(text: str) -> tuple[dict[str, Any], tuple[Block, ...], list[tuple[int, str]]]:
    """The front matter, the blocks, and what is wrong: (line, cause)."""
    try:
        front_matter, body = _front_matter(text)
    except _FrontMatterError as problem:
        return {}, (), [(problem.line, problem.cause)]
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
        [(refused.line + above, refused.cause) for refused in found.refused],
    )


class _FrontMatterError(Exception):
    def __init__(self, line: int, cause: str) -> None:
        self.line = line
        self.cause = cause


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The YAML between the two lines `---`, and what stands below. Where it is wrong MkDocs passes
    over all of it in silence.
    """
    # MkDocs's own, so that the page begins for us where it begins for MkDocs
    found = meta.YAML_RE.match(text)
    if found is None:
        if text.partition("\n")[0].rstrip() == "---":
            raise _FrontMatterError(
                1, "its front matter is empty or not closed; end it with a line `---`"
            )
        body, data = meta.get_data(text)
        if data:
            raise _FrontMatterError(
                1,
                "MkDocs takes its first lines for data; put a heading first, or the data between"
                " two lines `---`",
            )
        return {}, body
    try:
        _check_plain(found[1])
        data = yaml.load(found[1], _LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        cause = (
            getattr(problem, "problem", None)
            or getattr(problem, "reason", None)
            or type(problem).__name__
        )
        raise _FrontMatterError(
            mark.line + 2 if mark else 2,
            f"its front matter is not YAML: {cause}; put a text that has a colon or quotes into"
            " quotes",
        ) from None
    except _FrontMatterError:
        raise
    except Exception as problem:
        # a date that is none, or whatever else YAML's makers of values stumble over: `!!bool maybe`
        raise _FrontMatterError(
            2, f"its front matter cannot be read: {problem}; put a text into quotes"
        ) from None
    if not isinstance(data, dict):
        raise _FrontMatterError(
            2, 'its front matter must be lines like `title: "States of a task"`'
        )
    for key, value in data.items():
        is_right, wanted = _KEYS.get(key, (None, "")) if isinstance(key, str) else (None, "")
        if is_right is None:
            line = _line_of(found[1], key)
            raise _FrontMatterError(
                line,
                f"its front matter has the key {key!a}; known are"
                f" {listed([f'`{known}`' for known in _KEYS])}",
            )
        if not is_right(value):
            line = _line_of(found[1], key)
            raise _FrontMatterError(line, f"`{key}` in its front matter must be {wanted}")
    return data, text[found.end() :].lstrip("\n")


def _line_of(text: str, key: object) -> int:
    """The line of the page at which a key of its front matter stands."""
    keys = (node for node, _ in yaml.compose(text, _LOADER).value)
    return next((node.start_mark.line + 2 for node in keys if node.value == str(key)), 2)


def _check_plain(text: str) -> None:
    """Refuse references and deep nesting before YAML builds values: references can multiply, and
    deep nesting crashes the interpreter.

    Raises:
        yaml.YAMLError: It is no YAML.
        _FrontMatterError: It has a reference, or lists in lists in lists.
    """
    depth = 0
    for event in yaml.parse(text, _LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if isinstance(event, yaml.AliasEvent):
            raise _FrontMatterError(
                event.start_mark.line + 2,
                "its front matter refers to another part of itself, with `*`; write it out",
            )
        if depth > _DEEPEST:
            raise _FrontMatterError(
                event.start_mark.line + 2,
                "its front matter has brackets in brackets; put a text into quotes",
            )


def _is_text(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isprintable()
        and not value.isspace()
        and value != ""
        and not re.search('[<>&"]', value)
    )


def _is_list(pattern: str) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, list)
        and all(isinstance(item, str) and re.fullmatch(pattern, item) for item in value)
    )


# The theme knows more keys and doesn't escape their values. A title appears on every page, in the
# navigation, so markup in it would too.
_TEXT = (
    _is_text,
    """a text on one line, without < > & and "; put it in quotes, and write “ and ” inside it""",
)
_KEYS: dict[str, tuple[Callable[[object], bool], str]] = {
    "title": _TEXT,
    "description": _TEXT,
    "articles": (_is_list(r"[A-Z][0-9]+-[0-9]+"), "a list of items, like [S2-9, S2-10]"),
    "minutes": (lambda value: type(value) is int and 0 < value <= 120, "a whole number of minutes"),
    "kind": (lambda value: value == "reference", "`reference`, or left out"),
    "hide": (_is_list("toc|navigation|footer"), "a list of `toc`, `navigation` and `footer`"),
}
"""What the front matter of a page may say: for each key what its value must be, as a check and in
words.
"""
