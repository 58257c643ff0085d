"""`make bench`: what building costs, beside the plain way of doing the same.

In:  the project, and examples generated for the purpose. Out: the first four figures of DESIGN.md
     section 7, each with its spread.

The plain way is what anybody would do with markdown-exec alone: the source in a fence, and below it
a `console` fence that runs the file. For the rebuild it is the same pages with each source and
output pasted in as fences. All are built in the same run, by turns, because the machine is shared
and its speed changes.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ..checks.output import output_text
from ..content import examples, pages
from ..content.show_calls import ShowCall
from ..project import Project, current_project
from ..records import pythons, runner
from . import build
from .update import update

_GENERATED = 40
_PROGRAM = '''\
"""Worker number {number}."""

import asyncio


async def fetch(name: str, seconds: float) -> str:
    print("asking for", name)
    await asyncio.sleep(seconds)
    return name.upper()


async def main() -> None:
    first = asyncio.create_task(fetch("profile", 1.0))
    second = asyncio.create_task(fetch("orders {number}", 0.5))
    print(await first, await second)


if __name__ == "__main__":
    asyncio.run(main())
'''


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sitebuild.commands.bench", description="Measure what building costs."
    )
    trusting = (
        "run the examples the plain way too, which means without a sandbox: with all that you may"
        " do here"
    )
    parser.add_argument("--trust-examples", action="store_true", help=trusting)
    trusted = parser.parse_args(argv).trust_examples
    project = current_project()
    print(f"the machine's own noise: a fixed loop took {_spread(_timed(_fixed_work, 5), 'ms')}")
    with tempfile.TemporaryDirectory(prefix="awaited-bench-") as folder:
        generated = _generate(project, Path(folder) / "generated", _GENERATED)
        real = _copy(project, Path(folder) / "real")
        for name, what in (
            (f"{_GENERATED} generated examples, 1 s of sleep each", generated),
            ("the real pages and examples", real),
        ):
            print(f"\n{name}")
            if what is generated or trusted:
                _first_build(what)
            else:
                print(
                    "  first build of everything: left out; the plain way runs examples without a"
                    " sandbox (ARGS=--trust-examples)"
                )
            _rebuild(what)
        print("\none more example in a first build")
        _one_more(project, Path(folder))
    print("\nthe test suite, browser tests aside")
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "not browser"],
        cwd=project.root,
        capture_output=True,
        text=True,
    )
    print(
        f"  {time.monotonic() - began:.1f} s   (bar: 60 s)   {ran.stdout.strip().splitlines()[-1]}"
    )
    return ran.returncode


def _first_build(project: Project) -> None:
    plain = _plainly(project, _console)

    def ours() -> None:
        shutil.rmtree(project.cache, ignore_errors=True)
        _build(project)

    mine, theirs = _by_turns(ours, lambda: _mkdocs(plain), 3, 1)
    _report(
        "first build of everything",
        mine,
        theirs,
        "a console fence each",
        statistics.median(theirs) / statistics.median(mine),
        "times faster, bar: 20",
    )


def _rebuild(project: Project) -> None:
    plain = _plainly(project, _pasted)
    _build(project)
    mine, theirs = _by_turns(lambda: _build(project), lambda: _mkdocs(plain), 5, 5)
    _report(
        "rebuild, nothing changed",
        mine,
        theirs,
        "all pasted in",
        statistics.median(mine) / statistics.median(theirs),
        "times as long, bar: 1.5",
    )


def _one_more(project: Project, folder: Path) -> None:
    few, many = _generate(project, folder / "few", 10), _generate(project, folder / "many", 50)
    costs = []
    for _ in range(3):
        used = []
        for what in (few, many):
            shutil.rmtree(what.cache, ignore_errors=True)
            before = _cpu()
            _build(what)
            used.append(_cpu() - before)
        costs.append((used[1] - used[0]) / 40)
    print(f"  {_spread(costs, 'ms')} of CPU   (bar: 25 ms)")


def _build(project: Project) -> None:
    problems = build.build(project)
    if problems:
        raise SystemExit("\n".join(map(str, problems)))


def _mkdocs(project: Project) -> None:
    shutil.rmtree(project.site, ignore_errors=True)
    ran = build.mkdocs(project, "build", "--site-dir", str(project.site))
    if ran.returncode or "Execution of" in ran.stderr:
        raise SystemExit(ran.stderr)


# The projects that are built


def _copy(project: Project, root: Path) -> Project:
    """The project again, in a folder of its own."""
    root.mkdir()
    for name in ("docs", "examples", "overrides"):
        shutil.copytree(getattr(project, name, project.root / name), root / name)
    shutil.copyfile(project.root / "mkdocs.yml", root / "mkdocs.yml")
    return Project(root)


def _generate(project: Project, root: Path, count: int) -> Project:
    """A project with `count` examples, five on a page."""
    for name in ("docs/assets", "overrides"):
        shutil.copytree(project.root / name, root / name)
    settings = (project.root / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[0]
    (root / "mkdocs.yml").write_text(settings + "\n", encoding="utf-8")
    (root / "examples/work").mkdir(parents=True)
    for number in range(count):
        (root / f"examples/work/worker_{number}.py").write_text(
            _PROGRAM.format(number=number), encoding="utf-8"
        )
    shows = [
        '```python exec="on" html="on"\nfrom sitebuild import show\n\n'
        f'print(show("work/worker_{number}"))\n```\n'
        for number in range(count)
    ]
    pages = [shows[start : start + 5] for start in range(0, count, 5)]
    for number, page in enumerate(pages):
        name = "index" if number == 0 else f"page-{number}"
        (root / f"docs/{name}.md").write_text(
            f"# Page {number}\n\n" + "\nSome words between the two.\n\n".join(page),
            encoding="utf-8",
        )
    generated = Project(root)
    update(generated)
    return generated


def _plainly(
    project: Project, fences: Callable[[Project, examples.Example, ShowCall], str]
) -> Project:
    """The same pages without us: each block becomes what `fences` makes of its examples."""
    root = project.root.with_name(f"{project.root.name}-{fences.__name__.strip('_')}")
    shutil.rmtree(root, ignore_errors=True)
    plain = _copy(project, root)
    every = examples.find(project)
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("  - sitebuild.rendering.fence\n", "  - pymdownx.superfences\n")
    settings = settings.replace(
        "\nplugins:\n",
        '\nplugins:\n  - markdown-exec: {languages: [python, console], ansi: "off"}\n',
    )
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    for page in pages.find(plain):
        lines = page.path.read_text(encoding="utf-8-sig").split("\n")
        for block in reversed(page.blocks):
            opening = lines[block.first - 1]
            indent = opening[: len(opening) - len(opening.lstrip())]
            text = "".join(fences(project, every[call.name], call) for call in block.calls)
            lines[block.first - 1 : block.last] = (
                re.sub(r"(?m)^(?=.)", indent, text).removesuffix("\n").split("\n")
            )
        page.path.write_text("\n".join(lines), encoding="utf-8")
    return plain


def _source_fence(example: examples.Example, call: ShowCall) -> str:
    language = "bash" if example.shell else "python"
    return (
        f'```{language} title="{example.path.name}"\n{example.shown_source}```\n\n'
        if call.options.source
        else ""
    )


def _console(project: Project, example: examples.Example, call: ShowCall) -> str:
    """Run by a console fence, in a process of its own, one after another."""
    if call.options.python is not None:
        example = pythons.pin(example, call.options.python)
    other = pythons.select_interpreter(example)
    if not call.options.output or not pythons.can_run(example):
        return _source_fence(example, call)
    python = other or pythons.Interpreter(sys.executable, platform.python_version())
    runner = "bash" if example.shell else python.path
    # Some are meant to hang, and would do so for ever.
    command = (
        f"cd {example.path.parent} && timeout {example.timeout:g} {runner} {example.path.name} 2>&1"
    )
    status = example.expected_exit(python.version)
    header = f'```console exec="on" source="console" returncode="{status}"'
    return _source_fence(example, call) + f"{header}\n$ {command}\n```\n\n"


def _pasted(project: Project, example: examples.Example, call: ShowCall) -> str:
    """Not run at all: the output as text."""
    trace = runner.get_or_run(example, project)
    shown = call.options.output and trace is not None
    text = f"```text\n{output_text(trace, project)}\n```\n\n" if shown and trace is not None else ""
    return _source_fence(example, call) + text


# Measuring


def _by_turns(
    ours: Callable[[], None], theirs: Callable[[], None], mine: int, plain: int
) -> tuple[list[float], list[float]]:
    first, second = [], []
    for turn in range(max(mine, plain)):
        if turn < mine:
            first += _timed(ours, 1)
        if turn < plain:
            second += _timed(theirs, 1)
    return first, second


def _timed(work: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def _fixed_work() -> int:
    return sum(number * number for number in range(2_000_000))


def _cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _report(
    what: str, mine: list[float], theirs: list[float], other: str, ratio: float, bar: str
) -> None:
    print(f"  {what}: {_spread(mine, 's')}; {other}: {_spread(theirs, 's')}   → {ratio:.2f} {bar}")


def _spread(values: list[float], unit: str) -> str:
    scale, digits = (1000, 1) if unit == "ms" else (1, 2)
    low, middle, high = (
        scale * value for value in (min(values), statistics.median(values), max(values))
    )
    return f"{middle:.{digits}f} {unit}" + (
        f" ({low:.{digits}f} to {high:.{digits}f})" if len(values) > 1 else ""
    )


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main(sys.argv[1:]))
