"""Whatever a name, an output or a record says stands on the page as text: templates escape, and no
HTML is made beside them.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from paths import ROOT
from sample_project import GOOD, SampleProject

from loopscope.trace.model import Output, Trace, Wait
from sitebuild.commands import addresses
from sitebuild.content import examples
from sitebuild.content.show_options import ShowOptions
from sitebuild.problem import Problem
from sitebuild.project import Project
from sitebuild.records import cache, runner
from sitebuild.rendering import example_pages
from sitebuild.rendering.example_places import Place
from sitebuild.rendering.frame import Frame
from sitebuild.rendering.panel import panel
from sitebuild.rendering.run_pictures import Run
from sitebuild.rendering.templating import render

shown = sys.modules["sitebuild.rendering.panel"]

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onmouseover='alert(1)' x='",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><b>",
    "&lt;i&gt; &amp; &#60;u&#62;",
    "</code></pre></div></article>",
    "{{ 7 * 7 }}{% raw %}",
    "`<b>`",
    "javascript:alert(1)",
]  # fmt: skip


def harmless(text: str) -> str:
    """A text of the same length in which nothing means anything to HTML; what stands between
    backquotes, sentences show as code.
    """
    return re.sub(r"[^\w `]", "x", text)


class Shape(HTMLParser):
    """Which tags a piece of HTML has, with which attributes, and what it says."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append((f"!{data}", ()))

    def unknown_decl(self, data: str) -> None:
        self.tags.append((f"!{data}", ()))


def uncoloured(shape: Shape) -> list[tuple[str, tuple[str, ...]]]:
    """Its tags without the colours of source code, which know a `%` from an `x`."""
    return [tag for tag in shape.tags if tag not in (("span", ("class",)), ("/span", ()))]


PROGRAM = '''\
"""Say {title}."""

import asyncio
import sys


async def work() -> None:
    await asyncio.sleep(1)
    print({text!r})
    print({text!r}, file=sys.stderr)


async def main() -> None:
    await asyncio.create_task(work(), name={text!r})


if __name__ == "__main__":
    asyncio.run(main())
'''


@pytest.fixture(scope="module")
def traces(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[SampleProject, dict[str, examples.Example], dict[str, Trace | None]]:
    """Each hostile text, and its harmless twin, in a program that says it in its title, its outputs
    and its task's name.
    """
    sample = SampleProject(tmp_path_factory.mktemp("hostile"))
    for number, text in enumerate(HOSTILE):
        for kind, words in (("hostile", text), ("harmless", harmless(text))):
            title = words.replace("\\", "").rstrip('"')  # or it would end the docstring
            sample.example(
                f"{kind}_{number}", PROGRAM.format(title=title, text=words), f"{words}\n{words}\n"
            )
            sample.example(
                f"{kind}_{number}",
                PROGRAM.format(title=title, text=words),
                f"{words} on another\n",
                suffix=".3.7.py",
            )
            (sample.root / f"examples/chapter/{kind}_{number}.3.7.py").unlink()
    every = examples.find(sample.project)
    runner.run(every.values(), sample.project)
    return (
        sample,
        every,
        {name: cache.load(example, sample.project) for name, example in every.items()},
    )


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=HOSTILE)
def test_a_title_an_output_and_a_task_s_name_are_text_on_every_page(
    number: int, traces: tuple
) -> None:
    sample, every, ran = traces
    pages = {}
    for kind in ("hostile", "harmless"):
        example = every[f"chapter/{kind}_{number}"]
        text = HOSTILE[number] if kind == "hostile" else harmless(HOSTILE[number])
        body = panel(example, ran[example.name], sample.project, link=False)
        own = example_pages._page(
            Run(example, ran[example.name], sample.project),
            body,
            Place([(f"a/{kind}/", text)], example.name, None),
            every,
            ["3.11.7"],
            None,
        )
        frame = Frame.read(
            '<html><head><title>x</title><link rel="icon"></head><body><article>x</article></body></html>'
        )
        pages[kind] = [
            Shape(str(html))
            for html in (
                body,
                frame.fill(example.title, own, Markup()),
                example_pages._embed(example, body),
            )
        ]
    for bad, good in zip(pages["hostile"], pages["harmless"], strict=True):
        assert uncoloured(bad) == uncoloured(good)
        assert bad.text.count(HOSTILE[number]) >= 2
        assert {"svg", "figure", "loop-stepper"} <= {tag for tag, _ in good.tags}
    # in the words, the title, and the list of pages too
    assert pages["hostile"][1].text.count(HOSTILE[number]) >= 5


