"""The process that unrolls an untrusted table: `python -I -m giaoban.files.unrolling ORDER FILE > LINES`.

It bounds itself before it looks at the file. The first line it writes is an object: {"sheets": …}, or {"merged": …}
of the asked worksheet; then come lists of rows, a few hundred to a line; last {"end": rows}. {"refused": "Macros"} may
stand on any line and is the last. Cells are as they lie in the file: numbers as numbers, days as 2026-08-01, the rest
as text, an empty one as "". Nothing is held but what calamine holds itself, so a table of any length costs the same.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any

from giaoban.files import opening
from giaoban.files.fence import bound

LINE = 500  # rows to a line
DELIMITERS = ",;\t|"
MOST_SPAN = 300
Rows = Iterator[list[Any]]


def main() -> None:
    order, path = json.loads(sys.argv[1]), Path(sys.argv[2])
    bound(order["memory"], order["seconds"])
    try:
        for line in said(order, path):
            sys.stdout.write(line + "\n")
    except opening.NotOpened as refused:
        sys.stdout.write(json.dumps({"refused": type(refused).__name__}) + "\n")
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, csv.Error, OSError, IndexError):
        sys.stdout.write(json.dumps({"refused": "Damaged"}) + "\n")
    except (MemoryError, RecursionError):
        sys.stdout.write(json.dumps({"refused": "UnpacksTooLarge"}) + "\n")


def said(order: Mapping[str, Any], path: Path) -> Iterator[str]:
    table = _table(order, path)
    if order["do"] == "sheets":
        yield json.dumps({"sheets": table.sheets()})
        return
    merged, rows = table.unrolled(order["sheet"])
    yield json.dumps({"merged": merged})
    number, most = 0, order["rows"]
    while number <= most and (chunk := list(islice(rows, LINE))):
        number += len(chunk)
        yield json.dumps(chunk, default=_written, ensure_ascii=False)
    yield json.dumps({"end": number})


def _written(value: Any) -> str:
    """A day without its midnight; what else is no number or text, as it reads."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time, datetime)) else str(value)


class _Workbook:
    """XLSX, XLS and ODS, as calamine reads them."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            self.book = CalamineWorkbook.from_path(path)
        except CalamineError as error:
            raise ValueError from error

    def sheets(self) -> list[dict[str, Any]]:
        """Worksheets that hold anything, visible ones first."""
        found = []
        for meta in self.book.sheets_metadata:
            if not str(meta.typ).endswith(".WorkSheet"):
                continue
            sheet = self.book.get_sheet_by_name(meta.name)
            hidden = not str(meta.visible).endswith(".Visible")
            if sheet.height and sheet.end is not None:
                found.append(
                    {"name": meta.name, "rows": sheet.end[0] + 1, "columns": sheet.end[1] + 1, "hidden": hidden}
                )
        return sorted(found, key=lambda one: one["hidden"])

    def unrolled(self, name: str) -> tuple[list[Any], Rows]:
        if name not in self.book.sheet_names:
            raise KeyError(name)
        sheet = self.book.get_sheet_by_name(name)
        merged = [[*first, *last] for first, last in (sheet.merged_cell_ranges or [])]
        if not sheet.height or sheet.start is None or sheet.end is None:
            return merged, iter(())
        return merged, _placed(sheet.iter_rows(), *sheet.start, sheet.end[1] + 1)


def _placed(rows: Iterator[list[Any]], top: int, _left: int, width: int) -> Rows:
    """Rows as they stand in the sheet: the empty area before the first cell is part of it.

    calamine leaves out the empty columns on the left, and gives the empty rows above.
    """
    first = next(rows, [])
    before = [""] * (width - len(first)) if len(first) < width else []
    if top and any(cell != "" for cell in first):
        yield from ([""] * width for _ in range(top))
    yield before + first
    yield from (before + row for row in rows)


class _Text:
    """A table of text: its delimiter is what most lines have alike."""

    def __init__(self, path: Path) -> None:
        self.text = opening.decoded(path.name, path.read_bytes()).removeprefix("\ufeff")

    def sheets(self) -> list[dict[str, Any]]:
        rows = self.unrolled("")[1]
        height, width = 0, 0
        for row in rows:
            height, width = height + 1, max(width, len(row))
        return [{"name": "", "rows": height, "columns": width, "hidden": False}] if width else []

    def unrolled(self, _name: str) -> tuple[list[Any], Rows]:
        return [], csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter(self.text[:100_000]))


def delimiter(text: str) -> str:
    """Of comma, semicolon (as a Vietnamese Excel writes), tab and bar: what cuts most lines into equally many."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        several = [width for width in widths if width > 1]
        common = max(set(several), key=several.count, default=1)
        return several.count(common), common

    return max(DELIMITERS, key=score)


class _Page:
    """A web page with tables, which school software calls .xls: every table is a worksheet."""

    def __init__(self, path: Path) -> None:
        reader = _Tables()
        reader.feed(opening.decoded(path.name, path.read_bytes()))
        reader.close()
        self.tables = [table for table in reader.tables if any(any(row) for row in table)]

    def sheets(self) -> list[dict[str, Any]]:
        return [
            {"name": str(n), "rows": len(table), "columns": max(map(len, table)), "hidden": False}
            for n, table in enumerate(self.tables, start=1)
        ]

    def unrolled(self, name: str) -> tuple[list[Any], Rows]:
        return [], iter(self.tables[int(name or 1) - 1])


class _Tables(HTMLParser):
    """Rows of every table; a cell over several columns or rows stands in its first place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.kept: dict[tuple[int, int], bool] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("table", "tr", "td", "th"):
            self.end_cell()
        if tag == "table":
            self.tables.append([])
            self.kept = {}
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            given = dict(attrs)
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()

    def end_cell(self) -> None:
        """Many programs leave the end marks out."""
        if self.cell is None:
            return
        row = self.tables[-1][-1]
        at = len(self.tables[-1]) - 1
        while self.kept.pop((at, len(row)), False):
            row.append("")
        down, across = self.span
        for below in range(1, down):
            self.kept |= {(at + below, len(row) + n): True for n in range(across)}
        row += [" ".join("".join(self.cell).split()), *[""] * (across - 1)]
        self.cell = None


def _span(text: str | None) -> int:
    return min(int(text), MOST_SPAN) if text and text.isdecimal() and int(text) else 1


def _table(order: Mapping[str, Any], path: Path) -> _Workbook | _Text | _Page:
    """What the file is, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(2048)
    if head.startswith(opening.ZIP):
        check(path, order)
        return _Workbook(path)
    if head.startswith(opening.OLE):
        return _Workbook(path)
    if head.startswith(opening.PDF):
        raise opening.NotADocument(name="")
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    page = start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head"))
    return _Page(path) if page else _Text(path)


def check(path: Path, limits: Mapping[str, Any]) -> None:
    """Refuse bombs by what the directory says, macros, and packages that are no workbook."""
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > limits["entries"] or unpacked > limits["unpacked"] or unpacked > limits["ratio"] * (packed + 1):
        raise opening.UnpacksTooLarge(name="")
    names = {one.filename.lower() for one in entries}
    if any(one.flag_bits & 1 for one in entries):
        raise opening.Damaged(name="")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise opening.Macros(name="")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise opening.NotADocument(name="")


if __name__ == "__main__":
    main()
