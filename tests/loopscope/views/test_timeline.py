"""What is made of a record: the picture, the run in words, the transcript, the page, and JSON there
and back.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from recorders import Recorded

from loopscope import Output, Step, Task, Trace, Wait
from loopscope.trace.events import FORMAT_VERSION
from loopscope.trace.index import TraceIndex
from loopscope.views import narration, page, timeline, transcript

SVG = "{http://www.w3.org/2000/svg}"

PROGRAMS = {
    "everything": """
        import asyncio, time

        async def fetch(name: str, seconds: float) -> str:
            print(f"{name} <begins>")
            await asyncio.sleep(seconds)
            return name

        async def fail():
            await asyncio.sleep(0.5)
            raise ValueError("no & no")

        async def forever():
            await asyncio.Event().wait()

        def tick():
            print("tick")

        async def main():
            loop = asyncio.get_running_loop()
            loop.call_later(0.3, tick)
            quick = asyncio.create_task(fetch("quick", 0.4), name="quick one")
            slow = asyncio.create_task(fetch("slow", 30), name="Task-2")
            failing = asyncio.create_task(fail(), name="Task-3")
            waiting = asyncio.create_task(forever(), name="Task-4")
            await quick
            time.sleep(0.25)
            print("after the block")
            slow.cancel()
            await asyncio.gather(slow, failing, return_exceptions=True)
            await asyncio.sleep(0)
            import os
            os._exit(0)

        asyncio.run(main())
        """,
    "crowd": """
        import asyncio

        async def worker(number):
            for turn in range(8):
                await asyncio.sleep(0.1 + number / 100)
                print(number, turn)

        async def main():
            await asyncio.gather(*map(worker, range(11)))
            for _ in range(110):
                await asyncio.sleep(0.01)

        asyncio.run(main())
        """,
    "too_many": """
        import asyncio

        async def worker_with_quite_a_long_name_to_be_cut_somewhere(number):
            await asyncio.sleep(number)
            if number % 3 == 0:
                raise RuntimeError(f"number {number}")

        async def main():
            tasks = [asyncio.create_task(worker_with_quite_a_long_name_to_be_cut_somewhere(n), name=f"worker number {n}") for n in range(20)]
            await asyncio.wait(tasks)

        asyncio.run(main())
        """,
    "patient": """
        import asyncio

        async def main():
            await asyncio.sleep(0.5)
            await asyncio.sleep(3600)
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "polite": """
        import asyncio

        async def player(name):
            for _ in range(2):
                print(name)
                await asyncio.sleep(0)

        async def main():
            await asyncio.gather(player("ping"), player("pong"))

        asyncio.run(main())
        """,
    "plain": "print('no loop at all')",
    "nobody": "import asyncio\nasyncio.new_event_loop().close()",
}


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for name, text in PROGRAMS.items():
        programs.add(name, text)
    return programs


class Placed:
    """A text of a picture, about where it is seen."""

    def __init__(self, element: ElementTree.Element) -> None:
        kind = (element.get("class") or "").split()
        self.text = "".join(element.itertext())
        bold = "name" in kind
        width = len(element.text or "") * (6.9 if bold else 5.4) + sum(
            len(child.text or "") * 5.8 + 6 for child in element
        )
        x, y = float(element.get("x") or 0), float(element.get("y") or 0)
        self.left = x - width if "e" in kind else x - width / 2 if {"w", "on"} & set(kind) else x
        self.right, self.top, self.bottom = self.left + width, y - 9, y

    def overlaps(self, other: Placed) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def drawn(trace: Trace) -> ElementTree.Element:
    """The picture, parsed; it must stand on its own."""
    return ElementTree.fromstring(timeline.draw(trace, alone=True))


def texts(picture: ElementTree.Element) -> list[Placed]:
    return [Placed(element) for element in picture.iter(f"{SVG}text")]


