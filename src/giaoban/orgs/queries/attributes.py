"""Dated attributes: what a unit holds on a day, its own or that of the nearest unit around it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from giaoban.orgs.models import TERRITORY, Attribute, Closure, Holds


def attributes() -> QuerySet[Attribute]:
    return Attribute.objects.all()


def _in_force(on: date) -> QuerySet[Holds]:
    """The rows that hold on the day; those that only end a value are left out."""
    later = Holds.objects.filter(
        unit=OuterRef("unit"), attribute=OuterRef("attribute"), start__gt=OuterRef("start"), start__lte=on
    )
    return Holds.objects.filter(~Exists(later), start__lte=on).exclude(value="")


def attributes_of(unit_id: int, on: date) -> list[tuple[Attribute, str, int]]:
    """(attribute, value, the unit it comes from) of one unit, in the order of the attributes."""
    return attributes_of_many([unit_id], on).get(unit_id, [])


def attributes_of_many(unit_ids: Iterable[int], on: date) -> dict[int, list[tuple[Attribute, str, int]]]:
    """The same for many units; those without any are absent."""
    above: dict[int, list[tuple[int, int]]] = {}
    rows = Closure.objects.filter(hierarchy=TERRITORY, descendant__in=list(unit_ids), start__lte=on, end__gt=on)
    for unit, ancestor, depth in rows.values_list("descendant_id", "ancestor_id", "depth"):
        above.setdefault(unit, []).append((depth, ancestor))
    around = {ancestor for chain in above.values() for _, ancestor in chain}
    held = {
        (unit, code): value
        for unit, code, value in _in_force(on).filter(unit__in=around).values_list("unit_id", "attribute_id", "value")
    }
    known = list(Attribute.objects.all()) if held else []
    found: dict[int, list[tuple[Attribute, str, int]]] = {}
    for unit, chain in above.items():
        for attribute in known:
            for depth, ancestor in sorted(chain):
                value = held.get((ancestor, attribute.code))
                if value and (depth == 0 or attribute.inherited):
                    found.setdefault(unit, []).append((attribute, value, ancestor))
                    break
    return found


def having(attribute: str, value: str, on: date) -> QuerySet[Closure, int]:
    """Ids of the units that hold the value on the day, their own or inherited; a query that can stand in `__in`."""
    known = Attribute.objects.filter(pk=attribute).first()
    own = _in_force(on).filter(attribute=attribute)
    rows = Closure.objects.filter(hierarchy=TERRITORY, start__lte=on, end__gt=on)
    found = rows.filter(ancestor__in=own.filter(value=value).values("unit"))
    if known is None or not known.inherited:
        return found.filter(depth=0).values_list("descendant_id", flat=True)
    nearer = rows.filter(
        descendant=OuterRef("descendant"), depth__lt=OuterRef("depth"), ancestor__in=own.values("unit")
    )
    return found.filter(~Exists(nearer)).values_list("descendant_id", flat=True)
