"""On which Pythons an example was run as it is now, and printed what it must.

In:  the examples and their outputs. Out: `examples/verified.json`, which is tracked: per example and Python, a digest of what was run and
what it printed. An entry whose digest is no longer that of the files says nothing, so a stale one is never shown.
"""

from __future__ import annotations

import hashlib
import json
import re

from .examples import Example, mentioned
from .project import Project

Verified = dict[str, dict[str, str]]  # example -> Python ("3.13.0") -> digest


def load(project: Project) -> Verified:
    """All entries, also those that are no longer true. A file that is not there has none."""
    file = project.examples / "verified.json"
    held: Verified = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return held


def digest(example: Example, python: str) -> str:
    """Of an example's source (of all the files that a shell session names) and of what it prints on a Python ("3.13.0")."""
    files = [*mentioned(example), example.out(python)]
    return hashlib.sha256(json.dumps([example.source, *(file.read_text(encoding="utf-8") for file in files)]).encode()).hexdigest()[:12]


def pythons(example: Example, held: Verified) -> list[str]:
    """The Pythons on which the example as it is now was run, lowest first: ["3.11.7", "3.13.0"]."""
    if not example.out("").exists():
        return []
    true = [python for python, known in held.get(example.name, {}).items() if known == digest(example, python)]
    return sorted(true, key=_numbers)


def note(held: Verified, example: Example, python: str) -> None:
    """Say in `held` that this Python printed what it must. It takes the place of other releases of the same version."""
    entries = held.setdefault(example.name, {})
    for old in [old for old in entries if _numbers(old)[:2] == _numbers(python)[:2]]:
        del entries[old]
    entries[python] = digest(example, python)


def store(project: Project, held: Verified, every: dict[str, Example]) -> bool:
    """Write the entries of the examples that there are. True where that changed the file."""
    rows = [
        f"  {json.dumps(name)}: {json.dumps({python: held[name][python] for python in sorted(held[name], key=_numbers)})}"
        for name in sorted(held)
        if name in every
    ]
    text, file = "{\n" + ",\n".join(rows) + "\n}\n", project.examples / "verified.json"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    new = file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)
    return True


def _numbers(python: str) -> list[int]:
    """Of a version: [3, 15, 0] for "3.15.0" and for "3.15.0rc2"."""
    return [int(number) for number in re.findall(r"\d+", python)[:3]]
