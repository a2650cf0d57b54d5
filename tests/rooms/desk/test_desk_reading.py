"""Reading: marks, proposals with units of the document's day, and adoption in one step."""

from datetime import date
from fractions import Fraction

import pytest

from giaoban.desk import actions, proposals
from giaoban.desk.actions import NewDocument, NothingChosen, TaskFromSentence
from giaoban.desk.forms import RegisterForm
from giaoban.desk.proposals import Mark, cut, heading
from giaoban.documents.models import Document
from giaoban.indicators import queries as indicators
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from giaoban.work.actions import NewTask
from giaoban.work.models import Task
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at
from tests.rooms.ui.markup import check

TEXT = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/KH-UBND
Bắc Hà, ngày 20 tháng 01 năm 2026
KẾ HOẠCH
Thực hiện nhiệm vụ học kỳ II năm học 2025-2026

Thực hiện Nghị quyết số 29-NQ/TW ngày 04/11/2013, Ủy ban nhân dân xã ban hành kế hoạch như sau:
Có 68/73 lớp học đạt chuẩn về cơ sở vật chất (đạt tỉ lệ 93,1%).
1. Trường Tiểu học Na Hối
- Rà soát đội ngũ giáo viên tiếng Anh, báo cáo UBND xã trước ngày 15/3/2026.
2. Trường THCS Thải Giàng
- Báo cáo số học sinh bỏ học.
"""


def test_marks_that_overlap_cut_the_text_into_pieces_that_join_to_it() -> None:
    text = "0123456789"
    marks = [Mark("tasks", 1, 2, 8), Mark("figures", 1, 4, 6), Mark("flags", 1, 5, 9)]
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.kinds for piece in pieces] == [
        (),
        ("tasks",),
        ("tasks", "figures"),
        ("tasks", "figures", "flags"),
        ("tasks", "flags"),
        ("flags",),
        (),
    ]
    assert [mark.code for piece in pieces for mark in piece.starts] == ["V1", "S1", "M1"]


def test_the_head_of_a_document_says_its_number_day_issuer_and_subject() -> None:
    head = heading(TEXT)
    assert (head.symbol, head.issued_on, head.issuer, head.subject) == (
        "15/KH-UBND",
        date(2026, 1, 20),
        "ỦY BAN NHÂN DÂN XÃ BẮC HÀ",
        "Thực hiện nhiệm vụ học kỳ II năm học 2025-2026",
    )


def test_a_masthead_of_two_columns_is_read_at_its_left() -> None:
    head = heading(
        "ỦY BAN NHÂN DÂN                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "XÃ BẢO THẮNG                        Độc lập - Tự do - Hạnh phúc\n\n"
        "Số: 87/KH-UBND                  Bảo Thắng, ngày 26 tháng 9 năm 2025\n\nKẾ HOẠCH\nNăm học 2025-2026\n"
    )
    assert (head.symbol, head.issuer, head.issued_on) == (
        "87/KH-UBND",
        "ỦY BAN NHÂN DÂN XÃ BẢO THẮNG",
        date(2025, 9, 26),
    )


def test_the_body_above_is_not_the_issuer() -> None:
    head = heading("UBND TỈNH LÀO CAI\nSỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 12/SGDĐT-GDPT\nV/v báo cáo học kỳ I\n")
    assert (head.issuer, head.subject) == ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "báo cáo học kỳ I")


def test_what_a_plan_aims_at_is_proposed_as_a_target(place) -> None:
    text = TEXT.replace("Có 68/73", "Mục tiêu hết học kỳ I: tỷ lệ bỏ học 0,5%; tỷ lệ chuyên cần 98%.\nCó 68/73")
    first, second = proposals.of(text, place.actors["officer"], TODAY).targets
    assert (first.target, first.period, first.indicators[0].value) == (Fraction(1, 200), HK1, "ty_le_bo_hoc")
    assert first.sure and not second.indicators  # there is no indicator of attendance in this place


def test_a_figure_beyond_the_plan_tells_the_plan(place) -> None:
    text = TEXT.replace("Có 68/73", "Tỷ lệ trường đạt chuẩn quốc gia 52,11%, vượt 6,11% so với kế hoạch.\nCó 68/73")
    (found,) = proposals.of(text, place.actors["officer"], TODAY).targets
    assert found.target == Fraction(46, 100)


def test_targets_that_were_ticked_are_kept_with_their_sentence(place, browser) -> None:
    client = browser("officer")
    address = paste(client, TEXT.replace("Có 68/73", "Mục tiêu hết học kỳ I: tỷ lệ bỏ học 0,5%.\nCó 68/73"))
    assert client.post(address, fill(client, address, han_chung="30/4/2026")).status_code == 302
    target = indicators.target("ty_le_bo_hoc", place.unit("bac_ha"), HK1)
    assert (target.value, target.document) == (Fraction(1, 200), Document.objects.get())
    assert "tỷ lệ bỏ học 0,5%" in target.sentence


def test_a_document_in_the_register_is_recognised(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    client.post(address, fill(client, address, han_chung="30/4/2026"))
    html = client.get(paste(client)).content.decode()
    assert "Văn bản này đã có trong sổ" in html


def test_a_news_item_has_only_its_title() -> None:
    head = heading("Giao ban chuyên môn tháng 3\n\nNgày 22 tháng 3 năm 2024, Sở họp giao ban.")
    assert (head.symbol, head.issued_on, head.subject) == ("", None, "Giao ban chuyên môn tháng 3")


def test_units_are_found_near_the_issuer(place) -> None:
    reading = proposals.of(TEXT, place.actors["officer"], TODAY)
    assert (reading.near, reading.issuer_name) == (place.unit("bac_ha"), "Xã Bắc Hà")
    first, second = reading.tasks
    assert first.leads[0].value == str(place.unit("na_hoi")) and first.sure
    assert second.leads[0].value == str(place.unit("thai_giang"))
    assert [flag.kind for flag in reading.flags] == ["ratio"]


def line(place, who: str, text: str) -> tuple[int, str]:
    form = RegisterForm.of(proposals.of(text, place.actors[who], TODAY))
    return form["owner"].value(), form["direction"].value()


def test_what_ones_own_unit_issued_goes_out_of_its_register(place) -> None:
    """The officer sits in an office of Xã Bắc Hà; the plan is the commune's."""
    assert line(place, "officer", TEXT) == (place.unit("bac_ha"), "OUT")


