"""The virtual clock: every way to a loop, everything that tells the time, and no time spent."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable

import pytest
from recorders import ENVIRONMENT, Recorded, Recorders

from loopscope.limits import Limits
from loopscope.running.program import Program

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
    WAYS["runner_factory"] = (
        "with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner: runner.run(main())"
    )
    WAYS["runner_selector"] = (
        "with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner: runner.run(main())"
    )
if sys.version_info >= (3, 12):
    WAYS["run_factory"] = "asyncio.run(main(), loop_factory=asyncio.SelectorEventLoop)"
if sys.version_info >= (3, 13):
    WAYS["event_loop"] = "asyncio.run(main(), loop_factory=asyncio.EventLoop)"

TIMES = """
    import asyncio, datetime, os, time
    from time import monotonic, perf_counter, sleep

    class Timer:
        clock = time.monotonic  # no method, since it is written in C

    async def main():
        loop = asyncio.get_running_loop()
        clocks = [loop.time, monotonic, perf_counter, time.time, lambda: time.monotonic_ns() / 1e9,
                  lambda: time.perf_counter_ns() / 1e9, lambda: time.time_ns() / 1e9, Timer().clock,
                  lambda: os.times().elapsed, lambda: time.clock_gettime(time.CLOCK_REALTIME),
                  lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e9, lambda: datetime.datetime.now().timestamp()]
        before = [clock() for clock in clocks]
        await asyncio.sleep(10)
        sleep(2.5)
        time.sleep(0)
        print({round(clock() - began, 4) for clock, began in zip(clocks, before)})
        cpu = [time.process_time(), time.process_time_ns() / 1e9, time.thread_time(), time.thread_time_ns() / 1e9,
               os.times().user, time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)]
        print([round(used, 4) for used in cpu], min(cpu) > 0)

    asyncio.run(main())
    """
DATES = """
    import asyncio, datetime, email.utils, logging, time, uuid, warnings
    from datetime import date, datetime as moment, timedelta, timezone
    from time import strftime
    warnings.simplefilter("ignore")

    class Mine(moment):
        @classmethod
        def fromtimestamp(cls, *arguments):
            raise AssertionError("the real now() does not call this")

    async def main():
        await asyncio.sleep(90_001.5)
        print(time.ctime(), time.ctime(None), time.asctime(), sep="|")
        print(strftime("%F %T %Z"), time.strftime("%T", time.gmtime(0)), time.asctime(time.gmtime(0)), time.ctime(0), sep="|")
        print(*(tuple(told)[:6] for told in (time.localtime(), time.localtime(None), time.gmtime(), time.gmtime(None), time.gmtime(0))))
        seconds = [moment.now(), moment.utcnow(), moment.today(), moment.now(timezone.utc), moment.now(tz=timezone(timedelta(hours=2)))]
        print(*(f"{told:%F %T}.{told.microsecond // 1000}" for told in seconds), seconds[3].tzinfo, moment.now(timezone.utc).astimezone())
        print(date.today(), type(date.today()).__name__, moment(2026, 1, 6, tzinfo=None).date() == date.today())
        print(type(Mine.now()) is Mine, Mine.now() - moment.now() < timedelta(seconds=1), isinstance(moment.now(), moment), moment is datetime.datetime)
        print(email.utils.formatdate(), email.utils.localtime().isoformat(" ", "seconds"))
        made = [uuid.uuid1() for _ in range(3)]
        print(round(made[0].time / 1e7 - 12_219_292_800), len(set(made)), made[0].version, made[0].variant == uuid.RFC_4122)
        record = logging.makeLogRecord({})
        print(record.created, round(record.relativeCreated, 2), logging.Formatter("%(asctime)s").format(record))
        print(time.tzname, time.timezone, time.mktime(time.localtime()) == time.time() // 1)

    asyncio.run(main())
    """
TOLD = """\
Tue Jan  6 10:00:01 2026|Tue Jan  6 10:00:01 2026|Tue Jan  6 10:00:01 2026
2026-01-06 10:00:01 UTC|00:00:00|Thu Jan  1 00:00:00 1970|Thu Jan  1 00:00:00 1970
(2026, 1, 6, 10, 0, 1) (2026, 1, 6, 10, 0, 1) (2026, 1, 6, 10, 0, 1) (2026, 1, 6, 10, 0, 1) (1970, 1, 1, 0, 0, 0)
2026-01-06 10:00:01.500 2026-01-06 10:00:01.500 2026-01-06 10:00:01.500 2026-01-06 10:00:01.500 2026-01-06 12:00:01.500 UTC 2026-01-06 10:00:01.500022+00:00
2026-01-06 date True
True True True True
Tue, 06 Jan 2026 10:00:01 -0000 2026-01-06 10:00:01+00:00
1767693602 3 1 True
1767693601.500022 90001500.02 2026-01-06 10:00:01,500
('UTC', 'UTC') 0 True
"""
DEPRECATED = """
    import datetime, time, warnings
    warnings.simplefilter("error")
    try:
        datetime.datetime.utcnow()
    except DeprecationWarning as problem:
        print(str(problem)[:42])
    warnings.simplefilter("default")
    datetime.datetime.utcnow()
    for wrong in (lambda: datetime.datetime.now("UTC"), lambda: time.clock_gettime(-77), lambda: time.strftime("%Y", None)):
        try:
            wrong()
        except Exception as problem:
            print(type(problem).__name__)
    """
REAL = """
    import asyncio, time

    async def main():
        began = time.perf_counter()
        await asyncio.sleep(0.1)
        time.sleep(0.1)
        print(time.perf_counter() - began, time.time())

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
            print(round(loop.time() - 10_000, 3))

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
        for days in (100, 300, 3600):
            await asyncio.sleep(days * 86_400)
            await together(9)

    asyncio.run(main())
    """
# What wakes in the same turn on a real clock, though it was set in different turns: `late` began
# some turns after `early`, and goes on before what `early` starts when it is done. A timeout that
# falls due together with a sleep comes first when it was set first.
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
# A wait ends late, so who waits twice comes after who waits once, even where that one began some
# turns later; and no later for others' being later still.
TWICE = """
    import asyncio

    async def sleeps(name, turns, *delays):
        for _ in range(turns):
            await asyncio.sleep(0)
        for delay in delays:
            await asyncio.sleep(delay)
        print(name)

    async def main():
        await asyncio.gather(sleeps("twice", 0, 0.05, 0.05), sleeps("once", 3, 0.1))
        await asyncio.gather(sleeps("ten times", 0, *[0.01] * 10), sleeps("then once", 9, 0.1))
        others = sleeps("three times", 0, 0.05, 0.2, 0.05), sleeps("three short ones", 0, 0.05, 0.05, 0.05)
        await asyncio.gather(*others, sleeps("two times", 0, 0.15, 0.15))

    asyncio.run(main())
    """
# Objects of many sizes, so that the tasks and coroutines stand at other addresses than those in
# order of creation.
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
        for next_one in asyncio.as_completed(set(done)):
            print(await next_one, end=" ")
        print("done before, as a set")
        failed = [asyncio.create_task(fails()) for number in range(12)]
        await asyncio.sleep(0.1)
        await asyncio.wait(failed, return_when=asyncio.FIRST_EXCEPTION)  # the last that it looks at ends the wait by being the last
        print(*(number for number, task in enumerate(failed) if task._log_traceback), "not looked at")
        failed[-1].exception()
        left = [asyncio.create_task(waits(number)) for number in range(12)]
        generators.extend(numbers(number) for number in range(12))
        for generator in generators:
            await anext(generator)

    generators = []
    asyncio.run(main())
    """
# Each task that is left over holds, as its result, one that failed unseen, which says so when it
# goes.
LEFT_OVER = """
    import asyncio

    async def fails(number):
        raise ValueError(f"fails {number}")

    async def holds(number):
        ballast = [bytes(number * 37 % 256) for _ in range(number * 7 % 11)]
        failing = asyncio.create_task(fails(number))
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            return failing

    async def main():
        for number in range(12):
            asyncio.create_task(holds(number))
        await asyncio.sleep(0.1)

    asyncio.run(main())
    """
# `math.inf` as a timeout says "for ever": no wait moves the clock there.
INFINITE = """
    import asyncio, math

    async def sets(event):
        await asyncio.sleep(0.5)
        event.set()

    async def main():
        event = asyncio.Event()
        task = asyncio.create_task(sets(event))
        print(await asyncio.wait_for(event.wait(), math.inf))
        await asyncio.wait_for(asyncio.get_running_loop().create_future(), math.inf)

    asyncio.run(main())
    """
# A program takes for granted that the machine did not start just now: a limit of one request an
# hour has let none through at time 0.
LONG_AGO = """
    import asyncio, time

    async def main():
        loop = asyncio.get_running_loop()
        print([clock() > 3600 for clock in (loop.time, time.monotonic, time.perf_counter)])
        loop.call_at(loop.time() - 5, print, "five seconds ago")
        loop.call_at(0, print, "at time 0")
        await asyncio.sleep(1)

    asyncio.run(main())
    """
# Who asks for the time in turn after turn waits for a time to come. A timeout that is set asks,
# too, but not the program itself.
POLLING = """
    import asyncio

    async def main():
        loop = asyncio.get_running_loop()
        end = loop.time() + 1
        while loop.time() < end:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        print(round(loop.time() - end))
        await asyncio.sleep(1)
        began = loop.time()
        if hasattr(asyncio, "timeout"):
            for _ in range(10_500):
                async with asyncio.timeout(1):
                    await asyncio.sleep(0)
        print(loop.time() - began < 0.05)

    asyncio.run(main())
    """


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for name, statement in WAYS.items():
        programs.add(name, MAIN + statement)
    programs.add("times", TIMES, starts=("fork", "spawn"))
    programs.add("dates", DATES, starts=("fork", "spawn"), environment={"TZ": "Asia/Tokyo"})
    programs.add("deprecated", DEPRECATED)
    programs.add("real", REAL, clock="real")
    programs.add("order", ORDER)
    programs.add("ties", TIES)
    programs.add("same_turn", SAME_TURN)
    programs.add("twice", TWICE)
    for seed in range(5):
        programs.add(
            f"sets_{seed}",
            f"ballast = [bytearray(number * {seed} % 999) for number in range(9_999)]\n"
            + textwrap.dedent(SETS),
        )
    programs.add("left_over", LEFT_OVER)
    programs.add("infinite", INFINITE)
    programs.add("long_ago", LONG_AGO)
    programs.add("polling", POLLING, limits=Limits(seconds=30))
    return programs


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_loop_gives_the_virtual_one(programs: Recorded, way: str) -> None:
    trace = programs.trace(way)
    assert (trace.text(), trace.exit) == ("an hour later _UnixSelectorEventLoop\n", 0)
    assert 3600 <= trace.duration < 3600.001


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_all_that_tells_the_time_follows(programs: Recorded, start: str) -> None:
    assert programs.trace("times", start).text() == f"{{12.5}}\n{[0.0] * 6} True\n"


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_all_that_tells_the_date_follows_from_a_fixed_one(programs: Recorded, start: str) -> None:
    assert programs.trace("dates", start).text() == TOLD


def test_dates_warn_and_complain_as_they_do_on_a_real_clock(programs: Recorded) -> None:
    trace = programs.trace("deprecated")
    complaints = "TypeError\nOSError\nTypeError\n"
    if sys.version_info < (3, 12):
        assert trace.text() == complaints
    else:
        assert trace.text("stdout") == "datetime.datetime.utcnow() is deprecated a\n" + complaints
        assert "deprecated.py:8: DeprecationWarning: " in trace.text("stderr")


def test_on_the_real_clock_time_is_real(programs: Recorded) -> None:
    trace = programs.trace("real")
    passed, date = map(float, trace.text().split())
    assert 0.199 <= passed <= trace.duration
    assert abs(time.time() - date) < 3600


def test_timers_come_in_order(programs: Recorded) -> None:
    assert (
        programs.trace("order").text()
        == "soon\nsoon too\nsoon, by call_at\nbetween\nlate\nlater\n4.0\n"
    )


def test_equal_sleeps_end_in_the_order_in_which_they_began(programs: Recorded) -> None:
    ways = ["gather", "tasks", "group"] if sys.version_info >= (3, 11) else ["gather", "tasks"]
    expected = [
        f"{' '.join(map(str, range(count)))} {way}"
        for count in (*range(2, 31), 9, 9, 9)
        for way in ways
    ]
    assert programs.trace("ties").text().splitlines() == expected


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="asyncio.timeout and TaskGroup came with 3.11"
)
def test_what_falls_due_together_is_found_in_the_same_turn(programs: Recorded) -> None:
    text = programs.trace("same_turn").text()
    assert text == "late\nstarted by early\ntimed out\ntimed out before its sleep was over\n"


