"""Files kept by their content."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from giaoban.files import keeping


def test_kept_under_the_hash_once(tmp_path: Path) -> None:
    name = keeping.keep(tmp_path, b"noi dung")
    assert name == hashlib.sha256(b"noi dung").hexdigest()
    before = keeping.path_of(tmp_path, name).stat().st_ino
    assert keeping.keep(tmp_path, b"noi dung") == name and keeping.content(tmp_path, name) == b"noi dung"
    assert keeping.path_of(tmp_path, name).stat().st_ino == before, "not written again"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]


def test_a_torn_file_is_written_anew(tmp_path: Path) -> None:
    name = keeping.keep(tmp_path, b"noi dung")
    keeping.path_of(tmp_path, name).write_bytes(b"noi")
    with pytest.raises(keeping.Changed):
        keeping.content(tmp_path, name)
    keeping.keep(tmp_path, b"noi dung")
    assert keeping.content(tmp_path, name) == b"noi dung"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        keeping.path_of(tmp_path, name)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(keeping.Changed):
        keeping.content(tmp_path, "0" * 64)


def test_old_files_that_nobody_needs_are_removed(tmp_path: Path) -> None:
    names = [keeping.keep(tmp_path, text.encode()) for text in ("cu", "can", "moi", "nop lai")]
    beside = keeping.path_of(tmp_path, names[0]).parent / ".nua"
    beside.write_bytes(b"nua")
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    for path in (beside, *(keeping.path_of(tmp_path, names[place]) for place in (0, 1, 3))):
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    keeping.keep(tmp_path, b"nop lai")
    assert keeping.remove(tmp_path, before=long_ago + timedelta(days=1), needed={names[1]}) == 2
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == set(names[1:])
