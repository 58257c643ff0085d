"""What runs on a page: calls of `show` that were proven, and nothing else, however it is written."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import markdown
import pytest
from sample_project import SampleProject, digest

from sitebuild.content import pages
from sitebuild.content.block_reader import HEADER
from sitebuild.content.blocks import scan
from sitebuild.content.examples import ExampleError
from sitebuild.content.pages import PageError
from sitebuild.content.show_calls import BlockError, ShowCall, parse_block
from sitebuild.content.show_options import ShowOptions
from sitebuild.rendering import fence
from sitebuild.rendering.show import show

HEAD = "from sitebuild import show\n\n"

# Ways to write a block, {0} its language and {1} what it would do.
FORMS = {
    "plain": '```{0} exec="on" html="on"\n{1}\n```',
    "exec alone": '```{0} exec="on"\n{1}\n```',
    "yes": '```{0} exec="yes"\n{1}\n```',
    "no value": "```{0} exec\n{1}\n```",
    "any value": '```{0} exec="zzz"\n{1}\n```',
    "single quotes": "```{0} exec='on' html='on'\n{1}\n```",
    "no quotes": "```{0} exec=on html=on\n{1}\n```",
    "tildes": '~~~{0} exec="on" html="on"\n{1}\n~~~',
    "four ticks": '````{0} exec="on" html="on"\n{1}\n````',
    "five ticks": '`````{0} exec="on" html="on"\n{1}\n`````',
    "a space before the language": '```   {0} exec="on" html="on"\n{1}\n```',
    "two spaces between": '```{0}  exec="on" html="on"\n{1}\n```',
    "a dot": '```.{0} exec="on" html="on"\n{1}\n```',
    "braces": '```{{.{0} exec="on" html="on"}}\n{1}\n```',
    "braces, a space": '``` {{ .{0} exec="on" html="on" }}\n{1}\n```',
    "braces behind the language": '```{0} {{exec="on" html="on"}}\n{1}\n```',
    "braces, no quotes": "```{{.{0} exec=on html=on}}\n{1}\n```",
    "braces, the language last": "```{{exec=on html=on .{0}}}\n{1}\n```",
    "braces with an id": "```{{#x .{0} .y exec=on html=on}}\n{1}\n```",
    "the other order": '```{0} html="on" exec="on"\n{1}\n```',
    "a title": '```{0} title="x" exec="on" html="on"\n{1}\n```',
    "a tab": '```{0}\texec="on" html="on"\n{1}\n```',
    "more options": '```{0} exec="on" html="on" linenums="1" hl_lines="1"\n{1}\n```',
    "a session": '```{0} exec="on" html="on" session="a" workdir="/"\n{1}\n```',
    "the source shown": '```{0} exec="on" html="on" source="above"\n{1}\n```',
    "exec twice": '```{0} exec="no" exec="on" html="on"\n{1}\n```',
    "exec twice, the other way": '```{0} exec="on" exec="no" html="on"\n{1}\n```',
    "capital EXEC": '```{0} EXEC="on" html="on"\n{1}\n```',
    "a capital value": '```{0} exec="ON" html="on"\n{1}\n```',
    "no exec": "```{0}\n{1}\n```",
    "no exec, a title": '```{0} title="x"\n{1}\n```',
    "in an admonition": '!!! note\n\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in an admonition, close": '!!! note\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in a question": '??? question\n\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in a list": '- a\n\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "on the line of a list": '- ```{0} exec="on" html="on"\n  {1}\n  ```',
    "in a list by a tab": '- a\n\n\t```{0} exec="on" html="on"\n\t{1}\n\t```',
    "in a quote": '> ```{0} exec="on" html="on"\n> {1}\n> ```',
    "in a quote, close": '>```{0} exec="on" html="on"\n>{1}\n>```',
    "in two quotes": '> > ```{0} exec="on" html="on"\n> > {1}\n> > ```',
    "in a quote and a list": '> - x\n>\n>     ```{0} exec="on" html="on"\n>     {1}\n>     ```',
    "in a list of definitions": 'a\n:   ```{0} exec="on" html="on"\n    {1}\n    ```',
    "below a definition": 'a\n\n:   b\n\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in a footnote": 'a[^1]\n\n[^1]:\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in HTML with Markdown in it": '<div markdown="1">\n```{0} exec="on" html="on"\n{1}\n```\n</div>',
    "in HTML": '<div>\n```{0} exec="on" html="on"\n{1}\n```\n</div>',
    "in pre": '<pre>\n```{0} exec="on" html="on"\n{1}\n```\n</pre>',
    "in a comment": '<!--\n```{0} exec="on" html="on"\n{1}\n```\n-->',
    "in a comment, all in one": '<!-- a\n\n```{0} exec="on" html="on"\n{1}\n```\n\nb -->',
    "in indented code": 'text\n\n    ```{0} exec="on" html="on"\n    {1}\n    ```',
    "in an outer block": '````text\n```{0} exec="on" html="on"\n{1}\n```\n````',
    "in tildes": '~~~\n```{0} exec="on" html="on"\n{1}\n```\n~~~',
    "in an outer block that is none": '```text "bad\n```{0} exec="on" html="on"\n{1}\n```\n',
    "in an outer block with options": '~~~text foo=bar\n```{0} exec="on" html="on"\n{1}\n```\n~~~',
    "not closed": '```{0} exec="on" html="on"\n{1}\n',
    "closed with more": '```{0} exec="on" html="on"\n{1}\n````\n',
    "closed with less indentation": '  ```{0} exec="on" html="on"\n  {1}\n```\n',
    "closed with spaces behind": '```{0} exec="on" html="on"\n{1}\n```   ',
    "one space before": ' ```{0} exec="on" html="on"\n {1}\n ```',
    "three spaces before": '   ```{0} exec="on" html="on"\n   {1}\n   ```',
    "words before": 'x ```{0} exec="on" html="on"\n{1}\n```',
    "in a table": '| a |\n|---|\n| ```{0} exec="on" html="on" |\n',
    "lines end with CR LF": '```{0} exec="on" html="on"\r\n{1}\r\n```\r\n',
    "lines end with CR": '```{0} exec="on" html="on"\r{1}\r```\r',
    "a form feed": 'a\x0c```{0} exec="on" html="on"\n{1}\n```',
    "a vertical tab": '\x0b```{0} exec="on" html="on"\n{1}\n```',
    "a line separator": 'a\u2028```{0} exec="on" html="on"\u2028{1}\u2028```',
    "a next line": 'a\x85```{0} exec="on" html="on"\x85{1}\x85```',
    "a space that does not break": '\u00a0```{0} exec="on" html="on"\n{1}\n```',
    "a byte order mark": 'a\n\ufeff```{0} exec="on" html="on"\n{1}\n```',
    "STX before": '\x02```{0} exec="on" html="on"\n{1}\n```',
    "STX in exec": '```{0} ex\x02ec="on" html="on"\n{1}\n```',
    "ETX in html": '```{0} exec="on" ht\x03ml="on"\n{1}\n```',
    "STX in the ticks": '`\x02``{0} exec="on" html="on"\n{1}\n```',
    "a nul": '```{0} exec="on" html="on"\n{1}\x00\n```',
    "below front matter": '---\ntitle: "T"\n---\n```{0} exec="on" html="on"\n{1}\n```',
    "a good block before": '```python exec="on" html="on"\n'
    + HEAD
    + 'print(show("chapter/good"))\n```\n\n```{0} exec="on" html="on"\n{1}\n```',
}
"""More than 70, each of which markdown-exec runs in some of its languages, or somebody might think
so.
"""

DOES = {
    "python": "open({0!r}, 'w')",
    "py": "open({0!r}, 'w')",
    "pycon": ">>> open({0!r}, 'w')",
    "bash": "touch {0}",
    "sh": "touch {0}",
    "console": "$ touch {0}",
    "md": "<i>x</i>",
    "tree": "x",
    "pyodide": "open({0!r}, 'w')",
    "Python": "open({0!r}, 'w')",
    "python3": "open({0!r}, 'w')",
}
"""What a block does in a language: leave a mark, where it can."""


def line_of_the_block(page: str) -> int:
    """The first line with ticks, tildes, or an invisible character; that of a good block
    aside.
    """
    good = page.split("```{", 1)[0] if page.startswith("```python") and "good" in page else ""
    lines = re.sub(r"\r\n?", "\n", page).split("\n")
    suspicious = [
        number
        for number, line in enumerate(lines, 1)
        if re.search(r"```|~~~|[^\n\t -~\u00a0]", line)
    ]
    return suspicious[2] if good or 'show("chapter/good")' in page else suspicious[0]


@pytest.mark.parametrize("language", ["python", "bash"])
@pytest.mark.parametrize("form", FORMS)
def test_a_block_that_does_something_is_refused_at_its_line(
    form: str, language: str, tmp_path: Path
) -> None:
    """140 ways and more; where it is refused on sight the line is the header's, otherwise that of
    the statement.
    """
    mark = tmp_path / "mark"
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/page.md"
    text = FORMS[form].format(language, DOES[language].format(str(mark)))
    page.write_text(text, encoding="utf-8", newline="")
    if form == "in an outer block":
        # plain text, to the last character
        assert pages.read(pages.Project(tmp_path), page).blocks == ()
        assert not mark.exists()
        return
    with pytest.raises(PageError) as refused:
        pages.read(pages.Project(tmp_path), page)
    found = re.match(r"docs/page\.md: line (\d+): \S", str(refused.value))
    assert found, refused.value
    assert int(found[1]) in (line_of_the_block(text), line_of_the_block(text) + 1)
    assert not mark.exists()


GOOD_PLACES = {
    "plain", "in an admonition", "in an admonition, close", "in a question", "in a list", "in a list by a tab", "in a quote", "in a quote, close",
    "in two quotes", "in a quote and a list", "below a definition", "in a footnote", "closed with spaces behind",
    "one space before", "three spaces before", "lines end with CR LF", "lines end with CR", "below front matter", "a good block before",
    # What these hide is executed too, and missed when the page is built.
    "in HTML with Markdown in it", "in HTML", "in pre", "in a comment", "in a comment, all in one", "in indented code",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_good_block_has_the_one_header_wherever_it_stands(form: str, tmp_path: Path) -> None:
    """A block that shows an example is read, or refused for its header; it is never passed over."""
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/page.md"
    before, body, after = FORMS[form].partition("{1}")
    indent = re.search(r"[ \t>]*\Z", before)[0]
    source = f'from sitebuild import show\n{indent}print(show("a/b"))'
    page.write_text((before + body + after).format("python", source), encoding="utf-8", newline="")
    if form == "in an outer block":
        assert pages.read(pages.Project(tmp_path), page).calls == []
    elif form in GOOD_PLACES:
        assert [call.name for call in pages.read(pages.Project(tmp_path), page).calls][-1] == "a/b"
    else:
        with pytest.raises(PageError, match=r"docs/page\.md: line \d+: "):
            pages.read(pages.Project(tmp_path), page)


@pytest.mark.parametrize("language", DOES)
def test_no_language_but_text_has_blocks(language: str) -> None:
    for form in ("no exec", "exec alone", "plain", "braces", "tildes"):
        found = scan(FORMS[form].format(language, DOES[language].format("mark")))
        assert found.refused and not found.blocks, form


BAD = {
    "nothing": ("", "does not begin with"),
    "only the import": ("from sitebuild import show\n", "shows nothing"),
    "no import": ('print(show("a/b"))', "does not begin with"),
    "another import": ('import os\nprint(show("a/b"))', "does not begin with"),
    "an import besides": (HEAD + 'import os\nprint(show("a/b"))', "not `print"),
    "the import twice": (HEAD + HEAD + 'print(show("a/b"))', "not `print"),
    "another name": ('from sitebuild import build\nprint(show("a/b"))', "does not begin with"),
    "two names": ('from sitebuild import show, build\nprint(show("a/b"))', "does not begin with"),
    "all names": ('from sitebuild import *\nprint(show("a/b"))', "does not begin with"),
    "show by another name": ('from sitebuild import show as print\nprint(print("a/b"))', "does not begin with"),
    "show from elsewhere": ('from sitebuild.rendering.show import show\nprint(show("a/b"))', "does not begin with"),
    "show from here": ('from .sitebuild import show\nprint(show("a/b"))', "does not begin with"),
    "show bound again": (HEAD + 'show = open\nprint(show("a/b"))', "not `print"),
    "print bound again": (HEAD + 'print = exec\nprint(show("a/b"))', "not `print"),
    "show not printed": (HEAD + 'show("a/b")', "not `print"),
    "shown to another function": (HEAD + 'exec(show("a/b"))', "not `print"),
    "shown to a method": (HEAD + 'print.x(show("a/b"))', "not `print"),
    "another function shown": (HEAD + 'print(exec("a/b"))', "not `print"),
    "something else printed": (HEAD + 'print(open("a/b").read())', "not `print"),
    "a method of the result": (HEAD + 'print(show("a/b").strip())', "not `print"),
    "an attribute": (HEAD + 'print(show.__globals__)', "not `print"),
    "another function": (HEAD + 'print(eval("a/b"))', "not `print"),
    "two printed": (HEAD + 'print(show("a/b"), show("a/c"))', "not `print"),
    "printed to a file": (HEAD + 'print(show("a/b"), file=open("x", "w"))', "not `print"),
    "printed with an end": (HEAD + 'print(show("a/b"), end="")', "not `print"),
    "printed with a star": (HEAD + 'print(*show("a/b"))', "not `print"),
    "an f-string": (HEAD + 'print(show(f"{open(1)}"))', "plain values only"),
    "an f-string without anything in it": (HEAD + 'print(show(f"a/b"))', "plain values only"),
    "a walrus": (HEAD + 'print(show(x := "a/b"))', "plain values only"),
    "a walrus around": (HEAD + 'print(x := show("a/b"))', "not `print"),
    "a name": (HEAD + 'print(show(__name__))', "plain values only"),
    "a sum": (HEAD + 'print(show("a/" + "b"))', "plain values only"),
    "a comprehension": (HEAD + 'print(show("a/b", light=tuple(x for x in "ab")))', "plain values only"),
    "a list": (HEAD + 'print(show("a/b", light=["x"]))', "plain values only"),
    "a call in a tuple": (HEAD + 'print(show("a/b", light=("x", input())))', "plain values only"),
    "a tuple in a tuple": (HEAD + 'print(show("a/b", light=("x", ("y",))))', "plain values only"),
    "a star in a tuple": (HEAD + 'print(show("a/b", light=(*"xy",)))', "plain values only"),
    "a lambda": (HEAD + 'print(show("a/b", light=lambda: 1))', "plain values only"),
    "a condition": (HEAD + 'print(show("a/b" if 1 else "a/c"))', "plain values only"),
    "a number": (HEAD + 'print(show("a/b", source=1))', "plain values only"),
    "a huge power": (HEAD + 'print(show("a/b", source=9**9**9))', "plain values only"),
    "a huge number": (HEAD + f'print(show("a/b", source={"9" * 4400}))', "not Python"),
    "bytes": (HEAD + 'print(show(b"a/b"))', "plain values only"),
    "an ellipsis": (HEAD + 'print(show("a/b", part=...))', "plain values only"),
    "a star": (HEAD + 'print(show(*["a/b"]))', "plain values only"),
    "two stars": (HEAD + 'print(show("a/b", **{"part": "x"}))', r"does not accept \*\*"),
    "no name": (HEAD + "print(show())", "not `print"),
    "two arguments by place": (HEAD + 'print(show("a/b", "c"))', "not `print"),
    "an unknown option": (HEAD + 'print(show("a/b", link=False))', "no option `link`"),
    "an option twice": (HEAD + 'print(show("a/b", part="x", part="y"))', "given twice"),
    "an option of another type": (HEAD + 'print(show("a/b", source="no"))', "`source` must be True or False, not 'no'"),
    "another example that is none": (HEAD + 'print(show("a/b", since="../a"))', '`since` must be the name of another example, "chapter/name", not'),
    "two comparisons": (HEAD + 'print(show("a/b", beside="a/c", since="a/c"))', "`beside` marks what has changed as `since` does"),
    "a comparison without a picture": (HEAD + 'print(show("a/b", beside="a/c", output=False))', "`beside` compares pictures, and this call shows none"),
    "a comparison that steps": (HEAD + 'print(show("a/b", beside="a/c", step="x"))', "`beside` shows two runs, and the stepper can show only one"),
    "a comparison of nothing": (HEAD + 'print(show("a/b", source=False, since="a/c"))', "`since` marks lines of the source, and `source=False` leaves it out"),
    "a blank beside the output": (HEAD + 'print(show("a/b", blank="x"))', "`blank` hides what the output, .*; add `output=False`"),
    "a blank in nothing": (HEAD + 'print(show("a/b", blank="x", source=False, output=False))', "`blank` hides text of the source"),
    "an empty blank": (HEAD + 'print(show("a/b", blank=("x", " "), output=False))', "`blank` must be a string or a tuple of strings, not empty, not"),
    "only something else": (HEAD + 'print(show("a/b", only="output"))', "`only` must be \"picture\", not 'output'"),
    "more than only a picture": (HEAD + 'print(show("a/b", only="picture", light="x"))', '`only="picture"` shows nothing else; leave out `light`'),
    "no truth": (HEAD + 'print(show("a/b", output=None))', "`output` must be True or False, not None"),
    "a truth for a text": (HEAD + 'print(show("a/b", part=True))', "`part` must be a string, not True"),
    "a Python that is none": (HEAD + 'print(show("a/b", python="3.13; rm"))', '`python` must be a Python like "3.14"'),
    "a Python on two lines": (HEAD + 'print(show("a/b", python="3.13\\n"))', '`python` must be a Python like "3.14"'),
    "a half character": (HEAD + 'print(show("a/b", light="\\ud800"))', "`light` must be a string"),
    "a way out": (HEAD + 'print(show("../../etc/passwd"))', "chapter/name"),
    "a shorter way out": (HEAD + 'print(show("../x"))', "chapter/name"),
    "a way from the root": (HEAD + 'print(show("/etc/passwd"))', "chapter/name"),
    "three steps": (HEAD + 'print(show("a/b/c"))', "chapter/name"),
    "capitals": (HEAD + 'print(show("A/b"))', "chapter/name"),
    "a line end in a name": (HEAD + 'print(show("a/b\\n"))', "chapter/name"),
    "other digits in a name": (HEAD + 'print(show("a/b\\u0663"))', "chapter/name"),
    "a nul in a name": (HEAD + 'print(show("a/b\\0"))', "chapter/name"),
    "a nul": (HEAD + 'print(show("a/b"))\0', "not Python|cannot be read"),
    "a backslash that escapes nothing": (HEAD + 'print(show("a/b", light="\\d"))', "not Python"),
    "if": (HEAD + 'if 1:\n    print(show("a/b"))', "not `print"),
    "for": (HEAD + 'for x in "ab": print(show("a/b"))', "not `print"),
    "a function": (HEAD + 'def print(x): ...', "not `print"),
    "a decorator": (HEAD + '@print\n@show\nclass x: ...', "not `print"),
    "a class": (HEAD + 'class x(print(show("a/b"))): ...', "not `print"),
    "with": (HEAD + 'with open("x", "w"): pass', "not `print"),
    "assert": (HEAD + 'assert print(show("a/b"))', "not `print"),
    "a docstring": ('"""x"""\n' + HEAD + 'print(show("a/b"))', "does not begin with"),
    "a type for print": (HEAD + "print: open(1)", "not `print"),
    "an await": (HEAD + 'await print(show("a/b"))', "not `print"),
    "behind a semicolon": (HEAD + 'print(show("a/b")); open("x", "w")', "not `print"),
    "behind a backslash": (HEAD + 'print(show("a/b"))\\\n, open("x", "w")', "not `print"),
    "no Python": (HEAD + "print(show(", "not Python"),
    "indented": ('  from sitebuild import show\n  print(show("a/b"))', "not Python"),
    "tabs and spaces": (HEAD + 'if 1:\n\tx\n        y\n', "not Python"),
    "very long": (HEAD + 'print(show("a/b"))\n' * 1000, "characters"),
    "very deep": (HEAD + "(" * 2000 + ")" * 2000, "not Python|cannot be read"),
    "very many minus signs": (HEAD + "-" * 4900 + "1", "not Python|cannot be read|not `print"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_block_of_any_other_form_is_refused(what: str) -> None:
    source, cause = BAD[what]
    with pytest.raises(BlockError, match=cause):
        parse_block(source)


def test_the_line_of_a_bad_statement_is_named() -> None:
    page = f'# T\n\n{HEADER}\n{HEAD}print(show("a/b"))\nprint(show("a/c",\n           light=[]))\n```\n'
    assert [(refused.line, refused.cause[:28]) for refused in scan(page).refused] == [
        (8, "show() takes plain values on")
    ]


def test_a_block_with_a_bad_header_is_refused_once_and_shows_nothing() -> None:
    for body in (HEAD + 'print(show("a/b"))', "open(1)"):
        found = scan(f"~~~python exec='on'\n{body}\n~~~\n")
        assert [refused.line for refused in found.refused] == [1] and found.blocks == []


def test_what_a_good_block_shows_is_read() -> None:
    source = """\
        from sitebuild import show  # so far

        print(show("a/b"))
        print(
            show(
                "chapter_2/and_more",
                part="async def", light=("x", 'y "z"'),
                source=False, output=True, picture=None, step="it's", python="3.13",
            )
        )
        print(show('a/b', light="two "
            "parts"))
        """
    found = parse_block(inspect.cleandoc(source), above=10)
    assert [(call.name, call.line) for call in found] == [
        ("a/b", 13),
        ("chapter_2/and_more", 14),
        ("a/b", 21),
    ]
    assert found[1].options == ShowOptions(
        part="async def", light=("x", 'y "z"'), source=False, step="it's", python="3.13"
    )
    assert found[2].options == ShowOptions(light=("two parts",))
    # What is executed is written anew, and means the same.
    again = parse_block(HEAD + "".join(f"print({call})\n" for call in found))
    assert [(call.name, call.options) for call in again] == [
        (call.name, call.options) for call in found
    ]


def test_every_option_can_be_written_on_a_page_and_is_read_back_as_it_was() -> None:
    options = [
        ShowOptions(
            light=("a", "b"), source=False, output=False, picture=True, step="s", python="3.14"
        ),
        ShowOptions(part="part", blank=("a", "b"), since="a/c", output=False),
        ShowOptions(beside="a/c"),
        ShowOptions(only="picture"),
    ]
    for option in fields(ShowOptions):
        assert any(getattr(chosen, option.name) != option.default for chosen in options)
    for chosen in options:
        (call,) = parse_block(f"{HEAD}print({ShowCall('a/b', chosen, 0)})")
        assert call.options == chosen


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"link": False},
            "show() has no option `link`; it has part, light, blank, since, beside, only, source, output, picture, step, python",
        ),
        ({"source": "no"}, "`source` must be True or False, not 'no'"),
        ({"light": ["x"]}, "`light` must be a string or a tuple of strings, not ['x']"),
    ],
)
def test_show_itself_takes_what_a_proven_call_may_have(
    sample: SampleProject, options: dict, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root)
    with pytest.raises(ExampleError, match=re.escape(f"show('chapter/good'): {message}")):
        show("chapter/good", **options)


def test_a_call_over_several_lines_is_found_with_its_python(sample: SampleProject) -> None:
    sample.page(
        "more",
        text=f'{HEADER}\n{HEAD}print(\n    show(\n        "chapter/good",\n        python="3.13",\n    )\n)\n```\n',
    )
    assert pages.pinned_examples(pages.find(sample.project)) == [("chapter/good", "3.13")]
    assert [
        (page.address, [call.name for call in page.calls]) for page in pages.find(sample.project)
    ] == [
        ("", ["chapter/good"]),
        ("more/", ["chapter/good"]),
    ]


# Through the engine and the front door


def render_all(sample: SampleProject) -> dict[str, str]:
    """What MkDocs makes of each page, with the settings of the project: "shown", or the error with
    which it ends.
    """
    ran = sample.run_module("render_pages")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


LANGUAGES = ("python", "bash", "console", "pycon", "py", "sh")


def lay_out_the_forms(
    sample: SampleProject, marks: Path, wanted: Callable[[str, str], bool] = lambda *_: True
) -> dict[str, str]:
    """A page for each form and language; page -> form."""
    marks.mkdir()
    laid = {}
    for language in LANGUAGES:
        for number, (form, text) in enumerate(FORMS.items()):
            if not wanted(language, form):
                continue
            name = f"{language}-{number}"
            (sample.root / f"docs/{name}.md").write_text(
                text.format(language, DOES[language].format(str(marks / name))),
                encoding="utf-8",
                newline="",
            )
            laid[f"{name}.md"] = form
    return laid


def test_mkdocs_runs_none_of_them_and_ends_at_each_with_file_and_line(
    sample: SampleProject,
) -> None:
    marks = sample.root / "marks"
    laid = lay_out_the_forms(sample, marks)
    results = render_all(sample)
    assert list(marks.iterdir()) == []
    for page, form in laid.items():
        if form == "in an outer block":
            assert results[page] == "shown"
        elif form != "below front matter" or page.startswith("python"):
            assert re.match(rf"BlockError: docs/{re.escape(page)}: line \d+: ", results[page]), (
                form,
                results[page],
            )


def test_the_same_pages_do_leave_marks_where_nothing_stands_before_markdown_exec(
    sample: SampleProject,
) -> None:
    """Otherwise the test above would show nothing. In every form in Python, in one form in every
    other language: a shell for each takes time.
    """
    settings = (sample.root / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace(
        "  - sitebuild.rendering.fence\n", "  - pymdownx.superfences\n"
    ).replace("plugins:\n", "plugins:\n  - markdown-exec\n")
    (sample.root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    marks = sample.root / "marks"
    lay_out_the_forms(sample, marks, lambda language, form: language == "python" or form == "plain")
    render_all(sample)
    left = sorted(mark.name.partition("-")[0] for mark in marks.iterdir())
    assert left.count("python") > 40 and {"bash", "console", "py", "sh"} <= set(left), left


def test_the_build_names_every_bad_page_and_runs_nothing(sample: SampleProject) -> None:
    marks = sample.root / "marks"
    laid = lay_out_the_forms(sample, marks)
    messages = sample.refused("build")
    assert list(marks.iterdir()) == [] and not (sample.root / "site").exists()
    named = set(re.findall(r"(?m)^docs/(\S+\.md): line \d+: ", messages))
    assert named == {page for page, form in laid.items() if form != "in an outer block"}


@pytest.mark.parametrize("strict", [["--strict"], []], ids=["strict", "not strict"])
@pytest.mark.parametrize(
    "page",
    ["a block that is not proven", "a header that is not the one", "a part that is not there"],
)
def test_mkdocs_itself_fails_with_file_and_line(
    sample: SampleProject, page: str, strict: list[str]
) -> None:
    front = '---\ntitle: "T"\n---\n\n# T\n\n'
    text, line = {
        "a block that is not proven": (f"{HEADER}\nopen('mark', 'w')\n```", 8),
        "a header that is not the one": ("~~~python exec='on'\nopen('mark', 'w')\n~~~", 7),
        "a part that is not there": (
            f'{HEADER}\n{HEAD}print(show("chapter/good"))\nprint(show("chapter/good", part="gone"))\n```',
            11,
        ),
    }[page]
    (sample.root / "docs/index.md").write_text(front + text + "\n", encoding="utf-8")
    ran = sample.run_module("mkdocs", "build", *strict)
    assert ran.returncode == 1
    assert f"docs/index.md: line {line}: " in ran.stderr and "Traceback" not in ran.stderr, (
        ran.stderr
    )
    assert not (sample.root / "mark").exists() and not (sample.root / "site/index.html").exists()


def test_text_is_shown_as_superfences_shows_it_and_examples_as_show_does(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sample.run("build").returncode == 0
    monkeypatch.chdir(sample.root)
    text = 'a\n\n```text\n<b> & c\n```\n\n- d\n\n    ````text\n    ```python exec="on"\n    ````\n'
    settings = ["attr_list", "md_in_html", "pymdownx.highlight"]
    assert markdown.markdown(
        text, extensions=[*settings, fence.makeExtension()]
    ) == markdown.markdown(text, extensions=[*settings, "pymdownx.superfences"])
    block = f'{HEADER}\n{HEAD}print(show("chapter/good"))\n```'
    assert (
        markdown.markdown(block, extensions=[fence.makeExtension()])
        == show("chapter/good").rstrip()
    )
    quoted = markdown.markdown(
        "> a\n>\n" + re.sub(r"(?m)^", "> ", block), extensions=[fence.makeExtension()]
    )
    assert show("chapter/good").rstrip() in quoted and quoted.startswith("<blockquote>")


def test_while_somebody_writes_a_bad_show_is_said_on_the_page(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fence, "is_draft", lambda: True)
    monkeypatch.chdir(sample.root)
    block = f'{HEADER}\n{HEAD}print(show("chapter/good"))\nprint(show("chapter/good", part="<gone>"))\n```'
    page = markdown.markdown(block, extensions=[fence.makeExtension()])
    assert page.count('<div class="run"') == 2
    assert (
        "Not in order yet: examples/chapter/good.py: no statement in it begins with a line that contains '&lt;gone&gt;'"
        in page
    )


def test_a_block_that_is_proven_but_not_shown_fails_the_build(sample: SampleProject) -> None:
    """In a comment it is run, and its panel hidden."""
    sample.page("index", text=f'<!--\n{HEADER}\n{HEAD}print(show("chapter/good"))\n```\n-->\n')
    ran = sample.run("build")
    assert (
        ran.returncode == 1
        and "docs/index.md: it shows chapter/good, but the built page has panels for nothing"
        in ran.stderr
    )


def test_an_example_that_is_not_there_is_named_before_anything_runs(sample: SampleProject) -> None:
    since = HEADER + "\n" + HEAD + 'print(show("chapter/good", since="chapter/old"))\n```\n'
    sample.page("index", "good", "gone", text=since)
    messages = sample.refused("build")
    for line, name in ((12, "gone"), (18, "old")):
        assert (
            f"docs/index.md: line {line}: there is no such example;"
            f" examples/chapter/{name}.py is missing" in messages
        )
    assert not (sample.root / ".cache/records").exists()


def test_two_builds_through_the_fence_are_the_same(sample: SampleProject) -> None:
    sample.page("index", "good", "good", text="```text\n$ x\n```\n")
    assert sample.run("build").returncode == 0
    before = digest(sample.root / "site")
    assert sample.run("build").returncode == 0
    assert digest(sample.root / "site") == before


def test_a_superfences_of_a_later_extension_reads_no_block(sample: SampleProject) -> None:
    """Zensical adds one, which would show our blocks as text and could execute others."""
    shown = []
    later = {"custom_fences": [{"name": "*", "class": "", "format": lambda *_, **__: "later"}]}
    text = f"{HEADER}\n{HEAD}print(show('chapter/good'))\n```\n\n```text\nx\n```\n\n    indented\n"
    for _ in range(2):  # each page anew
        md = markdown.Markdown(
            extensions=[
                fence.BlockExtension(lambda call: shown.append(call.name) or "<p>shown</p>"),
                "pymdownx.superfences",
            ],
            extension_configs={"pymdownx.superfences": later},
        )
        for _ in range(2):
            html = md.reset().convert(text)
            assert "<p>shown</p>" in html and "later" not in html
    assert shown == ["chapter/good"] * 4
