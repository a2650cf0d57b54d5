"""The overview: state first, then the number with its counts, then plan and previous."""

import csv
import io
from datetime import date
from fractions import Fraction

import pytest
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from giaoban.core import period as periods
from giaoban.desk import areas, overview
from giaoban.desk.overview import Wanted
from giaoban.indicators import actions
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Report
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs import queries as orgs_queries
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
    rows = {row.name: row for row in look(counted).compared}
    assert rows["Trường Tiểu học Na Hối"].state == "met"
    assert rows["Trường Tiểu học Bản Phố"].state == "not_met"
    missing = rows["Trường THCS Thải Giàng"]
    assert (missing.state, missing.answer.text, missing.reason) == (
        "unknown",
        "—",
        "chưa đơn vị nào trong 1 đơn vị có số liệu",
    )


def test_sorting_keeps_missing_values_at_the_end_both_ways(counted) -> None:
    up = [row.name for row in look(counted, sort="gia-tri").compared]
    down = [row.name for row in look(counted, sort="-gia-tri").compared]
    assert up == ["Trường Tiểu học Na Hối", "Trường Tiểu học Bản Phố", "Trường THCS Thải Giàng"]
    assert down == ["Trường Tiểu học Bản Phố", "Trường Tiểu học Na Hối", "Trường THCS Thải Giàng"]


def test_bars_carry_the_common_plan_as_their_bound(counted) -> None:
    bars = look(counted).bars
    assert str(bars.bound) == "1.00"
    assert [bar.tone for bar in bars.bars] == ["bad", "good"]


def csv_rows(response) -> list[list[str]]:
    return list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines(), delimiter=";"))


def test_the_export_is_what_is_seen(counted, browser) -> None:
    client = browser("leader")
    html = client.get("/tong-quan/").content.decode()
    check(html)
    rows = csv_rows(client.get("/tong-quan/", {"dang": "csv", "bang": "don-vi", "xep": "gia-tri"}))
    assert rows[0] == ["Xã Bắc Hà, Học kỳ I năm học 2025-2026"]
    assert rows[4][:7] == ["Trường Tiểu học Na Hối", "Đạt", "0,60%", "%", "3", "500", "1,00%"]
    assert rows[6][-1] == "chưa đơn vị nào trong 1 đơn vị có số liệu"
    assert "0,60%" in html and "3/500" in html


def test_every_number_of_the_export_says_what_it_takes_to_believe_it(counted, browser) -> None:
    heads, row = csv_rows(browser("leader").get("/tong-quan/", {"dang": "csv"}))[2:4]
    told = dict(zip(heads, row, strict=True))
    assert told["Là ước tính"] == ""
    assert (told["Số đơn vị đã báo cáo"], told["Số đơn vị phải báo cáo"]) == ("2", "3")
    assert (told["Ngày của bản đồ"], told["Bản đồ đơn vị"]) == ("29/01/2026", "đơn vị hôm nay")
    assert told["Công thức từ ngày"] == "01/01/2020"


def test_excel_gets_numbers_and_the_same_table(counted, browser) -> None:
    client = browser("leader")
    content = client.get("/tong-quan/", {"dang": "xlsx", "bang": "don-vi"}).content
    (sheet,) = [CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()]
    text = csv_rows(client.get("/tong-quan/", {"dang": "csv", "bang": "don-vi"}))
    assert [row[0] for row in sheet] == [row[0] for row in text]
    row = next(row for row in sheet if row[0] == "Trường Tiểu học Bản Phố")
    assert row[2] == pytest.approx(0.012) and row[4:6] == [6, 500]


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
    exported = {row[0]: row for row in csv_rows(client.get("/tong-quan/", {"dang": "csv"}))}
    assert exported["so_hoc_sinh"][9] == "giảm 500" and exported["so_hoc_sinh"][-1] == "chưa đủ đơn vị"
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
    with django_assert_max_num_queries(64) as one:
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


# Other hierarchies, attributes, peers


