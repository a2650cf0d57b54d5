"""What stands around the unit that wrote, asked once for all names of a document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from giaoban.orgs.models import MANAGEMENT, PARTY, TERRITORY, Closure, Snapshot
from giaoban.orgs.queries.tree import living

LEVELS = {  # "UBND tỉnh", "UBND xã" without a name: the level meant
    "province": ("tinh", "tp", "cap tinh"),
    "district": ("huyen", "quan", "thi xa", "cap huyen"),
    "commune": ("xa", "phuong", "thi tran", "dac khu", "cap xa"),
}
LEVEL_WORDS = {word: level for level, words in LEVELS.items() for word in words}


class Around:
    """The unit that wrote, what is above it, and what stands beside it."""

    def __init__(self, near: int | None, on: date) -> None:
        self.on = on
        self.chain: list[int] = [] if near is None else self._chain(near)
        self.snapshots = {row.unit_id: row for row in self.living(self.chain)}
        self.chain = [unit for unit in self.chain if unit in self.snapshots]

    def _chain(self, near: int) -> list[int]:
        rows = Closure.objects.filter(
            descendant=near, hierarchy__in=(MANAGEMENT, TERRITORY, PARTY), start__lte=self.on, end__gt=self.on
        )
        above = sorted(set(rows.values_list("depth", "ancestor_id")))
        return list(dict.fromkeys([near, *(ancestor for _, ancestor in above)]))

    def living(self, units: Iterable[int]) -> QuerySet[Snapshot]:
        return living(self.on).filter(unit__in=list(units)).select_related("kind")

    def of_level(self, level: str) -> Snapshot | None:
        """The area of that level the writer belongs to."""
        areas = [self.snapshots[unit] for unit in self.chain]
        return next((row for row in areas if row.kind.family == "area" and row.kind.level == level), None)

    def called(self, word: str) -> Snapshot | None:
        """The area meant by a kind word alone: the nearest of that kind, else of the level the word stands for."""
        if word not in LEVEL_WORDS:
            return None
        areas = [self.snapshots[unit] for unit in self.chain if self.snapshots[unit].kind.family == "area"]
        exact = (row for row in areas if row.canon.startswith(f"{word} "))
        return next(exact, None) or self.of_level(LEVEL_WORDS[word])

    @cached_property
    def beside(self) -> list[tuple[int, Snapshot]]:
        """Units with their distance: the writer, what is directly below it or below anything above it."""
        rows = Closure.objects.filter(
            ancestor__in=self.chain, depth__lte=1, start__lte=self.on, end__gt=self.on
        ).values_list("descendant_id", "ancestor_id", "depth")
        distance: dict[int, int] = {}
        for unit, ancestor, depth in rows:
            steps = 2 * self.chain.index(ancestor) + depth
            distance[unit] = min(steps, distance.get(unit, steps))
        return [(distance[row.unit_id], row) for row in self.living(distance)]

    def below(self, scope: int, hierarchies: Iterable[str], deepest: int | None = None) -> QuerySet[Snapshot]:
        rows = Closure.objects.filter(
            ancestor=scope, hierarchy__in=list(hierarchies), depth__gt=0, start__lte=self.on, end__gt=self.on
        )
        if deepest is not None:
            rows = rows.filter(depth__lte=deepest)
        return living(self.on).filter(unit__in=rows.values("descendant"))
