"""What the Markdown pages say of themselves, and which examples they show.

In:  the files under `docs/`. Out: their addresses and titles, and the calls of `show` on them.
"""

from __future__ import annotations

import re
from pathlib import Path

from .project import Project

SHOWN = re.compile(r"""\bshow\(\s*["']([^"']+)["']""")
"""Of each `show("tasks/states", …)`: the example."""

_ELSEWHERE = re.compile(SHOWN.pattern + r"""[^\n]*\bpython=["'](3\.\d+)["']""")


def address_of(project: Project, page: Path) -> str:
    """Where a page of docs/ stands on the site, without the beginning: "tasks/states/"."""
    inside = page.relative_to(project.docs).with_suffix("").as_posix()
    return re.sub(r"(^|/)index$", r"\1", inside + "/" if not inside.endswith("index") else inside)


def title_of(page: Path) -> str:
    """The title that its front matter gives; without one, the file's name."""
    found = re.search(r'(?m)^title: "?(.+?)"?$', page.read_text(encoding="utf-8"))
    return found[1] if found else page.stem


def shown_elsewhere(project: Project) -> list[tuple[str, str]]:
    """(example, Python) of each that a page shows as it runs on a certain Python, each once, in order."""
    texts = (page.read_text(encoding="utf-8") for page in project.docs.rglob("*.md"))
    return sorted({pair for text in texts for pair in _ELSEWHERE.findall(text)})


def listed(things: list[str]) -> str:
    """As a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(things[:-1]), *things[-1:])))
