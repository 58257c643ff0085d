"""Measures how long a page takes to read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .block_reader import Block

WORDS_A_MINUTE = 200
"""Words of prose that a reader takes in.

Adults read English non-fiction at about 240 words a minute (Brysbaert 2019, over 190 studies). The
subject is new to the readers of these pages, and English is not everybody's first language.
"""

LINES_A_MINUTE = 30
"""Lines of code and output that a reader takes in: one in two seconds, blank lines left out.

With this rate, the minutes of 67 lessons came closest to what their authors had estimated: 0.7
minutes off on average. With 20 or 40 lines it was more than one.
"""

# Targets of links, ids, tags, and signs of Markdown. Without a limit on their length, the time that
# a hostile page takes would grow with the square of its own.
_MARKUP = re.compile(r"\]\([^)\n]{0,300}\)|\{ ?[#.][^}\n]{0,300}\}|<[^>\n]{1,300}>|[#*`\[|]")


def count_words(markdown: str, blocks: Iterable[Block]) -> int:
    """Return the number of words on a page, without the blocks that show examples.

    Args:
        markdown: The page, without its front matter.
        blocks: The blocks that show examples. Their lines are counted from the top of `markdown`.
    """
    lines: list[str] = markdown.split("\n")
    for block in blocks:
        lines[block.first - 1 : block.last] = [""] * (block.last - block.first + 1)
    texts = _MARKUP.sub(" ", "\n".join(lines)).split()
    return sum(any(map(str.isalnum, text)) for text in texts)


def minutes(words: int, lines: int) -> int:
    """Return how many minutes it takes to read a page, at least 1.

    Args:
        words: Its words of prose.
        lines: The lines of code and output on it.
    """
    return max(1, round(words / WORDS_A_MINUTE + lines / LINES_A_MINUTE))
