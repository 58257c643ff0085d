"""Which tests run in one process, where several share the work (`pytest -n 2`).

In:  a test's name, which is all that the process that hands them out knows. Out: the scope that it
     belongs to.
"""

from __future__ import annotations

from pathlib import Path

SITE = {
    *("addresses", "api_index", "articles", "examples", "not_found", "render", "search"),
    *("see_also", "stepper_state", "terms"),
}
"""Files whose tests look at the built site, so that one process builds it for all of them."""
PAGES = {
    "tests/test_browser.py",
    "tests/test_finding.py",
    "tests/test_reading_aids.py",
    "tests/test_search_box.py",
    "tests/loopscope/views/test_stepper.py",
    "tests/loopscope/views/test_stepper_lines.py",
}
"""Files of which any process may take any test: a browser opens a page."""
LONGEST = (
    "tests/loopscope/running/test_sandbox.py",
    "site",
    "tests/sitebuild/content/test_layout.py",
    "tests/sitebuild/commands/test_build.py",
    "tests/loopscope/running/test_supervisor.py",
    "tests/test_mutants.py",
    "tests/loopscope/recording/test_neutral.py",
    "tests/loopscope/test_formats.py",
)


def scope_of(name: str) -> str:
    """What a test has to share a process with, by its name."""
    file = name.partition("::")[0]
    if file in PAGES:
        return name
    return "site" if Path(file).stem.removeprefix("test_") in SITE else file
