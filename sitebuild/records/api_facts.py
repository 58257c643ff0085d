"""Keeps what was found out about asyncio's names: which Pythons have them, and which are unused.

The facts are in `docs/reference/api-facts.txt`, a tracked file that `make update` writes, with a
line for each name. The Pythons themselves are asked; what those that are not on the machine
answered before is kept. A name that no example uses is marked, and loses the mark for good once one
does.

Git merges two branches by keeping the lines of both (`merge=union` in `.gitattributes`). The file
may then have two lines for a name: the last one counts, until `make update` cleans up.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass, field

from ..content.api_names import ApiNames
from ..content.files import ProjectError, read_text, refuse_conflict, write_text
from ..project import NEWEST_MINOR, OLDEST_MINOR, Project
from .pythons import find_interpreter

FILE = "reference/api-facts.txt"
"""The file, in `docs/`."""

_FACT = re.compile(r"(?P<id>[A-Za-z_.]+)(?P<pythons>(?: 3\.[0-9]+)*)(?P<unused> unused)?")

# Some attributes exist only in instances. `__init__` assigns them, so its code names them. asyncio
# warns of some names that they are deprecated; they are there all the same.
_QUESTION = """
import asyncio.subprocess, json, sys, warnings
warnings.simplefilter("ignore")

def has(path):
    found = asyncio
    for part in path:
        if not hasattr(found, part):
            code = getattr(getattr(found, "__init__", None), "__code__", None)
            return part == path[-1] and code is not None and part in code.co_names
        found = getattr(found, part)
    return True

print(json.dumps([id for id, path in json.load(sys.stdin).items() if has(path)]))
"""


@dataclass
class ApiFacts:
    """What is known about asyncio's names.

    Attributes:
        pythons: For each name, the Pythons that have it, lowest first: ["3.13", "3.14"].
        unused: The names that no example uses.
    """

    pythons: dict[str, list[str]] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)


def ask(executable: str, names: ApiNames) -> set[str]:
    """Return the ids of the names that a Python has.

    Raises:
        subprocess.CalledProcessError: The Python cannot import asyncio.
    """
    paths = {
        id: path.split(".")
        for name in names.by_id.values()
        for id, path in (
            (name.id, name.id),
            *((member.id, f"{name.id}.{member.name}") for member in name.members),
        )
    }
    answer = subprocess.run(
        [executable, "-I", "-S", "-c", _QUESTION],
        input=json.dumps(paths),
        capture_output=True,
        check=True,
        text=True,
    )
    return set(json.loads(answer.stdout))


def load(project: Project) -> ApiFacts:
    """Read the facts; without the file there are none.

    Raises:
        ProjectError: A line is not a fact, or the file cannot be read.
    """
    file = project.docs / FILE
    if not file.is_file():
        return ApiFacts()
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    facts = ApiFacts()
    for number, line in enumerate(text.splitlines(), 1):
        if not (found := _FACT.fullmatch(line)):
            raise ProjectError(
                f"{project.relative(file)}: line {number} is not `name pythons`; delete it, then"
                " run `make update`"
            )
        facts.pythons[found["id"]] = found["pythons"].split()
        if found["unused"]:
            facts.unused.add(found["id"])
        else:
            facts.unused.discard(found["id"])
    return facts


def find_out(facts: ApiFacts, names: ApiNames, used: Collection[str]) -> ApiFacts:
    """Ask the Pythons of this machine, and return the facts as they are now.

    Args:
        facts: The facts as they were.
        names: The names.
        used: The ids of the names that examples use.
    """
    answers: dict[str, Collection[str]] = {}
    for minor in range(OLDEST_MINOR, NEWEST_MINOR + 1):
        python = f"3.{minor}"
        if minor == sys.version_info.minor:
            answers[python] = ask(sys.executable, names)
        elif interpreter := find_interpreter(minor):
            answers[python] = ask(interpreter.path, names)
        else:
            answers[python] = [id for id, known in facts.pythons.items() if python in known]
    return ApiFacts(
        {id: [python for python, ids in answers.items() if id in ids] for id in names.ids},
        {id for id in names.ids if id in facts.unused and id not in used},
    )


def store(project: Project, facts: ApiFacts) -> bool:
    """Write the facts, a name a line, and return whether the file has changed."""
    file = project.docs / FILE
    text = "".join(
        f"{' '.join([id, *pythons, *(['unused'] if id in facts.unused else [])])}\n"
        for id, pythons in facts.pythons.items()
    )
    if file.exists() and read_text(project, file) == text:
        return False
    write_text(project, file, text)
    return True
