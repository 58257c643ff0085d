"""On which Pythons an example was run as it is now, and printed what it must.

In:  the examples and their outputs. Out: `examples/verified.txt`, which is tracked: a line for each
     example and Python, with a digest of what was run and what it printed. A line whose digest is
     no longer that of the files says nothing, so a stale one is never shown.

A line is a fact, and facts are sorted: git merges two branches by taking the lines of both
(`merge=union` in `.gitattributes`). The file may then hold a fact twice, or an old and a new one of
the same run; both are read rightly, and `make update` writes each once.
"""

from __future__ import annotations

import hashlib
import json
import re

from ..content.examples import NAME, NEWEST, OLDEST, Example, mentioned_files
from ..content.files import ProjectError, read_text, refuse_conflict, write_text
from ..project import Project

Facts = dict[str, dict[str, set[str]]]
"""Example -> Python ("3.13.0") -> digests. After a merge there may be two; the one that is true of
the files counts.
"""

FILE = "verified.txt"
_FACT = re.compile(
    rf"(?P<example>{NAME.pattern}) (?P<python>3\.(?P<minor>[0-9]{{1,2}})\.[0-9]{{1,2}})"
    r" (?P<digest>[0-9a-f]{12})"
)


def load(project: Project) -> Facts:
    """All facts, also those that are no longer true. A file that is not there has none.

    Raises:
        ProjectError: A line is no fact, or the file cannot be read.
    """
    file = project.examples / FILE
    facts: Facts = {}
    if not file.exists():
        return facts
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    for number, line in enumerate(text.splitlines(), 1):
        fact = _FACT.fullmatch(line)
        if fact is not None and not OLDEST <= int(fact["minor"]) <= NEWEST:
            raise ProjectError(
                f"{project.relative(file)}: line {number} names Python {fact['python']}, and"
                f" examples run on 3.{OLDEST} to 3.{NEWEST}; delete the line, or bring NEWEST in"
                " sitebuild/content/examples.py up to date"
            )
        if fact is None:
            raise ProjectError(
                f"{project.relative(file)}: line {number} is not `example python digest`; delete"
                " the line, then run `make update`"
            )
        facts.setdefault(fact["example"], {}).setdefault(fact["python"], set()).add(fact["digest"])
    return facts


def digest(example: Example, python: str) -> str:
    """Of an example's source (of all the files that a shell session names) and of what it prints on
    a Python ("3.13.0").
    """
    project = Project(example.path.parents[2])
    files = [*mentioned_files(example), example.output_file(python)]
    parts = [example.source, *(read_text(project, file) for file in files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def pythons(example: Example, facts: Facts) -> list[str]:
    """The Pythons on which the example as it is now was run, lowest first: ["3.11.7", "3.13.0"]. Of
    each version the newest release.
    """
    if not example.output_file("").exists():
        return []
    newest: dict[tuple[int, ...], str] = {}
    for python in sorted(facts.get(example.name, {}), key=_numbers):
        if digest(example, python) in facts[example.name][python]:
            newest[_numbers(python)[:2]] = python
    return list(newest.values())


def add(facts: Facts, example: Example, python: str) -> None:
    """Say in `facts` that this Python printed what it must. It takes the place of other releases of
    the same version.
    """
    if not re.fullmatch(r"3\.[0-9]+\.[0-9]+", python):
        return  # a release candidate: what it prints may still change
    digests = facts.setdefault(example.name, {})
    for old in [old for old in digests if _numbers(old)[:2] == _numbers(python)[:2]]:
        del digests[old]
    digests[python] = {digest(example, python)}


def store(project: Project, facts: Facts, every: dict[str, Example]) -> bool:
    """Write what is true of the examples that there are, each fact once. True where that changed
    the file.
    """
    lines = [
        f"{name} {python} {digest(every[name], python)}\n"
        for name in sorted(every)
        for python in pythons(every[name], facts)
    ]
    text, file = "".join(lines), project.examples / FILE
    if file.exists() and read_text(project, file) == text:
        return False
    write_text(project, file, text)
    return True


def _numbers(python: str) -> tuple[int, ...]:
    """Of a version: (3, 15, 0) for "3.15.0" and for "3.15.0rc2"."""
    return tuple(int(number) for number in re.findall(r"\d+", python)[:3])
