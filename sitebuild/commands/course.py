"""The site as `make serve` shows it: built once, and then only what a save changes.

In:  a project, and what is saved in it. Out: a built site, which is what a build makes of it.

What is built anew is decided by digests: of a page's text and of all that its panels are made of;
of all that an example's own page is made of. Everything is, where front matter, the glossary,
settings or the theme's templates change, or a file comes or goes.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from mkdocs.exceptions import Abort

import loopscope

from ..content import examples, layout, pages
from ..content.files import read_text
from ..content.pages import Page
from ..problem import Problem
from ..project import Project
from ..records import cache, runner, verified
from ..records.server_pool import ServerPools
from ..rendering import example_pages, stand_ins, terms
from ..rendering.kept import digest
from ..rendering.maker import Maker
from . import build, finish
from .live_engine import LiveEngine

Seen = dict[Path, tuple[int, int]]
"""Of each file when it changed last, and its size."""


class CodeChangedError(Exception):
    """Our own code changed, which this process has loaded."""


class Course:
    """The site of a project.

    Args:
        project: What is built.
        folder: Where.
        pools: What its examples run in.
    """

    def __init__(self, project: Project, folder: Path, pools: ServerPools) -> None:
        self.project = project
        self.site: Path | None = None  # as it is shown; another folder after each full build
        root = project.root
        self._code = [Path(loopscope.__file__).parent, Path(__file__).parent.parent]
        self._settings = [root / "mkdocs.yml", root / "redirects.txt"]
        self.watched = [
            *(project.docs, project.examples, root / "overrides"),
            *(file for file in self._settings if file.exists()),
            *self._code,
        ]
        self._folder, self._pools = folder, pools
        self._seen: Seen = {}
        self._changed: set[Path] = set()  # and not shown yet
        self._secret = secrets.token_hex(16)
        self._count = 0
        self._replaced: Path | None = None

    def build(self) -> list[Problem]:
        """Build everything. Gives what is wrong; where there is a site, it can be shown.

        Raises:
            ProjectError: A file is not as it must be. The site stays as it was.
        """
        self._changed |= self._look()
        maker = build.ready(self.project, self._pools)
        self._count += 1
        site = self._folder / f"site-{self._count}"
        os.environ[stand_ins.VARIABLE] = self._secret
        engine = LiveEngine(self.project.root / "mkdocs.yml", site)
        try:
            engine.build()
        except (Abort, SystemExit):
            shutil.rmtree(site, ignore_errors=True)
            return [Problem("mkdocs.yml", "MkDocs found something wrong, which it said above")]
        except BaseException:
            shutil.rmtree(site, ignore_errors=True)
            raise
        prepared = example_pages.prepare(maker)
        shown = [(page, maker.panels(page)[0]) for page in maker.pages]
        problems = finish.finish(self.project, site, self._secret, shown, prepared)
        # The server shows the one before until this returns, so the next build removes it.
        old, self._replaced, self.site = self._replaced, self.site, site
        self._maker, self._engine = maker, engine
        self._pages = {page.path: self._page_digest(maker, page) for page in maker.pages}
        self._examples = self._example_digests(maker)
        self._changed.clear()
        maker.kept.prune()
        if old is not None:
            shutil.rmtree(old)
        return problems

    def update(self) -> list[Problem]:
        """Build what was saved. Gives what is wrong with it.

        Raises:
            ProjectError: A file is not as it must be. The site stays as it was.
            CodeChangedError: It is ours.
        """
        self._changed |= self._look()
        if any(path.is_relative_to(code) for path in self._changed for code in self._code):
            raise CodeChangedError
        if not self._changed:
            return []
        maker = self._renewed()
        if maker is None or not self._show(maker):
            return self.build()
        self._changed.clear()
        return []

    def _look(self) -> set[Path]:
        """What changed since the last look."""
        before, self._seen = self._seen, dict(self._files())
        return {
            path
            for path in before.keys() | self._seen.keys()
            if before.get(path) != self._seen.get(path)
        }

    def _files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for watched in (*self.watched, *self._settings):
            for folder, inside, names in os.walk(watched):
                inside[:] = [name for name in inside if name != "__pycache__"]
                for name in names:
                    yield from _state(Path(folder, name))
            if not watched.is_dir():
                yield from _state(watched)

    def _renewed(self) -> Maker | None:
        """Return what makes panels of the files as they are now; None where all must be built."""
        project, old = self.project, self._maker
        every, course = dict(old.every), {page.path: page for page in old.pages}
        names: set[str] = set()
        for path in self._changed:
            if path in course and path.exists():
                page = pages.read(project, path)
                if page.front_matter != course[path].front_matter or _is_glossary(project, path):
                    return None
                course[path] = page
            elif path.parent.parent == project.examples and path.suffix in (".py", ".sh", ".out"):
                name = f"{path.parent.name}/{path.name.partition('.')[0]}"
                if name not in every:
                    return None
                names.add(name)
                names |= {
                    other.name
                    for other in every.values()
                    if other.shell and path in examples.mentioned_files(other)
                }
            elif path != project.examples / verified.FILE:
                return None
        if any(not every[name].path.exists() for name in names) or layout.check_examples(project):
            return None  # a full build says what is wrong
        if any(call.name not in every for page in course.values() for call in page.calls):
            return None
        every |= {name: examples.read(every[name].path, project) for name in names}
        maker = Maker(project, every, list(course.values()))
        variants = cache.all_variants(every, maker.pages)
        new = [e for e in variants if e.name in names or not old.knows(e)]
        stale = cache.find_stale_among(new, project)
        runner.run(stale, project, pools=self._pools)
        changed = names | {example.name for example in stale}
        maker.adopt(
            old, set(every) if project.examples / verified.FILE in self._changed else changed
        )
        return maker

    def _show(self, maker: Maker) -> bool:
        """Bring the site up to date; False where all must be built."""
        assert self.site is not None
        built = {page.path: self._page_digest(maker, page) for page in maker.pages}
        for page in maker.pages:
            if built[page.path] != self._pages[page.path]:
                source = page.path.relative_to(self.project.docs).as_posix()
                if not self._engine.render(source):
                    return False
                file = self.site / page.address / "index.html"
                finish.fill_page(file, self._secret, maker.panels(page)[0])
        if built != self._pages:
            self._engine.complete()
        made = self._example_digests(maker)
        places = example_pages.places(maker)
        changed = [name for name in made if made[name] != self._examples[name]]
        example_pages.write(
            self.site, [example_pages.prepare_one(maker, name, places[name]) for name in changed]
        )
        if changed:
            example_pages.write_zip(self.site, maker.every.values())
        self._maker, self._pages, self._examples = maker, built, made
        return True

    def _page_digest(self, maker: Maker, page: Page) -> str:
        panels = [[str(call), maker.made_of(maker.variant(call))] for call in page.calls]
        return digest([read_text(self.project, page.path), panels])

    def _example_digests(self, maker: Maker) -> dict[str, str]:
        return {
            name: digest(example_pages.made_of(maker, name, place))
            for name, place in example_pages.places(maker).items()
        }


def _state(path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    try:
        found = path.lstat()
    except OSError:  # gone by now
        return
    yield path, (found.st_mtime_ns, found.st_size)


def _is_glossary(project: Project, path: Path) -> bool:
    """Whether other pages link to what stands on a page."""
    return path == project.docs / f"{terms.PLACE}.md"
