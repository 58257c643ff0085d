"""The stepper's JavaScript without a browser: its types, and the script made of its modules."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from paths import ROOT

from loopscope import Output, Step, Task, Trace, Wait
from loopscope.views import es_modules, stepper
from loopscope.views.replay import Moment, to_json

FOLDER = ROOT / "loopscope/views/stepper"


def run(name: str, *arguments: str | Path) -> str:
    """What a command prints, which is nothing where it succeeds.

    Where there is no such command the test is skipped; not in CI.
    """
    command = shutil.which(name)
    if command is None:
        message = f"there is no {name} here (Debian: node-typescript)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run([command, *arguments], capture_output=True, text=True)
    assert bool(done.stdout + done.stderr) == bool(done.returncode)
    return done.stdout + done.stderr


def described(type_name: str) -> set[str]:
    """The properties of a type in record.js."""
    comments = (FOLDER / "record.js").read_text(encoding="utf-8").split("/**")
    [comment] = [comment for comment in comments if f"@typedef {{object}} {type_name}\n" in comment]
    return set(re.findall(r"^ \* @property \{.*?\} \[?(\w+)", comment, re.MULTILINE))


def a_run() -> Trace:
    """One task waits for another, which sleeps and prints."""
    tasks = (
        Task(1, "Task-1", "main", 9, None, 0.0, 1.2, "returned"),
        Task(2, "Task-2", "child", 5, 1, 0.0, 1.1, "returned"),
    )
    steps = (
        Step(0.0, 0.1, "task", 1, None, 4, 6, Wait("task", "Task-2"), ready=(2, "log")),
        Step(0.1, 0.2, "task", 2, None, 1, 2, Wait("sleep", seconds=1), timers=((1.0, 2),)),
        Step(0.3, 0.4, "callback", None, "log", None, None, None),
        Step(1.0, 1.1, "task", 2, None, 2, None, None, ready=(1,)),
        Step(1.1, 1.2, "task", 1, None, 6, None, None),
    )
    output = (Output(1.0, "stdout", 2, 3, "done\n", 3), Output(1.2, "stderr", None, None, "end\n"))
    return Trace("3.14", "run.py", "virtual", 1.2, 0, tasks=tasks, steps=steps, output=output)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the compiler says of the modules, of a record and of a damaged one.

    It takes seconds to begin, so it is called once for all of them.
    """
    folder = tmp_path_factory.mktemp("types")
    record = {**to_json(a_run(), ""), "source": [[1, "import asyncio"]], "picture": "<svg></svg>"}
    moments = record["moments"]
    for name in ("ready", "waiting", "finished", "suspended"):
        assert any(moment[name] for moment in moments), f"nothing shows the type of {name}"
    type_name = f'import("{FOLDER / "record.js"}").RunRecord'
    for name in ("held", "damaged"):
        text = f"/** @type {{{type_name}}} */\nexport const held = {json.dumps(record)};\n"
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
        moments[0]["line"] = "4"
        moments[1]["colour"] = "red"
    settings = {
        "extends": str(FOLDER / "tsconfig.json"),
        "compilerOptions": {"listFiles": True},
        "include": [f"{FOLDER}/*.js", f"{folder}/*.js"],
    }
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return run("tsc", "-p", folder)


def faults(compiled: str) -> dict[str, str]:
    """The compiler's complaints, by the file of which it complains."""
    found: dict[str, str] = {}
    for name, complaint in re.findall(
        r"^(\S+\.js)\(\d+,\d+\): (error .*)$", compiled, re.MULTILINE
    ):
        found[Path(name).name] = found.get(Path(name).name, "") + complaint
    return found


def test_the_types_are_right(compiled: str) -> None:
    listed = {Path(line) for line in compiled.splitlines() if line.endswith(".js")}
    assert {*FOLDER.glob("*.js")} < listed
    assert {*faults(compiled)} == {"damaged.js"}


def test_the_record_s_types_name_what_a_record_has() -> None:
    assert described("Moment") == {field.name for field in fields(Moment)}
    assert described("RunRecord") == {*to_json(a_run(), ""), "source", "picture", "page"}


def test_a_record_has_the_types_that_are_written_there(compiled: str) -> None:
    complaints = faults(compiled)
    assert "held.js" not in complaints
    assert "Type 'string' is not assignable to type 'number'" in complaints["damaged.js"]
    assert "colour" in complaints["damaged.js"]


def test_one_script_is_made_of_all_modules_and_parses(tmp_path: Path) -> None:
    modules = es_modules.read(FOLDER / "element.js")
    assert {module.file.name for module in modules} == {file.name for file in FOLDER.glob("*.js")}
    text = stepper.script()
    assert not re.search(r"</script|<!--", text, re.IGNORECASE), "it would end a page's script"
    module, plain = tmp_path / "stepper.mjs", tmp_path / "stepper.cjs"
    module.write_text(text, encoding="utf-8")
    assert run("node", "--check", module) == ""  # it refuses a name that is defined twice
    plain.write_text(text, encoding="utf-8")
    assert run("node", "--check", plain) == ""  # and here what is left of imports and exports


def test_what_a_module_exports_another_one_imports() -> None:
    modules = es_modules.read(FOLDER / "element.js")
    exported = {(module.file.name, name) for module in modules for name in module.exports}
    assert exported == {imported for module in modules for imported in module.imports}


def test_the_script_is_light() -> None:
    assert len(gzip.compress(stepper.script().encode())) <= 12_000