def may_read_the_province(place, who: str) -> None:
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=place.actors[who].position_id),
        role=Role.VIEWER,
        unit=place.unit("tinh"),
        hierarchy=TERRITORY,
        on=FOUNDED,
    )


def mark(place, unit: str, attribute: str, value: str, on: date = FOUNDED) -> None:
    orgs.mark(by=SYSTEM, at=at(TODAY), on=on, unit=place.units[unit], attribute=attribute, value=value)


@pytest.fixture
def zoned(counted):
    """Both communes are of zone III; the second handed in too: nobody left its school."""
    may_read_the_province(counted, READER)
    round = counted.open(by=counted.actors["sin_chai_officer"], opener_id=counted.unit("sin_chai"))
    counted.accept(counted.hand_in(round, "sin_chai_th", **{"bo_hoc[lop=6]": "0"}), by="sin_chai_officer")
    for unit in ("bac_ha", "sin_chai"):
        mark(counted, unit, "zone", "III")
    return counted


def test_in_another_hierarchy_other_units_stand_below(counted, browser) -> None:
    may_read_the_province(counted, READER)
    names = [row.name for row in look(counted, READER, unit_id=counted.unit("so"), hierarchy="MANAGEMENT").compared]
    assert names == []  # THPT has no figure yet and nobody asked it
    below = orgs_queries.children(counted.unit("so"), "MANAGEMENT", TODAY)
    assert [row.name for row in below] == ["Trường THPT số 1 Bắc Hà"]
    html = browser("leader").get("/tong-quan/", {"he": "MANAGEMENT"}).content.decode()
    check(html)
    assert "Quản lý trực tiếp" in html and "Trường Tiểu học Na Hối" in html
    assert "he=MANAGEMENT" in html  # the addresses on the page keep it


def test_a_named_hierarchy_of_groups_adds_up_like_any_other(counted) -> None:
    """A cluster of two schools, one of either commune, in a hierarchy of its own."""
    may_read_the_province(counted, READER)
    orgs.name_hierarchy(by=SYSTEM, at=at(TODAY), code="CLUSTER", name="Cụm trường")
    cluster = orgs.establish(
        by=SYSTEM, at=at(TODAY), on=FOUNDED, kind="cluster", name="Cụm số 1", parents={TERRITORY: counted.unit("tinh")}
    )
    for school in ("na_hoi", "sin_chai_th"):
        orgs.move(
            by=SYSTEM, at=at(TODAY), on=FOUNDED, unit=counted.units[school], hierarchy="CLUSTER", parent=cluster.pk
        )
    found = look(counted, READER, unit_id=cluster.pk, hierarchy="CLUSTER")
    assert [row.name for row in found.compared] == ["Trường Tiểu học Na Hối"]
    assert [(row.answer.text, row.counts) for row in found.rows] == [("0,60%", "3/500")]


def test_a_commune_is_compared_with_those_of_its_zone(zoned, browser) -> None:
    found = look(zoned, READER, beside="zone")
    assert [(row.name, row.current) for row in found.compared] == [("Xã Bắc Hà", True), ("Xã Sín Chải", False)]
    assert (found.peer_words, found.rank) == ("Khu vực III", (2, 2))  # 0,90 % left school here, 0,20 % there
    html = browser(READER).get("/tong-quan/", {"don-vi": zoned.unit("bac_ha"), "so": "zone"}).content.decode()
    check(html)
    assert "Xã Bắc Hà đứng thứ 2 trong 2 đơn vị có số liệu thuộc nhóm: Khu vực III." in html


def test_peers_are_those_of_the_day_of_the_map(zoned) -> None:
    """Sín Chải left the zone on 1 January 2026: on an earlier map it is still a peer."""
    mark(zoned, "sin_chai", "zone", "II", on=date(2026, 1, 1))
    assert [row.name for row in look(zoned, READER, beside="zone").compared] == ["Xã Bắc Hà"]
    before = look(zoned, READER, beside="zone", map=date(2025, 12, 31))
    assert [row.name for row in before.compared] == ["Xã Bắc Hà", "Xã Sín Chải"]


