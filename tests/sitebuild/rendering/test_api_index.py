"""The index of asyncio's names."""

from __future__ import annotations

import re
from pathlib import Path

from paths import ROOT
from sample_project import SampleProject

from sitebuild.content import api_names, examples
from sitebuild.content.pages import LONGEST
from sitebuild.project import Project
from sitebuild.records import api_facts
from sitebuild.rendering import api_index

PROJECT = Project(ROOT)
NAMES = api_names.load(PROJECT)
PAGE = (ROOT / "docs" / api_index.PAGE).read_text(encoding="utf-8")


def test_the_page_is_as_generated() -> None:
    uses = api_index.find_uses(examples.find(PROJECT), NAMES)
    made = api_index.generate(PROJECT, NAMES, api_facts.load(PROJECT), uses)
    assert made == PAGE, f"docs/{api_index.PAGE}: run `make update`"


def test_it_has_room_to_grow() -> None:
    """Each name that an example begins to use makes the page longer by a link."""
    unused = len(api_facts.load(PROJECT).unused)
    assert len(PAGE) + 45 * unused < LONGEST


def test_each_name_has_an_anchor_of_its_own(site: Path) -> None:
    html = (site / "reference/api/index.html").read_text(encoding="utf-8")
    ids = re.findall(r' id="(asyncio\.[^"]*)"', html)
    assert ids == [f"asyncio.{id}" for id in NAMES.ids]


def entry(id: str) -> str:
    """What the page says of a name."""
    return PAGE.split(f"{{ #asyncio.{id} }}\n")[1].split(" { #")[0]


def test_an_entry_says_since_when_where_it_is_taught_and_used() -> None:
    assert "Python 3.11 to 3.15 · lesson: [" in entry("timeout")
    assert "](../errors/timeouts.md) · [Python's reference](https://docs.python.org/3/" in entry(
        "timeout"
    )
    assert "asyncio-task.html#asyncio.timeout)" in entry("timeout")
    assert 'examples/?uses=timeout">all ' in entry("timeout")
    assert "*Python 3.15 · " in entry("TaskGroup.cancel")
    assert "Python 3.10 to 3.13 · " in entry("get_child_watcher")
    assert "Python 3.10 only · " in entry("coroutine")
    assert "Python's reference" not in entry("AbstractServer")
    assert "extends [`Queue`](#asyncio.Queue)" in entry("LifoQueue")


def test_a_name_that_no_example_uses_says_so() -> None:
    for id in NAMES.ids:
        says = "no example uses it yet" in entry(id).split("`{ #")[0].split("\n`")[0]
        assert says == (id in api_facts.load(PROJECT).unused), id


def test_examples_of_the_lesson_come_first() -> None:
    first = re.search(r'examples/([a-z_/]+)/">', entry("gather"))[1]
    assert f'show("{first}"' in (ROOT / "docs/many/gather.md").read_text(encoding="utf-8")


def test_update_writes_the_page_once(sample: SampleProject) -> None:
    (sample.root / "docs/reference").mkdir()
    (sample.root / "docs/reference/api.toml").write_text(
        '[g]\ntitle = "Group"\nreference = "3/library/asyncio-task"\n[g.names.sleep]\nline = "Waits."\n',
        encoding="utf-8",
    )
    assert api_index.write(sample.project) == [
        "docs/reference/api-facts.txt: brought up to date",
        "docs/reference/api.md: made from api.toml",
    ]
    assert api_index.write(sample.project) == []
    page = (sample.root / "docs/reference/api.md").read_text(encoding="utf-8")
    assert "### `asyncio.sleep()` { #asyncio.sleep }\n\nWaits.\n" in page
    assert "examples/chapter/good/" in page
