"""Entering for a unit below, and the answer of its head."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.indicators import actions, queries
from giaoban.indicators.actions import Typed
from giaoban.indicators.models import Report
from giaoban.indicators.queries import behalf, reports
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.frame import by_field, tell
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in


@signed_in
def enter(request: HttpRequest, report_id: int) -> HttpResponse:
    """One form: the source, the figures; handing in is the only button, since there is nothing to keep half typed."""
    report = find(request, report_id)
    if not behalf.may_enter(request.actor, report, request.today) or not reports.is_open(report, request.today):
        raise PermissionDenied
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.enter_on_behalf(
                by=request.actor,
                at=request.now,
                on=request.today,
                report_id=report.pk,
                values=_typed(request, report),
                source=request.POST.get("source", ""),
                note=request.POST.get("note", ""),
                seen=_number(request.POST.get("seen")),
            )
            messages.success(
                request, _("Handed in on behalf of %(unit)s, which is asked to confirm.") % {"unit": report.unit}
            )
            return redirect("indicators:report", report.pk)
        except Refused as refused:
            faults = by_field(refused)
    grid = queries.grid(request.actor, report, request.today, handed_in=True)
    context = {
        "report": report,
        "grid": grid,
        "unit": orgs.name(report.unit_id, request.today),
        "faults": faults,
        "others": [words for key, words in faults.items() if not key.startswith("cell-") and key != "source"],
        "given": {key: text for key, text in request.POST.items() if isinstance(text, str)},
        "posted": request.method == "POST",
    }
    return render(request, "indicators/behalf.html", context, status=409 if faults else 200)


def _typed(request: HttpRequest, report: Report) -> dict[int, Typed]:
    """Figure and note of every cell on the page; one left empty that had no figure says nothing."""
    grid = queries.grid(request.actor, report, request.today, handed_in=True)
    found = {}
    for cell in grid.cells:
        if not cell.own or cell.cell_id is None:
            continue
        text, note = request.POST.get(f"cell-{cell.cell_id}"), request.POST.get(f"note-{cell.cell_id}")
        if text is not None and (text.strip() or (note or "").strip() or cell.state):
            found[cell.cell_id] = Typed(text=text, note=note or "")
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


@signed_in
@require_POST
def answer(request: HttpRequest, report_id: int) -> HttpResponse:
    """The head confirms what was entered for the unit, or says why it is not right."""
    report = find(request, report_id)
    act = {"by": request.actor, "at": request.now, "on": request.today, "report_id": report.pk}
    try:
        if request.POST.get("action") == "confirm":
            actions.confirm(**act)
            messages.success(request, _("Confirmed: these are the unit's figures."))
        else:
            actions.object_to(**act, reason=request.POST.get("reason", ""))
            messages.success(request, _("The figures are back with you: correct them and hand in."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:report", report.pk)
