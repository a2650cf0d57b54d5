"""The calendar of the week: lines, meetings that appear by themselves, clashes, approval, rooms and cars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.journal.queries import events
from giaoban.notices.models import Message
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.roles import Role
from giaoban.work import actions as work
from giaoban.work import refusals
from giaoban.work.actions import week as actions
from giaoban.work.models import Engagement, Facility, Week
from giaoban.work.queries import week as queries
from tests.rooms.work.world import START, TODAY, World, at, client

MONDAY = date(2026, 1, 12)
pytestmark = pytest.mark.django_db


def line(world: World, hour: int = 8, **changes: Any) -> Engagement:
    given: dict[str, Any] = {
        "by": world.chuyen_vien,
        "at": at(),
        "unit_id": world.suoi,
        "starts_at": at(MONDAY, hour),
        "ends_at": at(MONDAY, hour + 2),
        "subject": "Tiếp công dân định kỳ",
        "chair_id": world.chu_tich.position_id,
    }
    return actions.enter(**{**given, **changes})


def room(world: World, kind: str = "ROOM", name: str = "Phòng họp tầng 2") -> Facility:
    return actions.lend(by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind=kind, name=name)


def seen(world: World) -> queries.WeekView:
    return queries.week(world.chuyen_vien, world.suoi, MONDAY, TODAY)


def approve(world: World, **changes: Any) -> Week:
    return actions.approve_week(
        **{"by": world.chu_tich, "at": at(), "unit_id": world.suoi, "monday": MONDAY, **changes}
    )


def test_a_line_says_who_when_and_where(world: World) -> None:
    line(world, room_id=room(world).pk, preparing="Văn phòng")
    (found,) = seen(world).lines
    assert (found.subject, found.people[0].name, found.people[0].chairs) == (
        "Tiếp công dân định kỳ",
        "Nguyễn Văn Suối",
        True,
    )
    assert found.room is not None and found.room.name == "Phòng họp tầng 2" and found.morning
    assert [day for day, _ in seen(world).days] == [MONDAY + timedelta(days=n) for n in range(5)]


def test_only_who_keeps_the_calendar_enters_and_others_do_not_see_it(world: World) -> None:
    for stranger in (world.chu_tich, world.hieu_truong, world.van_thu_doi):
        with pytest.raises(NotAllowed):
            line(world, by=stranger)
    with pytest.raises(NotAllowed):
        queries.week(world.chu_tich_doi, world.suoi, MONDAY, TODAY)
    made = line(world)
    with pytest.raises(Engagement.DoesNotExist):
        queries.engagement(world.chu_tich_doi, made.pk, TODAY)


def test_fields_are_checked(world: World) -> None:
    with pytest.raises(refusals.EndsTooEarly):
        line(world, ends_at=at(MONDAY, 8))
    with pytest.raises(refusals.Required):
        line(world, subject="  ")
    with pytest.raises(refusals.NotOfUnit):
        line(world, chair_id=world.chu_tich_doi.position_id)
    with pytest.raises(refusals.NotLent):
        line(world, room_id=room(world, "CAR", "Xe 24A-001").pk)


def test_a_meeting_of_the_unit_appears_by_itself_and_once(world: World) -> None:
    meeting = work.plan_meeting(
        by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="giao_ban", title="Giao ban tuần",
        starts_at=at(MONDAY, 14), chair_name="Nguyễn Văn Suối", chair_position_id=world.chu_tich.position_id,
    )  # fmt: skip
    (found,) = seen(world).lines
    assert found.meeting == meeting and found.people[0].chairs and found.ends_at == at(MONDAY, 17)
    line(world, 14, subject="Giao ban tuần", meeting=meeting)
    assert [each.engagement_id is None for each in seen(world).lines] == [False]
    with pytest.raises(refusals.EnteredAlready):
        line(world, 14, subject="Giao ban tuần", meeting=meeting)
    work.cancel_meeting(by=world.chuyen_vien, at=at(), meeting=meeting, reason="Trùng lịch tỉnh")
    assert len(seen(world).lines) == 1  # what was entered by hand stays until it is called off


def test_an_invitation_shows_that_nobody_is_named(world: World) -> None:
    meeting = work.plan_meeting(
        by=world.chuyen_vien_so, at=at(), unit_id=world.so, kind="giao_ban", title="Giao ban tỉnh",
        starts_at=at(MONDAY, 8), ends_at=at(MONDAY, 11), chair_name="Lê Văn Sở",
    )  # fmt: skip
    work.invite(by=world.chuyen_vien_so, at=at(), meeting=meeting, unit_ids=[world.suoi])
    assert not seen(world).lines  # not sent yet
    work.send_invitations(by=world.chuyen_vien_so, at=at(), meeting=meeting)
    assert [each.unassigned for each in seen(world).lines] == [True]
    line(world, meeting=meeting, subject=meeting.title, chair_id=None, attendant_ids=[world.chu_tich.position_id])
    assert [each.unassigned for each in seen(world).lines] == [False]


def test_one_person_room_or_car_twice_at_once_is_a_clash(world: World) -> None:
    hall, car = room(world), room(world, "CAR", "Xe 24A-001")
    line(world, 8, room_id=hall.pk)
    line(world, 9, room_id=hall.pk, subject="Họp Ban chỉ đạo")
    line(world, 13, car_id=car.pk, chair_id=None)
    line(world, 14, car_id=car.pk, chair_id=None, subject="Đi Trường THCS")
    line(world, 16, car_id=car.pk, chair_id=None, subject="Về")  # begins when the one before ends
    kinds = {clash.kind for each in seen(world).lines for clash in each.clashes}
    assert kinds == {"person", "room", "car"}
    assert [each.subject for each in seen(world).lines if not each.clashes] == ["Về"]


def test_a_line_called_off_takes_no_room_and_stays_with_its_reason(world: World) -> None:
    hall = room(world)
    first = line(world, 8, room_id=hall.pk)
    line(world, 9, room_id=hall.pk, subject="Họp Ban chỉ đạo")
    with pytest.raises(refusals.Required):
        actions.call_off_engagement(by=world.chuyen_vien, at=at(), engagement=first, reason=" ")
    actions.call_off_engagement(by=world.chuyen_vien, at=at(), engagement=first, reason="Đồng chí chủ trì đi họp tỉnh")
    assert not seen(world).clashing and seen(world).lines[0].off == "Đồng chí chủ trì đi họp tỉnh"
    with pytest.raises(refusals.CalledOffAlready):
        actions.change(by=world.chuyen_vien, at=at(), engagement=first, subject="Khác")


def test_a_week_is_approved_once_by_a_leader_or_the_chief_of_office(world: World) -> None:
    with pytest.raises(refusals.EmptyWeek):
        approve(world)
    line(world)
    with pytest.raises(NotAllowed):
        approve(world, by=world.chuyen_vien)
    chief = _chief(world)
    made = approve(world, by=chief, monday=MONDAY + timedelta(days=3))
    assert (made.monday, made.approved_by) == (MONDAY, "Cao Thị Phòng")
    assert Message.objects.filter(position_id=world.chu_tich.position_id, subject__startswith="Lịch công tác").exists()
    with pytest.raises(refusals.WeekApproved):
        approve(world)


def test_clashes_are_approved_only_with_a_word(world: World) -> None:
    line(world)
    line(world, 9, subject="Họp Ban chỉ đạo")
    with pytest.raises(refusals.WeekClashes):
        approve(world)
    assert approve(world, despite="Chủ tịch dự phần đầu rồi sang").despite


def test_after_approval_a_change_needs_a_reason_is_marked_and_told(world: World) -> None:
    made = line(world)
    own = {"by": world.chuyen_vien, "at": at(), "engagement": made, "chair_id": world.chu_tich.position_id}
    actions.change(**own, place="Hội trường")
    assert not seen(world).lines[0].changed
    approve(world)
    told = Message.objects.count()
    with pytest.raises(refusals.Required):
        actions.change(**own, place="Sân")
    actions.change(
        by=world.chuyen_vien,
        at=at(),
        engagement=made,
        chair_id=world.chu_tich.position_id,
        place="Sân",
        reason="Đông người",
    )
    found = seen(world).lines[0]
    assert found.changed and found.place == "Sân" and Message.objects.count() == told + 1
    assert events(verb="week.change").count() == 2
    assert line(world, 14, subject="Việc thêm").changed_at is not None


def test_rooms_leave_the_list_but_not_old_lines(world: World) -> None:
    hall = room(world)
    with pytest.raises(refusals.FacilityThere):
        room(world)
    line(world, room_id=hall.pk)
    actions.lend_no_more(by=world.chuyen_vien, at=at(), facility=hall)
    assert not queries.facilities(world.suoi, TODAY).exists()
    assert seen(world).lines[0].room == hall
    with pytest.raises(refusals.NotLent):
        line(world, 14, room_id=hall.pk)


def test_the_pages_show_enter_change_and_approve(world: World, today: None) -> None:
    browser = client(world.chuyen_vien)
    assert "Tuần này chưa có nội dung" in browser.get("/lich-tuan/").content.decode()
    form = {
        "unit": world.suoi, "tuan": "2026-01-12", "starts_at": "08:00 13/01/2026", "ends_at": "10:00 13/01/2026",
        "subject": "Kiểm tra Trường THCS", "chair": world.chu_tich.position_id, "place": "Trường THCS",
    }  # fmt: skip
    assert browser.post("/lich-tuan/them/", form).status_code == 302
    page = browser.get("/lich-tuan/?tuan=2026-01-12").content.decode()
    assert "Kiểm tra Trường THCS" in page and "08:00–10:00" in page and "Chưa duyệt" in page
    bad = browser.post("/lich-tuan/them/", {**form, "ends_at": "07:00 13/01/2026"})
    assert bad.status_code == 422 and "Giờ kết thúc phải sau giờ bắt đầu" in bad.content.decode()
    made = Engagement.objects.get()
    assert browser.get(f"/lich-tuan/{made.pk}/").status_code == 200
    assert browser.post("/lich-tuan/duyet/", {"unit": world.suoi, "tuan": "2026-01-12"}).status_code == 403
    browser = client(world.chu_tich)
    assert browser.post("/lich-tuan/duyet/", {"unit": world.suoi, "tuan": "2026-01-12"}).status_code == 302
    sheet = browser.get("/lich-tuan/in/?tuan=2026-01-12").content.decode()
    assert "LỊCH CÔNG TÁC TUẦN" in sheet and "CHỦ TỊCH UBND XÃ" in sheet
    browser = client(world.chuyen_vien)
    assert browser.post(f"/lich-tuan/{made.pk}/hoan/", {"reason": "Mưa lũ"}).status_code == 302
    assert "Mưa lũ" in browser.get("/lich-tuan/?tuan=2026-01-12").content.decode()


def test_a_week_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    hall = room(world)
    for hour in (7, 9, 13, 15):
        line(world, hour, room_id=hall.pk, subject=f"Việc {hour}")
    with django_assert_max_num_queries(12):
        seen(world)


def _chief(world: World) -> Any:
    account = people.create_account(
        by=SYSTEM, at=at(START), unit=world.suoi, username="chanh.vp", full_name="Cao Thị Phòng",
        password="một câu đủ dài 2026", must_change_password=False,
    )  # fmt: skip
    position = people.create_position(by=SYSTEM, at=at(START), unit=world.suoi, title="Chánh Văn phòng HĐND và UBND")
    people.grant(
        by=SYSTEM, at=at(START), position=position, role=Role.CHIEF, unit=world.suoi, hierarchy=MANAGEMENT, on=START
    )
    people.appoint(by=SYSTEM, at=at(START), position=position, account=account, on=START)
    return people_queries.actor(account, position.pk, TODAY)


def test_a_meeting_without_an_end_takes_its_half_day(world: World) -> None:
    def ends(start: datetime) -> datetime:
        return queries.ends_of(work.plan_meeting(
            by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="giao_ban", title="Giao ban", starts_at=start,
            chair_name="A",
        ))  # fmt: skip

    assert ends(at(MONDAY, 8)) == at(MONDAY, 11) + timedelta(minutes=30)
    assert ends(at(MONDAY, 14)) == at(MONDAY, 17)
    assert ends(at(MONDAY, 19)) == at(MONDAY, 20)


def test_a_school_sees_its_own_week_with_the_invitation(world: World, today: None) -> None:
    meeting = work.plan_meeting(
        by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="giao_ban", title="Giao ban các trường",
        starts_at=at(MONDAY, 14), chair_name="Nguyễn Văn Suối",
    )  # fmt: skip
    work.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    work.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    page = client(world.hieu_truong).get("/lich-tuan/")
    assert page.status_code == 200 and "Giao ban các trường" in page.content.decode()
