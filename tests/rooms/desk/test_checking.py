"""One's own text before it is issued: every kind of fault, and nothing called a fault that cannot be shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.desk import checking
from giaoban.desk.checking import MILD, OFFER, SERIOUS, WARN, Fault
from giaoban.desk.checking.clearness import unclear
from giaoban.desk.checking.former import former
from giaoban.desk.checking.page import Checked
from giaoban.documents import actions as documents
from giaoban.documents.models import Document, KeptReading
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.reports import actions as reports
from giaoban.work import actions as work
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at
from tests.rooms.ui.markup import check as well_formed

HEAD = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/KH-UBND
Bắc Hà, ngày 27 tháng 01 năm 2026
KẾ HOẠCH
Thực hiện nhiệm vụ học kỳ I năm học 2025-2026

"""
CLEAR = "1. Trường THCS Thải Giàng\n- Lập danh sách học sinh bỏ học, gửi báo cáo về UBND xã trước ngày 15/3/2026.\n"


@pytest.fixture
def counted(place):
    round = place.open()
    place.accept([place.hand_in(round, school) for school in ("na_hoi", "ban_pho", "thai_giang")])
    return place


def faults(place, body: str, kind: str = "", head: str = HEAD, who: str = "officer") -> list[Fault]:
    found = checking.check(head + body, place.actors[who], TODAY)
    text = head + body
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    return [one for one in found if not kind or one.kind == kind]


# Contradictions


def test_a_rate_that_is_not_its_counts_is_wrong(place) -> None:
    (one,) = faults(place, "Có 68/73 trường đạt chuẩn (93,5%).\n", "contradiction")
    assert one.severity == SERIOUS and "93,2%" in one.words
    (cut,) = faults(place, "Có 68/73 trường đạt chuẩn (93,1%).\n", "contradiction")
    assert cut.severity == MILD


# Figures


def test_a_figure_that_differs_from_approved_ones_is_wrong_and_the_right_one_is_given(counted) -> None:
    (one,) = faults(counted, "Tỷ lệ bỏ học toàn xã là 0,75%.\n", "figure")
    assert (one.severity, one.suggestion) == (SERIOUS, "0,60%")
    assert "Văn bản ghi 0,75%, số liệu đã duyệt là 0,60%." in one.words and "ty_le_bo_hoc" in one.href


def test_a_figure_that_agrees_is_no_fault(counted) -> None:
    assert faults(counted, "Tỷ lệ bỏ học toàn xã là 0,6%.\n", "figure") == []


def test_a_cut_digit_is_small(counted) -> None:
    (one,) = faults(counted, "Tỷ lệ bỏ học toàn xã là 0%.\n", "figure")
    assert one.severity == MILD


def test_where_the_match_is_not_sure_it_is_only_offered(counted) -> None:
    (one,) = faults(counted, "Trường THCS Nơi Khác có tỷ lệ bỏ học 0,75%.\n", "figure")
    assert one.severity == OFFER and not one.suggestion


def test_figures_one_may_not_look_at_are_not_compared(counted) -> None:
    assert faults(counted, "Tỷ lệ bỏ học toàn xã là 0,75%.\n", "figure", who="sin_chai_officer") == []


# Documents named


def test_a_document_no_longer_in_force_is_wrong_and_its_successor_is_given(place) -> None:
    (one,) = faults(place, "Căn cứ Thông tư số 12/2020/TT-BGDĐT của Bộ Giáo dục và Đào tạo;\n", "citation")
    assert one.severity == SERIOUS and one.suggestion == "15/2025/TT-BGDĐT ngày 24/07/2025"


def test_force_is_judged_on_the_day_of_the_text(place) -> None:
    old = HEAD.replace("ngày 27 tháng 01 năm 2026", "ngày 20 tháng 01 năm 2025")
    body = "Căn cứ Thông tư số 12/2020/TT-BGDĐT của Bộ Giáo dục và Đào tạo;\n"
    assert faults(place, body, "citation", head=old) == []


def test_naming_what_ended_in_order_to_say_so_is_no_fault(place) -> None:
    body = "Thông tư số 15/2025/TT-BGDĐT thay thế Thông tư số 12/2020/TT-BGDĐT.\n"
    assert faults(place, body, "citation") == []


def test_another_day_than_the_registers_is_wrong(place) -> None:
    (one,) = faults(place, "Thực hiện Nghị quyết số 29-NQ/TW, ngày 14/11/2013;\n", "citation")
    assert one.severity == SERIOUS and "ngày 04/11/2013, văn bản ghi ngày 14/11/2013" in one.words


def test_what_no_register_knows_is_only_noted(place) -> None:
    (one,) = faults(place, "Thực hiện Kế hoạch số 999/KH-UBND ngày 01/12/2025 của UBND tỉnh.\n", "citation")
    assert one.severity == MILD


