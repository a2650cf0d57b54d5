"""What the dry run says beside faults: rules between periods and unusual values, as the entry page would say it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.indicators.models import Effect, Report, Round, Sheet, SheetRule
from giaoban.indicators.queries import bounds, reports
from giaoban.workbooks import queries, reading
from tests.rooms.indicators.place import DUE, LAST_YEAR, Place
from tests.rooms.indicators.test_unusual_values import COHORT, count, fetched, publish_over_periods
from tests.rooms.workbooks.sheets import filled, hand_up, workbook, write


@pytest.fixture
def round(place: Place) -> Round:
    return publish_over_periods(place, COHORT)


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


def told(place: Place, report: Report, values: dict[str, int], notes: dict[str, str] | None = None) -> list[str]:
    """The looks at a workbook with these values, in words."""
    typist = place.actors["na_hoi_typist"]
    given = {place.cells[key]: value for key, value in values.items()}
    said = {place.cells[key]: note for key, note in (notes or {}).items()}
    upload = hand_up(typist, filled(workbook(typist, report), given, said))
    return [f"{one.at} {one.refused.sentence % one.refused.params}" for one in queries.faults(upload) if one.look]


def test_an_unusual_value_is_told_at_its_cell(place: Place, report: Report) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500})
    [one] = told(place, report, {"hoc_sinh": 650})
    place.type(report, {"hoc_sinh": "650"})
    lines = reports.asked(report)
    report = fetched(report)
    [finding] = reports.findings_of(report, lines, reports.held(report))
    assert one.startswith("E") and one.endswith(finding.sentence.rstrip(".") + "."), "as the entry page says it"
    assert told(place, report, {"hoc_sinh": 649}) == []
    assert told(place, report, {"hoc_sinh": 650}, {"hoc_sinh": "Sáp nhập điểm trường"}) == [], "explained"


def test_where_words_are_asked_the_dry_run_asks_for_them(place: Place, report: Report) -> None:
    Sheet.objects.filter(pk=report.sheet_id).update(checks={"change": {"percent": 30, "least": 5, "ask": True}})
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500})
    [one] = told(place, report, {"hoc_sinh": 650})
    assert "Giải trình" in one


def test_a_rule_between_periods_is_judged(place: Place, report: Report) -> None:
    assert SheetRule.objects.filter(sheet=report.sheet_id).exists()
    assert told(place, report, {"bo_hoc[lop=7]": 9}) == [], "no figure of last year: not judged"
    count(place, report.unit_id, LAST_YEAR, {"bo_hoc[lop=6]": 6, "bo_hoc[lop=7]": 9})
    assert [one.partition(" ")[2] for one in told(place, report, {"bo_hoc[lop=7]": 9})] == [COHORT.sentence]
    assert told(place, report, {"bo_hoc[lop=7]": 8}) == []


def test_what_is_looked_at_forbids_nothing(place: Place, report: Report) -> None:
    count(place, report.unit_id, LAST_YEAR, {"hoc_sinh": 500})
    typist = place.actors["na_hoi_typist"]
    upload = hand_up(typist, filled(workbook(typist, report), {place.cells["hoc_sinh"]: 5000}))
    write(typist, upload)
    assert reports.held(fetched(report)).value(place.cells["hoc_sinh"]) == 5000


def test_bounds_of_many_are_those_of_each(place: Place) -> None:
    wanted = [fetched(one) for one in Report.objects.filter(round=place.open()).order_by("pk")]
    assert len(wanted) == 3
    for number, one in enumerate(wanted):
        count(place, one.unit_id, LAST_YEAR, {"hoc_sinh": 100 + number, "bo_hoc[lop=6]": number})
    lines = {one.pk: reports.asked(one) for one in wanted}
    made = bounds.of_many({one.pk: one for one in wanted}, lines)
    for one in wanted:
        alone = bounds.Bounds(one, lines[one.pk])
        assert made[one.pk].all() == alone.all() and made[one.pk].history == alone.history


def test_more_reports_take_no_more_statements(place: Place) -> None:
    by, round = place.actors["officer"], place.open()
    wanted = [place.report(round, name).pk for name in ("na_hoi", "ban_pho", "thai_giang")]
    for unit in Report.objects.filter(pk__in=wanted).values_list("unit_id", flat=True):
        count(place, unit, LAST_YEAR, {"hoc_sinh": 100})
    assert Effect.objects.count() == 3
    took, sheets = [], reading.Sheets()
    reading.Known(by, DUE, wanted, sheets)  # lines and rules are read once a run
    for some in (wanted[:1], wanted):
        with CaptureQueriesContext(connection) as seen:
            known = reading.Known(by, DUE, some, sheets)
            for one in known.bounds.values():
                one.all()
        took.append(len(seen))
    assert took[0] == took[1]
