"""Stores the records of examples in `.cache/records/`, and finds those that are out of date.

A record is up to date as long as nothing has changed that can change what the example does.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import stat
import sys
from functools import cache
from pathlib import Path

import loopscope
from loopscope.trace.model import Trace
from loopscope.trace.validation import validate

from ..content.examples import Example, ExampleError, find, mentioned_files
from ..content.files import read_text, write_text
from ..content.pages import pinned_examples
from ..project import Project
from . import pythons, sandbox_policy


def find_stale(project: Project) -> list[Example]:
    """Find the examples whose record is missing or out of date, on all Pythons that pages show.

    Raises:
        ExampleError: Some examples declare packages that are not installed; the message has a line
            for each.
    """
    stale, wrong = [], []
    for example in all_variants(find(project), project):
        try:
            if is_stale(example, project):
                stale.append(example)
        except ExampleError as error:
            wrong.append(str(error))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return stale


def load_fresh(example: Example, project: Project) -> Trace | None:
    """Return the record of an example, or None if the example has to be run."""
    return None if is_stale(example, project) else load(example, project)


def is_stale(example: Example, project: Project) -> bool:
    """Return whether an example has to be run.

    A run that was stopped against its declaration does not count: that may be the fault of a busy
    machine.
    """
    known = load(example, project)
    return known is None or (
        known.stopped is not None and known.exit != example.expected_exit(known.python)
    )


def all_variants(found: dict[str, Example], project: Project) -> list[Example]:
    """Return all examples, then those that pages show on another Python, pinned to it.

    Args:
        found: All examples, by name.
        project: The project whose pages are read.
    """
    others = [
        pythons.pin(found[name], python)
        for name, python in pinned_examples(project)
        if name in found
    ]
    return [*found.values(), *(example for example in others if example.pinned)]


def load(example: Example, project: Project) -> Trace | None:
    """Return the stored record of an example, if it is valid and up to date."""
    file = record_path(example, project)
    try:
        status = file.lstat()
        # Reading a link, a pipe or a device may never end; a new record will replace it.
        if not stat.S_ISREG(status.st_mode):
            return None
        stored_key, trace = _read(file, status.st_mtime_ns, example.file, example.effective_clock)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    key = cache_key(example)
    if stored_key == key:
        return trace
    # A program without a sandbox can write to any record. Such records are used only where there is
    # no sandbox anyway.
    if stored_key == _unsandboxed(key) and sandbox_policy.choose(project) is None:
        return trace
    return None


# One build loads a record many times. The time of its last change is part of the cache's key.
@cache
def _read(file: Path, changed: int, name: str, clock: str) -> tuple[str, Trace]:
    """Return the key that a record was stored under, and the record.

    Raises:
        OSError: The file cannot be read.
        KeyError, TypeError, ValueError, RecursionError: It does not hold a valid record.
    """
    stored = json.loads(file.read_text(encoding="utf-8"))
    return stored["key"], validate(Trace.from_json(stored["trace"]), clock, name)


def _unsandboxed(key: str) -> str:
    """Return the key for a run of the same program without a sandbox."""
    return f"{key} without a sandbox"


def cache_key(example: Example) -> str:
    """Return a digest of everything that can change what an example does."""
    interpreter = pythons.select_interpreter(example)
    parts: list[str] = [
        platform.python_version(),
        interpreter.version if interpreter else "",
        _own_sources(),
        example.source,
        str(example.path.resolve()),
    ]
    parts += [f"{name} {_version(name, example)}" for name in sorted(example.dependencies)]
    if example.shell:
        parts += [
            _installed(),
            *(
                read_text(Project(example.path.parents[2]), path)
                for path in mentioned_files(example)
            ),
        ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def store(example: Example, trace: Trace, before: str, sandboxed: bool, project: Project) -> None:
    """Store the record of a run.

    Args:
        example: The example that was run.
        trace: The record.
        before: The example's cache key before the run.
        sandboxed: Whether it ran in a sandbox.
        project: The project that it belongs to.

    Raises:
        ExampleError: The key, or the program, changed during the run, so that nobody knows what was
            run.
        ProjectError: The record cannot be written.
    """
    if cache_key(example) != before or read_text(project, example.path) != example.source:
        raise ExampleError(
            f"{project.relative(example.path)}: it, or what it runs with, changed while it ran;"
            " build again"
        )
    write_text(
        project,
        record_path(example, project),
        json.dumps(
            {"key": before if sandboxed else _unsandboxed(before), "trace": trace.to_json()},
            ensure_ascii=False,
        ),
    )


def record_path(example: Example, project: Project) -> Path:
    """Return the file in which the record of an example is stored."""
    pinned = f".{example.pinned}" if example.pinned else ""
    folder = project.cache / "records" / platform.python_version()
    return folder / f"{example.name}{pinned}.json"


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


def _version(name: str, example: Example) -> str:
    """Return the installed version of a package that an example declares; "" on another Python.

    Raises:
        ExampleError: The package is not installed.
    """
    if not pythons.runs_here(example):
        return ""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        raise ExampleError(
            f"{example.file}: it declares `{name}`, which is not installed; add it to"
            " requirements.in, then run `make requirements`"
        ) from None
