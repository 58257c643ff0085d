"""What pages do for their readers, in a real browser: explained words, copying, legends, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import axe
import pytest
from paths import ROOT
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from sitebuild.rendering import terms

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


GLOSSARY = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
EXPLAINED = {
    entry.id: " ".join("".join(entry.text.itertext()).split())
    for entry in terms.read_entries(GLOSSARY)
}


class Word:
    """A word that a page explains: its link, and the note beside it.

    It is the first such word that can be seen, or the one with the given number, whatever it is:
    pages are reworded, and some words are in folded answers.
    """

    def __init__(self, page: Page, number: int = 0) -> None:
        described = page.locator("a.term:visible").nth(number).get_attribute("aria-describedby")
        assert described
        self.id = described.removeprefix("term-")
        self.link = page.locator(f'a.term[aria-describedby="{described}"]')
        self.note = page.locator(f".term-note:has(#{described})")
        self.entry = f"**/reference/glossary/#{self.id}"


def open_page(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_function("document.querySelector('.md-code__button')")  # the theme is ready
    return page


def unfold(page: Page) -> None:
    """Open the answers of a page, but no legend."""
    page.evaluate(
        """document.querySelectorAll('article details:not(.run-legend)')
            .forEach(fold => fold.open = true)"""
    )


# Words


def test_a_word_explains_itself_under_a_mouse(page: Page, address: str) -> None:
    word = Word(open_page(page, f"{address}coroutines/await/"))
    expect(word.note).to_be_hidden()
    word.link.hover()
    expect(word.note).to_be_visible()
    expect(word.note).to_contain_text(EXPLAINED[word.id])
    word.note.hover()
    page.wait_for_timeout(500)
    expect(word.note).to_be_visible()
    page.locator("h1").hover()
    expect(word.note).to_be_hidden()


def test_a_word_explains_itself_to_the_keyboard(page: Page, address: str) -> None:
    word = Word(open_page(page, f"{address}coroutines/await/"))
    page.keyboard.press("Tab")
    word.link.focus()
    expect(word.note).to_be_visible()
    page.keyboard.press("Tab")
    expect(word.note.locator("a").first).to_be_focused()
    expect(word.note).to_be_visible()
    page.keyboard.press("Escape")
    expect(word.note).to_be_hidden()
    expect(word.link).to_be_focused()
    page.keyboard.press("Enter")  # the note is closed, so this is not the second time
    expect(word.note).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(word.entry)


def test_a_word_explains_itself_at_a_click_and_another_closes_it(page: Page, address: str) -> None:
    word = Word(open_page(page, f"{address}coroutines/await/"))
    word.link.click()
    page.locator("h1").hover()
    page.wait_for_timeout(500)
    expect(word.note).to_be_visible()
    other = Word(page, 1)
    other.link.click()
    expect(word.note).to_be_hidden()
    expect(other.note).to_be_visible()
    page.locator("h1").click()
    expect(other.note).to_be_hidden()
    word.link.click()
    word.note.get_by_text("in the glossary").click()
    page.wait_for_url(word.entry)


def test_a_word_explains_itself_at_a_tap_within_the_screen(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = open_page(context.new_page(), f"{address}coroutines/await/")
    unfold(page)
    links = page.locator("a.term").all()
    assert len(links) >= 4
    for link in links:
        link.tap()
        note = page.locator(".term-note:popover-open")
        expect(note).to_have_count(1)
        box = note.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]
        link.tap()
        expect(note).to_have_count(0)
    context.close()


def test_words_go_on_explaining_themselves_after_the_theme_has_changed_the_page(
    page: Page, address: str
) -> None:
    open_page(page, f"{address}coroutines/await/")
    page.evaluate("window.same = true")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url("**/tasks/create-task/")
    page.wait_for_function("document.querySelector('.md-code__button')")
    assert page.evaluate("window.same"), "the page was loaded anew"
    Word(page).link.hover()
    expect(page.locator(".term-note:popover-open")).to_have_count(1)


def test_on_the_pages_on_the_articles_a_word_leads_to_the_glossary(
    page: Page, address: str
) -> None:
    open_page(page, f"{address}articles/s1/")
    page.locator("a.term").first.click()
    page.wait_for_url("**/reference/glossary/#*")


def test_screen_readers_are_told_what_a_word_means(page: Page, address: str) -> None:
    word = Word(open_page(page, f"{address}coroutines/await/"))
    expect(word.link).to_have_accessible_description(EXPLAINED[word.id])


def test_without_javascript_a_word_leads_to_the_glossary(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}coroutines/await/")
    word = Word(page)
    expect(word.note).to_be_hidden()
    word.link.click()
    page.wait_for_url(word.entry)
    context.close()


def test_an_open_note_and_an_open_legend_are_accessible(page: Page, address: str) -> None:
    open_page(page, f"{address}tasks/create-task/")
    unfold(page)
    page.locator(".run-legend summary").last.click()
    expect(page.locator(".run-legend li").last).to_be_visible()
    page.locator("a.term").first.click()
    expect(page.locator(".term-note:popover-open")).to_have_count(1)
    axe.inject(page)
    page.add_style_tag(content="* { transition: none !important }")
    for scheme in ("default", "slate"):
        page.evaluate("it => document.body.setAttribute('data-md-color-scheme', it)", scheme)
        assert axe.violations(page) == [], scheme


# Copying


def selected(page: Page, block: Locator) -> str:
    """What is copied after a mouse was drawn over a block."""
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=4)
    page.mouse.up()
    page.keyboard.press("Control+c")
    return page.evaluate("navigator.clipboard.readText()")


def copied(page: Page, part: Locator) -> str:
    """What the button of a part of a panel copies."""
    page.evaluate("navigator.clipboard.writeText('nothing was copied')")
    part.locator(".md-code__button").click()
    page.wait_for_function(
        "async () => await navigator.clipboard.readText() !== 'nothing was copied'"
    )
    return page.evaluate("navigator.clipboard.readText()")


def test_copying_an_output_gives_its_lines_and_nothing_else(page: Page, address: str) -> None:
    unfold(open_page(page, f"{address}tasks/create-task/"))
    output = page.locator('.run[data-example="tasks/two_in_a_group"] .run-output')
    printed = "the orders arrived\nthe profile arrived\nAda has 7 orders"
    assert selected(page, output.locator("code")) == printed
    assert copied(page, output) == printed


def test_copying_an_output_keeps_its_empty_lines_and_leaves_its_streams(
    page: Page, address: str
) -> None:
    open_page(page, f"{address}coroutines/forgotten-await/")
    output = page.locator(".run-output:has(.run-stderr)").first
    for place in (1, 2):  # as the template makes an empty line
        line = output.locator("code > span").nth(place)
        line.evaluate("line => line.innerHTML = '<br>'")
    lines = output.locator("code > span").all_text_contents()
    assert len(lines) > 3 and all(lines[3:])
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert selected(page, output.locator("code")) == "\n".join(lines)
    assert copied(page, output) == "\n".join(lines)


def test_an_excerpt_can_give_the_whole_program_to_copy(page: Page, address: str) -> None:
    open_page(page, f"{address}tasks/create-task/")
    source = page.locator('.run[data-example="tasks/two_tasks"] .run-source')
    source.evaluate("it => it.dataset.copy = 'import asyncio\\n\\n\\nthe whole program\\n'")
    assert copied(page, source) == "import asyncio\n\n\nthe whole program"


def test_an_added_line_is_told_by_a_sign_that_is_not_copied(page: Page, address: str) -> None:
    open_page(page, f"{address}tasks/create-task/")
    source = page.locator('.run[data-example="tasks/two_tasks"] .run-source')
    whole = copied(page, source)
    source.locator("code").evaluate(
        """code => {
            const lines = code.innerHTML.trimEnd().split("\\n").map(line => line + "\\n");
            lines[1] = `<span class="line-added">${lines[1]}</span>`;
            code.innerHTML = lines.join("");
        }"""
    )
    added = source.locator(".line-added")
    sign = added.evaluate("it => getComputedStyle(it, '::before').content")
    assert sign.startswith('"+"')
    assert copied(page, source) == whole
    assert "+" not in selected(page, source.locator("code"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_that_copies_can_be_seen_and_hit(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(browser.new_page(color_scheme=scheme), f"{address}tasks/create-task/")
    for button in page.locator(".run .md-code__button").all()[:4]:
        size = button.evaluate("it => [it.offsetWidth, it.offsetHeight]")
        assert min(size) >= 24
        assert _contrast(button) >= 3
    page.close()


def _contrast(button: Locator) -> float:
    """The contrast of a button's colour with its panel's."""
    colours = button.evaluate(
        """it => [getComputedStyle(it).color,
            getComputedStyle(it.closest('pre').querySelector('code')).backgroundColor].map(colour => {
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        })"""
    )
    lighter, darker = sorted(map(_luminance, colours), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: list[int]) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (byte / 255 for byte in colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


# An example on one screen


@pytest.mark.parametrize(
    "lesson", ["coroutines/await/", "tasks/create-task/", "tasks/when-main-ends/"]
)
def test_a_short_example_is_seen_whole_on_a_desk(page: Page, address: str, lesson: str) -> None:
    """Its source, output and picture; also if they are in the answer below the source."""
    unfold(open_page(page, address + lesson))
    room = DESK["height"] - page.locator(".md-header").evaluate("it => it.offsetHeight")
    whole = page.locator('.run[data-shows="source output"]:not(:has(.run-wide))')
    folded = page.locator('.run[data-shows="source"]:has(+ details.question .run-output)')
    assert min(whole.count(), folded.count()) >= 2 and whole.count() + folded.count() >= 5
    for run in whole.all():
        source, output = (
            run.locator(part).bounding_box() for part in (".run-source", ".run-output")
        )
        box = run.bounding_box()
        assert source and output and box
        assert source["y"] == output["y"] and output["x"] >= source["x"] + source["width"]
        assert box["height"] <= room, run.get_attribute("data-example")
    for run in folded.all():
        box, answer = run.bounding_box(), run.locator("+ details .run").first.bounding_box()
        assert box and answer and answer["y"] >= box["y"] + box["height"]
        height = answer["y"] + answer["height"] - box["y"]
        assert height <= room, run.get_attribute("data-example")


def test_no_source_scrolls_sideways_on_a_desk(page: Page, address: str, site: Path) -> None:
    widest = max(  # of the listings that are 80 columns wide at most
        (example for example in site.glob("examples/*/*.py")),
        key=lambda path: max(
            len(line) for line in path.read_text(encoding="utf-8").splitlines() if len(line) <= 80
        ),
    )
    name = widest.relative_to(site / "examples").with_suffix("").as_posix()
    open_page(page, f"{address}examples/{name}/")
    room, needed = page.locator(".run-source code").evaluate(
        "it => [it.clientWidth, it.scrollWidth]"
    )
    assert needed <= room, name


def test_nothing_moves_while_a_page_is_loaded(page: Page, address: str) -> None:
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver(list => list.getEntries().forEach(it => window.moved += it.value))
            .observe({type: "layout-shift", buffered: true});"""
    )
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        open_page(page, f"{address}tasks/when-main-ends/")
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") < 0.001


