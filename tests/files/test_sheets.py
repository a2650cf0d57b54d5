"""Tables as XLSX and CSV: numbers stay numbers, text is never a formula, the same table gives the same bytes."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from giaoban.files import sheets
from giaoban.files.sheets import Number, Table

TABLE = Table(
    "Xã Bắc Hà: [tổng quan]/2025",
    ["Xã Bắc Hà, học kỳ I", "Bản đồ hôm nay"],
    ["Chỉ tiêu", "Giá trị", "Số đơn vị", "Ngày"],
    [
        ["Tỷ lệ bỏ học", Number(Decimal("52.11"), 2, percent=True), 3, date(2026, 1, 29)],
        ["=1+1", Number(14068), None, None],
    ],
)


def read(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_numbers_stay_numbers_in_xlsx():
    rows = read(sheets.xlsx(TABLE))
    assert rows[0][0] == "Xã Bắc Hà, học kỳ I"
    assert rows[2] == ["Chỉ tiêu", "Giá trị", "Số đơn vị", "Ngày"]
    assert rows[3][1] == pytest.approx(0.5211) and rows[3][2:] == [3, date(2026, 1, 29)]
    assert rows[4][:2] == ["=1+1", 14068]


def test_csv_reads_as_people_write():
    text = "".join(sheets.csv_lines(TABLE))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))
    assert rows[3] == ["Tỷ lệ bỏ học", "52,11%", "3", "29/01/2026"]
    assert rows[4] == ["'=1+1", "14.068", "", ""]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_taken_for_a_formula(text):
    assert sheets.safe(text) == f"'{text}"
    table = Table("x", [text], [text], [[text]])
    content = sheets.xlsx(table)
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_csv_is_written_line_by_line():
    def endless():
        while True:
            yield ["a", 1]

    lines = sheets.csv_lines(Table("x", [], ["h", "n"], endless()))
    assert [next(lines) for _ in range(3)][-1] == "a;1\r\n"


def test_the_same_table_gives_the_same_bytes():
    assert sheets.xlsx(TABLE) == sheets.xlsx(TABLE)


@pytest.mark.parametrize(("name", "tab"), [("a/b:c", "a b c"), ("'x'", "x"), ("", "1"), ("x" * 40, "x" * 31)])
def test_the_tab_has_a_name_that_excel_opens(name, tab):
    assert sheets._tab(name) == tab
