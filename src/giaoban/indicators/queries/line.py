"""The line of a round: which unit carries out which step for which report, and who may act there.

A step belongs to a unit. Who acts must sit in that unit or in an office of it (MANAGEMENT), and hold the step's right
over the reporting unit: so the Sở's checker does not do the commune's step though the Sở's rights reach the school.
The tree of today decides; for a unit that has ended since, the tree of the round's data day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from giaoban.indicators.models import Report, Round, Step
from giaoban.indicators.models.collection import Where
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, Closure
from giaoban.orgs.queries.heirs import heirs
from giaoban.people import queries as people

PARENT_OF = {Where.MANAGEMENT_PARENT: MANAGEMENT, Where.PROFESSIONAL_PARENT: PROFESSIONAL}


def parents(hierarchy: str, unit_ids: Iterable[int], day: date) -> dict[int, int]:
    """The unit directly above each, in one query."""
    rows = Closure.objects.filter(
        hierarchy=hierarchy, descendant__in=list(unit_ids), depth=1, start__lte=day, end__gt=day
    ).values_list("descendant_id", "ancestor_id")
    return dict(rows)


def members(group_ids: Iterable[int], unit_ids: Iterable[int], on: date) -> dict[int, list[int]]:
    """{group: those of the units that stand below it in any hierarchy}."""
    rows = Closure.objects.filter(
        ancestor__in=list(group_ids), descendant__in=list(unit_ids), depth__gt=0, start__lte=on, end__gt=on
    )
    found: dict[int, list[int]] = {}
    for group, unit in sorted(set(rows.values_list("ancestor_id", "descendant_id"))):
        found.setdefault(group, []).append(unit)
    return found


def answering(unit_ids: Iterable[int], on: date) -> dict[int, int]:
    """For units that have ended the unit that answers for their reports: as was decided, else what they became."""
    units = set(unit_ids)
    ended = units - set(orgs.snapshots(units, on))
    if not ended:
        return {}
    decided = Report.objects.filter(unit__in=ended, duty__isnull=False).order_by("pk")
    return heirs(ended, on) | dict(decided.values_list("unit_id", "duty_id"))


def keeper(round: Round, on: date) -> int:
    """Who opened the round, or the unit that became of it."""
    return heirs([round.opener_id], on).get(round.opener_id, round.opener_id)


class Carriers:
    """Who carries out the steps for some reporting units; each tree is read once, however many steps are asked."""

    def __init__(self, unit_ids: Iterable[int], on: date) -> None:
        self.units = sorted(set(unit_ids))
        self.on = on
        self._above: dict[tuple[str, date], dict[int, int]] = {}

    @cached_property
    def duty(self) -> dict[int, int]:
        """Who answers for those units that have ended."""
        return answering(self.units, self.on)

    def of(self, step: Step, round: Round, unit_ids: Iterable[int] | None = None) -> dict[int, int | None]:
        """For each reporting unit the unit that carries out the step; None where nobody stands above."""
        units = self.units if unit_ids is None else list(unit_ids)
        if step.where == Where.OPENER:
            return dict.fromkeys(units, keeper(round, self.on))
        if step.where == Where.UNIT and step.unit_id is not None:
            return dict.fromkeys(units, heirs([step.unit_id], self.on).get(step.unit_id, step.unit_id))
        if step.where == Where.OWN:
            return {unit: self.duty.get(unit, unit) for unit in units}
        return self._parents(PARENT_OF[Where(step.where)], units, round.data_day)

    def _parents(self, hierarchy: str, units: list[int], data_day: date) -> dict[int, int | None]:
        above = dict(self._read(hierarchy, self.on))
        above |= {unit: above[heir] for unit, heir in self.duty.items() if heir in above}
        if any(unit not in above for unit in units):
            then = self._read(hierarchy, data_day)
            became = heirs(set(then.values()), self.on)
            above = {unit: became.get(parent, parent) for unit, parent in then.items()} | above
        return {unit: above.get(unit) for unit in units}

    def _read(self, hierarchy: str, day: date) -> dict[int, int]:
        if (hierarchy, day) not in self._above:
            self._above[hierarchy, day] = parents(hierarchy, {*self.units, *self.duty.values()}, day)
        return self._above[hierarchy, day]


class Rights:
    """What one actor may do over some reporting units; each right is read once."""

    def __init__(self, actor: Actor, unit_ids: Iterable[int], on: date) -> None:
        self.actor, self.on = actor, on
        self.units = sorted(set(unit_ids))
        self.carriers = Carriers(self.units, on)
        self._allowed: dict[tuple[str, date | None], set[int]] = {}

    @cached_property
    def mine(self) -> set[int]:
        return set(people.own_units(self.actor, self.on))

    @cached_property
    def _ended(self) -> set[int]:
        """Units that are in no tree of today."""
        return set(self.units) - set(orgs.snapshots(self.units, self.on))

    def allowed(self, verb: str, round: Round) -> set[int]:
        """The units over which the actor holds a right; for one that has ended, over the unit that answers for it."""
        if self.actor.is_system:
            return set(self.units)
        found = self._read(verb, None)
        if self._ended:
            duty = self.carriers.duty
            found = found | (self._ended & self._read(verb, round.data_day))
            found = found | {unit for unit in self._ended if duty.get(unit) in found}
        return found

    def _read(self, verb: str, day: date | None) -> set[int]:
        if (verb, day) not in self._allowed:
            rows = people.units_where(self.actor, verb, self.on, tree_day=day)
            asked = {*self.units, *self.carriers.duty.values()} if self._ended else self.units
            here = rows.filter(descendant__in=asked).values_list("descendant_id", flat=True)
            self._allowed[verb, day] = set(here)
        return self._allowed[verb, day]

    def passable(self, step: Step, round: Round, unit_ids: Iterable[int] | None = None) -> set[int]:
        """The reporting units for which the actor may carry out the step."""
        units = self.units if unit_ids is None else list(unit_ids)
        if self.actor.is_system:
            return set(units)
        allowed = self.allowed(step.verb, round)
        carrying = self.carriers.of(step, round, units)
        return {unit for unit in units if unit in allowed and carrying[unit] in self.mine}

    def steps(self, round: Round, unit_ids: Iterable[int] | None = None) -> dict[int, set[int]]:
        """{step order: reporting units} of everything the actor may carry out; steps without any are absent."""
        found = {step.order: self.passable(step, round, unit_ids) for step in round.steps.all()}
        return {order: chosen for order, chosen in found.items() if chosen}


def my_steps(actor: Actor, round: Round, unit_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    """`Rights.steps` for one round."""
    return Rights(actor, unit_ids, on).steps(round)
