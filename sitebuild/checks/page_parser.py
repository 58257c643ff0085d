"""Reads from a page's HTML, or from an SVG file, everything that the checks ask about.

The page is parsed by lexbor, which builds the same tree as a browser. Every element and attribute
is looked at once, so that a new kind of reference needs a line in `page_references` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .page_facts import PageFacts, Panel, Script
from .page_references import (
    LINK,
    LINK_ATTRIBUTES,
    REFERRING_ATTRIBUTES,
    Reference,
    attribute_references,
    meta_references,
    style_references,
)

TRACEBACK = "Traceback (most recent call last)"
"""The first line of a traceback."""

_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
# lexbor runs no scripts, so it parses the content of <noscript> as markup. A browser reads it as
# text, which may end at another place.
_OPAQUE = {"base", "template", "frameset", "frame", "portal", "noscript"}
_ATTRIBUTES = frozenset({"id", "data-example", "data-stand-in", "srcdoc", *REFERRING_ATTRIBUTES})
# Each of these loads a script either in HTML or in SVG, and means nothing in the other.
_SCRIPT_ADDRESSES = {"src", *LINK_ATTRIBUTES}
_ELEMENTS = frozenset({"style", "meta", "script", *_OPAQUE})
# These can change the address of a link.
_ANIMATING = {"animate", "animatemotion", "animatetransform", "set"}
# An attribute `on…` follows one of these characters. Most pages have none, so their elements need
# not be searched a second time.
_MAY_HANDLE = re.compile(r"""[\s/"']on[a-z]+\s*=|<(?:animate|set)""", re.IGNORECASE)


def parse_page(html: str, secret: str | None = None) -> PageFacts:
    """Parse a whole page.

    Args:
        html: The text of the page or of an SVG file.
        secret: What marks a stand-in as the build's own; None if the page has none.
    """
    tree = LexborHTMLParser(html)
    references: list[Reference] = []
    ids: list[str] = []
    headings: list[str] = []
    panels: list[LexborNode] = []
    stand_ins: list[LexborNode] = []
    opaque: list[str] = []
    scripts: list[Script] = []
    last = ""
    for node in tree.css("*"):
        tag, attributes = node.tag, node.attributes
        last = tag or ""
        if _ATTRIBUTES.isdisjoint(attributes) and tag not in _ELEMENTS:
            continue
        for name, value in attributes.items():
            if name == "id":
                if value:
                    ids.append(value)
                    if tag in _HEADINGS:
                        headings.append(value)
            elif tag == "a" and name == "href":  # by far the most frequent
                references.append(Reference("<a href>", value or "", LINK))
            elif name in _ATTRIBUTES:
                references += attribute_references(tag or "", name, value or "", attributes)
        if tag == "div" and "data-example" in attributes:
            panels.append(node)
        elif tag == "div" and secret is not None and attributes.get("data-stand-in") == secret:
            stand_ins.append(node)
        elif tag == "script":
            text = node.text()
            if text.strip() or attributes.keys().isdisjoint(_SCRIPT_ADDRESSES):
                kind = (attributes.get("type") or "").strip().lower()
                scripts.append(Script(kind, text, attributes.get("id") or ""))
        elif tag == "style":
            references += style_references("<style>", node.text())
        elif tag == "meta":
            references += meta_references(attributes)
        elif tag in _OPAQUE:
            opaque.append(f"<{tag}>")
        elif "srcdoc" in attributes:
            opaque.append(f"<{tag} srcdoc>")
    shown = tuple(_read_panel(node) for node in panels)
    handlers = tuple(_find_handlers(tree)) if _MAY_HANDLE.search(html) else ()
    calls = tuple(node.attributes.get("data-call") or "" for node in stand_ins)
    tracebacks, folded_tracebacks = _count_tracebacks(tree, [*panels, *stand_ins])
    return PageFacts(
        tuple(references),
        tuple(ids),
        tuple(headings),
        shown,
        tuple(opaque),
        tuple(scripts),
        handlers,
        tracebacks,
        folded_tracebacks,
        last,
        calls,
    )


def _find_handlers(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("*"):
        tag = node.tag or ""
        if tag.lower() in _ANIMATING:
            yield f"<{tag}>"
        yield from (f"<{tag} {name}>" for name in node.attributes if name.lower().startswith("on"))


def _read_panel(node: LexborNode) -> Panel:
    codes = [code.text() for code in node.css("code")]
    # A panel without code is a picture alone.
    texts = codes or [figure.text() for figure in node.css("figure")]
    return Panel(
        node.attributes["data-example"] or "",
        not texts or not all(text.strip() for text in texts),
        sum(bool(line.strip()) for code in codes for line in code.split("\n")),
    )


def _count_tracebacks(tree: LexborHTMLParser, panels: list[LexborNode]) -> tuple[int, int]:
    """Count the tracebacks outside panels: those in the open, and those in `<details>`.

    This removes panels and details from the tree.
    """
    root = tree.root
    if root is None or TRACEBACK not in root.text():
        return 0, 0
    for panel in panels:
        panel.decompose()
    outside = root.text().count(TRACEBACK)
    for details in tree.css("details"):
        details.decompose()
    in_the_open = root.text().count(TRACEBACK)
    return in_the_open, outside - in_the_open
