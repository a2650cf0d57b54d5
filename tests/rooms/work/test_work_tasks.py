"""Tasks from assigning to confirming: who may what, which dates count, what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.journal.queries import history
from giaoban.notices.models import Message
from giaoban.work import actions, clarity, dues, queries, refusals
from giaoban.work.actions import NewTask
from giaoban.work.models import Progress, Task
from giaoban.work.states import Counts, State, state
from tests.rooms.work.world import TODAY, World, at

DUE = date(2026, 1, 30)


def give(world: World, **changes: Any) -> Task:
    """The chair of the commune gives the secondary school a task."""
    of_task = {"text": "Rà soát học sinh bỏ học", "due": "trước ngày 30/01/2026", "deliverable": "Danh sách"}
    names = NewTask.__dataclass_fields__
    of_task |= {name: changes.pop(name) for name in list(changes) if name in names}
    if "lead_id" not in of_task and "part_ids" not in of_task:
        of_task["lead_id"] = world.thcs
    given: dict[str, Any] = {"by": world.chu_tich, "at": at(), "unit_id": world.suoi, **changes}
    return actions.assign(task=NewTask(**of_task), **given)


def done(world: World, task: Task, proposed: date, confirmed: date | None = None, by: Actor | None = None) -> Task:
    task = actions.propose_done(by=by or world.hieu_truong, at=at(proposed), task=task, text="Đã lập danh sách")
    return actions.confirm(by=world.chu_tich, at=at(confirmed or proposed), task=task)


# Giving


def test_a_task_keeps_words_first_date_and_who_gave_it(world: World) -> None:
    task = give(world)
    assert (task.due_text, task.due_on, task.first_due_on, task.due_kind) == ("trước ngày 30/01/2026", DUE, DUE, "DATE")
    assert (task.assigned_by_id, task.assigned_position_id) == (world.suoi, world.chu_tich.position_id)
    assert task.binds_on == TODAY
    assert history(task).get().verb == "task.assign"
    told = Message.objects.get(subject__startswith="Được giao")
    assert (told.unit_id, told.position_id) == (world.thcs, world.hieu_truong.position_id)


def test_the_ground_follows_from_the_hierarchies(world: World) -> None:
    """MANAGEMENT below = giao; PROFESSIONAL = chỉ đạo chuyên môn; Party line = giao; otherwise đề nghị."""
    assert give(world).relation == "ASSIGN"
    assert give(world, lead_id=world.suoi).relation == "ASSIGN"
    assert give(world, lead_id=world.thcs_doi).relation == "ASK"
    assert give(world, by=world.giam_doc, unit_id=world.so).relation == "GUIDE"
    assert give(world, by=SYSTEM, unit_id=world.dang_uy, lead_id=world.chi_bo).relation == "ASSIGN"
    assert give(world, by=SYSTEM, unit_id=world.thcs, lead_id=world.suoi).relation == "ASK"


def test_only_who_may_assign_in_the_unit_s_name_assigns(world: World) -> None:
    assert give(world, by=world.chuyen_vien).pk  # officers run tasks
    for stranger in (world.van_thu, world.hieu_truong, world.giao_vien, world.chu_tich_doi, world.giam_doc):
        with pytest.raises(NotAllowed):
            give(world, by=stranger)


def test_one_lead_or_a_group_and_no_unit_twice(world: World) -> None:
    with pytest.raises(refusals.NoLead):
        give(world, lead_id=None)
    with pytest.raises(refusals.TwoLeads):
        give(world, lead_id=world.thcs, part_ids=(world.tieu_hoc,))
    with pytest.raises(refusals.LeadIsPartner):
        give(world, partner_ids=(world.thcs,))
    with pytest.raises(refusals.Required):
        give(world, text=" ")
    with pytest.raises(refusals.Required):
        give(world, due="")
    with pytest.raises(dues.BadDue):
        give(world, due="trong hè")
    assert not Task.objects.exists()


def test_vague_words_take_a_day_that_a_person_chose(world: World) -> None:
    task = give(world, due="trong hè", due_on=date(2026, 8, 31))
    assert (task.due_text, task.due_on) == ("trong hè", date(2026, 8, 31))


def test_a_unit_that_does_not_exist_on_the_day_gets_no_task(world: World) -> None:
    with pytest.raises(refusals.NotThere):
        give(world, at=at(date(2025, 6, 1)), by=SYSTEM)


def test_the_officer_sits_in_the_lead_unit(world: World) -> None:
    with pytest.raises(refusals.OfficerElsewhere):
        give(world, officer_id=world.hieu_truong_doi.position_id)
    task = give(world, officer_id=world.giao_vien.position_id)
    note = actions.report_progress(by=world.giao_vien, at=at(), task=task, text="Đang rà soát", percent=30)
    assert note.percent == 30  # the position that was given the task reports on it
    assert Message.objects.get(subject__startswith="Được giao").position_id == world.giao_vien.position_id


# From a document


@pytest.fixture
def plan(world: World) -> Document:
    text = "KẾ HOẠCH\n- Các trường rà soát học sinh bỏ học trước ngày 30/01/2026; báo cáo UBND xã.\n- Tuyên truyền."
    return documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="OUT",
        symbol="12/KH-UBND",
        subject="Kế hoạch duy trì sĩ số",
        issued_on=TODAY,
        text=text,
    )


def test_a_task_from_a_sentence_keeps_the_document_and_the_offsets(world: World, plan: Document) -> None:
    start = plan.text.index("Các trường")
    end = plan.text.index("; báo cáo")
    task = give(world, document=plan, start=start, end=end)
    assert task.document.text[task.start : task.end] == "Các trường rà soát học sinh bỏ học trước ngày 30/01/2026"
    assert document_queries.document(world.hieu_truong, plan.pk, TODAY) == plan  # who must do it may read it
    assert list(queries.asked_by(world.chu_tich, plan, TODAY).tasks) == [task]
    for bad in [(5, 5), (0, len(plan.text) + 1), (9, 4), (3, None)]:
        with pytest.raises(refusals.OutsideText):
            give(world, document=plan, start=bad[0], end=bad[1])


def test_a_document_one_may_not_read_gives_no_task(world: World, plan: Document) -> None:
    with pytest.raises(Document.DoesNotExist):
        give(world, by=world.chu_tich_doi, unit_id=world.doi, lead_id=world.thcs_doi, document=plan)


# Reporting, proposing, confirming


def test_the_day_of_completion_is_the_day_it_was_proposed(world: World) -> None:
    """Proposed on the due day, confirmed two weeks later: done on time."""
    task = done(world, give(world), DUE, DUE + timedelta(14))
    assert task.completed_on == DUE
    assert state(task.dates, DUE + timedelta(14)) is State.DONE_ON_TIME


def test_until_it_is_confirmed_it_is_open(world: World) -> None:
    task = actions.propose_done(by=world.hieu_truong, at=at(DUE), task=give(world), text="Xong")
    assert task.completed_on is None
    assert state(task.dates, DUE + timedelta(1)) is State.OPEN_OVERDUE
    assert list(queries.waiting_for(world.chu_tich, DUE)) == [task]
    assert not queries.waiting_for(world.chuyen_vien, DUE).exists()


def test_sent_back_it_goes_on_and_a_later_proposal_counts(world: World) -> None:
    task = give(world)
    actions.report_progress(by=world.hieu_truong, at=at(), task=task, text="Một nửa", percent=50)
    task = actions.propose_done(by=world.hieu_truong, at=at(DUE), task=task, text="Xong")
    with pytest.raises(refusals.Required):
        actions.send_back(by=world.chu_tich, at=at(DUE), task=task, reason=" ")
    task = actions.send_back(by=world.chu_tich, at=at(DUE), task=task, reason="Thiếu danh sách lớp 9")
    assert (task.proposed_at, task.percent) == (None, 50)
    task = done(world, task, DUE + timedelta(3))
    assert state(task.dates, DUE + timedelta(9)) is State.DONE_LATE
    kinds = list(task.diary.values_list("kind", flat=True))
    assert kinds == ["NOTE", "PROPOSED", "SENT_BACK", "PROPOSED", "CONFIRMED"]


def test_who_may_report_and_who_may_confirm(world: World) -> None:
    task = give(world)
    for stranger in (world.hieu_truong_th, world.giao_vien, world.chu_tich, world.hieu_truong_doi):
        with pytest.raises(NotAllowed):
            actions.report_progress(by=stranger, at=at(), task=task, text="x")
        with pytest.raises(NotAllowed):
            actions.propose_done(by=stranger, at=at(), task=task, text="x")
    actions.propose_done(by=world.hieu_truong, at=at(), task=task, text="Xong")
    for stranger in (world.hieu_truong, world.chuyen_vien, world.chu_tich_doi, world.giam_doc):
        with pytest.raises(NotAllowed):
            actions.confirm(by=stranger, at=at(), task=task)
        with pytest.raises(NotAllowed):
            actions.send_back(by=stranger, at=at(), task=task, reason="x")
    with pytest.raises(refusals.AlreadyProposed):
        actions.propose_done(by=world.hieu_truong, at=at(), task=task, text="Xong")
    actions.confirm(by=world.chu_tich, at=at(), task=task)
    with pytest.raises(refusals.Finished):
        actions.report_progress(by=world.hieu_truong, at=at(), task=task, text="x")
    with pytest.raises(refusals.Finished):
        actions.confirm(by=world.chu_tich, at=at(), task=task)


def test_nothing_to_confirm_before_it_is_proposed(world: World) -> None:
    with pytest.raises(refusals.NotProposed):
        actions.confirm(by=world.chu_tich, at=at(), task=give(world))
    with pytest.raises(refusals.NotProposed):
        actions.send_back(by=world.chu_tich, at=at(), task=give(world), reason="x")


def test_evidence_is_words_a_document_or_a_file(world: World, plan: Document, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    task = give(world, document=plan)
    note = actions.report_progress(
        by=world.hieu_truong,
        at=at(),
        task=task,
        text="Đã gửi",
        evidence_document=plan,
        file=("danh sách.xlsx", b"PK"),
    )
    proof = note.evidence.get()
    assert (proof.document, proof.file_name) == (plan, "danh sách.xlsx")
    assert document_queries.kept_content(proof.file_name, proof.file_hash) == b"PK"
    other = documents.register(
        by=SYSTEM,
        at=at(),
        owner_id=world.doi,
        direction="OUT",
        symbol="1/BC-UBND",
        subject="Của xã khác",
        issued_on=TODAY,
    )
    with pytest.raises(Document.DoesNotExist):
        actions.report_progress(by=world.hieu_truong, at=at(), task=task, text="x", evidence_document=other)
    with pytest.raises(refusals.BadPercent):
        actions.report_progress(by=world.hieu_truong, at=at(), task=task, text="x", percent=101)


def test_partners_have_their_own_answer(world: World) -> None:
    task = give(world, partner_ids=(world.vhxh, world.kinhte))
    actions.answer_as_partner(by=world.truong_phong, at=at(), task=task, unit_id=world.vhxh, answer="Đã đối chiếu")
    answers = {each.unit_id: each.answer for each in task.partners.all()}
    assert answers == {world.vhxh: "Đã đối chiếu", world.kinhte: ""}
    with pytest.raises(refusals.NotAPartner):
        actions.answer_as_partner(by=world.hieu_truong_th, at=at(), task=task, unit_id=world.tieu_hoc, answer="x")
    with pytest.raises(NotAllowed):
        actions.answer_as_partner(by=world.hieu_truong, at=at(), task=task, unit_id=world.kinhte, answer="x")


# More time


def test_an_extension_moves_the_due_day_and_keeps_the_first(world: World) -> None:
    task = give(world)
    asked = actions.ask_extension(
        by=world.hieu_truong, at=at(DUE - timedelta(1)), task=task, to_on=date(2026, 2, 15), reason="Mưa lũ"
    )
    assert list(queries.waiting_for(world.chu_tich, TODAY)) == [task]
    with pytest.raises(NotAllowed):
        actions.decide_extension(by=world.chuyen_vien, at=at(DUE), extension=asked, granted=True)
    actions.decide_extension(by=world.chu_tich, at=at(DUE + timedelta(2)), extension=asked, granted=True)
    task.refresh_from_db()
    assert (task.due_on, task.first_due_on) == (date(2026, 2, 15), DUE)
    late_against_first = done(world, task, date(2026, 2, 10))
    assert state(late_against_first.dates, date(2026, 3, 1)) is State.DONE_ON_TIME
    with pytest.raises(refusals.Decided):
        Task.objects.filter(pk=task.pk).update(confirmed_at=None, completed_on=None)
        actions.decide_extension(by=world.chu_tich, at=at(DUE), extension=asked, granted=False, answer="x")


def test_a_shorter_time_may_be_granted_and_a_refusal_says_why(world: World) -> None:
    task = give(world)
    asked = actions.ask_extension(
        by=world.hieu_truong, at=at(), task=task, to_on=date(2026, 3, 1), reason="Thiếu người"
    )
    with pytest.raises(refusals.NotLater):
        actions.decide_extension(by=world.chu_tich, at=at(), extension=asked, granted=True, to_on=DUE)
    actions.decide_extension(by=world.chu_tich, at=at(), extension=asked, granted=True, to_on=date(2026, 2, 5))
    assert Task.objects.get(pk=task.pk).due_on == date(2026, 2, 5)
    again = actions.ask_extension(by=world.hieu_truong, at=at(), task=task, to_on=date(2026, 3, 1), reason="Vẫn thiếu")
    with pytest.raises(refusals.Required):
        actions.decide_extension(by=world.chu_tich, at=at(), extension=again, granted=False)
    actions.decide_extension(by=world.chu_tich, at=at(), extension=again, granted=False, answer="Đã gia hạn một lần")
    assert Task.objects.get(pk=task.pk).due_on == date(2026, 2, 5)


def test_more_time_is_asked_before_the_due_day_once_and_for_later(world: World) -> None:
    task = give(world)
    for day in (DUE, DUE + timedelta(1)):
        with pytest.raises(refusals.AskedTooLate):
            actions.ask_extension(by=world.hieu_truong, at=at(day), task=task, to_on=date(2026, 3, 1), reason="x")
    with pytest.raises(refusals.NotLater):
        actions.ask_extension(by=world.hieu_truong, at=at(), task=task, to_on=DUE, reason="x")
    with pytest.raises(refusals.Required):
        actions.ask_extension(by=world.hieu_truong, at=at(), task=task, to_on=date(2026, 3, 1), reason="")
    with pytest.raises(NotAllowed):
        actions.ask_extension(by=world.hieu_truong_th, at=at(), task=task, to_on=date(2026, 3, 1), reason="x")
    actions.ask_extension(by=world.hieu_truong, at=at(), task=task, to_on=date(2026, 3, 1), reason="x")
    with pytest.raises(refusals.ExtensionOpen):
        actions.ask_extension(by=world.hieu_truong, at=at(), task=task, to_on=date(2026, 3, 2), reason="x")
    open_ended = give(world, due="thường xuyên")
    with pytest.raises(refusals.NoDueDate):
        actions.ask_extension(by=world.hieu_truong, at=at(), task=open_ended, to_on=date(2026, 3, 1), reason="x")


# Groups, recurring work, events


def test_a_task_given_to_a_group_counts_as_its_parts(world: World) -> None:
    schools = (world.mam_non, world.tieu_hoc, world.thcs)
    whole = give(world, part_ids=schools, group="Các trường học", lead_id=None)
    assert (whole.has_parts, whole.lead_id, whole.group) == (True, None, "Các trường học")
    assert {part.lead_id for part in whole.parts.all()} == set(schools)
    assert queries.state_counts(world.suoi, TODAY).total == 3
    done(world, whole.parts.get(lead_id=world.thcs), TODAY)
    rolled = queries.roll_up(whole, DUE + timedelta(1))
    assert (rolled.done_on_time, rolled.open_overdue, rolled.total) == (1, 2, 3)
    with pytest.raises(refusals.Whole):
        actions.propose_done(by=SYSTEM, at=at(), task=whole, text="x")
    assert queries.task(world.hieu_truong, whole.pk, TODAY) == whole  # a part's unit may open the whole


def test_recurring_work_has_one_instance_for_each_cycle(world: World) -> None:
    task = give(world, due="hằng tháng")
    first = task.parts.get()
    assert (first.due_on, first.title) == (date(2026, 1, 31), "Rà soát học sinh bỏ học (tháng 1/2026)")
    assert actions.open_cycles(by=SYSTEM, at=at(date(2026, 3, 2))) == 2
    assert actions.open_cycles(by=SYSTEM, at=at(date(2026, 3, 3))) == 0  # again without harm
    assert list(task.parts.order_by("due_on").values_list("due_on", flat=True)) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
    counts = queries.state_counts(world.suoi, date(2026, 3, 3))
    assert (counts.open_overdue, counts.open_in_term) == (2, 1)  # each instance may be overdue by itself
    with pytest.raises(NotAllowed):
        actions.open_cycles(by=world.chu_tich, at=at())


def test_a_recurring_task_of_a_group_has_instances_of_each_part(world: World) -> None:
    give(world, due="hằng quý", part_ids=(world.thcs, world.tieu_hoc), group="Các trường", lead_id=None)
    assert queries.state_counts(world.suoi, TODAY).total == 2
    actions.open_cycles(by=SYSTEM, at=at(date(2026, 4, 1)))
    assert queries.state_counts(world.suoi, date(2026, 4, 1)).total == 4


def test_a_day_of_the_month_that_is_past_begins_next_month(world: World) -> None:
    task = give(world, due="ngày 05 hằng tháng")
    assert not task.parts.exists()
    actions.open_cycles(by=SYSTEM, at=at(date(2026, 2, 1)))
    assert task.parts.get().due_on == date(2026, 2, 5)


def test_continuous_work_and_events_stand_in_the_fifth_column(world: World) -> None:
    give(world, due="thường xuyên")
    waiting = give(world, due="khi có Thông tư mới")
    far = date(2030, 1, 1)
    assert queries.state_counts(world.suoi, far) == Counts(no_deadline=2)
    with pytest.raises(refusals.NotAnEvent):
        actions.record_event(by=world.chu_tich, at=at(), task=give(world), due_on=DUE, text="x")
    with pytest.raises(NotAllowed):
        actions.record_event(by=world.hieu_truong, at=at(), task=waiting, due_on=DUE, text="x")
    actions.record_event(by=world.chuyen_vien, at=at(), task=waiting, due_on=DUE, text="Đã có Thông tư 01/2026")
    waiting.refresh_from_db()
    assert (waiting.due_on, waiting.first_due_on, waiting.due_kind) == (DUE, DUE, "EVENT")
    assert state(waiting.dates, DUE + timedelta(1)) is State.OPEN_OVERDUE


# Urging, calling off


def test_reminders_reach_the_lead_once_a_day(world: World) -> None:
    task = give(world)
    actions.remind(by=world.chuyen_vien, at=at(), task=task, text="Còn 3 ngày")
    assert Message.objects.filter(subject__startswith="Nhắc thực hiện", unit_id=world.thcs).count() == 1
    with pytest.raises(refusals.AlreadyReminded):
        actions.remind(by=world.chu_tich, at=at(hour=15), task=task)
    assert actions.remind(by=world.chu_tich, at=at(TODAY + timedelta(1)), task=task).pk
    with pytest.raises(NotAllowed):
        actions.remind(by=world.hieu_truong_th, at=at(TODAY + timedelta(2)), task=task)


def test_a_task_called_off_no_longer_counts_but_did(world: World) -> None:
    whole = give(world, part_ids=(world.thcs, world.tieu_hoc), group="Các trường", lead_id=None)
    later = TODAY + timedelta(5)
    with pytest.raises(NotAllowed):
        actions.call_off(by=world.chuyen_vien, at=at(later), task=whole, reason="x")
    actions.call_off(by=world.chu_tich, at=at(later), task=whole, reason="Đã lồng ghép")
    assert queries.state_counts(world.suoi, later).total == 0
    assert queries.state_counts(world.suoi, TODAY).total == 2
    assert Progress.objects.filter(kind="CALLED_OFF").count() == 3


def test_taking_up_names_the_officer_and_tells_them(world: World) -> None:
    task = give(world)
    task = actions.take_up(by=world.hieu_truong, at=at(), task=task, officer_id=world.giao_vien.position_id)
    assert task.officer_id == world.giao_vien.position_id
    assert Message.objects.filter(
        subject__startswith="Được phân công", position_id=world.giao_vien.position_id
    ).exists()
    with pytest.raises(NotAllowed):
        actions.take_up(by=world.hieu_truong_th, at=at(), task=task)


# Who sees what, and how it is counted


def test_fetching_is_authorising(world: World) -> None:
    task = give(world, partner_ids=(world.vhxh,))
    for friend in (world.chu_tich, world.hieu_truong, world.truong_phong, world.chu_tich_tinh, world.giam_doc):
        assert queries.task(friend, task.pk, TODAY) == task
    for stranger in (world.hieu_truong_th, world.hieu_truong_doi, world.chu_tich_doi, world.giao_vien):
        with pytest.raises(Task.DoesNotExist):
            queries.task(stranger, task.pk, TODAY)


def test_views_of_the_table(world: World) -> None:
    mine = give(world, officer_id=world.giao_vien.position_id)
    unit = give(world)
    shared = give(world, lead_id=world.tieu_hoc, partner_ids=(world.thcs,))

    def shown(actor: Actor, **filters: Any) -> set[Task]:
        return set(queries.tasks_for(actor, TODAY, **filters))

    assert shown(world.giao_vien, view="mine") == {mine}
    assert shown(world.hieu_truong, view="mine") == {unit}
    assert shown(world.hieu_truong, view="unit") == {mine, unit, shared}
    assert shown(world.chu_tich, view="given") == {mine, unit, shared}
    assert shown(world.giam_doc, view="given") == set()
    assert shown(world.chu_tich_tinh, unit_id=world.tieu_hoc) == {shared}
    assert shown(world.chu_tich, text="ra soat bo hoc") == {mine, unit, shared}
    assert shown(world.chu_tich, text="ra soat khac") == set()
    assert shown(world.chu_tich, due_to=DUE - timedelta(1)) == set()


def test_the_database_counts_like_the_pure_function(world: World) -> None:
    """Every mix of due day, completion and day asked about gives the same state in SQL and in `states`."""
    base = give(world)
    days = [TODAY + timedelta(n) for n in range(0, 12, 2)]
    tasks = []
    for due in [None, *days]:
        for completed in [None, *days]:
            kind = "DATE" if due else "CONTINUOUS"
            tasks.append(
                Task(
                    title="t",
                    text="t",
                    assigned_by_id=world.suoi,
                    assigned_at=at(),
                    lead_id=world.thcs,
                    due_kind=kind,
                    due_text="x",
                    due_on=due,
                    first_due_on=due,
                    binds_on=TODAY,
                    confirmed_at=at() if completed else None,
                    completed_on=completed,
                )
            )
    base.delete()
    made = Task.objects.bulk_create(tasks)
    for on in [TODAY + timedelta(n) for n in range(-1, 14)]:
        for which in State:
            sql = set(Task.objects.filter(queries.in_state(which, on)).values_list("pk", flat=True))
            assert sql == {each.pk for each in made if state(each.dates, on) is which}
        if on >= TODAY:
            found = queries.state_counts(world.suoi, on)
            assert found.total == len(made)
            soon = set(Task.objects.filter(queries.soon(on)).values_list("pk", flat=True))
            assert found.soon == len(soon)


def test_overdue_buckets(world: World) -> None:
    for text in ("12/01/2026", "20/01/2026"):
        give(world, due=text)
    give(world, due="01/12/2025")
    on = date(2026, 5, 25)
    found = queries.overdue_buckets(queries.tasks_for(world.chu_tich, on), on)
    assert [(low, high) for low, high, _n in found] == [(1, 30), (31, 60), (61, 120), (121, None)]
    assert [n for _low, _high, n in found] == [0, 0, 0, 3]
    nearer = queries.overdue_buckets(queries.tasks_for(world.chu_tich, date(2026, 2, 15)), date(2026, 2, 15))
    assert [n for _low, _high, n in nearer] == [1, 1, 1, 0]


def test_counts_by_lead_put_most_overdue_first(world: World) -> None:
    give(world, lead_id=world.tieu_hoc, due="13/01/2026")
    give(world, due="13/01/2026")
    give(world, due="13/01/2026")
    on = date(2026, 2, 1)
    lines = queries.counts_by_lead(queries.tasks_for(world.chu_tich, on), on)
    assert [(line.unit_id, line.counts.open_overdue) for line in lines] == [(world.thcs, 2), (world.tieu_hoc, 1)]
    assert [each.pk for each in queries.overdue_under(world.chu_tich_tinh, on)] == [
        each.pk for each in Task.objects.order_by("due_on", "pk")
    ]


def test_six_points_of_clarity(world: World) -> None:
    bare = give(world, due="khi có hướng dẫn", deliverable="")
    assert [bool(point.met) for point in clarity.points(bare)] == [False, True, True, True, False, False]
    full = give(world, officer_id=world.giao_vien.position_id)
    assert clarity.unclear(full) == []


def test_the_daily_command_opens_new_cycles(world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    give(world, due="hằng tháng")
    monkeypatch.setattr("giaoban.work.management.commands.open_cycles.now", lambda: at(date(2026, 2, 1)))
    call_command("open_cycles")
    assert "1" in capsys.readouterr().out
    assert Task.objects.filter(parent__isnull=False).count() == 2
