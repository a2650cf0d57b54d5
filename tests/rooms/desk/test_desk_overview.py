"""The overview: state first, then the number with its counts, then plan and previous."""

import csv
from fractions import Fraction

import pytest

from giaoban.core import period as periods
from giaoban.desk import overview
from giaoban.desk.overview import Wanted
from giaoban.indicators import actions
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at
from tests.rooms.ui.markup import check


@pytest.fixture
def counted(place):
    """Two of three schools of Bắc Hà are approved: 3 of 500 left school in one, 6 of 500 in the other."""
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    place.accept(place.hand_in(round, "ban_pho", **{"bo_hoc[lop=6]": "5"}))
    for unit, value in (("bac_ha", Fraction(1, 100)), ("na_hoi", Fraction(1, 100)), ("ban_pho", Fraction(1, 100))):
        actions.set_target(
            by=place.actors["leader"],
            at=at(TODAY),
            indicator="ty_le_bo_hoc",
            unit_id=place.unit(unit),
            period_code=HK1,
            value=value,
        )
    return place


def look(place, who: str = "leader", **changes):
    wanted = {"unit_id": place.unit("bac_ha"), "period": periods.parse(HK1), "map": "today", "indicator": ""}
    return overview.look(place.actors[who], TODAY, Wanted(**(wanted | changes)))


def test_the_row_says_state_value_counts_plan_and_how_many_reported(counted) -> None:
    (row,) = look(counted).rows
    assert (row.answer.text, row.counts, row.target) == ("0,90%", "9/1.000", "1,00%")
    assert (row.state, row.gap) == ("met", "thấp hơn 0,1 điểm %")  # fewer left school than planned: down is good
    assert (row.answer.reported, row.answer.expected) == (2, 3)


def test_children_are_compared_and_those_without_figures_say_why(counted) -> None:
    rows = {row.name: row for row in look(counted).children}
    assert rows["Trường Tiểu học Na Hối"].state == "met"
    assert rows["Trường Tiểu học Bản Phố"].state == "not_met"
    missing = rows["Trường THCS Thải Giàng"]
    assert (missing.state, missing.answer.text, missing.reason) == (
        "unknown",
        "—",
        "chưa đơn vị nào trong 1 đơn vị có số liệu",
    )


def test_sorting_keeps_missing_values_at_the_end_both_ways(counted) -> None:
    up = [row.name for row in look(counted, sort="gia-tri").children]
    down = [row.name for row in look(counted, sort="-gia-tri").children]
    assert up == ["Trường Tiểu học Na Hối", "Trường Tiểu học Bản Phố", "Trường THCS Thải Giàng"]
    assert down == ["Trường Tiểu học Bản Phố", "Trường Tiểu học Na Hối", "Trường THCS Thải Giàng"]


def test_bars_carry_the_common_plan_as_their_bound(counted) -> None:
    bars = look(counted).bars
    assert str(bars.bound) == "1.00"
    assert [bar.tone for bar in bars.bars] == ["bad", "good"]


def test_the_export_is_what_is_seen(counted, browser) -> None:
    client = browser("leader")
    html = client.get("/tong-quan/").content.decode()
    check(html)
    response = client.get("/tong-quan/", {"dang": "csv", "bang": "don-vi", "xep": "gia-tri"})
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert rows[0] == ["Xã Bắc Hà, Học kỳ I năm học 2025-2026"]
    assert rows[2][:5] == ["Trường Tiểu học Na Hối", "Đạt", "0,60%", "3/500", "1,00%"]
    assert rows[4][-1] == "chưa đơn vị nào trong 1 đơn vị có số liệu"
    assert "0,60%" in html and "3/500" in html


def test_another_commune_may_not_look(counted, browser) -> None:
    response = browser("sin_chai_officer").get("/tong-quan/", {"don-vi": counted.unit("bac_ha")})
    assert response.status_code == 403


def test_a_filter_that_cannot_be_read_is_named(counted, browser) -> None:
    html = browser("leader").get("/tong-quan/", {"ban-do": "ngay", "ngay": "31/02/2026"}).content.decode()
    check(html)
    assert "“31/02/2026” không phải là ngày" in html
    html = browser("leader").get("/tong-quan/", {"ky": "2025-2027"}).content.decode()
    assert "“2025-2027”" in html


def test_without_figures_the_page_says_what_brings_them(place, browser) -> None:
    html = browser("leader").get("/tong-quan/").content.decode()
    check(html)
    assert "Chưa có số liệu đã duyệt" in html


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(text: str) -> None:
    from giaoban.desk.views.overview import plain

    assert plain(text) == f"'{text}"
