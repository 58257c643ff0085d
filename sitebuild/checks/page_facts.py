"""What the checks ask about one page, as data that can be stored and combined.

`page_parser` reads it from a whole page, or from the parts that a page is put together from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .page_references import REFRESH, Reference


@dataclass(frozen=True)
class Panel:
    """An example shown on a page.

    Attributes:
        example: The example's name: "tasks/states".
        empty: Whether its source, its output or its picture is empty, or all are missing.
        lines: How many lines of code and output it has; blank ones are not counted.
    """

    example: str
    empty: bool
    lines: int = 0


class Script(NamedTuple):
    """An inline `<script>`.

    Attributes:
        kind: Its type; "" for the default, JavaScript.
        text: Its text.
        id: Its id, if it has one.
    """

    kind: str
    text: str
    id: str = ""


@dataclass(frozen=True)
class PageFacts:
    """What the checks ask about one page.

    Attributes:
        references: All URLs that it names.
        ids: All ids, in order.
        headings: The ids of h2 to h6, which are published as anchors.
        panels: The examples that it shows.
        opaque: Elements that hide their content from the checks or change what other elements
            mean: "<base>".
        scripts: Its inline scripts.
        handlers: What runs a script without a `<script>`: "<img onerror>", "<animate>".
        tracebacks: Tracebacks outside panels and outside `<details>`.
        folded_tracebacks: Tracebacks outside panels, in `<details>`.
        last_element: The name of its last element: "script".
        stand_ins: The calls of `show` whose panels are not on the page yet.
    """

    references: tuple[Reference, ...]
    ids: tuple[str, ...]
    headings: tuple[str, ...]
    panels: tuple[Panel, ...]
    opaque: tuple[str, ...]
    scripts: tuple[Script, ...]
    handlers: tuple[str, ...]
    tracebacks: int
    folded_tracebacks: int
    last_element: str
    stand_ins: tuple[str, ...] = ()

    @property
    def redirects(self) -> bool:
        """Whether the page redirects to another page."""
        return any(reference.kind == REFRESH for reference in self.references)

    def to_plain(self) -> dict[str, Any]:
        """Return the facts as plain data, for JSON."""
        return vars(self) | {"panels": [vars(panel) for panel in self.panels]}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> PageFacts:
        """Return the facts that `to_plain` returned as plain data."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        values["references"] = tuple(Reference(*row) for row in data["references"])
        values["panels"] = tuple(Panel(**panel) for panel in data["panels"])
        values["scripts"] = tuple(Script(*row) for row in data["scripts"])
        return cls(**values)

    def filled(self, panels: Sequence[PageFacts]) -> PageFacts:
        """Return the facts of the page with panels in place of its stand-ins.

        A panel and its stand-in are whole elements of the same kind, so the rest of the page is
        parsed the same with either.

        Args:
            panels: The facts of the panels, in order.
        """
        parts = (self, *panels)
        return replace(
            self,
            references=tuple(one for part in parts for one in part.references),
            ids=tuple(one for part in parts for one in part.ids),
            headings=tuple(one for part in parts for one in part.headings),
            panels=tuple(one for part in parts for one in part.panels),
            opaque=tuple(one for part in parts for one in part.opaque),
            scripts=tuple(one for part in parts for one in part.scripts),
            handlers=tuple(one for part in parts for one in part.handlers),
            stand_ins=(),
        )

    def within(self, frame: PageFacts) -> PageFacts:
        """Return the facts of the page inside a frame.

        The frame's scripts, and its references by absolute URL, are left out: they are checked
        once, on the page that the frame was taken from.

        Args:
            frame: The facts of the frame with nothing in it.
        """
        relative = (r for r in frame.references if not r.address.startswith(("/", "http")))
        return replace(
            self,
            references=(*relative, *self.references),
            ids=(*frame.ids, *self.ids),
            last_element=frame.last_element,
        )
