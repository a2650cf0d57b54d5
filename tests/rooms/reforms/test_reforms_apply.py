"""Applying a decree: what goes along by rule in every room, what is asked, and the preview that is the application."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.indicators import actions as indicators
from giaoban.indicators import queries as indicator_queries
from giaoban.indicators.actions import Typed
from giaoban.indicators.models import Cell, Report
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.notices import queries as notices
from giaoban.orgs import queries as orgs
from giaoban.orgs.decree import Become, Close, Establish, Move, Rename
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Change, Unit
from giaoban.orgs.queries.heirs import heirs
from giaoban.people import actions as people_actions
from giaoban.people import queries as people
from giaoban.people.models import Grant, Holding, Manner, Position
from giaoban.reforms import actions, refusals
from giaoban.reforms.models import Kind, Question, Reform, State
from giaoban.work import actions as work_actions
from giaoban.work import queries as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Invitation, Meeting, Partner, Task
from tests.rooms.people.office import Office
from tests.rooms.reforms.decrees import ON, applied, division, draft, merger, open_round
from tests.world import NOW, REFORM, TODAY

EVE = ON - timedelta(days=1)


def named(name: str, on: date = ON) -> int:
    """The number of the unit of that name on the day."""
    return orgs.search(name, on)[0].unit_id


def minh_son(office: Office, on: date = ON) -> Reform:
    return applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"), on)


def decide(office: Office, kind: Kind, answer: str, **about: object) -> Question:
    question = Question.objects.filter(kind=kind, answered_at__isnull=True, **about).first()
    assert question is not None
    return actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer=answer)


# The preview


def test_the_preview_tells_what_happens_and_leaves_nothing(office: Office):
    reform = draft(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    events, units = Event.objects.count(), Unit.objects.count()
    told = actions.preview(by=office.actor("quantri"), at=NOW, reform=reform)
    assert told.possible
    assert (Event.objects.count(), Unit.objects.count(), Change.objects.filter(on=ON).count()) == (events, units, 0)
    done = actions.apply(by=office.actor("quantri"), at=NOW, reform=reform)
    numbers = ("unit",)

    def plain(summary: dict) -> dict:
        return {
            group: [{key: value for key, value in row.items() if key not in numbers} for row in rows["rows"]]
            for group, rows in summary.items()
        }

    assert plain(told.summary) == plain(done.summary)
    assert sorted(one.label for one in told.questions) == sorted(done.questions.values_list("label", flat=True))


def test_the_preview_names_every_fault_by_its_step(office: Office):
    world = office.world
    steps = [
        Rename(world["binh_minh"], "Xã Mới"),
        Rename(world["cao_son"], " "),
        Close(world["so"]),
    ]
    told = actions.preview(by=office.actor("quantri"), at=NOW, reform=draft(office, steps))
    assert not told.possible
    assert {fault.row for fault in told.faults} == {2, 3}


def test_an_empty_draft_cannot_be_applied(office: Office):
    reform = draft(office, [])
    with pytest.raises(refusals.NothingToApply):
        actions.apply(by=office.actor("quantri"), at=NOW, reform=reform)


def test_a_draft_changed_after_it_was_shown_is_not_applied(office: Office):
    reform = draft(office, [Rename(office.world["binh_minh"], "Xã Mới")])
    with pytest.raises(refusals.ChangedSinceShown):
        actions.apply(by=office.actor("quantri"), at=NOW, reform=reform, seen=NOW - timedelta(minutes=1))


def test_who_manages_only_one_of_the_units_may_not_merge_them(office: Office):
    reform = draft(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"), by="quantri.xa")
    told = actions.preview(by=office.actor("quantri.xa"), at=NOW, reform=reform)
    assert not told.possible
    with pytest.raises(NotAllowed):
        actions.apply(by=office.actor("quantri.xa"), at=NOW, reform=reform)
    assert Reform.objects.get().state == State.DRAFT


# People


def test_who_sat_in_a_merged_commune_acts_for_the_new_one(office: Office):
    minh_son(office)
    new = named("Xã Minh Sơn")
    hoa = office.account["cv.binhminh"]  # sits in an office of the commune, which goes along; her roles were over it
    held = people.positions_of(hoa, TODAY).get()
    actor = people.actor(hoa, held.position_id, TODAY)
    assert people.may(actor, "figure.check", new, TODAY)
    assert people.may(actor, "figure.check", office.world["thcs"], TODAY), "also over what the other commune brought"
    assert not people.may(actor, "figure.check", office.world["yen_lap"], TODAY)
    manager = office.account["quantri.xa"]  # sits in the commune itself
    seat = people.positions_of(manager, TODAY).get()
    assert seat.position.unit_id == new and seat.start == ON
    assert people.may(people.actor(manager, seat.position_id, TODAY), "unit.manage", new, TODAY)


def test_before_the_day_everybody_sits_where_they_sat(office: Office):
    minh_son(office)
    seat = people.positions_of(office.account["quantri.xa"], EVE).get()
    assert seat.position.unit_id == office.world["binh_minh"]


def test_two_heads_for_one_seat_are_asked_about(office: Office):
    reform = minh_son(office)
    new = named("Xã Minh Sơn")
    assert people.head(new, TODAY) is None
    question = reform.questions.get(kind=Kind.LEADER)
    choices = {words.split(",")[0]: value for value, words in question.choices}
    decide(office, Kind.LEADER, choices["Hoàng Văn Cao"])
    head = people.head(new, TODAY)
    assert head is not None and head.account == office.account["ct.caoson"]
    actor = people.actor(head.account, head.position_id, TODAY)
    assert people.may(actor, "task.assign", new, TODAY)
    assert not people.positions_of(office.account["ct.binhminh"], TODAY).exists()


def test_a_question_is_answered_once_and_by_a_choice_of_its_own(office: Office):
    reform = minh_son(office)
    question = reform.questions.get(kind=Kind.LEADER)
    with pytest.raises(refusals.UnknownAnswer):
        actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer="999999")
    decide(office, Kind.LEADER, "0")
    with pytest.raises(refusals.AnsweredAlready):
        actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer=question.choices[0][0])


def test_one_head_among_the_merged_units_goes_along_unasked(office: Office):
    reform = applied(office, merger(office, "binh_minh", "yen_lap", called="Xã Bình Yên"))
    assert not reform.questions.filter(kind=Kind.LEADER).exists()
    head = people.head(named("Xã Bình Yên"), TODAY)
    assert head is not None and head.account == office.account["ct.binhminh"]


def test_who_was_in_charge_of_a_vacant_head_seat_is_in_charge_of_the_new_one(office: Office):
    seat = people_actions.create_position(by=SYSTEM, at=NOW, unit=office.world["yen_lap"], title="Chủ tịch", leads=True)
    people_actions.act_for(
        by=SYSTEM,
        at=NOW,
        on=REFORM,
        position=seat,
        account=office.account["ht.thcs"],
        until=date(2026, 12, 31),
        manner=Manner.IN_CHARGE,
    )
    reform = applied(office, merger(office, "binh_minh", "yen_lap", called="Xã Bình Yên"))
    assert len(reform.questions.get(kind=Kind.LEADER).choices) == 3
    applied(office, merger(office, "cao_son", "phuong_ha", called="Xã Cao Hạ"))
    assert people.head(named("Xã Cao Hạ"), TODAY).account == office.account["ct.caoson"]


def test_the_same_role_over_both_units_is_one_role_over_the_new_one(office: Office):
    seat = office.seat["cv.so"]
    for unit in ("binh_minh", "cao_son"):
        people_actions.grant(by=SYSTEM, at=NOW, on=REFORM, position=seat, role="checker", unit=office.world[unit])
    minh_son(office)
    over = Grant.objects.filter(position=seat, role="checker", end__isnull=True)
    assert [one.unit_id for one in over] == [named("Xã Minh Sơn")]


def test_no_position_of_an_administrator_gets_another_role(office: Office):
    minh_son(office)
    for seat in Position.objects.filter(unit=named("Xã Minh Sơn")):
        roles = set(people.roles_held(seat.pk, TODAY))
        assert "administrator" not in roles or len(roles) == 1


def test_a_unit_that_stays_keeps_its_head_unless_somebody_decides_otherwise(office: Office):
    world = office.world
    reform = applied(office, [Become(world["ban_tru"], world["thcs"])])
    assert people.head(world["thcs"], TODAY).account == office.account["ht.thcs"]
    question = reform.questions.get(kind=Kind.LEADER)
    other = next(value for value, words in question.choices if "ht.bantru" in words)
    decide(office, Kind.LEADER, other)
    assert people.head(world["thcs"], TODAY).account == office.account["ht.bantru"]
    actions.undo(by=office.actor("quantri"), at=NOW, reform=reform, why="Nhầm")
    assert people.head(world["thcs"], TODAY).account == office.account["ht.thcs"]
    assert people.head(world["ban_tru"], TODAY).account == office.account["ht.bantru"]


# Figures


def test_the_new_school_answers_for_the_open_report_of_the_old_one(office: Office):
    world = office.world
    applied(office, merger(office, "thcs", "ban_tru", called="Trường THCS Mới", kind="lower_secondary"))
    report = Report.objects.get(unit=world["thcs"])
    new = named("Trường THCS Mới")
    assert report.duty_id == new
    decide(office, Kind.LEADER, Question.objects.get(kind=Kind.LEADER).choices[0][0])
    head = people.head(new, TODAY)
    actor = people.actor(head.account, head.position_id, TODAY)
    assert set(indicator_queries.reports_due(actor, TODAY)) == set(
        Report.objects.filter(unit__in=[world["thcs"], world["ban_tru"]])
    )
    cell = Cell.objects.get(key="hoc_sinh").pk
    common = {"by": actor, "at": NOW, "on": TODAY, "report_id": report.pk}
    indicators.save_draft(**common, values={cell: Typed("120")})
    indicators.submit(**common)
    report.refresh_from_db()
    assert (report.unit_id, report.state) == (world["thcs"], "submitted")


def test_whoever_judges_the_new_school_judges_the_report_of_the_old_one(office: Office):
    applied(office, merger(office, "mam_non", "tieu_hoc", called="Trường Liên cấp", kind="primary"))
    report = Report.objects.get(unit=office.world["tieu_hoc"])
    actor = _head_of(named("Trường Liên cấp"))
    cell = Cell.objects.get(key="hoc_sinh").pk
    people_actions.grant(by=SYSTEM, at=NOW, on=ON, position=Position.objects.get(pk=actor.position_id), role="typist")
    common = {"at": NOW, "on": TODAY}
    indicators.save_draft(by=actor, **common, report_id=report.pk, values={cell: Typed("120")})
    indicators.submit(by=actor, **common, report_id=report.pk)
    checker = office.actor("cv.binhminh")
    assert report.pk in {one for _, one in indicator_queries.judging(checker, TODAY)}
    indicators.accept(by=checker, **common, report_ids=[report.pk], step=1)
    report.refresh_from_db()
    assert report.state == "accepted"


def _head_of(unit: int):
    head = people.head(unit, TODAY)
    assert head is not None
    return people.actor(head.account, head.position_id, TODAY)


def test_a_round_opened_later_for_an_earlier_period_asks_the_successor(office: Office):
    applied(office, merger(office, "thcs", "ban_tru", called="Trường THCS Mới", kind="lower_secondary"))
    open_round(office, "2024-2025.CN", TODAY)
    report = Report.objects.get(unit=office.world["thcs"], period_code="2024-2025.CN")
    assert report.duty_id == named("Trường THCS Mới")


def test_whoever_became_the_opener_keeps_the_round(office: Office):
    world = office.world
    round_ = indicators.open_round(
        by=SYSTEM,
        at=NOW,
        on=EVE,
        sheet="hoc_ky",
        period_code="2025-2026.HK1",
        opener_id=world["cao_son"],
        hierarchy=TERRITORY,
        due_on=date(2026, 3, 6),
        steps=[indicators.StepSpec(name="Xã kiểm tra", where="opener", due_on=date(2026, 3, 10))],
    )
    minh_son(office)
    hoa = office.actor("cv.binhminh")
    indicators.lock_round(by=hoa, at=NOW, on=TODAY, round_id=round_.pk, reason="Sắp xếp")
    round_.refresh_from_db()
    assert round_.locked_at is not None


# Work


def test_open_work_goes_along(office: Office):
    world = office.world
    reform = minh_son(office)
    new = named("Xã Minh Sơn")
    task = Task.objects.get(title="Rà soát trường lớp")
    assert task.lead_id == new
    assert task.diary.get(kind="PASSED_ON").text == "UBND xã Bình Minh → UBND xã Minh Sơn"
    assert Partner.objects.get().unit_id == new
    meeting = Meeting.objects.get()
    assert meeting.unit_id == new
    assert set(meeting.invitations.values_list("unit_id", flat=True)) == {world["tieu_hoc"], world["cao_son"]}, (
        "the host is not its own guest"
    )
    assert task in work.tasks_for(office.actor("cv.binhminh"), TODAY)
    assert reform.summary["tasks"]["total"] == 1 and reform.summary["meetings"]["total"] == 1


def test_closing_a_unit_asks_who_goes_on(office: Office):
    world = office.world
    reform = applied(office, [Close(world["thcs"])])
    report = Report.objects.get(unit=world["thcs"])
    question = reform.questions.get(kind=Kind.REPORT)
    assert str(world["cao_son"]) in {value for value, _ in question.choices}
    decide(office, Kind.REPORT, str(world["cao_son"]))
    report.refresh_from_db()
    assert report.duty_id == world["cao_son"]
    assert not people.positions_of(office.account["ht.thcs"], TODAY).exists()


# Division


def test_a_division_asks_for_everything_no_rule_decides(office: Office):
    world = office.world
    reform = applied(office, division(office, "binh_minh", "Xã Đông", "Xã Tây"))
    kinds = set(reform.questions.values_list("kind", flat=True))
    assert kinds == {Kind.CHILD, Kind.LEADER, Kind.SEAT, Kind.GRANT, Kind.TASK, Kind.MEETING}
    west = named("Xã Tây")
    decide(office, Kind.CHILD, str(west), unit=world["tieu_hoc"])
    assert orgs.parent(world["tieu_hoc"], MANAGEMENT, TODAY) == west
    decide(office, Kind.TASK, str(west))
    assert Task.objects.get(title="Rà soát trường lớp").lead_id == west
    decide(office, Kind.MEETING, str(west))
    assert Meeting.objects.get().unit_id == west
    decide(office, Kind.LEADER, Question.objects.get(kind=Kind.LEADER, unit=west).choices[0][0], unit=west)
    assert people.head(west, TODAY).account == office.account["ct.binhminh"]
    decide(office, Kind.SEAT, str(west), label__contains="Quản trị xã")
    seat = people.positions_of(office.account["quantri.xa"], TODAY).get()
    assert seat.position.unit_id == west
    assert people.may(people.actor(office.account["quantri.xa"], seat.position_id, TODAY), "unit.manage", west, TODAY)
    decide(office, Kind.GRANT, "all", label__contains="Chuyên viên")
    hoa = office.actor("cv.binhminh")
    assert people.may(hoa, "figure.check", west, TODAY) and people.may(hoa, "figure.check", named("Xã Đông"), TODAY)


def test_the_new_unit_reads_what_the_old_ones_left(office: Office):
    """Their registers, the tasks they had finished, the meetings they had held; a divided unit's go to nobody alone."""
    world = office.world
    line = {"direction": "OUT", "subject": "Kế hoạch", "type": "KH", "issued_on": date(2026, 1, 5)}
    for number, unit in enumerate(("cao_son", "yen_lap"), start=1):
        documents.register(by=SYSTEM, at=NOW, owner_id=world[unit], symbol=f"{number}/KH-UBND", **line)
    new = NewTask(text="Việc đã xong", due="31/1/2026", lead_id=world["cao_son"])
    task = work_actions.assign(by=SYSTEM, at=NOW, unit_id=world["cao_son"], task=new)
    work_actions.propose_done(by=SYSTEM, at=NOW, task=task, text="Xong")
    work_actions.confirm(by=SYSTEM, at=NOW, task=task)
    minh_son(office)
    applied(office, division(office, "yen_lap", "Xã Yên Đông", "Xã Yên Tây"))
    hoa = office.actor("cv.binhminh")
    assert [one.symbol for one in document_queries.for_actor(hoa, TODAY)] == ["1/KH-UBND"]
    task.refresh_from_db()
    assert task.lead_id == world["cao_son"] and task in work.visible_tasks(hoa, TODAY)
    assert document_queries.for_actor(office.actor("quantri"), TODAY).count() == 0, "an administrator reads no papers"


