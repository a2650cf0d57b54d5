"""Check-in: codes, the phone that was without a line, the code in the room, and what is kept once."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.queries import events
from giaoban.work import actions, refusals
from giaoban.work.actions.checkin import Arrival, check_in, check_in_self
from giaoban.work.models import CheckIn, Invitation, Meeting, MeetingState
from giaoban.work.queries import checkin as queries
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def planned(world: World, opened: bool = True) -> Meeting:
    found = actions.plan_and_invite(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="giao_ban",
        title="Giao ban tháng 01/2026",
        starts_at=at(TODAY, 8),
        chair_name="Nguyễn Văn Suối",
        unit_ids=[world.thcs, world.tieu_hoc, world.vhxh],
    )
    actions.send_invitations(by=world.chuyen_vien, at=at(TODAY, 6), meeting=found)
    return actions.open_meeting(by=world.chuyen_vien, at=at(TODAY, 8), meeting=found) if opened else found


def invitation(meeting: Meeting, unit: object) -> Invitation:
    return meeting.invitations.get(unit_id=unit)


def arrival(who: Invitation, minutes: int = 0, **changes: object) -> Arrival:
    given = {"key": uuid4(), "who": f"i{who.pk}", "at": at(TODAY, 8) + timedelta(minutes=minutes), **changes}
    return Arrival(**given)  # type: ignore[arg-type]


def test_sent_again_or_made_by_two_phones_it_is_kept_once(world: World) -> None:
    meeting = planned(world)
    school = invitation(meeting, world.thcs)
    first = arrival(school, -5)
    by = {"by": world.chuyen_vien, "at": at(TODAY, 10), "meeting": meeting}
    assert check_in(**by, arrivals=[first]).taken == [first.key]
    assert check_in(**by, arrivals=[first]).taken == [first.key]
    other = arrival(school, -2)
    assert check_in(**by, arrivals=[other, arrival(invitation(meeting, world.vhxh))]).taken[0] == other.key
    assert CheckIn.objects.filter(invitation=school).count() == 1
    assert events(verb="meeting.check_in").count() == 2


def test_late_is_told_by_the_clock_of_the_phone_not_by_when_the_line_came_back(world: World) -> None:
    meeting = planned(world)
    rows = [arrival(invitation(meeting, world.thcs), -5), arrival(invitation(meeting, world.tieu_hoc), 20)]
    check_in(by=world.chuyen_vien, at=at(TODAY, 11), meeting=meeting, arrivals=rows)
    assert invitation(meeting, world.thcs).attendance == Invitation.Attendance.PRESENT
    assert invitation(meeting, world.tieu_hoc).attendance == Invitation.Attendance.LATE


def test_a_clock_that_runs_ahead_counts_as_the_time_of_receiving(world: World) -> None:
    meeting = planned(world)
    row = arrival(invitation(meeting, world.thcs), 600)
    check_in(by=world.chuyen_vien, at=at(TODAY, 8), meeting=meeting, arrivals=[row])
    assert CheckIn.objects.get().at == at(TODAY, 8)


def test_who_was_noted_absent_and_comes_is_there_and_other_notes_stay(world: World) -> None:
    meeting = planned(world)
    absent, here = invitation(meeting, world.thcs), invitation(meeting, world.vhxh)
    by = {"by": world.chuyen_vien, "at": at(TODAY, 9)}
    actions.take_attendance(**by, invitation=absent, attendance="ABSENT", reason="Ốm")
    actions.take_attendance(**by, invitation=here, attendance="SUBSTITUTE", substitute="Phó phòng")
    check_in(**by, meeting=meeting, arrivals=[arrival(absent, 30), arrival(here, 30)])
    assert (invitation(meeting, world.thcs).attendance, invitation(meeting, world.thcs).reason) == ("LATE", "")
    assert invitation(meeting, world.vhxh).substitute == "Phó phòng"


def test_an_announced_substitute_checks_in_as_one(world: World) -> None:
    meeting = planned(world, opened=False)
    school = invitation(meeting, world.thcs)
    actions.answer_invitation(
        by=world.hieu_truong, at=at(), invitation=school, answer="SUBSTITUTE", text="Phó hiệu trưởng Lù A Tư"
    )
    check_in(by=world.chuyen_vien, at=at(), meeting=meeting, arrivals=[arrival(school)])
    assert invitation(meeting, world.thcs).substitute == "Phó hiệu trưởng Lù A Tư"


def test_what_cannot_be_kept_is_said_line_by_line(world: World) -> None:
    meeting = planned(world)
    good = arrival(invitation(meeting, world.thcs))
    stranger = Arrival(uuid4(), "i999999", at(TODAY, 8))
    odd = Arrival(uuid4(), "x1", at(TODAY, 8))
    early = arrival(invitation(meeting, world.vhxh), -600)
    session = arrival(invitation(meeting, world.tieu_hoc), session_id=99)
    rows = [good, stranger, odd, early, session]
    outcome = check_in(by=world.chuyen_vien, at=at(TODAY, 9), meeting=meeting, arrivals=rows)
    assert outcome.taken == [good.key]
    assert [type(outcome.refused[row.key]) for row in rows[1:]] == [
        refusals.NotOnTheList, refusals.NotOnTheList, refusals.TooEarlyToCheckIn, refusals.NoSuchSession,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(MeetingState.CANCELLED, refusals.MeetingCancelled), (MeetingState.CONCLUDED, refusals.MeetingOver)],
)
def test_a_meeting_that_is_over_takes_none(world: World, state: str, refusal: type) -> None:
    meeting = planned(world)
    if state == MeetingState.CONCLUDED:
        actions.conclude(by=world.chuyen_vien, at=at(TODAY, 9), meeting=meeting, text="Duy trì sĩ số", tasks=[])
        actions.close_meeting(by=world.chuyen_vien, at=at(TODAY, 10), meeting=meeting)
        actions.issue_notice(by=world.chu_tich, at=at(TODAY, 11), meeting=meeting, symbol="07/TB-UBND", issued_on=TODAY)
    else:
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
    row = arrival(invitation(meeting, world.thcs))
    outcome = check_in(by=world.chuyen_vien, at=at(TODAY, 12), meeting=meeting, arrivals=[row])
    assert isinstance(outcome.refused[row.key], refusal)


def test_only_who_runs_the_meeting_checks_others_in(world: World) -> None:
    meeting = planned(world)
    for stranger in (world.hieu_truong, world.chu_tich_doi, world.van_thu):
        with pytest.raises(NotAllowed):
            check_in(by=stranger, at=at(), meeting=meeting, arrivals=[arrival(invitation(meeting, world.thcs))])
        assert client(stranger).get(reverse("work:check-in", args=[meeting.pk])).status_code in (403, 404)
        assert client(stranger).get(reverse("work:check-in-screen", args=[meeting.pk])).status_code in (403, 404)


def test_codes_differ_and_name_nobody_else(world: World) -> None:
    meeting = planned(world)
    codes = [each.code for each in queries.expected(meeting, TODAY)]
    assert len(set(codes)) == 3 and all(len(code) == queries.LENGTH for code in codes)
    assert queries.tidy(queries.grouped(codes[0]).lower()) == codes[0]


# One's own phone


def test_the_code_in_the_room_checks_in_who_is_invited_and_holds_a_few_minutes(world: World) -> None:
    meeting = planned(world)
    code = queries.room_code(meeting, at(TODAY, 8))
    with pytest.raises(refusals.CodeOver):
        check_in_self(by=world.hieu_truong, at=at(TODAY, 9), meeting=meeting, code=code, key=uuid4())
    with pytest.raises(NotAllowed):
        check_in_self(by=world.hieu_truong_doi, at=at(TODAY, 8), meeting=meeting, code=code, key=uuid4())
    later = at(TODAY, 8) + timedelta(minutes=6)
    check_in_self(by=world.hieu_truong, at=later, meeting=meeting, code=code.lower(), key=uuid4())
    assert CheckIn.objects.get().way == CheckIn.Way.SELF
    assert invitation(meeting, world.thcs).attendance == Invitation.Attendance.LATE


def test_the_page_on_ones_own_phone_says_whether_one_is_checked_in(world: World) -> None:
    meeting = planned(world)
    page = client(world.hieu_truong)
    here = reverse("work:here", args=[meeting.pk])
    assert page.get(f"{here}?ma=SAI").status_code == 409
    assert page.get(here).status_code == 200
    done = page.post(here, {"ma": queries.room_code(meeting, at())}, follow=True)
    assert "Đã điểm danh" in done.content.decode()
    assert CheckIn.objects.count() == 1


# The organiser's page


def test_the_list_works_by_buttons_and_by_typed_code(world: World) -> None:
    meeting = planned(world)
    page = client(world.chuyen_vien)
    address = reverse("work:check-in", args=[meeting.pk])
    response = page.get(address)
    assert response["X-Kept-For"] == str(world.chuyen_vien.account_id)
    school = invitation(meeting, world.thcs)
    assert f'value="i{school.pk}"' in response.content.decode()
    page.post(address, {"who": f"i{school.pk}"})
    page.post(address, {"code": queries.grouped(queries.code_of(invitation(meeting, world.vhxh))).lower()})
    assert [(each.way, each.by) for each in CheckIn.objects.all()] == [("LIST", "Trần Thị Xã"), ("CODE", "Trần Thị Xã")]
    assert "không có trong danh sách" in page.post(address, {"code": "SAI"}, follow=True).content.decode()


def test_what_the_phone_sends_is_answered_the_same_however_often(world: World) -> None:
    meeting = planned(world)
    page = client(world.chuyen_vien)
    address = reverse("work:check-in-send", args=[meeting.pk])
    key = str(uuid4())
    row = {"key": key, "who": f"i{invitation(meeting, world.thcs).pk}", "at": at().isoformat(), "way": "CODE"}
    sent = {"account": world.chuyen_vien.account_id, "rows": [row, {**row, "key": str(uuid4()), "who": "i0"}]}
    answers = [page.post(address, json.dumps(sent), content_type="application/json").json() for _ in range(2)]
    assert answers[0] == answers[1] and answers[0]["taken"] == [key] and len(answers[0]["refused"]) == 1
    for wrong in ("[]", "no", '{"rows": 3}', json.dumps({**sent, "rows": [{**row, "at": "hôm qua"}]})):
        assert page.post(address, wrong, content_type="application/json").status_code in (400, 403)
    other = {**sent, "account": 0}
    assert page.post(address, json.dumps(other), content_type="application/json").status_code == 403
    many = {**sent, "rows": [row] * 201}
    assert page.post(address, json.dumps(many), content_type="application/json").status_code == 409


def test_cards_and_the_screen_show_pictures_of_the_codes(world: World) -> None:
    meeting = planned(world)
    page = client(world.chuyen_vien)
    cards = page.get(reverse("work:check-in-cards", args=[meeting.pk])).content.decode()
    assert cards.count('class="qr"') == 3
    assert queries.grouped(queries.code_of(invitation(meeting, world.thcs))) in cards
    screen = page.get(reverse("work:check-in-screen", args=[meeting.pk])).content.decode()
    assert queries.grouped(queries.room_code(meeting, at())) in screen and 'http-equiv="refresh"' in screen
    assert page.get(reverse("work:worker"))["Content-Type"].startswith("text/javascript")
