"""MkDocs in this process, whose pages can be built anew one at a time.

In:  MkDocs's settings. Out: the built site; later single pages of it, and the search index.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs import utils
from mkdocs.commands.build import build, get_context
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext


class LiveEngine:
    """MkDocs, for as long as its settings, its navigation and its theme stay as they are.

    Args:
        settings: MkDocs's file.
        site: Where the site is built.
    """

    def __init__(self, settings: Path, site: Path) -> None:
        self._config = load_config(config_file=str(settings), site_dir=str(site))
        self._kept = _Keep()
        self._config.plugins["awaited-keep"] = self._kept
        self._config.plugins.on_startup(command="serve", dirty=False)

    def build(self) -> None:
        """Build the site.

        Raises:
            mkdocs.exceptions.Abort: Something is wrong with it, and was logged.
        """
        build(self._config)

    def render(self, source: str) -> bool:
        """Build one page anew, as MkDocs's own build does it.

        Args:
            source: Its file, from the folder of the pages.

        Returns:
            Whether that is all. If not, other pages show something of this one that has changed,
            and it was not built.
        """
        config, kept, plugins = self._config, self._kept, self._config.plugins
        file = kept.files.get_file_from_path(source)
        if file is None or file.page is None:
            return False
        page = file.page
        before = page.title, dict(page.meta)
        page = plugins.on_pre_page(page, config=config, files=kept.files)
        page.read_source(config)
        page.markdown = plugins.on_page_markdown(
            page.markdown or "", page=page, config=config, files=kept.files
        )
        page.render(config, kept.files)
        page.content = plugins.on_page_content(
            page.content or "", page=page, config=config, files=kept.files
        )
        if (page.title, page.meta) != before:
            return False
        page.active = True
        try:
            pages = kept.files.documentation_pages()
            context = get_context(kept.nav, pages, config, page)
            template = kept.env.get_template(page.meta.get("template", "main.html"))
            context = plugins.on_page_context(context, page=page, config=config, nav=kept.nav)
            output = plugins.on_post_page(template.render(context), page=page, config=config)
        finally:
            page.active = False
        utils.write_file(output.encode("utf-8", errors="xmlcharrefreplace"), file.abs_dest_path)
        page.validate_anchor_links(files=kept.files, log_level=config.validation.links.anchors)
        return True

    def complete(self) -> None:
        """Do what MkDocs's plugins do once all pages are built: write the search index."""
        self._kept.order_search()
        self._config.plugins.on_post_build(config=self._config)


class _NoSettings(Config):  # type: ignore[no-untyped-call]  # MkDocs does not type all it has
    """The settings of a plugin that has none. MkDocs does not accept `Config` itself."""


class _Keep(BasePlugin[_NoSettings]):  # type: ignore[no-untyped-call]  # as above
    """Keeps what MkDocs made of the settings, and whose entries stand in the search index.

    It is the last plugin, so that the others have been asked before.
    """

    files: Files
    nav: Navigation
    env: Environment

    def __init__(self) -> None:
        super().__init__()
        self._search: Any = None
        self._known = 0
        self._entries: dict[
            str, list[dict[str, Any]]
        ] = {}  # of each page, in the order of the pages

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        self.env, self.files = env, files
        # the theme's plugin makes its index anew for each build
        found = (getattr(plugin, "search_index", None) for plugin in config.plugins.values())
        self._search = next((index for index in found if hasattr(index, "entries")), None)
        return env

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        if self._search is not None:
            self._entries[page.file.src_uri] = self._search.entries[self._known :]
            self._known = len(self._search.entries)
        return context

    def order_search(self) -> None:
        """Put the entries of pages that were built again in the place of their old ones."""
        if self._search is not None:
            self._search.entries = [entry for page in self._entries.values() for entry in page]
            self._known = len(self._search.entries)
