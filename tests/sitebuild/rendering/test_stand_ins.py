"""What stands in for panels: no page can write one, and none is lost, moved or left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_project import GOOD, SampleProject

from sitebuild.content.show_calls import ShowCall
from sitebuild.content.show_options import ShowOptions
from sitebuild.rendering import stand_ins
from sitebuild.rendering.stand_ins import StandInError

SECRET = "5ec2e7" * 6
FIRST, SECOND = (
    ShowCall("chapter/good", options, 1)
    for options in (ShowOptions(), ShowOptions(light=('<a "b">',)))
)


@pytest.fixture
def parts() -> list[str]:
    """What stands in for two calls."""
    return [str(stand_ins.stand_in(SECRET, call)) for call in (FIRST, SECOND)]


def test_each_panel_comes_to_stand_in_its_place(parts: list[str]) -> None:
    page = f"<p>a</p>{parts[0]}<p>b</p>{parts[1]}<p>c</p>"
    filled = stand_ins.fill(page, SECRET, [(FIRST, "<i>\\1</i>"), (SECOND, "<b>2</b>")])
    assert filled == "<p>a</p><i>\\1</i><p>b</p><b>2</b><p>c</p>"


FORGED = {
    "one too many": "{0}{1}{0}",
    "one too few": "{0}",
    "the other order": "{1}{0}",
    "one that is not whole": "{0}{cut}",
    "one with markup in it": "{0}{marked}",
    "the secret beside them": "{0}{1}{secret}",
    "none": "",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_page_with_others_than_were_proven_is_refused(parts: list[str], forged: str) -> None:
    page = FORGED[forged].format(
        *parts,
        cut=parts[1].replace("</div>", ""),
        marked=parts[1].replace("></div>", "><img></div>", 1),
        secret=SECRET,
    )
    with pytest.raises(StandInError, match="but the built page has"):
        stand_ins.fill(page, SECRET, [(FIRST, ""), (SECOND, "")])


def test_what_a_page_writes_itself_is_none(sample: SampleProject) -> None:
    forged = (
        '<div class="run" data-stand-in="{secret}" data-call="show(&#39;chapter/good&#39;)"></div>'
    )
    text = "\n\n".join(forged.format(secret=secret) for secret in ("", "0" * 32, ".*", "[^&#34;]*"))
    sample.page("index", "good", text=text)
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    page = sample.read()
    assert page.count('data-example="chapter/good" data-shows') == 1
    assert page.count("data-stand-in") == 4


def test_no_two_builds_have_the_same_secret_and_no_file_tells_it(
    sample: SampleProject, tmp_path: Path
) -> None:
    # an engine that tells what it was given
    sample.example("good", GOOD, "hello\n")
    seen = []
    for _ in range(2):
        ran = sample.run("build")
        assert ran.returncode == 0, ran.stderr
        site = sample.root / "site"
        seen.append({path: path.read_bytes() for path in site.rglob("*") if path.is_file()})
        assert not any(b"data-stand-in" in data for data in seen[-1].values())
    assert seen[0] == seen[1]


def test_a_stand_in_outside_of_the_pages_is_found(tmp_path: Path) -> None:
    for name, text in (("404.html", SECRET), ("a/b.json", f"x{SECRET}"), ("c.html", "fine")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert stand_ins.left(tmp_path, SECRET) == ["404.html", "a/b.json"]


def test_a_block_that_markdown_moves_is_refused(sample: SampleProject) -> None:
    block = '    ```python exec="on" html="on"\n    from sitebuild import show\n\n    print(show("chapter/{}"))\n    ```\n'
    sample.example("other", GOOD, "hello\n")
    text = f"Words.[^1]\n\n[^1]:\n{block.format('other')}\n"
    page = f"# A page\n\n{text}\n" + re.sub("(?m)^    ", "", block.format("good"))
    (sample.root / "docs/index.md").write_text(page, encoding="utf-8")
    ran = sample.run("build")
    assert ran.returncode == 1
    assert "docs/index.md: it shows show('chapter/other'), show('chapter/good'), but" in ran.stderr
