"""What a checker wants to know of a page.

In:  the HTML of a whole page, or an SVG file. Out: its references, ids, headings, panels and
     scripts, and tracebacks outside.

The page is read by lexbor, which builds the tree that a browser builds. Each element and each of
its attributes is looked at, once; nothing is left out beforehand, so that a new kind of reference
needs a line here and no change of what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import css

TRACEBACK = "Traceback (most recent call last)"

LINK, LOAD, FORM, REFRESH, CANONICAL = "link", "load", "form", "refresh", "canonical"
"""How a browser comes to follow a reference: by a click, at once, by sending a form, by being sent
on; or not, it only names a home.
"""


class Reference(NamedTuple):
    """An address that a page names."""

    element: str  # "<img src>"
    address: str  # as it stands there
    kind: str


@dataclass(frozen=True)
class Panel:
    """An example shown on a page."""

    example: str  # "tasks/states"
    empty: bool  # whether something that it must show is not there


class Script(NamedTuple):
    """A `<script>` with a text, or without an address. An `href` has no effect on it: `<script
    href>` runs its text.
    """

    kind: str  # its type: "" for the usual one
    text: str
    id: str = ""


@dataclass(frozen=True)
class PageFacts:
    """What a checker wants to know of one page."""

    references: tuple[Reference, ...]
    ids: tuple[str, ...]
    headings: tuple[str, ...]  # ids of h2 to h6: the anchors that are published
    panels: tuple[Panel, ...]
    opaque: tuple[str, ...]  # elements that change or hide what the others mean: "<base>"
    scripts: tuple[Script, ...]
    # what runs a script, or puts one in, without a <script>: "<img onerror>", "<animate>"
    handlers: tuple[str, ...]
    tracebacks: int  # outside of panels and of what is folded away
    folded_tracebacks: int  # outside of panels, in <details>
    last: str  # its last element: "script"

    @property
    def redirects(self) -> bool:
        """Whether it sends its reader on to another page."""
        return any(reference.kind == REFRESH for reference in self.references)


_ADDRESS = {
    "src": LOAD,
    "poster": LOAD,
    "background": LOAD,
    "data-record": LOAD,
    "action": FORM,
    "formaction": FORM,
}
_ADDRESSES = {"ping": LOAD, "attributionsrc": LOAD}  # divided by spaces
_CANDIDATES = {"srcset", "imagesrcset"}
_LINKS = {"href", "xlink:href"}
# All other relations of <link> are fetched, or may be one day. The theme fetches what is behind
# `alternate`, and at the press of a key goes to `next` or `prev`.
_NAVIGATING = {
    "author",
    "bookmark",
    "help",
    "license",
    "me",
    "privacy-policy",
    "search",
    "terms-of-service",
}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_PICTURES = {
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "msapplication-TileImage",
    "msapplication-config",
}
# lexbor runs no scripts, so it parses the content of <noscript> as markup. A browser reads it as
# text, which may end at another place.
_OPAQUE = {"base", "template", "frameset", "frame", "portal", "noscript"}
_STYLES = {
    "style",
    "fill",
    "stroke",
    "filter",
    "mask",
    "clip-path",
    "cursor",
    "marker",
    "marker-start",
    "marker-mid",
    "marker-end",
}
_ATTRIBUTES = frozenset(
    {
        "id",
        "data-example",
        "srcdoc",
        "data",
        "manifest",
        *_ADDRESS,
        *_ADDRESSES,
        *_CANDIDATES,
        *_LINKS,
        *_STYLES,
    }
)
# of which each means something in HTML or in a picture, and nothing in the other
_OF_SCRIPTS = {"src", *_LINKS}
_ELEMENTS = frozenset({"style", "meta", "script", *_OPAQUE})
# can give a link another address
_ANIMATING = {"animate", "animatemotion", "animatetransform", "set"}
# An attribute `on…` begins behind one of these. Most pages have none, and need not be searched for
# it element by element.
_MAY_HANDLE = re.compile(r"""[\s/"']on[a-z]+\s*=|<(?:animate|set)""", re.IGNORECASE)
_REFRESH = re.compile(r"[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?(.*)", re.DOTALL | re.IGNORECASE)
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s+[^,]*)?")


