"""Finds the examples, and reads their files."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from loopscope.trace.events import Clock

from ..project import Project
from . import layout
from .files import HIDDEN, ProjectError, read_text
from .inline_metadata import (
    ExitStatuses,
    MetadataError,
    find_blocks,
    read_settings,
    remove_blocks,
)

NAME = re.compile(r"(?!__pycache__/)[a-z0-9_]+/[a-z0-9_]+")
"""The name of an example: chapter/name. `__pycache__` is Python's, not a chapter."""

LONGEST = 30_000
"""Characters that an example's source may have.

The time that highlighting takes may grow with the square of them.
"""

# The encoding declaration of PEP 263, in the first two lines
_CODING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)?[ \t]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
# Tokens that may come before the docstring
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}


class ExampleError(ProjectError):
    """An example's file is invalid. The message names the file, the cause and the fix."""


@dataclass(frozen=True)
class Example:
    """A program, or a shell session.

    Attributes:
        name: Chapter and name: "tasks/two_tasks".
        path: Its file.
        source: The text of its file.
        title: Its docstring, or the first comment of a shell session.
        requires_python: The lowest Python that can run it, as (3, 13); None for any.
        dependencies: Packages that it needs, without versions.
        clock: The clock that it declares.
        exit_statuses: The exit statuses that it declares.
        timeout: Seconds that it may run.
        threads: Threads that it may have at once, in all of its processes.
        order: Whether its lines always come in the same order: "fixed" or "may vary".
        pinned: A page asks for it as it runs on this Python ("3.14"), which is not the builder's.
    """

    name: str
    path: Path
    source: str
    title: str
    requires_python: tuple[int, int] | None = None
    dependencies: tuple[str, ...] = ()
    clock: Clock = "virtual"
    exit_statuses: ExitStatuses = (((3, 0), 0),)
    timeout: float = 10.0
    threads: int = 300
    order: str = "fixed"
    pinned: str | None = None

    @property
    def shell(self) -> bool:
        """Whether it is a shell session."""
        return self.path.suffix == ".sh"

    @property
    def file(self) -> str:
        """Its file, relative to the project: "examples/tasks/two_tasks.py"."""
        return f"examples/{self.name}{self.path.suffix}"

    @property
    def effective_clock(self) -> Clock:
        """The clock that it runs on: a shell session always runs on the real one."""
        return "real" if self.shell else self.clock

    @property
    def shown_source(self) -> str:
        """The source as pages show it: without its metadata and a shell session's `#!` line."""
        text = remove_blocks(self.source)
        if self.shell:
            text = re.sub(r"\A#!.*\n", "", text)
        return text.strip("\n") + "\n"

    @property
    def shown_lines(self) -> list[int]:
        """The numbers of the lines that pages show: those that `shown_source` keeps."""
        block = next(find_blocks(self.source), None)
        first, last = (
            (self.source[:place].count("\n") for place in (block.start, block.end))
            if block
            else (0, 0)
        )
        start = 1 if self.shell and self.source.startswith("#!") else 0
        return [
            number
            for number in range(start + 1, self.source.rstrip("\n").count("\n") + 2)
            if not first < number <= last
        ]

    def expected_exit(self, python: str) -> int:
        """Return the exit status that it must have on a Python ("3.11.7")."""
        major, minor = map(int, python.split(".")[:2])
        return next(
            (status for first, status in reversed(self.exit_statuses) if first <= (major, minor)),
            0,
        )

    def output_file(self, python: str) -> Path:
        """Return the file with its expected output on a Python ("3.11.7").

        That is `NAME.3.11.out` if there is one, and `NAME.out` otherwise.
        """
        version = ".".join(python.split(".")[:2])
        specific = self.path.with_name(f"{self.path.stem}.{version}.out")
        return specific if specific.exists() else self.path.with_suffix(".out")


