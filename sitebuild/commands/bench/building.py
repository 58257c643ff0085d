"""Measures builds, in comparison with other ways to build the same pages."""

from __future__ import annotations

import shutil
from pathlib import Path

from ...project import Project
from .measuring import Cost, Row, alternate, build, middle, mkdocs, run, spread
from .projects import console, copy, generate, pasted, plainly

_TIMES = 3  # how often most builds are measured
_FEW, _MANY = 10, 110  # examples whose difference gives the cost of one
_GROWTH = 1_000, 3_000  # examples


def _first_build(project: Project) -> Cost:
    """Build a project without anything cached."""
    shutil.rmtree(project.cache, ignore_errors=True)
    return build(project.root)


def _plain_build(project: Project) -> Cost:
    """Build a plain project without an old site."""
    shutil.rmtree(project.site, ignore_errors=True)
    return mkdocs(project.root)


def first_build(project: Project, what: str) -> Row:
    """Compare a first build with one that runs each example by a console fence.

    Args:
        project: The project.
        what: What is built, in words, for the table.
    """
    plain_project = plainly(project, console)
    first, plain = alternate(
        (lambda: _first_build(project), _TIMES), (lambda: _plain_build(plain_project), 1)
    )
    ratio = plain[0].wall / middle([taken.wall for taken in first])
    return Row(
        f"first build of {what}, against the plain way",
        "22 times faster",
        f"{ratio:.1f} times",
        ratio >= 22,
        f"{spread([taken.wall for taken in first])}, {spread([taken.cpu for taken in first])} of"
        f" CPU; plain {plain[0].wall:.1f} s",
    )


def rebuild(project: Project) -> Row:
    """Compare a rebuild without changes with a build of pages that have all outputs pasted in."""
    build(project.root)
    plain_project = plainly(project, pasted)
    runs = alternate(
        (lambda: build(project.root), _TIMES + 2),
        (lambda: _plain_build(plain_project), _TIMES + 2),
    )
    rebuilt, plain = ([taken.cpu for taken in one] for one in runs)
    ratio = middle(rebuilt) / middle(plain)
    return Row(
        "rebuild with nothing changed, against the same pages pasted in, CPU",
        "1.2 times",
        f"{ratio:.2f} times",
        ratio <= 1.2,
        f"{spread(rebuilt)}; pasted {spread(plain)}",
    )


def one_more(project: Project, folder: Path) -> Row:
    """Measure what one more example costs in a first build.

    Args:
        project: The project, whose settings are used.
        folder: The folder to generate projects in.
    """
    few, many = (generate(project, folder / f"examples-{count}", count) for count in (_FEW, _MANY))
    less, more = alternate(
        (lambda: _first_build(few), _TIMES), (lambda: _first_build(many), _TIMES)
    )
    costs = [(b.cpu - a.cpu) / (_MANY - _FEW) for a, b in zip(less, more, strict=True)]
    return Row(
        "one more example in a first build, CPU",
        "18 ms",
        spread(costs, "ms"),
        middle(costs) <= 0.018,
        f"{_FEW} examples {spread([a.cpu for a in less])}, {_MANY} {spread([b.cpu for b in more])}",
    )


def growth(project: Project, folder: Path) -> list[Row]:
    """Measure how the time of a first build and of a rebuild grows with the number of examples.

    Args:
        project: The project, whose settings are used.
        folder: The folder to generate projects in, with five examples on a page.
    """
    taken = {}
    for count in _GROWTH:
        many = generate(project, folder / f"growth-{count}", count)
        taken[count] = _first_build(many), build(many.root)
        shutil.rmtree(many.root)
    few, most = _GROWTH
    rows = []
    for index, (what, bar) in enumerate((("first build", 15), ("rebuild", 4))):
        one, other = taken[few][index], taken[most][index]
        # How much more an example costs among many: 1 if growth is linear, less by fixed costs.
        growth_factor = other.cpu / one.cpu / (most / few)
        rows.append(
            Row(
                f"growth: {what} of {few:,} examples on {few // 5} pages",
                f"{bar} s, linear",
                f"{one.wall:.1f} s",
                one.wall <= bar and growth_factor <= 1.1,
                f"{one.cpu:.1f} s of CPU; {most:,}: {other.wall:.1f} s, {other.cpu:.1f} of CPU,"
                f" {growth_factor:.2f} times as much an example",
            )
        )
    return rows


_CONF = """\
extensions = ["sphinx_gallery.gen_gallery"]
html_theme = "alabaster"
sphinx_gallery_conf = {
    "examples_dirs": "examples/work",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\\.py",
    "parallel": 2,
}
"""


def gallery(project: Project, python: str | None) -> Row:
    """Compare a first build with sphinx-gallery's build of the same examples.

    Args:
        project: A project of generated examples.
        python: The path of an interpreter that has sphinx-gallery, or None to measure nothing.
    """
    what, bar = (
        "first build of the same, against sphinx-gallery with `parallel: 2`",
        "15 times faster",
    )
    if python is None:
        return Row(what, bar, "not measured", None, "name a Python that has it: `--gallery`")
    root = project.root.with_name("gallery")
    (root / "examples").mkdir(parents=True)
    shutil.copytree(project.examples / "work", root / "examples/work")
    (root / "examples/work/README.rst").write_text("Work\n====\n", encoding="utf-8")
    (root / "conf.py").write_text(_CONF, encoding="utf-8")
    (root / "index.rst").write_text(".. toctree::\n\n   gallery/index\n", encoding="utf-8")
    for program in (root / "examples/work").glob("*.py"):
        # sphinx-gallery needs a title that is underlined.
        text = program.read_text(encoding="utf-8").replace('."""', ".\n" + 20 * "=" + '\n"""', 1)
        program.write_text(text.replace('"""', '"""\n', 1), encoding="utf-8")
    sphinx = run([python, "-m", "sphinx", "-q", "-b", "html", ".", "html"], root)
    first = _first_build(project)
    ratio = sphinx.wall / first.wall
    return Row(
        what,
        bar,
        f"{ratio:.1f} times",
        ratio >= 15,
        f"{first.wall:.1f} s; gallery {sphinx.wall:.1f} s",
    )


def real(project: Project, folder: Path) -> Project:
    """Return a copy of the project, below a folder."""
    return copy(project, folder / "real")
