"""The command's own options, and where they end and what to run begins."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence

from . import __version__

_DESCRIPTION = """\
Run a Python program and record what its asyncio event loop does.

PROGRAM is a file, a folder or zip archive with a __main__.py, -m MODULE,
-c CODE, or - for the text on standard input. All that follows it is its own.
"""
_EPILOG = """\
The exit status is the program's own; 124: it ran out of time; 125: it was
ended for another reason; 2: there was nothing to run. Its output goes through
pipes, even on a terminal. The command is for your own programs, and NOT a
sandbox: they run with all your permissions.
"""


FORMATS = ("text", "json", "svg", "html")
"""The forms in which a record can be had."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command's own options; what to run comes after them."""
    parser = argparse.ArgumentParser(
        prog="loopscope",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        usage="loopscope [OPTION ...] PROGRAM [ARGUMENT ...]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--clock",
        choices=("real", "virtual"),
        default="real",
        metavar="CLOCK",
        help="real (default), or virtual: sleeping takes no time",
    )
    parser.add_argument(
        "--timeout",
        type=_positive,
        default=None,
        metavar="S",
        help="end it after S seconds; with a virtual clock, of CPU",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        metavar="FORMAT",
        help="text, json, svg or html (default: FILE's, or text)",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where the record goes (default: standard output; text: standard error)",
    )
    parser.add_argument(
        "--lines",
        action="store_true",
        help="record lines and values too; the run is instrumented",
    )
    parser.add_argument("--open", action="store_true", help="show the HTML page in the browser")
    version = f"loopscope {__version__} (Python {sys.version.split()[0]})"
    parser.add_argument(
        "--version", action="version", version=version, help="show the version and exit"
    )
    return parser


def split(argv: Sequence[str]) -> tuple[Sequence[str], str, list[str]]:
    """Separate the command's own options from what is to run.

    Args:
        argv: The command's arguments.

    Returns:
        The options; "-m" or "-c" if a module or code is to run, otherwise ""; and what is to run
        with its arguments, none of which is an option of ours, whatever it looks like.
    """
    index = 0
    while index < len(argv):
        word = argv[index]
        if word == "--":
            return argv[:index], "", [*argv[index + 1 :]]
        if (kind := word[:2]) in ("-m", "-c"):
            return argv[:index], kind, [*([word[2:]] if word != kind else []), *argv[index + 1 :]]
        if not word.startswith("-") or word == "-":
            break
        index += 2 if word in ("--clock", "--timeout", "--format", "--output", "-o") else 1
    return argv[:index], "", [*argv[index:]]


def _positive(text: str) -> float:
    """Return a time limit in seconds, as an argument's type for argparse."""
    with contextlib.suppress(ValueError):
        value = float(text)
        if value > 0:
            return value
    raise argparse.ArgumentTypeError("must be a number of seconds above 0")
