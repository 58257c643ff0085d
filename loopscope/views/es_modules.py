"""Joins JavaScript modules into one, so that a page asks for a single file.

In:  a module that imports others from its folder.
Out: the text of all of them, each behind those that it imports.

Modules share one scope once they are joined, so no two may have the same name at their top level.
An import or an export has one form, in one line that begins with it:
`import { one, other } from "./file.js";`, or `export` before a `function`, an `async function`, a
`class` or a `const`. Comments on lines of their own, which say more than code does, are left out:
types and the imports of types among them; so a template literal may have no line that begins as a
comment does. There is no parser of JavaScript in the standard library, so whatever may be an import
or an export and has another form is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_NAME = r"[A-Za-z_]\w*(?![\w$])"
_IMPORT = re.compile(rf'import \{{ ({_NAME}(?:, {_NAME})*) \}} from "\./([\w-]+\.js)";')
# and has nothing after it
_BEGINS_WITH_A_COMMENT = re.compile(r"\s*(?://|/\*(?:[^*]|\*(?!/))*(?:\*/\s*)?$)")
_DEFINITION = re.compile(rf"(export )?(?:const|class|(?:async )?function) ({_NAME}).*")
_ANY_IMPORT = re.compile(r"\s*import\b|.*\bimport\s*\(")
_ANY_EXPORT = re.compile(r"\s*export\b")
_ANY_DEFINITION = re.compile(r"(?:async|class|const|function|let|var)\b")
_FORM_OF_AN_IMPORT = 'an import is written `import { one, other } from "./file.js";` in one line'
_FORM_OF_AN_EXPORT = "`export` stands before one function, async function, class or const"
_FORM_OF_A_COMMENT = (
    "a comment that begins a line takes up all of it: code behind it would be left out"
)
_FORM_OF_A_NAME = "define one name with function, async function, class or const"


class ModuleError(Exception):
    """A module cannot be joined with the others."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")


@dataclass(frozen=True)
class Module:
    """A module, and the line of each of its imports and top-level names."""

    file: Path
    text: str  # without its imports, and without the word `export`
    imports: dict[tuple[str, str], int]  # by file and name
    names: dict[str, int]
    exports: frozenset[str]


def read(entry: Path) -> list[Module]:
    """A module and all that it imports, each behind those that it imports.

    Args:
        entry: The module's file.

    Raises:
        ModuleError: One of them has an import, an export or a top-level name that is not of the
            form above, imports what is not there, imports itself by way of others, or has a name
            that another one has.
    """
    modules: dict[str, Module] = {}
    _add(entry, modules, [])
    owners: dict[str, Module] = {}
    for module in modules.values():
        for name, line in module.names.items():
            if name in owners:
                other = owners[name]
                place = f"{other.file.name}:{other.names[name]}"
                raise ModuleError(module.file, line, f"{name} is defined in {place} already")
            owners[name] = module
        for (file, name), line in module.imports.items():
            if name not in modules[file].exports:
                raise ModuleError(module.file, line, f"{file} does not export {name}")
    return list(modules.values())


def join(entry: Path) -> str:
    """One module that does what `entry` does, and imports nothing.

    Args:
        entry: The module's file.

    Raises:
        ModuleError: As `read` does.
    """
    return "\n".join(module.text for module in read(entry))


def _add(file: Path, modules: dict[str, Module], importing: list[str]) -> None:
    """Put a module behind those that it imports, which `importing` names the importers of."""
    module = _parse(file)
    for (name, _), line in module.imports.items():
        if name in (chain := [*importing, file.name]):
            circle = " → ".join([*chain[chain.index(name) :], name])
            raise ModuleError(file, line, f"modules import each other in a circle: {circle}")
        if not (file.parent / name).is_file():
            raise ModuleError(file, line, f"there is no {name} beside it")
        if name not in modules:
            _add(file.parent / name, modules, chain)
    modules[file.name] = module


def _parse(file: Path) -> Module:
    lines: list[str] = []
    imports: dict[tuple[str, str], int] = {}
    names: dict[str, int] = {}
    exports: set[str] = set()
    in_comment = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if in_comment or _BEGINS_WITH_A_COMMENT.match(line):
            if in_comment or not line.lstrip().startswith("//"):
                _, end, behind = line.partition("*/")
                if behind.strip():
                    raise ModuleError(file, number, f"{line.strip()!r}: {_FORM_OF_A_COMMENT}")
                in_comment = not end
            continue
        if found := _IMPORT.fullmatch(line):
            imports.update({(found[2], name): number for name in found[1].split(", ")})
        elif _ANY_IMPORT.match(line):
            raise ModuleError(file, number, f"{line.strip()!r}: {_FORM_OF_AN_IMPORT}")
        elif found := _DEFINITION.fullmatch(line):
            exported, name = found.groups()
            if name in names:
                raise ModuleError(file, number, f"{name} is defined in line {names[name]} already")
            names[name] = number
            if exported:
                exports.add(name)
            lines.append(line.removeprefix("export "))
        elif _ANY_EXPORT.match(line):
            raise ModuleError(file, number, f"{line.strip()!r}: {_FORM_OF_AN_EXPORT}")
        elif _ANY_DEFINITION.match(line):
            raise ModuleError(file, number, f"{line.strip()!r}: {_FORM_OF_A_NAME}")
        else:
            lines.append(line)
    return Module(file, "\n".join(lines).strip("\n") + "\n", imports, names, frozenset(exports))
