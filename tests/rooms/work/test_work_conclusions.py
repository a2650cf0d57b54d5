"""A conclusion: planned, reworded in sight of its tasks, binding at once or by the notice that two people sign."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices.models import Message
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account, Position
from giaoban.people.roles import Role
from giaoban.work import actions, refusals
from giaoban.work.actions import NewTask, minutes
from giaoban.work.models import Conclusion, Meeting, MeetingState, NoticeText, Progress, Task
from tests.rooms.work.world import START, TODAY, World, at, client

SAID = "Trường THCS Suối Thử duy trì sĩ số."
NOW_SAID = "Trường THCS Suối Thử duy trì sĩ số trước và sau Tết."


def session(world: World) -> Meeting:
    meeting = actions.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="lam_viec",
        title="Làm việc với các trường",
        starts_at=at(),
        chair_name="Nguyễn Văn Suối",
        chair_title="Chủ tịch UBND xã",
    )
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs, world.tieu_hoc])
    return actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)


def conclude(world: World, meeting: Meeting) -> Conclusion:
    new = NewTask(text=SAID, due="31/01/2026", lead_id=world.thcs)
    return actions.conclude(by=world.chuyen_vien, at=at(TODAY, 9), meeting=meeting, text=SAID, tasks=[new])


def chief(world: World) -> Actor:
    account = people.create_account(
        by=SYSTEM, at=at(START), unit=world.suoi, username="chanh.vp", full_name="Lê Thị Chánh",
        password="một câu đủ dài 2026", must_change_password=False,
    )  # fmt: skip
    seat: Position = people.create_position(by=SYSTEM, at=at(START), unit=world.suoi, title="Chánh Văn phòng")
    people.grant(
        by=SYSTEM, at=at(START), position=seat, role=Role.CHIEF, unit=world.suoi, hierarchy=MANAGEMENT, on=START
    )
    people.appoint(by=SYSTEM, at=at(START), position=seat, account=account, on=START)
    return people_queries.actor(Account.objects.get(pk=account.pk), seat.pk, TODAY)


def issue(by: Actor, meeting: Meeting, **changes: object) -> object:
    given = {"at": at(TODAY, 16), "symbol": "07/TB-UBND", "issued_on": TODAY}
    return actions.issue_notice(by=by, meeting=meeting, **{**given, **changes})  # type: ignore[arg-type]


def test_the_chair_approves_and_the_chief_of_office_signs_word_for_word(world: World) -> None:
    meeting, office = session(world), chief(world)
    conclusion = conclude(world, meeting)
    with pytest.raises(refusals.TextNotApproved):
        issue(office, meeting)
    with pytest.raises(NotAllowed):
        actions.approve_notice_text(by=office, at=at(TODAY, 10), meeting=meeting)
    with pytest.raises(refusals.ConclusionLeftOut):
        actions.approve_notice_text(by=world.chu_tich, at=at(TODAY, 10), meeting=meeting, text="Không có gì")
    actions.approve_notice_text(by=world.chu_tich, at=at(TODAY, 10), meeting=meeting)
    with pytest.raises(refusals.TextDiffers):
        issue(office, meeting, text="Lời khác")
    actions.amend_conclusion(by=world.chuyen_vien, at=at(TODAY, 11), conclusion=conclusion, text=NOW_SAID)
    with pytest.raises(refusals.TextNotApproved):
        issue(office, meeting)
    actions.approve_notice_text(by=world.chu_tich, at=at(TODAY, 12), meeting=meeting)
    issue(office, meeting)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CONCLUDED
    assert Task.objects.get().binds_on == TODAY
    assert NoticeText.objects.get().approved_by.startswith("Nguyễn Văn Suối")


def test_a_leader_may_do_both_at_once(world: World) -> None:
    meeting = session(world)
    conclude(world, meeting)
    with pytest.raises(NotAllowed):
        issue(world.chuyen_vien, meeting)
    issue(world.chu_tich, meeting)
    assert NoticeText.objects.get(meeting=meeting).approved_by.startswith("Nguyễn Văn Suối")


def test_the_chair_lets_it_bind_at_once_and_only_the_chair_rewords_it_then(world: World) -> None:
    meeting = session(world)
    conclusion = conclude(world, meeting)
    with pytest.raises(NotAllowed):
        actions.bind_now(by=world.chuyen_vien, at=at(TODAY, 10), conclusion=conclusion)
    actions.bind_now(by=world.chu_tich, at=at(TODAY, 10), conclusion=conclusion)
    task = Task.objects.get()
    assert (task.binds_on, conclusion.bound_by.split(",")[0]) == (TODAY, "Nguyễn Văn Suối")
    with pytest.raises(refusals.ConclusionBinds):
        actions.bind_now(by=world.chu_tich, at=at(TODAY, 10), conclusion=conclusion)
    with pytest.raises(refusals.ChairBinds):
        actions.amend_conclusion(by=world.chuyen_vien, at=at(TODAY, 11), conclusion=conclusion, text=NOW_SAID)
    actions.amend_conclusion(by=world.chu_tich, at=at(TODAY, 11), conclusion=conclusion, text=NOW_SAID)
    task.refresh_from_db()
    assert (task.text, task.title) == (NOW_SAID, NOW_SAID)
    note = task.diary.get(kind=Progress.Kind.REWORDED)
    assert SAID in note.text
    assert NOW_SAID in note.text
    assert (
        Message.objects.filter(subject__contains="được sửa", unit_id=world.thcs).exists()
        or Message.objects.filter(subject__contains="được sửa").exists()
    )
    told = Message.objects.filter(subject__startswith="Được giao").count()
    issue(world.chu_tich, meeting)
    assert Message.objects.filter(subject__startswith="Được giao").count() == told, "told once"
    with pytest.raises(refusals.ConclusionBinds):
        actions.amend_conclusion(by=world.chu_tich, at=at(TODAY, 17), conclusion=conclusion, text=SAID)


def test_two_wordings_from_one_version_lose_nothing(world: World) -> None:
    meeting = session(world)
    conclusion = conclude(world, meeting)
    one, other = Conclusion.objects.get(pk=conclusion.pk), Conclusion.objects.get(pk=conclusion.pk)
    actions.amend_conclusion(by=world.chu_tich, at=at(TODAY, 10), conclusion=one, text=NOW_SAID, version=1)
    with pytest.raises(refusals.ChangedMeanwhile) as refused:
        actions.amend_conclusion(by=world.chuyen_vien, at=at(TODAY, 10), conclusion=other, text="Lời khác", version=1)
    assert refused.value.params["who"].startswith("Nguyễn Văn Suối")
    actions.amend_conclusion(by=world.chuyen_vien, at=at(TODAY, 11), conclusion=other, text="Lời khác", version=2)
    assert [each.text for each in other.wordings.all()] == [SAID, NOW_SAID, "Lời khác"]


def test_three_wordings_are_shown(world: World, today: None) -> None:
    meeting = session(world)
    conclusion = conclude(world, meeting)
    actions.amend_conclusion(by=world.chu_tich, at=at(TODAY, 10), conclusion=conclusion, text=NOW_SAID, version=1)
    sent = {"text": "Lời của tôi", "version": "1", "heading": ""}
    answer = client(world.chuyen_vien).post(f"/hop/{meeting.pk}/ket-luan/{conclusion.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in page for words in (SAID, NOW_SAID, "Lời của tôi", 'name="version" value="2"'))


def test_minutes_are_locked_on_close_and_corrections_say_why(world: World) -> None:
    meeting = session(world)
    said = actions.add_contribution(by=world.chuyen_vien, at=at(), meeting=meeting, text="Sĩ số 98%")
    minutes.correct_contribution(by=world.chuyen_vien, at=at(), contribution=said, text="Sĩ số 98,5%")
    actions.close_meeting(by=world.chuyen_vien, at=at(TODAY, 11), meeting=meeting)
    with pytest.raises(refusals.MinutesLocked):
        minutes.correct_contribution(by=world.chuyen_vien, at=at(TODAY, 12), contribution=said, text="Sĩ số 99%")
    with pytest.raises(refusals.MinutesLocked):
        actions.add_contribution(by=world.chuyen_vien, at=at(TODAY, 12), meeting=meeting, text="Thêm")
    minutes.correct_contribution(
        by=world.chuyen_vien, at=at(TODAY, 12), contribution=said, text="Sĩ số 99%", reason="Trường báo lại"
    )
    late = actions.add_contribution(
        by=world.chuyen_vien, at=at(TODAY, 12), meeting=meeting, text="Thêm", reason="Thư ký ghi thiếu"
    )
    assert [(each.before, each.locked) for each in said.corrections.all()] == [
        ("Sĩ số 98%", False),
        ("Sĩ số 98,5%", True),
    ]
    assert late.corrections.get().reason == "Thư ký ghi thiếu"


def test_the_chairs_screen_turns_a_line_into_a_task(world: World, today: None) -> None:
    meeting = session(world)
    browser = client(world.chu_tich)
    base = f"/hop/{meeting.pk}/chu-tri/"
    assert browser.get(base).status_code == 200
    line = "@Trường THCS Suối Thử rà soát hồ sơ #15/3/2026"
    preview = browser.get(f"{base}hieu/", {"line": line}).content.decode()
    assert "Trường THCS Suối Thử" in preview
    assert "15/03/2026" in preview
    assert browser.post(f"{base}ket-luan/", {"line": "@Trường THCS Suối Thử rà soát"}).status_code == 422
    assert not Conclusion.objects.exists()
    assert browser.post(f"{base}ket-luan/", {"line": line, "at_once": "on"}).status_code == 302
    task = Task.objects.get()
    assert (task.lead_id, task.due_on, task.binds_on) == (world.thcs, date(2026, 3, 15), TODAY)
    page = browser.get(base).content.decode()
    assert "rà soát hồ sơ trước ngày 15/3/2026" in page
    assert browser.get(f"{base}chi-tieu/").status_code == 200
    assert client(world.hieu_truong).get(base).status_code in (403, 404)
    assert browser.get(f"/hop/{meeting.pk}/thong-bao/").status_code == 200
    assert browser.post(f"/hop/{meeting.pk}/thong-bao/duyet/", {"text": ""}).status_code == 302
    assert NoticeText.objects.filter(meeting=meeting).exists()


def test_minutes_stand_item_by_item(world: World, today: None) -> None:
    meeting = session(world)
    item = actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title="Báo cáo sĩ số")
    actions.add_contribution(
        by=world.chuyen_vien, at=at(), meeting=meeting, text="Vắng 12 em", unit_id=world.thcs, item=item
    )
    sent = {"line": "Đồng ý với báo cáo.", "item": str(item.pk)}
    assert client(world.chu_tich).post(f"/hop/{meeting.pk}/chu-tri/ket-luan/", sent).status_code == 302
    assert Conclusion.objects.get().item == item
    page = client(world.chuyen_vien).get(f"/hop/{meeting.pk}/bien-ban/").content.decode()
    under = page[page.index("1. Báo cáo sĩ số") :]
    assert under.index("Vắng 12 em") < under.index("Đồng ý với báo cáo.")
    assert client(world.hieu_truong_doi).get(f"/hop/{meeting.pk}/bien-ban/").status_code == 404
