"""Collects the blocks of one page while superfences parses it, and refuses all that are invalid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown import Markdown

from .files import HIDDEN
from .show_calls import BlockError, ShowCall, parse_block

Execute = Callable[[ShowCall], str]
"""Returns the HTML of a call of `show`. Raises BlockError if it cannot."""

HEADER = '```python exec="on" html="on"'
"""The first line of a block that shows examples, to the letter."""

_INPUTS = {"exec": "on", "html": "on"}  # the attributes that superfences finds in the header
_RUN_OF_TICKS = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True)
class Block:
    """A block that shows examples.

    Attributes:
        first: The line of its opening fence, counted from 1.
        last: The line of its closing fence.
        calls: The calls of `show` in it, in order.
    """

    first: int
    last: int
    calls: tuple[ShowCall, ...]


@dataclass
class Scan:
    """What a page was found to contain.

    Attributes:
        blocks: The blocks that show examples.
        refused: Everything that a page may not contain.
    """

    blocks: list[Block] = field(default_factory=list)
    refused: list[BlockError] = field(default_factory=list)


class _Lines(list[str]):
    """The lines of a page. While they are iterated over, `current` is the number of the last one.

    This is how the reader knows the line of a block: superfences does not pass it on.
    """

    current = 0

    def __iter__(self) -> Iterator[str]:
        for self.current, line in enumerate(super().__iter__(), 1):
            yield line


class BlockReader:
    """The callbacks that `BlockExtension` registers, and what they have found on a page.

    Errors are collected and raised at the end of the page: after one broken block, superfences may
    take its end for the beginning of the next, and that should not be the first error reported.

    Args:
        md: The Markdown instance that reads the page.
        execute: Renders a call of `show`; None only collects the blocks.
    """

    def __init__(self, md: Markdown, execute: Execute | None) -> None:
        self.found = Scan()
        self._md = md
        self._execute = execute
        self._lines = _Lines()
        self._first = 0  # line of the opening fence of the current block
        self._block_lines: set[int] = set()

    def start_page(self, lines: list[str]) -> list[str]:
        """Start a page, and refuse invisible characters in its lines, which are still the file's.

        This is a preprocessor, as are the next two methods: it takes and returns the page's lines.
        """
        self.found = Scan()
        for number, line in enumerate(lines, 1):
            if hidden := HIDDEN.search(line.removesuffix("\r")):
                self._refuse(
                    f"it contains an invisible character, {hidden[0]!a}; delete it", number
                )
        return lines

    def number_lines(self, lines: list[str]) -> list[str]:
        """Return the lines in a list that counts them as superfences reads them."""
        self._lines, self._block_lines = _Lines(lines), set()
        return self._lines

    def end_page(self, lines: list[str]) -> list[str]:
        """Refuse fences outside blocks, and raise the first error if the page is being rendered.

        Superfences shows an unclosed block as text, so what it should show would be missing.
        """
        for number, line in enumerate(self._lines, 1):
            if number not in self._block_lines and (ticks := _RUN_OF_TICKS.search(line)):
                self._refuse(
                    f"{ticks[0]} begins or ends no block here; close the block with the ticks and"
                    f" the indentation with which it began, and begin it with {HEADER} (or"
                    " ```text)",
                    number,
                )
        self.found.refused.sort(key=lambda refused: refused.line)
        if self._execute is not None and self.found.refused:
            first = self.found.refused[0]
            file, above = self._locate()
            raise BlockError(first.cause, first.line + above, file)
        return lines

    def validate_python(
        self,
        language: str,
        inputs: dict[str, Any],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Check the header of a Python block. This is a superfences validator."""
        self._first = self._lines.current
        header = self._header()
        if header != HEADER or inputs != _INPUTS:
            self._refuse(
                f"a Python block begins with {HEADER}, exactly; this one begins with {header}",
                self._first,
            )
        return True

    def validate_other(
        self,
        language: str | None,
        inputs: dict[str, Any],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Refuse the header of any other block, except plain text. A superfences validator, too."""
        self._first = self._lines.current
        if language != "text" or inputs:
            self._refuse(
                f"no block begins with {self._header()}; show examples with {HEADER}, and other"
                " text with ```text",
                self._first,
            )
        return True

    def format_text(
        self,
        source: str,
        language: str,
        css_class: str,
        options: dict[str, Any],
        md: Markdown,
        **more: Any,
    ) -> str:
        """Return the HTML of a block of plain text, as superfences itself makes it."""
        self._end_block()
        superfences = md.preprocessors["fenced_code_block"]
        return str(superfences.highlight(source, language, options, md, **more))

    def format_python(
        self,
        source: str,
        language: str,
        css_class: str,
        options: dict[str, Any],
        md: Markdown,
        **more: Any,
    ) -> str:
        """Return the HTML of a block that shows examples. This is a superfences formatter."""
        self._end_block()
        if any(refused.line == self._first for refused in self.found.refused):
            return ""  # its header has been refused already
        try:
            calls = parse_block(source, self._first)
        except BlockError as error:
            self._refuse(error.cause, error.line)
            return ""
        self.found.blocks.append(Block(self._first, self._lines.current, calls))
        if self._execute is None:
            return ""
        return "".join(self._render(call, self._execute) for call in calls)

    def _header(self) -> str:
        return self._lines[self._first - 1].lstrip(" \t>").rstrip(" \t")

    def _end_block(self) -> None:
        self._block_lines.update(range(self._first, self._lines.current + 1))

    def _render(self, call: ShowCall, execute: Execute) -> str:
        try:
            return execute(call)
        except BlockError as error:
            self._refuse(error.cause, error.line)
            return ""

    def _refuse(self, cause: str, line: int) -> None:
        """Collect an error, unless there is one for the same line."""
        if line not in {refused.line for refused in self.found.refused}:
            self.found.refused.append(BlockError(cause, line))

    def _locate(self) -> tuple[str, int]:
        """Return the page's file, and how many of its lines come before the Markdown.

        Both are empty when Markdown is used without MkDocs.
        """
        try:
            # MkDocs's own treeprocessor, which turns paths into links, knows the file.
            file = self._md.treeprocessors["relpath"].file
            above = file.content_string.count("\n") - file.page.markdown.count("\n")
            folder = Path(file.src_dir).name
        except (KeyError, AttributeError, TypeError):
            return "", 0
        return f"{folder}/{file.src_uri}", above
