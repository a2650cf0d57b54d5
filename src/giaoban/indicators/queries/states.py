"""Where a report stands, derived from its cells. What is true is said here; `Report.state` is a copy for lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from giaoban.indicators.models import Report, Standing
from giaoban.indicators.models.collection import CellState, ReportState


def derive(cells: Iterable[tuple[str, int]], *, drafts: bool) -> tuple[str, int]:
    """State and step of a report from (state, step) of its cells: what needs attention shows first."""
    known = list(cells)
    if not known:
        return (ReportState.DRAFT if drafts else ReportState.EMPTY), 0
    states = {state for state, _ in known}
    if states & {CellState.RETURNED, CellState.WITHDRAWN}:
        return ReportState.RETURNED, 0
    if CellState.SUBMITTED in states:
        return ReportState.SUBMITTED, 0
    lowest = min(step for _, step in known)
    return (ReportState.LOCKED if states == {CellState.LOCKED} else ReportState.ACCEPTED), lowest


def derived(report: Report) -> tuple[str, int]:
    """`derive` from the database."""
    cells = list(Standing.objects.filter(report=report).order_by().values_list("state", "step").distinct())
    return derive(cells, drafts=not cells and report.drafts.exists())


OWING = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)  # the unit still owes something
THROUGH = (ReportState.ACCEPTED, ReportState.LOCKED)  # every cell has passed step 1 at least
NOT_HANDED_IN = Q(state__in=OWING)


def not_handed_in(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Those of which the unit still owes something."""
    return reports.filter(NOT_HANDED_IN)


# Past its day, or on its day past its hour


def past_due(on: date, at: datetime | None = None, prefix: str = "") -> Q:
    """Reports whose due time lies behind; without a moment the hour of the day itself does not count."""
    past = Q(**{f"{prefix}due_on__lt": on})
    if at is None:
        return past
    return past | Q(**{f"{prefix}due_on": on, f"{prefix}due_time__lt": localtime(at).time()})


def is_past(due_on: date, due_time: time | None, on: date, at: datetime | None = None) -> bool:
    """`past_due` of one due time."""
    if due_on != on or at is None or due_time is None:
        return due_on < on
    return due_time < localtime(at).time()
