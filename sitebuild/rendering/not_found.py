"""Writes `addresses.json`, from which the page for wrong addresses offers those that are close.

The page is `overrides/404.html`; its script (`overrides/assets/not-found.js`) fetches the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..content.examples import Example
from ..content.pages import Page

FILE = "addresses.json"
"""The list, in the site."""


def write(site: Path, pages: Iterable[Page], every: Iterable[Example]) -> None:
    """Write the address and the title of each page, and of each example's own page."""
    addresses = [
        *((page.address, page.title) for page in pages),
        *((f"examples/{one.name}/", f"Example: {one.title.rstrip('.')}") for one in every),
    ]
    (site / FILE).write_text(
        json.dumps(addresses, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
