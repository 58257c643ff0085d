"""Runs a module of the site's without a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def run(folder: Path, text: str, stdin: str) -> str:
    """Run a module in a folder, beside those that it imports, and return what it prints.

    Where there is no Node.js the test is skipped; not in CI.
    """
    node = shutil.which("node")
    if node is None:
        message = "there is no node here (Debian: nodejs)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.js").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [node, "run.js"], cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
