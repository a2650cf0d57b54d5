"""Changing a unit: its name, kind, code, place and end; each from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import Invalid, Refused
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, rights
from giaoban.orgs.actions.checks import code_fault, name_faults, parent_fault, there, unchanged
from giaoban.orgs.actions.founding import derive
from giaoban.orgs.derived import parts, rebuild_closure, rebuild_snapshots
from giaoban.orgs.models import (
    COUNTRY_ID,
    Classing,
    Closure,
    Code,
    Decision,
    Existence,
    Hierarchy,
    Kind,
    Link,
    Name,
    Unit,
)

Move = tuple[int, str, int | None]
"""A unit, a hierarchy, and the unit it goes under, or None to leave the hierarchy."""


def record_decision(
    *, by: Actor, at: datetime, number: str, date: date | None, issuer: str = "", title: str = "", note: str = ""
) -> Decision:
    """Note a legal act that changes will rest on; the same number of the same issuer is the same act."""
    with writing(by=by, at=at, verb="unit.record_decision") as entry:
        rights.require(by, "unit.manage", by.unit_id or COUNTRY_ID, at=at, on=timezone.localdate(at))
        decision, fresh = Decision.objects.get_or_create(
            number=number, issuer=issuer, defaults={"date": date, "title": title, "note": note}
        )
        entry.subject, entry.skip = decision, not fresh
    return decision


def rename(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    name: str,
    body_name: str = "",
    short_name: str = "",
    decision: Decision | None = None,
) -> None:
    """Give the unit another name from a day on; what was written before keeps the old one."""
    with writing(by=by, at=at, verb="unit.rename", subject=unit, unit_id=unit.pk) as entry:
        rights.require(by, "unit.manage", unit.pk, at=at, on=on)
        before = there(unit, on)
        faults = name_faults(name, body_name, short_name)
        if faults:
            raise faults[0]
        unchanged(Name, unit, on)
        Name.objects.create(
            unit=unit, start=on, name=nfc(name).strip(), body_name=nfc(body_name), short_name=nfc(short_name),
            decision=decision,
        )  # fmt: skip
        rebuild_snapshots([unit.pk])
        entry.data.update(on=on, before=before.name, after=name)


def reclassify(*, by: Actor, at: datetime, on: date, unit: Unit, kind: str, decision: Decision | None = None) -> None:
    """Make it a unit of another kind from a day on: a commune becomes a ward, a school gains a level."""
    with writing(by=by, at=at, verb="unit.reclassify", subject=unit, unit_id=unit.pk) as entry:
        rights.require(by, "unit.manage", unit.pk, at=at, on=on)
        before = there(unit, on)
        if not Kind.objects.filter(pk=kind).exists():
            raise refusals.UnknownKind(kind=kind)
        unchanged(Classing, unit, on)
        Classing.objects.create(unit=unit, start=on, kind_id=kind, decision=decision)
        rebuild_snapshots([unit.pk])
        entry.data.update(on=on, before=before.kind_id, after=kind)


def recode(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    scheme: str,
    code: str,
    decision: Decision | None = None,
) -> None:
    """Give the unit another code in a scheme from a day on; an empty code takes it away."""
    with writing(by=by, at=at, verb="unit.recode", subject=unit, unit_id=unit.pk) as entry:
        rights.require(by, "unit.manage", unit.pk, at=at, on=on)
        before = there(unit, on)
        fault = code_fault(scheme, code, on, owner=unit.pk) if code else None
        if fault:
            raise fault
        unchanged(Code, unit, on, scheme=scheme)
        Code.objects.create(unit=unit, start=on, scheme=scheme, code=code, decision=decision)
        rebuild_snapshots([unit.pk])
        entry.data.update(on=on, scheme=scheme, before=before.code, after=code)


def move(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    hierarchy: str,
    parent: int | None,
    decision: Decision | None = None,
) -> None:
    """Put the unit under another one in a hierarchy from a day on; without a parent it leaves the hierarchy."""
    with writing(by=by, at=at, verb="unit.move", subject=unit, unit_id=unit.pk) as entry:
        before = queries.parent(unit.pk, hierarchy, on)
        faults = _move(by, at, on, [(unit.pk, hierarchy, parent)], decision)
        if faults:
            raise faults[0].fault
        entry.data.update(on=on, hierarchy=hierarchy, before=before, after=parent)


def move_many(
    *,
    by: Actor,
    at: datetime,
    on: date,
    moves: Sequence[Move],
    decision: Decision | None = None,
) -> None:
    """Many moves (unit, hierarchy, parent) on one day: all or none, faults naming the row; one event."""
    with writing(by=by, at=at, verb="unit.move_many", unit_id=COUNTRY_ID) as entry:
        faults = _move(by, at, on, moves, decision)
        if faults:
            raise Invalid(list(faults))
        entry.data.update(on=on, moves=[list(row) for row in moves])


def _move(by: Actor, at: datetime, on: date, moves: Sequence[Move], decision: Decision | None) -> list[refusals.BadRow]:
    """Write the links, or give what is wrong with them; a circle is refused by the closure as it is rebuilt."""
    for unit_id in {unit for row in moves for unit in (row[0], row[2]) if unit is not None}:
        rights.require(by, "unit.manage", unit_id, at=at, on=on)  # the unit and its new place
    known = _Known(moves, on)
    faults = [refusals.BadRow(row, fault) for row, one in enumerate(moves, start=1) if (fault := known.fault(*one))]
    if faults:
        return faults
    Link.objects.bulk_create(
        [
            Link(unit_id=unit_id, hierarchy_id=hierarchy, start=on, parent_id=parent, decision=decision)
            for unit_id, hierarchy, parent in moves
        ]
    )
    rebuild_closure({unit_id for unit_id, _, _ in moves})
    return []


class _Known:
    """What checks of many moves need, read in a few queries: who lives how long, and which links start when."""

    def __init__(self, moves: Sequence[Move], on: date) -> None:
        self.on = on
        self.hierarchies = set(Hierarchy.objects.values_list("code", flat=True))
        self.ends: dict[int, date] = {}
        self.starts: dict[tuple[int, str], set[date]] = {}
        units = {unit for row in moves for unit in (row[0], row[2]) if unit is not None}
        for part in parts(units):
            alive = Closure.objects.filter(descendant__in=part, depth=0, start__lte=on, end__gt=on)
            self.ends.update(alive.values_list("descendant_id", "end"))
            later = Link.objects.filter(unit__in=part, start__gte=on)
            for unit_id, hierarchy, start in later.values_list("unit_id", "hierarchy_id", "start"):
                self.starts.setdefault((unit_id, hierarchy), set()).add(start)

    def fault(self, unit_id: int, hierarchy: str, parent: int | None) -> Refused | None:
        if unit_id not in self.ends:
            return refusals.NotThere(unit=queries.name(unit_id, self.on), day=self.on)
        if hierarchy not in self.hierarchies:
            return refusals.UnknownHierarchy(hierarchy=hierarchy)
        later = self.starts.setdefault((unit_id, hierarchy), set())
        if self.on in later:
            return refusals.AlreadyChanged(unit=queries.name(unit_id, self.on), day=self.on)
        until = min([*later, self.ends[unit_id]])
        later.add(self.on)
        if parent is None or until <= self.ends.get(parent, self.on):
            return None
        return parent_fault(parent, self.on, until)


def close(*, by: Actor, at: datetime, on: date, unit: Unit, decision: Decision | None = None) -> None:
    """End the unit: `on` is the first day it no longer exists. Its figures and papers stay readable."""
    with writing(by=by, at=at, verb="unit.close", subject=unit, unit_id=unit.pk) as entry:
        rights.require(by, "unit.manage", unit.pk, at=at, on=on)
        close_unit(unit, on, decision)
        entry.data.update(on=on)


def close_unit(unit: Unit, on: date, decision: Decision | None) -> None:
    called = there(unit, on)
    ends = Existence.objects.filter(unit=unit, start__gte=on).order_by("start").first()
    if ends is not None:
        if ends.start == on:
            raise refusals.AlreadyChanged(unit=called.name, day=on)
        raise refusals.EndsAlready(unit=called.name, day=ends.start)
    below = Closure.objects.filter(ancestor=unit, depth=1, end__gt=on)
    if example := below.first():
        raise refusals.StillHasChildren(
            unit=called.name, count=below.values("descendant").distinct().count(),
            example=queries.name(example.descendant_id, on),
        )  # fmt: skip
    Existence.objects.create(unit=unit, start=on, exists=False, decision=decision)
    Link.objects.bulk_create(
        [
            Link(unit=unit, hierarchy_id=hierarchy, start=on, parent=None, decision=decision)
            for hierarchy in Closure.objects.filter(descendant=unit, depth=1, start__lte=on, end__gt=on)
            .values_list("hierarchy_id", flat=True)
            .distinct()
        ]
    )
    derive([unit.pk])
