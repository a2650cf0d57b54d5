"""Questions about reports; each takes who asks, and what they may not see is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from giaoban.core import period as periods
from giaoban.core.period import Kind
from giaoban.files.official import OfficialDocument, from_json
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people
from giaoban.reports import letterhead
from giaoban.reports.kinds import form
from giaoban.reports.models import Report, State
from giaoban.work import queries as work
from giaoban.work.models import Meeting, MeetingState

LONGEST_CHOICE = 400
"""How many units the choice of a page offers; beyond it the unit's own page leads here."""


def reports_for(actor: Actor, on: date) -> QuerySet[Report]:
    """Reports of units where the actor writes reports or reads approved figures (drafts only for who writes).

    What a unit's predecessors had issued is read with it.
    """
    found = Report.objects.defer("file", "content")
    if actor.is_system:
        return found
    writes = people.units_where(actor, "report.write", on)
    reads = people.units_where(actor, "figure.view", on)
    issued = Q(state=State.ISSUED) & (Q(unit__in=reads) | Q(unit__in=made_of(reads)))
    return found.filter(Q(unit__in=writes) | issued)


def report(actor: Actor, report_id: int, on: date) -> Report:
    """One report; Report.DoesNotExist when it is not there or not for this actor."""
    return reports_for(actor, on).select_related("meeting", "document").get(pk=report_id)


def may_write(actor: Actor, found: Report, on: date) -> bool:
    """Whether the actor may change the report: a draft of a unit where they write reports."""
    return found.state == State.DRAFT and people.may(actor, "report.write", found.unit_id, on)


def document(actor: Actor, found: Report, on: date) -> OfficialDocument:
    """The document as it stands: an issued one as it was kept, a draft composed from what is true on the day."""
    if found.state == State.ISSUED:
        return from_json(Report.objects.values_list("content", flat=True).get(pk=found.pk))
    kind = form(found.form)
    return kind.compose(found, actor, on, letterhead.letterhead(found.unit_id, on, kind.type_code))


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


def units_to_report(actor: Actor, on: date) -> list[Choice]:
    """Areas, departments and schools for which the actor may write, those nearest the top first."""
    allowed = people.units_where(actor, "report.write", on)
    rows = (
        orgs.living(on)
        .filter(unit__in=allowed, kind__family__in=("area", "school"))
        .select_related("kind")
        .order_by("kind__order", "fold")
    )
    own = orgs.living(on).filter(unit__in=allowed, unit=actor.unit_id).exclude(kind__family__in=("area", "school"))
    return [Choice(str(row.unit_id), row.body_name or row.name) for row in [*rows[:LONGEST_CHOICE], *own]]


def periods_to_report(on: date, kinds: Sequence[Kind]) -> list[Choice]:
    """Periods of these kinds around the day; those whose figures are closed come first, the newest ahead."""
    found = [periods.on_day(kind, on) for kind in kinds]
    found += [last for period in list(found) if (last := period.same_last_year())]
    newest_first = sorted(set(found), key=lambda one: one.data_day, reverse=True)
    closed_first = sorted(newest_first, key=lambda one: one.data_day > on)
    return [Choice(period.code, period.label) for period in closed_first]


def meetings_to_notify(actor: Actor, on: date) -> list[Meeting]:
    """Meetings with conclusions, held by units where the actor may write; those without a notice first."""
    allowed = people.units_where(actor, "report.write", on)
    held = work.meetings_for(actor, on).filter(
        unit__in=allowed, state__in=(MeetingState.HELD, MeetingState.CONCLUDED), conclusions__isnull=False
    )
    return sorted(held.distinct()[:50], key=lambda one: (one.notice_id is not None, -one.starts_at.timestamp()))
