"""Undoing is the identity, and is refused while anything newer rests on what was done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from giaoban.core.refusal import Invalid
from giaoban.documents import actions as documents
from giaoban.documents.models import Addressee
from giaoban.indicators import actions as indicators
from giaoban.indicators.actions import Typed
from giaoban.indicators.models import Cell, Report
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions as notices
from giaoban.notices.models import Message
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Closure, Snapshot
from giaoban.people import actions as people_actions
from giaoban.people import queries as people
from giaoban.people.models import Account, Grant, Holding, Position
from giaoban.reforms import actions, refusals
from giaoban.reforms.models import Kind, Reform, State
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Invitation, Meeting, Partner, Progress, Task
from tests.rooms.people.office import Office
from tests.rooms.reforms.decrees import ON, applied, division, merger, open_round
from tests.world import NOW, TODAY

TABLES = [
    *(Snapshot, Closure, Holding, Grant, Account, Report, Task, Partner, Progress, Meeting, Invitation, Addressee),
    Message,
]
DERIVED = {Snapshot, Closure}  # rebuilt: their own numbers mean nothing


def everything() -> dict[str, list[Any]]:
    """What any question of any room is answered from."""
    found = {}
    for table in TABLES:
        without = {"id"} if table in DERIVED else set()
        names = [one.attname for one in table._meta.concrete_fields if one.attname not in without]
        found[table.__name__] = sorted(map(str, table.objects.values_list(*names)))
    return found


def undo(reform: Reform, office: Office, why: str = "Nhầm") -> Reform:
    return actions.undo(by=office.actor("quantri"), at=NOW + timedelta(hours=1), reform=reform, why=why)


def papers(office: Office) -> None:
    """A document on its way to a commune that ends, and unread messages to a unit and a seat."""
    world = office.world
    documents.register(
        by=SYSTEM,
        at=NOW,
        owner_id=world["province"],
        direction="OUT",
        symbol="5/KH-UBND",
        subject="Kế hoạch",
        issued_on=date(2026, 1, 5),
        type="KH",
        addressee_ids=[world["binh_minh"], world["cao_son"]],
    )
    notices.send(by=SYSTEM, at=NOW, to_position=office.seat["ct.binhminh"], subject="Nhắc")


@pytest.mark.parametrize("divided", [False, True])
def test_applying_and_undoing_is_the_identity_of_every_answer(office: Office, divided: bool):
    papers(office)
    before = everything()
    if divided:
        reform = applied(office, division(office, "binh_minh", "Xã Đông", "Xã Tây"))
    else:
        reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    assert everything() != before
    for question in reform.questions.all():
        answer = next(value for value, _ in question.choices if value != "0")
        actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer=answer)
    reform = undo(reform, office)
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()
    assert (reform.state, reform.undone_why) == (State.UNDONE, "Nhầm")


@pytest.mark.parametrize("comes", [False, True])
def test_a_planned_one_is_undone_before_or_after_its_day(office: Office, comes: bool):
    papers(office)
    before = everything()
    later = TODAY + timedelta(days=30)
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"), later)
    if comes:
        actions.follow(by=SYSTEM, at=NOW + timedelta(days=30), reform=reform)
    actions.undo(by=SYSTEM, at=NOW + timedelta(days=31), reform=reform, why="Nhầm")
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()


def test_it_can_be_prepared_again_and_applied(office: Office):
    reform = undo(applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn")), office)
    again = actions.again(by=office.actor("quantri"), at=NOW, reform=reform)
    assert again.state == State.DRAFT
    assert actions.apply(by=office.actor("quantri"), at=NOW, reform=again).state == State.APPLIED


def test_undoing_asks_why(office: Office):
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    with pytest.raises(refusals.ReasonNeeded):
        undo(reform, office, why=" ")


def test_what_is_undone_is_not_undone_twice(office: Office):
    reform = undo(applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn")), office)
    with pytest.raises(refusals.NotApplied):
        undo(reform, office)


def _appointed(office: Office, new: int) -> None:
    people_actions.create_position(by=SYSTEM, at=NOW, unit=new, title="Chuyên viên")


def _handed_over(office: Office, new: int) -> None:
    seat = Position.objects.get(unit=new, title="Quản trị xã")
    people_actions.hand_over(by=SYSTEM, at=NOW, position=seat, to=office.account["ht.thcs"])


def _granted(office: Office, new: int) -> None:
    people_actions.grant(by=SYSTEM, at=NOW, position=office.seat["cv.so"], role="checker", unit=new)


def _tasked(office: Office, new: int) -> None:
    work.assign(
        by=SYSTEM, at=NOW, unit_id=office.world["province"], task=NewTask(text="Mới", due="30/4/2026", lead_id=new)
    )


def _worked(office: Office, new: int) -> None:
    work.report_progress(by=SYSTEM, at=NOW, task=Task.objects.get(title="Rà soát trường lớp"), text="Đang làm")


def _met(office: Office, new: int) -> None:
    common = {"kind": "giao_ban", "title": "Họp mới", "starts_at": NOW, "chair_name": "Chủ trì"}
    work.plan_meeting(by=SYSTEM, at=NOW, unit_id=new, **common)


def _written(office: Office, new: int) -> None:
    documents.register(
        by=SYSTEM,
        at=NOW,
        owner_id=new,
        direction="OUT",
        symbol="1/KH-UBND",
        subject="Kế hoạch",
        type="KH",
        issued_on=TODAY,
    )


def _opened(office: Office, new: int) -> None:
    indicators.open_round(
        by=SYSTEM, at=NOW, on=TODAY, sheet="hoc_ky", period_code="2025-2026.CN", opener_id=new, hierarchy="TERRITORY",
        due_on=date(2026, 7, 6), steps=[indicators.StepSpec(name="Xã", where="opener", due_on=date(2026, 7, 10))],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("newer", "refusal"),
    [
        (_appointed, "NewerPeople"),
        (_handed_over, "NewerPeople"),
        (_granted, "NewerPeople"),
        (_tasked, "NewerTasks"),
        (_worked, "NewerProgress"),
        (_met, "NewerMeetings"),
        (_written, "NewerDocuments"),
        (_opened, "NewerRounds"),
    ],
)
def test_it_is_refused_while_something_newer_rests_on_it(office: Office, newer: Any, refusal: str):
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    newer(office, orgs.search("Xã Minh Sơn", TODAY)[0].unit_id)
    before = everything()
    with pytest.raises(Invalid) as caught:
        undo(reform, office)
    assert refusal in {type(fault).__name__ for fault in caught.value.faults}
    assert everything() == before


def test_it_is_refused_once_the_successor_has_typed_into_a_report(office: Office):
    reform = applied(office, merger(office, "thcs", "ban_tru", called="Trường Mới", kind="lower_secondary"))
    report = Report.objects.get(unit=office.world["thcs"])
    cell = Cell.objects.get(key="hoc_sinh").pk
    indicators.save_draft(by=SYSTEM, at=NOW, on=TODAY, report_id=report.pk, values={cell: Typed("12")})
    with pytest.raises(Invalid) as caught:
        undo(reform, office)
    assert [type(fault).__name__ for fault in caught.value.faults] == ["NewerFigures"]


def test_it_is_refused_once_the_new_school_was_asked_itself(office: Office):
    reform = applied(office, merger(office, "thcs", "ban_tru", called="Trường Mới", kind="lower_secondary"))
    open_round(office, "2025-2026.CN", TODAY, date(2026, 7, 6))
    with pytest.raises(Invalid) as caught:
        undo(reform, office)
    assert "NewerReports" in {type(fault).__name__ for fault in caught.value.faults}


def test_a_later_change_of_the_new_unit_is_named_by_orgs(office: Office):
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    new = orgs.search("Xã Minh Sơn", TODAY)[0].unit_id
    from giaoban.orgs.decree import Rename

    applied(office, [Rename(new, "Xã Khác")], ON + timedelta(days=2))
    with pytest.raises(Exception, match="Xã"):
        undo(reform, office)
    assert Reform.objects.get(pk=reform.pk).state == State.APPLIED


def test_after_undoing_people_act_where_they_acted(office: Office):
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    question = reform.questions.get(kind=Kind.LEADER)
    actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer=question.choices[0][0])
    undo(reform, office)
    seat = people.positions_of(office.account["ct.binhminh"], TODAY).get()
    assert seat.position == office.seat["ct.binhminh"]
    actor = people.actor(office.account["ct.binhminh"], seat.position_id, TODAY)
    assert people.may(actor, "task.assign", office.world["binh_minh"], TODAY)