def test_an_example_s_page_is_the_engine_s_but_for_title_metadata_and_content() -> None:
    page = (
        "<!doctype html>\n<head><!-- <title>no</title> --><title>x\n</title>\n"
        '<link href=a rel=stylesheet><link  href=\'b"\' rel=icon><script>"<article>"</script>\n'
        "<body>é\u2028<article\nclass=a>x\n</article >\n<article>y</article><svg><title>z</title></svg>"
    )
    expected = page.replace("<title>x\n</title>", "<title>A greeting · asyncio - Awaited</title>")
    expected = expected.replace(
        "<link  href",
        "<i></i><link  href",
    )
    expected = expected.replace(
        "<article\nclass=a>x\n</article >",
        '<article class="md-content__inner md-typeset"><b></b></article>',
    )
    assert Frame.read(page).fill("A greeting", Markup("<b></b>"), Markup("<i></i>")) == expected


@pytest.mark.parametrize(
    "missing", ["<title>x</title>", '<link rel="icon">', "<article>x</article>"]
)
def test_an_engine_s_page_that_lacks_a_place_for_an_example_is_named(missing: str) -> None:
    page = '<title>x</title><link rel="icon"><article>x</article>'
    with pytest.raises(ValueError, match="site/404.html: it has no title, article or icon"):
        Frame.read(page.replace(missing, ""))


