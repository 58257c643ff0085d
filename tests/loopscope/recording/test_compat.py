"""Pythons to come: asyncio without each private name that loopscope uses, in turn, and without
policies.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from recorders import Recorded

import loopscope
from loopscope.recording import compat
from loopscope.recording.compat import CLOCK, DETAIL, NAMES, STEPS

ASYNCIO = Path(asyncio.__file__).parent
SOURCE = {file.stem: file.read_text() for file in ASYNCIO.glob("*.py")}
SOURCES = Path(loopscope.__file__).parent
CLOCKS = ("real", "virtual")
PRESENT = [name for name in NAMES if sys.version_info >= name.since]
# The virtual clock is tried with each name that it needs, and with one of each kind that it does
# not.
ON_BOTH = [
    name
    for name in PRESENT
    if CLOCK in name.needed_for
    or name.name in ("_ready", "_thread_id", "_asyncgens", "_clock_resolution")
]
PROGRAM = """
import asyncio, sys

async def work(name, seconds):
    await asyncio.sleep(seconds)
    return name

async def after(task, name):
    await task
    return await work(name, 0.01)

async def main():
    first = asyncio.create_task(work("a", 0.01))
    print(await asyncio.gather(after(first, "b"), first))
    try:
        await asyncio.wait_for(work("c", 3600), 0.01)
    except asyncio.TimeoutError:
        print("too late")
    await asyncio.sleep(0)

asyncio.run(main())
sys.exit(3)
"""
PRINTED = "['b', 'a']\ntoo late\n"
# Names that look the same, but are not what they were: what is appended to a module -> what is
# said.
DECOYS = {
    "_ready": (
        "base_events",
        "BaseEventLoop._ready = __import__('collections').deque()",
        "_ready does not hold the steps of tasks any more",
    ),
    "_scheduled": (
        "base_events",
        "BaseEventLoop._scheduled = []",
        "_scheduled does not hold the timers any more",
    ),
    "_selector": (
        "base_events",
        "BaseEventLoop._selector = None",
        "a small event loop ended with AttributeError: ",
    ),
    "_fut_waiter": (
        "tasks",
        "Task._fut_waiter = None",
        "_fut_waiter is not what a task waits for any more",
    ),
}
# How a Python without policies may make its loops.
NO_POLICY = """
import threading as _threading

class _Local(_threading.local):
    loop = None

def _without_policy(local):
    def get_event_loop():
        running = events._get_running_loop()
        if running is None and local.loop is None:
            raise RuntimeError("there is no current event loop")
        return running or local.loop
    def set_event_loop(loop):
        local.loop = loop
    def new_event_loop():
        return MAKE()
    for function in (get_event_loop, set_event_loop, new_event_loop):
        setattr(events, function.__name__, function)
        globals()[function.__name__] = function

_without_policy(_Local())
for _module in (events, unix_events):
    for _name in [name for name in vars(_module) if "policy" in name.lower()]:
        delattr(_module, _name)
for _name in [name for name in globals() if "policy" in name.lower()]:
    del globals()[_name]
"""
MAKES = {
    "looked_up": f"globals()[{'EventLoop' if sys.version_info >= (3, 13) else 'SelectorEventLoop'!r}]",
    "looked_up_in_unix_events": "unix_events.SelectorEventLoop",
    "by_value": "(lambda kind: lambda: kind())(unix_events._UnixSelectorEventLoop)",
}
WAYS = [
    "asyncio.run(main())",
    "loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); loop.run_until_complete(main()); loop.close()",
    "from asyncio import new_event_loop as new; loop = new(); loop.run_until_complete(main()); loop.close()",
    "loop = asyncio.SelectorEventLoop(); loop.run_until_complete(main()); loop.close()",
]
if sys.version_info >= (3, 11):
    for arguments in (
        "",
        "loop_factory=asyncio.new_event_loop",
        "loop_factory=asyncio.SelectorEventLoop",
    ):
        WAYS.append(f"with asyncio.Runner({arguments}) as runner: runner.run(main())")
if sys.version_info >= (3, 12):
    WAYS.append("asyncio.run(main(), loop_factory=asyncio.new_event_loop)")
AN_HOUR = """
import asyncio
assert not hasattr(asyncio, "get_event_loop_policy") and not hasattr(asyncio.events, "_get_event_loop_policy")

