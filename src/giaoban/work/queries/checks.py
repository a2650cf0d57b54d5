"""Questions about checks: plans, who is checked by whom, where two plans meet, what was found and is still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Unit
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people
from giaoban.work import check_rules as rules
from giaoban.work.models import CheckJoin, CheckPaper, CheckPlan, CheckTarget, CheckVisit, Finding, PlannedCheck
from giaoban.work.queries.names import within

State = CheckVisit.State
STANDING = Q(dropped_at__isnull=True, joined__isnull=True, planned__dropped_at__isnull=True)
CLOSED = Q(kind=Finding.Kind.STRENGTH) | Q(task__confirmed_at__isnull=False) | Q(accepted=True)
AGREED = (State.SIGNED, State.CONCLUDED)
SHOWN = (State.PRESENTED, *AGREED)


@dataclass(frozen=True)
class Overlap:
    """Two plans meet at one unit: on the same subject in one year, or too close together."""

    mine: CheckTarget
    other: CheckTarget
    same_subject: bool
    near: bool
    rule: rules.OverlapRule

    @property
    def host_id(self) -> int:
        return self.other.planned.plan.unit_id


# Plans


def plan(actor: Actor, unit_id: int, year: int, on: date) -> CheckPlan | None:
    """The plan of a unit whose checks the actor may see; NotAllowed otherwise, None where there is none yet."""
    if not people.may(actor, "check.view", unit_id, on):
        raise NotAllowed()
    return CheckPlan.objects.filter(unit_id=unit_id, year=year).select_related("document").first()


def lines(found: CheckPlan) -> list[PlannedCheck]:
    """Its lines in the order of time, with their units, team and moves."""
    targets = CheckTarget.objects.select_related("joined__planned__plan").prefetch_related("visit")
    rows = found.lines.select_related("plan", "basis", "decision")
    return list(rows.prefetch_related(Prefetch("targets", targets), "members", "moves"))


def line(actor: Actor, planned_id: int, on: date) -> PlannedCheck:
    """One line: for those who may see the plan, and once it is issued for the units it names."""
    found = PlannedCheck.objects.select_related("plan", "basis", "decision").get(pk=planned_id)
    if people.may(actor, "check.view", found.plan.unit_id, on) or targets_in_sight(actor, found, on):
        return found
    raise PlannedCheck.DoesNotExist


def targets_in_sight(actor: Actor, found: PlannedCheck, on: date) -> list[CheckTarget]:
    """The units of a line that the actor may see: all of them in a plan of theirs, else their own once issued."""
    rows = found.targets.select_related("joined__planned__plan").prefetch_related("visit").order_by("pk")
    if people.may(actor, "check.view", found.plan.unit_id, on):
        return list(rows)
    if found.plan.state != CheckPlan.State.ISSUED:
        return []
    return list(rows.filter(within("unit_id", people.units_where(actor, "check.view", on))))


def gone(targets: Iterable[CheckTarget], on: date) -> set[int]:
    """Those still to be checked whose unit no longer exists: somebody decides who is checked instead."""
    waiting = [each for each in targets if each.dropped_at is None and each.joined_id is None]
    there = orgs.snapshots({each.unit_id for each in waiting}, on)
    return {each.pk for each in waiting if each.unit_id not in there and not hasattr(each, "visit")}


def checked(actor: Actor, on: date) -> QuerySet[CheckTarget]:
    """Checks of the actor's units, by whomever, of issued plans; the nearest first."""
    units = people.units_where(actor, "check.view", on)
    found = CheckTarget.objects.filter(planned__plan__state=CheckPlan.State.ISSUED)
    if not actor.is_system:
        found = found.filter(within("unit_id", units))
    rows = found.select_related("planned__plan", "joined__planned__plan").prefetch_related("visit")
    return rows.order_by("-planned__starts_on", "pk")


# Where plans meet


