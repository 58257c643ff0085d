"""Runs modules that pages load without a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from paths import ROOT

STEPPER = ROOT / "loopscope/views/stepper"


def command(name: str, package: str) -> str:
    """Where a command is. Where there is none the test is skipped; not in CI."""
    found = shutil.which(name)
    if found is None:
        message = f"there is no {name} here (Debian: {package})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def run_module(text: str, folder: Path, stdin: str, modules: Iterable[Path] = ()) -> str:
    """Run a module that imports ours, and return what it prints.

    Args:
        text: The module.
        folder: Where to put it, beside copies of the modules.
        stdin: What it can read.
        modules: The modules that it can import; without them, the stepper's.
    """
    node = command("node", "nodejs")
    for file in modules or STEPPER.glob("*.js"):
        shutil.copy(file, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.js").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [node, "run.js"], cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
