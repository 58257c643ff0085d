"""The search in a real browser: what is typed into the box, the keyboard, a phone, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator

import axe
import pytest
import tomllib
from paths import ROOT
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

QUERIES = tomllib.loads(
    (ROOT / "tests/sitebuild/rendering/search_queries.toml").read_text(encoding="utf-8")
)
TYPED = [
    (query, wanted)
    for kind in QUERIES.values()
    for query, wanted in kind[::6]
    if wanted and len(query) < 90
]
LINK = ".md-search-result__link"


class Visit:
    """A page that was opened, and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def found(self) -> list[str]:
        """The addresses of the pages that are shown as found."""
        return self.page.eval_on_selector_all(LINK, "links => links.map(link => link.href)")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    opened = Visit(page)
    page.goto(f"{address}tasks/states/")
    page.wait_for_load_state("networkidle")
    yield opened
    page.close()
    assert opened.errors == []


def type_in(visit: Visit, text: str) -> None:
    """Open the search with a key, and type."""
    visit.page.keyboard.press("/")
    visit.page.keyboard.type(text)
    visit.page.wait_for_selector(LINK)


def test_nothing_of_the_search_is_fetched_before_it_is_opened(visit: Visit) -> None:
    def asked() -> list[str]:
        return [url for url in visit.asked if re.search(r"search|lunr|worker", url)]

    assert [url.rpartition("/")[2] for url in asked()] == ["search.js"]
    type_in(visit, "gather")
    visit.page.wait_for_load_state("networkidle")
    fetched = ("search-engine.js", "minisearch.js", "search-pages.json", "search-excerpts.json")
    assert sorted(url.rpartition("/")[2] for url in asked()[1:]) == sorted(fetched)


def test_what_is_typed_into_the_box_finds_a_page_that_answers_it(
    visit: Visit, address: str
) -> None:
    assert len(TYPED) >= 30
    type_in(visit, "gather")
    missed = []
    for query, wanted in TYPED:
        visit.page.locator(".md-search__input").fill(query)
        pages = [url.removeprefix(address).partition("#")[0] for url in visit.found()]
        if not {*pages[:3]} & {*wanted}:
            missed.append((query, pages[:3]))
    assert len(missed) <= 0.05 * len(TYPED), missed


def test_a_hit_shows_title_section_line_and_excerpt_with_the_words_marked(visit: Visit) -> None:
    type_in(visit, "create_task or ensure_future?")
    visit.page.wait_for_load_state("networkidle")
    hit = visit.page.locator(LINK).first
    for part in ("title", "line", "excerpt"):
        assert hit.locator(f".search-{part}").inner_text()
    assert "ensure_future" in hit.locator("mark").all_inner_texts()
    visit.page.locator(".md-search__input").fill("cleanup order of asyncio.run at the end")
    assert visit.page.locator(".search-section").count() >= 1
    heights = [
        box["height"] for link in visit.page.locator(LINK).all() if (box := link.bounding_box())
    ]
    assert sum(heights[:5]) <= 600, "five hits are seen at once"
    assert visit.page.locator("[role=status]").inner_text().startswith("The best 10 of ")


def test_arrows_move_enter_follows_and_escape_closes(visit: Visit, address: str) -> None:
    page = visit.page
    type_in(visit, "uvloop")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(LINK).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(LINK).last).to_be_focused()
    page.keyboard.type("x")
    expect(page.locator(".md-search__input")).to_have_value("uvloopx")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/loop/choosing-a-loop/"))
    expect(page.locator("#__search")).not_to_be_checked()


def test_it_works_from_page_to_page_without_being_loaded_again(visit: Visit) -> None:
    page = visit.page
    page.evaluate("window.isFirstPage = true")
    type_in(visit, "aiosqlite")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ecosystem/databases/"))
    assert page.evaluate("window.isFirstPage"), "the theme replaced the page's content alone"
    expect(page).to_have_title(re.compile("databases"))
    page.keyboard.press("/")
    page.locator(".md-search__input").fill("pstree")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/debugging/ps-and-pstree/"))
    assert sum(url.endswith("search-pages.json") for url in visit.asked) == 1
    expect(page).to_have_title(re.compile("pstree"))  # the theme closes the search before that
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.locator(".md-search__input").fill("pstree")
    page.locator(".md-search__input").fill("")
    page.locator(".search-status a").click()
    page.wait_for_url(re.compile(r"//[^/]+/questions/"))


def test_nothing_found_leads_to_all_questions(visit: Visit) -> None:
    type_in(visit, "gather")
    visit.page.locator(".md-search__input").fill("zzzzqqqq")
    expect(visit.page.locator(".search-status")).to_contain_text("No page found")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(re.compile(r"/questions/"))


def test_it_can_be_tried_again_after_a_failure(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/search-pages.json", lambda route: route.abort())
    page.goto(f"{address}tasks/states/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    expect(page.locator(".search-status")).to_contain_text("could not be loaded")
    page.unroute("**/search-pages.json")
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()
    page.keyboard.press("/")
    page.keyboard.type("gather")
    page.wait_for_selector(LINK)
    page.close()


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible_while_it_is_open(visit: Visit, width: int, scheme: str) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 780})
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    page.add_style_tag(content="* { transition: none !important; animation: none !important }")
    if width == 390:
        page.locator(".md-header [for=__search]").first.click()
        page.keyboard.type("cancel a task")
        page.wait_for_selector(LINK)
    else:
        type_in(visit, "cancel a task")
    page.wait_for_load_state("networkidle")
    axe.inject(page)
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_box_leads_to_all_questions(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    for width in (390, 1280):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}tasks/states/")
        if width == 390:
            page.locator(".md-header__button[for=__search]").click()
        page.locator(".md-search__input").fill("gather")
        page.locator(".md-search__input").press("Enter")
        page.wait_for_url(re.compile(r"/questions/"))
        assert page.get_by_text("How do I run a list of coroutines?").is_visible()
    context.close()
