"""Reads `docs/reference/errors/messages.toml`: error messages, their causes and their fixes.

A wording may contain `…` for text that varies. It is held against what the examples printed: every
recorded output of the example that provokes a message must contain one of its wordings, and every
wording must occur in one of these outputs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project import Project
from ..text import join_words
from .examples import Example, ExampleError
from .files import read_text
from .pages import target_faults
from .toml_tables import read_tables, shape_faults

FOLDER = "reference/errors"
"""The folder of the pages, in `docs/`."""

FILE = f"{FOLDER}/messages.toml"
"""The data, in `docs/`."""

GROUPS = {
    "starting": "Starting an event loop",
    "awaiting": "Calling and awaiting coroutines",
    "syntax": "async for, async with and generators",
    "tasks": "Tasks, futures, gather and wait",
    "stopping": "Groups, timeouts and cancellation",
    "sync": "Locks and queues",
    "io": "Connections, servers and subprocesses",
    "threads": "Threads, processes and contexts",
    "debugging": "Logs, debug mode and tests",
    "removed": "Names that are gone, or not found",
    "packages": "Other packages",
}
"""What people were doing when they met a message: the parts of the index, and their headings."""

LONGEST_DESCRIPTION = 199
"""How many characters the description of a page may have."""

LONGEST_TITLE = 59
"""How many characters the title of a page may have, as search engines cut longer ones."""

_CLASS = re.compile(r"[\w.]+(?:Error|Warning|Group|Exception): ")
_NOT_PLAIN = re.compile('[<>&"]')


@dataclass(frozen=True)
class Message:
    """An error message, a warning or a line in a log.

    Attributes:
        id: The last part of its page's address, which never changes: "no-running-event-loop".
        group: A key of `GROUPS`.
        message: What it says, as people see it, on the Python that its page shows.
        cause: Why it appears; Markdown.
        fix: What to do; Markdown.
        example: The name of an example that provokes it.
        fixed: The name of an example in which the mistake is corrected.
        lesson: The page that explains it: "tasks/states.md#cancel".
        also: What it says on other Pythons.
        asked: How people ask about it.
        related: Ids of other messages.
        short: The title of its page if the message is too long for one, or has < or >.
        python: The Python whose run is shown, "3.14"; empty for the one that builds the site.
        silent: The Pythons on which the example prints no such message.
    """

    id: str
    group: str
    message: str
    cause: str
    fix: str
    example: str
    fixed: str
    lesson: str
    also: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    short: str = ""
    python: str = ""
    silent: tuple[str, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that it may say."""
        return (self.message, *self.also)

    @property
    def title(self) -> str:
        """The title of its page: the message, without the exception's class if it's too long."""
        if self.short:
            return self.short
        title = self.message.removesuffix(".")
        return title if len(title) <= LONGEST_TITLE else without_class(title)

    @property
    def description(self) -> str:
        """The description of its page: the sentences of its cause that fit, as plain text."""
        sentences = re.split(r"(?<=[.)]) (?=[A-Z(`])", self.cause)
        text, *more = (sentence.replace("`", "") for sentence in sentences)
        for sentence in more:
            if len(f"{text} {sentence}") > LONGEST_DESCRIPTION:
                break
            text = f"{text} {sentence}"
        return text

    def wording_in(self, output: str) -> str | None:
        """Return which of its wordings an output contains; the longest, if there are several."""
        found = [wording for wording in self.wordings if pattern_of(wording).search(output)]
        return max(found, key=len, default=None)


def without_class(wording: str) -> str:
    """Return a wording without the class of the exception: "no running event loop"."""
    return _CLASS.sub("", wording, count=1)


def pattern_of(wording: str) -> re.Pattern[str]:
    """Return a pattern that finds a wording in an output."""
    parts = (re.escape(part) for part in wording.split("…"))
    return re.compile(rf"(?<!\w){'.*?'.join(parts)}(?!\w)")