def parse_page(html: str) -> PageFacts:
    """Read a whole page.

    Args:
        html: The page's text, or that of an SVG file.

    Returns:
        What the checks of `finish` and `addresses` ask of it.
    """
    tree = LexborHTMLParser(html)
    references: list[Reference] = []
    ids: list[str] = []
    headings: list[str] = []
    panels: list[LexborNode] = []
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
            elif tag == "a" and name == "href":  # by far the most
                references.append(Reference("<a href>", value or "", LINK))
            elif name in _ATTRIBUTES:
                references += _references(tag or "", name, value or "", attributes)
        if tag == "div" and "data-example" in attributes:
            panels.append(node)
        elif tag == "script":
            text = node.text()
            if text.strip() or attributes.keys().isdisjoint(_OF_SCRIPTS):
                scripts.append(
                    Script(
                        (attributes.get("type") or "").strip().lower(),
                        text,
                        attributes.get("id") or "",
                    )
                )
        elif tag == "style":
            references += _of_style("<style>", node.text())
        elif tag == "meta":
            references += _of_meta(attributes)
        elif tag in _OPAQUE:
            opaque.append(f"<{tag}>")
        elif "srcdoc" in attributes:
            opaque.append(f"<{tag} srcdoc>")
    shown = tuple(_panel(node) for node in panels)
    handlers = tuple(_handlers(tree)) if _MAY_HANDLE.search(html) else ()
    outside, folded = _tracebacks(tree, panels)
    return PageFacts(
        tuple(references),
        tuple(ids),
        tuple(headings),
        shown,
        tuple(opaque),
        tuple(scripts),
        handlers,
        outside,
        folded,
        last,
    )


def _handlers(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("*"):
        tag = node.tag or ""
        if tag.lower() in _ANIMATING:
            yield f"<{tag}>"
        yield from (f"<{tag} {name}>" for name in node.attributes if name.lower().startswith("on"))


def _references(
    tag: str, name: str, value: str, attributes: dict[str, str | None]
) -> Iterator[Reference]:
    element = f"<{tag} {name}>"
    if name in _LINKS:
        if tag != "base":  # there is none
            yield Reference(element, value, _kind(tag, attributes))
    elif name in _ADDRESS:
        yield Reference(element, value, _ADDRESS[name])
    elif name in _ADDRESSES:
        yield from (Reference(element, address, LOAD) for address in value.split())
    elif name in _CANDIDATES:
        yield from (
            Reference(element, candidate[1], LOAD) for candidate in _CANDIDATE.finditer(value)
        )
    elif name in _STYLES:
        yield from _of_style(element, value)
    elif (tag, name) in (("object", "data"), ("html", "manifest")):
        yield Reference(element, value, LOAD)


def _kind(tag: str, attributes: dict[str, str | None]) -> str:
    """Of an element with an `href`."""
    if tag in ("a", "area"):
        return LINK
    if tag == "link":
        relations = set((attributes.get("rel") or "").lower().split())
        if relations == {"canonical"}:
            return CANONICAL
        if relations and relations <= _NAVIGATING:
            return LINK
    return LOAD


def _of_meta(attributes: dict[str, str | None]) -> Iterator[Reference]:
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
        yield Reference("<meta refresh>", _leads_on(content), REFRESH)
    elif (attributes.get("property") or attributes.get("name")) in _PICTURES:
        yield Reference("<meta content>", content, LOAD)


def _leads_on(content: str) -> str:
    """Return the address in a `<meta http-equiv="refresh">`, which needs no `url=` before it."""
    found = _REFRESH.match(content)
    address = found[1] if found else ""
    return (
        address[1:].partition(address[0])[0].strip()
        if address[:1] in ("'", '"')
        else address.strip()
    )


def _of_style(element: str, style: str) -> Iterator[Reference]:
    return (Reference(element, address, LOAD) for address in css.find_urls(style))


def _panel(node: LexborNode) -> Panel:
    codes = [code.text() for code in node.css("code")]
    return Panel(
        node.attributes["data-example"] or "", not codes or not all(code.strip() for code in codes)
    )


def _tracebacks(tree: LexborHTMLParser, panels: list[LexborNode]) -> tuple[int, int]:
    """How many stand outside of panels: in the open, and folded away. Takes the tree apart."""
    root = tree.root
    if root is None or TRACEBACK not in root.text():
        return 0, 0
    for panel in panels:
        panel.decompose()
    outside = root.text().count(TRACEBACK)
    for details in tree.css("details"):
        details.decompose()
    left = root.text().count(TRACEBACK)
    return left, outside - left
