"""Unusual values: what they are held against, that they ask for words and pass with them, how few queries it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from giaoban.core import formula, outliers
from giaoban.core.refusal import Invalid
from giaoban.indicators import actions, ledger, queries, refusals
from giaoban.indicators.actions import LineSpec, RuleSpec, Typed
from giaoban.indicators.models import Effect, Report, Round, Series, Sheet
from giaoban.indicators.queries import bounds, reports
from giaoban.indicators.queries.bounds import BadChecks, Bound, Bounds, read_checks
from giaoban.indicators.queries.differences import differences_of
from giaoban.indicators.queries.sheet_data import data_of
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from tests.rooms.indicators.place import DUE, FOUNDED, GOOD, HK1, LAST_YEAR, Place, at

pytestmark = pytest.mark.django_db
YEARS = [f"{year}-{year + 1}.HK1" for year in range(2017, 2025)]


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return fetched(place.report(round, "na_hoi"))


def fetched(report: Report) -> Report:
    """As `queries.report_for` gives it."""
    return Report.objects.select_related("round", "sheet").get(pk=report.pk)


def count(place: Place, unit_id: int, period: str, values: Mapping[str, int], series: str = "report") -> None:
    """Figures that count, as they stand in the ledger."""
    ledger.report_series()
    Effect.objects.bulk_create(
        Effect(series_id=series, unit_id=unit_id, period_code=period, cell_id=place.cells[key], value_delta=value,
               present_delta=1, at=at(DUE))
        for key, value in values.items()
    )  # fmt: skip


def checked(report: Report, **checks: object) -> Report:
    Sheet.objects.filter(pk=report.sheet_id).update(checks=checks)
    return fetched(report)


def bounds_in(report: Report) -> dict[str, list[Bound]]:
    lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
    keys = {line.cell_id: line.cell.key for line in lines if line.cell_id}
    return {keys[cell]: found for cell, found in bounds.bounds_of(report, lines, DUE).items()}


def limits(report: Report, key: str, kind: str) -> tuple[int | None, int | None] | None:
    return next(((one.low, one.high) for one in bounds_in(report).get(key, []) if one.kind == kind), None)


# What a value is held against


def test_without_checks_a_large_change_is_shown_and_asks_nothing(place: Place, report: Report) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500})
    assert bounds_in(report)["hoc_sinh"] == [Bound("change", 351, 649, before=500, against="same")]
    place.type(report, GOOD | {"hoc_sinh": "650", "hoc_sinh_nu": "300"})
    place.submit(report)
    kept = Report.objects.get(pk=report.pk).findings
    assert [(one["kind"], one["value"], one["before"], one["asks"]) for one in kept] == [("change", 650, 500, False)]


def test_the_period_before_stands_in_for_last_year(place: Place, report: Report) -> None:
    monthly = Bounds(report, [])
    monthly.report.period_code = "2026-03"
    count(place, report.unit_id, "2026-02", {"hoc_sinh": 480})
    assert monthly.compared_with[0].code == "2026-02" and monthly.before == {place.cells["hoc_sinh"]: 480}


def test_history_is_that_of_the_unit_and_the_kind_of_period(place: Place, report: Report) -> None:
    for year, value in zip(YEARS, (500, 510, 495, 505, 520, 490, 515, 503), strict=True):
        count(place, report.unit_id, year, {"hoc_sinh": value})
        count(place, place.unit("ban_pho"), year, {"hoc_sinh": 9})
        count(place, report.unit_id, year.replace("HK1", "HK2"), {"hoc_sinh": 2})
    report = checked(report, modified_z={}, zscore={})
    values = [500, 510, 495, 505, 520, 490, 515, 503]
    assert limits(report, "hoc_sinh", "modified_z") == outliers.modified_z(values).limits()
    assert limits(report, "hoc_sinh", "zscore") == outliers.z(values).limits()


def test_few_periods_say_nothing(place: Place, report: Report) -> None:
    for year in YEARS[-4:]:
        count(place, report.unit_id, year, {"hoc_sinh": 500 + len(year)})
    assert limits(checked(report, modified_z={}), "hoc_sinh", "modified_z") is None


def test_year_on_year_has_its_own_percentages(place: Place, report: Report) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500, "kinh_phi": 10_000, "bo_hoc[lop=6]": 4})
    report = checked(report, year_on_year={"down": 10, "up": 20, "least": 5})
    assert limits(report, "hoc_sinh", "year_on_year") == (450, 600)
    assert limits(report, "bo_hoc[lop=6]", "year_on_year") == (None, 8)  # less than five more is never unusual
    assert limits(report, "kinh_phi", "year_on_year") == (9_000, 12_000)  # stored in tenths


def test_an_element_may_be_left_out(place: Place, report: Report) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500, "hoc_sinh_nu": 250})
    assert set(bounds_in(checked(report, change={}, **{"except": ["hoc_sinh"]}))) == {"hoc_sinh_nu"}


# Similar units


@pytest.fixture
def schools(place: Place) -> list[int]:
    """Twelve more primary schools of the commune, and one of lower secondary."""
    commune, so = place.unit("bac_ha"), place.unit("so")
    made = [
        orgs.establish(by=SYSTEM, at=at(FOUNDED), on=FOUNDED, kind=kind, name=f"Trường số {number}",
                       parents={TERRITORY: commune, MANAGEMENT: so}).pk
        for number, kind in enumerate(["primary"] * 12 + ["lower_secondary"])
    ]  # fmt: skip
    return made


def peers(place: Place, schools: list[int], sizes: list[int]) -> None:
    for number, (unit, size) in enumerate(zip(schools, sizes, strict=True)):
        count(place, unit, LAST_YEAR, {"hoc_sinh": size, "hoc_sinh_nu": 20 + number})


def test_peers_are_units_of_the_same_kind(place: Place, report: Report, schools: list[int]) -> None:
    peers(place, schools, [500] * 13)
    report = checked(report, peers={"method": "quartiles", "limit": "1", "least": 0})
    values = list(range(20, 32))  # 32 is the lower secondary school's
    assert limits(report, "hoc_sinh_nu", "peers") == outliers.fences(values, Fraction(1)).limits()
    report = checked(report, peers={"method": "mad", "limit": "3.5", "least": 0})
    assert limits(report, "hoc_sinh_nu", "peers") == outliers.modified_z(values).limits()


def test_peers_are_of_about_the_same_size(place: Place, report: Report, schools: list[int]) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 200})
    peers(place, schools, [100] * 4 + [400] * 4 + [99, 401, 5000, 1] + [200])
    report = checked(report, peers={"size": "hoc_sinh", "limit": "1", "least": 0})
    assert limits(report, "hoc_sinh_nu", "peers") == outliers.fences(list(range(20, 28)), Fraction(1)).limits()


def test_a_unit_of_unknown_size_and_too_few_peers_say_nothing(place: Place, report: Report, schools: list[int]) -> None:
    peers(place, schools, [100] * 13)
    assert limits(checked(report, peers={"size": "hoc_sinh"}), "hoc_sinh_nu", "peers") is None
    assert limits(checked(report, peers={"at_least": 20}), "hoc_sinh_nu", "peers") is None
    assert limits(checked(report, peers={}), "hoc_sinh_nu", "peers") is not None


# Asking and passing


def test_an_unusual_value_asks_for_words_and_passes_with_them(place: Place, report: Report, schools: list[int]) -> None:
    peers(place, schools, [500] * 13)
    report = checked(report, peers={"ask": True})
    place.type(report, GOOD | {"hoc_sinh": "500", "hoc_sinh_nu": "240"})
    with pytest.raises(Invalid) as caught:
        place.submit(report)
    assert [type(one) for one in caught.value.faults] == [refusals.WordsNeeded]
    assert caught.value.faults[0].field == f"cell-{place.cells['hoc_sinh_nu']}"
    place.type(report, {"hoc_sinh_nu": Typed(note="Trường chuyên biệt cho học sinh nữ")})
    place.submit(report)
    [kept] = Report.objects.get(pk=report.pk).findings
    assert kept["kind"] == "unusual" and kept["explanation"] == "Trường chuyên biệt cho học sinh nữ"


def test_an_unusual_value_is_said_in_plain_words(place: Place, report: Report, schools: list[int]) -> None:
    peers(place, schools, [500] * 13)
    report = checked(report, peers={"limit": "1", "least": 0})
    place.type(report, {"hoc_sinh_nu": "400"})
    with translation.override("vi"):
        lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
        [found] = reports.findings_of(report, lines, reports.held(report))
        assert found.sentence == "Học sinh nữ: 400. Số này cao hơn hẳn các trường cùng loại (thường 17–34)."
        assert Bound("zscore", 3, None).below == "Số này thấp hơn hẳn các kỳ trước (thường từ 3 trở lên)."


def test_only_one_finding_a_cell_the_plainest_reason_first(place: Place, report: Report, schools: list[int]) -> None:
    peers(place, schools, [500] * 13)
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh_nu": 100})
    report = checked(report, peers={"ask": True}, change={})
    place.type(report, {"hoc_sinh_nu": "400"})
    lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
    with translation.override("en"):
        [found] = reports.findings_of(report, lines, reports.held(report))
        assert found.kind == "change" and found.asks and found.open
        assert "4 times" in found.sentence and "similar schools" in found.sentence


def test_the_heavier_finding_stands_first() -> None:
    near = queries.Finding("unusual", "", (1,), value=41, low=20, high=40)
    far = queries.Finding("unusual", "", (1,), value=400, low=20, high=40)
    assert far.weight > near.weight > queries.Finding("blank", "", (1,)).weight
    assert queries.Finding("unusual", "", (1,), value=400, high=40, explanation="vì").weight < far.weight


@given(
    low=st.none() | st.integers(0, 50), high=st.none() | st.integers(50, 100), value=st.none() | st.integers(-5, 105)
)
def test_a_bound_holds_between_its_limits(low: int | None, high: int | None, value: int | None) -> None:
    outside = value is not None and ((low is not None and value < low) or (high is not None and value > high))
    assert Bound("peers", low, high).holds(value) is not outside


def test_the_number_of_queries_does_not_follow_the_number_of_cells(
    place: Place, report: Report, schools: list[int], django_assert_max_num_queries
) -> None:
    peers(place, schools, [500] * 13)
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500})
    lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
    with django_assert_max_num_queries(1):
        Bounds(report, lines).all()
    report = checked(report, change={}, year_on_year={}, zscore={}, modified_z={}, peers={"size": "hoc_sinh"})
    with django_assert_max_num_queries(5):
        Bounds(report, lines).all()


# Checks as data


def test_checks_are_read_and_written() -> None:
    data = {
        "change": {"percent": 20, "least": 3, "ask": True},
        "peers": {"limit": "2.5", "method": "mad"},
        "except": ["a"],
    }
    checks = read_checks(data)
    assert checks.methods["peers"].limit == Fraction(5, 2) and checks.methods["peers"].at_least == 8
    assert read_checks(checks.data()) == checks
    assert read_checks({"modified_z": {}}).methods["modified_z"].limit == Fraction(7, 2)


@pytest.mark.parametrize(
    "data",
    [
        {"other": {}},
        {"change": 3},
        {"change": {"limit": "3"}},
        {"change": {"percent": -1}},
        {"change": {"percent": True}},
        {"zscore": {"limit": "three"}},
        {"zscore": {"limit": "0"}},
        {"zscore": {"limit": 3.5}},
        {"peers": {"method": "mean"}},
        {"peers": {"ask": 1}},
        {"except": [3]},
    ],
)
def test_checks_that_are_not_understood_are_refused(data: dict) -> None:
    with pytest.raises(BadChecks):
        read_checks(data)


# Differences


def told(report: Report, on: date = DUE) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.mine, one.theirs, one.gap) for one in differences_of(report, on)]


def test_no_difference_where_nothing_else_is_said(place: Place, report: Report) -> None:
    place.type(report, GOOD)
    assert told(report) == []


def test_another_system_says_otherwise(place: Place, report: Report) -> None:
    Series.objects.create(code="csdl", name="CSDL ngành")
    count(place, report.unit_id, HK1, {"hoc_sinh": 512, "hoc_sinh_nu": 240, "kinh_phi": 12505}, series="csdl")
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 9}, series="csdl")
    place.type(report, {"hoc_sinh": "500", "hoc_sinh_nu": "240"})
    [found] = differences_of(report, DUE)
    assert (found.kind, found.source, found.mine, found.theirs, found.gap) == (
        "series", "CSDL ngành", "500", "512", "-12",
    )  # fmt: skip


def test_the_unit_corrects_what_it_handed_in(place: Place, round: Round) -> None:
    report = place.hand_in(round, "na_hoi")
    assert told(report) == []
    place.type(report, {"hoc_sinh": "501", "kinh_phi": ""})
    assert told(report) == [("own", "501", "500", "+1"), ("own", "—", "1.250,5", "")]
    assert differences_of(report, DUE, handed_in=True) == []


def test_a_stock_of_the_same_school_year_is_far_off(place: Place, report: Report) -> None:
    count(place, report.unit_id, "2025-2026.DN", {"hoc_sinh": 800, "hoc_sinh_nu": 242, "bo_hoc[lop=6]": 90})
    count(place, report.unit_id, "2025-2026.CN", {"hoc_sinh": 900})
    place.type(report, {"hoc_sinh": "500", "hoc_sinh_nu": "240", "bo_hoc[lop=6]": "2"})
    with translation.override("vi"):
        [found] = differences_of(report, DUE)
    assert (found.kind, found.theirs, found.source) == ("neighbour", "800", "Đầu năm học 2025-2026")


def test_differences_take_few_queries(place: Place, report: Report, django_assert_max_num_queries) -> None:
    place.type(report, GOOD)
    with django_assert_max_num_queries(6):
        differences_of(report, DUE)


# On the page


def test_the_findings_of_a_page_name_what_waits_for_words() -> None:
    open_one = queries.Finding("unusual", "Hộ nghèo", (1,), value=90, high=40, asks=True, words="Số này cao hơn hẳn.")
    told = [open_one, queries.Finding("unusual", "Lớp", (2,), value=9, high=4, words="Số này cao hơn hẳn.")]
    with translation.override("vi"):
        page = render_to_string("indicators/parts/findings.html", {"findings": told})
    assert "Cần giải trình" in page and "Số khác thường" in page and page.count('class="hard"') == 1
    assert 'href="#c-1"' in page and "Hộ nghèo: 90. Số này cao hơn hẳn." in page


def test_the_differences_of_a_page_stand_side_by_side(place: Place, report: Report, rf: RequestFactory) -> None:
    Series.objects.create(code="csdl", name="CSDL <ngành>")
    count(place, report.unit_id, HK1, {"hoc_sinh": 1512}, series="csdl")
    place.type(report, {"hoc_sinh": Typed("500", note="Mới tách trường")})
    with translation.override("vi"):
        found = differences_of(report, DUE)
        page = render_to_string("indicators/parts/differences.html", {"differences": found}, request=rf.get("/"))
        empty = render_to_string("indicators/parts/differences.html", {"differences": []}, request=rf.get("/"))
    assert "CSDL &lt;ngành&gt;" in page and "1.512" in page and "-1.012" in page and "Mới tách trường" in page
    assert "1 số khác với số liệu đã nộp hoặc đã có" in page and empty.strip() == ""


# Rules between periods


def publish_over_periods(place: Place, *rules: RuleSpec) -> Round:
    actions.retire_sheet(by=SYSTEM, at=at(FOUNDED), code="hoc_ky", reason="Thử")
    actions.publish_sheet(
        by=SYSTEM, at=at(FOUNDED), code="hoc_ky_2", name="Báo cáo", kinds=["primary"],
        lines=[LineSpec(cell="hoc_sinh"), LineSpec(cell="bo_hoc[lop=6]"), LineSpec(cell="bo_hoc[lop=7]")], rules=rules,
    )  # fmt: skip
    return place.open(sheet="hoc_ky_2")


COHORT = RuleSpec("bo_hoc[lop=7] <= bo_hoc[ky=nam_truoc,lop=6] + 2", "Lớp 7 là lớp 6 của năm trước.")


def test_a_rule_may_read_the_same_period_of_last_year(place: Place) -> None:
    report = fetched(place.report(publish_over_periods(place, COHORT), "na_hoi"))
    lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
    place.type(report, {"bo_hoc[lop=7]": "9"})
    assert reports.findings_of(report, lines, reports.held(report)) == []  # no figure of last year: not judged
    count(place, report.unit_id, LAST_YEAR, {"bo_hoc[lop=6]": 6, "bo_hoc[lop=7]": 99})
    [broken] = [one for one in reports.findings_of(report, lines, reports.held(report)) if one.kind == "rule"]
    assert broken.text == COHORT.sentence and broken.cells == (place.cells["bo_hoc[lop=7]"],)
    place.type(report, {"bo_hoc[lop=7]": "8"})
    assert not [one for one in reports.findings_of(report, lines, reports.held(report)) if one.kind == "rule"]


def test_the_browser_gets_a_rule_over_this_period_only(place: Place) -> None:
    report = fetched(place.report(publish_over_periods(place, COHORT), "na_hoi"))
    assert data_of(report, DUE)["rules"] == []
    count(place, report.unit_id, LAST_YEAR, {"bo_hoc[lop=6]": 6})
    [rule] = data_of(report, DUE)["rules"]
    assert formula.to_text(formula.from_json(rule["tree"])) == "bo_hoc[lop=7] <= 6 + 2"


@pytest.mark.parametrize(
    "expression", ["hoc_sinh <= hoc_sinh[ky=nam_sau]", "hoc_sinh <= to_chuc[ky=nam_truoc]", "hoc_sinh <= bo_hoc[lop=9]"]
)
def test_a_rule_names_known_periods_and_cells_of_its_sheet(place: Place, expression: str) -> None:
    with pytest.raises(Invalid):
        publish_over_periods(place, RuleSpec(expression, "Một câu."))
