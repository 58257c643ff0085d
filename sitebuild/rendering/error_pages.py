"""Generates the error index: a page for each message in `content.error_messages`, and a list.

`make update` generates them. The script of the box on the list, into which readers paste a
traceback, gets its patterns from the same data while the site is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import groupby

from ..content import examples
from ..content.error_messages import (
    FILE,
    FOLDER,
    GROUPS,
    Message,
    load,
    output_files,
    without_class,
)
from ..content.examples import Example
from ..content.files import read_text
from ..project import Project
from ..records import verified
from ..text import join_words
from .generated_pages import escaped_title, front_matter, show_block, write_pages
from .templating import render

PATTERNS = "assets/error-patterns.js"
"""The script that holds the patterns, by its path on the site."""

_INTRODUCTION = (
    "Each of these messages has a page: a small program that provokes it, the cause, and the same"
    " program with the mistake corrected. Each program was run on the Pythons that its page names."
)


def generate(project: Project) -> dict[str, str]:
    """Return the text of each page of the error index, by file name.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    every, facts = examples.find(project), verified.load(project)
    messages = load(project, every)
    by_id = {message.id: message for message in messages}
    pages = {
        f"{message.id}.md": _page(
            message,
            every[message.example],
            _wordings(message, every[message.example], project, facts),
            by_id,
            project,
        )
        for message in messages
    }
    return {"index.md": _index(messages), **pages}


def write(project: Project) -> list[str]:
    """Write the pages that are not up to date.

    Returns:
        A message for each page that was written.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    if not (project.docs / FILE).is_file():
        return []
    return write_pages(project, FOLDER, generate(project), "messages.toml")


def assets(project: Project, every: Mapping[str, Example]) -> dict[str, str]:
    """Return the script that is made from the data, by its path on the site.

    Args:
        project: The project.
        every: All its examples, by name.

    Raises:
        ProjectError: The data cannot be read, or is wrong.
    """
    patterns = {
        message.id: [_script_pattern(wording) for wording in message.wordings]
        for message in load(project, every)
    }
    text = json.dumps(patterns, ensure_ascii=False, separators=(",", ":"))
    return {PATTERNS: f"export const PATTERNS = {text};\n"}


def _script_pattern(wording: str) -> str:
    """Return the source of a regular expression that finds a wording in one line of a paste.

    The class of an exception is left out, since people paste messages without it. An exception
    that has no message must have the line to itself: its name occurs in many others.
    """
    text = without_class(wording)
    if " " not in text:  # AttributeError: __enter__
        text = wording
    parts = (re.sub(r"[\\^$.*+?()[\]{}|/]", r"\\\g<0>", part) for part in text.split("…"))
    if " " in text:
        return rf"(?<!\w){'.*?'.join(parts)}(?!\w)"
    name = text.rpartition(".")[2]
    return rf"^[\s|+]*(?:[\w.]+\.)?{name}:?\s*$"


def _wordings(
    message: Message, example: Example, project: Project, facts: verified.Facts
) -> list[tuple[str, str | None]]:
    """Return what an example prints of a message on each Python that ran it.

    Returns:
        Pairs of a Python, "3.14", and the wording; None if it prints no such message.
    """
    found = []
    for release in verified.pythons(example, facts):
        output = read_text(project, example.output_file(release))
        found.append((".".join(release.split(".")[:2]), message.wording_in(output)))
    return found


def _page(
    message: Message,
    example: Example,
    wordings: list[tuple[str, str | None]],
    by_id: dict[str, Message],
    project: Project,
) -> str:
    """Return the page of a message; `example` provokes it."""
    here = message.python or next(iter(output_files(example)))
    shown = f'"{message.example}", picture=False'
    if message.python:
        shown += f', python="{message.python}"'
    related = [f"[{_code(by_id[id].message)}]({id}.md)" for id in message.related]
    parts = [
        front_matter(message.title, message.description, FILE, _answers(message)),
        f"# {_code(message.message)} {{ #message }}\n",
        f"{message.cause}\n",
        show_block(shown),
        _other_wordings(message, wordings, here),
        f"**Fix.** {message.fix}\n",
        show_block(f'"{message.fixed}", since="{message.example}", picture=False'),
        f"Read more: [{escaped_title(project, message.lesson)}](../../{message.lesson})."
        + (f" Related: {join_words(related)}." if related else "")
        + " [All messages](index.md).\n",
    ]
    return "\n".join(parts)


def _answers(message: Message) -> list[str]:
    """Return what people look for who need the page: its wordings, and questions."""
    return list(dict.fromkeys([*message.wordings, *message.asked]))


def _other_wordings(message: Message, wordings: list[tuple[str, str | None]], here: str) -> str:
    """Return what a page says about other Pythons than the one whose run it shows, `here`."""
    groups = [
        (wording, [python for python, _ in group])
        for wording, group in groupby(wordings, key=lambda pair: pair[1])
    ]
    if len(groups) == 1:
        pythons = groups[0][1]
        if len(pythons) == 1:
            return f"Recorded on Python {pythons[0]}.\n"
        return f"The message is the same on Python {_span(pythons)}.\n"
    lines = [
        f"- Python {_span(pythons)}: {_code(wording) if wording else 'nothing of the kind'}"
        for wording, pythons in groups
    ]
    others = [pythons[-1] for _, pythons in groups if here not in pythons]
    folds = [
        f'??? note "The output on Python {python}"\n\n'
        + show_block(
            f'"{message.example}", source=False, picture=False, python="{python}"', indent="    "
        )
        for python in others
    ]
    heading = (
        "The message depends on the Python; another patch release may say what a neighbor says:\n"
    )
    return "\n".join([heading, *lines, "", *folds])


def _span(pythons: list[str]) -> str:
    """Return Pythons in words: "3.10 to 3.13 and 3.15"; they are sorted."""
    minors = [int(python.partition(".")[2]) for python in pythons]
    runs = [
        [minor for _, minor in run]
        for _, run in groupby(enumerate(minors), key=lambda pair: pair[1] - pair[0])
    ]
    parts: list[str] = []
    for run in runs:
        ends = run if len(run) < 3 else [run[0], run[-1]]
        names = [f"3.{minor}" for minor in ends]
        parts += [" to ".join(names)] if len(run) > 2 else names
    return join_words(parts)


def _index(messages: list[Message]) -> str:
    """Return the page that lists all messages."""
    parts = [
        front_matter(
            "Error messages",
            "Error messages, warnings and log lines of asyncio, each with a program that provokes"
            " it, its cause and its fix.",
            FILE,
            ["What does this asyncio error message mean?"],
        ),
        "# Error messages { #error-messages }\n",
        f"{_INTRODUCTION}\n",
        f"{render('error_finder.html.jinja')}\n",
    ]
    for group, heading in GROUPS.items():
        own = [message for message in messages if message.group == group]
        if own:
            parts.append(f"## {heading} {{ #{group} }}\n")
            parts += [f"- [{_code(message.message)}]({message.id}.md)" for message in own]
            parts.append("")
    return "\n".join(parts)


def _code(text: str) -> str:
    """Return text as code, in Markdown."""
    return f"`{text}`"
