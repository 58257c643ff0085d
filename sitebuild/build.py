"""The build: examples, then MkDocs, then the finish. Whatever goes wrong is reported once, all of it, and nothing half-made is left.

In:  a project. Out: `site/`, or the problems.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import example_pages, examples, finish, records, stepping
from .judge import Problem, judge
from .project import SITE_ADDRESS, Project


def build(project: Project, site: Path | None = None) -> list[Problem]:
    """Make `site/` (or another folder) anew. Gives what is wrong; then the site that was there before still stands."""
    site = site or project.site
    try:
        every = examples.find(project)
        records.run(records.stale(project), project)
    except examples.ExampleError as wrong:
        return problems_of(wrong)
    problems = []
    traces = {name: records.load(example, project) for name, example in every.items()}
    for example in records.every(every, project):
        trace = records.load(example, project) if example.on else traces[example.name]
        if trace is not None and (problem := judge(example, trace, project)):
            problems.append(problem)
    if problems:
        return problems
    new = project.cache / "site-new"
    shutil.rmtree(new, ignore_errors=True)
    stepping.assets(project.docs / "assets")
    with ThreadPoolExecutor(1) as beside:
        building = beside.submit(mkdocs, project, "build", "--strict", "--site-dir", str(new))
        prepared = example_pages.prepare(project, every, traces)
        ran = building.result()
    if ran.returncode != 0:
        return [Problem("mkdocs.yml", "MkDocs found something wrong", _said(ran.stdout + ran.stderr))]
    problems = finish.finish(project, new, prepared)
    if problems:
        return problems
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(new, site)
    return []


def mkdocs(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in the project's folder, with this package importable. Never with -q: that hides warnings from --strict."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments], cwd=project.root, env=_environment(), capture_output=True, text=True
    )


def serve(project: Project, port: int) -> int:
    """The site with live reload. A page or an example that is saved is shown anew, also where its `.out` does not agree yet."""
    records.run(records.stale(project), project)
    stepping.assets(project.docs / "assets")
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
    try:
        return subprocess.run(
            command, cwd=project.root, env=_environment() | {"AWAITED_DRAFT": "1", "AWAITED_SITE": f"http://127.0.0.1:{port}/"}
        ).returncode
    except KeyboardInterrupt:
        return 0


def _environment() -> dict[str, str]:
    """MkDocs's: with this package importable, and nothing in the pages that changes from build to build."""
    ours = {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "0",
        "AWAITED_SITE": SITE_ADDRESS,
    }
    return os.environ | ours


def problems_of(wrong: examples.ExampleError) -> list[Problem]:
    """What is wrong with the examples' files: a line each, `file: cause`."""
    return [Problem(file, cause) for file, _, cause in (line.partition(": ") for line in str(wrong).splitlines())]


def _said(text: str) -> str:
    """What MkDocs said, without its usual progress."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("INFO"))
