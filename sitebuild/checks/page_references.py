"""Finds the references of an HTML element: every URL that its attributes name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import css

LINK, LOAD, FORM, REFRESH, CANONICAL = "link", "load", "form", "refresh", "canonical"
"""How a browser comes to follow a reference.

By a click, while it loads the page, by submitting a form, by a redirect, or, for a canonical link,
not at all.
"""

Attributes = Mapping[str, str | None]
"""The attributes of an element; one without a value has None."""


class Reference(NamedTuple):
    """A URL that a page names.

    Attributes:
        element: The element and the attribute: "<img src>".
        address: The URL as it is written.
        kind: How a browser follows it: one of `LINK`, `LOAD`, `FORM`, `REFRESH` and `CANONICAL`.
    """

    element: str
    address: str
    kind: str


LINK_ATTRIBUTES = {"href", "xlink:href"}
"""Attributes whose kind of reference depends on the element."""

_URL_ATTRIBUTES = {
    "src": LOAD,
    "poster": LOAD,
    "background": LOAD,
    "data-record": LOAD,
    "action": FORM,
    "formaction": FORM,
}
_URL_LIST_ATTRIBUTES = {"ping", "attributionsrc"}  # separated by spaces
_CANDIDATE_ATTRIBUTES = {"srcset", "imagesrcset"}
_STYLE_ATTRIBUTES = {
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

REFERRING_ATTRIBUTES = frozenset(
    {
        "data",
        "manifest",
        *LINK_ATTRIBUTES,
        *_URL_ATTRIBUTES,
        *_URL_LIST_ATTRIBUTES,
        *_CANDIDATE_ATTRIBUTES,
        *_STYLE_ATTRIBUTES,
    }
)
"""All attributes that `attribute_references` looks at."""

# A <link> with any other relation is loaded, or may be by a later browser. The theme loads what
# `alternate` names, and goes to `next` or `prev` when a key is pressed.
_NAVIGATING_RELATIONS = {
    "author",
    "bookmark",
    "help",
    "license",
    "me",
    "privacy-policy",
    "search",
    "terms-of-service",
}
_IMAGE_PROPERTIES = {
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "msapplication-TileImage",
    "msapplication-config",
}
_REFRESH = re.compile(r"[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?(.*)", re.DOTALL | re.IGNORECASE)
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s+[^,]*)?")


def attribute_references(
    tag: str, name: str, value: str, attributes: Attributes
) -> Iterator[Reference]:
    """Find the references in one attribute.

    Args:
        tag: The element's name.
        name: The attribute's name.
        value: The attribute's value.
        attributes: All attributes of the element.
    """
    element = f"<{tag} {name}>"
    if name in LINK_ATTRIBUTES:
        if tag != "base":  # pages may not have one
            yield Reference(element, value, _link_kind(tag, attributes))
    elif name in _URL_ATTRIBUTES:
        yield Reference(element, value, _URL_ATTRIBUTES[name])
    elif name in _URL_LIST_ATTRIBUTES:
        yield from (Reference(element, address, LOAD) for address in value.split())
    elif name in _CANDIDATE_ATTRIBUTES:
        yield from (
            Reference(element, candidate[1], LOAD) for candidate in _CANDIDATE.finditer(value)
        )
    elif name in _STYLE_ATTRIBUTES:
        yield from style_references(element, value)
    elif (tag, name) in (("object", "data"), ("html", "manifest")):
        yield Reference(element, value, LOAD)


def meta_references(attributes: Attributes) -> Iterator[Reference]:
    """Find the references of a `<meta>` element: a redirect, or an image for a preview."""
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
        yield Reference("<meta refresh>", _refresh_address(content), REFRESH)
    elif (attributes.get("property") or attributes.get("name")) in _IMAGE_PROPERTIES:
        yield Reference("<meta content>", content, LOAD)


def style_references(element: str, style: str) -> Iterator[Reference]:
    """Find the references in CSS.

    Args:
        element: What to call the references: "<p style>".
        style: A stylesheet, or the value of one property.
    """
    return (Reference(element, address, LOAD) for address in css.find_urls(style))


def _link_kind(tag: str, attributes: Attributes) -> str:
    """Return the kind of an element's `href`."""
    if tag in ("a", "area"):
        return LINK
    if tag == "link":
        relations = set((attributes.get("rel") or "").lower().split())
        if relations == {"canonical"}:
            return CANONICAL
        if relations and relations <= _NAVIGATING_RELATIONS:
            return LINK
    return LOAD


def _refresh_address(content: str) -> str:
    """Return the URL in a `<meta http-equiv="refresh">`; a `url=` before it is optional."""
    found = _REFRESH.match(content)
    address = found[1] if found else ""
    if address[:1] in ("'", '"'):
        address = address[1:].partition(address[0])[0]
    return address.strip()
