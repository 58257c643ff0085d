"""What fails a build, and how it is printed.

In:  a file of the project, what is wrong with it and how to mend it. Out: lines for a terminal or a
     log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .project import escape_unprintable

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Problem:
    """Something that fails the build."""

    file: str
    cause: str
    detail: str = ""  # a diff, or the program's last words

    def __str__(self) -> str:
        """As it is printed: a line, and below it the detail, behind a bar.

        What a program printed must not tell the builder's terminal what to do, nor the log of a CI,
        which takes a line that begins with `::`, or has `##[` in it, for a command.
        """
        lines = [escape_unprintable(f"{self.file}: {self.cause}")]
        if self.detail:
            details = self.detail.rstrip().split("\n")
            lines += [f"  | {_UNSEEN.sub(_escape, line)}".rstrip(" ") for line in details] + [""]
        return "\n".join(lines).replace("##[", "# #[")


def _escape(char: re.Match[str]) -> str:
    return ascii(char[0])[1:-1]
