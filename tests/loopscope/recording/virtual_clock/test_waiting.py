"""What waits outside the loop, on the virtual clock: it moves the clock or is refused, and nothing
hangs.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from recorders import Recorded

from loopscope.trace.index import TraceIndex

# What a program does -> how many seconds later it is, where nothing could shorten the wait.
TIMED_OUT = {
    "queue_get": "try:\n    queue.Queue().get(timeout=2)\nexcept queue.Empty:\n    pass",
    "queue_put": "full = queue.Queue(1)\nfull.put(1)\ntry:\n    full.put(2, timeout=2)\nexcept queue.Full:\n    pass",
    "simple_queue": "try:\n    queue.SimpleQueue().get(timeout=2)\nexcept queue.Empty:\n    pass",
    "event": "assert not threading.Event().wait(2)",
    "condition": "with condition:\n    assert not condition.wait(2)",
    "condition_for": "with condition:\n    assert not condition.wait_for(lambda: False, 2)",
    "semaphore": "assert not threading.Semaphore(0).acquire(timeout=2)",
    "barrier": "try:\n    threading.Barrier(2).wait(2)\nexcept threading.BrokenBarrierError:\n    pass",
    "lock": "lock.acquire()\nassert not lock.acquire(timeout=2)",
    "raw_lock": "held = _thread.allocate_lock()\nheld.acquire()\nassert not held.acquire(True, 2)",
    "future": "try:\n    futures.Future().result(timeout=2)\nexcept futures.TimeoutError:\n    pass",
    "futures_wait": "assert futures.wait([futures.Future()], timeout=2).not_done",
    "as_completed": "try:\n    list(futures.as_completed([futures.Future()], timeout=2))\nexcept futures.TimeoutError:\n    pass",
    "threadsafe": "later = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), asyncio.get_running_loop())\n"
    "try:\n    later.result(2)\nexcept futures.TimeoutError:\n    pass",
    "select": "assert select.select([], [], [], 2) == ([], [], [])",
    "select_pipe": "assert select.select([reader], [], [], 0) == select.select([reader], [], [], 2) == ([], [], [])",
    "poll": "poll = select.poll()\npoll.register(reader, select.POLLIN)\nassert poll.poll(0) == poll.poll(2000) == []",
    "select_selector": "selector = selectors.SelectSelector()\nselector.register(reader, 1)\nassert selector.select(0) == selector.select(2) == []",
    "default_selector": "selector = selectors.DefaultSelector()\nselector.register(reader, 1)\nassert selector.select(0) == selector.select(2) == []",
    "pipe_of_multiprocessing": "receiver, sender = multiprocessing.Pipe(False)\nassert not receiver.poll(2)",
    "lock_of_multiprocessing": "held = fork.Lock()\nheld.acquire()\nassert not held.acquire(timeout=2)",
    "event_of_multiprocessing": "assert not fork.Event().wait(2)",
    "queue_of_multiprocessing": "try:\n    fork.Queue().get(timeout=2)\nexcept queue.Empty:\n    pass",
    "scheduler": "scheduler = sched.scheduler()\nscheduler.enter(2, 1, print, ('two seconds later',))\nscheduler.run()",
    "old_defaults": "scheduler = sched.scheduler(delayfunc=time.sleep)\nscheduler.enter(2, 1, lambda: None)\nscheduler.run()",
    "busy_monotonic": "end = time.monotonic() + 2\nwhile time.monotonic() < end:\n    pass",
    "busy_date": "end = datetime.datetime.now() + datetime.timedelta(seconds=2)\nwhile datetime.datetime.now() < end:\n    pass",
    "busy_cpu": "end = time.process_time() + 2\nwhile time.process_time() < end:\n    pass",
    "busy_loop_time": "loop = asyncio.get_running_loop()\nend = loop.time() + 2\nwhile loop.time() < end:\n    pass",
    "busy_with_naps": "end = time.monotonic() + 2\nwhile time.monotonic() <= end:\n    time.sleep(max(0, end - time.monotonic()))",
    "busy_with_looks": "end = time.monotonic() + 2\nwhile time.monotonic() < end:\n    lock.acquire(timeout=0), select.select([], [], [], 0)",
}
# What does not wait is as it was.
AT_ONCE = {
    "free_lock": "assert lock.acquire(timeout=2) and not lock.acquire(False) and lock.locked() and not lock.release()",
    "own_lock": "own = threading.RLock()\nassert own.acquire() and own.acquire(timeout=2)",
    "free_semaphore": "assert fork.Semaphore(2).acquire(timeout=2)",
    "full_queue": "full = queue.SimpleQueue()\nfull.put(1)\nassert full.get(timeout=2) == 1",
    "empty_queue": "for look in (lambda: queue.SimpleQueue().get(False), queue.SimpleQueue().get_nowait):\n"
    "    try:\n        look()\n    except queue.Empty:\n        continue\n    raise AssertionError",
    "ready_select": "os.write(writer, b'x')\nassert select.select([reader], [writer], [], 2) == ([reader], [writer], [])",
    "ready_poll": "poll = select.poll()\npoll.register(writer, select.POLLOUT)\nassert poll.poll(2000) == [(writer, select.POLLOUT)]",
    "full_pipe": "os.write(writer, b'one\\ntwo')\nos.close(writer)\nassert os.read(reader, 4) == b'one\\n'\nassert open(reader).read() == 'two'",
    "open_pipe": "os.write(writer, b'x' * 50_000)\nassert len(os.fdopen(reader, 'rb').read(50_000)) == 50_000",
    "written": "with os.fdopen(writer, 'wb', 0) as file:\n    assert file.write(b'one') == 3 and os.writev(file.fileno(), [b'two', b'three']) == 8\n"
    "assert open(reader).read() == 'onetwothree'",
    "written_file": "file = open('it', 'w')\nprint('text', file=file, flush=True)\nassert open('it').read() == 'text\\n' and file.buffer.raw.write(b'') == 0",
    "wrong_writes": "for wrong in (lambda: os.write(writer, 'x'), lambda: os.write('x', b''), lambda: os.fdopen(writer, 'wb', 0, closefd=False).write(1),\n"
    "              lambda: open(__file__, 'rb', 0).write(b''), lambda: os.writev(writer, 1)):\n"
    "    try:\n        wrong()\n    except (TypeError, OSError):\n        continue\n    raise AssertionError",
    "not_blocking": "os.set_blocking(reader, False)\ntry:\n    os.read(reader, 1)\nexcept BlockingIOError:\n    assert open(reader, 'rb', 0).read() is None",
    "file": "assert open(__file__).read() == open(__file__, 'rb', 0).read().decode() and open(__file__).readline()",
    "no_file": "for wrong in (lambda: os.read(-1, 1), lambda: os.read(999, 1), lambda: open('nowhere')):\n"
    "    try:\n        wrong()\n    except OSError:\n        continue\n    raise AssertionError",
    "end_of_input": "try:\n    input()\nexcept EOFError:\n    assert sys.stdin.read() == ''",
    "broken_modules": "os.fstat = os.stat = os.get_blocking = sys._getframe = select.poll = time.localtime = gc.get_referents = None\n"
    "assert open(__file__).read() and lock.acquire() and datetime.datetime.now().year == 2026 and time.strftime('%Y') == '2026'",
    "free_file": "fcntl.flock(open('it', 'w'), fcntl.LOCK_EX), fcntl.lockf(open('it', 'w'), fcntl.LOCK_EX)",
    "wrong_times": "for seconds in (-1, float('nan'), float('inf'), 1e11, 'x'):\n"
    "    for wait in (time.sleep, lambda it: select.select([], [], [], it), lambda it: queue.SimpleQueue().get(True, it)):\n"
    "        try:\n            wait(seconds)\n        except (ValueError, TypeError, OverflowError):\n            continue\n"
    "        raise AssertionError(seconds, wait)",
    "wrong_lock_times": "for arguments in ((True, -2), (True, float('nan')), (True, 1e11), (True, 'x'), (False, 2), (True, None)):\n"
    "    try:\n        lock.acquire(*arguments)\n    except (ValueError, TypeError, OverflowError):\n        continue\n"
    "    raise AssertionError(arguments)",
}
# What a program does last -> what is said of it, after the line.
FOR_EVER = {
    "queue_get": ("queue.Queue().get()", "Queue.get"),
    "queue_put": ("full = queue.Queue(1)\nfull.put(1)\nfull.put(2)", "Queue.put"),
    "queue_join": ("full = queue.Queue()\nfull.put(1)\nfull.join()", "Queue.join"),
    "simple_queue": ("queue.SimpleQueue().get()", "SimpleQueue.get"),
    "event": ("threading.Event().wait()", "Event.wait"),
    "semaphore": ("threading.Semaphore(0).acquire()", "Semaphore.acquire"),
    "barrier": ("threading.Barrier(2).wait()", "Barrier.wait"),
    "lock": ("lock.acquire()\nlock.acquire()", "lock.acquire"),
    "with_lock": ("lock.acquire()\nwith lock: pass", "lock.acquire"),
    "future": ("futures.Future().result()", "Future.result"),
    "futures_wait": ("futures.wait([futures.Future()])", "concurrent.futures.wait"),
    "lock_of_multiprocessing": (
        "held = fork.Lock()\nheld.acquire()\nheld.acquire()",
        "lock.acquire",
    ),
}
REFUSED = {
    "select": ("select.select([reader], [], [])", "waits in select.select()"),
    "poll": ("select.poll().poll()", "waits in poll.poll()"),
    "selector": ("selectors.DefaultSelector().select()", r"waits in \w+Selector.select()"),
    "read": ("os.read(reader, 1)", "waits in os.read()"),
    "readv": ("os.readv(reader, [bytearray(1)])", "waits in os.readv()"),
    "file_read": ("open(reader).read()", "waits in file.read()"),
    "file_rest": (
        "os.write(writer, b'abc')\nfile = open(reader, 'rb', 0)\nassert file.read(2) == b'ab'\nfile.read()",
        "waits in file.read()",
    ),
    "file_line": (
        "os.write(writer, b'abc\\n')\nfile = open(reader)\nassert file.readline() == 'abc\\n'\nfile.readline()",
        "waits in file.read()",
    ),
    "typing": ("os.dup2(reader, 0)\ninput()", "waits for input"),
    "write": ("os.write(writer, b'x' * 1_000_000)", "waits in os.write() on a full pipe"),
    "writev": ("os.writev(writer, [b'x' * 1_000_000])", "waits in os.writev() on a full pipe"),
    "file_write": (
        "os.fdopen(writer, 'wb', buffering=0).write(b'x' * 1_000_000)",
        "waits in file.write() on a full pipe",
    ),
    "file_print": (
        "print('x' * 1_000_000, file=os.fdopen(writer, 'w'))",
        "waits in file.write() on a full pipe",
    ),
    "named_pipe": ("os.mkfifo('named')\nopen('named')", "opens a named pipe"),
    "locked_file": (
        "one, two = open('it', 'w'), open('it', 'w')\nfcntl.flock(one, fcntl.LOCK_EX)\nfcntl.flock(two, fcntl.LOCK_EX)",
        "waits for a locked file",
    ),
    "pipe_of_multiprocessing": (
        "receiver, sender = multiprocessing.Pipe(False)\nreceiver.recv()",
        "waits in Connection.recv()",
    ),
    "process_of_multiprocessing": (
        "multiprocessing.get_context('spawn').Lock()",
        "starts a process",
    ),
    "pause": ("signal.pause()", "waits for a signal"),
    "sigwait": ("signal.sigwait([signal.SIGUSR1])", "waits for a signal"),
    "alarm": ("signal.alarm(1)", "waits for a signal"),
    "thread": ("threading.Thread(target=print).start()", "starts a thread"),
    "timer": ("threading.Timer(1, print).start()", "starts a thread"),
    "pool": ("futures.ThreadPoolExecutor().submit(print)", "starts a thread"),
    "name": ("socket.gethostbyname('localhost')", "looks up a name"),
}
if hasattr(select, "epoll"):
    TIMED_OUT["epoll"] = (
        "epoll = select.epoll()\nepoll.register(reader, select.EPOLLIN)\nassert epoll.poll(0) == epoll.poll(2) == []"
    )
    REFUSED["eventfd"] = ("os.eventfd_read(os.eventfd(0))", "waits in os.eventfd_read()")
    REFUSED["splice_nothing"] = ("os.splice(reader, os.pipe()[1], 9)", "waits in os.splice()")
    REFUSED["splice_full"] = (
        "os.write(writer, b'x' * 65536)\nfile = os.open(__file__, os.O_RDONLY)\nos.splice(file, writer, 9)",
        "waits in os.splice() on a full pipe",
    )
    REFUSED["sendfile"] = (
        "os.write(writer, b'x' * 65536)\nfile = os.open(__file__, os.O_RDONLY)\nos.sendfile(writer, file, 0, 9)",
        "waits in os.sendfile() on a full pipe",
    )
    REFUSED["epoll"] = ("select.epoll().poll()", "waits in epoll.poll()")
if sys.version_info >= (3, 14):
    interpreters = "import concurrent.interpreters as interpreters\n"
    TIMED_OUT["interpreters_queue"] = (
        f"{interpreters}try:\n    interpreters.create_queue().get(timeout=2)\nexcept interpreters.QueueEmpty:\n    pass"
    )
    FOR_EVER["interpreters_queue"] = (
        f"{interpreters}interpreters.create_queue().get()",
        "Queue.get",
    )
    FOR_EVER["interpreters_put"] = (
        f"{interpreters}full = interpreters.create_queue(1)\nfull.put(1)\nfull.put(2)",
        "Queue.put",
    )
    REFUSED["interpreter"] = (
        f"{interpreters}interpreters.create().exec('import time; time.sleep(9)')",
        "runs another interpreter",
    )
    REFUSED["interpreter_call"] = (
        f"{interpreters}interpreters.create().call(print)",
        "runs another interpreter",
    )
PROGRAM = """\
import _thread, asyncio, concurrent.futures as futures, datetime, fcntl, gc, multiprocessing, os, queue, sched, select, selectors, signal
import socket, sys, threading, time
fork, lock, condition = multiprocessing.get_context("fork"), threading.Lock(), threading.Condition()
reader, writer = os.pipe()

