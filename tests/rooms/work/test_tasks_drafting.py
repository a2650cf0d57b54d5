"""Drafting for another's signature: draft, comments, submitted, issued; done when issued."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.journal.queries import history
from giaoban.notices.models import Message
from giaoban.work import actions, queries, refusals, refusals_tasks
from giaoban.work.models import DraftComment, Drafting, Task
from giaoban.work.queries import drafting
from tests.rooms.work.test_work_tasks import give
from tests.rooms.work.world import TODAY, World, at

FILE = ("du-thao.docx", b"noi dung du thao")
DAY = date(2026, 1, 20)


def drafted(world: World, **changes: Any) -> Task:
    """The commune's chair has the office of culture draft a plan that the commune issues."""
    of = {"lead_id": world.vhxh, "deliverable": "Kế hoạch phổ cập", "issuer_id": world.suoi, **changes}
    return give(world, text="Tham mưu kế hoạch phổ cập", **of)


def with_version(world: World, task: Task, name: str = "du-thao.docx", day: date = TODAY) -> Any:
    return actions.add_version(by=world.truong_phong, at=at(day), task=task, file=(name, name.encode()), note="Bản mới")


def ask(world: World, task: Task, *units: int, due_on: date = DAY) -> list[DraftComment]:
    return actions.ask_comments(by=world.truong_phong, at=at(), task=task, unit_ids=units, due_on=due_on)


def submitted(world: World, task: Task, day: date = TODAY) -> Task:
    return actions.submit_draft(by=world.truong_phong, at=at(day), task=task, text="Kính trình")


def plan(world: World, symbol: str = "12/KH-UBND", issued_on: date = date(2026, 1, 26), **more: Any) -> Document:
    fields = {"issuer_unit": world.suoi, "owner": world.suoi, "by": world.van_thu} | more
    return documents.register(
        by=fields["by"],
        at=at(issued_on),
        owner_id=fields["owner"],
        direction="OUT",
        symbol=symbol,
        issued_on=issued_on,
        issuer_id=fields["issuer_unit"],
        issuer_text="UBND xã Suối Thử",
        subject="Kế hoạch phổ cập giáo dục",
    )


def test_the_stages_follow_from_what_is_done(world: World) -> None:
    task = drafted(world)
    stage = lambda: Drafting.objects.get(task=task).stage  # noqa: E731
    assert stage() == "DRAFT"
    with_version(world, task)
    ask(world, task, world.kinhte)
    assert stage() == "COMMENTS"
    submitted(world, task)
    assert stage() == "SUBMITTED"
    issued = actions.issue_draft(by=world.van_thu, at=at(date(2026, 1, 27)), task=task, document=plan(world))
    assert stage() == "ISSUED"
    # the day on the document, neither that of the submission nor that of the entry
    assert issued.completed_on == date(2026, 1, 26)
    kinds = list(task.diary.values_list("kind", flat=True))
    assert kinds == ["DRAFTED", "COMMENTING", "SUBMITTED", "ISSUED"]
    assert {"task.draft", "task.ask_comments", "task.submit_draft", "task.issue_draft"} <= {
        each.verb for each in history(task)
    }


def test_it_is_done_by_nothing_but_its_issue(world: World) -> None:
    task = drafted(world)
    with pytest.raises(refusals_tasks.DoneWhenIssued):
        actions.propose_done(by=world.truong_phong, at=at(), task=task, text="Xong")
    with pytest.raises(refusals_tasks.NoDraft):
        submitted(world, task)
    with_version(world, task)
    with pytest.raises(refusals_tasks.NotSubmitted):
        actions.issue_draft(by=world.van_thu, at=at(date(2026, 1, 26)), task=task, document=plan(world))
    submitted(world, task)
    assert task in queries.waiting_for(world.chu_tich, TODAY)
    with pytest.raises(refusals_tasks.DoneWhenIssued):
        actions.confirm(by=world.chu_tich, at=at(), task=task)


def test_only_a_numbered_document_of_the_signing_unit_counts_once(world: World) -> None:
    task, other = drafted(world), drafted(world)
    for each in (task, other):
        with_version(world, each)
        submitted(world, each)

    def issue(document: Document, which: Task = task, by: Any = None) -> Task:
        return actions.issue_draft(by=by or world.van_thu, at=at(date(2026, 1, 27)), task=which, document=document)

    older = plan(world, "11/KH-UBND", date(2026, 1, 5))
    with pytest.raises(refusals_tasks.IssuedOutOfTime):
        issue(older)
    foreign = plan(world, "7/KH-SGDĐT", date(2026, 1, 26), issuer_unit=world.so)
    with pytest.raises(refusals_tasks.IssuedByOther):
        issue(foreign)
    good = plan(world)
    with pytest.raises(NotAllowed):
        issue(good, by=world.truong_phong)  # who drafts does not issue
    issue(good)
    with pytest.raises(refusals_tasks.IssuedFromOther):
        issue(good, which=other)
    assert drafting.product_of(world.chu_tich, good, date(2026, 1, 27)) == task


