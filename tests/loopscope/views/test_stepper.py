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

import pytest
from paths import ROOT
from playwright.sync_api import Browser, Locator, Page, Route

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

SEEN = """element => ({
    at: element.at,
    now: element.querySelector('.stepper-now').textContent,
    lit: [...element.querySelectorAll('.stepper-source .lit')].map(line => Number(line.dataset.line)),
    marks: [...element.querySelectorAll('.stepper-source .task')].map(
        mark => [mark.textContent, Number(mark.closest('[data-line]').dataset.line), mark.title.split(' ').slice(-2).join(' ')]),
    loop: [...element.querySelectorAll('.stepper-loop dd')].map(cell => cell.innerText.split('\\n')),
    output: [...element.querySelectorAll('[data-out]')].filter(line => !line.hidden).map(line => line.textContent).join(''),
    head: element.querySelector('.playhead')?.getAttribute('d') ?? '',
    focus: document.activeElement.closest('loop-stepper') === element,
    count: element.querySelector('.stepper-count').textContent,
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
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


@pytest.mark.parametrize("name", CHOSEN)
def test_each_step_shows_what_the_record_says_and_the_last_all_of_the_output(
    name: str, page: Page, address: str, site: Path
) -> None:
    record = json.loads((site / f"examples/{name}.json").read_text(encoding="utf-8"))
    moments = [moment for moment in record["moments"] if not moment["internal"]]
    shown_lines = {number for number, _ in record["source"]}
    names = [task[0] for task in record["tasks"]]
    labels = [f"{task}{coroutine}" for task, coroutine in record["tasks"]]
    stepper = opened(page, address, name)
    for place, moment in enumerate(moments, 1):
        seen = stepper.evaluate(SEEN)
        assert seen["count"] == f"{place} / {len(moments)}"
        assert seen["now"] == f"{moment['time']:.3f} s {plain(moment['cause'] + moment['text'])}"
        assert seen["lit"] == [line for line in [moment["line"]] if line in shown_lines]
        runs = (
            [[names[moment["running"] - 1], moment["line"], "runs"]]
            if moment["running"] and moment["line"] in shown_lines
            else []
        )
        waits = [
            [names[task - 1], line, "waits here"]
            for task, line in moment["suspended"]
            if line in shown_lines
        ]
        assert sorted(
            [
                name,
                line,
                what.removeprefix(what.split(" ")[0] + " ") if what.endswith(" runs") else what,
            ]
            for name, line, what in seen["marks"]
        ) == sorted(runs + waits)
        running, ready, waiting, finished = seen["loop"]
        assert (
            running[0].startswith(names[moment["running"] - 1])
            if moment["running"]
            else running == ["nobody"]
        )
        # asyncio's own callbacks are shown with its own steps only
        own = re.compile(r"timer of |(.*\.)?_\w*$")
        wanted = [
            labels[entry - 1] if isinstance(entry, int) else entry
            for entry in moment["ready"]
            if not own.match(str(entry))
        ]
        assert ready == (wanted or ["nobody"])
        for (task, what, left), entry in zip(moment["waiting"], waiting, strict=False):
            assert entry.startswith(names[task - 1]) and f"for {what or 'something'}" in entry
            assert left is None or (f"({left:.3f} s left)" if left > 0 else "(due)") in entry
        assert len(waiting) == max(1, len(moment["waiting"]))
        assert finished == (
            [f"{labels[task - 1]} {how}" for task, how in moment["finished"]] or ["nobody"]
        )
        assert seen["output"].count("\n") == moment["lines_printed"]
        assert (
            seen["head"].startswith(f"M{moment['x']:g} ")
            if moment["x"] is not None
            else seen["head"] == ""
        )
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
    assert got == wanted, "at the last step the whole output is there"


def test_keys_buttons_slider_and_clicks_go_where_they_say(page: Page, address: str) -> None:
    stepper = opened(page, address, "tasks/one_more_turn")
    last = int(stepper.evaluate(SEEN)["count"].split(" / ")[1])

    def at() -> int:
        return int(stepper.evaluate(SEEN)["count"].split(" / ")[0])

    page.keyboard.press("End")
    assert at() == last
    page.keyboard.press("ArrowLeft")
    assert at() == last - 1
    page.keyboard.press("Home")
    assert at() == 1
    page.keyboard.press("ArrowLeft")
    assert at() == 1
    for name, place in (
        ("Step forward", 2),
        ("Last step", last),
        ("Step back", last - 1),
        ("First step", 1),
    ):
        stepper.get_by_role("button", name=name).click()
        assert at() == place
    stepper.get_by_role("slider").fill("4")
    assert at() == 4
    stepper.locator("[data-out='0']").click()
    assert at() == 1
    page.keyboard.press("End")
    stepper.locator("[data-out='6']").click()
    assert "main() returns" in stepper.evaluate(SEEN)["now"]
    # The line that prints: from one step to the next that prints there, and round again.
    line = stepper.locator("[data-line]", has_text='print(f"{label}')
    page.keyboard.press("Home")
    line.click()
    assert at() == 2
    picture = stepper.locator(".stepper-picture svg")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.99, "y": box["height"] - 5})
    assert at() == last - 1
    picture.click(position={"x": 2, "y": box["height"] - 5})
    assert at() == 1


def test_it_plays_and_pauses_at_several_speeds(page: Page, address: str) -> None:
    stepper = opened(page, address, "start/hello")
    stepper.get_by_label("Speed").select_option("fast")
    stepper.locator(".stepper-now").focus()
    page.keyboard.press(" ")
    assert stepper.get_by_role("button", name="Pause").count() == 1
    stepper.locator(".stepper-count", has_text="3 / 3").wait_for(timeout=5_000)
    stepper.get_by_role("button", name="Play").wait_for()
    stepper.get_by_label("Speed").select_option("slow")
    stepper.get_by_role("button", name="Play").click()  # at the end it begins again
    assert stepper.evaluate(SEEN)["count"] == "1 / 3"
    stepper.get_by_role("button", name="Pause").click()
    assert stepper.get_by_role("button", name="Play").count() == 1


def test_asyncio_s_own_steps_can_be_unfolded(page: Page, address: str, site: Path) -> None:
    record = json.loads((site / "examples/start/hello.json").read_text(encoding="utf-8"))
    stepper = opened(page, address, "start/hello")
    page.keyboard.press("ArrowRight")
    assert "The timer of Task-1 is due. Task-1 resumes" in stepper.evaluate(SEEN)["now"]
    stepper.get_by_label("asyncio's own steps").check()
    assert stepper.evaluate(SEEN)["count"].endswith(f"/ {len(record['moments'])}")
    stepper.locator(".stepper-now").focus()
    page.keyboard.press("ArrowLeft")
    assert (
        "asyncio's own callback _set_result_unless_cancelled runs. It makes Task-1 ready."
        in stepper.evaluate(SEEN)["now"]
    )


def test_an_address_opens_at_a_step_and_the_link_to_it_can_be_copied(
    page: Page, address: str
) -> None:
    page.goto(f"{address}examples/tasks/one_more_turn/#step=7")
    stepper = page.locator("loop-stepper")
    stepper.locator(".stepper").wait_for()
    assert stepper.evaluate(SEEN)["count"].startswith("7 / ")
    page.keyboard.press("ArrowRight")
    stepper.get_by_role("button", name="Copy link").click()
    stepper.get_by_role("button", name="Copied").wait_for()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == f"{address}examples/tasks/one_more_turn/#step=8"
    )
    page.goto(f"{address}tasks/when-main-ends/#step=tasks/main_waits:2")
    found = page.locator("loop-stepper[data-example='tasks/main_waits']")
    found.locator(".stepper").wait_for()
    assert found.evaluate(SEEN)["count"].startswith("2 / ")
    others = "loop-stepper:not([data-step])"  # that has one opens by itself where it is seen
    assert page.locator(f"{others} .stepper").count() == 1


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
    assert stepper.evaluate(SEEN)["count"].startswith("2 / ")
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
    assert (
        page.locator("details:not(.run-legend) li")
        .first.inner_text()
        .startswith("0.000 s Task-1 (main) starts")
    )
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
        frame.get_by_role("button", name="Last step").click()
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
    assert stepper.evaluate(SEEN)["count"].startswith("1 / ")
    page.keyboard.press("End")
    assert "</script><b>\nin the background\n" in stepper.evaluate(SEEN)["output"]
    assert asked == [file.as_uri()]


def test_the_records_are_light(site: Path) -> None:
    import gzip

    sizes = {
        path.stem: len(gzip.compress(path.read_bytes()))
        for path in (site / "examples").glob("*/*.json")
    }
    assert len(sizes) > 30 and max(sizes.values()) <= 17_000, sizes


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
    assert seen["now"].endswith("ends, cancelled.") and not seen["focus"]
    assert len(asked) == 1


def test_it_opens_once_however_often_it_is_asked_to_meanwhile(page: Page, address: str) -> None:
    page.goto(f"{address}tasks/when-main-ends/")
    stepper = page.locator("loop-stepper").first
    stepper.evaluate("element => Promise.all([element.open(), element.open(1), element.open(2)])")
    assert stepper.locator(".stepper").count() == 1
    assert (stepper.locator(".stepper-count").text_content() or "").startswith("3 / ")


def test_a_step_that_is_not_there_is_named(traces: dict, every: dict) -> None:
    name = "tasks/nobody_waits"
    with pytest.raises(ExampleError, match="no step of it says or prints 'something else'"):
        stepper_data.step_of(every[name], traces[name], "something else")
