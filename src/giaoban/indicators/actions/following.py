"""When a unit ends before it has answered: who answers for its reports. The figures stay the ended unit's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.indicators.models import Report, Round
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import succession
from giaoban.people import queries as people

Record = dict[str, Any]


@dataclass(frozen=True)
class Followed:
    """What went to the successors, and the reports of units of which a person must say who answers."""

    record: Record
    open: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # ended unit → reports


class NewerReports(Refused):
    sentence = sentence("%(count)s reports are asked of the new units since, such as %(example)s.")


class NewerFigures(Refused):
    sentence = sentence("%(count)s reports that passed on were typed, handed in or judged since, such as %(example)s.")


class NewerRounds(Refused):
    sentence = sentence("%(count)s rounds were opened by the new units since, such as %(example)s.")


def open_reports(unit_ids: Sequence[int]) -> QuerySet[Report]:
    """Reports for which these units answer, that may still change: the round is not locked, or they are re-opened."""
    mine = Q(duty__isnull=True, unit__in=list(unit_ids)) | Q(duty__in=list(unit_ids))
    changeable = Q(round__locked_at__isnull=True) | Q(reopened_until__isnull=False)
    return Report.objects.filter(mine, changeable).select_related("sheet").order_by("pk")


def follow(*, by: Actor, at: datetime, change: Change) -> Followed:
    """Open reports of units that became one other: that one answers for them."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    told = succession(change)
    record: Record = {"reports": []}
    undecided: dict[int, list[int]] = {}
    with writing(by=by, at=at, verb="report.follow", subject=change) as entry:
        passing: dict[int, list[Report]] = {}
        for report in open_reports(told.ended):
            heir = told.whole.get(report.answering_id)
            if heir is None:
                undecided.setdefault(report.answering_id, []).append(report.pk)
            else:
                passing.setdefault(heir, []).append(report)
        for heir, reports in passing.items():
            record["reports"] += _give(reports, heir)
        entry.data["reports"] = [row[0] for row in record["reports"]]
        entry.skip = not record["reports"]
    return Followed(record, {unit: tuple(found) for unit, found in undecided.items()})


def give_duty(*, by: Actor, at: datetime, on: date, report_ids: Sequence[int], unit_id: int) -> Record:
    """A person decides which unit answers for reports of one that was divided or closed."""
    people.require(by, "unit.manage", unit_id, timezone.localdate(at), tree_day=on)
    with writing(by=by, at=at, verb="report.follow", unit_id=unit_id) as entry:
        record: Record = {
            "reports": _give(list(Report.objects.filter(pk__in=list(report_ids)).order_by("pk")), unit_id)
        }
        entry.data["reports"] = list(report_ids)
    return record


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    """The duty is whose it was before a change that was undone."""
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    rows = [row for record in reversed(records) for row in record["reports"]]
    with writing(by=by, at=at, verb="report.take_back", subject=change) as entry:
        before: dict[int | None, list[int]] = {}
        for key, duty, *_ in rows:
            before.setdefault(duty, []).append(key)
        for duty, keys in before.items():
            Report.objects.filter(pk__in=keys).update(duty=duty)
        entry.data["reports"] = [row[0] for row in rows]
        entry.skip = not rows


def resting(records: Sequence[Record], founded: Sequence[int]) -> list[Refused]:
    """What was asked of the new units, or done on what passed to them, since."""
    units = list(founded)
    found: list[Refused] = []
    asked = Report.objects.filter(unit__in=units)
    if count := asked.count():
        found.append(NewerReports(count=count, example=str(asked.first())))
    opened = Round.objects.filter(opener__in=units)
    if count := opened.count():
        found.append(NewerRounds(count=count, example=str(opened.first())))
    known = {row[0]: tuple(row[2:]) for record in records for row in record["reports"]}
    given = Report.objects.filter(Q(pk__in=list(known)) | Q(duty__in=units)).select_related("sheet")
    changed = [one for one in given if known.get(one.pk) != (one.version, one.draft_version)]
    if changed:
        found.append(NewerFigures(count=len(changed), example=str(changed[0])))
    return found


def _give(reports: Sequence[Report], heir: int) -> list[list[Any]]:
    """Write the duty; [report, duty before, versions it had] of each, so that it can be taken back untouched."""
    rows = [[one.pk, one.duty_id, one.version, one.draft_version] for one in reports]
    Report.objects.filter(pk__in=[one.pk for one in reports]).update(duty=heir)
    return rows
