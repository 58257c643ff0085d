"""Stores the records of examples in `.cache/records/`, and finds those that are out of date.

A record is up to date as long as nothing has changed that can change what the example does.

The file of a record has two lines. The first is its `Header`, which every build reads; the second
is the trace itself, which is read only to render something from it.
"""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from loopscope.trace.model import Trace
from loopscope.trace.validation import validate

from ..content import pages
from ..content.examples import Example, ExampleError, find
from ..content.files import read_text, write_text
from ..project import Project
from . import pythons, sandbox_policy
from .cache_key import cache_key


def find_stale(project: Project) -> list[Example]:
    """Find the examples whose record is missing or out of date, on all Pythons that pages show.

    Raises:
        ExampleError: Some examples declare packages that are not installed; the message has a line
            for each.
    """
    return find_stale_among(all_variants(find(project), pages.find(project)), project)


def find_stale_among(variants: list[Example], project: Project) -> list[Example]:
    """Find those of some examples whose record is missing or out of date.

    Raises:
        ExampleError: Some of them declare packages that are not installed; the message has a line
            for each.
    """
    stale, wrong = [], []
    for example in variants:
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
    header = load_header(example, project)
    return header is None or _was_cut_short(header, example)


def _was_cut_short(header: Header, example: Example) -> bool:
    return header.stopped and header.exit != example.expected_exit(header.python)


def all_variants(found: dict[str, Example], shown_on: list[pages.Page]) -> list[Example]:
    """Return all examples, then those that pages show on another Python, pinned to it.

    Args:
        found: All examples, by name.
        shown_on: All pages.
    """
    others = [
        pythons.pin(found[name], python)
        for name, python in pages.pinned_examples(shown_on)
        if name in found
    ]
    return [*found.values(), *(example for example in others if example.pinned)]


@dataclass(frozen=True)
class Header:
    """What every build asks of a record: the first line of its file.

    Attributes:
        key: The cache key of what was run.
        python: The Python that ran it: "3.13.0".
        exit: Its exit status, or the name of the signal that ended it.
        stopped: Whether loopscope stopped it.
        digest: A digest of the trace.
    """

    key: str
    python: str
    exit: int | str
    stopped: bool
    digest: str


def load_header(example: Example, project: Project) -> Header | None:
    """Return the header of the stored record of an example, if it is intact and up to date."""
    file = record_path(example, project)
    try:
        status = file.lstat()
        # Reading a link, a pipe or a device may never end; a new record will replace it.
        if not stat.S_ISREG(status.st_mode):
            return None
        header = _read(file, status.st_mtime_ns)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return header if _is_current(header, example, project) else None


def _is_current(header: Header, example: Example, project: Project) -> bool:
    key = cache_key(example)
    # A program without a sandbox can write to any record. Such records are used only where there is
    # no sandbox anyway.
    return header.key == key or (
        header.key == _unsandboxed(key) and sandbox_policy.choose(project) is None
    )


def load(example: Example, project: Project) -> Trace | None:
    """Return the stored record of an example, if it is valid and up to date."""
    header = load_header(example, project)
    if header is None:
        return None
    file = record_path(example, project)
    known = _traces.get(file)
    if known is not None and known[0] == header:
        return known[1]
    try:
        found, text = _parse(file.read_text(encoding="utf-8"))
        if found != header:
            return None  # another build has replaced it since
        trace = _decode(header, text, example)
    except _INVALID:
        return None
    _traces[file] = header, trace
    return trace


# Everything that shows an example loads its record.
_traces: dict[Path, tuple[Header, Trace]] = {}


def adopt(example: Example, record: str, project: Project) -> bool:
    """Store a record that another machine has made, if it is one that this machine would make.

    Args:
        example: The example.
        record: The text of the record's file. Nothing in it is trusted.
        project: The project that it belongs to.

    Returns:
        Whether it was stored: it is up to date here, and a run can have had it.

    Raises:
        ProjectError: It cannot be written.
    """
    try:
        header, text = _parse(record)
        if not _is_current(header, example, project) or _was_cut_short(header, example):
            return False
        trace = _decode(header, text, example)
    except _INVALID:
        return False
    file = record_path(example, project)
    write_text(project, file, record)
    _traces[file] = header, trace
    return True


# What a record's file raises that no build has written.
_INVALID = (OSError, ValueError, KeyError, TypeError, RecursionError)


# One build reads a header many times. The time of its last change is part of the cache's key.
@cache
def _read(file: Path, changed: int) -> Header:
    """Return the header of a record's file.

    Raises:
        OSError: The file cannot be read.
        TypeError, ValueError, RecursionError: It has no header, or the trace after it is not the
            one that the header was written for.
    """
    return _parse(file.read_text(encoding="utf-8"))[0]


def _parse(record: str) -> tuple[Header, str]:
    """Return a record's header and the text of its trace; `_read` describes the errors."""
    line, _, text = record.partition("\n")
    header = Header(**json.loads(line))
    if _digest(text) != header.digest:
        raise ValueError("the record is damaged")
    return header, text


def _decode(header: Header, text: str, example: Example) -> Trace:
    """Return the trace of a record.

    Raises:
        KeyError, TypeError, ValueError, RecursionError: No run of the example can have it, or it is
            not what its header says.
    """
    trace = validate(Trace.from_json(text), example.effective_clock, example.file)
    said = replace(header, python=trace.python, exit=trace.exit, stopped=trace.stopped is not None)
    if header != said or trace.python != pythons.version(example):
        raise ValueError("its header is of another run")
    return trace


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _unsandboxed(key: str) -> str:
    """Return the key for a run of the same program without a sandbox."""
    return f"{key} without a sandbox"


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
    text = trace.to_json()
    header = Header(
        before if sandboxed else _unsandboxed(before),
        trace.python,
        trace.exit,
        trace.stopped is not None,
        _digest(text),
    )
    file = record_path(example, project)
    write_text(project, file, f"{json.dumps(asdict(header))}\n{text}")
    _traces[file] = header, trace


def record_path(example: Example, project: Project) -> Path:
    """Return the file in which the record of an example is stored."""
    return project.cache / "records" / record_name(example)


def record_name(example: Example) -> str:
    """Return the name of that file: "3.14.10/tasks/states.json".

    Whether the Python that runs an example also builds the site makes no difference.
    """
    return f"{pythons.version(example) or 'none'}/{example.name}.json"
