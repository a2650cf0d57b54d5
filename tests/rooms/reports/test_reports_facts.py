"""Facts of the five documents, from counts: rolled up, compared, printed as the documents print them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from giaoban.analytics.queries import ask
from giaoban.core import period as periods
from giaoban.indicators import queries as indicators
from giaoban.reports import sentences
from giaoban.reports.sentences import Figure
from tests.rooms.reports.desk import HK1, LAST_YEAR, Desk
from tests.world import TODAY

# Made-up counts whose rates print as in the document of Sở GD&ĐT Vĩnh Long: this year's, last year's.
ENGLISH = {
    "th": ("ty_le_gv_tieng_anh_th_b2", (310, 325), (303, 329), "95,38%", "tăng 3,28 điểm %"),
    "thcs": ("ty_le_gv_tieng_anh_thcs_b2", (332, 374), (282, 326), "88,77%", "tăng 2,27 điểm %"),
    "thpt": ("ty_le_gv_tieng_anh_thpt_c1", (142, 243), (83, 207), "58,44%", "tăng 18,34 điểm %"),
}


def figure(desk: Desk, code: str, unit: str = "province", period: str = HK1) -> Figure:
    one = indicators.indicator(code)
    [answer] = ask([code], [desk.unit(unit)], [periods.parse(period)], on=TODAY, map=TODAY, against="last_year")
    return Figure(one.name, one.direction, answer)


def test_001_national_standard_against_the_plan(desk: Desk) -> None:
    """222 of 426 schools in two communes, asked at the province: 52,11 % against 46 %."""
    desk.put("tieu_hoc", {"truong[loai_truong=th]": 200, "truong_chuan_quoc_gia[loai_truong=th,muc_do=md1]": 122})
    desk.put("thcs", {"truong[loai_truong=thcs]": 226, "truong_chuan_quoc_gia[loai_truong=thcs,muc_do=md2]": 100})
    desk.plan("province", "ty_le_truong_chuan_quoc_gia", Fraction(46, 100))
    found = figure(desk, "ty_le_truong_chuan_quoc_gia")
    assert sentences.sentence(found).startswith(
        "Tỷ lệ trường đạt chuẩn quốc gia đạt 52,11% (222/426), vượt 6,11 điểm % so với kế hoạch (46%)"
    )


@pytest.mark.parametrize("level", ENGLISH)
def test_001_english_teachers_against_last_year(desk: Desk, level: str) -> None:
    code, now, before, printed, change = ENGLISH[level]
    for period, (good, all_of_them) in ((HK1, now), (LAST_YEAR, before)):
        figures = {f"gv_tieng_anh_dat[bac={level}]": good, f"gv_tieng_anh[bac={level}]": all_of_them}
        desk.put("tieu_hoc", figures, period)
    found = figure(desk, code)
    assert found.answer.text == printed
    assert sentences.change_words(found.answer) == change


def test_001_certificates_of_english_and_computing(desk: Desk) -> None:
    """14.908 viên chức: 11.994 are 80,45 %, 13.579 are 91,09 % (the document prints 91,1 %)."""
    desk.put("tieu_hoc", {"vien_chuc": 14908, "vien_chuc_tieng_anh": 11994, "vien_chuc_tin_hoc": 13579})
    assert figure(desk, "so_vien_chuc_tieng_anh_a").answer.text == "11.994"
    assert figure(desk, "ty_le_vien_chuc_tieng_anh_a").answer.text == "80,45%"
    assert figure(desk, "ty_le_vien_chuc_tin_hoc_a").answer.text == "91,09%"


def test_003_counts_of_the_semester(desk: Desk) -> None:
    """Si Ma Cai, semester I of 2020-2021, when the contest was the district's."""
    period = "2020-2021.HK1"
    desk.put(
        "thcs",
        {
            "hoc_sinh_giai_hsg[cap_thi=huyen]": 49,
            "hoc_sinh_giai_hsg[cap_thi=tinh]": 8,
            "du_an_khkt_giai[cap_thi=huyen]": 8,
            "huy_chuong_the_thao[cap_thi=tinh,huy_chuong=vang]": 9,
            "hoc_sinh_bo_hoc[cap=thcs]": 52,
        },
        period,
    )
    wanted = {
        "hoc_sinh_giai_hsg_co_so": "49",
        "hoc_sinh_giai_hsg_tinh": "8",
        "du_an_khkt_giai_co_so": "8",
        "huy_chuong_vang_tinh": "9",
        "so_hoc_sinh_bo_hoc": "52",
    }
    assert {code: figure(desk, code, period=period).answer.text for code in wanted} == wanted


def test_004_facilities_print_93_2(desk: Desk) -> None:
    desk.put("tieu_hoc", {"truong[loai_truong=th]": 73, "truong_chuan_csvc": 68})
    found = figure(desk, "ty_le_truong_chuan_csvc")
    assert sentences.value_words(found.answer) == "93,2% (68/73)"


def test_002_primary_schools_and_schools_with_a_primary_level(desk: Desk) -> None:
    desk.put("tieu_hoc", {"truong_chuan_quoc_gia[loai_truong=th,muc_do=md1]": 35})
    desk.put("ban_tru", {"truong_chuan_quoc_gia[loai_truong=th_thcs,muc_do=md1]": 8})
    assert figure(desk, "so_truong_th_chuan_md1").answer.text == "35"
    assert figure(desk, "so_truong_co_cap_th_chuan_md1").answer.text == "8"
