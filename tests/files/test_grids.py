"""Worksheets of any file, streamed by a process of its own; what is no table is refused with words."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from giaoban.files import grids, opening


def xlsx(tmp_path: Path, rows: int = 3) -> Path:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page, _empty, hidden = book.add_worksheet("Một"), book.add_worksheet("Trống"), book.add_worksheet("Ẩn")
    page.merge_range(1, 2, 1, 3, "Đầu")
    for row in range(rows):
        page.write_row(2 + row, 2, [f"Trường {row}", row + 0.5])
    hidden.write(0, 0, 1)
    hidden.hide()
    book.close()
    return path


def test_cells_stand_where_they_stand_in_the_sheet(tmp_path: Path) -> None:
    path = xlsx(tmp_path)
    assert [(one.name, one.rows, one.columns, one.hidden) for one in grids.sheets("a.xlsx", path)] == [
        ("Một", 5, 4, False),
        ("Ẩn", 1, 1, True),
    ]
    grid = grids.grid("a.xlsx", path, "Một")
    assert grid.rows[1] == ["", "", "Đầu", ""] and grid.rows[2] == ["", "", "Trường 0", 0.5]
    assert grid.merged == [(1, 2, 1, 3)] and grid.whole


def test_a_long_table_is_streamed_in_pieces(tmp_path: Path) -> None:
    path = xlsx(tmp_path, rows=1200)
    pieces = list(grids.stream("a.xlsx", path, "Một"))
    assert len(pieces) > 2 and sum(map(len, pieces)) == 1202
    assert grids.grid("a.xlsx", path, "Một", most=100).whole is False


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_in_every_writing(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'Tên{delimiter}Bê\n"a{delimiter}b"{delimiter}1.234\n'.encode(encoding))
    assert grids.grid("a.csv", path, "").rows == [["Tên", "Bê"], [f"a{delimiter}b", "1.234"]]


def test_a_web_page_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><table><tr><td rowspan=2>Trường<td colspan=2>Lớp<tr><td>1<td>2</table></html>")
    assert grids.grid("a.xls", path, "1").rows == [["Trường", "Lớp", ""], ["", "1", "2"]]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"%PDF-1.4", grids.NotATable),
        (b"", opening.Empty),
        (b"PK\x03\x04rubbish", opening.Damaged),
        (b"\x00\x01\x02" * 50, opening.NotOpened),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, refusal: type[Exception]) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(refusal):
        grids.sheets("a", path)


def test_macros_and_bombs_are_not_opened(tmp_path: Path) -> None:
    for name, size, refusal in (
        ("xl/vbaProject.bin", 10, opening.Macros),
        ("xl/b", 80_000_000, opening.UnpacksTooLarge),
    ):
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", "<a/>")
            package.writestr(name, b"\0" * size)
        path = tmp_path / "b.xlsx"
        path.write_bytes(out.getvalue())
        with pytest.raises(refusal):
            grids.sheets("b.xlsx", path)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(grids.NoSuchSheet):
        grids.grid("a.xlsx", xlsx(tmp_path), "Hai")
