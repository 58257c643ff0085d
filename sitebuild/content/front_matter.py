"""Reads the front matter of a page: the YAML between two lines `---` at its top.

MkDocs silently ignores front matter that it cannot read, and its theme gives a meaning to keys that
pages here do not use. So everything but a few keys with plain values is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from mkdocs.utils import meta

from ..text import join_words

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The mapping, a list in it, and one more, so that the message about the key comes first.
_MAX_DEPTH = 3


class FrontMatterError(ValueError):
    """The front matter of a page is invalid.

    Attributes:
        line: The line of the page, counted from 1.
        cause: What is wrong, and how to fix it.
    """

    def __init__(self, line: int, cause: str) -> None:
        super().__init__(f"line {line}: {cause}")
        self.line = line
        self.cause = cause


def parse_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a page into its front matter and its Markdown.

    Returns:
        The front matter's values by key, empty if there is none, and the Markdown below it.

    Raises:
        FrontMatterError: The front matter is not YAML, or it has an unknown key or a bad value.
    """
    # MkDocs's own expression, so that both agree on where the page begins.
    found = meta.YAML_RE.match(text)
    if found is None:
        return {}, _without_front_matter(text)
    data = _load(found[1])
    if not isinstance(data, dict):
        raise FrontMatterError(2, 'its front matter must be lines like `title: "States of a task"`')
    for key, value in data.items():
        is_valid, expected = _KEYS.get(key, (None, "")) if isinstance(key, str) else (None, "")
        if is_valid is None:
            known = join_words([f"`{known}`" for known in _KEYS])
            raise FrontMatterError(
                _line_of(found[1], key),
                f"its front matter has the key {key!a}; known are {known}",
            )
        if not is_valid(value):
            raise FrontMatterError(
                _line_of(found[1], key), f"`{key}` in its front matter must be {expected}"
            )
    return data, text[found.end() :].lstrip("\n")


def _without_front_matter(text: str) -> str:
    """Return the Markdown of a page that has no front matter.

    Raises:
        FrontMatterError: It looks as if front matter was meant, or MkDocs would find some.
    """
    if text.partition("\n")[0].rstrip() == "---":
        raise FrontMatterError(
            1, "its front matter is empty or not closed; end it with a line `---`"
        )
    body, data = meta.get_data(text)
    if data:
        raise FrontMatterError(
            1,
            "MkDocs takes its first lines for data; put a heading first, or the data between two"
            " lines `---`",
        )
    return body


def _load(text: str) -> object:
    """Return the value of a front matter's YAML."""
    try:
        _check_nesting(text)
        return yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = (
            getattr(error, "problem", None)
            or getattr(error, "reason", None)
            or type(error).__name__
        )
        raise FrontMatterError(
            mark.line + 2 if mark else 2,
            f"its front matter is not YAML: {cause}; quote text that contains a colon or quotation"
            " marks",
        ) from None
    except FrontMatterError:
        raise
    except Exception as error:
        # YAML's constructors raise all kinds of errors: for a date that does not exist,
        # for `!!bool maybe`.
        raise FrontMatterError(
            2, f"its front matter cannot be read: {error}; put text into quotes"
        ) from None


def _check_nesting(text: str) -> None:
    """Refuse references and deep nesting before YAML builds values.

    References can multiply, and deep nesting crashes the interpreter.

    Raises:
        yaml.YAMLError: The text is not YAML.
        FrontMatterError: It has a reference, or is nested too deeply.
    """
    depth = 0
    for event in yaml.parse(text, _LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if isinstance(event, yaml.AliasEvent):
            raise FrontMatterError(
                event.start_mark.line + 2,
                "its front matter refers to another part of itself, with `*`; write it out",
            )
        if depth > _MAX_DEPTH:
            raise FrontMatterError(
                event.start_mark.line + 2,
                "its front matter is nested too deeply; put text that has brackets into quotes",
            )


def line_of(text: str, key: str) -> int:
    """Return the line of a page, counted from 1, that a key of its front matter is on."""
    found = meta.YAML_RE.match(text.removeprefix("\ufeff"))
    return _line_of(found[1], key) if found else 1


def _line_of(text: str, key: object) -> int:
    """Return the line of the page that a key of its front matter is on."""
    keys = (node for node, _ in yaml.compose(text, _LOADER).value)
    return next((node.start_mark.line + 2 for node in keys if node.value == str(key)), 2)


def _is_plain_line(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isprintable()
        and not value.isspace()
        and value != ""
        and not re.search('[<>&"]', value)
    )


def _is_list_of_lines(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(line, str) and line.isprintable() and line.strip() == line != ""
        for line in value
    )


def _is_list_of(pattern: str) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, list)
        and all(isinstance(item, str) and re.fullmatch(pattern, item) for item in value)
    )


# The theme does not escape these values, and a title appears in every page's navigation.
_PLAIN_LINE = (
    _is_plain_line,
    """text on one line, without < > & and "; put it in quotes, and write “ and ” inside it""",
)
_KEYS: dict[str, tuple[Callable[[object], bool], str]] = {
    "title": _PLAIN_LINE,
    "description": _PLAIN_LINE,
    "articles": (_is_list_of(r"[A-Z][0-9]+-[0-9]+"), "a list of items, like [S2-9, S2-10]"),
    "before": (
        _is_list_of(r"[a-z0-9-]+(/[a-z0-9-]+)*\.md"),
        "a list of pages, like [tasks/create-task.md]",
    ),
    "audience": _PLAIN_LINE,
    "answers": (
        _is_list_of_lines,
        "a list of questions or messages, each on one line, in quotes where it has a colon",
    ),
    "made_from": (
        lambda value: (
            isinstance(value, str)
            and re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*\.toml", value) is not None
        ),
        "the file in docs/ that `make update` makes the page from, like articles/items.toml",
    ),
    "path": (
        lambda value: type(value) is int and value > 0,
        "the page's place on the short path, a whole number from 1",
    ),
    "kind": (lambda value: value == "reference", "`reference`, or left out"),
    "hide": (_is_list_of("toc|navigation|footer"), "a list of `toc`, `navigation` and `footer`"),
}
"""The keys that a page may have: for each, a check of its value and what it must be, in words."""
