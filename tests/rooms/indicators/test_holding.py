"""Whoever opens a round sees who holds the number already; asked by both lines it is asked once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giaoban.core import period as periods
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import LineSpec, SeriesRow, StepSpec
from giaoban.indicators.models import Joining, Report, Round
from giaoban.indicators.queries import holding, openings, rounds
from giaoban.indicators.queries import sheet as sheet_named
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs.models import PROFESSIONAL
from tests.rooms.indicators.place import CHECK, DUE, FOUNDED, HK1, OPENED, Place, at

SO_STEPS = (StepSpec(name="Sở kiểm tra", where="professional", due_on=CHECK),)


def by_the_so(place: Place, **changes: object) -> Round:
    given = {
        "by": place.actors["so_officer"],
        "opener_id": place.unit("so"),
        "hierarchy": PROFESSIONAL,
        "steps": SO_STEPS,
    }
    return place.open(**(given | changes))


def asked(place: Place) -> tuple[list[int], list[int], periods.Period]:
    units = [place.unit(name) for name in ("na_hoi", "ban_pho", "thai_giang")]
    return holding.cells_of_sheet("hoc_ky"), units, periods.parse(HK1)


# Who holds


def test_nobody_holds_what_nobody_asked(place: Place) -> None:
    assert holding.who_holds(*asked(place), OPENED) == []
    assert holding.who_holds([], [1], periods.parse(HK1), OPENED) == []


def test_another_round_is_named_with_how_far_it_is(place: Place) -> None:
    made = place.open()
    place.hand_in(made, "na_hoi")
    found = holding.who_holds(*asked(place), CHECK)
    assert [(one.kind, one.who, one.units, one.handed_in) for one in found] == [("round", "Xã Bắc Hà", 3, 1)]
    assert found[0].cells == len(holding.cells_of_sheet("hoc_ky")) and found[0].labels


def test_a_series_of_another_system_is_named(place: Place) -> None:
    actions.define_series(by=SYSTEM, at=at(FOUNDED), code="bo", name="CSDL ngành", source="Bộ GD&ĐT")
    actions.import_series(
        by=SYSTEM, at=at(OPENED), series="bo",
        rows=[SeriesRow(place.unit("na_hoi"), HK1, place.cells["hoc_sinh"], 500)],
    )  # fmt: skip
    found = holding.who_holds(*asked(place), OPENED)
    assert [(one.kind, one.name, one.who, one.units, one.cells, one.code) for one in found] == [
        ("series", "CSDL ngành", "Bộ GD&ĐT", 1, 1, "bo")
    ]


def test_the_same_element_split_otherwise_is_named(place: Place) -> None:
    actions.add_member(by=SYSTEM, at=at(FOUNDED), dimension="lop", code="8", name="Lớp 8")
    actions.publish_sheet(
        by=SYSTEM, at=at(FOUNDED), code="bo_hoc_8", name="Bỏ học lớp 8", kinds=["primary", "lower_secondary"],
        lines=[LineSpec(cell="bo_hoc[lop=8]")],
    )  # fmt: skip
    place.open(sheet="bo_hoc_8")
    found = holding.who_holds([place.cell("bo_hoc[lop=6]")], asked(place)[1], periods.parse(HK1), OPENED)
    assert [(one.kind, one.name, one.units) for one in found] == [("breakdown", "Bỏ học lớp 8", 3)]
    cell = [place.cell("bo_hoc[lop=8]")]
    assert [one.kind for one in holding.who_holds(cell, asked(place)[1], periods.parse(HK1), OPENED)] == ["round"]


def test_figures_of_a_period_that_closes_nearby_are_named(place: Place) -> None:
    made = place.open()
    place.accept(place.hand_in(made, "na_hoi"))
    cells, units, _ = asked(place)
    found = holding.who_holds(cells, units, periods.parse("2026-02"), CHECK)
    assert [(one.kind, one.period, one.units) for one in found] == [("neighbour", periods.parse(HK1).label, 1)]
    assert holding.who_holds(cells, units, periods.parse("2026-06"), CHECK) == []


# One answer serves both


def test_the_second_line_joins_and_asks_only_the_rest(place: Place) -> None:
    first = place.open()
    second = by_the_so(place)
    assert set(second.reports.values_list("unit_id", flat=True)) == {place.unit("sin_chai_th"), place.unit("thpt")}
    assert Joining.objects.filter(round=second).count() == 3
    assert Report.objects.filter(unit=place.unit("na_hoi"), period_code=HK1).count() == 1
    told = Message.objects.filter(position=place.actors["officer"].position_id).latest("pk")
    assert "Sở Giáo dục" in told.subject
    assert queries.progress(second.pk, OPENED).expected == 5 and queries.progress(first.pk, OPENED).expected == 3


def test_the_second_line_sees_progress_and_figures(place: Place) -> None:
    first = place.open()
    second = by_the_so(place)
    report = place.hand_in(first, "na_hoi")
    assert queries.progress(second.pk, DUE).submitted == 1
    rows = {row.report.pk: row for row in queries.review(place.actors["so_officer"], second.pk, DUE)}
    assert rows[report.pk].asked_by == "Xã Bắc Hà" and rows[report.pk].filled == 5
    assert not rows[report.pk].mine, "it is accepted along the line of the round that asked first"
    seen = queries.report_for(place.actors["so_officer"], report.pk, DUE)
    assert queries.grid(place.actors["so_officer"], seen, DUE, handed_in=True).filled == 5
    listed = rounds.progress_of_many(place.actors["so_officer"], [second], DUE)
    assert listed[second.pk].expected == 5 and listed[second.pk].submitted == 1


def test_the_second_line_is_told_when_they_are_accepted(place: Place) -> None:
    first = place.open()
    second = by_the_so(place)
    place.accept(place.hand_in(first, "na_hoi"))
    told = Message.objects.filter(position=place.actors["so_officer"].position_id).latest("pk")
    assert told.link.endswith(f"/dot/{second.pk}/")


def test_all_units_joined_a_round_asks_nobody(place: Place) -> None:
    place.open()
    units = [place.unit(name) for name in ("na_hoi", "ban_pho", "thai_giang")]
    second = by_the_so(place, unit_ids=units)
    assert second.reports.count() == 0 and queries.progress(second.pk, OPENED).expected == 3


def test_the_same_opener_does_not_ask_twice(place: Place) -> None:
    place.open()
    with pytest.raises(refusals.AlreadyAsked):
        place.open()


def test_a_newer_sheet_of_the_same_cells_does_not_ask_twice(place: Place) -> None:
    place.open(kinds=["primary"])
    actions.publish_sheet(
        by=SYSTEM, at=at(OPENED), code="hoc_ky_2", name="Báo cáo học kỳ (mới)", supersedes="hoc_ky",
        kinds=["primary", "lower_secondary"], lines=[LineSpec(cell="hoc_sinh"), LineSpec(cell="hoc_sinh_nu")],
    )  # fmt: skip
    with pytest.raises(refusals.AlreadyAsked):
        place.open(sheet="hoc_ky_2")
    second = by_the_so(place, sheet="hoc_ky_2")
    joined = set(Joining.objects.filter(round=second).values_list("report__unit_id", flat=True))
    assert joined == {place.unit("na_hoi"), place.unit("ban_pho")}


def test_a_round_others_joined_is_not_taken_back(place: Place) -> None:
    first = place.open()
    second = by_the_so(place)
    act = {"at": at(OPENED), "on": OPENED, "reason": "Nhầm"}
    with pytest.raises(refusals.JoinedByOthers):
        actions.cancel_round(by=place.actors["officer"], round_id=first.pk, **act)
    actions.cancel_round(by=place.actors["so_officer"], round_id=second.pk, **act)
    actions.cancel_round(by=place.actors["officer"], round_id=first.pk, **act)
    assert not Round.objects.exists()


def test_the_opening_page_says_so_before(place: Place) -> None:
    place.open()
    preview = openings.preview(sheet_named("hoc_ky"), periods.parse(HK1), place.unit("so"), PROFESSIONAL)
    assert len(preview.joined) == 3 and len(preview.units) == 2 and preview.already == []
    own = openings.preview(sheet_named("hoc_ky"), periods.parse(HK1), place.unit("bac_ha"), "MANAGEMENT")
    assert len(own.already) == 3 and own.joined == [] and own.units == []


def test_asked_once_has_the_days_the_asker_sets(place: Place) -> None:
    """NĐ 09/2019 Đ8 k5 c: what is asked ad hoc may be due the day it is asked."""
    day = date(2026, 1, 14)
    made = place.open(
        on=day, at=at(day), period_code=f"{day}..{day}", due_on=day,
        steps=[StepSpec(name="Xã", where="opener", due_on=day)],
    )  # fmt: skip
    assert made.due_on == made.cutoff == day
    with pytest.raises(refusals.DueTooSoon):
        place.open(on=day, at=at(day), period_code=f"{day}..{day + timedelta(1)}", due_on=day, sheet="hoc_ky")


def test_what_another_system_holds_is_taken_in_at_opening(place: Place) -> None:
    actions.define_series(by=SYSTEM, at=at(FOUNDED), code="bo", name="CSDL ngành", source="Bộ GD&ĐT")
    actions.import_series(
        by=SYSTEM, at=at(OPENED), series="bo",
        rows=[SeriesRow(place.unit("na_hoi"), HK1, place.cells["hoc_sinh"], 500)],
    )  # fmt: skip
    made = place.open(take_from=["bo"])
    drafts = dict(place.report(made, "na_hoi").drafts.values_list("cell__key", "value"))
    assert drafts == {"hoc_sinh": 500} and not place.report(made, "ban_pho").drafts.exists()
    with pytest.raises(refusals.UnknownSeries):
        by_the_so(place, take_from=["khong_co"])
