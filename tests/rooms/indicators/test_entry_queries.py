"""How many statements saving and handing in take: as many as are here, however many cells there are."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.indicators import actions
from giaoban.indicators.actions.cells import keep_drafts
from giaoban.indicators.models import REPORT_SERIES, Draft, Effect, Report, Series
from giaoban.indicators.queries import counted, reports, states
from giaoban.indicators.queries.findings import Finding
from giaoban.journal.actor import SYSTEM
from tests.rooms.indicators.place import DUE, GOOD, Place, at

SAVING, HANDING_IN = 14, 22


@pytest.fixture
def report(place: Place) -> Report:
    return place.report(place.open(), "na_hoi")


def test_saving_a_draft(place: Place, report: Report) -> None:
    reports.asked(report)
    with CaptureQueriesContext(connection) as taken:
        place.type(report, GOOD)
    lock = connection.vendor == "postgresql"  # the journal's, which SQLite's one writer has anyway
    assert len(taken) <= SAVING + lock, [one["sql"][:80] for one in taken.captured_queries]


def test_typing_and_handing_in_at_once(place: Place, report: Report) -> None:
    reports.asked(report)
    values = {place.cells[key]: value for key, value in GOOD.items()}
    with CaptureQueriesContext(connection) as taken:
        actions.submit(by=SYSTEM, at=at(DUE), on=DUE, report_id=report.pk, values=values)
    assert len(taken) <= HANDING_IN, [one["sql"][:80] for one in taken.captured_queries]
    assert not Draft.objects.exists(), "what is handed in at once was never a draft"
    report.refresh_from_db()
    assert report.state == "submitted" and len(reports.held(report).standings) == len(GOOD)


def test_what_a_sheet_in_use_asks_is_read_once(place: Place, report: Report, django_assert_num_queries) -> None:
    wanted = [line.pk for line in reports.lines_for("hoc_ky", "primary")]
    reports.asked(report)
    with django_assert_num_queries(1):  # the kind of the unit on the data day
        assert [line.pk for line in reports.asked(report)] == wanted


def test_a_cancelled_round_takes_what_was_kept_with_it(place: Place, report: Report) -> None:
    from giaoban.indicators.queries import frozen

    first = frozen.of(report.round_id, report.sheet_id)
    assert frozen.of(report.round_id, report.sheet_id) is first
    assert frozen.of(report.round_id + 1, report.sheet_id) is not first


# What is asked or written a cheaper way is the same


def test_figures_of_one_unit_are_those_of_many(place: Place) -> None:
    around = place.open()
    for school in ("na_hoi", "ban_pho"):
        place.accept([place.hand_in(around, school)])
    every = counted.figures()
    assert len({one.unit_id for one in every}) == 2
    periods, cells = {one.period_code for one in every}, {one.cell_id for one in every}
    for unit in {one.unit_id for one in every}:
        wanted = {one for one in every if one.unit_id == unit}
        assert set(counted.figures(unit_ids=[unit], period_codes=periods, cell_ids=cells)) == wanted
        some = next(iter(cells))
        one_cell = {one for one in wanted if one.cell_id == some}
        assert set(counted.figures(unit_ids=[unit], period_codes=periods, cell_ids=[some])) == one_cell
    assert counted.figures(unit_ids=[place.unit("na_hoi")], period_codes=[], cell_ids=cells) == []


def test_a_figure_that_was_taken_back_is_no_figure_of_one_unit(place: Place) -> None:
    key = {"unit": place.units["na_hoi"], "period_code": "2024-2025.HK1", "cell_id": place.cells["hoc_sinh"]}
    Series.objects.get_or_create(code=REPORT_SERIES)
    for value, present in ((7, 1), (2, 0), (-9, -1)):
        asked = {"unit_ids": [key["unit"].pk], "period_codes": [key["period_code"]], "cell_ids": [key["cell_id"]]}
        Effect.objects.create(series_id=REPORT_SERIES, value_delta=value, present_delta=present, at=at(DUE), **key)
        assert [one.value for one in counted.figures(**asked)] == ([] if present < 0 else [7 if present else 9])


def test_drafts_of_a_batch_are_what_was_typed(place: Place, report: Report) -> None:
    first, second = place.cells["hoc_sinh"], place.cells["hoc_sinh_nu"]
    keep_drafts(
        report,
        [reports.Saying(first, 12, "vì “thế” {a,b}", at(DUE), "Hoa"), reports.Saying(second, None, "", at(DUE), "Hoa")],
    )
    keep_drafts(report, [reports.Saying(first, None, "", at(DUE, 15), "Lan")])
    keep_drafts(report, [])
    found = {one.cell_id: (one.value, one.note, one.at, one.actor_name) for one in report.drafts.all()}
    assert found == {first: (None, "", at(DUE, 15), "Lan"), second: (None, "", at(DUE), "Hoa")}


def test_a_locked_report_says_what_it_has(place: Place, report: Report) -> None:
    """Never typed into, typed into, handed in: what is left unread is not there."""

    def same() -> None:
        now = Report.objects.get(pk=report.pk)
        assert reports.held(now, locked=True) == reports.held(now)
        assert states.derived(now) == (now.state, now.step)

    same()
    place.type(report, GOOD)
    same()
    place.submit(report)
    same()
    place.give_back(report)
    same()
    place.type(report, {"hoc_sinh": "501"})
    same()


def test_a_finding_is_kept_whole() -> None:
    one = Finding("change", "Học sinh", (3, 4), explanation="mưa lũ", value=7, before=2, asks=True, low=1, words="lạ")
    assert one.kept() == asdict(one) | {"cells": [3, 4]}
    assert Finding.from_kept(one.kept()) == one
