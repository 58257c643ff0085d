"""Runs a program in a process of its own, under limits, and gathers what its recording sends.
Imports `recording` and `trace`.

Raises:
    ImportError: This system has no processes, or none that could be recorded.
"""

import sys

_SYSTEMS = {
    "win32": "Windows (its Subsystem for Linux, WSL, will do)",
    "emscripten": "a browser",
    "wasi": "WASI",
}

if sys.platform in _SYSTEMS:
    raise ImportError(
        f"programs can be recorded on Linux and macOS, but not on {_SYSTEMS[sys.platform]}",
        name=__name__,
    )
