"""How readers find things, in a real browser: the gallery, the index of names, wrong addresses."""

from __future__ import annotations

from collections.abc import Iterator

import axe
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    assert page.errors == []
    page.close()


def shown(page: Page) -> list[str]:
    """The examples of the gallery that can be seen."""
    return page.locator("ul.gallery > li:visible > a").evaluate_all(
        "links => links.map(link => link.href.split('/').slice(-3, -1).join('/'))"
    )


def gallery(page: Page, address: str, query: str = "") -> Page:
    page.goto(f"{address}examples/{query}")
    page.wait_for_function("() => Boolean(customElements.get('example-filter'))")
    return page


def test_the_gallery_is_filtered_by_words_and_by_names(page: Page, address: str) -> None:
    gallery(page, address)
    everything = shown(page)
    box, count = page.get_by_label("Filter by words"), page.locator("example-filter output")
    expect(count).to_have_text(f"{len(everything)} examples")
    assert count.get_attribute("aria-live") == "polite"
    page.keyboard.press("Tab")
    box.focus()
    page.keyboard.type("two DOWNLOADS")
    found = shown(page)
    assert "start/two_downloads" in found and len(found) < 20
    expect(count).to_have_text(f"{len(found)} of {len(everything)} examples")
    assert page.locator("h2:visible").count() == len({name.split("/")[0] for name in found})
    box.fill("uses:Queue.join")
    assert "sync/ended_by_join" in shown(page) and "sync/ended_by_shutdown" not in shown(page)
    box.fill("uses:asyncio.gather()")
    assert "many/" in " ".join(shown(page))
    box.fill("no example says this")
    expect(count).to_have_text(f"0 of {len(everything)} examples")
    box.fill("")
    assert shown(page) == everything


def test_pictures_are_fetched_for_what_comes_near_the_screen(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    gallery(page, address)
    expect(page.locator("li:has(> a[href*='two_downloads']) svg path.wait")).to_be_visible()
    assert "examples/start.json" in asked and "examples/ecosystem.json" not in asked
    page.locator("h2#ecosystem").scroll_into_view_if_needed()
    expect(
        page.locator("li > a[href*='ecosystem/'] >> xpath=../*[name()='svg']").first
    ).to_be_visible()


def test_the_index_leads_to_the_examples_that_use_a_name(page: Page, address: str) -> None:
    page.goto(f"{address}reference/api/#asyncio.shield")
    link = page.locator("a[href*='uses=shield']").first
    count = int(link.inner_text().split()[1])
    link.click()  # the theme replaces the page's content
    page.wait_for_url("**/examples/?uses=shield")
    expect(page.get_by_label("Filter by words")).to_have_value("uses:shield")
    assert len(shown(page)) == count


def test_without_javascript_the_whole_list_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}examples/")
    assert len(shown(page)) > 400
    expect(page.get_by_label("Filter by words")).to_be_hidden()
    page.goto(f"{address}many/gahter/")
    expect(page.get_by_role("heading", name="There's no page at this address")).to_be_visible()
    page.locator("#not-found-words").fill("gather")
    page.get_by_role("button", name="Search", exact=True).click()
    assert page.url.split("/")[-1] == "?q=gather"
    context.close()


def test_a_wrong_address_is_named_and_close_ones_are_offered(page: Page, address: str) -> None:
    page.goto(f"{address}many/gahter/index.html")
    expect(page.locator("not-found code")).to_have_text("/many/gahter/index.html")
    first = page.locator("not-found li a").first
    expect(first).to_have_attribute("href", "/many/gather/")
    expect(page.locator("#not-found-words")).to_have_value("many gahter")
    first.click()
    page.wait_for_url("**/many/gather/")


def test_what_was_asked_for_is_text(page: Page, address: str) -> None:
    page.goto(f"{address}<img src=x onerror=alert(1)>/")
    expect(page.locator("not-found code")).to_contain_text("img")
    assert page.locator("not-found img").count() == 0


@pytest.mark.parametrize(
    "place", ["examples/", "examples/?uses=shield", "many/gahter/", "examples/tasks/two_tasks/"]
)
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible(page: Page, address: str, place: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + place)
    page.wait_for_timeout(500)
    axe.inject(page)
    page.add_style_tag(content="* { transition: none !important }")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("default", "slate"):
        page.evaluate(
            "scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme
        )
        assert axe.violations(page)[:3] == [], scheme