def test_the_register_knows_our_own_documents(place) -> None:
    line = {"by": SYSTEM, "at": at(TODAY), "owner_id": place.unit("bac_ha"), "direction": "OUT", "subject": "Kế hoạch"}
    old = documents.register(**line, symbol="11/KH-UBND", issued_on=date(2025, 9, 1))
    new = documents.register(**line, symbol="14/KH-UBND", issued_on=date(2025, 12, 1))
    body = "Thực hiện Kế hoạch số 11/KH-UBND ngày 01/9/2025 của UBND xã.\n"
    assert faults(place, body, "citation") == []
    documents.link(by=SYSTEM, at=at(TODAY), source=new, target=old, kind="replaces")
    (one,) = faults(place, body, "citation")
    assert one.severity == SERIOUS and "14/KH-UBND" in one.suggestion and one.href == old.get_absolute_url()


# Units


def test_words_of_the_district_level_are_named_with_what_stands_in_their_place(place) -> None:
    (one,) = faults(place, "Phối hợp với Phòng GD&ĐT để rà soát.\n", "unit")
    assert (one.severity, one.suggestion) == (WARN, "UBND cấp xã")
    before = HEAD.replace("ngày 27 tháng 01 năm 2026", "ngày 20 tháng 01 năm 2025")
    assert faults(place, "Phối hợp với Phòng GD&ĐT để rà soát.\n", "unit", head=before) == []


def test_the_longest_of_the_former_words_is_meant() -> None:
    text = "Trưởng  phòng GD & ĐT và UBND cấp huyện"
    assert [text[one.start : one.end] for one in former(text, TODAY)] == ["Trưởng  phòng GD & ĐT", "UBND cấp huyện"]


@pytest.fixture
def merged(place):
    """Xã Tả Củ Tỷ became part of xã Bắc Hà on 1 July 2025."""
    old = orgs.establish(
        by=SYSTEM, at=at(date(2020, 1, 1)), on=date(2020, 1, 1), kind="commune", name="Xã Tả Củ Tỷ",
        parents={TERRITORY: place.unit("tinh"), MANAGEMENT: place.unit("tinh")},
    )  # fmt: skip
    orgs.close(by=SYSTEM, at=at(date(2025, 7, 1)), on=date(2025, 7, 1), unit=old)
    return place


def test_a_unit_that_no_longer_exists_is_named(merged) -> None:
    (one,) = faults(merged, "Kiểm tra các trường tại xã Tả Củ Tỷ trong tháng 3 năm 2026.\n", "unit")
    assert one.severity == WARN and "01/07/2025" in one.words


@pytest.mark.parametrize(
    "body",
    [
        "Học sinh của xã Tả Củ Tỷ (cũ) học tại trường mới.\n",
        "Năm 2024, xã Tả Củ Tỷ đạt chuẩn phổ cập.\n",
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 01/3/2025 của UBND xã Tả Củ Tỷ.\n",
    ],
)
def test_speaking_of_the_past_is_no_fault(merged, body: str) -> None:
    assert faults(merged, body, "unit") == []


# Tasks


def test_a_clear_task_is_no_fault(place) -> None:
    assert [one for one in faults(place, CLEAR, "task") if one.severity == SERIOUS] == []


def test_who_and_until_when_are_asked_first(place) -> None:
    body = "Các đơn vị liên quan rà soát cơ sở vật chất.\n"
    found = unclear({"text": body, "assignees": ["Các đơn vị liên quan"], "due": None, "due_text": None})
    assert [(one.code, one.vital) for one in found] == [("person", True), ("time", True), ("result", False)]


@pytest.mark.parametrize(
    ("task", "codes"),
    [
        ({"text": "Lập kế hoạch", "assignees": ["A"], "due_text": "tháng 3/2026", "deliverable": "kế hoạch"}, []),
        ({"text": "Lập kế hoạch", "assignees": [], "due_text": "tháng 3/2026", "deliverable": "kế hoạch"}, ["person"]),
        ({"text": "Lập kế hoạch", "assignees": ["A"], "deliverable": "kế hoạch"}, ["time"]),
        ({"text": "Lập kế hoạch", "assignees": ["A"], "due_text": "thường xuyên"}, ["result"]),
        ({"text": "Tăng cường tuyên truyền", "assignees": ["A"], "due_text": "x", "deliverable": "y"}, ["work"]),
        ({"text": "Rà soát", "assignees": ["A", "B"], "due_text": "x", "deliverable": "y"}, ["responsibility"]),
        ({"text": "A chủ trì rà soát", "assignees": ["A", "B"], "due_text": "x", "deliverable": "y"}, []),
    ],
)
def test_each_point_of_the_six(task: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in unclear(task)] == codes


def test_tasks_that_nobody_gives_are_said_once(place) -> None:
    found = faults(place, CLEAR + CLEAR.replace("1.", "2."), "task", head="KẾ HOẠCH\n\n")
    assert sum("authority" in one.missing for one in found) == 1


