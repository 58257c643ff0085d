"""The stepper's JavaScript without a browser: its types, and the script made of its modules."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest
from javascript import STEPPER as FOLDER
from javascript import command

from loopscope import Output, Step, Task, Trace, Wait
from loopscope.views import es_modules, stepper
from loopscope.views.moments import End, Event, Line, Sleep, Start, State, Stop
from loopscope.views.replay import to_json


def run(name: str, *arguments: str | Path) -> str:
    """What a command prints, which is nothing where it succeeds."""
    found = command(name, "node-typescript" if name == "tsc" else "nodejs")
    done = subprocess.run([found, *arguments], capture_output=True, text=True)
    assert bool(done.stdout + done.stderr) == bool(done.returncode)
    return done.stdout + done.stderr


def described(type_name: str, file: str = "record.js") -> set[str]:
    """The properties of a type in a module."""
    comments = (FOLDER / file).read_text(encoding="utf-8").split("/**")
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
    record = {
        **to_json(a_run(), ""),
        "source": [[1, "import asyncio"]],
        "picture": "<svg></svg>",
        "frames": [["main", None, 1], ["child", 0, 2]],
    }
    events = record["events"]
    assert {row[0] for row in events} == {"start", "stop", "sleep", "end"}
    type_name = f'import("{FOLDER / "record.js"}").RunRecord'
    for name in ("held", "coloured", "damaged"):
        text = f"/** @type {{{type_name}}} */\nexport const held = {json.dumps(record)};\n"
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
        if name == "held":
            record["colour"] = "red"
        else:
            events[0][0] = "begin"
            record["left_out"] = "4"
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
    assert {*faults(compiled)} == {"coloured.js", "damaged.js"}


def test_the_record_s_types_name_what_a_record_has() -> None:
    assert described("State", "state.js") == {*State._fields}
    added = {"frames", "source", "picture", "page"}
    assert described("RunRecord") == {*to_json(a_run(), "")} | added


@pytest.mark.parametrize("kind", [Start, Line, Stop, Sleep, End])
def test_the_types_of_events_name_their_fields(kind: type[Event]) -> None:
    text = (FOLDER / "events.js").read_text(encoding="utf-8").replace("\n *   ", " ")
    type_of = f'{{{{ kind: "{kind.__name__.lower()}", (.*?) }}}} {kind.__name__}\n'
    described = re.search(type_of.replace("{", r"\{"), text)
    assert described is not None
    assert tuple(re.findall(r"(\w+): ", described[1])) == kind._fields


def test_a_record_has_the_types_that_are_written_there(compiled: str) -> None:
    complaints = faults(compiled)
    assert "held.js" not in complaints
    assert "Type 'string' is not assignable to type 'number'" in complaints["damaged.js"]
    assert """'"begin"' is not assignable""" in complaints["damaged.js"]
    assert "colour" in complaints["coloured.js"]


def test_one_script_is_made_of_all_modules_and_parses(tmp_path: Path) -> None:
    modules = es_modules.read(FOLDER / "whole.js")
    of_a_site = {"stepper.js"}  # it imports the same, the opened stepper later
    assert {module.file.name for module in modules} | of_a_site == {
        file.name for file in FOLDER.glob("*.js")
    }
    text = stepper.script()
    assert not re.search(r"</script|<!--", text, re.IGNORECASE), "it would end a page's script"
    module, plain = tmp_path / "stepper.mjs", tmp_path / "stepper.cjs"
    module.write_text(text, encoding="utf-8")
    assert run("node", "--check", module) == ""  # it refuses a name that is defined twice
    plain.write_text(text, encoding="utf-8")
    assert run("node", "--check", plain) == ""  # and here what is left of imports and exports


def test_what_a_module_exports_another_one_imports() -> None:
    modules = es_modules.read(FOLDER / "whole.js")
    exported = {(module.file.name, name) for module in modules for name in module.exports}
    assert exported == {imported for module in modules for imported in module.imports}


def test_script_and_style_are_light() -> None:
    served = (*stepper.scripts().values(), stepper.style())
    assert sum(len(gzip.compress(text.encode())) for text in served) <= 13_300
    [at_once, _] = stepper.scripts().values()
    assert len(gzip.compress(at_once.encode())) <= 1_400, "most visits open no stepper"


def test_the_two_scripts_of_a_site_are_those_of_one_and_parse(tmp_path: Path) -> None:
    of_one = {module.file.name for module in es_modules.read(FOLDER / "whole.js")}
    names = [
        {module.file.name for module in es_modules.read(FOLDER / name)}
        for name in stepper.scripts()
    ]
    assert names[0] & names[1] == set(), "nothing is fetched twice"
    assert names[0] | names[1] == of_one - {"whole.js"} | {"stepper.js"}
    for name, text in stepper.scripts().items():
        module = (tmp_path / name).with_suffix(".mjs")
        module.write_text(text, encoding="utf-8")
        assert run("node", "--check", module) == ""