# A day to come


def test_a_planned_reform_passes_open_work_on_when_its_day_has_come(office: Office):
    later = TODAY + timedelta(days=30)
    reform = minh_son(office, later)
    task = Task.objects.get(title="Rà soát trường lớp")
    assert task.lead_id == office.world["binh_minh"] and reform.followed_at is None
    assert people.positions_of(office.account["quantri.xa"], TODAY).get().position.unit_id == office.world["binh_minh"]
    actions.follow(by=SYSTEM, at=NOW, reform=reform)
    task.refresh_from_db()
    assert task.lead_id == office.world["binh_minh"], "not before the day"
    actions.follow(by=SYSTEM, at=NOW + timedelta(days=30), reform=reform)
    task.refresh_from_db()
    assert task.lead_id == named("Xã Minh Sơn", later)
    assert people.positions_of(office.account["quantri.xa"], later).get().position.unit_id == task.lead_id


def test_what_the_day_leaves_open_is_told_to_who_manages_the_units(office: Office):
    later = TODAY + timedelta(days=30)
    reform = applied(office, [Close(office.world["thcs"])], later)
    assert not reform.questions.exists()
    actions.follow(by=SYSTEM, at=NOW + timedelta(days=30), reform=reform)
    assert reform.questions.get().kind == Kind.REPORT
    message = notices.inbox(office.actor("quantri"), later).get()
    assert message.link == f"/sap-xep/{reform.pk}/quyet-dinh/"


