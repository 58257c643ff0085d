"""Turns a built site into one that works from disk, where no server answers.

There, a link to a folder shows a list of files, an address that begins with a slash leads to the
top of the disk, and browsers refuse to load modules and to fetch data. So links name files, all
addresses are relative, and `offline.js` loads modules and data in another way.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..project import base_path
from .templating import render

LOADER = "assets/offline.js"
"""The path of the script that every page loads first."""

_LEFT_OUT = re.compile(r"404\.html|sitemap.*\.xml(?:\.gz)?|robots\.txt")
_ROOT_MARK = "OFFLINE_ROOT/"  # in data: the script puts the folder of the copy in its place
_TAG = re.compile(
    r"""<[a-zA-Z][^\s>/]*(?:\s+[^\s=>/]+(?:=(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*\s*/?>"""
)
_ADDRESS = re.compile(r'(\s(?:href|src|data-record)=")([^"]*)(?=")')
_MODULE = re.compile(r'<script(?=[^>]* type="module")[^>]* src="([^"]*)"[^>]*></script>')
_CONFIG = re.compile(r'(?<=<script id="__config" type="application/json">).*?(?=</script>)')
_SCOPE = re.compile(r'(?<=new URL\(")(/[^"]*)(?=",location\))')
_HEAD = re.compile(r'<meta charset="utf-8">', re.IGNORECASE)
_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)">')


def offline_files(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file of the copy, sorted by the paths in the site.

    Args:
        site: The built site.
    """
    files = sorted(path for path in site.rglob("*") if path.is_file())
    names = {path.relative_to(site).as_posix() for path in files}
    modules: dict[str, str] = {}
    for path in files:
        name = path.relative_to(site).as_posix()
        if _LEFT_OUT.fullmatch(name):
            continue
        if name.endswith(".html"):
            html, used = offline_page(path.read_text(encoding="utf-8"), name, names)
            modules |= dict.fromkeys(used, "")
            yield name, html.encode()
        elif name.endswith(".json"):
            yield f"{name}.js", _data(path.read_text(encoding="utf-8")).encode()
        else:
            yield name, path.read_bytes()
    folders = {posixpath.dirname(module) for module in modules}
    texts = {
        name: (site / name).read_text(encoding="utf-8")
        for name in sorted(names)
        if name.endswith(".js") and posixpath.dirname(name) in folders
    }
    yield LOADER, _loader(texts).encode()


def offline_page(html: str, file: str, files: Collection[str]) -> tuple[str, list[str]]:
    """Return a page that works from disk, and the modules that it loads.

    Args:
        html: The page.
        file: Its path on the site.
        files: The paths of all files of the site.
    """
    folder = posixpath.dirname(file)

    def relative(address: str) -> str:
        target = _target(address, folder, files)
        return address if target is None else posixpath.relpath(target, folder or ".")

    moved = _REFRESH.search(html)
    if moved:  # a script and a link lead to the same address
        return html.replace(f'"{moved[1]}"', f'"{relative(moved[1])}"').replace(
            f"url={moved[1]}", f"url={relative(moved[1])}"
        ), []
    modules = [
        target
        for address in _MODULE.findall(html)
        if (target := _target(address, folder, files)) is not None
    ]
    html = _MODULE.sub("", html)
    html = _TAG.sub(lambda tag: _rewrite(tag[0], relative), html)
    html = _CONFIG.sub(lambda config: _configure(config[0], folder), html)
    html = _SCOPE.sub(lambda scope: posixpath.relpath(".", folder or "."), html)
    html = html.replace("script-src 'self'", "script-src 'self' blob:")
    loader = render(
        "offline.html.jinja",
        address=posixpath.relpath(LOADER, folder or "."),
        modules=" ".join(modules),
    )
    return _HEAD.sub(lambda charset: f"{charset[0]}{loader}", html, count=1), modules


def _rewrite(tag: str, relative: Callable[[str], str]) -> str:
    """Return a tag with relative addresses."""
    return _ADDRESS.sub(lambda found: f"{found[1]}{relative(found[2])}", tag)


def _target(address: str, folder: str, files: Collection[str]) -> str | None:
    """Return where an address of the site leads: the path of a file, with query and anchor.

    Args:
        address: The address, as a page names it.
        folder: The folder of the page.
        files: The paths of all files of the site.

    Returns:
        The path. None if the address leads elsewhere, or to a part of the same page.
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path, base = unquote(parts.path), base_path()
    if path.startswith("/"):
        if not path.startswith(base):
            return None
        path = path[len(base) :]
    else:
        path = posixpath.join(folder, path)
    path = posixpath.normpath(path).removeprefix("./")
    page = posixpath.normpath(posixpath.join(path, "index.html"))
    target = page if page in files else path
    return parts._replace(path=target).geturl()


def _configure(config: str, folder: str) -> str:
    """Return the theme's settings with the folder of the copy as the site's root."""
    settings = json.loads(config)
    settings["base"] = posixpath.relpath(".", folder or ".")
    return json.dumps(settings).replace("<", "\\u003c")


def _data(text: str) -> str:
    """Return a data file (JSON) as a script that hands it over as text."""
    page = re.compile(rf'("page": ?"){re.escape(base_path())}([a-z0-9_/]+/)(?=")')
    marked = page.sub(rf"\g<1>{_ROOT_MARK}\g<2>index.html", text)
    return f"offlineFile = {json.dumps(marked)};\n"


def _loader(modules: Mapping[str, str]) -> str:
    """Return the script that every page loads first."""
    text = Path(__file__).with_name("offline.js").read_text(encoding="utf-8")
    return text.replace('"MODULES"', json.dumps(modules))
