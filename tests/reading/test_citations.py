"""Every numbering system of documents.md §5-7, with the misspellings of real files."""

import pytest

from giaoban.reading import read


def cited(text):
    return {(mark["number"], mark["date"]) for mark in read(text)["citations"]}


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("Nghị quyết số 29-NQ/TW, ngày 04/11/2013 của Ban Chấp hành Trung ương", "29-NQ/TW", "2013-11-04"),
        ("đã ban hành Chương trình hành động số 21-CTr/HU ngày 25/02/2014", "21-CTr/HU", "2014-02-25"),
        ("theo Chương trình 06-Ctr/TU của Tỉnh ủy", "06-Ctr/TU", None),
        ("Nghị quyết 72-NQ-TW của Bộ Chính trị", "72-NQ-TW", None),
        ("Nghị quyết số 29 – NQ/TW", "29-NQ/TW", None),
        ("Thông báo kết luận 177-TB/VPTW của Tổng Bí thư", "177-TB/VPTW", None),
        ("Nghị quyết số 05-NQ/ĐU, ngày 18/9/2025 của Đảng uỷ xã", "05-NQ/ĐU", "2025-09-18"),
        ("Luật Giáo dục số 43/2019/QH14", "43/2019/QH14", None),
        ("Nghị quyết số 1211/2016/UBTVQH13", "1211/2016/UBTVQH13", None),
        ("Văn bản hợp nhất số 72/VBHN-VPQH", "72/VBHN-VPQH", None),
        ("Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ", "30/2020/NĐ-CP", "2020-03-05"),
        ("Nghị định số 85/2016/ND-CP ngày 01 tháng 7 năm 2016", "85/2016/ND-CP", "2016-07-01"),
        ("Nghị định 09/2019/NĐ-CP của Chính phủ ngày 24/01/2019", "09/2019/NĐ-CP", "2019-01-24"),
        ("Thông tư liên tịch số 23/2015/TTLT-BGDĐT-BNV", "23/2015/TTLT-BGDĐT-BNV", None),
        ("Báo cáo số 12/BC-PGDĐT ngày 20/5/2024", "12/BC-PGDĐT", "2024-05-20"),
        ("Nghị quyết số 1656/NQ-UBTVQH15", "1656/NQ-UBTVQH15", None),
        ("Quyết định số 522 /QĐ-TTg ngày 14.5.2018", "522/QĐ-TTg", "2018-05-14"),
        ("Quyết định số 2071/QĐ-BGDĐT ngày\n16/6/2017 của Bộ trưởng", "2071/QĐ-BGDĐT", "2017-06-16"),
        ("Công văn số 4555/BGDĐT-GDPT ngày 05 tháng 8 năm 2025", "4555/BGDĐT-GDPT", "2025-08-05"),
        ("Công văn 3954/UBND-VX", "3954/UBND-VX", None),
        ("Công văn số 182/ PGDĐT ngày 01/9/2021", "182/PGDĐT", "2021-09-01"),
        ("Kế hoạch số 45/KH-UBND, ngày 03/3/2026", "45/KH-UBND", "2026-03-03"),
        ("Tờ trình số: 35/TTr-PVHXH ngày 29/9/2025", "35/TTr-PVHXH", "2025-09-29"),
        ("Chỉ thị 27/CT-TW năm 2023 của Bộ Chính trị", "27/CT-TW", None),
    ],
)
def test_each_grammar(text, number, day):
    assert cited(text) == {(number, day)}


def test_a_date_before_the_name_counts_when_somebody_issued_it_then():
    text = "Ngày 07/02/2025, Thủ tướng Chính phủ ban hành Công điện số 10/CĐ-TTg về tuyển sinh."
    assert cited(text) == {("10/CĐ-TTg", "2025-02-07")}


def test_a_deadline_before_a_name_is_not_its_date():
    assert cited("Trước ngày 15/3/2026, các trường gửi báo cáo theo Công văn số 215/SGDĐT-VP.") == {
        ("215/SGDĐT-VP", None)
    }


def test_bare_numbers_need_their_kind():
    assert cited("thực hiện Thông tư 17, 18, 19 về kiểm định chất lượng") == {("17", None), ("18", None), ("19", None)}
    assert cited("theo Nghị định 238 và Thông tư 27/2020 của Bộ") == {("238", None), ("27/2020", None)}


def test_a_word_that_is_glued_to_the_number_is_no_part_of_it():
    assert cited("Căn cứ Thông tư số 17/2012/TT-BGDĐTngày 16/5/2012 của Bộ") == {("17/2012/TT-BGDĐT", "2012-05-16")}


def test_a_notice_with_its_number_alone():
    assert cited("thực hiện Thông báo số 81 ngày 18/7/2025 của Bộ Chính trị") == {("81", "2025-07-18")}


def test_a_bare_number_that_shortens_a_full_one_is_not_cited_again():
    text = "Công văn 2512/SGDĐT-KHTC ra sao? Theo Công văn 2512, các trường thực hiện."
    assert cited(text) == {("2512/SGDĐT-KHTC", None)}


@pytest.mark.parametrize(
    "text",
    [
        "giai đoạn 2021-2025 có 68/73 trường đạt chuẩn, dạy 2 buổi/ngày, dịp 20/11",
        "Chương trình giáo dục phổ thông 2018 và kế hoạch 2 tháng tới",
        "Công văn số /SGDĐT-VP ngày tháng 7 năm 2026",
        "lớp 3/TH có 35 em; điểm 8/10",
        "Luật Giá 2023 và Bộ luật Lao động 2019",
        "ngày 04/11/2013, tháng 9/2025",
    ],
)
def test_what_is_no_citation(text):
    assert cited(text) == set()


def test_the_letterhead_s_own_number_is_not_cited():
    text = "SỞ GIÁO DỤC VÀ ĐÀO TẠO\n\nSố: 118/TB-SGDĐT\n\nSơn Hà, ngày 06 tháng 02 năm 2026\n\nTHÔNG BÁO\n\nVề việc nghỉ Tết"
    assert cited(text) == set()


def test_keys_follow_the_registers():
    marks = read("Nghị quyết số 29 – NQ/TW, ngày 04/11/2013; Nghị định 85/2016/ND-CP; Công văn 6791/SNNMT-VP")[
        "citations"
    ]
    assert [mark["key"] for mark in marks] == [
        "party|NQ|29||TW|2013-11-04",
        "state|NĐ|85|2016|CP",
        "state|CV|6791||SNNMT-VP|",
    ]
