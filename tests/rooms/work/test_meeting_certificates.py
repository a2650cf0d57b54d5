"""Certificates of a training: to who attended enough, numbered, withdrawn, never deleted; learners; who lacks one."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from docx import Document as read_docx

from giaoban.core.refusal import NotAllowed
from giaoban.documents import numbering
from giaoban.journal.models import Event
from giaoban.notices.models import Message
from giaoban.work import actions, refusals, refusals_conference
from giaoban.work.actions import certificates, training
from giaoban.work.actions.checkin import Arrival, check_in
from giaoban.work.models import Certificate, Guest, Invitation, Meeting
from giaoban.work.queries import certificates as queries
from giaoban.work.queries.training import learners
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
DAY = TODAY - timedelta(3)
SIGNED = {"issued_on": TODAY, "signer": "Nguyễn Văn Suối", "signer_title": "Chủ tịch UBND xã"}


def by(world: World) -> dict[str, Any]:
    return {"by": world.chuyen_vien, "at": at()}


def held(world: World, title: str = "Tập huấn an toàn trường học", needed: int | None = 2) -> Meeting:
    """Three sessions, two of them asked for; two schools invited, one of which names its learners."""
    meeting = actions.plan_and_invite(
        by=world.chuyen_vien,
        at=at(DAY - timedelta(7)),
        unit_id=world.suoi,
        kind="tap_huan",
        title=title,
        starts_at=at(DAY, 7),
        ends_at=at(DAY + timedelta(2), 17),
        chair_name="Nguyễn Văn Suối",
        chair_title="Chủ tịch UBND xã",
        unit_ids=[world.thcs, world.tieu_hoc],
    )
    for day in range(3):
        start = at(DAY + timedelta(day), 8)
        training.add_session(
            **by(world), meeting=meeting, subject=f"Buổi {day + 1}", starts_at=start, ends_at=start + timedelta(hours=3)
        )
    if needed is not None:
        training.need_sessions(**by(world), meeting=meeting, needed=needed)
    actions.send_invitations(by=world.chuyen_vien, at=at(DAY - timedelta(7)), meeting=meeting)
    meeting.refresh_from_db()
    return meeting


def named(world: World, meeting: Meeting) -> dict[str, Guest]:
    names = "1. Vàng Thị Nhập; giáo viên\nHạng A Lử; tổ trưởng\n\nvàng thị nhập"
    made = training.register_learners(by=world.hieu_truong, at=at(), meeting=meeting, unit_id=world.thcs, names=names)
    return {each.name: each for each in made}


def attends(world: World, meeting: Meeting, who: str, times: int) -> None:
    rows = [Arrival(uuid4(), who, each.starts_at, "LIST", each.pk) for each in meeting.sessions.all()[:times]]
    check_in(by=world.chuyen_vien, at=at(), meeting=meeting, arrivals=rows)


def opened(world: World, meeting: Meeting) -> Meeting:
    return actions.open_meeting(by=world.chuyen_vien, at=at(DAY, 8), meeting=meeting)


def test_a_unit_names_its_learners_and_comes_as_those(world: World) -> None:
    meeting = held(world)
    people = named(world, meeting)
    assert list(people) == ["Vàng Thị Nhập", "Hạng A Lử"]
    found = {each.name: each.note for each in learners(meeting, DAY)}
    assert found == {
        "Trường Tiểu học Suối Thử": "",
        "Vàng Thị Nhập": "giáo viên, Trường THCS Suối Thử",
        "Hạng A Lử": "tổ trưởng, Trường THCS Suối Thử",
    }
    with pytest.raises(NotAllowed):
        training.register_learners(
            by=world.hieu_truong_th, at=at(), meeting=meeting, unit_id=world.thcs, names="Người lạ"
        )
    attends(world, meeting, f"g{people['Hạng A Lử'].pk}", 1)
    assert meeting.invitations.get(unit_id=world.thcs).attendance == Invitation.Attendance.PRESENT
    page = client(world.hieu_truong)
    address = reverse("work:learners", args=[meeting.pk])
    assert page.post(address, {"unit": world.thcs, "names": "Lò Thị Mới"}).status_code == 302
    assert page.post(address, {"unit": world.tieu_hoc, "names": "Chen vào"}).status_code == 422
    assert "Lò Thị Mới" in page.get(address).content.decode()
    page.post(reverse("work:learner-remove", args=[meeting.pk, Guest.objects.get(name="Lò Thị Mới").pk]))
    page.post(reverse("work:learner-remove", args=[meeting.pk, people["Hạng A Lử"].pk]))  # has attended: stays
    assert set(meeting.guests.values_list("name", flat=True)) == {"Vàng Thị Nhập", "Hạng A Lử"}


def test_only_a_training_has_learners_and_certificates(world: World) -> None:
    other = actions.plan_and_invite(
        **by(world), unit_id=world.suoi, kind="giao_ban", title="Giao ban", starts_at=at(), chair_name="A",
        unit_ids=[world.thcs],
    )  # fmt: skip
    with pytest.raises(refusals_conference.NotATraining):
        training.register_learners(**by(world), meeting=other, unit_id=world.thcs, names="A")
    with pytest.raises(refusals_conference.NotATraining):
        certificates.certify(by=world.chu_tich, at=at(), meeting=other, who=[("i1", "A")], **SIGNED)
    assert client(world.chuyen_vien).get(reverse("work:certificates", args=[other.pk])).status_code == 404


def test_the_certificate_is_given_to_who_attended_enough_and_all_or_none(world: World) -> None:
    meeting = held(world)
    people = named(world, meeting)
    done, short = (f"g{people[name].pk}" for name in ("Vàng Thị Nhập", "Hạng A Lử"))
    attends(world, meeting, done, 2)
    attends(world, meeting, short, 1)
    give = {"by": world.chuyen_vien, "at": at(), "meeting": meeting, **SIGNED}
    opened(world, meeting)
    with pytest.raises(refusals_conference.CertificateNotDue) as refused:
        certificates.certify(**give, who=[(done, ""), (short, "")])
    assert "Hạng A Lử" in str(refused.value.params) and not Certificate.objects.exists()
    (made,) = certificates.certify(**give, who=[(done, "")])
    assert (made.name, made.office) == ("Vàng Thị Nhập", "giáo viên, Trường THCS Suối Thử")
    assert (made.symbol, made.attended, made.sessions) == ("01/2026/GCN", 2, 3)
    assert "Vàng Thị Nhập (01/2026/GCN)" in Message.objects.get(unit=world.thcs, subject__startswith="Đã cấp").body
    assert Event.objects.get(verb="training.certify").data["certificates"] == ["01/2026/GCN"]
    with pytest.raises(refusals_conference.NobodyToCertify):
        certificates.certify(**give, who=[(done, "")])
    with pytest.raises(NotAllowed):
        certificates.certify(**{**give, "by": world.hieu_truong}, who=[(short, "")])


def test_a_unit_that_named_nobody_needs_a_name_on_the_paper(world: World) -> None:
    meeting = opened(world, held(world, needed=1))
    seat = meeting.invitations.get(unit_id=world.tieu_hoc)
    attends(world, meeting, f"i{seat.pk}", 1)
    give = {"by": world.chu_tich, "at": at(), "meeting": meeting, **SIGNED}
    with pytest.raises(refusals_conference.CertificateUnnamed):
        certificates.certify(**give, who=[(f"i{seat.pk}", " ")])
    address = reverse("work:certificates", args=[meeting.pk])
    page = client(world.chuyen_vien)
    assert "Cấp cho (người dự của Trường Tiểu học Suối Thử)" in page.get(address).content.decode()
    sent = {"who": f"i{seat.pk}", f"name-i{seat.pk}": "Đặng Văn Tiểu", "issued_on": "12/01/2026", "signer": "Suối"}
    assert page.post(address, {**sent, f"name-i{seat.pk}": ""}).status_code == 422
    assert page.post(address, sent).status_code == 302
    assert (Certificate.objects.get().name, Certificate.objects.get().office) == (
        "Đặng Văn Tiểu",
        "Trường Tiểu học Suối Thử",
    )


def test_numbers_run_on_through_the_year_and_a_withdrawn_one_is_never_given_again(world: World) -> None:
    numbering.switch_on(by=world.chuyen_vien, at=at(), unit_id=world.suoi, agency="UBND")
    first = opened(world, held(world, needed=1))
    people = named(world, first)
    for each in people.values():
        attends(world, first, f"g{each.pk}", 1)
    give = {"by": world.chu_tich, "at": at(), **SIGNED}
    made = certificates.certify(**give, meeting=first, who=[(f"g{each.pk}", "") for each in people.values()])
    assert [each.symbol for each in made] == ["01/GCN-UBND", "02/GCN-UBND"]
    with pytest.raises(refusals.Required):
        certificates.withdraw(by=world.chu_tich, at=at(), certificate=made[1], reason=" ")
    with pytest.raises(NotAllowed):
        certificates.withdraw(by=world.hieu_truong, at=at(), certificate=made[1], reason="Sai tên")
    certificates.withdraw(by=world.chu_tich, at=at(), certificate=made[1], reason="Sai tên")
    with pytest.raises(refusals_conference.CertificateIsWithdrawn):
        certificates.withdraw(by=world.chu_tich, at=at(), certificate=made[1], reason="Lần nữa")
    (anew,) = certificates.certify(**give, meeting=first, who=[(f"g{made[1].guest_id}", "")])
    assert anew.symbol == "03/GCN-UBND" and Certificate.objects.count() == 3
    (next_year,) = _another_year(world)
    assert next_year.number == 1
    shown = client(world.chuyen_vien).get(reverse("work:certificates", args=[first.pk])).content.decode()
    assert "Sai tên" in shown


def _another_year(world: World) -> list[Certificate]:
    meeting = opened(world, held(world, title="Tập huấn khác", needed=1))
    seat = meeting.invitations.get(unit_id=world.tieu_hoc)
    attends(world, meeting, f"i{seat.pk}", 1)
    later = {**SIGNED, "issued_on": TODAY.replace(year=2027)}
    return certificates.certify(
        by=world.chu_tich, at=at(), meeting=meeting, who=[(f"i{seat.pk}", "Đặng Văn Tiểu")], **later
    )


def test_all_that_hold_are_printed_one_a_page(world: World) -> None:
    meeting = opened(world, held(world, needed=1))
    people = named(world, meeting)
    for each in people.values():
        attends(world, meeting, f"g{each.pk}", 1)
    made = certificates.certify(
        by=world.chu_tich, at=at(), meeting=meeting, who=[(f"g{each.pk}", "") for each in people.values()], **SIGNED
    )
    certificates.withdraw(by=world.chu_tich, at=at(), certificate=made[1], reason="Sai tên")

    def words(response: Any) -> str:
        file = read_docx(io.BytesIO(response.content))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        return "\n".join([*cells, *(part.text for part in file.paragraphs)])

    page = client(world.chuyen_vien)
    said = words(page.get(reverse("work:certificates-docx", args=[meeting.pk])))
    assert "GIẤY CHỨNG NHẬN" in said and "Vàng Thị Nhập" in said and "Hạng A Lử" not in said
    assert "Số vào sổ cấp giấy chứng nhận: 01/2026/GCN" in said and "(1/3 buổi)" in said
    assert "UBND XÃ SUỐI THỬ" in said.upper() and "Ngày 12 tháng 01 năm 2026" in said
    own = client(world.hieu_truong)
    assert own.get(reverse("work:certificate-docx", args=[made[0].pk])).status_code == 200
    assert page.get(reverse("work:certificate-docx", args=[made[1].pk])).status_code == 404  # it holds no more
    other = client(world.hieu_truong_th)
    assert other.get(reverse("work:certificate-docx", args=[made[0].pk])).status_code == 404
    assert other.get(reverse("work:certificates-docx", args=[meeting.pk])).status_code == 404


def test_who_still_lacks_it_over_all_trainings_on_the_topic(world: World) -> None:
    first, second = (opened(world, held(world, title=title, needed=2)) for title in ("Lớp 1", "Lớp 2"))
    for meeting in (first, second):
        training.set_topic(**by(world), meeting=meeting, topic="An toàn trường học")
    people = named(world, first)
    again = named(world, second)
    attends(world, first, f"g{people['Vàng Thị Nhập'].pk}", 2)
    attends(world, first, f"g{people['Hạng A Lử'].pk}", 1)
    attends(world, second, f"g{again['Hạng A Lử'].pk}", 2)
    certificates.certify(
        by=world.chu_tich, at=at(), meeting=first, who=[(f"g{people['Vàng Thị Nhập'].pk}", "")], **SIGNED
    )
    found = queries.topic(world.chuyen_vien, "an toàn trường học", TODAY)
    assert found is not None and (found.certified, len(found.people)) == (1, 3)
    assert {each.name: each.waits for each in found.lacking} == {
        "Hạng A Lử": True,
        "Trường Tiểu học Suối Thử": False,
    }
    made = Certificate.objects.get()
    certificates.withdraw(by=world.chu_tich, at=at(), certificate=made, reason="Sai tên")
    again_found = queries.topic(world.chuyen_vien, "An toàn trường học", TODAY)
    assert again_found is not None and again_found.certified == 0
    page = client(world.chuyen_vien)
    assert "0/3" in page.get(reverse("work:trainings")).content.decode()
    shown = page.get(reverse("work:trainings"), {"chu-de": "An toàn trường học"}).content.decode()
    assert "Hạng A Lử" in shown and "Đủ điều kiện cấp chứng nhận" in shown
    assert queries.topics(world.chu_tich_doi, TODAY) == []
    assert client(world.hieu_truong).get(reverse("work:trainings"), {"chu-de": "An toàn trường học"}).status_code == 404
