"""What a division left open is settled here: where each unit below went, and by what shares its figures are parted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, rights
from giaoban.orgs.engine import derive
from giaoban.orgs.engine.checks import share_faults
from giaoban.orgs.engine.circles import circles
from giaoban.orgs.engine.enacting import signature
from giaoban.orgs.engine.hanging import hanging
from giaoban.orgs.models import Change, Decision, Lineage, Link, Unit


def place(*, by: Actor, at: datetime, change: Change, unit: int, hierarchy: str, parent: int) -> None:
    """Say where a unit below a divided one went, from the day of the division on."""
    with writing(by=by, at=at, verb="unit.place", subject=change, unit_id=unit) as entry:
        stored = Change.objects.select_for_update().get(pk=change.pk)
        asked = {parent} | {one for row in stored.unplaced if row[:2] == [unit, hierarchy] for one in row[2]}
        rights.require_all(by, "unit.manage", asked, at=at, on=change.on)  # all parts: who manages one may not take it
        settled = [row for row in stored.unplaced if row[:2] != [unit, hierarchy]]
        if len(settled) == len(stored.unplaced) or stored.undone_at:
            raise refusals.PlacedAlready(unit=queries.name(unit, change.on))
        links = _waiting(stored, unit, hierarchy)
        entry.data.update(on=change.on, hierarchy=hierarchy, before=[link.parent_id for link in links], after=parent)
        for link in links:
            link.parent_id = parent
        Link.objects.bulk_update(links, ["parent"])
        _refuse(unit, hierarchy, change.on)
        stored.unplaced = change.unplaced = settled
        stored.save(update_fields=["unplaced"])
        derive([], [unit])


def _waiting(change: Change, unit: int, hierarchy: str) -> list[Link]:
    """The links of the unit that the change led away from a unit it divided: that of the day, and planned ones."""
    parts: dict[int, int] = {}
    for old in Lineage.objects.filter(change=change).values_list("predecessor_id", flat=True):
        parts[old] = parts.get(old, 0) + 1
    led = {row: before["parent_id"] for table, row, before in change.altered if table == "link"}
    links = list(Link.objects.filter(unit=unit, hierarchy=hierarchy).order_by("start"))
    found = []
    for before, link in zip([None, *links], links):
        stood = led.get(link.pk, before.parent_id if before and link.change_id == change.pk else None)
        if parts.get(stood or 0, 0) > 1:
            found.append(link)
    return found


def _refuse(unit: int, hierarchy: str, on: date) -> None:
    """A place must stand as long as it is needed, and not below the unit itself."""
    for found in hanging([(unit, hierarchy)], on):
        raise refusals.ParentNotThere(parent=queries.name(found.parent, on), day=found.day)
    for circle in circles([(unit, hierarchy)], on):
        called = {"unit": queries.name(unit, on), "parent": queries.name(circle.parent, on)}
        raise refusals.LoopLater(day=circle.day, **called) if circle.day > on else refusals.Loop(**called)


def declare_shares(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    basis: str,
    shares: Mapping[int, Fraction],
    decision: Decision | None = None,
    title: str = "",
) -> Change:
    """Say anew by what a divided unit's figures are parted: pupils, population, area, a decision. {successor: share}.

    `on` is the day of the declaration; the shares hold from the division on. It is a change of its own, so it can be
    undone like any other.
    """
    with writing(by=by, at=at, verb="unit.declare_shares", subject=unit, unit_id=unit.pk) as entry:
        rows = list(Lineage.objects.filter(predecessor=unit).order_by("-main", "pk"))
        rights.require_all(by, "unit.manage", {row.successor_id for row in rows} or {unit.pk}, at=at, on=on)
        _refuse_shares(unit, rows, basis, shares, on)
        change = Change.objects.create(
            decision=decision, on=on, title=title, made_at=at, made_by=signature(by),
            steps=[{"do": "shares", "unit": unit.pk, "basis": basis, "shares": _written(shares)}],
            altered=[["lineage", row.pk, {field: getattr(row, field) for field in SHARE}] for row in rows],
        )  # fmt: skip
        main = max(rows, key=lambda row: shares[row.successor_id])
        for row in rows:
            share = shares[row.successor_id]
            row.numerator, row.denominator, row.basis = share.numerator, share.denominator, basis
            row.main = row is main
        Lineage.objects.bulk_update(rows, SHARE)
        entry.data.update(on=on, basis=basis, shares=_written(shares))
    return change


SHARE = ["numerator", "denominator", "basis", "main"]


def _written(shares: Mapping[int, Fraction]) -> dict[str, str]:
    return {str(unit): str(share) for unit, share in shares.items()}


def _refuse_shares(unit: Unit, rows: list[Lineage], basis: str, shares: Mapping[int, Fraction], on: date) -> None:
    if len(rows) < 2:
        raise refusals.NoSharesTogether(unit=queries.name(unit.pk, on))
    if {row.successor_id for row in rows} != shares.keys():
        parts = ", ".join(queries.name(row.successor_id, on) for row in rows)
        raise refusals.OtherParts(unit=queries.name(unit.pk, on), parts=parts)
    total = sum(shares.values(), Fraction(0))
    if total != 1 or min(shares.values()) <= 0:
        raise refusals.BadShares(sum=str(total))
    for share in shares.values():
        for fault in share_faults(share, basis):
            raise fault
