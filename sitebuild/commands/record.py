"""`python -m sitebuild record`: records a share of the examples, for a build on another machine."""

from __future__ import annotations

import platform
from pathlib import Path

from ..content import examples, pages
from ..content.files import ProjectError
from ..problem import Problem
from ..project import Project
from ..records import cache, pythons, runner
from ..records.shares import Part, check_folder, write
from .build import problems_of
from .sources import check_sources


def record(project: Project, part: Part, folder: Path) -> tuple[list[Problem], str]:
    """Run those examples of a share that are stale, and write its records to a folder.

    Args:
        project: The project.
        part: Which part of the examples it has.
        folder: The folder, which must be empty, or must not exist.

    Returns:
        All problems, and what was written. If some examples could not be recorded, the others are
        in the share.

    Raises:
        ProjectError: The sources are wrong, or the share cannot be written.
    """
    check_folder(folder, project)
    check_sources(project)
    share = part.of(cache.all_variants(examples.find(project), pages.find(project)))
    problems = []
    try:
        runner.run(cache.find_stale_among(share, project), project)
    except ProjectError as error:
        problems = problems_of(error, project)
    python = platform.python_version()
    records = write(folder, part, share, python, project)
    elsewhere = sum(not pythons.can_run(example) for example in share)
    written = f"{project.relative(folder)}: share {part} of Python {python}, {records:,} records"
    return problems, written + f"; {elsewhere:,} need another Python" * bool(elsewhere)
