"""The listing of an example: what of its source is shown, and what is marked in it."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, Page
from sample_project import GOOD, SampleProject

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
def listing(sample: SampleProject, monkeypatch: pytest.MonkeyPatch) -> Listing:
    """Shows the source of an example, and returns its HTML."""
    sample.example("old", OLD, "connecting\na\nconnecting\nb\n")
    sample.example("new", NEW, "")
    monkeypatch.chdir(sample.root)

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
    sample: SampleProject, listing: Listing
) -> None:
    sample.example("less", OLD.replace('    print(await fetch("b"))\n', ""), "connecting\na\n")
    removed = [("lines-removed", "1 line removed")]
    assert marked(listing("less", since="chapter/old", part="def main")) == removed
    with pytest.raises(ExampleError, match="nothing of what is shown has changed"):
        listing("less", since="chapter/old", part="def fetch")
    sample.example("more", OLD.rstrip("\n") + "\n    print(1)\n", "connecting\na\n")
    assert marked(listing("old", since="chapter/more")) == removed


def test_a_line_can_be_lit_up_and_marked(listing: Listing) -> None:
    html = listing("new", since="chapter/old", light="TaskGroup")
    assert re.search(r'<ins class="hll line-added">.*TaskGroup', html)


def test_a_title_alone_is_no_change(sample: SampleProject, listing: Listing) -> None:
    sample.example("twin", OLD.replace("Fetch one", "Get one"), "connecting\na\nconnecting\nb\n")
    message = (
        "examples/chapter/twin.py: nothing of what is shown has changed since chapter/old;"
        " leave out `since`, or show more"
    )
    with pytest.raises(ExampleError, match=message):
        listing("twin", since="chapter/old")
    with pytest.raises(ExampleError, match="nothing of what is shown has changed"):
        listing("old", since="chapter/old")


def test_a_comparison_that_shows_nothing_is_named_with_file_and_line(
    sample: SampleProject, listing: Listing
) -> None:
    call = 'print(show("chapter/new", since="chapter/new"))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    sample.page("index", "good", text=block)
    (problem,) = build.build(sample.project)
    assert str(problem).startswith(
        "docs/index.md: line 12: examples/chapter/new.py: nothing of what is shown has changed"
    )


def test_an_example_to_compare_with_that_is_not_there_is_named(listing: Listing) -> None:
    with pytest.raises(ExampleError, match=r"examples/chapter/gone\.py is missing"):
        listing("new", since="chapter/gone")


def test_a_built_page_leads_to_the_example_that_it_compares_with(
    sample: SampleProject, listing: Listing
) -> None:
    call = 'print(show("chapter/new", since="chapter/old", output=False))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    sample.page("index", "good", "old", text=block)
    assert build.build(sample.project) == []
    assert 'since <a href="/examples/chapter/old/">chapter/old</a>' in sample.read()
    assert len(marked(sample.read())) == 6


BLANK = '<span class="blank" role="img" aria-label="blank">______</span>'


def test_a_blank_hides_a_text_wherever_it_is(listing: Listing) -> None:
    html = listing("old", blank="await fetch")
    assert html.count(BLANK) == 2 and "await fetch" not in text(html)
    assert 'print(______("a"))' in text(html) and 'print(______("b"))' in text(html)
    html = listing("new", blank=("TaskGroup", "asyncio.TaskGroup()"), part="def main")
    assert "async with ______ as group:" in text(html)


def test_a_prediction_has_neither_title_nor_name_which_may_give_it_away(
    sample: SampleProject, listing: Listing
) -> None:
    for options in ({}, {"part": "def main"}, {"blank": "TaskGroup"}):
        html = text(listing("new", **options))
        assert "new.py" not in html and "Fetch both" not in html and "async def main" in html
    assert "new.py" in text(listing("new", output=True)) + text(listing("new", since="chapter/old"))
    assert "Fetch both" in text(listing("new", output=True))
    sample.example("only", '"""Say nothing."""\n', "")
    assert "Say nothing" in text(listing("only")), "nothing else would be left"


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


def test_a_blank_needs_a_program_without_blanks(sample: SampleProject, listing: Listing) -> None:
    sample.example("ruled", OLD.replace('"connecting"', '"________"'), "________\na\n________\nb\n")
    with pytest.raises(ExampleError, match="it has a ______ already"):
        listing("ruled", blank="fetch")


def copied(html: str) -> str:
    """What the theme's button copies: `data-copy` around the code, or else the code's text."""
    found = re.search(r'<div class="highlight run-source" data-copy="([^"]*)">', html)
    return unescape(found[1]) if found else text(re.search(r"(?s)<code>(.*)</code>", html)[1])


def test_an_excerpt_says_so_and_leads_to_the_whole_program(
    sample: SampleProject, listing: Listing
) -> None:
    link = 'excerpt from the <a href="/examples/chapter/new/">full program</a>'
    assert link in listing("new", part="def main", output=True)
    assert "excerpt" not in listing("new")
    for options in ({}, {"blank": "TaskGroup"}):
        hidden = listing("new", part="def main", **options)
        assert "excerpt</span>" in hidden and "href" not in hidden  # which would give it away
    call = 'print(show("chapter/new", part="def main"))'
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{call}\n```\n'
    sample.page("index", "good", "old", text=block)
    assert build.build(sample.project) == []
    assert link in sample.read()
    assert "excerpt" not in sample.read("examples/chapter/new/index.html")


def test_what_is_copied_is_the_program_that_runs(sample: SampleProject, listing: Listing) -> None:
    for options in ({}, {"part": "def main"}, {"light": "sleep"}, {"since": "chapter/old"}):
        assert copied(listing("new", **options)) == NEW, options
    assert "data-copy" not in listing("new", output=True)  # its own text will do
    assert "data-copy" not in listing("new", part="def main", blank="TaskGroup")
    header = "# /// script\n# [tool.loopscope]\n# timeout = 3\n# ///\n\n"
    told = OLD.replace("\n\n", f"\n\n{header}", 1).replace('"connecting"', "'<\"&amp;\">'")
    sample.example("told", told, '<"&amp;">\na\n<"&amp;">\nb\n')
    assert copied(listing("told")) == told and "///" not in text(listing("told"))


FAILING = '''\
"""Fail in a task."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


