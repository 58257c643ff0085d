"""Finds the code blocks of pages. One kind is executed, and only if all it does is show examples:

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks", light="await report"))
    ```

Both the build and `scan` find blocks with pymdownx.superfences, so they always agree on what is a
block. `show_calls` checks the source of a block. Anything else that looks as if it were meant to be
executed is refused with a `BlockError`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from .block_reader import BlockReader, Execute, Scan

_SCAN_LOCK = threading.Lock()

# Python-Markdown's own normalize_whitespace has priority 30, superfences has 25.
_PREPROCESSORS = {
    "awaited-start": 40,
    "normalize_whitespace": 30,
    "awaited-lines": 26,
    "fenced_code_block": 25,
    "awaited-end": 24,
}
"""The preprocessors that find the blocks of a page, with their priorities, in order."""


def scan(text: str) -> Scan:
    """Find the blocks of a page without running them.

    Args:
        text: The page's Markdown, without its front matter.

    Returns:
        The blocks that show examples, and everything that the page may not contain. Lines are
        counted from 1.
    """
    extension = _scanner()
    with _SCAN_LOCK:
        extension.md.reset()
        lines = text.split("\n")
        for name in _PREPROCESSORS:
            lines = extension.md.preprocessors[name].run(lines)
        return extension.reader.found


@cache
def _scanner() -> BlockExtension:
    """Return the one scanner for all pages: making it takes longer than scanning a page."""
    extension = BlockExtension()
    Markdown(extensions=[extension])
    return extension


class _FunctionPreprocessor(Preprocessor):
    """A preprocessor that calls a function with the lines of a page."""

    def __init__(self, run: Callable[[list[str]], list[str]]) -> None:
        super().__init__()
        self.run = run


class BlockExtension(Extension):
    """A Python-Markdown extension: pymdownx.superfences with the blocks of this site alone.

    Attributes:
        md: The Markdown instance that uses the extension.
        reader: What it has found on the current page.

    Args:
        execute: Renders the calls of `show`, and makes errors on the page be raised. Without it,
            `reader.found` collects blocks and errors.
    """

    md: Markdown
    reader: BlockReader

    def __init__(self, execute: Execute | None = None) -> None:
        super().__init__()
        self._execute = execute

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Register superfences and the preprocessors around it with a Markdown instance."""
        self.md = md
        self.reader = reader = BlockReader(md, self._execute)
        fences = [
            {
                "name": "python",
                "class": "python",
                "validator": reader.validate_python,
                "format": reader.format_python,
            },
            {
                "name": "*",
                "class": "",
                "validator": reader.validate_other,
                "format": reader.format_text,
            },
        ]
        md.registerExtensions(
            ["pymdownx.superfences"], {"pymdownx.superfences": {"custom_fences": fences}}
        )
        for name, run in (
            ("awaited-start", reader.start_page),
            ("awaited-lines", reader.number_lines),
            ("awaited-end", reader.end_page),
        ):
            md.preprocessors.register(_FunctionPreprocessor(run), name, _PREPROCESSORS[name])
        self._fences = md.preprocessors["fenced_code_block"]
        self._indented = md.parser.blockprocessors["code"]
        md.registerExtension(self)

    def reset(self) -> None:
        """Take the blocks back from a superfences that was registered after this extension.

        Zensical adds one of its own to every list of extensions. Python-Markdown calls this when
        all extensions are there, and before each page.
        """
        self.md.preprocessors.register(self._fences, "fenced_code_block", 25)
        self.md.parser.blockprocessors.register(self._indented, "code", 80)
