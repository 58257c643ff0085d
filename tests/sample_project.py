"""A small project of its own, for tests of sitebuild."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from forked_commands import command_server
from paths import ROOT

from sitebuild.__main__ import main
from sitebuild.commands import build, serve
from sitebuild.content import examples
from sitebuild.project import Project
from sitebuild.records import runner, verified

GOOD = '''\
"""A greeting."""

import asyncio


async def main() -> None:
    await asyncio.sleep(1)
    print("hello")


if __name__ == "__main__":
    asyncio.run(main())
'''
PAGE = '# A page\n\n```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/{name}"))\n```\n'


class SampleProject:
    """A small project of its own, and the front door to build it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = Project(root)
        (root / "examples/chapter").mkdir(parents=True)
        shutil.copytree(ROOT / "overrides", root / "overrides")
        shutil.copytree(ROOT / "docs/assets", root / "docs/assets")
        settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[0]
        (root / "mkdocs.yml").write_text(settings + "\n", encoding="utf-8")
        self.page("index", "good")
        self.example("good", GOOD, "hello\n")

    def page(self, page: str, *names: str, text: str = "") -> None:
        blocks = "\n".join(PAGE.format(name=name).split("\n\n", 1)[1] for name in names)
        (self.root / f"docs/{page}.md").write_text(
            f"# A page\n\n{blocks}\n{text}\n", encoding="utf-8"
        )

    def example(self, name: str, source: str, out: str | None, suffix: str = ".py") -> Path:
        path = self.root / f"examples/chapter/{name}{suffix}"
        path.write_text(source, encoding="utf-8")
        if out is not None:
            path.with_suffix(".out").write_text(out, encoding="utf-8")
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m sitebuild`, in a process of its own that costs little."""
        return self.run_module("sitebuild", *arguments, **environment)

    def run_module(
        self, module: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return command_server().run(module, [*arguments], self.root, _environment(environment))

    def start(self, *arguments: str, **settings: object) -> subprocess.Popen[str]:
        """Start `python -m sitebuild` as a shell does."""
        return subprocess.Popen(
            [sys.executable, "-m", "sitebuild", *arguments],
            cwd=self.root,
            env=_environment({}),
            text=True,
            **settings,
        )

    def refused(self, *arguments: str) -> str:
        """The messages with which sitebuild refuses the project before it runs anything. In this
        process, where that takes a moment.
        """
        stderr, ran = io.StringIO(), mock.Mock(side_effect=AssertionError("it was not refused"))
        nothing_runs = (
            mock.patch.object(build, "mkdocs", ran),
            mock.patch.object(serve, "_run", ran),
            mock.patch.object(runner, "run", ran),
        )
        with contextlib.ExitStack() as within:
            for each in (
                *nothing_runs,
                contextlib.chdir(self.root),
                contextlib.redirect_stderr(stderr),
            ):
                within.enter_context(each)
            assert main([*arguments]) == 1
        return stderr.getvalue()

    def verified(self, name: str, python: str) -> None:
        """Say that a Python ran the example as it is."""
        every, held = examples.find(self.project), verified.load(self.project)
        verified.add(held, every[f"chapter/{name}"], python)
        verified.store(self.project, held, every)

    def read(self, page: str = "index.html") -> str:
        return (self.root / "site" / page).read_text(encoding="utf-8")


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "NO_MKDOCS_2_WARNING": "1",
        "AWAITED_SITE": "http://127.0.0.1:8000/",
        **more,
    }


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
