"""Questions on a single cell and their answers, posted from the page of the cell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.indicators.actions import remarks
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.frame import tell
from giaoban.people.guards import signed_in


@signed_in
@require_POST
def ask(request: HttpRequest, report_id: int, cell_id: int) -> HttpResponse:
    report = find(request, report_id)
    try:
        remarks.ask(
            by=request.actor, at=request.now, on=request.today, report_id=report.pk, cell_id=cell_id,
            text=request.POST.get("text", ""),
        )  # fmt: skip
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:cell", report.pk, cell_id)


@signed_in
@require_POST
def answer(request: HttpRequest, report_id: int, cell_id: int, remark_id: int) -> HttpResponse:
    report = find(request, report_id)
    try:
        remarks.answer(
            by=request.actor, at=request.now, on=request.today, report_id=report.pk, remark_id=remark_id,
            text=request.POST.get("text", ""),
        )  # fmt: skip
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:cell", report.pk, cell_id)
