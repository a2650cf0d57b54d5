"""The level above enters for a unit: marked, with its source, and answered by the unit's head."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import IntegrityError, transaction

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.models import Draft, OnBehalf, Report, Round, Submission
from giaoban.indicators.queries import behalf, counted, reports
from giaoban.notices.models import Message
from tests.rooms.indicators.place import CHECK, DUE, GOOD, Place, at

SOURCE = "Hiệu trưởng báo qua điện thoại"


def enter(place: Place, report: Report, values: Mapping[str, str] = GOOD, **changes: object) -> Submission:
    given = {
        "by": place.actors["officer"], "at": at(CHECK), "on": CHECK, "report_id": report.pk, "source": SOURCE,
        "values": {place.cells[key]: text for key, text in values.items()},
    }  # fmt: skip
    return actions.enter_on_behalf(**(given | changes))


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


def test_it_is_handed_in_signed_by_who_entered_it_with_its_source(place: Place, report: Report) -> None:
    made = enter(place, report)
    assert made.actor_name == place.actors["officer"].name and made.on_behalf.source == SOURCE
    assert place.report(report.round, "na_hoi").state == "submitted"
    assert behalf.states_of(report.round) == {report.pk: "waiting"}
    told = Message.objects.filter(position=place.actors["na_hoi_head"].position_id).latest("pk")
    assert SOURCE in told.body


def test_without_a_source_nothing_is_entered(place: Place, report: Report) -> None:
    with pytest.raises(refusals.SourceNeeded):
        enter(place, report, source="  ")
    assert not Submission.objects.exists()
    submission = enter(place, report)
    with pytest.raises(IntegrityError), transaction.atomic():
        OnBehalf.objects.filter(submission=submission).update(source="")


@pytest.mark.parametrize("who", ["leader", "sin_chai_officer", "na_hoi_head", "na_hoi_typist", "viewer", "admin"])
def test_only_a_checker_of_the_level_above_enters(place: Place, report: Report, who: str) -> None:
    with pytest.raises(NotAllowed):
        enter(place, report, by=place.actors[who])


def test_a_checker_without_a_step_in_the_line_does_not(place: Place, report: Report) -> None:
    """The Sở's rights reach the school; the round goes no further than the commune."""
    with pytest.raises(refusals.NotAbove):
        enter(place, report, by=place.actors["so_officer"])


def test_the_same_rules_hold_as_for_the_unit(place: Place, report: Report) -> None:
    with pytest.raises(Invalid):
        enter(place, report, GOOD | {"hoc_sinh_nu": "900"})
    with pytest.raises(Invalid):
        enter(place, report, {"hoc_sinh": "500"})
    with pytest.raises(refusals.NothingEntered):
        enter(place, report, {})


def test_what_the_unit_is_typing_stays_its_draft(place: Place, report: Report) -> None:
    place.type(report, {"hoc_sinh": "480", "hoc_sinh_nu": "240"})
    enter(place, report)
    kept = dict(Draft.objects.filter(report=report).values_list("cell__key", "value"))
    assert kept == {"hoc_sinh": 480}, "the one that says the same is no draft any more"
    assert reports.held(report).standings[place.cells["hoc_sinh"]].current.value == 500


def test_the_head_confirms(place: Place, report: Report) -> None:
    enter(place, report)
    act = {"at": at(CHECK, 14), "on": CHECK, "report_id": report.pk}
    with pytest.raises(NotAllowed):
        actions.confirm(by=place.actors["officer"], **act)
    row = actions.confirm(by=place.actors["na_hoi_head"], **act)
    assert row.confirmed_name == place.actors["na_hoi_head"].name
    assert behalf.states_of(report.round) == {report.pk: "confirmed"}
    with pytest.raises(refusals.NotOnBehalf):
        actions.object_to(by=place.actors["na_hoi_head"], **act, reason="Sai")


def test_the_head_objects_and_the_cells_come_back(place: Place, report: Report) -> None:
    enter(place, report)
    place.accept(place.report(report.round, "na_hoi"))
    before = counted.figures(unit_ids=[report.unit_id])
    act = {"by": place.actors["na_hoi_head"], "at": at(CHECK, 14), "on": CHECK, "report_id": report.pk}
    with pytest.raises(refusals.ReasonNeeded):
        actions.object_to(**act, reason="")
    actions.object_to(**act, reason="Trường có 510 học sinh")
    found = place.report(report.round, "na_hoi")
    assert found.state == "returned" and found.due_on > CHECK
    assert behalf.states_of(report.round) == {report.pk: "objected"}
    assert counted.figures(unit_ids=[report.unit_id]) == before, "what was accepted stays in force"
    told = Message.objects.filter(position=place.actors["officer"].position_id).latest("pk")
    assert "510" in told.body
    place.type(found, {key: text for key, text in GOOD.items() if key != "hoc_sinh"}, on=CHECK)
    place.type(found, {"hoc_sinh": "510"}, on=CHECK)
    actions.save_draft(
        by=place.actors["na_hoi_typist"], at=at(CHECK, 15), on=CHECK, report_id=found.pk,
        values={cell: actions.Typed(note="đúng") for key, cell in place.cells.items() if key in GOOD},
    )  # fmt: skip
    place.submit(found, on=CHECK)
    assert behalf.states_of(report.round) == {}, "the unit's own figures take their place"


def test_an_answer_to_figures_the_unit_has_handed_in_since_is_refused(place: Place, report: Report) -> None:
    enter(place, report)
    place.type(place.report(report.round, "na_hoi"), {"hoc_sinh": "510"}, on=CHECK)
    place.submit(place.report(report.round, "na_hoi"), on=CHECK)
    with pytest.raises(refusals.NotOnBehalf):
        actions.confirm(by=place.actors["na_hoi_head"], at=at(CHECK), on=CHECK, report_id=report.pk)


def test_a_locked_round_takes_none(place: Place, report: Report) -> None:
    actions.lock_round(by=place.actors["officer"], at=at(CHECK), on=CHECK, round_id=report.round_id, reason="Hết hạn")
    with pytest.raises(refusals.Locked):
        enter(place, report)


def test_a_stale_page_enters_nothing(place: Place, report: Report) -> None:
    seen = report.version
    place.hand_in(report.round, "na_hoi")
    with pytest.raises(refusals.ChangedSinceShown):
        enter(place, report, GOOD | {"hoc_sinh": "501"}, seen=seen)


def test_it_is_marked_in_the_list_and_told_in_the_history(place: Place, report: Report) -> None:
    enter(place, report)
    row = next(row for row in queries.review(place.actors["officer"], report.round_id, DUE) if row.behalf)
    assert row.report.pk == report.pk and row.behalf == "waiting"
    lines = queries.cell_history(report, place.cells["hoc_sinh"])
    assert place.actors["officer"].name in lines[0].who


def test_in_a_quick_round_it_counts_at_once_as_the_units_own_would(place: Place) -> None:
    report = place.report(place.open(counts_at_once=True), "na_hoi")
    enter(place, report)
    assert counted.figures(unit_ids=[report.unit_id])
