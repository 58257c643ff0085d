"""A file beside a program that is named like a module: it does to the recorded program what it does
to the plain one.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from commands import ENVIRONMENT, PATIENCE, PLAIN, RECORDED
from recorders import ENVIRONMENT as BARE
from recorders import Recorders
from warm_command import WarmCommand

from loopscope import Limits, Program, Trace

PROGRAM = """\
import asyncio
import sys

async def main():
    await asyncio.sleep(0.01)
    print("slept")

print("begins")
import {name}
print(getattr({name}, "__file__", None))
asyncio.run(main())
"""
HIDES = "hides Python's own module {name}; so it ran unrecorded"
# name -> whether asyncio needs the module, so that the program cannot be recorded. None: it depends
# on the Python.
NAMES: dict[str, bool | None] = {
    "asyncio": True,
    "selectors": True,
    "select": True,
    "socket": True,
    "logging": True,
    "signal": True,
    "fcntl": None,
    "random": False,
    "json": False,
    "queue": None,
    "resource": False,
    "dataclasses": None,
    "faulthandler": False,
    "time": False,
    "loopscope": False,
    "sitecustomize": False,
    "usercustomize": False,
}


def write(folder: Path, name: str) -> Path:
    folder.mkdir()
    (folder / f"{name}.py").write_text('print("mine:", __name__)\n')
    (folder / "program.py").write_text(PROGRAM.format(name=name))
    return folder / "program.py"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.fixture(scope="module")
def runs(
    recorders: Recorders, command: WarmCommand, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Future]]:
    """Each program run by Python itself, by the command, and by a warm interpreter."""
    folder = tmp_path_factory.mktemp("shadowed_modules")
    runs: dict[str, dict[str, Future]] = {}
    pool = ThreadPoolExecutor(3)
    for name in NAMES:
        file = write(folder / name, name)
        runs[name] = {
            "plain": pool.submit(run, folder, *PLAIN, str(file)),
            "command": pool.submit(command, folder, str(file)),
            "fork": recorders.submit(
                "fork",
                Program(str(file), environment=BARE, directory=str(folder), name="program.py"),
            ),
        }
    pool.shutdown(wait=False)
    return runs


@pytest.mark.parametrize("name", NAMES)
def test_the_command_shows_what_a_file_of_that_name_does(
    runs: dict[str, dict[str, Future]], name: str
) -> None:
    plain, recorded = runs[name]["plain"].result(), runs[name]["command"].result()
    assert (recorded.stdout.decode(), recorded.returncode) == (plain.stdout, plain.returncode)
    errors = recorded.stderr.decode()
    assert errors.startswith(plain.stderr)
    said = HIDES.format(name=name) in errors
    if NAMES[name] is not None:
        assert said == NAMES[name]
    assert said or "Task-1  main" in errors


@pytest.mark.parametrize("name", NAMES)
def test_a_warm_interpreter_shows_what_a_file_of_that_name_does(
    runs: dict[str, dict[str, Future]], name: str
) -> None:
    plain, trace = runs[name]["plain"].result(), runs[name]["fork"].result()
    assert (trace.text("stdout"), trace.text("stderr"), trace.exit) == (
        plain.stdout,
        plain.stderr,
        plain.returncode,
    )
    said = any(HIDES.format(name=name) in note for note in trace.notes)
    if NAMES[name] is not None:
        assert said == NAMES[name]
    assert said == (not trace.steps)


def test_a_program_named_asyncio_is_told_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "asyncio.py").write_text('import asyncio\n\nasyncio.run(print("never"))\n')
    plain, recorded = run(tmp_path, *PLAIN, "asyncio.py"), run(tmp_path, *RECORDED, "asyncio.py")
    assert (recorded.stdout, recorded.returncode) == (plain.stdout, plain.returncode) == ("", 1)
    assert recorded.stderr.startswith(plain.stderr)
    assert (
        "AttributeError: partially initialized module 'asyncio'" in plain.stderr
        or "consider renaming" in plain.stderr
    )
    assert (
        "asyncio.py: its own name, asyncio.py, hides Python's own module asyncio; so it ran unrecorded"
        in recorded.stderr
    )


def test_a_program_that_is_no_file_is_hidden_from_by_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "asyncio.py").touch()
    program = "import asyncio\nprint('begins')\nasyncio.run(asyncio.sleep(0))\n"
    for words, name in ((["-c", program], "<string>"), (["-"], "<stdin>")):
        plain, recorded = (
            subprocess.run(
                [*start, *words],
                cwd=tmp_path,
                env=ENVIRONMENT,
                input=program,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
            for start in (PLAIN, RECORDED)
        )
        assert (
            (recorded.stdout, recorded.returncode)
            == (plain.stdout, plain.returncode)
            == ("begins\n", 1)
        )
        assert recorded.stderr.startswith(plain.stderr)
        assert f"{name}: asyncio.py beside it hides Python's own module asyncio" in recorded.stderr


def test_the_folder_in_which_the_command_is_given_hides_nothing_from_the_command(
    tmp_path: Path,
) -> None:
    for name in ("argparse", "json", "subprocess", "asyncio", "pathlib", "xml"):
        (tmp_path / f"{name}.py").write_text('raise SystemExit("the wrong one")\n')
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "program.py").write_text(
        'import asyncio\n\nasyncio.run(asyncio.sleep(0, print("right")))\n'
    )
    done = run(tmp_path, *RECORDED, "elsewhere/program.py")
    assert (done.stdout, done.returncode) == ("right\n", 0)
    assert "Task-1  sleep" in done.stderr
    module = run(tmp_path, *RECORDED, "-m", "elsewhere.program")
    assert (module.stdout, module.returncode) == ("", 1)
    assert "the wrong one" in module.stderr
    assert "asyncio.py beside it hides Python's own module asyncio" in module.stderr


def test_a_package_and_a_folder_of_pythonpath_hide_as_well_and_a_mere_folder_does_not(
    tmp_path: Path, recorders: Recorders
) -> None:
    (tmp_path / "program.py").write_text(
        'import asyncio\n\nprint("begins")\nasyncio.run(asyncio.sleep(0))\n'
    )
    (tmp_path / "asyncio").mkdir()
    assert "Task-1  sleep" in run(tmp_path, *RECORDED, "program.py").stderr
    (tmp_path / "asyncio" / "__init__.py").touch()
    assert (
        "asyncio beside it hides Python's own module asyncio"
        in run(tmp_path, *RECORDED, "program.py").stderr
    )
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "asyncio").rename(tmp_path / "elsewhere" / "asyncio")
    trace: Trace = recorders.submit(
        "spawn",
        Program(
            str(tmp_path / "program.py"),
            clock="virtual",
            environment={**BARE, "PYTHONPATH": str(tmp_path / "elsewhere")},
        ),
    ).result()
    assert (trace.text("stdout"), trace.exit, trace.clock) == ("begins\n", 1, "real")
    assert trace.error == "AttributeError: module 'asyncio' has no attribute 'run'"
    found = str(tmp_path / "elsewhere" / "asyncio")
    assert trace.notes == (
        f"{found} hides Python's own module asyncio; so it ran unrecorded, on the real clock. Give that file another name",
    )


def test_another_version_of_asyncio_on_pythonpath_is_recorded(
    tmp_path: Path, recorders: Recorders
) -> None:
    (tmp_path / "program.py").write_text(
        "import asyncio\n\nprint(asyncio.VERSION)\nasyncio.run(asyncio.sleep(0))\n"
    )
    other = tmp_path / "elsewhere" / "asyncio"
    shutil.copytree(
        Path(asyncio.__file__).parent, other, ignore=shutil.ignore_patterns("__pycache__")
    )
    with (other / "__init__.py").open("a") as file:
        file.write("\nVERSION = 'another'\n")
    environment = {**BARE, "PYTHONPATH": str(other.parent)}
    trace = recorders.submit(
        "spawn", Program(str(tmp_path / "program.py"), environment=environment)
    ).result()
    assert (trace.text(), trace.notes) == ("another\n", ())
    assert [task.coro for task in trace.tasks if not task.internal] == ["sleep"]


def test_what_runs_unrecorded_is_kept_to_its_limits(tmp_path: Path, recorders: Recorders) -> None:
    (tmp_path / "program.py").write_text('import time\n\nprint("begins")\ntime.sleep(600)\n')
    (tmp_path / "asyncio.py").touch()
    trace = recorders.submit(
        "spawn", Program(str(tmp_path / "program.py"), environment=BARE), Limits(seconds=2)
    ).result()
    assert (trace.text(), trace.exit, trace.stopped) == (
        "begins\n",
        124,
        "it ran out of time: stopped after 2 s",
    )


def test_loopscope_is_no_module_that_a_recorded_program_finds(
    tmp_path: Path, recorders: Recorders
) -> None:
    file = tmp_path / "program.py"
    file.write_text(
        "import sys\nprint([name for name in sys.modules if 'loopscope' in name or name == 'sitecustomize'])\nimport loopscope\n"
    )
    for start in ("fork", "spawn"):
        trace = recorders.submit(start, Program(str(file), environment=BARE)).result()
        assert trace.text("stdout") == "[]\n"
        assert trace.error == "ModuleNotFoundError: No module named 'loopscope'"


def test_an_asyncio_that_loopscope_cannot_work_with_leaves_the_program_alone(
    recorders: Recorders, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(
        Path(asyncio.__file__).parent,
        other / "asyncio",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (other / "asyncio/events.py").write_text("raise LookupError('not this one')\n")
    (tmp_path / "program.py").write_text("import sys\nprint('ran')\nsys.exit(3)\n")
    program = Program(str(tmp_path / "program.py"), environment={**BARE, "PYTHONPATH": str(other)})
    trace = recorders.submit("spawn", program).result()
    assert (trace.text(), trace.exit) == ("ran\n", 3)
    (note,) = trace.notes
    assert (
        "loopscope could not be loaded on Python" in note
        and "LookupError: not this one; so it ran unrecorded" in note
    )