def test_who_waits_in_two_sleeps_comes_after_who_waits_in_one(programs: Recorded) -> None:
    assert (
        programs.trace("twice").text()
        == "once\ntwice\nthen once\nten times\nthree short ones\ntwo times\nthree times\n"
    )


@pytest.mark.parametrize("seed", range(5))
def test_sets_of_asyncio_are_walked_in_order_of_creation(programs: Recorded, seed: int) -> None:
    numbers = " ".join(map(str, range(12)))
    group = f"{numbers} of a group\n" if sys.version_info >= (3, 11) else ""
    assert (
        programs.trace(f"sets_{seed}").text()
        == f"{group}{numbers} as completed\n{numbers} done before\n{numbers} done before, as a set\n11 not looked at\n{numbers} {numbers} "
    )


def test_a_timer_that_never_falls_due_wakes_nobody(programs: Recorded) -> None:
    trace = programs.trace("infinite")
    assert (trace.text(), trace.exit) == ("True\n", 124)
    assert trace.stopped is not None and trace.stopped.startswith(
        "there's nothing left that could wake the event loop: Task-1 is waiting at line 11"
    )


def test_time_0_was_long_ago(programs: Recorded) -> None:
    trace = programs.trace("long_ago")
    assert trace.text() == "[True, True, True]\nat time 0\nfive seconds ago\n"
    assert 1 <= trace.duration < 1.001


def test_who_polls_for_a_time_gets_there_soon(programs: Recorded) -> None:
    trace = programs.trace("polling")
    assert (trace.text(), trace.stopped) == ("0\nTrue\n", None)


def test_sets_of_tasks_are_let_go_in_order_of_creation(programs: Recorded) -> None:
    reports = [
        line
        for line in programs.trace("left_over").text("stderr").splitlines()
        if line.startswith("ValueError")
    ]
    assert reports == [f"ValueError: fails {number}" for number in range(12)]


def test_an_hour_of_sleep_takes_no_hour(recorders: Recorders, programs: Recorded) -> None:
    program = Program(str(programs._folder / "run.py"), clock="virtual", environment=ENVIRONMENT)
    began = time.perf_counter()
    assert recorders.submit("fork", program).result().duration >= 3600
    assert time.perf_counter() - began < 360
