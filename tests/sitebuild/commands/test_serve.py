"""`make serve`: what is saved is on the screen, and as a build would have it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, PAGE, SampleProject, digest

from sitebuild.rendering import stepper_data

BLOCK = PAGE.split("\n\n", 1)[1]
_RELOAD = re.compile(r"<script>\s*var livereload.*?</script>", re.DOTALL)


class Served:
    """A project that is served."""

    def __init__(self, sample: SampleProject, port: int) -> None:
        self.sample = sample
        self.address = f"http://127.0.0.1:{port}/"

    def get(self, path: str = "") -> bytes:
        """A file as it is served, without what reloads it."""
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            data = answer.read()
        if path.endswith((".html", "/")) or not path:
            return _RELOAD.sub("", data.decode()).encode()
        return data

    def until(self, text: str, path: str = "", *, gone: bool = False, seconds: float = 120) -> str:
        """A page, once it has a text, or has it no more."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                page = self.get(path).decode()
                if (text in page) != gone:
                    return page
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{path} did not {'lose' if gone else 'show'} {text!r}")

    def write(self, file: str, text: str) -> None:
        """Save a file as editors do: the old one stands until the new one is whole."""
        path = self.sample.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.tmp")
        new.write_text(text, encoding="utf-8")
        new.replace(path)

    def differences(self) -> list[str]:
        """The files that are not served as a fresh build has them."""
        ran = self.sample.run("build", AWAITED_SITE=self.address)
        assert ran.returncode == 0, ran.stderr
        site, found = self.sample.root / "site", []
        for path in sorted(site.rglob("*")):
            name = path.relative_to(site).as_posix()
            if path.is_file() and name not in ("404.html", "sitemap.xml.gz"):
                try:
                    if self.get(name) != path.read_bytes():
                        found.append(name)
                except urllib.error.HTTPError:
                    found.append(f"{name} is missing")
        return found


