"""The listing of an example: what of its source is shown, and what is marked in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from workshop import Workshop

from sitebuild.commands import build
from sitebuild.content.examples import ExampleError
from sitebuild.rendering.show import show

OLD = '''\
"""Fetch one after the other."""

import asyncio


async def fetch(name: str) -> str:
    print("connecting")
    await asyncio.sleep(1)
    return name


async def main() -> None:
    print(await fetch("a"))
    print(await fetch("b"))


if __name__ == "__main__":
    asyncio.run(main())
'''
NEW = '''\
"""Fetch both at once."""

import asyncio


async def fetch(name: str) -> str:
    await asyncio.sleep(2)
    return name


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch("a"))
        group.create_task(fetch("b"))


if __name__ == "__main__":
    asyncio.run(main())
'''

Listing = Callable[..., str]


@pytest.fixture
def listing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Listing:
    """Shows the source of an example, and returns its HTML."""
    workshop.example("old", OLD, "connecting\na\nconnecting\nb\n")
    workshop.example("new", NEW, "")
    monkeypatch.chdir(workshop.root)

    def listing(name: str, **options: object) -> str:
        return str(show(f"chapter/{name}", **{"output": False, **options}))

    return listing


def text(html: str) -> str:
    """What a piece of HTML says."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def marked(html: str) -> list[tuple[str, str]]:
    """The marks in a listing, in order: a class, and the line or the note."""
    found = re.findall(
        r'(?s)<ins class="(?:hll )?(line-[a-z]+)">(.*?)\n</ins>|<span class="(lines-removed)" data-note="(.*?)">',
        html,
    )
    return [(a or c, text(b or d).strip()) for a, b, c, d in found]


def test_lines_that_are_new_changed_or_gone_since_another_example_are_marked(
    listing: Listing,
) -> None:
    html = listing("new", since="chapter/old")
    assert marked(html) == [
        ("lines-removed", "1 line removed"),
        ("line-changed", "await asyncio.sleep(2)"),
        ("lines-removed", "2 lines removed"),
        ("line-added", "async with asyncio.TaskGroup() as group:"),
        ("line-added", 'group.create_task(fetch("a"))'),
        ("line-added", 'group.create_task(fetch("b"))'),
    ]
    note = 'changed since <a href="/examples/chapter/old/">chapter/old</a>'
    assert note in html
    assert marked(listing("new")) == [] and "changed since" not in listing("new")


def test_a_part_has_the_marks_that_it_has_in_its_program(listing: Listing) -> None:
    assert marked(listing("new", since="chapter/old", part="async def fetch")) == [
        ("lines-removed", "1 line removed"),
        ("line-changed", "await asyncio.sleep(2)"),
    ]
    assert [kind for kind, _ in marked(listing("new", since="chapter/old", part="def main"))] == [
        "lines-removed",
        *["line-added"] * 3,
    ]
    group = listing("new", since="chapter/old", part='group.create_task(fetch("a"))')
    assert marked(group) == [("line-added", 'group.create_task(fetch("a"))')]


def test_lines_removed_at_an_end_belong_to_the_statement_that_they_were_in(
    workshop: Workshop, listing: Listing
) -> None:
    workshop.example("less", OLD.replace('    print(await fetch("b"))\n', ""), "connecting\na\n")
    removed = [("lines-removed", "1 line removed")]
    assert marked(listing("less", since="chapter/old", part="def main")) == removed
    with pytest.raises(ExampleError, match="nothing of what is shown has changed"):
        listing("less", since="chapter/old", part="def fetch")
    workshop.example("more", OLD.rstrip("\n") + "\n    print(1)\n", "connecting\na\n")
    assert marked(listing("old", since="chapter/more")) == removed


def test_a_line_can_be_lit_up_and_marked(listing: Listing) -> None:
    html = listing("new", since="chapter/old", light="TaskGroup")
    assert re.search(r'<ins class="hll line-added">.*TaskGroup', html)


def test_a_title_alone_is_no_change(workshop: Workshop, listing: Listing) -> None:
    workshop.example("twin", OLD.replace("Fetch one", "Get one"), "connecting\na\nconnecting\nb\n")
    message = (
        "examples/chapter/twin.py: nothing of what is shown has changed since chapter/old;"
        " leave out `since`, or show more"
    )
    with pytest.raises(ExampleError, match=message):
        listing("twin", since="chapter/old")
    with pytest.raises(ExampleError, match="nothing of what is shown has changed"):
        listing("old", since="chapter/old")


def test_a_comparison_that_shows_nothing_is_named_with_file_and_line(
    workshop: Workshop, listing: Listing
) -> None:
    call = 'print(show("chapter/new", since="chapter/new"))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    workshop.page("index", "good", text=block)
    (problem,) = build.build(workshop.project)
    assert str(problem).startswith(
        "docs/index.md: line 12: examples/chapter/new.py: nothing of what is shown has changed"
    )


