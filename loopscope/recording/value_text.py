"""Texts for the values of a program's variables (a stand-in until the real one is merged)."""

from __future__ import annotations

from collections.abc import Callable

from ..limits import MAX_VALUE_LENGTH
from .handles import TASKS

_PLAIN = (int, float, bool, str, bytes, type(None))
_type_name = type.__dict__["__name__"].__get__


def describe(value: object, name_of_task: Callable[[object], str | None]) -> str:
    """Return a text for a value, without running any code of the program's.

    Args:
        value: Any value.
        name_of_task: Returns the name of a task, or None.
    """
    kind = type(value)
    if kind in _PLAIN:
        text = repr(value)
    elif kind is list:
        parts: list[object] = value  # type: ignore[assignment]  # see above
        text = f"[{', '.join([describe(part, name_of_task) for part in parts])}]"
    elif issubclass(kind, TASKS):
        text = name_of_task(value) or "a task"
    else:
        text = f"<{_type_name(kind)}>"
    return text if len(text) <= MAX_VALUE_LENGTH else f"{text[: MAX_VALUE_LENGTH - 1]}…"
