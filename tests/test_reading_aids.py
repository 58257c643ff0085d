"""What pages do for their readers, in a real browser: explained words, copying, legends, paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

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


def word(page: Page, term: str) -> tuple[Locator, Locator]:
    """The link of a term on a page, and the note that explains it."""
    return page.locator(f'a.term[href$="#{term}"]'), page.locator(f".term-note:has(#term-{term})")


def open_page(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_function("document.querySelector('.md-code__button')")  # the theme is ready
    return page

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
    open_page(page, f"{address}tasks/create-task/")
    output = page.locator('.run[data-example="tasks/two_in_a_group"] .run-output')
    printed = "the orders are here\nthe profile is here\nAda has 7 orders"
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
