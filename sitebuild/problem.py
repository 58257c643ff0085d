"""What fails a build, and how it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import escape, escape_unprintable

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Problem:
    """Something that fails the build.

    Attributes:
        file: The file concerned, relative to the project.
        cause: What is wrong with it, and how to fix it.
        detail: Lines that help to find the cause: a diff, or the last lines that a program printed.
    """

    file: str
    cause: str
    detail: str = ""

    def __str__(self) -> str:
        """Return it as it is printed: one line, then the detail, each of its lines behind a bar.

        The detail may come from a program that nobody has reviewed. It must not control the
        builder's terminal, nor a CI's log, which takes a line that begins with `::` or contains
        `##[` for a command.
        """
        lines = [escape_unprintable(f"{self.file}: {self.cause}")]
        if self.detail:
            for line in self.detail.rstrip().split("\n"):
                visible = _CONTROL_CHARACTERS.sub(lambda match: escape(match[0]), line)
                lines.append(f"  | {visible}".rstrip(" "))
            lines.append("")
        return "\n".join(lines).replace("##[", "# #[")