def overlaps(planned: Sequence[PlannedCheck]) -> dict[int, list[Overlap]]:
    """{target: those it meets}, of lines that stand; drafts of others count, so that both see it while planning."""
    mine = list(
        CheckTarget.objects.filter(STANDING, planned__in=[each.pk for each in planned]).select_related("planned__plan")
    )
    if not mine:
        return {}
    years = {each.planned.starts_on.year for each in mine}
    around = Q()
    for year in years:
        around |= Q(planned__starts_on__year=year)
    first, last = min(each.planned.starts_on for each in mine), max(each.planned.ends_on for each in mine)
    widest = max(rules.overlap(each.planned.starts_on).days for each in mine)
    around |= Q(planned__ends_on__gt=first - timedelta(widest), planned__starts_on__lt=last + timedelta(widest))
    others = CheckTarget.objects.filter(STANDING, around, unit__in={each.unit_id for each in mine})
    at_unit: dict[int, list[CheckTarget]] = defaultdict(list)
    for other in others.select_related("planned__plan").order_by("planned__starts_on", "pk"):
        at_unit[other.unit_id].append(other)
    return {each.pk: met for each in mine if (met := _met(each, at_unit[each.unit_id]))}


def _met(mine: CheckTarget, at_unit: Sequence[CheckTarget]) -> list[Overlap]:
    rule = rules.overlap(mine.planned.starts_on)
    same = [each for each in at_unit if each.pk != mine.pk and _same_subject(mine.planned, each.planned)]
    too_often = len(same) + 1 > rule.times
    found = []
    for other in at_unit:
        if other.planned_id == mine.planned_id:
            continue
        near = rule.near(_days(mine.planned), _days(other.planned))
        often = too_often and other in same
        if near or often:
            found.append(Overlap(mine, other, often, near, rule))
    return found


def _days(found: PlannedCheck) -> tuple[date, date]:
    return found.starts_on, found.ends_on


def _same_subject(one: PlannedCheck, other: PlannedCheck) -> bool:
    """The same topic in one year; of other topics the same words."""
    if one.starts_on.year != other.starts_on.year or one.topic != other.topic:
        return False
    return one.topic != rules.OTHER or fold(one.subject) == fold(other.subject)


def open_offers(unit_id: int) -> list[CheckJoin]:
    """Offers of others to go along with checks of this unit, waiting for its answer."""
    found = CheckJoin.objects.filter(accepted__isnull=True, other__planned__plan__unit_id=unit_id)
    return list(found.select_related("target__planned__plan", "other__planned__plan"))


def offer(actor: Actor, join_id: int, on: date) -> CheckJoin:
    """One offer, for those who plan the check it goes along with."""
    found = CheckJoin.objects.select_related("target__planned__plan", "other__planned__plan").get(pk=join_id)
    if not people.may(actor, "check.plan", found.other.planned.plan.unit_id, on):
        raise CheckJoin.DoesNotExist
    return found


# Checks


def visits(actor: Actor, on: date) -> QuerySet[CheckVisit]:
    """Checks the actor may see: done by their units or together with them, or done at their units."""
    found = CheckVisit.objects.select_related("target__planned__plan", "document")
    if actor.is_system:
        return found
    units = people.units_where(actor, "check.view", on)
    along = CheckTarget.objects.filter(joined=OuterRef("target"), planned__plan__unit__in=units)
    return found.filter(within("host_id", units) | within("unit_id", units) | Q(Exists(along)))


def visit(actor: Actor, visit_id: int, on: date) -> CheckVisit:
    """One check; CheckVisit.DoesNotExist when it is not there or not for this actor."""
    return visits(actor, on).get(pk=visit_id)


def checks(actor: Actor, found: CheckVisit, on: date) -> bool:
    """Whether the actor is on the side of those who check."""
    if people.may(actor, "check.view", found.host_id, on):
        return True
    along = found.target.guests.values_list("planned__plan__unit_id", flat=True)
    return any(people.may(actor, "check.view", unit, on) for unit in along)


def answers_for(actor: Actor, found: CheckVisit, on: date) -> bool:
    """Whether the actor speaks for the unit checked: its own people, not those above it."""
    return found.unit_id in people.acts_for(actor, "check.answer", on)


