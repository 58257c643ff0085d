"""Converts timeouts as functions written in C do."""

from __future__ import annotations

import operator
import sys
from typing import Any


def timeout_nanoseconds(seconds: Any) -> int | None:
    """Return a timeout in nanoseconds, or None if a function written in C would refuse it.

    Args:
        seconds: What the program passed as a timeout.
    """
    try:
        if not isinstance(seconds, (int, float)):
            # From 3.15 on any real number is accepted.
            seconds = float(seconds) if sys.version_info >= (3, 15) else operator.index(seconds)
        nanoseconds = round(seconds * 1e9)
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 <= nanoseconds < 1 << 63 or seconds < 0:
        return None
    # Not 0 for a tiny rest of a second: a loop that waits for it would never end.
    return nanoseconds or int(seconds > 0)
