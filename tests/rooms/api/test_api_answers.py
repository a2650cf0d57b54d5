"""Answers through the API: exact values with all it takes to believe them, and only for those who may look."""

from datetime import date
from fractions import Fraction

import pytest

from giaoban.analytics import queries as analytics
from giaoban.core import period as periods
from giaoban.indicators import actions
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import FOUNDED, HK1, LAST_YEAR, at

RATE = "ty_le_bo_hoc"


@pytest.fixture
def counted(place):
    """Two of three schools of Bắc Hà are approved: 3 of 500 left school in one, 6 of 500 in the other."""
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    place.accept(place.hand_in(round, "ban_pho", **{"bo_hoc[lop=6]": "5"}))
    actions.set_target(
        by=place.actors["leader"],
        at=at(TODAY),
        indicator=RATE,
        unit_id=place.unit("bac_ha"),
        period_code=HK1,
        value=Fraction(1, 100),
    )
    return place


def test_an_answer_says_all_it_takes_to_believe_it(counted, ask):
    status, told = ask("leader", "answers/", indicator=RATE, unit=counted.unit("bac_ha"), period=HK1, map="today")
    assert status == 200
    (one,) = told["items"]
    assert one["unit"] == {"id": counted.unit("bac_ha"), "name": "Xã Bắc Hà"}
    assert (one["value"], one["numerator"], one["denominator"], one["text"]) == ("9/1000", "9", "1000", "0,90%")
    assert (one["reported"], one["expected"], one["estimated"]) == (2, 3, False)
    assert (one["map"], one["day"], one["hierarchy"]) == ("today", TODAY.isoformat(), TERRITORY)
    assert one["formula_version"] == "2020-01-01"
    assert one["target"] == {"value": "1/100", "text": "1,00%", "period": HK1, "estimated": False}
    assert one["gap"] == "-0.10"


def test_the_api_says_what_the_engine_says(counted, ask):
    units = [counted.unit(name) for name in ("bac_ha", "na_hoi", "thai_giang")]
    told = ask("leader", "answers/", indicator=RATE, unit=units, period=f"{HK1},{LAST_YEAR}")[1]["items"]
    spans = [periods.parse(HK1), periods.parse(LAST_YEAR)]
    wanted = analytics.ask([RATE], units, spans, on=TODAY)
    assert [(one["unit"]["id"], one["period"]) for one in told] == [(a.unit_id, a.period.code) for a in wanted]
    for one, answer in zip(told, wanted, strict=True):
        assert (one["value"] and Fraction(one["value"])) == answer.value
        assert (one["reported"], one["expected"]) == (answer.reported, answer.expected)


def test_below_asks_for_every_unit_directly_below_page_by_page(counted, ask):
    whole = ask("leader", "answers/", indicator=RATE, below=counted.unit("bac_ha"), period=HK1)[1]
    names = [one["unit"]["name"] for one in whole["items"]]
    assert "Trường Tiểu học Na Hối" in names and whole["next"] is None
    part = ask("leader", "answers/", indicator=RATE, below=counted.unit("bac_ha"), period=HK1, limit=2)[1]
    assert [one["unit"]["name"] for one in part["items"]] == names[:2]
    assert part["total"] == len(names) and "offset=2" in part["next"]


