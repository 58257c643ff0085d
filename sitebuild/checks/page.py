"""A page as a checker sees it.

In:  what `page_facts` finds on a page, or on the parts that it is put together from. Out: the same
     as data, which can be kept, and joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

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
class Page:
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
    stand_ins: tuple[str, ...] = ()  # the calls of `show` whose panels are not on it yet

    @property
    def redirects(self) -> bool:
        """Whether it sends its reader on to another page."""
        return any(reference.kind == REFRESH for reference in self.references)

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return vars(self) | {"panels": [vars(panel) for panel in self.panels]}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> Page:
        """The reverse of `to_plain`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        values["references"] = tuple(Reference(*row) for row in data["references"])
        values["panels"] = tuple(Panel(**panel) for panel in data["panels"])
        values["scripts"] = tuple(Script(*row) for row in data["scripts"])
        return cls(**values)

    def filled(self, panels: Sequence[Page]) -> Page:
        """Return what the page is with panels in the place of what stands in for them.

        Both are whole elements of the same kind, so the rest of the page is read as before.
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

    def within(self, frame: Page) -> Page:
        """Return what a page is that holds this one's elements in a frame.

        What the frame asks for by absolute addresses is left out, and what it runs: it is looked at
        once, where it stands by itself.
        """
        relative = (r for r in frame.references if not r.address.startswith(("/", "http")))
        return replace(
            self,
            references=(*relative, *self.references),
            ids=(*frame.ids, *self.ids),
            last=frame.last,
        )