# The whole


def test_faults_stand_in_the_order_of_the_text_and_are_the_same_again(counted) -> None:
    body = "Căn cứ Thông tư số 12/2020/TT-BGDĐT;\nTỷ lệ bỏ học toàn xã là 0,75%.\nPhòng GD&ĐT rà soát trường lớp.\n"
    first = faults(counted, body)
    assert first == faults(counted, body)
    assert [one.start for one in first] == sorted(one.start for one in first)


def test_a_page_of_eight_thousand_signs_costs_no_more_queries_than_a_paragraph(counted) -> None:
    body = (
        "Căn cứ Thông tư số 12/2020/TT-BGDĐT; Kế hoạch số {n}/KH-UBND ngày 01/9/2025.\n"
        "Tỷ lệ bỏ học toàn xã là 0,75%.\nPhòng GD&ĐT và xã Sín Chải rà soát trường lớp.\n" + CLEAR
    )
    spent = []
    long = "".join(body.format(n=number) for number in range(1, 36))
    assert len(long) >= 8000
    for text in (body.format(n=1), long):
        with CaptureQueriesContext(connection) as queries:
            checking.check(HEAD + text, counted.actors["officer"], TODAY)
        spent.append(len(queries))
    assert spent[1] <= spent[0] + 2 and spent[1] <= 80


def test_the_marked_text_is_the_text(place) -> None:
    body = HEAD + "Phòng GD&ĐT rà soát; có 68/73 trường đạt chuẩn (93,5%).\n"
    shown = Checked.of(body, checking.check(body, place.actors["officer"], TODAY))
    assert "".join(piece.text for piece in shown.stretches) == body
    assert [one.code for one in shown.faults] == [f"K{no}" for no in range(1, len(shown.faults) + 1)]


# The page


def test_a_pasted_draft_is_checked_and_nothing_of_it_is_stored(counted, browser) -> None:
    client = browser("officer")
    well_formed(client.get("/doc/kiem-tra/").content.decode())
    before = Event.objects.count()
    answer = client.post("/doc/kiem-tra/", {"text": HEAD + "Tỷ lệ bỏ học toàn xã là 0,75%.\n"})
    html = answer.content.decode()
    well_formed(html)
    assert answer.status_code == 200 and "số liệu đã duyệt là 0,60%" in html
    assert (Document.objects.count(), KeptReading.objects.count(), Event.objects.count()) == (0, 0, before)


def test_a_file_is_checked_too_and_a_secrecy_mark_is_refused(place, browser) -> None:
    client = browser("officer")
    upload = SimpleUploadedFile("du-thao.txt", (HEAD + "Phòng GD&ĐT rà soát.\n").encode())
    assert "UBND cấp xã" in client.post("/doc/kiem-tra/", {"file": upload}).content.decode()
    secret = client.post("/doc/kiem-tra/", {"text": "MẬT\n\n" + HEAD})
    assert secret.status_code == 422 and "“MẬT”" in secret.content.decode()
    assert client.post("/doc/kiem-tra/", {}).status_code == 422


def test_who_reads_no_documents_checks_none(place, browser) -> None:
    assert browser("viewer").get("/doc/kiem-tra/").status_code == 403
    assert browser("officer").get("/doc/kiem-tra/?bao-cao=99").status_code == 404


def test_a_report_being_written_is_checked_as_it_stands(counted, browser) -> None:
    leader = counted.actors["leader"]
    draft = reports.begin(
        by=leader, at=at(TODAY), form_code="so-ket", unit_id=counted.unit("bac_ha"), period_code=HK1
    )  # fmt: skip
    client = browser("leader")
    assert f"/doc/kiem-tra/?bao-cao={draft.pk}" in client.get(f"/bao-cao/{draft.pk}/").content.decode()
    html = client.get(f"/doc/kiem-tra/?bao-cao={draft.pk}").content.decode()
    well_formed(html)
    assert "Sửa văn bản rồi kiểm tra lại" in html


def test_the_notice_of_a_meeting_can_be_checked_before_it_is_issued(place, browser) -> None:
    own = {"by": place.actors["leader"], "at": at(TODAY)}
    meeting = work.plan_meeting(
        **own, unit_id=place.unit("bac_ha"), kind="giao_ban", title="Giao ban tháng 1", starts_at=at(TODAY),
        chair_name="Phó Chủ tịch",
    )  # fmt: skip
    work.open_meeting(**own, meeting=meeting)
    meeting.refresh_from_db()
    work.conclude(**own, meeting=meeting, text="Các trường nộp báo cáo.")
    work.close_meeting(**own, meeting=meeting)
    html = browser("leader").get(f"/hop/{meeting.pk}/thong-bao/").content.decode()
    assert 'formaction="/doc/kiem-tra/"' in html and "Kiểm tra văn bản" in html
