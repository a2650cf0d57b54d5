"""The door of the room, and what is due from me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from giaoban.core import period as periods
from giaoban.indicators import queries
from giaoban.indicators.models import Report
from giaoban.indicators.queries import reports, rounds
from giaoban.indicators.views.frame import owes_reports, room_tabs
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Where this person's work in the room is."""
    if owes_reports(request):
        return redirect("indicators:mine")
    if rounds.follows_others(request.actor, request.today):
        return redirect("indicators:rounds")
    return redirect("indicators:catalogue")


@dataclass(frozen=True)
class Owed:
    """One report in the list of its unit."""

    report: Report
    period: periods.Period
    unit: str
    filled: int
    asked: int
    state: str
    urgency: str  # the look of its due day, for a report still owed
    open: bool
    reasons: list[str]


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What is due from me, and what I handed in before."""
    found = list(queries.reports_due(request.actor, request.today))
    names = orgs.names([report.unit_id for report in found], request.today)
    rows = [_owed(request, report, names) for report in found]
    owed = [row for row in rows if row.open and row.report.state in ("empty", "draft", "returned")]
    done = sorted((row for row in rows if row not in owed), key=lambda row: row.report.due_on, reverse=True)
    several = len({row.report.unit_id for row in rows}) > 1
    return render(
        request,
        "indicators/mine.html",
        {"owed": owed, "done": done, "several": several, "tabs": room_tabs(request, "mine")},
    )


def _owed(request: HttpRequest, report: Report, names: dict[int, str]) -> Owed:
    filled, asked = reports.filled_of(report)
    return Owed(
        report=report,
        period=periods.parse(report.period_code),
        unit=names[report.unit_id],
        filled=filled,
        asked=asked,
        state=shown_state(report),
        urgency=urgency(report.due_on, request.today),
        open=reports.is_open(report, request.today),
        reasons=[one.reason for one in reports.open_returns(report)][:2],
    )


def shown_state(report: Report) -> str:
    """The code `ui.looks` knows."""
    return "missing" if report.state == "empty" else report.state


def urgency(due_on: date, today: date) -> str:
    left = (due_on - today).days
    return "late" if left < 0 else "due_soon" if left <= 3 else "on_time"
