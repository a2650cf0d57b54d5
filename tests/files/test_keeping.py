"""Files kept by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from giaoban.files import keeping


def test_kept_under_the_hash_once(tmp_path: Path) -> None:
    name = keeping.keep(tmp_path, b"noi dung")
    assert name == hashlib.sha256(b"noi dung").hexdigest()
    before = keeping.path_of(tmp_path, name).stat().st_mtime_ns
    assert keeping.keep(tmp_path, b"noi dung") == name and keeping.content(tmp_path, name) == b"noi dung"
    assert keeping.path_of(tmp_path, name).stat().st_mtime_ns == before
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
