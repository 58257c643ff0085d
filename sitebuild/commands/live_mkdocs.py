"""Runs MkDocs in this process, so that single pages can be rebuilt."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment
from mkdocs import utils
from mkdocs.commands.build import build, get_context
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation


class LiveMkDocs:
    """MkDocs, for as long as its settings, its navigation and its theme do not change.

    Args:
        settings: The path of mkdocs.yml.
        site: The folder to build the site in.
    """

    def __init__(self, settings: Path, site: Path) -> None:
        self._config = load_config(config_file=str(settings), site_dir=str(site))
        self._state = _StatePlugin()
        self._config.plugins["awaited-state"] = self._state
        self._config.plugins.on_startup(command="serve", dirty=False)

    def build(self) -> None:
        """Build the complete site.

        Raises:
            mkdocs.exceptions.Abort: The build failed; MkDocs has logged why.
        """
        build(self._config)

    def render(self, source: str) -> bool:
        """Rebuild one page in the way of MkDocs's own build.

        Args:
            source: The path of its file, relative to the folder of the pages.

        Returns:
            Whether the page was rebuilt. If not, its title or its metadata changed, which other
            pages may show, so the site must be built completely.
        """
        config, state, plugins = self._config, self._state, self._config.plugins
        file = state.files.get_file_from_path(source)
        if file is None or file.page is None:
            return False
        page = file.page
        before = page.title, dict(page.meta)
        page = plugins.on_pre_page(page, config=config, files=state.files)
        page.read_source(config)
        page.markdown = plugins.on_page_markdown(
            page.markdown or "", page=page, config=config, files=state.files
        )
        page.render(config, state.files)
        page.content = plugins.on_page_content(
            page.content or "", page=page, config=config, files=state.files
        )
        if (page.title, page.meta) != before:
            return False
        page.active = True
        try:
            pages = state.files.documentation_pages()
            context = get_context(state.nav, pages, config, page)
            template = state.env.get_template(page.meta.get("template", "main.html"))
            context = plugins.on_page_context(context, page=page, config=config, nav=state.nav)
            output = plugins.on_post_page(template.render(context), page=page, config=config)
        finally:
            page.active = False
        utils.write_file(output.encode("utf-8", errors="xmlcharrefreplace"), file.abs_dest_path)
        page.validate_anchor_links(files=state.files, log_level=config.validation.links.anchors)
        return True


class _NoSettings(Config):  # type: ignore[no-untyped-call]  # MkDocs is only partly typed
    """The settings of a plugin that has none. MkDocs does not accept `Config` itself."""


class _StatePlugin(BasePlugin[_NoSettings]):  # type: ignore[no-untyped-call]  # as above
    """Keeps the state of a build of MkDocs.

    It must be the last plugin, so that MkDocs calls it after the others.

    Attributes:
        files: MkDocs's files.
        nav: The navigation.
        env: The environment of the theme's templates.
    """

    files: Files
    nav: Navigation
    env: Environment

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep the templates and files."""
        self.env, self.files = env, files
        return env

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation."""
        self.nav = nav
        return nav