def overlapping(placed: list[Placed]) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one covers a part of the other."""
    return [
        (one.text, other.text)
        for one, other in itertools.combinations(placed, 2)
        if one.overlaps(other)
    ]


# The picture


@pytest.mark.parametrize("name", ["everything", "crowd", "too_many", "patient", "polite"])
def test_texts_keep_clear_of_one_another_and_of_the_edges(programs: Recorded, name: str) -> None:
    picture = drawn(programs.trace(name))
    placed = texts(picture)
    width = float(picture.get("width") or 0)
    assert overlapping(placed) == []
    assert [one.text for one in placed if one.left < 0 or one.right > width + 2] == []


def test_the_picture_names_itself_and_tells_what_it_shows(programs: Recorded) -> None:
    picture = drawn(programs.trace("everything"))
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Timeline of everything.py: 5 tasks, 0.650 s"
    description = picture.findtext(f"{SVG}desc") or ""
    assert (
        "fetch (quick one) begins at 0.000 s, waits for sleep 0.4 s, returned at 0.400 s."
        in description
    )
    assert "forever (Task-4) begins at 0.000 s, waits for Event, still pending." in description


def test_every_state_is_named_by_text_and_not_by_colour_alone(programs: Recorded) -> None:
    seen = [text.text for text in texts(drawn(programs.trace("everything")))]
    for text in (
        "blocked 0.25 s",
        "sleep 0.4 s",
        "Event",
        "✓ returned at 0.400 s",
        "✗ failed: ValueError at 0.650 s",
        "⊘ cancelled at 0.650 s",
        "… still pending",
    ):
        assert text in seen
    marks = {title.text for title in drawn(programs.trace("everything")).iter(f"{SVG}title")}
    assert {
        "runs",
        "waits",
        "ready, but others run first",
        "blocked 0.25 s",
        "prints quick <begins>",
        "prints after the block",
    } <= marks


def test_each_task_has_a_row_and_callbacks_have_one_together(programs: Recorded) -> None:
    names = [text.text for text in texts(drawn(programs.trace("everything"))) if text.left == 10]
    assert names[1:7] == [
        "mainTask-1",
        "fetchquick one",
        "fetchTask-2",
        "failTask-3",
        "foreverTask-4",
        "tickcallbacks: the loop calls them, outside any task",
    ]
    assert names[7].startswith("▮ runs")


def test_a_picture_of_twelve_tasks_and_two_hundred_steps_is_small(programs: Recorded) -> None:
    trace = programs.trace("crowd")
    assert len([task for task in trace.tasks if not task.internal]) == 12
    assert sum(step.kind == "task" for step in trace.steps) > 200
    assert len(timeline.draw(trace).encode()) <= 20_000


def test_tasks_beyond_the_twelfth_are_counted(programs: Recorded) -> None:
    assert "and 9 more tasks, not drawn" in [
        text.text for text in texts(drawn(programs.trace("too_many")))
    ]


def test_a_long_idle_stretch_is_folded_and_says_so(programs: Recorded) -> None:
    picture = drawn(programs.trace("patient"))
    seen = {text.text: text for text in texts(picture)}
    assert "3600 s, folded" in seen
    assert sum(element.get("class") == "fold" for element in picture.iter(f"{SVG}path")) == 1
    assert "sleep 3600 s" in seen
    assert "sleep 1 s" in seen


def sleeps(*seconds: float) -> Trace:
    """A task that sleeps for so long, and so long, …: a step before each and one after the last."""
    steps, now = [], 0.0
    for number, length in enumerate([*seconds, None]):
        steps.append(
            Step(
                now,
                now,
                "task",
                1,
                None,
                number,
                number,
                None if length is None else Wait("sleep", seconds=length),
            )
        )
        now += length or 0.0
    return Trace(
        "3.13",
        "x.py",
        "virtual",
        now,
        0,
        tasks=(Task(1, "Task-1", "main", 1, None, 0.0, now, "returned"),),
        steps=tuple(steps),
    )


def idle(trace: Trace) -> list[float]:
    """How wide each wait is drawn."""
    (waits,) = [
        path.get("d", "") for path in drawn(trace).iter(f"{SVG}path") if path.get("class") == "wait"
    ]
    return [
        float(right) - float(left)
        for left, right in re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", waits)
    ]


def folds(trace: Trace) -> int:
    return sum(path.get("class") == "fold" for path in drawn(trace).iter(f"{SVG}path"))


def test_a_folded_stretch_is_drawn_six_times_as_long_as_all_that_is_shorter() -> None:
    short, folded, one = idle(sleeps(0.5, 3600, 1))
    assert one / short == pytest.approx(2, rel=0.1)
    assert folded / (short + one) == pytest.approx(6, rel=0.1)


def test_only_what_dwarfs_everything_else_is_folded() -> None:
    assert folds(sleeps(1, 11.9)) == 0
    assert folds(sleeps(1, 12.1)) == 1
    one, twelve = idle(sleeps(1, 11.9))
    assert twelve / one == pytest.approx(11.9, rel=0.1)


def test_labels_are_shortened_to_the_room_that_there_is() -> None:
    task = Task(1, "name " * 20, "coroutine_" * 20, 1, None, 0.0, 11.0, "raised", "Error" * 30)
    trace = sleeps(0.1, 10, 0.9, 0.9)
    steps = [
        replace(step, waiting_on=Wait("primitive", "Condition")) if place != 2 else step
        for place, step in enumerate(trace.steps)
    ]
    trace = replace(trace, tasks=(task,), steps=tuple(steps))
    seen = [text.text for text in texts(drawn(trace))]
    heading, ended = (
        next(text for text in seen if "coroutine_" in text),
        next(text for text in seen if "Error" in text),
    )
    assert "…name name name name…" in heading and len(heading) < 70
    assert ended.startswith("✗ failed: ErrorError") and ended.endswith("…") and len(ended) <= 52
    # There is room for ten seconds, for a part of a name where it is nine tenths, and for nothing
    # where it is one.
    waits = [text for text in seen if text.startswith(("Cond", "sleep", "0.9"))]
    assert waits == ["Condition", "0.9 s", "Condit…"]
    placed = texts(drawn(trace))
    assert [one.text for one in placed if one.left < 0 or one.right > 642] == []
    assert overlapping(placed) == []


# A record that is cut


def cut_record() -> Trace:
    """Two tasks; the record ends while both are on their way, though the first was seen to return
    later.
    """
    tasks = (
        Task(1, "Task-1", "main", 1, None, 0.0, 9.0, "returned"),
        Task(2, "Task-2", "work", 2, 1, 0.0, None, "pending"),
        Task(3, "Task-3", "quick", 3, 1, 0.0, 1.0, "returned"),
        Task(4, "Task-4", "late", 4, 1, 5.0, 6.0, "raised", "ValueError"),
    )
    steps = (
        Step(0.0, 0.0, "task", 1, None, 1, 1, Wait("task", "Task-2"), (2, 3)),
        Step(0.0, 0.0, "task", 2, None, 2, 2, Wait("sleep", seconds=2), (3,)),
        Step(0.0, 0.0, "task", 3, None, 3, 3, Wait("sleep", seconds=1)),
        Step(1.0, 1.0, "task", 3, None, 3, None, None),
        Step(2.0, 2.0, "task", 2, None, 2, 2, Wait("primitive", "Event")),
    )
    note = "only the first 5 steps were recorded"
    return Trace(
        "3.13", "x.py", "virtual", 9.0, 0, notes=(note,), tasks=tasks, steps=steps, steps_cut=3.0
    )


@pytest.mark.parametrize(
    ("before", "printed", "told"),
    [
        ("begun\n", "\n", "prints a blank line"),
        ("begun\n", "\nx\n", "prints a blank line, `x`"),
        ("begun ", "\nx\n", "prints the end of a line, `x`"),
        ("begun ", "x\n\n", "prints `x`, a blank line"),
        ("begun\n", "1\n  \n3\n4\n", "prints `1`, a blank line, `3` and 1 more line"),
        ("begun\n", "1\n" * 1004, "prints `1`, `1`, `1` and 1,001 more lines"),
    ],
)
def test_what_a_step_prints_is_told_line_by_line(before: str, printed: str, told: str) -> None:
    step = Step(0.0, 0.0, "task", 1, None, 1, None, None)
    trace = Trace(
        "3.13",
        "x.py",
        "virtual",
        1.0,
        0,
        tasks=(Task(1, "Task-1", "main", 1, None, 0.0),),
        steps=(step,),
        output=(
            Output(0.0, "stdout", None, 1, before),
            Output(0.0, "stdout", 1, 1, printed, 0),
        ),
    )
    (sentence,) = narration.narrate(trace, "")
    assert sentence.text == f"`main()` starts. It {told}."


def test_one_more_is_not_more_tasks_or_steps() -> None:
    tasks = tuple(Task(n, f"Task-{n}", "work", 1, None, 0.0) for n in range(1, 102))
    trace = Trace("3.13", "x.py", "virtual", 1.0, 0, tasks=tasks)
    assert "\nand 1 more task\n" in transcript.summary(trace)
    steps = tuple(
        Step(n / 1000, n / 1000, "task", 1, None, 1, 1, Wait("sleep", seconds=0.001))
        for n in range(page._MAX_SENTENCES + 1)
    )
    html = page.render(replace(trace, tasks=tasks[:1], steps=steps), "")
    assert "<p>… and 1 more step.</p>" in html


def test_a_cut_record_says_so_wherever_it_is_shown() -> None:
    trace, sentence = cut_record(), "The record ends here, after 5 steps; the program went on."
    sentences = narration.narrate(trace, "")
    assert [one.text for one in sentences[-2:]] == [
        "`work()` resumes: its sleep is over. It waits for Event.",
        sentence,
    ]
    assert (sentences[-1].time, sentences[-1].steps) == (3.0, ())
    assert not any("main" in one.who and "returns" in one.does for one in sentences)
    assert any("quick" in one.who and one.does == "returns." for one in sentences)
    picture = drawn(trace)
    assert sentence in [text.text for text in texts(picture)]
    assert sentence in (picture.findtext(f"{SVG}desc") or "")
    html = page.render(trace, "")
    assert html.count(f"<p>{sentence}</p>") == 1
    assert f"</b> {sentence}</li></ol>" in html
    assert '"cut":"' + sentence in html
    whole = replace(trace, steps_cut=None, notes=())
    assert "record ends" not in page.render(whole, "") + timeline.draw(whole) + " ".join(
        one.text for one in narration.narrate(whole, "")
    )


def test_the_steps_of_a_cut_record_are_counted_as_far_as_they_are_known() -> None:
    assert transcript.summary(cut_record()).splitlines() == [
        "Task-1  main   0.000 → 9.000 s  ✓ returned            at least 1 step",
        "Task-2  work   0.000 → 9.000 s  … still pending       at least 2 steps",
        "Task-3  quick  0.000 → 1.000 s  ✓ returned            2 steps",
        "Task-4  late   5.000 → 6.000 s  ✗ failed: ValueError  its steps are not recorded",
        "x.py: exit 0 after 9.000 s (virtual clock, Python 3.13)",
        "x.py: only the first 5 steps were recorded",
    ]


def test_the_picture_of_a_cut_record_ends_where_the_record_does() -> None:
    picture = drawn(cut_record())
    rows = list(picture.iter(f"{SVG}g"))
    ends = [
        {path.get("class") for path in row.iter(f"{SVG}path")} & {"good", "bad"} for row in rows
    ]
    assert ends == [set(), set(), {"good"}, set()]
    marks = [[text.text for text in row.iter(f"{SVG}text")][-1] for row in rows]
    assert marks[0] == marks[1] == "…"
    (line,) = [
        path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("class") == "cut"
    ]
    assert line.startswith("M628 ") and line.count("M") == len(rows)
    assert "9 s" not in [text.text for text in texts(picture)]
    placed = texts(picture)
    assert overlapping(placed) == []


def test_a_record_without_later_tasks_says_so() -> None:
    trace = Trace(**{**vars(cut_record()), "steps_cut": None, "tasks_cut": 0.0})
    sentence = "Only the first 4 tasks are recorded; later ones are missing."
    sentences = narration.narrate(trace, "")
    assert sentences[-1].text == sentence
    assert (
        sentences[0].text
        == "`main()` starts. It creates `work()`, `quick()` and more and waits for `work()`."
    )
    assert sentence in [text.text for text in texts(drawn(trace))]
    assert sentence in page.render(trace, "")


def test_a_task_that_lets_others_go_first_is_ready_and_does_not_wait(programs: Recorded) -> None:
    rows = list(drawn(programs.trace("polite")).iter(f"{SVG}g"))
    kinds = [{path.get("class") for path in row.iter(f"{SVG}path")} for row in rows]
    assert kinds == [
        {"wait", "run", "good"},
        {"ready", "run", "good", "out"},
        {"ready", "run", "good", "out"},
    ]


def test_a_picture_that_stands_alone_follows_the_viewers_scheme_and_explains_its_marks(
    programs: Recorded,
) -> None:
    alone, inside = (
        timeline.draw(programs.trace("polite"), alone=True),
        timeline.draw(programs.trace("polite")),
    )
    assert "@media (prefers-color-scheme:dark)" in alone
    assert "runs · ─ waits" in alone
    assert "@media" not in inside
    variables = set(re.findall(r"var\((--ls-\w+)\)", inside))
    assert len(variables) >= 8
    assert all(f"{variable}: light-dark(#" in alone for variable in variables)
    assert "light-dark" not in inside


def test_a_picture_that_stands_alone_says_that_its_program_came_to_a_bad_end() -> None:
    trace = sleeps(1.0)
    ends = {
        "the program was ended by SIGKILL": replace(trace, exit="SIGKILL"),
        "the program ended with exit status 1: ValueError: x": replace(
            trace, exit=1, error="ValueError: x"
        ),
        "loopscope ended it: it ran out of time": replace(
            trace, exit=124, stopped="it ran out of time"
        ),
    }
    assert not any("ended" in str(text.text) for text in texts(drawn(trace)))
    for sentence, ended in ends.items():
        assert [text.text for text in texts(drawn(ended)) if "ended" in str(text.text)] == [
            sentence
        ]


def test_there_is_no_picture_without_tasks(programs: Recorded) -> None:
    assert timeline.draw(programs.trace("plain")) == timeline.draw(programs.trace("nobody")) == ""


def test_an_eager_task_is_drawn_inside_of_its_creators_step() -> None:
    """Made by hand: on a Python without eager tasks, others' records can be shown too."""
    steps = (
        Step(0.0, 0.4, "task", 1, None, 1, 5, Wait("task", "Task-2")),
        Step(0.1, 0.3, "task", 2, None, 1, 3, Wait("sleep", seconds=1), within=0),
        Step(1.3, 1.3, "task", 2, None, 3, None, None),
        Step(1.3, 1.3, "task", 1, None, 5, None, None),
    )
    tasks = (
        Task(1, "Task-1", "main", 9, None, 0.0, 1.3, "returned"),
        Task(2, "Task-2", "child", 4, 1, 0.1, 1.3, "returned"),
    )
    output = (
        Output(0.05, "stdout", 1, 2, "before\n", 0),
        Output(0.2, "stdout", 2, 2, "inside\n", 1),
        Output(0.35, "stdout", 1, 2, "after\n", 0),
    )
    trace = Trace("3.14", "x.py", "virtual", 1.3, 0, tasks=tasks, steps=steps, output=output)
    main, child = drawn(trace).iter(f"{SVG}g")
    bars = {
        row: [
            float(path.get("d", "")[1:].split()[0])
            for path in row.iter(f"{SVG}path")
            if path.get("class") == "blocked"
        ]
        for row in (main, child)
    }
    assert bars[child][0] > bars[main][0]
    marks = {
        path.findtext(f"{SVG}title"): float(path.get("d", "")[1:].split()[0])
        for path in drawn(trace).iter(f"{SVG}path")
        if path.get("class") == "out"
    }
    assert marks["prints before"] < marks["prints inside"] < marks["prints after"]
    sentences = [one.text for one in narration.narrate(trace, "")]
    assert sentences[0].startswith(
        "`main()` starts. It holds the loop for 0.200 s, creates `child()`"
    )
    assert sentences[1].startswith(
        "`child()` starts at once, inside `main()`. It holds the loop for 0.200 s"
    )
    assert "held the loop for 0.200 s" in transcript.summary(trace)


