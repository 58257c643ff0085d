"""Ordinary slips: a sentence that says which file, what is wrong and how to fix it, exit status 1,
and never a traceback.
"""

from __future__ import annotations

import errno
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_project import GOOD, SampleProject

from sitebuild.__main__ import main
from sitebuild.commands import build, finish, mkdocs_process
from sitebuild.content import article_items, files
from sitebuild.content.files import ProjectError, explain
from sitebuild.project import Project
from sitebuild.records import cache, pythons

FULL = "no space is left on the disk; free some, then try again"
CONFLICT = "<<<<<<< HEAD\n/a/ /b/\n=======\n/a/ /c/\n>>>>>>> topic\n"
KEEP = "keep the lines of both sides, delete the markers, then run `make update`"


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleProject:
    sample = SampleProject(tmp_path)
    monkeypatch.chdir(sample.root)
    return sample


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """MkDocs has a page at /old/ and one at /, and takes no time."""

    def mkdocs(
        project: Project, *options: str, inherit: tuple[int, ...], stand_ins: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        site, (secret,) = Path(options[-1]), stand_ins.values()
        for name in ("404.html", "old/index.html", "index.html"):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            shown = (
                f'<div class="run" data-stand-in="{secret}" data-call="show(&#39;chapter/good&#39;)"></div>'
                if name == "index.html"
                else ""
            )
            html = f'<title>t</title><link rel="icon" href="/favicon.png"><article><a href="/">home</a>{shown}</article>'
            html += '<script src="/assets/stepper.js"></script>'
            (site / name).write_text(html, encoding="utf-8")
        for name in (
            "favicon.png",
            "assets/images/favicon.png",
            "assets/embed.css",
            "assets/listing.css",
        ):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).touch()
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(build, "mkdocs", mkdocs)


def write(name: str, text: str | bytes) -> Callable[[SampleProject], None]:
    def do(sample: SampleProject) -> None:
        file = sample.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    return do


def folder(name: str) -> Callable[[SampleProject], None]:
    def do(sample: SampleProject) -> None:
        (sample.root / name).unlink(missing_ok=True)
        (sample.root / name).mkdir()

    return do


def link(name: str) -> Callable[[SampleProject], None]:
    return lambda sample: (sample.root / name).symlink_to(name.rpartition("/")[2])