def test_figures_of_a_divided_unit_are_marked_estimated(counted, ask):
    """On 20 January 2026 the commune with figures of its own is divided in two."""
    actions.define_series(by=SYSTEM, at=at(TODAY), code="gso", name="Niên giám thống kê")
    rows = [actions.SeriesRow(counted.unit("sin_chai"), "2024", counted.cells["hoc_sinh"], 901)]
    actions.import_series(by=SYSTEM, at=at(TODAY), series="gso", rows=rows)
    actions.define_indicator(
        by=SYSTEM, at=at(TODAY), code="so_hs", name="Số học sinh", unit="học sinh", places=0,
        expression="hoc_sinh", start=date(2020, 1, 1),
    )  # fmt: skip
    tinh = {TERRITORY: counted.unit("tinh"), MANAGEMENT: counted.unit("tinh")}
    parts = orgs.reorganise(
        by=SYSTEM,
        at=at(TODAY),
        on=date(2026, 1, 20),
        foundings=[orgs.Founding("commune", f"Xã Sín {part}", parents=tinh) for part in ("Thượng", "Hạ")],
        became=[orgs.Became(counted.units["sin_chai"], part, Fraction(1, 2)) for part in (0, 1)],
        children={counted.unit("sin_chai_th"): 0, counted.unit("sin_chai_phong"): 0},
        basis="equal",
    )
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=counted.actors["so_officer"].position_id),
        role=Role.VIEWER,
        unit=counted.unit("tinh"),
        hierarchy=TERRITORY,
        on=date(2026, 1, 20),
    )
    asked = {"indicator": "so_hs", "unit": [part.pk for part in parts], "period": "2024", "series": "gso"}
    told = ask("so_officer", "answers/", **asked, map="today")[1]
    assert [(one["value"], one["estimated"]) for one in told["items"]] == [("451", True), ("450", True)]
    whole = ask("so_officer", "answers/", **(asked | {"unit": counted.unit("tinh")}), map="today")[1]["items"]
    assert [(one["value"], one["estimated"]) for one in whole] == [("901", False)]


def test_whose_figures_these_are_not_is_refused_and_named(counted, ask):
    asked = {"indicator": RATE, "period": HK1}
    status, told = ask("sin_chai_officer", "answers/", **asked, unit=counted.unit("bac_ha"))
    assert (status, told["error"]["field"]) == (403, "unit")
    assert str(counted.unit("bac_ha")) in told["error"]["message"]
    mixed = [counted.unit("sin_chai"), counted.unit("bac_ha")]
    assert ask("sin_chai_officer", "answers/", **asked, unit=mixed)[0] == 403
    assert ask("sin_chai_officer", "answers/", **asked, below=counted.unit("tinh"))[0] == 403
    assert ask("sin_chai_officer", "answers/", **asked, unit=counted.unit("sin_chai"))[0] == 200


def test_the_number_of_queries_does_not_grow_with_the_units(counted, browser, django_assert_max_num_queries):
    client = browser("leader")
    address = f"/api/v1/answers/?indicator={RATE}&period={HK1}"
    one, all_ = f"{address}&unit={counted.unit('na_hoi')}", f"{address}&below={counted.unit('bac_ha')}"
    client.get(one)
    with django_assert_max_num_queries(40) as first:
        client.get(one)
    with django_assert_max_num_queries(len(first.captured_queries) + 2):
        client.get(all_)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"indicator": ""}, "indicator", "thiếu"),
        ({"period": ""}, "period", "thiếu"),
        ({"unit": ""}, "unit", "thiếu"),
        ({"indicator": "khong_co"}, "indicator", "khong_co"),
        ({"period": "2025-2027"}, None, "2025-2027"),
        ({"map": "mai"}, "map", "mai"),
        ({"series": "khong"}, "series", "khong"),
        ({"where": "III"}, "where", "zone:III"),
        ({"against": "x"}, "against", "against"),
        ({"unit": "ba"}, "unit", "số nguyên"),
    ],
)
def test_a_fault_names_its_parameter_in_vietnamese(counted, ask, changes, field, words):
    asked = {"indicator": RATE, "unit": counted.unit("bac_ha"), "period": HK1} | changes
    status, told = ask("leader", "answers/", **asked)
    assert status == 400
    assert field is None or told["error"]["field"] == field
    assert words in told["error"]["message"]


def test_too_many_answers_at_once_are_refused(counted, ask, monkeypatch):
    from giaoban.api import figures

    monkeypatch.setattr(figures, "MOST_ANSWERS", 1)
    asked = {"indicator": RATE, "unit": counted.unit("bac_ha"), "period": f"{HK1},{LAST_YEAR}"}
    status, told = ask("leader", "answers/", **asked)
    assert status == 400 and "2" in told["error"]["message"]