def test_the_day_of_planned_reforms_comes_by_a_daily_command(office: Office, monkeypatch: pytest.MonkeyPatch):
    from giaoban.reforms.management.commands import follow_reforms

    later = TODAY + timedelta(days=30)
    reform = minh_son(office, later)
    monkeypatch.setattr(follow_reforms, "now", lambda: NOW + timedelta(days=31))
    for _again in range(2):
        call_command("follow_reforms", stdout=StringIO())
    reform.refresh_from_db()
    assert reform.followed_at == NOW + timedelta(days=31)


def test_open_reports_and_work_pass_on_through_one_merger_after_another(office: Office):
    world = office.world
    applied(office, merger(office, "thcs", "ban_tru", called="Trường Mới", kind="lower_secondary"))
    first = named("Trường Mới")
    steps = [
        Establish(key="k", kind="lower_secondary", name="Trường Mới Nữa", parents={TERRITORY: world["cao_son"]}),
        Become(first, "k"),
        Become(world["tieu_hoc"], "k"),
    ]
    applied(office, steps, ON + timedelta(days=3))
    last = named("Trường Mới Nữa", TODAY)
    assert set(
        Report.objects.filter(unit__in=[world["thcs"], world["tieu_hoc"]]).values_list("duty_id", flat=True)
    ) == {last}
    assert heirs([world["thcs"], first, last], TODAY) == {world["thcs"]: last, first: last}


