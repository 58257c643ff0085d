"""Fits the text of a container into the room that there is for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

NameOfTask = Callable[[object], str | None]

LONGEST = 80
"""Characters that a text has at most."""

_len = len  # bound here because the program may replace it


class Place(NamedTuple):
    """The room for a text.

    Attributes:
        depth: How many containers the text is nested in.
        room: The characters that there are for it. Only containers care; others are cut.
        name_of_task: Returns the recorder's name for a task, or None.
    """

    depth: int
    room: int
    name_of_task: NameOfTask

    def inside(self, opening: str, closing: str, count: int, note: str) -> Place:
        """Return the place for the items of a container that stands here.

        Args:
            opening: The text before the items.
            closing: The text after the items.
            count: How many items there are.
            note: The text that replaces items for which there is no room.
        """
        room = self.room - _len(opening) - _len(closing)
        if count > 1:
            room -= _len(note) + 2
        return Place(self.depth + 1, room, self.name_of_task)


def join(opening: str, texts: list[str], closing: str, count: int, note: str, place: Place) -> str:
    """Return the texts of a container's first items, as many as there is room for.

    Args:
        opening: The text before the items.
        texts: The texts of the first items.
        closing: The text after the items.
        count: How many items there are.
        note: The text that replaces items that are not shown.
        place: Where the text is to stand.
    """
    body = ", ".join(texts)
    room = place.room - _len(opening) - _len(closing)
    if _len(texts) == count and (_len(body) <= room or count == 1):
        return f"{opening}{cut(body, room)}{closing}"
    room -= _len(note) + 2
    while _len(body) > room and _len(texts) > 1:
        texts = texts[:-1]
        body = ", ".join(texts)
    return f"{opening}{cut(body, room)}, {note}{closing}"


def cut(text: str, room: int) -> str:
    """Return the beginning of a text that is too long."""
    return text if _len(text) <= room else f"{text[: room - 1] if room > 1 else ''}…"