async def main():
    await asyncio.sleep(1)
{body}
    print(round(time.monotonic() - 10_000, 2))

asyncio.run(main())
"""


def _program(body: str) -> str:
    return PROGRAM.format(body=textwrap.indent(body, "    "))


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for kind, bodies in (("timed_out", TIMED_OUT), ("at_once", AT_ONCE)):
        for name, body in bodies.items():
            programs.add(f"{kind}_{name}", _program(body))
    for kind, endings in (("for_ever", FOR_EVER), ("refused", REFUSED)):
        for name, (body, _) in endings.items():
            programs.add(f"{kind}_{name}", _program(body))
    for name in ("event", "simple_queue", "old_defaults"):
        programs.add(f"spawned_{name}", _program(TIMED_OUT[name]), starts=("spawn",))
    return programs


def _line(body: str) -> int:
    """The line on which a program's body ends."""
    return PROGRAM.splitlines().index("{body}") + len(body.splitlines())


@pytest.mark.parametrize(
    "name",
    [
        *(f"timed_out_{name}" for name in TIMED_OUT),
        "spawned_event",
        "spawned_simple_queue",
        "spawned_old_defaults",
    ],
)
def test_a_wait_that_nothing_can_shorten_moves_the_clock_and_holds_the_loop(
    programs: Recorded, name: str
) -> None:
    trace = programs.trace(name)
    assert (trace.stopped, trace.exit, trace.text().splitlines()[-1]) == (None, 0, "3.0")
    assert max(
        map(TraceIndex.for_trace(trace).seconds_held, range(len(trace.steps)))
    ) == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("name", AT_ONCE)
