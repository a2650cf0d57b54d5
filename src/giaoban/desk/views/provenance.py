"""From a total to its sources."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.desk import overview
from giaoban.desk.exporting import XLSX
from giaoban.desk.provenance import Provenance, Wanted
from giaoban.desk.views.overview import unit_of
from giaoban.files import sheets
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs.models import TERRITORY
from giaoban.people.guards import signed_in


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    """One number: `?chi-tieu=&don-vi=&ky=&ban-do=`."""
    found = Provenance(request.actor, request.today, read(request), _page(request.GET.get("trang", "")))  # type: ignore[attr-defined]
    try:
        found.look, found.indicator  # noqa: B018 (refuse who may not look, and what is not there)
    except periods.BadPeriod:
        raise Http404 from None
    form = request.GET.get("dang")
    if form in ("xlsx", "csv"):
        return export(found, form)
    return render(request, "desk/source.html", {"found": found, "answer": found.sources.answer})


def read(request: HttpRequest) -> Wanted:
    asked = request.GET
    try:
        map = overview.read_map(asked.get("ban-do", ""))
        return Wanted(
            indicator=asked["chi-tieu"],
            unit_id=unit_of(asked.get("don-vi", "")) or overview.default_unit(request.actor, request.today),  # type: ignore[attr-defined]
            period=periods.parse(asked["ky"]),
            map="today" if map == overview.AREAS else map,
            series=asked.get("nguon") or REPORT_SERIES,
            hierarchy=overview.known_hierarchy(asked.get("he") or TERRITORY),
        )
    except (KeyError, Refused):
        raise Http404 from None


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1


def export(found: Provenance, form: str) -> HttpResponseBase:
    made = found.sheet()
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            sheets.csv_lines(made), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(sheets.xlsx(made), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}.{form}"'
    return response
