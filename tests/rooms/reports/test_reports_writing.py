"""Reports written from what stands: the review of a commune, the notice of a meeting, and what becomes of them."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from fractions import Fraction

import docx
import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents.models import Document
from giaoban.files.official import Heading, OfficialDocument, Table, text_of
from giaoban.indicators import actions as rounds
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import MANAGEMENT
from giaoban.reports import actions, queries
from giaoban.reports.models import Report, State
from giaoban.work.models import Task
from tests.rooms.reports.desk import HK1, LAST_YEAR, Desk, moment
from tests.world import NOW, TODAY


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Two schools of the commune with a little of everything, this year and last."""
    desk.put(
        "tieu_hoc",
        {
            "truong[loai_truong=th]": 1,
            "truong_chuan_quoc_gia[loai_truong=th,muc_do=md1]": 1,
            "hoc_sinh_dau_nam[cap=th]": 400,
            "hoc_sinh_bo_hoc[cap=th]": 2,
            "luot_phai_hoc[cap=th]": 30000,
            "luot_di_hoc[cap=th]": 28500,
        },
    )
    desk.put("mam_non", {"truong[loai_truong=mn]": 1, "truong_chuan_quoc_gia[loai_truong=mn,muc_do=md1]": 0})
    desk.put("tieu_hoc", {"hoc_sinh_dau_nam[cap=th]": 390, "hoc_sinh_bo_hoc[cap=th]": 1}, LAST_YEAR)
    desk.plan("binh_minh", "ty_le_truong_chuan_quoc_gia", Fraction(46, 100))
    desk.plan("binh_minh", "ty_le_bo_hoc", Fraction(3, 1000))
    return desk


def begin(desk: Desk, who: str = "chuyen_vien", unit: str = "binh_minh", period: str = HK1) -> Report:
    return actions.begin(by=desk.actors[who], at=NOW, form_code="so-ket", unit_id=desk.unit(unit), period_code=period)


def composed(desk: Desk, report: Report, who: str = "chuyen_vien") -> OfficialDocument:
    return queries.document(desk.actors[who], report, TODAY)


def addressed(desk: Desk, report: Report, who: str = "chuyen_vien") -> Report:
    return actions.address(
        by=desk.actors[who], at=NOW, report=report, values={"number": 5, "issued_on": date(2026, 1, 28)}
    )


# The review


def test_the_review_says_what_the_figures_say(filled: Desk) -> None:
    text = text_of(composed(filled, begin(filled)))
    assert "Sơ kết học kỳ I năm học 2025-2026" in text
    assert "đạt 50,00% (1/2), vượt 4 điểm % so với kế hoạch (46%)" in text
    assert "Tỷ lệ học sinh bỏ học là 0,50% (2/400), cao hơn mức kế hoạch 0,2 điểm % (0,3%)" in text
    assert "tăng 0,24 điểm % so với cùng kỳ năm trước" in text
    assert "Tỷ lệ chuyên cần đạt 95,00% (28.500/30.000)" in text
    assert "Trong 2 chỉ tiêu có kế hoạch, 1 chỉ tiêu đạt và vượt (50,0%), 1 chỉ tiêu chưa đạt." in text


def test_what_nobody_was_asked_is_left_out(filled: Desk) -> None:
    text = text_of(composed(filled, begin(filled)))
    assert "tảo hôn" not in text
    assert "THPT" not in text


def test_shortcomings_and_directions_follow_from_the_figures(filled: Desk) -> None:
    blocks = composed(filled, begin(filled)).blocks
    titles = [block.title for block in blocks if isinstance(block, Heading) and block.level == 1]
    assert titles[3:5] == ["TỒN TẠI, HẠN CHẾ", "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI"]
    text = text_of(composed(filled, begin(filled)))
    assert "Tập trung giải pháp để đạt kế hoạch về: tỷ lệ học sinh bỏ học." in text


def test_last_years_figures_come_through_the_merger(filled: Desk) -> None:
    """The commune stands since July 2025; its schools' figures of 2024-2025 are compared all the same."""
    report = begin(filled)
    text = text_of(composed(filled, report))
    assert "Số học sinh bỏ học là 2 học sinh, tăng 1 so với cùng kỳ năm trước." in text


