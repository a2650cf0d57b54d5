"""The digest of a semester's conferences: every number is the length of its list, every rate has its a/b."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giaoban.core import period
from giaoban.core.refusal import NotAllowed
from giaoban.files.official import text_of
from giaoban.reports import actions as reports
from giaoban.work import actions
from giaoban.work.actions import awards, difficulties, requests
from giaoban.work.models import Meeting
from giaoban.work.queries.digest import Digest, digest
from giaoban.work.queries.digest_words import requests_sentence, sentences
from tests.rooms.work.test_minutes_print import held
from tests.rooms.work.world import TODAY, World, at, client

SEMESTER = period.on_day(period.Kind.SEMESTER_1, TODAY)


def second(world: World) -> Meeting:
    """A briefing where a difficulty is said for the second time, and a request is answered to the asker's content."""
    meeting = actions.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="giao_ban",
        title="Giao ban tháng 1",
        starts_at=at(TODAY, 14),
        chair_name="Nguyễn Văn Suối",
    )
    actions.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    meeting = actions.open_meeting(by=world.chuyen_vien, at=at(TODAY, 14), meeting=meeting)
    actions.all_present(by=world.chuyen_vien, at=at(TODAY, 14), meeting=meeting)
    for _ in range(2):
        said = actions.add_contribution(
            by=world.chuyen_vien,
            at=at(TODAY, 14),
            meeting=meeting,
            text="Thiếu phòng học",
            unit_id=world.thcs,
            kind="DIFFICULTY",
        )
        difficulties.note_said(by=world.chuyen_vien, at=at(TODAY, 14), contribution=said)
    asked = requests.make(
        by=world.hieu_truong, at=at(TODAY, 14), unit_id=world.thcs, to_id=world.suoi, text="Sửa mái", due_on=TODAY
    )
    requests.answer(by=world.chu_tich, at=at(TODAY, 15), asked=asked, text="Đã bố trí vốn")
    requests.judge(by=world.hieu_truong, at=at(TODAY, 15), asked=asked, satisfied=True)
    return meeting


def semester(world: World) -> Digest:
    first = held(world)
    actions.issue_notice(
        by=world.chu_tich, at=at(TODAY, 12), meeting=first, symbol="03/TB-UBND", issued_on=TODAY, signer="X"
    )
    second(world)
    return digest(world.suoi, SEMESTER, TODAY)


def test_every_number_is_counted_from_its_list(world: World) -> None:
    found = semester(world)
    assert found.kinds == (("Giao ban", 1), ("Sơ kết", 1))
    assert [(each.came, each.invited, each.conclusions) for each in found.meetings] == [(2, 3, 1), (1, 1, 0)]
    assert (found.came, found.invited, found.conclusions) == (3, 4, 1)
    assert (found.counts.total, found.counts.open_in_term) == (1, 1)
    assert sum(each.counts.total for each in found.meetings) == found.counts.total
    assert (found.notices_in_time, found.notices_due) == (1, 1)
    assert (len(found.requests), found.answered, found.satisfied, found.late) == (2, 1, 1, 0)
    assert [(each.times, each.unit) for each in found.repeated] == [(2, "Trường THCS Suối Thử")]
    assert found.awards == (("Giấy khen", 1, 0),)
    assert (found.votes_carried, found.votes) == (1, 1)


def test_the_sentences_say_the_same_figures_always(world: World) -> None:
    found = semester(world)
    said = sentences(found)
    assert said == sentences(digest(world.suoi, SEMESTER, TODAY))
    assert said == [
        "Đã tổ chức 2 cuộc họp, hội nghị: giao ban 1; sơ kết 1.",
        "Lượt dự: 3/4 (75,0%) lượt được mời.",
        "Có 1 kết luận. Thông báo kết luận ban hành trong 05 ngày làm việc: 1/1 (100,0%) cuộc đến hạn.",
        "Biểu quyết 1 nội dung, thông qua 1/1 (100,0%).",
        "Các kết luận đã giao 1 nhiệm vụ: hoàn thành 0/1 (0,0%) (đúng hạn 0, quá hạn 0);"
        " đang thực hiện 1 (trong hạn 1, quá hạn 0).",
        "Nhận 2 kiến nghị: đã trả lời 1/2 (50,0%), trong đó đơn vị kiến nghị hài lòng 1; chưa trả lời 1.",
        "Ghi nhận 1 khó khăn, hạn chế; nêu lại từ hai lần trở lên 1; đã giải quyết 0/1 (0,0%).",
        "Khen thưởng 1 lượt tập thể, 0 lượt cá nhân: giấy khen 1.",
    ]
    later = digest(world.suoi, SEMESTER, TODAY + timedelta(days=60))
    assert later.counts.open_overdue == 1
    assert later.late == 1
    assert requests_sentence(later).endswith("chưa trả lời 1, quá hạn trả lời 1.")


