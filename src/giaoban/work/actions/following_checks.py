"""When a unit ends: who checks instead of it, and who is checked instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, Q

from giaoban.core.refusal import Refused, sentence
from giaoban.work.models import CheckPlan, CheckTarget, CheckVisit, PlannedCheck

Row = list[Any]
MODELS: dict[str, type[Model]] = {
    "plan": CheckPlan,
    "line": PlannedCheck,
    "target": CheckTarget,
    "visit": CheckVisit,
}
OPEN = ~Q(state__in=[CheckVisit.State.CONCLUDED, CheckVisit.State.CALLED_OFF])


class NewerChecks(Refused):
    sentence = sentence("%(count)s checks of or by the new units were planned or begun since, such as “%(example)s”.")


def pass_checks(whole: Mapping[int, int], hosts: Mapping[int, int]) -> list[Row]:
    """Rows [what, key, field, before] of all that went along.

    `hosts`: who goes on checking for a unit that ended (its heir, the main part of it, or the unit above). A unit still
    to be checked passes to its heir; one that was divided or closed without an heir stays in the line and is shown
    there, so that whoever plans decides who is checked instead. A check under way goes on with the heir.
    """
    found: list[Row] = []
    for plan in CheckPlan.objects.filter(unit__in=list(hosts)).order_by("pk"):
        _pass_plan(plan, hosts[plan.unit_id], found)
    for line in PlannedCheck.objects.filter(lead__in=list(hosts), dropped_at__isnull=True).order_by("pk"):
        _set(found, "line", line, "lead_id", hosts[line.lead_id])
    waiting = CheckTarget.objects.filter(
        Q(visit__isnull=True) | Q(visit__in=CheckVisit.objects.filter(OPEN)),
        unit__in=list(whole),
        dropped_at__isnull=True,
        joined__isnull=True,
        planned__dropped_at__isnull=True,
    )
    for target in waiting.order_by("pk"):
        heir = whole[target.unit_id]
        if not CheckTarget.objects.filter(planned=target.planned_id, unit=heir).exists():
            _set(found, "target", target, "unit_id", heir)
    mine = Q(unit__in=list(whole)) | Q(host__in=list(hosts))
    for visit in CheckVisit.objects.filter(OPEN & mine).order_by("pk"):
        _set(found, "visit", visit, "unit_id", whole.get(visit.unit_id, visit.unit_id))
        _set(found, "visit", visit, "host_id", hosts.get(visit.host_id, visit.host_id))
    return found


def _pass_plan(plan: CheckPlan, heir: int, found: list[Row]) -> None:
    """The plan as it is, or its standing lines into the plan that the heir has of that year."""
    own = CheckPlan.objects.filter(unit=heir, year=plan.year).first()
    if own is None:
        _set(found, "plan", plan, "unit_id", heir)
        return
    for line in plan.lines.filter(dropped_at__isnull=True).order_by("pk"):
        _set(found, "line", line, "plan_id", own.pk)


def _set(found: list[Row], what: str, row: Any, name: str, value: int) -> None:
    before = getattr(row, name)
    if before != value:
        found.append([what, row.pk, name, before])
        MODELS[what]._default_manager.filter(pk=row.pk).update(**{name: value})


def take_checks_back(rows: Sequence[Row]) -> None:
    for what, key, name, before in reversed(rows):
        MODELS[what]._default_manager.filter(pk=key).update(**{name: before})


def resting_checks(rows: Sequence[Row], founded: Sequence[int]) -> list[Refused]:
    """Checks of or by the new units that did not pass to them."""
    units = list(founded)
    passed = {what: {row[1] for row in rows if row[0] == what} for what in MODELS}
    plans = CheckPlan.objects.filter(unit__in=units).exclude(pk__in=passed["plan"])
    targets = CheckTarget.objects.filter(unit__in=units).exclude(pk__in=passed["target"])
    newer = PlannedCheck.objects.filter(Q(plan__in=plans) | Q(targets__in=targets)).exclude(pk__in=passed["line"])
    count = newer.distinct().count()
    return [NewerChecks(count=count, example=str(newer.first()))] if count else []