async def fail() -> None:
    raise ValueError("no")


async def main() -> None:
    await asyncio.create_task(fail())


if __name__ == "__main__":
    asyncio.run(main())
'''


def numbers(html: str) -> dict[int, str]:
    """The numbered lines of a listing."""
    found = re.findall(r'<span class="line-number" data-number="(\d+)"></span>(.*)', html)
    return {int(number): text(line).strip() for number, line in found}


def test_lines_have_the_numbers_that_a_traceback_names(
    sample: SampleProject, listing: Listing
) -> None:
    sample.example("fails", FAILING, None)
    assert sample.run("update", "chapter/fails").returncode == 0
    html = listing("fails", output=True)
    named = re.findall(r'File "examples/chapter/fails\.py", line (\d+), in ', text(html))
    assert len(named) == 3
    lines = FAILING.splitlines()
    for number in map(int, named):
        assert numbers(html)[number] == lines[number - 1].strip()
    # of the file, whose lines 3 to 7 are not listed
    assert list(numbers(html)) == [1, 2, *range(8, 21)]
    assert list(numbers(listing("fails", part="def fail", light="raise"))) == [11, 12]
    assert copied(html) == FAILING


def test_lines_have_the_numbers_that_a_warning_names(
    sample: SampleProject, listing: Listing
) -> None:
    sample.example("warns", '"""Warn."""\n\nimport warnings\n\nwarnings.warn("no")\n', None)
    assert sample.run("update", "chapter/warns").returncode == 0
    assert numbers(listing("warns", output=True))[5] == 'warnings.warn("no")'


def test_lines_have_no_numbers_where_nothing_names_them(
    sample: SampleProject, listing: Listing
) -> None:
    told = OLD.replace('"connecting"', """'File "examples/chapter/old.py", line 1'""")
    sample.example("tells", told, None)
    assert sample.run("update", "chapter/tells").returncode == 0
    for name in ("old", "tells"):
        assert "line-number" not in listing(name, output=True)


@pytest.fixture
def visited(sample: SampleProject, browser: Browser) -> Iterator[Page]:
    """A page with each kind of listing, in a browser that may read what was copied."""
    sample.example("old", OLD, "connecting\na\nconnecting\nb\n")
    sample.example("new", NEW, "")
    sample.example("fails", FAILING, None)
    assert sample.run("update", "chapter/fails").returncode == 0
    calls = [
        '"chapter/old"',
        '"chapter/old", light="sleep", output=False',
        '"chapter/new", since="chapter/old", output=False',
        '"chapter/new", part="def main", output=False',
        '"chapter/fails"',
        '"chapter/new", blank="TaskGroup", output=False',
    ]
    shown = "\n".join(f"print(show({call}))" for call in calls)
    block = f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{shown}\n```\n'
    sample.page("index", "good", text=block)
    folder = str(sample.root / "site")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        ran = sample.run("build", AWAITED_SITE=address)
        assert ran.returncode == 0, ran.stderr
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(address)
        yield page
        context.close()
        server.shutdown()


@pytest.mark.browser
def test_the_button_copies_the_program_from_every_listing(visited: Page) -> None:
    visited.wait_for_selector(".run-source button")
    sources = visited.locator(".run-source")
    programs = [GOOD, OLD, OLD, NEW, NEW, FAILING]
    assert sources.count() == len(programs) + 1
    for index, program in enumerate(programs):
        sources.nth(index).hover()
        sources.nth(index).locator("button").click()
        copied = visited.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == program.strip(), index
    assert sources.last.locator("button").count() == 0


@pytest.mark.browser
def test_numbers_signs_and_notes_are_seen_but_not_selected(visited: Page) -> None:
    number = visited.locator(".line-number").first
    assert number.bounding_box()["width"] > 10
    for mark in ("ins.line-added", "ins.line-changed", ".lines-removed"):
        content = "element => getComputedStyle(element, '::before').content"
        assert visited.locator(mark).first.evaluate(content) not in ("none", "normal"), mark
    prediction = NEW.partition("\n\n")[2]  # without its title
    for index, program in ((3, prediction), (5, FAILING)):
        code = visited.locator(".run-source code").nth(index)
        code.evaluate("element => getSelection().selectAllChildren(element)")
        selected = visited.evaluate("getSelection().toString()")
        shown = re.sub(r"(?s)# ///.*# ///\n\n", "", program)
        assert [line for line in selected.splitlines() if line.strip()] == [
            line for line in shown.splitlines() if line.strip()
        ]
