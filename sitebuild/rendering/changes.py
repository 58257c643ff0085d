"""Finds what is new, changed or gone in a program, compared with another version of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ALIKE = 0.6
"""How alike two lines are, from 0 to 1, for one to be the other one changed: difflib's own limit
for close matches."""


@dataclass(frozen=True)
class Removal:
    """Lines of the old version that the new one has no more.

    Attributes:
        index: The index of the new line that now stands in their place.
        replaced: Whether that line is new or changed itself.
        lines: The removed lines; blank ones are left out.
    """

    index: int
    replaced: bool
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What distinguishes the new version of a program from the old one.

    Attributes:
        kinds: For each line of the new version: "added", "changed", or "" if it is the same.
        removals: The lines that are gone.
    """

    kinds: tuple[str, ...]
    removals: tuple[Removal, ...]

    @classmethod
    def between(cls, old: Sequence[str], new: Sequence[str]) -> Changes:
        """Compare the lines of two versions."""
        kinds, removals = [""] * len(new), []
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            if operation == "equal":
                continue
            left = [line for line in old[old_start:old_end] if line.strip()]
            for index in range(new_start, new_end):
                origin = next((line for line in left if _are_alike(line, new[index])), None)
                kinds[index] = "added" if origin is None else "changed"
                if origin is not None:
                    left.remove(origin)
            if left:
                removals.append(Removal(new_start, operation == "replace", tuple(left)))
        for index in _blank_edges(new, kinds):
            kinds[index] = ""
        return cls(tuple(kinds), tuple(removals))

    def within(self, new: Sequence[str], start: int, end: int) -> Changes:
        """Return the changes of one statement of the new version.

        Args:
            new: The lines of the new version.
            start: The index of the statement's first line.
            end: The index after its last line.
        """
        removals = [
            Removal(removal.index - start, removal.replaced, removal.lines)
            for removal in self.removals
            if start < removal.index < end
            or (removal.index == start and removal.replaced)
            # What was removed after the last line belonged to the statement if it was indented.
            or (
                removal.index == end
                and not removal.replaced
                and _indentation(removal.lines[0]) > _indentation(new[start])
            )
        ]
        return Changes(self.kinds[start:end], tuple(removals))

    def removed_before(self, index: int) -> int:
        """Return how many lines were removed in front of a line of the new version."""
        return sum(len(removal.lines) for removal in self.removals if removal.index == index)

    def __bool__(self) -> bool:
        """Return whether there are any changes."""
        return any(self.kinds) or bool(self.removals)


def _are_alike(old: str, new: str) -> bool:
    return bool(new.strip()) and SequenceMatcher(None, old.strip(), new.strip()).ratio() >= _ALIKE


def _blank_edges(lines: Sequence[str], kinds: Sequence[str]) -> Iterator[int]:
    """Yield the new blank lines that are not between other new lines: nobody misses their marks."""
    for index, line in enumerate(lines):
        if kinds[index] and not line.strip():
            above = kinds[index - 1] if index else ""
            below = kinds[index + 1] if index + 1 < len(lines) else ""
            if not above or not below:
                yield index


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
