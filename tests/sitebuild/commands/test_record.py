"""`python -m sitebuild record`, and a build of what it recorded, by the front door."""

from __future__ import annotations

import platform
import shutil

from sample_project import GOOD, SampleProject

THIS = platform.python_version()
FAILS = '"""T."""\nimport os\nimport signal\n\nos.kill(os.getppid(), signal.SIGKILL)\n'


def test_a_site_is_built_from_shares_and_what_is_lost_is_named_and_run(
    sample: SampleProject,
) -> None:
    for name in ("one", "two"):
        sample.example(name, GOOD, "hello\n")
    sample.page("index", "good", "one", "two")
    for number in (1, 2):
        ran = sample.run("record", "--shard", f"{number}/2")
        assert ran.returncode == 0 and ran.stderr == ""
        assert ran.stdout == (
            f"share-{number}-of-2: share {number}/2 of Python {THIS}, {3 - number} records\n"
        )
        shutil.rmtree(sample.root / ".cache")
    ran = sample.run("build", "--shares", "share-1-of-2", "share-2-of-2")
    assert ran.returncode == 0 and ran.stderr == ""
    whole = sample.read()
    shutil.rmtree(sample.root / ".cache")
    ran = sample.run("build", "--shares", "share-1-of-2")
    assert ran.returncode == 0
    assert ran.stderr.splitlines() == [
        f"of Python {THIS}, share 2/2 is missing",
        "no share has chapter/one; they are run here",
    ]
    assert sample.read() == whole


def test_what_cannot_be_recorded_is_named_and_the_share_has_all_else(
    sample: SampleProject,
) -> None:
    sample.example("kills", FAILS, "")
    ran = sample.run("record", "--into", "folder", AWAITED_SANDBOX="off")
    assert ran.returncode == 1
    assert ran.stdout == f"folder: share 1/1 of Python {THIS}, 1 records\n"
    assert "examples/chapter/kills.py: it could not be recorded on " in ran.stderr
    assert ran.stderr.splitlines()[-1] == "1 problem"
    assert [file.name for file in (sample.root / "folder").rglob("*.json")] == [
        "share.json",
        "good.json",
    ]


def test_a_share_that_is_none_is_refused(sample: SampleProject) -> None:
    ran = sample.run("record", "--shard", "9/8")
    assert ran.returncode == 2
    assert "'9/8' is not a share; write 3/8 for the third of eight" in ran.stderr
