"""A program: three processes write one file of the current folder again and again, and read it back.

Out: nothing, and status 0, where each always reads the whole of what one of them wrote.
"""

from __future__ import annotations

import os
from pathlib import Path

from sitebuild.content.files import write_text
from sitebuild.project import Project

SIZE = 200_000
project = Project(Path.cwd())
file = project.root / "facts.txt"
others = []
letter = "a"
for other in "bc":
    others.append(os.fork())
    if others[-1] == 0:
        letter = other
        break
for _ in range(300):
    write_text(project, file, letter * SIZE)
    text = file.read_text(encoding="utf-8")
    assert len(text) == SIZE and text == text[0] * SIZE
if letter == "a":
    assert [os.waitpid(other, 0)[1] for other in others] == [0, 0]
