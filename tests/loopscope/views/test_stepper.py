"""The stepper in a real browser: what it shows at each step is what the record says."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT
from playwright.sync_api import Browser, Locator, Page, Route

from loopscope import Output, Step, Task, Trace
from loopscope.views.moments import End, Event, Line, Sleep, Start, State, Stop, states
from loopscope.views.replay import to_json
from sitebuild.content.examples import ExampleError
from sitebuild.rendering import stepper_data

pytestmark = pytest.mark.browser

CHOSEN = [
    "coroutines/await_coroutine",
    "coroutines/counters",
    "coroutines/run_ends",
    "coroutines/two_runs",
    "start/every_state",
    "start/hello",
    "tasks/callback_later",
    "tasks/cancel_is_a_request",
    "tasks/error_ends_the_group",
    "tasks/error_never_seen",
    "tasks/nobody_waits",
    "tasks/one_more_turn",
    "tasks/starts_at_the_call",
]

SEEN = """element => {
    const texts = selector => [...element.querySelectorAll(selector)].map(found => found.textContent);
    const lines = selector => [...element.querySelectorAll(selector)].map(line => Number(line.dataset.line));
    const rows = name => texts(`.stepper-${name} dd`);
    return {
        time: texts('.stepper-at')[0],
        who: texts('.stepper-who')[0],
        text: texts('.stepper-text')[0],
        next: lines('.stepper-source .next'),
        ran: lines('.stepper-source .ran'),
        marks: [...element.querySelectorAll('.stepper-source b > i')].map(mark => [
            mark.title, Number(mark.closest('[data-line]').dataset.line)]),
        runs: rows('runs'), ready: rows('ready'), waits: rows('waits'), ended: rows('ended'),
        timers: rows('timers'),
        values: texts('.stepper-values div'), changed: texts('.stepper-values .new'),
        chain: texts('.stepper-values h6'),
        output: texts('[data-out]:not([hidden])').join(''),
        news: texts('[data-out].new'),
        head: element.querySelector('.playhead')?.getAttribute('d') ?? '',
        focus: document.activeElement.closest('loop-stepper') === element,
        count: texts('.stepper-count')[0],
    };
}"""

EVENTS = {"start": Start, "line": Line, "stop": Stop, "sleep": Sleep, "end": End}


def moments_of(record: dict[str, Any]) -> list[tuple[Event, State, int]]:
    """Each event of a record that is told of, the state after it, and its turn. Of asyncio's own steps
    that is only the end of those that make a task ready.
    """
    events = [EVENTS[kind](*values) for kind, *values in record["events"]]
    found: list[tuple[Event, State, int]] = []
    turns = 0
    running: list[Start] = []
    turn_of: dict[int, int] = {}
    for event, state in zip(events, states(events), strict=True):
        if isinstance(event, Start):
            running.append(event)
            turns += not event.internal
            turn_of[id(event)] = turns
        step = running[-1] if running else None
        if step is None or not step.internal or (isinstance(event, Stop) and event.text):
            turn = turns if step is None else turn_of[id(step)]
            found.append((event, state, turn + isinstance(event, End)))
        if isinstance(event, Stop):
            running.pop()
    return found


def without_lines(record: dict[str, Any]) -> dict[str, Any]:
    """The record of a run whose lines are not known."""
    rows: list[list[Any]] = []
    printed: int | None = None  # by lines whose rows are left out
    for row in record["events"]:
        if row[0] == "line":
            printed = row[3] if len(row) > 3 and row[3] is not None else printed
            continue
        kept = row[:13]  # then come the call and its variables
        if row[0] == "stop" and printed is not None:
            kept += [None, None, None][: max(0, 8 - len(kept))]
            kept[7] = printed if kept[7] is None else kept[7]
            printed = None
        rows.append(kept)
    return {**record, "events": rows, "frames": []}


def strip_lines(route: Route) -> None:
    response = route.fetch()
    record = json.loads(response.text())
    route.fulfill(response=response, json=without_lines(record) if "events" in record else record)


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on which runs have no lines, unless the test is of those with lines."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    if "lines" not in request.fixturenames or not request.getfixturevalue("lines"):
        page.route("**/examples/**/*.json", strip_lines)
    page.errors = []
    page.on(
        "console",
        lambda message: page.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    assert page.errors == []
    context.close()


def opened(page: Page, address: str, name: str) -> Locator:
    page.goto(f"{address}examples/{name}/")
    stepper = page.locator("loop-stepper")
    stepper.get_by_role("button", name="Step through it").click()
    stepper.locator(".stepper").wait_for()
    return stepper


def plain(text: str) -> str:
    return text.replace("`", "")


@pytest.mark.parametrize(
    ("name", "lines"),
    [*((name, False) for name in CHOSEN), *((name, True) for name in CHOSEN[1:8:2])],
)
def test_each_moment_shows_what_the_record_says_and_the_last_all_of_the_output(
    name: str, lines: bool, page: Page, address: str, site: Path
) -> None:
    record = json.loads((site / f"examples/{name}.json").read_text(encoding="utf-8"))
    record = record if lines else without_lines(record)
    moments = moments_of(record)
    turns = max(turn for event, _, turn in moments if isinstance(event, Start))
    shown_lines = {number for number, _ in record["source"]}
    names = [plain(label) for label in record["labels"]]

    def name_of(entry: int | str) -> str:
        return names[entry - 1] if isinstance(entry, int) else entry

    own = re.compile(r"timer of |(.*\.)?_\w*$")
    stepper = opened(page, address, name)
    begun: set[int | str] = set()
    for event, state, turn in moments:
        seen = stepper.evaluate(SEEN)
        assert seen["count"] == ("the end" if turn > turns else f"turn {turn} of {turns}")
        assert seen["time"] == f"{state.at:.3f} s"
        said = plain(state.text)
        if isinstance(event, Line):
            woken = [name_of(entry) for entry in event.woken if isinstance(entry, int)]
            said = f"{' and '.join(woken)} became ready." if woken else ""
        assert seen["text"] == said
        running = state.running[-1] if state.running else None
        if running is not None:
            goes_on = isinstance(event, Start) and running.who in begun
            begun.add(running.who)
            comes = "goes on" if goes_on else "is next"
            line = f" Line {running.line} {comes}." if running.line else ""
            assert seen["who"] == f"{name_of(running.who)} runs.{line}"
            assert seen["next"] == [line for line in [running.line] if line in shown_lines]
        else:
            does = (
                "has something of its own to do"
                if all(own.match(str(entry)) for entry in state.ready)
                else "picks the next"
            )
            picks = f"Nobody runs: the loop {does}." if state.ready else "Nobody runs."
            assert seen["who"] == ("" if isinstance(event, End) else picks)
            assert seen["next"] == []
        waits = [
            [f"{name_of(task)} waits here", wait.line]
            for task, wait in state.waiting
            if wait.line in shown_lines
        ]
        runs = [
            [f"{name_of(one.who)} runs", one.line]
            for one in state.running
            if one.line in shown_lines
        ]
        assert sorted(seen["marks"]) == sorted(waits + runs)
        assert [entry.split(" has called")[0] for entry in seen["runs"]] == (
            [name_of(one.who) for one in reversed(state.running)] or ["nobody"]
        )
        # asyncio's own callbacks are shown with its own steps only
        queue = [name_of(entry) for entry in state.ready if not own.match(str(entry))]
        rest = len(state.ready) - len(queue)
        wanted = [f"{place}. {entry}" for place, entry in enumerate(queue, 1)]
        wanted += [f"{rest} callback{'s' * (rest > 1)} of asyncio's own"] * bool(rest)
        assert seen["ready"] == (wanted or ["nobody"])
        due = {who: time for time, who in reversed(state.timers)}
        wanted = []
        for task, wait in state.waiting:
            left = due.get(task, 0) - state.at
            time = f" ({left:.3f} s left)" if left > 0 else " (due)"
            what = plain(wait.what or "something")
            wanted.append(f"{name_of(task)} for {what}{time if task in due else ''}")
        waits_seen = seen["waits"]  # below each, its variables are folded
        assert len(waits_seen) == max(1, len(wanted))
        for shown, entry in zip(waits_seen, wanted or ["nobody"], strict=True):
            assert shown.startswith(entry) if lines else shown == entry
        assert seen["ended"] == (
            [f"{name_of(task)} {how}" for task, how in state.ended] or ["nobody"]
        )
        assert seen["output"].count("\n") == state.printed
        if isinstance(event, Line):
            assert seen["head"]
        elif state.x is not None:
            assert seen["head"].startswith(f"M{state.x:g} ")
        else:
            assert bool(seen["head"]) == isinstance(event, End)
        assert seen["focus"], "the focus went away"
        page.keyboard.press("ArrowRight")
    out = next(
        path
        for path in [
            ROOT / f"examples/{name}.{sys.version_info[0]}.{sys.version_info[1]}.out",
            ROOT / f"examples/{name}.out",
        ]
        if path.exists()
    )
    wanted = out.read_text(encoding="utf-8")
    got = stepper.evaluate(SEEN)["output"]
    assert got == wanted, "at the last moment the whole output is there"


def test_keys_buttons_slider_and_clicks_go_where_they_say(page: Page, address: str) -> None:
    stepper = opened(page, address, "tasks/one_more_turn")

    def at() -> tuple[str, str]:
        seen = stepper.evaluate(SEEN)
        return seen["count"], seen["who"].rpartition(" runs. ")[0]

    turns = int(stepper.evaluate(SEEN)["count"].split(" of ")[1])

    def turn(number: int) -> str:
        return f"turn {number} of {turns}"

    assert at() == (turn(1), "main()")
    for keys, place in (
        ("End", ("the end", "")),
        ("Shift+ArrowRight", ("the end", "")),
        ("Home", (turn(1), "main()")),
        ("ArrowLeft", (turn(1), "main()")),
        ("Shift+ArrowLeft", (turn(1), "main()")),
        ("ArrowRight", (turn(1), "")),
        ("ArrowRight", (turn(2), at()[1])),
    ):
        page.keyboard.press(keys)
        assert at()[0] == place[0], keys
    page.keyboard.press("Shift+ArrowRight")
    assert at()[0] == turn(3) and at()[1]
    page.keyboard.press("ArrowRight")
    assert at() == (turn(3), "")
    page.keyboard.press("Shift+ArrowLeft")
    assert at()[0] == turn(3) and at()[1], "the start of the turn that has just stopped"
    page.keyboard.press("Shift+ArrowLeft")
    assert at()[0] == turn(2) and at()[1]
    for name, place in (
        ("To the start", turn(1)),
        ("Next turn", turn(2)),
        ("Next", turn(2)),
        ("Back", turn(2)),
        ("Back", turn(1)),
    ):
        stepper.get_by_role("button", name=name, exact=True).click()
        assert at()[0] == place
    stepper.get_by_role("slider").fill("4")
    assert at()[0] == turn(4) and at()[1]
    page.keyboard.press("ArrowRight")
    assert at()[0] == turn(5), "on the slider, an arrow key is the slider's"
    page.keyboard.press("End")
    stepper.locator("[data-out='0']").click()
    assert at() == (turn(1), "")
    line = stepper.locator("[data-line]", has_text='print(f"{label}')
    page.keyboard.press("Home")
    line.click()
    printed = [stepper.evaluate(SEEN)["news"]]
    line.click()
    printed.append(stepper.evaluate(SEEN)["news"])
    assert all(printed) and printed[0] != printed[1], "from one turn that prints there to the next"
    picture = stepper.locator(".stepper-picture svg")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.99, "y": box["height"] - 5})
    assert at()[0] in (turn(turns), "the end")
    picture.click(position={"x": 2, "y": box["height"] - 5})
    assert at() == (turn(1), "main()")


def test_it_plays_and_pauses_at_several_speeds(page: Page, address: str) -> None:
    stepper = opened(page, address, "start/hello")
    stepper.get_by_role("button", name="More").click()
    stepper.get_by_label("Speed").select_option("fast")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowRight")
    stepper.locator(".stepper-source").click()
    page.keyboard.press(" ")
    assert stepper.get_by_role("button", name="Pause").count() == 1
    stepper.locator(".stepper-count", has_text="the end").wait_for(timeout=10_000)
    stepper.get_by_role("button", name="Play").wait_for()
    stepper.get_by_role("button", name="Play").click()  # at the end it begins again
    assert stepper.evaluate(SEEN)["count"].startswith("turn 1 of ")
    stepper.get_by_role("button", name="Pause").click()
    assert stepper.get_by_role("button", name="Play").count() == 1


def test_asyncio_s_own_steps_can_be_unfolded(page: Page, address: str) -> None:
    stepper = opened(page, address, "start/hello")
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    asleep = stepper.evaluate(SEEN)
    assert asleep["text"].startswith("Nothing is ready. The loop waits until ")
    stepper.get_by_role("button", name="More").click()
    stepper.get_by_label("asyncio's own steps").check()
    assert stepper.evaluate(SEEN) == asleep
    stepper.locator(".stepper-now").click()
    stepper.get_by_role("button", name="Next", exact=True).click()
    seen = stepper.evaluate(SEEN)
    assert seen["text"] == "asyncio's own callback _set_result_unless_cancelled runs."
    assert seen["count"] == asleep["count"], "turns are the program's"
    page.keyboard.press("ArrowRight")
    ready = "main() becomes ready: its sleep is over."
    assert stepper.evaluate(SEEN)["text"] == ready
    page.keyboard.press("ArrowLeft")
    stepper.get_by_role("button", name="More").click()
    stepper.get_by_label("asyncio's own steps").uncheck()
    assert stepper.evaluate(SEEN)["text"] == ready, "the next moment that is still shown"


def test_an_address_opens_at_a_moment_and_the_link_to_it_can_be_copied(
    page: Page, address: str
) -> None:
    place = f"{address}examples/tasks/one_more_turn/"
    page.goto(f"{place}#step=7")
    stepper = page.locator("loop-stepper")
    stepper.locator(".stepper").wait_for()
    seen = stepper.evaluate(SEEN)
    assert seen["count"].startswith("turn 7 of ") and seen["who"].startswith("Nobody runs")
    turns = int(seen["count"].split(" of ")[1])
    page.keyboard.press("ArrowRight")
    stepper.get_by_role("button", name="More").click()
    stepper.get_by_role("button", name="Copy link").click()
    stepper.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{place}#step=8.0"
    stepper.get_by_role("button", name="Copy link").wait_for()
    page.keyboard.press("Escape")
    for asked in ("8", "1.0", "2.0", str(turns), str(turns + 1)):
        page.evaluate("step => { location.hash = step }", f"#step={asked}")
        page.wait_for_timeout(50)
        stepper.locator("[data-do=link]").evaluate("button => button.click()")
        page.wait_for_timeout(50)
        assert page.evaluate("navigator.clipboard.readText()") == f"{place}#step={asked}"
    assert stepper.evaluate(SEEN)["count"] == "the end"
    page.evaluate("location.hash = '#step=3.9'")  # without lines there is no such moment
    stepper.locator(".stepper-count", has_text="turn 3 of").wait_for()
    page.goto(f"{address}tasks/when-main-ends/#step=tasks/main_waits:2")
    found = page.locator("loop-stepper[data-example='tasks/main_waits']")
    found.locator(".stepper").wait_for()
    assert found.evaluate(SEEN)["count"].startswith("turn 2 of ")
    others = "loop-stepper:not([data-step])"  # that has one opens by itself where it is seen
    assert page.locator(f"{others} .stepper").count() == 1


def test_it_is_used_and_closed_by_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}examples/tasks/one_more_turn/")
    stepper = page.locator("loop-stepper")
    stepper.get_by_role("button", name="Step through it").focus()
    page.keyboard.press("Enter")
    stepper.locator(".stepper").wait_for()
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "Next ▶"
    page.keyboard.press("Enter")
    assert stepper.evaluate(SEEN)["who"].startswith("Nobody runs")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "More", "the menu is closed first"
    page.keyboard.press("Escape")
    assert stepper.locator(".stepper").count() == 0
    assert page.locator(".run > .run-picture").is_visible()
    assert page.evaluate(focused) == "Step through it"
    page.keyboard.press("Enter")
    stepper.locator(".stepper").wait_for()
    stepper.get_by_role("button", name="Close").click()
    assert page.evaluate(focused) == "Step through it"


@pytest.mark.parametrize("how", ["load", "hash", "instant"])
def test_an_address_of_a_step_opens_the_folds_around_its_stepper_and_scrolls_there(
    page: Page, address: str, how: str
) -> None:
    place, step = f"{address}tasks/when-main-ends/", "#step=tasks/main_waits:2"
    panel = '<div class="run" data-example="tasks/main_waits" data-shows="output">'

    def fold_once_more(route: Route) -> None:
        response = route.fetch()
        html, count = re.subn(
            f"(?s){panel}.*?</div>\n", r"<details>\g<0></details>", response.text()
        )
        assert count == 1
        route.fulfill(response=response, body=html)

    page.route(place, fold_once_more)
    if how == "load":
        page.goto(place + step)
    else:
        page.goto(place if how == "hash" else address)
        page.wait_for_timeout(300)
        page.evaluate("window.here = true")
    if how == "hash":
        page.evaluate("step => { location.hash = step }", step)
    if how == "instant":
        link = page.locator("article a[href$='tasks/when-main-ends/']").first.element_handle()
        link.evaluate("(link, step) => { link.href += step }", step)
        link.click()
    stepper = page.locator("loop-stepper[data-example='tasks/main_waits']")
    stepper.locator(".stepper").wait_for()
    assert how == "load" or page.evaluate("window.here"), "the page was loaded anew"
    stepper.locator(".stepper-count", has_text="turn 2 of ").wait_for()
    opened = page.locator("details[open]:not(.run-legend)")
    assert opened.count() == 2, "others are to stay closed"
    page.wait_for_timeout(300)
    top = stepper.evaluate("stepper => stepper.getBoundingClientRect().top")
    assert 0 <= top < 450, "it is not scrolled to"


def test_it_works_after_instant_navigation(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_timeout(300)
    page.evaluate("window.here = true")
    page.locator("article a[href$='tasks/when-main-ends/']").first.click()
    page.wait_for_url("**/tasks/when-main-ends/")
    stepper = page.locator("loop-stepper[data-example='tasks/main_waits']")
    stepper.locator("button").wait_for(state="attached")
    assert page.evaluate("window.here"), "the page was loaded anew, so this proves nothing"
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    stepper.locator("button").click()
    stepper.locator(".stepper").wait_for()


def test_it_prints_the_picture_and_not_the_stepper(page: Page, address: str) -> None:
    opened(page, address, "tasks/one_more_turn")
    assert not page.locator(".run > .run-picture").is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".stepper").is_visible()
    assert page.locator(".run > .run-picture").is_visible()


def test_without_javascript_the_example_s_page_tells_the_run_in_words(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}examples/tasks/one_more_turn/")
    assert page.locator("loop-stepper").inner_text() == ""
    assert page.locator(".run-picture svg").is_visible()
    page.locator("details summary", has_text="The run in words").click()
    assert (page.locator("table.turns tbody tr").first.inner_text().split("\t")) == [
        "1",
        "0.000 s",
        "main() starts.",
        page.locator("table.turns td").nth(3).inner_text(),
    ]
    assert page.locator("table.turns td").nth(3).inner_text().startswith("It creates count()")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "where",
    [
        "examples/start/every_state/",
        "examples/tasks/error_never_seen/",
        "embed/tasks/one_more_turn/",
    ],
)
def test_the_open_stepper_is_accessible_and_fits(
    browser: Browser, address: str, where: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}{where}#step=3")
    page.locator(".stepper").wait_for()
    page.wait_for_timeout(200)
    found = (
        Axe()
        .run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        .response["violations"]
    )
    assert [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3]) for fault in found
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_an_embed_works_in_a_frame_of_another_origin(
    page: Page, address: str, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(
        f'<title>course</title><iframe src="{address}embed/tasks/one_more_turn/" width="900" height="900"></iframe>'
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))
    ) as other:
        (tmp_path / "favicon.ico").touch()
        threading.Thread(target=other.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{other.server_port}/")
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Step through it").click()
        frame.locator(".stepper").wait_for()
        frame.get_by_role("button", name="Next turn").press("End")
        assert "The program ends with exit status 0." in frame.locator(".stepper-now").inner_text()
        assert (
            frame.get_by_role("link", name="Awaited").get_attribute("href")
            == "/examples/tasks/one_more_turn/"
        )
        assert "CC BY 4.0" in frame.locator("main").inner_text()
        other.shutdown()


def test_a_record_that_cannot_be_fetched_is_said(browser: Browser, address: str) -> None:
    with contextlib.closing(browser.new_page()) as page:
        page.route("**/one_more_turn.json", lambda route: route.abort())
        page.goto(f"{address}examples/tasks/one_more_turn/")
        page.get_by_role("button", name="Step through it").click()
        assert "could not be fetched" in page.get_by_role("alert").inner_text()


PROGRAM = """\
import asyncio


