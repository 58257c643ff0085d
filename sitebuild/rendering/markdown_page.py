"""Makes the Markdown version of a page: its text, with what the programs printed.

What only the site's engine understands is replaced: blocks that show examples become their panels
as Markdown, folds become plain text below a question, links lead to the Markdown of other pages.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Iterator, Sequence

from ..content.front_matter import parse_front_matter
from ..content.pages import Page
from ..project import public_address
from .metadata import LICENSE

_BLOCK = "\0"  # marks the place of a block; no page has this character
_INDENT = "    "
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_FOLD = re.compile(r'(?:\?\?\?\+?|!!!) (\w+)(?: "(.*)")?$')
_ATTRIBUTES = re.compile(r" *\{ ?[#.:][^}\n]*\}$")
_LAYOUT = re.compile(r"</?div[^>]*>$")
_EXAMPLE_LINK = re.compile(r'<a href="(?:\.\./)*(examples/[a-z0-9_/]+)">(.*?)</a>')
_LINK = re.compile(r"\]\((?![a-z]+:|#|/)([^)#\s]+)(#[^)\s]*)?\)")
_DARK_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*#only-dark\)$")


def markdown_page(page: Page, text: str, panels: Sequence[str]) -> str:
    """Return the Markdown version of a page.

    Args:
        page: The page.
        text: The text of its file.
        panels: The panel of each call of `show` on it as Markdown, in order.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    rest, blocks = iter(panels), []
    for block in page.blocks:
        blocks.append("\n\n".join(next(rest) for _ in block.calls))
    for number, block in reversed(list(enumerate(page.blocks))):
        first = lines[block.first - 1]
        indent = first[: len(first) - len(first.lstrip())]
        lines[block.first - 1 : block.last] = [f"{indent}{_BLOCK}{number}"]
    body = parse_front_matter("\n".join(lines))[1]
    plain = "\n".join(_plain(body.split("\n"), page))
    filled = re.sub(rf"{_BLOCK}(\d+)", lambda found: blocks[int(found[1])], plain)
    return f"{filled.strip()}\n{foot(page.address)}"


def foot(address: str) -> str:
    """Return the lines below the Markdown of a page that say where it comes from."""
    public = public_address()
    source = f"{public}{address}, " if public else ""
    return f"\n---\n\nFrom Awaited: {source}text under [CC BY 4.0]({LICENSE}), code under MIT-0.\n"


def _plain(lines: list[str], page: Page) -> Iterator[str]:
    """Yield lines of a page without what only the site's engine understands."""
    rest = deque(lines)
    fence = ""  # of the block of code that is open
    while rest:
        line = rest.popleft()
        ticks = _FENCE.match(line)
        if fence or ticks:
            opens = ticks[1] if ticks and not fence else fence
            fence = "" if fence and line.strip() == fence else opens
            yield line
        elif fold := _FOLD.match(line):
            inside = []
            while rest and (not rest[0].strip() or rest[0].startswith(_INDENT)):
                inside.append(rest.popleft().removeprefix(_INDENT))
            yield f"**{fold[1].capitalize()}: {_inline(fold[2] or '', page)}**"
            yield from _plain(inside, page)
        elif not _LAYOUT.match(line) and not _DARK_PICTURE.match(line):
            text = _ATTRIBUTES.sub("", line)
            if text or not line:  # a line of attributes alone is left out
                yield _inline(text, page)


def _inline(text: str, page: Page) -> str:
    """Return a line of text whose links lead to Markdown."""
    text = _EXAMPLE_LINK.sub(lambda found: f"[{found[2]}]({_to(page, f'{found[1]}/')})", text)
    return _LINK.sub(lambda found: f"]({_target(page, found[1])}{found[2] or ''})", text)


def _target(page: Page, link: str) -> str:
    """Return where a link of a page leads from the page's Markdown version.

    Args:
        page: The page.
        link: The path of another page's file, or of a picture, relative to the page's file.
    """
    address = page.address.rstrip("/")
    folder = address if page.path.stem == "index" else posixpath.dirname(address)
    file = posixpath.normpath(posixpath.join(folder, link))
    if not file.endswith(".md"):
        return posixpath.relpath(file, address or ".")
    return _to(page, re.sub(r"(?:(?:^|/)index)?\.md$", "/", file).lstrip("/"))


def _to(page: Page, address: str) -> str:
    """Return the path from a page's Markdown version to that of the page at an address."""
    return posixpath.relpath(f"{address}index.md", page.address or ".")