def test_annexes_hold_the_table_and_the_units_below(filled: Desk) -> None:
    first, second = composed(filled, begin(filled)).annexes
    table = next(block for block in first.blocks if isinstance(block, Table))
    row = next(row for row in table.rows if row[1] == "Tỷ lệ trường đạt chuẩn quốc gia")
    assert row[2:] == ("%", "50,00%", "1/2", "46%", "Vượt 4 điểm %", "", "đạt")
    below = next(block for block in second.blocks if isinstance(block, Table))
    assert [row[1] for row in below.rows] == ["Trường Mầm non Hoa Mai", "Trường Tiểu học Ánh Dương"]
    assert first.landscape and second.landscape


def test_the_letterhead_is_the_units_own(filled: Desk) -> None:
    document = composed(filled, begin(filled))
    assert (document.parent_issuer, document.issuer) == ("", "Ủy ban nhân dân xã Bình Minh")
    assert (document.symbol, document.place) == ("BC-UBND", "Bình Minh")
    assert document.signature.lines == ("TM. ỦY BAN NHÂN DÂN", "Chủ tịch")
    assert document.signature.name == "Lê Thị Bình"
    school = composed(filled, begin(filled, "hieu_truong", "tieu_hoc"), "hieu_truong")
    assert (school.parent_issuer, school.issuer) == ("Ủy ban nhân dân xã Bình Minh", "Trường Tiểu học Ánh Dương")
    assert (school.signature.lines, school.place) == (("Hiệu trưởng",), "Bình Minh")
    office = composed(filled, begin(filled, "giam_doc", "so"), "giam_doc")
    assert (office.parent_issuer, office.issuer) == ("Ủy ban nhân dân tỉnh Mẫu", "Sở Giáo dục và Đào tạo")
    assert (office.symbol, office.place) == ("BC-SGDĐT", "Mẫu")


def test_the_same_facts_give_the_same_bytes(filled: Desk) -> None:
    report = begin(filled)
    first = actions.printed(filled.actors["chuyen_vien"], report, TODAY).content
    second = actions.printed(filled.actors["chuyen_vien"], report, TODAY).content
    assert first == second
    filled.put("thcs", {"truong[loai_truong=thcs]": 1})  # another commune: nothing changes here
    assert actions.printed(filled.actors["chuyen_vien"], report, TODAY).content == first
    filled.put("mam_non", {"diem_truong": 1, "lop_hoc[cap=mau_giao]": 3})
    assert actions.printed(filled.actors["chuyen_vien"], report, TODAY).content != first


def test_an_empty_period_says_so(desk: Desk) -> None:
    text = text_of(composed(desk, begin(desk)))
    assert "Chưa có số liệu nào được duyệt trong kỳ." in text
    assert "Không có nhiệm vụ nào được giao trong kỳ." in text


# Own words, address, issue


def test_own_words_are_kept_and_journaled(filled: Desk) -> None:
    by, report = filled.actors["chuyen_vien"], begin(filled)
    actions.rewrite(by=by, at=NOW, report=report, slot="kien_nghi", text="  Bổ sung giáo viên tiếng Anh. ")
    report.refresh_from_db()
    assert report.words == {"kien_nghi": "Bổ sung giáo viên tiếng Anh."}
    assert "Bổ sung giáo viên tiếng Anh." in text_of(composed(filled, report))
    event = Event.objects.filter(verb="report.rewrite").latest("seq")
    assert event.data == {"slot": "kien_nghi", "before": "", "after": "Bổ sung giáo viên tiếng Anh."}
    events = Event.objects.count()
    actions.rewrite(by=by, at=NOW, report=report, slot="kien_nghi", text="Bổ sung giáo viên tiếng Anh.")
    assert Event.objects.count() == events
    actions.rewrite(by=by, at=NOW, report=report, slot="kien_nghi", text="")
    report.refresh_from_db()
    assert report.words == {}


def test_computed_sentences_have_no_place_to_write(filled: Desk) -> None:
    with pytest.raises(actions.NoSuchSlot):
        actions.rewrite(by=filled.actors["chuyen_vien"], at=NOW, report=begin(filled), slot="ty_le", text="x")
    with pytest.raises(actions.TooLong):
        long = "x" * (actions.LONGEST_WORDS + 1)
        actions.rewrite(by=filled.actors["chuyen_vien"], at=NOW, report=begin(filled), slot="kien_nghi", text=long)


def test_a_draft_is_found_again(filled: Desk) -> None:
    assert begin(filled).pk == begin(filled, "chu_tich").pk
    assert Report.objects.count() == 1


