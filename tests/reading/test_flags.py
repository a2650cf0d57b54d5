"""Contradictions that can be shown from the text itself, and nothing else."""

import pytest

from giaoban.reading import read


def flags(text):
    return [(mark["kind"], mark["text"]) for mark in read(text)["flags"]]


def test_seed_004_prints_93_1_where_68_of_73_is_93_2():
    """Bảo Thắng: 68/73 = 93,15%, half up 93,2%."""
    text = "Toàn huyện có 68/73 trường học đạt chuẩn về cơ sở vật chất (đạt tỉ lệ 93,1%)."
    (flag,) = read(text)["flags"]
    assert (flag["kind"], flag["text"]) == ("ratio", "68/73 trường học đạt chuẩn về cơ sở vật chất (đạt tỉ lệ 93,1%")
    assert flag["why"] == "68/73 = 93,151%, làm tròn là 93,2%, không phải 93,1% (chữ số cuối bị cắt bỏ)."


def test_seed_000_tells_of_a_meeting_after_the_page_was_updated():
    """A Lưới: the page was updated on 02/02/2024, the meeting is told as held on 22/02."""
    text = """Hội nghị giao ban công tác Giáo dục và Đào tạo quý I/2024
Cập nhật lúc : 16:05 02/02/2024

Ngày 22/02, dưới sự chủ trì của đồng chí Nguyễn Mạnh Tường - Chủ tịch UBND huyện, đã tổ chức Hội nghị giao ban."""
    assert flags(text) == [("date", "Ngày 22/02")]


def test_seed_001_reviews_a_school_year_before_it_began():
    """Vĩnh Long: 22/01/2018 in the school year 2018-2019."""
    text = "Sáng ngày 22 tháng 01 năm 2018, Sở tổ chức Hội nghị sơ kết học kỳ I năm học 2018-2019 tại tỉnh."
    assert flags(text) == [("date", "Sáng ngày 22 tháng 01 năm 2018")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("62/70 trường đạt chuẩn (88,5%)", [("ratio", "62/70 trường đạt chuẩn (88,5%")]),
        ("45/60 em đạt loại khá, đạt 57%", [("ratio", "45/60 em đạt loại khá, đạt 57%")]),
        ("Toàn xã có 09 trường, gồm: 03 trường mầm non, 04 trường tiểu học và 03 trường THCS",
         [("sum", "09 trường, gồm: 03 trường mầm non, 04 trường tiểu học và 03 trường thcs")]),
        ("Có 10 trường, trong đó 4 trường công lập, 7 trường tư thục",
         [("sum", "10 trường, trong đó 4 trường công lập, 7 trường tư thục")]),
        ("Họp vào ngày 31/4/2025", [("date", "ngày 31/4/2025")]),
        ("Thứ Ba, ngày 22/01/2018", [("date", "Thứ Ba, ngày 22/01/2018")]),
        ("từ ngày 20/5 đến ngày 10/5/2025", [("date", "từ ngày 20/5 đến ngày 10/5/2025")]),
        ("Thông tư 28/2010/TT-BGDĐT ngày 04/09/2020", [("date", "Thông tư 28/2010/TT-BGDĐT ngày 04/09/2020")]),
        ("Nghị quyết 29-NQ/TW ngày 04/11/2013; Nghị quyết 29-NQ/TW ngày 04/11/2014",
         [("date", "Nghị quyết 29-NQ/TW ngày 04/11/2014")]),
    ],
)  # fmt: skip
def test_contradictions(text, expected):
    assert [(kind, passage.lower()) for kind, passage in flags(text)] == [(k, p.lower()) for k, p in expected]


LETTER = (
    "SỞ GIÁO DỤC VÀ ĐÀO TẠO\n\nSố: 12/KH-SGDĐT\n\nSơn Hà, ngày 10 tháng 02 năm 2024\n\nKẾ HOẠCH\n\nII. NHIỆM VỤ\n\n"
)


def test_a_deadline_that_had_passed_when_the_document_was_signed():
    text = LETTER + "1. Các trường báo cáo kết quả về Sở trước ngày 15/01/2024."
    assert flags(text) == [("date", "ngày 15/01/2024")]


def test_a_document_cannot_cite_a_later_one():
    text = LETTER + "1. Thực hiện Công văn số 215/SGDĐT-VP ngày 20/02/2024 của Sở."
    assert flags(text) == [("date", "Công văn số 215/SGDĐT-VP ngày 20/02/2024")]


@pytest.mark.parametrize(
    "text",
    [
        "68/73 trường (93,2%), 45/45 trường (100%), 2/3 giáo viên (66,7%)",
        "Có 120 trường, gồm: 50 trường mầm non, 40 trường tiểu học, 30 trường THCS",
        "50 học sinh, trong đó có 30 nữ, 25 dân tộc thiểu số",
        "Thứ Hai, ngày 22/01/2018",
        "Sáng ngày 22/01/2019, Sở tổ chức Hội nghị sơ kết học kỳ I năm học 2018-2019.",
        "13/09/2023\n\nTừ ngày 13 - 15/9, Sở tổ chức Hội nghị tập huấn cán bộ quản lý, năm học 2023 - 2024.",
        "10/3/2026\n\nSáng 12/3, UBND xã sẽ tổ chức hội nghị giao ban.",
        "Chiều 20/8/2025, Sở tổ chức Hội nghị tổng kết năm học 2024-2025 và triển khai năm học 2025-2026.",
        LETTER + "1. Các trường báo cáo trước ngày 15/3/2024 theo Công văn số 9/SGDĐT-VP ngày 05/01/2024.",
    ],
)
def test_nothing_to_flag(text):
    assert flags(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gần 70% giáo viên mầm non (41/60) có trình độ trên chuẩn.",
        "Trên 95% học sinh (303/318 em) đi học chuyên cần.",
        "Có 2/3 trường đạt chuẩn (66,7%).",
        "Huyện có 15 trường đạt chuẩn, trong đó có 6 trường mầm non, 4 trường đạt mức độ 2.",
        "Tổng kinh phí 156 tỷ đồng, gồm 96 tỷ đồng ngân sách tỉnh và 60 tỷ đồng xã hội hóa.",
        "Sáng 9/8/2024, Phòng tổ chức hội nghị tổng kết năm học 2023-2024.",
        "Tỷ lệ giáo viên đạt chuẩn tăng từ 62% lên 91,4%, kinh phí 3/7 tỷ đồng.",
    ],
)
def test_near_contradictions_are_none(text):
    assert flags(text) == []
