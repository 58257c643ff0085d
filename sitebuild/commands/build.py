"""The build: examples, then MkDocs, then the finish. Whatever goes wrong is reported once, all of
it, and nothing half-made is left.

In:  a project. Out: `site/`, or the problems.
"""

from __future__ import annotations

import errno
import os
import secrets
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..content import examples, pages
from ..content.files import ProjectError, explain
from ..problem import Problem
from ..project import Project
from ..records import cache, runner
from ..records.server_pool import ServerPools
from ..rendering import example_pages, stand_ins
from ..rendering.maker import Maker
from . import finish, mkdocs_process, publish
from .mkdocs_process import mkdocs, without_progress
from .sources import check_sources


def build(project: Project, site: Path | None = None) -> list[Problem]:
    """Make `site/` anew.

    Args:
        project: What to build.
        site: Another folder to put it into.

    Returns:
        What is wrong; then the site that was there before still stands.
    """
    site = site or project.site
    try:
        publish.prepare(project, site)
        maker = ready(project)
        problems = check_outputs(maker)
        if problems:
            return problems
        with publish.build_folder(project) as folder:
            problems = _build_into(folder, maker)
            if not problems:
                publish.publish(project, folder.site, site)
                maker.kept.prune()
            return problems
    except (ProjectError, OSError) as wrong:
        return problems_of(wrong, project)


def ready(project: Project, pools: ServerPools | None = None) -> Maker:
    """Read whatever people wrote, and run what is stale of it.

    Args:
        project: Where it is.
        pools: Pools that stay open; by default, new ones for this run only.

    Raises:
        ProjectError: Something is not as it must be.
    """
    check_sources(project)
    every, course = examples.find(project), pages.find(project)
    variants = cache.all_variants(every, course)
    runner.run(cache.find_stale_among(variants, project), project, pools=pools)
    return Maker(project, every, course)


def check_outputs(maker: Maker) -> list[Problem]:
    """Hold what all examples did against what they must do."""
    variants = cache.all_variants(maker.every, maker.pages)
    return [problem for example in variants if (problem := maker.problem(example))]


def _build_into(folder: publish.BuildFolder, maker: Maker) -> list[Problem]:
    """Build the site in a folder of its own, and check it there."""
    secret = secrets.token_hex(16)
    with ThreadPoolExecutor(1) as beside:
        building = beside.submit(
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
        shown = [(page, maker.panels(page)) for page in maker.pages]
        ran = building.result()
    problems = [problem for _, (_, wrong) in shown for problem in wrong]
    problems += _failure(maker.project, folder, ran)
    if problems:
        return problems
    panels = [(page, panels) for page, (panels, _) in shown]
    return finish.finish(maker.project, folder.site, secret, panels, prepared)


def _failure(
    project: Project, folder: publish.BuildFolder, ran: subprocess.CompletedProcess[str]
) -> list[Problem]:
    """What MkDocs says is wrong."""
    if ran.returncode == 0:
        return []
    output = ran.stdout + ran.stderr
    if os.strerror(errno.ENOSPC) in output:
        return [Problem(project.relative(folder.path), explain(OSError(errno.ENOSPC, "")))]
    if ran.returncode == -signal.SIGXCPU:
        cause = f"MkDocs was busy with its pages for {mkdocs_process.MKDOCS_SECONDS:,} s"
        cause += "; the one that changed last may be what Markdown reads for ever"
        return [Problem("docs/", cause, "like thousands of brackets in a row")]
    return [Problem("mkdocs.yml", "MkDocs found something wrong", without_progress(output))]


def problems_of(wrong: ProjectError | OSError, project: Project) -> list[Problem]:
    """What is wrong with the project's files, or with the machine under them: a line each, `file:
    cause`.
    """
    if isinstance(wrong, ProjectError):
        return [
            Problem(file, cause)
            for file, _, cause in (line.partition(": ") for line in str(wrong).splitlines())
        ]
    if wrong.errno is None:
        raise wrong
    return [
        Problem(
            project.relative(Path(os.fsdecode(wrong.filename))) if wrong.filename else "site",
            explain(wrong),
        )
    ]
