"""What becomes of the file that a record is written to: its links, owner and permissions stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loopscope.running.destination import Destination


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text("the old one")
    file.chmod(0o640)
    before = file.stat().st_ino
    Destination(str(file)).write("the new one")
    assert file.read_text() == "the new one"
    assert file.stat().st_ino != before
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["record.json"]


def test_a_file_with_another_link_stays_the_same_file(tmp_path: Path) -> None:
    file, other = tmp_path / "record.json", tmp_path / "other.json"
    file.write_text("the old one")
    other.hardlink_to(file)
    Destination(str(file)).write("the new one")
    assert other.read_text() == "the new one"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize(("user", "group"), [(1, -1), (-1, 1)], ids=["owner", "group"])
def test_somebody_else_s_file_stays_theirs(tmp_path: Path, user: int, group: int) -> None:
    file = tmp_path / "record.json"
    file.write_text("the old one")
    os.chown(file, user, group)
    before = file.stat()
    Destination(str(file)).write("the new one")
    after = file.stat()
    assert file.read_text() == "the new one"
    assert (after.st_ino, after.st_uid, after.st_gid) == (
        before.st_ino,
        before.st_uid,
        before.st_gid,
    )
