"""The stepper, which replays a run in a browser: what a page needs for it to work.

In:  the JavaScript modules and the stylesheet in this folder. Out: one module and one stylesheet.
"""

from __future__ import annotations

from pathlib import Path

from .. import es_modules

_FOLDER = Path(__file__).parent


def script() -> str:
    """One JavaScript module that defines the element `<loop-stepper>`."""
    return es_modules.join(_FOLDER / "element.js")


def style() -> str:
    """The stylesheet of that element."""
    return (_FOLDER / "stepper.css").read_text(encoding="utf-8")
