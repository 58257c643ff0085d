"""The stepper with lines and values, and how it fits a desk and a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import axe
import pytest
from lined_record import RECORD
from playwright.sync_api import Browser, Page
from test_stepper import SEEN

from loopscope.views import stepper
from loopscope.views.markup import packaged_file

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 768), (390, 800)


def without_lines() -> dict[str, Any]:
    """The same record if lines and values had not been recorded."""
    rows = []
    printed = None
    for row in RECORD["events"]:
        if row[0] == "line":
            printed = row[3] if row[3:] and row[3] else printed
            continue
        short = row[:13] if row[0] in ("start", "stop") else list(row)
        if row[0] == "stop" and printed is not None:
            short += [None] * (8 - len(short))
            short[7], printed = printed, None
        rows.append(short)
    return {key: value for key, value in RECORD.items() if key != "frames"} | {"events": rows}


WITHOUT_LINES = without_lines()


def shown(
    browser: Browser,
    record: dict[str, Any],
    size: tuple[int, int] = DESK,
    scheme: str = "light",
) -> Page:
    """A page with nothing on it but a stepper, opened by its button."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    held = json.dumps(record).replace("<", "\\u003c")
    page.set_content(
        f"""<!doctype html><html lang="en"><title>A run</title><style>{packaged_file("tokens.css")}
        :root {{ color-scheme: light dark }} body {{ margin: 0 auto; max-width: 688px;
        font: 16px/1.5 system-ui; color: var(--ls-text); background: var(--ls-back) }}
        {stepper.style()}</style><main><h1>A run</h1><loop-stepper>
        <script type="application/json">{held}</script></loop-stepper></main>
        <script type="module">{stepper.script()}</script></html>"""
    )
    page.get_by_role("button", name="Step through it").click()
    page.locator(".stepper").wait_for()
    return page


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Page]:
    page = shown(browser, RECORD)
    yield page
    page.close()


def go(page: Page, address: str) -> dict[str, Any]:
    page.evaluate("location.hash = ''")
    page.evaluate("address => { location.hash = `#step=${address}` }", address)
    page.wait_for_timeout(50)
    return page.locator("loop-stepper").evaluate(SEEN)


def seen(page: Page) -> dict[str, Any]:
    return page.locator("loop-stepper").evaluate(SEEN)


def test_next_line_goes_through_the_lines_of_each_turn(desk: Page) -> None:
    go(desk, "1.0")
    found = []
    for _ in range(11):
        desk.get_by_role("button", name="Next line").click()
        now = seen(desk)
        found.append((now["count"], now["next"], now["who"].partition(" ")[0]))
    assert found == [
        *[("turn 1 of 6", [line], "main()") for line in (16, 17, 18)],
        ("turn 1 of 6", [], "Nobody"),
        *[("turn 2 of 6", [line], "Task-2") for line in (9, 10, 11, 5)],
        ("turn 2 of 6", [], "Nobody"),
        *[("turn 3 of 6", [line], "Task-3") for line in (9, 10)],
    ]


def test_at_a_line_its_turn_s_lines_are_marked_and_a_turn_s_words_are_not_said_again(
    desk: Page,
) -> None:
    now = go(desk, "2.2")
    assert now["who"] == "Task-2 (download()) runs. Line 11 is next." and now["text"] == ""
    assert now["next"] == [11] and now["ran"] == [9, 10]
    margin = desk.locator("[data-line='10'] b").inner_text()
    assert margin == "ran" and desk.locator("[data-line='11']").inner_text().startswith(
        "Task-2▶ 11"
    )
    assert now["news"] == ["downloading tea\n"]
    now = go(desk, "2")
    assert now["next"] == [] and now["ran"] == [5, 9, 10, 11]
    assert go(desk, "3.0")["news"] == ["downloading tea\n"], "of the turn that has just stopped"
    assert go(desk, "3.1")["news"] == []


def test_a_line_says_how_long_the_one_before_took_and_who_became_ready_there(
    browser: Browser,
) -> None:
    events = [*RECORD["events"]]
    events[3] = ["line", 18, 1, None, [], 0.5, [2, "_wake", 3]]
    page = shown(browser, {**RECORD, "events": events})
    names = "Task-2 (download()) and Task-3 (download())"
    now = go(page, "1.3")
    assert now["text"] == f"The line before took 0.500 s. {names} became ready."
    assert now["time"] == "0.500 s" and now["ready"][:1] == ["1. Task-2 (download())"]
    assert go(page, "1.2")["text"] == ""
    page.close()


