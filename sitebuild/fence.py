"""The blocks of a page: one kind runs, and only once it is proven to do nothing but show examples.

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks", light="await report"))
    ```

In:  the Markdown of a page. Out: for the engine, a Python-Markdown extension that puts the examples' HTML in the place of such
blocks; for the rest of sitebuild, `scan`, which finds the same blocks without running them.

The blocks are found by pymdownx.superfences, in the build and in `scan` alike, so the two cannot disagree about what a block is.
What show_calls.py proves to have the one allowed form is written anew from the values that were read, and handed to
markdown-exec, which executes it. Nothing else on a page is ever executed, and what looks as if it wanted to be raises a `BlockError`.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from .examples import ExampleError
from .files import HIDDEN
from .project import DRAFT
from .render import render
from .show_calls import IMPORT, BlockError, ShowCall, prove

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
        The blocks that show examples, and everything that may not stand there. Lines are counted from 1.
    """
    fence = _scanner()
    with _SCANNING:
        fence.md.reset()
        lines = text.split("\n")
        for name in _STEPS:
            lines = fence.md.preprocessors[name].run(lines)
        return fence.reader.found


@cache
def _scanner() -> Fence:
    """What scans all pages: to make a Markdown instance takes longer than to read a page with it."""
    fence = Fence(executes=False)
    Markdown(extensions=[fence])
    return fence


class _Lines(list[str]):
    """The lines of a page, which know the one that is being read."""

    current = 0

    def __iter__(self) -> Iterator[str]:
        for self.current, line in enumerate(super().__iter__(), 1):
            yield line


class _Reader:
    """What is asked about the blocks of a page: by superfences at each, before it of all lines, and after it of the rest.

    What is wrong is gathered, and said at the end: where one block is broken, superfences may take the end of it for the beginning of
    another, and that is not what should be said first.
    """

    def __init__(self, md: Markdown, executes: bool) -> None:
        self.found = Scan()
        self._md = md
        self._executes = executes
        self._lines = _Lines()
        self._first = 0  # the line at which the block began that is being read
        self._done: set[int] = set()  # the lines of blocks

    def begin(self, lines: list[str]) -> list[str]:
        """Begin a page. Refuses characters that nobody sees; the lines are as the file has them."""
        self.found = Scan()
        for number, line in enumerate(lines, 1):
            if hidden := HIDDEN.search(line.removesuffix("\r")):
                self._refuse(f"it holds a character that nobody sees, {hidden[0]!a}; delete it", number)
        return lines

    def number(self, lines: list[str]) -> list[str]:
        """The lines as superfences reads them."""
        self._lines, self._done = _Lines(lines), set()
        return self._lines

    def rest(self, lines: list[str]) -> list[str]:
        """Refuse what looks like a block and is none: it would be shown as text, and what it was to show would be missing."""
        for number, line in enumerate(self._lines, 1):
            if number not in self._done and (ticks := _RUN_OF_TICKS.search(line)):
                self._refuse(
                    f"{ticks[0]} begins or ends no block here; close the block with the ticks and the indentation with which it "
                    f"began, and begin it with {HEADER} (or ```text)",
                    number,
                )
        self.found.refused.sort(key=lambda refused: refused.line)
        if self._executes and self.found.refused:
            first = self.found.refused[0]
            file, above = self._file()
            raise BlockError(first.cause, first.line + above, file)
        return lines

    def accepts_python(self, language: str, inputs: dict[str, Any], options: dict[str, Any], attrs: dict[str, Any], md: Markdown) -> bool:
        """Of a block in Python: its header has to be the one, to the letter."""
        self._first = self._lines.current
        header = self._lines[self._first - 1].lstrip(" \t>").rstrip(" \t")
        if header != HEADER or inputs != _INPUTS:
            self._refuse(f"a Python block begins with {HEADER}, exactly; this one begins with {header}", self._first)
        return True

    def accepts_other(
        self, language: str | None, inputs: dict[str, Any], options: dict[str, Any], attrs: dict[str, Any], md: Markdown
    ) -> bool:
        """Of any other block: plain text is shown, and nothing else is known."""
        self._first = self._lines.current
        if language != "text" or inputs:
            header = self._lines[self._first - 1].lstrip(" \t>").rstrip(" \t")
            self._refuse(
                f"{header} begins no block that pages have; examples are shown with {HEADER}, other text with ```text", self._first
            )
        return True

    def text(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **more: Any) -> str:
        """A block of plain text, as superfences itself shows it."""
        self._close()
        return md.preprocessors["fenced_code_block"].highlight(source, language, options, md, **more)

    def python(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **more: Any) -> str:
        """The HTML of a block that shows examples."""
        self._close()
        if any(refused.line == self._first for refused in self.found.refused):
            return ""  # its header is wrong already
        try:
            calls = prove(source, self._first)
        except BlockError as refused:
            self._refuse(refused.cause, refused.line)
            return ""
        self.found.blocks.append(Block(self._first, self._lines.current, calls))
        return "".join(map(self._executed, calls)) if self._executes else ""

    def _close(self) -> None:
        self._done.update(range(self._first, self._lines.current + 1))

    def _executed(self, call: ShowCall) -> str:
        try:
            return _markdown_exec()(f"{IMPORT}\n\nprint({call})\n", "python", "", {"html": True}, _NoMarkdown())
        except _FailedError as failed:
            error = failed.error
        cause = str(error) if isinstance(error, ExampleError) else "".join(traceback.format_exception(error))
        if DRAFT:
            return render("failed.html.jinja", cause=cause)
        self._refuse(cause, call.line)
        return ""

    def _refuse(self, cause: str, line: int) -> None:
        if line not in {refused.line for refused in self.found.refused}:
            self.found.refused.append(BlockError(cause, line))

    def _file(self) -> tuple[str, int]:
        """The page's file, and how many of its lines stand above what we are given; as far as the engine tells."""
        try:
            file = self._md.treeprocessors["relpath"].file  # MkDocs's own, which makes links of paths
            above = file.content_string.count("\n") - file.page.markdown.count("\n")
            folder = Path(file.src_dir).name
        except (KeyError, AttributeError, TypeError):
            return "", 0
        return f"{folder}/{file.src_uri}", above


