"""Puts a built site in the place of the one that is there, whole or not at all.

In:  a site, built and checked in a folder of the build's own. Out: `site/`, and nothing else left
     behind.

    .cache/builds/<build>/   where one build works; its own, and locked as long as anything of that
    build still writes into it .site-new/               beside `site/`: the new site, for the moment
    before it takes its place .site-old/               the old site, for the moment between two
    renames .site-trash/             the old site once the new one is in place, while it is removed

Interrupted at any moment, either the old site stands or the new one, or the next build puts the old
one back.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..content.files import ProjectError, explain
from ..project import Project
from ..records.locks import lock, try_lock


@dataclass(frozen=True)
class BuildFolder:
    """Where one build works."""

    path: Path
    # of the folder, locked. Processes that write into it inherit it, and so keep it from being
    # cleared away
    descriptor: int

    @property
    def site(self) -> Path:
        return self.path / "site"


@contextmanager
def build_folder(project: Project) -> Iterator[BuildFolder]:
    """A folder for this build alone. Those of builds that were killed are cleared away.

    Raises:
        OSError: It cannot be made.
    """
    builds = project.cache / "builds"
    with lock(project.cache / "builds.lock", "clears up"):
        builds.mkdir(exist_ok=True)
        for left in builds.iterdir():
            _remove_if_left(left)
        folder = Path(tempfile.mkdtemp(dir=builds))
        descriptor = os.open(folder, os.O_RDONLY)
        try_lock(descriptor)
    try:
        yield BuildFolder(folder, descriptor)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_if_left(folder: Path) -> None:
    """Remove a build's folder, unless that build, or a process that it started, still lives."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        if try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def prepare(project: Project, site: Path) -> None:
    """Say before the work begins that `site` cannot be replaced; put back the old site, where a
    build was killed between two renames.

    Raises:
        ProjectError: It is something that a build must not replace.
        OSError: The lock cannot be made.
    """
    if site.is_symlink():
        raise ProjectError(
            f"{project.relative(site)}: it is a symbolic link, which a build does not follow;"
            " delete it"
        )
    if site.exists() and not site.is_dir():
        raise ProjectError(
            f"{project.relative(site)}: it is a file, and the site would stand in its place; move"
            " it away"
        )
    old = _aside(site)
    with _publishing(project):
        if old.exists() and not site.exists():
            _rename(project, old, site, site)


def publish(project: Project, new: Path, site: Path) -> None:
    """Replace `site` by `new`, which is gone then.

    Raises:
        ProjectError: It cannot be replaced. The old site stands.
        OSError: The lock cannot be made.
    """
    prepare(project, site)
    old = _aside(site)
    with _publishing(project):
        if old.exists():  # of a build that was killed after its site was in place
            _discard(project, old, site)
        beside = _beside(project, new, site)
        try:
            if site.exists():
                _rename(project, site, old, site)
            _rename(project, beside, site, site)
        except BaseException:
            if old.exists() and not site.exists():
                _rename(project, old, site, site)
            shutil.rmtree(beside, ignore_errors=True)
            raise
        if old.exists():
            _discard(project, old, site)


def _publishing(project: Project) -> AbstractContextManager[bool]:
    return lock(project.cache / "publish.lock", "publishes its site")


def _aside(site: Path) -> Path:
    return site.with_name(f".{site.name}-old")


def _beside(project: Project, new: Path, site: Path) -> Path:
    """The new site, moved beside the old one: only within a file system can it take the other's
    place at once.
    """
    beside = site.with_name(f".{site.name}-new")
    _remove(project, beside)
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        new.rename(beside)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise _unreplaced(project, site, problem) from problem
        try:
            shutil.copytree(new, beside)
        except (OSError, shutil.Error) as uncopied:
            shutil.rmtree(beside, ignore_errors=True)
            raise _unreplaced(project, site, uncopied) from uncopied
    return beside


def _rename(project: Project, source: Path, target: Path, site: Path) -> None:
    try:
        source.rename(target)
    except OSError as problem:
        raise _unreplaced(project, site, problem) from problem


def _unreplaced(project: Project, site: Path, problem: OSError) -> ProjectError:
    if problem.errno in (errno.EBUSY, errno.EXDEV):
        cause = "it is a mount point, which cannot be replaced; unmount it"
    elif isinstance(problem, shutil.Error):  # a list of all that could not be copied
        cause = f"the new one could not be copied beside it ({problem.args[0][0][2]})"
    else:
        cause = explain(problem)
    return ProjectError(f"{project.relative(site)}: {cause}. The site could not be replaced")


def _discard(project: Project, old: Path, site: Path) -> None:
    """Remove an old site. It is renamed first: what is called `.site-old` is whole, and may be put
    back.
    """
    trash = old.with_name(old.name.replace("-old", "-trash"))
    _remove(project, trash)
    _rename(project, old, trash, site)
    _remove(project, trash)


def _remove(project: Project, folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise ProjectError(
            f"{project.relative(folder)}: it could not be removed ({explain(problem)}); delete it"
        ) from problem
