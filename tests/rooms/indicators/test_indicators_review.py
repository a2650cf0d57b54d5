"""Judging: the line both ways, what counts when, stale pages, withdrawal, signing off."""

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.models import Effect, Report, Round, SignOff, Standing
from giaoban.journal.models import Event
from tests.rooms.indicators.place import CHECK, HK1, Place, at


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.hand_in(round, "na_hoi")


def counted(place: Place, key: str = "hoc_sinh") -> int | None:
    found = queries.figures(unit_ids=[place.unit("na_hoi")], period_codes=[HK1], cell_ids=[place.cells[key]])
    return found[0].value if found else None


def deltas(place: Place, key: str = "hoc_sinh") -> list[tuple[int, int]]:
    rows = Effect.objects.filter(cell=place.cells[key]).order_by("seq")
    return list(rows.values_list("value_delta", "present_delta"))


def test_a_figure_counts_from_step_one(place: Place, report: Report) -> None:
    assert counted(place) is None
    place.accept(report)
    assert counted(place) == 500
    assert Standing.objects.filter(report=report, accepted_step=1, state="accepted").count() == 5
    place.accept(report, 2, by="leader")
    assert deltas(place) == [(500, 1)]
    assert queries.steps_of([report.unit_id], [HK1], [place.cells["hoc_sinh"]]) == {2: 1}


def test_replacement_writes_the_difference(place: Place, report: Report) -> None:
    place.accept(report)
    place.type(report, {"hoc_sinh": "490"})
    place.submit(report)
    assert counted(place) == 500  # what was accepted stays in force
    place.accept(report)
    assert counted(place) == 490 and deltas(place) == [(500, 1), (-10, 0)]


def test_return_leaves_what_was_accepted_in_force(place: Place, report: Report) -> None:
    place.accept(report)
    place.give_back(report, by="leader")
    assert counted(place) == 500 and deltas(place) == [(500, 1)]
    assert place.report(report.round, "na_hoi").state == "returned"


def test_withdrawal_takes_it_out_and_only_that(place: Place, report: Report) -> None:
    place.accept(report)
    args = {"by": place.actors["leader"], "at": at(CHECK, 13), "on": CHECK, "report_id": report.pk}
    with pytest.raises(refusals.ReasonNeeded):
        actions.withdraw(**args, reason="")
    with pytest.raises(NotAllowed):
        actions.withdraw(**(args | {"by": place.actors["officer"]}), reason="Sai")
    actions.withdraw(**args, reason="Sai đơn vị", cells=[place.cells["hoc_sinh"]])
    assert counted(place) is None and deltas(place) == [(500, 1), (-500, -1)]
    assert counted(place, "hoc_sinh_nu") == 240
    assert place.report(report.round, "na_hoi").state == "returned"
    with pytest.raises(refusals.NothingToWithdraw):
        actions.withdraw(**args, reason="Lại", cells=[place.cells["hoc_sinh"]])
    place.type(report, {"hoc_sinh": "505"})
    place.submit(report)
    place.accept(report)
    assert counted(place) == 505 and deltas(place)[-1] == (505, 1)


def test_a_missing_figure_accepted_counts_nothing(place: Place, round: Round) -> None:
    report = place.report(round, "na_hoi")
    note = actions.Typed("", note="Chưa thống kê")
    place.type(report, {"hoc_sinh": note, "hoc_sinh_nu": note})
    place.submit(report)
    place.accept(report)
    assert not Effect.objects.exists()
    place.type(report, {"hoc_sinh": actions.Typed("10", note="")})
    place.submit(report)
    place.accept(report)
    place.type(report, {"hoc_sinh": actions.Typed("", note="Nhầm")})
    place.submit(report)
    place.accept(report)
    assert deltas(place) == [(10, 1), (-10, -1)]


def test_steps_in_order(place: Place, report: Report) -> None:
    with pytest.raises(refusals.NothingToAccept):
        place.accept(report, 2, by="leader")
    place.accept(report)
    with pytest.raises(refusals.NothingToAccept):
        place.accept(report)
    with pytest.raises(refusals.UnknownStep):
        place.accept(report, 3, by="leader")


