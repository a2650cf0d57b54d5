"""In whose name somebody of an office speaks first: of a commune's office the commune, of a department itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people


def home_first(actor: Actor, units: Sequence[int], on: date) -> list[int]:
    """The same units, the one first whose plans and calendar the actor's office keeps day by day.

    Phòng VH-XH keeps those of its UBND xã; a Sở, and its phòng, those of the Sở and not of the UBND tỉnh above it.
    """
    there = orgs.snapshots(people.own_units(actor, on), on)
    for unit in people.own_units(actor, on):
        kind = there[unit].kind if unit in there else None
        if unit not in units or kind is None:
            continue
        above = orgs.parent(unit, orgs.MANAGEMENT, on)
        area = orgs.snapshot(above, on) if above is not None else None
        department = kind.level == "province" and area is not None and area.kind.family == "area"
        if kind.family != "office" or department:
            return [unit, *(each for each in units if each != unit)]
    return list(units)
