"""Every example: clean, harmless to import, printing what its `.out` says, on the virtual clock and
on the real one.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import marshal
import platform
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from paths import ROOT
from pytest_examples import EvalExample
from pytest_examples.config import ExamplesConfig
from ruff.__main__ import find_ruff_bin
from sample_project import SampleProject

from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from sitebuild.checks.output import check_output, output_text
from sitebuild.commands.update import update
from sitebuild.content import examples, pages
from sitebuild.content.examples import Example
from sitebuild.project import Project
from sitebuild.records import cache, pythons, runner, sandbox_policy, server_pool, verified
from sitebuild.rendering.panel import recorded

EVERY = examples.find(Project(ROOT))
AGAIN = 8
"""How often a program is run again on the real clock until a busy machine lets its timers fall due
together.
"""
PROGRAMS = [name for name, example in EVERY.items() if not example.shell]


def compiles(name: str) -> bool:
    try:
        compile(EVERY[name].source, name, "exec")
    except SyntaxError:
        return False
    return True


def names(chosen: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", chosen, ids=chosen)


@pytest.fixture(scope="module")
def unclean() -> dict[str, list[str]]:
    """What ruff says of each file of which it says something."""
    settings = ExamplesConfig(
        target_version="py311",
        line_length=80,
        ruff_select=["E", "F", "I", "UP", "B", "W"],
        # That a call blocks the loop (ASYNC) is what some examples show.
        ruff_ignore=["B017", "ASYNC"],
    )
    files = [str(EVERY[name].path) for name in PROGRAMS if compiles(name)]
    ran = subprocess.run(
        [find_ruff_bin(), "check", *settings.ruff_config(), "--output-format=json", *files],
        capture_output=True,
        text=True,
    )
    assert ran.returncode in (0, 1), ran.stderr
    said: dict[str, list[str]] = {}
    for fault in json.loads(ran.stdout):
        line = f"line {fault['location']['row']}: {fault['code']} {fault['message']}"
        said.setdefault(fault["filename"], []).append(line)
    return said


WHOLE_PROGRAMS = {"linkcheck/over_the_network", "patterns/crawl_local_site"}
"""What a chapter ends with; their pages show them part by part."""


@names(PROGRAMS)
def test_an_example_is_clean(name: str, unclean: dict[str, list[str]]) -> None:
    example = EVERY[name]
    if not compiles(name):
        assert example.expected_exit(platform.python_version()) == 1, (
            f"{name} does not compile and does not declare exit = 1"
        )
        return
    assert str(example.path) not in unclean, "\n".join(unclean[str(example.path)])
    lines = [line for line in example.shown_source.splitlines() if line.strip()]
    most = 80 if name in WHOLE_PROGRAMS else 40
    assert len(lines) <= most, (
        f"{name} has {len(lines)} lines with something on them; an example has one new idea,"
        f" so make it {most} or fewer"
    )


TYPE_ERRORS = {
    "blocking/called_too_early": "wrong on purpose: passes what a call returned, not the function",
    "coroutines/coroutine_called": "wrong on purpose: calls a coroutine",
    "coroutines/forgotten_await": "wrong on purpose: no await",
    "coroutines/forgotten_run": "wrong on purpose: no asyncio.run()",
    "coroutines/four_kinds": "wrong on purpose: awaits what each kind of function returns",
    "coroutines/none_awaited": "wrong on purpose: awaits None",
    "coroutines/not_awaitable": "wrong on purpose: awaits a number, a list and a function",
    "coroutines/sleep_source": "reads a private function of asyncio",
    "coroutines/two_calls": "mypy takes what an async def returns for a Coroutine without cr_code",
    "coroutines/yield_from_a_list": "wrong on purpose: awaits a list",
    "coroutines/yield_from_coroutine": "wrong on purpose: yield from a coroutine",
    "debugging/five_mistakes": "wrong on purpose: two of the five have no await",
    "debugging/forgotten_without_hints": "wrong on purpose: has no type hints, and no await",
    "debugging/who_awaits_whom": "typeshed lets the call graph be None, and its futures have no name",
    "ecosystem/django_async_queries": "Django has no types",
    "ecosystem/django_views": "asgiref's test client has no types",
    "ecosystem/notebook_run": "nbformat's functions have no types",
    "inside/callback_not_imported": "wrong on purpose: a type that is not imported",
    "inside/task_is_a_future": "typeshed allows get_coro() things without a name, and None",
    "inside/wake_ups": "reads the private callbacks of a task",
    "loop/loop_factory_of_run": "wrong on purpose: run() has no loop_factory on Python 3.11",
    "many/gather_without_star": "wrong on purpose: gathers a list",
    "many/wait_wants_tasks": "wrong on purpose: waits for a coroutine",
    "messages/async_for_over_list": "wrong on purpose: async for over a list",
    "messages/async_generator_awaited": "wrong on purpose: awaits an async generator",
    "messages/async_generator_iterated": "wrong on purpose: a plain for over an async generator",
    "messages/async_init": "wrong on purpose: an async __init__",
    "messages/async_with_a_file": "wrong on purpose: async with for a plain context manager",
    "messages/coroutine_attribute": "wrong on purpose: a method of a coroutine",
    "messages/coroutine_iterated": "wrong on purpose: loops over a coroutine",
    "messages/coroutine_subscript": "wrong on purpose: an item of a coroutine",
    "messages/coroutine_unpacked": "wrong on purpose: unpacks a coroutine",
    "messages/gather_a_list": "wrong on purpose: gathers a list",
    "messages/loop_argument": "wrong on purpose: passes an argument that Python 3.10 removed",
    "messages/queue_shut_down": "calls a method that came with Python 3.13",
    "messages/run_a_function": "wrong on purpose: runs the function itself",
    "messages/task_of_none": "wrong on purpose: a task for None",
    "messages/wait_for_coroutines": "wrong on purpose: waits for coroutines",
    "messages/with_a_lock": "wrong on purpose: a plain with for a lock",
    "sync/waiters_named": "typeshed lets the call graph be None, and its futures have no name",
    "syntax/generator_misused": "wrong on purpose: await and for on an async generator",
    "syntax/with_without_async": "wrong on purpose: a plain with",
    "why/generator_coroutine": "wrong on purpose: asyncio.coroutine, which Python 3.11 removed",
}
"""Why mypy finds errors in an example. What does not even compile needs no reason: see `compiles`."""


def oldest_python(name: str) -> str:
    major, minor = max(EVERY[name].requires_python or (3, 11), (3, 11))
    return f"{major}.{minor}"


def type_errors(chosen: list[str], python: str) -> dict[str, list[str]]:
    """What mypy says of each of these examples of which it says something."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", f"--python-version={python}"),
            *("--config-file=", "--cache-dir=/dev/null", "--no-error-summary"),
            *("--ignore-missing-imports", "--explicit-package-bases"),
            *(EVERY[name].file for name in chosen),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    said: dict[str, list[str]] = {}
    for line in ran.stdout.splitlines():
        if found := re.match(r"examples/(\w+/\w+)\.py:\d+: error: ", line):
            said.setdefault(found[1], []).append(line)
    return said


