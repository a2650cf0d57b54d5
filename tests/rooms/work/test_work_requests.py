"""Requests and difficulties: asked, answered, judged, counted, opened first at the next briefing, handed on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.journal.queries import events
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.decree import Close
from giaoban.work import actions, refusals
from giaoban.work.actions import NewTask, difficulties, requests
from giaoban.work.actions.following import follow, take_back
from giaoban.work.models import Difficulty, Meeting, Request
from giaoban.work.queries import requests as queries
from giaoban.work.queries.difficulties import open_difficulties
from tests.rooms.work.world import TODAY, World, at, client

DUE = date(2026, 1, 20)


def ask(world: World, **changes: object) -> Request:
    given = {"by": world.hieu_truong, "unit_id": world.thcs, "to_id": world.suoi, "text": "Bổ sung 02 phòng học"}
    return requests.make(**{"at": at(), "due_on": DUE, **given, **changes})  # type: ignore[arg-type]


def briefing(world: World, day: date, **changes: object) -> Meeting:
    given = {"kind": "giao_ban", "title": f"Giao ban {day}", "starts_at": at(day), "chair_name": "Nguyễn Văn Suối"}
    return actions.plan_meeting(**{"by": world.chuyen_vien, "at": at(), "unit_id": world.suoi, **given, **changes})  # type: ignore[arg-type]


def test_a_request_is_answered_and_the_asker_judges(world: World) -> None:
    asked = ask(world)
    with pytest.raises(NotAllowed):
        requests.answer(by=world.hieu_truong_doi, at=at(), asked=asked, text="Không phải tôi")
    with pytest.raises(refusals.RequestNotAnswered):
        requests.judge(by=world.hieu_truong, at=at(), asked=asked, satisfied=True)
    requests.answer(by=world.chuyen_vien, at=at(), asked=asked, text="Sẽ xem xét")
    with pytest.raises(refusals.RequestAnswered):
        requests.answer(by=world.chuyen_vien, at=at(), asked=asked, text="Hai lần")
    with pytest.raises(refusals.Required):
        requests.judge(by=world.hieu_truong, at=at(), asked=asked, satisfied=False)
    again = requests.judge(by=world.hieu_truong, at=at(), asked=asked, satisfied=False, words="Chưa rõ bao giờ")
    assert (again.state, again.times) == (Request.State.OPEN, 2)
    requests.answer(by=world.chuyen_vien, at=at(), asked=asked, text="Xây trong quý II/2026")
    done = requests.judge(by=world.hieu_truong, at=at(), asked=asked, satisfied=True)
    assert done.state == Request.State.SATISFIED
    assert [each.satisfied for each in done.replies.all()] == [False, True]
    with pytest.raises(refusals.RequestClosed):
        requests.withdraw(by=world.hieu_truong, at=at(), asked=asked, reason="Thôi")
    verbs = [each.verb for each in events().filter(subject_type="work.request", subject_id=asked.pk)]
    assert {"request.make", "request.answer", "request.judge"} <= set(verbs)


def test_the_same_words_asked_again_are_counted(world: World) -> None:
    first = ask(world)
    again = ask(world, text="bổ sung 02 phòng học", due_on=DUE - timedelta(2))
    assert (again.pk, again.times, again.due_on) == (first.pk, 2, DUE - timedelta(2))
    with pytest.raises(refusals.AsksItself):
        ask(world, to_id=world.thcs)
    with pytest.raises(NotAllowed):
        ask(world, by=world.hieu_truong_doi)


def test_open_requests_begin_the_next_briefing_of_the_unit_asked(world: World) -> None:
    meeting = briefing(world, TODAY + timedelta(7))
    actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title="Báo cáo tháng")
    ask(world)
    actions.open_meeting(by=world.chuyen_vien, at=meeting.starts_at, meeting=meeting)
    items = list(meeting.agenda.all())
    assert [each.kind for each in items] == ["REQUEST", "REPORT"]
    assert [each.order for each in items] == [1, 2]
    training = briefing(world, TODAY + timedelta(8), kind="tap_huan")
    assert not training.agenda.filter(kind="REQUEST").exists()


def test_what_a_unit_said_becomes_its_request_once(world: World) -> None:
    meeting = briefing(world, TODAY)
    actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    said = actions.add_contribution(
        by=world.chuyen_vien, at=at(), meeting=meeting, text="Sửa mái nhà", unit_id=world.thcs, kind="PETITION"
    )
    with pytest.raises(NotAllowed):
        requests.make_from_said(by=world.hieu_truong, at=at(), contribution=said)
    made = requests.make_from_said(by=world.chuyen_vien, at=at(), contribution=said, due_on=DUE)
    assert (made.unit_id, made.to_id, made.meeting_id) == (world.thcs, world.suoi, meeting.pk)
    with pytest.raises(refusals.RequestMade):
        requests.make_from_said(by=world.chuyen_vien, at=at(), contribution=said)


def test_lists_say_whose_turn_it_is(world: World, today: None) -> None:
    asked = ask(world, due_on=TODAY - timedelta(1))
    assert list(queries.requests(world.chuyen_vien, TODAY, view="to-answer")) == [asked]
    assert list(queries.requests(world.hieu_truong, TODAY, view="mine")) == [asked]
    assert list(queries.requests(world.chuyen_vien, TODAY, view="overdue")) == [asked]
    assert list(queries.requests(world.chu_tich_doi, TODAY, view="overdue")) == []
    with pytest.raises(Request.DoesNotExist):
        queries.request(world.hieu_truong_doi, asked.pk, TODAY)
    page = client(world.chuyen_vien).get("/kien-nghi/").content.decode()
    assert "Bổ sung 02 phòng học" in page
    assert client(world.chuyen_vien).get(f"/kien-nghi/{asked.pk}/").status_code == 200
    browser = client(world.chuyen_vien)
    assert browser.post(f"/kien-nghi/{asked.pk}/tra-loi/", {"text": "Đã bố trí"}).status_code == 302
    assert client(world.hieu_truong).post(f"/kien-nghi/{asked.pk}/danh-gia/", {"satisfied": "no"}).status_code == 422
    assert client(world.hieu_truong).post(f"/kien-nghi/{asked.pk}/danh-gia/", {"satisfied": "yes"}).status_code == 302
    made = {"to": "UBND xã Suối Thử", "text": "Mua máy lọc nước"}
    assert client(world.hieu_truong).post("/kien-nghi/moi/", made).status_code == 302
    assert Message.objects.filter(subject__contains="Mua máy lọc nước").exists()


def test_requests_and_difficulties_pass_on_when_a_unit_closes(world: World) -> None:
    asked = ask(world, by=world.hieu_truong_doi, unit_id=world.thcs_doi, to_id=world.thcs)
    hard = difficulties.note(by=world.chu_tich, at=at(), host_id=world.suoi, unit_id=world.thcs, text="Thiếu nước")
    change = orgs.carry_out(by=SYSTEM, at=at(), on=TODAY, steps=[Close(world.thcs)], title="Giải thể")
    followed = follow(by=SYSTEM, at=at(), change=change, seats={})
    asked.refresh_from_db()
    assert asked.to_id == world.suoi, "a closed school's requests go to the unit above it"
    assert followed.record["requests"] == [[asked.pk, world.thcs_doi, world.thcs]]
    assert followed.record["difficulties"] == [[hard.pk, world.thcs, world.suoi]]
    orgs.undo(by=SYSTEM, at=at(), change=change, why="Quyết định bị thu hồi")
    take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    asked.refresh_from_db()
    assert asked.to_id == world.thcs


def test_a_difficulty_said_again_is_counted_and_closed_by_a_task_or_an_answer(world: World) -> None:
    common = {"by": world.chuyen_vien, "at": at(), "host_id": world.suoi}
    first = difficulties.note(**common, unit_id=world.thcs, text="Thiếu nước sạch.", cause="Giếng cạn")
    again = difficulties.note(**common, unit_id=world.thcs, text="thiếu nước  sạch", measure="Khoan giếng")
    chosen = difficulties.note(**common, unit_id=world.tieu_hoc, text="Nước không đủ dùng", same_as=first)
    assert first.pk == again.pk == chosen.pk
    assert first.sayings.count() == 3
    first.refresh_from_db()
    assert (first.cause, first.measure) == ("Giếng cạn", "Khoan giếng")
    other = difficulties.note(**common, unit_id=world.tieu_hoc, text="Thiếu giáo viên", kind="SHORTCOMING")
    meeting = briefing(world, TODAY)
    assert [(each.pk, each.times) for each in open_difficulties(meeting)] == [(first.pk, 3), (other.pk, 1)]
    with pytest.raises(NotAllowed):
        difficulties.close(by=world.hieu_truong, at=at(), difficulty=first, answer="Xong")
    with pytest.raises(refusals.ClosedByNothing):
        difficulties.close(by=world.chu_tich, at=at(), difficulty=first)
    new = NewTask(text="Khoan giếng", due="31/3/2026", lead_id=world.kinhte)
    closed = difficulties.close(by=world.chu_tich, at=at(), difficulty=first, new=new)
    assert closed.task is not None
    assert closed.task.lead_id == world.kinhte
    with pytest.raises(refusals.DifficultyClosed):
        difficulties.close(by=world.chu_tich, at=at(), difficulty=first, answer="Lần nữa")
    assert difficulties.note(**common, unit_id=world.thcs, text="Thiếu nước sạch").pk != first.pk
    assert Difficulty.objects.count() == 3


def test_pages_of_difficulties(world: World, today: None) -> None:
    meeting = briefing(world, TODAY)
    actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    said = actions.add_contribution(
        by=world.chuyen_vien, at=at(), meeting=meeting, text="Thiếu bàn ghế", unit_id=world.thcs, kind="DIFFICULTY"
    )
    browser = client(world.chuyen_vien)
    noted = browser.post(f"/hop/{meeting.pk}/y-kien/{said.pk}/kho-khan/", {"kind": "DIFFICULTY", "cause": "Hỏng"})
    assert noted.status_code == 302
    found = Difficulty.objects.get()
    assert "Thiếu bàn ghế" in browser.get("/kho-khan/").content.decode()
    assert browser.get(f"/kho-khan/{found.pk}/").status_code == 200
    assert client(world.hieu_truong_doi).get(f"/kho-khan/{found.pk}/").status_code == 404
    assert browser.post(f"/kho-khan/{found.pk}/tra-loi/", {"answer": "Đã mua"}).status_code == 302
