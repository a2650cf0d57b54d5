"""Doing it: the units by `orgs.carry_out`, then what follows in each room, all in one transaction, or none of it.

The preview is the same, rolled back at the end: it cannot say anything else than what would happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.documents import following as documents
from giaoban.indicators.actions import following as indicators
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as messages
from giaoban.notices import following as notices
from giaoban.orgs import actions as orgs
from giaoban.orgs import decree
from giaoban.orgs import queries as org_queries
from giaoban.orgs.models import Change, Decision, Unit
from giaoban.orgs.queries.heirs import Succession, succession
from giaoban.orgs.refusals import BadRow, NotThere
from giaoban.people import queries as people_queries
from giaoban.people.actions import following as people
from giaoban.reforms import asking, refusals
from giaoban.reforms.actions.drafting import locked, require, who
from giaoban.reforms.asking import Asked
from giaoban.reforms.models import Question, Reform, State
from giaoban.reforms.queries import MANAGE
from giaoban.reforms.summary import summary
from giaoban.work.actions import following as work_room

Records = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Preview:
    """What applying would do, or why it cannot be done: every fault at once."""

    summary: dict[str, Any] = field(default_factory=dict)
    questions: Sequence[Asked] = ()
    faults: Sequence[Refused] = ()

    @property
    def possible(self) -> bool:
        return not self.faults


class _RolledBack(Exception):
    def __init__(self, told: Preview) -> None:
        self.told = told


def preview(*, by: Actor, at: datetime, reform: Reform) -> Preview:
    """Apply the draft, note what happened, and roll all of it back."""
    require(by, reform, at)
    try:
        with writing(by=by, at=at, verb="reform.apply", subject=reform, unit_id=reform.unit_id):
            done = _do(by, at, locked(by, reform, at), with_work=True)
            raise _RolledBack(Preview(done.summary, done.asked))
    except _RolledBack as rolled_back:
        return rolled_back.told
    except Invalid as invalid:
        return Preview(faults=list(invalid.faults))
    except NotAllowed as refused:
        return Preview(faults=_beyond(by, at, reform) or [refused])
    except Refused as refused:
        return Preview(faults=[refused])


def apply(*, by: Actor, at: datetime, reform: Reform, seen: datetime | None = None) -> Reform:
    """Do it. Open work passes on at once, or, for a day to come, on that day (`follow`)."""
    with writing(by=by, at=at, verb="reform.apply", subject=reform, unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        if seen is not None and seen != found.changed_at:
            raise refusals.ChangedSinceShown()
        comes = found.on <= timezone.localdate(at)
        done = _do(by, at, found, with_work=comes)
        found.state, found.change = State.APPLIED, done.change
        found.records, found.summary = done.records, done.summary
        found.applied_at, found.applied_by = at, who(by)
        found.followed_at = at if comes else None
        found.save()
        _ask(found, done.asked)
        entry.data |= {"on": found.on, "steps": len(found.steps), "questions": len(done.asked)}
    return found


def follow(*, by: Actor, at: datetime, reform: Reform) -> Reform:
    """The day has come: open reports, tasks, meetings and papers of units that ended go on with their successors."""
    with writing(by=by, at=at, verb="reform.follow", subject=reform, unit_id=reform.unit_id) as entry:
        require(by, reform, at)
        found = Reform.objects.select_for_update().get(pk=reform.pk)
        ready = found.state == State.APPLIED and found.followed_at is None and found.on <= timezone.localdate(at)
        entry.skip = not ready
        if ready and found.change is not None:
            asked = _pass_work_on(by, at, found.change, found.records)
            found.followed_at = at
            found.summary |= summary(found.change, succession(found.change), found.records)
            found.save()
            _ask(found, asked)
            _tell(by, at, found, len(asked))
            entry.data["questions"] = len(asked)
    return found


def undo(*, by: Actor, at: datetime, reform: Reform, why: str) -> Reform:
    """Take all of it back, as long as nothing newer rests on it; what does is named, in every room at once."""
    with writing(by=by, at=at, verb="reform.undo", subject=reform, unit_id=reform.unit_id, reason=why.strip()):
        require(by, reform, at)
        found = Reform.objects.select_for_update().get(pk=reform.pk)
        if found.state != State.APPLIED or found.change is None:
            raise refusals.NotApplied()
        if not why.strip():
            raise refusals.ReasonNeeded()
        records = all_records(found)
        told = succession(found.change)
        resting = _resting(records, told)
        if resting:
            raise Invalid(resting)
        orgs.undo(by=by, at=at, change=found.change, why=why.strip())
        _take_back(by, at, found.change, records)
        found.state, found.undone_at = State.UNDONE, at
        found.undone_by, found.undone_why = who(by), why.strip()
        found.save()
    return found


def all_records(found: Reform) -> Records:
    """What followed by rule, then what followed from answers, in the order it was written."""
    records: Records = {room: list(rows) for room, rows in found.records.items()}
    for answered in found.questions.filter(answered_at__isnull=False).order_by("answered_at", "pk"):
        for room, record in answered.record.items():
            records.setdefault(room, []).append(record)
    return records


# How


@dataclass(frozen=True)
class _Done:
    change: Change
    records: Records
    summary: dict[str, Any]
    asked: list[Asked]


def _do(by: Actor, at: datetime, found: Reform, *, with_work: bool) -> _Done:
    steps = decree.from_json(found.steps)
    if not steps:
        raise refusals.NothingToApply()
    change = orgs.carry_out(
        by=by, at=at, on=found.on, steps=steps, decision=_decision(by, at, found), title=found.title
    )
    change.refresh_from_db()
    told = succession(change)
    followed = people.follow(by=by, at=at, change=change)
    records: Records = {"people": [followed.record]}
    asked = [*asking.children(change), *asking.of_people(followed, told)]
    seats = {str(old): new for old, new in followed.seats.items()}
    records["seats"] = [seats]
    if with_work:
        asked += _pass_work_on(by, at, change, records)
    return _Done(change, records, summary(change, told, records), asked)


def _pass_work_on(by: Actor, at: datetime, change: Change, records: Records) -> list[Asked]:
    """What has no days of its own: it is with one unit, then with another."""
    told = succession(change)
    seats = {int(old): new for row in records["seats"] for old, new in row.items()}
    reports = indicators.follow(by=by, at=at, change=change)
    work = work_room.follow(by=by, at=at, change=change, seats=seats)
    papers = documents.follow(by=by, at=at, change=change)
    records["indicators"] = [reports.record]
    records["work"] = [work.record]
    records["documents"] = [papers.record]
    records["notices"] = [notices.follow(by=by, at=at, change=change, seats=seats)]
    return asking.of_work(reports, work, papers, told)


def _beyond(by: Actor, at: datetime, found: Reform) -> list[Refused]:
    """The steps upon units that do not exist on the day, or are not the actor's to manage."""
    named = [
        {row[name] for name in ("unit", "parent") if isinstance(row.get(name), int)}
        | {place for place in row.get("parents", {}).values() if isinstance(place, int)}
        for row in found.steps
    ]
    wanted = {unit for units in named for unit in units}
    there = org_queries.snapshots(wanted, found.on)
    mine = people_queries.units_where(by, MANAGE, timezone.localdate(at), tree_day=found.on)
    managed = set(Unit.objects.filter(pk__in=wanted).filter(pk__in=mine).values_list("pk", flat=True))
    called = org_queries.names(wanted, found.on)
    faults: list[Refused] = []
    for number, units in enumerate(named, start=1):
        for unit in sorted(units):
            if unit not in there and found.steps[number - 1]["do"] != "reopen":
                faults.append(BadRow(number, NotThere(unit=called[unit], day=found.on)))
            elif unit in there and unit not in managed:
                faults.append(BadRow(number, refusals.NotYours(unit=called[unit])))
    return faults


