"""Records: stored as programs end, never of something else, whatever happens to the interpreters
that make them.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import signal
import subprocess
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from sample_project import GOOD, SampleProject

from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.trace.model import Task, Trace
from sitebuild.content import examples, files
from sitebuild.content.examples import Example, ExampleError
from sitebuild.content.files import ProjectError
from sitebuild.records import cache, pythons, runner, sandbox_policy, server_pool

SLOW = GOOD.replace(
    '"""\n', '"""\n# /// script\n# [tool.loopscope]\n# clock = "real"\n# timeout = 60\n# ///\n', 1
).replace("(1)", "(50)")


def find(sample: SampleProject) -> list[Example]:
    return list(examples.find(sample.project).values())


def known(sample: SampleProject) -> set[str]:
    """Names of the examples that have a record."""
    folder = sample.project.cache / f"records/{platform.python_version()}/chapter"
    return {
        example.path.stem
        for example in find(sample)
        if (folder / f"{example.path.stem}.json").exists()
    }


def keep(file: Path, trace: str) -> None:
    """Put another trace into a record's file, as one that may forge all of it would."""
    head = json.loads(file.read_text(encoding="utf-8").partition("\n")[0])
    head["digest"] = hashlib.sha256(trace.encode()).hexdigest()
    file.write_text(f"{json.dumps(head)}\n{trace}", encoding="utf-8")


