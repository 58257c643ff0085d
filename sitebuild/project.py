"""Where a checkout keeps its files, and the few settings of the site.

The settings are environment variables, and this is the only module that reads them. Two of them say
where the site and its repository are on the web. Either may be missing: then nothing on the site
claims to have such an address.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

from .text import escape_unprintable

OLDEST_MINOR = 10
"""The oldest minor version of Python 3 that examples may name."""

NEWEST_MINOR = 15
"""The newest minor version of Python 3 that examples may name. Raise it with each new Python."""


LOCAL_ADDRESS = "http://127.0.0.1:8000/"
"""Where `make serve` shows the site."""

_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/?")
_REPOSITORY = re.compile(r"https://github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_THIS_MACHINE = re.compile(r"localhost|127\.[0-9.]+|0\.0\.0\.0")


@cache
def site_address() -> str:
    """Return the URL that the site is built for, with a slash at its end: AWAITED_SITE."""
    return f"{_setting('AWAITED_SITE', LOCAL_ADDRESS).rstrip('/')}/"


@cache
def public_address() -> str | None:
    """Return the URL at which others can reach the site; None if it is built for this machine."""
    host = urlsplit(site_address()).hostname or ""
    return None if _THIS_MACHINE.fullmatch(host) else site_address()


@cache
def repository() -> str | None:
    """Return the URL of the project's repository, without a slash at its end, or None."""
    return _setting("AWAITED_REPOSITORY").rstrip("/") or None


def source_date() -> int | None:
    """Return the time that the sources are from, in seconds since 1970: SOURCE_DATE_EPOCH."""
    value = _setting("SOURCE_DATE_EPOCH")
    return int(value) if value and not is_draft() else None


def setting_faults() -> list[str]:
    """Return a message, `variable: cause; fix`, for each setting that has an impossible value."""
    faults = []
    site, project = _setting("AWAITED_SITE"), _setting("AWAITED_REPOSITORY")
    if site and not _SITE.fullmatch(site):
        faults.append(
            f"AWAITED_SITE: {site!a} is not the address of a site; give one like"
            " https://example.org/course/, or none"
        )
    if project and not _REPOSITORY.fullmatch(project.rstrip("/")):
        faults.append(
            f"AWAITED_REPOSITORY: {project!a} is not a repository that the site can link to; give"
            " one like https://github.com/owner/name, or none"
        )
    if not re.fullmatch(r"[0-9]{0,11}", seconds := _setting("SOURCE_DATE_EPOCH")):
        faults.append(
            f"SOURCE_DATE_EPOCH: {seconds!a} is not a number of seconds since 1970; give one, or"
            " none"
        )
    return faults


def _setting(name: str, default: str = "") -> str:
    """Return the value of an environment variable; an empty one counts as missing."""
    return os.environ.get(name, "").strip() or default


@cache
def base_path() -> str:
    """Return the path of the site's root, as links name it: "/" or "/folder/"."""
    return urlsplit(site_address()).path


@cache
def is_draft() -> bool:
    """Return whether the site is built for `make serve`.

    A draft shows an example that fails its checks, with a note, instead of failing the build.
    """
    return bool(os.environ.get("AWAITED_DRAFT"))


@dataclass(frozen=True)
class Project:
    """A checkout of the project.

    Attributes:
        root: Its folder.
    """

    root: Path

    @cached_property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / "docs"

    @cached_property
    def examples(self) -> Path:
        """The folder of the examples, with a folder for each chapter."""
        return self.root / "examples"

    @cached_property
    def cache(self) -> Path:
        """The folder of everything that can be made again: records, locks."""
        return self.root / ".cache"

    @cached_property
    def site(self) -> Path:
        """The folder of the built site."""
        return self.root / "site"

    def relative(self, path: Path) -> str:
        """Return a path for a message: relative to the checkout if it is inside.

        Characters that do not print are escaped, so that a file's name stays on its line.
        """
        inside = path.is_relative_to(self.root)
        return escape_unprintable((path.relative_to(self.root) if inside else path).as_posix())


def current_project() -> Project:
    """Return the project in the current folder, or else the one that this package belongs to."""
    folder = Path.cwd()
    if not (folder / "mkdocs.yml").is_file():
        folder = Path(__file__).resolve().parent.parent
    return Project(folder)