def test_only_the_unit_and_only_the_period(world: World) -> None:
    semester(world)
    elsewhere = digest(world.doi, SEMESTER, TODAY)
    assert not (elsewhere.meetings or elsewhere.requests or elsewhere.difficulties or elsewhere.awards)
    assert sentences(elsewhere)[0] == "Trong kỳ đơn vị chưa tổ chức cuộc họp, hội nghị nào."
    before = digest(world.suoi, period.parse("2025-Q3"), TODAY)
    assert not (before.meetings or before.requests or before.difficulties or before.awards)
    assert digest(world.suoi, SEMESTER, TODAY - timedelta(days=1)).meetings == ()


def test_a_revoked_commendation_and_a_cancelled_meeting_are_not_counted(world: World) -> None:
    found = semester(world)
    award = found.meetings[0].meeting.awards.get()
    awards.revoke(by=world.chu_tich, at=at(), award=award, reason="Kê khai không đúng")
    off = actions.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="khac",
        title="Hoãn",
        starts_at=at(),
        chair_name="Nguyễn Văn Suối",
    )
    actions.cancel_meeting(by=world.chuyen_vien, at=at(), meeting=off, reason="Bão")
    again = digest(world.suoi, SEMESTER, TODAY)
    assert (again.awards, again.cancelled, len(again.meetings)) == ((), 1, 2)


def test_a_meeting_without_attendance_is_not_one_to_which_nobody_came(world: World) -> None:
    semester(world)
    third = actions.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="khac",
        title="Chưa điểm danh",
        starts_at=at(TODAY, 16),
        chair_name="Nguyễn Văn Suối",
    )
    actions.invite(by=world.chuyen_vien, at=at(), meeting=third, unit_ids=[world.thcs])
    actions.open_meeting(by=world.chuyen_vien, at=at(TODAY, 16), meeting=third)
    found = digest(world.suoi, SEMESTER, TODAY)
    assert (found.came, found.invited, found.untaken) == (3, 4, 1)
    assert sentences(found)[1] == "Lượt dự: 3/4 (75,0%) lượt được mời; 1 cuộc chưa điểm danh."


def test_a_notice_still_within_its_five_days_is_neither_in_time_nor_late(world: World) -> None:
    meeting = held(world)
    actions.close_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    assert digest(world.suoi, SEMESTER, TODAY).notices_due == 0
    late = digest(world.suoi, period.parse("2026"), date(2026, 1, 20))
    assert (late.notices_in_time, late.notices_due) == (0, 1)


def test_the_paper_says_what_the_page_says(world: World) -> None:
    found = semester(world)
    written = reports.write(
        by=world.chu_tich, at=at(), form="tong-hop-hoi-nghi", unit_id=world.suoi, period_code=SEMESTER.code
    )
    text = text_of(written.document)
    for line in sentences(found):
        assert line in text
    assert "Giao ban tháng 1" in text
    assert "Trường THCS Suối Thử: Thiếu phòng học (nêu 2 lần)." in text
    assert written.content[:2] == b"PK"
    again = reports.write(
        by=world.chu_tich, at=at(), form="tong-hop-hoi-nghi", unit_id=world.suoi, period_code=SEMESTER.code
    )
    assert again.content == written.content


@pytest.mark.usefixtures("today")
def test_the_page_links_its_numbers_to_their_lists(world: World) -> None:
    semester(world)
    browser = client(world.chu_tich)
    page = browser.get(f"/hop/tong-hop/?ky={SEMESTER.code}").content.decode()
    meeting = Meeting.objects.get(title="Hội nghị sơ kết học kỳ I")
    assert f"hop={meeting.pk}" in page
    assert f"noi-tang={world.suoi}" in page
    assert "Thiếu phòng học" in page
    assert "/bao-cao/" in page
    begun = browser.post("/bao-cao/viet/tong-hop-hoi-nghi/", {"unit": world.suoi, "period": SEMESTER.code})
    assert begun.status_code == 302
    assert "tổng hợp" in browser.get(begun["Location"]).content.decode().lower()
    assert browser.get("/hop/tong-hop/?ky=sai&don-vi=x").status_code == 200
    assert client(world.hieu_truong).get(f"/hop/tong-hop/?don-vi={world.suoi}").status_code == 403


def test_who_does_not_see_the_meetings_writes_no_digest(world: World) -> None:
    with pytest.raises(NotAllowed):
        reports.write(
            by=world.chu_tich_doi, at=at(), form="tong-hop-hoi-nghi", unit_id=world.suoi, period_code=SEMESTER.code
        )
