"""The build through its front door: what it makes, what it refuses, what it does not do twice."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject, digest

from sitebuild.content import examples
from sitebuild.content.excerpts import find_statement
from sitebuild.project import NEWEST_MINOR
from sitebuild.records import cache, cache_key, pythons, runner
from sitebuild.rendering.show import show

NEWEST = f"3.{NEWEST_MINOR}"
lacks_newest = pytest.mark.skipif(
    sys.version_info[1] >= NEWEST_MINOR or pythons.find_interpreter(NEWEST_MINOR) is not None,
    reason=f"this machine has Python {NEWEST}",
)


def test_a_page_shows_source_output_with_times_picture_facts_and_download(
    sample: SampleProject,
) -> None:
    with sample.start("build", stderr=subprocess.PIPE) as building:
        _, stderr = building.communicate(timeout=120)
    assert building.returncode == 0, stderr
    html = sample.read()
    assert '<span class="filename">examples/chapter/good.py</span>' in html
    assert '<span data-time="1.000 s">hello</span>\n' in html
    assert "<svg" in html and "sleep 1 s" in html
    assert f"Ran on Python {sys.version.split()[0]}, virtual clock, 1.000 s" in html
    assert (sample.root / "site/examples/chapter/good.py").read_text(encoding="utf-8") == GOOD
    assert '/examples/chapter/good.py" download' in html


def test_names_that_would_make_a_record_of_gigabytes_are_not_stepped_through(
    sample: SampleProject,
) -> None:
    for name, length in (("short", 200), ("long", 201)):
        sample.example(
            name,
            GOOD.replace("await", f'asyncio.current_task().set_name("n" * {length})\n    await', 1),
            "hello\n",
        )
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert [
        (sample.root / f"site/examples/chapter/{name}.json").exists() for name in ("short", "long")
    ] == [True, False]
    pages = [sample.read(f"examples/chapter/{name}/index.html") for name in ("short", "long")]
    assert (
        ["<loop-stepper" in page for page in pages]
        == ["The run in words" in page for page in pages]
        == [True, False]
    )


def test_all_that_is_wrong_with_examples_is_reported_at_once(sample: SampleProject) -> None:
    sample.example("drifts", GOOD, "goodbye\n")
    sample.example("fails", GOOD.replace('print("hello")', 'raise ValueError("no")'), "")
    sample.example(
        "hangs", GOOD.replace("await asyncio.sleep(1)", "await asyncio.Event().wait()"), ""
    )
    sample.example(
        "loops",
        GOOD.replace("await asyncio.sleep(1)", "while True: pass").replace(
            '"""\n', '"""\n# /// script\n# [tool.loopscope]\n# timeout = 0.5\n# ///\n', 1
        ),
        "",
    )
    sample.example("new", GOOD, None)
    sample.example("serves", GOOD.replace("asyncio.sleep(1)", "asyncio.start_server(print)"), "")
    ran = sample.run("build")
    assert ran.returncode == 1
    assert "examples/chapter/drifts.py: its output has changed" in ran.stderr
    assert "  | -goodbye\n  | +hello\n" in ran.stderr
    assert "examples/chapter/fails.py: it ended with exit 1 (ValueError: no), not 0" in ran.stderr
    assert re.search(
        r"examples/chapter/hangs.py: it ended with exit 124 \(there's nothing left that could wake the event loop: Task-1 is waiting at line 7",
        ran.stderr,
    )
    assert re.search(
        r"examples/chapter/loops.py: it ended with exit 124 \(it ran out of time: stopped after 0.5 s of CPU, at line 11",
        ran.stderr,
    )
    assert "examples/chapter/new.py: new.out is missing; run `make update`" in ran.stderr
    assert re.search(
        r"examples/chapter/serves.py: .*line 7 calls loop.create_server\(\).*declare clock = \"real\"",
        ran.stderr,
    )
    assert "6 problems; nothing was built" in ran.stderr
    assert not (sample.root / "site").exists()


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('# colour = "red"', "unknown key `colour`; known are `requires-python`, `dependencies`"),
        ('# [tool.loopscope]\n# clok = "real"', "unknown key `tool.loopscope.clok`"),
        ('# [tool.uv]\n# x = 1', "unknown key `tool.uv`"),
        ('# [tool.loopscope]\n# clock = "sundial"', "`tool.loopscope.clock = 'sundial'` must be \"virtual\" or \"real\""),
        ("# [tool.loopscope]\n# exit = 300", "`tool.loopscope.exit = 300` must be an exit status"),
        ("# [tool.loopscope]\n# timeout = -1", "`tool.loopscope.timeout = -1` must be seconds"),
        ('# requires-python = ">=3.29"', "`requires-python = '>=3.29'` must be like"),
        (f'# requires-python = ">=3.{"1" * 5000}"', "must be like \">=3.13\", up to 3."),
        (f"# timeout = {'1' * 5000}", "is not TOML"),
        ('# requires-python = "3.13"', "`requires-python = '3.13'` must be like \">=3.13\""),
        ('# dependencies = ["aiohttp==3"]', "must be a list of names without versions"),
        ("# clock = ", "is not TOML"),
    ],
)  # fmt: skip
def test_a_bad_block_is_refused_with_file_and_key(
    sample: SampleProject, block: str, message: str
) -> None:
    path = sample.example("bad", f'"""A title."""\n\n# /// script\n{block}\n# ///\n', "")
    with pytest.raises(examples.ExampleError) as caught:
        examples.read(path, sample.project)
    assert str(caught.value).startswith("examples/chapter/bad.py: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("specifier", "requires"),
    [
        *((">=3.13", (3, 13)), (" >= 3.13 ", (3, 13)), (">=3.0", (3, 0))),
        *((other, None) for other in (">3.13", "~=3.13", "==3.*", ">=3.13,<4", ">=3.13.1")),
        *((other, None) for other in (">=3.13rc1", ">=3", ">=4.0", ">=2.7", "", "python")),
    ],
)
def test_an_example_names_the_lowest_python_and_nothing_else(
    sample: SampleProject, specifier: str, requires: tuple[int, int] | None
) -> None:
    text = f'"""T."""\n# /// script\n# requires-python = "{specifier}"\n# ///\n'
    path = sample.example("lowest", text, "")
    if requires is not None:
        assert examples.read(path, sample.project).requires_python == requires
        return
    with pytest.raises(examples.ExampleError, match=r'must be like ">=3\.13"'):
        examples.read(path, sample.project)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ('# a comment\n\n  """Say \\"a\\".  """\nthis is (no Python', 'Say \\"a\\".'),
        ("'Title.'\n", None),
        ('r"""Title."""\n', None),
        ('f"""Title."""\n', None),
        ('x = """Title."""\n', None),
        ('"""Title.\n', None),
        ('"""Two\nlines."""\n', None),
        ("(", None),
        ("", None),
    ],
)
def test_the_title_of_a_program_is_the_string_that_it_begins_with(
    sample: SampleProject, source: str, title: str | None
) -> None:
    path = sample.example("titled", source, "")
    if title is not None:
        assert examples.read(path, sample.project).title == title
        return
    with pytest.raises(examples.ExampleError, match="it has no title"):
        examples.read(path, sample.project)