async def main():
    assert asyncio.get_event_loop() is asyncio.get_running_loop()
    await asyncio.sleep(3600)
    print("an hour later")

"""


def _asyncio(
    folder: Path, *, without: str = "", added: dict[str, str] | None = None
) -> dict[str, str]:
    """Lay out another asyncio, with a name of its own renamed in it and code added to some modules.

    What stays as it is is linked, with its compiled code.

    Returns:
        An environment in which it is the interpreter's.
    """
    copy = folder / "asyncio"
    compiled = copy / "__pycache__"
    compiled.mkdir(parents=True)
    for module, before in SOURCE.items():
        text = before
        if without:
            if without in text:
                text = re.sub(rf"(?<!\w){without}\b", f"{without}_of_late", text)
            text = re.sub(
                r"^(\s*)(from|import) _asyncio\b",
                r"\1\2 _asyncio_of_late",
                text,
                flags=re.MULTILINE,
            )
        text += (added or {}).get(module, "")
        if text != before:
            (copy / f"{module}.py").write_text(text)
            continue
        source = ASYNCIO / f"{module}.py"
        for original in (source, Path(importlib.util.cache_from_source(str(source)))):
            if original.exists():
                (copy / original.relative_to(ASYNCIO)).symlink_to(original)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture(scope="module")
def programs(
    recorded: Callable[[], Recorded], tmp_path_factory: pytest.TempPathFactory
) -> Recorded:
    programs = recorded()
    folder = tmp_path_factory.mktemp("pythons")
    for name in PRESENT:
        environment = _asyncio(folder / name.path, without=name.name)
        for clock in CLOCKS if name in ON_BOTH else CLOCKS[:1]:
            programs.add(
                f"{name.path}_{clock}",
                PROGRAM,
                starts=("spawn",),
                clock=clock,
                environment=environment,
            )
    for name, (module, code, _) in DECOYS.items():
        environment = _asyncio(folder / f"decoy{name}", without=name, added={module: f"\n{code}\n"})
        for clock in CLOCKS:
            programs.add(
                f"decoy{name}_{clock}",
                PROGRAM,
                starts=("spawn",),
                clock=clock,
                environment=environment,
            )
    for kind, make in MAKES.items():
        environment = _asyncio(folder / kind, added={"__init__": NO_POLICY.replace("MAKE", make)})
        programs.add(
            f"no_policy_{kind}",
            AN_HOUR + "\n".join(WAYS),
            starts=("spawn",),
            environment=environment,
        )
    broken = _asyncio(
        folder / "broken", added={"base_events": "\nBaseEventLoop.__init__ = property()\n"}
    )
    programs.add(
        "broken", "print('as it was')", starts=("spawn",), clock="real", environment=broken
    )
    no_loop = _asyncio(
        folder / "no_loop", added={"events": "\ndef new_event_loop(): raise KeyError('no loop')\n"}
    )
    for clock in CLOCKS:
        programs.add(
            f"no_loop_{clock}",
            "print('as it was')",
            starts=("spawn",),
            clock=clock,
            environment=no_loop,
        )
    return programs


def _expected(name: compat.PrivateName, what: str) -> str:
    """What is said when a name is gone, and with it others that are called the same."""
    gone = [
        f"{other.path} is gone ({other.purpose})" for other in PRESENT if other.name == name.name
    ]
    return f"{what} Python {platform.python_version()}: {', and '.join(gone)}"


def test_this_python_has_all() -> None:
    assert compat.probe() == ()
    assert (compat.cannot_record(), compat.no_virtual_clock(), compat.records_less()) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize("name", PRESENT, ids=lambda name: name.path)
def test_on_the_real_clock_a_program_runs_without_each_name(
    programs: Recorded, name: compat.PrivateName
) -> None:
    trace = programs.trace(f"{name.path}_real")
    assert (trace.text(), trace.exit, trace.stopped) == (PRINTED, 3, None)
    if STEPS in name.needed_for:
        assert trace.notes == (_expected(name, "loopscope cannot record on"),)
        assert (trace.tasks, trace.steps) == ((), ())
        return
    assert trace.notes == (
        (_expected(name, "loopscope records less on"),) if DETAIL in name.needed_for else ()
    )
    # wait_for makes one more up to 3.11
    assert [task.outcome for task in trace.tasks if not task.internal][:3] == ["returned"] * 3


@pytest.mark.parametrize("name", ON_BOTH, ids=lambda name: name.path)
def test_on_the_virtual_clock_a_program_runs_or_is_told_what_is_gone(
    programs: Recorded, name: compat.PrivateName
) -> None:
    trace = programs.trace(f"{name.path}_virtual")
    if CLOCK in name.needed_for:
        assert (
            trace.stopped
            == _expected(name, "the virtual clock does not work on") + '; declare clock = "real"'
        )
        assert (trace.text(), trace.exit) == ("", 125)
        return
    assert (trace.text(), trace.exit, trace.stopped) == (PRINTED, 3, None)
    assert 0.03 <= trace.duration < 0.031
    if STEPS in name.needed_for:
        assert trace.notes == (_expected(name, "loopscope cannot record on"),)


@pytest.mark.parametrize("name", DECOYS)
def test_a_name_that_means_something_else_is_noticed(programs: Recorded, name: str) -> None:
    what = DECOYS[name][2]
    traces = {clock: programs.trace(f"decoy{name}_{clock}") for clock in CLOCKS}
    assert (traces["real"].text(), traces["real"].exit) == (PRINTED, 3)
    told = [*traces["real"].notes, traces["virtual"].stopped or ""]
    assert any(
        re.match(
            rf"(loopscope|the virtual clock) .* on Python [\w.]+: .*{re.escape(what)}", sentence
        )
        for sentence in told
    )
    assert traces["virtual"].stopped or traces["virtual"].text() == PRINTED


@pytest.mark.parametrize("kind", MAKES)
def test_without_policies_every_way_to_a_loop_gives_the_virtual_one(
    programs: Recorded, kind: str
) -> None:
    trace = programs.trace(f"no_policy_{kind}")
    assert (trace.text(), trace.exit, trace.stopped, trace.notes) == (
        "an hour later\n" * len(WAYS),
        0,
        None,
        (),
    )
    assert trace.duration == pytest.approx(3600 * len(WAYS), abs=0.01)
    assert [task.outcome for task in trace.tasks if not task.internal] == ["returned"] * len(WAYS)


def test_what_nobody_foresaw_is_told_as_it_is(programs: Recorded) -> None:
    trace = programs.trace("broken")
    assert (trace.text(), trace.exit) == ("as it was\n", 0)
    assert [note.partition(": ")[0] for note in trace.notes] == [
        f"loopscope cannot record on Python {platform.python_version()}"
    ]
    assert "a small event loop ended with AttributeError: " in trace.notes[0]


def test_a_clock_that_cannot_be_set_up_says_why(programs: Recorded) -> None:
    assert (programs.trace("no_loop_real").text(), programs.trace("no_loop_real").notes) == (
        "as it was\n",
        (),
    )
    trace = programs.trace("no_loop_virtual")
    assert (
        trace.stopped
        == f"on Python {platform.python_version()} the recording could not begin: KeyError: 'no loop'"
    )
    assert (trace.text(), trace.exit) == ("", 125)


def test_every_private_name_of_asyncio_that_is_used_is_listed() -> None:
    """Names that asyncio has, and that modules of ours look up in something that is not theirs."""
    asyncios = set(
        re.findall(
            r"(?<!\w)_{1,2}[a-zA-Z]\w*\b(?!__)",
            "".join(file.read_text() for file in ASYNCIO.glob("*.py")),
        )
    )
    listed = {name.name for name in NAMES}
    for file in sorted(SOURCES.rglob("*.py")):
        if file.stem in ("compat", "unrecorded"):
            continue
        used = {name for name in _looked_up(ast.parse(file.read_text())) if name in asyncios}
        assert used <= listed | _POLICY | _OTHERS, file.name


# used where they are there; see the test of Pythons without policies
_POLICY = {"_get_event_loop_policy", "_loop_factory"}
_OTHERS = {"_getframe", "_exit", "_queue", "_process"}  # not asyncio's, which has them by chance


def _looked_up(tree: ast.AST) -> set[str]:
    """Names of which an object may be asked; those of `self` only in classes that are derived from
    one of asyncio's.
    """
    derived = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(
            ast.unparse(base).startswith(("base_events.", "asyncio.", "events."))
            for base in node.bases
        )
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if (
                not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
                or node in derived
            ):
                found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return {name for name in found if re.fullmatch(r"_[a-zA-Z_]\w*(?<!__)", name)}
