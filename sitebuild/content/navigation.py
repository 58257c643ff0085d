"""Reads from mkdocs.yml which topics the pages belong to: the sections of its navigation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ..project import Project
from .files import read_text


@dataclass(frozen=True)
class Topic:
    """A section of the navigation.

    Attributes:
        title: Its title.
        files: The files of its pages, relative to the folder of the pages, in order.
    """

    title: str
    files: tuple[str, ...]


class _Loader(yaml.SafeLoader):
    """Reads any tag, such as MkDocs's `!ENV`, as nothing: the navigation has none."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def topics(project: Project) -> list[Topic]:
    """Return the topics in order; none if the navigation is left to MkDocs.

    Pages outside any section, such as the home page, are in none.

    Raises:
        ProjectError: mkdocs.yml cannot be read.
    """
    settings = yaml.load(read_text(project, project.root / "mkdocs.yml"), _Loader)
    return [
        Topic(title, tuple(_files(content)))
        for section in (settings.get("nav") or ())
        if isinstance(section, dict)
        for title, content in section.items()
        if isinstance(content, list)
    ]


def _files(content: object) -> Iterator[str]:
    """Yield the files that a part of the navigation names."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            yield from _files(part)
    elif isinstance(content, dict):
        for part in content.values():
            yield from _files(part)
