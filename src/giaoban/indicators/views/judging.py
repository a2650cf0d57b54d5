"""Deciding over reports: accept, return, withdraw, re-open, sign off. Posts only; each goes back to its page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.forms import DayForm
from giaoban.indicators.models import Round
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.frame import tell
from giaoban.people.guards import signed_in


@signed_in
@require_POST
def judge(request: HttpRequest, report_id: int) -> HttpResponse:
    """Accept one report, or return it or some of its cells."""
    report = find(request, report_id)
    act = {"by": request.actor, "at": request.now, "on": request.today}
    seen = number(request.POST.get("seen"))
    try:
        if request.POST.get("action") == "accept":
            step = number(request.POST.get("step")) or 0
            actions.accept(**act, report_ids=[report.pk], step=step, seen={report.pk: -1 if seen is None else seen})
            messages.success(request, _("Accepted: %(unit)s") % {"unit": report.unit})
            return redirect("indicators:round", report.round_id)
        cells = [int(text) for text in request.POST.getlist("cell") if text.isdecimal()]
        one = number(request.POST.get("one"))  # the button beside a cell, with a reason of its own
        whole = request.POST.get("action") == "return-all"
        if not whole and not cells and one is None:
            messages.error(request, _("Choose the cells to return, or return the whole report."))
            return redirect("indicators:report", report.pk)
        actions.return_report(
            **act,
            report_id=report.pk,
            reason=request.POST.get(f"reason-{one}", "") if one else request.POST.get("reason", ""),
            cells=[one] if one else None if whole else cells,
            due_on=DayForm.read(request.POST),
            seen=seen,
        )
        messages.success(request, _("Returned to %(unit)s, which has been told.") % {"unit": report.unit})
        if one:
            return redirect("indicators:report", report.pk)
        return redirect("indicators:round", report.round_id)
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:report", report.pk)


@dataclass(frozen=True)
class Pick:
    """A ticked row: the report, the version its page showed, and the step it waited for."""

    report: int
    version: int
    step: int

    @classmethod
    def read(cls, text: str) -> Pick | None:
        parts = text.split("-")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 18 for part in parts):
            return None
        return cls(*(int(part) for part in parts))


@signed_in
@require_POST
def judge_many(request: HttpRequest, round_id: int) -> HttpResponse:
    """Accept or return the ticked reports of a round."""
    round = find_round(request, round_id)
    picks = [pick for pick in map(Pick.read, request.POST.getlist("chon")) if pick]
    if not picks:
        messages.error(request, _("Tick at least one report."))
        return redirect("indicators:round", round.pk)
    act = {"by": request.actor, "at": request.now, "on": request.today}
    try:
        if request.POST.get("action") == "return":
            actions.return_reports(
                **act,
                report_ids=[pick.report for pick in picks],
                reason=request.POST.get("reason", ""),
                due_on=DayForm.read(request.POST),
                seen={pick.report: pick.version for pick in picks},
            )
            words = ngettext("%(n)s report returned.", "%(n)s reports returned.", len(picks))
        else:
            _accept(act, picks)
            words = ngettext("%(n)s report accepted.", "%(n)s reports accepted.", len(picks))
        messages.success(request, words % {"n": len(picks)})
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:round", round.pk)


def _accept(act: dict[str, object], picks: list[Pick]) -> None:
    steps: dict[int, list[Pick]] = defaultdict(list)
    for pick in picks:
        steps[pick.step].append(pick)
    for step, mine in sorted(steps.items()):
        if not step:
            raise refusals.UnknownStep(step=step)
        seen = {pick.report: pick.version for pick in mine}
        actions.accept(**act, report_ids=list(seen), step=step, seen=seen)


@signed_in
@require_POST
def sign_off(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close a step: accept what stands before it, with those missing on record."""
    round = find_round(request, round_id)
    picks = [pick for pick in map(Pick.read, request.POST.getlist("chon")) if pick]
    try:
        made = actions.sign_off(
            by=request.actor,
            at=request.now,
            on=request.today,
            round_id=round.pk,
            step=number(request.POST.get("step")) or 0,
            unit_id=number(request.POST.get("unit")) or 0,
            seen={pick.report: pick.version for pick in picks},
            reason=request.POST.get("reason", ""),
        )
        words = _("Step closed: %(n)s reports accepted now, %(missing)s units on record as missing.")
        messages.success(request, words % {"n": made.accepted, "missing": len(made.missing)})
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:round", round.pk)


@signed_in
@require_POST
def withdraw(request: HttpRequest, report_id: int) -> HttpResponse:
    report = find(request, report_id)
    cells = [int(text) for text in request.POST.getlist("cell") if text.isdecimal()]
    try:
        actions.withdraw(
            by=request.actor,
            at=request.now,
            on=request.today,
            report_id=report.pk,
            reason=request.POST.get("reason", ""),
            cells=cells or None,
        )
        messages.success(request, _("The figures no longer count in any total."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:report", report.pk)


@signed_in
@require_POST
def reopen(request: HttpRequest, report_id: int) -> HttpResponse:
    report = find(request, report_id)
    try:
        actions.reopen(
            by=request.actor,
            at=request.now,
            on=request.today,
            report_id=report.pk,
            until=DayForm.read(request.POST) or request.today,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Re-opened. The unit has been told."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:report", report.pk)


def number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def find_round(request: HttpRequest, round_id: int) -> Round:
    try:
        return queries.round_for(request.actor, round_id, request.today)
    except Round.DoesNotExist as missing:
        raise Http404 from missing
