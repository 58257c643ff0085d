"""Which of asyncio's names a program uses: those that are certain, and no others."""

from __future__ import annotations

import pytest
from paths import ROOT

from sitebuild.content import api_names, api_uses
from sitebuild.project import Project

NAMES = api_names.load(Project(ROOT))

CERTAIN = {
    "the module": ("import asyncio\nasyncio.sleep(1)", "sleep"),
    "by another name": ("import asyncio as aio\naio.sleep(1)", "sleep"),
    "imported": ("from asyncio import sleep as nap, Queue\nnap(1)\nQueue()", "sleep Queue"),
    "subprocess": ("import asyncio\nasyncio.subprocess.PIPE", "subprocess.PIPE"),
    "from subprocess": ("from asyncio.subprocess import PIPE\nPIPE", "subprocess.PIPE"),
    "of a class": ("import asyncio\nasyncio.Task.get_name(x)", "Task Task.get_name"),
    "made": ("import asyncio\nq = asyncio.Queue()\nq.put_nowait(1)", "Queue Queue.put_nowait"),
    "annotated": (
        "import asyncio\ndef f(q: asyncio.Queue[int]): q.full()",
        "Queue Queue.full",
    ),
    "annotated in quotes": (
        "import asyncio\ndef f(q: 'asyncio.Queue[int] | None'): q.full()",
        "Queue Queue.full",
    ),
    "returned": (
        "import asyncio\nt = asyncio.create_task(x)\nt.cancel()",
        "create_task Task Task.cancel",
    ),
    "in a group": (
        "import asyncio\nasync def f():\n async with asyncio.TaskGroup() as g:\n"
        "  g.create_task(x).set_name('n')",
        "TaskGroup TaskGroup.create_task Task Task.set_name",
    ),
    "the loop": (
        "import asyncio\nasyncio.get_running_loop().call_later(1, f).when()",
        "get_running_loop AbstractEventLoop loop.call_later TimerHandle TimerHandle.when",
    ),
    "awaited": (
        "import asyncio\nasync def f():\n r, w = await asyncio.open_connection()\n"
        " await r.readline()\n w.close()",
        "open_connection StreamReader StreamReader.readline StreamWriter StreamWriter.close",
    ),
    "a loop over tasks": (
        "import asyncio\nfor t in asyncio.all_tasks(): t.get_coro()",
        "all_tasks Task Task.get_coro",
    ),
    "a list of tasks": (
        "import asyncio\nts = [asyncio.create_task(f()) for f in fs]\nts[0].done()",
        "create_task Task Task.done",
    ),
    "what wait returns": (
        "import asyncio\nasync def f(ts: set[asyncio.Task[int]]):\n"
        " done, pending = await asyncio.wait(ts)\n for t in pending: t.cancel()",
        "wait Task Task.cancel",
    ),
    "an attribute of self": (
        "import asyncio\nclass C:\n def __init__(self): self.lock = asyncio.Lock()\n"
        " def f(self): return self.lock.locked()",
        "Lock Lock.locked",
    ),
    "an attribute of another object": (
        "import asyncio\nclass C:\n done: asyncio.Event\n"
        "def f(c: C): c.done.set()\nC().done.clear()",
        "Event Event.set Event.clear",
    ),
    "the program's own function": (
        "import asyncio\nasync def make() -> asyncio.Future[int]: ...\n"
        "async def f(): (await make()).set_result(1)",
        "Future Future.set_result",
    ),
    "overridden": (
        "import asyncio\nclass P(asyncio.Protocol):\n def data_received(self, data): ...\n"
        " def connection_made(self, transport): super().connection_made(transport)",
        "Protocol Protocol.data_received BaseProtocol BaseProtocol.connection_made",
    ),
    "inherited": (
        "import asyncio\nq = asyncio.LifoQueue()\nq.get_nowait()",
        "LifoQueue Queue Queue.get_nowait",
    ),
    "from outside": (
        "import asyncio\nasync def f():\n q = asyncio.Queue()\n def g(): q.empty()",
        "Queue Queue.empty",
    ),
    "a type's alias in a with": (
        "import asyncio\nasync def f():\n async with asyncio.timeout(1) as limit: limit.expired()",
        "timeout Timeout Timeout.expired",
    ),
}


@pytest.mark.parametrize("case", CERTAIN)
def test_what_is_certain_counts(case: str) -> None:
    source, expected = CERTAIN[case]
    assert api_uses.find_uses(source, NAMES) == set(expected.split())


UNCERTAIN = {
    "a stranger's module": ("asyncio.sleep(1)", ""),
    "a name that asyncio lacks": ("import asyncio\nasyncio.nothing\nasyncio.tasks.sleep", ""),
    "two types": (
        "import asyncio\nx = asyncio.Queue()\nx = asyncio.Lock()\nx.locked()",
        "Queue Lock",
    ),
    "one type that is not known": (
        "import asyncio\nx = asyncio.Lock()\nx = other()\nx.locked()",
        "Lock",
    ),
    "a parameter without annotation": ("import asyncio\ndef f(queue): queue.put(1)", ""),
    "hidden by a parameter": (
        "import asyncio\nq = asyncio.Queue()\ndef f(q): q.full()",
        "Queue",
    ),
    "hidden by a variable": ("import asyncio\ndef f(asyncio): asyncio.sleep(1)", ""),
    "a task or a future": (
        "import asyncio\nasyncio.ensure_future(x).cancel()",
        "ensure_future",
    ),
    "what a lock gives to with": (
        "import asyncio\nasync def f():\n async with asyncio.Lock() as x: x.locked()",
        "Lock",
    ),
    "not awaited": (
        "import asyncio\nr, w = asyncio.open_connection()\nr.readline()",
        "open_connection",
    ),
    "a class's variable is not its methods'": (
        "import asyncio\nclass C:\n q = asyncio.Queue()\n def f(self): q.full()",
        "Queue",
    ),
    "by its name in a string": ("import asyncio\ngetattr(asyncio, 'sleep')", ""),
    "it refers to itself": ("import asyncio\nx = x\nx.cancel()", ""),
    "it is no Python": ("import asyncio\nasyncio.sleep(", ""),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_where_there_is_a_doubt_nothing_counts(case: str) -> None:
    source, expected = UNCERTAIN[case]
    assert api_uses.find_uses(source, NAMES) == set(expected.split())
