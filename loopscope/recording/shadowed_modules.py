"""Files that shadow modules of the standard library: an `asyncio.py` in the program's folder.

Loopscope imports modules before the program does. One that the program would not have found must
not be there when it looks for it: what happens then, mostly an AttributeError, is what happens to
everybody who names a file like that, and has to be seen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from types import ModuleType

_PACKAGE = __name__.partition(".")[0]


def comes_from_file(name: str) -> bool:
    """Whether a loaded module comes from a file.

    The interpreter finds built-in and frozen modules before any file.
    """
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec is None or spec.origin not in ("built-in", "frozen")


def find_shadows(names: Iterable[str], folders: Iterable[str]) -> dict[str, str]:
    """Return the files that would be imported instead of modules, by the module's name.

    Args:
        names: Top-level modules of the standard library.
        folders: Where the interpreter looks before it looks there.
    """
    found: dict[str, str] = {}
    for folder in folders:
        known = folder in sys.path_importer_cache
        for name in names:
            spec = PathFinder.find_spec(name, [folder])
            if spec is not None and spec.has_location and spec.origin is not None:
                found.setdefault(name, spec.origin)
        if not known:  # the cache would hide what the program adds there before its first import
            sys.path_importer_cache.pop(folder, None)
    return found


def unload(names: Iterable[str], loaded: set[str]) -> None:
    """Unload modules, so that the program imports what it finds under their names.

    Args:
        names: Top-level modules.
        loaded: All modules that may be unloaded; only these, and those that use them, are.
    """
    tops = set(names)
    unloading = {name for name in loaded if name.partition(".")[0] in tops}
    while more := {name for name in loaded - unloading if _uses(sys.modules[name], unloading)}:
        unloading |= more
    for name in unloading:
        del sys.modules[name]


def _uses(module: ModuleType, names: set[str]) -> bool:
    """Whether a module holds one of the named modules, or something defined there."""
    return any(
        getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", None) in names
        for value in vars(module).values()
    )


def describe(found: dict[str, str], folder: str, program: str, clock: str) -> str:
    """Return the note on a program that runs unrecorded because of such files.

    Args:
        found: The files, as `find_shadows` returns them.
        folder: The program's folder.
        program: The program's file.
        clock: The clock that it was to run on.
    """
    parts = []
    for name, origin in sorted(found.items()):
        parent, _, last = origin.rpartition(os.sep)
        file = parent if last.startswith("__init__.") else origin
        if file == program:
            where = f"its own name, {last},"
        elif os.path.dirname(file) == folder:
            where = f"{file.rpartition(os.sep)[2]} beside it"
        else:
            where = file
        parts.append(f"{where} hides Python's own module {name}")
    ran = "ran unrecorded" if clock == "real" else "ran unrecorded, on the real clock"
    return (
        f"{', and '.join(parts)}; so it {ran}. Give"
        f" {'that file' if len(parts) == 1 else 'those files'} another name"
    )


def has_shadows(folder: str) -> bool:
    """Whether a file in a folder would be imported instead of a module that is loaded here."""
    try:
        stems = {name.partition(".")[0] for name in os.listdir(folder or os.curdir)}
    except OSError:
        return False
    return bool(
        find_shadows(
            [
                name
                for name in stems - {"__main__"}
                if name in sys.modules and comes_from_file(name)
            ],
            [folder],
        )
    )


def unload_package() -> None:
    """Unload this package.

    The program then finds under its name what it would find anyway, or nothing.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]
