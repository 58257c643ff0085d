"""Builds the site for `make serve`: once completely, then only what a save changes.

The result is the same as that of a complete build. Digests decide what is rebuilt: a page when its
text or the inputs of its panels change, and an example's own page when its inputs do. Everything is
rebuilt when front matter, the glossary, settings or the theme's templates change, and when a file
is added or removed.
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
from ..rendering import (
    example_files,
    example_pages,
    example_places,
    gallery,
    not_found,
    search_data,
    stand_ins,
    terms,
)
from ..rendering.maker import Maker
from ..rendering.render_cache import digest
from ..rendering.see_also import SeeAlso
from ..rendering.surroundings import Surroundings
from . import build, finish
from .live_mkdocs import LiveMkDocs

FileStates = dict[Path, tuple[int, int]]
"""The modification time (in nanoseconds) and the size of each file."""


class CodeChangedError(Exception):
    """The code of sitebuild or loopscope changed, which this process has already loaded."""


class Course:
    """The site of a project, kept up to date.

    Args:
        project: The project.
        folder: The folder to build in.
        pools: The pools that its examples run in.

    Attributes:
        project: The project.
        site: The folder of the current site, a new one after each complete build; None before the
            first.
        watched: The files and folders whose changes matter.
    """

    def __init__(self, project: Project, folder: Path, pools: ServerPools) -> None:
        self.project = project
        self.site: Path | None = None
        root = project.root
        self._code = [Path(loopscope.__file__).parent, Path(__file__).parent.parent]
        self._settings = [root / name for name in ("mkdocs.yml", "redirects.txt", "changes.txt")]
        self.watched = [
            *(project.docs, project.examples, root / "overrides"),
            *(file for file in self._settings if file.exists()),
            *self._code,
        ]
        self._folder, self._pools = folder, pools
        self._states: FileStates = {}
        self._changed: set[Path] = set()  # since the site was last brought up to date
        self._secret = secrets.token_hex(16)
        self._count = 0
        self._replaced: Path | None = None

    def build(self) -> list[Problem]:
        """Build everything.

        Returns:
            The problems. Despite them there may be a new site, which can be shown.

        Raises:
            ProjectError: A source is wrong. The site is left as it was.
        """
        self._changed |= self._find_changes()
        maker = build.ready(self.project, self._pools)
        self._count += 1
        site = self._folder / f"site-{self._count}"
        os.environ[stand_ins.VARIABLE] = self._secret
        mkdocs = LiveMkDocs(self.project.root / "mkdocs.yml", site)
        try:
            mkdocs.build()
        except (Abort, SystemExit):
            shutil.rmtree(site, ignore_errors=True)
            return [Problem("mkdocs.yml", "MkDocs found something wrong, which it said above")]
        except BaseException:
            shutil.rmtree(site, ignore_errors=True)
            raise
        prepared = example_pages.prepare(maker)
        shown = [(page, maker.panels(page)[0]) for page in maker.pages]
        problems, self._searched = finish.finish(maker, site, self._secret, shown, prepared)
        # The server shows the one before until this returns, so the next build removes it.
        old, self._replaced, self.site = self._replaced, self.site, site
        self._maker, self._mkdocs = maker, mkdocs
        uses = gallery.find_uses(maker)
        self._entries = {
            one.example.name: gallery.Entry.of(one, uses[one.example.name]) for one in prepared
        }
        see_also = SeeAlso(self.project, maker.pages, uses)
        self._pages = {page.path: self._page_digest(maker, see_also, page) for page in maker.pages}
        self._examples = self._example_digests(maker)
        self._changed.clear()
        maker.cache.prune()
        if old is not None:
            shutil.rmtree(old)
        return problems

    def update(self) -> list[Problem]:
        """Build what has changed since the last call.

        Returns:
            The problems.

        Raises:
            ProjectError: A source is wrong. The site is left as it was.
            CodeChangedError: The code of sitebuild or loopscope changed.
        """
        self._changed |= self._find_changes()
        if any(path.is_relative_to(code) for path in self._changed for code in self._code):
            raise CodeChangedError
        if not self._changed:
            return []
        maker = self._make_maker()
        if maker is None or not self._update_site(maker):
            return self.build()
        self._changed.clear()
        return []

    def _find_changes(self) -> set[Path]:
        """Return the files that have changed since the last call."""
        before, self._states = self._states, dict(self._scan())
        return {
            path
            for path in before.keys() | self._states.keys()
            if before.get(path) != self._states.get(path)
        }

    def _scan(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """Return the state of each watched file."""
        for watched in (*self.watched, *self._settings):
            for folder, folders, names in os.walk(watched):
                folders[:] = [name for name in folders if name != "__pycache__"]
                for name in names:
                    yield from _state(Path(folder, name))
            if not watched.is_dir():
                yield from _state(watched)

    def _make_maker(self) -> Maker | None:
        """Return a maker for the files as they are now; None if everything must be rebuilt."""
        project, old = self.project, self._maker
        every, pages_by_path = dict(old.every), {page.path: page for page in old.pages}
        names: set[str] = set()
        for path in self._changed:
            if path in pages_by_path and path.exists():
                page, old_page = pages.read(project, path), pages_by_path[path]
                if page.front_matter != old_page.front_matter or _is_glossary(project, path):
                    return None
                pages_by_path[path] = page
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
            return None  # a complete build reports what is wrong
        calls = [call for page in pages_by_path.values() for call in page.calls]
        if any(name not in every for call in calls for name in call.names):
            return None
        every |= {name: examples.read(every[name].path, project) for name in names}
        maker = Maker(project, every, list(pages_by_path.values()))
        variants = cache.all_variants(every, maker.pages)
        candidates = [
            example for example in variants if example.name in names or not old.knows(example)
        ]
        stale = cache.find_stale_among(candidates, project)
        runner.run(stale, project, pools=self._pools)
        changed = names | {example.name for example in stale}
        maker.adopt(
            old, set(every) if project.examples / verified.FILE in self._changed else changed
        )
        return maker

    def _update_site(self, maker: Maker) -> bool:
        """Rebuild the pages that have changed; return False if everything must be rebuilt."""
        assert self.site is not None
        uses = gallery.find_uses(maker)
        # a draft has no public address
        surroundings = Surroundings(maker, {}, uses, feed=False)
        digests, places = self._example_digests(maker), example_places.places(maker)
        changed = [name for name in digests if digests[name] != self._examples[name]]
        prepared = [example_pages.prepare_one(maker, name, places[name]) for name in changed]
        entries = self._entries | {
            one.example.name: gallery.Entry.of(one, uses[one.example.name]) for one in prepared
        }
        page_digests = {
            page.path: self._page_digest(maker, surroundings.see_also, page) for page in maker.pages
        }
        for page in maker.pages:
            is_gallery = page.path == self.project.docs / example_pages.GALLERY
            if page_digests[page.path] != self._pages[page.path] or (
                is_gallery and entries != self._entries
            ):
                source = page.path.relative_to(self.project.docs).as_posix()
                if not self._mkdocs.render(source):
                    return False
                file = self.site / page.address / "index.html"
                html = file.read_text(encoding="utf-8")
                self._searched[page.path] = search_data.read_entry(page, html, maker)
                shown = maker.panels(page)[0]
                finish.fill_page(file, self._secret, shown, surroundings.around(page, shown))
                finish.write_markdown(self.project, page, file, shown)
                if is_gallery:
                    gallery.write(self.site, entries.values())
        if page_digests != self._pages:
            search_data.write(self.site, self.project, self._searched.values())
        example_files.write(self.site, prepared)
        if changed:
            example_files.write_zip(self.project, self.site, maker.every.values())
            not_found.write(self.site, maker.pages, maker.every.values())
            finish.write_discovery(maker, self.site)
        self._entries = entries
        self._maker, self._pages, self._examples = maker, page_digests, digests
        return True

    def _page_digest(self, maker: Maker, see_also: SeeAlso, page: Page) -> str:
        """Return a digest of everything that a page is made from."""
        panels = [
            [maker.made_of(maker.variant(call)), maker.options_made_of(call)] for call in page.calls
        ]
        return digest([read_text(self.project, page.path), panels, see_also.part(page)])

    def _example_digests(self, maker: Maker) -> dict[str, str]:
        """Return a digest of everything that each example's own page is made from."""
        return {
            name: digest(example_pages.made_of(maker, name, place))
            for name, place in example_places.places(maker).items()
        }


def _state(path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Return the state of a file, or nothing if it is gone."""
    try:
        status = path.lstat()
    except OSError:
        return
    yield path, (status.st_mtime_ns, status.st_size)


def _is_glossary(project: Project, path: Path) -> bool:
    """Return whether a page is the glossary, to whose terms other pages link."""
    return path == project.docs / f"{terms.PLACE}.md"