INSIDE: dict[str, Callable[[int], int | None]] = {
    "one after the other": lambda number: None,
    "all inside of the first": lambda number: 0 if number else None,
    "each inside of the one before": lambda number: number - 1 if number % 1000 else None,
}


@pytest.mark.parametrize("within", INSIDE.values(), ids=INSIDE)
def test_a_record_of_very_many_steps_is_shown_in_reasonable_time_and_size(
    within: Callable[[int], int | None],
) -> None:
    assert _cost_of_showing(10_000, within) < 9 * _cost_of_showing(2_500, within), (
        "four times as many steps cost more than nine times as much"
    )


def _cost_of_showing(count: int, within: Callable[[int], int | None]) -> float:
    """Seconds of CPU to show a record of so many steps in every way."""
    steps = tuple(
        Step(
            n / 100,
            n / 100,
            "task",
            n % 50 + 1,
            None,
            1,
            1,
            Wait("sleep", seconds=0.5),
            within=within(n),
        )
        for n in range(count)
    )
    tasks = tuple(Task(n + 1, f"Task-{n + 1}", "work", 1, None, 0.0) for n in range(50))
    output = tuple(Output(n / 100, "stdout", n % 50 + 1, 1, f"{n}\n", n) for n in range(count))
    trace = Trace(
        "3.11", "x.py", "virtual", count / 100, 0, tasks=tasks, steps=steps, output=output
    )
    began = time.process_time()
    picture = timeline.draw(trace)
    sentences = narration.narrate(trace, "line")
    html = page.render(trace, "line")
    transcript.summary(trace)
    spent = time.process_time() - began
    assert len(picture) < 200_000
    assert len(sentences) == count
    assert len(html) < 5_000_000
    return spent