# Legends


def test_each_picture_has_its_legend_one_click_away(page: Page, address: str) -> None:
    open_page(page, f"{address}errors/where-it-goes/")
    unfold(page)
    pictures = page.locator(".run:has(.run-picture)")
    assert pictures.count() >= 5
    for picture in pictures.all():
        assert picture.locator(".run-legend").count() == 1
    picture = page.locator('.run[data-example="tasks/error_ends_the_group"]')
    picture.locator(".run-legend summary").click()
    legend = picture.locator(".run-legend li")
    assert [text.splitlines()[-1] for text in legend.all_inner_texts()] == [
        "a turn: the task runs, and no other task does",
        "waiting for whatever is named above the line",
        "ready, but others run first",
        "a printed line",
        "returned",
        "cancelled",
        "failed",
    ]
    drawn = legend.first.locator("path").evaluate("it => getComputedStyle(it).fill")
    assert drawn == picture.locator(".run-picture .run").first.evaluate(
        "it => getComputedStyle(it).fill"
    )


# Paper


def on_paper(page: Page, way: str | None) -> Locator:
    """A page as it is printed, and its first answer."""
    page.emulate_media(media="null")
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    if way is None:
        page.evaluate("print()")
    else:
        page.locator(f'[data-print="{way}"]').click()
    page.emulate_media(media="print")
    return page.locator("details .run-output").first


