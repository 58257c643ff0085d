"""Finds the examples and reads what they say about themselves.

In:  the folder `examples/`. Out: `Example`s, by name. An unknown key or a bad value in a PEP 723
     block is an `ExampleError` that names file and key.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib
from packaging.specifiers import Specifier
from packaging.version import Version

from loopscope.trace.events import Clock

from ..project import Project, escape_unprintable
from . import layout
from .files import HIDDEN, ProjectError, read_text

NAME = re.compile(r"(?!__pycache__/)[a-z0-9_]+/[a-z0-9_]+")
"""What an example's name is made of, its chapter's and its own. Nobody looks into Python's own
folder.
"""

# of PEP 263, in the first two lines
_CODING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)?[ \t]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
_COMMENTS = re.compile(r"(?m)(?:^#(?: .*)?(?:\n|\Z))++")  # as a block of PEP 723 may hold them
_BEGIN = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)\n")
_END = "# ///\n"


LONGEST = 30_000
"""Characters of an example's source. What colours it may take a time that grows with the square of
them.
"""

OLDEST, NEWEST = 10, 15
"""The oldest and the newest minor version of Python 3 that examples may name. Raise NEWEST when a
new Python is released.
"""


class ExampleError(ProjectError):
    """An example's file is not as it must be. The message names file, cause and mend."""


@dataclass(frozen=True)
class Example:
    """One program, or one session in a shell."""

    name: str  # "tasks/two_tasks"
    path: Path
    source: str  # as the file has it
    title: str
    requires_python: tuple[int, int] | None = None  # lowest Python, (3, 13)
    dependencies: tuple[str, ...] = ()
    clock: Clock = "virtual"
    # (from this Python on, exit status), lowest first
    exit_statuses: tuple[tuple[tuple[int, int], int], ...] = (((3, 0), 0),)
    timeout: float = 10.0
    threads: int = 300
    order: str = "fixed"
    pinned: str | None = None  # "3.14": as it runs on that Python, and not on the builder's

    @property
    def shell(self) -> bool:
        return self.path.suffix == ".sh"

    @property
    def file(self) -> str:
        """Its file, from the project's folder: `examples/tasks/two_tasks.py`."""
        return f"examples/{self.name}{self.path.suffix}"

    @property
    def effective_clock(self) -> Clock:
        """The clock that it runs on: a session in a shell has only the real one."""
        return "real" if self.shell else self.clock

    @property
    def shown_source(self) -> str:
        """The source as pages show it: without the PEP 723 block, and in a shell session without
        the line that says `bash`.
        """
        text = _without_blocks(self.source)
        if self.shell:
            text = re.sub(r"\A#!.*\n", "", text)
        return text.strip("\n") + "\n"

    @property
    def shown_lines(self) -> list[int]:
        """The numbers of the lines that pages show: not those of the PEP 723 block, nor the blank
        line behind it.
        """
        block = next(_blocks(self.source), None)
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
        """The exit status that it must end with on a Python ("3.11.7")."""
        major, minor = map(int, python.split(".")[:2])
        return next(
            (status for first, status in reversed(self.exit_statuses) if first <= (major, minor)), 0
        )

    def output_file(self, python: str) -> Path:
        """The file that says what it prints on a Python ("3.11.7"): the version's own where there
        is one.
        """
        version = ".".join(python.split(".")[:2])
        own = self.path.with_name(f"{self.path.stem}.{version}.out")
        return own if own.exists() else self.path.with_suffix(".out")


def find(project: Project) -> dict[str, Example]:
    """All examples, by name, in order of their names. Raises ExampleError with all that is wrong,
    not only the first.
    """
    wrong = layout.check_examples(project)
    if wrong:  # before any of them is read
        raise ExampleError("\n".join(wrong))
    found: dict[str, Example] = {}
    paths = layout.example_files(project)
    there = set(paths)
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
            if there.isdisjoint(programs):
                wrong.append(f"{project.relative(path)}: no example prints this; delete it")
        else:
            try:
                example = read(path, project)
                if example.name in found:
                    other = found[example.name].path.name
                    raise ExampleError(
                        f"{project.relative(path)}: there is an example of that name already:"
                        f" {other}"
                    )
                found[example.name] = example
            except ExampleError as problem:
                wrong.append(str(problem))
    if wrong:
        raise ExampleError("\n".join(wrong))
    return found