def find(project: Project) -> dict[str, Example]:
    """Read all examples.

    Returns:
        The examples by name, in order of their names.

    Raises:
        ExampleError: Some files are invalid; the message has a line for each problem.
    """
    wrong = layout.check_examples(project)
    if wrong:  # nothing is read before names and kinds of all files are known to be good
        raise ExampleError("\n".join(wrong))
    found: dict[str, Example] = {}
    paths = layout.example_files(project)
    existing = set(paths)
    for path in paths:
        if path.parent.parent != project.examples:
            wrong.append(
                f"{project.relative(path)}: examples live in examples/<chapter>/; move it there"
            )
        elif path.suffix == ".out":
            programs = [
                path.with_name(re.sub(r"(\.3\.\d+)?\.out$", suffix, path.name))
                for suffix in (".py", ".sh")
            ]
            if existing.isdisjoint(programs):
                wrong.append(f"{project.relative(path)}: no example prints this; delete it")
        else:
            try:
                example = read(path, project)
                if example.name in found:
                    other = found[example.name].path.name
                    raise ExampleError(
                        f"{project.relative(path)}: {other} has the same name; rename one of them"
                    )
                found[example.name] = example
            except ExampleError as error:
                wrong.append(str(error))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return found


def read(path: Path, project: Project) -> Example:
    """Read one example.

    Args:
        path: Its program or shell session.
        project: The project that it belongs to.

    Raises:
        ExampleError: The file is invalid.
    """
    where = project.relative(path)
    name = path.relative_to(project.examples).with_suffix("").as_posix()
    if not NAME.fullmatch(name):
        raise ExampleError(
            f"{where}: the name of an example may only contain a to z, 0 to 9 and _; rename it"
        )
    if path.parent.is_symlink():
        raise ExampleError(
            f"{where}: its folder is a symbolic link, which is not followed; put the folder itself"
            " there"
        )
    try:
        source = read_text(project, path)
    except ProjectError as error:
        raise ExampleError(str(error)) from None
    if fault := _source_fault(path, source):
        raise ExampleError(f"{where}: {fault}")
    try:
        settings = read_settings(source)
    except MetadataError as error:
        raise ExampleError(f"{where}: {error}") from None
    if path.suffix == ".sh":
        settings = {"timeout": 30.0} | settings  # a shell starts several programs
    title = _read_title(path, source)
    if title is None:
        raise ExampleError(
            f"{where}: it has no title; begin it with a one-line docstring (a shell session: with a"
            " comment)"
        )
    return Example(name, path, source, title, **settings)


def _source_fault(path: Path, source: str) -> str | None:
    """Return what is wrong with an example's text, and how to fix it."""
    if len(source) > LONGEST:
        return (
            f"it has {len(source):,} characters; an example may have at most {LONGEST:,}, so"
            " shorten it"
        )
    if hidden := HIDDEN.search(source):
        line = source.count("\n", 0, hidden.start()) + 1
        return (
            f"line {line} contains an invisible character, {hidden[0]!a}; delete it, or write it as"
            " an escape"
        )
    coding = _CODING.match(source) if path.suffix == ".py" else None
    if coding and coding[1].lower() not in ("utf-8", "utf8"):
        return (
            f"it declares the encoding {coding[1]}, in which Python may run something other than"
            " what a reviewer reads; use UTF-8"
        )
    return None


def mentioned_files(example: Example) -> list[Path]:
    """Return the programs of its chapter that a shell session mentions; they run beside it."""
    if not example.shell:
        return []
    programs = sorted(example.path.parent.glob("*.py"))
    return [path for path in programs if path.name in example.source]


def _read_title(path: Path, source: str) -> str | None:
    """Return the title of an example, or None if it has none or one of several lines."""
    if path.suffix == ".sh":
        comment = re.search(r"(?m)^# (?!///)(.+)$", remove_blocks(source))
        title = comment[1] if comment else None
    else:
        title = _read_docstring(source)
    title = title.strip() if title else ""
    return title if title and "\n" not in title else None


def _read_docstring(source: str) -> str | None:
    """Return the docstring of a program.

    The program is not parsed: that it does not compile may be the point of an example.
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    try:
        first = next((token for token in tokens if token.type not in _LAYOUT), None)
    except (tokenize.TokenError, SyntaxError):
        return None
    if first is None or first.type != tokenize.STRING or not first.string.startswith('"""'):
        return None
    return first.string[3:-3]
