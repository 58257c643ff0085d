"""Contrast is measured on one element of each combination of colours: no fault goes unseen so."""

from __future__ import annotations

from collections.abc import Iterator

import axe
import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

GOOD = "<p>" + " ".join(f"<b>word {number}</b>" for number in range(20)) + "</p>"
PALE = "color: #aaa"
UNDER = "<div style='position: absolute; top: 0; left: 0; width: 9em; height: 9em; background: {}'>{}</div>"
WHITE = "color: #eee; background: #333"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
# Each begins with texts that are as they should be, and of which those that follow differ in one
# thing.
FAULTS = {
    "a colour": f"{GOOD}<p>a <b style='{PALE}'>pale</b> word</p>",
    "a background": f"{GOOD}<p style='background: #666'>a <b>word</b></p>",
    "a background further out": f"{GOOD}<div style='background: #666'><ul><li><b>word</b></ul></div>",
    "a background that is half there": f"{GOOD}<div style='background: #000a'><p><b>word</b></div>",
    "an opacity": f"{GOOD}<p><b style='opacity: 0.4'>word</b></p>",
    "an opacity further out": f"{GOOD}<div style='opacity: 0.4'><p><b>word</b></p></div>",
    "a size": "<p style='font-size: 30px; color: #888'>large</p><p style='color: #888'>small</p>",
    "a weight": "<p style='font-size: 19px; color: #888'><b>bold</b></p>"
    "<p style='font-size: 19px; color: #888'>normal</p>",
    "a box of another below it": f"<p style='{WHITE}'>in it</p>"
    f"<div style='position: relative; color: #fff'>{UNDER.format('#333', '')}"
    "<p style='position: relative; width: 8em'>on it</p></div>"
    f"<div style='position: relative; color: #fff'>{UNDER.format('#ccc', '')}"
    "<p style='position: relative; width: 8em'>on it</p></div>",
    "a box around it that it hangs out of": f"<div style='{WHITE}; height: 2em'>"
    "<p style='margin: 0'>in it</p></div>"
    f"<div style='{WHITE}; height: 2em'><p style='position: relative; top: 6em'>out of it</p></div>",
    "another's box drawn up below it": f"{GOOD}<div style='height: 2em; background: #555'></div>"
    "<p style='margin: -2em 0 0; position: relative'><b>word</b></p>",
    "a child's box below it": f"{GOOD}<p style='position: relative'>a word <span style='position:"
    " absolute; z-index: -1; left: 0; top: -9px; width: 9em; height: 4em; background: #555'></span>"
    "</p>",
    "a shadow": "<p style='color: #eee; text-shadow: 0 0 2px #000, 0 0 2px #000'>word</p>"
    "<p style='color: #eee'>word</p>",
    "a stroke": "<p style='color: #eee; -webkit-text-stroke: 1px #000'>word</p>"
    "<p style='color: #eee'>word</p>",
    "nothing, but of the first it cannot be told: a letter": f"<p style='{PALE}'>a</p>"
    f"<p style='{PALE}'>a word</p>",
    "nothing, but of the first it cannot be told: it is hidden in part": f"<div style='{PALE}; "
    f"position: relative; height: 10em'>words in the open{UNDER.format('#fff', '')}</div>"
    f"<p style='{PALE}'>a word</p>",
    "nothing, but the first is not measured: it is switched off": f"<p aria-disabled='true' style='{PALE}'>"
    f"off</p><p style='{PALE}'>a word</p>",
    "nothing, but the first is over a picture": f"<div style='background: url({PIXEL}); {PALE}'>a word"
    f"</div><div style='{PALE}'>a word</div>",
    "nothing, but the first is over a gradient": "<div style='background: linear-gradient(#fff, #eee);"
    f" {PALE}'>a word</div><div style='{PALE}'>a word</div>",
    "nothing, but the first is in a drawing": f"<svg width='90' height='30'><text y='20' style='{PALE};"
    f" fill: #aaa'>a word</text></svg><p style='{PALE}'>a word</p>",
    "a field": f"{GOOD}<label>a word <input value='a word' style='{PALE}'></label>",
    "a link like the text": f"{GOOD}<p>Here and there in the text <a href='#x' style='color: #113;"
    " text-decoration: none'>is a link</a> that nobody sees.</p>",
}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto("about:blank")
    yield page
    page.close()


def found(page: Page, body: str, **options: bool) -> set[str]:
    page.set_content(
        f"<!doctype html><html lang=en><title>T</title><body style='background: #fff; color: #000'>"
        f"<main><h1>T</h1>{body}</main>"
    )
    axe.inject(page)
    return {rule for rule, _ in axe.violations(page, **options)}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_among_good_elements_is_found(what: str, blank: Page) -> None:
    everything = found(blank, FAULTS[what], all_elements=True)
    assert everything & {"color-contrast", "link-in-text-block"}, "it is no fault"
    assert found(blank, FAULTS[what]) == everything


def test_what_is_good_has_no_fault_and_most_of_it_is_not_measured(blank: Page) -> None:
    assert found(blank, GOOD) == set()
    assert blank.locator("b[data-same-colours]").count() == 19
