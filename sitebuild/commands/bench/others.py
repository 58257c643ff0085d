"""Measures everything but builds: serving, the size of a page, recording, and the test suite."""

from __future__ import annotations

import gzip
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median

from ...project import Project
from .measuring import ENVIRONMENT, Row, build, run, spread

_SAVES = 5  # that are measured, after a first one
_DEADLINE = 120  # seconds
_BAR = 0.8  # target for a save, in seconds


def saves(project: Project) -> list[Row]:
    """Measure how long `make serve` takes until it serves a saved page, and a saved example.

    Args:
        project: A copy of the course; its files are changed.

    Raises:
        SystemExit: A page did not show what was saved.
    """
    if not project.site.is_dir():
        build(project.root)  # runs the examples
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "sitebuild", "serve", "--port", str(port)],
        cwd=project.root,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait_for(address, "")
        page = project.docs / "tasks/create-task.md"
        text = page.read_text(encoding="utf-8")
        example = next(
            project.examples / f"{name}.py" for name in re.findall(r'show\("([^"]+)"', text)
        )
        source = example.read_text(encoding="utf-8")

        def save_page(number: int) -> str:
            page.write_text(f"{text}\n\nSaved number {number}.\n", encoding="utf-8")
            return f"Saved number {number}."

        def save_example(number: int) -> str:
            example.write_text(
                source.replace("print(", f'print("saved {number}", ', 1), encoding="utf-8"
            )
            return f">saved {number}"  # in its output, not in its source

        address += "tasks/create-task/"
        return [
            _measure_saves("a page", address, save_page),
            _measure_saves("an example", address, save_example),
        ]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _measure_saves(what: str, address: str, save: Callable[[int], str]) -> Row:
    """Measure saves, given a function that saves and returns the text to wait for."""
    times = [_time_until_served(address, save(number)) for number in range(_SAVES + 1)][1:]
    return Row(
        f"a save of {what} under `make serve`, until it is served",
        f"{_BAR} s",
        spread(times),
        median(times) <= _BAR,
        f"{_SAVES} saves; then the browser's own",
    )


def _time_until_served(address: str, text: str) -> float:
    """Return how long it takes until a page has a text, in seconds."""
    began = time.perf_counter()
    _wait_for(address, text)
    taken = time.perf_counter() - began
    time.sleep(0.3)  # so that the rebuild has ended before the next save
    return taken


def _wait_for(address: str, text: str) -> None:
    """Wait until a page has a text; raise SystemExit if that takes too long."""
    deadline = time.monotonic() + _DEADLINE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=_DEADLINE) as answer:
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{address} did not show {text!r} within {_DEADLINE} s")


def weight(project: Project) -> Row:
    """Measure how much a first visit downloads, for the heaviest of three pages.

    Args:
        project: A copy of the course, which is built if it has no site.
    """
    site = project.site
    if not site.is_dir():
        build(project.root)
    pages = ["index.html", "tasks/create-task/index.html", "articles/s2/index.html"]
    sizes = {page: _weight(site, page) for page in pages if (site / page).is_file()}
    heaviest = max(sizes.values())
    return Row(
        "a first visit over the wire (gzip)",
        "90 kB",
        f"{heaviest / 1000:.1f} kB",
        heaviest <= 90_000,
        "; ".join(
            f"{page.removesuffix('index.html') or '/'} {size / 1000:.1f}"
            for page, size in sizes.items()
        )
        + "; requests to other hosts: the build refuses any",
    )


def _weight(site: Path, page: str) -> int:
    """Return the size of a page and of the files that it loads, in bytes after gzip."""
    html = (site / page).read_text(encoding="utf-8")
    addresses = re.findall(
        r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*? (?:href|src)="([^"]+)"', html
    )
    files = {(site / page).resolve()}
    for address in addresses:
        path = address.partition("?")[0]
        base = site if path.startswith("/") else (site / page).parent
        file = (base / path.lstrip("/")).resolve()
        if file.is_file():
            files.add(file)
    return sum(len(gzip.compress(file.read_bytes(), 6, mtime=0)) for file in files)


_STEPS = """\
import asyncio, time

async def work():
    for _ in range(1_800):
        await asyncio.sleep(0)

async def main():
    began = time.process_time()
    await asyncio.gather(*(work() for _ in range(10)))
    print(time.process_time() - began)

asyncio.run(main())
"""


def recording(folder: Path) -> Row:
    """Compare the CPU time of a program's steps with and without recording.

    Args:
        folder: The folder to write the program into.
    """
    program = folder / "steps.py"
    program.write_text(_STEPS, encoding="utf-8")
    plain: list[float] = []
    recorded: list[float] = []
    for _ in range(5):
        for times, options in ((plain, []), (recorded, ["-m", "loopscope"])):
            completed = subprocess.run(
                [sys.executable, *options, str(program)],
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                check=True,
            )
            times.append(float(completed.stdout))
    ratio = median(recorded) / median(plain)
    return Row(
        "recording, a step in the first 20,000, CPU",
        "12 times",
        f"{ratio:.1f} times",
        ratio <= 12,
        f"18,000 steps: {spread(recorded)}; not recorded {spread(plain, 'ms')}",
    )


def suite(project: Project) -> Row:
    """Measure the test suite, without the tests in a browser."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not browser"]
    taken = run(command, project.root)
    return Row(
        "the test suite without browser, on two cores",
        "60 s",
        f"{taken.wall:.0f} s",
        taken.wall <= 60,
        f"{taken.cpu:.0f} s of CPU",
    )


ELSEWHERE = [
    Row(
        "the whole of `.ci/run` from a fresh clone", "5 minutes", "not here", None, "`time .ci/run`"
    ),
    Row(
        "the suite ten times, both cores busy",
        "0 failures",
        "not here",
        None,
        "ten times `make test`",
    ),
    Row("search, slow 4G, CPU 4 times slower", "2 s", "not here", None, "a browser test"),
    Row("accessibility, every page", "0 violations", "not here", None, "a browser test"),
]
"""Rows that are not measured here: they take too long, or need a browser."""