def test_the_words_on_the_main_button_stay_legible_under_the_pointer(browser: Browser) -> None:
    for scheme in ("light", "dark"):
        page = shown(browser, RECORD, scheme=scheme)
        axe.inject(page)
        page.get_by_role("button", name="Next line").hover()
        assert axe.violations(page, all_elements=True) == [], scheme
        page.close()


def test_the_values_are_those_of_the_calls_that_run_the_first_one_first(desk: Page) -> None:
    now = go(desk, "2.3")
    assert now["chain"] == ["download", "→ fetch", "global"]
    assert now["values"] == ["name = 'tea'", "url = 'https://example.com/tea'", "sizes = {}"]
    assert now["changed"] == ["url = 'https://example.com/tea'"]
    assert go(desk, "2")["values"] == ["sizes = {}"], "nobody runs"
    now = go(desk, "4.2")
    assert now["chain"] == ["download", "global"]
    assert now["values"] == ["name = 'tea'", "size = 23", "sizes = {}"]
    assert go(desk, "4")["changed"] == ["sizes = {'tea': 23}"]


def test_a_waiting_task_s_values_stay_unfolded_and_the_keys_work_there(desk: Page) -> None:
    go(desk, "3.s")
    fold = desk.locator(".stepper-waits details").filter(has_text="Task-3")
    assert not fold.locator("div").first.is_visible()
    fold.locator("summary").click()
    assert fold.locator("div").all_inner_texts() == [
        "name = 'coffee'",
        "url = 'https://example.com/coffee'",
    ]
    desk.keyboard.press("ArrowLeft")
    assert fold.locator("div").first.is_visible(), "it is folded again"
    assert desk.evaluate("document.activeElement.tagName") == "SUMMARY"
    desk.keyboard.press("Enter")
    assert not fold.locator("div").first.is_visible()


def test_waits_and_timers_tell_how_long_it_is_until_then(desk: Page) -> None:
    now = go(desk, "3.s")
    assert "Task-2 (download()) for sleep 1 s (1.000 s left)" in now["waits"][1]
    assert now["timers"] == ["log at 7.500 s"]
    assert now["text"] == "Nothing is ready. The loop waits until 1.000 s."


def test_a_line_s_place_in_the_timeline_is_between_its_turn_s_ends(desk: Page) -> None:
    places = [
        go(desk, address)["head"].split(" ")[0] for address in ("2.0", "2.1", "2.2", "2.3", "2")
    ]
    assert places == ["M20", "M22.5", "M25", "M27.5", "M30"]
    assert go(desk, "7")["head"].startswith("M630 "), "the end"


def test_each_address_leads_to_one_moment_and_the_link_to_it_says_the_same(
    browser: Browser,
) -> None:
    page = shown(browser, RECORD)
    asked = []
    page.evaluate("""Object.defineProperty(navigator, "clipboard", {
        value: {writeText: async text => { window.copied = text }},
    })""")
    for _ in range(30):
        page.evaluate("document.querySelector('[data-do=link]').click()")
        asked.append(page.evaluate("window.copied.split('#step=')[1]"))
        page.keyboard.press("ArrowRight")
    assert asked == [
        *["1.0", "1.1", "1.2", "1.3", "1", "2.0", "2.1", "2.2", "2.3", "2"],
        *["3.0", "3.1", "3.2", "3.3", "3", "3.s", "3.w", "3.w2", "4.0", "4.1", "4.2", "4"],
        *["5.0", "5.1", "5.2", "5", "6.0", "6.1", "6", "7"],
    ]
    for address in asked:
        go(page, address)
        page.evaluate("document.querySelector('[data-do=link]').click()")
        assert page.evaluate("window.copied.split('#step=')[1]") == address
    page.close()


def test_a_click_on_a_line_goes_to_its_next_run_and_round_again(desk: Page) -> None:
    go(desk, "1.0")
    found = []
    for _ in range(3):
        desk.locator("[data-line='11']").click()
        found.append(seen(desk)["count"])
        assert seen(desk)["next"] == [11]
    assert found == ["turn 2 of 6", "turn 3 of 6", "turn 2 of 6"]
    desk.locator("[data-out='0']").click()
    assert seen(desk)["next"] == [11] and seen(desk)["count"] == "turn 2 of 6"


def test_it_plays_without_stopping_at_lines(desk: Page) -> None:
    go(desk, "2.1")
    desk.get_by_role("button", name="More").click()
    desk.get_by_label("Speed").select_option("fast")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Play").click()
    desk.locator(".stepper-who", has_text="Nobody").wait_for()
    assert seen(desk)["count"] == "turn 2 of 6" and seen(desk)["ran"] == [5, 9, 10, 11]
    desk.get_by_role("button", name="Pause").click()


