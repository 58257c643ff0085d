"""Extends Python-Markdown: replaces the blocks that show examples by the examples' HTML.

`content.blocks` finds and parses the calls of `show` on a page. Each call is written again from the
parsed values, and markdown-exec executes that. Nothing else on a page is ever executed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from functools import cache
from typing import NoReturn

from ..content.blocks import BlockExtension
from ..content.examples import ExampleError
from ..content.show_calls import IMPORT, BlockError, ShowCall
from ..project import is_draft
from .templating import render


def execute(call: ShowCall) -> str:
    """Execute a call of `show`.

    Returns:
        The HTML that it shows. In a draft (`make serve`), that may be its error.

    Raises:
        BlockError: The call failed, and this is no draft.
    """
    try:
        return _markdown_exec()(
            f"{IMPORT}\n\nprint({call})\n", "python", "", {"html": True}, _NoMarkdown()
        )
    except _FailedError as failed:
        error = failed.error
    cause = (
        str(error)
        if isinstance(error, ExampleError)
        else "".join(traceback.format_exception(error))
    )
    if is_draft():
        return render("failed.html.jinja", cause=cause)
    raise BlockError(cause, call.line)


@cache
def _markdown_exec() -> Callable[..., str]:
    """Return markdown-exec's formatter; it is imported late, since most uses execute no block."""
    import markdown_exec

    def silent(name: str) -> logging.Logger:
        logger = logging.getLogger(f"{__name__}.{name}")
        logger.disabled = True
        return logger

    # `execute` reports the blocks that fail.
    markdown_exec.patch_loggers(silent)
    return markdown_exec.formatter


class _FailedError(Exception):
    """A block raised an error.

    Attributes:
        error: What it raised.
    """

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _NoMarkdown:
    """A stand-in for the Markdown instance that markdown-exec expects.

    markdown-exec uses it only to put a traceback on the page; this raises `_FailedError` instead.
    """

    def __getattr__(self, name: str) -> NoReturn:
        failure = sys.exc_info()[1]
        if failure is None:
            raise AttributeError(name)
        raise _FailedError(failure.__cause__ or failure)


def makeExtension() -> BlockExtension:  # noqa: N802  # the name is Python-Markdown's
    """Return the extension, for Python-Markdown; it has no settings."""
    return BlockExtension(execute)
