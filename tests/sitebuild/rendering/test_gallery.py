"""The list of all examples, and the zip of them."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject

from sitebuild.commands import build

NAMES = """\
[g]
title = "Group"
reference = "3/library/asyncio-task"
[g.names.run]
line = "Runs."
[g.names.sleep]
line = "Waits."
"""


@pytest.fixture
def course(sample: SampleProject) -> SampleProject:
    (sample.root / "docs/examples.md").write_text("# All\n\n## The chapter { #chapter }\n")
    (sample.root / "docs/reference").mkdir()
    (sample.root / "docs/reference/api.toml").write_text(NAMES)
    sample.example("silent", GOOD.replace("greeting", "run <of> nothing").split("    await")[0] +
                   '    print("hello")\n\n\nif __name__ == "__main__":\n    asyncio.run(main())\n', "hello\n")  # fmt: skip
    sample.example("session", "# A session\necho hello\n", "hello\n", ".sh")
    return sample


def test_each_example_is_below_its_chapter_s_heading(course: SampleProject) -> None:
    assert build.build(course.project) == []
    page = course.read("examples/index.html")
    items = re.findall(r"<li(?: class=\"drawn\")?><a href=\"chapter/.*</li>", page)
    assert items == [
        '<li class="drawn"><a href="chapter/good/">A greeting</a> <small>sleep run</small></li>',
        '<li><a href="chapter/session/">A session</a> <small></small></li>',
        '<li><a href="chapter/silent/">A run &lt;of&gt; nothing</a> <small>run</small></li>',
    ]
    assert page.index("<example-filter>") < page.index('<h2 id="chapter">') < page.index(items[0])
    assert ">3 examples</output>" in page
    pictures = json.loads(course.read("examples/chapter.json"))
    assert list(pictures) == ["good"] and len(pictures["good"]) == 3


def test_an_example_s_own_page_leads_there(course: SampleProject) -> None:
    assert build.build(course.project) == []
    page = course.read("examples/chapter/good/index.html")
    assert '<a href="/examples/#chapter">chapter</a>' in page
    assert "example-place" not in course.read("embed/chapter/good/index.html")


def test_a_chapter_without_a_heading_is_named(course: SampleProject) -> None:
    (course.root / "docs/examples.md").write_text("# All\n\n## Another { #other }\n")
    assert "docs/examples.md: it has no heading for the examples of a chapter; add `## … { #chapter }`" in [
        f"{problem.file}: {problem.cause}" for problem in build.build(course.project)
    ]  # fmt: skip


def test_a_project_without_the_page_has_no_gallery(sample: SampleProject) -> None:
    assert build.build(sample.project) == []
    assert not (sample.root / "site/examples/index.html").exists()
    assert "example-place" not in sample.read("examples/chapter/good/index.html")


def test_the_zip_says_what_it_is_and_what_may_be_done_with_it(course: SampleProject) -> None:
    (course.root / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    assert build.build(course.project) == []
    with zipfile.ZipFile(course.root / "site/examples.zip") as archive:
        assert archive.namelist() == [
            f"awaited-examples/{name}"
            for name in ("README.md", "LICENSE", "chapter/good.py", "chapter/session.sh", "chapter/silent.py")
        ]  # fmt: skip
        readme = archive.read("awaited-examples/README.md").decode()
        assert archive.read("awaited-examples/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "/examples/tasks/two_tasks/" in readme and "MIT-0" in readme


def test_the_readme_names_an_example_that_exists() -> None:
    assert (ROOT / "examples/tasks/two_tasks.py").is_file()