def test_only_peers_whose_figures_one_may_read_are_shown(zoned) -> None:
    assert [row.name for row in look(zoned, "leader", beside="zone").compared] == ["Xã Bắc Hà"]


def test_every_page_says_map_day_and_formula(counted, browser) -> None:
    html = browser("leader").get("/tong-quan/").content.decode()
    assert "Bản đồ ngày 29/01/2026 · Địa bàn · công thức áp dụng từ 01/01/2020" in html


@pytest.mark.parametrize(("name", "text"), [("he", "KHONG"), ("loc", "zone:IX"), ("loc", "zone"), ("loc", "khong:III")])
def test_a_hierarchy_or_condition_nobody_knows_is_named(counted, browser, name, text) -> None:
    html = browser("leader").get("/tong-quan/", {name: text}).content.decode()
    check(html)
    assert f"“{text}”" in html


def test_only_figures_of_units_that_hold_an_attribute(counted, browser) -> None:
    """One of the two schools with figures stands in a border village: the commune's rate is that school's."""
    mark(counted, "na_hoi", "border", "dat_lien")
    found = look(counted, where=(("border", "dat_lien"),))
    (row,) = found.rows
    assert (row.answer.text, row.counts, row.answer.reported, row.answer.expected) == ("0,60%", "3/500", 1, 1)
    assert [row.name for row in found.compared] == ["Trường Tiểu học Na Hối"]
    client = browser("leader")
    html = client.get("/tong-quan/", {"loc": "border:dat_lien"}).content.decode()
    check(html)
    assert "chỉ các đơn vị: Biên giới: Xã biên giới đất liền" in html and "3/500" in html
    assert "Xã biên giới đất liền" in "".join(csv_rows(client.get("/tong-quan/?loc=border:dat_lien&dang=csv"))[2])


# Comparable areas


@pytest.fixture
def regrouped(place):
    """Books of 2024 and 2025; on 1 July 2025 Bắc Hà and Sín Chải became Bắc Sín, and Lùng Phình stayed as it was."""
    may_read_the_province(place, READER)
    tinh = {TERRITORY: place.unit("tinh"), MANAGEMENT: place.unit("tinh")}
    common = {"by": SYSTEM, "at": at(TODAY), "kind": "commune"}
    place.units["lung_phinh"] = orgs.establish(**common, on=FOUNDED, name="Xã Lùng Phình", parents=tinh)
    place.units["bac_sin"] = orgs.merge(
        **common,
        on=date(2025, 7, 1),
        predecessors=[place.units["bac_ha"], place.units["sin_chai"]],
        name="Xã Bắc Sín",
        parents=tinh,
    )
    actions.define_series(by=SYSTEM, at=at(TODAY), code="gso", name="Niên giám thống kê")
    define("so_hs", "hoc_sinh")
    figures = [("bac_ha", "2024", 900), ("sin_chai", "2024", 100), ("lung_phinh", "2024", 300)]
    figures += [("bac_sin", "2025", 1100), ("lung_phinh", "2025", 290)]
    rows = [SeriesRow(place.unit(unit), code, place.cells["hoc_sinh"], value) for unit, code, value in figures]
    actions.import_series(by=SYSTEM, at=at(TODAY), series="gso", rows=rows)
    return place


def of_areas(place, who: str = READER):
    return look(
        place,
        who,
        unit_id=place.unit("tinh"),
        period=periods.parse("2025"),
        map="areas",
        series="gso",
        indicator="so_hs",
    )


