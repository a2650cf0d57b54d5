"""A document sent on: obligations of the units that exist, two lines of one paper, the day of each level, receipts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.documents import actions, queries
from giaoban.documents.models import Addressee, Document, Line
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.actions import Founding
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from tests.rooms.work.world import TODAY, World, at

BORN = date(2026, 1, 10)


def paper(owner: int, **changes: Any) -> Document:
    """The same paper of the province, as each register keeps it."""
    given: dict[str, Any] = {
        "owner_id": owner,
        "direction": "IN",
        "symbol": "45/KH-UBND",
        "issued_on": date(2026, 1, 5),
    }
    given |= {"subject": "Kế hoạch phổ cập", "issuer_text": "UBND tỉnh Thử Nghiệm", "received_on": date(2026, 1, 6)}
    return actions.register(by=SYSTEM, at=at(), **{**given, **changes})


@pytest.fixture
def young(world: World) -> int:
    """A school that was founded after the paper was issued."""
    parents = {TERRITORY: world.suoi, MANAGEMENT: world.suoi, PROFESSIONAL: world.so}
    founding = Founding(kind="lower_secondary", name="Trường THCS Mới", parents=parents)
    return orgs.establish_many(by=SYSTEM, at=at(BORN), on=BORN, foundings=[founding])[0].pk


def test_every_unit_of_a_kind_that_exists_that_day_is_obliged(world: World, young: int) -> None:
    found = paper(world.suoi)
    levels = [
        actions.Level(["lower_secondary"], date(2026, 2, 15)),
        actions.Level(["culture_society_office"], date(2026, 1, 31)),
    ]
    actions.send_down(by=world.van_thu, at=at(), document=found, levels=levels)
    rows = Addressee.objects.values_list("unit_id", "must_issue", "due_on")
    assert set(rows) == {(world.thcs, True, date(2026, 2, 15)), (world.vhxh, True, date(2026, 1, 31))}
    late = queries.cascade(SYSTEM, found, date(2026, 2, 3)).duties
    assert [(duty.unit_id, duty.state, duty.days_late) for duty in late] == [
        (world.vhxh, "late", 3),
        (world.thcs, "waiting", 0),
    ]


def test_a_group_leaves_out_who_is_not_there_and_a_name_is_refused(world: World, young: int) -> None:
    found = paper(world.suoi)
    actions.address(by=SYSTEM, at=at(), document=found, group_ids=[young, world.thcs])
    assert [each.unit_id for each in Addressee.objects.all()] == [world.thcs]
    with pytest.raises(actions.NotInForce):
        actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[young])
    assert Addressee.objects.count() == 1


def test_the_same_paper_by_two_lines_is_one_obligation_with_the_earlier_day(world: World) -> None:
    of_so, of_commune = paper(world.so), paper(world.suoi)
    due, earlier = date(2026, 3, 1), date(2026, 2, 10)
    actions.address(by=SYSTEM, at=at(), document=of_so, unit_ids=[world.thcs], must_issue=True, due_on=due)
    actions.address(by=SYSTEM, at=at(), document=of_commune, unit_ids=[world.thcs], must_issue=True, due_on=earlier)
    sent = Addressee.objects.get()
    assert sent.due_on == earlier
    assert [(line.sender_id, line.due_on) for line in Line.objects.order_by("pk")] == [
        (world.so, due),
        (world.suoi, earlier),
    ]
    for register in (of_so, of_commune):  # each sender sees the one obligation, and both ways
        (duty,) = queries.cascade(SYSTEM, register, TODAY).duties
        assert (duty.due_on, len(duty.ways)) == (earlier, 2)
    told = Message.objects.filter(unit_id=world.thcs).order_by("pk")
    assert [each.subject.split(":")[0] for each in told] == ["Văn bản đến", "Văn bản đã có, gửi thêm"]
    assert told[1].link == of_so.get_absolute_url()  # the paper the school can open
    assert [each.document_id for each in queries.unreceived(world.hieu_truong, TODAY)] == [of_so.pk]


def test_another_bodys_paper_with_the_same_number_is_another_obligation(world: World) -> None:
    one = paper(world.suoi, issuer_id=world.suoi)
    other = paper(world.doi, issuer_id=world.doi)
    for each in (one, other):
        actions.address(by=SYSTEM, at=at(), document=each, unit_ids=[world.thcs])
    assert Addressee.objects.count() == 2


def test_a_receipt_bears_name_and_time_and_is_given_once(world: World) -> None:
    found = paper(world.suoi)
    actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[world.thcs])
    actions.receive(by=world.hieu_truong, at=at(), document=found, unit_id=world.thcs)
    actions.receive(by=SYSTEM, at=at(hour=15), document=found, unit_id=world.thcs)
    (duty,) = queries.cascade(SYSTEM, found, TODAY).duties
    assert (duty.received_by, duty.received_at) == ("Lý Thị Trung", at())


def test_sending_again_changes_the_day_of_its_own_line(world: World) -> None:
    found = paper(world.suoi)
    actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[world.thcs])
    actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[world.thcs], must_issue=True, due_on=TODAY)
    assert (Addressee.objects.get().due_on, Line.objects.get().due_on) == (TODAY, TODAY)
    with pytest.raises(actions.DueBeforeIssue):
        actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[world.doi], due_on=date(2025, 12, 31))


def test_a_day_put_right_is_put_right_for_every_unit(world: World) -> None:
    wrong, right = date(2026, 2, 1), date(2026, 3, 1)
    found = paper(world.suoi, plan_due_on=wrong, addressee_ids=[world.thcs, world.tieu_hoc])
    actions.address(by=SYSTEM, at=at(), document=found, unit_ids=[world.vhxh], must_issue=True, due_on=TODAY)
    actions.correct(by=SYSTEM, at=at(), document=found, reason="Gõ nhầm", plan_due_on=right)
    due = dict(Addressee.objects.values_list("unit_id", "due_on"))
    assert due == {world.thcs: right, world.tieu_hoc: right, world.vhxh: TODAY}


def test_many_units_take_no_more_questions_than_few(
    world: World, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = paper(world.suoi)
    units = [world.thcs, world.tieu_hoc, world.mam_non, world.thcs_doi, world.vhxh, world.kinhte, world.doi]
    with django_assert_max_num_queries(30):
        actions.address(by=SYSTEM, at=at(), document=found, unit_ids=units)
    for number, unit in enumerate(units, 1):
        plan = paper(unit, direction="OUT", symbol=f"{number:02d}/KH-TH", issuer_text="", received_on=None)
        actions.link(by=SYSTEM, at=at(), source=plan, target=found, kind="implements")
    with django_assert_max_num_queries(40):
        tree = queries.cascade(SYSTEM, found, TODAY)
    assert (len(tree.root.below), tree.issued, tree.root.plans) == (7, 7, queries.Part(7, 7))
    assert tree.root.receipt == queries.Part(0, 7)
