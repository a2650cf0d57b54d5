"""XLSX taken apart: the visible worksheets as lines of cells; assignment annexes are known by their column names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from giaoban.core.refusal import sentence
from giaoban.files import opening, secrecy
from giaoban.files.annexes import Cell
from giaoban.files.laying import Text
from giaoban.files.zips import checked

WORKBOOK = "xl/workbook.xml"
ROWS, COLUMNS = 20_000, 100
HIDDEN = sentence("The workbook has hidden worksheets; they were not read.")


def rows(content: bytes, limits: Mapping[str, Any]) -> list[list[str]]:
    """The cells of the first sheet that holds anything, as they read: for tables (`tables`)."""
    for _meta, sheet in _sheets(content, limits):
        found = sheet.to_python(skip_empty_area=False)
        if any(cell != "" for row in found for cell in row):
            return [[_cell(cell) for cell in row] for row in found]
    return []


def opened(content: bytes, limits: Mapping[str, Any]) -> dict[str, Any]:
    """All visible worksheets, one below another."""
    text = Text()
    notes: list[str] = []
    stamps: list[str] = []
    for meta, sheet in _sheets(content, limits):
        if not str(meta.visible).endswith(".Visible"):
            notes.append(HIDDEN)
            continue
        grid = _grid(sheet)
        if text.blocks and grid:
            text.line("")
        text.table(grid, meta.name)
        stamps += [cell.text for row in grid[:40] for cell in row if cell.text]
    found = text.found(limits["characters"], bool(limits.get("grids")))
    found["notes"] += dict.fromkeys(notes)
    found["secrecy"] = next(filter(None, map(secrecy.mark, stamps)), "")
    return found


def _sheets(content: bytes, limits: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        checked(package, limits, WORKBOOK)
    from python_calamine import CalamineError, load_workbook  # only where a table is read

    try:
        workbook = load_workbook(io.BytesIO(content))
        for meta in workbook.sheets_metadata:
            if str(meta.typ).endswith(".WorkSheet"):
                yield meta, workbook.get_sheet_by_name(meta.name)
    except CalamineError as error:
        raise ValueError from error


def _grid(sheet: Any) -> list[list[Cell]]:
    if not sheet.height or sheet.start is None or sheet.end is None:
        return []
    if sheet.end[0] >= ROWS or sheet.end[1] >= 16_384:
        raise opening.UnpacksTooLarge(name="")
    found = sheet.to_python(skip_empty_area=False, nrows=ROWS)
    grid = [[Cell(_written(cell)) for cell in row[:COLUMNS]] for row in found]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _merge(grid, top, left, min(bottom, len(grid) - 1), min(right, COLUMNS - 1))
    return grid


def _merge(grid: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    for row in range(top, bottom + 1):
        for column in range(left, min(right, len(grid[row]) - 1) + 1):
            if (row, column) != (top, left):
                grid[row][column] = Cell(down=row > top, across=column > left)


def _written(value: Any) -> str:
    """As a Vietnamese reader sees it: 30/4/2026, 93,1."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.10g}".replace(".", ",")
    return _cell(value).strip()


def _cell(value: Any) -> str:
    """A whole number without its ".0", a day without its midnight; truth as Excel writes it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