def test_comparable_areas_compare_what_covers_the_same_ground(regrouped, browser) -> None:
    found = of_areas(regrouped)
    told = {row.name: (row.answer.text, row.previous, row.change, row.note) for row in found.compared}
    assert told == {
        "Xã Bắc Sín": ("1.100", "1.000", "tăng 100", "Xã Bắc Hà, Xã Sín Chải"),
        "Xã Lùng Phình": ("290", "300", "giảm 10", ""),
    }
    assert not any(row.answer.estimated for row in found.compared)
    asked = {"don-vi": regrouped.unit("tinh"), "ban-do": "vung", "nguon": "gso", "ky": "2025", "chi-tieu": "so_hs"}
    client = browser(READER)
    html = client.get("/tong-quan/", asked).content.decode()
    check(html)
    assert "2 vùng không thay đổi từ 31/12/2024 đến 31/12/2025" in html
    assert "trước đây: Xã Bắc Hà, Xã Sín Chải" in html
    assert f'href="{escape(found._area_href(found.compared[0].answer.unit_id))}"' in html
    rows = csv_rows(client.get("/tong-quan/", asked | {"dang": "csv", "bang": "don-vi"}))
    assert rows[-2][0] == "Xã Bắc Sín" and rows[-2][-1] == "trước đây: Xã Bắc Hà, Xã Sín Chải"
    assert rows[-2][-3] == "vùng so sánh được"


def test_every_area_is_seen_through_the_years(regrouped) -> None:
    panels = of_areas(regrouped).multiples.panels
    assert [[str(point.value) for point in panel.points] for panel in panels] == [["1000", "1100"], ["300", "290"]]


def test_an_area_with_units_of_others_is_not_shown(regrouped) -> None:
    """Who may look at Lùng Phình alone sees its area, and not what happened to the others."""
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=regrouped.actors["thpt_head"].position_id),
        role=Role.VIEWER,
        unit=regrouped.unit("lung_phinh"),
        hierarchy=TERRITORY,
        on=FOUNDED,
    )
    found = areas.find(
        regrouped.actors["thpt_head"], TODAY, regrouped.unit("tinh"), TERRITORY, "commune",
        [periods.parse("2024"), periods.parse("2025")],
    )  # fmt: skip
    assert (list(found.names.values()), found.hidden) == (["Xã Lùng Phình"], 1)


def test_areas_are_not_narrowed_by_an_attribute(regrouped, browser) -> None:
    html = browser(READER).get("/tong-quan/", {"ban-do": "vung", "loc": "zone:III"}).content.decode()
    check(html)
    assert "Vùng so sánh không lọc theo thuộc tính được" in html or "Chưa có số liệu" in html


def test_a_figure_shared_out_is_marked_in_the_page_and_in_the_export(place, browser) -> None:
    """Sín Chải, of which books say 901 pupils, is halved: 451 and 450, both estimates; the province is exact."""
    may_read_the_province(place, READER)
    actions.define_series(by=SYSTEM, at=at(TODAY), code="gso", name="Niên giám thống kê")
    define("so_hs", "hoc_sinh")
    rows = [SeriesRow(place.unit("sin_chai"), "2024", place.cells["hoc_sinh"], 901)]
    actions.import_series(by=SYSTEM, at=at(TODAY), series="gso", rows=rows)
    tinh = {TERRITORY: place.unit("tinh"), MANAGEMENT: place.unit("tinh")}
    orgs.reorganise(
        by=SYSTEM,
        at=at(TODAY),
        on=date(2026, 1, 20),
        foundings=[orgs.Founding("commune", f"Xã Sín {part}", parents=tinh) for part in ("Thượng", "Hạ")],
        became=[orgs.Became(place.units["sin_chai"], part, Fraction(1, 2)) for part in (0, 1)],
        children={place.unit("sin_chai_th"): 0, place.unit("sin_chai_phong"): 0},
        basis="equal",
    )
    asked = {"don-vi": place.unit("tinh"), "nguon": "gso", "ky": "2024", "chi-tieu": "so_hs"}
    client = browser(READER)
    html = client.get("/tong-quan/", asked).content.decode()
    check(html)
    assert html.count("Ước tính") == 3  # of the two parts, and where the word is explained
    heads, *parts = csv_rows(client.get("/tong-quan/", asked | {"dang": "csv", "bang": "don-vi"}))[3:]
    told = {row[0]: (row[2], row[heads.index("Là ước tính")]) for row in parts}
    assert told == {"Xã Sín Hạ": ("450", "ước tính"), "Xã Sín Thượng": ("451", "ước tính")}
    whole = csv_rows(client.get("/tong-quan/", asked | {"dang": "csv"}))[-1]
    assert whole[2] == "901" and "ước tính" not in whole