@pytest.mark.parametrize("who", ["na_hoi_head", "na_hoi_typist", "sin_chai_officer", "viewer", "admin", "leader"])
def test_step_one_is_the_checkers(place: Place, report: Report, who: str) -> None:
    with pytest.raises(NotAllowed):
        place.accept(report, by=who)
    assert not Effect.objects.exists()


def test_the_sos_checker_does_not_do_the_communes_step(place: Place, report: Report) -> None:
    with pytest.raises(refusals.NotYourStep):
        place.accept(report, by="so_officer")
    with pytest.raises(refusals.NotYourStep):
        place.give_back(report, by="so_officer")


def test_step_two_is_the_leaders(place: Place, report: Report) -> None:
    place.accept(report)
    with pytest.raises(NotAllowed):
        place.accept(report, 2, by="officer")


def test_a_returned_cell_stays_behind_when_the_rest_is_accepted(place: Place, report: Report) -> None:
    place.give_back(report, cells=[place.cells["bo_hoc[lop=6]"]])
    place.accept(report)
    assert counted(place) == 500 and counted(place, "bo_hoc[lop=6]") is None
    assert place.report(report.round, "na_hoi").state == "returned"


def test_returns_name_a_reason_and_something_to_return(place: Place, round: Round, report: Report) -> None:
    with pytest.raises(refusals.ReasonNeeded):
        place.give_back(report, " ")
    with pytest.raises(refusals.NothingToReturn):
        place.give_back(report, cells=[place.cells["to_chuc"]])
    with pytest.raises(refusals.NothingToReturn):
        place.give_back(place.report(round, "ban_pho"))


def test_an_upper_step_returns_and_the_line_starts_again(place: Place, report: Report) -> None:
    place.accept(report)
    place.accept(report, 2, by="leader")
    place.give_back(report, by="leader", cells=[place.cells["hoc_sinh"]])
    place.type(report, {"hoc_sinh": "499"})
    place.submit(report)
    with pytest.raises(refusals.NothingToAccept):
        place.accept(report, 2, by="leader")
    place.accept(report)
    place.accept(report, 2, by="leader")
    assert counted(place) == 499 and place.report(report.round, "na_hoi").step == 2


# Stale pages


def test_a_stale_page_cannot_accept(place: Place, report: Report) -> None:
    shown = {report.pk: report.version}
    place.type(report, {"hoc_sinh": "5000"})
    place.submit(report)
    with pytest.raises(refusals.ChangedSinceShown):
        place.accept(report, seen=shown)
    assert not Effect.objects.exists()
    place.accept(report, seen={report.pk: place.report(report.round, "na_hoi").version})


def test_one_stale_report_refuses_the_whole_bulk(place: Place, round: Round, report: Report) -> None:
    other = place.hand_in(round, "ban_pho")
    with pytest.raises(refusals.ChangedSinceShown):
        place.accept([report, other], seen={report.pk: report.version, other.pk: other.version - 1})
    with pytest.raises(refusals.ChangedSinceShown):
        place.accept([report, other], seen={report.pk: report.version})  # one that was not shown at all
    assert not Effect.objects.exists()


def test_a_stale_page_cannot_return(place: Place, report: Report) -> None:
    place.accept(report)
    with pytest.raises(refusals.ChangedSinceShown):
        place.give_back(report, seen=report.version)


# Many at once


def test_bulk_acceptance_is_one_event_that_lists_its_reports(place: Place, round: Round, report: Report) -> None:
    other = place.hand_in(round, "ban_pho")
    place.accept([report, other])
    event = Event.objects.filter(verb="report.accept").get()
    assert event.data["units"] == sorted([report.unit_id, other.unit_id], key=event.data["units"].index)
    assert set(event.data["reports"]) == {report.pk, other.pk}


def test_bulk_is_all_or_nothing(place: Place, round: Round, report: Report) -> None:
    empty = place.report(round, "ban_pho")
    with pytest.raises(refusals.NothingToAccept):
        place.accept([report, empty])
    with pytest.raises(refusals.UnknownReport):
        actions.accept(by=place.actors["officer"], at=at(CHECK), on=CHECK, report_ids=[report.pk, 10**9], step=1)
    assert not Effect.objects.exists() and place.report(round, "na_hoi").state == "submitted"


