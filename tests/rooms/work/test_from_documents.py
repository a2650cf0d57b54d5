"""What a document's sentences become: passages, a group that fans out and rolls up as one."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.work import actions, queries, refusals
from giaoban.work.actions import NewTask
from giaoban.work.models import Partner, Passage, Task
from tests.rooms.work.world import TODAY, World, at

TEXT = "Rà soát đội ngũ giáo viên.\nCác trường rà soát đội ngũ.\nBáo cáo kết quả về xã."
FIRST, SECOND = (0, 26), (27, 54)


@pytest.fixture
def document(world: World) -> Document:
    return documents.register(
        by=world.chuyen_vien, at=at(), owner_id=world.suoi, direction="OUT", symbol="15/KH-UBND", subject="Kế hoạch",
        issued_on=date(2026, 1, 9), text=TEXT,
    )  # fmt: skip


def give(world: World, document: Document, **changes) -> Task:
    spans = changes.pop("spans", [FIRST])
    new = {"text": "Rà soát đội ngũ", "due": "30/01/2026"} | changes
    (start, end), *more = spans
    return actions.assign(
        by=world.chu_tich, at=at(), unit_id=world.suoi, task=NewTask(**new), document=document, start=start, end=end,
        passages=more,
    )  # fmt: skip


def test_a_task_keeps_every_passage_and_a_part_has_its_wholes(world: World, document: Document) -> None:
    whole = give(world, document, part_ids=(world.thcs, world.tieu_hoc), spans=[FIRST, SECOND, SECOND])
    expected = [(document.pk, *FIRST), (document.pk, *SECOND)]
    assert queries.passages(whole) == expected
    assert queries.passages(Task.objects.filter(parent=whole).first()) == expected
    assert Passage.objects.count() == 1


def test_passages_outside_the_text_are_refused(world: World, document: Document) -> None:
    with pytest.raises(refusals.OutsideText):
        give(world, document, lead_id=world.thcs, spans=[FIRST, (50, 900)])


def test_tasks_are_found_by_any_of_their_passages(world: World, document: Document) -> None:
    task = give(world, document, lead_id=world.thcs, spans=[FIRST, SECOND])
    found = queries.passages_of(world.chu_tich, [document.pk], TODAY)
    assert sorted(found) == [(task.pk, document.pk, *FIRST), (task.pk, document.pk, *SECOND)]
    assert list(queries.tasks_of_text(world.chu_tich, document, TODAY)) == [task]
    assert queries.passages_of(world.chu_tich_doi, [document.pk], TODAY) == []


def test_who_directs_is_kept_on_the_whole_and_its_parts(world: World, document: Document) -> None:
    whole = give(world, document, part_ids=(world.thcs, world.tieu_hoc), leader="Phó Chủ tịch UBND xã")
    assert {task.leader for task in Task.objects.all()} == {"Phó Chủ tịch UBND xã"} and whole.leader


def test_a_group_becomes_a_task_for_each_unit_with_its_own_ground_and_partners(
    world: World, document: Document
) -> None:
    whole = give(
        world, document, part_ids=(world.thcs, world.tieu_hoc, world.thcs_doi), partner_ids=(world.tieu_hoc, world.vhxh)
    )
    parts = {part.lead_id: part for part in Task.objects.filter(parent=whole)}
    assert {lead: part.relation for lead, part in parts.items()} == {
        world.thcs: "ASSIGN", world.tieu_hoc: "ASSIGN", world.thcs_doi: "ASK",
    }  # fmt: skip
    assert all(part.binds_on == TODAY and part.document_id == document.pk for part in parts.values())
    partners = {lead: set(part.partners.values_list("unit_id", flat=True)) for lead, part in parts.items()}
    assert partners[world.thcs] == {world.tieu_hoc, world.vhxh}
    assert partners[world.tieu_hoc] == {world.vhxh}  # nobody is their own partner
    assert Partner.objects.filter(task=whole).count() == 2


def test_the_whole_rolls_up_states_progress_and_each_confirmation(world: World, document: Document) -> None:
    whole = give(world, document, part_ids=(world.thcs, world.tieu_hoc))
    first, second = Task.objects.filter(parent=whole).order_by("lead_id")
    by = {world.thcs: world.hieu_truong, world.tieu_hoc: world.hieu_truong_th}
    assert queries.progress(whole) == 0
    actions.report_progress(by=by[first.lead_id], at=at(), task=first, text="Đang làm", percent=50)
    assert queries.progress(whole) == 25
    actions.propose_done(by=by[first.lead_id], at=at(), task=first, text="Xong")
    actions.confirm(by=world.chu_tich, at=at(), task=first)
    counts = queries.roll_up(whole, TODAY)
    assert (counts.done, counts.total) == (1, 2) and queries.progress(whole) == 50
    with pytest.raises(refusals.Whole):
        actions.confirm(by=world.chu_tich, at=at(), task=whole)
    assert queries.roll_up(whole, TODAY + timedelta(days=60)).open_overdue == 1
    actions.call_off(by=world.chu_tich, at=at(), task=second, reason="Giao nhầm")
    assert (queries.roll_up(whole, TODAY + timedelta(days=1)).total, queries.progress(whole)) == (1, 100)


def test_a_group_of_many_is_written_in_few_statements(world: World, document: Document) -> None:
    def statements(**changes) -> int:
        with CaptureQueriesContext(connection) as asked:
            give(world, document, **changes)
        return len([one for one in asked if re.search("work_(?:task|partner)", one["sql"] or "")])

    two = statements(part_ids=(world.thcs, world.tieu_hoc), partner_ids=(world.vhxh,))
    four = statements(part_ids=(world.thcs, world.tieu_hoc, world.thcs_doi, world.mam_non), partner_ids=(world.vhxh,))
    assert four <= two + 4  # two more units: at most whom to tell of each