def test_units_asked_answer_until_a_day_and_once_a_version(world: World) -> None:
    task = drafted(world)
    with pytest.raises(refusals_tasks.NoDraft):
        ask(world, task, world.kinhte)
    with_version(world, task)
    with pytest.raises(refusals_tasks.AsksTheLead):
        ask(world, task, world.vhxh)
    with pytest.raises(refusals_tasks.CommentDayPast):
        ask(world, task, world.kinhte, due_on=date(2026, 1, 9))
    ask(world, task, world.thcs, world.tieu_hoc)
    assert Message.objects.filter(subject__startswith="Lấy ý kiến dự thảo").count() == 2
    with pytest.raises(refusals_tasks.AskedAlready):
        ask(world, task, world.thcs)

    def say(by: Any, unit: int, *, agrees: bool, text: str = "", day: date = DAY) -> DraftComment:
        return actions.comment(by=by, at=at(day), task=task, unit_id=unit, agrees=agrees, text=text)

    with pytest.raises(NotAllowed):
        say(world.hieu_truong, world.tieu_hoc, agrees=True)
    with pytest.raises(refusals.Required):
        say(world.hieu_truong, world.thcs, agrees=False)
    given = say(world.hieu_truong, world.thcs, agrees=False, text="Bổ sung chỉ tiêu lớp 6")
    assert (given.answer, given.answered_by) == ("COMMENT", "Lý Thị Trung, Hiệu trưởng")
    with pytest.raises(refusals_tasks.Commented):
        say(world.hieu_truong, world.thcs, agrees=True)
    with pytest.raises(refusals_tasks.NotAskedToComment):
        say(world.hieu_truong_mn, world.mam_non, agrees=True)
    assert [each.unit_id for each in drafting.open_comments(DAY)] == [world.tieu_hoc]
    assert actions.take_over(by=world.truong_phong, at=at(DAY), comment=given, reply="Đã bổ sung").reply == "Đã bổ sung"
    with_version(world, task, "ban-2.docx", DAY)
    assert ask(world, task, world.thcs)[0].version.no == 2  # asked again on the new version
    assert say(world.hieu_truong, world.thcs, agrees=True).answer == "AGREE"


def test_who_is_asked_sees_the_draft_and_not_the_task(world: World) -> None:
    task = drafted(world)
    with_version(world, task)
    ask(world, task, world.thcs)
    assert drafting.draft(world.hieu_truong, task.pk, TODAY).pk == task.pk
    with pytest.raises(Task.DoesNotExist):
        queries.task(world.hieu_truong, task.pk, TODAY)
    with pytest.raises(Drafting.DoesNotExist):
        drafting.draft(world.hieu_truong_th, task.pk, TODAY)
    assert [each.unit_id for each in drafting.comments_asked_of(world.hieu_truong, TODAY)] == [world.thcs]


def test_sent_back_it_is_revised_and_submitted_again(world: World) -> None:
    task = drafted(world)
    with_version(world, task)
    submitted(world, task)
    with pytest.raises(refusals_tasks.DraftSubmitted):
        with_version(world, task)
    with pytest.raises(NotAllowed):
        actions.send_back(by=world.truong_phong, at=at(), task=task, reason="Thiếu căn cứ")
    actions.send_back(by=world.chu_tich, at=at(), task=task, reason="Thiếu căn cứ")
    assert Drafting.objects.get(task=task).submitted_at is None
    second = with_version(world, task, "ban-2.docx")
    assert second.no == 2
    assert [each.file_name for each in Drafting.objects.get(task=task).versions.all()] == ["du-thao.docx", "ban-2.docx"]
    assert submitted(world, task).proposed_at is not None


def test_a_document_is_drafted_by_one_lead_once(world: World) -> None:
    with pytest.raises(refusals_tasks.DraftNeedsOneLead):
        drafted(world, lead_id=None, part_ids=(world.thcs, world.tieu_hoc))
    with pytest.raises(refusals_tasks.DraftNeedsOneLead):
        drafted(world, due="hằng tháng")
    with pytest.raises(refusals_tasks.NotADraft):
        with_version_of_plain = give(world)
        actions.add_version(by=world.hieu_truong, at=at(), task=with_version_of_plain, file=FILE)
