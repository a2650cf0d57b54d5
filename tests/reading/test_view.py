"""One text for all rules, whatever way the document was typed, and the way back to the original."""

import textwrap
import unicodedata

import pytest

from giaoban.reading.layout import lay_out
from giaoban.reading.view import View, lowered


def blocks(text):
    return View(text).text.splitlines()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà nhập", "hòa nhập"),
        ("Uỷ ban", "ủy ban"),
        ("sức khoẻ", "sức khỏe"),
        ("tỉ lệ", "tỷ lệ"),
        ("kĩ năng", "kỹ năng"),
    ],
)
def test_old_and_new_tone_marks_agree(old, new):
    assert lowered(old) == lowered(new) == new


@pytest.mark.parametrize("text", ["hoàn thành", "toàn diện", "quý II", "ngoài", "thi đua", "khoán", "tỉnh"])
def test_words_whose_tone_mark_stands_rightly_are_left_alone(text):
    assert lowered(text) == text.lower()


def test_dashes_spaces_stars_and_unseen_signs():
    text = "Năm học 2024\u00a0–\u00a02025 **rất** quan\u200b trọng\u00ad"
    assert blocks(text) == ["Năm học 2024 - 2025 rất quan trọng"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_way_back(form):
    text = unicodedata.normalize(form, "  Phòng  **Nội vụ**\nhuyện  Bảo Yên.  ")
    view = View(text)
    at = view.text.index("huyện")
    start, end = view.span(at, at + len("huyện"))
    assert unicodedata.normalize("NFC", text[start:end]) == "huyện"


def test_a_paragraph_broken_at_a_width_is_one_block():
    paragraph = "Các trường rà soát học sinh có nguy cơ bỏ học, phối hợp với trưởng thôn vận động các em ra lớp. " * 4
    text = "\n\n".join(textwrap.fill(paragraph, width) for width in (72, 72, 72))
    assert blocks(text) == [paragraph.strip()] * 3


def test_lines_broken_at_no_width_go_on_with_a_small_letter():
    text = "ỦY\nBAN NHÂN DÂN\nCao\nBằng, ngày 30 tháng 3\nnăm 2020\nThực hiện Chỉ thị\nsố 26 của\nBộ Giáo dục"
    assert blocks(text) == [
        "ỦY",
        "BAN NHÂN DÂN",
        "Cao",
        "Bằng, ngày 30 tháng 3 năm 2020",
        "Thực hiện Chỉ thị số 26 của Bộ Giáo dục",
    ]


def test_a_sentence_that_stops_at_a_comma_goes_on_after_a_blank_line():
    text = "Thông tin đầy đủ, công khai, minh bạch các khoản thu đến cha mẹ học sinh,\n\nBan đại diện cha mẹ học sinh."
    assert len(blocks(text)) == 1


def test_bullets_numbers_and_headings_begin_blocks():
    text = "# Tiêu đề\n- Việc một\n- Việc hai\n1. Mục một\na) Điểm a\nIII. Phần ba\nĐiều 2. Trách nhiệm\n1.1. Mục nhỏ\n(2) Hai"
    shapes = [(shape.marker, shape.hashes) for shape in View(text).shapes]
    assert shapes == [
        ("", 1),
        ("-", 0),
        ("-", 0),
        ("1.", 0),
        ("a)", 0),
        ("III.", 0),
        ("Điều 2.", 0),
        ("1.1.", 0),
        ("(2)", 0),
    ]


@pytest.mark.parametrize("line", ["13/09/2023", "12.500 học sinh", "35/TTr-PVHXH ngày", "2.5 tỷ", "Thứ Năm, ngày 22/3"])
def test_numbers_that_begin_a_line_are_no_marker(line):
    assert [shape.marker for shape in View(line).shapes] == [""]


def test_the_parts_of_an_official_document():
    text = """UBND TỈNH SƠN HÀ
SỞ GIÁO DỤC VÀ ĐÀO TẠO
-------
Số: 118/TB-SGDĐT

Sơn Hà, ngày 06 tháng 02 năm 2026

THÔNG BÁO
Kết luận của Giám đốc Sở tại Hội nghị giao ban

Kính gửi:
- Các phòng chuyên môn;
- Các trường trực thuộc.

III. NHIỆM VỤ

1. Văn phòng Sở

a) Đôn đốc các đơn vị chậm báo cáo.

Nơi nhận:
- Như trên;
- Lưu: VT.

GIÁM ĐỐC

Trịnh Văn Khoa
"""
    page = lay_out(View(text))
    assert [block.kind for block in page.blocks] == (
        ["letterhead"] * 4 + ["title"] * 2 + ["recipients"] * 3 + ["heading", "heading", "item"] + ["signature"] * 5
    )
    assert page.genre == "issued"
    assert page.issued_on.isoformat() == "2026-02-06"


def test_the_parts_of_a_web_page():
    text = """In trang

Hội nghị giao ban quý I
Cập nhật lúc : 16:05 02/02/2024

Hội nghị đã thảo luận các nội dung (1).

Quang cảnh hội nghị

Kết luận, đồng chí Chủ tịch yêu cầu các trường nghiêm túc thực hiện./.

Thanh Định

-----

(1) Công tác bồi dưỡng đội ngũ và chuẩn bị các điều kiện.

Tin tức
1 2 3 4 5 ...
"""
    page = lay_out(View(text))
    assert [block.kind for block in page.blocks] == [
        "chrome", "caption", "chrome", "prose", "caption", "prose", "signature", "footnote", "chrome", "chrome",
    ]  # fmt: skip
    assert page.posted_on.isoformat() == "2024-02-02"
