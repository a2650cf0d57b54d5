"""Papers of a meeting: asked for, delivered in versions that stay, read, missing, for attendees; the item open now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.journal.models import Event
from giaoban.notices.models import Message
from giaoban.work import actions, refusals_conference
from giaoban.work.actions import guests, papers
from giaoban.work.models import Meeting, Paper, PaperReading
from giaoban.work.queries import guests as guest_queries
from giaoban.work.queries import papers as queries
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today", "kept_apart")
DAY = TODAY + timedelta(7)


@pytest.fixture
def kept_apart(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def planned(world: World, *units: int, sent: bool = True, **changes: Any) -> Meeting:
    given: dict[str, Any] = {
        "unit_id": world.suoi,
        "kind": "giao_ban",
        "title": "Giao ban tháng 01/2026",
        "starts_at": at(DAY, 8),
        "ends_at": at(DAY, 10),
        "chair_name": "Nguyễn Văn Suối",
        "unit_ids": units or [world.thcs, world.tieu_hoc],
    }
    meeting = actions.plan_and_invite(by=world.chuyen_vien, at=at(), **{**given, **changes})
    if sent:
        actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    meeting.refresh_from_db()
    return meeting


def by(world: World) -> dict[str, Any]:
    return {"by": world.chuyen_vien, "at": at()}


def text(words: str, name: str = "bao-cao.txt") -> tuple[str, bytes]:
    return name, words.encode()


def shelf(world: World, meeting: Meeting, who: str) -> queries.Shelved:
    actor = getattr(world, who)
    (found,) = queries.shelved(queries.readable(actor, meeting, TODAY), TODAY, actor=actor)
    return found


def test_every_version_is_kept_with_hash_name_time_and_note(world: World) -> None:
    meeting = planned(world)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Báo cáo tháng", presenter_unit_id=world.thcs)
    school = {"by": world.hieu_truong, "at": at(), "paper": paper}
    first = papers.deliver(**school, file=text("Báo cáo lần một"))
    second = papers.deliver(**school, file=text("Báo cáo lần hai"), note="Sửa số học sinh")
    assert [(each.no, each.note) for each in paper.versions.all()] == [(1, ""), (2, "Sửa số học sinh")]
    assert first.file_hash != second.file_hash and second.by == "Lý Thị Trung, Hiệu trưởng"
    assert second.text == "Báo cáo lần hai"
    with pytest.raises(refusals_conference.SamePaper):
        papers.deliver(**school, file=text("Báo cáo lần hai"))
    event = Event.objects.filter(verb="meeting.paper_version").order_by("-seq")[0]
    assert event.data["version"] == 2 and event.data["file_hash"] == second.file_hash
    page = client(world.chuyen_vien)
    old = page.get(reverse("work:paper-file", args=[meeting.pk, paper.pk, 1]))
    assert old.content.decode() == "Báo cáo lần một" and "attachment" in old["Content-Disposition"]


def test_a_mark_of_secrecy_is_refused_and_nothing_is_kept(world: World) -> None:
    paper = papers.ask_paper(**by(world), meeting=planned(world), title="Báo cáo")
    with pytest.raises(Refused):
        papers.deliver(**by(world), paper=paper, file=text("UBND TỈNH\nSố: 01/BC-UBND\nMẬT\n\nBÁO CÁO\n"))
    assert not paper.versions.exists()


def test_who_has_read_which_version_is_known_and_a_newer_one_is_marked(world: World) -> None:
    meeting = planned(world)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Báo cáo tháng", presenter_unit_id=world.thcs)
    papers.deliver(by=world.hieu_truong, at=at(), paper=paper, file=text("Một"))
    assert shelf(world, meeting, "hieu_truong_th").unread
    page = client(world.hieu_truong_th)
    address = reverse("work:paper", args=[meeting.pk, paper.pk])
    assert "Một" in page.get(address).content.decode()
    page.get(address)
    assert PaperReading.objects.get(account_id=world.hieu_truong_th.account_id).version.no == 1
    assert not shelf(world, meeting, "hieu_truong_th").new
    papers.deliver(by=world.hieu_truong, at=at(), paper=paper, file=text("Hai"))
    assert shelf(world, meeting, "hieu_truong_th").new
    assert Message.objects.filter(subject__startswith="Tài liệu có bản mới", unit=world.tieu_hoc).exists()
    assert not Message.objects.filter(subject__startswith="Tài liệu có bản mới", unit=world.thcs).exists()
    assert "Bản mới" in page.get(meeting.get_absolute_url()).content.decode()
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    version = paper.versions.get(no=2)
    papers.mark_read(by=world.hieu_truong_th, at=at(DAY, 9), version=version)
    paper = Paper.objects.get()
    (reader,) = queries.readers(paper)
    assert (reader.no, reader.before) == (2, False)
    assert "Đặng Văn Tiểu" in client(world.chuyen_vien).get(address).content.decode()
    assert "Đặng Văn Tiểu" not in page.get(address).content.decode().split("Ghi chép của tôi")[0].split("<main")[1]


def test_reading_writes_no_event(world: World) -> None:
    paper = papers.ask_paper(**by(world), meeting=planned(world), title="Báo cáo")
    version = papers.deliver(**by(world), paper=paper, file=text("Một"))
    before = Event.objects.count()
    papers.mark_read(by=world.hieu_truong, at=at(), version=version)
    assert PaperReading.objects.count() == 1 and Event.objects.count() == before


def test_presenters_owe_theirs_by_a_day_and_are_reminded_once_a_day(world: World) -> None:
    meeting = planned(world, sent=False)
    with pytest.raises(refusals_conference.PresenterNotInvited):
        papers.ask_paper(**by(world), meeting=meeting, title="Báo cáo", presenter_unit_id=world.mam_non)
    ask = {"meeting": meeting, "presenter_unit_id": world.thcs}
    late = papers.ask_paper(**by(world), **ask, title="Báo cáo trễ", due_on=TODAY - timedelta(1))
    papers.ask_paper(**by(world), **ask, title="Báo cáo sau", due_on=DAY)
    assert not Message.objects.filter(subject__startswith="Đề nghị gửi tài liệu").exists()
    with pytest.raises(refusals_conference.NothingMissing):  # not invited yet: told with the invitation
        papers.remind_missing(**by(world), meeting=meeting)
    actions.send_invitations(**by(world), meeting=meeting)
    told = Message.objects.filter(subject="Đề nghị gửi tài liệu họp: Báo cáo trễ", unit=world.thcs)
    assert "Hạn gửi: 11/01/2026" in told.get().body
    assert [each.title for each in queries.missing(meeting)] == ["Báo cáo trễ", "Báo cáo sau"]
    assert [each.late for each in queries.shelved(meeting.papers.all(), TODAY)] == [True, False]
    page = client(world.chuyen_vien)
    shown = page.get(reverse("work:papers", args=[meeting.pk])).content.decode()
    assert "Chưa nộp" in shown and "0/2" in shown
    assert page.post(reverse("work:papers-remind", args=[meeting.pk])).status_code == 302
    assert Message.objects.filter(subject__startswith="Nhắc gửi tài liệu").count() == 2
    with pytest.raises(refusals_conference.NothingMissing):
        papers.remind_missing(**by(world), meeting=meeting)
    papers.deliver(by=world.hieu_truong, at=at(), paper=late, file=text("Xong"))
    assert papers.remind_missing(by=world.chuyen_vien, at=at(TODAY + timedelta(1)), meeting=meeting) == 1


def test_all_reports_of_the_agenda_are_asked_for_in_one_step(world: World) -> None:
    meeting = planned(world)
    for title, unit in (("Báo cáo tháng", world.thcs), ("Không ai trình bày", None)):
        actions.add_item(**by(world), meeting=meeting, title=title, presenter_unit_id=unit)
    page = client(world.chuyen_vien)
    page.post(reverse("work:papers-ask", args=[meeting.pk]), {"due_on": "16/01/2026"})
    paper = Paper.objects.get()
    assert (paper.title, paper.presenter_unit_id, paper.item.title) == ("Báo cáo tháng", world.thcs, "Báo cáo tháng")
    page.post(reverse("work:papers-ask", args=[meeting.pk]), {"due_on": "16/01/2026"})
    assert Paper.objects.count() == 1


def test_the_presenter_delivers_on_the_page_and_nobody_else(world: World) -> None:
    meeting = planned(world)
    page = client(world.chuyen_vien)
    sent = {"title": "Tham luận", "presenter_unit": "Trường THCS Suối Thử", "due_on": "16/01/2026"}
    assert page.post(reverse("work:papers", args=[meeting.pk]), sent).status_code == 302
    paper = Paper.objects.get()
    address = reverse("work:paper", args=[meeting.pk, paper.pk])
    file = SimpleUploadedFile("tham-luan.txt", "Tham luận".encode())
    assert client(world.hieu_truong).post(address, {"file": file}).status_code == 302
    assert paper.versions.get().file_name == "tham-luan.txt"
    with pytest.raises(NotAllowed):
        papers.deliver(by=world.hieu_truong_th, at=at(), paper=paper, file=text("Chen vào"))
    with pytest.raises(NotAllowed):
        papers.ask_paper(by=world.hieu_truong, at=at(), meeting=meeting, title="Tự thêm")
    assert client(world.hieu_truong_doi).get(address).status_code == 404
    assert page.post(reverse("work:paper-withdraw", args=[meeting.pk, paper.pk]), {"reason": "Bỏ"}).status_code == 302
    with pytest.raises(refusals_conference.PaperWithdrawn):
        papers.deliver(by=world.hieu_truong, at=at(), paper=paper, file=text("Nữa"))
    assert paper.versions.count() == 1


def test_a_paper_for_attendees_only_is_not_for_all_who_see_the_meeting(world: World) -> None:
    meeting = planned(world, world.thcs, world.tieu_hoc)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Dự thảo", attendees_only=True)
    papers.deliver(**by(world), paper=paper, file=text("Dự thảo"))

    def reads(who: str) -> bool:
        return bool(queries.readable(getattr(world, who), meeting, TODAY))

    assert reads("chuyen_vien") and reads("chu_tich") and reads("hieu_truong")
    assert not reads("chu_tich_tinh")  # sees the meeting from above, was not invited
    assert client(world.chu_tich_tinh).get(meeting.get_absolute_url()).status_code == 200
    address = reverse("work:paper", args=[meeting.pk, paper.pk])
    assert client(world.chu_tich_tinh).get(address).status_code == 404
    seat = meeting.invitations.get(unit_id=world.thcs)
    actions.answer_invitation(by=world.hieu_truong, at=at(), invitation=seat, answer="DECLINES", text="Bận")
    assert not reads("hieu_truong")


def test_where_a_seat_was_invited_its_holder_reads_or_whom_they_send(world: World) -> None:
    meeting = planned(world, world.tieu_hoc, sent=False)
    actions.invite(**by(world), meeting=meeting, unit_ids=[world.doi], heads=True)
    actions.send_invitations(**by(world), meeting=meeting)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Dự thảo", attendees_only=True)
    papers.deliver(**by(world), paper=paper, file=text("Dự thảo"))
    assert queries.readable(world.chu_tich_doi, meeting, TODAY) == [paper]
    assert queries.readable(world.van_thu_doi, meeting, TODAY) == []
    seat = meeting.invitations.get(unit_id=world.doi)
    actions.answer_invitation(by=world.van_thu_doi, at=at(), invitation=seat, answer="SUBSTITUTE", text="Văn thư")
    assert queries.readable(world.van_thu_doi, meeting, TODAY) == [paper]


def test_a_guest_reads_by_the_link_and_only_what_the_link_shows(world: World) -> None:
    meeting = planned(world)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Dự thảo", attendees_only=True)
    papers.deliver(**by(world), paper=paper, file=text("Dự thảo"))
    asked = papers.ask_paper(**by(world), meeting=meeting, title="Chưa nộp")
    other = papers.ask_paper(**by(world), meeting=planned(world, title="Họp khác"), title="Của họp khác")
    papers.deliver(**by(world), paper=other, file=text("Của họp khác"))
    guest = guests.add_guest(**by(world), meeting=meeting, name="Ông Khách")
    guest = guests.send_to_guest(**by(world), guest=guest)
    token = guest_queries.token(guest)
    stranger = Client()
    shown = stranger.get(reverse("work:guest", args=[token])).content.decode()
    assert "Dự thảo" in shown and "Chưa nộp" not in shown
    got = stranger.get(reverse("work:guest-paper", args=[token, paper.pk, 1]))
    assert got.content.decode() == "Dự thảo" and got["Cache-Control"] == "no-store"
    assert PaperReading.objects.get().guest == guest
    for wrong in (asked, other):
        assert stranger.get(reverse("work:guest-paper", args=[token, wrong.pk, 1])).status_code == 404
    assert stranger.get(reverse("work:guest-paper", args=["x", paper.pk, 1])).status_code == 404
    guests.answer_as_guest(at=at(), token=token, answer="DECLINES", text="Bận")
    assert stranger.get(reverse("work:guest-paper", args=[token, paper.pk, 1])).status_code == 404


def test_the_item_open_now_shows_its_papers(world: World) -> None:
    meeting = planned(world)
    first, second = (actions.add_item(**by(world), meeting=meeting, title=title) for title in ("Mục một", "Mục hai"))
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Báo cáo mục hai", item=second)
    papers.deliver(**by(world), paper=paper, file=text("Báo cáo"))
    with pytest.raises(Refused):  # nothing is dealt with before the meeting is open
        papers.come_to(**by(world), item=first)
    actions.open_meeting(by=world.chuyen_vien, at=at(DAY), meeting=meeting)
    papers.come_to(by=world.chuyen_vien, at=at(DAY), item=first)
    with pytest.raises(refusals_conference.ItemAlreadyOpen):
        papers.come_to(by=world.chu_tich, at=at(DAY), item=first)
    page = client(world.chuyen_vien)
    assert page.post(reverse("work:item-open", args=[meeting.pk, second.pk])).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at is not None and second.began_at is not None and second.ended_at is None
    shown = client(world.hieu_truong).get(meeting.get_absolute_url()).content.decode()
    part = shown.split('id="now"')[1].split("</section>")[0]
    assert "Mục hai" in part and "Báo cáo mục hai" in part
    with pytest.raises(NotAllowed):
        papers.come_to(by=world.hieu_truong, at=at(DAY), item=first)
    page.post(reverse("work:item-leave", args=[meeting.pk]))
    assert 'id="now"' not in page.get(meeting.get_absolute_url()).content.decode()
    papers.come_to(by=world.chu_tich, at=at(DAY, 9), item=first)
    actions.close_meeting(by=world.chuyen_vien, at=at(DAY, 10), meeting=meeting)
    first.refresh_from_db()
    assert first.ended_at == at(DAY, 10)
