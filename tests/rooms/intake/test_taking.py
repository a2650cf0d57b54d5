"""What systems of record hold fills the drafts of a round; only the rest is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import actions, queries
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Draft, Report, Series
from giaoban.indicators.queries import taken
from giaoban.journal.actor import SYSTEM
from tests.rooms.indicators.place import DUE, HK1, Place, at, build


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, db: None) -> Place:
    Series.objects.create(code="csdl", name="CSDL ngành")
    return built


def hold(place: Place, report: Report, **values: int) -> None:
    rows = [SeriesRow(report.unit_id, HK1, place.cells[key], value) for key, value in values.items()]
    actions.import_series(by=SYSTEM, at=at(DUE), series="csdl", rows=rows)


def take(place: Place, report: Report, by: str = "officer") -> actions.TakenIn:
    return actions.take_in(by=place.actors[by], at=at(DUE), on=DUE, series=["csdl"], round_id=report.round_id)


def first(place: Place) -> tuple[Report, str, str]:
    report = Report.objects.filter(round=place.open()).order_by("pk").first()
    assert report is not None
    keys = [key for key, cell in place.cells.items() if cell in _asked(report)]
    return report, keys[0], keys[1]


def _asked(report: Report) -> set[int]:
    return set(taken.owned_cells(report.sheet_id))


def test_empty_cells_are_filled_and_marked(place: Place) -> None:
    report, one, two = first(place)
    hold(place, report, **{one: 12})
    made = take(place, report)
    assert (made.cells, made.reports) == (1, 1) and made.left > 0
    assert Draft.objects.get(report=report).value == 12
    mark = queries.taken_of(report)[place.cells[one]]
    assert (mark.value, mark.series_name, mark.day) == (12, "CSDL ngành", DUE)
    report.refresh_from_db()
    assert report.state == "draft"
    assert take(place, report).cells == 0, "twice fills nothing more"
    del two


def test_what_somebody_typed_stays(place: Place) -> None:
    report, one, two = first(place)
    place.type(report, {one: 7})
    hold(place, report, **{one: 12, two: 5})
    assert take(place, report).cells == 1
    assert {draft.cell_id: draft.value for draft in report.drafts.all()} == {place.cells[one]: 7, place.cells[two]: 5}


def test_the_first_series_counts(place: Place) -> None:
    report, one, _ = first(place)
    Series.objects.create(code="pcgd", name="PCGD")
    hold(place, report, **{one: 12})
    rows = [SeriesRow(report.unit_id, HK1, place.cells[one], 13)]
    actions.import_series(by=SYSTEM, at=at(DUE), series="pcgd", rows=rows)
    known = queries.known_elsewhere([report.unit_id], HK1, [place.cells[one]], ["pcgd", "csdl"])
    assert known[report.unit_id, place.cells[one]].value == 13


def test_who_neither_opened_nor_types_is_refused(place: Place) -> None:
    report, one, _ = first(place)
    hold(place, report, **{one: 12})
    other = next(name for name in place.actors if name.endswith("_typist"))
    with pytest.raises(NotAllowed):
        take(place, report, by=other)