def test_an_example_to_compare_with_that_is_not_there_is_named(listing: Listing) -> None:
    with pytest.raises(ExampleError, match=r"examples/chapter/gone\.py is missing"):
        listing("new", since="chapter/gone")


def test_a_built_page_leads_to_the_example_that_it_compares_with(
    workshop: Workshop, listing: Listing
) -> None:
    call = 'print(show("chapter/new", since="chapter/old", output=False))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    workshop.page("index", "good", "old", text=block)
    assert build.build(workshop.project) == []
    assert 'since <a href="/examples/chapter/old/">chapter/old</a>' in workshop.read()
    assert len(marked(workshop.read())) == 6


BLANK = '<span class="blank" role="img" aria-label="blank">______</span>'


def test_a_blank_hides_a_text_wherever_it_is(listing: Listing) -> None:
    html = listing("old", blank="await fetch")
    assert html.count(BLANK) == 2 and "await fetch" not in text(html)
    assert 'print(______("a"))' in text(html) and 'print(______("b"))' in text(html)
    html = listing("new", blank=("TaskGroup", "asyncio.TaskGroup()"), part="def main")
    assert "async with ______ as group:" in text(html)
    html = listing("old", blank="one after the other")  # in the title, which is a string
    assert html.count(BLANK) == 1 and '"""Fetch ______."""' in text(html)


def test_a_blank_leaves_marks_and_lights_where_they_are(listing: Listing) -> None:
    html = listing("new", blank="TaskGroup()", light="TaskGroup()", since="chapter/old")
    assert ("line-added", "async with asyncio.______ as group:") in marked(html)
    assert re.search(r'<ins class="hll line-added">.*______', html)


def test_nothing_beside_a_blank_gives_it_away(listing: Listing) -> None:
    html = listing("new", blank="group.create_task")
    assert "create_task" not in html and "no-copy" in html
    assert "<svg" not in html and "loop-stepper" not in html and "download" not in html
    assert "no-copy" not in listing("new")


def test_a_text_to_hide_that_is_not_there_is_named(listing: Listing) -> None:
    message = "examples/chapter/new.py: no line of what is shown has 'gather' to hide"
    with pytest.raises(ExampleError, match=message):
        listing("new", blank=("TaskGroup", "gather"))
    with pytest.raises(ExampleError, match="has 'TaskGroup' to hide"):
        listing("new", blank="TaskGroup", part="def fetch")


def test_a_blank_needs_a_program_without_blanks(workshop: Workshop, listing: Listing) -> None:
    workshop.example(
        "ruled", OLD.replace('"connecting"', '"________"'), "________\na\n________\nb\n"
    )
    with pytest.raises(ExampleError, match="it has a ______ already"):
        listing("ruled", blank="fetch")


def copied(html: str) -> str:
    """What the theme's button copies: `data-copy` around the code, or else the code's text."""
    found = re.search(r'<div class="highlight run-source" data-copy="([^"]*)">', html)
    return unescape(found[1]) if found else text(re.search(r"(?s)<code>(.*)</code>", html)[1])


def test_an_excerpt_says_so_and_leads_to_the_whole_program(
    workshop: Workshop, listing: Listing
) -> None:
    link = 'excerpt of the <a href="/examples/chapter/new/">whole program</a>'
    assert link in listing("new", part="def main")
    assert "excerpt" not in listing("new")
    hidden = listing("new", part="def main", blank="TaskGroup")
    assert "excerpt</span>" in hidden and "href" not in hidden  # which would give it away
    call = 'print(show("chapter/new", part="def main"))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    workshop.page("index", "good", "old", text=block)
    assert build.build(workshop.project) == []
    assert link in workshop.read()
    assert "excerpt" not in workshop.read("examples/chapter/new/index.html")


def test_what_is_copied_is_the_program_that_runs(workshop: Workshop, listing: Listing) -> None:
    for options in ({}, {"part": "def main"}, {"light": "sleep"}, {"since": "chapter/old"}):
        assert copied(listing("new", **options)) == NEW, options
    assert "data-copy" not in listing("new")  # its own text will do
    assert "data-copy" not in listing("new", part="def main", blank="TaskGroup")
    header = "# /// script\n# [tool.loopscope]\n# timeout = 3\n# ///\n\n"
    told = OLD.replace("\n\n", f"\n\n{header}", 1).replace('"connecting"', "'<\"&amp;\">'")
    workshop.example("told", told, '<"&amp;">\na\n<"&amp;">\nb\n')
    assert copied(listing("told")) == told and "///" not in text(listing("told"))
