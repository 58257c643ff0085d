"""Tomorrow: the tree that MkDocs builds today is built by Zensical, the successor of the theme, too.

CONTRIBUTING.md says what is left to do before it could replace MkDocs.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject
from selectolax.lexbor import LexborHTMLParser

PAGE = """\
??? question "What does it print?"

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("chapter/other", source=False))
    ```

```text
as it is
```

## Where next? { #next }

[Home](index.md).
"""


def build(sample: SampleProject) -> subprocess.CompletedProcess[str]:
    """Build a project with Zensical. It is skipped where there is none, but not in CI."""
    if importlib.util.find_spec("zensical") is None:
        message = "there is no Zensical here (`make test` installs it)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict"],
        cwd=sample.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def panels(page: Path) -> list[tuple[str, str]]:
    """The panels of a page, in order: which example each shows, and all of its text."""
    html = LexborHTMLParser(page.read_text(encoding="utf-8"))
    return [
        (panel.attributes["data-example"], " ".join(panel.text(separator=" ").split()))
        for panel in html.css("div.run")
    ]


def test_zensical_builds_the_same_pages_with_the_same_panels(sample: SampleProject) -> None:
    sample.example("other", GOOD.replace("hello", "bye"), "bye\n")
    sample.page("other", "good", "other", text=PAGE)
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    ours = {
        name: panels(sample.root / "site" / name) for name in ("index.html", "other/index.html")
    }
    assert [len(found) for found in ours.values()] == [1, 3]
    ran = build(sample)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert {name: panels(sample.root / "site" / name) for name in ours} == ours
    other = sample.read("other/index.html")
    assert "as it is" in other and 'id="next"' in other


def test_zensical_executes_nothing_but_show(sample: SampleProject) -> None:
    bad = '```python exec="on"\nopen("made", "w")\n```\n'
    sample.page("index", "good", text=bad)
    ran = build(sample)
    assert ran.returncode != 0 and "a Python block begins with" in ran.stdout + ran.stderr
    assert not (sample.root / "made").exists()