# What is done to a project: what the build says of it.
SLIPS: dict[str, tuple[Callable[[SampleProject], None], list[str]]] = {
    "redirects that are none": (write("redirects.txt", "# moved\n/a/ b\n/old/\n/c/ /c/\n/../d/ /old/\n/e/ /old/\n/e/ /\n"), [
        "redirects.txt: line 2 must be two addresses of pages, /old/ /new/",
        "redirects.txt: line 3 must be two addresses of pages, /old/ /new/",
        "redirects.txt: line 4 leads from /c/ to itself; delete it",
        "redirects.txt: line 5 must be two addresses of pages, /old/ /new/",
        "redirects.txt: line 7 leads from /e/ to another page than a line before it; keep one",
    ]),
    "redirects from what is a file": (write("redirects.txt", "/404.html/ /\n/assets/embed.css/x/ /\n"), [
        "redirects.txt: it leads away from /404.html/, and a part of that is a file of the site; delete that line",
        "redirects.txt: it leads away from /assets/embed.css/x/, and a part of that is a file of the site; delete that line",
    ]),
    "a redirect from what is too long": (write("redirects.txt", f"/{'a' * 300}/ /\n"), [
        "redirects.txt: line 1 must be two addresses of pages, /old/ /new/",
    ]),
    "redirects from and to the wrong pages": (write("redirects.txt", "/old/ /\n/a/ /gone/\n/b/ /a/\n/c/ /old/\n"), [
        "redirects.txt: it leads away from /old/, where there is a page; delete that line",
        "redirects.txt: it leads from /a/ to /gone/, where there is no page; name its address of today",
        "redirects.txt: it leads from /b/ to /a/, where there is no page; name its address of today",
    ]),
    "conflicts in every file of facts": (lambda sample: [write(name, "/x/ /old/\n" + CONFLICT)(sample) for name in ("redirects.txt", "addresses.txt", "examples/verified.txt")], [
        f"addresses.txt: line 2 is a merge conflict; {KEEP}",
        f"redirects.txt: line 2 is a merge conflict; {KEEP}",
        f"examples/verified.txt: line 2 is a merge conflict; {KEEP}",
    ]),
    "a conflict in an output": (write("examples/chapter/good.out", "<<<<<<< HEAD\nhello\n=======\nbye\n>>>>>>> topic\n"), [
        "examples/chapter/good.out: line 1 is a merge conflict; run `make update`, then read what it recorded",
    ]),
    "a conflict in a page": (write("docs/index.md", "# A page\n\n" + CONFLICT), [
        "docs/index.md: line 3 is a merge conflict; decide between its sides and delete the markers",
    ]),
    "facts that are none": (write("examples/verified.txt", "chapter/good 3.11.7 000000000000\nchapter/good 3.11.7\n"), [
        "examples/verified.txt: line 2 is not `example python digest`; delete the line, then run `make update`",
    ]),
    "a Python that was never released": (write("examples/verified.txt", "chapter/good 3.28.7 000000000000\n"), [
        "examples/verified.txt: line 1 names Python 3.28.7, and examples run on 3.10 to 3.15; delete the line, or raise NEWEST_MINOR in sitebuild/project.py",
    ]),
    "a Python with a name": (write("examples/verified.txt", "chapter/good 3.28.7-never-released 000000000000\n"), [
        "examples/verified.txt: line 1 is not `example python digest`; delete the line, then run `make update`",
    ]),
    "addresses that are none": (write("addresses.txt", "/\nexamples/\n"), [
        "addresses.txt: line 2 is no address, /like/this/; delete it, then run `make update`",
    ]),
    "an example's block that is no TOML": (write("examples/chapter/bad.py", '"""T."""\n\n# /// script\n# [tool.loopscope\n# ///\n'), [
        "examples/chapter/bad.py: its `# /// script` block is not TOML: Expected ']' at the end of a table declaration (at line 1, column 16)",
    ]),
    "examples with what nobody sees": (lambda sample: [write(f"examples/chapter/{name}.py", text)(sample) for name, text in {"mark": "\ufeff" + GOOD, "order": GOOD + "# \u202e\n", "page": '"""T."""\n\n\f\n'}.items()], [
        "examples/chapter/mark.py: line 1 contains an invisible character, '\\ufeff'; delete it, or write it as an escape",
        "examples/chapter/order.py: line 13 contains an invisible character, '\\u202e'; delete it, or write it as an escape",
        "examples/chapter/page.py: line 3 contains an invisible character, '\\x0c'; delete it, or write it as an escape",
    ]),
    "examples that are not written as they read": (lambda sample: [write(f"examples/chapter/{name}.py", text + GOOD)(sample) for name, text in {"first": "# -*- coding: utf-7 -*-\n", "second": "#\n# vim: fileencoding=latin-1\n", "third": "#\n#\n# coding: utf-7\n", "fourth": "# coding: UTF-8\n"}.items()], [
        "examples/chapter/first.py: it declares the encoding utf-7, in which Python may run something other than what a reviewer reads; use UTF-8",
        "examples/chapter/second.py: it declares the encoding latin-1, in which Python may run something other than what a reviewer reads; use UTF-8",
    ]),
    "an example that is too long": (write("examples/chapter/bad.py", '"""T."""\n' + "\t\n" * 15_000), [
        "examples/chapter/bad.py: it has 30,009 characters; an example may have at most 30,000, so shorten it",
    ]),
    "files that are not UTF-8": (lambda sample: [write(name, b"hell\xff\n")(sample) for name in ("examples/chapter/good.out", "docs/bad.md", "addresses.txt")], [
        "docs/bad.md: byte 4 is not UTF-8; save it as UTF-8",
        "examples/chapter/good.out: byte 4 is not UTF-8; save it as UTF-8",
        "addresses.txt: byte 4 is not UTF-8; save it as UTF-8",
    ]),
    "an example that is not UTF-8": (write("examples/chapter/bad.py", b'"""T."""\n\xff\n'), [
        "examples/chapter/bad.py: byte 9 is not UTF-8; save it as UTF-8",
    ]),
    "an output that is a folder": (folder("examples/chapter/good.out"), [
        "examples/chapter/good.out: the name of a chapter may only contain a to z, 0 to 9 and _; rename it",
    ]),
    "a page that leads to itself": (link("docs/loop.md"), [
        "docs/loop.md: it is a symbolic link, which is not followed; put the file itself there, or delete it",
    ]),
    "addresses that lead to something without end": (lambda sample: (sample.root / "addresses.txt").symlink_to("/dev/zero"), [
        "addresses.txt: it is a symbolic link, which is not followed; put the file itself there, or delete it",
    ]),
    "addresses that nobody writes": (lambda sample: os.mkfifo(sample.root / "addresses.txt"), [
        "addresses.txt: it is neither a file nor a folder; delete it",
    ]),
    "a page that is too large": (write("docs/large.md", b"x" * 5_000_001), [
        "docs/large.md: it is larger than 5,000,000 bytes; make it smaller",
    ]),
    "a page that is too long": (write("docs/long.md", "# A page\n" + "<br>\n" * 20_000), [
        "docs/long.md: it has 100,009 characters; a page may have at most 100,000, so split it in two",
    ]),
    "a cache that is a file": (write(".cache", ""), [
        ".cache: it is a file where a folder must be; move it away",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_is_told_in_a_sentence(
    what: str, sample: SampleProject, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    slip, sentences = SLIPS[what]
    slip(sample)
    assert main(["build"]) == 1
    messages = [
        line
        for line in capsys.readouterr().err.splitlines()
        if line and not line.startswith(("hello", "    "))
    ]
    assert messages == [
        *sentences,
        f"{len(sentences)} problem{'s' * (len(sentences) > 1)}; nothing was built",
    ]
    assert not (sample.root / "site").exists()


def test_with_no_slip_at_all_the_site_is_built(
    sample: SampleProject, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    write("redirects.txt", "# moved\n\n/a/ /old/\n")(sample)
    assert main(["build"]) == 0, capsys.readouterr().err
    assert (sample.root / "site/a/index.html").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["update", "--python", "nonsense"],
            "--python nonsense: it is no version of Python; name one like 3.14",
        ),
        (["update", "--python", "3"], "--python 3: it is no version of Python; name one like 3.14"),
        (
            ["update", "--python", "3.99"],
            "--python 3.99: there is no such Python here; install it, or leave its outputs as they are",
        ),
        (
            ["update", "chapter/no", "x"],
            "examples/chapter/no: there is no such example; name one like tasks/two_tasks",
        ),
        (
            ["serve", "--port", "70000"],
            "--port 70000: it cannot be used; name another: `make serve ARGS='--port 8001'`",
        ),
    ],
)
def test_an_argument_that_cannot_be_is_told_in_a_sentence(
    arguments: list[str], sentence: str, sample: SampleProject, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err.splitlines()[0] == sentence


def test_a_port_in_use_is_named(sample: SampleProject, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err.startswith(
        f"--port {port}: it is in use; name another: `make serve ARGS='--port 8001'`\n"
    )


def test_a_page_that_takes_for_ever_is_not_waited_for(
    sample: SampleProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mkdocs_process, "MKDOCS_SECONDS", 2)
    write("docs/slow.md", "# Slow\n\n" + "[" * 20_000)(sample)
    assert main(["build"]) == 1
    sentence = "docs/: MkDocs was busy with its pages for 2 s; the one that changed last may be what Markdown reads for ever"
    assert capsys.readouterr().err.splitlines()[0] == sentence


def test_a_disk_that_is_full_is_named_wherever_that_is_noticed(
    sample: SampleProject,
    quick: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A record, the pages of the examples, MkDocs' own pages.
    file = cache.record_path(next(iter(cache.find_stale(sample.project))), sample.project)
    monkeypatch.setattr(files.secrets, "token_hex", lambda size: "f011")
    file.parent.mkdir(parents=True)
    file.with_name(f".{file.name}.f011.new").symlink_to("/dev/full")
    assert main(["build"]) == 1
    assert capsys.readouterr().err.startswith(f"{sample.project.relative(file)}: {FULL}\n")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(finish, "write", full)
    assert main(["build"]) == 1
    assert capsys.readouterr().err == f"site: {FULL}\n1 problem; nothing was built\n"
    output = f"Traceback (most recent call last):\n...\nOSError: [Errno {errno.ENOSPC}] {os.strerror(errno.ENOSPC)}"
    monkeypatch.setattr(
        build, "mkdocs", lambda *_, **__: subprocess.CompletedProcess([], 1, "", output)
    )
    assert main(["build"]) == 1
    stderr = capsys.readouterr().err
    assert (
        stderr.endswith(f": {FULL}\n1 problem; nothing was built\n") and "Traceback" not in stderr
    )
    assert list((sample.project.cache / "builds").iterdir()) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_checkout_that_cannot_be_written_is_told_in_a_sentence(
    number: int,
    sample: SampleProject,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(self: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    assert main(["build"]) == 1
    assert (
        capsys.readouterr().err
        == f".cache: {explain(OSError(number, ''))}\n1 problem; nothing was built\n"
    )


def test_an_error_of_our_own_is_not_taken_for_a_slip(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(project: Project) -> None:
        raise OSError("no number, so not the machine's")

    monkeypatch.setattr(build, "check_sources", broken)
    with pytest.raises(OSError, match="no number"):
        main(["build"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[S0\n",
            "docs/articles/items.toml: line 1: it is not TOML: Expected ']' at the end of a table declaration; "
            "is a quotation mark or a bracket missing?",
        ),
        ("[S0]\n" + CONFLICT, f"docs/articles/items.toml: line 2 is a merge conflict; {KEEP}"),
        (
            f"S0 = {'9' * 5000}\n",
            "docs/articles/items.toml: it is not TOML: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; "
            "use sys.set_int_max_str_digits() to increase the limit; is a quotation mark or a bracket missing?",
        ),
        ("S0 = 3\n", "docs/articles/items.toml: [S0] it must be a table, [S0]"),
    ],
)
def test_what_is_wrong_with_the_articles_data_is_told_in_a_sentence(
    text: str, sentence: str, sample: SampleProject, capsys: pytest.CaptureFixture[str]
) -> None:
    write("docs/articles/items.toml", text)(sample)
    assert main(["update", "chapter/good"]) == 1
    assert capsys.readouterr().err.splitlines()[0] == sentence
    with pytest.raises(ProjectError):
        article_items.load(sample.project)


def test_an_output_that_is_not_text_is_written_anew(
    sample: SampleProject, capsys: pytest.CaptureFixture[str]
) -> None:
    out = sample.example("good", GOOD, None).with_suffix(".out")
    out.write_bytes(b"\xff")
    assert main(["update", "chapter/good"]) == 0
    assert (
        "examples/chapter/good.out: recorded" in capsys.readouterr().out
        and out.read_text(encoding="utf-8") == "hello\n"
    )


def test_a_folder_of_pythons_that_cannot_be_read_holds_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYENV_ROOT", "/a" * 3000)  # root may read all there is, but not this
    monkeypatch.setenv("PATH", "")
    assert pythons.find_interpreter.__wrapped__(13) is None


def test_two_that_write_one_file_at_once_each_write_all_of_it(sample: SampleProject) -> None:
    before = sorted(sample.root.iterdir())
    ran = sample.run_module("write_at_once")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(sample.root.iterdir()) == sorted([*before, sample.root / "facts.txt"])


def test_a_file_that_cannot_be_written_leaves_nothing_behind(sample: SampleProject) -> None:
    file = sample.root / "facts.txt"
    file.write_text("old", encoding="utf-8")
    before = sorted(sample.root.iterdir())
    with pytest.raises(UnicodeEncodeError):
        files.write_text(sample.project, file, "half of it \ud800")
    assert sorted(sample.root.iterdir()) == before and file.read_text(encoding="utf-8") == "old"