FIELDS = {
    "python": lambda trace, text: replace(trace, python=text),
    "clock": lambda trace, text: replace(trace, clock=text),
    "stopped": lambda trace, text: replace(trace, stopped=text),
    "exit": lambda trace, text: replace(trace, exit=text),
    "error": lambda trace, text: replace(trace, error=text, exit=1),
    "file": lambda trace, text: replace(trace, file=text),
    "notes": lambda trace, text: replace(trace, notes=(text,)),
    "an output's text": lambda trace, text: replace(trace, output=(Output(0.0, "stdout", 1, 1, text + "\n"),)),
    "an output's stream": lambda trace, text: replace(trace, output=(Output(0.0, text, 1, 1, "x\n"),)),
    "a task's name": lambda trace, text: replace(trace, tasks=tuple(replace(task, name=text) for task in trace.tasks)),
    "a task's coroutine": lambda trace, text: replace(trace, tasks=tuple(replace(task, coro=text) for task in trace.tasks)),
    "a task's error": lambda trace, text: replace(trace, tasks=tuple(replace(task, outcome="raised", error=text) for task in trace.tasks)),
    "what a step waits for": lambda trace, text: replace(trace, steps=tuple(replace(step, waiting_on=Wait("task", text)) for step in trace.steps)),
    "how long a step sleeps": lambda trace, text: replace(trace, steps=tuple(replace(step, waiting_on=Wait("sleep", text)) for step in trace.steps)),
    "what a step is": lambda trace, text: replace(trace, steps=tuple(replace(step, what=text, task=None, kind="callback") for step in trace.steps)),
    "what a step raised": lambda trace, text: replace(trace, steps=tuple(replace(step, raised=text) for step in trace.steps)),
    "who is ready": lambda trace, text: replace(trace, steps=tuple(replace(step, ready=(text,)) for step in trace.steps)),
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_a_record_reaches_a_page_but_as_text(
    field: str, traces: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records are what strangers' programs say of themselves."""
    sample, every, ran = traces
    monkeypatch.setattr(shown, "check_output", lambda *_: None)
    example = every["chapter/harmless_0"]
    for text in HOSTILE:
        shapes = []
        for value in (text, harmless(text)):
            trace = FIELDS[field](ran[example.name], value)
            body = panel(example, trace, sample.project)
            page = example_pages._page(
                Run(example, trace, sample.project),
                body,
                Place([], None, None),
                every,
                [value],
                None,
            )
            shapes.append(Shape(str(page)))
        assert shapes[0].tags == shapes[1].tags, text
        assert text in shapes[0].text  # of the Python on which it was verified


def test_what_other_pythons_print_and_what_is_wrong_is_text(
    traces: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, every, ran = traces
    example = every["chapter/good"]
    other = example.path.with_name("good.3.7.out")
    for text in HOSTILE:
        other.write_text(text + "\n", encoding="utf-8")
        page = Shape(
            str(
                example_pages._page(
                    Run(example, ran[example.name], sample.project),
                    Markup(""),
                    Place([], None, None),
                    every,
                    ["3.7.1"],
                    text,
                )
            )
        )
        assert ("img", ("src", "onerror")) not in page.tags and ("script", ()) not in page.tags
        assert text in page.text
        # Where the machine has no Python for it, what is recorded is shown.
        monkeypatch.setattr(shown, "recorded", lambda *_, text=text: text + "\n")
        assert (
            text
            in Shape(
                str(
                    panel(
                        replace(example, pinned="3.7"),
                        None,
                        sample.project,
                        ShowOptions(python="3.7"),
                    )
                )
            ).text
        )
        monkeypatch.setattr(shown, "is_draft", lambda: True)
        monkeypatch.setattr(shown, "check_output", lambda *_, text=text: Problem("x", text))
        assert (
            f"Not in order yet: {text}"
            in Shape(str(panel(example, ran[example.name], sample.project))).text
        )
        assert text in Shape(str(render("failed.html.jinja", cause=text))).text
        monkeypatch.undo()
    other.unlink()


@pytest.mark.parametrize("text", HOSTILE)
def test_every_template_escapes_what_it_is_given(text: str) -> None:
    """Also where no such text can come to today: names and addresses in attributes."""
    given = {
        "title.html.jinja": {"title": text},
        "error_finder.html.jinja": {},
        "gallery.html.jinja": {"chapter": text, "cards": [({"name": text, "title": text, "thumbnail": [text]}, [text])]},
        "gallery_filter.html.jinja": {"count": text},
        "see_also.html.jinja": {"pages": [{"address": text, "title": text}] * 2},
        "uses_link.html.jinja": {"id": text, "text": text},
        "head.html.jinja": {
            "public": text, "site_name": text, "card_size": (text, text), "data": {text: text}, "feed": True, "markdown": True,
            "page": {"address": text, "title": text, "description": text, "kind": text, "card": text},
        },
        "page_foot.html.jinja": {"public": text, "page": text, "links": [{"text": text, "address": text}] * 2},
        "about_copy.html.jinja": {
            "day": text, "commit": text, "commit_address": text, "machine": text, "examples": text, "ran_here": text, "ran": text, "not_run": text,
            "pythons": [{"version": text, "examples": text}],
        },
        "about_report.html.jinja": {"repository": text, "report": text},
        "about_cite.html.jinja": {
            "cited": {"year": text, "title": text, "version": text, "released": text}, "authors": text, "url": text, "file": text,
        },
        "sitemap.xml.jinja": {"site": text, "addresses": [text]},
        "feed.xml.jinja": {
            "public": text, "site_name": text, "entries": [{"title": text, "id": text, "address": text, "day": text, "sentence": text}],
        },
        "card.svg.jinja": {"width": 1200, "height": 630, "lines": [text], "file": text, "view_box": text, "tall": True, "picture": text},
        "article.html.jinja": {"body": text},
        "answers.html.jinja": {"answers": [text]},
        "questions.html.jinja": {"title": text, "topics": [[text, [{"address": text, "title": text, "answers": [text]}]]]},
        "failed.html.jinja": {"cause": text},
        "offline.html.jinja": {"address": text, "modules": text},
        "snippet.html.jinja": {"public": text, "name": text, "title": text},
        "example_link.html.jinja": {"to": text, "name": text},
        "moved.html.jinja": {"target": text},
        "stand_in.html.jinja": {"secret": text, "call": text},
        "facts.html.jinja": {"name": text, "facts": {"text": text, "file": text, "suffix": text, "link": True}},
        "source.html.jinja": {
            "name": text,
            "source": {
                "excerpt": True, "copy": text,
                "title": text, "since": text, "removed": text, "copyable": True,
                "lines": [{"html": text, "classes": text, "changed": changed, "number": text, "removed": text} for changed in (True, False)],
            }
        },
        "lesson.html.jinja": {
            "place": text, "places": text, "minutes": text, "audience": text, "before": [{"address": text, "title": text}] * 2,
        },
        "line.html.jinja": {"line": {"html": text, "number": text}},
        "blank.html.jinja": {"blank": text},
        "output.html.jinja": {
            "output": {"label": text, "rows": [{"text": text, "time": text, "stderr": True}], "timed": True, "nothing": text, "ended": text}
        },
        "embed.html.jinja": {"public": text, "name": text, "title": text, "heading": text, "panel": text},
        "panel.html.jinja": {
            "name": text, "shows": text, "picture": text, "legend": text, "stepper": {"step": text}, "problem": text, "source": None,
            "output": {"label": text, "rows": [], "timed": False, "nothing": text, "ended": text},
            "facts": {"text": text, "file": text, "suffix": text, "link": True},
        },
        "example.html.jinja": {
            "title": text, "panel": text, "turns": [{"number": 1, "time": text, "start": text, "does": text}, {"number": None, "time": text, "start": text, "does": text}], "turns_count": 1, "verified": text, "snippet": text,
            "versions": [{"python": text, "output": text}], "pages": [{"address": text, "title": text}],
            "links": [{"name": text, "rel": text, "word": text, "title": text}], "public": text, "name": text, "foot": text, "chapter": text,
        },
    }  # fmt: skip
    assert sorted(given) == sorted(
        path.name for path in (ROOT / "sitebuild/rendering/templates").iterdir()
    )

    def twin(value: object) -> object:
        if isinstance(value, dict):
            return {key: twin(part) for key, part in value.items()}
        return (
            [twin(part) for part in value]
            if isinstance(value, list)
            else harmless(value)
            if isinstance(value, str)
            else value
        )

    for template, fields in given.items():
        bad, good = Shape(render(template, **fields)), Shape(render(template, **twin(fields)))
        assert bad.tags == good.tags, template
        if template == "moved.html.jinja":  # a script is no HTML inside, and no text of it ends it
            assert bad.values.count(text) == 2 and bad.text.count(text) >= 1
            continue
        assert not fields or text in bad.text + "".join(bad.values), template


def test_a_template_that_is_not_given_what_it_names_fails() -> None:
    with pytest.raises(UndefinedError):
        render("title.html.jinja")


def test_templates_hold_nothing_back_from_escaping() -> None:
    for path in sorted((ROOT / "sitebuild/rendering/templates").iterdir()):
        text = path.read_text(encoding="utf-8")
        assert "safe" not in text and "autoescape" not in text, path.name
        # The filter that leaves quotes alone is for what stands between tags.
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", text, flags=re.S)
        assert not re.search(r"<[^<>]*\|\s*text[^<>]*>", bare), path.name


MARKDOWN_TAGS = {"articles.py": "small", "api_index.py": "div", "new.py": "div"}
"""What modules lay out Markdown, and the one tag that each of them writes into it."""


def test_no_html_is_made_beside_the_templates() -> None:
    """No text of sitebuild's holds a tag, but for docstrings, and `Markup` is made in two modules
    only.
    """
    templates = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "sitebuild/rendering/templates").iterdir()
    )
    tag = re.compile(
        rf"</?(?:{'|'.join(sorted(set(re.findall(r'<([a-z][a-z0-9-]*)', templates))))})[ >/]"
    )
    making = set()
    for path in sorted((ROOT / "sitebuild").rglob("*.py")):
        allowed = re.compile(rf"</?{MARKDOWN_TAGS.get(path.name, '(?!)')}[ >]")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kept = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        looks = (
            "re.",
            ".partition",
            ".split",
            ".index",
            ".find",
            ".rfind",
            ".startswith",
            ".endswith",
            ".removeprefix",
            ".removesuffix",
            ".replace",
        )
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and any(look in ast.unparse(node.func) for look in looks)
        ]
        # what is looked for, and what one tag is made of another
        kept |= {argument for node in calls for argument in node.args}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
                assert not tag.search(allowed.sub("", text)), f"{path.name}:{node.lineno}"
            # These name the elements that they find.
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node not in kept
                and path.name not in ("page_parser.py", "page_references.py")
            ):
                assert not tag.search(allowed.sub("", node.value)), f"{path.name}:{node.lineno}"
            if (
                isinstance(node, ast.Name)
                and node.id == "Markup"
                and isinstance(node.ctx, ast.Load)
            ):
                making.add(path.name)
    calls = {
        path.name
        for path in (ROOT / "sitebuild").rglob("*.py")
        if re.search(r"\bMarkup\((?!\))|map\(Markup", path.read_text(encoding="utf-8"))
    }
    assert calls == {"templating.py", "highlighting.py", "example_pages.py"} and calls <= making