def read(path: Path, project: Project) -> Example:
    """One example's file."""
    where = project.relative(path)
    name = path.relative_to(project.examples).with_suffix("").as_posix()
    if not NAME.fullmatch(name):
        raise ExampleError(
            f"{where}: the name of an example is made of a to z, 0 to 9 and _; rename it"
        )
    if path.parent.is_symlink():
        raise ExampleError(
            f"{where}: it is a link; links are not followed here, put the file itself there"
        )
    try:
        source = read_text(project, path)
    except ProjectError as problem:
        raise ExampleError(str(problem)) from None
    if len(source) > LONGEST:
        raise ExampleError(
            f"{where}: it has {len(source):,} characters; an example has {LONGEST:,} at most, make"
            " it shorter"
        )
    if hidden := HIDDEN.search(source):
        line = source.count("\n", 0, hidden.start()) + 1
        raise ExampleError(
            f"{where}: line {line} holds a character that nobody sees, {hidden[0]!a}; delete it, or"
            " write it as an escape"
        )
    if (
        path.suffix == ".py"
        and (coding := _CODING.match(source))
        and coding[1].lower() not in ("utf-8", "utf8")
    ):
        cause = (
            f"it says that it is written in {coding[1]}, and would be run as something else than it"
            " reads; use UTF-8"
        )
        raise ExampleError(f"{where}: {cause}")
    # a shell starts several programs
    settings = ({"timeout": 30.0} if path.suffix == ".sh" else {}) | _settings(source, where)
    return Example(name, path, source, _read_title(path, source, where), **settings)


def mentioned_files(example: Example) -> list[Path]:
    """The files of its chapter that a shell session names; they are laid beside it when it runs."""
    return (
        [path for path in sorted(example.path.parent.glob("*.py")) if path.name in example.source]
        if example.shell
        else []
    )


@dataclass(frozen=True)
class _Block:
    """A block of PEP 723, with the blank line behind it."""

    type: str
    content: str
    start: int
    end: int


def _blocks(source: str) -> Iterator[_Block]:
    """The blocks of a source, as PEP 723 finds them: from a line `# /// type` to the last `# ///`
    among the comments that follow at once.

    The regular expression that it gives takes a time that grows with the square of the lines where
    no block is closed.
    """
    for comments in _COMMENTS.finditer(source):
        text = comments[0] if comments[0].endswith("\n") else comments[0] + "\n"
        begin, end = _BEGIN.search(text), text.rfind("\n" + _END) + 1
        if begin and end > begin.end():
            behind = comments.start() + end + len(_END)
            blank = source[behind : behind + 1] == "\n"
            yield _Block(
                begin["type"],
                text[begin.end() : end],
                comments.start() + begin.start(),
                min(behind + blank, len(source)),
            )


def _without_blocks(source: str) -> str:
    kept, done = [], 0
    for block in _blocks(source):
        kept.append(source[done : block.start])
        done = block.end
    return "".join([*kept, source[done:]])


def _read_title(path: Path, source: str, where: str) -> str:
    if path.suffix == ".sh":
        comment = re.search(r"(?m)^# (?!///)(.+)$", _without_blocks(source))
        title = comment.group(1) if comment else None
    else:
        title = _first_string(source)
    if not title or "\n" in title.strip():
        raise ExampleError(
            f"{where}: it has no title; begin it with a docstring of one line (a shell session: a"
            " comment)"
        )
    return title.strip()


def _first_string(source: str) -> str | None:
    """The text of the string that a program begins with, also of one that does not compile.

    That may be the point of an example.
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    try:
        first = next((token for token in tokens if token.type not in _LAYOUT), None)
    except (tokenize.TokenError, SyntaxError):
        return None
    if first is None or first.type != tokenize.STRING or not first.string.startswith('"""'):
        return None
    return first.string[3:-3]


_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}


