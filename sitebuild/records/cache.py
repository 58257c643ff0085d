"""What examples did, kept as long as it is true.

In:  examples. Out: the `Trace` of each from `.cache/records/`, where nothing that can change it has
     changed; and which are stale.
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
    """The examples whose record is missing or no longer true, those too that pages show as they run
    on another Python.

    Raises ExampleError for those that declare what is not installed, all of them.
    """
    found, wrong = [], []
    for example in all_variants(find(project), project):
        try:
            if is_stale(example, project):
                found.append(example)
        except ExampleError as problem:
            wrong.append(str(problem))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return found


def load_fresh(example: Example, project: Project) -> Trace | None:
    """The record of an example that need not be run."""
    return None if is_stale(example, project) else load(example, project)


def is_stale(example: Example, project: Project) -> bool:
    """Also where the run was cut off against what it declares: that says more of a busy machine
    than of the example.
    """
    known = load(example, project)
    return known is None or (
        known.stopped is not None and known.exit != example.expected_exit(known.python)
    )


def all_variants(found: dict[str, Example], project: Project) -> list[Example]:
    """All examples, and after them those that pages show as they run on another Python."""
    others = [
        pythons.pin(found[name], python)
        for name, python in pinned_examples(project)
        if name in found
    ]
    return [*found.values(), *(example for example in others if example.pinned)]


def load(example: Example, project: Project) -> Trace | None:
    """The record that is kept, if it is still true, and one that a program can have."""
    file = record_path(example, project)
    try:
        kept = file.lstat()
        # a link, a pipe or a device may never end; a new record takes its place
        if not stat.S_ISREG(kept.st_mode):
            return None
        held, trace = _read(file, kept.st_mtime_ns, example.file, example.effective_clock)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    wanted = cache_key(example)
    # What ran without a sandbox could write what it liked, into other records too. It is used where
    # there is no sandbox.
    if held == wanted or (held == _unsandboxed(wanted) and sandbox_policy.choose(project) is None):
        return trace
    return None


# a record is asked for by everything that shows the example; one that has changed since is another
@cache
def _read(file: Path, changed: int, name: str, clock: str) -> tuple[str, Trace]:
    """The key under which a record is kept, and the record."""
    held = json.loads(file.read_text(encoding="utf-8"))
    return held["key"], validate(Trace.from_json(held["trace"]), clock, name)


def _unsandboxed(key: str) -> str:
    """The key of what the same program did without a sandbox."""
    return f"{key} without a sandbox"


def cache_key(example: Example) -> str:
    """A digest of everything that can change what the example does."""
    other = pythons.select_interpreter(example)
    parts: list[str] = [
        platform.python_version(),
        other.version if other else "",
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
    """Keep a record, under the key that held `before` the run.

    Raises:
        ExampleError: Something that the key stands for changed during the run. A record that says
        otherwise would be a lie. ProjectError: It cannot be written.
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
    return (
        project.cache
        / "records"
        / platform.python_version()
        / f"{example.name}{f'.{example.pinned}' if example.pinned else ''}.json"
    )


@cache
def _own_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(loopscope.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _installed() -> str:
    """Every package that is installed, with its version (the names of their folders say both)."""
    return " ".join(
        sorted(found.name for folder in sys.path for found in Path(folder).glob("*.dist-info"))
    )


def _version(name: str, example: Example) -> str:
    if not pythons.runs_here(example):
        return ""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        raise ExampleError(
            f"{example.file}: it declares `{name}`, which is not installed; add it to"
            " requirements.in, then run `make requirements`"
        ) from None