def test_a_page_is_printed_as_question_sheet_or_with_answers(page: Page, address: str) -> None:
    url = f"{address}many/gather/"
    lengths = {}
    for way, shows in (("questions", False), ("answers", True), (None, False)):
        answer = on_paper(open_page(page, url), way)
        expect(answer).to_be_visible(visible=shows)
        page.emulate_media(media="null")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        open_page(page, url).evaluate("window.print = () => {}")
        if way:
            page.locator(f'[data-print="{way}"]').click()
        lengths[way] = len(page.pdf(format="A4"))
        assert page.locator("article details[open]").count() == 0, "folds stay open after printing"
    assert lengths["answers"] > lengths["questions"] + 1000
    assert abs(lengths["questions"] - lengths[None]) < 100
    open_page(page, url).locator("details.question summary").first.click()
    expect(on_paper(page, None)).to_be_visible()
    expect(on_paper(open_page(page, url), "questions")).to_be_hidden()


def test_paper_has_the_licence_and_no_controls(page: Page, address: str) -> None:
    on_paper(open_page(page, f"{address}many/gather/"), None)
    expect(page.locator(".page-source")).to_have_text("Text under CC BY 4.0, code under MIT-0.")
    expect(page.locator(".page-source")).to_be_visible()
    for control in (".md-header", ".md-sidebar", ".md-footer", ".stepper-open", ".md-code__button"):
        expect(page.locator(control).first).to_be_hidden()
    for control in (".run-legend > summary", ".page-print", ".page-links"):
        expect(page.locator(control).first).to_be_hidden()