def _decision(by: Actor, at: datetime, found: Reform) -> Decision | None:
    if not found.number:
        return None
    return orgs.record_decision(
        by=by, at=at, number=found.number, date=found.decided_on, issuer=found.issuer, title=found.title
    )


def _ask(found: Reform, asked: Iterable[Asked]) -> None:
    Question.objects.bulk_create(
        Question(
            reform=found,
            kind=one.kind,
            unit_id=one.unit,
            objects_of=list(one.objects),
            label=one.label[:400],
            choices=[list(choice) for choice in one.choices],
        )
        for one in asked
    )


def _tell(by: Actor, at: datetime, found: Reform, asked: int) -> None:
    """What was left open on a day when nobody pressed a button waits for whoever manages the units."""
    if asked:
        messages.send(
            by=by,
            at=at,
            to_unit=found.unit_id,
            verb_of_receiver=MANAGE,
            subject=_("To be decided after a reorganisation: %(title)s") % {"title": found.title},
            link=reverse("reforms:questions", args=[found.pk]),
        )


def _resting(records: Records, told: Succession) -> list[Refused]:
    founded = told.founded
    return [
        *people.resting(records.get("people", []), founded),
        *indicators.resting(records.get("indicators", []), founded),
        *work_room.resting(records.get("work", []), founded),
        *documents.resting(records.get("documents", []), founded),
    ]


def _take_back(by: Actor, at: datetime, change: Change, records: Records) -> None:
    common: dict[str, Any] = {"by": by, "at": at, "change": change}
    notices.take_back(**common, records=records.get("notices", []))
    documents.take_back(**common, records=records.get("documents", []))
    work_room.take_back(**common, records=records.get("work", []))
    indicators.take_back(**common, records=records.get("indicators", []))
    people.take_back(**common, records=records.get("people", []))