def test_the_front_door_reports_bad_files_too(sample: SampleProject) -> None:
    sample.example("untitled", "print(1)\n", "1\n")
    sample.example("bad", '"""Title."""\n# /// script\n# colour = 1\n# ///\n', "")
    (sample.root / "examples/chapter/orphan.out").write_text("", encoding="utf-8")
    messages = sample.refused("build")
    assert "examples/chapter/untitled.py: it has no title" in messages
    assert "examples/chapter/bad.py: unknown key `colour`" in messages
    assert "examples/chapter/orphan.out: no example prints this; delete it" in messages


def test_an_untouched_example_is_not_run_again_and_a_touched_one_is(sample: SampleProject) -> None:
    # Its output is never twice the same, so that a second run cannot go unseen.
    source = GOOD.replace('print("hello")', "print(os.urandom(8).hex())").replace(
        "import asyncio\n", "import asyncio\nimport os\n"
    )
    path = sample.example("stamp", source, None)
    example = examples.read(path, sample.project)
    first = runner.run([example], sample.project)["stamp".join(["chapter/", ""])].text()
    assert cache.load(example, sample.project).text() == first
    assert runner.get_or_run(example, sample.project).text() == first
    path.write_text(source + "# touched\n", encoding="utf-8")
    touched = examples.read(path, sample.project)
    assert cache.load(touched, sample.project) is None
    assert runner.get_or_run(touched, sample.project).text() != first


