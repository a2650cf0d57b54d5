"""Enter for a unit below: the level above types and hands in, from a named source, and the unit's head answers to it.

The handing-in is signed by who entered it and marked for ever (`OnBehalf`); what the unit has typed itself and not
handed in stays its draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core import period as periods
from giaoban.core.refusal import Invalid
from giaoban.indicators import refusals
from giaoban.indicators.actions import entry as entering
from giaoban.indicators.actions import review
from giaoban.indicators.actions.entry import Typed
from giaoban.indicators.models import Draft, OnBehalf, Report, Standing, Submission
from giaoban.indicators.models.collection import CellState
from giaoban.indicators.queries import behalf, reports
from giaoban.indicators.queries.reports import Held
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people


def enter_on_behalf(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_id: int,
    values: Mapping[int, Typed | str | int | None],
    source: str,
    note: str = "",
    seen: int | None = None,
) -> Submission:
    """Hand in for the unit what it told otherwise; the same rules hold as when it hands in itself."""
    report = entering.locked_report(report_id)
    with writing(by=by, at=at, verb="report.behalf", unit_id=report.unit_id, reason=source) as entry:
        people.require(by, "figure.behalf", report.answering_id, on)
        if not behalf.may_enter(by, report, on):
            raise refusals.NotAbove(unit=orgs.name(report.unit_id, on))
        report = entering.locked_report(report_id, for_update=True)
        entering.check_open(report, on)
        review.check_seen([report], None if seen is None else {report.pk: seen}, on)
        if not source.strip():
            raise refusals.SourceNeeded()
        typed = list(report.drafts.all())
        held = _held(report, values, by, at)
        lines = reports.lines_for(report.sheet_id, reports.kind_of(report))
        findings = reports.findings_of(report, lines, held)
        faults = [*entering._faults(report, lines, held, note), *entering._broken(findings)]
        if faults:
            raise Invalid(faults)
        made = entering._hand_in(report, held, by, at, note)
        _keep_drafts(report, typed)
        OnBehalf.objects.create(submission=made, source=source.strip()[:300])
        entering._after_submission(report, findings, at)
        _tell(
            report, by, at, to_unit=report.answering_id, verb="figure.submit",
            subject=_("Entered on your behalf, please confirm: %(sheet)s, %(period)s"),
            body=_("Source: %(source)s") % {"source": source.strip()},
        )  # fmt: skip
        entry.subject = made
        entry.data |= {"report": report.pk, "cells": sorted(held.drafts), "source": source.strip()}
        if report.round.counts_at_once:
            entering._let_count(report, at, on)
    return made


def _held(report: Report, values: Mapping[int, Typed | str | int | None], by: Actor, at: datetime) -> Held:
    """What the report would hold: what was handed in, and over it what is entered now; never the unit's own drafts."""
    before = Held(reports.held(report).standings, {})
    lines = {row.cell_id: row for row in reports.lines_for(report.sheet_id, reports.kind_of(report)) if row.owns}
    wanted, faults = entering._read(lines, before, values)
    if faults:
        raise Invalid(faults)
    drafts = {
        cell: Draft(report=report, cell_id=cell, value=value, note=note, at=at, actor_name=by.name)
        for cell, (value, note) in wanted.items()
        if (value, note) != (before.value(cell), before.note(cell))
    }
    if not drafts:
        raise refusals.NothingEntered()
    return Held(before.standings, drafts)


def _keep_drafts(report: Report, typed: list[Draft]) -> None:
    """The unit's own drafts again, but for those that say just what is handed in now."""
    now = {one.cell_id: (one.current.value, one.current.explanation) for one in _standings(report)}
    Draft.objects.bulk_create(
        Draft(report=report, cell_id=one.cell_id, value=one.value, note=one.note, at=one.at, actor_name=one.actor_name)
        for one in typed
        if now.get(one.cell_id) != (one.value, one.note)
    )


def _standings(report: Report) -> list[Standing]:
    return list(Standing.objects.filter(report=report).select_related("current"))


def confirm(*, by: Actor, at: datetime, on: date, report_id: int) -> OnBehalf:
    """The unit's head says the figures entered for it are the unit's."""
    report, row = _waiting(report_id)
    with writing(by=by, at=at, verb="report.confirm", subject=row.submission, unit_id=report.unit_id):
        people.require(by, "figure.submit", report.answering_id, on)
        row = OnBehalf.objects.select_for_update().get(pk=row.pk)
        _unanswered(row)
        row.confirmed_at, row.confirmed_name, row.confirmed_title = at, by.name, by.title
        row.save(update_fields=["confirmed_at", "confirmed_name", "confirmed_title"])
    return row


def object_to(*, by: Actor, at: datetime, on: date, report_id: int, reason: str) -> OnBehalf:
    """The head says they are not: the cells entered are sent back to the unit itself, and who entered them is told.

    What was accepted stays in force until the unit's own figures are; in a locked round only the objection is kept.
    """
    report, row = _waiting(report_id)
    with writing(by=by, at=at, verb="report.object", subject=row.submission, unit_id=report.unit_id, reason=reason):
        people.require(by, "figure.submit", report.answering_id, on)
        if not reason.strip():
            raise refusals.ReasonNeeded()
        report = entering.locked_report(report_id, for_update=True)
        row = OnBehalf.objects.select_for_update().select_related("submission").get(pk=row.pk)
        _unanswered(row)
        row.objected_at, row.objection = at, reason.strip()
        row.save(update_fields=["objected_at", "objection"])
        if reports.is_open(report, on):
            mine = Standing.objects.filter(
                report=report, current__submission=row.submission, state__in=[CellState.SUBMITTED, CellState.ACCEPTED]
            )
            review.send_back(report, mine, reason, by=by, at=at, on=on)
        if row.submission.position_id is not None:
            _tell(
                report, by, at, to_position=row.submission.position_id,
                subject=_("The unit objects to figures entered on its behalf: %(sheet)s, %(period)s"), body=reason,
            )  # fmt: skip
    return row


def _waiting(report_id: int) -> tuple[Report, OnBehalf]:
    report = entering.locked_report(report_id)
    row = behalf.waiting_of(report)
    if row is None:
        raise refusals.NotOnBehalf()
    return report, row


def _unanswered(row: OnBehalf) -> None:
    if row.confirmed_at is not None or row.objected_at is not None:
        raise refusals.NotOnBehalf()


def _tell(
    report: Report, by: Actor, at: datetime, *, subject: str, body: str, to_unit: int | None = None,
    to_position: int | None = None, verb: str = "",
) -> None:  # fmt: skip
    period = periods.parse(report.period_code).label
    notices.send(
        by=by,
        at=at,
        to_unit=to_unit,
        to_position=to_position,
        verb_of_receiver=verb,
        subject=subject % {"sheet": report.sheet.name, "period": period},
        body=body,
        link=reverse("indicators:report", args=[report.pk]),
    )