def test_return_many(place: Place, round: Round, report: Report) -> None:
    other = place.hand_in(round, "ban_pho")
    act = {"by": place.actors["officer"], "at": at(CHECK), "on": CHECK, "reason": "Sai mẫu"}
    with pytest.raises(refusals.ChangedSinceShown):
        actions.return_reports(**act, report_ids=[report.pk, other.pk], seen={report.pk: report.version})
    assert place.report(round, "na_hoi").state == "submitted"
    actions.return_reports(**act, report_ids=[report.pk, other.pk])
    assert {one.state for one in Report.objects.filter(pk__in=[report.pk, other.pk])} == {"returned"}


# Signing off a step


def sign(place: Place, round: Round, who: str, step: int, **more: object) -> SignOff:
    return actions.sign_off(
        by=place.actors[who], at=at(CHECK, 14), on=CHECK, round_id=round.pk, step=step, unit_id=place.unit("bac_ha"),
        **more,
    )  # fmt: skip


def test_signing_off_records_the_missing(place: Place, round: Round, report: Report) -> None:
    place.accept(report)
    with pytest.raises(refusals.MissingUnits):
        sign(place, round, "leader", 2)
    assert place.report(round, "na_hoi").step == 1
    made = sign(place, round, "leader", 2, reason="Hai trường mất điện")
    assert (made.accepted, made.expected) == (1, 3)
    assert {row["name"] for row in made.missing} == {"Trường Tiểu học Bản Phố", "Trường THCS Thải Giàng"}
    assert place.report(round, "na_hoi").step == 2


def test_signing_off_does_not_wave_through_what_was_not_shown(place: Place, round: Round, report: Report) -> None:
    place.accept(report)
    shown = {report.pk: place.report(round, "na_hoi").version}
    place.accept(place.hand_in(round, "ban_pho"))
    with pytest.raises(refusals.ChangedSinceShown):
        sign(place, round, "leader", 2, seen=shown, reason="Thiếu")


@pytest.mark.parametrize("who", ["officer", "sin_chai_leader", "so_officer", "na_hoi_head", "admin"])
def test_signing_off_is_for_the_unit_of_the_step(place: Place, round: Round, report: Report, who: str) -> None:
    with pytest.raises(refusals.NothingToSignOff):
        sign(place, round, who, 2, reason="x")


# What is shown for review


def test_review_puts_first_what_needs_a_look(place: Place, round: Round) -> None:
    place.hand_in(round, "na_hoi")
    place.hand_in(round, "thai_giang", **{"bo_hoc[lop=6]": "100"})
    rows = queries.review(place.actors["officer"], round.pk, CHECK)
    assert [place.school_of(row.report) for row in rows] == ["thai_giang", "na_hoi", "ban_pho"]
    assert rows[0].mine and rows[0].step == 1 and rows[0].findings[0].text == "Học sinh bỏ học quá một phần mười."
    assert (rows[1].filled, rows[1].asked) == (5, 5)
    assert rows[2].late and rows[2].days_late == 3
    assert not any(row.mine for row in queries.review(place.actors["leader"], round.pk, CHECK))


@pytest.mark.parametrize("who", ["viewer", "admin", "sin_chai_officer", "sin_chai_leader"])
def test_others_do_not_see_the_round(place: Place, round: Round, who: str) -> None:
    with pytest.raises(Round.DoesNotExist):
        queries.round_for(place.actors[who], round.pk, CHECK)


def test_a_foreign_school_sees_neither_report_nor_rows(place: Place, round: Round, report: Report) -> None:
    with pytest.raises(Report.DoesNotExist):
        queries.report_for(place.actors["ban_pho_head"], report.pk, CHECK)
    rows = queries.review(place.actors["ban_pho_head"], round.pk, CHECK)
    assert [place.school_of(row.report) for row in rows] == ["ban_pho"]


def test_what_waits(place: Place, round: Round) -> None:
    on = CHECK
    assert queries.waiting_for(place.actors["na_hoi_typist"], on) == 1
    assert queries.waiting_for(place.actors["officer"], on) == 0
    place.accept(place.hand_in(round, "na_hoi"))
    place.hand_in(round, "ban_pho")
    assert queries.waiting_for(place.actors["na_hoi_typist"], on) == 0
    assert queries.waiting_for(place.actors["officer"], on) == 1
    assert queries.waiting_for(place.actors["leader"], on) == 1