def test_issuing_needs_number_and_day(filled: Desk) -> None:
    by, report = filled.actors["chuyen_vien"], begin(filled)
    with pytest.raises(actions.NumberNeeded):
        actions.issue(by=by, at=NOW, report=report)
    actions.address(by=by, at=NOW, report=report, values={"number": 5})
    with pytest.raises(actions.DayNeeded):
        actions.issue(by=by, at=NOW, report=report)
    actions.address(by=by, at=NOW, report=report, values={"issued_on": date(2026, 2, 1)})
    with pytest.raises(actions.DayAhead):
        actions.issue(by=by, at=NOW, report=report)


def test_an_issued_report_never_changes(filled: Desk) -> None:
    by, report = filled.actors["chuyen_vien"], begin(filled)
    addressed(filled, report)
    issued = actions.issue(by=by, at=NOW, report=report)
    assert issued.state == State.ISSUED
    assert hashlib.sha256(bytes(issued.file)).hexdigest() == issued.sha256
    filled.put("tieu_hoc", {"diem_truong": 9})
    kept = queries.report(by, issued.pk, TODAY)
    assert "50,00%" in text_of(composed(filled, kept))
    assert actions.printed(by, kept, TODAY).content == bytes(issued.file)
    for change in (
        lambda: actions.rewrite(by=by, at=NOW, report=kept, slot="kien_nghi", text="x"),
        lambda: actions.address(by=by, at=NOW, report=kept, values={"number": 6}),
        lambda: actions.issue(by=by, at=NOW, report=kept),
    ):
        with pytest.raises(actions.AlreadyIssued):
            change()
    assert begin(filled).pk != issued.pk  # a correction is a new report


def test_issuing_enters_the_register(filled: Desk) -> None:
    report = addressed(filled, begin(filled))
    issued = actions.issue(by=filled.actors["chuyen_vien"], at=NOW, report=report)
    registered = Document.objects.get(pk=issued.document_id)
    assert (registered.symbol, registered.type, registered.direction) == ("05/BC-UBND", "BC", "OUT")
    assert registered.file_hash == issued.sha256
    assert "vượt 4 điểm %" in registered.text


def test_a_school_issues_without_a_register(filled: Desk) -> None:
    report = addressed(filled, begin(filled, "hieu_truong", "tieu_hoc"), "hieu_truong")
    assert actions.issue(by=filled.actors["hieu_truong"], at=NOW, report=report).document is None


def test_who_may_write_and_see(filled: Desk) -> None:
    with pytest.raises(NotAllowed):
        begin(filled, "xa_khac")
    with pytest.raises(NotAllowed):
        begin(filled, "doc")
    report = begin(filled)
    for stranger in ("xa_khac", "doc"):
        with pytest.raises(Report.DoesNotExist):
            queries.report(filled.actors[stranger], report.pk, TODAY)
    addressed(filled, report)
    actions.issue(by=filled.actors["chuyen_vien"], at=NOW, report=report)
    assert queries.report(filled.actors["doc"], report.pk, TODAY).state == State.ISSUED
    with pytest.raises(NotAllowed):
        actions.rewrite(by=filled.actors["doc"], at=NOW, report=report, slot="kien_nghi", text="x")


def test_periods_and_units_that_cannot_be_reported(desk: Desk) -> None:
    with pytest.raises(actions.PeriodAhead):
        begin(desk, period="2026-2027.HK1")
    with pytest.raises(actions.NoUnitThen):
        begin(desk, period="2023-2024.HK1")  # the commune was not there yet
    with pytest.raises(actions.OfPeriod):
        actions.begin(by=desk.actors["chuyen_vien"], at=NOW, form_code="so-ket")


# The notice


def test_the_notice_of_a_briefing(desk: Desk) -> None:
    meeting = desk.briefing()
    report = actions.begin(by=desk.actors["chu_tich"], at=NOW, form_code="ket-luan", meeting=meeting)
    document = composed(desk, report, "chu_tich")
    text = text_of(document)
    assert document.subject == "Kết luận của Chủ tịch UBND xã tại Hội nghị giao ban công tác giáo dục học kỳ I"
    assert "Ngày 22 tháng 01 năm 2026, tại Hội trường UBND xã, đồng chí Lê Thị Bình, Chủ tịch UBND xã, chủ trì" in text
    assert "Tham dự có đại diện Trường Tiểu học Ánh Dương và Trường Mầm non Hoa Mai." in text
    assert "- Sĩ số được duy trì." in text and "- Thiếu giáo viên tiếng Anh." in text
    assert "phối hợp: Phòng Kinh tế" in text and "thời hạn: trước ngày 15/3/2026" in text
    assert [block.title for block in document.blocks if isinstance(block, Heading) and block.level == 2] == [
        "Phòng Văn hóa - Xã hội",
        "Các trường học",
    ]
    assert document.signature.lines == ("TL. Chủ tịch", "Chánh Văn phòng")
    assert document.signature.name == "Đỗ Văn Phòng"
    [annex] = document.annexes
    table = annex.blocks[0]
    assert isinstance(table, Table) and len(table.rows) == 2
    assert table.rows[0][4:] == ("báo cáo rà soát", "trước ngày 15/3/2026")