def test_without_javascript_paper_shows_what_is_open(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}many/gather/")
    expect(page.locator(".page-print")).to_be_hidden()
    page.emulate_media(media="print")
    answer = page.locator("details.question .run-output").first
    expect(answer).to_be_hidden()
    page.locator("details.question summary").first.evaluate("it => it.parentElement.open = true")
    expect(answer).to_be_visible()
    context.close()


def test_the_box_of_the_error_index_names_the_page_of_what_is_pasted(
    page: Page, address: str
) -> None:
    """Also after the theme has replaced the page without loading it, and with the keyboard alone."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    open_page(page, f"{address}reference/errors/no-running-event-loop/")
    page.get_by_role("link", name="All messages").click()
    page.wait_for_url("**/reference/errors/")
    box = page.get_by_label("Paste a message, a traceback or a log")
    answer = page.locator(".error-finder").get_by_role("status")
    box.fill("Traceback (most recent call last):\nRuntimeError: Event loop is closed\n")
    expect(answer.get_by_role("link")).to_have_text(["RuntimeError: Event loop is closed"])
    box.fill("KeyError: 'lamp'")
    expect(answer.get_by_role("link")).to_have_count(0)
    expect(answer).to_contain_text("Try the search")
    box.fill("")
    expect(answer).to_be_empty()
    box.fill("ERROR no running event loop")
    expect(answer.get_by_role("link")).to_have_count(1)
    box.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reference/errors/no-running-event-loop/")
    assert not failures


def test_without_scripts_the_error_index_is_a_list(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}reference/errors/")
    expect(page.locator(".error-finder")).to_be_hidden()
    expect(page.get_by_role("link", name="RuntimeError: Event loop is closed")).to_be_visible()
    context.close()
