"""Changing a unit: its name, kind, code, place, attributes, end and new beginning; each from a day on.

Each verb is a decree of one step (`decreeing`), so each leaves a `Change` that can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import Invalid
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import decree, queries, refusals, rights
from giaoban.orgs.actions.decreeing import may_do
from giaoban.orgs.decree import Step
from giaoban.orgs.engine import Decree, enact
from giaoban.orgs.models import COUNTRY_ID, Change, Decision, Unit

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


def one_step(by: Actor, at: datetime, on: date, step: Step, decision: Decision | None) -> Change:
    """Enact a single step; its first fault is raised as it is, without the number of a row."""
    may_do(by, at, on, [step])
    try:
        return enact([Decree([step], decision)], by=by, at=at, on=on).changes[0]
    except Invalid as refused:
        fault = refused.faults[0]
        raise fault.fault if isinstance(fault, refusals.BadRow) else fault from None


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
) -> Change:
    """Give the unit another name from a day on; what was written before keeps the old one."""
    with writing(by=by, at=at, verb="unit.rename", subject=unit, unit_id=unit.pk) as entry:
        before = queries.name(unit.pk, on)
        change = one_step(by, at, on, decree.Rename(unit.pk, name, body_name, short_name), decision)
        entry.data.update(on=on, before=before, after=name)
    return change


def reclassify(*, by: Actor, at: datetime, on: date, unit: Unit, kind: str, decision: Decision | None = None) -> Change:
    """Make it a unit of another kind from a day on: a commune becomes a ward, a school gains a level."""
    with writing(by=by, at=at, verb="unit.reclassify", subject=unit, unit_id=unit.pk) as entry:
        before = queries.snapshot(unit.pk, on)
        change = one_step(by, at, on, decree.Reclassify(unit.pk, kind), decision)
        entry.data.update(on=on, before=before.kind_id if before else "", after=kind)
    return change


def recode(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    scheme: str,
    code: str,
    decision: Decision | None = None,
) -> Change:
    """Give the unit another code in a scheme from a day on; an empty code takes it away."""
    with writing(by=by, at=at, verb="unit.recode", subject=unit, unit_id=unit.pk) as entry:
        before = queries.snapshot(unit.pk, on)
        change = one_step(by, at, on, decree.Recode(unit.pk, scheme, code), decision)
        entry.data.update(on=on, scheme=scheme, before=before.code if before else "", after=code)
    return change


def mark(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    attribute: str,
    value: str,
    decision: Decision | None = None,
) -> Change:
    """Give the unit a value of a dated attribute, such as the zone of a decision; an empty value takes it away."""
    with writing(by=by, at=at, verb="unit.mark", subject=unit, unit_id=unit.pk) as entry:
        held = {one.code: found for one, found, whose in queries.attributes_of(unit.pk, on) if whose == unit.pk}
        change = one_step(by, at, on, decree.Mark(unit.pk, attribute, value), decision)
        entry.data.update(on=on, attribute=attribute, before=held.get(attribute, ""), after=value)
    return change


def move(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    hierarchy: str,
    parent: int | None,
    decision: Decision | None = None,
) -> Change:
    """Put the unit under another one in a hierarchy from a day on; without a parent it leaves the hierarchy."""
    with writing(by=by, at=at, verb="unit.move", subject=unit, unit_id=unit.pk) as entry:
        before = queries.parent(unit.pk, hierarchy, on)
        change = one_step(by, at, on, decree.Move(unit.pk, hierarchy, parent), decision)
        entry.data.update(on=on, hierarchy=hierarchy, before=before, after=parent)
    return change


def move_many(
    *,
    by: Actor,
    at: datetime,
    on: date,
    moves: Sequence[Move],
    decision: Decision | None = None,
) -> Change:
    """Many moves (unit, hierarchy, parent) on one day: all or none, faults naming the row; one event."""
    with writing(by=by, at=at, verb="unit.move_many", unit_id=COUNTRY_ID) as entry:
        steps = [decree.Move(*row) for row in moves]
        may_do(by, at, on, steps)
        try:
            change = enact([Decree(steps, decision)], by=by, at=at, on=on).changes[0]
        except Invalid as refused:  # a circle is the fault of all moves together, not of a row
            circles = (fault.fault for fault in refused.faults if isinstance(fault, refusals.BadRow))
            raise next((fault for fault in circles if isinstance(fault, refusals.Loop)), refused) from None
        entry.data.update(on=on, moves=[list(row) for row in moves])
    return change


def close(*, by: Actor, at: datetime, on: date, unit: Unit, decision: Decision | None = None) -> Change:
    """End the unit: `on` is the first day it no longer exists. Its figures and papers stay readable."""
    with writing(by=by, at=at, verb="unit.close", subject=unit, unit_id=unit.pk) as entry:
        change = one_step(by, at, on, decree.Close(unit.pk), decision)
        entry.data.update(on=on)
    return change


def reopen(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    parents: Mapping[str, int] | None = None,
    decision: Decision | None = None,
) -> Change:
    """Let a closed unit exist again from a day on, as what it was called, under these parents: {hierarchy: unit id}."""
    with writing(by=by, at=at, verb="unit.reopen", subject=unit, unit_id=unit.pk) as entry:
        change = one_step(by, at, on, decree.Reopen(unit.pk, parents or {}), decision)
        entry.data.update(on=on, parents=dict(parents or {}))
    return change
