"""Verbs on the team of a check, and on going along with another's."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import check_refusals as refusals
from giaoban.work.actions.checks.rules import line_locked, require_plan, tell, who
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import CheckJoin, CheckMember, CheckTarget, CheckVisit, PlannedCheck

BEGUN = (CheckVisit.State.OPEN, CheckVisit.State.PRESENTED, CheckVisit.State.SIGNED, CheckVisit.State.CONCLUDED)


def add_member(
    *,
    by: Actor,
    at: datetime,
    planned: PlannedCheck,
    name: str,
    office: str = "",
    unit_id: int | None = None,
    position_id: int | None = None,
    head: bool = False,
    part: str = "",
) -> CheckMember:
    """Somebody of the team with their unit, office and part of the work."""
    with writing(by=by, at=at, verb="check.team", subject=planned, unit_id=planned.plan.unit_id) as entry:
        _require_team(by, planned, at)
        found = line_locked(planned)
        if head and found.members.filter(head=True).exists():
            raise refusals.HeadThere()
        made = CheckMember.objects.create(
            planned=found,
            name=required(name, "name")[:100],
            office=nfc(office).strip()[:200],
            unit_id=unit_id,
            position_id=position_id,
            head=head,
            part=nfc(part).strip()[:300],
        )
        entry.data.update(name=made.name, head=head)
    return made


def remove_member(*, by: Actor, at: datetime, member: CheckMember) -> None:
    """Somebody leaves the team; who was in it stays in the journal."""
    planned = member.planned
    with writing(by=by, at=at, verb="check.team", subject=planned, unit_id=planned.plan.unit_id) as entry:
        _require_team(by, planned, at)
        line_locked(planned)
        entry.data.update(name=member.name, removed=True)
        member.delete()


def offer_join(*, by: Actor, at: datetime, target: CheckTarget, other: CheckTarget, words: str = "") -> CheckJoin:
    """Offer to check the unit together: ours is left to theirs, and our people join their team."""
    planned = target.planned
    with writing(by=by, at=at, verb="check.offer_join", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        line_locked(planned)
        if not _can_join(target, other):
            raise refusals.NotOverlapping()
        if CheckJoin.objects.filter(target=target, accepted__isnull=True).exists():
            raise refusals.JoinOffered()
        made = CheckJoin.objects.create(
            target=target, other=other, words=nfc(words).strip()[:300], offered_at=at, offered_by=who(by)
        )
        entry.data.update(unit=target.unit_id, other=other.planned_id)
        on = timezone.localdate(at)
        tell(
            by,
            at,
            [other.planned.plan.unit_id],
            "check.plan",
            f"Đề nghị ghép đoàn kiểm tra {orgs.body_name(target.unit_id, on)}",
            f"{orgs.body_name(planned.plan.unit_id, on)} đề nghị đi cùng đoàn “{other.planned.subject}”. {made.words}",
            other.planned.get_absolute_url(),
        )
    return made


def answer_join(*, by: Actor, at: datetime, join: CheckJoin, accepted: bool, answer: str = "") -> CheckJoin:
    """Who plans the other check takes them along, or says why not."""
    host = join.other.planned.plan.unit_id
    with writing(by=by, at=at, verb="check.answer_join", subject=join.other.planned, unit_id=host) as entry:
        require_plan(by, host, at)
        found = CheckJoin.objects.select_for_update().get(pk=join.pk)
        if found.accepted is not None or not _can_join(found.target, found.other):
            raise refusals.JoinAnswered()
        found.answer = nfc(answer).strip()[:300] if accepted else required(answer, "answer")[:300]
        found.accepted, found.answered_at, found.answered_by = accepted, at, who(by)
        found.save()
        if accepted:
            _go_along(found, timezone.localdate(at))
        entry.data.update(accepted=accepted, unit=found.target.unit_id)
        said = "Đồng ý ghép đoàn" if accepted else "Không ghép đoàn"
        asker = found.target.planned
        tell(
            by,
            at,
            [asker.plan.unit_id],
            "check.plan",
            f"{said}: {asker.subject}",
            found.answer,
            asker.get_absolute_url(),
        )
    return found


def _can_join(target: CheckTarget, other: CheckTarget) -> bool:
    """Two checks of one unit, both standing, in two lines; ours not decided yet, theirs not begun."""
    for each in (target, other):
        each.refresh_from_db()
    stand = all(
        each.dropped_at is None and each.joined_id is None and each.planned.dropped_at is None
        for each in (target, other)
    )
    apart = target.planned_id != other.planned_id and target.unit_id == other.unit_id
    ours = CheckVisit.objects.filter(target=target).exists()
    theirs = CheckVisit.objects.filter(target=other, state__in=BEGUN).exists()
    return stand and apart and not ours and not theirs


def _go_along(found: CheckJoin, on: date) -> None:
    """The unit is left to the other's check; the team of the line joins that team, or the unit by its name."""
    target, other = found.target, found.other
    target.joined = other
    target.save(update_fields=["joined"])
    host = target.planned.plan.unit_id
    members = list(target.planned.members.all())
    there = set(other.planned.members.values_list("name", "office"))
    if not members:
        CheckMember.objects.create(planned=other.planned, name=orgs.body_name(host, on), unit_id=host)
    CheckMember.objects.bulk_create(
        CheckMember(
            planned=other.planned,
            name=each.name,
            office=each.office,
            unit_id=each.unit_id or host,
            position_id=each.position_id,
            part=each.part or target.planned.subject[:300],
        )
        for each in members
        if (each.name, each.office) not in there
    )


def _require_team(by: Actor, planned: PlannedCheck, at: datetime) -> None:
    """Who plans or who runs checks of the unit."""
    on, unit = timezone.localdate(at), planned.plan.unit_id
    if not (people.may(by, "check.plan", unit, on) or people.may(by, "check.run", unit, on)):
        raise NotAllowed()
