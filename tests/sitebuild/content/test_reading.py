"""How long a page takes to read."""

from __future__ import annotations

import pytest
from sample_project import SampleProject

from sitebuild.content import pages, reading


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two, three: it's a four-word text.", 7),
        ("- a list\n- of `code here` and **bold**", 7),
        ('## A heading { #an-id data-also="x" }', 2),
        ('See [two words](a/long-link.md#x "with a title") & <b class="x y">three</b>', 4),
        ("| a | b |\n| --- | --- |\n| c | d |", 4),
        ("", 0),
    ],
)
def test_words_are_counted_and_markup_is_not(text: str, words: int) -> None:
    assert reading.count_words(text, []) == words


def test_blocks_that_show_examples_are_no_prose(sample: SampleProject) -> None:
    page = sample.root / "docs/page.md"
    block = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/good"))\n```'
    indented = block.replace("\n", "\n    ")
    page.write_text(
        f'---\ntitle: "T"\n---\n# A title\n\nOne\n\n{block}\n\n??? note "Two"\n\n    {indented}\n\nthree\n',
        encoding="utf-8",
    )
    read = pages.read(sample.project, page)
    assert len(read.calls) == 2
    assert read.words == len(["A", "title", "One", "note", "Two", "three"])


@pytest.mark.parametrize(
    ("words", "lines", "expected"), [(0, 0, 1), (200, 0, 1), (600, 0, 3), (600, 90, 6)]
)
def test_minutes_are_those_of_words_and_lines(words: int, lines: int, expected: int) -> None:
    assert reading.minutes(words, lines) == expected
