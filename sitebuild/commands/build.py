"""The build: examples, then MkDocs, then the finish. Whatever goes wrong is reported once, all of
it, and nothing half-made is left.

In:  a project. Out: `site/`, or the problems.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import loopscope
from loopscope.trace.model import Trace

from ..checks.output import check_output
from ..content import examples, layout
from ..content.files import ProjectError, conflict_line, explain, read_text
from ..problem import Problem
from ..project import Project, site_address
from ..records import cache, runner, verified
from ..rendering import example_pages, stepper_data
from . import addresses, finish, publish

MKDOCS_SECONDS = 600
"""Seconds of CPU that MkDocs may take for all pages, a dozen times what the course takes."""


def build(project: Project, site: Path | None = None) -> list[Problem]:
    """Make `site/` anew.

    Args:
        project: What to build.
        site: Another folder to put it into.

    Returns:
        What is wrong; then the site that was there before still stands.
    """
    site = site or project.site
    try:
        publish.prepare(project, site)
        _check_sources(project)
        every = examples.find(project)
        runner.run(cache.find_stale(project), project)
        problems = []
        traces = {name: cache.load(example, project) for name, example in every.items()}
        for example in cache.all_variants(every, project):
            trace = cache.load(example, project) if example.pinned else traces[example.name]
            if trace is not None and (problem := check_output(example, trace, project)):
                problems.append(problem)
        if problems:
            return problems
        with publish.build_folder(project) as folder:
            problems = _build_into(folder, project, every, traces)
            if not problems:
                publish.publish(project, folder.site, site)
            return problems
    except (ProjectError, OSError) as wrong:
        return problems_of(wrong, project)


def _check_sources(project: Project) -> None:
    """Look at whatever people wrote before anything is made of it. Raises ProjectError with all
    that is wrong.
    """
    wrong = [*layout.check_docs(project), *layout.check_examples(project)]
    if wrong:  # before any of it is read
        raise ProjectError("\n".join(wrong))
    for read in (_check_texts, addresses.listed, addresses.redirects, verified.load):
        try:
            read(project)
        except ProjectError as problem:
            wrong.append(str(problem))
    if wrong:
        raise ProjectError("\n".join(wrong))


def _check_texts(project: Project) -> None:
    """Read pages and outputs once. Raises ProjectError with all that cannot be read, or hold a
    merge conflict.
    """
    wrong = []
    for file in sorted(
        [
            *layout.page_files(project),
            *(file for file in layout.example_files(project) if file.suffix == ".out"),
        ]
    ):
        try:
            text = read_text(project, file)
        except ProjectError as problem:
            wrong.append(str(problem))
            continue
        # what a program prints may look like one
        line = conflict_line(text) if file.suffix == ".md" else None
        if line is not None:
            wrong.append(
                f"{project.relative(file)}: line {line} is a merge conflict; decide between its"
                " sides and delete the markers"
            )
    if wrong:
        raise ProjectError("\n".join(wrong))


def _build_into(
    folder: publish.BuildFolder,
    project: Project,
    every: dict[str, examples.Example],
    traces: dict[str, Trace | None],
) -> list[Problem]:
    """Build the site in a folder of its own, and check it there."""
    with ThreadPoolExecutor(1) as beside:
        building = beside.submit(
            mkdocs,
            project,
            "build",
            "--strict",
            "--site-dir",
            str(folder.site),
            inherit=(folder.descriptor,),
        )
        prepared = example_pages.prepare(project, every, traces)
        ran = building.result()
    if ran.returncode != 0:
        output = ran.stdout + ran.stderr
        if os.strerror(errno.ENOSPC) in output:
            return [Problem(project.relative(folder.path), explain(OSError(errno.ENOSPC, "")))]
        if ran.returncode == -signal.SIGXCPU:
            cause = f"MkDocs was busy with its pages for {MKDOCS_SECONDS:,} s"
            cause += "; the one that changed last may be what Markdown reads for ever"
            return [Problem("docs/", cause, "like thousands of brackets in a row")]
        return [Problem("mkdocs.yml", "MkDocs found something wrong", _without_progress(output))]
    return finish.finish(project, folder.site, prepared)


def mkdocs(
    project: Project, *arguments: str, inherit: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in the project's folder, with this package importable. Never with -q: that hides
    warnings from --strict.

    `inherit` are descriptors that it keeps open as long as it runs.
    """
    with _engine(MKDOCS_SECONDS) as (command, descriptor):
        return subprocess.run(
            [*command, *arguments],
            cwd=project.root,
            env=_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=(*inherit, descriptor),
        )


