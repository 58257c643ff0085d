"""Every example: clean, harmless to import, printing what its `.out` says, on the virtual clock and on the real one."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest
from here import ROOT
from pytest_examples import CodeExample, EvalExample

from sitebuild import examples, pythons, records, verified
from sitebuild.examples import Example
from sitebuild.judge import judge, printed
from sitebuild.project import Project
from sitebuild.show import recorded
from sitebuild.update import update

EVERY = examples.find(Project(ROOT))
PROGRAMS = [name for name, example in EVERY.items() if not example.shell]


def compiles(name: str) -> bool:
    try:
        compile(EVERY[name].source, name, "exec")
    except SyntaxError:
        return False
    return True


def names(chosen: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", chosen, ids=chosen)


@names(PROGRAMS)
def test_an_example_is_clean(name: str, eval_example: EvalExample) -> None:
    example = EVERY[name]
    if not compiles(name):
        assert example.exit(platform.python_version()) == 1, f"{name} does not compile and does not declare exit = 1"
        return
    # That a call blocks the loop (ASYNC) is what some examples show.
    eval_example.set_config(
        target_version="py311", line_length=80, ruff_select=["E", "F", "I", "UP", "B", "W"], ruff_ignore=["B017", "ASYNC"]
    )
    eval_example.lint_ruff(CodeExample.create(example.source, path=example.path))
    lines = [line for line in example.shown.splitlines() if line.strip()]
    assert len(lines) <= 40, f"{name} has {len(lines)} lines with something on them; an example has one new idea"


def test_importing_an_example_does_nothing() -> None:
    # One that is meant to fail may fail on being imported.
    fails = {name: EVERY[name].exit(platform.python_version()) != 0 for name in PROGRAMS}
    chosen = [(name, str(EVERY[name].path), fails[name]) for name in PROGRAMS if compiles(name) and pythons.runs_here(EVERY[name])]
    code = """
import contextlib, importlib.util, io, json, sys, threading
for name, path, fails in json.load(sys.stdin):
    said = io.StringIO()
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), path)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.suppress(*[Exception] * fails):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    if said.getvalue() or threading.active_count() > 1:
        print(name, "does something when it is imported:", said.getvalue())
"""
    ran = subprocess.run([sys.executable, "-c", code], input=json.dumps(chosen), capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_examples_import_nothing_of_ours() -> None:
    for name, example in EVERY.items():
        assert "import sitebuild" not in example.source and "import loopscope" not in example.source, name


@names(list(EVERY))
def test_an_example_prints_what_its_out_file_says(name: str, traces: dict, project: Project, eval_example: EvalExample) -> None:
    trace = traces[name]
    if trace is None:
        # No Python here is new enough to run it. Then its page shows what was recorded, so that must be there.
        assert EVERY[name].path.with_suffix(".out").exists(), f"{name} cannot be run here, and nothing is recorded of it"
        return
    if eval_example.update_examples:
        update(project, [name])
    problem = judge(EVERY[name], trace, project)
    assert problem is None, str(problem)


ELSEWHERE = [example for example in records.every(EVERY, Project(ROOT)) if example.on]


@pytest.mark.parametrize("example", ELSEWHERE, ids=[f"{example.name} on {example.on}" for example in ELSEWHERE])
def test_an_example_prints_on_another_python_what_pages_show_of_it(example: Example, traces: dict, project: Project) -> None:
    trace = records.load(example, project)
    if trace is None:
        assert pythons.chosen(example) is None
        assert recorded(example, project)
        return
    problem = judge(example, trace, project)
    assert problem is None, str(problem)


@names([name for name in PROGRAMS if EVERY[name].clock == "virtual"])
def test_a_virtual_example_prints_the_same_on_the_real_clock(name: str, on_the_real_clock: dict, traces: dict, project: Project) -> None:
    if traces[name] is None:
        return
    wanted = printed(traces[name], project)
    got = printed(on_the_real_clock[name], project)
    if EVERY[name].order == "may vary":
        # Lines that tie may come in another order, or one may be cut off by the end; not three times in a row.
        for _ in range(3):
            if sorted(got.splitlines()) == sorted(wanted.splitlines()):
                return
            got = printed(records.run([EVERY[name]], project, clock="real")[name], project)
    for _ in range(2):  # on a busy machine a timer comes late now and then
        if got == wanted or traces[name].stopped:
            break
        got = printed(records.run([EVERY[name]], project, clock="real")[name], project)
    if traces[name].stopped:
        # What the virtual clock finds out at once takes the real one its whole time: there it only hangs.
        assert on_the_real_clock[name].exit == traces[name].exit
        return
    assert got == wanted, f"{name}: it prints something else on the real clock"


def test_every_example_was_verified_as_it_is_now(project: Project) -> None:
    held = verified.load(project)
    stale = [name for name, example in EVERY.items() if not verified.pythons(example, held)]
    assert not stale, f"changed since it was recorded, run `make update`: {', '.join(stale)}"
    assert held.keys() == EVERY.keys(), "examples/verified.txt is of other examples; run `make update`"


def test_every_example_is_shown_on_a_page(project: Project) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in project.docs.rglob("*.md"))
    # What a shell session runs is shown by it.
    sessions = "".join(example.source for example in EVERY.values() if example.shell)
    lost = [name for name in EVERY if f'show("{name}"' not in pages and f"{name.split('/')[-1]}.py" not in sessions]
    assert not lost, f"no page shows {', '.join(lost)}"
