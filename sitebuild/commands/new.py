"""`make new example tasks/my_example` and `make new page tasks/my-page`: lay out new files.

A new example runs, and a new page can be looked at, before anything in them is changed. What people
have to write is marked with the word WRITE, which a test looks for.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from ..content import examples, pages
from ..content.examples import NAME
from ..content.files import ProjectError, read_text, write_text
from ..project import Project
from ..text import join_words

MARK = re.compile(r"\bWRITE(?= [a-z])")
"""The word that marks what is left to write; more words follow."""

_PAGE_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_NAV_ENTRY = re.compile(r"(?m)^( +)- (?:.*: )?(?P<page>[\w/-]+\.md)$")

_PROGRAM = '''\
"""WRITE in one line what this program shows."""

import asyncio


async def main() -> None:
    print("before the pause")
    await asyncio.sleep(1)
    print("after the pause")


if __name__ == "__main__":
    asyncio.run(main())
'''

_PAGE = """\
---
title: "WRITE the words that people search for"
description: "WRITE one sentence that says what readers can do after this page."
answers:
  - "WRITE a question that it answers, as people ask it"
  - "WRITE another"
articles: []
before: []
audience: "WRITE who this page is for"
---

# WRITE a title

WRITE what readers can do after this page, and when that helps them.

## WRITE a heading {{ #{id} }}

{sources}
??? question "WRITE a question that readers can get wrong"

{outputs}
    WRITE why the program does that.

## Key points {{ #keep }}

<div class="keep" markdown>

- WRITE the first thing to remember.
- WRITE the second.
- WRITE the third.

</div>

