"""Looks at whatever people wrote before anything is made of it.

In:  a project. Out: nothing, or a ProjectError with all that is wrong.
"""

from __future__ import annotations

from ..content import layout
from ..content.files import ProjectError, conflict_line, read_text
from ..project import Project
from ..records import verified
from . import addresses


def check_sources(project: Project) -> None:
    """Look at whatever people wrote before anything is made of it. Raises ProjectError with all
    that is wrong.
    """
    wrong = [*layout.check_docs(project), *layout.check_examples(project)]
    if wrong:  # before any of it is read
        raise ProjectError("\n".join(wrong))
    for read in (_check_texts, addresses.listed, addresses.redirects, verified.load):
        try:
            read(project)
        except ProjectError as problem:
            wrong.append(str(problem))
    if wrong:
        raise ProjectError("\n".join(wrong))


def _check_texts(project: Project) -> None:
    """Read pages and outputs once. Raises ProjectError with all that cannot be read, or hold a
    merge conflict.
    """
    wrong = []
    for file in sorted(
        [
            *layout.page_files(project),
            *(file for file in layout.example_files(project) if file.suffix == ".out"),
        ]
    ):
        try:
            text = read_text(project, file)
        except ProjectError as problem:
            wrong.append(str(problem))
            continue
        # what a program prints may look like one
        line = conflict_line(text) if file.suffix == ".md" else None
        if line is not None:
            wrong.append(
                f"{project.relative(file)}: line {line} is a merge conflict; decide between its"
                " sides and delete the markers"
            )
    if wrong:
        raise ProjectError("\n".join(wrong))