async def background() -> None:
    await asyncio.sleep(1)
    print("in the background")


async def main() -> None:
    task = asyncio.create_task(background())
    await asyncio.sleep(0.5)
    print("</script><b>")
    await task


asyncio.run(main())
"""


def test_the_command_s_html_file_holds_the_same_stepper(page: Page, tmp_path: Path) -> None:
    program = tmp_path / "mine.py"
    # not one of the examples: nothing keeps it from the machine here
    program.write_text(PROGRAM, encoding="utf-8")
    file = tmp_path / "run.html"
    command = [
        sys.executable,
        "-m",
        "loopscope",
        "--clock",
        "virtual",
        "--format",
        "html",
        "-o",
        str(file),
        str(program),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.get_by_role("button", name="Step through it").click()
    stepper = page.locator("loop-stepper")
    assert stepper.evaluate(SEEN)["count"].startswith("turn 1 of ")
    page.keyboard.press("End")
    assert "</script><b>\nin the background\n" in stepper.evaluate(SEEN)["output"]
    assert asked == [file.as_uri()]


def test_the_records_are_light(site: Path) -> None:
    import gzip

    sizes = {
        path.stem: len(gzip.compress(path.read_bytes()))
        for path in (site / "examples").glob("*/*.json")
    }
    assert len(sizes) > 30 and max(sizes.values()) <= 21_000, sizes


def test_a_page_may_have_a_stepper_open_at_the_step_that_decides(page: Page, address: str) -> None:
    asked = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url) if request.url.endswith("nobody_waits.json") else None
        ),
    )
    page.goto(f"{address}tasks/when-main-ends/")
    stepper = page.locator("loop-stepper[data-example='tasks/nobody_waits']")
    page.wait_for_load_state("networkidle")
    assert stepper.locator(".stepper").count() == 0 and not asked, "it gives the answer away"
    page.locator("details.question").filter(has=stepper).locator("summary").first.click()
    stepper.scroll_into_view_if_needed()
    stepper.locator(".stepper").wait_for()
    seen = stepper.evaluate(SEEN)
    assert seen["text"].endswith("ends, cancelled.") and not seen["focus"]
    assert len(asked) == 1


def test_it_opens_once_however_often_it_is_asked_to_meanwhile(page: Page, address: str) -> None:
    page.goto(f"{address}tasks/when-main-ends/")
    stepper = page.locator("loop-stepper").first
    stepper.evaluate(
        "element => Promise.all([element.open(), element.open('2'), element.open('3')])"
    )
    assert stepper.locator(".stepper").count() == 1
    assert (stepper.locator(".stepper-count").text_content() or "").startswith("turn 3 of ")


def test_a_step_that_is_not_there_is_named(traces: dict, every: dict) -> None:
    name = "tasks/nobody_waits"
    with pytest.raises(ExampleError, match="no step of it says or prints 'something else'"):
        stepper_data.step_of(every[name], traces[name], "something else")


OPENED = [
    (name, text)
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for name, text in re.findall(
        r'show\("([\w/]+)"[^)]*step="([^"]+)"', page.read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize(("name", "text"), OPENED)
def test_where_a_lesson_s_stepper_opens_its_turn_has_said_or_printed_the_text(
    name: str, text: str, traces: dict, every: dict
) -> None:
    record = to_json(traces[name], every[name].source)
    moments = moments_of(record)
    number = stepper_data.step_of(every[name], traces[name], text)
    own = [place for place, (_, _, turn) in enumerate(moments) if turn == number]
    before = moments[own[0] - 1][1].printed if own[0] else 0
    lines = [line for *_, line in record["output"][before : moments[own[-1]][1].printed]]
    said = [plain(moments[place][1].text) for place in own]
    assert any(text in line for line in (*lines, *said))


def test_a_turn_is_found_by_what_it_says_or_prints_and_the_end_by_what_is_printed_there(
    every: dict,
) -> None:
    tasks = (
        Task(1, "Task-1", "main", 9, None, 0.0, 0.9, "returned"),
        Task(2, "Task-2", "child", 5, 1, 0.0, 0.5, "returned"),
    )
    steps = (
        Step(0.0, 0.4, "task", 1, None, 4, 6, None),
        Step(0.2, 0.3, "task", 2, None, 1, None, None, within=0),  # eagerly, inside main()'s
        Step(0.6, 0.7, "task", 1, None, 6, None, None),
    )
    output = tuple(
        Output(time, "stdout", None, None, f"{text}\n", step)
        for time, text, step in (
            (0.1, "outer", 0),
            (0.2, "inner", 1),
            (0.4, "outer again", 0),
            (0.65, "last", 2),
            (0.9, "late", None),
        )
    )
    trace = Trace("3.14", "x.py", "virtual", 1.0, 0, tasks=tasks, steps=steps, output=output)
    example = every["start/hello"]
    found = {
        text: stepper_data.step_of(example, trace, text)
        for text in ("outer", "inner", "outer again", "resumes", "last", "late")
    }
    assert found == {
        "outer": 1,
        "inner": 2,
        "outer again": 1,
        "resumes": 3,
        "last": 3,
        "late": 4,
    }
