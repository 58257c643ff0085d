"""The last step: what MkDocs built becomes the site, or is refused.

In:  the built pages. Out: loopscope's files for the browser and the examples' own pages laid beside
them, redirects from where pages once were, and the problems found.
"""

from __future__ import annotations

from pathlib import Path

from ..checks.site import check_site
from ..problem import Problem
from ..project import Project
from ..rendering import stepper_data
from ..rendering.example_pages import Prepared, make
from . import addresses


def finish(project: Project, site: Path, prepared: list[Prepared]) -> list[Problem]:
    """Complete the built site in place. Gives what is wrong with it."""
    if not (site / "404.html").is_file():
        return [
            Problem(
                "mkdocs.yml",
                "MkDocs ended without building the site, and said nothing; does a plugin or a hook"
                " call sys.exit()?",
            )
        ]
    for place, text in stepper_data.assets().items():
        (site / place).parent.mkdir(exist_ok=True)
        (site / place).write_text(text, encoding="utf-8")
    make(site, prepared)
    return [*addresses.leave_redirects(project, site), *check_site(project, site)]