# In words


def test_every_step_is_told_in_words(programs: Recorded) -> None:
    trace = programs.trace("everything")
    sentences = [
        one.text for one in narration.narrate(trace, "\n".join(programs.source("everything")))
    ]
    assert sentences == [
        "`main()` starts. It creates 4 tasks and waits for quick one at `await quick`.",
        "quick one (`fetch()`) starts. It prints `quick <begins>` and waits for 0.4 s to pass at `await asyncio.sleep(seconds)`.",
        "Task-2 (`fetch()`) starts. It prints `slow <begins>` and waits for 30 s to pass at `await asyncio.sleep(seconds)`.",
        "`fail()` starts. It waits for 0.5 s to pass at `await asyncio.sleep(0.5)`.",
        "`forever()` starts. It waits for Event at `await asyncio.Event().wait()`.",
        "The timer `tick` runs. It prints `tick`.",
        "quick one resumes at `await asyncio.sleep(seconds)`: its sleep is over. It makes `main()` ready and returns.",
        "`main()` resumes at `await quick`: quick one is done. It holds the loop for 0.250 s, prints `after the block`, makes Task-2 (`fetch()`) ready with CancelledError"
        " and waits for gather(Task-2, `fail()`) at `await asyncio.gather(slow, failing, return_exceptions=True)`.",
        "Task-2 (`fetch()`) resumes at `await asyncio.sleep(seconds)`, where CancelledError is raised. It ends, cancelled.",
        "`fail()` resumes at `await asyncio.sleep(0.5)`: its sleep is over. It ends with ValueError.",
        "`main()` resumes at `await asyncio.gather(slow, failing, return_exceptions=True)`: its gather() is done."
        " It lets the others have a turn at `await asyncio.sleep(0)`.",
        "`main()` resumes at `await asyncio.sleep(0)`: it's its turn again. It is still running when the record ends.",
    ]
    covered = [index for one in narration.narrate(trace, "") for index in one.steps]
    assert covered == sorted(covered)


