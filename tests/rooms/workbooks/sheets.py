"""Downloading a workbook, filling it in as a person would with a spreadsheet program, and handing it up."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from giaoban.indicators.models import Report
from giaoban.journal.actor import Actor
from giaoban.workbooks import actions
from giaoban.workbooks.models import Upload
from tests.rooms.indicators.place import DUE, Place, at

WHEN = {"at": at(DUE), "on": DUE}
VALUE, NOTE, CHECK = 5, 8, 9
Edit = Callable[[Sheet], None]


def workbook(by: Actor, report: Report) -> bytes:
    report = Report.objects.select_related("round", "sheet").get(pk=report.pk)
    return actions.workbook_of(by=by, **WHEN, report=report)[1]


def row_of(sheet: Sheet, cell: int) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == cell)


def edited(content: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def filled(content: bytes, values: Mapping[int, Any], notes: Mapping[int, str] | None = None, tab: int = 0) -> bytes:
    """Numbers typed into the cells of one page."""

    def edit(book: openpyxl.Workbook) -> None:
        sheet = pages(book)[tab]
        for cell, value in values.items():
            sheet.cell(row_of(sheet, cell), VALUE).value = value
        for cell, note in (notes or {}).items():
            sheet.cell(row_of(sheet, cell), NOTE).value = note

    return edited(content, edit)


def pages(book: openpyxl.Workbook) -> list[Sheet]:
    return [sheet for sheet in book.worksheets if str(sheet.cell(1, 1).value or "").startswith("giaoban:report:")]


def hand_up(by: Actor, content: bytes, name: str = "so.xlsx") -> Upload:
    return actions.receive(by=by, **WHEN, name=name, content=content)


def write(by: Actor, upload: Upload, **choices: Any) -> Upload:
    return actions.ask_to_write(by=by, **WHEN, upload_id=upload.pk, **choices)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return target.getvalue()


def cells(place: Place, *keys: str) -> list[int]:
    return [place.cells[key] for key in keys]


def kinds(upload: Upload) -> list[str]:
    """Names of all faults, of files and of pages."""
    found = [row["kind"] for one in upload.workbooks.all() for row in one.faults]
    for one in upload.workbooks.all():
        found += [row["kind"] for answer in one.answers.all() for row in answer.faults]
    return found