def test_a_screen_reader_hears_what_is_new_and_once(desk: Page) -> None:
    go(desk, "2.0")
    desk.evaluate("""() => {
        window.said = [];
        new MutationObserver(changes => {
            for (const {addedNodes} of changes) for (const node of addedNodes) {
                const text = node.textContent.trim();
                if (text) window.said.push(text);
            }
        }).observe(document.querySelector(".stepper-now"), {childList: true, subtree: true});
    }""")
    header = desk.locator(".stepper-now")
    assert header.get_attribute("role") == "status"
    assert header.get_attribute("aria-atomic") == "false"
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    desk.wait_for_timeout(50)
    said = " ".join(desk.evaluate("window.said"))
    assert said.count("Line 10 is next") == said.count("Line 11 is next") == 1
    assert "starts" not in said and "0.000 s" not in said


def test_without_lines_nothing_of_them_is_there(browser: Browser) -> None:
    for size in (DESK, PHONE):
        page = shown(browser, WITHOUT_LINES, size)
        assert page.get_by_role("button", name="Next", exact=True).is_visible()
        assert page.get_by_role("button", name="Next line").count() == 0
        assert page.locator(".stepper details").count() == 0
        assert not page.get_by_role("tab", name="Values").count()
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "height"), [(DESK, 696), (PHONE, 790)])
@pytest.mark.parametrize("record", [RECORD, WITHOUT_LINES], ids=["lines", "no lines"])
def test_all_of_it_is_on_screen_and_axe_has_no_complaint(
    browser: Browser, record: dict[str, Any], size: tuple[int, int], height: int, scheme: str
) -> None:
    page = shown(browser, record, size, scheme)
    axe.inject(page)
    heights = set()
    for address in ("1.0", "2.3", "3", "3.s", "5.2", "7"):
        go(page, address)
        box = page.locator(".stepper").bounding_box()
        assert box is not None and box["height"] <= height and box["width"] <= 688
        heights.add(box["height"])
        assert page.evaluate("""() => {
            const pane = document.querySelector(".stepper-picture").getBoundingClientRect();
            const head = document.querySelector(".playhead").getBoundingClientRect();
            return head.left >= pane.left && head.right <= pane.right;
        }""")
        assert axe.violations(page) == []
    assert len(heights) == 1, "it jumps"
    small = """() => [...document.querySelectorAll(".stepper :is(button, select, summary, label)")]
        .filter(found => found.offsetParent && !found.matches("label:has(select)"))
        .map(found => [found.textContent, found.getBoundingClientRect()])
        .filter(([, {width, height}]) => width < 32 || height < 32)"""
    page.get_by_role("button", name="More").click()
    assert page.evaluate(small) == []
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.close()


def test_on_a_phone_tabs_show_one_pane_and_arrow_keys_change_it(browser: Browser) -> None:
    page = shown(browser, RECORD, PHONE)
    go(page, "2.3")
    tabs = page.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Tasks", "Values", "Output (1)"]
    pane = page.get_by_role("tabpanel")
    assert pane.count() == 1 and "fetch" not in pane.inner_text()
    assert pane.get_attribute("aria-label") == "Tasks"
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert (
        "url = 'https://example.com/tea'" in pane.inner_text() and "READY" not in pane.inner_text()
    )
    assert pane.get_attribute("aria-label") == "Values"
    page.keyboard.press("ArrowRight")
    assert pane.inner_text().split() == ["downloading", "tea"]
    page.keyboard.press("ArrowRight")
    assert pane.get_attribute("aria-label") == "Tasks"
    page.keyboard.press("End")
    assert tabs.nth(2).evaluate("tab => tab === document.activeElement && tab.tabIndex === 0")
    page.set_viewport_size({"width": 1280, "height": 768})
    page.locator(".stepper:not(.narrow)").wait_for()
    assert page.get_by_role("tab").count() == 0 and page.get_by_role("tabpanel").count() == 0
    assert page.get_by_role("group", name="Output so far").is_visible()
    assert page.get_by_role("group", name="The loop").is_visible()
    page.close()


def test_it_opens_at_once(desk: Page) -> None:
    took = desk.evaluate("""async () => {
        const element = document.querySelector("loop-stepper");
        element.close();
        const began = performance.now();
        element.querySelector(".stepper-open").click();
        while (!element.querySelector(".stepper")) await new Promise(requestAnimationFrame);
        return performance.now() - began;
    }""")
    assert took < 200
