"""The door of the room, and what is due from me."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from giaoban.core import period as periods
from giaoban.indicators import queries
from giaoban.indicators.models import Report
from giaoban.indicators.queries import behalf, copies, line, reports, rounds
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
    cluster: str = ""
    copy: str = ""  # how its signed copy stands, where the round asks for one
    behalf: bool = False  # entered on its behalf, waiting for the head's word


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What is due from me, and what I handed in before."""
    found = list(queries.reports_due(request.actor, request.today))
    names = orgs.names([report.unit_id for report in found], request.today)
    waiting = behalf.waiting_among(found)
    rows = [_owed(request, report, names, waiting) for report in found]
    owed = [row for row in rows if row.open and row.report.state in ("empty", "draft", "returned")]
    done = sorted((row for row in rows if row not in owed), key=lambda row: row.report.due_on, reverse=True)
    several = len({row.report.unit_id for row in rows}) > 1
    return render(
        request,
        "indicators/mine.html",
        {
            "owed": owed,
            "done": done,
            "several": several,
            "ways": other_ways(),
            "tabs": room_tabs(request, "mine"),
        },
    )


def _owed(request: HttpRequest, report: Report, names: dict[int, str], waiting: set[int]) -> Owed:
    filled, asked = reports.filled_of(report)
    return Owed(
        report=report,
        period=periods.parse(report.period_code),
        unit=names[report.unit_id],
        filled=filled,
        asked=asked,
        state=shown_state(report),
        urgency="late"
        if rounds.is_late(report, report.round, request.today, request.now)
        else urgency(report.due_on, request.today),
        open=reports.is_open(report, request.today),
        reasons=[one.reason for one in reports.open_returns(report)][:2],
        cluster=cluster_of(report),
        copy=copies.state_of(report).state if report.submitted_at else "",
        behalf=report.pk in waiting,
    )


@dataclass(frozen=True)
class Way:
    """Another way to hand figures in, in a room above this one."""

    label: str
    href: str
    icon: str


def other_ways() -> list[Way]:
    """Other ways to hand figures in, by address; tables of other systems and quick questions have tabs of their own."""
    found = []
    with suppress(NoReverseMatch):
        found.append(Way(_("Hand in filled Excel files"), reverse("workbooks:home"), "file-spreadsheet"))
    return found


def cluster_of(report: Report) -> str:
    """The cluster whose due time the report has."""
    if report.first_due_on is None:
        return ""
    inside = line.members([one["unit"] for one in report.round.staggers], [report.unit_id], report.round.opens_on)
    return next((str(one["name"]) for one in report.round.staggers if one["unit"] in inside), "")


def shown_state(report: Report) -> str:
    """The code `ui.looks` knows."""
    return "missing" if report.state == "empty" else report.state


def urgency(due_on: date, today: date) -> str:
    left = (due_on - today).days
    return "late" if left < 0 else "due_soon" if left <= 3 else "on_time"