def test_the_transcript_has_a_line_a_task(programs: Recorded) -> None:
    lines = transcript.summary(programs.trace("everything")).splitlines()
    assert lines[:5] == [
        "Task-1     main     0.000 → 0.650 s  … still pending       4 steps, held the loop for 0.250 s",
        "quick one  fetch    0.000 → 0.400 s  ✓ returned            2 steps",
        "Task-2     fetch    0.000 → 0.650 s  ⊘ cancelled           2 steps",
        "Task-3     fail     0.000 → 0.650 s  ✗ failed: ValueError  2 steps",
        "Task-4     forever  0.000 → 0.650 s  … still pending       1 step, waits for Event at line 13",
    ]
    assert lines[5].startswith("everything.py: exit 0 after 0.650 s (virtual clock, Python 3")
    assert (
        lines[6]
        == "everything.py: it ended itself without the interpreter's clean-up (os._exit(0))"
    )


def test_lines_keep_the_time_of_their_beginning_and_the_streams_apart() -> None:
    pieces = [("stdout", "a"), ("stdout", "b\nc"), ("stderr", "!\n"), ("stdout", "d\n")]
    output = tuple(Output(float(n), stream, n, n, text) for n, (stream, text) in enumerate(pieces))
    trace = Trace("3.11", "x.py", "virtual", 4.0, 0, output=output)
    assert [
        (line.time, line.stream, line.text) for line in TraceIndex.for_trace(trace).output.lines
    ] == [
        (0.0, "stdout", "ab\n"),
        (1.0, "stdout", "c"),
        (2.0, "stderr", "!\n"),
        (3.0, "stdout", "d\n"),
    ]


