"""`python -m sitebuild …` in a process of its own, without what it costs to start an interpreter.

In:  arguments, a folder, an environment. Out: what the command wrote, and its exit status.

A process imports everything that sitebuild and MkDocs need, once, and forks for each command. The
fork has the folder, environment and streams that a new interpreter would have, and knows nothing of
the commands before it. MkDocs gets a process of its own, as always. How a build starts and ends its
processes, and what they inherit, is for tests that start `python -m sitebuild` itself.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from paths import ROOT


class CommandServer:
    """Runs commands of sitebuild, one at a time."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="command-server-")
        self._process = subprocess.Popen(
            [sys.executable, __file__, self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
            start_new_session=True,
        )
        atexit.register(self._close)

    def run(
        self,
        module: str,
        arguments: list[str],
        folder: Path,
        environment: dict[str, str],
        seconds: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Do what `python -m MODULE ARGUMENTS` does, as `subprocess.run` with its output captured.

        `module` is "sitebuild", "mkdocs" or one of the tests'.
        """
        job = [module, arguments, str(folder), environment]
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            os.killpg(self._process.pid, signal.SIGKILL)
            command_server.cache_clear()
            raise subprocess.TimeoutExpired(arguments, seconds)
        status = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(arguments, status, *_written(Path(self._folder.name)))

    def _close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()


@functools.cache
def command_server() -> CommandServer:
    """The one of this process, which starts when it is first wanted."""
    return CommandServer()


def _written(folder: Path) -> tuple[str, str]:
    """What a command wrote to stdout and stderr."""
    return tuple(
        (folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err")
    )


# In the process that forks


def _serve(folder: Path) -> None:
    _import_all()
    _keep_compiled_templates(folder)
    gc.freeze()  # else a fork copies all memory when it looks for garbage
    for line in sys.stdin:
        job = json.loads(line)
        status = _wait_for(_fork(lambda job=job: _do(folder, *job), folder))
        print(status, flush=True)


def _import_all() -> None:
    for module in (
        "markdown_exec",
        "material.plugins.search.plugin",
        "pymdownx.details",
        "pymdownx.inlinehilite",
        "rich.console",
        "rich.progress",
        "sitebuild.rendering.fence",
        "sitebuild.rendering.terms",
    ):
        importlib.import_module(module)
    for package in ("sitebuild", "mkdocs"):
        importlib.import_module(f"{package}.__main__")
        del sys.modules[f"{package}.__main__"]  # each command runs it anew


def _keep_compiled_templates(folder: Path) -> None:
    """The theme's templates are the same for every site; compiling them is most of what MkDocs
    does for a page.
    """
    from jinja2 import FileSystemBytecodeCache
    from mkdocs.theme import Theme

    kept, get_env = FileSystemBytecodeCache(str(folder)), Theme.get_env

    def with_cache(self: Theme) -> object:
        environment = get_env(self)
        environment.bytecode_cache = kept
        return environment

    Theme.get_env = with_cache


def _fork(do: Callable[[], None], folder: Path) -> int:
    """Do something in a process of its own that writes into a folder's files."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for name, descriptor in (("out", 1), ("err", 2)):
            file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        try:
            do()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _wait_for(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _enter(folder: str, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)


def _do(folder: Path, module: str, arguments: list[str], root: str, environment: dict) -> None:
    if module == "sitebuild":
        from sitebuild.commands import build

        build.mkdocs = _mkdocs_beside(folder / "mkdocs")
    _enter(root, environment)
    _run_module(module, arguments)


def _run_module(module: str, arguments: list[str]) -> None:
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _mkdocs_beside(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """What runs MkDocs: a process that is forked now, while this one has no threads."""
    from sitebuild.commands import mkdocs_process

    folder.mkdir(exist_ok=True)
    reading, writing = os.pipe()

    def wait_and_run() -> None:
        os.close(writing)
        with open(reading) as told:
            text = told.read()
        if text:
            arguments, root, environment = json.loads(text)
            _enter(root, environment)
            _run_module("mkdocs", arguments)

    pid = _fork(wait_and_run, folder)
    os.close(reading)

    def mkdocs(
        project: object,
        *arguments: str,
        inherit: tuple[int, ...] = (),
        stand_ins: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        environment = mkdocs_process.environment() | (stand_ins or {})
        told = [arguments, str(project.root), environment]
        os.write(writing, json.dumps(told).encode())
        os.close(writing)
        return subprocess.CompletedProcess(arguments, _wait_for(pid), *_written(folder))

    return mkdocs


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
