"""Colours and sizes of pictures and panels stand in tokens.css, and whatever shows a run takes them
from there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paths import ROOT

from loopscope import Step, Task, Trace, Wait
from loopscope.views import page, timeline
from sitebuild.rendering import stepper_data
from sitebuild.rendering.templating import render

TOKENS = ROOT / "loopscope/views/tokens.css"
USERS = sorted(
    path
    for folder in ("loopscope/views", "docs/assets", "sitebuild/rendering", "overrides")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".css", ".js", ".py", ".jinja", ".html") and path.name != TOKENS.name
)
OURS = [
    path
    for path in USERS
    if path.is_relative_to(ROOT / "loopscope") or path.name in ("embed.css", "listing.css")
]
COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
VALUES = dict(re.findall(r"(--ls-[\w-]+):\s*([^;]+);", TOKENS.read_text(encoding="utf-8")))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def a_run() -> Trace:
    steps = (
        Step(0.0, 0.0, "task", 1, None, 1, 1, Wait("sleep", seconds=1)),
        Step(1.0, 1.0, "task", 1, None, 1, None, None),
    )
    return Trace(
        "3.13",
        "x.py",
        "virtual",
        1.0,
        0,
        tasks=(Task(1, "Task-1", "main", 1, None, 0.0, 1.0, "returned"),),
        steps=steps,
    )


def test_each_token_that_is_used_is_there_and_each_that_is_there_is_used() -> None:
    used = {name for path in USERS for name in re.findall(r"var\(\s*(--ls-[\w-]+)", text_of(path))}
    assert used == set(VALUES)


@pytest.mark.parametrize("path", USERS, ids=name_of)
def test_no_token_has_a_second_value_elsewhere(path: Path) -> None:
    text = text_of(path)
    assert re.findall(r"var\(\s*--ls-[\w-]+\s*,", text) == [], "a fallback is a second value"
    # The theme's own colours may take the place of ours; they stand in the theme.
    assert re.findall(r"--ls-[\w-]+\s*:(?!\s*var\(--md-)", text) == []
    values = {
        colour.lower() for value in VALUES.values() for colour in re.findall(r"#[0-9a-f]+", value)
    }
    assert values & {colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", text)} == set()


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_where_no_theme_is_all_colours_are_tokens(path: Path) -> None:
    assert COLOUR.findall(text_of(path)) == []


def test_what_stands_alone_holds_the_tokens_and_what_stands_in_a_page_does_not() -> None:
    tokens = text_of(TOKENS)
    assert timeline.draw(a_run(), alone=True).count(tokens) == 1
    assert page.render(a_run(), "").count(tokens) == 1
    assert not any(value in timeline.draw(a_run()) for value in VALUES.values())


def test_the_site_and_its_examples_to_embed_link_the_tokens_before_what_uses_them() -> None:
    embed = render(
        "embed.html.jinja", title="x", heading="x", panel="", name="a/b", address="", canonical=""
    )
    sheets = re.findall(r'<link rel="stylesheet" href="[^"]*/([\w.]+)"', embed)
    assert sheets == ["tokens.css", "embed.css", "listing.css", "stepper.css"]
    assert re.search(r"(?m)^extra_css: \[assets/tokens\.css, ", text_of(ROOT / "mkdocs.yml"))
    assert stepper_data.assets()["assets/tokens.css"] == text_of(TOKENS)
