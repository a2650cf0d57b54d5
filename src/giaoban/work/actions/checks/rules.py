"""What every verb on checks shares: the lock, the rights, the state, the document, and whom to tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Direction, Document
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people
from giaoban.work import check_refusals as refusals
from giaoban.work.models import CheckPlan, CheckVisit, PlannedCheck


def require_plan(by: Actor, unit_id: int, at: datetime) -> None:
    """Plans are made by the unit's own office or leaders."""
    people.require(by, "check.plan", unit_id, timezone.localdate(at))


def require_run(by: Actor, found: CheckVisit, at: datetime) -> None:
    people.require(by, "check.run", found.host_id, timezone.localdate(at))


def require_unit(by: Actor, found: CheckVisit, at: datetime) -> None:
    """The people of the unit checked, not those above it who may do much in its name."""
    if not by.is_system and found.unit_id not in people.acts_for(by, "check.answer", timezone.localdate(at)):
        raise NotAllowed()


def plan_locked(found: CheckPlan) -> CheckPlan:
    return CheckPlan.objects.select_for_update().get(pk=found.pk)


def line_locked(found: PlannedCheck) -> PlannedCheck:
    """The line as it is now; refused once it was dropped."""
    now = PlannedCheck.objects.select_for_update(of=("self",)).select_related("plan").get(pk=found.pk)
    if now.dropped_at is not None:
        raise refusals.LineDropped()
    return now


def visit_locked(found: CheckVisit, *states: CheckVisit.State) -> CheckVisit:
    """The check as it is now, at one of these steps."""
    now = CheckVisit.objects.select_for_update(of=("self",)).select_related("target__planned__plan").get(pk=found.pk)
    if now.state not in states:
        raise refusals.CheckNotAtThisStep(state=CheckVisit.State(now.state).label)
    return now


def who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]


def issued(
    by: Actor,
    at: datetime,
    unit_id: int,
    symbol: str,
    issued_on: date,
    subject: str,
    units: Iterable[int],
    text: str = "",
) -> Document:
    """The document of a step: the one of this number in the unit's register, or entered there now."""
    key = document_queries.key_of(symbol, issued_on)
    there = Document.objects.filter(owner_unit_id=unit_id, direction=Direction.OUT, key=key) if key else None
    found = there.first() if there is not None else None
    if found is not None:
        _send(by, at, found, set(units) - {unit_id})
        return found
    return documents.register(
        by=by,
        at=at,
        owner_id=unit_id,
        direction=Direction.OUT,
        symbol=symbol,
        subject=subject[:500],
        issued_on=issued_on,
        addressee_ids=sorted(set(units) - {unit_id}),
        text=text,
    )


def _send(by: Actor, at: datetime, document: Document, units: set[int]) -> None:
    """Whom the step concerns may read its document, where the actor may send it."""
    missing = units - set(document.addressees.values_list("unit_id", flat=True))
    on = timezone.localdate(at)
    if missing and people.may(by, "task.assign", document.owner_unit_id, on):
        documents.address(by=by, at=at, document=document, group_ids=sorted(missing))


def tell(by: Actor, at: datetime, units: Iterable[int], verb: str, subject: str, body: str, link: str) -> None:
    wanted = list(dict.fromkeys(units))
    if wanted:
        notices.send(by=by, at=at, to_units=wanted, verb_of_receiver=verb, subject=subject[:200], body=body, link=link)
