"""Typing a report: one form, saved by itself, and by a plain button where there is no script."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import Typed
from giaoban.indicators.models import Report
from giaoban.indicators.queries import reports
from giaoban.indicators.views.frame import by_field
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in


@signed_in
def entry(request: HttpRequest, report_id: int) -> HttpResponse:
    """The grid. A plain POST saves, or saves and hands in; faults come back with what was typed."""
    report = find(request, report_id)
    if not reports.may_type(request.actor, report, request.today):
        return redirect("indicators:report", report_id)
    if request.method == "POST":
        try:
            return _act(request, report)
        except Refused as refused:
            return _page(request, find(request, report_id), by_field(refused), status=409)
    return _page(request, report, {})


def _act(request: HttpRequest, report: Report) -> HttpResponse:
    act = {"by": request.actor, "at": request.now, "on": request.today, "report_id": report.pk}
    if request.POST.get("action") == "submit" and _number(request.POST.get("seen")) != report.draft_version:
        raise refusals.ChangedSinceShown(unit=orgs.name(report.unit_id, request.today))
    actions.save_draft(**act, values=typed(request))
    if request.POST.get("action") != "submit":
        messages.success(request, _("Saved. The report has not been handed in yet."))
        return redirect("indicators:entry", report.pk)
    actions.submit(**act, note=request.POST.get("note", ""))
    messages.success(request, _("The report has been handed in. You will be told if something is returned."))
    return redirect("indicators:report", report.pk)


def _page(request: HttpRequest, report: Report, faults: dict[str, str], status: int = 200) -> HttpResponse:
    grid = queries.grid(request.actor, report, request.today)
    given = {key: value for key, value in request.POST.items() if key.startswith(("cell-", "note-"))}
    context = {
        "report": report,
        "grid": grid,
        "unit": orgs.name(report.unit_id, request.today),
        "duty": orgs.name(report.duty_id, request.today) if report.duty_id else "",
        "returns": reports.asked_again(report, grid),
        "faults": faults,
        "general": faults.get("", ""),
        "given": given,
        "may_submit": reports.may_submit(request.actor, report, request.today),
        "note": request.POST.get("note", ""),
    }
    return render(request, "indicators/entry.html", context, status=status)


@signed_in
@require_POST
def autosave(request: HttpRequest, report_id: int) -> JsonResponse:
    """Keep some cells while a person types; the answer says what the page should now show."""
    report = find(request, report_id)
    act = {"by": request.actor, "at": request.now, "on": request.today, "report_id": report_id}
    try:
        report = actions.save_draft(**act, values=typed(request))
    except Refused as refused:
        return JsonResponse({"faults": by_field(refused)}, status=409)
    return JsonResponse(_answer(request, find(request, report.pk)))


def _answer(request: HttpRequest, report: Report) -> dict[str, object]:
    """What the page shows anew after a save."""
    grid = queries.grid(request.actor, report, request.today)
    own = [cell for cell in grid.cells if cell.own]
    totals = [cell for cell in grid.cells if not cell.cell_id]
    return {
        "saved": _("Saved at %(time)s") % {"time": f"{localtime(request.now):%H:%M}"},
        "seen": report.draft_version,
        "filled": _("%(filled)s/%(asked)s cells") % {"filled": grid.filled, "asked": grid.asked},
        "cells": {str(cell.cell_id): {"text": cell.text, "note": cell.note, "state": cell.state} for cell in own},
        "totals": {str(cell.order): {"text": cell.text, "partial": cell.partial} for cell in totals},
        "findings": render_to_string("indicators/parts/findings.html", {"findings": grid.findings, "typing": True}),
    }


@signed_in
@require_POST
def submit(request: HttpRequest, report_id: int) -> HttpResponse:
    """The head of the unit hands in what was typed, from the page of the report."""
    report = find(request, report_id)
    try:
        actions.submit(
            by=request.actor,
            at=request.now,
            on=request.today,
            report_id=report.pk,
            note=request.POST.get("note", ""),
            seen=_number(request.POST.get("seen")),
        )
    except Refused as refused:
        for sentence in by_field(refused).values():
            messages.error(request, sentence)
        return redirect("indicators:report", report.pk)
    messages.success(request, _("The report has been handed in. You will be told if something is returned."))
    return redirect("indicators:report", report.pk)


def typed(request: HttpRequest) -> dict[int, Typed]:
    """The cells of the form whose text or note differs from what the page showed."""
    found: dict[int, Typed] = {}
    for key, text in request.POST.items():
        cell = _cell(key, "cell-")
        if cell is None:
            continue
        was, note = request.POST.get(f"was-{cell}"), request.POST.get(f"note-{cell}")
        changed = text if text.strip() != (was or "").strip() else None
        noted = note if note is not None and note != request.POST.get(f"was-note-{cell}", "") else None
        if changed is not None or noted is not None:
            found[cell] = Typed(text=changed, note=noted, was=was)
    return found


def _cell(key: str, prefix: str) -> int | None:
    return _number(key.removeprefix(prefix)) if key.startswith(prefix) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def find(request: HttpRequest, report_id: int) -> Report:
    try:
        return queries.report_for(request.actor, report_id, request.today)
    except Report.DoesNotExist as missing:
        raise Http404 from missing
