"""Files beside a program that hide modules of the same name: an `asyncio.py` in the program's
folder.

In:  names of modules, and where the interpreter looks for them. Out: which of them it would not
     find, but something else instead.

We import modules before the program does. One that the program would not have found must not be
there when it looks for it: what happens then, mostly an AttributeError, is what happens to
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
    """Whether a loaded module comes from a file. What is built in or frozen is found before all
    files.
    """
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec is None or spec.origin not in ("built-in", "frozen")


def find_shadows(names: Iterable[str], folders: Iterable[str]) -> dict[str, str]:
    """What hides modules: the file that would be imported in the place of each, by the module's
    name.

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
        if not known:  # what the program puts there before its first import has to be seen
            sys.path_importer_cache.pop(folder, None)
    return found


def unload(names: Iterable[str], loaded: set[str]) -> None:
    """Take modules out of those that are loaded, so that the program imports what it finds under
    their names.

    Args:
        names: Top-level modules.
        loaded: All that may go: these, and those that use them.
    """
    tops = set(names)
    unloading = {name for name in loaded if name.partition(".")[0] in tops}
    while more := {name for name in loaded - unloading if _uses(sys.modules[name], unloading)}:
        unloading |= more
    for name in unloading:
        del sys.modules[name]


def _uses(module: ModuleType, names: set[str]) -> bool:
    return any(
        getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", None) in names
        for value in vars(module).values()
    )


def describe(found: dict[str, str], folder: str, program: str, clock: str) -> str:
    """Say why a program runs unrecorded that has files as `find_shadows` returns them.

    Args:
        found: The files, by the module that each hides.
        folder: The program's.
        program: Its file.
        clock: On which it was to run.
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
    """Whether something in a folder would be imported in the place of a module that is loaded in
    this process.
    """
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
    """Take this package out of the loaded modules: the program finds what it would find without us
    under that name, or nothing.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]
