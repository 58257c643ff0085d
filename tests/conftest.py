"""What tests share: the project, its records, a built copy of its site, a browser that looks at it."""

from __future__ import annotations

import compileall
import functools
import gzip
import http.server
import os
import py_compile
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from paths import PORT, ROOT
from sample_project import SampleProject
from scopes import LONGEST, scope_of

from loopscope.trace.model import Trace
from sitebuild.commands import build
from sitebuild.content import examples
from sitebuild.project import Project
from sitebuild.records import cache, runner


def pytest_configure() -> None:
    """Compile our modules once, for the hundreds of interpreters that tests start.

    They may not keep what they compile (PYTHONDONTWRITEBYTECODE, a sandbox), and it is up to a
    quarter of their start. A hash says whether compiled code is still that of its source, since a
    mutant may have been put in and taken out within a second.
    """
    if not _SHARED:
        for package in ("loopscope", "sitebuild"):
            compileall.compile_dir(
                ROOT / package,
                quiet=2,
                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
            )


@pytest.fixture
def sample(tmp_path: Path) -> SampleProject:
    return SampleProject(tmp_path)


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(ROOT)


@pytest.fixture(scope="session")
def every(project: Project) -> dict[str, examples.Example]:
    return examples.find(project)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In which order tests run.

    A process that is alone takes the tests of what is made meanwhile last. Of several (`-n 2`) each
    begins with the files that take longest, so that they end together.
    """
    if not _SHARED:
        items.sort(key=_of_the_site)
        return
    items.sort(key=_turn)


_SHARED = "PYTEST_XDIST_WORKER" in os.environ


def _turn(item: pytest.Item) -> int:
    scope = scope_of(item.nodeid)
    if scope in LONGEST:
        return LONGEST.index(scope)
    # pages come last: there are many, so they fill whatever time is left
    return len(LONGEST) + ("::" in scope)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a process a file at a time, so that what a file's tests share is made once.

    pytest-xdist's own `--dist loadgroup` would do, but for pytest 9.2: it takes no notice of the
    groups there.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

    config.option.loadscopereorder = False  # they stand in order already
    return ByFile(config, log)


def _of_the_site(item: pytest.Item) -> bool:
    return not {*_BESIDE, "traces"}.isdisjoint(getattr(item, "fixturenames", ()))


def _real_clock(project: Project, folder: Path) -> dict[str, Trace]:
    every = examples.find(project).values()
    return runner.run(
        [example for example in every if example.clock == "virtual" and not example.shell],
        project,
        clock="real",
    )


def _site(project: Project, folder: Path) -> Path:
    problems = build.build(project, folder)
    assert not problems, "\n".join(map(str, problems))
    return folder


_BESIDE = {"site": _site, "on_the_real_clock": _real_clock}
"""What takes long and need not be waited for: it is begun with the first test, one after the other.
"""


class Beside:
    """Makes what many tests look at, once, while others run."""

    def __init__(self, project: Project, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._project, self._folder, self._pool = project, folder, pool
        self._begun: dict[str, Future] = {}

    def begin(self, name: str) -> Future:
        if name not in self._begun:
            self._begun[name] = self._pool.submit(_BESIDE[name], self._project, self._folder)
        return self._begun[name]

    def wait_for(self, name: str) -> None:
        """Wait until that is made, if it has been begun."""
        if name in self._begun:
            self._begun[name].result()


@pytest.fixture(scope="session", autouse=True)
def beside(
    request: pytest.FixtureRequest, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beside]:
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ThreadPoolExecutor(1) as pool:
        made = Beside(project, tmp_path_factory.mktemp("built") / "site", pool)
        if not _SHARED:  # else most processes never come to a test that needs it
            for name in _BESIDE:
                if name in wanted:
                    made.begin(name)
        yield made
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def site(beside: Beside) -> Path:
    """The site, built by the front door."""
    return beside.begin("site").result()


@pytest.fixture(scope="session")
def on_the_real_clock(beside: Beside) -> dict[str, Trace]:
    """Every virtual example, run once more on the real clock, all at once."""
    return beside.begin("on_the_real_clock").result()


@pytest.fixture(scope="session")
def traces(
    project: Project, every: dict[str, examples.Example], beside: Beside
) -> dict[str, Trace | None]:
    """What each example did, on the clock that it declares; None where no Python here can run it."""
    beside.wait_for("site")  # whose build runs what is stale
    runner.run(cache.find_stale(project), project)
    return {name: cache.load(example, project) for name, example in every.items()}


class _Handler(http.server.SimpleHTTPRequestHandler):
    """As a plain host of static files does it: gzip, and 404.html."""

    def send_head(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        data = (path if found else Path(self.directory) / "404.html").read_bytes()
        packed = gzip.compress(data, 6, mtime=0)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(path)) if found else "text/html")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site can be visited."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", PORT), functools.partial(_Handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A real Chromium. Where there is none these tests are skipped, and say so; not in CI."""
    found = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if found is None:
        message = "there is no Chromium here (install one, or name it in CHROMIUM)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
