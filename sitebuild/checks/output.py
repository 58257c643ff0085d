"""Normalizes the output of an example, and checks it against the expected output."""

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

_DIFF_LINES = 200  # of each output; difflib's time grows with the square of their number
_TAIL_LINES = 15

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
_SCRATCH = re.compile(r"/awaited-\w+")
# The slash after one of these folders may begin the next.
_LIBRARY = re.compile(r"/(?:lib/python3\.\d+|site-packages)(?=/.)", re.DOTALL)
_STANDARD_LIBRARY = re.compile(r"/lib/python3\.\d+(?=/)")
_LIBRARY_FILE = re.compile(r"[\w/.-]+")
_PATH_START = re.compile(r"(?<![\w.…])/")


def normalize_output(text: str, project: Project) -> str:
    """Return output as `.out` files hold it, without what differs between machines and runs.

    Addresses of objects become 0x…, paths in the project become relative, and paths in libraries
    lose the machine's folders. A program may print a megabyte that is one path, or consists of
    beginnings of paths, so the text is handled word by word, each in linear time.
    """
    text = _ADDRESS.sub("0x…", text)
    text = text.replace(f"{project.root.resolve()}/", "")
    text = re.sub(r"[^\s\"':]+", _shorten_scratch_path, text)
    # Line numbers in a library change with every patch release of Python.
    text = re.sub(r"""File (["'])([^"']*)\1, line \d+""", _shorten_traceback_line, text)
    return re.sub(r"([^\s\"':]+)(:\d+)?", _shorten_library_path, text)


def _shorten_scratch_path(word: re.Match[str]) -> str:
    """Return a word without the path of the folder that the program ran in."""
    found = _last(_SCRATCH, word[0])
    start = found and re.search(r"(?<![\w/])/", word[0][: found.start()])
    return f"{word[0][: start.start()]}…{word[0][found.end() :]}" if found and start else word[0]


def _shorten_traceback_line(match: re.Match[str]) -> str:
    """Return a traceback's `File "…", line …` without a library's folder and line number."""
    quote, path = match[1], match[2]
    found = _last(_LIBRARY, path)
    return f"File {quote}…{path[found.end() :]}{quote}, line …" if found else match[0]


def _shorten_library_path(word: re.Match[str]) -> str:
    """Return a word, maybe with `:LINE` after it, without the folder of the standard library."""
    path, line = word[1], word[2] or ""
    found = _last(_STANDARD_LIBRARY, path)
    start = found and _PATH_START.search(word.string, word.start(), word.start() + found.start())
    if not found or not start:
        return word[0]
    before, inside = path[: start.start() - word.start()], path[found.end() + 1 :]
    return f"{before}…/{inside}{':…' if line and _LIBRARY_FILE.fullmatch(inside) else line}"


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def normalize_trace(trace: Trace, project: Project) -> Trace:
    """Return a trace with its output normalized, as pages show it."""
    return replace(
        trace,
        output=tuple(
            replace(piece, text=normalize_output(piece.text, project)) for piece in trace.output
        ),
    )


def output_text(trace: Trace, project: Project) -> str:
    """Return what a run printed, normalized.

    If loopscope ended the run, the last line says why.
    """
    text = normalize_output(trace.text(), project)
    if trace.stopped:
        text += ("" if text.endswith("\n") or not text else "\n") + f"loopscope: {trace.stopped}\n"
    return text


def check_output(example: Example, trace: Trace, project: Project) -> Problem | None:
    """Check exit status and output of a run.

    Returns:
        What differs from what the example declares and its `.out` file holds; None if nothing does.
    """
    where = project.relative(example.path)
    text = output_text(trace, project)
    expected_exit = example.expected_exit(trace.python)
    if trace.exit != expected_exit:
        why = f" ({trace.stopped})" if trace.stopped else f" ({trace.error})" if trace.error else ""
        cause = (
            f"it ended with exit {trace.exit}{why}, not {expected_exit} (Python {trace.python});"
            " fix it, or declare `exit`"
        )
        return Problem(where, cause, _tail(text))
    file = example.output_file(trace.python)
    if not file.exists():
        cause = f"{file.name} is missing; run `make update`, then read what it recorded"
        return Problem(where, cause, _tail(text))
    try:
        expected = read_text(project, file)
    except ProjectError as error:
        name, _, cause = str(error).partition(": ")
        return Problem(name, cause, _tail(text))
    if example.order == "may vary" and sorted(text.splitlines()) == sorted(expected.splitlines()):
        return None
    if text == expected:
        return None
    if (line := conflict_line(expected)) is not None:
        cause = f"line {line} is a merge conflict; run `make update`, then read what it recorded"
        return Problem(project.relative(file), cause)
    name = f"what it printed (Python {trace.python})"
    return Problem(
        where,
        "its output has changed; if the new output is right, run `make update`",
        _diff(expected, text, project.relative(file), name),
    )


def _diff(expected: str, text: str, expected_name: str, name: str) -> str:
    """Return a unified diff of two outputs, beginning at the first line that differs.

    A diff of long outputs is cut off, and a last line says so.
    """
    both = [part.splitlines(keepends=True) for part in (expected, text)]
    same = next(
        (index for index, (one, other) in enumerate(zip(*both, strict=False)) if one != other),
        min(map(len, both)),
    )
    first = max(same - 3, 0)
    shown = [lines[first : first + _DIFF_LINES] for lines in both]
    lines = difflib.unified_diff(shown[0], shown[1], expected_name, name)
    diff = "".join(
        line if line.endswith("\n") else line + "\n\\ no newline at the end\n" for line in lines
    )
    remarks = []
    if first:
        remarks.append(f"counted from line {first + 1}")
    if any(len(lines) > first + _DIFF_LINES for lines in both):
        remarks.append("the rest is left out")
    return diff + (f"({', '.join(remarks)})\n" if remarks else "")


def _tail(text: str) -> str:
    return "\n".join(text.splitlines()[-_TAIL_LINES:])
