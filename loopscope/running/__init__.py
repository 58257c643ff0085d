"""Runs a program in its own process, under limits, and receives what its recording sends.

Raises:
    ImportError: This system has no processes, or none that can be recorded.
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