def test_a_reform_is_applied_once(office: Office):
    reform = minh_son(office)
    with pytest.raises(refusals.NotADraft):
        actions.apply(by=office.actor("quantri"), at=NOW, reform=reform)


# A school's sites


def test_a_site_is_opened_moved_and_closed_by_the_same_verbs(office: Office):
    world = office.world
    both = {TERRITORY: world["tieu_hoc"], MANAGEMENT: world["tieu_hoc"]}
    applied(office, [Establish(key="suoi", kind="school_site", name="Điểm trường Suối Mới", parents=both)])
    site = named("Điểm trường Suối Mới")
    assert orgs.parent(site, TERRITORY, TODAY) == world["tieu_hoc"]
    applied(
        office, [Move(site, TERRITORY, world["mam_non"]), Move(site, MANAGEMENT, world["mam_non"])], ON + timedelta(2)
    )
    assert orgs.parent(site, MANAGEMENT, TODAY) == world["mam_non"]
    applied(office, [Close(site)], ON + timedelta(days=4))
    assert not orgs.exists(site, TODAY)


def test_nothing_of_it_is_lost(office: Office):
    """Holdings are never overwritten: each that ended goes on in one of the new seats, or is asked about."""
    open_ones = Holding.objects.filter(end__isnull=True).count()
    reform = minh_son(office)
    heads = len(reform.questions.get(kind=Kind.LEADER).choices) - 1
    assert Holding.objects.filter(end__isnull=True).count() == open_ones - heads
    assert not Invitation.objects.filter(unit=named("Xã Minh Sơn")).exists()


