"""What the command writes: into which file, in which encoding, and that nothing a program prints
can break it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree

import pytest
from commands import ENVIRONMENT, PATIENCE, RECORDED, started, write_programs
from warm_command import WarmCommand

from loopscope import Trace, __version__
from loopscope.views import markup
from loopscope.views.page import render

ODD = "".join(map(chr, range(0x20))) + "\x7f\x85\x9f\ufffe\uffff\ufdd0\U0001fffe\udc80\ud800<u>&\"'"
PROGRAMS = {
    "greets": 'print("hello")\n',
    "odd": f"""
        import asyncio, sys

        NAME = {ODD!a}

        async def work():
            sys.stdout.buffer.write(b"out: " + NAME.encode("utf-8", "surrogatepass") + b"\\n")
            sys.stdout.buffer.flush()
            await asyncio.sleep(0.01)
            raise ValueError(NAME)

        work.__qualname__ = "work" + NAME

        async def main():
            await asyncio.create_task(work(), name=NAME)

        asyncio.run(main())
        """,
    "breaks_out": """
        import asyncio

        async def main():
            print("<!--<script>")
            print("</script>")
            print("<!--")

        asyncio.run(main())
        """,
    "ends_at_once": """
        import asyncio, os

        async def main():
            print("hello", flush=True)
            os._exit(7)

        asyncio.run(main())
        """,
    "never": """
        import asyncio, math

        async def main():
            task = asyncio.create_task(asyncio.sleep(math.inf))
            asyncio.get_running_loop().call_later(math.nan, print, "at once")
            await asyncio.sleep(0.01)
            task.cancel()

        asyncio.run(main())
        """,
    "form_feed": """
        import asyncio
        \f
        async def main():
            print("\u2028".strip(), "\x85".strip())
            await asyncio.sleep(0.01)
        \f
        asyncio.run(main())
        """,
    "waits": """
        import sys
        print("ready", flush=True)
        sys.stdin.readline()
        """,
}
FORMATS = ("text", "json", "svg", "html")
ENCODINGS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1:strict"},
    "locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "utf-8": {},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    write_programs(folder, PROGRAMS)
    return folder


class Run(Protocol):
    """Calls the command in a folder."""

    def __call__(
        self, folder: Path, *words: str, **environment: str
    ) -> subprocess.CompletedProcess[bytes]: ...


@pytest.fixture(scope="module")
def run(command: WarmCommand) -> Run:
    """Where an environment is given, by a new interpreter: its streams take their encoding from
    there.
    """

    def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        if not environment:
            return command(folder, *words)
        return subprocess.run(
            [*RECORDED, *words],
            cwd=folder,
            env={**ENVIRONMENT, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
        )

    return run


class Page(HTMLParser):
    """The texts of a page's elements, and the errors that HTML's own parser would find in its
    characters.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.bad = re.findall(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]", text
        )
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)


# What no format may break at


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMATS)
def test_odd_characters_and_poor_encodings_break_no_format(
    folder: Path, run: Run, form: str, encoding: str
) -> None:
    done = run(folder, "--format", form, "odd.py", **ENCODINGS[encoding])
    errors = done.stderr.decode(errors="replace")
    assert done.returncode == 1
    assert "UnicodeEncodeError" not in errors
    assert "/loopscope/" not in errors
    if form == "text":
        assert done.stdout.startswith(b"out: \0\1\2")
        assert "odd.py: exit 1" in errors
        return
    text = done.stdout.decode("utf-8")
    if form == "json":
        trace = Trace.from_json(text)
        assert [
            task.name.endswith("\\udc80\\ud800<u>&\"'")
            for task in trace.tasks
            if "work" in task.coro
        ] == [True]
    elif form == "svg":
        root = ElementTree.fromstring(text)
        assert any("\\udc80\\ud800<u>&\"'" in (element.text or "") for element in root.iter())
    else:
        page = Page(text)
        assert page.bad == []
        assert "u" not in page.texts
        assert any("out: ␀␁␂" in piece for piece in page.texts["span"])
        assert json.loads(page.texts["script"][0])["labels"]


def test_what_a_program_prints_cannot_end_the_script_that_holds_it(folder: Path, run: Run) -> None:
    text = run(folder, "--format", "html", "breaks_out.py").stdout.decode()
    held = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert "<" not in held[0]
    assert json.loads(held[0])["output"]
    assert "<!--" not in text
    assert "&lt;!--&lt;script&gt;" in text


