"""What axe finds on a page, at the width and in the colours that it has now.

In:  an open page. Out: the violations of WCAG 2.2 AA.

Nine tenths of axe's time goes into the contrast of each single element. It is measured on one
element of each combination of colours (`one_of_each_colour.js`), and on all of a combination's
where that one's could not be told.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from paths import ROOT
from playwright.sync_api import Page

_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
_MARK = (ROOT / "tests/one_of_each_colour.js").read_text(encoding="utf-8")
# Of which elements axe can tell the contrast, only the check itself says cheaply.
_WATCH = """() => {
    const check = axe._audit.checks["color-contrast"], evaluate = check.evaluate;
    window.measured = new Set();
    check.evaluate = function (element, ...more) {
        const isGood = evaluate.call(this, element, ...more);
        if (isGood !== undefined) window.measured.add(element);
        return isGood;
    };
}"""
_RUN = """async options => {
    const run = async (where, options) => (await axe.run(where, options)).violations.flatMap(
        ({id, nodes}) => nodes.map(({html}) => [id, html.slice(0, 120)]));
    window.measured.clear();
    const violations = await run(document, options);
    const untold = [...document.querySelectorAll("[data-colours]")]
        // of text in a picture axe can tell of none
        .filter(element => !window.measured.has(element) && !element.closest("svg"))
        .flatMap(({dataset}) => [...document.querySelectorAll(
            `[data-same-colours="${dataset.colours}"]`)]);
    for (const element of untold) {
        delete element.dataset.sameColours;
    }
    return untold.length
        ? violations.concat(await run({include: untold}, {...options, runOnly: ["color-contrast"]}))
        : violations;
}"""


def inject(page: Page) -> None:
    """Prepare a page that was opened. Once for all that is asked about it."""
    page.evaluate(Axe().axe_script)
    page.evaluate(_WATCH)


def violations(page: Page, *, all_elements: bool = False) -> list[tuple[str, str]]:
    """Return each violation: the rule's name, and the beginning of the element.

    Args:
        page: The page, which `inject` has prepared.
        all_elements: Whether to measure the contrast of every element.
    """
    measured = "*" if all_elements else ":not([data-same-colours])"
    rule = {"id": "color-contrast", "selector": measured}
    page.evaluate(_MARK)
    page.evaluate("rule => axe.configure({rules: [rule]})", rule)
    return [(rule, html) for rule, html in page.evaluate(_RUN, _OPTIONS)]