def _settings(source: str, where: str) -> dict[str, Any]:
    blocks = [block for block in _blocks(source) if block.type == "script"]
    if len(blocks) > 1:
        raise ExampleError(f"{where}: it has {len(blocks)} `# /// script` blocks; keep one")
    if not blocks:
        if re.search(r"(?m)^# /// script", source):
            raise ExampleError(
                f"{where}: its `# /// script` block is not closed; end it with a line `# ///`"
            )
        return {}
    text = "".join(
        line[2:] if line.startswith("# ") else line[1:]
        for line in blocks[0].content.splitlines(keepends=True)
    )
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        # TOMLDecodeError, or a number with too many digits
        raise ExampleError(
            f"{where}: its `# /// script` block is no TOML: {escape_unprintable(str(problem))}"
        ) from None
    own = data.pop("tool", {})
    loopscope = own.pop("loopscope", {}) if isinstance(own, dict) else None
    if not isinstance(own, dict) or not isinstance(loopscope, dict):
        raise ExampleError(
            f"{where}: `tool.loopscope` must be a table; begin it with a line `# [tool.loopscope]`"
        )
    for key in own:
        raise ExampleError(
            f"{where}: unknown key `tool.{escape_unprintable(key)}`; only `tool.loopscope` is known"
        )
    settings: dict[str, Any] = {}
    for prefix, table, known in (
        ("", data, _KEYS),
        ("tool.loopscope.", loopscope, _LOOPSCOPE_KEYS),
    ):
        for key, value in table.items():
            if key not in known:
                names = ", ".join(f"`{prefix}{name}`" for name in known)
                raise ExampleError(
                    f"{where}: unknown key `{prefix}{escape_unprintable(key)}`; known are {names}"
                )
            field, check, wanted = known[key]
            result = check(value)
            if result is None:
                raise ExampleError(f"{where}: `{prefix}{key} = {value!r}` must be {wanted}")
            settings[field] = result
    return settings


def _version(value: object) -> tuple[int, int] | None:
    try:
        specifier = Specifier(value) if isinstance(value, str) else None
        lowest = Version(specifier.version) if specifier else None
    except ValueError:  # packaging's own errors are such, and so is a number with too many digits
        return None
    if not specifier or not lowest or specifier.operator != ">=":
        return None
    return (
        (3, lowest.minor) if str(lowest) == f"3.{lowest.minor}" and lowest.minor <= NEWEST else None
    )


def _names(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(
        isinstance(item, str) and re.fullmatch(r"[A-Za-z0-9._-]+", item) for item in value
    ):
        return tuple(value)
    return None


def _exits(value: object) -> tuple[tuple[tuple[int, int], int], ...] | None:
    by_version = value if isinstance(value, dict) else {"3.0": value}
    statuses = {}
    for version, status in by_version.items():
        match = re.fullmatch(r"3\.([0-9]{1,2})", version)
        if match is None or type(status) is not int or not 0 <= status <= 255:
            return None
        statuses[3, int(match[1])] = status
    return tuple(sorted(statuses.items()))


def _one_of(*allowed: str) -> Any:
    return lambda value: value if value in allowed else None


_KEYS = {
    "requires-python": ("requires_python", _version, f'like ">=3.13", up to 3.{NEWEST}'),
    "dependencies": (
        "dependencies",
        _names,
        'a list of names without versions, like ["aiohttp"] (requirements.txt pins them)',
    ),
}
_LOOPSCOPE_KEYS = {
    "clock": ("clock", _one_of("virtual", "real"), '"virtual" or "real"'),
    "exit": (
        "exit_statuses",
        _exits,
        'an exit status, 0 to 255, or one from each Python on, like {"3.11" = 0, "3.14" = 1}',
    ),
    "timeout": (
        "timeout",
        lambda value: float(value) if type(value) in (int, float) and 0 < value <= 120 else None,
        "seconds, up to 120",
    ),
    "threads": (
        "threads",
        lambda value: value if type(value) is int and 0 < value <= 1200 else None,
        "how many at once, up to 1,200",
    ),
    "order": ("order", _one_of("fixed", "may vary"), '"fixed" or "may vary"'),
}


def extract_statement(source: str, text: str, where: str) -> str:
    """The part of a program that begins at the line with `text`, with all that belongs to it.
    Dedented.
    """
    lines = source.splitlines(keepends=True)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # the last two where it is nested too deeply
        raise ExampleError(
            f"{where}: it does not compile, so no part of it can be shown; show all of it"
        ) from None
    nodes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt | ast.ExceptHandler) and node.end_lineno
    ]
    starts: dict[int, ast.stmt | ast.ExceptHandler] = {}
    for node in nodes:
        first = min(
            [node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]
        )
        if text in lines[node.lineno - 1] or text in lines[first - 1]:
            starts.setdefault(first, node)
    if not starts:
        raise ExampleError(f"{where}: no statement of it begins with a line that has {text!r}")
    if len(starts) > 1:
        raise ExampleError(
            f"{where}: {len(starts)} statements begin with a line that has {text!r}; give more"
            " of it"
        )
    first, node = starts.popitem()
    block = lines[first - 1 : node.end_lineno]
    indent = len(block[0]) - len(block[0].lstrip())
    return "".join(line[indent:] if line.strip() else line for line in block)
