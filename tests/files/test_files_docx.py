"""The layout of NĐ 30/2020/NĐ-CP, measured in the written file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from giaoban.files.docx import write
from giaoban.files.official import (
    CENTRE,
    RIGHT,
    Annex,
    Article,
    Bullet,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Part,
    Signature,
    Table,
    from_json,
    text_of,
    to_json,
)
from giaoban.files.widths import balanced, width

TABLE = Table(
    (Column("TT", 10, CENTRE), Column("Chỉ tiêu", 80), Column("Thực hiện", 30, RIGHT)),
    (("1", "Trường đạt chuẩn", "52,11%"), ("", "Cộng", "100%")),
    caption="Bảng 1. Kết quả",
    note="Số liệu đã duyệt.",
    strong=frozenset({1}),
)
DOCUMENT = OfficialDocument(
    parent_issuer="Ủy ban nhân dân tỉnh Lào Cai",
    issuer="Sở Giáo dục và Đào tạo",
    symbol="BC-SGDĐT",
    number=5,
    place="Lào Cai",
    issued_on=date(2026, 2, 5),
    kind="Báo cáo",
    subject="Sơ kết học kỳ I năm học 2025-2026",
    bases=("Căn cứ Kế hoạch số 12/KH-UBND", "Căn cứ số liệu đã duyệt."),
    addressees=("Ủy ban nhân dân tỉnh Lào Cai",),
    blocks=(
        Part("I", "Kết quả"),
        Heading(1, "I", "KẾT QUẢ"),
        Heading(3, "a", "Trường"),
        Article(1, "Phạm vi"),
        Paragraph("Đoạn một, vượt 6,11 điểm %.\nĐoạn hai.", slot="x"),
        Bullet("Một gạch đầu dòng"),
        TABLE,
        Paragraph("", slot="trong"),
    ),
    signature=Signature(("KT. GIÁM ĐỐC", "Phó Giám đốc"), "Nguyễn Văn Mẫu"),
    recipients=("Như trên", "Lưu: VT, VP"),
    annexes=(Annex("I", "Kết quả theo xã", (TABLE,), landscape=True),),
)


def opened(document: OfficialDocument = DOCUMENT) -> Any:
    return docx.Document(io.BytesIO(write(document)))


def run_of(file: Any, text: str) -> Any:
    """The run that says exactly this, in a paragraph or a cell of the frame."""
    cells = [cell for table in file.tables for row in table.rows for cell in row.cells]
    places = [*file.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return next(run for paragraph in places for run in paragraph.runs if run.text == text)


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    section = opened().sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm, 1) for margin in margins] == [20, 20, 30, 15]


def test_the_type_is_times_new_roman() -> None:
    style = opened().styles["Normal"]
    assert (style.font.name, style.font.size) == ("Times New Roman", Pt(14))
    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}


LAYOUT = [
    # text, size, bold, italic
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
    ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
    ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", 12, True, False),
    ("TỈNH LÀO CAI", 12, False, False),
    ("Số: 05/BC-SGDĐT", 13, False, False),
    ("Lào Cai, ngày 05 tháng 02 năm 2026", 13, False, True),
    ("BÁO CÁO", 14, True, None),
    ("Sơ kết học kỳ I năm học 2025-2026", 14, True, None),
    ("Căn cứ Kế hoạch số 12/KH-UBND;", 14, False, True),
    ("Căn cứ số liệu đã duyệt.", 14, False, True),
    ("Kính gửi: Ủy ban nhân dân tỉnh Lào Cai", 14, False, None),
    ("Phần I", 14, True, None),
    ("I. KẾT QUẢ", 14, True, False),
    ("a) Trường", 14, False, False),
    ("Điều 1. Phạm vi", 14, True, False),
    ("- Một gạch đầu dòng", 14, False, False),
    ("Nơi nhận:", 12, True, True),
    ("- Như trên;", 11, False, False),
    ("- Lưu: VT, VP.", 11, False, False),
    ("KT. GIÁM ĐỐC", 14, True, False),
    ("PHÓ GIÁM ĐỐC", 14, True, False),
    ("Nguyễn Văn Mẫu", 14, True, False),
]


@pytest.mark.parametrize(("text", "size", "bold", "italic"), LAYOUT)
def test_each_component_in_its_letters(text: str, size: int, bold: bool, italic: bool | None) -> None:
    run = run_of(opened(), text)
    assert (run.font.size, bool(run.bold)) == (Pt(size), bold)
    if italic is not None:
        assert bool(run.italic) is italic


def test_the_parent_is_upright_and_the_issuer_bold() -> None:
    file = opened()
    assert not run_of(file, "ỦY BAN NHÂN DÂN").bold
    assert run_of(file, "SỞ GIÁO DỤC VÀ ĐÀO TẠO").bold


def test_running_text_is_justified_with_a_first_line() -> None:
    paragraph = next(p for p in opened().paragraphs if p.text.startswith("Đoạn hai"))
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert paragraph.paragraph_format.first_line_indent == Mm(12.7)


def test_the_page_number_stands_in_the_top_margin_but_not_on_page_one() -> None:
    for section in opened().sections:
        assert section.different_first_page_header_footer
        header = section.header.paragraphs[0]
        assert header.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert "PAGE" in header._p.xml and header.runs[0].font.size == Pt(13)
        assert section.first_page_header.paragraphs[0].text == ""
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"  # an annex counts for itself


def test_a_wide_annex_lies_across() -> None:
    first, second = opened().sections
    assert first.page_width < first.page_height
    assert (round(second.page_width.mm), round(second.page_height.mm)) == (297, 210)


DATES = [
    (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
    (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
    (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
    (date(2026, 11, 20), "ngày 20 tháng 11 năm 2026"),
    (None, "ngày      tháng      năm 2026"),
]


@pytest.mark.parametrize(("day", "words"), DATES)
def test_zeros_before_days_below_ten_and_the_first_two_months(day: date | None, words: str) -> None:
    assert replace(DOCUMENT, issued_on=day, year=2026).date_line == f"Lào Cai, {words}"


@pytest.mark.parametrize(("number", "words"), [(5, "Số: 05/"), (12, "Số: 12/"), (None, "Số:         /")])
def test_numbers_below_ten_take_a_zero(number: int | None, words: str) -> None:
    assert replace(DOCUMENT, number=number).number_line == f"{words}BC-SGDĐT"


def test_a_letter_has_its_subject_under_the_number() -> None:
    file = opened(replace(DOCUMENT, kind="", subject="báo cáo số liệu"))
    assert run_of(file, "V/v báo cáo số liệu").font.size == Pt(12)
    assert not any(paragraph.text == "BÁO CÁO" for paragraph in file.paragraphs)


def test_several_addressees_stand_below_one_another() -> None:
    file = opened(replace(DOCUMENT, addressees=("Sở Nội vụ", "Sở Tài chính")))
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert texts[texts.index("Kính gửi:") + 1 :][:2] == ["- Sở Nội vụ;", "- Sở Tài chính."]


def test_tables_repeat_their_head_and_do_not_break_rows() -> None:
    table = opened().tables[1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert table.cell(1, 2).paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert table.cell(2, 1).paragraphs[0].runs[0].bold
    assert sum(column.width for column in table.columns) == pytest.approx(Mm(165), rel=0.001)


def test_an_empty_slot_leaves_no_gap() -> None:
    with_slot = len(opened().paragraphs)
    without = replace(DOCUMENT, blocks=DOCUMENT.blocks[:-1])
    assert len(opened(without).paragraphs) == with_slot


def test_the_same_document_gives_the_same_bytes() -> None:
    first = write(DOCUMENT)
    assert write(DOCUMENT) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist() == sorted(package.namelist())
        assert not any("thumbnail" in name for name in package.namelist())
    properties = opened().core_properties
    assert (properties.created.date(), properties.language) == (date(2026, 2, 5), "vi-VN")


def test_a_document_can_be_kept_as_data() -> None:
    import json

    kept = json.loads(json.dumps(to_json(DOCUMENT), ensure_ascii=False))
    assert from_json(kept) == DOCUMENT


def test_its_text_for_the_register() -> None:
    text = text_of(DOCUMENT)
    assert "Số: 05/BC-SGDĐT" in text
    assert "1 | Trường đạt chuẩn | 52,11%" in text
    assert "Phụ lục I\nKết quả theo xã" in text


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 60, []),
        ("SỞ NỘI VỤ", 60, ["SỞ NỘI VỤ"]),
        ("ỦY BAN NHÂN DÂN XÃ BÌNH MINH", 60, ["ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH"]),
    ],
)
def test_long_names_break_into_even_lines(text: str, room: int, lines: list[str]) -> None:
    assert balanced(text, 12, room) == lines


def test_the_motto_is_as_wide_as_its_rule() -> None:
    """Measured in Times New Roman bold 13 pt: about 56 mm."""
    assert width("Độc lập - Tự do - Hạnh phúc", 13) == pytest.approx(56, abs=1)
