"""`python -m giaoban.reading FILE…`, without Django and without configuration."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "samples" / "ket_luan_so.txt"
SOURCE = Path(__file__).parents[2] / "src"


def run(*arguments):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [sys.executable, "-m", "giaoban.reading", *map(str, arguments)],
        capture_output=True, encoding="utf-8", env=environment, timeout=60,
    )  # fmt: skip


def test_one_file_prints_one_object():
    done = run(SAMPLE)
    assert done.returncode == 0
    assert set(json.loads(done.stdout)) == {"meeting", "citations", "figures", "tasks", "flags", "people"}


def test_several_files_print_one_object_a_line_and_go_on_after_a_bad_one(tmp_path):
    done = run(SAMPLE, tmp_path / "nowhere.txt", SAMPLE)
    assert done.returncode == 1
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == [str(SAMPLE)] * 2
    assert "Không có tệp" in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"abc\xc3(", "không phải văn bản UTF-8 (sai ở byte thứ 4)"), (b"\xff\xfea", "không phải văn bản UTF-8")],
)
def test_what_cannot_be_decoded(tmp_path, content, sentence):
    path = tmp_path / "hong.txt"
    path.write_bytes(content)
    done = run(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_and_a_huge_file_are_refused(tmp_path):
    assert "là thư mục" in run(tmp_path).stderr
    path = tmp_path / "to.txt"
    with path.open("wb") as file:
        file.truncate(9_000_000)
    assert "chỉ đọc tệp văn bản đến 8 MB" in run(path).stderr


def test_windows_files(tmp_path):
    path = tmp_path / "windows.txt"
    path.write_bytes("II. NHIỆM VỤ\r\n\r\n1. Rà soát cơ sở vật chất.\r\n".encode("utf-16"))
    assert [task["text"] for task in json.loads(run(path).stdout)["tasks"]] == ["Rà soát cơ sở vật chất"]


def test_without_a_file_it_says_how_to_be_used():
    done = run()
    assert done.returncode == 2
    assert "Cách dùng" in done.stderr


def test_no_django_is_loaded():
    code = (
        "import sys; from giaoban.reading import read; read('Giao Sở Nội vụ rà soát.'); print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(SOURCE)}, timeout=60
    )
    assert done.stdout.strip() == "False"
