"""Which files may be in the folders that people write in, by name and kind.

Names of examples and pages become addresses, HTML attributes and commands, so only a few characters
are allowed in them. Symbolic links are refused: one could lead to any file of the machine that
builds, and the site would publish it. Hidden files and `__pycache__`, which editors and Python
leave behind, are ignored: nothing in them is an example, a page or part of the site.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from ..project import Project
from .files import LARGEST, SYMBOLIC_LINK

_PAGE = re.compile(r"[a-z0-9-]+")
_PICTURE = re.compile(r"[a-z0-9-]+\.(?:png|jpg|gif|webp|avif)")
# Scripts and anything that a browser takes for a page come from the theme and loopscope alone.
_ALLOWED_FILES = {
    "assets/site.css",
    "assets/listing.css",
    "assets/embed.css",
    "articles/items.toml",
    "reference/api.toml",
    "reference/api-facts.txt",
    "reference/errors/messages.toml",
    "tasks/task-states-dark.svg",
    "tasks/task-states-light.svg",
}
_GENERATED_FOLDERS = ("examples", "embed", "questions")  # of the site, which no page may be in
_EXAMPLE = re.compile(r"[a-z0-9_]+")
_EXAMPLE_FILE = re.compile(r"[a-z0-9_]+(?:\.3\.[0-9]{1,2})?\.[a-z0-9]+")
_EXAMPLE_SUFFIXES = (".py", ".sh", ".out")

_NameCheck = Callable[[os.DirEntry[str]], str | None]
"""Returns what is wrong with the name of a file or folder, and how to fix it."""


def page_files(project: Project) -> list[Path]:
    """Return the files of all pages, sorted by path."""
    return _files(project.docs, (".md",))


def example_files(project: Project) -> list[Path]:
    """Return all programs, shell sessions and expected outputs in `examples/`, sorted by path."""
    return _files(project.examples, _EXAMPLE_SUFFIXES)


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return [
        Path(entry.path)
        for entry in _walk(folder, _is_ignored)
        if entry.name.endswith(suffixes) and not entry.is_dir()
    ]


def check_examples(project: Project) -> list[str]:
    """Return a message, `file: cause; fix`, for everything that may not be in `examples/`."""
    return _check(project, project.examples, _example_fault)


def check_docs(project: Project) -> list[str]:
    """Return a message for everything that may not be in `docs/` and `overrides/`."""
    return _check(project, project.docs, partial(_page_fault, project.docs)) + _check(
        project, project.root / "overrides"
    )


def _check(project: Project, folder: Path, name_fault: _NameCheck | None = None) -> list[str]:
    """Check kind, size and name of everything in a folder, ignored files included."""
    if folder.is_symlink():
        return [
            f"{folder.name}: it is a symbolic link, which is not followed; put the folder itself"
            " there"
        ]
    faults = []
    for entry in _walk(folder, _is_ignored if name_fault else lambda entry: False):
        if fault := _kind_fault(entry) or (name_fault(entry) if name_fault else None):
            faults.append(f"{project.relative(Path(entry.path))}: {fault}")
    return faults


def _kind_fault(entry: os.DirEntry[str]) -> str | None:
    if entry.is_symlink():
        return SYMBOLIC_LINK
    if not entry.is_file() and not entry.is_dir():
        return "it is neither a file nor a folder; delete it"
    if entry.is_file() and entry.stat().st_size > LARGEST:
        return f"it is larger than {LARGEST:,} bytes; make it smaller"
    return None


def _example_fault(entry: os.DirEntry[str]) -> str | None:
    if _is_ignored(entry) and not (entry.is_file() and entry.name.endswith(_EXAMPLE_SUFFIXES)):
        return None
    if entry.is_dir():
        return None if _EXAMPLE.fullmatch(entry.name) else _name_fault("a chapter", "_")
    return None if _EXAMPLE_FILE.fullmatch(entry.name) else _name_fault("an example", "_")


def _page_fault(docs: Path, entry: os.DirEntry[str]) -> str | None:
    page = entry.name.endswith(".md") and entry.is_file()
    if entry.name.startswith(".") and not page:
        return None  # MkDocs leaves these out
    if page:
        good = _PAGE.fullmatch(entry.name.removesuffix(".md"))
        return None if good else _name_fault("a page", "-")
    inside = Path(entry.path).relative_to(docs).as_posix()
    if entry.is_dir():
        if inside in _GENERATED_FOLDERS:
            return (
                "the build writes pages of its own to this folder of the site, over yours;"
                " rename it"
            )
        return None if _PAGE.fullmatch(entry.name) else _name_fault("a folder", "-")
    if inside in _ALLOWED_FILES:
        return None
    if not _PICTURE.fullmatch(entry.name):
        return (
            "MkDocs would publish this file; allowed beside pages are pictures (.png, .jpg, .gif,"
            " .webp, .avif; names in a to z, 0 to 9 and -) and the files listed in"
            " sitebuild/content/layout.py; delete it, or list it there"
        )
    if any((theme / inside).exists() for theme in _themes()):
        return "the theme has a file of that name, which this one would replace; rename it"
    return None


def _name_fault(what: str, punctuation: str) -> str:
    return f"the name of {what} may only contain a to z, 0 to 9 and {punctuation}; rename it"


@cache
def _themes() -> tuple[Path, ...]:
    """Return the folders of the theme, whose files MkDocs publishes under the same names."""
    found = importlib.util.find_spec("material")
    folders = (found.submodule_search_locations if found else None) or ()
    return tuple(Path(folder, "templates") for folder in folders)


def _is_ignored(entry: os.DirEntry[str]) -> bool:
    """Return whether a file or folder is an editor's or Python's."""
    return entry.name.startswith(".") or entry.name == "__pycache__"


def _walk(folder: Path, skips: Callable[[os.DirEntry[str]], bool]) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder, sorted by name, without following links.

    Args:
        folder: Where to begin; it may be missing.
        skips: Whether what is in a folder is left out. The folder itself is yielded.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        below = sorted(entries, key=lambda entry: entry.name)
    for entry in below:
        yield entry
        if entry.is_dir(follow_symlinks=False) and not skips(entry):
            yield from _walk(Path(entry.path), skips)