def test_a_record_is_stale_when_anything_that_can_change_it_changed(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = sample.example("goes_wrong", GOOD, "hello\n")
    session = sample.example("session", "# A session\npython goes_wrong.py\n", "hello\n", ".sh")
    example = examples.read(session, sample.project)
    before = cache.cache_key(example)
    program.write_text(GOOD.replace("hello", "bye"), encoding="utf-8")
    assert cache.cache_key(example) != before, "the program that a shell session runs changed"
    for name, value in {"_own_sources": "other", "_installed": "other"}.items():
        before = cache.cache_key(example)
        monkeypatch.setattr(cache_key, name, lambda value=value: value)
        assert cache.cache_key(example) != before, name
    declared = sample.example(
        "declared", '"""T."""\n# /// script\n# dependencies = ["rich"]\n# ///\n', ""
    )
    example = examples.read(declared, sample.project)
    before = cache.cache_key(example)
    monkeypatch.setattr(cache_key.importlib.metadata, "version", lambda name: "99")
    assert cache.cache_key(example) != before, "a declared package changed"


def test_a_record_that_was_damaged_is_made_again(sample: SampleProject) -> None:
    example = examples.read(sample.root / "examples/chapter/good.py", sample.project)
    runner.run([example], sample.project)
    file = next(sample.project.cache.rglob("good.json"))
    for damage in (
        "",
        "{",
        '{"key": 1}',
        file.read_text(encoding="utf-8").replace('"tasks"', '"tsks"'),
    ):
        file.write_text(damage, encoding="utf-8")
        assert cache.load(example, sample.project) is None
    assert runner.get_or_run(example, sample.project).text() == "hello\n"


def test_an_undeclared_package_is_named(sample: SampleProject) -> None:
    sample.example(
        "needs", '"""T."""\n# /// script\n# dependencies = ["no-such-package"]\n# ///\n', ""
    )
    ran = sample.run("build")
    assert ran.returncode == 1
    assert (
        "examples/chapter/needs.py: it declares `no-such-package`, which is not installed; add it to requirements-examples.in"
        in ran.stderr
    )


def test_two_builds_are_the_same_byte_for_byte_and_change_nothing_in_docs(
    sample: SampleProject,
) -> None:
    docs = digest(sample.root / "docs")
    assert sample.run("build").returncode == 0
    assert digest(sample.root / "docs") == docs
    first = digest(sample.root / "site")
    shutil.rmtree(sample.root / "site")
    assert sample.run("build").returncode == 0
    assert digest(sample.root / "site") == first


def test_a_build_that_fails_leaves_the_site_that_was_there(sample: SampleProject) -> None:
    assert sample.run("build").returncode == 0
    before = digest(sample.root / "site")
    sample.page("index", "good", text="[nowhere](missing.md)")
    ran = sample.run("build")
    assert ran.returncode == 1 and "missing.md" in ran.stderr
    assert digest(sample.root / "site") == before


def test_a_page_that_shows_what_is_not_there_fails_the_build(sample: SampleProject) -> None:
    sample.page("index", "good", "gone")
    messages = sample.refused("build")
    assert (
        "docs/index.md: line 12: there is no such example; examples/chapter/gone.py is missing"
        in messages
    )


def test_a_block_that_would_end_the_builder_is_refused(sample: SampleProject) -> None:
    (sample.root / "docs/index.md").write_text(
        '# Page\n\n```python exec="on"\nimport sys\nsys.exit(0)\n```\n', encoding="utf-8"
    )
    assert "docs/index.md: line 3: a Python block begins with" in sample.refused("build")


def test_show_can_show_a_part_light_lines_and_leave_things_out(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root)
    part = show("chapter/good", part="async def main", output=False)
    assert "async" in part and "asyncio.run" not in re.sub(r"<[^>]+>", "", part)
    lit = show("chapter/good", light="print(")
    assert (
        re.sub(r"<[^>]+>", "", re.search(r'<span class="hll">(.*?)\n</span>', lit, re.S)[1]).strip()
        == 'print("hello")'
    )
    assert "<svg" not in show("chapter/good", picture=False)
    assert "run-source" not in show("chapter/good", source=False)
    assert "run-output" not in show("chapter/good", output=False)
    with pytest.raises(examples.ExampleError, match="no line of what is shown has 'nothing'"):
        show("chapter/good", light="nothing")
    with pytest.raises(
        examples.ExampleError, match="no statement in it begins with a line that contains 'nothing'"
    ):
        show("chapter/good", part="nothing")


@pytest.mark.parametrize("source", ["(", "-" * 9_000 + "1", "a" + ".a" * 4_000])
def test_of_what_does_not_compile_no_part_can_be_shown(source: str) -> None:
    with pytest.raises(
        examples.ExampleError, match="it does not compile, so no part of it can be shown"
    ):
        find_statement(source, "nothing", "examples/chapter/bad.py")


def test_stderr_is_told_apart_and_an_exit_status_is_shown(sample: SampleProject) -> None:
    sample.example("wrong", '"""T."""\n# /// script\n# [tool.loopscope]\n# exit = 3\n# ///\nimport sys\n\nprint("a")\nprint("b", file=sys.stderr)\nsys.exit(3)\n', "a\nb\n")  # fmt: skip
    sample.page("index", "good", "wrong")
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert 'class="run-stderr">b</span>\n' in sample.read()
    assert "exit status 3" in sample.read()
    # The button copies it, and nobody sees it.
    assert "# /// script" not in re.sub(r'data-copy="[^"]*"', "", sample.read())


def test_an_example_for_a_newer_python_runs_on_one_that_the_machine_has(
    sample: SampleProject,
) -> None:
    newer = [
        (3, minor)
        for minor in range(sys.version_info[1] + 1, 20)
        if pythons.find_interpreter(minor)
    ]
    needed = newer[0] if newer else (3, NEWEST_MINOR)
    source = GOOD.replace('"""\n', f'"""\n# /// script\n# requires-python = ">={needed[0]}.{needed[1]}"\n# ///\n', 1).replace(
        'print("hello")', 'print("hello from", sys.version_info[:2])'
    ).replace("import asyncio\n", "import asyncio\nimport sys\n")  # fmt: skip
    sample.example("newer", source, f"hello from {needed}\n")
    sample.page("index", "good", "newer")
    if not newer:
        sample.verified("newer", f"{NEWEST}.0")
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    version = ".".join(map(str, needed))
    assert (
        f"Ran on Python {version}" if newer else f"Recorded on Python {version} or later"
    ) in sample.read()
    assert f"hello from {needed}" in sample.read()


@lacks_newest
def test_an_example_that_no_python_here_can_run_shows_what_was_recorded(
    sample: SampleProject,
) -> None:
    source = GOOD.replace(
        '"""\n', f'"""\n# /// script\n# requires-python = ">={NEWEST}"\n# ///\n', 1
    )
    sample.example("future", source, "hello from the future\n")
    sample.page("index", "good", "future")
    sample.verified("future", f"{NEWEST}.0")
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert "hello from the future" in sample.read()
    assert (
        f"Recorded on Python {NEWEST} or later, which the machine that built this page does not have"
        in sample.read()
    )
    # What was recorded of another program is not shown.
    sample.example("future", source.replace("hello", "goodbye"), "hello from the future\n")
    ran = sample.run("build")
    assert (
        ran.returncode == 1
        and "what is recorded is of something else; run `make update` where there is one"
        in ran.stderr
    )


@lacks_newest
def test_a_page_shows_what_an_example_prints_on_another_python(sample: SampleProject) -> None:
    others = [
        f"3.{minor}"
        for minor in range(10, 20)
        if minor != sys.version_info[1] and pythons.find_interpreter(minor)
    ]
    here = ".".join(map(str, sys.version_info[:2]))
    source = '"""T."""\n# /// script\n# [tool.loopscope]\n# exit = {"3.0" = 0, "3.90" = 1}\n# ///\nimport sys\n\nprint(sys.version_info[:2])\n'
    sample.example("tells", source, f"{sys.version_info[:2]}\n")
    sample.example(f"tells.{NEWEST}", "(3, 99)\n", None, ".out")
    sample.verified("tells", f"{NEWEST}.4")
    wanted = [here, NEWEST, *others]
    shows = "\n".join(
        f'print(show("chapter/tells", source=False, python="{version}"))' for version in wanted
    )
    sample.page(
        "index",
        "good",
        text=f'```python exec="on" html="on"\nfrom sitebuild import show\n\n{shows}\n```\n',
    )
    ran = sample.run("build")
    assert ran.returncode == (1 if others else 0)
    for version in others:  # nothing was recorded of them yet
        assert f"on Python {version}" in ran.stderr or f"Python {version}." in ran.stderr
    assert sample.run("update").returncode == 0
    assert sample.run("build").returncode == 0
    for version in [here, *others]:
        assert f">Output on Python {version}</span><pre><code><span data-time=" in sample.read()
        assert f"(3, {version[2:]})</span>\n" in sample.read()
    assert (
        f">Output on Python {NEWEST}, as recorded</span><pre><code><span>(3, 99)</span>\n"
        in sample.read()
    )
    # Of examples that no page shows on that Python, nothing is kept.
    sample.example("alone", source.replace("T.", "U."), f"{sys.version_info[:2]}\n")
    for version in others[-1:]:
        assert "every output is as it was" in sample.run("update", "--python", version).stdout
    # A Python that is neither here nor recorded.
    sample.page(
        "index",
        "good",
        text='```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/tells", python="3.98"))\n```\n',
    )
    ran = sample.run("build")
    assert ran.returncode == 1
    assert "it is shown as it runs on Python 3.98, which is not here" in ran.stderr
    assert (
        "run `python -m sitebuild update --python 3.98 chapter/tells` where there is one"
        in ran.stderr
    )


def test_an_exit_status_may_be_another_from_a_python_on(sample: SampleProject) -> None:
    text = '"""T."""\n# /// script\n# [tool.loopscope]\n# exit = {"3.11" = 1, "3.14" = 2}\n# ///\n'
    example = examples.read(sample.example("exits", text, ""), sample.project)
    assert [
        example.expected_exit(version)
        for version in ("3.10.13", "3.11.7", "3.13.0", "3.14.10", "3.15.2")
    ] == [0, 1, 1, 2, 2]


def test_a_shell_session_finds_the_programs_that_it_names(sample: SampleProject) -> None:
    sample.example(
        "session",
        "#!/usr/bin/env bash\n# Two runs\npython good.py\nls\n",
        "hello\ngood.py\n",
        ".sh",
    )
    sample.page("index", "session")
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert "a shell session" in sample.read() and "data-time" not in sample.read()
    # Its `python` is the one that builds the site, whatever the page asks for.
    sample.page(
        "index",
        text='```python exec="on" html="on"\nfrom sitebuild import show\n\nprint(show("chapter/session", python="3.98"))\n```\n',
    )
    ran = sample.run("build")
    assert ran.returncode == 1 and "examples/chapter/session.sh: a shell session runs" in ran.stderr


def test_a_program_sees_nothing_of_the_builder_s_environment(sample: SampleProject) -> None:
    source = '"""T."""\nimport os\nfrom pathlib import Path\n\nprint(os.environ.get("SECRET"), sorted(os.environ), os.listdir("."))\nPath("left").touch()\n'
    sample.example(
        "spy", source, "None ['HOME', 'LANG', 'PATH', 'PYTHONHASHSEED', 'TMPDIR', 'TZ'] []\n"
    )
    sample.page("index", "spy")
    ran = sample.run("build", SECRET="swordfish")
    assert ran.returncode == 0, ran.stderr


def test_update_records_and_keeps_what_only_this_python_prints(sample: SampleProject) -> None:
    assert "examples/chapter/good.out: recorded" not in sample.run("update").stdout
    path = sample.example("good", GOOD.replace('"hello"', '"hi"'), None)
    ran = sample.run("update", "chapter/good", "--this-python")
    own = path.with_name(f"good.{sys.version_info[0]}.{sys.version_info[1]}.out")
    assert f"{own.name}: recorded" in ran.stdout and own.read_text(encoding="utf-8") == "hi\n"
    assert path.with_suffix(".out").read_text(encoding="utf-8") == "hello\n"
    path.with_suffix(".out").write_text("hi\n", encoding="utf-8")
    assert f"{own.name}: gone" in sample.run("update").stdout
    assert not own.exists()


def test_an_example_s_page_names_the_pythons_on_which_it_was_verified_as_it_is(
    sample: SampleProject,
) -> None:
    this = platform.python_version()
    assert sample.run("update").returncode == 0
    file = sample.root / "examples/verified.txt"
    digest = file.read_text().removeprefix(f"chapter/good {this} ").strip()
    assert re.fullmatch("[0-9a-f]{12}", digest)
    with file.open("a") as facts:
        facts.write(
            f"chapter/good 3.10.99 {digest}\nchapter/good 3.12.99 {'0' * 12}\nchapter/gone {this} {digest}\n"
        )
    assert sample.run("build").returncode == 0
    assert f"Python 3.10.99 and {this}. All print the same." in sample.read(
        "examples/chapter/good/index.html"
    )
    # Once it is another program, only the Python that built the page has run it.
    sample.example("good", GOOD.replace("hello", "hello again"), "hello again\n")
    assert sample.run("build").returncode == 0
    assert re.search(
        rf"Python {re.escape(this)}\. *</p>", sample.read("examples/chapter/good/index.html")
    )
    assert sample.run("update", "chapter/good").returncode == 0
    assert "chapter/gone" not in file.read_text()


def test_examples_that_wait_are_run_side_by_side(sample: SampleProject) -> None:
    source = GOOD.replace(
        '"""\n', '"""\n# /// script\n# [tool.loopscope]\n# clock = "real"\n# ///\n', 1
    )
    source = source.replace("import asyncio\n", "import asyncio\nimport time\n").replace(
        'print("hello")', "print(began, time.time())"
    )
    source = source.replace("    await asyncio", "    began = time.time()\n    await asyncio")
    every = [
        examples.read(sample.example(f"slow_{number}", source, None), sample.project)
        for number in range(5)
    ]
    traces = runner.run(every, sample.project)
    spans = sorted(tuple(map(float, trace.text().split())) for trace in traces.values())
    # One after another, each would begin when the one before has ended. How many overlap is for a
    # busy machine to decide.
    assert len(spans) == 5 and any(
        begin < end for (_, end), (begin, _) in zip(spans, spans[1:], strict=False)
    )


def test_what_a_real_clock_got_wrong_once_is_run_once_more_alone(
    sample: SampleProject, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    source = f'''"""T."""
# /// script
# [tool.loopscope]
# clock = "real"
# ///
with open({str(runs)!r}, "a+") as file:
    file.write("x")
    file.seek(0)
    print(len(file.read()))
'''
    sample.example("late", source, "2\n")
    sample.page("index", "good", "late")
    # it counts its runs in a file, which it could not write into
    ran = sample.run("build", AWAITED_SANDBOX="off")
    assert ran.returncode == 0, ran.stderr
    assert runs.read_text() == "xx"
    # What is wrong twice is wrong.
    sample.example("late", source, "9\n")
    shutil.rmtree(sample.project.cache)
    ran = sample.run("build", AWAITED_SANDBOX="off")
    assert ran.returncode == 1 and "its output has changed" in ran.stderr
    assert runs.read_text() == "xxxx"


def test_where_there_is_no_fork_a_program_gets_an_interpreter_of_its_own(
    sample: SampleProject,
) -> None:
    code = (
        "import os\ndel os.fork\nfrom loopscope.running.launch import Program, supervise\nfrom loopscope.running.forked_program import fork\n"
        "print(supervise(Program('examples/chapter/good.py', clock='virtual'), start=fork).text(), end='')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=sample.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (ran.stdout, ran.stderr) == ("hello\n", "")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ('---\ntitle: "What\'s a task?"\n---\n\n# T\n', "What&#39;s a task? · asyncio - Awaited"),
        ("---\ntitle: AsyncIO at work\n---\n\n# T\n", "AsyncIO at work - Awaited"),
        (
            "# A &lt;/title&gt;&lt;script&gt;\n",
            "A &lt;/title&gt;&lt;script&gt; · asyncio - Awaited",
        ),
        ("# Tasks & `<b>`\n", "Tasks &amp; &lt;b&gt; · asyncio - Awaited"),
    ],
)
def test_the_title_in_a_browser_s_tab_says_what_the_course_is_about(
    sample: SampleProject, page: str, title: str
) -> None:
    (sample.root / "docs/page.md").write_text(page, encoding="utf-8")
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert f"<title>{title}</title>" in sample.read("page/index.html")
    good = "<title>A greeting · asyncio - Awaited</title>"
    assert good in sample.read("examples/chapter/good/index.html")
    assert good in sample.read("embed/chapter/good/index.html")
    assert "<title>Page not found - Awaited</title>" in sample.read("404.html")
