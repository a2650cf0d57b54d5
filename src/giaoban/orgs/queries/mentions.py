"""Names that stand in a text: which units are or were so called, where they lie, and what became of those that ended.

For whole texts: every question takes all names of the text at once, so that the number of queries does not grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from giaoban.orgs.models import TERRITORY, Closure, Lineage, Snapshot
from giaoban.orgs.queries.tree import living

STEPS = 6  # mergers in a row; the tree of sixty years has three


def called(canons: Collection[str]) -> dict[str, list[Snapshot]]:
    """Every stretch of every day in which a unit bears one of these names (as `spelling.canon` writes them)."""
    found: dict[str, list[Snapshot]] = defaultdict(list)
    rows = Snapshot.objects.filter(canon__in=list(canons)).select_related("kind") if canons else []
    for row in rows:
        found[row.canon].append(row)
    return {name: sorted(stretches, key=lambda row: (row.unit_id, row.start)) for name, stretches in found.items()}


def lying_in(unit_ids: Iterable[int], ancestor: int, on: date) -> set[int]:
    """Those of the units that lie in the other one on the day, itself included."""
    rows = Closure.objects.filter(
        hierarchy=TERRITORY, ancestor=ancestor, descendant__in=list(unit_ids), start__lte=on, end__gt=on
    )
    return set(rows.values_list("descendant_id", flat=True))


def turned_into(unit_ids: Iterable[int], on: date) -> Mapping[int, list[int]]:
    """For each unit that no longer stands on the day those that do in its place, the main one first."""
    paths: dict[int, list[int]] = {unit: [unit] for unit in unit_ids}
    for _step in range(STEPS):
        ends = {unit for found in paths.values() for unit in found}
        alive = set(living(on).filter(unit__in=ends).values_list("unit_id", flat=True))
        rows = Lineage.objects.filter(predecessor__in=ends - alive, on__lte=on).order_by("on", "-main", "pk")
        after: dict[int, list[int]] = defaultdict(list)
        for before, now in rows.values_list("predecessor_id", "successor_id"):
            after[before].append(now)
        if not after:
            return {
                first: list(dict.fromkeys(unit for unit in found if unit in alive)) for first, found in paths.items()
            }
        paths = {
            first: [now for unit in found for now in ([unit] if unit in alive else after.get(unit, []))]
            for first, found in paths.items()
        }
    return paths
