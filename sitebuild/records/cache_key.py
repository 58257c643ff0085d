"""The cache key of an example: a digest of everything that can change what it does.

Two machines on which all of that is the same have the same key, so a record can be made on one and
used on the other.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from functools import cache
from pathlib import Path

import loopscope

from ..content.examples import Example, ExampleError, mentioned_files
from ..content.files import read_text
from ..project import Project
from . import pythons


def cache_key(example: Example) -> str:
    """Return a digest of everything that can change what an example does.

    The Python that builds the site counts only for the examples that run on it.

    Raises:
        ExampleError: The example declares a package that is not installed.
    """
    parts: list[str] = [
        sys.platform,
        pythons.version(example) or "",
        _own_sources(),
        example.source,
        str(example.path.resolve()),  # tracebacks name it
        *(f"{name} {version}" for name, version in _package_versions(example)),
    ]
    if example.shell:
        parts += [
            _installed(),
            *(
                read_text(Project(example.path.parents[2]), path)
                for path in mentioned_files(example)
            ),
        ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _own_sources() -> str:
    """Return a digest of loopscope itself."""
    digest = hashlib.sha256()
    for path in sorted(Path(loopscope.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _installed() -> str:
    """Return all installed packages with their versions: the names of their folders hold both."""
    return " ".join(
        sorted(found.name for folder in sys.path for found in Path(folder).glob("*.dist-info"))
    )


def _package_versions(example: Example) -> list[tuple[str, str]]:
    """Return the packages that an example declares, with their versions on the Python it runs on.

    Raises:
        ExampleError: It runs on the Python that builds the site, and one of them is not installed.
    """
    names = sorted(example.dependencies)
    if not pythons.runs_here(example):
        interpreter = pythons.select_interpreter(example)
        versions = interpreter and pythons.package_versions(interpreter.path, tuple(names))
        return list(zip(names, versions, strict=True)) if versions else []
    try:
        return [(name, importlib.metadata.version(name)) for name in names]
    except importlib.metadata.PackageNotFoundError as error:
        raise ExampleError(
            f"{example.file}: it declares `{error.name}`, which is not installed; add it to"
            " requirements-examples.in, then run `make requirements`"
        ) from None
