"""The page for wrong addresses, and how its script finds what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from javascript import run_module
from paths import ROOT
from sample_project import SampleProject

from sitebuild.commands import build
from sitebuild.content import examples, pages
from sitebuild.project import Project
from sitebuild.rendering import not_found


def test_the_list_names_each_page_and_each_example(sample: SampleProject) -> None:
    sample.page("second", "good")
    assert build.build(sample.project) == []
    assert json.loads(sample.read("addresses.json")) == [
        ["", "index"],
        ["second/", "second"],
        ["examples/chapter/good/", "Example: A greeting"],
    ]


def test_nothing_on_the_page_is_relative(sample: SampleProject) -> None:
    ran = sample.run("build", AWAITED_SITE="http://127.0.0.1:8000/a/folder/")
    assert ran.returncode == 0, ran.stderr
    page = sample.read("404.html")
    assert 'data-addresses="/a/folder/addresses.json"' in page
    assert '<form action="/a/folder/." method="get"' in page
    assert "<title>Page not found - Awaited</title>" in page
    # an example's own page, whose frame it is, has none of it
    example = sample.read("examples/chapter/good/index.html")
    assert "not-found" not in example and "<title>A greeting · asyncio - Awaited</title>" in example


MEANT = {
    "many/gahter/": "many/gather/",
    "gather": "many/gather/",
    "tasks/gather/index.html": "many/gather/",
    "Tasks/Create_Task": "tasks/create-task/",
    "tasks/create-task.html": "tasks/create-task/",
    "reference/glosary/": "reference/glossary/",
    "examples/tasks/two_task/": "examples/tasks/two_tasks/",
    "errors/time-outs/": "errors/timeouts/",
    "loop/get_event_loop/": "loop/get-event-loop/",
    "docs/sync/queue/": "sync/queues/",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the script offers for each wrong address, in the order in which it does."""
    folder = tmp_path_factory.mktemp("script")
    project = Project(ROOT)
    not_found.write(folder, pages.find(project), examples.find(project).values())
    printed = run_module(
        'import fs from "node:fs";\nimport { closest } from "./not-found.js";\n'
        'const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));\n'
        'const addresses = read("addresses.json");\n'
        "const found = Object.fromEntries(read(0).map((asked) =>"
        " [asked, closest(asked, addresses).map(([address]) => address)]));\n"
        "console.log(JSON.stringify(found));\n",
        folder,
        json.dumps([*MEANT, *NOTHING]),
        [ROOT / "overrides/assets/not-found.js"],
    )
    return json.loads(printed)


NOTHING = ["", "/", "wp-login.php", "%E0%A4%A", "xyzzy/", "index.html", "2019/foo.html"]


@pytest.mark.parametrize("asked", MEANT)
def test_what_was_meant_is_offered_first(asked: str, found: dict[str, list[str]]) -> None:
    assert found[asked][0] == MEANT[asked]
    assert len(found[asked]) <= 4


@pytest.mark.parametrize("asked", NOTHING)
def test_where_nothing_is_close_nothing_is_offered(asked: str, found: dict[str, list[str]]) -> None:
    assert found[asked] == []


def test_the_script_needs_nothing_but_this_list(site: Path) -> None:
    addresses = json.loads((site / not_found.FILE).read_text(encoding="utf-8"))
    assert all((site / address / "index.html").is_file() for address, _ in addresses)
