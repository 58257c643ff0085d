"""On which Pythons each example printed what it must: `examples/verified.txt`, a tracked file.

Each of its lines is a fact: an example, a Python, and a digest of what was run and what it printed.
A fact whose digest does not match the files is ignored, so an outdated one is never shown.

The facts are sorted, and git merges two branches by keeping the lines of both (`merge=union` in
`.gitattributes`). The file may then hold a fact twice, or an old one beside a new one. Both are
read correctly, and `make update` cleans up.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from ..content.examples import NAME, Example, mentioned_files
from ..content.files import ProjectError, read_text, refuse_conflict, write_text
from ..project import NEWEST_MINOR, OLDEST_MINOR, Project

Facts = dict[str, dict[str, set[str]]]
"""Example -> Python ("3.13.0") -> digests. After a merge there may be several digests."""

FILE = "verified.txt"
"""The name of the file, in `examples/`."""

_FACT = re.compile(
    rf"(?P<example>{NAME.pattern}) (?P<python>3\.(?P<minor>[0-9]{{1,2}})\.[0-9]{{1,2}})"
    r" (?P<digest>[0-9a-f]{12})"
)


def load(project: Project) -> Facts:
    """Read all facts, outdated ones included. If the file is missing, there are none.

    Raises:
        ProjectError: A line is not a fact, or the file cannot be read.
    """
    file = project.examples / FILE
    facts: Facts = {}
    if not file.exists():
        return facts
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{project.relative(file)}: line {number}"
        fact = _FACT.fullmatch(line)
        if fact is None:
            raise ProjectError(
                f"{where} is not `example python digest`; delete the line, then run `make update`"
            )
        if not OLDEST_MINOR <= int(fact["minor"]) <= NEWEST_MINOR:
            raise ProjectError(
                f"{where} names Python {fact['python']}, and examples run on 3.{OLDEST_MINOR} to"
                f" 3.{NEWEST_MINOR}; delete the line, or raise NEWEST_MINOR in sitebuild/project.py"
            )
        facts.setdefault(fact["example"], {}).setdefault(fact["python"], set()).add(fact["digest"])
    return facts


def digest(example: Example, python: str) -> str:
    """Return a digest of an example's source and of its expected output on a Python ("3.13.0").

    For a shell session it covers all programs that the session mentions.
    """
    project = Project(example.path.parents[2])
    files = [*mentioned_files(example), example.output_file(python)]
    parts = [example.source, *(read_text(project, file) for file in files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def pythons(example: Example, facts: Facts, ran: str | None = None) -> list[str]:
    """Return the Pythons on which an example was run as it is now, lowest first.

    Of each minor version only the newest release is listed: ["3.11.7", "3.13.0"].

    Args:
        example: The example.
        facts: All facts.
        ran: A Python that has just run it; it replaces other releases of its minor version.
    """
    if not example.output_file("").exists():
        return []
    newest: dict[tuple[int, ...], str] = {}
    digests: dict[Path, str] = {}  # most Pythons print the same
    for python in sorted(facts.get(example.name, {}), key=version_key):
        file = example.output_file(python)
        if file not in digests:
            digests[file] = digest(example, python)
        if digests[file] in facts[example.name][python]:
            newest[version_key(python)[:2]] = python
    if ran is not None and _is_release(ran):
        newest[version_key(ran)[:2]] = ran
    return [newest[version] for version in sorted(newest)]


def add(facts: Facts, example: Example, python: str) -> None:
    """Add the fact that an example printed what it must on a Python ("3.13.0").

    It replaces the facts about other releases of the same minor version. Release candidates are
    ignored: what they print may still change.
    """
    if not _is_release(python):
        return
    digests = facts.setdefault(example.name, {})
    for old in [old for old in digests if version_key(old)[:2] == version_key(python)[:2]]:
        del digests[old]
    digests[python] = {digest(example, python)}


def store(project: Project, facts: Facts, examples: dict[str, Example]) -> bool:
    """Write the facts that match the files, each once.

    Args:
        project: The project.
        facts: The facts, outdated ones included.
        examples: All examples, by name; facts about others are dropped.

    Returns:
        Whether the file has changed.
    """
    lines = [
        f"{name} {python} {digest(examples[name], python)}\n"
        for name in sorted(examples)
        for python in pythons(examples[name], facts)
    ]
    text, file = "".join(lines), project.examples / FILE
    if file.exists() and read_text(project, file) == text:
        return False
    write_text(project, file, text)
    return True


def _is_release(python: str) -> bool:
    """Return whether a Python is a final release, and not a release candidate."""
    return re.fullmatch(r"3\.[0-9]+\.[0-9]+", python) is not None


def version_key(python: str) -> tuple[int, ...]:
    """Return the numbers of a version: (3, 15, 0) for "3.15.0" and for "3.15.0rc2"."""
    return tuple(int(number) for number in re.findall(r"\d+", python)[:3])
