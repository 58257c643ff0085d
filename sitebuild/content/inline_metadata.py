"""Reads the inline script metadata of an example: the `# /// script` block of PEP 723."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import tomllib
from packaging.specifiers import Specifier
from packaging.version import Version

from ..project import NEWEST_MINOR
from ..text import escape_unprintable

ExitStatuses = tuple[tuple[tuple[int, int], int], ...]
"""Exit statuses, each with the Python from which it holds, lowest first: `(((3, 11), 0),)`."""

# Possessive: without it, a long run of comments would be matched again from each of its lines.
_COMMENTS = re.compile(r"(?m)(?:^#(?: .*)?(?:\n|\Z))++")
_BEGIN = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)\n")
_END = "# ///\n"


class MetadataError(ValueError):
    """The metadata of an example is invalid. The message says why, and how to fix it."""


@dataclass(frozen=True)
class Block:
    """A block of metadata in a source.

    Attributes:
        type: What its first line calls it; "script" is the one that PEP 723 defines.
        content: The comment lines between its first and last line.
        start: Index in the source of its first character.
        end: Index in the source after the block and a blank line that follows it.
    """

    type: str
    content: str
    start: int
    end: int


def find_blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a source, as PEP 723 finds them.

    A block reaches from a line `# /// type` to the last `# ///` among the comments that follow
    without a gap. The regular expression in the PEP is not used: its time grows with the square of
    the lines where no block is closed.
    """
    for comments in _COMMENTS.finditer(source):
        text = comments[0] if comments[0].endswith("\n") else comments[0] + "\n"
        begin, end = _BEGIN.search(text), text.rfind("\n" + _END) + 1
        if begin and end > begin.end():
            after = comments.start() + end + len(_END)
            blank = source[after : after + 1] == "\n"
            yield Block(
                begin["type"],
                text[begin.end() : end],
                comments.start() + begin.start(),
                min(after + blank, len(source)),
            )


def remove_blocks(source: str) -> str:
    """Return a source without its blocks of metadata."""
    pieces, position = [], 0
    for block in find_blocks(source):
        pieces.append(source[position : block.start])
        position = block.end
    return "".join([*pieces, source[position:]])


def read_settings(source: str) -> dict[str, Any]:
    """Read the settings in the `script` block of a source.

    Returns:
        The fields of `Example` that the block sets, by name.

    Raises:
        MetadataError: The block is not closed or not TOML, or it has an unknown key or a bad value.
    """
    blocks = [block for block in find_blocks(source) if block.type == "script"]
    if len(blocks) > 1:
        raise MetadataError(f"it has {len(blocks)} `# /// script` blocks; keep one")
    if not blocks:
        if re.search(r"(?m)^# /// script", source):
            raise MetadataError(
                "its `# /// script` block is not closed; end it with a line `# ///`"
            )
        return {}
    data = _parse_toml(blocks[0])
    tools = data.pop("tool", {})
    loopscope = tools.pop("loopscope", {}) if isinstance(tools, dict) else None
    if not isinstance(tools, dict) or not isinstance(loopscope, dict):
        raise MetadataError(
            "`tool.loopscope` must be a table; begin it with a line `# [tool.loopscope]`"
        )
    for key in tools:
        raise MetadataError(
            f"unknown key `tool.{escape_unprintable(key)}`; only `tool.loopscope` is known"
        )
    return _convert("", data, _KEYS) | _convert("tool.loopscope.", loopscope, _LOOPSCOPE_KEYS)


def _parse_toml(block: Block) -> dict[str, Any]:
    text = "".join(
        line[2:] if line.startswith("# ") else line[1:]
        for line in block.content.splitlines(keepends=True)
    )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # ValueError: a TOMLDecodeError, or a number with too many digits
        raise MetadataError(
            f"its `# /// script` block is not TOML: {escape_unprintable(str(error))}"
        ) from None


def _convert(prefix: str, table: dict[str, Any], keys: dict[str, _Key]) -> dict[str, Any]:
    """Check the keys and values of a table, and return the fields of `Example` that they set."""
    settings = {}
    for key, value in table.items():
        if key not in keys:
            known = ", ".join(f"`{prefix}{name}`" for name in keys)
            raise MetadataError(
                f"unknown key `{prefix}{escape_unprintable(key)}`; known are {known}"
            )
        converted = keys[key].convert(value)
        if converted is None:
            raise MetadataError(f"`{prefix}{key} = {value!r}` must be {keys[key].expected}")
        settings[keys[key].field] = converted
    return settings


@dataclass(frozen=True)
class _Key:
    """A key that the block may have.

    Attributes:
        field: The field of `Example` that it sets.
        convert: Returns the field's value, or None for a value that the key may not have.
        expected: What the key's value must be, in words.
    """

    field: str
    convert: Callable[[Any], Any]
    expected: str


def _convert_version(value: object) -> tuple[int, int] | None:
    try:
        specifier = Specifier(value) if isinstance(value, str) else None
        lowest = Version(specifier.version) if specifier else None
    except ValueError:  # one of packaging's own errors, or a number with too many digits
        return None
    if not specifier or not lowest or specifier.operator != ">=":
        return None
    if str(lowest) != f"3.{lowest.minor}" or lowest.minor > NEWEST_MINOR:
        return None
    return 3, lowest.minor


def _convert_names(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(
        isinstance(item, str) and re.fullmatch(r"[A-Za-z0-9._-]+", item) for item in value
    ):
        return tuple(value)
    return None


def _convert_exit_statuses(value: object) -> ExitStatuses | None:
    by_version = value if isinstance(value, dict) else {"3.0": value}
    statuses = {}
    for version, status in by_version.items():
        match = re.fullmatch(r"3\.([0-9]{1,2})", version)
        if match is None or type(status) is not int or not 0 <= status <= 255:
            return None
        statuses[3, int(match[1])] = status
    return tuple(sorted(statuses.items()))


def _one_of(*allowed: str) -> Callable[[object], object]:
    return lambda value: value if value in allowed else None


_KEYS = {
    "requires-python": _Key(
        "requires_python", _convert_version, f'like ">=3.13", up to 3.{NEWEST_MINOR}'
    ),
    "dependencies": _Key(
        "dependencies",
        _convert_names,
        'a list of names without versions, like ["aiohttp"] (requirements-examples.txt pins them)',
    ),
}
_LOOPSCOPE_KEYS = {
    "clock": _Key("clock", _one_of("virtual", "real"), '"virtual" or "real"'),
    "exit": _Key(
        "exit_statuses",
        _convert_exit_statuses,
        'an exit status, 0 to 255, or one from each Python on, like {"3.11" = 0, "3.14" = 1}',
    ),
    "timeout": _Key(
        "timeout",
        lambda value: float(value) if type(value) in (int, float) and 0 < value <= 120 else None,
        "seconds, up to 120",
    ),
    "threads": _Key(
        "threads",
        lambda value: value if type(value) is int and 0 < value <= 1200 else None,
        "a number of threads, up to 1,200",
    ),
    "order": _Key("order", _one_of("fixed", "may vary"), '"fixed" or "may vary"'),
}
