"""Records from other machines: used if they are what this machine would have made, and only then."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sample_project import GOOD, SampleProject

from sitebuild.commands import record
from sitebuild.content import examples
from sitebuild.content.examples import Example
from sitebuild.content.files import ProjectError
from sitebuild.records import cache, pythons, runner, sandbox_policy, shares
from sitebuild.records.shares import Part

THIS = platform.python_version()


def every(sample: SampleProject) -> list[Example]:
    return list(examples.find(sample.project).values())


def share(sample: SampleProject, number: int = 1, count: int = 1) -> Path:
    """Record a share, as another machine does: without what is in the cache here."""
    folder = sample.root / f"share-{number}"
    problems, _ = record.record(sample.project, Part(number, count), folder)
    assert not problems
    for file in (sample.project.cache / "records").rglob("*.json"):
        file.unlink()
    return folder


def adopt(sample: SampleProject, *folders: Path) -> list[str]:
    return shares.adopt(folders, every(sample), sample.project)


@pytest.mark.parametrize("text", ["0/8", "9/8", "3", "3/8/1", "-1/8", "3/8 ", "03/8", "a/b", "٣/٨"])
def test_what_is_no_share_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="is not a share; write 3/8 for the third of eight"):
        Part.parse(text)


def test_each_example_is_in_one_share_and_each_kind_is_dealt_out_evenly() -> None:
    kinds = {
        "virtual": {},
        "real": {"clock": "real"},
        "packages": {"dependencies": ("aiohttp",)},
        "shell": {"path": Path("x.sh")},
    }
    found = [
        Example(
            **{"name": f"{kind}/e{number}", "path": Path("x.py"), "source": "", "title": ""} | more
        )
        for kind, more in kinds.items()
        for number in range(10)
    ]
    parts = [Part(number, 3).of(found) for number in (1, 2, 3)]
    assert sorted(example.name for part in parts for example in part) == sorted(
        example.name for example in found
    )
    for part in parts:
        of_kind = Counter(example.name.split("/")[0] for example in part)
        assert set(of_kind.values()) <= {3, 4}
    assert [Part(number, 3).of(reversed(found)) for number in (1, 2, 3)] == parts
    assert Part(9, 9).of(found[:3]) == []


def test_a_build_that_is_given_all_shares_runs_nothing(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        sample.example(f"other_{number}", GOOD, "hello\n")
    folders = [share(sample, number, 3) for number in (1, 2, 3)]
    assert len(cache.find_stale_among(every(sample), sample.project)) == 5
    monkeypatch.setattr(runner, "_run", lambda *_, **__: pytest.fail("something was run"))
    assert adopt(sample, *folders) == []
    assert cache.find_stale_among(every(sample), sample.project) == []
    for example in every(sample):
        assert runner.get_or_run(example, sample.project).text() == "hello\n"


def test_a_lost_share_is_named(sample: SampleProject) -> None:
    for number in range(5):
        sample.example(f"other_{number}", GOOD, "hello\n")
    first, second, _ = [share(sample, number, 3) for number in (1, 2, 3)]
    third = sample.root / "gone"
    assert adopt(sample, first, second, third) == [
        "gone: this share is missing, there is no such folder; its examples are run here",
        f"of Python {THIS}, share 3/3 is missing",
        "no share has chapter/other_1 and chapter/other_4; they are run here",
    ]
    assert len(cache.find_stale_among(every(sample), sample.project)) == 2


def test_an_example_that_no_python_here_can_run_is_not_missed(sample: SampleProject) -> None:
    (example,) = every(sample)
    pinned = replace(example, pinned="3.29")
    assert shares.adopt([share(sample)], [example, pinned], sample.project) == []


def test_a_stale_share_is_named_with_its_examples(sample: SampleProject) -> None:
    for number in range(12):
        sample.example(f"other_{number:02}", GOOD, "hello\n")
    folder = share(sample)
    for number in range(9):
        sample.example(f"other_{number:02}", GOOD.replace("hello", "bye"), "bye\n")
    (message,) = adopt(sample, folder)
    assert message.startswith(
        "share-1: share 1/1 is stale: of chapter/other_00, chapter/other_01, chapter/other_02,"
        " chapter/other_03, chapter/other_04 and 4 more it has no record that can be used here"
    )
    assert len(cache.find_stale_among(every(sample), sample.project)) == 9


def test_of_two_shares_the_one_that_is_up_to_date_is_used(sample: SampleProject) -> None:
    sample.example("good", GOOD.replace("hello", "bye"), "bye\n")
    old = share(sample).rename(sample.root / "old")
    sample.example("good", GOOD, "hello\n")
    assert adopt(sample, old, share(sample)) == []


@pytest.mark.parametrize("changed", ["platform", "folder", "python"])
def test_a_record_of_another_kind_of_machine_is_stale(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    folder = share(sample)
    if changed == "platform":
        monkeypatch.setattr(sys, "platform", "plan9")
    elif changed == "folder":
        monkeypatch.setattr(Path, "resolve", lambda path: Path("/else", path.name))
    else:
        monkeypatch.setattr(pythons.platform, "python_version", lambda: "3.99.1")
    assert len(adopt(sample, folder)) == 1
    assert len(cache.find_stale_among(every(sample), sample.project)) == 1


def test_a_record_from_the_python_that_a_page_asks_for_is_that_page_s(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with Python 3.99 records what one that builds on this Python shows of it."""
    (example,) = every(sample)
    (trace,) = runner.run([example], sample.project).values()
    with monkeypatch.context() as there:
        there.setattr(pythons.platform, "python_version", lambda: "3.99.1")
        cache.store(
            example,
            replace(trace, python="3.99.1"),
            cache.cache_key(example),
            sandbox_policy.choose(sample.project) is not None,
            sample.project,
        )
        shares.write(sample.root / "share", Part(1, 1), [example], "3.99.1", sample.project)
        cache.record_path(example, sample.project).unlink()
    monkeypatch.setattr(
        pythons,
        "select_interpreter",
        lambda example: pythons.Interpreter("/python", "3.99.1") if example.pinned else None,
    )
    pinned = replace(example, pinned="3.99")
    assert cache.load(pinned, sample.project) is None
    assert shares.adopt([sample.root / "share"], [example, pinned], sample.project) == []
    assert cache.load(pinned, sample.project).python == "3.99.1"
    assert cache.load(example, sample.project).python == THIS


