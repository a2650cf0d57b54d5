"""Grants: which roles a position has, over which units, from which day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from giaoban.core.refusal import Refused, sentence
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries
from giaoban.people.actions.seats import DayBefore, EndedAlready, EndsBeforeStart, NotOneself, UnitNotThere
from giaoban.people.models import Grant, Position
from giaoban.people.roles import Role


class RolesApart(Refused):
    sentence = sentence("An administrator enters and approves nothing: such a position holds no other role.")
    field = "role"


class AlreadyGranted(Refused):
    sentence = sentence("The position has this role there already.")
    field = "role"


class BeyondOwnUnits(Refused):
    sentence = sentence(
        "In this hierarchy “%(unit)s” stands below, whose accounts you do not manage. Ask the administrator above both."
    )
    field = "hierarchy"


class GrantNotStarted(DayBefore):
    sentence = sentence("The role holds only from %(day)s.")


def grant(
    *,
    by: Actor,
    at: datetime,
    position: Position,
    role: Role,
    unit: int | None = None,
    hierarchy: str = orgs.MANAGEMENT,
    on: date | None = None,
    until: date | None = None,
) -> Grant:
    """Give the position a role over a unit (its own by default) and all below it in one hierarchy, from a day."""
    on = on or timezone.localdate(at)
    unit = position.unit_id if unit is None else unit
    role = Role(role)
    _require(by, at, position, unit, on)
    with writing(by=by, at=at, verb="grant.give", unit_id=unit) as entry:
        entry.subject = position = Position.objects.select_for_update().get(pk=position.pk)
        if until is not None and until <= on:
            raise EndsBeforeStart()
        if not orgs.exists(unit, on):
            raise UnitNotThere(day=f"{on:%d/%m/%Y}")
        _check_reach(by, at, unit, hierarchy, on)
        _check_others(position, role, unit, hierarchy, on, until)
        entry.data |= {"role": role.value, "hierarchy": hierarchy, "start": on, "end": until}
        return Grant.objects.create(
            position=position, role=role.value, unit_id=unit, hierarchy_id=hierarchy, start=on, end=until
        )


def revoke(*, by: Actor, at: datetime, grant: Grant, on: date | None = None, reason: str = "") -> Grant:
    """Take the role back; `on` is the first day it no longer holds."""
    on = on or timezone.localdate(at)
    _require(by, at, grant.position, grant.unit_id, on)
    with writing(
        by=by, at=at, verb="grant.revoke", subject=grant.position, unit_id=grant.unit_id, reason=reason
    ) as entry:
        if on < grant.start:
            raise GrantNotStarted(day=f"{grant.start:%d/%m/%Y}")
        entry.data |= {"role": grant.role, "hierarchy": grant.hierarchy_id, "end": on}
        if grant.end is not None and grant.end <= on:
            raise EndedAlready(day=f"{grant.end:%d/%m/%Y}")
        grant.end = on
        grant.save(update_fields=["end"])
        return grant


def _require(by: Actor, at: datetime, position: Position, unit: int, on: date) -> None:
    """The administrator manages both where the position sits and where the role will hold, and does not hold it."""
    if by.is_system:
        return
    today = timezone.localdate(at)
    queries.require(by, "account.manage", position.unit_id, today, tree_day=on)
    queries.require(by, "account.manage", unit, today, tree_day=on)
    if position.holdings.filter(Q(end__isnull=True) | Q(end__gt=today), account_id=by.account_id).exists():
        raise NotOneself()


def _check_reach(by: Actor, at: datetime, unit: int, hierarchy: str, on: date) -> None:
    """A role may not reach units that the administrator does not manage: a commune's area holds a school of the Sở."""
    if by.is_system:
        return
    managed = queries.units_where(by, "account.manage", timezone.localdate(at), tree_day=on)
    below = orgs.descendants(unit, hierarchy, on, include_self=True)
    for beyond in orgs.living(on).filter(unit_id__in=below).exclude(unit_id__in=managed)[:1]:
        raise BeyondOwnUnits(unit=beyond.name)


def _check_others(position: Position, role: Role, unit: int, hierarchy: str, on: date, until: date | None) -> None:
    """The roles the position has in the same days: not this one, and never an administrator's with another."""
    others = Grant.objects.filter(Q(end__isnull=True) | Q(end__gt=on), position=position)
    if until is not None:
        others = others.filter(start__lt=until)
    if others.filter(role=role.value, unit_id=unit, hierarchy_id=hierarchy).exists():
        raise AlreadyGranted()
    other_kind = others.exclude(role=Role.ADMINISTRATOR.value)
    if role != Role.ADMINISTRATOR:
        other_kind = others.filter(role=Role.ADMINISTRATOR.value)
    if other_kind.exists():
        raise RolesApart()
