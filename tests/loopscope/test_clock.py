"""The virtual clock: every way to a loop, everything that tells the time, and no time spent."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable

import pytest
from recording import ENVIRONMENT, Recorded, Recorders

from loopscope.supervisor import Program

MAIN = """
import asyncio, warnings
warnings.simplefilter("ignore")

async def main():
    await asyncio.sleep(3600)
    print("an hour later", type(asyncio.get_running_loop()).__name__)

"""
WAYS = {
    "run": "asyncio.run(main())",
    "run_debug": "asyncio.run(main(), debug=True)",
    "new_event_loop": "loop = asyncio.new_event_loop(); loop.run_until_complete(main()); loop.close()",
    "selector_loop": "loop = asyncio.SelectorEventLoop(); loop.run_until_complete(main()); loop.close()",
    "selector_given": "import selectors; asyncio.SelectorEventLoop(selectors.SelectSelector()).run_until_complete(main())",
    "from_import": "from asyncio import new_event_loop, run; run(main())",
    "subclass": "class Mine(asyncio.SelectorEventLoop): pass\nMine.__name__ = '_UnixSelectorEventLoop'\nMine().run_until_complete(main())",
    "policy": "asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy()); asyncio.run(main())",
    "policy_get": "asyncio.set_event_loop(asyncio.get_event_loop_policy().new_event_loop()); asyncio.get_event_loop().run_until_complete(main())",
}
if sys.version_info < (3, 14):
    WAYS["get_event_loop"] = "asyncio.get_event_loop().run_until_complete(main())"
if sys.version_info >= (3, 11):
    WAYS["runner"] = "with asyncio.Runner() as runner: runner.run(main())"
    WAYS["runner_factory"] = "with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner: runner.run(main())"
    WAYS["runner_selector"] = "with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner: runner.run(main())"
if sys.version_info >= (3, 12):
    WAYS["run_factory"] = "asyncio.run(main(), loop_factory=asyncio.SelectorEventLoop)"
if sys.version_info >= (3, 13):
    WAYS["event_loop"] = "asyncio.run(main(), loop_factory=asyncio.EventLoop)"

TIMES = """
    import asyncio, datetime, time
    from time import monotonic, perf_counter, sleep

    async def main():
        loop = asyncio.get_running_loop()
        clocks = [loop.time, monotonic, perf_counter, time.time, lambda: time.monotonic_ns() / 1e9,
                  lambda: time.perf_counter_ns() / 1e9, lambda: time.time_ns() / 1e9]
        before = [clock() for clock in clocks]
        await asyncio.sleep(10)
        sleep(2.5)
        time.sleep(0)
        print([round(clock() - began, 4) for clock, began in zip(clocks, before)])
        print(abs(time.time() - 12.5 - datetime.datetime.now().timestamp()) < 5)

    asyncio.run(main())
    """
REAL = """
    import asyncio, time

    async def main():
        began = time.perf_counter()
        await asyncio.sleep(0.1)
        time.sleep(0.1)
        print(round(time.perf_counter() - began, 1))

    asyncio.run(main())
    """
ORDER = """
    import asyncio

    async def main():
        loop = asyncio.get_running_loop()
        for word, delay in (("late", 2), ("soon", 1), ("soon too", 1), ("between", 1.5), ("later", 2)):
            loop.call_later(delay, print, word)
        loop.call_at(loop.time() + 1, print, "soon, by call_at")
        await asyncio.sleep(3)
        try:
            await asyncio.wait_for(asyncio.sleep(5), 1)
        except asyncio.TimeoutError:
            print(round(loop.time(), 3))

    asyncio.run(main())
    """

TIES = """
    import asyncio

    async def nap(number, delay=0.05):
        await asyncio.sleep(delay)
        print(number, end=" ")

    async def together(count):
        await asyncio.gather(*map(nap, range(count)))
        print("gather")
        tasks = [asyncio.create_task(nap(number)) for number in range(count)]
        await asyncio.wait(tasks)
        print("tasks")
        if hasattr(asyncio, "TaskGroup"):
            async with asyncio.TaskGroup() as group:
                for number in range(count):
                    group.create_task(nap(number))
            print("group")

    async def main():
        for count in range(2, 31):
            await together(count)

    asyncio.run(main())
    """
# What wakes in the same turn on a real clock, though it was set in different turns: `late` began some turns after `early`, and goes on
# before what `early` starts when it is done. A timeout that falls due together with a sleep comes first when it was set first.
SAME_TURN = """
    import asyncio

    async def early():
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_soon(print, "started by early")

    async def late():
        for _ in range(5):
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        print("late")

    async def stays():
        await asyncio.sleep(0.05)
        print("stays")

    async def main():
        await asyncio.gather(early(), late())
        try:
            async with asyncio.timeout(0.05), asyncio.TaskGroup() as group:
                group.create_task(stays())
        except TimeoutError:
            print("timed out")
        try:
            async with asyncio.timeout(0.05):
                await asyncio.sleep(0.05)
        except TimeoutError:
            print("timed out before its sleep was over")

    asyncio.run(main())
    """
# Objects of many sizes, so that the tasks and coroutines stand at other addresses than those in order of creation.
SETS = """
    import asyncio

    async def waits(number):
        ballast = [bytes(number * 37 % 256) for _ in range(number * 7 % 11)]
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            print(number, end=" ")
            raise

    async def fails():
        raise ValueError

    async def starts(number):
        print(number, end=" ")

    async def numbers(number):
        try:
            yield number
        finally:
            print(number, end=" ")

    async def main():
        if hasattr(asyncio, "TaskGroup"):
            try:
                async with asyncio.TaskGroup() as group:
                    for number in range(12):
                        group.create_task(waits(number))
                    await asyncio.sleep(0.1)
                    group.create_task(fails())
            except ExceptionGroup:
                print("of a group")
        for first in asyncio.as_completed([starts(number) for number in range(12)]):
            await first
        print("as completed")
        done = [asyncio.create_task(asyncio.sleep(0, number)) for number in range(12)]
        await asyncio.sleep(0.1)
        for next_one in asyncio.as_completed(done):
            print(await next_one, end=" ")
        print("done before")
        left = [asyncio.create_task(waits(number)) for number in range(12)]
        generators.extend(numbers(number) for number in range(12))
        for generator in generators:
            await anext(generator)

    generators = []
    asyncio.run(main())
    """


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for name, statement in WAYS.items():
        programs.add(name, MAIN + statement)
    programs.add("times", TIMES, starts=("fork", "spawn"))
    programs.add("real", REAL, clock="real")
    programs.add("order", ORDER)
    programs.add("ties", TIES)
    for clock in ("virtual", "real"):
        programs.add(f"same_turn_{clock}", SAME_TURN, clock=clock)
    for seed in range(5):
        programs.add(f"sets_{seed}", f"ballast = [bytearray(number * {seed} % 999) for number in range(9_999)]\n" + textwrap.dedent(SETS))
    return programs


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_loop_gives_the_virtual_one(programs: Recorded, way: str) -> None:
    trace = programs.trace(way)
    assert (trace.text(), trace.exit) == ("an hour later _UnixSelectorEventLoop\n", 0)
    assert 3600 <= trace.duration < 3600.001


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_all_that_tells_the_time_follows(programs: Recorded, start: str) -> None:
    assert programs.trace("times", start).text() == f"{[12.5] * 7}\nTrue\n"


def test_on_the_real_clock_time_is_real(programs: Recorded) -> None:
    trace = programs.trace("real")
    assert trace.text() == "0.2\n"
    assert 0.2 < trace.duration < 2


def test_timers_come_in_order(programs: Recorded) -> None:
    assert programs.trace("order").text() == "soon\nsoon too\nsoon, by call_at\nbetween\nlate\nlater\n4.0\n"


def test_equal_sleeps_end_in_the_order_in_which_they_began(programs: Recorded) -> None:
    ways = ["gather", "tasks", "group"] if sys.version_info >= (3, 11) else ["gather", "tasks"]
    expected = [f"{' '.join(map(str, range(count)))} {way}" for count in range(2, 31) for way in ways]
    assert programs.trace("ties").text().splitlines() == expected


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout and TaskGroup came with 3.11")
@pytest.mark.parametrize("clock", ["virtual", "real"])
def test_what_falls_due_together_is_found_in_the_same_turn(programs: Recorded, clock: str) -> None:
    text = programs.trace(f"same_turn_{clock}").text()
    assert text == "late\nstarted by early\ntimed out\ntimed out before its sleep was over\n"


@pytest.mark.parametrize("seed", range(5))
def test_sets_of_asyncio_are_walked_in_order_of_creation(programs: Recorded, seed: int) -> None:
    numbers = " ".join(map(str, range(12)))
    group = f"{numbers} of a group\n" if sys.version_info >= (3, 11) else ""
    assert programs.trace(f"sets_{seed}").text() == f"{group}{numbers} as completed\n{numbers} done before\n{numbers} {numbers} "


def test_ten_seconds_of_sleep_take_no_time(recorders: Recorders, programs: Recorded, tmp_path: object) -> None:
    program = Program(str(programs._folder / "order.py"), clock="virtual", environment=ENVIRONMENT)
    recorders.submit("fork", program).result()
    began = time.perf_counter()
    recorders.submit("fork", program).result()
    assert time.perf_counter() - began < 0.5