def _forge(field: str, value: object) -> Callable[[Path], None]:
    """Change a field of the header or, with "trace.", of the trace, as one who may write all of it."""

    def forge(file: Path) -> None:
        header, text = file.read_text(encoding="utf-8").split("\n", 1)
        head, trace = json.loads(header), json.loads(text)
        name = field.removeprefix("trace.")
        assert name in (trace if name != field else head)
        (trace if name != field else head)[name] = value
        text = json.dumps(trace)
        head["digest"] = hashlib.sha256(text.encode()).hexdigest() if field != "digest" else value
        file.write_text(f"{json.dumps(head)}\n{text}", encoding="utf-8")

    return forge


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _link(file: Path) -> None:
    file.rename(file.with_name("real"))
    file.symlink_to(file.with_name("real"))


@pytest.mark.parametrize(
    "forge",
    [
        _forge("key", "0" * 64),
        _forge("key", None),
        _forge("python", "3.99.1"),
        _forge("exit", 1),
        _forge("stopped", True),
        _forge("digest", "0" * 64),
        _forge("trace.python", "3.99.1"),
        _forge("trace.exit", "<script>"),
        _forge("trace.file", "examples/chapter/other.py"),
        _forge("trace.duration", -1.0),
        lambda file: file.write_text(""),
        lambda file: file.write_text("[" * 100_000),
        lambda file: file.write_bytes(b"\xff\xfe"),
        lambda file: file.write_text("null\nnull"),
        _pipe,
        _link,
        lambda file: (file.unlink(), file.mkdir()),
    ],
)
def test_a_forged_record_is_not_used(sample: SampleProject, forge: Callable[[Path], None]) -> None:
    folder = share(sample)
    forge(folder / THIS / "chapter/good.json")
    (message,) = adopt(sample, folder)
    assert message.startswith("share-1: share 1/1 is stale: of chapter/good it has no record")
    assert not list((sample.project.cache / "records").rglob("*.json"))


def test_forging_changes_nothing_but_what_is_forged(sample: SampleProject) -> None:
    folder = share(sample)
    _forge("exit", 0)(folder / THIS / "chapter/good.json")
    assert adopt(sample, folder) == []


def test_a_record_that_is_too_large_is_not_read(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = share(sample)
    monkeypatch.setattr(shares, "_LARGEST", 100)
    (message,) = adopt(sample, folder)
    assert "is stale" in message


@pytest.mark.parametrize(
    ("label", "cause"),
    [
        (None, "there is no complete share in it, share.json is missing"),
        ("{", "share.json does not say which share it is; record it again"),
        ("[]", "share.json does not say which share it is; record it again"),
        ('{"part": "9/8", "python": "3.11.7"}', "share.json does not say which share it is"),
        ('{"part": 3, "python": "3.11.7"}', "share.json does not say which share it is"),
        ('{"part": "1/1", "python": "\\u001b[2J"}', "share.json does not say which share it is"),
        ("[" * 100_000, "share.json does not say which share it is"),
    ],
)
def test_a_folder_that_is_no_share_is_named(
    sample: SampleProject, label: str | None, cause: str
) -> None:
    folder = share(sample)
    (folder / "share.json").unlink()
    if label is not None:
        (folder / "share.json").write_text(label)
    messages = adopt(sample, folder)
    assert messages[0].startswith(f"share-1: {cause}")
    assert messages[1:] == ["no share has chapter/good; they are run here"]


def test_what_ran_without_a_sandbox_is_not_used_where_there_is_one(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sandbox_policy.choose(sample.project) is None:
        pytest.skip("there is no sandbox here")
    monkeypatch.setenv("AWAITED_SANDBOX", "off")
    folder = share(sample)
    monkeypatch.setenv("AWAITED_SANDBOX", "required")
    assert "is stale" in adopt(sample, folder)[0]
    monkeypatch.setenv("AWAITED_SANDBOX", "off")
    assert adopt(sample, folder) == []


def test_a_share_is_never_written_over_something(sample: SampleProject) -> None:
    folder = share(sample)
    for _ in range(2):
        with pytest.raises(ProjectError, match=r"^share-1: a share is written to a new folder"):
            record.record(sample.project, Part(1, 1), folder)
        (folder / "share.json").unlink(missing_ok=True)  # a share that is not complete
