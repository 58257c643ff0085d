"""Replaces the old site by a new one, completely or not at all.

The folders that are used:

    .cache/builds/<build>/   where one build works; locked as long as any of its processes lives
    .site-new/               beside `site/`: the new site, just before it is renamed to `site/`
    .site-old/               the old site, between the two renames
    .site-trash/             the old site, while it is removed

If a build is killed at any moment, `site/` is either the old site or the new one, or the next build
restores the old one.
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
    """The folder that one build works in.

    Attributes:
        path: The folder.
        descriptor: A descriptor of the folder, which is locked. Processes that write into the
            folder inherit it, so that no other build removes the folder under them.
    """

    path: Path
    descriptor: int

    @property
    def site(self) -> Path:
        """The folder of the site that is built."""
        return self.path / "site"


@contextmanager
def build_folder(project: Project) -> Iterator[BuildFolder]:
    """Make a folder for this build alone, and remove those of builds that were killed.

    Raises:
        OSError: The folder cannot be made.
    """
    builds = project.cache / "builds"
    with lock(project.cache / "builds.lock", "clears up"):
        builds.mkdir(exist_ok=True)
        for other in builds.iterdir():
            _remove_if_abandoned(other)
        folder = Path(tempfile.mkdtemp(dir=builds))
        descriptor = os.open(folder, os.O_RDONLY)
        try_lock(descriptor)
    try:
        yield BuildFolder(folder, descriptor)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_if_abandoned(folder: Path) -> None:
    """Remove a build's folder, unless that build or a process that it started is still alive."""
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
    """Check that `site` can be replaced, and restore it if a build was killed between two renames.

    Args:
        project: The project.
        site: The folder that a build is going to replace.

    Raises:
        ProjectError: It is not a folder, or cannot be restored.
        OSError: The lock cannot be taken.
    """
    if site.is_symlink():
        raise ProjectError(
            f"{project.relative(site)}: it is a symbolic link, which a build does not follow;"
            " delete it"
        )
    if site.exists() and not site.is_dir():
        raise ProjectError(
            f"{project.relative(site)}: it is a file where the site's folder must be; move it away"
        )
    old = _aside(site)
    with _publishing(project):
        if old.exists() and not site.exists():
            _rename(project, old, site, site)


def publish(project: Project, new: Path, site: Path) -> None:
    """Replace `site` by `new`.

    Args:
        project: The project.
        new: The new site; it is moved away from there.
        site: The folder of the old site, if there is one.

    Raises:
        ProjectError: The site cannot be replaced; the old one is left as it was.
        OSError: The lock cannot be taken.
    """
    prepare(project, site)
    old = _aside(site)
    with _publishing(project):
        if old.exists():  # left by a build that was killed after its site was in place
            _discard(project, old, site)
        beside = _move_beside(project, new, site)
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
    """Return the lock that a build holds while it replaces the site."""
    return lock(project.cache / "publish.lock", "publishes its site")


def _aside(site: Path) -> Path:
    """Return the path that the old site is moved to."""
    return site.with_name(f".{site.name}-old")


def _move_beside(project: Project, new: Path, site: Path) -> Path:
    """Move the new site beside the old one, as a rename is atomic only within a file system."""
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
    """Rename a folder; if that fails, raise a ProjectError about `site`."""
    try:
        source.rename(target)
    except OSError as problem:
        raise _unreplaced(project, site, problem) from problem


def _unreplaced(project: Project, site: Path, problem: OSError) -> ProjectError:
    """Return an error that explains why the site could not be replaced."""
    if problem.errno in (errno.EBUSY, errno.EXDEV):
        cause = "it is a mount point, which cannot be replaced; unmount it"
    elif isinstance(problem, shutil.Error):  # it lists all files that could not be copied
        cause = f"the new one could not be copied beside it ({problem.args[0][0][2]})"
    else:
        cause = explain(problem)
    return ProjectError(f"{project.relative(site)}: {cause}. The site could not be replaced")


def _discard(project: Project, old: Path, site: Path) -> None:
    """Remove an old site.

    It is renamed first, because anything called `.site-old` must be complete: it may be restored.
    """
    trash = old.with_name(old.name.replace("-old", "-trash"))
    _remove(project, trash)
    _rename(project, old, trash, site)
    _remove(project, trash)


def _remove(project: Project, folder: Path) -> None:
    """Remove a folder, if it is there."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise ProjectError(
            f"{project.relative(folder)}: it could not be removed ({explain(problem)}); delete it"
        ) from problem
