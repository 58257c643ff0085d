"""JavaScript modules are joined in order of their imports, or the line at fault is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loopscope.views.es_modules import ModuleError, join


def written(folder: Path, modules: dict[str, str]) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_a_module_stands_once_and_behind_those_that_it_imports(tmp_path: Path) -> None:
    main = written(
        tmp_path,
        {
            "main": "// Begins.\n/* In\n two lines. */\n\n"
            'import { middle } from "./middle.js";\n'
            'import { last, other } from "./last.js";\n\n'
            "middle(last, other);\n",
            "middle": 'import { last } from "./last.js";\nexport async function middle() {}\n',
            "last": '/** @typedef {import("./main.js").One} One */\n\nexport const last = 1;\nexport class other {}\nfunction third() {}\n',
        },
    )
    assert join(main) == (
        "const last = 1;\nclass other {}\nfunction third() {}\nasync function middle() {}\nmiddle(last, other);\n"
    )


def test_casts_and_indentation_are_left_out_and_texts_stay(tmp_path: Path) -> None:
    text = """\
function one(/** @type {{ a: number }} */ { a }) {
  const two = /** @type {Map<string, {}>} */ (a) * /* not a cast */ 3;

  return `  ${two}
    /* a text */`;
}
"""
    assert join(written(tmp_path, {"main": text})) == (
        "function one({ a }) {\nconst two = (a) * /* not a cast */ 3;\n"
        "return `  ${two}\n/* a text */`;\n}\n"
    )


def test_what_is_imported_later_stays_a_request_and_what_is_exported_stays_so(
    tmp_path: Path,
) -> None:
    text = 'export const one = () => import("./later.js");\nexport const two = 2;\n'
    entry = tmp_path / "main.js"
    entry.write_text(text, encoding="utf-8")
    assert join(entry) == (
        'const one = () => import("./later.js");\nconst two = 2;\nexport { one, two };\n'
    )


@pytest.mark.parametrize(
    "line",
    [
        'import one from "./other.js";',
        'import * as other from "./other.js";',
        'import { one as two } from "./other.js";',
        "import { one } from './other.js';",
        'import { one } from "./other.js"',
        'import { one } from "../other.js";',
        'import { one } from "https://example.org/other.js";',
        'import "./other.js";',
        'import("../other.js");',
        "import(other);",
        '  import { one } from "./other.js";',
        "import {",
        "const one = await import('./other.js');",
        "export default one;",
        "export { one };",
        'export * from "./other.js";',
        "export let one = 1;",
        "export function* one() {}",
        "export const [one] = [1];",
    ],
)
def test_another_form_of_import_or_export_is_refused(line: str, tmp_path: Path) -> None:
    main = written(tmp_path, {"main": f"// Begins.\n{line}\n", "other": "export const one = 1;\n"})
    form = "`export` goes before one" if line.startswith("export") else "an import is written"
    with pytest.raises(ModuleError, match=re.escape(f"main.js:2: {line.strip()!r}: {form}")):
        join(main)


FAULTS = {
    "code behind a comment of several lines": (
        {"main": "/* Begins.\n */ const one = 1;\n"},
        "main.js:2: '*/ const one = 1;': a comment that begins a line takes up all of it: code behind it would be left out",
    ),
    "a file that is not there": (
        {"main": 'import { one } from "./other.js";\n'},
        "main.js:1: there is no other.js beside it",
    ),
    "a name that is not exported": (
        {
            "main": '\nimport { one, two } from "./other.js";\n',
            "other": "export const one = 1;\nconst two = 2;\n",
        },
        "main.js:2: other.js does not export two",
    ),
    "the same name in two modules": (
        {
            "main": 'import { one } from "./other.js";\n\nconst two = 2;\n',
            "other": "export const one = 1;\nfunction two() {}\n",
        },
        "main.js:3: two is already defined in other.js:2",
    ),
    "the same name twice": (
        {"main": "const one = 1;\nfunction one() {}\n"},
        "main.js:2: one is already defined in line 1",
    ),
    "a circle": (
        {
            "main": 'import { one } from "./other.js";\n',
            "other": 'import { two } from "./third.js";\nexport const one = 1;\n',
            "third": 'import { one } from "./other.js";\nexport const two = 2;\n',
        },
        "third.js:1: modules import each other in a circle: other.js → third.js → other.js",
    ),
    "a module that imports itself": (
        {"main": 'import { one } from "./main.js";\nexport const one = 1;\n'},
        "main.js:1: modules import each other in a circle: main.js → main.js",
    ),
    "a top-level name that is not plain to see": (
        {"main": "let one = 1;\n"},
        "main.js:1: 'let one = 1;': define one name with function, async function, class or const",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_joined_is_named_with_file_and_line(name: str, tmp_path: Path) -> None:
    modules, message = FAULTS[name]
    with pytest.raises(ModuleError, match=re.escape(message) + "$") as caught:
        join(written(tmp_path, modules))
    assert str(caught.value).startswith(str(tmp_path))
