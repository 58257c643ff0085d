"""Holds what an example did against what it must do.

In:  an example and its trace. Out: None, or a `Problem` that says what is wrong and how to mend it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from loopscope.trace import Trace

from .examples import Example
from .files import ProjectError, conflict, read_text
from .project import Project, escaped


@dataclass(frozen=True)
class Problem:
    """Something that fails the build."""

    file: str
    cause: str
    detail: str = ""  # a diff, or the program's last words

    def __str__(self) -> str:
        """As it is printed: a line, and below it the detail, behind a bar.

        What a program printed must not tell the builder's terminal what to do, nor the log of a CI, which takes a line that begins with
        `::`, or has `##[` in it, for a command.
        """
        lines = [escaped(f"{self.file}: {self.cause}")]
        if self.detail:
            lines += [f"  | {_UNSEEN.sub(_named, line)}".rstrip(" ") for line in self.detail.rstrip().split("\n")] + [""]
        return "\n".join(lines).replace("##[", "# #[")


_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _named(char: re.Match[str]) -> str:
    return ascii(char[0])[1:-1]


def mask(text: str, project: Project) -> str:
    """Output as `.out` files hold it: addresses as 0x…, the project's files by relative path, library files without the machine's paths."""
    text = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
    text = text.replace(f"{project.root.resolve()}/", "")
    text = re.sub(r"(?<![\w/])/[^\s\"':]*/awaited-\w+(?=/|\b)", "…", text)
    # Line numbers inside the library change with every patch release; they are none of the example's business.
    text = re.sub(r"""File (["'])[^"']*/(?:lib/python3\.\d+|site-packages)/([^"']+)\1, line \d+""", r"File \1…/\2\1, line …", text)
    text = re.sub(r"(?<![\w.…])/[^\s\"':]*/lib/python3\.\d+/([\w/.-]+):\d+", r"…/\1:…", text)
    return re.sub(r"(?<![\w.…])/[^\s\"':]*/lib/python3\.\d+/", "…/", text)


def masked(trace: Trace, project: Project) -> Trace:
    """The trace with its output as pages show it."""
    return replace(trace, output=tuple(replace(piece, text=mask(piece.text, project)) for piece in trace.output))


def printed(trace: Trace, project: Project) -> str:
    """What the run printed, masked, with the line that loopscope adds where it ended it."""
    text = mask(trace.text(), project)
    if trace.stopped:
        text += ("" if text.endswith("\n") or not text else "\n") + f"loopscope: {trace.stopped}\n"
    return text


def judge(example: Example, trace: Trace, project: Project) -> Problem | None:
    """What is wrong with a run, if anything."""
    where = project.relative(example.path)
    text = printed(trace, project)
    if trace.exit != example.exit(trace.python):
        why = f" ({trace.stopped})" if trace.stopped else f" ({trace.error})" if trace.error else ""
        cause = (
            f"it ended with exit {trace.exit}{why}, not {example.exit(trace.python)} (Python {trace.python}); mend it, or declare `exit`"
        )
        return Problem(where, cause, _tail(text))
    file = example.out(trace.python)
    if not file.exists():
        return Problem(where, f"{file.name} is missing; run `make update`, then read what it recorded", _tail(text))
    try:
        wanted = read_text(project, file)
    except ProjectError as problem:
        name, _, cause = str(problem).partition(": ")
        return Problem(name, cause, _tail(text))
    if example.order == "may vary" and sorted(text.splitlines()) == sorted(wanted.splitlines()):
        return None
    if text != wanted:
        if (line := conflict(wanted)) is not None:
            return Problem(project.relative(file), f"line {line} is a merge conflict; run `make update`, then read what it recorded")
        diff = difflib.unified_diff(
            wanted.splitlines(keepends=True),
            text.splitlines(keepends=True),
            project.relative(file),
            f"what it printed (Python {trace.python})",
        )
        cause = "it prints something else than before; if that is right, run `make update`"
        return Problem(where, cause, "".join(line if line.endswith("\n") else line + "\n\\ no newline at the end\n" for line in diff))
    return None


def _tail(text: str) -> str:
    return "\n".join(text.splitlines()[-15:])
