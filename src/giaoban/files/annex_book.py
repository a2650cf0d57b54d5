"""An annex as a workbook: days are days, long words wrap, the names of columns are printed on every page (A4, across).

Beside `sheets`, which writes tables to reckon with, this writes one to be printed and sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

MADE = datetime(2026, 1, 1)
FONT = "Times New Roman"
LINE = 16.5  # points of a line of 12 pt
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Cell = str | date


@dataclass(frozen=True)
class Head:
    title: str
    width: float  # letters of 12 pt


@dataclass(frozen=True)
class Row:
    """Cells under the heads; a heading has one text over all of them."""

    cells: Sequence[Cell]
    heading: bool = False


@dataclass(frozen=True)
class Book:
    """`above`: the title, and below it what the annex goes with."""

    tab: str
    above: Sequence[str]
    heads: Sequence[Head]
    rows: Sequence[Row]


def write(book: Book) -> bytes:
    """The XLSX file; the same book gives the same bytes."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as file:
        file.set_properties({"title": " ".join(book.above[:1]), "created": MADE})
        sheet = file.add_worksheet(_tab(book.tab))
        plain = {"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top"}
        boxed = {**plain, "border": 1}
        title = file.add_format({**plain, "bold": True, "align": "center", "font_size": 14})
        under = file.add_format({**plain, "italic": True, "align": "center", "font_size": 13})
        head = file.add_format({**boxed, "bold": True, "align": "center", "valign": "vcenter"})
        heading = file.add_format({**boxed, "bold": True})
        text = file.add_format(boxed)
        middle = file.add_format({**boxed, "align": "center"})
        day = file.add_format({**boxed, "align": "center", "num_format": "dd/mm/yyyy"})
        last = len(book.heads) - 1
        wide = sum(one.width for one in book.heads)
        for column, one in enumerate(book.heads):
            sheet.set_column(column, column, one.width)
        for number, words in enumerate(book.above):
            sheet.merge_range(number, 0, number, last, _clean(words), under if number else title)
            sheet.set_row(number, LINE * 1.2 * _lines(words, wide * 0.85))
        top = len(book.above) + 1
        for column, one in enumerate(book.heads):
            sheet.write_string(top, column, one.title, head)
        sheet.set_row(top, LINE * max(_lines(one.title, one.width) for one in book.heads))
        for number, row in enumerate(book.rows, top + 1):
            if row.heading:
                words = _clean(str(row.cells[0]))
                sheet.merge_range(number, 0, number, last, words, heading)
                sheet.set_row(number, LINE * _lines(words, wide))
                continue
            for column, cell in enumerate(row.cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
                elif cell:
                    sheet.write_string(number, column, _clean(cell), middle if column == 0 else text)
                else:
                    sheet.write_blank(number, column, None, text)
            sheet.set_row(number, min(400, LINE * _tallest(row.cells, book.heads)))
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)  # NĐ 30/2020: 30, 15, 20, 20 mm
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&C&P")
        sheet.print_area(0, 0, top + len(book.rows), last)
    return target.getvalue()


def _tallest(cells: Sequence[Cell], heads: Sequence[Head]) -> int:
    return max(
        _lines(cell, head.width) if isinstance(cell, str) else 1 for cell, head in zip(cells, heads, strict=True)
    )


def _lines(words: str, width: float) -> int:
    return sum(1 + int(len(line) * 1.05 // width) for line in words.split("\n"))


def _clean(words: str) -> str:
    return UNWRITABLE.sub("", words)[:32_000]


def _tab(name: str) -> str:
    """A worksheet's name may be 31 signs long and holds none of []:*?/\\."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '")[:31] or "1"
