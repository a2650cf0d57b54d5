"""One's own notes: seen by nobody else on any page, not in the journal, kept after the meeting, or said openly."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account
from giaoban.people.roles import Role
from giaoban.work import actions, refusals_conference
from giaoban.work.actions import papers, private_notes
from giaoban.work.models import Contribution, Meeting, PrivateNote, Request
from giaoban.work.queries import private_notes as queries
from tests.rooms.work.world import START, TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
DAY = TODAY + timedelta(7)
WORDS = "Chưa rõ nguồn kinh phí sửa mái"


def planned(world: World) -> Meeting:
    meeting = actions.plan_and_invite(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="giao_ban",
        title="Giao ban tháng 01/2026",
        starts_at=at(DAY, 8),
        chair_name="Nguyễn Văn Suối",
        unit_ids=[world.thcs, world.tieu_hoc],
    )
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    return meeting


def kept(world: World, meeting: Meeting, **more: Any) -> PrivateNote:
    return private_notes.keep_note(by=world.hieu_truong, at=at(), meeting=meeting, text=WORDS, **more)


def administrator(world: World) -> Any:
    account = people.create_account(
        by=SYSTEM, at=at(START), unit=world.suoi, username="quan.tri", full_name="Người Quản Trị",
        password="một câu đủ dài 2026", must_change_password=False,
    )  # fmt: skip
    seat = people.create_position(by=SYSTEM, at=at(START), unit=world.suoi, title="Quản trị")
    people.grant(by=SYSTEM, at=at(START), position=seat, role=Role.ADMINISTRATOR, unit=world.suoi, on=START)
    people.appoint(by=SYSTEM, at=at(START), position=seat, account=account, on=START)
    return people_queries.actor(account, seat.pk, TODAY)


def test_a_note_is_its_owners_and_nobody_elses(world: World) -> None:
    meeting = planned(world)
    item = actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title="Cơ sở vật chất")
    paper = papers.ask_paper(by=world.chuyen_vien, at=at(), meeting=meeting, title="Báo cáo")
    notes = [kept(world, meeting), kept(world, meeting, item=item), kept(world, meeting, paper=paper)]
    page = client(world.hieu_truong)
    assert WORDS in page.get(meeting.get_absolute_url()).content.decode()
    assert page.get(reverse("work:private-notes")).content.decode().count(WORDS) == 3
    addresses = [
        meeting.get_absolute_url(), reverse("work:private-notes"), reverse("work:papers", args=[meeting.pk]),
        reverse("work:paper", args=[meeting.pk, paper.pk]), reverse("work:private-note", args=[notes[0].pk]),
    ]  # fmt: skip
    admin = administrator(world)
    for other in (admin, world.chu_tich, world.chuyen_vien, world.giao_vien, world.chu_tich_tinh):
        assert not queries.mine(other).exists()
        browser = client(other)
        for address in addresses:
            assert WORDS not in browser.get(address).content.decode()
        assert browser.get(addresses[-1]).status_code == 404
        for verb in ("remove", "say", "ask"):
            assert browser.post(reverse(f"work:private-note-{verb}", args=[notes[0].pk])).status_code == 404
        for change in (private_notes.change_note, private_notes.say_note, private_notes.request_note):
            more = {"text": "Khác"} if change is private_notes.change_note else {}
            with pytest.raises(NotAllowed):
                change(by=other, at=at(), note=notes[0], **more)
    assert not queries.mine(SYSTEM).exists()
    assert PrivateNote.objects.filter(text=WORDS).count() == 3


def test_the_journal_keeps_nothing_of_it(world: World) -> None:
    meeting = planned(world)
    before = Event.objects.count()
    note = private_notes.change_note(by=world.hieu_truong, at=at(), note=kept(world, meeting), text=WORDS + ", hỏi lại")
    private_notes.remove_note(by=world.hieu_truong, at=at(), note=note)
    assert Event.objects.count() == before
    assert WORDS not in json.dumps(list(Event.objects.values_list("data", flat=True)), ensure_ascii=False, default=str)


def test_it_stays_after_the_meeting_and_when_the_office_changes(world: World) -> None:
    meeting = planned(world)
    kept(world, meeting)
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    actions.close_meeting(by=world.chuyen_vien, at=at(DAY, 10), meeting=meeting)
    seat = people.create_position(by=SYSTEM, at=at(START), unit=world.thcs_doi, title="Hiệu trưởng mới")
    people.grant(by=SYSTEM, at=at(START), position=seat, role=Role.HEAD, unit=world.thcs_doi, on=START)
    account = Account.objects.get(pk=world.hieu_truong.account_id)
    people.appoint(by=SYSTEM, at=at(START), position=seat, account=account, on=START)
    elsewhere = people_queries.actor(account, seat.pk, TODAY)
    assert [each.text for each in queries.mine(elsewhere)] == [WORDS]
    shown = client(elsewhere).get(reverse("work:private-notes")).content.decode()
    assert WORDS in shown and meeting.get_absolute_url() not in shown


def test_only_on_a_meeting_one_sees(world: World) -> None:
    meeting = planned(world)
    with pytest.raises(Meeting.DoesNotExist):
        private_notes.keep_note(by=world.hieu_truong_doi, at=at(), meeting=meeting, text="Nghe được")
    foreign = actions.add_item(
        by=world.chuyen_vien,
        at=at(),
        meeting=planned(world),
        title="Của họp khác",
    )
    with pytest.raises(NotAllowed):
        kept(world, meeting, item=foreign)
    hidden = papers.ask_paper(by=world.chuyen_vien, at=at(), meeting=meeting, title="Kín", attendees_only=True)
    with pytest.raises(NotAllowed):
        private_notes.keep_note(by=world.chu_tich_tinh, at=at(), meeting=meeting, text="Kín", paper=hidden)
    with pytest.raises(Refused):
        private_notes.keep_note(by=world.hieu_truong, at=at(), meeting=meeting, text="  ")


def test_its_owner_says_it_in_the_discussion(world: World) -> None:
    meeting = planned(world)
    page = client(world.hieu_truong)
    page.post(reverse("work:private-note-keep", args=[meeting.pk]), {"text": WORDS})
    note = PrivateNote.objects.get()
    with pytest.raises(Refused):  # not while it is only planned
        private_notes.say_note(by=world.hieu_truong, at=at(), note=note)
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    assert page.post(reverse("work:private-note-say", args=[note.pk]), {"kind": "DIFFICULTY"}).status_code == 302
    said = Contribution.objects.get()
    assert (said.text, said.unit_id, said.person, said.kind) == (WORDS, world.thcs, "Lý Thị Trung", "DIFFICULTY")
    assert Event.objects.filter(verb="meeting.note").exists()
    note.refresh_from_db()
    with pytest.raises(refusals_conference.NoteUsed):
        private_notes.say_note(by=world.hieu_truong, at=at(DAY), note=note)
    second = kept(world, meeting)
    actions.close_meeting(by=world.chuyen_vien, at=at(DAY, 10), meeting=meeting)
    with pytest.raises(Refused):  # the minutes are locked
        private_notes.say_note(by=world.hieu_truong, at=at(DAY, 11), note=second)


def test_its_owner_makes_it_a_request_to_the_host(world: World) -> None:
    meeting = planned(world)
    note = kept(world, meeting)
    assert client(world.hieu_truong).post(reverse("work:private-note-ask", args=[note.pk])).status_code == 302
    asked = Request.objects.get()
    assert (asked.text, asked.unit_id, asked.to_id) == (WORDS, world.thcs, world.suoi)
    note.refresh_from_db()
    assert note.request == asked and note.text == WORDS
