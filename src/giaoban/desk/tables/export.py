"""The table for spreadsheets: the same rows and columns in the same order, all pages of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from giaoban.analytics.queries import Answer, Table
from giaoban.core import numbers
from giaoban.core.text import slug
from giaoban.desk import tables
from giaoban.desk.exporting import XLSX
from giaoban.desk.overview import Row
from giaoban.desk.tables import Board
from giaoban.files import sheets
from giaoban.files.sheets import Cell, Number
from giaoban.indicators.models import Indicator

FORMS = ("xlsx", "csv")


def export(board: Board, form: str) -> HttpResponseBase:
    made = table(board)
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            sheets.csv_lines(made), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(sheets.xlsx(made), content_type=XLSX)
    name = f"bang-{slug(board.look.name)}-{slug(board.asked.period.code)}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(board: Board) -> sheets.Table:
    """Above it stands what it shows: unit, period, map, and how it was narrowed."""
    look, asked = board.look, board.asked
    above = [f"{look.name}, {asked.period.label}", f"{look.map_words} · {look.hierarchy_name} · {board.units_words}"]
    if asked.state:
        words = {"met": _("Met"), "not_met": _("Not met"), "unknown": _("Not enough figures")}
        above.append(words.get(asked.state, asked.state))
    found = board.whole
    units = [*([asked.unit_id] if board.asked.total or not board.units else []), *board.units]
    if asked.turned:
        heads = [_("Indicator"), _("Measure"), *(title(board.names[unit], c) for unit in units for c in asked.columns)]
        return sheets.Table(above[0], above, heads, _indicators(board, found, units))
    heads = [_("Unit"), *(title(f"{one.name} ({one.unit})", c) for one in board.chosen for c in asked.columns)]
    return sheets.Table(above[0], above, heads, _units(board, found, units))


def title(name: str, column: str) -> str:
    return f"{name} – {tables.word(column)}"


def _units(board: Board, found: Table, units: list[int]) -> Iterator[list[Cell]]:
    for unit in units:
        yield [board.names[unit], *(cell for one in board.chosen for cell in _cells(board, found, one, unit))]


def _indicators(board: Board, found: Table, units: list[int]) -> Iterator[list[Cell]]:
    for one in board.shown_indicators:
        yield [one.name, one.unit, *(cell for unit in units for cell in _cells(board, found, one, unit))]


def _cells(board: Board, found: Table, one: Indicator, unit: int) -> Iterator[Cell]:
    """Numbers as they are printed, so that a spreadsheet adds up what people see; nothing where nothing is known."""
    answer = found.answer(one.code, unit)
    row = Row("", "", answer, one.direction)
    for column in board.asked.columns:
        yield {
            tables.VALUE: lambda: _number(answer, answer.value),
            tables.PLAN: lambda: _number(answer, answer.target),
            tables.GAP: lambda: _difference(answer, row.answer.gap),
            tables.BEFORE: lambda: _number(answer, answer.previous),
            tables.CHANGE: lambda: _difference(answer, row.answer.change),
            tables.IN: lambda: f"{answer.reported}/{answer.expected}" if answer.expected else None,
        }[column]()


def _number(answer: Answer, value: object) -> Number | None:
    if value is None:
        return None
    printed = numbers.rounded(value * 100 if answer.is_percent else value, answer.places)
    return Number(printed, answer.places, answer.is_percent)


def _difference(answer: Answer, value: object) -> Number | None:
    """Of a rate in percentage points: no percent sign, or a spreadsheet would take it for a rate."""
    return None if value is None else Number(value, answer.places)