def test_the_catalogue(counted, ask):
    assert [one["code"] for one in ask("leader", "indicators/", q="bo hoc")[1]["items"]] == [RATE]
    one = ask("leader", f"indicators/{RATE}/")[1]
    assert (one["direction"], one["formulas"][0]["expression"]) == ("down", "bo_hoc / hoc_sinh")
    assert ask("leader", "indicators/khong_co/")[0] == 404
    (period,) = ask("leader", "periods/")[1]
    assert (period["code"], period["label"]) == (HK1, "Học kỳ I năm học 2025-2026")
    words = ask("leader", "vocabulary/")[1]
    assert TERRITORY in {one["code"] for one in words["hierarchies"]}
    assert "report" in {one["code"] for one in words["series"]}


def test_only_figures_of_units_that_hold_an_attribute(counted, ask):
    orgs.mark(by=SYSTEM, at=at(TODAY), on=FOUNDED, unit=counted.units["na_hoi"], attribute="border", value="dat_lien")
    asked = {"indicator": RATE, "unit": counted.unit("bac_ha"), "period": HK1, "where": "border:dat_lien"}
    (one,) = ask("leader", "answers/", **asked)[1]["items"]
    assert (one["text"], one["reported"], one["expected"]) == ("0,60%", 1, 1)
    status, told = ask("leader", "answers/", **(asked | {"where": "border:khong"}))
    assert (status, told["error"]["field"]) == (400, "where")


def test_comparable_areas_have_exact_figures_and_only_for_those_who_may_look(counted, ask):
    """On 1 July 2025 Bắc Hà and Sín Chải became one: their ground is one area, before and after."""
    tinh = {TERRITORY: counted.unit("tinh"), MANAGEMENT: counted.unit("tinh")}
    merged = orgs.merge(
        by=SYSTEM,
        at=at(TODAY),
        on=date(2026, 1, 20),
        predecessors=[counted.units["bac_ha"], counted.units["sin_chai"]],
        kind="commune",
        name="Xã Bắc Sín",
        parents=tinh,
    )
    actions.define_series(by=SYSTEM, at=at(TODAY), code="gso", name="Niên giám thống kê")
    actions.define_indicator(
        by=SYSTEM, at=at(TODAY), code="so_hs", name="Số học sinh", unit="học sinh", places=0,
        expression="hoc_sinh", start=date(2020, 1, 1),
    )  # fmt: skip
    figures = [("2024", counted.unit("bac_ha"), 900), ("2024", counted.unit("sin_chai"), 101), ("2026", merged.pk, 990)]
    rows = [actions.SeriesRow(unit, code, counted.cells["hoc_sinh"], value) for code, unit, value in figures]
    actions.import_series(by=SYSTEM, at=at(TODAY), series="gso", rows=rows)
    asked = {"indicator": "so_hs", "period": "2024,2026", "series": "gso", "under": counted.unit("tinh")}
    hidden = ask("so_officer", "areas/answers/", **asked)[1]
    assert (hidden["items"], hidden["hidden"]) == ([], 1)
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=counted.actors["so_officer"].position_id),
        role=Role.VIEWER,
        unit=counted.unit("tinh"),
        hierarchy=TERRITORY,
        on=FOUNDED,
    )
    told = ask("so_officer", "areas/answers/", **asked)[1]
    (area,) = told["items"]
    assert {unit["name"] for unit in area["first"]} >= {"Xã Bắc Hà", "Xã Sín Chải"}
    assert "Xã Bắc Sín" in {unit["name"] for unit in area["last"]}
    assert [(one["value"], one["estimated"]) for one in area["answers"]] == [("1001", False), ("990", False)]
    listed = ask("so_officer", "areas/", from_="2024-12-31", to="2026-12-31", under=counted.unit("tinh"))[1]
    assert [one["number"] for one in listed["items"]] == [area["number"]]
    assert ask("so_officer", "areas/", from_="2026-01-01", to="2025-01-01")[0] == 400
