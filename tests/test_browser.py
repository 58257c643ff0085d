"""Every page in a real browser: light and dark, phone and desk."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from here import ROOT
from playwright.sync_api import Browser, Page

from sitebuild.content import pages
from sitebuild.project import Project

pytestmark = pytest.mark.browser
PAGES = sorted(pages.address_of(Project(ROOT), path) for path in (ROOT / "docs").rglob("*.md"))

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def visit(
    browser: Browser, address: str, page: str, width: int, scheme: str, script: bool = True
) -> tuple[Page, list[str], list[str]]:
    """The opened page, its console errors and the addresses it asked for."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    opened = context.new_page()
    errors, asked = [], []
    opened.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address + page, wait_until="load")
    opened.wait_for_timeout(150)  # Material sets up what it shows once the page is there
    return opened, errors, asked


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_clean(browser: Browser, address: str, site: Path, page: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened, errors, asked = visit(browser, address, page, 390, "light")
    files = {
        url.removeprefix(address).split("?")[0].split("#")[0]
        for url in asked
        if url.startswith(address)
    }
    paths = [
        site / name / "index.html" if (site / name).is_dir() else site / name
        for name in files
        if "search_index" not in name
    ]
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)
    assert weight <= 110_000, f"{weight} bytes over the wire, in {len(paths)} files"
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
            found = Axe().run(opened, options=AXE).response["violations"]
            assert [
                (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3])
                for fault in found
            ] == [], (width, scheme)
    assert errors == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    opened.context.close()


def test_a_page_says_all_of_it_without_javascript(browser: Browser, address: str) -> None:
    opened, _, _ = visit(
        browser,
        address,
        "tasks/main_waits/".replace("main_waits", "when-main-ends"),
        1280,
        "light",
        script=False,
    )
    assert opened.locator(".run-source").count() == 5
    assert opened.locator(".run-output").last.is_visible()
    assert opened.locator(".run-picture svg").last.is_visible()
    opened.locator("details summary").first.click()
    assert opened.locator("details .run-output").first.is_visible()
    opened.context.close()


def test_times_are_not_copied_along_with_the_output(browser: Browser, address: str) -> None:
    opened, _, _ = visit(browser, address, "tasks/when-main-ends/", 1280, "light")
    output = opened.locator(".run-output code").last
    assert output.evaluate("element => element.innerText").startswith("in main(): 0\n")
    before = output.locator("span").first.evaluate(
        "element => getComputedStyle(element, '::before').content"
    )
    assert before == '"0.000 s"'
    opened.context.close()


def test_a_name_of_the_api_is_found(browser: Browser, address: str) -> None:
    opened, errors, _ = visit(browser, address, "", 1280, "light")
    opened.locator(".md-search__input").click()
    opened.keyboard.type("TaskGroup")
    opened.wait_for_selector(".md-search-result__link", timeout=15_000)
    assert opened.locator(".md-search-result__link").count() >= 1
    assert errors == []
    opened.context.close()
