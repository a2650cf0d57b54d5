"""The due words a person types and those the reader finds in a document mean the same day."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.reading import read
from giaoban.work import dues


@pytest.mark.parametrize(
    "words",
    [
        "trước ngày 15/3/2024",
        "trong tháng 4 năm 2024",
        "trong quý II/2024",
        "trong năm 2024",
        "trước ngày 05 tháng 5 năm 2024",
    ],
)
def test_reader_and_room_resolve_alike(words: str) -> None:
    text = f"KẾT LUẬN\n\n1. Phòng Giáo dục và Đào tạo\n\n- Rà soát đội ngũ giáo viên và báo cáo kết quả {words}.\n"
    task = read(text)["tasks"][0]
    assert task["due"] == dues.read(words, date(2024, 1, 10)).on.isoformat()
