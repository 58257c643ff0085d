"""Makes the projects that are measured: copies of the real one, generated ones, and plain ones.

A plain project has the same pages without sitebuild. For first builds, each example is a fence with
its source and a `console` fence that runs it, as one would write them with markdown-exec alone. For
rebuilds, its source and its output are pasted in as fences.
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
    """Return a copy of a project.

    Args:
        project: The project.
        root: The folder of the copy, which must not exist.
    """
    root.mkdir()
    for name in ("docs", "examples", "overrides"):
        shutil.copytree(getattr(project, name, project.root / name), root / name)
    shutil.copyfile(project.root / "mkdocs.yml", root / "mkdocs.yml")
    return Project(root)


def generate(project: Project, root: Path, count: int) -> Project:
    """Return a new project with generated examples, five on a page; none has been run.

    Args:
        project: A project, whose settings and theme are used.
        root: The folder of the new project, which must not exist.
        count: The number of examples.
    """
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
    """Return a plain version of a project, beside it.

    Args:
        project: The project.
        fences: `console` or `pasted`: makes the fences that replace a call of `show`.
    """
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
            text = "".join(
                fences(project, _shown_example(every, call), call) for call in block.calls
            )
            lines[block.first - 1 : block.last] = (
                re.sub(r"(?m)^(?=.)", indent, text).removesuffix("\n").split("\n")
            )
        page.path.write_text("\n".join(lines), encoding="utf-8")
    return plain


def _source_fence(example: examples.Example, call: ShowCall) -> str:
    """Return a fence with the source of an example, if the call shows it."""
    language = "bash" if example.shell else "python"
    return (
        f'```{language} title="{example.path.name}"\n{example.shown_source}```\n\n'
        if call.options.source
        else ""
    )


def _shown_example(every: dict[str, examples.Example], call: ShowCall) -> examples.Example:
    """Return the example that a call shows, pinned to a Python if the call names one."""
    example, python = every[call.name], call.options.python
    return example if python is None else pythons.pin(example, python)


def console(project: Project, example: examples.Example, call: ShowCall) -> str:
    """Return fences that show an example, and run it in a process of its own.

    Args:
        project: The project.
        example: The example that the call shows.
        call: The call of `show` to replace.
    """
    other = pythons.select_interpreter(example)
    if not call.options.output or not pythons.can_run(example):
        return _source_fence(example, call)
    python = other or pythons.Interpreter(sys.executable, platform.python_version())
    interpreter = "bash" if example.shell else python.path
    # Some examples hang on purpose, so each has a timeout.
    command = (
        f"cd {example.path.parent} && timeout {example.timeout:g} {interpreter}"
        f" {example.path.name} 2>&1"
    )
    status = example.expected_exit(python.version)
    header = f'```console exec="on" source="console" returncode="{status}"'
    return _source_fence(example, call) + f"{header}\n$ {command}\n```\n\n"


def pasted(project: Project, example: examples.Example, call: ShowCall) -> str:
    """Return fences that show an example and its output as text.

    Args:
        project: The project.
        example: The example that the call shows.
        call: The call of `show` to replace.
    """
    trace = runner.get_or_run(example, project)
    shown = call.options.output and trace is not None
    text = f"```text\n{output_text(trace, project)}\n```\n\n" if shown and trace is not None else ""
    return _source_fence(example, call) + text
