"""The files that a sandbox shows, as options for bubblewrap."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

WRITABLE = ("/tmp", "/dev/shm")
"""The folders of a sandbox that programs may write into."""

SPACE_PER_FOLDER = 256 << 20
"""The capacity of each of these folders, in bytes."""


class Layout:
    """The files that a sandbox shows: where each really is, and the links that lead to it."""

    def __init__(self) -> None:
        self._operations: dict[str, tuple[str, ...]] = {"/proc": ("--proc",), "/dev": ("--dev",)}
        # /dev/full also reads as zeros, but cannot be mapped: no limit counts memory that is shared
        # by mapping /dev/zero.
        self._operations["/dev/zero"] = ("--dev-bind", "/dev/full")
        for path in WRITABLE:
            self._operations[path] = ("--perms", "1777", "--size", str(SPACE_PER_FOLDER), "--tmpfs")

    def add(self, path: str) -> None:
        """Show a file or folder, if the machine has it."""
        if not os.path.exists(path):
            return
        location, remaining = "/", [part for part in os.path.abspath(path).split("/") if part]
        while remaining:
            part = remaining.pop(0)
            if part == "..":
                location = os.path.dirname(location)
                continue
            if os.path.islink(here := os.path.join(location, part)):
                target = os.readlink(here)
                self._operations[here] = ("--symlink", target)
                location = "/" if target.startswith("/") else location
                remaining = [
                    part for part in target.split("/") if part not in ("", ".")
                ] + remaining
            else:
                location = here
        if location != "/":
            self._operations[location] = ("--ro-bind", location)

    def options(self, hide: Iterable[str]) -> Iterator[str]:
        """Yield bubblewrap's options, outer folders first, with the folders that lead to each.

        Nothing but /tmp and /dev/shm stays writable.

        Args:
            hide: Files and folders that are not to be shown.
        """
        operations = dict(self._operations)
        empty, blank = ("--perms", "0755", "--tmpfs"), ("--ro-bind", os.devnull)
        for path in hide:
            if operations.get(_nearest(path, operations), ("",))[
                0
            ] == "--ro-bind" and os.path.exists(path):
                operations.setdefault(path, empty if os.path.isdir(path) else blank)
        # What is shown inside a writable folder gets a parent that is not writable, and so cannot
        # be moved away.
        for path in list(operations):
            for folder in WRITABLE:
                if is_within(path, folder) and path != folder:
                    operations.setdefault("/".join(path.split("/")[: folder.count("/") + 2]), empty)
        done: dict[str, tuple[str, ...]] = {}
        for path in sorted(operations, key=lambda path: path.count("/")):
            options, outer = operations[path], _nearest(path, done)
            if outer != "/" and done[outer][0] == "--ro-bind" and options not in (empty, blank):
                continue  # its folder already shows it
            yield from _parents(path, outer, done)
            yield from (*options, path)
            done[path] = options
        for path, options in done.items():
            # changed settings of the sandbox's namespaces would remain for the next program
            if options == empty or path in ("/dev", "/proc"):
                yield from ("--remount-ro", path)
        yield from ("--remount-ro", "/")


def _nearest(path: str, operations: Iterable[str]) -> str:
    """Return the innermost of some folders that contains a path; "/" if none does."""
    return max(
        (other for other in operations if other != path and is_within(path, other)),
        key=len,
        default="/",
    )


def _parents(path: str, outer: str, done: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield options that make the folders between, which bubblewrap would make only for itself."""
    between = os.path.dirname(path)
    made = []
    while between != outer and between not in done:
        made.append(between)
        between = os.path.dirname(between)
    for folder in reversed(made):
        done[folder] = ("--perms", "0755", "--dir")
        yield from (*done[folder], folder)


def is_within(path: str, folder: str) -> bool:
    """Return whether a path is a folder, or lies inside it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
