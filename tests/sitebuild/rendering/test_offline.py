"""The copy of the site that opens from disk: its links, its modules, its data."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect
from sample_project import SampleProject

from sitebuild.commands.offline import pack
from sitebuild.rendering.offline import offline_page

ADDRESS = re.compile(r'<[a-z][^<>]*?\s(?:href|src|data-record)="([^"]*)"')
FILES = {"index.html", "a/index.html", "a/b/index.html", "assets/x.js", "examples/c/d.json"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleProject:
    sample = SampleProject(tmp_path_factory.mktemp("offline"))
    (sample.root / "docs/tasks").mkdir()
    sample.page("tasks/states", "good", text="[Home](../index.md)\n\n## More { #more }\n")
    sample.page("index", "good", text="[States](tasks/states.md#more)")
    (sample.root / "redirects.txt").write_text("/old/ /tasks/states/\n", encoding="utf-8")
    ran = sample.run("offline")
    assert ran.returncode == 0, ran.stderr
    assert "awaited-offline.zip" in ran.stdout
    return sample


@pytest.fixture(scope="module")
def unpacked(sample: SampleProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(sample.root / "awaited-offline.zip") as archive:
        archive.extractall(folder)
    return folder / "awaited-offline"


@pytest.mark.parametrize(
    ("address", "relative"),
    [
        ("/", "../index.html"),
        ("../", "../index.html"),
        ("..", "../index.html"),
        ("b/", "b/index.html"),
        ("/a/b/#c", "b/index.html#c"),
        ("/assets/x.js?v=1", "../assets/x.js?v=1"),
        *((same, same) for same in ("#top", "", "https://example.org/", "mailto:a@b.c", "//a/b")),
    ],
)
def test_an_address_leads_to_a_file(address: str, relative: str) -> None:
    html, _ = offline_page(f'<p>href="/"</p><a class=x href="{address}">', "a/index.html", FILES)
    assert html == f'<p>href="/"</p><a class=x href="{relative}">'


def test_a_page_loads_its_modules_by_the_copy_s_own_script() -> None:
    page = (
        '<meta charset="utf-8"><script src="/assets/x.js" type="module"></script>'
        '<script type="module" src="../assets/x.js"></script><script src="/assets/x.js"></script>'
    )
    html, modules = offline_page(page, "a/index.html", FILES)
    assert modules == ["assets/x.js", "assets/x.js"]
    assert html == (
        '<meta charset="utf-8"><script src="../assets/offline.js"'
        ' data-modules="assets/x.js assets/x.js"></script><script src="../assets/x.js"></script>'
    )


def addresses(folder: Path) -> Iterator[tuple[str, str]]:
    for page in sorted(folder.rglob("*.html")):
        file = page.relative_to(folder).as_posix()
        for address in ADDRESS.findall(page.read_text(encoding="utf-8")):
            yield file, address


def test_every_link_of_the_copy_leads_to_a_file_in_it(unpacked: Path) -> None:
    found = [*addresses(unpacked)]
    assert len(found) > 50
    for file, address in found:
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or re.match(r"[a-z]+:", path):
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        data = target.endswith(".json")
        assert (unpacked / (f"{target}.js" if data else target)).is_file(), f"{file}: {address}"


def test_equal_sites_make_equal_zips(sample: SampleProject) -> None:
    before = (sample.root / "awaited-offline.zip").read_bytes()
    assert pack(sample.project).read_bytes() == before


@pytest.mark.browser
def test_the_copy_works_in_a_browser(unpacked: Path, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.on("pageerror", lambda error: said.append(str(error)))
    start = unpacked.as_uri()
    page.goto(f"{start}/index.html")
    page.locator("article a", has_text="States").click()
    expect(page).to_have_url(f"{start}/tasks/states/index.html#more")
    page.locator(".stepper-open").click()
    expect(page.locator(".stepper")).to_be_visible()
    page.locator(".run-facts a", has_text="own page").click()
    expect(page).to_have_url(f"{start}/examples/chapter/good/index.html")
    page.locator(".stepper-open").click()
    expect(page.locator(".stepper")).to_be_visible()
    page.goto(f"{start}/old/index.html")
    expect(page).to_have_url(f"{start}/tasks/states/index.html")
    page.goto(f"{start}/embed/chapter/good/index.html")
    page.locator(".stepper-open").click()
    expect(page.locator(".stepper")).to_be_visible()
    assert page.evaluate("fetch('nothing.json').catch((error) => error.name)") == "TypeError"
    page.close()
    assert [text for text in said if "nothing.json" not in text and "ERR_FILE" not in text] == []
