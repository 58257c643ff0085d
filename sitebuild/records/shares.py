"""Shares of the records: several machines run a part of the examples each, for one build.

A share is a folder: `share.json` says which share it is, and the records are beside it, in files as
in `.cache/records/`. A share comes from another machine, so nothing in it is trusted: of its
records, a build takes those that are up to date on its own machine and that a run can have had.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..content.examples import Example
from ..content.files import ProjectError, read_text, write_text
from ..project import Project
from ..text import join_words
from . import cache, pythons

_LABEL = "share.json"
_LARGEST = 50_000_000  # bytes of one record; the largest of the course has 0.6 million
_MAX_NAMED = 5  # examples that a message names
_PART = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", re.ASCII)
_PYTHON = re.compile(r"3\.[0-9]{1,2}\.[0-9]{1,2}[a-z0-9+]{0,10}", re.ASCII)


@dataclass(frozen=True, order=True)
class Part:
    """Which part of the examples a share has.

    Attributes:
        number: Which one it is, from 1.
        count: How many parts there are.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Read a part as it is written: "3/8".

        Raises:
            ValueError: The text is not a part.
        """
        found = _PART.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            raise ValueError(f"{text!a} is not a share; write 3/8 for the third of eight")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.number}/{self.count}"

    def of(self, examples: Iterable[Example]) -> list[Example]:
        """Return this part of some examples.

        Examples of one kind, which take about as long, are dealt out in turn. So no part has more
        than one more of a kind than another, and all machines deal in the same way.
        """
        dealt = sorted(
            examples,
            key=lambda example: (
                example.shell,
                bool(example.dependencies),
                example.clock,
                example.name,
                example.pinned or "",
            ),
        )
        return dealt[self.number - 1 :: self.count]


@dataclass(frozen=True)
class _Share:
    """A share that has been found.

    Attributes:
        folder: Its folder.
        part: Which part of the examples it has.
        python: The Python that recorded it, or had other Pythons record it.
    """

    folder: Path
    part: Part
    python: str


def write(
    folder: Path, part: Part, examples: Iterable[Example], python: str, project: Project
) -> int:
    """Write a share.

    Args:
        folder: Its folder, which must be empty, or must not exist.
        part: Which part of the examples it has.
        examples: The examples of that part. Those without a record are left out.
        python: The Python that is running.
        project: The project.

    Returns:
        The number of records in it.

    Raises:
        ProjectError: There is something in the folder already, or a file cannot be written.
    """
    check_folder(folder, project)
    records = 0
    for example in examples:
        if cache.load_header(example, project) is not None:
            text = _read(project, cache.record_path(example, project))
            write_text(project, folder / cache.record_name(example), text)
            records += 1
    # The label comes last: without it, a folder that is not complete is not a share.
    write_text(project, folder / _LABEL, json.dumps({"part": str(part), "python": python}) + "\n")
    return records


def check_folder(folder: Path, project: Project) -> None:
    """Check that a share can be written to a folder.

    Raises:
        ProjectError: There is something in it, or it is a file.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ProjectError(
            f"{project.relative(folder)}: a share is written to a new folder, and this exists;"
            " delete it, or name another with --into"
        )


def adopt(folders: Iterable[Path], variants: Iterable[Example], project: Project) -> list[str]:
    """Store the records of shares that this machine can use, so that their examples need not run.

    Args:
        folders: The folders of the shares.
        variants: All examples, and those that pages show on another Python.
        project: The project.

    Returns:
        A message for each share that is missing or stale, and one for the examples that no share
        has: these will be run.

    Raises:
        ProjectError: A record cannot be stored.
        ExampleError: An example declares a package that is not installed.
    """
    found, messages = [], []
    for folder in folders:
        try:
            found.append(_find(folder, project))
        except ProjectError as error:
            messages.append(f"{error}; its examples are run here")
    messages += _missing(found)
    stale: dict[_Share, list[str]] = defaultdict(list)
    nowhere = []
    runnable = [example for example in variants if pythons.can_run(example)]
    for example in cache.find_stale_among(runnable, project):
        having = [share for share in found if (share.folder / cache.record_name(example)).exists()]
        if not any(_adopt(share, example, project) for share in having):
            for share in having:
                stale[share].append(example.name)
            if not having:
                nowhere.append(example.name)
    messages += [
        f"{project.relative(share.folder)}: share {share.part} is stale: of {_listed(names)} it has"
        " no record that can be used here (they, loopscope, a package or the checkout's folder"
        " differ, or a record is damaged); they are run here"
        for share, names in stale.items()
    ]
    if nowhere:
        messages.append(f"no share has {_listed(nowhere)}; they are run here")
    return messages


def _adopt(share: _Share, example: Example, project: Project) -> bool:
    """Store the record that a share has of an example, and return whether that can be used."""
    try:
        text = _read(project, share.folder / cache.record_name(example))
    except ProjectError:
        return False
    return cache.adopt(example, text, project)


def _read(project: Project, file: Path) -> str:
    return read_text(project, file, largest=_LARGEST)


def _find(folder: Path, project: Project) -> _Share:
    """Read which share is in a folder.

    Raises:
        ProjectError: None is.
    """
    where = project.relative(folder)
    if not folder.is_dir():
        raise ProjectError(f"{where}: this share is missing, there is no such folder")
    if not (folder / _LABEL).exists():
        raise ProjectError(f"{where}: there is no complete share in it, {_LABEL} is missing")
    try:
        label = json.loads(read_text(project, folder / _LABEL))
        part, python = Part.parse(label["part"]), label["python"]
        if not _PYTHON.fullmatch(python):
            raise ValueError("no Python")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProjectError(
            f"{where}: {_LABEL} does not say which share it is; record it again"
        ) from None
    return _Share(folder, part, python)


def _missing(found: list[_Share]) -> list[str]:
    """Return a message for each set of shares of which some were not given."""
    sets: dict[tuple[str, int], set[int]] = defaultdict(set)
    for share in found:
        sets[share.python, share.part.count].add(share.part.number)
    messages = []
    for (python, count), numbers in sorted(sets.items()):
        lost = [str(Part(number, count)) for number in range(1, count + 1) if number not in numbers]
        if lost:
            some = lost if len(lost) <= _MAX_NAMED else [*lost[:_MAX_NAMED], "others"]
            messages.append(f"of Python {python}, share {join_words(some)} is missing")
    return messages


def _listed(names: list[str]) -> str:
    """Return names of examples for a message, the first few of many."""
    more = len(names) - _MAX_NAMED
    return join_words(names if more <= 1 else [*names[:_MAX_NAMED], f"{more:,} more"])
