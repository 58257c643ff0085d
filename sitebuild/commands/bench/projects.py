"""The projects that are measured: the real one, generated ones, and each the plain way.

In:  a project. Out: others like it, in folders of their own.

The plain way is what anybody would do with markdown-exec alone: the source in a fence, and below it
a `console` fence that runs the file. For the rebuild it is the same pages with each source and
output pasted in as fences.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from ...checks.output import output_text
from ...content import examples, pages
from ...content.show_calls import ShowCall
from ...project import Project
from ...records import pythons, runner

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
_OUTPUT = "asking for profile\nasking for orders {number}\nPROFILE ORDERS {number}\n"


def copy(project: Project, root: Path) -> Project:
    """The project again, in a folder of its own."""
    root.mkdir()
    for name in ("docs", "examples", "overrides"):
        shutil.copytree(getattr(project, name, project.root / name), root / name)
    shutil.copyfile(project.root / "mkdocs.yml", root / "mkdocs.yml")
    return Project(root)


def generate(project: Project, root: Path, count: int) -> Project:
    """A project with `count` examples, five on a page, of which none was run."""
    for name in ("docs/assets", "overrides"):
        shutil.copytree(project.root / name, root / name)
    settings = (project.root / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[0]
    (root / "mkdocs.yml").write_text(settings + "\n", encoding="utf-8")
    (root / "examples/work").mkdir(parents=True)
    for number in range(count):
        program = root / f"examples/work/worker_{number}.py"
        program.write_text(_PROGRAM.format(number=number), encoding="utf-8")
        program.with_suffix(".out").write_text(_OUTPUT.format(number=number), encoding="utf-8")
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
    return Project(root)


def plainly(
    project: Project, fences: Callable[[Project, examples.Example, ShowCall], str]
) -> Project:
    """The same pages without us: each block becomes what `fences` makes of its examples."""
    root = project.root.with_name(f"{project.root.name}-{fences.__name__.strip('_')}")
    shutil.rmtree(root, ignore_errors=True)
    plain = copy(project, root)
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


def console(project: Project, example: examples.Example, call: ShowCall) -> str:
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


def pasted(project: Project, example: examples.Example, call: ShowCall) -> str:
    """Not run at all: the output as text."""
    if call.options.python is not None:
        example = pythons.pin(example, call.options.python)
    trace = runner.get_or_run(example, project)
    shown = call.options.output and trace is not None
    text = f"```text\n{output_text(trace, project)}\n```\n\n" if shown and trace is not None else ""
    return _source_fence(example, call) + text
