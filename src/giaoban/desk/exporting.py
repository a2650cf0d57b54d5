"""The overview as a table for spreadsheets: what is seen, with everything it takes to believe each number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core import numbers
from giaoban.core.text import slug
from giaoban.desk.areas import AREAS
from giaoban.desk.overview import Look, Row
from giaoban.files import sheets
from giaoban.files.sheets import Cell, Number, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(look: Look, form: str, which: str) -> HttpResponseBase:
    """`which` is "don-vi" for the units compared, else the indicators of the unit."""
    made = table(look, which)
    name = f"{slug(look.name)}-{slug(look.wanted.period.code)}-{'don-vi' if which == 'don-vi' else 'chi-tieu'}.{form}"
    response = FORMS[form](made)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(made: Table) -> HttpResponseBase:
    return StreamingHttpResponse(sheets.csv_lines(made), content_type="text/csv; charset=utf-8")


def _xlsx(made: Table) -> HttpResponseBase:
    return HttpResponse(sheets.xlsx(made), content_type=XLSX)


FORMS: dict[str, Callable[[Table], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}


def table(look: Look, which: str) -> Table:
    rows, head = (look.compared, _("Unit")) if which == "don-vi" else (look.rows, _("Indicator"))
    above = [f"{look.name}, {look.wanted.period.label}", f"{look.map_words} · {look.hierarchy_name}"]
    if which == "don-vi" and look.indicator:
        above.append(look.indicator.name)
    if look.where_words:
        above.append(_("only units that are: %(what)s") % {"what": look.where_words})
    return Table(above[0], above, [head, *heads()], [cells(look, row) for row in rows])


def heads() -> list[str]:
    return [
        _("State"),
        _("Value"),
        _("Measure"),
        _("Numerator"),
        _("Denominator"),
        _("Plan"),
        _("Against plan"),
        _("Before"),
        _("Up or down"),
        _("Estimate or not"),
        _("Units that reported"),
        _("Units to report"),
        _("Day of the map"),
        _("Map"),
        _("Formula since"),
        _("Note"),
    ]


def cells(look: Look, row: Row) -> list[Cell]:
    answer = row.answer
    words = {"met": _("Met"), "not_met": _("Not met"), "unknown": _("Not enough figures")}
    return [
        row.name,
        words.get(row.state, ""),
        _number(answer, answer.value),
        answer.measure,
        _count(answer, answer.numerator),
        _count(answer, answer.denominator),
        _number(answer, answer.target),
        row.gap,
        _number(answer, answer.previous),
        row.change,
        _("estimate") if answer.estimated else "",
        answer.reported,
        answer.expected,
        answer.day,
        _map(answer),
        answer.formula_version,
        "; ".join(text for text in (row.reason if answer.value is None else row.partial, formerly(row)) if text),
    ]


def formerly(row: Row) -> str:
    """What an area was made of on its first day, where those were other units."""
    return _("formerly %(names)s") % {"names": row.note} if row.note else ""


def _number(answer: Answer, value: object) -> Number | None:
    """The number as it is printed: what a spreadsheet adds up is what people see."""
    if value is None:
        return None
    printed = numbers.rounded(value * 100 if answer.is_percent else value, answer.places)
    return Number(printed, answer.places, answer.is_percent)


def _count(answer: Answer, value: object) -> Number | None:
    """Both sides of a rate; a plain count has none."""
    if value is None or not answer.is_percent:
        return None
    whole = value.denominator == 1
    return Number(int(value)) if whole else Number(numbers.rounded(value, 2), 2)


def _map(answer: Answer) -> str:
    if isinstance(answer.map, date):
        return _("units of a day")
    return {
        analytics.AS_WAS: _("units as they were"),
        analytics.TODAY: _("today's units"),
        AREAS: _("comparable areas"),
    }[answer.map]