def test_what_others_issued_comes_in_to_the_commune_and_not_to_its_office(place) -> None:
    other = TEXT.replace("BẮC HÀ", "SÍN CHẢI", 1)
    assert line(place, "officer", other) == (place.unit("bac_ha"), "IN")
    assert line(place, "officer", "Đề nghị các trường báo cáo trước ngày 15/3/2026.") == (place.unit("bac_ha"), "IN")
    assert line(place, "so_officer", TEXT) == (place.unit("so"), "IN")


def paste(client, text: str = TEXT):
    response = client.post("/doc/", {"text": text})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def fill(client, address: str, **changes: object) -> dict[str, object]:
    """What the browser would send of the page as it stands, with some fields changed."""
    sheet = client.get(address).context["sheet"]
    data: dict[str, object] = {"han_chung": ""}
    for form in sheet.forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value not in (None, "", False):
                data[bound.html_name] = value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else value
    return data | changes


def test_the_page_shows_text_marks_and_proposals(place, browser) -> None:
    client = browser("officer")
    html = client.get(paste(client)).content.decode()
    check(html)
    for words in ("Trường Tiểu học Na Hối", "93,2%", "29-NQ/TW", "Rà soát đội ngũ giáo viên tiếng Anh"):
        assert words in html


def test_chosen_proposals_become_a_document_and_tasks_in_one_step(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    response = client.post(address, fill(client, address, han_chung="30/4/2026"))
    assert response.status_code == 302, response.content.decode()
    document = Document.objects.get()
    assert (document.symbol, document.issued_on, document.text) == ("15/KH-UBND", date(2026, 1, 20), TEXT)
    first, second = Task.objects.order_by("start")
    assert TEXT[first.start : first.end].startswith("Rà soát đội ngũ")
    assert (first.lead_id, first.due_on, second.due_on) == (place.unit("na_hoi"), date(2026, 3, 15), date(2026, 4, 30))
    assert Event.objects.filter(verb="reading.adopt", data__tasks=[first.pk, second.pk]).exists()


def test_a_task_without_a_due_time_is_asked_for_one_and_nothing_is_stored(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    response = client.post(address, fill(client, address))
    html = response.content.decode()
    check(html)
    assert "V2: Ghi hạn hoàn thành" in html
    assert not Document.objects.exists() and not Task.objects.exists()
    assert "15/KH-UBND" in html  # what was filled in is still there


def test_another_unit_may_be_written_without_accents(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    data = fill(client, address, han_chung="30/4/2026", **{"v1-lead_name": "truong tieu hoc ban pho"})
    assert client.post(address, data).status_code == 302
    assert Task.objects.order_by("start").first().lead_id == place.unit("ban_pho")


def test_a_name_nobody_has_is_named_back(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    data = fill(client, address, han_chung="30/4/2026", **{"v1-lead_name": "Trường Hogwarts"})
    assert "Hôm nay không có đơn vị nào mang tên này" in client.post(address, data).content.decode()


def test_one_refusal_leaves_nothing_half_stored(place) -> None:
    """The second task names a unit that does not exist: neither document nor first task stays."""
    new = NewDocument("IN", "16/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_text="UBND xã Bắc Hà")
    good = TaskFromSentence(NewTask(text="Rà soát", due="30/4/2026", lead_id=place.unit("na_hoi")), 0, 5)
    bad = TaskFromSentence(NewTask(text="Rà soát", due="chẳng bao lâu", lead_id=place.unit("na_hoi")), 0, 5)
    with pytest.raises(Exception, match="names no due time"):
        actions.adopt(
            by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=new, tasks=[good, bad]
        )
    assert not Document.objects.exists() and not Task.objects.exists()


def test_nothing_chosen_of_a_registered_document_is_refused(place) -> None:
    new = NewDocument("IN", "16/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_text="UBND xã Bắc Hà")
    made = actions.adopt(by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=new)
    with pytest.raises(NothingChosen):
        actions.adopt(by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=made.document)


def test_a_document_marked_secret_is_refused_before_it_is_kept(place, browser) -> None:
    client = browser("officer")
    response = client.post("/doc/", {"text": "MẬT\n" + TEXT})
    assert response.status_code == 200
    assert "dấu" in response.content.decode()
    assert "readings" not in client.session


def test_neither_text_nor_file_is_asked_for(place, browser) -> None:
    html = browser("officer").post("/doc/", {"text": "  "}).content.decode()
    check(html)
    assert "Dán văn bản hoặc chọn một tệp" in html


def test_a_records_clerk_registers_and_sees_what_was_found_but_assigns_nothing(place, browser) -> None:
    people.grant(
        by=SYSTEM,
        at=at(TODAY),
        position=Position.objects.get(pk=place.actors["viewer"].position_id),
        role=Role.CLERK,
        unit=place.unit("bac_ha"),
        hierarchy=MANAGEMENT,
        on=date(2026, 1, 1),
    )
    client = browser("viewer")
    address = paste(client)
    html = client.get(address).content.decode()
    check(html)
    assert "Rà soát đội ngũ giáo viên tiếng Anh" in html and "v1-take" not in html
    assert client.post(address, fill(client, address)).status_code == 302
    assert Document.objects.count() == 1 and not Task.objects.exists()


def test_who_may_not_read_is_turned_away(place, browser) -> None:
    assert browser("viewer").get("/doc/").status_code == 403


def test_a_registered_document_is_read_from_its_page(place, browser) -> None:
    new = NewDocument("IN", "15/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_text="UBND xã Bắc Hà")
    made = actions.adopt(by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=new)
    client = browser("officer")
    address = client.get(f"/doc/van-ban/{made.document.pk}/").headers["Location"]
    data = fill(client, address, han_chung="30/4/2026")
    assert client.post(address, data).status_code == 302
    assert set(Task.objects.values_list("document_id", flat=True)) == {made.document.pk}
    assert Document.objects.count() == 1
