"""Typing a report: one form, saved by itself, and by a plain button where there is no script."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import Typed
from giaoban.indicators.actions.sending import read_values
from giaoban.indicators.models import Report
from giaoban.indicators.queries import differences, remarks, reports, sheet_data
from giaoban.indicators.views.frame import by_field
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import public, signed_in, signed_in_or
from giaoban.people.refusals import sentences

MODULES = [f"indicators/{name}.js" for name in ("grid", "keep", "live", "offline", "store", "formula", "numbers")]
"""What entry.js imports, fetched at once instead of one after another."""


@signed_in
@gzip_page
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
    values = typed(request)
    if request.POST.get("action") != "submit":
        actions.save_draft(**act, values=values)
        messages.success(request, _("Saved. The report has not been handed in yet."))
        return redirect("indicators:entry", report.pk)
    try:
        actions.submit(**act, note=request.POST.get("note", ""), values=values)
    except Refused:
        actions.save_draft(**act, values=values)  # what was typed stays, or says itself what is wrong with it
        raise
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
        "modules": MODULES,
        "may_take": "series.load" in people.verbs_held(request.actor, request.today),
        "threads": remarks.threads(report),
        "waiting_remarks": remarks.waiting_in(report),
        "differences": differences.differences_of(report, request.today),
        "data": sheet_data.data_of(report, request.today)
        | {
            "account": request.user.pk,
            "name": request.user.full_name,
            "worker": reverse("indicators:worker"),
            "sign_out": reverse("people:sign-out"),
        },
    }
    response = render(request, "indicators/entry.html", context, status=status)
    response["X-Kept-For"] = str(request.user.pk)  # whose browser may keep the page for a time without a line
    return response


def _sign_in_first(request: HttpRequest, elsewhere: str) -> JsonResponse:
    """A script cannot follow to the sign-in page: it says so, and keeps what was typed."""
    return JsonResponse({"sign_in": reverse(elsewhere)}, status=401)


@signed_in_or(_sign_in_first)
@require_POST
def autosave(request: HttpRequest, report_id: int) -> JsonResponse:
    """One batch of cells from the page, typed with or without a line; answered the same however often it comes."""
    report = find(request, report_id)
    try:
        given = json.loads(request.body)
        if not isinstance(given, dict) or not _is_key(given.get("key")):
            raise refusals.BadSending()
        if given.get("account") != request.user.pk:
            return JsonResponse({"other_account": True}, status=403)
        outcome = actions.send(
            by=request.actor,
            at=request.now,
            on=request.today,
            report_id=report.pk,
            key=given["key"],
            values=read_values(given.get("values")),
        )
    except ValueError:
        return JsonResponse({"blocked": str(_("What the browser sent is no batch of cells."))}, status=400)
    except Refused as refused:
        return JsonResponse({"blocked": " ".join(sentences(refused))}, status=409)
    return JsonResponse(outcome | {"saved": _("Saved at %(time)s") % {"time": f"{localtime(request.now):%H:%M}"}})


def _is_key(key: object) -> bool:
    return isinstance(key, str) and re.fullmatch(r"[0-9a-z-]{16,64}", key) is not None


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The page's helper without a line: its own script, from an address whose folder holds the reports."""
    script = Path(str(finders.find("indicators/worker.js"))).read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


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
    form = request.POST.dict()
    for key, text in form.items():
        if not key.startswith("cell-"):
            continue
        name = key[5:]
        cell = _number(name)
        if cell is None:
            continue
        was, note = form.get(f"was-{name}"), form.get(f"note-{name}")
        changed = text if text.strip() != (was or "").strip() else None
        noted = note if note is not None and note != form.get(f"was-note-{name}", "") else None
        if changed is not None or noted is not None:
            found[cell] = Typed(text=changed, note=noted, was=was)
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def find(request: HttpRequest, report_id: int) -> Report:
    try:
        return queries.report_for(request.actor, report_id, request.today)
    except Report.DoesNotExist as missing:
        raise Http404 from missing
