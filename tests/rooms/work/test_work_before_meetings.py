"""Before a meeting: presets, the order of the agenda, guests, consent to a substitute, letter, calendar, sessions."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as read_docx
from icalendar import Calendar

from giaoban.core.refusal import NotAllowed
from giaoban.notices.models import Message
from giaoban.work import actions, refusals
from giaoban.work.actions import NewTask, agenda, guests, training
from giaoban.work.actions.checkin import Arrival, check_in, check_in_self
from giaoban.work.models import AgendaItem, Guest, Invitation, Meeting, MeetingKind
from giaoban.work.queries import checkin as checkin_queries
from giaoban.work.queries import guests as guest_queries
from giaoban.work.queries.presets import initial_of, items_like, presets, timetable
from giaoban.work.queries.training import learners
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
DAY = TODAY + timedelta(7)


def planned(world: World, **changes: Any) -> Meeting:
    given: dict[str, Any] = {
        "unit_id": world.suoi,
        "kind": "giao_ban",
        "title": "Giao ban tháng 01/2026",
        "starts_at": at(DAY, 8),
        "ends_at": at(DAY, 10),
        "chair_name": "Nguyễn Văn Suối",
        "chair_title": "Chủ tịch UBND xã",
        "unit_ids": [world.thcs, world.so],
    }
    return actions.plan_and_invite(by=world.chuyen_vien, at=at(), **{**given, **changes})


def by(world: World) -> dict[str, Any]:
    return {"by": world.chuyen_vien, "at": at()}


# Presets


def test_every_preset_is_of_a_kind_and_fits_its_time() -> None:
    assert len(presets()) >= 14
    kinds = {each.kind for each in presets().values()}
    assert kinds <= set(MeetingKind.values) and len(kinds) >= 11
    for each in presets().values():
        assert all(item.kind in AgendaItem.Kind.values and item.minutes for item in each.items)
        assert sum(item.minutes or 0 for item in each.items) <= each.minutes, each.code


def test_a_preset_fills_in_the_form_and_its_agenda_is_put_in(world: World) -> None:
    page = client(world.chuyen_vien)
    address = reverse("work:plan")
    shown = page.get(address, {"mau": "giao_ban_thang"}).content.decode()
    assert "Các trường học (3)" in shown and "Giải đáp kiến nghị của các trường" in shown
    sent = {
        "mau": "giao_ban_thang", "kind": "giao_ban", "title": "Giao ban tháng 01/2026", "chair_name": "Nguyễn Văn Suối",
        "starts_at": "2026-01-19T08:00", "ends_at": "2026-01-19T11:00", "units": "Các trường học (3)",
    }  # fmt: skip
    assert page.post(address, sent).status_code == 302
    made = Meeting.objects.get()
    assert (made.preset, made.agenda.count(), made.invitations.count()) == ("giao_ban_thang", 5, 3)
    again = page.get(address, {"nhu": str(made.pk)}).content.decode()
    assert "Giao ban tháng 01/2026" in again and "Giải đáp kiến nghị của các trường" in again
    assert items_like(made) == presets()["giao_ban_thang"].items
    assert client(world.chu_tich_doi).get(address, {"nhu": str(made.pk)}).content.decode().count("Giải đáp") == 0


def test_the_period_reviewed_is_the_last_that_closed(world: World) -> None:
    assert initial_of(presets()["tong_ket"], TODAY, [])["period_code"] == "2024-2025"


# Agenda


def test_items_move_up_and_down_and_the_clock_follows(world: World) -> None:
    meeting = planned(world)
    first, second = (
        actions.add_item(**by(world), meeting=meeting, title=title, minutes=minutes)
        for title, minutes in (("Một", 90), ("Hai", 45))
    )
    agenda.move_item(**by(world), item=second, up=True)
    agenda.move_item(**by(world), item=second, up=True)
    items = list(meeting.agenda.all())
    assert [each.title for each in items] == ["Hai", "Một"]
    times = timetable(meeting, items, at().tzinfo)
    assert [(each.begins, each.over) for each in times] == [("08:00", False), ("08:45", True)]
    page = client(world.chuyen_vien)
    page.post(reverse("work:item-move", args=[meeting.pk, first.pk]), {"len": "1"})
    assert [each.title for each in meeting.agenda.all()] == ["Một", "Hai"]
    shown = page.get(meeting.get_absolute_url()).content.decode()
    assert "09:30" in shown and "Dài hơn cuộc họp" in shown
    with pytest.raises(NotAllowed):
        agenda.move_item(by=world.hieu_truong, at=at(), item=first, up=False)


def test_what_is_overdue_is_an_item_and_counted_anew_when_the_meeting_opens(world: World) -> None:
    for lead in (world.thcs, world.tieu_hoc):
        new = NewTask(text="Rà soát", due="14/01/2026", lead_id=lead)  # type: ignore[arg-type]
        actions.assign(by=world.chu_tich, at=at(), unit_id=world.suoi, task=new)
    meeting = planned(world)
    assert not meeting.agenda.filter(kind="OVERDUE").exists()
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    item = meeting.agenda.get(kind="OVERDUE")
    assert item.title == "Nhiệm vụ quá hạn: 2 nhiệm vụ của 2 đơn vị"
    assert client(world.chuyen_vien).get(item.link).status_code == 200
    training_meeting = planned(world, kind="tap_huan", starts_at=at(DAY), ends_at=None)
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=training_meeting)
    assert not training_meeting.agenda.filter(kind="OVERDUE").exists()


# Guests


def invited_guest(world: World, meeting: Meeting) -> Guest:
    guest = guests.add_guest(**by(world), meeting=meeting, name="Ông Lò Văn Khách", office="Hội Khuyến học")
    return guests.send_to_guest(**by(world), guest=guest)


def test_a_guest_answers_by_the_link_and_the_link_opens_nothing_else(world: World) -> None:
    meeting = planned(world)
    guest = invited_guest(world, meeting)
    stranger = Client()
    address = reverse("work:guest", args=[guest_queries.token(guest)])
    shown = stranger.get(address)
    assert "Ông Lò Văn Khách" in shown.content.decode() and shown["Referrer-Policy"] == "no-referrer"
    assert stranger.post(address, {"answer": "DECLINES"}).status_code == 422
    assert stranger.post(address, {"answer": "COMES"}).status_code == 302
    guest.refresh_from_db()
    assert guest.answer == Invitation.Answer.COMES
    assert stranger.get(meeting.get_absolute_url()).status_code == 302
    calendar = stranger.get(reverse("work:guest-calendar", args=[guest_queries.token(guest)]))
    assert meeting.get_absolute_url() not in calendar.content.decode()


def test_a_link_made_up_taken_back_or_old_is_refused(world: World) -> None:
    meeting = planned(world)
    guest = guests.add_guest(**by(world), meeting=meeting, name="Khách")
    for given in ("x", guest_queries.token(guest)):  # nothing of ours; not sent yet
        assert Client().get(reverse("work:guest", args=[given])).status_code == 404
    old = guest_queries.token(guests.send_to_guest(**by(world), guest=guest))
    with pytest.raises(refusals.GuestLinkOver):
        guest_queries.by_token(old, at(DAY) + timedelta(40))
    guests.send_to_guest(**by(world), guest=guest)
    with pytest.raises(refusals.GuestLinkOver):
        guest_queries.by_token(old, at())
    new = guest_queries.token(guest)
    guests.remove_guest(**by(world), guest=guest)
    with pytest.raises(refusals.GuestLinkOver):
        guest_queries.by_token(new, at())


def test_a_link_answers_once_in_some_seconds(world: World) -> None:
    token = guest_queries.token(invited_guest(world, planned(world)))
    guests.answer_as_guest(at=at(), token=token, answer="COMES")
    with pytest.raises(refusals.AnsweredJustNow):
        guests.answer_as_guest(at=at() + timedelta(seconds=2), token=token, answer="COMES")
    guests.answer_as_guest(at=at() + timedelta(seconds=6), token=token, answer="DECLINES", text="Đi công tác")


def test_only_who_runs_the_meeting_sees_and_adds_guests(world: World) -> None:
    meeting = planned(world)
    actions.send_invitations(**by(world), meeting=meeting)
    with pytest.raises(NotAllowed):
        guests.add_guest(by=world.hieu_truong, at=at(), meeting=meeting, name="Khách")
    assert client(world.hieu_truong).get(reverse("work:guests", args=[meeting.pk])).status_code == 403
    page = client(world.chuyen_vien)
    page.post(reverse("work:guests", args=[meeting.pk]), {"name": "Bà Sùng Thị Mời", "office": "Mặt trận"})
    guest = Guest.objects.get()
    page.post(reverse("work:guest-send", args=[meeting.pk, guest.pk]))
    guest.refresh_from_db()
    shown = page.get(reverse("work:guests", args=[meeting.pk])).content.decode()
    assert guest_queries.token(guest) in shown


def test_a_guest_checks_in_by_code(world: World) -> None:
    meeting = planned(world)
    guest = invited_guest(world, meeting)
    row = Arrival(uuid4(), f"g{guest.pk}", at(DAY, 8))
    check_in(by=world.chuyen_vien, at=at(DAY, 8), meeting=meeting, arrivals=[row])
    guest.refresh_from_db()
    assert guest.attendance == Invitation.Attendance.PRESENT


# Substitutes


def test_a_substitute_comes_with_the_consent_of_the_chair(world: World) -> None:
    meeting = planned(world)
    school = meeting.invitations.get(unit_id=world.thcs)
    with pytest.raises(refusals.NoSubstituteAnnounced):
        guests.decide_substitute(by=world.chu_tich, at=at(), invitation=school, agree=True)
    answer = {"by": world.hieu_truong, "at": at(), "invitation": school}
    actions.answer_invitation(**answer, answer="SUBSTITUTE", text="Phó hiệu trưởng")
    assert school.consent == Invitation.Consent.ASKED
    with pytest.raises(NotAllowed):
        guests.decide_substitute(by=world.hieu_truong, at=at(), invitation=school, agree=True)
    with pytest.raises(refusals.Required):
        guests.decide_substitute(by=world.chu_tich, at=at(), invitation=school, agree=False)
    address = reverse("work:consent", args=[meeting.pk, school.pk])
    client(world.chu_tich).post(address, {"dong_y": "0", "reason": "Hiệu trưởng trực tiếp dự"})
    school.refresh_from_db()
    assert school.consent == Invitation.Consent.REFUSED
    assert Message.objects.filter(subject__startswith="Chủ trì không đồng ý").exists()
    check_in(
        by=world.chuyen_vien, at=at(DAY, 8), meeting=meeting,
        arrivals=[Arrival(uuid4(), f"i{school.pk}", at(DAY, 8))],
    )  # fmt: skip
    school.refresh_from_db()
    assert (school.attendance, school.substitute) == (Invitation.Attendance.PRESENT, "")
    actions.answer_invitation(**{**answer, "invitation": school}, answer="COMES")
    assert school.consent == ""


# Letter and calendar


def test_those_below_the_host_are_summoned_and_others_invited(world: World) -> None:
    meeting = planned(world)
    guests.add_guest(**by(world), meeting=meeting, name="Ông Khách", office="Hội Khuyến học")
    actions.send_invitations(**by(world), meeting=meeting)
    page = client(world.chuyen_vien)
    address = reverse("work:meeting-letter", args=[meeting.pk])

    def words(response: Any) -> str:
        file = read_docx(io.BytesIO(response.content))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        return "\n".join([*cells, *(part.text for part in file.paragraphs)])

    summons, invitation = words(page.get(address, {"loai": "trieu-tap"})), words(page.get(address))
    assert "GIẤY TRIỆU TẬP" in summons and "Trường THCS Suối Thử" in summons and "Sở Giáo dục" not in summons
    assert "GIẤY MỜI" in invitation and "Sở Giáo dục" in invitation and "Ông Khách, Hội Khuyến học" in invitation
    own = words(client(world.hieu_truong).get(address))
    assert "GIẤY TRIỆU TẬP" in own and "Trường THCS Suối Thử" in own
    assert client(world.hieu_truong_doi).get(address).status_code == 404


def test_the_calendar_file_follows_the_meeting(world: World) -> None:
    meeting = planned(world)
    page = client(world.chuyen_vien)

    def event() -> tuple[Any, Any]:
        response = page.get(reverse("work:meeting-calendar", args=[meeting.pk]))
        found = Calendar.from_ical(response.content)
        return found, next(iter(found.walk("VEVENT")))

    calendar, first = event()
    assert first["DTSTART"].dt == at(DAY, 8) and first["SEQUENCE"] == 0
    moved = actions.amend_meeting(**by(world), meeting=meeting, starts_at=at(DAY, 9))
    _, second = event()
    assert second["UID"] == first["UID"] and second["SEQUENCE"] == 1 and second["DTSTART"].dt == at(DAY, 9)
    actions.cancel_meeting(**by(world), meeting=moved, reason="Bão")
    calendar, third = event()
    assert (calendar["METHOD"], third["STATUS"], third["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)


# A training


def test_the_certificate_is_due_to_who_attended_enough_sessions(world: World) -> None:
    meeting = planned(world, kind="tap_huan", starts_at=at(DAY, 7), ends_at=at(DAY + timedelta(2), 17))
    sessions = [
        training.add_session(
            **by(world), meeting=meeting, subject=f"Chuyên đề {day + 1}", starts_at=at(DAY + timedelta(day), 8),
            ends_at=at(DAY + timedelta(day), 11),
        )
        for day in range(3)
    ]  # fmt: skip
    with pytest.raises(refusals.SessionThere):
        training.add_session(
            **by(world), meeting=meeting, subject="Chuyên đề 1", starts_at=at(DAY, 8), ends_at=at(DAY, 9)
        )
    with pytest.raises(refusals.NotSoManySessions):
        training.need_sessions(**by(world), meeting=meeting, needed=4)
    school, so = (meeting.invitations.get(unit_id=unit) for unit in (world.thcs, world.so))
    late = at(DAY + timedelta(2), 12)
    rows = [Arrival(uuid4(), f"i{school.pk}", each.starts_at, "LIST", each.pk) for each in sessions[:2]]
    rows.append(Arrival(uuid4(), f"i{so.pk}", sessions[0].starts_at, "LIST", sessions[0].pk))
    assert len(check_in(by=world.chuyen_vien, at=late, meeting=meeting, arrivals=rows).taken) == 3
    assert not any(each.due for each in learners(meeting, TODAY))
    meeting = training.need_sessions(**by(world), meeting=meeting, needed=2)
    found = {each.who: (each.attended, each.needed, each.due) for each in learners(meeting, TODAY)}
    assert found == {f"i{school.pk}": (2, 2, True), f"i{so.pk}": (1, 2, False)}
    with pytest.raises(refusals.SessionAttended):
        training.remove_session(**by(world), session=sessions[0])
    training.remove_session(**by(world), session=sessions[2])
    page = client(world.chuyen_vien)
    shown = page.get(reverse("work:sessions", args=[meeting.pk])).content.decode()
    assert "Đủ điều kiện cấp chứng nhận" in shown and "1/2" in shown
    sent = {"subject": "Bế giảng", "starts_at": "2026-01-21T14:00", "ends_at": "2026-01-21T16:00"}
    assert page.post(reverse("work:sessions", args=[meeting.pk]), sent).status_code == 302
    assert page.post(reverse("work:sessions", args=[meeting.pk]), sent).status_code == 422
    page.post(reverse("work:session-remove", args=[meeting.pk, meeting.sessions.last().pk]))
    page.post(reverse("work:sessions-needed", args=[meeting.pk]), {"needed": ""})
    meeting.refresh_from_db()
    assert meeting.sessions.count() == 2 and meeting.sessions_needed is None
    actions.send_invitations(**by(world), meeting=meeting)
    read = client(world.hieu_truong).get(reverse("work:sessions", args=[meeting.pk]))
    assert "Chuyên đề 1" in read.content.decode() and "Thêm buổi" not in read.content.decode()
    with pytest.raises(NotAllowed):
        training.need_sessions(by=world.hieu_truong, at=at(), meeting=meeting, needed=1)


def test_the_head_is_invited_by_position_and_another_of_the_unit_comes_as_a_substitute(world: World) -> None:
    meeting = planned(world, unit_ids=[], starts_at=at(), ends_at=None)
    page = client(world.chuyen_vien)
    sent = {"units": "UBND xã Đồi Thử; Phòng Kinh tế xã Suối Thử", "heads": "on"}
    assert page.post(reverse("work:invite", args=[meeting.pk]), sent).status_code == 302
    named, office = (meeting.invitations.get(unit_id=unit) for unit in (world.doi, world.kinhte))
    assert (named.position_id, named.person) == (world.chu_tich_doi.position_id, "Giàng A Đồi")
    assert office.position_id is None
    actions.send_invitations(**by(world), meeting=meeting)
    code = checkin_queries.room_code(meeting, at())
    check_in_self(by=world.van_thu_doi, at=at(), meeting=meeting, code=code, key=uuid4())
    named.refresh_from_db()
    assert (named.attendance, named.substitute) == (Invitation.Attendance.SUBSTITUTE, "Lò Văn Đồi")
