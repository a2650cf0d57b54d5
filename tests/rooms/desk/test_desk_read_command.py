"""giaoban read: one file, many, a folder with what cannot be read; results kept, and not made twice."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from giaoban.desk.management.commands import read as command
from tests.files.drawn import pdf, typed

TEXT = "THÔNG BÁO\nKết luận giao ban\n1. Phòng Nội vụ rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two that can be read, below each other, one broken, one marked, and two that are not asked for."""
    here = tmp_path / "vao"
    (here / "con").mkdir(parents=True)
    (here / "a.txt").write_text(TEXT, encoding="utf-8")
    (here / "con" / "a.pdf").write_bytes(pdf([typed(TEXT.splitlines())]))
    (here / "hong.docx").write_bytes(b"hong")
    (here / "mat.txt").write_text("UBND TỈNH\nMẬT\nKế hoạch", encoding="utf-8")
    (here / "~$a.docx").write_bytes(b"khoa")
    (here / "anh.bmp").write_bytes(b"BM")
    return here


def run(*words: Any, **options: Any) -> tuple[str, str, str]:
    """What is printed, what is complained of, and the last sentence."""
    out, err, last = io.StringIO(), io.StringIO(), ""
    try:
        call_command("read", *map(str, words), stdout=out, stderr=err, processes=1, **options)
    except CommandError as fault:
        last = str(fault)
    return out.getvalue(), err.getvalue(), last


def test_one_file_as_one_object(folder: Path) -> None:
    out, _err, last = run(folder / "a.txt", json=True)
    found = json.loads(out)
    assert last == "" and "content" not in found
    (task,) = found["tasks"]
    assert TEXT[task["start"] : task["end"]] == task["text"] and task["due"] == "2026-03-15"


def test_content_comes_along_for_other_than_plain_text(folder: Path) -> None:
    found = json.loads(run(folder / "con" / "a.pdf", json=True)[0])
    (task,) = found["tasks"]
    assert found["content"][task["start"] : task["end"]] == task["text"]
    (folder / "u16.txt").write_bytes(TEXT.encode("utf-16"))
    assert json.loads(run(folder / "u16.txt", json=True)[0])["content"] == TEXT


def test_a_folder_goes_on_past_what_cannot_be_read_and_ends_with_a_fault(folder: Path) -> None:
    out, err, last = run(folder)
    assert [line.rpartition("/")[2].partition(":")[0] for line in out.splitlines()] == ["a.txt", "a.pdf"]
    assert "hong.docx: " in err and "mat.txt: " in err and "MẬT" in err
    assert last == "không đọc được 2 trong 4 tệp."


def test_many_files_are_a_line_each(folder: Path) -> None:
    lines = run(folder, json=True)[0].splitlines()
    assert [Path(json.loads(line)["file"]).name for line in lines] == ["a.txt", "a.pdf"]


def test_one_broken_file_says_why(folder: Path) -> None:
    assert "bị hỏng" in run(folder / "hong.docx")[2]
    assert "không đọc được tệp" in run(folder / "khong-co.txt")[2]


def test_results_are_kept_and_only_what_changed_is_read_again(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    out = tmp_path / "ra"
    run(folder, out=out)
    assert {path.relative_to(out).as_posix() for path in out.rglob("*.json")} == {"a.txt.json", "con/a.pdf.json"}
    read: list[str] = []
    real = command.read_file
    monkeypatch.setattr(command, "read_file", lambda name, *rest: read.append(name) or real(name, *rest))
    said = run(folder, out=out)[0]
    assert said.count("đã đọc trước đây") == 2 and read == ["hong.docx", "mat.txt"]
    (folder / "a.txt").write_text(TEXT + "2. Phòng Kinh tế báo cáo trước ngày 20/3/2026.\n", encoding="utf-8")
    (out / "con" / "a.pdf.json").write_text('{"source":', encoding="utf-8")  # whoever was interrupted
    read.clear()
    run(folder, out=out)
    assert read == ["a.txt", "hong.docx", "mat.txt", "a.pdf"]
    assert len(json.loads((out / "a.txt.json").read_text(encoding="utf-8"))["tasks"]) == 2


def test_files_of_one_name_from_two_folders_do_not_overwrite_each_other(folder: Path) -> None:
    (folder / "con" / "a.txt").write_text(TEXT, encoding="utf-8")
    found = [
        source.under for source in command.gathered([folder / "a.txt", folder / "con" / "a.txt", folder / "a.txt"])
    ]
    assert len(found) == len(set(found)) == 2


def test_several_processes_say_the_same_in_the_same_order(folder: Path) -> None:
    sources = list(command.gathered([folder]))
    alone = list(command._all(sources, None, 1))
    assert list(command._all(sources, None, 2)) == alone
