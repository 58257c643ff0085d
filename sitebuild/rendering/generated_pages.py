"""What pages that are generated from data have in common.

They are tracked, so that reviewers see what changes. `make update` writes them, and tests compare
them with the data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ..content.pages import title_of
from ..project import Project


def write_pages(project: Project, folder: str, pages: Mapping[str, str], source: str) -> list[str]:
    """Write the pages that are not up to date.

    Args:
        project: The project.
        folder: Their folder, in the folder of the pages.
        pages: The text of each page, by file name.
        source: The file that they are made from, for the messages.

    Returns:
        A message for each page that was written.
    """
    messages = []
    for name, text in pages.items():
        file = project.docs / folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            messages.append(f"{project.relative(file)}: made from {source}")
    return messages


def front_matter(title: str, description: str, made_from: str, answers: Sequence[str] = ()) -> str:
    """Return the front matter of a page.

    Args:
        title: Its title.
        description: Its description.
        made_from: The file that it is made from, relative to the folder of the pages.
        answers: The questions and messages that it answers.
    """
    # YAML reads strings that are quoted as in JSON.
    lines = [
        f"title: {_quote(title)}",
        f"description: {_quote(description)}",
        "kind: reference",
        f"made_from: {made_from}",
        *(["answers:"] if answers else []),
        *(f"  - {_quote(answer)}" for answer in answers),
    ]
    return "\n".join(["---", *lines, "---", ""])


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def show_block(*calls: str, indent: str = "") -> str:
    """Return a block that shows examples.

    Args:
        *calls: The arguments of each call of `show`, as they are written: '"tasks/states"'.
        indent: What each line begins with.
    """
    lines = [
        '```python exec="on" html="on"',
        "from sitebuild import show",
        "",
        *(f"print(show({call}))" for call in calls),
        "```",
    ]
    return "".join(f"{indent if line else ''}{line}\n" for line in lines)


def escaped_title(project: Project, target: str) -> str:
    """Return the title of a page of the course, escaped for Markdown.

    Args:
        project: The project.
        target: The page's file, relative to the folder of the pages; it may name a part.
    """
    return re.sub(
        r"([_*\[\]])", r"\\\1", title_of(project, project.docs / target.partition("#")[0])
    )
