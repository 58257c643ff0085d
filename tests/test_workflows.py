"""The workflows: what strangers' code may do there, and that what they call is here."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from paths import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
GH = """\
#!/bin/sh
echo "gh $*" >> "$CALLS"
[ "$2" = list ] && { echo "$OPEN"; exit; }
while [ $# -gt 1 ]; do [ "$1" = --body-file ] && cat "$2"; shift; done
"""


def jobs(file: Path) -> dict[str, dict]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_and_what_runs_code_of_the_checkout_may_only_read(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert "secrets." not in text and "pull_request_target" not in text
    for line in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    for name, job in jobs(file).items():
        commands = [step["run"] for step in job["steps"] if "run" in step]
        writes = [what for what, level in job["permissions"].items() if level == "write"]
        assert not writes or (
            (name, commands) in (("deploy", []), ("report", [".github/report-changes changes"]))
        ), f"{file.name}: the job {name} may write {', '.join(writes)}"


def test_only_a_push_to_main_is_published() -> None:
    deploy = jobs(ROOT / ".github/workflows/site.yml")["deploy"]
    assert "github.event_name == 'push' && github.ref == 'refs/heads/main'" in deploy["if"]
    assert "needs.build.result == 'success'" in deploy["if"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_what_a_workflow_calls_is_here(file: Path) -> None:
    called = [step["run"] for job in jobs(file).values() for step in job["steps"] if "run" in step]
    for line in filter(None, "\n".join(called).splitlines()):
        command, *arguments = line.split()
        if command == "make":
            assert arguments[0] in TARGETS, line
        elif "/" in command:
            assert os.access(ROOT / command, os.X_OK), line
        else:
            assert command in ("sudo", "echo"), line


@pytest.mark.parametrize(("open_issue", "does"), [("", "issue create"), ("12", "issue comment 12")])
def test_a_change_is_reported_once_and_as_text(tmp_path: Path, open_issue: str, does: str) -> None:
    gh = tmp_path / "bin/gh"
    for folder in ("bin", "changes/changes-3.14", "changes/changes-3.x"):
        (tmp_path / folder).mkdir(parents=True)
    gh.write_text(GH, encoding="utf-8")
    gh.chmod(0o755)
    said = "Python 3.14.11\nexamples/tasks/x.py: its output has changed\n  | -<b>\n# @someone\n"
    (tmp_path / "changes/changes-3.14/changes.txt").write_text(said, encoding="utf-8")
    (tmp_path / "changes/changes-3.x/changes.txt").write_text(
        "Python <b>3.16.0\n" + "x" * 99_000, encoding="utf-8"
    )
    ran = subprocess.run(
        [ROOT / ".github/report-changes", tmp_path / "changes"],
        env={
            "PATH": f"{gh.parent}:{os.environ['PATH']}",
            "CALLS": str(tmp_path / "calls"),
            "OPEN": open_issue,
            "RUN": "https://run.example/1",
        },
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert len(calls) == 2 and calls[1].startswith(f"gh {does}")
    head, *sections = ran.stdout.split("\n### ")
    assert "https://run.example/1" in head
    assert [section.splitlines()[0] for section in sections] == ["Python 3.14.11", "Python b3.16.0"]
    for section in sections:  # indented, Markdown takes all of it for text
        assert all(line.startswith("    ") for line in section.splitlines()[2:] if line)
    assert len(ran.stdout) < 65_000


def test_an_issue_is_opened_even_if_nothing_was_said(tmp_path: Path) -> None:
    gh = tmp_path / "gh"
    gh.write_text(GH, encoding="utf-8")
    gh.chmod(0o755)
    ran = subprocess.run(
        [ROOT / ".github/report-changes", tmp_path / "none"],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "CALLS": str(tmp_path / "calls"),
            "RUN": "",
        },
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0 and "weekly build" in ran.stdout
