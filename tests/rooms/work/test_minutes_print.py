"""The minutes as a paper: who came, was heard, asked, voted, awarded and concluded; kept when the meeting closes."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import pytest

from giaoban.files import docx as printing
from giaoban.files.official import from_json, text_of, to_json
from giaoban.work import actions, queries, refusals
from giaoban.work.actions import awards, requests, votes
from giaoban.work.actions.minutes import correct_contribution
from giaoban.work.minutes_print import minutes
from giaoban.work.models import Invitation, Meeting, MinutesCopy
from tests.rooms.work.world import TODAY, World, at, client


def held(world: World) -> Meeting:
    """A review with everything in it: a report, a petition, a vote, a commendation, a conclusion with its task."""
    meeting = actions.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="so_ket",
        title="Hội nghị sơ kết học kỳ I",
        starts_at=at(),
        place="Hội trường UBND xã",
        chair_name="Nguyễn Văn Suối",
        chair_title="Chủ tịch UBND xã",
    )
    schools = [world.thcs, world.tieu_hoc, world.mam_non]
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=schools)
    item = actions.add_item(
        by=world.chuyen_vien, at=at(), meeting=meeting, title="Báo cáo sơ kết", presenter="Bùi Văn Hóa"
    )
    actions.add_item(by=world.chuyen_vien, at=at(), meeting=meeting, title="Công bố quyết định", kind="AWARD")
    meeting = actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    present, late, absent = Invitation.objects.filter(meeting=meeting).order_by("pk")
    take = {"by": world.chuyen_vien, "at": at()}
    actions.take_attendance(**take, invitation=present, attendance="PRESENT")
    actions.take_attendance(**take, invitation=late, attendance="SUBSTITUTE", substitute="Phó Hiệu trưởng Lan")
    actions.take_attendance(**take, invitation=absent, attendance="ABSENT", reason="Đi công tác tỉnh")
    said = actions.add_contribution(
        **take, meeting=meeting, text="Đề nghị bổ sung giáo viên", unit_id=world.thcs, kind="PETITION", item=item
    )
    requests.make_from_said(**take, contribution=said, due_on=TODAY + timedelta(days=20))
    motion = votes.put_to_vote(**take, meeting=meeting, text="Danh sách đề nghị tặng Bằng khen", way="HANDS", item=item)
    votes.close_vote(**take, motion=motion, in_favour=3, against=0, abstain=0)
    award = awards.propose(
        **take, unit_id=world.suoi, kind="giay_khen", to_id=world.thcs, reason="Dẫn đầu phong trào", meeting=meeting
    )
    awards.give(by=world.chu_tich, at=at(), awards=[award], symbol="05/QĐ-UBND", decided_on=TODAY)
    actions.conclude(
        by=world.chu_tich,
        at=at(),
        meeting=meeting,
        text="Các trường rà soát đội ngũ.",
        item=item,
        tasks=[actions.NewTask(text="Các trường rà soát đội ngũ.", lead_id=world.thcs, due="15/02/2026")],
    )
    return meeting


def test_the_paper_follows_the_form_of_the_decree(world: World) -> None:
    """NĐ 30/2020, Phụ lục III, Mẫu 1.9: no day at its head, two signatures, time and place in the text."""
    meeting = held(world)
    paper = minutes(meeting, TODAY, "Trần Thị Xã")
    text = text_of(paper)
    assert paper.kind == "Biên bản"
    assert paper.date_line == ""
    assert paper.number_line == "Số:         /BB-" + paper.symbol.removeprefix("BB-")
    assert (paper.signature.lines, paper.signature.name) == (("Chủ tọa",), "Nguyễn Văn Suối")
    assert paper.beside is not None
    assert (paper.beside.lines, paper.beside.name) == (("Thư ký",), "Trần Thị Xã")
    for words in (
        "Thời gian bắt đầu: 8 giờ 00, ngày 12/01/2026.",
        "Địa điểm: Hội trường UBND xã.",
        "Chủ tọa: Nguyễn Văn Suối, Chủ tịch UBND xã.",
        "Thư ký (người ghi biên bản): Trần Thị Xã.",
        "có mặt 2/3 thành phần được mời",
        "Trường Mầm non Suối Thử: Đi công tác tỉnh.",
        "Phó Hiệu trưởng Lan",
        "1. Báo cáo sơ kết",
        "Trình bày: Bùi Văn Hóa.",
        "Trường THCS Suối Thử: kiến nghị: Đề nghị bổ sung giáo viên (đã lập thành kiến nghị,"
        " đề nghị trả lời trước ngày 01/02/2026).",
        "Biểu quyết 1 (biểu quyết bằng giơ tay): Danh sách đề nghị tặng Bằng khen. Kết quả: tán thành 3;",
        "Công bố Quyết định số 05/QĐ-UBND ngày 12/01/2026: khen thưởng 1 tập thể, 0 cá nhân",
        "Kết luận 1: Các trường rà soát đội ngũ (giao: Trường THCS Suối Thử, 15/02/2026).",
    ):
        assert words in text
    assert [each.number for each in paper.annexes] == ["I", "II"]
    assert "Cuộc họp kết thúc" not in text  # it goes on


def test_the_file_has_both_signatures_side_by_side_and_no_day_above(world: World) -> None:
    paper = minutes(held(world), TODAY, "Trần Thị Xã")
    content = printing.write(paper)
    assert content == printing.write(from_json(to_json(paper)))
    file = docx.Document(io.BytesIO(content))
    head = file.tables[0]
    assert head.cell(1, 1).text == ""
    (signed,) = [table for table in file.tables if "THƯ KÝ" in table.rows[0].cells[0].text]
    assert "Trần Thị Xã" in signed.rows[0].cells[0].text
    assert "CHỦ TỌA" in signed.rows[0].cells[1].text
    assert "Nơi nhận" not in signed.rows[0].cells[0].text


def test_closing_locks_a_copy_and_each_later_change_adds_one(world: World) -> None:
    meeting = held(world)
    assert not MinutesCopy.objects.exists()
    actions.close_meeting(by=world.chuyen_vien, at=at(TODAY, 11), meeting=meeting)
    (first,) = MinutesCopy.objects.filter(meeting=meeting)
    text = text_of(from_json(first.content))
    assert "Cuộc họp kết thúc vào 11 giờ 00, ngày 12/01/2026./." in text
    assert first.content["beside"]["name"] == "Trần Thị Xã"  # who closed it wrote it down
    said = meeting.contributions.get()
    with pytest.raises(refusals.MinutesLocked):
        correct_contribution(by=world.chuyen_vien, at=at(), contribution=said, text="Khác")
    correct_contribution(by=world.chuyen_vien, at=at(), contribution=said, text="Xin thêm giáo viên", reason="Đúng lời")
    first_again, second = MinutesCopy.objects.filter(meeting=meeting)
    assert first_again.content == first.content
    assert (second.no, second.reason) == (2, "Đúng lời")
    assert "“Đề nghị bổ sung giáo viên” sửa thành “Xin thêm giáo viên”. Lý do: Đúng lời." in text_of(
        from_json(second.content)
    )
    conclusion = meeting.conclusions.get()
    actions.amend_conclusion(by=world.chu_tich, at=at(), conclusion=conclusion, text="Rà soát đội ngũ giáo viên.")
    actions.amend_conclusion(by=world.chu_tich, at=at(), conclusion=conclusion, text="Rà soát đội ngũ giáo viên.")
    assert MinutesCopy.objects.filter(meeting=meeting).count() == 3  # saving the same words again adds none
    late = actions.add_contribution(
        by=world.chuyen_vien, at=at(), meeting=meeting, text="Bổ sung", unit_id=world.thcs, reason="Ghi sót"
    )
    assert late.pk
    assert [each.no for each in MinutesCopy.objects.filter(meeting=meeting)] == [1, 2, 3, 4]


def test_the_notice_counts_down_from_the_day_after_the_meeting(world: World) -> None:
    """Golden cases of the calendar: Thursday → Thursday, and a holiday in between."""
    meeting = Meeting(closed_at=None)
    assert queries.notice_due(meeting) is None
    meeting.closed_at = at(date(2026, 10, 8), 17)
    assert queries.notice_due(meeting) == date(2026, 10, 15)
    meeting.closed_at = at(date(2026, 11, 19), 17)
    assert queries.notice_due(meeting) == date(2026, 11, 27)


@pytest.mark.usefixtures("today")
def test_the_page_has_every_copy_and_others_do_not_read_it(world: World) -> None:
    meeting = held(world)
    browser = client(world.chuyen_vien)
    address = f"/hop/{meeting.pk}/bien-ban"
    assert browser.get(f"{address}.docx").content[:2] == b"PK"
    actions.close_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    page = browser.get(f"{address}/").content.decode()
    assert "Danh sách đề nghị tặng Bằng khen" in page
    assert "05/QĐ-UBND" in page
    assert f"{address}.docx?ban=1" in page
    assert browser.get(f"{address}.docx?ban=1").status_code == 200
    for wrong in ("9", "x", "1" * 9):
        assert browser.get(f"{address}.docx?ban={wrong}").status_code == 404
    assert client(world.hieu_truong).get(f"{address}.docx").status_code in (403, 404)
    assert client(world.chu_tich_doi).get(f"{address}.docx").status_code == 404
