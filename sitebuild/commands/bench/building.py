"""What building costs, beside the plain way of doing the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from ...project import Project
from .measuring import Row, Taken, build, by_turns, middle, mkdocs, run, spread
from .projects import console, copy, generate, pasted, plainly

_TIMES = 3
_FEW, _MANY = 10, 110
_GROWTH = 1_000, 3_000


def _first(project: Project) -> Taken:
    shutil.rmtree(project.cache, ignore_errors=True)
    return build(project.root)


def _plain(project: Project) -> Taken:
    shutil.rmtree(project.site, ignore_errors=True)
    return mkdocs(project.root)


def first_build(project: Project, what: str) -> Row:
    """The first build of everything, against a console fence for each example."""
    plain = plainly(project, console)
    mine, theirs = by_turns((lambda: _first(project), _TIMES), (lambda: _plain(plain), 1))
    ratio = theirs[0].wall / middle([taken.wall for taken in mine])
    return Row(
        f"first build of {what}, against the plain way",
        "22 times faster",
        f"{ratio:.1f} times",
        ratio >= 22,
        f"{spread([taken.wall for taken in mine])}, {spread([taken.cpu for taken in mine])} of CPU;"
        f" plain {theirs[0].wall:.1f} s",
    )


def rebuild(project: Project) -> Row:
    """A rebuild with nothing changed, against the same pages with all pasted in."""
    build(project.root)
    plain = plainly(project, pasted)
    mine, theirs = by_turns(
        (lambda: build(project.root), _TIMES + 2), (lambda: _plain(plain), _TIMES + 2)
    )
    cpu = [[taken.cpu for taken in one] for one in (mine, theirs)]
    ratio = middle(cpu[0]) / middle(cpu[1])
    return Row(
        "rebuild with nothing changed, against the same pages pasted in, CPU",
        "1.2 times",
        f"{ratio:.2f} times",
        ratio <= 1.2,
        f"{spread(cpu[0])}; pasted {spread(cpu[1])}",
    )


def one_more(project: Project, folder: Path) -> Row:
    """What one more example costs in a first build: the slope between few and many."""
    few, many = (generate(project, folder / f"examples-{count}", count) for count in (_FEW, _MANY))
    less, more = by_turns((lambda: _first(few), _TIMES), (lambda: _first(many), _TIMES))
    costs = [(b.cpu - a.cpu) / (_MANY - _FEW) for a, b in zip(less, more, strict=True)]
    return Row(
        "one more example in a first build, CPU",
        "18 ms",
        spread(costs, "ms"),
        middle(costs) <= 0.018,
        f"{_FEW} examples {spread([a.cpu for a in less])}, {_MANY} {spread([b.cpu for b in more])}",
    )


def growth(project: Project, folder: Path) -> list[Row]:
    """First build and rebuild of many generated examples, five on a page."""
    taken = {}
    for count in _GROWTH:
        many = generate(project, folder / f"growth-{count}", count)
        taken[count] = _first(many), build(many.root)
        shutil.rmtree(many.root)
    few, most = _GROWTH
    rows = []
    for place, (what, bar) in enumerate((("first build", 15), ("rebuild", 4))):
        one, other = taken[few][place], taken[most][place]
        # 1 where it is linear; what is there once makes it less
        bend = other.cpu / one.cpu / (most / few)
        rows.append(
            Row(
                f"growth: {what} of {few:,} examples on {few // 5} pages",
                f"{bar} s, linear",
                f"{one.wall:.1f} s",
                one.wall <= bar and bend <= 1.1,
                f"{one.cpu:.1f} s of CPU; {most:,}: {other.wall:.1f} s, {other.cpu:.1f} of CPU,"
                f" {bend:.2f} times as much an example",
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
    """The first build, against sphinx-gallery with the same examples.

    Args:
        project: Generated examples.
        python: An interpreter that has sphinx-gallery.
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
        # its way of writing a title
        text = program.read_text(encoding="utf-8").replace('."""', ".\n" + 20 * "=" + '\n"""', 1)
        program.write_text(text.replace('"""', '"""\n', 1), encoding="utf-8")
    theirs = run([python, "-m", "sphinx", "-q", "-b", "html", ".", "html"], root)
    mine = _first(project)
    ratio = theirs.wall / mine.wall
    return Row(
        what,
        bar,
        f"{ratio:.1f} times",
        ratio >= 15,
        f"{mine.wall:.1f} s; gallery {theirs.wall:.1f} s",
    )


def real(project: Project, folder: Path) -> Project:
    """The real project, in a folder of its own."""
    return copy(project, folder / "real")
