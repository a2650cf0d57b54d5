"""The page of charts."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giaoban.core.refusal import Refused
from giaoban.desk import overview
from giaoban.desk.charting import Charts
from giaoban.desk.views import overview as overview_page
from giaoban.indicators.models import REPORT_SERIES
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Several indicators of one unit, drawn; the address is the overview's, and `cac` names the indicators."""
    series = request.GET.get("nguon") or REPORT_SERIES
    known, sources = overview.periods_with_figures(series), overview.series_choices()
    if not known:
        return render(request, "desk/overview_empty.html", {"sources": sources, "series": series})
    fault = None
    try:
        wanted = overview_page.read(request, known[0], series)
    except Refused as refused:
        fault, wanted = sentences(refused)[0], overview_page.read(request, known[0], series, plain=True)
    if wanted.map == overview.AREAS:
        wanted = replace(wanted, map="today")
    codes = tuple(code for text in request.GET.getlist("cac") for code in text.split(",") if code)
    charts = Charts(request.actor, request.today, wanted, codes)  # type: ignore[attr-defined]
    form = overview_page.filters(charts.look, known, sources)
    return render(request, "desk/charts.html", {"charts": charts, "look": charts.look, "form": form, "fault": fault})
