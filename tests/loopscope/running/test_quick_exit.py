"""How a forked program exits: in less time than in the normal way, with nothing else changed."""

from __future__ import annotations

import resource
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from recorders import ENVIRONMENT, LIMITS

from loopscope.running import fork_server
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from sitebuild.records import pythons

ANNOUNCED = """
class Announced:
    def __init__(self, name):
        self.label = name
    def __del__(self):
        print(self.label, "is destroyed")
"""

PROGRAMS = {
    "nothing": "",
    "own_objects": ANNOUNCED
    + """
kept = Announced("a global")
cycle = Announced("a cycle")
cycle.itself = cycle
""",
    "on_a_library_module": ANNOUNCED + "import json\njson.extra = Announced('the extra')\n",
    "on_a_module_imported_late": ANNOUNCED + "import colorsys\ncolorsys.extra = Announced('it')\n",
    "root_logger": ANNOUNCED
    + """
import logging
class Handler(Announced, logging.StreamHandler):
    def __init__(self):
        Announced.__init__(self, "the handler")
        logging.StreamHandler.__init__(self)
logging.getLogger().addHandler(Handler())
logging.error("logged")
""",
    "logging_shutdown": """
import logging.handlers
target = logging.StreamHandler()
memory = logging.handlers.MemoryHandler(100, logging.CRITICAL, target)
logging.getLogger().addHandler(memory)
logging.warning("flushed by logging.shutdown")
""",
    "empty_slots": """
import json
class Small:
    __slots__ = ()
    def __del__(self):
        print("the small one is destroyed")
json.small = Small()
""",
    "frozen": ANNOUNCED
    + "import gc, json\njson.extra = Announced('the frozen one')\ngc.freeze()\n",
    "suspended_generator": """
import json
def steps():
    try:
        yield 1
    finally:
        print("cleaned up")
json.steps = steps()
next(json.steps)
""",
    "weak_reference": """
import asyncio, json, weakref
class Thing:
    pass
asyncio.thing = Thing()
json.watch = weakref.ref(asyncio.thing, lambda _: print("the thing is gone"))
""",
    "weak_reference_in_c": """
import asyncio, json, weakref
class Thing:
    pass
json.thing = Thing()
asyncio.watch = weakref.WeakKeyDictionary({json.thing: 1})
""",
    "unflushed_file": """
import json
json.log = open("log.txt", "w")
json.log.write("written at exit")
""",
    "unclosed_loop": """
import asyncio, warnings
warnings.simplefilter("always")
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(asyncio.sleep(0))
""",
    "moved_stream": """
import json, sys
json.stream = sys.stdout
json.stream.reconfigure(line_buffering=False, write_through=False)
print("kept in a buffer", end="")
sys.stdout = sys.__stdout__ = None
""",
    "exit_callbacks": """
import atexit, sys
def show(name):
    import asyncio, json
    print(name, json.dumps([sys.modules["json"] is json, asyncio.sleep.__name__]))
atexit.register(show, "first")
atexit.register(show, "second")
""",
    "runs_exit_callbacks_itself": """
import asyncio, atexit, json, sys
atexit.register(print, "called")
atexit._run_exitfuncs()
import asyncio.tasks, textwrap
print(sys.modules["json"] is json, asyncio.tasks is sys.modules["asyncio.tasks"])
""",
    "daemon_thread": """
import threading, time
def work():
    while True:
        time.sleep(0.001)
        import json
threading.Thread(target=work, daemon=True).start()
print("done")
""",
    "thread_joined_at_exit": """
import threading, time
def work():
    time.sleep(0.05)
    import json
    print(json.dumps("from the thread"))
threading.Thread(target=work).start()
""",
    "child_processes": """
import multiprocessing, os, sys
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    process = context.Process(target=print, args=("from the child",))
    process.start()
    process.join()
    print(process.exitcode, flush=True)
    pid = os.fork()
    if not pid:
        print("forked")
        sys.exit(5)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
""",
    "objects_that_watch_who_looks": """
import json
class Meta(type):
    def __getattr__(cls, name):
        print("looked up", name)
        raise AttributeError(name)
    def __hash__(cls):
        print("hashed")
        return 1
    def __eq__(cls, other):
        print("compared")
        return cls is other
class Watcher(metaclass=Meta):
    @property
    def __class__(self):
        print("asked for its class")
        return Watcher
    def __getattribute__(self, name):
        print("asked for", name)
        return object.__getattribute__(self, name)
json.watcher = Watcher()
""",
    "broken_functions": """
import builtins, gc, sys
sys._getframe = sys._current_frames = gc.get_objects = gc.get_debug = None
print("broken")
builtins.any = None
""",
    "status": "import sys\nsys.exit(3)\n",
    "message": "import sys\nsys.exit('the last words')\n",
    "uncaught": "import json\njson.loads('{')\n",
    "closed_output": "import os\nprint('lost')\nos.close(1)\n",
}


class Run(NamedTuple):
    stdout: str
    stderr: str
    status: int | str
    written: str


def interpreters() -> list[str]:
    """This Python, the oldest and the newest that loopscope supports, where they are installed."""
    found = {sys.version_info[1]: sys.executable}
    for minor in (10, 15):
        if minor not in found and (python := pythons.find_interpreter(minor)) is not None:
            found[minor] = python.path
    return [found[minor] for minor in sorted(found)]


@pytest.fixture(scope="module", params=interpreters())
def servers(request: pytest.FixtureRequest) -> Iterator[tuple[ForkServer, ForkServer]]:
    """A fork server, and one whose programs all exit in the normal way."""
    with pytest.MonkeyPatch.context() as patch:
        normal = fork_server.BOTTOM.replace("\nregister()\n", "\npass\n")
        assert normal != fork_server.BOTTOM
        patch.setattr(fork_server, "BOTTOM", normal)
        slow = ForkServer(environment=ENVIRONMENT, python=request.param)
    with ForkServer(environment=ENVIRONMENT, python=request.param) as quick, slow:
        yield quick, slow


def run(server: ForkServer, file: Path, folder: Path) -> Run:
    folder.mkdir()
    trace = server.record(Program(str(file), directory=str(folder)), LIMITS)
    written = "".join(log.read_text() for log in folder.glob("log.txt"))
    return Run(trace.text("stdout"), trace.text("stderr"), trace.exit, written)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_cannot_tell_how_its_interpreter_exits(
    name: str, servers: tuple[ForkServer, ForkServer], tmp_path: Path
) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(textwrap.dedent(PROGRAMS[name]))
    quick, slow = servers
    assert run(quick, file, tmp_path / "quick") == run(slow, file, tmp_path / "slow")


def faults(python: str, file: Path, times: int) -> int:
    """Pages that a fork server and its forks made their own, running a program several times."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    with ForkServer(environment=ENVIRONMENT, python=python) as server:
        for _ in range(times):
            assert server.record(Program(str(file)), LIMITS).exit == 0
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before


def test_a_program_that_leaves_nothing_to_finalize_does_not_copy_the_shared_modules(
    tmp_path: Path,
) -> None:
    quick, slow = tmp_path / "quick.py", tmp_path / "slow.py"
    quick.write_text("class Thing:\n    pass\nthing = Thing()\n")
    slow.write_text("class Thing:\n    def __del__(self): ...\nthing = Thing()\n")
    assert faults(sys.executable, slow, 10) - faults(sys.executable, quick, 10) > 10 * 300
