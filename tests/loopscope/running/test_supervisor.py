"""Whatever a program does, its recording ends, says what happened, and leaves nothing running."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import os
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from recorders import ENVIRONMENT, LIMITS, PATIENCE, Recorded, Recorders

from loopscope import Trace
from loopscope.limits import EXIT_STOPPED, EXIT_TIMED_OUT, MAX_STEPS, MAX_TASKS, Limits
from loopscope.recording.output import RecordingWriter
from loopscope.recording.recorder import ReadyQueue, Recorder
from loopscope.recording.unrecorded import Outlet
from loopscope.running import receiver, supervisor
from loopscope.running.fork_server import ForkServer
from loopscope.running.launch import supervise
from loopscope.running.program import Program

SOON = Limits(seconds=0.5)  # of CPU, which a busy machine gives later, but gives
LATER = Limits(seconds=3)  # of real time, in which a program must have begun, on a busy machine too
BOTH = ("fork", "spawn")

# name -> (program, how to record it). What must come of it stands in the tests below.
PROGRAMS: dict[str, tuple[str, dict]] = {
    "busy": (
        """
        import asyncio

        async def main():
            print("before")
            while True: pass  # here

        asyncio.run(main())
        """,
        {"begun": lambda trace: trace.text() != "", "starts": BOTH, "clock": "real"},
    ),
    "busy_on_virtual": (
        """
        import os
        os.write(1, b"x" * 300_000)
        total = 0
        while True:
            total += 1  # here
        """,
        {"limits": SOON},
    ),
    "waits_for_ever": (
        """
        import asyncio

        async def forgotten(event):
            await event.wait()  # here

        async def main():
            await asyncio.gather(forgotten(asyncio.Event()), asyncio.sleep(3600))

        asyncio.run(main())
        """,
        {"limits": LATER, "clock": "real"},
    ),
    "ticks_for_ever": (
        """
        import asyncio

        async def main():
            while True:
                await asyncio.sleep(1)

        asyncio.run(main())
        """,
        {"limits": SOON},
    ),
    "floods": (
        """
        import asyncio

        async def main():
            while True:
                await asyncio.sleep(0)

        asyncio.run(main())
        """,
        {"begun": lambda trace: len(trace.steps) > 100, "clock": "real"},
    ),
    "many_steps": (
        f"""
        import asyncio

        async def late():
            print("late")

        async def alone():
            return 1

        async def main():
            for _ in range({MAX_STEPS} + 500):
                await asyncio.sleep(0)
            asyncio.create_task(alone())
            asyncio.create_task(alone())
            await asyncio.sleep(0.001)
            await asyncio.create_task(late())
            print("done")

        asyncio.run(main())
        """,
        {},
    ),
    "many_tasks": (
        f"""
        import asyncio

        async def one(number):
            return number

        async def main():
            print(sum(await asyncio.gather(*map(one, range({MAX_TASKS} + 500)))))

        asyncio.run(main())
        """,
        {},
    ),
    "prints_for_ever": (
        """
        while True:
            print("again and again")  # here
        """,
        {"limits": Limits(seconds=20, output=100_000), "starts": BOTH, "clock": "real"},
    ),
    "prints_much": (
        """
        print("x" * 150_000)
        """,
        {"limits": Limits(output=100_000), "clock": "real"},
    ),
    "prints_many_pieces": (
        """
        for number in range(25_000):
            print(number)
        """,
        {},
    ),
    "killed": (
        """
        import os, signal
        print("last words")
        os.kill(os.getpid(), signal.SIGKILL)
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "segfault": (
        """
        import asyncio, ctypes

        async def main():
            print("before")
            ctypes.string_at(0)

        asyncio.run(main())
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "aborts": (
        """
        import os
        print("before")
        os.abort()
        """,
        {},
    ),
    "stops_itself": (
        """
        import os, signal
        print("before")
        os.kill(os.getpid(), signal.SIGSTOP)
        """,
        {"limits": SOON},
    ),
    "leaves_children": (
        """
        import os, subprocess, time
        child = subprocess.Popen(["sleep", "600"])  # holds the pipes
        print(child.pid)
        read, write = os.pipe()
        if not os.fork():
            os.setsid()
            if os.fork():
                os._exit(0)
            print(os.getpid(), flush=True)
            os.write(write, b"told")
            time.sleep(600)
        os.read(read, 4)
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "spawns_many": (
        """
        import os, subprocess, time
        children = [subprocess.Popen(["sleep", "60"], start_new_session=number % 2 == 0) for number in range(20)]
        print(*[child.pid for child in children])
        time.sleep(60)
        """,
        {"begun": lambda trace: trace.text() != "", "clock": "real"},
    ),
    "fork_bomb": (
        """
        import os, time
        print(os.getpid())
        while True:
            if not os.fork():
                time.sleep(60)
        """,
        {"limits": Limits(seconds=60, processes=30), "clock": "real"},
    ),
    "eats_memory": (
        """
        import time
        held = []
        while True:
            held.append(b"x" * 10_000_000)  # here
            time.sleep(0.005)
        """,
        {"limits": Limits(seconds=60, memory=150_000_000), "clock": "real"},
    ),
    "child_eats_memory": (
        """
        import subprocess, sys
        subprocess.run([sys.executable, "-c", "x = b'x' * 200_000_000; input()"], stdin=subprocess.PIPE and None)
        import time
        if not subprocess.os.fork():
            held = b"x" * 300_000_000
            time.sleep(60)
        time.sleep(60)
        """,
        {"limits": Limits(seconds=60, memory=150_000_000), "clock": "real"},
    ),
    "writes_much": (
        """
        with open("big", "wb") as file:
            file.write(b"x" * 2_000_000)
        """,
        {"limits": Limits(file=1_000_000)},
    ),
    "not_utf8": (
        """
        import os
        os.write(1, b"caf\\xe9\\n")
        """,
        {},
    ),
    "reads_stdin": (
        """
        import asyncio, sys

        async def main():
            print(repr(sys.stdin.read()))
            try:
                input("? ")
            except EOFError as problem:
                print(repr(problem))

        asyncio.run(main())
        """,
        {"starts": BOTH},
    ),
    "changes_directory": (
        """
        import os
        os.mkdir("below")
        os.chdir("below")
        os.rmdir("../below")
        1 / 0
        """,
        {"starts": BOTH},
    ),
    "closes_all": (
        """
        import asyncio, os

        async def main():
            print("before")
            os.closerange(3, 1000)
            print("after")
            print(open(__file__).fileno())

        asyncio.run(main())
        """,
        {"starts": BOTH, "clock": "virtual"},
    ),
    "closes_really_all": (
        """
        import fcntl, os, termios, time
        print("before")
        os.closerange(3, 5000)
        print("after")
        files = [open(f"file{number}", "w") for number in range(5)]
        print("still there")
        while fcntl.ioctl(1, termios.FIONREAD, bytes(4)) != bytes(4):  # until somebody has read it, who can only be loopscope
            time.sleep(0.01)
        print([file.fileno() for file in files], os.path.getsize("file0"))
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "closes_output": (
        """
        import os, asyncio
        print("before")
        os.close(1)
        os.close(2)
        asyncio.run(asyncio.sleep(0.01))
        os._exit(4)
        """,
        {"clock": "real"},
    ),
    "in_their_place": (
        """
        import asyncio, os, subprocess

        async def main():
            print("first")
            os.write(1, b"second\\n")
            print("third")
            subprocess.run(["echo", "fourth"])
            print("fifth")
            await asyncio.sleep(0)
            os.write(1, b"sixth\\n")
            await asyncio.sleep(0.1)
            process = await asyncio.create_subprocess_exec("sh", "-c", "sleep 0.2; echo seventh; sleep 0.3")
            await process.wait()
            print("eighth")

        asyncio.run(main())
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "saboteur": (
        """
        import asyncio, builtins, io, json, os, select, sys, time

        def broken(*args, **more):
            raise RuntimeError("broken")

        async def work():
            await asyncio.sleep(0.01)
            print("works")

        async def main():
            loop = asyncio.get_running_loop()
            real = loop.call_soon
            loop.call_soon = lambda *args, **more: real(*args, **more)
            await asyncio.gather(work(), work())

        json.dumps = json.loads = json.JSONEncoder = os.write = os.read = os._exit = select.poll = broken
        time.monotonic_ns = time.perf_counter = broken
        asyncio.current_task = asyncio.tasks.current_task = lambda loop=None: None
        asyncio.Handle = asyncio.TimerHandle = asyncio.Future
        asyncio.isfuture = asyncio.all_tasks = broken
        sys._getframe = sys.getrefcount = broken
        asyncio.run(main())
        sys.stdout = io.StringIO()
        asyncio.run(main())
        sys.__stdout__.write(sys.stdout.getvalue().upper())
        sys.stderr = None
        asyncio.run(asyncio.sleep(0))
        """,
        {"starts": BOTH},
    ),
    "breaks_recorder": (
        """
        import asyncio, builtins

        async def work():
            await asyncio.sleep(0.01)
            print("works")

        async def main():
            await asyncio.gather(work(), work())
            builtins.round = None
            await work()

        asyncio.run(main())
        print("end")
        """,
        {"starts": BOTH, "clock": "real"},
    ),
    "rubbish": (
        """
        import os
        for descriptor in range(3, 5000):
            try:
                os.write(descriptor, b'{"k": 1}\\n[]\\n[["note", 1]]\\nrubbish\\n')
            except OSError:
                pass
        print("went on")
        """,
        {"clock": "real"},
    ),
    "interrupts_printing": (
        """
        import os, signal
        count = 0
        def count_up(*_):
            global count
            count += 1
            print(f"signal {count}")  # in one piece: on a busy machine the next one comes in while this prints
        signal.signal(signal.SIGALRM, count_up)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        for number in range(3000):
            print("line", number)
        signal.setitimer(signal.ITIMER_REAL, 0)
        """,
        {"clock": "real"},
    ),
    "threads_print": (
        """
        import asyncio, gc, threading

        class Cycle:
            def __init__(self):
                self.me = self
            def __del__(self):
                print("deleted")

        async def main():
            for _ in range(200):
                Cycle()
                asyncio.create_task(asyncio.sleep(0))
                await asyncio.sleep(0)
                gc.collect(0)
                print("turn")

        threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        """,
        {"clock": "real"},
    ),
    "threads_count": (
        """
        import asyncio

        def count(name):
            for number in range(8000):
                print(f"{name}{number},")

        async def main():
            await asyncio.gather(*(asyncio.to_thread(count, name) for name in "ab"))

        asyncio.run(main())
        """,
        {"clock": "real"},
    ),
    "handlers_raise": (
        """
        import signal, time

        class Stop(Exception):
            pass

        def handle(number, frame):
            raise Stop

        signal.signal(signal.SIGALRM, handle)
        for _ in range(20):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            try:
                until = time.monotonic() + 30
                while time.monotonic() < until:
                    print(".", end="")
            except Stop:
                print("stopped")
        """,
        {"clock": "real"},
    ),
    "handlers_raise_anywhere": (
        """
        import random, signal, sys

        class Stop(BaseException):
            pass

        def handle(number, frame):
            raise kind

        def count():
            global done
            while True:
                sys.stdout.write(f"{done + 1} ")
                done += 1
                if done % 5 == 0:
                    sys.stdout.write("\\n")

        signal.signal(signal.SIGALRM, handle)
        signal.signal(signal.SIGINT, handle)
        done = 0
        for number in range(300):
            kind = (Stop, SystemExit, KeyboardInterrupt, ValueError)[number % 4]
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.001 * random.random())
                count()
            except kind:
                pass
        print(f"\\nall {done}")
        """,
        {"clock": "real"},
    ),
    "interrupted_anywhere": (
        """
        import os, signal, sys
        armed = False

        def interrupt(*_):
            global armed
            if armed:
                armed = False
                raise KeyboardInterrupt

        def work():
            global armed
            while True:
                armed = True  # the last one may have been swallowed by a finalizer
                for _ in range(20):
                    print("line", flush=True)

        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        caught = 0
        while caught < 200:
            try:
                work()
            except KeyboardInterrupt:
                caught += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.flush()
        os.write(1, b"end\\n")
        """,
        {"clock": "real", "starts": BOTH},
    ),
    "ctrl_c_while_printing": (
        """
        import os, signal, threading, time, traceback
        ready = threading.Event()

        def press():
            for number in range(100):
                ready.wait()
                ready.clear()
                time.sleep(0.001 + number % 7 / 10_000)
                os.kill(os.getpid(), signal.SIGINT)

        def work():
            while True:
                print("line", flush=True)

        threading.Thread(target=press, daemon=True).start()
        frames = 0
        for _ in range(100):
            try:
                ready.set()
                work()
            except KeyboardInterrupt as problem:
                frames += any(frame.filename != __file__ for frame in traceback.extract_tb(problem.__traceback__))
        print(frames)
        """,
        {"clock": "real", "starts": BOTH},
    ),
    "thread_exits": (
        """
        import threading, os, time, sys
        threading.Thread(target=lambda: (time.sleep(0.05), os._exit(3))).start()
        sys.exit(1)
        """,
        {"clock": "real"},
    ),
    "deadlock": (
        """
        import asyncio

        async def take(first, second):
            async with first:
                await asyncio.sleep(1)
                async with second:  # here
                    pass

        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            print("before", end="")
            await asyncio.gather(take(a, b), take(b, a))

        asyncio.run(main())
        """,
        {"starts": BOTH},
    ),
    "nothing_to_do": (
        """
        import asyncio
        asyncio.new_event_loop().run_forever()
        """,
        {},
    ),
}

NEEDS_REAL = {
    "socket": ("socket.socket()", "opens a socket"),
    "connection": (
        "await asyncio.open_connection('127.0.0.1', 9)",
        "calls loop.create_connection()",
    ),
    "server": ("await asyncio.start_server(print, '127.0.0.1', 0)", "calls loop.create_server()"),
    "thread": ("threading.Thread(target=print).start()", "starts a thread"),
    "to_thread": ("await asyncio.to_thread(print)", "calls loop.run_in_executor()"),
    "executor": (
        "await asyncio.get_running_loop().run_in_executor(None, print)",
        "calls loop.run_in_executor()",
    ),
    "pool": ("concurrent.futures.ThreadPoolExecutor().submit(print)", "starts a thread"),
    "process": ("subprocess.run(['true'])", "starts a process"),
    "async_process": (
        "await asyncio.create_subprocess_exec('true')",
        "calls loop.subprocess_exec()",
    ),
    "shell": ("await asyncio.create_subprocess_shell('true')", "calls loop.subprocess_shell()"),
    "system": ("os.system('true')", "starts a process"),
    "fork": ("os.fork()", "starts a process"),
    "exec": ("os.execv('/bin/true', ['true'])", "replaces itself by another program"),
    "signal_wait": ("signal.pause()", "waits for a signal"),
    "alarm": ("signal.alarm(1)", "waits for a signal"),
    "signal_handler": (
        "asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, print)",
        "calls loop.add_signal_handler()",
    ),
    "reader": ("asyncio.get_running_loop().add_reader(0, print)", "calls loop.add_reader()"),
    "name_lookup": (
        "await asyncio.get_running_loop().getaddrinfo('localhost', 80)",
        "calls loop.getaddrinfo()",
    ),
}
for _name, (_statement, _) in NEEDS_REAL.items():
    PROGRAMS[f"needs_{_name}"] = (
        f"""
        import asyncio, concurrent.futures, os, signal, socket, subprocess, threading

        async def main():
            print("before", end="")
            try:
                {_statement}
            except Exception:
                print("caught")
            finally:
                print("finally")

        asyncio.run(main())
        """,
        {},
    )


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add_all(PROGRAMS)
    return programs


def here(programs: Recorded, name: str) -> int:
    """The number of the line with the comment `here`."""
    return next(
        number for number, line in enumerate(programs.source(name), 1) if line.endswith("# here")
    )


def outcomes(trace: Trace) -> list[str]:
    return [task.outcome for task in trace.tasks if not task.internal]


def gone(pid: int, patience: float = 30.0) -> bool:
    end = time.monotonic() + patience
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return not Path(f"/proc/{pid}").exists()


# Endless ones


@pytest.mark.parametrize("start", BOTH)
def test_a_hanging_program_is_stopped_and_named(programs: Recorded, start: str) -> None:
    trace = programs.trace("busy", start)
    line = here(programs, "busy")
    assert trace.stopped in {
        f"it ran out of time: stopped after {seconds:g} s, at line {line}" for seconds in PATIENCE
    }
    assert trace.exit == EXIT_TIMED_OUT == 124
    assert trace.text() == "before\n"
    assert trace.duration > 0
    assert outcomes(trace) == ["pending"]


def test_a_stack_that_a_busy_machine_dumps_piece_by_piece_is_read_to_the_line() -> None:
    own, others = '  File "/of/mine.py", line 5 in main\n', '  File "/of/others.py", line 7 in f\n'
    pieces = ["Stack (most recent call first):\n", "  File ", others[7:], own[:30], own[30:]]
    dump, write = os.pipe()
    os.set_blocking(dump, False)

    def piece_by_piece() -> None:
        for piece in pieces:
            os.write(write, piece.encode())
            time.sleep(0.25)

    dumping = threading.Thread(target=piece_by_piece)
    watched = object.__new__(supervisor.Supervisor)
    vars(watched).update(
        _program=SimpleNamespace(shell=False),
        _received=SimpleNamespace(started=True, file="/of/mine.py"),
        _pipes=SimpleNamespace(dump=(dump, write)),
        _pid=os.getpid(),
        _signal=lambda _: dumping.start(),
    )
    assert watched._describe_activity() == ", at line 5"
    dumping.join()
    os.close(dump)
    os.close(write)


def test_a_hanging_program_on_the_virtual_clock_is_stopped_too(programs: Recorded) -> None:
    trace = programs.trace("busy_on_virtual")
    assert trace.stopped is not None
    assert trace.stopped.startswith("it ran out of time: stopped after 0.5 s of CPU, at line ")
    assert trace.text() == "x" * 300_000


def test_a_program_that_waits_for_ever_is_told_where_its_tasks_wait(programs: Recorded) -> None:
    trace = programs.trace("waits_for_ever")
    assert trace.stopped is not None
    assert trace.stopped.startswith(
        "it ran out of time: stopped after 3 s; Task-1 is waiting at line "
    )
    assert (
        f"Task-2 is waiting at line {here(programs, 'waits_for_ever')} for Event" in trace.stopped
    )
    assert "for gather(Task-2, Task-3)" in trace.stopped
    assert trace.exit == 124


@pytest.mark.parametrize("name", ["ticks_for_ever", "floods"])
def test_a_program_that_floods_the_recording_is_stopped_in_time(
    programs: Recorded, name: str
) -> None:
    trace = programs.trace(name)
    assert trace.stopped is not None
    said = "0.5 s of CPU" if name == "ticks_for_ever" else f"({'|'.join(map(str, PATIENCE))}) s"
    assert re.match(f"it ran out of time: stopped after {said}", trace.stopped)
    assert 100 < len(trace.steps) <= MAX_STEPS
    assert trace.text() == ""


def test_a_program_of_too_many_steps_runs_to_its_end(programs: Recorded) -> None:
    trace = programs.trace("many_steps")
    assert (trace.text(), trace.exit, trace.stopped) == ("late\ndone\n", 0, None)
    assert len(trace.steps) == MAX_STEPS
    assert trace.notes == (f"only the first {MAX_STEPS:,} steps were recorded",)
    assert outcomes(trace) == ["returned"] * 4
    assert trace.steps_cut is not None
    assert trace.steps[-1].end <= trace.steps_cut < trace.task(2).created
    assert [(piece.text, piece.task, piece.step) for piece in trace.output] == [
        ("late\n", 4, None),
        ("done\n", 1, None),
    ]


def test_a_program_of_too_many_tasks_runs_to_its_end(programs: Recorded) -> None:
    trace = programs.trace("many_tasks")
    assert (trace.text(), trace.exit) == (f"{sum(range(MAX_TASKS + 500))}\n", 0)
    assert len(trace.tasks) == MAX_TASKS
    assert f"only the first {MAX_TASKS:,} tasks were recorded" in trace.notes
    assert trace.tasks_cut is not None


@pytest.mark.parametrize("start", BOTH)
def test_a_program_that_prints_without_end_is_stopped(programs: Recorded, start: str) -> None:
    trace = programs.trace("prints_for_ever", start)
    assert trace.stopped is not None
    assert trace.stopped.startswith("it printed more than 100,000 bytes")
    assert trace.exit == EXIT_STOPPED == 125
    assert len(trace.text()) == 100_000
    assert trace.text().startswith("again and again\nagain and again\n")
    assert "its output is cut off" in trace.notes


def test_too_much_output_is_said_even_when_the_program_is_over_by_then(programs: Recorded) -> None:
    trace = programs.trace("prints_much")
    assert trace.stopped is not None
    assert trace.stopped.startswith("it printed more than 100,000 bytes")
    assert trace.text() == "x" * 100_000


def test_very_many_pieces_of_output_lose_nothing(programs: Recorded) -> None:
    trace = programs.trace("prints_many_pieces")
    assert trace.text() == "".join(f"{number}\n" for number in range(25_000))
    assert len(trace.output) <= 20_000


# Violent ends


@pytest.mark.parametrize("start", BOTH)
def test_a_killed_program_is_named_by_its_signal(programs: Recorded, start: str) -> None:
    trace = programs.trace("killed", start)
    assert (trace.exit, trace.text(), trace.stopped) == ("SIGKILL", "last words\n", None)


@pytest.mark.parametrize("start", BOTH)
def test_a_segfault_is_named_by_its_signal(programs: Recorded, start: str) -> None:
    trace = programs.trace("segfault", start)
    assert (trace.exit, trace.text()) == ("SIGSEGV", "before\n")
    assert outcomes(trace) == ["pending"]


def test_an_abort_is_named_by_its_signal(programs: Recorded) -> None:
    assert programs.trace("aborts").exit == "SIGABRT"


def test_a_program_that_stops_itself_runs_out_of_time(programs: Recorded) -> None:
    trace = programs.trace("stops_itself")
    assert (trace.stopped, trace.exit, trace.text()) == (
        "it ran out of time: stopped after 0.5 s in which it did nothing",
        124,
        "before\n",
    )


def test_a_thread_that_ends_the_program_is_told(programs: Recorded) -> None:
    trace = programs.trace("thread_exits")
    assert trace.exit == 3
    assert trace.notes == ("it ended itself without the interpreter's clean-up (os._exit(3))",)


# What is left behind


@pytest.mark.parametrize("start", BOTH)
def test_children_that_hold_the_pipes_or_left_the_group_are_ended(
    programs: Recorded, start: str
) -> None:
    trace = programs.trace("leaves_children", start)
    assert trace.exit == 0
    assert trace.duration < 300  # and not the 600 seconds that the children sleep
    pids = [int(line) for line in trace.text("stdout").split()]
    assert len(pids) == 2
    assert all(map(gone, pids))
    assert trace.notes == ("it left 2 processes running; they were ended",)


def test_twenty_children_are_ended(programs: Recorded) -> None:
    trace = programs.trace("spawns_many")
    pids = [int(word) for word in trace.text("stdout").split()]
    assert len(pids) == 20
    assert all(map(gone, pids))
    assert trace.stopped is not None
    assert trace.stopped.startswith("it ran out of time")
    assert trace.notes == ("it left 20 processes running; they were ended",)


def test_a_fork_bomb_is_stopped(programs: Recorded) -> None:
    trace = programs.trace("fork_bomb")
    assert trace.stopped is not None
    assert trace.stopped.startswith("it had more than 30 processes running")
    assert trace.exit == 125
    assert gone(int(trace.text().split()[0]))


# Using too much


@pytest.mark.parametrize("name", ["eats_memory", "child_eats_memory"])
def test_a_program_that_eats_memory_is_stopped(programs: Recorded, name: str) -> None:
    trace = programs.trace(name)
    assert trace.stopped is not None
    assert trace.stopped.startswith("it used more than 150 MB of memory")
    assert trace.exit == 125
    if name == "eats_memory":
        assert ", at line " in trace.stopped


def test_a_file_may_not_grow_without_end(programs: Recorded) -> None:
    trace = programs.trace("writes_much")
    assert trace.exit == 1
    assert trace.error is not None
    assert "File too large" in trace.error


# Input, output, surroundings


def test_bytes_that_are_no_text_are_shown_and_told(programs: Recorded) -> None:
    trace = programs.trace("not_utf8")
    assert trace.text() == "caf\\xe9\n"
    assert trace.notes == ("it wrote bytes that are not UTF-8; they are shown as \\x…",)


@pytest.mark.parametrize("start", BOTH)
def test_stdin_is_empty(programs: Recorded, start: str) -> None:
    trace = programs.trace("reads_stdin", start)
    assert trace.text() == "''\n? EOFError('EOF when reading a line')\n"
    assert trace.exit == 0


@pytest.mark.parametrize("start", BOTH)
def test_a_program_may_lose_its_directory(programs: Recorded, start: str) -> None:
    trace = programs.trace("changes_directory", start)
    assert (trace.exit, trace.error) == (1, "ZeroDivisionError: division by zero")


@pytest.mark.parametrize("start", BOTH)
def test_a_program_that_closes_what_it_did_not_open_is_recorded_all_the_same(
    programs: Recorded, start: str
) -> None:
    trace = programs.trace("closes_all", start)
    assert (trace.text(), trace.exit, trace.notes) == ("before\nafter\n3\n", 0, ())
    assert [piece.task for piece in trace.output] == [1, 1, 1]


@pytest.mark.parametrize("start", BOTH)
def test_a_program_that_closes_everything_ends_well(programs: Recorded, start: str) -> None:
    trace = programs.trace("closes_really_all", start)
    assert trace.text() == "before\nafter\nstill there\n[3, 4, 5, 6, 7] 0\n"
    assert (trace.exit, trace.stopped) == (0, None)
    assert trace.notes == (
        "it closed the descriptors that the recording writes to; what it did afterwards is not recorded",
    )


def test_a_program_may_close_its_output(programs: Recorded) -> None:
    trace = programs.trace("closes_output")
    assert (trace.text(), trace.exit) == ("before\n", 4)
    assert outcomes(trace) == ["returned"]


@pytest.mark.parametrize("start", BOTH)
def test_output_of_others_appears_in_its_place(programs: Recorded, start: str) -> None:
    trace = programs.trace("in_their_place", start)
    assert trace.text() == "first\nsecond\nthird\nfourth\nfifth\nsixth\nseventh\neighth\n"
    by_line = {piece.text.strip(): piece for piece in trace.output}
    assert by_line["sixth"].task == 1
    assert by_line["seventh"].task is None
    assert by_line["seventh"].step is None
    assert by_line["sixth"].time + 0.15 < by_line["seventh"].time <= by_line["eighth"].time


# Trouble for the recorder itself


@pytest.mark.parametrize("start", BOTH)
def test_a_program_that_replaces_what_we_use_is_recorded(programs: Recorded, start: str) -> None:
    trace = programs.trace("saboteur", start)
    assert (trace.text(), trace.exit, trace.notes) == ("works\nworks\nWORKS\nWORKS\n", 0, ())
    assert outcomes(trace) == ["returned"] * 7
    assert len(trace.steps) > 20


@pytest.mark.parametrize("start", BOTH)
def test_a_recorder_that_fails_says_so_and_lets_the_program_go_on(
    programs: Recorded, start: str
) -> None:
    trace = programs.trace("breaks_recorder", start)
    assert (trace.text(), trace.exit) == ("works\nworks\nworks\nend\n", 0)
    assert len(trace.notes) == 1
    assert trace.notes[0].startswith(
        "later steps could not be recorded: TypeError: 'NoneType' object is not callable"
    )


def test_rubbish_in_the_recordings_own_descriptors_is_told(programs: Recorded) -> None:
    trace = programs.trace("rubbish")
    assert "went on\n" in trace.text()
    assert "it wrote into the recording's own descriptor" in trace.notes


FLOODS = """
import contextlib, os, threading

def flood(descriptor):
    with contextlib.suppress(OSError):
        while os.write(descriptor, {data!r} * 100):
            pass

for name in os.listdir("/proc/self/fd"):
    if int(name) > 2:
        threading.Thread(target=flood, args=(int(name),)).start()
"""


@pytest.mark.parametrize("data", [b'[["note",""]]\n', b"endless"])
def test_a_program_that_floods_the_recordings_own_descriptors_is_stopped(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (supervisor, receiver):
        monkeypatch.setattr(module, "MAX_EVENTS", 1_000)
    monkeypatch.setattr(supervisor, "MAX_RECORD_LENGTH", 1_000_000)
    (tmp_path / "floods.py").write_text(FLOODS.format(data=data))
    trace = supervise(Program(str(tmp_path / "floods.py"), environment=ENVIRONMENT), LIMITS)
    assert trace.stopped is not None and trace.stopped.startswith(
        "it wrote more into the recording's own descriptor than any recording holds"
    )
    assert trace.exit == EXIT_STOPPED
    # Of what it has forged, only a piece or two were read.
    assert len(trace.notes) < 250_000


def test_signal_handlers_that_print_do_no_harm(programs: Recorded) -> None:
    trace = programs.trace("interrupts_printing")
    text, signals = re.subn(r"signal \d+", "", trace.text())
    assert signals
    lines = text.split("\n")
    assert "".join(lines) == "".join(f"line {number}" for number in range(3000))
    assert (trace.exit, trace.notes) == (0, ())


@pytest.mark.parametrize("start", BOTH)
def test_interrupts_at_any_moment_do_no_harm(programs: Recorded, start: str) -> None:
    trace = programs.trace("interrupted_anywhere", start)
    assert trace.exit == 0
    assert re.fullmatch(r"(line\n*)+end\n", trace.text("stdout"))
    assert trace.notes == ()


@pytest.mark.parametrize("start", BOTH)
def test_no_frame_of_ours_stands_in_a_traceback_when_ctrl_c_comes(
    programs: Recorded, start: str
) -> None:
    trace = programs.trace("ctrl_c_while_printing", start)
    assert (trace.exit, trace.text("stderr")) == (0, "")
    # Of 100. What comes in between two functions of ours cannot be put off: mostly 0 to 4. Were it
    # not put off at all, it would be 100. The last one may have come between a line and its end.
    assert int(trace.text().splitlines()[-1].removeprefix("line")) <= 20


def test_threads_and_finalizers_that_print_do_no_harm(programs: Recorded) -> None:
    trace = programs.trace("threads_print")
    # One that prints may come between the text and the line's end of another, as it may without a
    # recorder.
    text = trace.text()
    assert (text.count("turn"), text.count("deleted") + 800) == (800, text.count("\n"))
    assert "deleted" in text
    assert not text.replace("turn", "").replace("deleted", "").strip("\n")
    assert (trace.exit, trace.notes) == (0, ())
    assert sum(task.outcome == "returned" for task in trace.tasks) >= 800


def test_what_a_thread_prints_keeps_its_order(programs: Recorded) -> None:
    trace = programs.trace("threads_count")
    for name in "ab":
        assert re.findall(rf"{name}(\d+),", trace.text()) == [str(number) for number in range(8000)]


class SlowFile(io.RawIOBase):
    """A file whose first write takes as long as another thread needs to come to the lock."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if not self.begun.is_set():
            self.begun.set()
            time.sleep(0.2)
        self.data += bytes(data)
        return len(data)


def test_what_a_thread_prints_does_not_stay_behind_where_another_one_prints_at_once() -> None:
    recorder = SimpleNamespace(guarded_call=lambda *_: None)
    file = SlowFile()
    writer = RecordingWriter(file, SimpleNamespace(active=False, recorder=recorder))  # type: ignore[arg-type]

    def say(words: bytes) -> None:
        writer.write(words)
        writer.flush()

    def follow() -> None:
        file.begun.wait()
        say(b"second")

    thread = threading.Thread(target=follow)
    thread.start()
    say(b"first")
    thread.join()
    assert file.data == b"firstsecond"


class InterruptedList(list[Any]):
    """A list to which nothing is appended without a signal handler that then flushes a stream."""

    def __init__(self, handler: Callable[[], None]) -> None:
        super().__init__()
        self.handler = handler

    def append(self, item: Any) -> None:
        super().append(item)
        self.handler()


def test_output_survives_a_signal_handler_that_flushes_while_it_is_added() -> None:
    recorder = SimpleNamespace(guarded_call=lambda *_: None)
    file = SlowFile()
    file.begun.set()
    writer = RecordingWriter(file, SimpleNamespace(active=False, recorder=recorder))  # type: ignore[arg-type]
    writer._pending = InterruptedList(writer.flush)
    writer.write(b"written")
    writer.flush()
    assert file.data == b"written"


def test_what_a_signal_handler_raises_reaches_the_program(programs: Recorded) -> None:
    trace = programs.trace("handlers_raise")
    assert re.fullmatch(r"(\.*stopped\n){20}", trace.text("stdout"))
    assert (trace.exit, trace.notes, trace.text("stderr")) == (0, (), "")


def test_whatever_a_signal_handler_raises_nothing_printed_is_lost(programs: Recorded) -> None:
    trace = programs.trace("handlers_raise_anywhere")
    assert (trace.exit, trace.notes, trace.text("stderr")) == (0, (), "")
    numbers, done = re.fullmatch(r"([\d \n]*)\nall (\d+)\n", trace.text("stdout")).groups()  # type: ignore[union-attr]
    assert sorted({*map(int, numbers.split())} - {int(done) + 1}) == [*range(1, int(done) + 1)]
    assert numbers.split() == sorted(numbers.split(), key=int)


class HandlerError(Exception):
    """Raised by a signal handler."""


@pytest.fixture
def recorder() -> Recorder:
    """One that sends its events to nobody."""
    return Recorder(
        "program.py", Outlet(lambda event: None, lambda: None, lambda: 0, threading.RLock())
    )


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with contextlib.closing(asyncio.SelectorEventLoop()) as loop:
        yield loop


@pytest.mark.parametrize("moment", ["made_ready", "next_step", "turn_ended"])
def test_no_handle_is_lost_where_a_signal_handler_raises(
    moment: str,
    recorder: Recorder,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handler(*_: object) -> None:
        raise HandlerError

    queue = ReadyQueue(recorder, loop)
    handles = [asyncio.Handle(print, (), loop) for _ in range(3)]
    monkeypatch.setattr(recorder.turns, moment, handler)
    for handle in handles:
        with contextlib.suppress(HandlerError):
            queue.append(handle)
    with contextlib.suppress(HandlerError):
        queue.popleft()
        queue.appendleft(handles[0])
    with contextlib.suppress(HandlerError):
        bool(queue)
    assert [*queue] == handles
    assert recorder.active
    monkeypatch.setattr(recorder, "now", handler)
    with pytest.raises(HandlerError) as caught:
        recorder.guarded_call(recorder.now)
    assert caught.traceback[-1].name == "handler"


@pytest.mark.parametrize("kind", [HandlerError, SystemExit])
def test_what_a_signal_handler_raises_while_an_object_goes_comes_when_the_loop_goes_on(
    kind: type[BaseException], recorder: Recorder, loop: asyncio.AbstractEventLoop
) -> None:
    def handler(*_: object) -> None:
        raise kind

    queue = ReadyQueue(recorder, loop)
    handle = asyncio.Handle(print, (), loop)
    queue.last_handle = weakref.ref(handle, functools.partial(recorder.guarded_callback, handler))
    del handle
    with pytest.raises(kind):
        bool(queue)
    assert not queue
    assert recorder.active


def test_the_warm_interpreter_survives_all_that(
    recorders: Recorders, programs: Recorded, tmp_path: object
) -> None:
    for name in PROGRAMS:
        programs.trace(name)
    futures = [
        recorders.submit(
            "fork",
            Program(str(programs._folder / "reads_stdin.py"), environment=ENVIRONMENT),
            LIMITS,
        )
        for _ in range(6)
    ]
    assert {future.result().exit for future in futures} == {0}


# What the virtual clock cannot do


@pytest.mark.parametrize("start", BOTH)
def test_a_deadlock_on_the_virtual_clock_is_named_at_once(programs: Recorded, start: str) -> None:
    trace = programs.trace("deadlock", start)
    line = here(programs, "deadlock")
    assert trace.stopped is not None
    assert trace.stopped.startswith(
        "there's nothing left that could wake the event loop: Task-1 is waiting at line "
    )
    assert trace.stopped.endswith(
        f"Task-2 is waiting at line {line} for Lock; Task-3 is waiting at line {line} for Lock"
    )
    assert trace.exit == 124
    assert trace.text() == "before"
    assert 1 < trace.duration < 1.001


def test_a_loop_with_nothing_to_do_is_named(programs: Recorded) -> None:
    assert (
        programs.trace("nothing_to_do").stopped
        == "there's nothing left that could wake the event loop: no task is left"
    )


@pytest.mark.parametrize("name", NEEDS_REAL)
def test_what_needs_the_real_clock_says_so(programs: Recorded, name: str) -> None:
    trace = programs.trace(f"needs_{name}")
    statement, what = NEEDS_REAL[name]
    line = next(
        number
        for number, text in enumerate(programs.source(f"needs_{name}"), 1)
        if statement in text
    )
    assert (
        trace.stopped
        == f'line {line} {what}, which a virtual clock cannot wait for; declare clock = "real"'
    )
    assert trace.exit == 125
    assert trace.text() == "before"


def test_an_interpreter_that_cannot_record_is_told(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text('print("hello")\n')
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with (
        ForkServer(python=str(broken)) as fork_server,
        pytest.raises(
            RuntimeError, match=r"hello.py: the process that records programs ended \(status 3\)"
        ),
    ):
        fork_server.record(Program(str(tmp_path / "hello.py")))
