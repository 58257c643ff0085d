"""The blocks of a page: one kind runs, and only once it is proven to do nothing but show examples.

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks", light="await report"))
    ```

In:  the Markdown of a page. Out: `scan`, which finds such blocks, and `Blocks`, a Python-Markdown
     extension that puts what somebody makes of them in their place (`rendering.fence` executes
     them).

The blocks are found by pymdownx.superfences, in the build and in `scan` alike, so the two cannot
disagree about what a block is. What looks as if it wanted to be executed, and is not proven by
`show_calls`, is refused by a `BlockError`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from .files import HIDDEN
from .show_calls import BlockError, ShowCall, parse_block

Execute = Callable[[ShowCall], str]
"""Makes the HTML of a proven call. Raises BlockError where it cannot."""

HEADER = '```python exec="on" html="on"'
"""The first line of a block that runs, exactly."""

_INPUTS = {"exec": "on", "html": "on"}  # what superfences makes of it
_SCANNING = threading.Lock()
_RUN_OF_TICKS = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True)
class Block:
    """A block that shows examples. Its lines, both fences among them, are counted from 1."""

    first: int
    last: int
    calls: tuple[ShowCall, ...]


@dataclass
class Scan:
    """What was found on a page."""

    blocks: list[Block] = field(default_factory=list)
    refused: list[BlockError] = field(default_factory=list)


def scan(text: str) -> Scan:
    """Find the blocks of a page without running them.

    Args:
        text: The page's Markdown, without its front matter.

    Returns:
        The blocks that show examples, and everything that may not stand there. Lines are counted
        from 1.
    """
    blocks = _scanner()
    with _SCANNING:
        blocks.md.reset()
        lines = text.split("\n")
        for name in _STEPS:
            lines = blocks.md.preprocessors[name].run(lines)
        return blocks.reader.found


@cache
def _scanner() -> BlockExtension:
    """Return the one scanner of all pages: making it takes longer than reading a page with it."""
    blocks = BlockExtension()
    Markdown(extensions=[blocks])
    return blocks


class _Lines(list[str]):
    """The lines of a page, which know the one that is being read."""

    current = 0

    def __iter__(self) -> Iterator[str]:
        for self.current, line in enumerate(super().__iter__(), 1):
            yield line


class _Reader:
    """What is asked about the blocks of a page: by superfences at each, before it of all lines, and
    after it of the rest.

    What is wrong is gathered, and said at the end: where one block is broken, superfences may take
    the end of it for the beginning of another, and that is not what should be said first.
    """

    def __init__(self, md: Markdown, execute: Execute | None) -> None:
        self.found = Scan()
        self._md = md
        self._execute = execute
        self._lines = _Lines()
        self._first = 0  # the line at which the block began that is being read
        self._done: set[int] = set()  # the lines of blocks

    def begin(self, lines: list[str]) -> list[str]:
        """Begin a page. Refuses characters that nobody sees; the lines are as the file has them."""
        self.found = Scan()
        for number, line in enumerate(lines, 1):
            if hidden := HIDDEN.search(line.removesuffix("\r")):
                self._refuse(
                    f"it holds a character that nobody sees, {hidden[0]!a}; delete it", number
                )
        return lines

    def number(self, lines: list[str]) -> list[str]:
        """The lines as superfences reads them."""
        self._lines, self._done = _Lines(lines), set()
        return self._lines

    def rest(self, lines: list[str]) -> list[str]:
        """Refuse what looks like a block and is none: it would be shown as text, and what it was to
        show would be missing.
        """
        for number, line in enumerate(self._lines, 1):
            if number not in self._done and (ticks := _RUN_OF_TICKS.search(line)):
                self._refuse(
                    f"{ticks[0]} begins or ends no block here; close the block with the ticks and"
                    f" the indentation with which it began, and begin it with {HEADER} (or"
                    " ```text)",
                    number,
                )
        self.found.refused.sort(key=lambda refused: refused.line)
        if self._execute is not None and self.found.refused:
            first = self.found.refused[0]
            file, above = self._file()
            raise BlockError(first.cause, first.line + above, file)
        return lines

    def accepts_python(
        self,
        language: str,
        inputs: dict[str, Any],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Of a block in Python: its header has to be the one, to the letter."""
        self._first = self._lines.current
        header = self._lines[self._first - 1].lstrip(" \t>").rstrip(" \t")
        if header != HEADER or inputs != _INPUTS:
            self._refuse(
                f"a Python block begins with {HEADER}, exactly; this one begins with {header}",
                self._first,
            )
        return True

    def accepts_other(
        self,
        language: str | None,
        inputs: dict[str, Any],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Of any other block: plain text is shown, and nothing else is known."""
        self._first = self._lines.current
        if language != "text" or inputs:
            header = self._lines[self._first - 1].lstrip(" \t>").rstrip(" \t")
            self._refuse(
                f"{header} begins no block that pages have; examples are shown with {HEADER}, other"
                " text with ```text",
                self._first,
            )
        return True

    def text(
        self,
        source: str,
        language: str,
        css_class: str,
        options: dict[str, Any],
        md: Markdown,
        **more: Any,
    ) -> str:
        """A block of plain text, as superfences itself shows it."""
        self._close()
        return md.preprocessors["fenced_code_block"].highlight(
            source, language, options, md, **more
        )

    def python(
        self,
        source: str,
        language: str,
        css_class: str,
        options: dict[str, Any],
        md: Markdown,
        **more: Any,
    ) -> str:
        """The HTML of a block that shows examples."""
        self._close()
        if any(refused.line == self._first for refused in self.found.refused):
            return ""  # its header is wrong already
        try:
            calls = parse_block(source, self._first)
        except BlockError as refused:
            self._refuse(refused.cause, refused.line)
            return ""
        self.found.blocks.append(Block(self._first, self._lines.current, calls))
        return (
            "".join(self._executed(call, self._execute) for call in calls)
            if self._execute is not None
            else ""
        )

    def _close(self) -> None:
        self._done.update(range(self._first, self._lines.current + 1))

    def _executed(self, call: ShowCall, execute: Execute) -> str:
        try:
            return execute(call)
        except BlockError as failed:
            self._refuse(failed.cause, failed.line)
            return ""

    def _refuse(self, cause: str, line: int) -> None:
        if line not in {refused.line for refused in self.found.refused}:
            self.found.refused.append(BlockError(cause, line))

    def _file(self) -> tuple[str, int]:
        """The page's file, and how many of its lines stand above what we are given; as far as the
        engine tells.
        """
        try:
            # MkDocs's own, which makes links of paths
            file = self._md.treeprocessors["relpath"].file
            above = file.content_string.count("\n") - file.page.markdown.count("\n")
            folder = Path(file.src_dir).name
        except (KeyError, AttributeError, TypeError):
            return "", 0
        return f"{folder}/{file.src_uri}", above


class _Step(Preprocessor):
    """One pass over the lines of a page."""

    def __init__(self, run: Callable[[list[str]], list[str]]) -> None:
        super().__init__()
        self.run = run


# The priorities are Python-Markdown's 30 for its own step, and superfences' 25.
_STEPS = {
    "awaited-begin": 40,
    "normalize_whitespace": 30,
    "awaited-lines": 26,
    "fenced_code_block": 25,
    "awaited-rest": 24,
}
"""What is done to the lines of a page until all its blocks are found, in order."""


class BlockExtension(Extension):
    """pymdownx.superfences with the fences of this site, and none besides.

    Args:
        execute: Makes what is put in the place of the blocks; what is wrong is raised then. Without
            it, `reader.found` says both.
    """

    md: Markdown
    reader: _Reader

    def __init__(self, execute: Execute | None = None) -> None:
        super().__init__()
        self._execute = execute

    # The name of this is Python-Markdown's, not ours.
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        self.md = md
        self.reader = reader = _Reader(md, self._execute)
        fences = [
            {
                "name": "python",
                "class": "python",
                "validator": reader.accepts_python,
                "format": reader.python,
            },
            {"name": "*", "class": "", "validator": reader.accepts_other, "format": reader.text},
        ]
        md.registerExtensions(
            ["pymdownx.superfences"], {"pymdownx.superfences": {"custom_fences": fences}}
        )
        for name, run in (
            ("awaited-begin", reader.begin),
            ("awaited-lines", reader.number),
            ("awaited-rest", reader.rest),
        ):
            md.preprocessors.register(_Step(run), name, _STEPS[name])
