"""Assignment annexes: rows of work out of XLSX, DOCX and HTML tables, each with its place in the text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import docx
import pytest
import xlsxwriter

from giaoban.files import annexes, opening
from giaoban.files.annexes import AnnexRow, Cell, parted

HEAD = [
    "STT",
    "Nội dung nhiệm vụ",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời gian hoàn thành",
    "Sản phẩm",
    "Lãnh đạo phụ trách",
    "Ghi chú",
]
WORK = [
    "Rà soát cơ sở vật chất",
    "Phòng Văn hóa - Xã hội",
    "Các trường",
    "Tháng 9/2025",
    "Báo cáo",
    "Đ/c Nguyễn Văn An",
    "",
]


def workbook(
    rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = (), hidden: bool = False
) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("Phụ lục")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif value not in (None, ""):
                sheet.write(number, column, value)
    for top, left, bottom, right in merged:
        sheet.merge_range(top, left, bottom, right, rows[top][left])
    if hidden:
        other = book.add_worksheet("Nháp")
        other.write(0, 0, "chỗ nháp")
        other.hide()
    book.close()
    return kept.getvalue()


def read(rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> list[AnnexRow]:
    found = opening.opened("phu-luc.xlsx", workbook(rows, merged))
    assert found.kind == "xlsx"
    for row in found.rows or ():
        line = found.text[row.start : row.end]
        assert "\n" not in line and found.text[row.end : row.end + 1] in ("", "\n")
        assert found.text[row.work_start : row.work_end] == row.work
    return found.rows or []


def test_a_row_says_who_does_what_by_when() -> None:
    (row,) = read([["PHỤ LỤC PHÂN CÔNG NHIỆM VỤ"], [], HEAD, [1, *WORK]])
    assert (row.no, row.work, row.lead, row.partners) == ("1", WORK[0], WORK[1], WORK[2])
    assert (row.due, row.deliverable, row.leader) == ("Tháng 9/2025", "Báo cáo", "Đ/c Nguyễn Văn An")


def test_days_and_numbers_read_as_on_paper() -> None:
    (row,) = read([HEAD, [1, "Đạt tỷ lệ", "Phòng Nội vụ", "", date(2026, 4, 30), 93.5, "", ""]])
    assert (row.due, row.deliverable) == ("30/4/2026", "93,5")


def test_names_over_two_rows_with_merged_cells() -> None:
    rows = [
        ["TT", "Nội dung", "Đơn vị thực hiện", "", "Thời hạn"],
        ["", "", "Chủ trì", "Phối hợp", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["1", "Lập danh mục", "Phòng Kinh tế", "Các thôn", "15/3/2026"],
    ]
    wanted = [("1", "Lập danh mục", "Phòng Kinh tế", "Các thôn", "15/3/2026")]
    for merged in ([], [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]):
        assert [(row.no, row.work, row.lead, row.partners, row.due) for row in read(rows, merged)] == wanted


@pytest.mark.parametrize("same", ["nt", "-nt-", "NT", "Như trên", '"', "''", "-//-", "n.t"])
def test_as_above_is_what_stands_above(same: str) -> None:
    rows = read([HEAD, [1, *WORK], [2, "Báo cáo kết quả", same, same, same, "", "", ""]])
    assert (rows[1].lead, rows[1].partners, rows[1].due) == (WORK[1], WORK[2], WORK[3])


def test_a_cell_merged_downwards_holds_for_every_row() -> None:
    rows = [HEAD, [1, *WORK], [2, "Báo cáo kết quả", "", "", "30/9/2025", "", "", ""]]
    found = read(rows, [(1, 2, 2, 2)])
    assert (found[1].lead, found[1].partners, found[1].due) == (WORK[1], "", "30/9/2025")


def test_headings_among_the_rows_are_sections_not_work() -> None:
    rows = [
        HEAD,
        ["I", "Nhiệm vụ chung"],
        [1, *WORK],
        ["II", "Phòng Kinh tế"],
        [2, "Tổng hợp kinh phí", "", "", "Quý I/2026", "", "", ""],
        [3, "Chuyển đổi số"],
        ["3.1", "Học bạ số", "Các trường", "", "31/5/2026", "", "", ""],
    ]
    assert [(row.no, row.work, row.section) for row in read(rows)] == [
        ("1", WORK[0], "I Nhiệm vụ chung"),
        ("2", "Tổng hợp kinh phí", "II Phòng Kinh tế"),
        ("3.1", "Học bạ số", "3 Chuyển đổi số"),
    ]


def test_work_without_a_lead_stays_a_row_so_that_somebody_asks() -> None:
    rows = read([HEAD, [1, *WORK], [2, "Việc chưa giao ai"], [3, *WORK]])
    assert [(row.no, row.lead) for row in rows] == [("1", WORK[1]), ("2", ""), ("3", WORK[1])]


def test_one_column_for_lead_and_partners() -> None:
    assert parted("Chủ trì: Phòng Nội vụ; phối hợp: các trường") == ("Phòng Nội vụ", "các trường")
    assert parted("Phòng Nội vụ") == ("Phòng Nội vụ", "")
    names = ["STT", "Nhiệm vụ", "Đơn vị chủ trì, phối hợp", "Thời hạn"]
    (row,) = read([names, [1, "Rà soát", "Chủ trì: Phòng Nội vụ; Phối hợp: Các trường", "Tháng 3"]])
    assert (row.lead, row.partners) == ("Phòng Nội vụ", "Các trường")


def test_who_signs_below_is_no_work() -> None:
    rows = [HEAD, [1, *WORK], [], ["", "NGƯỜI LẬP BIỂU", "", "", "CHỦ TỊCH"], ["", "Trần Thị B", "", "", "Lê Văn C"]]
    assert len(read(rows)) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["STT", "Họ và tên", "Ngày sinh", "Đơn vị"],
        ["TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"],
        ["Trường", "Số học sinh"],
    ],
)
def test_other_tables_are_no_annexes(names: list[str]) -> None:
    found = opening.opened("a.xlsx", workbook([names, ["1", "Nguyễn A", "x", "y"]]))
    assert found.rows is None and "Nguyễn A" in found.text


def test_hidden_worksheets_are_not_read_and_that_is_said() -> None:
    found = opening.opened("a.xlsx", workbook([HEAD, [1, *WORK]], hidden=True))
    assert "nháp" not in found.text and found.notes == ["The workbook has hidden worksheets; they were not read."]


def test_a_table_of_a_word_file() -> None:
    file = docx.Document()
    file.add_paragraph("PHỤ LỤC")
    table = file.add_table(rows=4, cols=4)
    rows = [["TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian"], ["1", "Rà soát", "Phòng Nội vụ", "30/4/2026"],
            ["2", "Báo cáo", "", "Tháng 5/2026"], ["3", "Tổng kết", "-nt-", "Tháng 6/2026"]]  # fmt: skip
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(number, column).text = words
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Phòng Nội vụ"
    kept = io.BytesIO()
    file.save(kept)
    found = opening.opened("a.docx", kept.getvalue())
    assert [(row.work, row.lead) for row in found.rows or ()] == [
        ("Rà soát", "Phòng Nội vụ"), ("Báo cáo", "Phòng Nội vụ"), ("Tổng kết", "Phòng Nội vụ"),
    ]  # fmt: skip
    assert all(found.text[row.work_start : row.work_end] == row.work for row in found.rows or ())


def test_a_table_of_a_page() -> None:
    page = (
        "<html><body><p>Phụ lục</p><table><tr><th>TT<th>Nội dung<th>Chủ trì<th>Thời hạn</tr>"
        "<tr><td>1<td>Rà soát<td rowspan=2>Phòng Nội vụ<td>30/4/2026</tr><tr><td>2<td>Báo cáo<td>5/5/2026</tr></table>"
        "<p>Hết</p></body></html>"
    )
    found = opening.opened("a.html", page.encode())
    assert [(row.work, row.lead, row.due) for row in found.rows or ()] == [
        ("Rà soát", "Phòng Nội vụ", "30/4/2026"), ("Báo cáo", "Phòng Nội vụ", "5/5/2026"),
    ]  # fmt: skip
    assert found.text.startswith("Phụ lục\n") and found.text.endswith("\nHết")


def test_names_again_on_the_next_page_go_on() -> None:
    rows = [HEAD, [1, *WORK], HEAD, [2, "Tổng hợp", "nt", "", "30/9/2025"]]
    assert [row.no for row in read(rows)] == ["1", "2"]


def test_a_grid_with_rows_of_unlike_length() -> None:
    grid = [[Cell("TT"), Cell("Nội dung"), Cell("Chủ trì"), Cell("Hạn")], [Cell("1"), Cell("Việc")], []]
    placed = annexes.Placed(grid, [(0, 1), (2, 3), (4, 5)], [[(0, 0)] * 4, [(2, 2)] * 2, []])
    assert [row.work for row in annexes.understood(placed) or ()] == ["Việc"]
