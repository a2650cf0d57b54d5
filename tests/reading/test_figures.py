"""Measured quantities: one for each number, with unit, a/b and change; everything else with digits is left alone."""

import pytest

from giaoban.reading import read


def figures(text):
    found = []
    for mark in read(text)["figures"]:
        ratio = (mark["numerator"], mark["denominator"]) if "denominator" in mark else None
        moved = (mark["change"]["against"], mark["change"]["value"]) if mark["change"] else None
        found.append((mark["value"], mark["unit"], ratio, moved))
    return found


def test_counts_on_both_sides_of_a_stroke():
    text = "Toàn ngành huy động ra lớp 86.079 học sinh/3.118 lớp; thu 20.000 đồng/1 học sinh."
    assert [(value, unit) for value, unit, *_ in figures(text)] == [(86079, "học sinh"), (3118, "lớp")]


def test_a_count_after_its_label_stays_on_its_own_line():
    text = "- Số trường: 38, với 380 lớp; Trung cấp: 5\n- Giáo viên: 586. Chuyển ngoại huyện: 10; bỏ học: 3."
    assert [(value, unit) for value, unit, *_ in figures(text)] == [(38, "trường"), (380, "lớp"), (586, "giáo viên")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("toàn huyện có 68/73 trường học đạt chuẩn (đạt tỉ lệ 93,2%)", [(93.2, "%", (68, 73), None)]),
        ("trường đạt chuẩn quốc gia đạt 52,11% vượt 6,11% chỉ tiêu UBND tỉnh giao", [(52.11, "%", None, ("target", 6.11))]),
        ("88,77% giáo viên đạt chuẩn, tăng 2,27%", [(88.77, "%", None, ("previous", 2.27))]),
        ("tỷ lệ bỏ học 0,15%, giảm 0,05% so với cùng kỳ", [(0.15, "%", None, ("previous", -0.05))]),
        ("đạt 87,3%, thấp hơn 2,7% so với chỉ tiêu", [(87.3, "%", None, ("target", -2.7))]),
        ("đạt 99,8% (kế hoạch 99,5%), vượt 0,3% so với kế hoạch",
         [(99.8, "%", None, ("target", 0.3)), (99.5, "%", None, None)]),
        ("312/623 trường đạt chuẩn, đạt tỷ lệ 50,1%, tăng 2,3%", [(50.1, "%", (312, 623), ("previous", 2.3))]),
        ("100% (45/45) trường hoàn thành", [(100, "%", (45, 45), None)]),
        ("có 68 trường/73 trường đạt chuẩn, đạt 93,15%", [(93.15, "%", (68, 73), None)]),
        ("đã giao 45/60 giáo viên", [(45, "giáo viên", (45, 60), None)]),
        ("11.994 viên chức có trình độ A, tỷ lệ: 80,45%", [(11994, "viên chức", None, None), (80.45, "%", None, None)]),
        ("vận động hơn 14 tỷ đồng và 75 triệu đồng", [(14, "tỷ đồng", None, None), (75, "triệu đồng", None, None)]),
        ("giảm 5 phòng so với đầu năm học", [(5, "phòng", None, ("previous", -5))]),
        ("12 phòng học tạm, giảm 5 phòng so với đầu năm học", [(12, "phòng học", None, ("previous", -5))]),
        ("4.215 học sinh, tăng 86 em so với đầu năm học", [(4215, "học sinh", None, ("previous", 86))]),
        ("còn thiếu 14 giáo viên", [(14, "giáo viên", None, None)]),
        ("đạt 95.4%", [(95.4, "%", None, None)]),
        ("có 153/171 xã đạt chuẩn mức 1 và 13 xã đạt mức 2 (7,6%)",
         [(153, "xã", (153, 171), None), (13, "xã", None, None), (7.6, "%", None, None)]),
    ],
)  # fmt: skip
def test_quantities(text, expected):
    assert figures(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "triển khai 12 nhiệm vụ trọng tâm và 05 giải pháp",
        "dạy học 2 buổi/ngày, 35 tuần thực học, bài thi 120 phút",
        "trẻ 5 tuổi, trẻ em 6-10 tuổi, học sinh lớp 3, lớp 4, lớp 5",
        "mức độ 3, cấp 2, khoản 1 Điều 13, tiếng Anh là ngôn ngữ thứ 2",
        "ngày 22/01/2018, năm học 2018-2019, tháng 9/2025, quý II/2024",
        "mức thu 50.000 đồng/học sinh/tháng",
        "Nghị quyết số 29-NQ/TW; Thông tư 17, 18, 19",
        "1 2 3 4 5 ...\n\nĐang online: 83\n\nLượt xem: 242",
        "kỷ niệm 43 năm ngày Nhà giáo Việt Nam",
    ],
)
def test_what_is_no_figure(text):
    assert figures(text) == []


def test_quoted_law_measures_nothing():
    text = "**Học phí ra sao?**\n\nCăn cứ Điều 7 Nghị định 238/2025/NĐ-CP quy định như sau:\n\n- Không quá 15% mức thu."
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổng số 3.215 học sinh/98 lớp.", [(3215, "học sinh", None, None), (98, "lớp", None, None)]),
        ("Bình quân 35 học sinh/1 lớp.", [(35, "học sinh", None, None)]),
        ("Huy động trẻ đạt 98,6%, vượt 1,1 điểm % so với mục tiêu.", [(98.6, "%", None, ("target", 1.1))]),
        ("Tỷ lệ đạt 95 phần trăm.", [(95, "%", None, None)]),
        ("Có 70% giáo viên mầm non (42/60) trên chuẩn.", [(70, "%", (42, 60), None)]),
        ("Còn thiếu 11 giáo viên.\nII. NHIỆM VỤ SO VỚI CÙNG KỲ", [(11, "giáo viên", None, None)]),
    ],
)
def test_more_ways_of_writing(text, expected):
    assert figures(text) == expected
