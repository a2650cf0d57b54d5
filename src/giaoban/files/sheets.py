"""Tables for spreadsheets: one description, written as XLSX or as CSV. The only home of xlsxwriter.

Numbers stay numbers in XLSX, with the decimals people see; text is never taken for a formula, in neither form.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

from giaoban.core import numbers

MADE = datetime(2026, 1, 1)  # the same table gives the same bytes
WIDEST = 60


@dataclass(frozen=True)
class Number:
    """A number as people read it: 52.11 with two places and percent is 52,11%."""

    value: Decimal | int
    places: int = 0
    percent: bool = False

    @property
    def text(self) -> str:
        return numbers.vi_number(Decimal(self.value), self.places) + ("%" if self.percent else "")

    @property
    def cell(self) -> float:
        """Spreadsheets keep a percentage as its hundredth, and every number in binary."""
        return float(Decimal(self.value) / 100 if self.percent else self.value)

    @property
    def format(self) -> str:
        decimals = "." + "0" * self.places if self.places else ""
        return f"0{decimals}%" if self.percent else f"#,##0{decimals}"


Cell = str | int | date | Number | None


@dataclass(frozen=True)
class Table:
    """`above` are lines that say what the table is; `heads` the columns' names. `rows` may be endless for CSV."""

    name: str
    above: Sequence[str]
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]] = field(default_factory=list)


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it opens a CSV file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def csv_lines(table: Table) -> Iterator[str]:
    """Line by line, as Vietnamese Excel expects it: byte-order mark, semicolons, decimal commas."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")

    def line(cells: Sequence[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cells)
        return buffer.getvalue()

    yield "\ufeff"
    for text in table.above:
        yield line([safe(text)])
    yield line([safe(head) for head in table.heads])
    for row in table.rows:
        yield line([_text(cell) for cell in row])


def _text(cell: Cell) -> str:
    if isinstance(cell, Number):
        return cell.text
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return safe(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def xlsx(table: Table) -> bytes:
    """A workbook of one sheet, its heads frozen, its columns as wide as what stands in them."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": table.name, "created": MADE})
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        looks: dict[str, xlsxwriter.format.Format] = {}
        page = book.add_worksheet(_tab(table.name))
        for place, text in enumerate(table.above):
            page.write_string(place, 0, text, bold if not place else None)
        top = len(table.above)
        for column, text in enumerate(table.heads):
            page.write_string(top, column, text, head)
        widths = [len(text) for text in table.heads]
        last = top
        for last, row in enumerate(table.rows, start=top + 1):
            for column, cell in enumerate(row):
                if isinstance(cell, Number):
                    if cell.format not in looks:
                        looks[cell.format] = book.add_format({"num_format": cell.format})
                    page.write_number(last, column, cell.cell, looks[cell.format])
                elif isinstance(cell, date):
                    page.write_datetime(last, column, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, int):
                    page.write_number(last, column, cell)
                elif cell:
                    page.write_string(last, column, cell)
                widths[column] = max(widths[column], len(_text(cell)))
        for column, width in enumerate(widths):
            longest_word = max((len(word) for word in table.heads[column].split()), default=0)
            body = width if column == 0 else max(longest_word, min(width, WIDEST))
            page.set_column(column, column, min(max(body, 8), WIDEST) + 2)
        page.freeze_panes(top + 1, 1)
        page.autofilter(top, 0, last, max(len(table.heads) - 1, 0))
    return target.getvalue()


def _tab(name: str) -> str:
    """A sheet's name may be 31 signs long and holds none of []:*?/\\."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '")
    return kept[:31].rstrip(" '") or "1"
