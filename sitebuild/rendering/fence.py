"""Puts the HTML of examples in the place of the blocks that show them. An extension of
Python-Markdown.

In:  the calls that `content.blocks` found on a page and proved. Out: what they show, or a
     `BlockError`.

A proven call is written anew from the values that were read, and handed to markdown-exec, which
executes it. Nothing else on a page is ever executed.
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
    """The HTML of what a call shows. While somebody writes, what is wrong with it is said in its
    place.

    Raises:
        BlockError: The example cannot be shown so.
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
    """Return what executes a block; imported here, as most readers of pages run nothing on them."""
    import markdown_exec

    def silent(name: str) -> logging.Logger:
        logger = logging.getLogger(f"{__name__}.{name}")
        logger.disabled = True
        return logger

    # what there is to say about a block that fails, we say ourselves
    markdown_exec.patch_loggers(silent)
    return markdown_exec.formatter


class _FailedError(Exception):
    """A block that was executed and raised `error`."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _NoMarkdown:
    """Stands where markdown-exec wants a Markdown instance: it has one use for it, to put a
    traceback on the page.
    """

    def __getattr__(self, name: str) -> NoReturn:
        failure = sys.exc_info()[1]
        if failure is None:
            raise AttributeError(name)
        raise _FailedError(failure.__cause__ or failure)


def makeExtension() -> BlockExtension:  # noqa: N802  # the name is Python-Markdown's, not ours
    """What Python-Markdown asks a module for. There is nothing to set."""
    return BlockExtension(execute)
