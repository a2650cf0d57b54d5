"""Who goes on with what an ended unit left open: by one change, or along all changes up to a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from giaoban.orgs.models import Change, Existence, Lineage
from giaoban.orgs.queries.tree import living


@dataclass(frozen=True)
class Succession:
    """What became of the units that a change ended, on its day.

    `whole`: a unit and the one unit it became. `divided`: a unit and its parts, the main one first. `closed`: units
    that ended without a successor. `founded`: the units the change founded.
    """

    on: date
    whole: Mapping[int, int] = field(default_factory=dict)
    divided: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    closed: tuple[int, ...] = ()
    founded: tuple[int, ...] = ()

    @property
    def ended(self) -> list[int]:
        return [*self.whole, *self.divided, *self.closed]

    def predecessors(self, successor: int) -> list[int]:
        """The units that the successor was made of, whole or in part."""
        whole = [old for old, new in self.whole.items() if new == successor]
        return whole + [old for old, parts in self.divided.items() if successor in parts]


def succession(change: Change) -> Succession:
    """What a change did to the units that ended by it."""
    parts: dict[int, list[int]] = {}
    rows = Lineage.objects.filter(change=change).order_by("-main", "pk")
    for old, new in rows.values_list("predecessor_id", "successor_id"):
        parts.setdefault(old, []).append(new)
    rows = Existence.objects.filter(change=change).order_by("pk")
    exists: dict[bool, list[int]] = {True: [], False: []}
    for unit, there in rows.values_list("unit_id", "exists"):
        exists[there].append(unit)
    before = Existence.objects.filter(unit__in=exists[True], start__lt=change.on)
    reopened = set(before.values_list("unit_id", flat=True))
    return Succession(
        on=change.on,
        whole={old: found[0] for old, found in parts.items() if len(found) == 1},
        divided={old: tuple(found) for old, found in parts.items() if len(found) > 1},
        closed=tuple(unit for unit in exists[False] if unit not in parts),
        founded=tuple(unit for unit in exists[True] if unit not in reopened),
    )


def heirs(unit_ids: Iterable[int], on: date) -> dict[int, int]:
    """For each unit that had become another by the day the one that answers for it then: along every merger, and of a
    divided unit the main part. Units that still stand, or became nothing else, are absent."""
    found: dict[int, int] = {}
    wanted = set(unit_ids)
    there = set(living(on).filter(unit__in=wanted).values_list("unit_id", flat=True))
    asked = {unit: unit for unit in wanted - there}
    while asked:
        rows = Lineage.objects.filter(predecessor__in=set(asked.values()), on__lte=on).order_by("main", "-pk")
        next_of = dict(rows.values_list("predecessor_id", "successor_id"))  # the main part comes last and stays
        asked = {unit: next_of[now] for unit, now in asked.items() if now in next_of}
        found.update(asked)
    return found


def made_of(units: QuerySet[Any]) -> QuerySet[Any]:
    """Ids of the units that became, whole, one of these, at once or through one other: whose papers these inherit.

    A subquery for `unit_id__in=`, like the one it takes. A divided unit is nobody's alone, and not among them.
    """
    whole = Lineage.objects.filter(basis=Lineage.WHOLE)
    direct = whole.filter(successor_id__in=units).values("predecessor_id")
    return whole.filter(Q(successor_id__in=units) | Q(successor_id__in=direct)).values("predecessor_id")


def whole_parts(units: Iterable[int]) -> set[int]:
    """The same as `made_of`, of units told one by one: thousands of them cost one small question."""
    became = list(Lineage.objects.filter(basis=Lineage.WHOLE).values_list("predecessor_id", "successor_id"))
    asked = set(units)
    direct = {old for old, new in became if new in asked}
    return direct | {old for old, new in became if new in direct}