def sees_findings(actor: Actor, found: CheckVisit, on: date) -> bool:
    """Who checks always; the unit once the team has put its name to the minutes; others when both sides have."""
    if found.state in AGREED or checks(actor, found, on):
        return True
    return found.state in SHOWN and found.unit_id in people.own_units(actor, on)


def finding(actor: Actor, finding_id: int, on: date) -> Finding:
    """One finding; Finding.DoesNotExist when it is not there or not for this actor yet."""
    found = Finding.objects.select_related("visit__target__planned__plan", "task").get(pk=finding_id)
    if not visits(actor, on).filter(pk=found.visit_id).exists() or not sees_findings(actor, found.visit, on):
        raise Finding.DoesNotExist
    return found


def paper(actor: Actor, paper_id: int, on: date) -> CheckPaper:
    """A paper asked of a unit: for who checks, and the unit's own people."""
    found = CheckPaper.objects.select_related("visit__target__planned__plan").get(pk=paper_id)
    of = found.visit
    if not visits(actor, on).filter(pk=of.pk).exists():
        raise CheckPaper.DoesNotExist
    if not (checks(actor, of, on) or of.unit_id in people.own_units(actor, on)):
        raise CheckPaper.DoesNotExist
    return found


def is_closed(found: Finding) -> bool:
    """A strength, a confirmed task, or an accepted explanation (`CLOSED` for many)."""
    done = found.task is not None and found.task.confirmed_at is not None
    return found.kind == Finding.Kind.STRENGTH or done or found.accepted is True


def open_findings(actor: Actor, on: date, unit_id: int | None = None) -> QuerySet[Finding]:
    """Shortcomings and violations of signed minutes that nothing has closed yet, the oldest first."""
    found = Finding.objects.filter(visit__state__in=AGREED, visit__in=visits(actor, on).values("pk")).exclude(CLOSED)
    if unit_id is not None:
        found = found.filter(visit__host_id=unit_id)
    return found.select_related("visit__target__planned__plan", "task").order_by("visit__signed_at", "number")


def again(findings: Iterable[Finding]) -> dict[int, int]:
    """{finding: how often the same kind was found on the same topic at the unit before}; what never was is absent."""
    wanted = [each for each in findings if each.kind != Finding.Kind.STRENGTH]
    if not wanted:
        return {}
    units = {each.visit.unit_id for each in wanted}
    of = {unit: {unit, *_made_of(unit)} for unit in units}
    rows = Finding.objects.filter(
        visit__state__in=AGREED,
        visit__unit__in={one for each in of.values() for one in each},
        kind__in={each.kind for each in wanted},
        topic__in={each.topic for each in wanted},
    ).values_list("kind", "topic", "visit_id", "visit__unit_id", "visit__opens_on")
    earlier: dict[tuple[str, str], set[tuple[int, int, date]]] = defaultdict(set)
    for kind, topic, visit_id, unit_id, opened in rows:
        earlier[kind, topic].add((visit_id, unit_id, opened))
    counted = {
        each.pk: sum(
            1
            for visit_id, unit_id, opened in earlier[each.kind, each.topic]
            if visit_id != each.visit_id and unit_id in of[each.visit.unit_id] and opened < each.visit.opens_on
        )
        for each in wanted
    }
    return {key: times for key, times in counted.items() if times}


def _made_of(unit_id: int) -> set[int]:
    """The units that became, whole, this one."""
    return {row["predecessor_id"] for row in made_of(Unit.objects.filter(pk=unit_id).values("pk"))}


def days_left(found: CheckVisit, on: date) -> int | None:
    """Days until the notice of results is due; negative when past; None where none is owed."""
    if found.notice_due_on is None or found.state != State.SIGNED:
        return None
    return (found.notice_due_on - on).days


def signed_on(found: CheckVisit) -> date | None:
    return timezone.localdate(found.signed_at) if found.signed_at else None
