"""Reads `docs/reference/api.toml`: what the course says about each public name of asyncio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tomllib

from ..project import Project
from .files import ProjectError, read_text, refuse_conflict

DATA = "reference/api.toml"
"""The file, in `docs/`. Projects without it have no index of names."""

_GROUP_KEYS = {"title", "reference", "names"}
_NAME_KEYS = {"line", "lesson", "extends", "reference", "object", "methods", "attributes"}


@dataclass(frozen=True)
class Member:
    """A method or an attribute.

    Attributes:
        name: Its name: "put".
        id: Its name in Python's reference, without the module: "Queue.put", "loop.call_soon".
        owner: The class that has it: "Queue".
        line: What it does; Markdown.
        is_method: Whether it is a method.
    """

    name: str
    id: str
    owner: str
    line: str
    is_method: bool


@dataclass(frozen=True)
class Name:
    """A function, a class or a constant of asyncio.

    Attributes:
        id: Its name, without the module: "Queue", "subprocess.PIPE".
        line: What it does; Markdown.
        lesson: The page that teaches it: "sync/queues.md"; None if there is none.
        reference: The page of Python's reference that it is on: "3/library/asyncio-queue"; empty
            if that leaves it out.
        extends: The classes of asyncio that it is derived from.
        members: Its methods and attributes, except for what it inherits.
    """

    id: str
    line: str
    lesson: str | None
    reference: str
    extends: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def is_function(self) -> bool:
        """Whether it is a function; asyncio's are the names in lower case."""
        return self.id.rpartition(".")[2].islower()


@dataclass(frozen=True)
class Group:
    """Names that are for the same purpose.

    Attributes:
        id: Its id: "queues".
        title: Its title.
        names: Its names.
    """

    id: str
    title: str
    names: tuple[Name, ...]


@dataclass(frozen=True)
class ApiNames:
    """All names, in groups.

    Attributes:
        groups: The groups, in order.
    """

    groups: tuple[Group, ...]

    @cached_property
    def by_id(self) -> dict[str, Name]:
        """The names, without their members, by id."""
        return {name.id: name for group in self.groups for name in group.names}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all names and members, in order."""
        return tuple(
            id
            for name in self.by_id.values()
            for id in (name.id, *(member.id for member in name.members))
        )

    def find_member(self, owner: str, member: str) -> Member | None:
        """Return a member of a class, or else of a class that it is derived from."""
        name = self.by_id.get(owner)
        if name is None:
            return None
        own = (one for one in name.members if one.name == member)
        inherited = (self.find_member(base, member) for base in name.extends)
        return next(own, None) or next(filter(None, inherited), None)


def load(project: Project) -> ApiNames:
    """Read the names; without the file there are none.

    Raises:
        ProjectError: The file is not TOML, or some entries are wrong; the message has a line for
            each problem.
    """
    file = project.docs / DATA
    if not file.is_file():
        return ApiNames(())
    where = project.relative(file)
    text = read_text(project, file)
    refuse_conflict(project, file, text)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{where}: it is not TOML: {error}; correct that place") from None
    if wrong := [f"{where}: {fault}" for fault in _faults(project, data)]:
        raise ProjectError("\n".join(wrong))
    return ApiNames(
        tuple(
            Group(id, group["title"], tuple(_names(group["names"], group["reference"])))
            for id, group in data.items()
        )
    )


def _names(entries: dict[str, Any], reference: str) -> Iterator[Name]:
    for id, entry in entries.items():
        extends = entry.get("extends", ())
        members = [
            Member(name, f"{entry.get('object', id)}.{name}", id, line, kind == "methods")
            for kind in ("methods", "attributes")
            for name, line in entry.get(kind, {}).items()
        ]
        yield Name(
            id,
            entry["line"],
            entry.get("lesson"),
            entry.get("reference", reference),
            (extends,) if isinstance(extends, str) else tuple(extends),
            tuple(members),
        )


def _faults(project: Project, data: dict[str, Any]) -> Iterator[str]:
    """Return what is wrong with the entries, and how to fix it."""
    known: set[str] = set()
    for id, group in data.items():
        if not isinstance(group, dict) or group.keys() != _GROUP_KEYS:
            yield f"[{id}] a group must have a title, a reference and names, and nothing else"
        else:
            known |= group["names"].keys()
    for group in data.values():
        names = group.get("names") if isinstance(group, dict) else None
        for id, entry in names.items() if isinstance(names, dict) else ():
            where = f"[{id}]"
            if not isinstance(entry, dict) or not entry.get("line"):
                yield f"{where} it has no line that says what it does; write one"
                continue
            if unknown := entry.keys() - _NAME_KEYS:
                yield f"{where} unknown {', '.join(sorted(unknown))}; delete it"
            lesson = entry.get("lesson")
            if lesson is not None and not (project.docs / lesson).is_file():
                yield f"{where} there is no page docs/{lesson}; correct the name"
            extends = entry.get("extends", [])
            for base in [extends] if isinstance(extends, str) else extends:
                if base not in known:
                    yield f"{where} it extends {base}, which has no entry; write one"
