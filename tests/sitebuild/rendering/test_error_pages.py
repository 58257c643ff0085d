"""The error index: its pages are as generated, and its box finds each message in what was printed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from javascript import run_module
from paths import ROOT

from sitebuild.content import error_messages, examples
from sitebuild.content.error_messages import FOLDER, GROUPS, Message
from sitebuild.project import Project
from sitebuild.rendering import error_pages

EVERY = examples.find(Project(ROOT))
MESSAGES = error_messages.load(Project(ROOT), EVERY)
OUTPUTS = [
    (message, python, file.read_text(encoding="utf-8"))
    for message in MESSAGES
    for python, file in error_messages.output_files(EVERY[message.example]).items()
    if python not in message.silent
]
"""Each message with what was printed when a Python said it."""

BESIDE = {
    "unhandled-exception-in-client-connected-cb": "task-exception-was-never-retrieved",
    "coroutine-ignored-generatorexit": "task-was-destroyed-but-it-is-pending",
}
"""Where a program prints another message too, which says more."""

MATCH = """\
import { readFileSync } from "node:fs";
import { match } from "./error-matching.js";

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(match)));
"""


def found_in(texts: list[str], folder: Path) -> list[list[str]]:
    """The ids of the messages that the box finds in each text."""
    made = error_pages.assets(Project(ROOT), EVERY)
    patterns = folder / Path(error_pages.PATTERNS).name
    patterns.write_text(made[error_pages.PATTERNS], encoding="utf-8")
    matching = ROOT / "overrides/assets/error-matching.js"
    own = folder / "run"
    own.mkdir()
    return json.loads(run_module(MATCH, own, json.dumps(texts), [matching, patterns]))


def test_the_pages_of_the_error_index_are_as_generated(project: Project) -> None:
    pages = error_pages.generate(project)
    for name, text in pages.items():
        assert (project.docs / FOLDER / name).read_text(encoding="utf-8") == text, (
            f"docs/{FOLDER}/{name}: run `make update`"
        )
    here = {path.name for path in (project.docs / FOLDER).glob("*.md")}
    assert here == pages.keys(), "a page of no message; addresses are permanent, so bring it back"


def test_the_index_lists_every_message_once_below_its_group(project: Project) -> None:
    index = error_pages.generate(project)["index.md"]
    for message in MESSAGES:
        assert index.count(f"]({message.id}.md)") == 1
        part = index.split(f"{{ #{message.group} }}")[1].split("\n## ")[0]
        assert f"[`{message.message}`]({message.id}.md)" in part
    assert {message.group for message in MESSAGES} == GROUPS.keys()


@pytest.mark.parametrize("message", MESSAGES, ids=[message.id for message in MESSAGES])
def test_a_page_says_what_each_python_says(message: Message, project: Project) -> None:
    page = (project.docs / FOLDER / f"{message.id}.md").read_text(encoding="utf-8")
    assert f"# `{message.message}` {{ #message }}" in page
    assert f'show("{message.example}"' in page and f'show("{message.fixed}"' in page
    said = [
        wording
        for wording in message.wordings
        if any(
            message.wording_in(output) == wording for own, _, output in OUTPUTS if own == message
        )
    ]
    assert all(f"`{wording}`" in page.partition("**Fix.**")[0] for wording in said)
    words = re.sub(r"(?ms)^( *)```.*?^\1```$|\]\([^)]*\)|[#*`\[]", " ", page.split("---\n", 2)[2])
    assert len(words.split()) < 220, "more than a screen of words"


@pytest.mark.parametrize(
    ("pythons", "words"),
    [
        (["3.15"], "3.15"),
        (["3.14", "3.15"], "3.14 and 3.15"),
        (["3.9", "3.10", "3.11", "3.12"], "3.9 to 3.12"),
        (["3.10", "3.11", "3.12", "3.15"], "3.10 to 3.12 and 3.15"),
        (["3.11", "3.13", "3.15"], "3.11, 3.13 and 3.15"),
    ],
)
def test_pythons_that_did_not_run_it_are_not_named(pythons: list[str], words: str) -> None:
    assert error_pages._span(pythons) == words


def test_the_box_finds_each_message_in_what_each_python_printed(tmp_path: Path) -> None:
    answers = found_in([output for *_, output in OUTPUTS], tmp_path)
    for (message, python, _), found in zip(OUTPUTS, answers, strict=True):
        assert message.id in found, f"{message.id} on {python}: {found}"
        assert found[0] in (message.id, BESIDE.get(message.id)), (
            f"{message.id} on {python}: {found}"
        )


PASTES = {
    "no class, as a log has it": ("ERROR app: no running event loop", ["no-running-event-loop"]),
    "curly quotes": (
        "RuntimeWarning: coroutine ‘fetch’ was never awaited",
        ["coroutine-was-never-awaited"],
    ),
    "line ends of Windows": ("Traceback:\r\nTimeoutError\r\n", ["timeouterror"]),
    "inside a group": ("    | asyncio.exceptions.TimeoutError", ["timeouterror"]),
    "a name that only occurs": ("except TimeoutError:\nraise MyTimeoutError", []),
    "the last of two exceptions without a message": (
        "asyncio.exceptions.CancelledError\n\nTimeoutError",
        ["timeouterror", "cancellederror"],
    ),
    "another thread": (
        "RuntimeError: There is no current event loop in thread 'ScriptRunner.scriptThread'.",
        ["no-current-event-loop-in-thread"],
    ),
    "nothing of ours": ("KeyError: 'lamp'", []),
    "nothing": ("", []),
    "hostile": ("coroutine '" * 20_000, []),
}


def test_the_box_finds_what_people_paste(tmp_path: Path) -> None:
    found = found_in([text for text, _ in PASTES.values()], tmp_path)
    assert dict(zip(PASTES, found, strict=True)) == {name: ids for name, (_, ids) in PASTES.items()}
