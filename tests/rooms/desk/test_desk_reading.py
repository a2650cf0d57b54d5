"""Reading: marks, proposals with units of the document's day, and adoption in one step."""

from datetime import date
from fractions import Fraction

import pytest

from giaoban.desk import actions, proposals
from giaoban.desk.actions import NewDocument, NothingChosen, TaskFromSentence
from giaoban.desk.forms import RegisterForm
from giaoban.desk.proposals import Mark, cut, heading
from giaoban.documents.models import Document
from giaoban.work.actions import NewTask
from giaoban.work.models import Task
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at

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


def test_one_refusal_leaves_nothing_half_stored(place) -> None:
    """The second task names a unit that does not exist: neither document nor first task stays."""
    new = NewDocument("IN", "16/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_text="UBND xã Bắc Hà")
    good = TaskFromSentence(NewTask(text="Rà soát", due="30/4/2026", lead_id=place.unit("na_hoi")), 0, 5)
    bad = TaskFromSentence(NewTask(text="Rà soát", due="chẳng bao lâu", lead_id=place.unit("na_hoi")), 0, 5)
    with pytest.raises(Exception, match="chẳng bao lâu"):
        actions.adopt(
            by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=new, tasks=[good, bad]
        )
    assert not Document.objects.exists() and not Task.objects.exists()


def test_nothing_chosen_of_a_registered_document_is_refused(place) -> None:
    new = NewDocument("IN", "16/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_text="UBND xã Bắc Hà")
    made = actions.adopt(by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=new)
    with pytest.raises(NothingChosen):
        actions.adopt(by=place.actors["officer"], at=at(TODAY), unit_id=place.unit("bac_ha"), document=made.document)
