"""Meetings: planned and invited, held and noted, concluded, and bound by the notice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import queries as documents
from giaoban.journal.queries import events
from giaoban.notices.models import Message
from giaoban.work import actions, queries, refusals
from giaoban.work.actions import NewTask
from giaoban.work.models import Conclusion, Invitation, Meeting, MeetingState, Task
from giaoban.work.wording import notice_text
from tests.rooms.work.world import TODAY, World, at

DAY = date(2026, 1, 22)  # a Thursday


def plan(world: World, **changes: Any) -> Meeting:
    given: dict[str, Any] = {
        "by": world.chuyen_vien,
        "at": at(),
        "unit_id": world.suoi,
        "kind": "giao_ban",
        "title": "Hội nghị giao ban công tác giáo dục tháng 01/2026",
        "starts_at": at(DAY),
        "chair_name": "Nguyễn Văn Suối",
        "chair_title": "Chủ tịch UBND xã",
        "place": "Hội trường UBND xã",
    }
    return actions.plan_meeting(**{**given, **changes})


def held(world: World, **changes: Any) -> Meeting:
    meeting = plan(world, **changes)
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs, world.tieu_hoc, world.vhxh])
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    return actions.open_meeting(by=world.chuyen_vien, at=meeting.starts_at, meeting=meeting)


def conclude(world: World, meeting: Meeting, text: str = "Duy trì sĩ số", **task: Any) -> Conclusion:
    tasks = [NewTask(**{"text": text, "due": "trước ngày 31/01/2026", "lead_id": world.thcs, **task})]
    return actions.conclude(by=world.chuyen_vien, at=at(DAY, 10), meeting=meeting, text=text, tasks=tasks)


def issue(world: World, meeting: Meeting, day: date = DAY, **changes: Any) -> Any:
    given: dict[str, Any] = {"by": world.chu_tich, "at": at(day, 16), "symbol": "07/TB-UBND", "issued_on": day}
    return actions.issue_notice(meeting=meeting, **{**given, **changes})


# Planning and inviting


def test_only_who_runs_meetings_plans_one_and_fields_are_checked(world: World) -> None:
    assert plan(world).state == MeetingState.PLANNED
    for stranger in (world.van_thu, world.hieu_truong, world.chu_tich_doi, world.chuyen_vien_so):
        with pytest.raises(NotAllowed):
            plan(world, by=stranger)
    with pytest.raises(refusals.Required):
        plan(world, title=" ")
    with pytest.raises(refusals.Required):
        plan(world, chair_name="")
    with pytest.raises(refusals.EndsBeforeStart):
        plan(world, ends_at=at(DAY, 7))


@pytest.mark.parametrize(
    "kind",
    ["giao_ban", "so_ket", "tong_ket", "tap_huan", "lam_viec", "trien_khai", "chuyen_de", "quan_triet", "khac"],
)
def test_every_kind_of_the_seed_documents_can_be_planned(world: World, kind: str) -> None:
    assert plan(world, kind=kind, ends_at=at(DAY + timedelta(2))).kind == kind  # a training lasts three days


@pytest.mark.parametrize(
    ("meeting", "strict", "lenient"),
    [
        (date(2026, 10, 8), date(2026, 10, 2), date(2026, 10, 5)),
        (date(2026, 2, 24), date(2026, 2, 11), date(2026, 2, 12)),
    ],
)
def test_last_day_to_invite_counts_full_working_days(world: World, meeting: date, strict: date, lenient: date) -> None:
    """Golden case of QĐ 45/2018; the second one crosses the Tết holidays of 2026."""
    found = plan(world, starts_at=at(meeting))
    terms = queries.invitation_terms(found, strict)
    assert terms is not None
    assert (terms.strict, terms.lenient, terms.late) == (strict, lenient, False)
    late = queries.invitation_terms(found, strict + timedelta(1))
    assert late is not None
    assert late.late


def test_a_late_invitation_is_warned_of_never_blocked(world: World) -> None:
    meeting = plan(world, starts_at=at(TODAY + timedelta(1)))
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    assert actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting) == 1
    meeting.refresh_from_db()
    assert queries.invitation_terms(meeting, TODAY).late
    assert queries.invitation_terms(plan(world, starts_at=at(TODAY + timedelta(1)), urgent=True), TODAY) is None


def test_inviting_by_list_or_by_kind(world: World) -> None:
    meeting = plan(world)
    groups = {code: n for code, _name, n in queries.groups(world.suoi, "MANAGEMENT", TODAY)}
    assert groups["primary"] == 1
    units = [world.thcs, world.tieu_hoc, world.suoi]
    added = actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=units)
    assert [each.unit_id for each in added] == [world.thcs, world.tieu_hoc]  # not the host itself
    assert actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs]) == []
    with pytest.raises(refusals.NobodyInvited):
        actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=plan(world))


def test_an_invitation_is_seen_only_once_it_is_sent(world: World) -> None:
    meeting = plan(world)
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    with pytest.raises(Meeting.DoesNotExist):
        queries.meeting_for(world.hieu_truong, meeting.pk, TODAY)
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    assert queries.meeting_for(world.hieu_truong, meeting.pk, TODAY) == meeting
    with pytest.raises(Meeting.DoesNotExist):
        queries.meeting_for(world.hieu_truong_th, meeting.pk, TODAY)
    message = Message.objects.get(subject__startswith="Giấy mời họp")
    assert "08:00 ngày 22/01/2026, Hội trường UBND xã" in message.body
    assert [each.meeting for each in queries.unanswered(world.hieu_truong, TODAY)] == [meeting]


def test_a_unit_answers_for_itself_and_a_substitute_is_named(world: World) -> None:
    meeting = plan(world)
    invitation = actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])[0]
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    with pytest.raises(NotAllowed):
        actions.answer_invitation(by=world.hieu_truong_th, at=at(), invitation=invitation, answer="COMES")
    with pytest.raises(refusals.Required):
        actions.answer_invitation(by=world.hieu_truong, at=at(), invitation=invitation, answer="SUBSTITUTE")
    actions.answer_invitation(
        by=world.hieu_truong, at=at(), invitation=invitation, answer="SUBSTITUTE", text="Phó hiệu trưởng Lò Thị An"
    )
    assert not queries.unanswered(world.hieu_truong, TODAY).exists()
    assert Message.objects.filter(subject__contains="Trường THCS Suối Thử").exists()


def test_moving_or_cancelling_tells_those_invited(world: World) -> None:
    meeting = plan(world)
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    actions.amend_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, place="Phòng họp 2")
    assert not Message.objects.filter(subject__startswith="Thay đổi").exists()  # not invited yet
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    actions.amend_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, starts_at=at(DAY, 14))
    assert Message.objects.filter(subject__startswith="Thay đổi").count() == 1
    with pytest.raises(TypeError):
        actions.amend_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, state="CONCLUDED")
    with pytest.raises(refusals.Required):
        actions.cancel_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, reason="")
    actions.cancel_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, reason="Trùng lịch tỉnh")
    assert Message.objects.filter(subject__startswith="Hoãn họp").count() == 1
    with pytest.raises(refusals.MeetingCancelled):
        actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)


def test_agenda_links_stay_inside(world: World) -> None:
    meeting = plan(world)
    actions.add_item(
        by=world.chuyen_vien, at=at(), meeting=meeting, title="Báo cáo học kỳ I", link="/bao-cao/?ky=2025-2026.HK1"
    )
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        with pytest.raises(refusals.LinkElsewhere):
            actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title="x", link=elsewhere)


# Holding


def test_attendance_names_substitutes_and_reasons(world: World) -> None:
    meeting = held(world)
    rows = {each.unit_id: each for each in meeting.invitations.all()}
    by = {"by": world.chuyen_vien, "at": at(DAY)}
    with pytest.raises(refusals.SubstituteUnnamed):
        actions.take_attendance(**by, invitation=rows[world.thcs], attendance="SUBSTITUTE")
    with pytest.raises(refusals.AbsenceUnexplained):
        actions.take_attendance(**by, invitation=rows[world.thcs], attendance="ABSENT")
    actions.take_attendance(**by, invitation=rows[world.thcs], attendance="ABSENT", reason="Đi công tác")
    actions.take_attendance(**by, invitation=rows[world.vhxh], attendance="SUBSTITUTE", substitute="Phó trưởng phòng")
    assert actions.all_present(**by, meeting=meeting) == 1
    found = dict(meeting.invitations.values_list("unit_id", "attendance"))
    assert found == {world.thcs: "ABSENT", world.vhxh: "SUBSTITUTE", world.tieu_hoc: "PRESENT"}
    with pytest.raises(NotAllowed):
        actions.take_attendance(by=world.hieu_truong, at=at(DAY), invitation=rows[world.thcs], attendance="PRESENT")


def test_what_belongs_to_the_session_waits_until_it_is_open(world: World) -> None:
    meeting = plan(world)
    by = {"by": world.chuyen_vien, "at": at()}
    with pytest.raises(refusals.MeetingNotOpen):
        actions.add_contribution(**by, meeting=meeting, text="x")
    with pytest.raises(refusals.MeetingNotOpen):
        actions.conclude(**by, meeting=meeting, text="x")
    with pytest.raises(refusals.MeetingNotOpen):
        actions.close_meeting(**by, meeting=meeting)
    opened = actions.open_meeting(**by, meeting=meeting)
    with pytest.raises(refusals.MeetingHeld):
        actions.amend_meeting(**by, meeting=opened, place="x")
    said = actions.add_contribution(
        **by, meeting=opened, text="Mua sắm thiết bị còn khó khăn", unit_id=world.thcs, kind="DIFFICULTY"
    )
    assert (said.kind, said.unit_id) == ("DIFFICULTY", world.thcs)


# Concluding


def test_a_conclusion_gives_its_task_in_one_step_and_both_are_planned(world: World) -> None:
    meeting = held(world)
    conclusion = conclude(world, meeting, partner_ids=(world.vhxh,), deliverable="Danh sách")
    task = conclusion.tasks.get()
    assert (conclusion.no, conclusion.state, task.binds_on) == (1, "PLANNED", None)
    assert queries.state_counts(world.suoi, date(2027, 1, 1)).total == 0  # what is planned does not count
    with pytest.raises(refusals.NotBinding):
        actions.report_progress(by=world.hieu_truong, at=at(DAY), task=task, text="x")
    with pytest.raises(Task.DoesNotExist):
        queries.task(world.hieu_truong, task.pk, DAY)
    assert queries.task(world.chu_tich, task.pk, DAY) == task
    assert not Message.objects.filter(subject__startswith="Được giao").exists()


def test_officers_type_conclusions_leaders_issue_them(world: World) -> None:
    meeting = held(world)
    conclude(world, meeting)
    actions.conclude(by=world.chu_tich, at=at(DAY), meeting=meeting, text="Biểu dương các trường")
    for stranger in (world.hieu_truong, world.van_thu, world.chu_tich_doi):
        with pytest.raises(NotAllowed):
            actions.conclude(by=stranger, at=at(DAY), meeting=meeting, text="x")
    for stranger in (world.chuyen_vien, world.hieu_truong, world.chu_tich_doi):
        with pytest.raises(NotAllowed):
            issue(world, meeting, by=stranger)


def test_planned_conclusions_are_reworded_and_struck(world: World) -> None:
    meeting = held(world)
    by = {"by": world.chuyen_vien, "at": at(DAY)}
    first = actions.conclude(**by, meeting=meeting, text="Một")
    second = conclude(world, meeting, "Hai")
    actions.amend_conclusion(**by, conclusion=second, text="Hai, sửa lại")
    with pytest.raises(refusals.ConclusionHasTasks):
        actions.remove_conclusion(**by, conclusion=second)
    actions.remove_conclusion(**by, conclusion=first)
    assert list(meeting.conclusions.values_list("no", "text")) == [(1, "Hai, sửa lại")]
    issue(world, meeting)
    with pytest.raises(refusals.ConclusionBinds):
        actions.amend_conclusion(**by, conclusion=second, text="x")
    with pytest.raises(refusals.MeetingOver):
        actions.conclude(**by, meeting=meeting, text="x")


def test_the_notice_makes_tasks_bind_and_tells_everybody(world: World) -> None:
    meeting = held(world)
    conclude(world, meeting, partner_ids=(world.kinhte,))
    conclude(
        world, meeting, "Sửa chữa phòng học", lead_id=None, part_ids=(world.thcs, world.mam_non), group="Các trường"
    )
    notice = issue(world, meeting)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.notice, notice.type, notice.direction) == ("CONCLUDED", notice, "TB", "OUT")
    assert set(notice.addressees.values_list("unit_id", flat=True)) == {
        world.thcs,
        world.tieu_hoc,
        world.vhxh,
        world.kinhte,
        world.mam_non,
    }
    assert queries.state_counts(world.suoi, DAY).total == 3
    assert set(Task.objects.values_list("binds_on", flat=True)) == {DAY}
    assert Message.objects.filter(subject__startswith="Được giao").count() == 3
    task = Task.objects.get(conclusion__no=1)
    assert notice.text[task.start : task.end] == "Duy trì sĩ số"  # where the task stands in the notice
    part = Task.objects.get(lead=world.mam_non)
    assert part.document == notice
    assert documents.document(world.hieu_truong_mn, notice.pk, DAY) == notice


def test_a_recurring_task_begins_its_first_cycle_with_the_notice(world: World) -> None:
    meeting = held(world)
    conclude(world, meeting, due="hằng tháng")
    assert Task.objects.count() == 1
    issue(world, meeting)
    assert Task.objects.get(parent__isnull=False).due_on == date(2026, 1, 31)


def test_no_notice_without_conclusions_nor_before_the_meeting(world: World) -> None:
    meeting = held(world)
    with pytest.raises(refusals.NoConclusion):
        issue(world, meeting)
    conclude(world, meeting)
    with pytest.raises(refusals.NoticeBeforeMeeting):
        issue(world, meeting, issued_on=DAY - timedelta(1))
    assert not documents.Document.objects.exists()
    assert Conclusion.objects.get().state == "PLANNED"  # nothing half-stored


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (date(2026, 10, 8), date(2026, 10, 15)),
        (date(2026, 11, 19), date(2026, 11, 27)),
        (date(2026, 2, 12), date(2026, 2, 26)),
    ],
)
def test_the_notice_is_due_five_working_days_after_the_meeting(world: World, ended: date, due: date) -> None:
    """Golden cases of QĐ 45/2018: plain, across 24/11/2026 (Ngày Văn hóa Việt Nam), across Tết 2026."""
    meeting = held(world, starts_at=at(ended))
    assert queries.notice_due(meeting) is None
    closed = actions.close_meeting(by=world.chuyen_vien, at=at(ended, 17), meeting=meeting)
    assert queries.notice_due(closed) == due
    assert list(queries.without_notice(world.chu_tich, due)) == [closed]
    assert not queries.without_notice(world.chuyen_vien, due).exists()


def test_open_conclusions_are_carried_into_the_next_meeting(world: World) -> None:
    first = held(world)
    done = conclude(world, first, "Việc đã xong")
    left = conclude(world, first, "Việc còn dở")
    issue(world, first)
    finished = done.tasks.get()
    actions.propose_done(by=world.hieu_truong, at=at(DAY + timedelta(1)), task=finished, text="Xong")
    actions.confirm(by=world.chu_tich, at=at(DAY + timedelta(1)), task=finished)
    following = plan(world, starts_at=at(DAY + timedelta(28)))
    assert following.previous == first
    assert [item.conclusion for item in following.agenda.all()] == [left]
    assert "Việc còn dở" in following.agenda.get().title
    counts = queries.carried_counts(following.agenda.get(), DAY + timedelta(28))
    assert (counts.undone, counts.all, counts.overdue) == (1, 1, 1)
    opened = actions.open_meeting(by=world.chuyen_vien, at=following.starts_at, meeting=following)
    assert opened.agenda.filter(conclusion__isnull=False).count() == 1  # once, though looked for again
    assert list(queries.open_conclusions(world.doi, following.starts_at)) == []


def test_a_planned_conclusion_is_not_carried(world: World) -> None:
    conclude(world, held(world))
    assert not plan(world, starts_at=at(DAY + timedelta(28))).agenda.exists()


def test_those_invited_read_conclusions_only_when_issued(world: World) -> None:
    meeting = held(world)
    conclude(world, meeting)
    assert queries.conclusions_for(world.chuyen_vien, meeting, DAY).count() == 1
    assert queries.conclusions_for(world.hieu_truong, meeting, DAY).count() == 0
    issue(world, meeting)
    assert queries.conclusions_for(world.hieu_truong, meeting, DAY).count() == 1


def test_the_notice_s_text_has_opening_conclusions_and_close(world: World) -> None:
    meeting = held(world)
    actions.add_item(by=world.chuyen_vien, at=at(DAY), meeting=meeting, title="Báo cáo học kỳ I")
    actions.all_present(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    actions.conclude(
        by=world.chuyen_vien, at=at(DAY), meeting=meeting, text="Rà soát.", heading="Phòng Văn hóa - Xã hội"
    )
    text = notice_text(Meeting.objects.get(pk=meeting.pk))
    assert text.startswith("THÔNG BÁO\n\nKết luận của Chủ tịch UBND xã tại Hội nghị giao ban")
    assert "Nguyễn Văn Suối, Chủ tịch UBND xã chủ trì" in text
    assert "đại diện 3 đơn vị được mời" in text
    assert "Sau khi nghe Báo cáo học kỳ I" in text
    assert "Phòng Văn hóa - Xã hội\n\n1. Rà soát." in text
    assert text.endswith("UBND xã Suối Thử thông báo để các đơn vị biết, thực hiện./.")


def test_the_journal_has_one_event_for_each_verb(world: World) -> None:
    meeting = held(world)
    conclude(world, meeting)
    issue(world, meeting)
    verbs = [event.verb for event in events(verb="meeting.").order_by("seq")]
    assert verbs == [
        "meeting.plan",
        "meeting.invite",
        "meeting.send_invitations",
        "meeting.open",
        "meeting.conclude",
        "meeting.issue_notice",
    ]


def test_the_si_ma_cai_session_becomes_tasks_of_four_offices_and_the_schools(world: World) -> None:
    """Seed 003: headings lead, "phối hợp với" partners, a due month, and the schools as a group."""
    meeting = held(world, kind="lam_viec", title="Chủ tịch UBND làm việc với ngành Giáo dục")
    conclude(
        world,
        meeting,
        "Tham mưu quy hoạch cán bộ quản lý",
        lead_id=world.vhxh,
        partner_ids=(world.kinhte,),
        due="thường xuyên",
    )
    conclude(world, meeting, "Bổ sung các hạng mục ưu tiên đầu tư", lead_id=world.vhxh, due="trong tháng 4 năm 2026")
    conclude(
        world,
        meeting,
        "Kế hoạch bồi dưỡng học sinh giỏi",
        lead_id=None,
        due="học kỳ II",
        group="Các trường học",
        part_ids=(world.mam_non, world.tieu_hoc, world.thcs),
    )
    issue(world, meeting)
    assert Task.objects.get(lead=world.vhxh, due_kind="MONTH").due_on == date(2026, 4, 30)
    assert set(Task.objects.filter(parent__isnull=False).values_list("due_on", flat=True)) == {date(2026, 5, 31)}
    assert queries.meeting_counts(meeting, DAY).total == 5


def test_lists_of_meetings(world: World) -> None:
    coming = plan(world)
    over = held(world, starts_at=at(date(2026, 1, 14)))
    actions.close_meeting(by=world.chuyen_vien, at=at(date(2026, 1, 14)), meeting=over)
    assert list(queries.upcoming(world.chu_tich, TODAY)) == [coming]
    assert list(queries.meetings(world.hieu_truong, TODAY)) == [over]
    assert list(queries.meetings(world.chu_tich, TODAY, text="giao ban hoi truong", kind="giao_ban")) == [coming, over]
    assert not queries.meetings(world.chu_tich_doi, TODAY).exists()
    assert [each.attendance for each in Invitation.objects.filter(meeting=over)] == ["", "", ""]
    assert isinstance(coming.starts_at, datetime)
