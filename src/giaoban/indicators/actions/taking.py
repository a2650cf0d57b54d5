"""Fill drafts with what systems of record already hold, so that units type only the rest.

Nothing that anybody typed or handed in is touched: only cells without a draft and without a standing are filled. What
is filled is a draft like any other; the head of the unit looks at it and hands it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import refusals
from giaoban.indicators.models import Draft, Report, Round, Series, SheetLine, Standing, Taken
from giaoban.indicators.models.collection import ReportState
from giaoban.indicators.queries import reports, states, taken
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

BATCH = 1000


@dataclass(frozen=True)
class TakenIn:
    """What was filled: cells and reports, and how many cells are left to type."""

    cells: int
    reports: int
    left: int


def take_in(
    *,
    by: Actor,
    at: datetime,
    on: date,
    series: str | Sequence[str],
    report_id: int | None = None,
    round_id: int | None = None,
) -> TakenIn:
    """Fill the empty cells of one report, or of every report of a round, from the series in their order.

    Who opened the round may, and whoever types the report; taking in twice fills nothing more.
    """
    codes = [series] if isinstance(series, str) else list(series)
    rows = Report.objects.filter(pk=report_id) if report_id is not None else Report.objects.filter(round=round_id)
    wanted = list(rows.select_related("round").order_by("pk"))
    if not wanted:
        raise refusals.UnknownReport(report=report_id or round_id or 0)
    unknown = set(codes) - set(Series.objects.filter(pk__in=codes).values_list("pk", flat=True))
    if unknown:
        raise refusals.UnknownSeries(code=min(unknown))
    around = wanted[0].round
    unit = wanted[0].unit_id if report_id is not None else around.opener_id
    with writing(by=by, at=at, verb="series.take_in", subject=around, unit_id=unit) as entry:
        _may_take_in(by, around, wanted, on, alone=report_id is not None)
        locked = list(
            Report.objects.select_for_update().filter(pk__in=[one.pk for one in wanted]).select_related("round")
        )
        made = _fill(by, at, on, around, locked, codes)
        entry.data |= {"series": codes, "cells": made.cells, "reports": made.reports}
        entry.skip = not made.cells
    return made


def _may_take_in(by: Actor, around: Round, wanted: Sequence[Report], on: date, *, alone: bool) -> None:
    opener = people.may(by, "round.open", around.opener_id, on)
    if not opener and not (alone and people.may(by, "figure.type", wanted[0].answering_id, on)):
        raise NotAllowed()


def _fill(by: Actor, at: datetime, on: date, around: Round, locked: list[Report], codes: list[str]) -> TakenIn:
    open_ones = [one for one in locked if one.state != ReportState.LOCKED and reports.is_open(one, on)]
    lines = list(SheetLine.objects.filter(sheet=around.sheet_id, owns=True, cell__isnull=False))
    asked = [line.cell_id for line in lines]
    there = taken.known_elsewhere([one.unit_id for one in open_ones], around.period_code, asked, codes)
    ids = [one.pk for one in open_ones]
    filled = set(Draft.objects.filter(report__in=ids).values_list("report_id", "cell_id"))
    filled |= set(Standing.objects.filter(report__in=ids).values_list("report_id", "cell_id"))
    kinds = _kinds(open_ones, around.data_day)
    drafts: list[Draft] = []
    marks: list[Taken] = []
    for report in open_ones:
        for line in lines:
            known = there.get((report.unit_id, line.cell_id))
            mine = not line.kinds or kinds.get(report.unit_id, "") in line.kinds
            if known is None or not mine or (report.pk, line.cell_id) in filled:
                continue
            drafts.append(
                Draft(
                    report=report, cell_id=line.cell_id, value=known.value, note="", at=at, actor_name=known.series_name
                )
            )
            marks.append(
                Taken(
                    report=report, cell_id=line.cell_id, series_id=known.series, value=known.value, day=known.day, at=at
                )
            )
    Draft.objects.bulk_create(drafts, batch_size=BATCH)
    Taken.objects.bulk_create(
        marks,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["report", "cell"],
        update_fields=["series", "value", "day", "at"],
    )
    changed = {draft.report_id for draft in drafts}
    Report.objects.filter(pk__in=changed).update(draft_version=F("draft_version") + 1)
    Report.objects.filter(pk__in=changed, state=ReportState.EMPTY).update(state=ReportState.DRAFT)
    for report in open_ones:
        if report.pk in changed and report.state != ReportState.EMPTY:
            state, step = states.derived(report)
            Report.objects.filter(pk=report.pk).update(state=state, step=step)
    asked_of = sum(not line.kinds or kinds.get(one.unit_id, "") in line.kinds for one in open_ones for line in lines)
    return TakenIn(len(drafts), len(changed), asked_of - len(filled) - len(drafts))


def _kinds(rows: Sequence[Report], day: date) -> dict[int, str]:
    """{unit: kind} as of the data day, which decides which lines it is asked."""
    found = orgs.snapshots([one.unit_id for one in rows], day)
    return {unit: one.kind_id for unit, one in found.items()}
