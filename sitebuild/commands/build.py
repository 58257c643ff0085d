"""Builds the site: first runs the examples, then MkDocs, then finishes what MkDocs built.

Problems are collected and reported together. The site is replaced only if there are none.
"""

from __future__ import annotations

import errno
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..content import error_messages, examples, pages
from ..content.files import ProjectError, explain
from ..problem import Problem
from ..project import Project
from ..records import cache, runner, shares
from ..records.server_pool import ServerPools
from ..rendering import example_pages, stand_ins
from ..rendering.maker import Maker
from . import finish, mkdocs_process, publish
from .mkdocs_process import mkdocs, without_progress
from .sources import check_sources


def build(
    project: Project, site: Path | None = None, share_folders: Iterable[Path] = ()
) -> list[Problem]:
    """Build the site.

    Args:
        project: The project to build.
        site: Where to put the site, instead of `site/` in the project.
        share_folders: The folders of shares that other machines have recorded.

    Returns:
        All problems. If there are any, the old site is left as it was.
    """
    site = site or project.site
    try:
        publish.prepare(project, site)
        maker = ready(project, share_folders=share_folders)
        problems = check_outputs(maker)
        if problems:
            return problems
        with publish.build_folder(project) as folder:
            problems = _build_into(folder, maker)
            if not problems:
                publish.publish(project, folder.site, site)
                maker.cache.prune()
            return problems
    except (ProjectError, OSError) as error:
        return problems_of(error, project)


def ready(
    project: Project, pools: ServerPools | None = None, share_folders: Iterable[Path] = ()
) -> Maker:
    """Check and read the sources, and run the stale examples.

    Args:
        project: The project.
        pools: Pools that are already open; by default, new ones are opened for these runs only.
        share_folders: The folders of shares that other machines have recorded; what they lack is
            named on stderr.

    Raises:
        ProjectError: The sources are wrong; the message names everything that is.
    """
    check_sources(project)
    every, course_pages = examples.find(project), pages.find(project)
    error_messages.load(project, every)  # checked here, as running the examples may take minutes
    variants = cache.all_variants(every, course_pages)
    if folders := list(share_folders):
        for message in shares.adopt(folders, variants, project):
            print(message, file=sys.stderr)
    runner.run(cache.find_stale_among(variants, project), project, pools=pools)
    return Maker(project, every, course_pages)


def check_outputs(maker: Maker) -> list[Problem]:
    """Check the runs of all examples against what is expected of them."""
    variants = cache.all_variants(maker.every, maker.pages)
    return [problem for example in variants if (problem := maker.problem(example))]


def _build_into(folder: publish.BuildFolder, maker: Maker) -> list[Problem]:
    """Build the site in the build's folder, and check it there."""
    secret = secrets.token_hex(16)
    with ThreadPoolExecutor(1) as executor:
        building = executor.submit(
            mkdocs,
            maker.project,
            "build",
            "--strict",
            "--site-dir",
            str(folder.site),
            inherit=(folder.descriptor,),
            stand_ins={stand_ins.VARIABLE: secret},
        )
        prepared = example_pages.prepare(maker)
        made = [(page, *maker.panels(page)) for page in maker.pages]
        completed = building.result()
    problems = [problem for _, _, page_problems in made for problem in page_problems]
    problems += _mkdocs_problems(maker.project, folder, completed)
    if problems:
        return problems
    panels = [(page, page_panels) for page, page_panels, _ in made]
    return finish.finish(maker, folder.site, secret, panels, prepared).problems


def _mkdocs_problems(
    project: Project, folder: publish.BuildFolder, completed: subprocess.CompletedProcess[str]
) -> list[Problem]:
    """Return why MkDocs failed, if it did."""
    if completed.returncode == 0:
        return []
    output = completed.stdout + completed.stderr
    if os.strerror(errno.ENOSPC) in output:
        return [Problem(project.relative(folder.path), explain(OSError(errno.ENOSPC, "")))]
    if completed.returncode == -signal.SIGXCPU:
        cause = f"MkDocs was busy with its pages for {mkdocs_process.MKDOCS_SECONDS:,} s"
        cause += "; the one that changed last may be what Markdown reads for ever"
        return [Problem("docs/", cause, "like thousands of brackets in a row")]
    return [Problem("mkdocs.yml", "MkDocs found something wrong", without_progress(output))]


def problems_of(error: ProjectError | OSError, project: Project) -> list[Problem]:
    """Convert an error into problems.

    Args:
        error: A `ProjectError`, whose message has a line `file: cause` for each problem, or an
            error of the operating system.
        project: The project.

    Raises:
        OSError: It is the error itself, which has no error number to explain.
    """
    if isinstance(error, ProjectError):
        return [
            Problem(file, cause)
            for file, _, cause in (line.partition(": ") for line in str(error).splitlines())
        ]
    if error.errno is None:
        raise error
    return [
        Problem(
            project.relative(Path(os.fsdecode(error.filename))) if error.filename else "site",
            explain(error),
        )
    ]
