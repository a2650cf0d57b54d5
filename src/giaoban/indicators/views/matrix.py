"""The matrix of who has handed in, with its exports."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.files import sheets
from giaoban.indicators.queries import matrix as asking
from giaoban.indicators.queries.matrix import Matrix, Square, Wanted
from giaoban.indicators.views.frame import room_tabs
from giaoban.people.guards import signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 12
"""Sheets side by side on one page; the newest stand first, the others in their own period."""


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    """Units × sheets: the state of every report this person may follow."""
    actor, on = request.actor, request.today  # type: ignore[attr-defined]
    wanted = read(request)
    found = asking.matrix(actor, wanted, on, request.now)  # type: ignore[attr-defined]
    if request.GET.get("dang") in ("xlsx", "csv"):
        return export(found, wanted, request.GET["dang"])
    codes = asking.period_codes(actor, on)
    context = {
        "matrix": found,
        "wanted": wanted,
        "columns": [(column, found.rounds.get(column.key, [])) for column in found.columns[:MOST]],
        "rows": [(line, [(one, said(one)) for one in line.squares[:MOST]]) for line in found.lines],
        "hidden": max(len(found.columns) - MOST, 0),
        "periods": [(code, periods.parse(code).label) for code in codes],
        "states": states(),
        "tabs": room_tabs(request, "matrix"),
    }
    return render(request, "indicators/matrix.html", context)


def read(request: HttpRequest) -> Wanted:
    asked = request.GET
    try:
        code = periods.parse(asked["ky"]).code if asked.get("ky") else ""
    except Refused:
        code = ""
    above = asked.get("thuoc", "")
    return Wanted(
        period_code=code,
        above=int(above) if above.isascii() and above.isdigit() and len(above) < 12 else 0,
        kind=asked.get("loai", ""),
        state=asked.get("muc", ""),
        text=asked.get("ten", "").strip(),
    )


def states() -> list[tuple[str, str]]:
    return [
        (asking.LATE, _("overdue")),
        (asking.OWED, _("still owed")),
        (asking.WAITING, _("waiting for approval")),
        (asking.THROUGH, _("approved")),
    ]


def said(one: Square | None) -> tuple[str, str]:
    """The look of a square and what it says beside it."""
    if one is None:
        return "", ""
    if one.group == asking.LATE:
        return "late", _("%(n)s days late") % {"n": one.days_late} if one.days_late else _("late")
    look = "missing" if one.state == "empty" else one.state
    return look, _("handed in late") if one.handed_in_late else ""


def export(found: Matrix, wanted: Wanted, form: str) -> HttpResponseBase:
    """What is seen, all sheets of it."""
    period = periods.parse(wanted.period_code).label if wanted.period_code else _("all open rounds")
    heads = [_("Unit"), _("Under"), *(f"{column.name} – {column.label}" for column in found.columns)]
    table = sheets.Table(_("The matrix of rounds"), [_("The matrix of rounds"), period], heads, _rows(found))
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            sheets.csv_lines(table), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(sheets.xlsx(table), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="ma-tran-nop-bao-cao.{form}"'
    return response


def _rows(found: Matrix) -> Iterator[list[sheets.Cell]]:
    words = dict(states())
    for line in found.lines:
        squares = [
            None
            if one is None
            else "; ".join(filter(None, [words[one.group], said(one)[1] if one.group == asking.LATE else ""]))
            for one in line.squares
        ]
        yield [line.name, line.above, *squares]
