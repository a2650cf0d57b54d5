"""How many statements saving and handing in take: as many as are here, however many cells there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.indicators import actions
from giaoban.indicators.models import Draft, Report
from giaoban.indicators.queries import reports
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