@pytest.mark.parametrize("form", ["json", "html"])
def test_timers_that_are_never_due_leave_the_json_one_that_every_reader_takes(
    folder: Path, run: Run, form: str
) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    text = run(folder, "--format", form, "never.py").stdout.decode()
    held = Page(text).texts["script"][0] if form == "html" else text
    assert "at once" in str(json.loads(held, parse_constant=refuse)["output"])


def test_lines_are_counted_as_python_counts_them(folder: Path, run: Run) -> None:
    text = run(folder, "--format", "html", "form_feed.py").stdout.decode()
    page = Page(text)
    assert "await asyncio.sleep(0.01)" in page.texts["code"]
    assert [
        number for number, line in json.loads(page.texts["script"][0])["source"] if "await" in line
    ] == [5]
    assert '<span data-at="5">    await asyncio.sleep(0.01)</span>' in text


def test_a_file_name_with_markup_in_it_is_a_name(folder: Path, run: Run) -> None:
    name = "<img src=x onerror=alert(1)>&\"'.py"
    (folder / name).write_text("import asyncio\nasyncio.run(asyncio.sleep(0))\n")
    assert "img" not in Page(run(folder, "--format", "html", name).stdout.decode()).texts
    assert "<img" not in run(folder, "--format", "html", name).stdout.decode()
    root = ElementTree.fromstring(run(folder, "--format", "svg", name).stdout.decode())
    assert root[0].text is not None
    assert name in root[0].text


def test_markup_is_escaped_unless_it_is_markup_already() -> None:
    assert (
        markup.element("p", "<b>", markup.element("i", "&"), class_='"', data_at=3)
        == '<p class="&quot;" data-at="3">&lt;b&gt;<i>&amp;</i></p>'
    )
    assert markup.element("br") == "<br/>"
    assert markup.fill("<p>$text</p>", text="$other <b>") == "<p>$other &lt;b&gt;</p>"
    assert markup.fill("<p>$text</p>", text=markup.raw("<b>")) == "<p><b></p>"
    assert markup.join("<", markup.escape("<"), 3) == "&lt;&lt;3"
    with pytest.raises(KeyError):
        markup.fill("$missing")


def test_a_trace_from_anywhere_gives_a_page_that_holds_nothing_of_its_own(
    folder: Path, run: Run
) -> None:
    trace = Trace.from_json(run(folder, "--format", "json", "odd.py").stdout.decode())
    evil = json.loads(trace.to_json())
    evil["file"] = evil["error"] = evil["python"] = "<script>alert(1)</script>"
    evil["notes"] = ["<script>alert(2)</script>"]
    page = render(Trace.from_json(json.dumps(evil)), "<script>alert(3)</script>")
    assert "<script>" not in page
    assert set(Page(page).texts["script"]) & {"alert(1)", "alert(2)", "alert(3)"} == set()


# What is said beside the record


@pytest.mark.parametrize("form", ["json", "svg", "html"])
def test_notes_are_said_on_stderr_and_stand_in_pictures_and_pages(
    folder: Path, run: Run, form: str
) -> None:
    done = run(folder, "--format", form, "ends_at_once.py")
    note = "it ended itself without the interpreter's clean-up (os._exit(7))"
    assert done.returncode == 7
    assert done.stderr.decode() == f"loopscope: ends_at_once.py: {note}\n"
    if form == "svg":
        assert note in [
            element.text for element in ElementTree.fromstring(done.stdout.decode()).iter()
        ]
    if form == "html":
        assert note in Page(done.stdout.decode()).texts["p"]
    assert (
        run(folder, "--format", form, "-o", "note.out", "ends_at_once.py").stderr.decode()
        == done.stderr.decode()
    )


def test_a_picture_of_a_program_without_tasks_says_so(folder: Path, run: Run) -> None:
    root = ElementTree.fromstring(run(folder, "--format", "svg", "greets.py").stdout.decode())
    assert "Timeline of greets.py: no task was recorded" in [
        element.text for element in root.iter()
    ]


# Where the record goes


@pytest.mark.parametrize("place", ["no/such/folder/x", ".", "greets.py/x", "/proc/x", "x" * 300])
def test_a_file_that_cannot_be_written_is_found_before_the_program_runs(
    folder: Path, run: Run, place: str
) -> None:
    done = run(folder, "--format", "json", "-o", place, "greets.py")
    assert (done.stdout, done.returncode) == (b"", 2)
    assert re.fullmatch(
        rf"loopscope: the record cannot be written to {re.escape(place)} \([A-Z][^()]*\), so the program was not run; give -o another file\n",
        done.stderr.decode(),
    )


