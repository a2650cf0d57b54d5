"""The marked copy: every fault at its cell, and everything else as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from giaoban.files import annotate, package
from giaoban.files.annotate import Mark
from tests.files.calc import computed

MARKS = [
    Mark("Một", "B2", "Phải là số <nguyên> & không âm", "Học sinh"),
    Mark("Một", "B2", "và nhỏ hơn 10"),
    Mark("Một", "C2", "ô trống"),
    Mark("Một", "D40", "dòng chưa có"),
    Mark("Hai", "A1", "xem lại", look=True),
    Mark("Không có", "A1", "trang lạ"),
    Mark("", "", "cả tệp"),
]


def by_openpyxl() -> bytes:
    """With a note, a hidden row, a validation, a merged range and a chart-like drawing of its own."""
    book = openpyxl.Workbook()
    one = book.active
    one.title = "Một"
    one.append(["Tên", "Số"])
    one.append(["Học sinh", -5])
    one["A2"].comment = Comment("ghi chú của tôi", "Tôi")
    one["B2"].comment = Comment("có sẵn", "Tôi")
    one["B2"].number_format = "0.00"
    one.merge_cells("F1:G2")
    one.row_dimensions[9].hidden = True
    one.freeze_panes = "A2"
    book.create_sheet("Hai")["A1"] = "=1+1"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def by_xlsxwriter() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        one = book.add_worksheet("Một")
        one.write_row(0, 0, ["Tên", "Số"])
        one.write_row(1, 0, ["Học sinh", -5])
        one.write_comment("A2", "ghi chú của tôi")
        one.write_comment("B2", "có sẵn")
        one.conditional_format(
            "B2:B9", {"type": "cell", "criteria": "<", "value": 0, "format": book.add_format({"bold": True})}
        )
        one.add_sparkline("H1", {"range": "Một!B1:B9"})
        one.add_table("J1:K3")
        book.define_name("Vung", "=Một!$A$1:$B$2")
        book.add_worksheet("Hai").write_formula("A1", "=1+1")
    return target.getvalue()


def with_prefixes() -> bytes:
    """As some programs write it: every name with a prefix, cells without addresses."""
    target = io.BytesIO()
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    source = zipfile.ZipFile(io.BytesIO(by_openpyxl()))
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = (
                    f'<x:worksheet {space}><x:sheetData><x:row><x:c t="inlineStr"><x:is>'
                    "<x:t>Tên</x:t></x:is></x:c></x:row>"
                    "<x:row><x:c/><x:c><x:v>-5</x:v></x:c></x:row></x:sheetData><x:pageMargins left='1' right='1' "
                    "top='1' bottom='1' header='1' footer='1'/></x:worksheet>"
                ).encode()
            if "sheet1.xml.rels" not in name:
                copy.writestr(name, part)
    return target.getvalue()


SOURCES = [by_openpyxl, by_xlsxwriter, with_prefixes]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_faults_are_marked_and_listed(source: object) -> None:
    original = source()  # type: ignore[operator]
    made = annotate.annotated(original, MARKS)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert parts.testzip() is None and len(set(parts.namelist())) == len(parts.namelist())
        for name in parts.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                minidom.parseString(parts.read(name))
    book = openpyxl.load_workbook(io.BytesIO(made))
    one = book["Một"]
    assert one["B2"].value == -5 and one["B2"].fill.fgColor.rgb == annotate.RED
    assert "Phải là số <nguyên> & không âm\nvà nhỏ hơn 10" in one["B2"].comment.text
    assert one["C2"].comment.text == "ô trống" and one["C2"].fill.fgColor.rgb == annotate.RED
    assert one["D40"].comment.text == "dòng chưa có"
    assert book["Hai"]["A1"].fill.fgColor.rgb == annotate.AMBER and book["Hai"]["A1"].value == "=1+1"
    listed = book["Lỗi cần sửa"]
    said = [tuple(cell.value for cell in row[1:6]) for row in listed.iter_rows(min_row=5)]
    assert ("Một", "B2", "Học sinh", "Lỗi", "Phải là số <nguyên> & không âm") in said
    assert len(said) == len(MARKS) and said[-1][3] == "Cần xem"
    assert listed["C5"].hyperlink.location == "'Một'!B2"
    assert book.active.title == "Lỗi cần sửa"


@pytest.mark.parametrize("source", [by_openpyxl, by_xlsxwriter], ids=lambda source: source.__name__)
def test_notes_of_ones_own_stay(source: object) -> None:
    book = openpyxl.load_workbook(io.BytesIO(annotate.annotated(source(), MARKS)))  # type: ignore[operator]
    assert "ghi chú của tôi" in book["Một"]["A2"].comment.text
    assert book["Một"]["B2"].comment.text.startswith("có sẵn")


def test_what_is_not_marked_is_letter_for_letter_as_it_was() -> None:
    original = by_xlsxwriter()
    made = annotate.annotated(original, [Mark("Một", "B2", "sai")])
    with zipfile.ZipFile(io.BytesIO(original)) as before, zipfile.ZipFile(io.BytesIO(made)) as after:
        for name in before.namelist():
            if name.endswith(("sheet2.xml", "sharedStrings.xml", "theme1.xml", "table1.xml", "app.xml")):
                assert after.read(name) == before.read(name), name
        sheet, was = after.read("xl/worksheets/sheet1.xml"), before.read("xl/worksheets/sheet1.xml")
        assert sheet.split(b"</sheetData>")[1] == was.split(b"</sheetData>")[1]
        assert b"sparkline" in sheet and b"conditionalFormatting" in sheet
        assert b"Vung" in after.read("xl/workbook.xml")


def test_the_look_of_a_cell_stays_but_for_its_colour() -> None:
    book = openpyxl.load_workbook(io.BytesIO(annotate.annotated(by_openpyxl(), MARKS)))
    assert book["Một"]["B2"].number_format == "0.00"


def test_a_spreadsheet_program_opens_it(tmp_path: Path) -> None:
    found = computed(annotate.annotated(by_xlsxwriter(), MARKS), tmp_path)
    assert found["Hai"][0][0] == 2 and found["Lỗi cần sửa"][4][1] == "Một"


def test_the_drawing_of_notes_stands_where_the_order_wants_it() -> None:
    with zipfile.ZipFile(io.BytesIO(annotate.annotated(with_prefixes(), MARKS))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert sheet.index(b"pageMargins") < sheet.index(b"legacyDrawing") < sheet.rindex(b"</x:worksheet>")


def test_marking_twice_keeps_both() -> None:
    once = annotate.annotated(by_openpyxl(), MARKS)
    book = openpyxl.load_workbook(io.BytesIO(annotate.annotated(once, [Mark("Một", "B2", "vẫn sai")])))
    assert book.sheetnames[-2:] == ["Lỗi cần sửa", "Lỗi cần sửa (2)"] and "vẫn sai" in book["Một"]["B2"].comment.text


def test_a_document_type_is_not_read() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(by_openpyxl())) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            copy.writestr(name, b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + part if name == "xl/workbook.xml" else part)
    with pytest.raises(package.Damaged):
        annotate.annotated(target.getvalue(), MARKS)


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_their_letters(number: int, name: str) -> None:
    assert (package.column_name(number), package.column_number(name)) == (name, number)