def test_the_preview_counts_the_figures_that_become_estimates_and_the_plans_that_lapse(office: Office):
    """Figures that a divided commune reported itself; those of the schools below stay exact and are not counted."""
    world = office.world
    system = {"by": SYSTEM, "at": NOW}
    indicators.define_element(**system, code="dan_so", name="Dân số", unit="người", stock=True)
    indicators.define_indicator(
        **system, code="ty_le", name="Tỷ lệ", unit="%", expression="hoc_sinh / dan_so", start=REFORM, direction="up"
    )
    lines = [indicators.LineSpec(cell="dan_so")]
    indicators.publish_sheet(**system, code="xa", name="Báo cáo xã", kinds=["commune"], lines=lines)
    round_ = indicators.open_round(
        **system,
        on=TODAY,
        sheet="xa",
        period_code="2025",
        opener_id=world["province"],
        hierarchy=MANAGEMENT,
        due_on=date(2026, 3, 6),
        steps=[indicators.StepSpec(name="Tỉnh", where="opener", due_on=date(2026, 3, 10))],
    )
    report = Report.objects.get(round=round_, unit=world["cao_son"])
    common = {**system, "on": TODAY}
    cell = Cell.objects.get(key="dan_so").pk
    indicators.save_draft(**common, report_id=report.pk, values={cell: Typed("4000")})
    indicators.submit(**common, report_id=report.pk)
    indicators.accept(**common, report_ids=[report.pk], step=1)
    reform = draft(office, division(office, "cao_son", "Xã Cao Đông", "Xã Cao Tây"))
    told = actions.preview(by=office.actor("quantri"), at=NOW, reform=reform)
    assert told.summary["estimated"]["rows"] == [{"name": "Xã Cao Sơn", "cells": 1, "periods": 1}]
    assert any(one.kind == Kind.REPORT for one in told.questions), "the round is open: who answers further?"
