"""Tasks of many: confirming at once, partners' own days, requests answered, who is named, what proves it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents.models import Document
from giaoban.indicators.models import Indicator
from giaoban.journal.queries import history
from giaoban.notices.models import Message
from giaoban.work import actions, queries, refusals, refusals_tasks
from giaoban.work.models import Evidence, Partner, Task
from giaoban.work.queries import linked
from tests.rooms.work.test_work_tasks import give
from tests.rooms.work.world import TODAY, World, at

DAY = date(2026, 1, 20)


def group(world: World) -> tuple[Task, dict[int, Task]]:
    whole = give(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc, world.mam_non), group="Các trường")
    return whole, {each.lead_id or 0: each for each in whole.parts.all()}


def test_all_proposed_are_confirmed_at_once_with_their_own_days(world: World) -> None:
    whole, parts = group(world)
    for by, unit, day in ((world.hieu_truong, world.thcs, 15), (world.hieu_truong_th, world.tieu_hoc, 16)):
        actions.propose_done(by=by, at=at(date(2026, 1, day)), task=parts[unit], text="Đã xong")
    chosen = [parts[world.thcs].pk, parts[world.tieu_hoc].pk]
    with pytest.raises(NotAllowed):
        actions.confirm_all(by=world.hieu_truong, at=at(DAY), whole=whole, part_ids=chosen)
    with pytest.raises(refusals_tasks.NothingChosen):
        actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=[])
    with pytest.raises(refusals_tasks.NotProposedAll):
        actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=[*chosen, parts[world.mam_non].pk])
    assert queries.roll_up(whole, DAY).done == 0  # none of them
    actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=chosen)
    days = dict(whole.parts.values_list("lead_id", "completed_on"))
    assert days == {world.thcs: date(2026, 1, 15), world.tieu_hoc: date(2026, 1, 16), world.mam_non: None}
    assert parts[world.thcs].diary.filter(kind="CONFIRMED").count() == 1
    assert history(whole).filter(verb="task.confirm_all").get().data["parts"] == sorted(chosen)
    told = Message.objects.filter(subject__startswith="Đã xác nhận hoàn thành")
    assert {each.unit_id for each in told} == {world.thcs, world.tieu_hoc}
    with pytest.raises(refusals_tasks.NotProposedAll):
        actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=chosen)  # confirmed meanwhile


def test_many_are_confirmed_in_as_many_statements_as_two(world: World, django_assert_max_num_queries: Any) -> None:
    schools = (world.thcs, world.tieu_hoc, world.mam_non, world.kinhte, world.vhxh)
    numbers = []
    for units in (schools[:2], schools):
        whole = give(world, lead_id=None, part_ids=units)
        whole.parts.update(proposed_at=at())
        chosen = list(whole.parts.values_list("pk", flat=True))
        with django_assert_max_num_queries(10_000) as captured:
            actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=chosen)
        numbers.append(len(captured))
    assert numbers[1] <= numbers[0] + 2, numbers


def test_parts_of_another_task_are_not_confirmed_with_it(world: World) -> None:
    whole, _ = group(world)
    stranger = give(world)
    actions.propose_done(by=world.hieu_truong, at=at(), task=stranger, text="Đã xong")
    with pytest.raises(refusals_tasks.NotProposedAll):
        actions.confirm_all(by=world.chu_tich, at=at(DAY), whole=whole, part_ids=[stranger.pk])


def test_a_partner_has_an_own_day_where_its_part_names_one(world: World) -> None:
    task = give(
        world,
        partner_ids=(world.kinhte, world.tieu_hoc),
        partner_parts={world.kinhte: "lập dự toán, trước 20/01/2026", world.tieu_hoc: "cử người"},
    )
    days = dict(Partner.objects.filter(task=task).values_list("unit_id", "due_on"))
    assert days == {world.kinhte: date(2026, 1, 20), world.tieu_hoc: None}
    late = {each.unit_id: each.days_late(date(2026, 1, 22)) for each in task.partners.all()}
    assert late == {world.kinhte: 2, world.tieu_hoc: 0}
    actions.answer_as_partner(
        by=world.hieu_truong_th, at=at(), task=task, unit_id=world.tieu_hoc, answer="Đã cử 01 giáo viên"
    )
    assert Partner.objects.get(task=task, unit_id=world.tieu_hoc).days_late(date(2026, 3, 1)) == 0


def test_a_request_has_an_answer_an_order_has_none(world: World) -> None:
    asked = give(world, lead_id=world.thcs_doi)
    assert asked.relation == "ASK"
    with pytest.raises(NotAllowed):
        actions.reply_to_request(by=world.hieu_truong, at=at(), task=asked, accepted=True)
    with pytest.raises(refusals.Required):
        actions.reply_to_request(by=world.hieu_truong_doi, at=at(), task=asked, accepted=False)
    reply = actions.reply_to_request(by=world.hieu_truong_doi, at=at(), task=asked, accepted=False, text="Thiếu người")
    assert (reply.accepted, reply.text) == (False, "Thiếu người")
    with pytest.raises(refusals_tasks.RequestAnsweredAlready):
        actions.reply_to_request(by=world.hieu_truong_doi, at=at(), task=asked, accepted=True)
    with pytest.raises(refusals_tasks.NotARequest):
        actions.reply_to_request(by=world.hieu_truong, at=at(), task=give(world), accepted=True)


def test_the_leader_in_charge_is_named_and_renamed(world: World) -> None:
    task = give(world, leader="Phó Hiệu trưởng Lò Thị Hoa")
    assert task.leader == "Phó Hiệu trưởng Lò Thị Hoa"
    task = actions.take_up(
        by=world.hieu_truong, at=at(), task=task, officer_id=world.giao_vien.position_id, leader="Lý Thị Trung"
    )
    assert (task.leader, task.officer_id) == ("Lý Thị Trung", world.giao_vien.position_id)
    assert task.diary.get(kind="TAKEN_UP").text == "Giáo viên; Lý Thị Trung"
    assert actions.take_up(by=world.hieu_truong, at=at(), task=task).leader == "Lý Thị Trung"


def test_a_later_version_of_evidence_replaces_the_earlier_and_keeps_it(world: World) -> None:
    task = give(world)

    def prove(name: str, replaces: int | None = None) -> Evidence:
        actions.report_progress(
            by=world.hieu_truong, at=at(), task=task, text="Gửi", file=(name, name.encode()), replaces=replaces
        )
        return Evidence.objects.latest("pk")

    first = prove("bao-cao.docx")
    second = prove("bao-cao-2.docx", first.pk)
    other = prove("anh.jpg")
    assert linked.evidence_of(task) == [[other], [second, first]]
    with pytest.raises(refusals_tasks.EvidenceElsewhere):
        prove("bao-cao-3.docx", first.pk)  # replaced already
    with pytest.raises(refusals_tasks.EvidenceElsewhere):
        actions.report_progress(
            by=world.hieu_truong_th,
            at=at(),
            task=give(world, lead_id=world.tieu_hoc),
            text="x",
            evidence_text="y",
            replaces=other.pk,
        )


def test_a_task_names_the_indicator_it_moves(world: World) -> None:
    Indicator.objects.create(code="ti_le_thu", name="Tỉ lệ huy động thử", unit="%")
    task = give(world, indicator="ti_le_thu")
    whole = give(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc), indicator="ti_le_thu")
    assert {each.pk for each in linked.tasks_of_indicator(world.chu_tich, "ti_le_thu", TODAY)} == {task.pk, whole.pk}
    assert {each.indicator_id for each in whole.parts.all()} == {"ti_le_thu"}
    assert not linked.tasks_of_indicator(world.chu_tich_doi, "ti_le_thu", TODAY).exists()
    with pytest.raises(refusals_tasks.NotAnIndicator):
        give(world, indicator="khong_co")


def test_a_report_names_the_tasks_it_proves(world: World) -> None:
    task = give(world)
    document = Document.objects.create(
        owner_unit_id=world.thcs,
        direction="OUT",
        symbol="3/BC-THCS",
        issued_on=TODAY,
        issuer_unit_id=world.thcs,
        issuer_text="Trường THCS Suối Thử",
        subject="Báo cáo",
        registered_at=at(),
    )
    actions.report_progress(by=world.hieu_truong, at=at(), task=task, text="Đã báo cáo", evidence_document=document)
    assert list(linked.tasks_proved_by(world.chu_tich, document, TODAY)) == [task]
