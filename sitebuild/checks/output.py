"""Holds what an example did against what it must do.

In:  an example and its trace. Out: None, or a `Problem` that says what is wrong and how to mend it.
"""

from __future__ import annotations

import difflib
import re
from collections import deque
from dataclasses import replace

from loopscope.trace.model import Trace

from ..content.examples import Example
from ..content.files import ProjectError, conflict_line, read_text
from ..problem import Problem
from ..project import Project

_COMPARED = 200  # lines of two outputs


def normalize_output(text: str, project: Project) -> str:
    """Output as `.out` files hold it: addresses as 0x…, the project's files by relative path,
    library files without the machine's paths.

    A program may print a megabyte that is all one path, or all beginnings of paths: each word of it
    is looked at once.
    """
    text = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
    text = text.replace(f"{project.root.resolve()}/", "")
    text = re.sub(r"[^\s\"':]+", _without_scratch, text)
    # Line numbers inside the library change with every patch release; they are none of the
    # example's business.
    text = re.sub(r"""File (["'])([^"']*)\1, line \d+""", _library_file, text)
    return re.sub(r"([^\s\"':]+)(:\d+)?", _without_library, text)


def _without_scratch(word: re.Match[str]) -> str:
    """A word without the path of the folder that a program ran in."""
    found = _last(_SCRATCH, word[0])
    start = found and re.search(r"(?<![\w/])/", word[0][: found.start()])
    return f"{word[0][: start.start()]}…{word[0][found.end() :]}" if found and start else word[0]


def _library_file(named: re.Match[str]) -> str:
    """Return a line of a traceback without a library's path on this machine and line number."""
    quote, path = named[1], named[2]
    found = _last(_LIBRARY, path)
    return f"File {quote}…{path[found.end() :]}{quote}, line …" if found else named[0]


def _without_library(word: re.Match[str]) -> str:
    """A word without the machine's path of the standard library. The number of a line may follow
    it.
    """
    path, line = word[1], word[2] or ""
    found = _last(_STANDARD_LIBRARY, path)
    start = found and _BEGINNING.search(word.string, word.start(), word.start() + found.start())
    if not found or not start:
        return word[0]
    before, inside = path[: start.start() - word.start()], path[found.end() + 1 :]
    return f"{before}…/{inside}{':…' if line and _INSIDE.fullmatch(inside) else line}"


_SCRATCH = re.compile(r"/awaited-\w+")
# The slash behind one of these may begin the next.
_LIBRARY = re.compile(r"/(?:lib/python3\.\d+|site-packages)(?=/.)", re.DOTALL)
_STANDARD_LIBRARY = re.compile(r"/lib/python3\.\d+(?=/)")
_INSIDE = re.compile(r"[\w/.-]+")
_BEGINNING = re.compile(r"(?<![\w.…])/")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def normalize_trace(trace: Trace, project: Project) -> Trace:
    """The trace with its output normalized, as pages show it."""
    return replace(
        trace,
        output=tuple(
            replace(piece, text=normalize_output(piece.text, project)) for piece in trace.output
        ),
    )


def output_text(trace: Trace, project: Project) -> str:
    """What the run printed, normalized, with the line that loopscope adds where it ended it."""
    text = normalize_output(trace.text(), project)
    if trace.stopped:
        text += ("" if text.endswith("\n") or not text else "\n") + f"loopscope: {trace.stopped}\n"
    return text


def check_output(example: Example, trace: Trace, project: Project) -> Problem | None:
    """What is wrong with a run, if anything."""
    where = project.relative(example.path)
    text = output_text(trace, project)
    if trace.exit != example.expected_exit(trace.python):
        why = f" ({trace.stopped})" if trace.stopped else f" ({trace.error})" if trace.error else ""
        cause = (
            f"it ended with exit {trace.exit}{why}, not {example.expected_exit(trace.python)}"
            f" (Python {trace.python}); mend it, or declare `exit`"
        )
        return Problem(where, cause, _tail(text))
    file = example.output_file(trace.python)
    if not file.exists():
        return Problem(
            where,
            f"{file.name} is missing; run `make update`, then read what it recorded",
            _tail(text),
        )
    try:
        wanted = read_text(project, file)
    except ProjectError as problem:
        name, _, cause = str(problem).partition(": ")
        return Problem(name, cause, _tail(text))
    if example.order == "may vary" and sorted(text.splitlines()) == sorted(wanted.splitlines()):
        return None
    if text != wanted:
        if (line := conflict_line(wanted)) is not None:
            return Problem(
                project.relative(file),
                f"line {line} is a merge conflict; run `make update`, then read what it recorded",
            )
        cause = "it prints something else than before; if that is right, run `make update`"
        return Problem(
            where,
            cause,
            _difference(
                wanted, text, project.relative(file), f"what it printed (Python {trace.python})"
            ),
        )
    return None


def _difference(wanted: str, got: str, wanted_name: str, got_name: str) -> str:
    """A diff, of the first lines that differ where there are many: difflib's time grows with the
    square of their number.
    """
    lines = [text.splitlines(keepends=True) for text in (wanted, got)]
    same = next(
        (place for place, (one, other) in enumerate(zip(*lines, strict=False)) if one != other),
        min(map(len, lines)),
    )
    first = max(same - 3, 0)
    shown = [part[first : first + _COMPARED] for part in lines]
    found = difflib.unified_diff(shown[0], shown[1], wanted_name, got_name)
    diff = "".join(
        line if line.endswith("\n") else line + "\n\\ no newline at the end\n" for line in found
    )
    cut = any(len(part) > first + _COMPARED for part in lines)
    where = f"counted from line {first + 1}" if first else ""
    return diff + (
        f"({', '.join(filter(None, (where, 'the rest is left out' if cut else '')))})\n"
        if first or cut
        else ""
    )


def _tail(text: str) -> str:
    return "\n".join(text.splitlines()[-15:])
