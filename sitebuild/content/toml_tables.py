"""Reads the data that some pages are generated from: TOML files with a table for each entry."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import tomllib

from ..project import Project
from ..text import join_words
from .examples import ExampleError
from .files import read_text, refuse_conflict


def read_tables(project: Project, file: Path) -> dict[str, object]:
    """Read a file whose top level holds one table for each entry.

    Returns:
        The entries by id, in the file's order. Nothing in them has been checked.

    Raises:
        ExampleError: The file is not TOML.
        ProjectError: It cannot be read, or has a merge conflict.
    """
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # ValueError: a TOMLDecodeError, or a number with too many digits
        raise ExampleError(f"{project.relative(file)}: {_toml_fault(str(error))}") from None


def _toml_fault(message: str) -> str:
    """Return a message of the TOML parser, "... (at line 3, column 5)", with the line first."""
    found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    line = f"line {found[2]}: " if found and found[2] else ""
    cause = found[1] if found else message
    return f"{line}it is not TOML: {cause}; is a quotation mark or a bracket missing?"


def shape_faults(kind: type, id: str, entry: object) -> list[str]:
    """Return what is wrong with the keys of an entry and the types of its values.

    Args:
        kind: The dataclass that the entry becomes. Its first field is the id; the others are
            strings or tuples of strings.
        id: The id of the entry.
        entry: The entry.
    """
    if not isinstance(entry, dict):
        return [f"it must be a table, [{id}]"]
    faults = []
    known = {field.name: field for field in fields(kind)[1:]}
    if unknown := [key for key in entry if key not in known]:
        faults.append(f"unknown {join_words(unknown)}; known are {', '.join(known)}")
    if missing := [
        key for key, field in known.items() if key not in entry and field.default is MISSING
    ]:
        faults.append(f"{join_words(missing)} missing")
    for key, value in entry.items():
        if key not in known:
            continue
        if known[key].type == "str":
            if not isinstance(value, str):
                faults.append(f"{key} must be a string")
        elif not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            faults.append(f"{key} must be a list of strings")
    return faults
