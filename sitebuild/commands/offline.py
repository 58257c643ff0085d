"""Packs the site into a zip that works without a server: unpack it and open `index.html`."""

from __future__ import annotations

from pathlib import Path

from ..content.files import write_zip
from ..project import Project
from ..rendering.offline import offline_files

NAME = "awaited-offline"
"""The name of the zip and of the folder in it."""


def pack(project: Project) -> Path:
    """Pack the built site; equal sites give equal bytes.

    Args:
        project: The project; its site has been built.

    Returns:
        The zip.
    """
    file = project.root / f"{NAME}.zip"
    entries = ((f"{NAME}/{path}", content) for path, content in offline_files(project.site))
    write_zip(file, entries)
    return file
