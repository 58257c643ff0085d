"""Checks the files of a project before a build uses them."""

from __future__ import annotations

from ..content import changelog, layout
from ..content.files import ProjectError, conflict_line, read_text
from ..project import Project, setting_faults
from ..records import verified
from . import addresses


def check_sources(project: Project) -> None:
    """Check the site's settings, and all pages, examples, outputs and lists of a project.

    Raises:
        ProjectError: Some are wrong; the message has a line for each problem.
    """
    errors = [*setting_faults(), *layout.check_docs(project), *layout.check_examples(project)]
    if errors:  # the files may not be safe to read
        raise ProjectError("\n".join(errors))
    for read in (
        _check_texts,
        addresses.listed,
        addresses.redirects,
        verified.load,
        changelog.load,
    ):
        try:
            read(project)
        except ProjectError as error:
            errors.append(str(error))
    if errors:
        raise ProjectError("\n".join(errors))


def _check_texts(project: Project) -> None:
    """Check that pages and outputs can be read, and that pages have no merge conflicts.

    Raises:
        ProjectError: Some are wrong; the message has a line for each problem.
    """
    errors = []
    for file in sorted(
        [
            *layout.page_files(project),
            *(file for file in layout.example_files(project) if file.suffix == ".out"),
        ]
    ):
        try:
            text = read_text(project, file)
        except ProjectError as error:
            errors.append(str(error))
            continue
        # The output of a program may look like a merge conflict.
        line = conflict_line(text) if file.suffix == ".md" else None
        if line is not None:
            errors.append(
                f"{project.relative(file)}: line {line} is a merge conflict; decide between its"
                " sides and delete the markers"
            )
    if errors:
        raise ProjectError("\n".join(errors))
