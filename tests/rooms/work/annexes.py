"""Files as offices send them, written with the libraries a stranger would use."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import docx
import openpyxl

OFFICES = [
    "STT",
    "Nhiệm vụ",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời hạn hoàn thành",
    "Sản phẩm",
    "Lãnh đạo phụ trách",
]
ROOMS = [
    "STT",
    "Nội dung công việc",
    "Lãnh đạo chỉ đạo",
    "Phòng/đơn vị chủ trì",
    "Phối hợp",
    "Thời gian bắt đầu–kết thúc",
    "Kết quả/ghi chú",
]


def book(*sheets: tuple[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()) -> bytes:
    """A workbook; merged ranges are of the first worksheet."""
    found = openpyxl.Workbook()
    found.remove(found.active)
    for name, rows in sheets:
        sheet = found.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
    for one in merged:
        found.worksheets[0].merge_cells(one)
    kept = io.BytesIO()
    found.save(kept)
    return kept.getvalue()


def paper(rows: Sequence[Sequence[str]], above: Sequence[str] = ("PHỤ LỤC",)) -> bytes:
    """A Word file with one table."""
    file = docx.Document()
    for line in above:
        file.add_paragraph(line)
    table = file.add_table(rows=0, cols=max(map(len, rows)))
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()