def test_issuing_the_notice_binds_its_tasks(desk: Desk) -> None:
    meeting = desk.briefing()
    by = desk.actors["chu_tich"]
    report = actions.begin(by=by, at=NOW, form_code="ket-luan", meeting=meeting)
    addressed(desk, report, "chu_tich")
    assert not Task.objects.filter(binds_on__isnull=False).exists()
    with pytest.raises(NotAllowed):  # an officer writes the notice, the leader issues it
        actions.issue(by=desk.actors["chuyen_vien"], at=NOW, report=report)
    issued = actions.issue(by=by, at=NOW, report=Report.objects.get(pk=report.pk))
    meeting.refresh_from_db()
    assert meeting.notice_id == issued.document_id
    assert meeting.notice.symbol == "05/TB-UBND"
    assert Task.objects.filter(binds_on=date(2026, 1, 28)).count() == 2
    review = text_of(composed(desk, begin(desk)))
    assert "Tiếp tục thực hiện các kết luận chưa hoàn thành:" in review
    assert "Phòng Văn hóa - Xã hội: Rà soát cơ sở vật chất các trường" in review
    assert "Tổng số 2 nhiệm vụ được giao" in review


def test_a_meeting_without_conclusions_has_no_notice(desk: Desk) -> None:
    from giaoban.work import actions as work

    meeting = work.plan_meeting(
        by=desk.actors["chuyen_vien"], at=NOW, unit_id=desk.unit("binh_minh"), kind="giao_ban", title="Giao ban",
        starts_at=moment(date(2026, 1, 30), 8), chair_name="Lê Thị Bình",
    )  # fmt: skip
    with pytest.raises(actions.NotHeld):
        actions.begin(by=desk.actors["chu_tich"], at=NOW, form_code="ket-luan", meeting=meeting)


# The file


def test_the_file_reads_back(filled: Desk) -> None:
    written = actions.write(
        by=filled.actors["chuyen_vien"], at=NOW, form="so-ket", unit_id=filled.unit("binh_minh"), period_code=HK1
    )
    file = docx.Document(io.BytesIO(written.content))
    words = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert "vượt 4 điểm" in words.replace("\N{NO-BREAK SPACE}", " ")
    assert written.name == "so-ket-2025-2026.HK1.docx"


def test_names_that_screens_shorten_are_written_out() -> None:
    from giaoban.reports.letterhead import spelled_out

    assert spelled_out("UBND xã Bình Minh") == "Ủy ban nhân dân xã Bình Minh"
    assert spelled_out("Văn phòng HĐND và UBND") == "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân"


def test_units_that_owe_their_report_are_named(desk: Desk) -> None:
    """A round of the two schools of the commune, due a week ago, of which nobody handed in."""
    rounds.open_round(
        by=SYSTEM,
        at=moment(date(2026, 1, 16), 8),
        on=date(2026, 1, 16),
        sheet="truong_hoc_ky_1",
        period_code=HK1,
        opener_id=desk.unit("binh_minh"),
        hierarchy=MANAGEMENT,
        due_on=date(2026, 1, 22),
        steps=[rounds.StepSpec(name="Kiểm tra", verb="figure.check", where="management", due_on=date(2026, 1, 26))],
    )
    text = text_of(composed(desk, begin(desk)))
    assert "0/2 báo cáo đã nộp (0,0%); 2 báo cáo nộp muộn hoặc quá hạn chưa nộp." in text
    assert "Đơn vị chưa nộp hoặc chưa nộp lại: Trường Mầm non Hoa Mai và Trường Tiểu học Ánh Dương." in text
    assert "Số liệu tính trên 0/2 báo cáo đã được duyệt" in text
    assert "Tỷ lệ trường đạt chuẩn quốc gia: chưa có số liệu" in text
    assert "Số học sinh tiểu học đang học: chưa có số liệu" in text
    assert "THCS" not in text and "THPT" not in text  # no such school stands in the commune
    desk.put("tieu_hoc", {"truong[loai_truong=th]": 1})
    text = text_of(composed(desk, begin(desk)))
    assert "Số trường là 1 trường." in text  # told, but compared with nothing