@contextmanager
def serving(
    sample: SampleProject, code: Path = ROOT, *, is_broken: bool = False
) -> Iterator[Served]:
    """Serve a project, by the code in a folder; where that or a template is broken, it is told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "sitebuild", "serve", "--port", str(port)],
        cwd=sample.root,
        env={**os.environ, "PYTHONPATH": str(code)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        served = Served(sample, port)
        served.until("</html>")
        yield served
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        assert "Traceback" not in stderr or is_broken, stderr
    assert list((sample.root / ".cache/builds").iterdir()) == []


@pytest.fixture
def served(request: pytest.FixtureRequest, sample: SampleProject) -> Iterator[Served]:
    sample.example("other", GOOD.replace("greeting", "second greeting"), "hello\n")
    sample.example("session", "# A session\npython other.py\n", "hello\n", ".sh")
    sample.page("index", "good")
    sample.page("second", "other", "session", text="Words.\n\n## A part { #part }\n\nMore.\n")
    (sample.root / "docs/examples.md").write_text("# All\n\n## The chapter { #chapter }\n")
    with serving(sample, is_broken="overrides" in request.node.name) as served:
        yield served


def test_what_is_served_after_many_saves_is_what_a_build_makes(served: Served) -> None:
    docs = digest(served.sample.root / "docs")
    assert served.differences() == []
    # a page
    second = (served.sample.root / "docs/second.md").read_text()
    served.write("docs/second.md", second.replace("Words.", "Other words, [here](index.md)."))
    served.until("Other words", "second/")
    served.until('<p class="lesson-facts">1 minute</p>', "second/")
    # an example, with what it prints, which a session runs too
    served.write("examples/chapter/other.out", "good evening\n")
    served.write("examples/chapter/session.out", "good evening\n")
    source = GOOD.replace("A greeting", "A greeting at night").replace('"hello"', '"good evening"')
    served.write("examples/chapter/other.py", source)
    served.until("good evening", "second/")
    served.until("good evening", "examples/chapter/session/")
    served.until("Not in order yet", "second/", gone=True)
    served.until("A greeting at night", "examples/chapter/good/")  # its neighbour
    served.until("A greeting at night", "examples/")
    assert served.differences() == []
    # a call that is new on a page: it stands on the example's own page, too
    served.write("docs/second.md", second + BLOCK.format(name="good"))
    served.until("second/", "examples/chapter/good/")
    assert served.differences() == []
    # an example that a page only compares with
    since = BLOCK.format(name='good", since="chapter/other')
    served.write("docs/index.md", f"# A page\n\n{since}")
    served.until("changed since")
    served.write("examples/chapter/other.py", source.replace("sleep(1)", "sleep(1.25)"))
    served.until("1.25", "examples/chapter/other/")
    assert served.differences() == []
    # front matter, which other pages show
    served.write("docs/second.md", f'---\ntitle: "Renamed"\n---\n{second}')
    served.until("Renamed")
    # what comes and goes
    served.write("examples/chapter/new.out", "hello\n")
    served.write("examples/chapter/new.py", GOOD.replace("greeting", "new greeting"))
    served.write("docs/third.md", f"# Third\n\n{BLOCK.format(name='new')}")
    served.until("A new greeting", "examples/chapter/new/")
    served.until("Third", "third/")
    served.write("docs/assets/site.css", "body { color: #123456 }\n")
    served.until("#123456", "assets/site.css")
    assert served.differences() == []
    (served.sample.root / "docs/third.md").unlink()
    (served.sample.root / "examples/chapter/new.py").unlink()
    (served.sample.root / "examples/chapter/new.out").unlink()
    served.until("Third", gone=True)
    assert served.differences() == []
    assert digest(served.sample.root / "docs").keys() == docs.keys()


def test_a_file_that_is_added_to_the_overrides_shows(served: Served) -> None:
    for place, text in stepper_data.assets().items():
        shipped = re.sub(r"(?s)/\*.*?\*/\n?", "", text) if place.endswith(".css") else text
        assert served.get(place).decode() == shipped
    assert "Content-Security-Policy" in served.until("</html>")  # of overrides/main.html
    served.write("overrides/partials/own.txt", "of the project")
    served.until("of the project", "partials/own.txt")
    served.write(
        "overrides/partials/copyright.html", '<div class="md-copyright">ours, all of it</div>'
    )
    served.until("ours, all of it", "second/")
    served.write("overrides/partials/copyright.html", "{% if %}")
    time.sleep(1)
    assert "ours, all of it" in served.get("second/").decode()
    served.write("overrides/partials/copyright.html", "<p>half of it</p>")
    served.until("half of it", "second/")
    served.write("mkdocs.yml", (served.sample.root / "mkdocs.yml").read_text() + "repo_name: r\n")
    assert served.differences() == []


def test_what_is_wrong_is_said_and_the_rest_goes_on(served: Served) -> None:
    served.sample.example("good", GOOD.replace('"hello"', '"good evening"'), None)
    shown = served.until("good evening")
    assert "Not in order yet: its output has changed" in shown
    # a page that is not whole stays as it was, and what is saved meanwhile is not lost
    index = (served.sample.root / "docs/index.md").read_text()
    served.write("docs/index.md", index + "\n```python\nprint(1)\n```\n")
    served.write("examples/chapter/good.out", "good evening\n")
    time.sleep(1)
    assert "Not in order yet" in served.get().decode()
    served.write("docs/index.md", index)
    served.until("Not in order yet", gone=True)
    served.sample.example("good", '"""A greeting."""\nimport nothing_there\n', None)
    served.until("ModuleNotFoundError")
    served.write("docs/index.md", index.replace("chapter/good", "chapter/gone"))
    served.write("docs/second.md", "# Second\n\nBoth are saved.\n")
    time.sleep(1)
    served.write("docs/index.md", "# Index\n\nWithout.\n")
    served.until("Without.")
    served.until("Both are saved.", "second/")


def test_it_is_told_what_is_gone(served: Served) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        served.get("nowhere/")
    assert raised.value.code == 404 and b"<html" in raised.value.read()


def test_code_of_ours_that_changes_is_loaded_anew(sample: SampleProject, tmp_path: Path) -> None:
    code = tmp_path / "code"
    for name in ("sitebuild", "loopscope"):
        shutil.copytree(ROOT / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(sample, code, is_broken=True) as served:
        for file, old, new in (
            ("sitebuild/rendering/templates/facts.html.jinja", "on its own page", "its own page"),
            ("sitebuild/rendering/panel.py", '"Ran on Python', '"It ran on Python'),
        ):
            text = (code / file).read_text()
            assert text.count(old) == 1
            (code / file).write_text(text.replace(old, "{%"))  # neither a template nor Python
            time.sleep(1)
            (code / file).write_text(text.replace(old, new))
            served.until(new.strip('"'))
