"""What examples did, kept as long as it is true.

In:  examples. Out: the `Trace` of each from `.cache/records/`, where nothing that can change it has
     changed; and which are stale.

A record's file has two lines: what is asked of every record in every build, and the trace itself,
which is read only where something is made of it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import stat
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import loopscope
from loopscope.trace.model import Trace
from loopscope.trace.validation import validate

from ..content import pages
from ..content.examples import Example, ExampleError, find, mentioned
from ..content.files import read_text, write_text
from ..project import Project
from . import pythons, sandbox_policy


def stale(project: Project) -> list[Example]:
    """The examples whose record is missing or no longer true, those too that pages show as they run
    on another Python.

    Raises ExampleError for those that declare what is not installed, all of them.
    """
    return stale_among(all_variants(find(project), pages.find(project)), project)


def stale_among(variants: list[Example], project: Project) -> list[Example]:
    """Those of some examples whose record is missing or no longer true.

    Raises:
        ExampleError: Some declare what is not installed; all of them.
    """
    found, wrong = [], []
    for example in variants:
        try:
            if is_stale(example, project):
                found.append(example)
        except ExampleError as problem:
            wrong.append(str(problem))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return found


def settled(example: Example, project: Project) -> Trace | None:
    """The record of an example that need not be run."""
    return None if is_stale(example, project) else load(example, project)


def is_stale(example: Example, project: Project) -> bool:
    """Also where the run was cut off against what it declares: that says more of a busy machine
    than of the example.
    """
    held = head(example, project)
    return held is None or (held.stopped and held.exit != example.exit(held.python))


def all_variants(found: dict[str, Example], shown_on: list[pages.Page]) -> list[Example]:
    """All examples, and after them those that pages show as they run on another Python."""
    others = [
        pythons.pin(found[name], python)
        for name, python in pages.shown_elsewhere(shown_on)
        if name in found
    ]
    return [*found.values(), *(example for example in others if example.pinned)]


@dataclass(frozen=True)
class Head:
    """What is asked of every record in every build: the first line of its file."""

    key: str  # of what ran
    python: str
    exit: int | str
    stopped: bool
    digest: str  # of the trace


def head(example: Example, project: Project) -> Head | None:
    """The head of the record that is kept, if it is still true and whole."""
    file = file_of(example, project)
    try:
        kept = file.lstat()
        # a link, a pipe or a device may never end; a new record takes its place
        if not stat.S_ISREG(kept.st_mode):
            return None
        held = _read(file, kept.st_mtime_ns)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    wanted = key(example)
    # What ran without a sandbox could write what it liked, into other records too. It is used where
    # there is no sandbox.
    if held.key == wanted or (
        held.key == _unsandboxed(wanted) and sandbox_policy.choose(project) is None
    ):
        return held
    return None


def load(example: Example, project: Project) -> Trace | None:
    """The record that is kept, if it is still true, and one that a program can have."""
    held = head(example, project)
    if held is None:
        return None
    file = file_of(example, project)
    known = _traces.get(file)
    if known is not None and known[0] == held:
        return known[1]
    try:
        text = file.read_text(encoding="utf-8").partition("\n")[2]
        if _digest(text) != held.digest:
            return None  # another took its place just now
        trace = validate(Trace.from_json(text), example.runs_on, example.file)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    _traces[file] = held, trace
    return trace


# a record is asked for by everything that shows the example
_traces: dict[Path, tuple[Head, Trace]] = {}


@cache  # one that has changed since is another
def _read(file: Path, changed: int) -> Head:
    """The head of a record's file.

    Raises:
        ValueError: It is none, or what follows is not the trace that it was written for.
    """
    line, _, text = file.read_text(encoding="utf-8").partition("\n")
    held = Head(**json.loads(line))
    if _digest(text) != held.digest:
        raise ValueError("the record was damaged")
    return held


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _unsandboxed(key: str) -> str:
    """The key of what the same program did without a sandbox."""
    return f"{key} without a sandbox"


def key(example: Example) -> str:
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
            *(read_text(Project(example.path.parents[2]), path) for path in mentioned(example)),
        ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def store(example: Example, trace: Trace, before: str, sandboxed: bool, project: Project) -> None:
    """Keep a record, under the key that held `before` the run.

    Raises:
        ExampleError: Something that the key stands for changed during the run. A record that says
        otherwise would be a lie. ProjectError: It cannot be written.
    """
    if key(example) != before or read_text(project, example.path) != example.source:
        raise ExampleError(
            f"{project.relative(example.path)}: it, or what it runs with, changed while it ran;"
            " build again"
        )
    text = trace.to_json()
    held = Head(
        before if sandboxed else _unsandboxed(before),
        trace.python,
        trace.exit,
        trace.stopped is not None,
        _digest(text),
    )
    file = file_of(example, project)
    write_text(project, file, f"{json.dumps(asdict(held))}\n{text}")
    _traces[file] = held, trace


def file_of(example: Example, project: Project) -> Path:
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
            " requirements-examples.in, then run `make requirements`"
        ) from None
