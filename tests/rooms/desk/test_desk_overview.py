"""The overview: state first, then the number with its counts, then plan and previous."""

import csv
from datetime import date
from fractions import Fraction

import pytest
from django.utils.html import escape

from giaoban.core import period as periods
from giaoban.desk import overview
from giaoban.desk.overview import Wanted
from giaoban.indicators import actions
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Report
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import FOUNDED, HK1, LAST_YEAR, at
from tests.rooms.ui.markup import check


@pytest.fixture
def counted(place):
    """Two of three schools of Bắc Hà are approved: 3 of 500 left school in one, 6 of 500 in the other."""
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    place.accept(place.hand_in(round, "ban_pho", **{"bo_hoc[lop=6]": "5"}))
    for unit, value in (("bac_ha", Fraction(1, 100)), ("na_hoi", Fraction(1, 100)), ("ban_pho", Fraction(1, 100))):
        plan(place, "ty_le_bo_hoc", unit, value)
    return place


def plan(place, indicator: str, unit: str, value: Fraction) -> None:
    actions.set_target(
        by=place.actors["leader"],
        at=at(TODAY),
        indicator=indicator,
        unit_id=place.unit(unit),
        period_code=HK1,
        value=value,
    )


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


def define(code: str, expression: str, **more: object) -> None:
    given = {"by": SYSTEM, "at": at(FOUNDED), "name": code, "unit": "học sinh", "start": FOUNDED, "places": 0}
    actions.define_indicator(**(given | more), code=code, expression=expression)


def test_the_change_of_a_count_says_that_units_are_missing(counted, browser) -> None:
    """500 pupils fewer, because one school of three is not approved yet, are neither good nor bad."""
    define("so_hoc_sinh", "hoc_sinh", direction="up")
    schools = ["na_hoi", "ban_pho", "thai_giang"]
    before = counted.open(period_code=LAST_YEAR)
    for school in schools:
        counted.accept(counted.hand_in(before, school))

    def rows():
        return {row.answer.indicator: row for row in look(counted).rows}

    count, rate = rows()["so_hoc_sinh"], rows()["ty_le_bo_hoc"]
    assert (count.change, count.partial, count.better) == ("giảm 500", "chưa đủ đơn vị", "")
    assert (rate.change, rate.partial, rate.better) == ("tăng 0,3 điểm %", "", "down")
    client = browser("leader")
    html = client.get("/tong-quan/").content.decode()
    check(html)
    assert html.count("(chưa đủ đơn vị)") == 1
    assert "giảm 500 (chưa đủ đơn vị)" in client.get("/tong-quan/", {"dang": "csv"}).content.decode("utf-8-sig")
    now = Report.objects.get(unit=counted.unit("thai_giang"), period_code=HK1).round
    counted.accept(counted.hand_in(now, "thai_giang", hoc_sinh="450"))
    count = rows()["so_hoc_sinh"]
    assert (count.change, count.partial, count.better) == ("giảm 50", "", "down")


@pytest.mark.parametrize("address", ["/", "/tong-quan/", "/tong-quan/?het=1"])
def test_many_indicators_need_no_more_database_queries(
    counted, browser, django_assert_max_num_queries, address: str
) -> None:
    client = browser("leader")
    client.get(address)
    with django_assert_max_num_queries(60) as one:
        client.get(address)
    for number in range(40):
        define(f"x{number}", f"hoc_sinh + {number}")
        plan(counted, f"x{number}", "bac_ha", Fraction(1000))
    with django_assert_max_num_queries(len(one.captured_queries)):
        html = client.get(address).content.decode()
    assert "x0" in html


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


# A unit that is not on the map, a period that is not in the source


MERGED, READER = date(2026, 1, 20), "so_officer"


@pytest.fixture
def merged(counted):
    """On 20 January 2026 the two communes become one; its leader may look at it and so at what it was made of."""
    founded = orgs.merge(
        by=SYSTEM,
        at=at(TODAY),
        on=MERGED,
        predecessors=[counted.units["bac_ha"], counted.units["sin_chai"]],
        kind="commune",
        name="Xã Bắc Sín",
        parents={TERRITORY: counted.unit("tinh"), MANAGEMENT: counted.unit("tinh")},
    )
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=counted.actors[READER].position_id),
        role=Role.VIEWER,
        unit=founded.pk,
        hierarchy=TERRITORY,
        on=MERGED,
    )
    return founded.pk


def test_before_its_founding_a_unit_leads_to_those_it_was_formed_from(counted, merged, browser) -> None:
    asked = {"don-vi": merged, "ban-do": "2026-01-01", "ky": HK1}
    html = browser(READER).get("/tong-quan/", asked).content.decode()
    check(html)
    assert "Xã Bắc Sín thành lập ngày 20/01/2026, chưa có trên bản đồ này" in html
    found = look(counted, READER, unit_id=merged, map=date(2026, 1, 1)).absence
    assert found.founded_on == MERGED
    assert [name for name, _href in found.instead] == ["Xã Bắc Hà", "Xã Sín Chải"]
    for name, href in found.instead:
        assert f'href="{escape(href)}">{name}</a>' in html
        assert name in browser(READER).get(href).content.decode()


def test_after_its_end_a_unit_leads_to_what_it_became(counted, merged, browser) -> None:
    html = browser(READER).get("/tong-quan/", {"don-vi": counted.unit("bac_ha"), "ky": HK1}).content.decode()
    check(html)
    assert "Xã Bắc Hà kết thúc hoạt động ngày 20/01/2026, không còn trên bản đồ này" in html
    found = look(counted, READER).absence
    assert (found.ended_on, [name for name, _href in found.instead]) == (MERGED, ["Xã Bắc Sín"])
    assert f'href="{escape(found.instead[0][1])}"' in html


def test_who_has_no_right_over_the_new_unit_may_not_look_at_the_old_one(counted, merged, browser) -> None:
    assert browser("thpt_head").get("/tong-quan/", {"don-vi": counted.unit("sin_chai")}).status_code == 403


def test_a_unit_that_stands_on_the_map_is_not_absent(counted) -> None:
    assert look(counted).absence is None
    assert look(counted, map="as_was").absence is None


@pytest.fixture
def books(counted):
    """The statistics office printed two years of Bắc Hà."""
    actions.define_series(by=SYSTEM, at=at(TODAY), code="gso", name="Niên giám thống kê")
    rows = [SeriesRow(counted.unit("bac_ha"), code, counted.cells["hoc_sinh"], 900) for code in (OLDER, NEWEST)]
    actions.import_series(by=SYSTEM, at=at(TODAY), series="gso", rows=rows)
    return counted


OLDER, NEWEST = "2015-2016.DN", "2016-2017.DN"


def test_a_source_without_the_chosen_period_shows_its_newest_and_says_so(books, browser) -> None:
    response = browser("leader").get("/tong-quan/", {"ky": HK1, "nguon": "gso"})
    html = response.content.decode()
    check(html)
    assert response.context["look"].wanted.period.code == NEWEST
    assert "“Niên giám thống kê” không có số liệu Học kỳ I năm học 2025-2026" in html


def test_a_period_the_source_has_is_kept(books, browser) -> None:
    response = browser("leader").get("/tong-quan/", {"ky": OLDER, "nguon": "gso"})
    assert response.context["look"].wanted.period.code == OLDER
    assert "không có số liệu" not in response.content.decode()