@pytest.mark.parametrize("python", sorted({oldest_python(name) for name in PROGRAMS}))
def test_the_types_of_examples_are_right_on_the_oldest_python_that_they_are_for(
    python: str,
) -> None:
    chosen = [name for name in PROGRAMS if compiles(name) and oldest_python(name) == python]
    said = type_errors(chosen, python)
    unexplained = [
        line for name, lines in said.items() if name not in TYPE_ERRORS for line in lines
    ]
    assert not unexplained, "mypy --strict finds\n" + "\n".join(unexplained)
    mended = sorted(TYPE_ERRORS.keys() & set(chosen) - said.keys())
    assert not mended, f"mypy finds no error now; take it off TYPE_ERRORS: {', '.join(mended)}"


def test_type_errors_are_explained_only_where_mypy_looks() -> None:
    assert TYPE_ERRORS.keys() <= {name for name in PROGRAMS if compiles(name)}


def importing(project: Project, chosen: list[Example]) -> list[str]:
    """What examples do when they are imported, a line each. Whatever that is, they do it where
    examples run: in the sandbox.
    """
    program = ROOT / "tests/import_examples.py"
    sandbox = sandbox_policy.choose(project)
    if sandbox is not None:
        sandbox = replace(sandbox, read=(*sandbox.read, str(program)))
    with ForkServer(environment=server_pool.environment(), sandbox=sandbox) as warm:
        asked = Program(
            str(program),
            args=tuple(str(example.path.resolve()) for example in chosen),
            environment=server_pool.environment(),
        )
        trace = warm.record(asked, Limits(seconds=60), scratch=())
    lines = trace.text().splitlines()
    if trace.exit != 0 or len(lines) != len(chosen):
        return [
            f"importing ended at {(chosen[len(lines)].name if len(lines) < len(chosen) else 'the end')}: {trace.text()}"
        ]
    wrong = []
    for example, line in zip(chosen, lines, strict=True):
        _, printed_text, raised, threads = json.loads(line)
        # One that is meant to fail may fail on being imported.
        failed = raised is not None and example.expected_exit(platform.python_version()) == 0
        if printed_text or failed or threads:
            wrong.append(
                f"{example.name} does something when it is imported: {printed_text or raised or 'it leaves a thread'}"
            )
    return wrong


def test_importing_an_example_does_nothing(project: Project) -> None:
    assert (
        importing(
            project,
            [EVERY[name] for name in PROGRAMS if compiles(name) and pythons.runs_here(EVERY[name])],
        )
        == []
    )