def test_what_need_not_wait_does_not(programs: Recorded, name: str) -> None:
    trace = programs.trace(f"at_once_{name}")
    assert (trace.text(), trace.stopped, trace.exit) == ("1.0\n", None, 0)


@pytest.mark.parametrize("name", FOR_EVER)
def test_a_wait_that_only_the_waiting_thread_could_end_is_named(
    programs: Recorded, name: str
) -> None:
    body, call = FOR_EVER[name]
    trace = programs.trace(f"for_ever_{name}")
    assert trace.stopped == (
        f"there's nothing left that could wake the program: line {_line(body)} is waiting in {call}() without a timeout, and there is no other thread"
    )
    assert (trace.exit, trace.text()) == (124, "")


@pytest.mark.parametrize("name", REFUSED)
def test_a_wait_that_somebody_else_could_end_is_refused(programs: Recorded, name: str) -> None:
    body, what = REFUSED[name]
    trace = programs.trace(f"refused_{name}")
    sentence = re.escape(
        f'line {_line(body)} {what}, which a virtual clock cannot wait for; declare clock = "real"'
    )
    assert re.fullmatch(
        sentence.replace(re.escape(r"\w+"), r"\w+"), trace.stopped or "nothing was refused"
    )
    assert (trace.exit, trace.text()) == (125, "")


ASKS = """
print("ready", flush=True)
print(input(), input())
"""


def _command(program: Path) -> list[str]:
    return [sys.executable, "-m", "loopscope", "--clock", "virtual", str(program)]


def test_input_that_comes_through_a_pipe_is_read_whenever_it_comes(tmp_path: Path) -> None:
    program = tmp_path / "asks.py"
    program.write_text(ASKS)
    with subprocess.Popen(
        _command(program),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("one\ntwo\n")
        process.stdin.flush()  # and it stays open
        assert process.stdout.readline() == "one two\n"
    assert process.returncode == 0


def test_nobody_is_waited_for_to_type(tmp_path: Path) -> None:
    program = tmp_path / "asks.py"
    program.write_text(ASKS)
    keyboard, terminal = os.openpty()
    try:
        done = subprocess.run(_command(program), stdin=terminal, capture_output=True, text=True)
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert (done.returncode, done.stdout) == (125, "ready\n")
    assert "line 3 waits for input, which a virtual clock cannot wait for" in done.stderr