@cache
def _markdown_exec() -> Callable[..., str]:
    """What executes a block. Imported here, because most of what reads pages runs nothing on them."""
    import markdown_exec

    def silent(name: str) -> logging.Logger:
        logger = logging.getLogger(f"{__name__}.{name}")
        logger.disabled = True
        return logger

    markdown_exec.patch_loggers(silent)  # what there is to say about a block that fails, we say ourselves
    return markdown_exec.formatter


class _FailedError(Exception):
    """A block that was executed and raised `error`."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _NoMarkdown:
    """Stands where markdown-exec wants a Markdown instance: it has one use for it, to put a traceback on the page."""

    def __getattr__(self, name: str) -> NoReturn:
        failure = sys.exc_info()[1]
        if failure is None:
            raise AttributeError(name)
        raise _FailedError(failure.__cause__ or failure)


class _Step(Preprocessor):
    """One pass over the lines of a page."""

    def __init__(self, run: Callable[[list[str]], list[str]]) -> None:
        super().__init__()
        self.run = run


# The priorities are Python-Markdown's 30 for its own step, and superfences' 25.
_STEPS = {"awaited-begin": 40, "normalize_whitespace": 30, "awaited-lines": 26, "fenced_code_block": 25, "awaited-rest": 24}
"""What is done to the lines of a page until all its blocks are found, in order."""


class Fence(Extension):
    """pymdownx.superfences with the fences of this site, and none besides.

    Args:
        executes: Put the examples' HTML in the place of the blocks, and raise what is wrong; without it, `reader.found` says both.
    """

    md: Markdown
    reader: _Reader

    def __init__(self, executes: bool = True) -> None:
        super().__init__()
        self._executes = executes

    # The names of this and of the function below are Python-Markdown's, not ours.
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        self.md = md
        self.reader = reader = _Reader(md, self._executes)
        fences = [
            {"name": "python", "class": "python", "validator": reader.accepts_python, "format": reader.python},
            {"name": "*", "class": "", "validator": reader.accepts_other, "format": reader.text},
        ]
        md.registerExtensions(["pymdownx.superfences"], {"pymdownx.superfences": {"custom_fences": fences}})
        for name, run in (("awaited-begin", reader.begin), ("awaited-lines", reader.number), ("awaited-rest", reader.rest)):
            md.preprocessors.register(_Step(run), name, _STEPS[name])


def makeExtension() -> Fence:  # noqa: N802
    """What Python-Markdown asks a module for. There is nothing to set."""
    return Fence()