def test_a_file_stays_as_it_was_until_there_is_a_record(folder: Path) -> None:
    file = folder / "record.json"
    file.write_text("the old one")
    file.chmod(0o640)
    (folder / "link.json").symlink_to("record.json")
    process = started(folder, *RECORDED, "--format", "json", "-o", "link.json", "waits.py")
    assert file.read_text() == "the old one"
    process.communicate("\n", timeout=PATIENCE)
    assert Trace.from_json(file.read_text()).exit == 0
    assert (folder / "link.json").is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_file_with_two_names_keeps_both(folder: Path, run: Run) -> None:
    (folder / "one").write_text("the old one")
    (folder / "two").hardlink_to(folder / "one")
    assert run(folder, "--format", "json", "-o", "one", "greets.py").returncode == 0
    assert (folder / "two").read_text() == (folder / "one").read_text() != "the old one"


def test_a_record_can_go_to_what_is_no_plain_file(folder: Path, run: Run) -> None:
    for form in FORMATS:
        done = run(folder, "--format", form, "-o", "/dev/null", "greets.py")
        assert (done.stdout, done.returncode) == (b"hello\n", 0)
    assert Path("/dev/null").is_char_device()
    assert run(folder, "--format", "json", "-o", "/dev/stdout", "greets.py").stdout.startswith(
        b'hello\n{"format":3,'
    )
    with (folder / "both").open("wb") as both:
        subprocess.run(
            [*RECORDED, "--format", "json", "-o", "/dev/stdout", "greets.py"],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=both,
            timeout=PATIENCE,
        )
    assert (folder / "both").read_bytes().startswith(b'hello\n{"format":3,')
    os.mkfifo(folder / "pipe")
    process = subprocess.Popen(
        [*RECORDED, "--format", "json", "-o", "pipe", "greets.py"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    )
    assert Trace.from_json((folder / "pipe").read_text()).exit == 0
    assert process.wait(PATIENCE) == 0


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_where_only_the_file_may_be_written_it_is_and_where_not_that_is_said(
    open_folder: Path,
) -> None:
    place = open_folder / "place"
    place.mkdir()
    for name, mode in (("mine", 0o444), ("shared", 0o666)):
        (place / name).write_text("the old one")
        (place / name).chmod(mode)
    place.chmod(0o555)
    code = """\
import os, sys, tempfile
from loopscope.running.destination import Destination
os.chdir(sys.argv[1])
if os.getuid() == 0:  # who may write everywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for name in ("mine", "new", "shared"):
    try:
        Destination(name).write("the new one")
    except OSError as problem:
        print(name, problem.strerror)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, place],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr) == ("mine Permission denied\nnew Permission denied\n", "")
    assert ((place / "mine").read_text(), (place / "shared").read_text()) == (
        "the old one",
        "the new one",
    )
    place.chmod(0o755)


# What can be run, and what is said of it


def test_a_folder_and_an_archive_with_a_main_run_as_python_runs_them(
    folder: Path, run: Run
) -> None:
    package = folder / "tool"
    package.mkdir()
    (package / "helping.py").write_text('def greet(): print("greetings")\n')
    (package / "__main__.py").write_text(
        "import asyncio, sys\nfrom helping import greet\n\nasyncio.run(asyncio.sleep(0, greet()))\nsys.exit(len(sys.argv))\n"
    )
    subprocess.run(
        [sys.executable, "-m", "zipapp", "tool", "-o", "tool.pyz"],
        cwd=folder,
        check=True,
        timeout=PATIENCE,
    )
    for place in ("tool", "tool.pyz"):
        done = run(folder, "--format", "html", place, "one", "two")
        assert done.returncode == 3
        assert "from helping import greet" in done.stdout.decode()
        assert "greetings" in Page(done.stdout.decode()).texts["span"]


def test_what_cannot_be_run_is_refused_by_name(folder: Path, run: Run) -> None:
    (folder / "empty").mkdir()
    done = run(folder, "empty")
    said = "loopscope: empty: a folder can be run only if it has a __main__.py\n"
    assert (done.returncode, done.stderr.decode()) == (2, said)


def test_help_and_version_say_what_there_is_to_know(folder: Path, run: Run) -> None:
    assert (
        run(folder, "--version").stdout.decode()
        == f"loopscope {__version__} (Python {sys.version.split()[0]})\n"
    )
    said = run(folder, "--help", COLUMNS="80").stdout.decode()
    for part in (
        "your own programs",
        "NOT a\nsandbox",
        "pipes, even on a terminal",
        "-m MODULE",
        "-c CODE",
        "--open",
    ):
        assert part in said
    assert len(said.splitlines()) < 24  # the last line of a screen is the shell's
    assert max(map(len, said.splitlines())) < 80
