"""Joins JavaScript modules into one, so that a page requests a single file.

The joined module has the text of the entry module and of all those that it imports, each after
those that it imports itself. It exports what the entry module exports. What a module imports only
when it runs, `import("./file.js")`, stays a request of its own, for a file of that name beside the
joined one.

Joined modules share one scope, so no two may use the same name at their top level. An import or an
export has one form, on one line that begins with it: `import { one, other } from "./file.js";`, or
`export` before a `function`, an `async function`, a `class` or a `const`. Comments on lines of
their own are left out, because they are longer than the code: types and imports of types among
them. So are casts (`/** @type {Name} */`) inside lines, indentation and empty lines. A template
literal may therefore have no line that begins like a comment, and its indentation may not matter.
The standard library has no JavaScript parser, so anything that may be an import or an export and
has another form is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_NAME = r"[A-Za-z_]\w*(?![\w$])"
_IMPORT = re.compile(rf'import \{{ ({_NAME}(?:, {_NAME})*) \}} from "\./([\w-]+\.js)";')
# the beginning of a comment that has the whole line to itself
_COMMENT_START = re.compile(r"\s*(?://|/\*(?:[^*]|\*(?!/))*(?:\*/\s*)?$)")
_DEFINITION = re.compile(rf"(export )?(?:const|class|(?:async )?function) ({_NAME}).*")
_CAST = re.compile(r"/\*\* @type \{.*?\} \*/ ?")
_LATER_IMPORT = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
_ANY_IMPORT = re.compile(r"\s*import\b|.*\bimport\s*\(")
_ANY_EXPORT = re.compile(r"\s*export\b")
_ANY_DEFINITION = re.compile(r"(?:async|class|const|function|let|var)\b")
_IMPORT_FORM = (
    'an import is written `import { one, other } from "./file.js";` in one line, or, while it runs,'
    ' `import("./file.js")`'
)
_EXPORT_FORM = "`export` goes before one function, async function, class or const"
_COMMENT_FORM = "a comment that begins a line takes up all of it: code behind it would be left out"
_DEFINITION_FORM = "define one name with function, async function, class or const"


class ModuleError(Exception):
    """A module cannot be joined with the others."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")


@dataclass(frozen=True)
class Module:
    """A module, and the line of each of its imports and top-level names.

    Attributes:
        file: Its file.
        text: Its text, without imports and the word `export`.
        imports: Line of each import, by file and name.
        names: Line of each top-level name.
        exports: The names that it exports.
    """

    file: Path
    text: str
    imports: dict[tuple[str, str], int]
    names: dict[str, int]
    exports: frozenset[str]


def read(entry: Path) -> list[Module]:
    """Read a module and all that it imports, each after those that it imports itself.

    Args:
        entry: The module's file.

    Raises:
        ModuleError: A module has an import, an export or a top-level name of another form than
            above, imports something that is not there, imports itself by way of others, or has a
            name that another one has.
    """
    modules: dict[str, Module] = {}
    _add(entry, modules, [])
    defined_in: dict[str, Module] = {}
    for module in modules.values():
        for name, line in module.names.items():
            if name in defined_in:
                other = defined_in[name]
                location = f"{other.file.name}:{other.names[name]}"
                raise ModuleError(module.file, line, f"{name} is already defined in {location}")
            defined_in[name] = module
        for (file, name), line in module.imports.items():
            if name not in modules[file].exports:
                raise ModuleError(module.file, line, f"{file} does not export {name}")
    return list(modules.values())


def join(entry: Path) -> str:
    """Return the text of one module that does what `entry` does.

    Args:
        entry: The module's file.

    Raises:
        ModuleError: As for `read`.
    """
    modules = read(entry)
    exports = ", ".join(sorted(modules[-1].exports))
    text = "".join(module.text for module in modules)
    return f"{text}export {{ {exports} }};\n" if exports else text


def _add(file: Path, modules: dict[str, Module], importing: list[str]) -> None:
    """Add a module after those that it imports.

    Args:
        file: The module's file.
        modules: The modules so far, by file name.
        importing: File names of the modules that are importing it, outermost first.
    """
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
    """Read a module's text, its imports, top-level names and exports."""
    lines: list[str] = []
    imports: dict[tuple[str, str], int] = {}
    names: dict[str, int] = {}
    exports: set[str] = set()
    in_comment = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if in_comment or _COMMENT_START.match(line):
            if in_comment or not line.lstrip().startswith("//"):
                _, end, rest = line.partition("*/")
                if rest.strip():
                    raise ModuleError(file, number, f"{line.strip()!r}: {_COMMENT_FORM}")
                in_comment = not end
            continue
        if found := _IMPORT.fullmatch(line):
            imports.update({(found[2], name): number for name in found[1].split(", ")})
        elif _ANY_IMPORT.match(_LATER_IMPORT.sub("", line)):
            raise ModuleError(file, number, f"{line.strip()!r}: {_IMPORT_FORM}")
        elif found := _DEFINITION.fullmatch(line):
            exported, name = found.groups()
            if name in names:
                raise ModuleError(file, number, f"{name} is already defined in line {names[name]}")
            names[name] = number
            if exported:
                exports.add(name)
            lines.append(_without_types(line.removeprefix("export ")))
        elif _ANY_EXPORT.match(line):
            raise ModuleError(file, number, f"{line.strip()!r}: {_EXPORT_FORM}")
        elif _ANY_DEFINITION.match(line):
            raise ModuleError(file, number, f"{line.strip()!r}: {_DEFINITION_FORM}")
        elif line.strip():
            lines.append(_without_types(line))
    return Module(file, "\n".join(lines) + "\n", imports, names, frozenset(exports))


def _without_types(line: str) -> str:
    """Return a line without casts and indentation."""
    return _CAST.sub("", line).strip()