def test_a_redirect_leads_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "redirects.txt").write_text("/old/ /new/\n", encoding="utf-8")
    (tmp_path / "site/new").mkdir(parents=True)
    (tmp_path / "site/new/index.html").touch()
    assert addresses.leave_redirects(Project(tmp_path), tmp_path / "site") == []
    html = (tmp_path / "site/old/index.html").read_text(encoding="utf-8")
    assert '<script>location.replace("/new/" + location.hash)</script>' in html
    assert '<meta http-equiv="refresh" content="0; url=/new/">' in html
    assert html.endswith('<p>This page has moved to <a href="/new/">/new/</a>.</p></body></html>\n')


def test_the_site_of_a_hostile_example_has_the_tags_of_a_harmless_one(tmp_path: Path) -> None:
    """Through the front door."""
    shapes = []
    for kind in (str, harmless):
        sample = SampleProject(tmp_path / kind.__name__)
        text = kind('<img src=x onerror=alert(1)> "quoted" </script> ]]>')
        sample.example(
            "good",
            GOOD.replace("A greeting.", f"It says {text}.").replace('"hello"', repr(text)),
            f"{text}\n",
        )
        ran = sample.run("build")
        assert ran.returncode == 0, ran.stderr
        pages = [
            sample.read(page)
            for page in (
                "index.html",
                "examples/chapter/good/index.html",
                "embed/chapter/good/index.html",
            )
        ]
        shapes.append([Shape(page) for page in pages])
        assert all(text in shape.text for shape in shapes[-1])
    assert [shape.tags for shape in shapes[0]] == [shape.tags for shape in shapes[1]]


def test_assets_are_shipped_without_their_comments(site: Path) -> None:
    folders = [ROOT / "docs/assets", ROOT / "overrides/assets"]
    sources = [file for folder in folders for file in folder.glob("*.*s")]
    assert {file.name for file in sources} == {
        *("site.css", "listing.css", "embed.css", "site.js", "gallery.js", "not-found.js"),
        *("error-finder.js", "error-matching.js"),
    }
    for source in sources:
        written = source.read_text(encoding="utf-8")
        shipped = (site / "assets" / source.name).read_text(encoding="utf-8")
        assert "/*" not in shipped and "\n//" not in f"\n{shipped}".replace(" ", "")
        # All that was left out are comments, whole, and the indentation and line break of some.
        line = "" if source.suffix == ".css" else "|^ *//[^\n]*"
        rest = re.sub(rf"(?ms)/\*.*?\*/{line}", "", written)
        assert shipped.split() == rest.split(), source.name
    for name in ("tokens.css", "stepper.css"):
        shipped = (site / "assets" / name).read_text(encoding="utf-8")
        assert "{" in shipped and "/*" not in shipped
