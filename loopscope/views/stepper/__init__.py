"""The stepper, which replays a run in a browser: the JavaScript and CSS that a page needs."""

from __future__ import annotations

from pathlib import Path

from .. import es_modules

_FOLDER = Path(__file__).parent


def script() -> str:
    """Return one JavaScript module that defines the element `<loop-stepper>`."""
    return es_modules.join(_FOLDER / "whole.js")


def scripts() -> dict[str, str]:
    """Return two modules by file name: the element's, and what it loads once it is opened."""
    names = ("stepper.js", "stepper-panel.js")
    return {name: es_modules.join(_FOLDER / name) for name in names}


def style() -> str:
    """Return the style sheet of that element."""
    return (_FOLDER / "stepper.css").read_text(encoding="utf-8")