def test_the_page_holds_source_output_picture_and_words(programs: Recorded) -> None:
    trace = programs.trace("everything")
    html = page.render(trace, "\n".join(programs.source("everything")))
    for part in (
        "quick &lt;begins&gt;",
        "await asyncio.sleep(seconds)",
        "<svg",
        "<li><b>0.400 s</b>",
        "Task-4     forever",
    ):
        assert part in html
    assert "no loop at all" in page.render(programs.trace("plain"), "x")


# JSON


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_a_trace_survives_json(programs: Recorded, name: str) -> None:
    trace = programs.trace(name)
    text = trace.to_json()
    assert Trace.from_json(text) == trace
    assert Trace.from_json(text).to_json() == text
    assert "\n" not in text


@pytest.mark.parametrize(
    "rubbish",
    [
        *(
            "",
            "rubbish",
            "null",
            "[]",
            "5",
            "{",
            "[" * 100_000,
            f'{{"format":{FORMAT_VERSION}}}',
            '{"format":"1"}',
            '{"format":[1]}',
        ),
        *(
            f'{{"format":{FORMAT_VERSION},"tasks":5}}',
            f'{{"format":{FORMAT_VERSION},"tasks":[],"steps":[],"output":[],"notes":[]}}',
        ),
    ],
)
def test_rubbish_is_no_trace(rubbish: str) -> None:
    with pytest.raises(ValueError, match="not a loopscope trace"):
        Trace.from_json(rubbish)


@pytest.mark.parametrize("version", [None, 0, 1, FORMAT_VERSION + 1, 10**30])
def test_a_record_of_another_format_is_refused_by_saying_so(
    programs: Recorded, version: int | None
) -> None:
    data = json.loads(programs.trace("plain").to_json())
    assert data.pop("format") == FORMAT_VERSION
    if version is not None:
        data["format"] = version
    with pytest.raises(
        ValueError,
        match=f"^this record has format {version or 0}; this loopscope reads {FORMAT_VERSION}$",
    ):
        Trace.from_json(json.dumps(data))


@pytest.mark.parametrize(
    "change",
    [
        ("tasks", [[1, 2]]),
        ("format", True),
        ("steps", [1]),
        ("output", [None]),
        ("notes", 5),
        ("unknown", 1),
        ("duration", "long"),
        ("exit", None),
        ("steps_cut", "soon"),
        ("tasks_cut", True),
    ],
)
def test_a_spoilt_trace_is_no_trace(programs: Recorded, change: tuple[str, object]) -> None:
    data = json.loads(programs.trace("plain").to_json()) | dict([change])
    with pytest.raises(ValueError, match="not a loopscope trace"):
        Trace.from_json(json.dumps(data))