def load(project: Project, every: Mapping[str, Example]) -> list[Message]:
    """Read all messages.

    Args:
        project: The project.
        every: All its examples, by name.

    Returns:
        The messages, in the file's order. A project without the file has none.

    Raises:
        ExampleError: The file is not TOML, or some entries are invalid; the message has a line for
            each problem.
    """
    file = project.docs / FILE
    if not file.is_file():
        return []
    tables = read_tables(project, file)
    messages: list[Message] = []
    wrong: list[str] = []
    for id, entry in tables.items():
        faults = shape_faults(Message, id, entry)
        if not faults and isinstance(entry, dict):
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
            }
            messages.append(Message(id=id, **values))
            faults = _faults(messages[-1], project, every, tables.keys())
        wrong += [f"{project.relative(file)}: [{id}] {cause}" for cause in faults]
    wrong += [
        f"{project.relative(file)}: [{message.id}] another message has the title {message.title!r}"
        " too; give it another `short`"
        for number, message in enumerate(messages)
        if message.title in {other.title for other in messages[:number]}
    ]
    if wrong:
        raise ExampleError("\n".join(wrong))
    return messages


def _faults(
    message: Message, project: Project, every: Mapping[str, Example], ids: Collection[str]
) -> list[str]:
    """Return what is wrong with the values of a message.

    Args:
        message: The message.
        project: The project whose pages and examples it names.
        every: All examples, by name.
        ids: The ids of all messages.
    """
    faults = []
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", message.id):
        faults.append("its id must consist of words in a to z and 0 to 9, joined by -")
    if message.group not in GROUPS:
        faults.append(f"group {message.group!r} must be one of {', '.join(GROUPS)}")
    if len(message.title) > LONGEST_TITLE or _NOT_PLAIN.search(message.title):
        faults.append(
            f"its title would be {message.title!r}; give it a `short` one, of at most"
            f' {LONGEST_TITLE} characters and without < > & "'
        )
    text = message.description
    if not 40 < len(text) <= LONGEST_DESCRIPTION or _NOT_PLAIN.search(text):
        faults.append(
            "the first sentence of its cause describes the page to search engines: it must have"
            f' 41 to {LONGEST_DESCRIPTION} characters, without < > & "; it has {len(text)}'
        )
    faults += [
        f"related: there is no message [{id}]"
        for id in message.related
        if id not in ids or id == message.id
    ]
    faults += target_faults(project, message.lesson)
    missing = [name for name in (message.example, message.fixed) if name not in every]
    faults += [f"there is no example {name}" for name in missing]
    return faults if missing else faults + _wording_faults(message, every[message.example], project)


def _wording_faults(message: Message, example: Example, project: Project) -> list[str]:
    """Return which wordings occur in no output of its example, and which outputs have none."""
    outputs = {
        python: read_text(project, file)
        for python, file in output_files(example).items()
        if file.exists()  # one that is missing is reported where examples are checked
    }
    if not outputs:
        return []
    found = {python: message.wording_in(output) for python, output in outputs.items()}
    faults = [
        f"no output of examples/{example.name} has {wording!r}; write what the program prints"
        for wording in message.wordings
        if not any(pattern_of(wording).search(output) for output in outputs.values())
    ]
    if surprising := [
        python
        for python, wording in found.items()
        if wording is None and python not in message.silent
    ]:
        faults.append(
            f"what examples/{example.name} prints on Python {join_words(surprising)} has none of"
            " its wordings; add what it says there to `also`, or that Python to `silent`"
        )
    if loud := [python for python in message.silent if found.get(python, "") is not None]:
        faults.append(f"silent: it is printed on Python {join_words(loud)}, or never ran there")
    return faults


def output_files(example: Example) -> dict[str, Path]:
    """Return the recorded outputs of an example, by Python.

    What has no Python in its name counts as that of the oldest Python that the example is for.
    """
    oldest = ".".join(map(str, max(example.requires_python or (3, 11), (3, 11))))
    own = {
        ".".join(file.name.split(".")[1:3]): file
        for file in sorted(example.path.parent.glob(f"{example.path.stem}.3.*.out"))
    }
    return {oldest: example.path.with_suffix(".out"), **own}
