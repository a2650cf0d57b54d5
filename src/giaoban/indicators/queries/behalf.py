"""Figures entered by the level above: for which reports, from what source, and what the unit's head said to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Subquery

from giaoban.indicators.models import OnBehalf, Report, Round, Submission
from giaoban.indicators.queries import line
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

WAITING, CONFIRMED, OBJECTED = "waiting", "confirmed", "objected"


def state_of(row: OnBehalf) -> str:
    if row.objected_at is not None:
        return OBJECTED
    return CONFIRMED if row.confirmed_at is not None else WAITING


def states_of(round: Round) -> dict[int, str]:
    """{report: state} where what was handed in last was entered on behalf; a later handing-in of the unit ends it."""
    newest = Submission.objects.filter(report=OuterRef("submission__report")).order_by("-no").values("pk")[:1]
    rows = OnBehalf.objects.filter(submission__report__round=round).annotate(newest=Subquery(newest))
    return {
        row.submission.report_id: state_of(row)
        for row in rows.select_related("submission")
        if row.newest == row.submission_id
    }


def of_report(report: Report) -> list[OnBehalf]:
    """Every handing-in on behalf of the unit, the newest first."""
    rows = OnBehalf.objects.filter(submission__report=report).select_related("submission")
    return list(rows.order_by("-submission__no"))


def waiting_of(report: Report) -> OnBehalf | None:
    """The one the head still has to answer; figures the unit itself handed in since take its place."""
    newest = report.submissions.order_by("-no").first()
    if newest is None:
        return None
    return OnBehalf.objects.filter(submission=newest, confirmed_at__isnull=True, objected_at__isnull=True).first()


def waiting_among(reports: Iterable[Report]) -> set[int]:
    """Those of the reports of which the head still has to answer."""
    newest = Submission.objects.filter(report=OuterRef("submission__report")).order_by("-no").values("pk")[:1]
    rows = OnBehalf.objects.filter(
        submission__report__in=[one.pk for one in reports], confirmed_at__isnull=True, objected_at__isnull=True
    ).annotate(newest=Subquery(newest))
    return {
        report for report, last, own in rows.values_list("submission__report", "newest", "submission") if last == own
    }


def may_enter(actor: Actor, report: Report, on: date) -> bool:
    """Whether the actor carries out a step above the unit and holds the right to enter for it."""
    if not people.may(actor, "figure.behalf", report.answering_id, on):
        return False
    return bool(line.my_steps(actor, report.round, [report.unit_id], on))