def test_an_example_that_is_imported_reaches_nothing_and_is_what_its_text_says(
    tmp_path: Path,
) -> None:
    sample = SampleProject(tmp_path / "project")
    sandbox = sandbox_policy.choose(sample.project)
    mark = sample.root / "mark"
    path = sample.example("writes", f'"""T."""\n\nopen({str(mark)!r}, "w")\n', None)
    quiet = sample.example("quiet", '"""T."""\n', None)
    # Python itself would believe this file: it says that it need not be compared with the source.
    compiled = Path(importlib.util.cache_from_source(str(quiet)))
    compiled.parent.mkdir()
    code = marshal.dumps(
        compile(f'open({str(mark)!r}, "w")\nprint("from a .pyc")', str(quiet), "exec")
    )
    compiled.write_bytes(importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8) + code)
    wrong = importing(
        sample.project,
        [examples.read(path, sample.project), examples.read(quiet, sample.project)],
    )
    if sandbox is not None:  # else it may
        assert not mark.exists()
        assert len(wrong) == 1 and wrong[0].startswith(
            "chapter/writes does something when it is imported: OSError: "
        ), wrong
    else:
        assert not [line for line in wrong if "chapter/quiet" in line]


def test_examples_import_nothing_of_ours() -> None:
    for name, example in EVERY.items():
        if example.shell or not compiles(name):
            found = set(re.findall(r"\b(?:sitebuild|loopscope)\b(?!\])", example.source))
        else:
            nodes = [
                node
                for node in ast.walk(ast.parse(example.source))
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            modules = [
                node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
                for node in nodes
                for alias in node.names
            ]
            found = {module.partition(".")[0] for module in modules} & {"sitebuild", "loopscope"}
        assert not found, f"examples/{name}: remove the import of {', '.join(sorted(found))}"


@names(list(EVERY))
def test_an_example_prints_what_its_out_file_says(
    name: str, traces: dict, project: Project, eval_example: EvalExample
) -> None:
    trace = traces[name]
    if trace is None:
        # No Python here is new enough to run it. Then its page shows what was recorded, so that
        # must be there.
        assert EVERY[name].path.with_suffix(".out").exists(), (
            f"{name} cannot be run here, and nothing is recorded of it"
        )
        pytest.skip("no Python here is new enough; what was recorded of it is there")
    if eval_example.update_examples:
        update(project, [name])
    problem = check_output(EVERY[name], trace, project)
    assert problem is None, str(problem)


ELSEWHERE = [
    example for example in cache.all_variants(EVERY, pages.find(Project(ROOT))) if example.pinned
]


@pytest.mark.parametrize(
    "example", ELSEWHERE, ids=[f"{example.name} on {example.pinned}" for example in ELSEWHERE]
)
def test_an_example_prints_on_another_python_what_pages_show_of_it(
    example: Example, traces: dict, project: Project
) -> None:
    trace = cache.load(example, project)
    if trace is None:
        assert pythons.select_interpreter(example) is None
        assert recorded(example, project)
        pytest.skip(f"Python {example.pinned} is not here; what was recorded on it is there")
    problem = check_output(example, trace, project)
    assert problem is None, str(problem)


@names([name for name in PROGRAMS if EVERY[name].clock == "virtual"])
def test_a_virtual_example_prints_the_same_on_the_real_clock(
    name: str, on_the_real_clock: dict, traces: dict, project: Project
) -> None:
    if traces[name] is None:
        pytest.skip("no Python here is new enough")
    wanted = output_text(traces[name], project)
    got = output_text(on_the_real_clock[name], project)
    if EVERY[name].order == "may vary":
        # Lines that tie may come in another order, or one may be cut off by the end; not three
        # times in a row.
        for _ in range(3):
            if sorted(got.splitlines()) == sorted(wanted.splitlines()):
                return
            got = output_text(runner.run([EVERY[name]], project, clock="real")[name], project)
    for _ in range(AGAIN):
        if got == wanted or traces[name].stopped:
            break
        got = output_text(runner.run([EVERY[name]], project, clock="real")[name], project)
    if traces[name].stopped:
        # What the virtual clock finds out at once takes the real one its whole time: there it only
        # hangs.
        assert on_the_real_clock[name].exit == traces[name].exit
        return
    assert got == wanted, (
        f"{name}: it prints something else on the real clock; leave 50 ms between events whose"
        ' order matters, or declare `order = "may vary"`'
    )


def test_every_example_was_verified_as_it_is_now(project: Project) -> None:
    held = verified.load(project)
    stale = [name for name, example in EVERY.items() if not verified.pythons(example, held)]
    assert not stale, f"changed since it was recorded, run `make update`: {', '.join(stale)}"
    assert held.keys() == EVERY.keys(), (
        "examples/verified.txt is of other examples; run `make update`"
    )


def test_every_example_is_shown_on_a_page(project: Project) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in project.docs.rglob("*.md"))
    # What a shell session runs is shown by it.
    sessions = "".join(example.source for example in EVERY.values() if example.shell)
    lost = [
        name
        for name in EVERY
        if f'show("{name}"' not in pages and f"{name.split('/')[-1]}.py" not in sessions
    ]
    assert not lost, f"no page shows {', '.join(lost)}; show them, or delete them"
