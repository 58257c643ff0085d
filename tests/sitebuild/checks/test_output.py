"""What an example printed, held against its .out file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sample_project import GOOD, SampleProject

from loopscope.trace.model import Trace
from sitebuild.checks import css
from sitebuild.checks.output import _diff, check_output, normalize_output
from sitebuild.checks.page_parser import parse_page
from sitebuild.content import examples
from sitebuild.content.examples import Example
from sitebuild.content.files import ProjectError
from sitebuild.content.inline_metadata import MetadataError, read_settings
from sitebuild.project import Project
from sitebuild.records import runner
from sitebuild.rendering.show import show

BLOCK = '"""\n# /// script\n# [tool.loopscope]\n# order = "may vary"\n# ///\n'
THREE = GOOD.replace('print("hello")', 'print("a\\nb\\nc")')


def ran(sample: SampleProject, source: str, out: str) -> tuple[Example, Trace]:
    example = examples.read(sample.example("three", source, out), sample.project)
    return example, runner.run([example], sample.project)[example.name]


@pytest.fixture(scope="module")
def abc(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """What a program does that prints a, b and c."""
    _, trace = ran(SampleProject(tmp_path_factory.mktemp("abc")), THREE, "")
    return trace


@pytest.mark.parametrize(
    ("out", "right"),
    [
        ("a\nb\nc\n", True),
        ("c\na\nb\n", True),
        ("a\nb\n", False),
        ("a\nb\nd\n", False),
        ("a\nb\nb\nc\n", False),
        ("", False),
    ],
)
def test_where_the_order_may_vary_the_lines_must_be_the_same(
    out: str, right: bool, sample: SampleProject, abc: Trace
) -> None:
    source = THREE.replace('"""\n', BLOCK, 1)
    example = examples.read(sample.example("three", source, out), sample.project)
    problem = check_output(example, abc, sample.project)
    assert (problem is None) is right
    if problem is not None:
        assert problem.file == "examples/chapter/three.py" and problem.cause.startswith(
            "its output has changed"
        )


def test_where_the_order_is_fixed_it_must_be_the_same(sample: SampleProject, abc: Trace) -> None:
    example = examples.read(sample.example("three", THREE, "c\na\nb\n"), sample.project)
    assert check_output(example, abc, sample.project) is not None
    (sample.root / "examples/chapter/three.out").write_text("a\nb\nc\n", encoding="utf-8")
    assert check_output(example, abc, sample.project) is None
    assert check_output(example, replace(abc, exit=1), sample.project) is not None


def test_an_output_that_looks_like_a_conflict_and_is_right_is_right(sample: SampleProject) -> None:
    marks = "<<<<<<< HEAD\n=======\n>>>>>>> topic\n"
    source = GOOD.replace('print("hello")', f"print({marks!r}, end='')")
    example, trace = ran(sample, source, marks)
    assert check_output(example, trace, sample.project) is None


def test_what_a_program_prints_is_text_on_a_page_and_never_markup(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = GOOD.replace('print("hello")', 'print("<img src=x onerror=alert(1)> &amp;")')
    sample.example("three", source, "<img src=x onerror=alert(1)> &amp;\n")
    monkeypatch.chdir(sample.root)
    html = show("chapter/three", source=False, picture=False)
    assert "<img" not in html
    assert '<span data-time="1.000 s">&lt;img src=x onerror=alert(1)&gt; &amp;amp;</span>\n' in html


COMMANDS = """::error file=loopscope/running/fork_server.py,line=1::no
  ::add-mask::a
##[error]no
\r::error::no
\x0c::error::no
\u2028::error::no
\x1b[2J"""


def commands(log: str) -> list[str]:
    """What the log of a CI would take for commands, as GitHub's runner finds them."""
    return [line for line in log.splitlines() if line.strip().startswith("::") or "##[" in line]


def test_what_a_program_prints_is_no_command_to_a_log(sample: SampleProject) -> None:
    prints = GOOD.replace('"hello"', repr(COMMANDS))
    sources = {
        "good": prints,
        "last_words": prints.replace(
            "if __name__", 'raise SystemExit("x\\n\\n::error::no")\n\nif __name__'
        ),
        "error": GOOD.replace('print("hello")', f"raise ValueError({COMMANDS!r})"),
    }
    for name, source in sources.items():
        sample.example(name, source, "hello\n")
    ran = sample.run("build")
    assert ran.returncode == 1 and all(
        f"examples/chapter/{name}.py: it" in ran.stderr for name in sources
    )
    assert (
        ran.stderr.count("::error") >= len(sources)
        and commands(ran.stderr) == []
        and "\x1b" not in ran.stderr
    )


def seconds(work: Callable[[str], object], text: str) -> float:
    """Of CPU."""
    began = time.process_time()
    with suppress(ProjectError, MetadataError):
        work(text)
    return time.process_time() - began


HERE = Project(Path("/nowhere"))
LINEAR: dict[str, tuple[Callable[[str], object], str, str, str]] = {
    "beginnings of paths": (lambda text: normalize_output(text, HERE), "", "./", ""),
    "folders of paths": (lambda text: normalize_output(text, HERE), "", "(/", ""),
    "one path through many libraries": (
        lambda text: normalize_output(text, HERE),
        "",
        "/lib/python3.11",
        "",
    ),
    "one file in many libraries": (
        lambda text: normalize_output(text, HERE),
        'File "',
        "/site-packages/x",
        "",
    ),
    "many scratch folders": (lambda text: normalize_output(text, HERE), "", "/awaited-x", ":"),
    "blank lines before no title": (
        lambda text: examples._read_title(Path("x.py"), text),
        "",
        "\n",
        "x",
    ),
    "comments before no title": (
        lambda text: examples._read_title(Path("x.py"), text),
        "",
        "# x\n",
        "x",
    ),
    "blocks that are not closed": (
        read_settings,
        "",
        "# /// script\n",
        "x",
    ),
    "a block that is closed many times": (
        read_settings,
        "# /// script\n",
        "# ///\n",
        "x",
    ),
    "lines of comments in a block": (
        read_settings,
        "# /// script\n",
        "#\n",
        "x",
    ),
    "spaces in a style": (lambda text: list(css.find_urls(text)), "a{b:url(", " ", '"('),
    "escaped quotes in a style": (lambda text: list(css.find_urls(text)), "", '\\\\"', ""),
    "sets of pictures in a style": (
        lambda text: list(css.find_urls(text)),
        "image-set(",
        " ",
        "((",
    ),
    "commas between pictures": (lambda text: parse_page(f'<img srcset="{text}">'), "", ",", ""),
    "lines in another order": (
        lambda text: _diff(text, "\n".join(reversed(text.split("\n"))), "a", "b"),
        "",
        "",
        "",
    ),
}


@pytest.mark.parametrize("what", LINEAR)
def test_four_times_as_much_takes_four_times_as_long(what: str) -> None:
    """Whatever a stranger sends: it may be a megabyte, and a time that grows with the square of
    that is a build that never ends.
    """
    work, before, piece, behind = LINEAR[what]

    def taken(size: int) -> float:
        middle = piece * size if piece else "\n".join(map(str, range(size)))
        return seconds(work, before + middle + behind)

    taken(250)  # what is made once, like the form of an expression
    size, small, large = 1_000, taken(250), taken(1_000)
    while size < 256_000 and large < 0.1:  # until there is something to measure
        size *= 4
        small, large = large, taken(size)
    # A busy machine takes its time now and then, not three times in a row.
    for _ in range(2):
        if large < 0.1 or large < 10 * small:
            break
        small, large = min(small, taken(size // 4)), min(large, taken(size))
    assert large < 0.1 or large < 10 * small, f"{size // 4}: {small:.3f} s, {size}: {large:.3f} s"