Next: [{next_title}]({next_page}).
"""

_BLOCK = """\
```python exec="on" html="on"
from sitebuild import show

{calls}
```
"""


def new(project: Project, kind: str, name: str) -> str:
    """Lay out a new example or page.

    Args:
        project: The project.
        kind: "example" or "page".
        name: Its chapter and name: "tasks/my_example", "tasks/my-page".

    Returns:
        What was written, and what is left to do.

    Raises:
        ProjectError: The name is not one, or there is such a file already.
    """
    _check_name(kind, name)
    lines = _new_example(project, name) if kind == "example" else _new_page(project, name)
    return "\n".join(lines)


def _check_name(kind: str, name: str) -> None:
    """Check the name of a new file.

    Raises:
        ProjectError: It is not one; the message has the command to type instead, if there is one.
    """
    pattern, separator = (NAME, "_") if kind == "example" else (_PAGE_NAME, "-")
    if pattern.fullmatch(name):
        return
    bare = re.sub(r"\A(?:\./)?(?:docs/|examples/)?|\.(?:py|sh|md)\Z", "", name)
    better = re.sub(r"[^a-z0-9/]", separator, bare.lower())
    advice = (
        f"type `make new {kind} {better}`"
        if pattern.fullmatch(better)
        else f"name a chapter and a file, like tasks/my{separator}{kind}"
    )
    raise ProjectError(
        f"{kind} {name!a}: a name is a chapter, a slash, and a to z, 0 to 9 and {separator};"
        f" {advice}"
    )


def _new_example(project: Project, name: str) -> list[str]:
    """Write the program of a new example; `new` describes result and errors."""
    file = _write_program(project, name)
    return [
        *_new_chapter(project.examples, name),
        f"{project.relative(file)}: laid out. What is left:",
        *_numbered(
            [
                "Write the program, and its title in the docstring.",
                f"`make update ARGS={name}` records what it prints in {file.stem}.out: read that.",
                f'Show it on a page with `print(show("{name}"))`, or begin a page for it with'
                f" `make new page {name.replace('_', '-')}`.",
                "`make test`",
            ]
        ),
    ]


def _numbered(steps: list[str]) -> list[str]:
    return [f"{number}. {step}" for number, step in enumerate(steps, 1)]


def _new_page(project: Project, name: str) -> list[str]:
    """Write a new page, and an example for it to show if there is none that no page shows."""
    file = project.docs / f"{name}.md"
    _refuse_existing(project, file)
    chapter = name.split("/")[0]
    shown, lines = _not_shown(project, chapter.replace("-", "_")), _new_chapter(project.docs, name)
    if not shown:
        shown = [name.replace("-", "_")]
        lines.append(f"{project.relative(_write_program(project, shown[0]))}: laid out")
    following, before = _add_to_navigation(project, name)
    calls = [f'print(show("{example}", {{}}=False))' for example in shown]
    blocks = [
        _BLOCK.format(calls="\n".join(call.format(hidden) for call in calls))
        for hidden in ("output", "source")
    ]
    text = _PAGE.format(
        id=name.split("/")[1],
        sources=blocks[0],
        outputs=re.sub(r"(?m)^(?=.)", "    ", blocks[1]),
        next_title="WRITE its title",
        next_page=_link(name, following or "index.md"),
    )
    write_text(project, file, text)
    arguments = shown[0] if len(shown) == 1 else f'"{" ".join(shown)}"'
    steps = [
        "`make serve` shows the page while you write. Replace everything that is marked WRITE.",
        f"`make update ARGS={arguments}` records what the programs print.",
    ]
    if following is None:
        steps.append(
            f'mkdocs.yml: its chapter is not in `nav`; add a line like `- "Title": {name}.md`.'
        )
    else:
        steps += [
            f"mkdocs.yml: it is in `nav` now, after {before}; give it a title there, or move it and"
            " change the last lines of both pages around it.",
            f"docs/{before}: its last line leads to the page after it, which is the new one; change"
            f" it to `Next: [title]({_link(before, f'{name}.md')}).`",
        ]
    steps.append("`make update` lists the new addresses; then `make test`.")
    return [
        *lines,
        f"{project.relative(file)}: laid out, showing {join_words(shown)}. What is left:",
        *_numbered(steps),
    ]


def _write_program(project: Project, name: str) -> Path:
    """Write the program of a new example, and return its file."""
    file = project.examples / f"{name}.py"
    for suffix in (".py", ".sh", ".out"):
        _refuse_existing(project, file.with_suffix(suffix))
    write_text(project, file, _PROGRAM)
    return file


def _refuse_existing(project: Project, file: Path) -> None:
    if os.path.lexists(file):
        raise ProjectError(
            f"{project.relative(file)}: this file exists; edit it, or choose another name"
        )


def _new_chapter(folder: Path, name: str) -> list[str]:
    """Return a message if the chapter of a new file has no folder yet: it may be a typo."""
    chapter = name.split("/")[0]
    if (folder / chapter).is_dir():
        return []
    known = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [f"{folder.name}/{chapter}/ is a new chapter; those so far: {', '.join(known)}"]


def _not_shown(project: Project, chapter: str) -> list[str]:
    """Return the examples of a chapter that are on no page and in no shell session."""
    every = examples.find(project)
    shown = {name for page in pages.find(project) for call in page.calls for name in call.names}
    for example in every.values():
        shown |= {f"{chapter}/{path.stem}" for path in examples.mentioned_files(example)}
    return [name for name in every if name.startswith(f"{chapter}/") and name not in shown]


def _add_to_navigation(project: Project, name: str) -> tuple[str | None, str]:
    """Add a page to `nav` in mkdocs.yml, after the last page of its chapter.

    Returns:
        The page after it and the page before it; None and "" if no page of its chapter is there.
    """
    file = project.root / "mkdocs.yml"
    settings, separator, navigation = read_text(project, file).partition("\nnav:\n")
    entries = list(_NAV_ENTRY.finditer(navigation))
    of_chapter = [
        index
        for index, entry in enumerate(entries)
        if PurePosixPath(entry["page"]).parent.as_posix() == name.split("/")[0]
    ]
    if not of_chapter:
        return None, ""
    index = of_chapter[-1]
    last = entries[index]
    line = f'\n{last[1]}- "WRITE a short title": {name}.md'
    write_text(
        project,
        file,
        settings + separator + navigation[: last.end()] + line + navigation[last.end() :],
    )
    following = entries[index + 1]["page"] if index + 1 < len(entries) else "index.md"
    return following, last["page"]


def _link(name: str, page: str) -> str:
    """Return a link from one page to another, as Markdown has it."""
    return os.path.relpath(page, PurePosixPath(name).parent).replace(os.sep, "/")
