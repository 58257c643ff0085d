"""Every page in a real browser: light and dark, phone and desk."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from paths import ROOT
from playwright.sync_api import Browser, ConsoleMessage, Page

from sitebuild.content import pages
from sitebuild.project import Project

pytestmark = pytest.mark.browser
EVERY = sorted(pages.address_of(Project(ROOT), path) for path in (ROOT / "docs").rglob("*.md"))
MESSAGES = [page for page in EVERY if page.startswith("reference/errors/") and page.count("/") > 2]
"""The pages of single messages, which one template makes from data: some of them stand for all."""
PAGES = [page for page in EVERY if page not in MESSAGES or MESSAGES.index(page) % 9 == 0]


class Tab:
    """Where one page after another is opened, as a reader does it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, url: str) -> Page:
        self.page.goto("about:blank")  # what the page before still asks for is its own
        self.page.set_viewport_size({"width": 390, "height": 900})
        self.errors.clear()
        self.asked.clear()
        self.page.goto(url, wait_until="load")
        return self.page


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Tab]:
    page = browser.new_page(color_scheme="light")
    yield Tab(page)
    page.close()


READY = """() => document.querySelector(".md-header [for=__search]")
    && [...document.querySelectorAll("loop-stepper")].every(element => element.childElementCount)"""
"""Whether the theme and the steppers have set up what they show."""


@functools.cache
def weight(path: Path) -> int:
    """Bytes of a file over the wire."""
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_clean(tab: Tab, address: str, site: Path, page: str) -> None:
    opened, asked = tab.open(address + page), tab.asked
    opened.wait_for_function(READY)
    axe.inject(opened)
    files = {
        url.removeprefix(address).split("?")[0].split("#")[0]
        for url in asked
        if url.startswith(address)
    }
    paths = [
        site / name / "index.html" if (site / name).is_dir() else site / name for name in files
    ]
    weighs = sum(map(weight, paths))
    assert weighs <= 104_000, f"{weighs} bytes over the wire, in {len(paths)} files"
    besides = weighs - weight(site / page / "index.html")
    assert besides <= 76_500, f"{besides} bytes besides the page itself"
    assert {"assets/stepper.js", "assets/site.css"} <= files, "not all that it asks for is seen"
    opened.add_style_tag(
        content="*, *::before, *::after { transition: none !important; animation: none !important }"
    )
    for width in (390, 1280):
        opened.set_viewport_size({"width": width, "height": 900})
        opened.evaluate(
            "document.querySelectorAll('article details').forEach(fold => fold.open = false)"
        )
        room, needed = opened.evaluate(
            "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
        )
        assert needed <= room, f"the page is {needed} px wide in {room} px"
        # Folded answers are opened: what stands in them must be as good as the rest.
        opened.evaluate(
            "document.querySelectorAll('article details').forEach(fold => fold.open = true)"
        )
        assert opened.evaluate("document.documentElement.scrollWidth") <= room, (
            "an opened answer makes the page scroll sideways"
        )
        for scheme in ("default", "slate"):
            # As the theme itself does it when the reader switches.
            opened.evaluate(
                "scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme
            )
            assert axe.violations(opened)[:3] == [], (width, scheme)
    assert tab.errors == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert opened.context.cookies() == []


def test_a_page_says_all_of_it_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = Tab(context.new_page()).open(f"{address}tasks/when-main-ends/")
    assert opened.locator(".run-source:visible").count() >= 4
    assert opened.locator(".run-output:visible").count() >= 1
    assert opened.locator(".run-picture svg:visible").count() >= 1
    answers = opened.locator("details.question:has(.run-output)")
    assert answers.count() >= 3
    for answer in answers.all():
        assert not answer.locator(".run-output").first.is_visible()
        answer.locator("summary").first.click()
        assert answer.locator(".run-output").first.is_visible()
        assert answer.locator(".run-picture svg").first.is_visible()
    context.close()


def test_times_are_not_copied_along_with_the_output(tab: Tab, address: str) -> None:
    opened = tab.open(f"{address}tasks/when-main-ends/")
    opened.evaluate(
        "document.querySelectorAll('article details').forEach(fold => fold.open = true)"
    )
    output = opened.locator('.run[data-example="tasks/nobody_waits"] .run-timed code')
    printed = (ROOT / "examples/tasks/nobody_waits.out").read_text(encoding="utf-8")
    assert output.evaluate("element => element.innerText").split("\n") == printed.splitlines()
    before = output.locator("span").first.evaluate(
        "element => getComputedStyle(element, '::before').content"
    )
    assert before == '"0.000 s"'