@contextmanager
def _engine(seconds: int) -> Iterator[tuple[list[str], int]]:
    """The command that is MkDocs as long as this process lives, for some seconds of CPU, and the
    descriptor by which it knows.
    """
    theirs, ours = os.pipe()
    try:
        yield [sys.executable, "-m", "sitebuild.commands.engine", str(theirs), str(seconds)], theirs
    finally:
        os.close(theirs)
        os.close(ours)


def serve(project: Project, port: int) -> int:
    """The site with live reload. A page or an example that is saved is shown anew, also where its
    `.out` does not agree yet.

    Raises:
        ProjectError: The port cannot be had, or an example's file is not as it must be.
    """
    _try_port(port)
    _check_sources(project)
    runner.run(cache.find_stale(project), project)
    with publish.build_folder(project) as folder, _engine(0) as (command, descriptor):
        settings = _settings_with_assets(project, folder.path)
        watched = [argument for path in _watched(project) for argument in ("--watch", str(path))]
        address = f"127.0.0.1:{port}"
        try:
            return subprocess.run(
                [*command, "serve", "-f", str(settings), "--livereload", "-a", address, *watched],
                cwd=project.root,
                env=_environment() | {"AWAITED_DRAFT": "1", "AWAITED_SITE": f"http://{address}/"},
                pass_fds=(folder.descriptor, descriptor),
            ).returncode
        except KeyboardInterrupt:
            return 0


def _settings_with_assets(project: Project, folder: Path) -> Path:
    """Write MkDocs's settings for `serve` into a folder: the project's own, with another theme.

    MkDocs clears what it serves at every reload, so nothing can be laid beside its pages there. A
    theme's files it copies: this one has loopscope's files for the browser beside the project's
    overrides, which are links, so that what is saved in them shows.
    """
    theme, overrides = folder / "theme", project.root / "overrides"
    files = {path.relative_to(overrides): path for path in overrides.rglob("*") if path.is_file()}
    for inside, source in files.items():
        (theme / inside).parent.mkdir(parents=True, exist_ok=True)
        (theme / inside).symlink_to(source.resolve())
    for place, text in stepper_data.assets().items():
        (theme / place).parent.mkdir(parents=True, exist_ok=True)
        (theme / place).write_text(text, encoding="utf-8")
    settings = {
        "INHERIT": str(_settings(project).resolve()),
        "docs_dir": str(project.docs.resolve()),
        "theme": {"custom_dir": str(theme.resolve())},
    }
    file = folder / "mkdocs.yml"
    file.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    return file


def _watched(project: Project) -> list[Path]:
    """What is shown anew when it changes, beside the pages."""
    packages = Path(loopscope.__file__).parent, Path(__file__).parent.parent
    return [project.examples, project.root / "overrides", _settings(project), *packages]


def _settings(project: Project) -> Path:
    return project.root / "mkdocs.yml"


def _try_port(port: int) -> None:
    """Raises ProjectError where nothing can be served at a port."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            cause = (
                "it is in use"
                if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
                else "it cannot be used"
            )
            raise ProjectError(
                f"--port {port}: {cause}; name another: `make serve ARGS='--port 8001'`"
            ) from problem


def _environment() -> dict[str, str]:
    """MkDocs's: with this package importable, and nothing in the pages that changes from build to
    build.
    """
    ours = {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "0",
        "AWAITED_SITE": site_address(),
    }
    return {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")
    } | ours


# Of the builder's environment: `!ENV` in mkdocs.yml publishes any variable that MkDocs has. What
# finds the same Pythons must stay.
_KEPT = {
    *("PATH", "HOME", "LANG", "TZ", "TERM", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("PYENV_ROOT", "PYENV_VERSION", "PYTHONDONTWRITEBYTECODE", "AWAITED_DRAFT", "AWAITED_SANDBOX"),
}


def problems_of(wrong: ProjectError | OSError, project: Project) -> list[Problem]:
    """What is wrong with the project's files, or with the machine under them: a line each, `file:
    cause`.
    """
    if isinstance(wrong, ProjectError):
        return [
            Problem(file, cause)
            for file, _, cause in (line.partition(": ") for line in str(wrong).splitlines())
        ]
    if wrong.errno is None:
        raise wrong
    return [
        Problem(
            project.relative(Path(os.fsdecode(wrong.filename))) if wrong.filename else "site",
            explain(wrong),
        )
    ]


def _without_progress(text: str) -> str:
    """What MkDocs printed, without its usual progress."""
    return "\n".join(
        line for line in text.splitlines() if line.strip() and not line.startswith("INFO")
    )
