"""What may lie in the folders that people write in, by name and kind.

In:  the folders of a project. Out: a line for each file or folder that may not lie there, `file:
     cause`, and the paths of those that may. Nothing is read or followed.

Names of examples and pages become addresses, attributes and commands, so they are kept to a few
letters. A link could lead to any file of the machine that builds, and the site would publish it.
What editors and Python leave, hidden files and `__pycache__`, is let be, and nobody looks into it:
nothing in there is an example, a page or part of the site.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from ..project import Project
from .files import LARGEST

_PAGE = re.compile(r"[a-z0-9-]+")
_PICTURE = re.compile(r"[a-z0-9-]+\.(?:png|jpg|gif|webp|avif)")
# All others: what a browser runs, or takes for a page, comes from the theme and from loopscope.
_ALLOWED_FILES = {"assets/site.css", "assets/embed.css", "articles/items.toml"}
_GENERATED_FOLDERS = ("examples", "embed")  # folders of the site that example_pages.py makes
_EXAMPLE = re.compile(r"[a-z0-9_]+")
_EXAMPLE_FILE = re.compile(r"[a-z0-9_]+(?:\.3\.[0-9]{1,2})?\.[a-z0-9]+")
_ENDINGS = (".py", ".sh", ".out")


def page_files(project: Project) -> list[Path]:
    """The files of all pages, in order of their paths."""
    return [path for path in _files(project.docs) if path.suffix == ".md"]


def example_files(project: Project) -> list[Path]:
    """The files of `examples/` that are programs, sessions in a shell, or what these print, in
    order of their paths.
    """
    return [path for path in _files(project.examples) if path.suffix in _ENDINGS]


def _files(folder: Path) -> list[Path]:
    return sorted(Path(entry.path) for entry in _walk(folder, _is_ignored) if not entry.is_dir())


def check_examples(project: Project) -> list[str]:
    """What may not lie in `examples/`."""
    return _check(project, project.examples, _example_fault)


def check_docs(project: Project) -> list[str]:
    """What may not lie in `docs/` and `overrides/`."""
    return _check(project, project.docs, partial(_page_fault, project.docs)) + _check(
        project, project.root / "overrides"
    )


def _check(
    project: Project,
    folder: Path,
    name_fault: Callable[[os.DirEntry[str]], str | None] | None = None,
) -> list[str]:
    """Of a folder and all in it: only files and folders, no links, none too large, and of the right
    names.
    """
    if folder.is_symlink():
        return [f"{folder.name}: it is a link; put the folder itself there"]
    faults = []
    for entry in _walk(folder, _is_ignored if name_fault else lambda entry: False):
        if fault := _kind_fault(entry) or (name_fault(entry) if name_fault else None):
            faults.append(f"{project.relative(Path(entry.path))}: {fault}")
    return faults


def _kind_fault(entry: os.DirEntry[str]) -> str | None:
    if entry.is_symlink():
        return "it is a link; links are not followed here, put the file itself there or delete it"
    if not entry.is_file() and not entry.is_dir():
        return "it is neither a file nor a folder; delete it"
    if entry.is_file() and entry.stat().st_size > LARGEST:
        return f"it is larger than {LARGEST:,} bytes; make it smaller"
    return None


def _example_fault(entry: os.DirEntry[str]) -> str | None:
    if _is_ignored(entry) and not (entry.is_file() and entry.name.endswith(_ENDINGS)):
        return None
    if entry.is_dir():
        return (
            None
            if _EXAMPLE.fullmatch(entry.name)
            else "the name of a chapter is made of a to z, 0 to 9 and _; rename it"
        )
    return (
        None
        if _EXAMPLE_FILE.fullmatch(entry.name)
        else "the name of an example is made of a to z, 0 to 9 and _; rename it"
    )


def _page_fault(docs: Path, entry: os.DirEntry[str]) -> str | None:
    page = entry.name.endswith(".md") and entry.is_file()
    if entry.name.startswith(".") and not page:
        return None  # MkDocs leaves these out
    if page:
        good = _PAGE.fullmatch(entry.name.removesuffix(".md"))
        return None if good else "the name of a page is made of a to z, 0 to 9 and -; rename it"
    inside = Path(entry.path).relative_to(docs).as_posix()
    if entry.is_dir():
        if inside in _GENERATED_FOLDERS:
            return (
                "the examples' own pages come to stand there, over those in this folder; rename it"
            )
        return (
            None
            if _PAGE.fullmatch(entry.name)
            else "the name of a folder is made of a to z, 0 to 9 and -; rename it"
        )
    if inside in _ALLOWED_FILES:
        return None
    if not _PICTURE.fullmatch(entry.name):
        return (
            "MkDocs would publish this file; beside pages there are pictures (.png, .jpg, .gif,"
            " .webp, .avif; in a to z, 0 to 9 and -) and what sitebuild/content/layout.py names;"
            " delete it, or name it there"
        )
    if any((theme / inside).exists() for theme in _themes()):
        return "the theme has a file of that name, which this one would replace; rename it"
    return None


@cache
def _themes() -> tuple[Path, ...]:
    """The folders whose files MkDocs publishes besides ours, under the same names."""
    found = importlib.util.find_spec("material")
    return (
        tuple(Path(folder, "templates") for folder in found.submodule_search_locations or ())
        if found
        else ()
    )


def _is_ignored(entry: os.DirEntry[str]) -> bool:
    """Whether it is an editor's, or Python's."""
    return entry.name.startswith(".") or entry.name == "__pycache__"


def _walk(folder: Path, skips: Callable[[os.DirEntry[str]], bool]) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, in order of the names, but for what lies in folders that are
    passed over. No link is followed.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        below = sorted(entries, key=lambda entry: entry.name)
    for entry in below:
        yield entry
        if entry.is_dir(follow_symlinks=False) and not skips(entry):
            yield from _walk(Path(entry.path), skips)
