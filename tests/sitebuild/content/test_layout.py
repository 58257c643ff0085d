"""What may lie in docs/, examples/ and overrides/, by name and kind."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject

from sitebuild.content import examples, pages
from sitebuild.content.examples import ExampleError
from sitebuild.content.pages import PageError
from sitebuild.rendering.show import show

MARKING = GOOD.replace("import asyncio\n", "import asyncio\n\nopen({0!r}, 'w')\n", 1)
"""An example that leaves a mark when it is run."""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chapter/Good.py", "examples/chapter/Good.py"),
        ("chapter/go-od.py", "examples/chapter/go-od.py"),
        ("chapter/go od.py", "examples/chapter/go od.py"),
        (
            "chapter/<img src=x onerror=alert(1)>.py",
            "examples/chapter/<img src=x onerror=alert(1)>.py",
        ),
        ('chapter/a"b.py', 'examples/chapter/a"b.py'),
        ("chapter/a'b.sh", "examples/chapter/a'b.sh"),
        ("chapter/a{b}.py", "examples/chapter/a{b}.py"),
        ("chapter/é.py", "examples/chapter/é.py"),
        ("chapter/a\nb.py", r"examples/chapter/a\nb.py"),
        ("chapter/a\x1b[31m.py", r"examples/chapter/a\x1b[31m.py"),
        ("chapter/\udcff.py", r"examples/chapter/\udcff.py"),
        ("chapter/.hidden.py", "examples/chapter/.hidden.py"),
        ("chapter/.py", "examples/chapter/.py"),
        ("chapter/a.b.py", "examples/chapter/a.b.py"),
        ("chapter/good.3.x.out", "examples/chapter/good.3.x.out"),
        ("Chapter/good.py", "examples/Chapter"),
        ("chap ter/good.py", "examples/chap ter"),
        ("chapter..x/good.py", "examples/chapter..x"),
    ],
)
def test_an_example_of_another_name_is_refused_before_anything_runs(
    sample: SampleProject, name: str, message: str
) -> None:
    mark = sample.root / "mark"
    file = sample.root / "examples" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(MARKING.format(str(mark)), encoding="utf-8")
    sample.example("good", MARKING.format(str(mark)), "hello\n")
    with pytest.raises(ExampleError) as refused:
        examples.find(sample.project)
    lines = str(refused.value).splitlines()
    assert [line.partition(": the name of")[0] for line in lines] == [message]
    assert lines[0].endswith("may only contain a to z, 0 to 9 and _; rename it")
    assert message in sample.refused("build")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Page.md", "docs/Page.md: the name of a page"),
        ("a_page.md", "docs/a_page.md: the name of a page"),
        (
            "<img src=x onerror=alert(1)>.md",
            "docs/<img src=x onerror=alert(1)>.md: the name of a page",
        ),
        ('a"b.md', 'docs/a"b.md: the name of a page'),
        ("a.b.md", "docs/a.b.md: the name of a page"),
        (".hidden.md", "docs/.hidden.md: the name of a page"),
        ("a\nb.md", r"docs/a\nb.md: the name of a page"),
        ("A Folder/page.md", "docs/A Folder: the name of a folder"),
        (
            "examples/page.md",
            "docs/examples: the build writes pages of its own to this folder of the site",
        ),
        (
            "embed/page.md",
            "docs/embed: the build writes pages of its own to this folder of the site",
        ),
        ("a_folder/page.md", "docs/a_folder: the name of a folder"),
        ("page.md~", "docs/page.md~: MkDocs would publish this file"),
        ("#page.md#", "docs/#page.md#: MkDocs would publish this file"),
        ("assets/<b>.png", "docs/assets/<b>.png: MkDocs would publish this file"),
        ("notes", "docs/notes: MkDocs would publish this file"),
        ("picture.svg", "docs/picture.svg: MkDocs would publish this file"),
        ("page.html", "docs/page.html: MkDocs would publish this file"),
        ("page.xhtml", "docs/page.xhtml: MkDocs would publish this file"),
        ("assets/stepper.js", "docs/assets/stepper.js: MkDocs would publish this file"),
        ("assets/script.js", "docs/assets/script.js: MkDocs would publish this file"),
        ("assets/module.mjs", "docs/assets/module.mjs: MkDocs would publish this file"),
        ("assets/style.css", "docs/assets/style.css: MkDocs would publish this file"),
        ("assets/data.json", "docs/assets/data.json: MkDocs would publish this file"),
    ],
)
def test_a_page_of_another_name_is_refused_before_mkdocs_starts(
    sample: SampleProject, name: str, message: str
) -> None:
    file = sample.root / "docs" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("# T\n", encoding="utf-8")
    with pytest.raises(PageError) as refused:
        pages.find(sample.project)
    assert len(str(refused.value).splitlines()) == 1 and str(refused.value).startswith(message), (
        refused.value
    )
    assert message in sample.refused("build")


def test_no_file_of_the_theme_s_can_be_replaced(sample: SampleProject) -> None:
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    bundle = next((sample.root / "site/assets/javascripts").glob("bundle.*.min.js"))
    own = bundle.read_bytes()
    for name in (f"assets/javascripts/{bundle.name}", "assets/images/favicon.png"):
        file = sample.root / "docs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("alert(1)", encoding="utf-8")
    ran = sample.run("build")
    assert ran.returncode == 1 and ran.stderr.startswith(
        "docs/assets/images/favicon.png: the theme has a file of that name, which this one would replace; rename it\n"
        f"docs/assets/javascripts/{bundle.name}: MkDocs would publish this file; "
    ), ran.stderr
    assert bundle.read_bytes() == own


@pytest.mark.parametrize(
    "name", [".page.md.swp", ".DS_Store", "assets/.keep", "assets/two.png", "tasks/three.webp"]
)
def test_what_editors_leave_there_is_let_be(sample: SampleProject, name: str) -> None:
    (sample.root / "docs/tasks").mkdir()
    (sample.root / "docs" / name).write_text("x", encoding="utf-8")
    (sample.root / "examples/chapter/__pycache__").mkdir()
    (sample.root / "examples/chapter/__pycache__/good.cpython-311.pyc").write_text(
        "x", encoding="utf-8"
    )
    assert [page.address for page in pages.find(sample.project)] == [""]
    assert list(examples.find(sample.project)) == ["chapter/good"]


def test_no_program_is_taken_from_a_folder_that_nobody_looks_into(sample: SampleProject) -> None:
    mark = sample.root / "mark"
    for name in (
        "examples/.hid/x.py",
        "examples/__pycache__/x.py",
        "examples/chapter/.hid/x.py",
        "examples/chapter/__pycache__/x.py",
    ):
        file = sample.root / name
        file.parent.mkdir()
        for suffix, text in (
            (".py", MARKING.format(str(mark))),
            (".out", "hello\n"),
            (".sh", "# A session\nx\n"),
        ):
            file.with_suffix(suffix).write_text(text, encoding="utf-8")
        with pytest.raises(ExampleError, match="the name of an example may only contain"):
            examples.read(file, sample.project)
    assert list(examples.find(sample.project)) == ["chapter/good"]
    ran = sample.run("build", AWAITED_SANDBOX="off")
    assert ran.returncode == 0, ran.stderr
    assert not mark.exists() and not [
        path for path in (sample.root / "site").rglob("*") if path.stem == "x"
    ]


def test_nothing_is_tracked_where_nobody_looks() -> None:
    ran = subprocess.run(
        ["git", "ls-files", "docs", "examples", "overrides"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ran.returncode != 0:
        pytest.skip("this is no checkout")
    parts = {part for name in ran.stdout.splitlines() for part in name.split("/")}
    assert not [
        part
        for part in parts
        if part.startswith(".") or part == "__pycache__" or part.endswith(".pyc")
    ]


def test_a_name_cannot_put_a_line_into_what_is_said(sample: SampleProject) -> None:
    forged = "a\nexamples/chapter/good.py: all is well\n\x1b[2J"
    (sample.root / f"docs/{forged.replace('/', '')}.md").write_text("x", encoding="utf-8")
    (sample.root / f"examples/chapter/{forged.replace('/', '')}.out").write_bytes(b"\xff")
    sample.example("keys", '"""T."""\n# /// script\n# "a\\nforged: line" = 1\n# ///\n', "")
    for command in ("build", "update"):
        messages = sample.refused(command)
        assert not [
            line
            for line in messages.splitlines()
            if not line.startswith(("docs/a\\n", "examples/chapter/", "2 prob", "1 prob"))
        ], messages
        assert "all is well\n" not in messages and "\x1b" not in messages
    for file in (sample.root / "docs").glob("a\n*"):
        file.unlink()
    for file in (sample.root / "examples/chapter").glob("a\n*"):
        file.unlink()
    lines = sample.refused("build").splitlines()
    assert (
        lines[0].startswith("examples/chapter/keys.py: unknown key `a\\nforged: line`; known are ")
        and len(lines) == 2
    )


@pytest.mark.parametrize(
    "name", ["docs/tasks/z.md", "docs/z.md", "examples/chapter/z.out", "examples/chapter/z.py"]
)
def test_a_link_to_something_without_end_is_refused_before_it_is_read(
    sample: SampleProject, name: str
) -> None:
    (sample.root / name).parent.mkdir(exist_ok=True)
    (sample.root / name).symlink_to("/dev/zero")
    for command in ("build", "serve", "update"):
        assert sample.refused(command).startswith(f"{name}: it is a symbolic link, ")


def _to_a_file(link: Path, elsewhere: Path) -> None:
    link.symlink_to(elsewhere / "secret.md")


def _to_a_folder(link: Path, elsewhere: Path) -> None:
    link.symlink_to(elsewhere, target_is_directory=True)


def _to_nothing(link: Path, elsewhere: Path) -> None:
    link.symlink_to(elsewhere / "gone")


def _to_its_neighbour(link: Path, elsewhere: Path) -> None:
    link.symlink_to("good.py")


def _a_pipe(link: Path, elsewhere: Path) -> None:
    os.mkfifo(link)


@pytest.mark.parametrize(
    "make", [_to_a_file, _to_a_folder, _to_nothing, _to_its_neighbour, _a_pipe]
)
@pytest.mark.parametrize(
    "name", ["docs/env.txt", "docs/leak.md", "docs/leak", "docs/.leak", "docs/__pycache__", "docs/assets/leak.png", "examples/chapter/leak.py", "examples/chapter/leak.out",
             "examples/chapter/.leak", "examples/leak", "overrides/leak.html", "overrides/partials/leak"],
)  # fmt: skip
def test_a_link_is_refused_by_name_and_never_followed(
    sample: SampleProject,
    name: str,
    make: Callable[[Path, Path], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.md").write_text("# the secret\n", encoding="utf-8")
    make(sample.root / name, elsewhere)
    with pytest.raises(ExampleError) as refused:
        examples.find(sample.project)
        pages.find(sample.project)
    kind = "it is neither a file nor a folder" if make is _a_pipe else "it is a symbolic link"
    assert str(refused.value).splitlines()[0].startswith(f"{name}: {kind}"), refused.value
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    "name", ["docs/env.txt", "examples/chapter/leak.py", "overrides/leak.html"]
)
def test_the_build_and_serve_refuse_a_link_before_they_read_it(
    sample: SampleProject, name: str
) -> None:
    (sample.root / name).symlink_to("/proc/self/environ")
    for command in ("build", "serve"):
        assert f"{name}: it is a symbolic link" in sample.refused(command)
    assert not (sample.root / "site").exists() and not (sample.root / ".cache/records").exists()


@pytest.mark.parametrize("name", ["docs", "examples", "overrides"])
def test_a_folder_that_is_itself_a_link_is_refused(sample: SampleProject, name: str) -> None:
    (sample.root / name).rename(sample.root / "moved")
    (sample.root / name).symlink_to("moved", target_is_directory=True)
    assert f"{name}: it is a symbolic link" in sample.refused("build")


def test_an_example_that_becomes_a_link_while_serving_is_not_followed(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root)
    file = sample.root / "examples/chapter/good.py"
    file.unlink()
    file.symlink_to("/etc/passwd")
    with pytest.raises(ExampleError, match=r"examples/chapter/good\.py: it is a symbolic link"):
        show("chapter/good")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "../x",
        "/etc/passwd",
        "chapter/../chapter/good",
        "chapter",
        "chapter/good.py",
        "chapter/good\n",
        "",
    ],
)
def test_show_itself_takes_no_other_name(
    sample: SampleProject, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample.root)
    with pytest.raises(ExampleError, match="that is no example's name"):
        show(name, output=False)
