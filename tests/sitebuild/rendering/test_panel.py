"""Which parts of an example a panel shows."""

from __future__ import annotations

import re

import pytest
from sample_project import GOOD, SampleProject

from sitebuild.checks.page_parser import parse_page
from sitebuild.commands import build
from sitebuild.content import examples
from sitebuild.content.examples import ExampleError
from sitebuild.content.show_options import ShowOptions
from sitebuild.rendering.panel import panel_of
from sitebuild.rendering.run_pictures import Run
from sitebuild.rendering.show import show

BLOCK = '```python exec="on" html="on"\nfrom sitebuild import show\n\nprint({})\n```\n'


def test_a_picture_alone_does_not_say_whose_it_is(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root)
    html = str(show("chapter/good", only="picture"))
    (svg,) = re.findall(r"(?s)<figure[^>]*>(<svg.*</svg>)</figure>", html)
    assert "<title>Timeline of a program: 1 task, 1.000 s</title>" in svg
    assert "good.py" not in svg and "chapter" not in svg
    assert "<title>prints a line</title>" in svg and "hello" not in svg
    (legend,) = re.findall(r"(?s)<details.*</details>", html)
    assert re.sub("(?s)<svg.*?</svg>", "", legend) == (
        '<details class="run-legend"><summary>How to read this picture</summary><ul>'
        "<li> a turn: the task runs, and no other task does</li>"
        "<li> waiting for whatever is named above the line</li>"
        "<li> a printed line</li><li> returned</li></ul></details>"
    )
    titles = re.findall("<title>(.*?)</title>", legend)
    assert titles == ["runs", "waits", "prints"], "they say what is in the picture"
    assert html.replace(svg, "").replace(legend, "") == (
        '<div class="run" data-example="chapter/good" data-shows="picture">'
        '<figure class="run-picture" tabindex="0"></figure></div>\n'
    )
    assert "Timeline of examples/chapter/good.py" in show("chapter/good")


def test_a_site_with_a_picture_alone_is_whole_and_search_does_not_find_it(
    sample: SampleProject,
) -> None:
    sample.example(
        "other", GOOD.replace("hello", "ValueError: a rare word"), "ValueError: a rare word\n"
    )
    call = 'show("chapter/other", only="picture")'
    sample.page("index", "good", text=BLOCK.format(call))
    assert build.build(sample.project) == []
    assert sample.read().count('<figure class="run-picture" tabindex="0"><svg class="ls"') == 2
    assert sample.read().count('<details class="run-legend">') == 2
    assert "a rare word" not in sample.read()
    assert "ValueError" not in sample.read("assets/search-pages.json")


def test_two_runs_stand_in_one_picture_and_what_has_changed_is_marked(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    slower = GOOD.replace("sleep(1)", "sleep(2)")
    assert slower != GOOD
    sample.example("slower", slower, "hello\n")
    sample.page("index", "good", text=BLOCK.format('show("chapter/slower", beside="chapter/good")'))
    assert build.build(sample.project) == []
    html = sample.read()
    (picture,) = re.findall(r"(?s)<figure[^>]*>(<svg.*?</svg>)</figure>", html)[-1:]
    headings = re.findall(r'<text class="heading"[^>]*>(.*?)</text>', picture)
    assert headings == ["good.py", "slower.py"]
    assert "returned at 1.000 s" in picture and "returned at 2.000 s" in picture
    assert "line-changed" in html, "the line that differs is marked"
    assert "<loop-stepper" in html
    # a change of the other example changes the picture
    sample.example("good", GOOD.replace("sleep(1)", "sleep(3)"), "hello\n")
    assert build.build(sample.project) == []
    assert "returned at 3.000 s" in sample.read()


def test_a_picture_of_a_python_that_is_not_here_is_said_to_be_missing(
    sample: SampleProject,
) -> None:
    project = sample.project
    run = Run(examples.find(project)["chapter/good"], None, project)
    html = panel_of(run, ShowOptions(only="picture"), None, link=True)
    assert re.fullmatch(
        r"<div [^>]*><figure [^>]*>No picture: the machine [^<]*\.</figure></div>\n", html
    )


def test_a_program_without_tasks_has_no_picture(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.example("plain", '"""T."""\n\nprint(1)\n', "1\n")
    monkeypatch.chdir(sample.root)
    message = "examples/chapter/plain.py: its run has no task to draw"
    with pytest.raises(ExampleError, match=message):
        show("chapter/plain", only="picture")


@pytest.mark.parametrize(
    ("inside", "empty"), [("<svg><title>x</title></svg>", False), ("<svg></svg>", True)]
)
def test_an_empty_picture_is_noticed(inside: str, empty: bool) -> None:
    html = f'<div class="run" data-example="a/b"><figure>{inside}</figure></div>'
    assert [panel.empty for panel in parse_page(html).panels] == [empty]