def test_a_program_that_ends_its_interpreter_is_named_and_all_others_are_recorded(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWAITED_SANDBOX", "off")  # within one no program can do that
    kills = '"""T."""\nimport os\nimport signal\n\nos.kill(os.getppid(), signal.SIGKILL)\n'
    sample.example("kills", kills, "")
    for number in range(6):
        sample.example(f"other_{number}", GOOD, "hello\n")
    with pytest.raises(ExampleError) as raised:
        runner.run(find(sample), sample.project)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("examples/chapter/kills.py: it could not be recorded on ")
    assert (
        "in two interpreters one after the other: the process that records programs ended (status -9)"
        in str(raised.value)
    )
    assert known(sample) == {"good", *(f"other_{number}" for number in range(6))}


class Dying(ForkServer):
    """An interpreter that dies under certain programs, as long as there are deaths left."""

    deaths: dict[str, int]

    def record(
        self, program: Program, limits: Limits, scratch: tuple[str, ...] | None = None
    ) -> Trace:
        name = Path(program.path).stem
        if self.deaths.get(name):
            self.deaths[name] -= 1
            # bubblewrap alone could be caught before it is done, and leave what it began
            self._end()
        return super().record(program, limits, scratch)


def test_an_interpreter_that_died_once_is_replaced_and_nobody_is_blamed(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_pool, "ForkServer", Dying)
    monkeypatch.setattr(Dying, "deaths", {"good": 1, "second": 1}, raising=False)
    sample.example("second", GOOD, "hello\n")
    traces = runner.run(find(sample), sample.project)
    assert [trace.text() for trace in traces.values()] == ["hello\n"] * 2
    assert Dying.deaths == {"good": 0, "second": 0}


def test_an_interpreter_that_does_not_start_fails_its_programs_and_hangs_nobody(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> ForkServer:
        raise FileNotFoundError("no such interpreter")

    monkeypatch.setattr(server_pool, "ForkServer", nothing)
    for number in range(4):
        sample.example(f"other_{number}", GOOD, "hello\n")
    with pytest.raises(ExampleError) as raised:
        runner.run(find(sample), sample.project)
    assert len(str(raised.value).splitlines()) == 5 and "no such interpreter" in str(raised.value)


def test_an_interruption_keeps_what_was_recorded(sample: SampleProject) -> None:
    sample.example("slow", SLOW, "hello\n")
    building = sample.start(
        "build", stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while known(sample) != {"good"}:
        assert time.monotonic() < deadline and building.poll() is None
        time.sleep(0.05)
    os.killpg(building.pid, signal.SIGINT)
    _, stderr = building.communicate(timeout=60)
    assert building.returncode == 130
    assert stderr == "interrupted; the records made so far are kept, and the site is unchanged\n"
    assert known(sample) == {"good"}


def test_a_record_that_cannot_be_stored_is_a_sentence(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sample.project.cache / f"records/{platform.python_version()}/chapter/good.json"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(files.secrets, "token_hex", lambda size: "full")
    file.with_name(".good.json.full.new").symlink_to("/dev/full")
    with pytest.raises(ProjectError) as raised:
        runner.run(find(sample), sample.project)
    assert (
        str(raised.value)
        == f"{sample.project.relative(file)}: no space is left on the disk; free some, then try again"
    )
    assert known(sample) == set()
    runner.run(find(sample), sample.project)  # what was half written is out of the way
    assert known(sample) == {"good"}


def test_what_changed_while_it_ran_is_not_kept_as_what_it_was(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = find(sample)
    sample.example("good", GOOD.replace("hello", "bye"), None)
    with pytest.raises(
        ExampleError,
        match=r"examples/chapter/good.py: it, or what it runs with, changed while it ran; build again",
    ):
        runner.run([before], sample.project)
    assert cache.load(before, sample.project) is None
    # A file that a shell session runs counts as well.
    session = examples.read(
        sample.example("session", "# A session\npython good.py\n", "bye\n", ".sh"),
        sample.project,
    )
    keys = iter(["before", "after"])
    monkeypatch.setattr(runner, "cache_key", lambda example: next(keys))
    with pytest.raises(
        ExampleError,
        match=r"examples/chapter/session.sh: it, or what it runs with, changed while it ran",
    ):
        runner.run([session], sample.project)


def test_what_another_build_recorded_meanwhile_is_not_run_again(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.example("other", GOOD, "hello\n")
    good, other = find(sample)
    runner.run([good], sample.project)
    started = []
    monkeypatch.setattr(runner, "lock", lambda *_: nullcontext(True))  # it had to be waited for
    monkeypatch.setattr(
        runner,
        "_record",
        lambda example, *_, lines=False: (
            (not lines and started.append(example)) or cache.load(good, sample.project)
        ),
    )
    traces = runner.run([good, other], sample.project)
    assert started == [other] and list(traces) == ["chapter/other", "chapter/good"]


def test_a_record_is_of_one_python(sample: SampleProject, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = find(sample)
    before = cache.cache_key(example)
    monkeypatch.setattr(pythons.platform, "python_version", lambda: "3.99.1")
    ours = cache.cache_key(example)
    assert ours != before
    keys = set()
    for version in ("3.98.1", "3.98.2"):
        monkeypatch.setattr(
            pythons,
            "select_interpreter",
            lambda example, version=version: pythons.Interpreter("/python", version),
        )
        keys.add(cache.cache_key(example))
    assert len({*keys, ours}) == 3


def test_all_that_declare_what_is_not_installed_are_named(sample: SampleProject) -> None:
    for name in ("one", "two"):
        sample.example(
            name, f'"""T."""\n# /// script\n# dependencies = ["no-such-{name}"]\n# ///\n', ""
        )
    with pytest.raises(ExampleError) as raised:
        runner.run(cache.find_stale(sample.project), sample.project)
    assert known(sample) == {"good"}
    assert [line.partition(" which")[0] for line in str(raised.value).splitlines()] == [
        "examples/chapter/one.py: it declares `no-such-one`,",
        "examples/chapter/two.py: it declares `no-such-two`,",
    ]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """What a sample's example does."""
    sample = SampleProject(tmp_path_factory.mktemp("good"))
    (example,) = find(sample)
    return runner.run([example], sample.project)[example.name]


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        ("exit", "<script>"),
        ("clock", "real"),
        ("file", "examples/chapter/other.py"),
        ("duration", -1.0),
        ("duration", float("nan")),
        ("python", "3.11.7 <b>"),
        ("tasks", (Task(1, "Task-1", "main", 1, 99, 0.0),)),
    ],
)
def test_a_kept_record_that_no_program_can_have_is_made_again(
    sample: SampleProject,
    good: Trace,
    field: str,
    forged: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (example,) = find(sample)
    ran = mock.Mock(return_value=good)
    monkeypatch.setattr(runner, "_record", ran)
    runner.run([example], sample.project)
    file = cache.record_path(example, sample.project)
    keep(file, replace(good, **{field: forged}).to_json())
    assert cache.load(example, sample.project) is None
    assert (
        runner.get_or_run(example, sample.project) == good and ran.call_count == 4
    )  # each with a second run


def test_a_record_that_an_older_build_kept_is_made_again(sample: SampleProject) -> None:
    (example,) = find(sample)
    trace = runner.run([example], sample.project)[example.name]
    file = cache.record_path(example, sample.project)
    older = json.loads(trace.to_json())
    del older["format"]
    keep(file, json.dumps(older))
    assert cache.load(example, sample.project) is None
    assert runner.get_or_run(example, sample.project) == trace


def test_what_only_looks_like_a_kept_record_is_not_read_and_made_again(
    sample: SampleProject,
) -> None:
    (example,) = find(sample)
    trace = runner.run([example], sample.project)[example.name]
    file = cache.record_path(example, sample.project)
    other = file.rename(file.with_name("other.json"))
    for make in (os.mkfifo, lambda file: file.symlink_to(other)):
        file.unlink(missing_ok=True)
        make(file)
        assert cache.load(example, sample.project) is None
    assert runner.get_or_run(example, sample.project) == trace
    assert file.is_file() and not file.is_symlink()


def test_what_ran_without_a_sandbox_is_run_again_where_there_is_one(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sandbox_policy.choose(sample.project) is None:
        pytest.skip("there is no sandbox here")
    (example,) = find(sample)
    monkeypatch.setenv("AWAITED_SANDBOX", "off")
    runner.run([example], sample.project)
    assert cache.load(example, sample.project) is not None
    monkeypatch.setenv("AWAITED_SANDBOX", "required")
    assert cache.load(example, sample.project) is None and cache.find_stale(sample.project) == [
        example
    ]
    runner.run([example], sample.project)
    for setting in ("required", "off"):  # what is contained is as good where nothing has to be
        monkeypatch.setenv("AWAITED_SANDBOX", setting)
        assert cache.load(example, sample.project) is not None
