"""Comparable areas: the finest groups of units of a level between which nothing has moved for some time.

core.rollup.World.areas says what they are; this finds them fast. What can be asked of an area needs no estimate: all
that ever lay in it during the time still does.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Max

from giaoban.analytics.tree import Tree, tree
from giaoban.orgs.models import Kind, Lineage, Snapshot

Span = tuple[int, int]
BODIES = ("office", "party", "union", "board")
"""Families of what works for the people of a place, and is no place."""


@dataclass(frozen=True)
class Area:
    """Units of a level that together cover the same ground from the first day asked to the last."""

    number: int
    """That of its first unit: a name, and nothing more."""
    start: date
    end: date
    members: tuple[tuple[int, date, date], ...]
    """(unit, first day, day after the last), as far as they stand within the time."""

    @property
    def first(self) -> tuple[int, ...]:
        """The units on the first day."""
        return self.on(self.start)

    @property
    def last(self) -> tuple[int, ...]:
        return self.on(self.end)

    @property
    def changes(self) -> Iterable[int]:
        return {day.toordinal() for _, first, end in self.members for day in (first, end)}

    def on(self, day: date | int) -> tuple[int, ...]:
        """The units on a day of the time."""
        number = day if isinstance(day, int) else day.toordinal()
        return tuple(unit for unit, first, end in self._spans if first <= number < end)

    @cached_property
    def _spans(self) -> list[tuple[int, int, int]]:
        return [(unit, first.toordinal(), end.toordinal()) for unit, first, end in self.members]


def areas(level: str, start: date, end: date, under: int | None, hierarchy: str) -> list[Area]:
    """Those of the whole tree, or those of which any unit lies under one on the last day (or else on the first)."""
    grown = tree(hierarchy)
    found = _found(grown, level, start, end)
    if under is None:
        return found
    for day in (end, start):
        below = grown.below(under, day.toordinal())
        if below:
            return [area for area in found if not below.isdisjoint(area.on(day))]
    return []


KEPT = 32
_kept: dict[tuple[object, ...], list[Area]] = {}
_lock = threading.Lock()


def _found(grown: Tree, level: str, start: date, end: date) -> list[Area]:
    if connection.in_atomic_block:
        return Search(grown, _lives(level), _lineage(), start, end).areas()
    with _lock:
        newest = Snapshot.objects.aggregate(newest=Max("pk"))["newest"]
        key = (grown.version, newest, level, start, end)
        if key not in _kept:
            _kept[key] = Search(grown, _lives(level), _lineage(), start, end).areas()
            for old in list(_kept)[:-KEPT]:
                del _kept[old]
        return _kept[key]


def _lives(level: str) -> dict[int, list[Span]]:
    """Every unit that was ever of the level, with the stretches during which it was.

    Of the communes' level are also their offices and Party committees, founded from nothing at every reform: they stand
    on the ground of a commune and are none.
    """
    kinds = Kind.objects.filter(level=level)
    ground = kinds.filter(family="area")
    standing = ground if ground.exists() else kinds.exclude(family__in=BODIES)
    rows = Snapshot.objects.filter(kind__in=standing).order_by("unit_id", "start")
    found: dict[int, list[Span]] = defaultdict(list)
    for unit, start, end in rows.values_list("unit_id", "start", "end"):
        first, last = start.toordinal(), end.toordinal()
        if found[unit] and found[unit][-1][1] == first:
            first = found[unit].pop()[0]
        found[unit].append((first, last))
    return dict(found)


def _lineage() -> list[tuple[int, int, int]]:
    rows = Lineage.objects.values_list("predecessor_id", "successor_id", "on")
    return [(old, new, on.toordinal()) for old, new, on in rows]


class Search:
    """The areas of one level between two days."""

    def __init__(
        self, grown: Tree, lives: dict[int, list[Span]], lineage: list[tuple[int, int, int]], start: date, end: date
    ) -> None:
        self.first, self.last = start.toordinal(), end.toordinal()
        self.start, self.end = start, end
        self.ever = lives
        self.lives = {
            unit: inside
            for unit, spans in lives.items()
            if (inside := [span for span in spans if span[0] <= self.last and span[1] > self.first])
        }
        self.grown = grown
        self.above = self._above()
        inside = [row for row in lineage if self.first < row[2] <= self.last]
        higher = self._higher(inside)
        self.lineage = [row for row in inside if row[0] not in higher]
        self.leader = {unit: unit for unit in self.lives}

    def areas(self) -> list[Area]:
        for rows in self.above.values():
            self._join(unit for unit, _, _ in rows)
        for old, new, on in self.lineage:
            last = self.grown.stood(old, on)
            before = self._anchors(old, last) if self.first <= last else []
            self._join([*before, *self._anchors(new, on)])
        groups: dict[int, list[int]] = defaultdict(list)
        for unit in sorted(self.lives):
            groups[self._lead(unit)].append(unit)
        broken = {self._lead(unit) for unit in self._broken()}
        return [self._area(units) for leader, units in groups.items() if leader not in broken]

    def _above(self) -> dict[int, list[tuple[int, int, int]]]:
        """Each unit at or below the level → (unit of the level, first day, end day) within the time."""
        rows = self.grown.closure
        inside = pc.and_(
            pc.and_(pc.less_equal(rows["first_day"], self.last), pc.greater(rows["end_day"], self.first)),
            pc.is_in(rows["ancestor"], pa.array(list(self.lives), pa.int64())),
        )
        kept = rows.filter(inside)
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        names = ("ancestor", "descendant", "first_day", "end_day")
        for above, unit, first, end in zip(*(kept[name].to_pylist() for name in names), strict=True):
            for born, gone in self.lives[above]:
                if max(first, born, self.first) < min(end, gone, self.last + 1):
                    found[unit].append((above, max(first, born), min(end, gone)))
        return found

    def _higher(self, lineage: Iterable[tuple[int, int, int]]) -> set[int]:
        """Predecessors that stood above units of the level: what a district left its communes is not their ground."""
        stood = {old: self.grown.stood(old, on) for old, _, on in lineage}
        asked = [old for old, day in stood.items() if not self._anchors(old, day)]
        rows = self.grown.closure
        below = pc.and_(
            pc.is_in(rows["ancestor"], pa.array(asked, pa.int64())),
            pc.is_in(rows["descendant"], pa.array(list(self.ever), pa.int64())),
        )
        names = ("ancestor", "descendant", "first_day", "end_day")
        kept = rows.filter(below)
        return {
            above
            for above, unit, first, end in zip(*(kept[name].to_pylist() for name in names), strict=True)
            if first <= stood[above] < end and self._lives_on(unit, stood[above])
        }

    def _lives_on(self, unit: int, day: int) -> bool:
        return any(first <= day < end for first, end in self.ever[unit])

    def _anchors(self, unit: int, day: int) -> list[int]:
        return [above for above, first, end in self.above.get(unit, ()) if first <= day < end]

    def _broken(self) -> Iterator[int]:
        """Units that came from nothing or went to nothing, or not all to units of the level."""
        left: dict[tuple[int, int], list[int]] = defaultdict(list)
        came: dict[tuple[int, int], list[int]] = defaultdict(list)
        for old, new, on in self.lineage:
            left[old, on].append(new)
            came[new, on].append(old)
        for unit, spans in self.lives.items():
            for first, end in spans:
                if first > self.first and not self._all(came.get((unit, first), ()), first - 1):
                    yield unit
                if end <= self.last and not self._all(left.get((unit, end), ()), end):
                    yield unit

    def _all(self, units: Iterable[int], day: int) -> bool:
        """Whether there are any, and all of them lie in the level on the day."""
        found = [self._anchors(unit, day) for unit in units]
        return bool(found) and all(found)

    def _join(self, units: Iterable[int]) -> None:
        leaders = sorted({self._lead(unit) for unit in units})
        for leader in leaders[1:]:
            self.leader[leader] = leaders[0]

    def _lead(self, unit: int) -> int:
        while self.leader[unit] != unit:
            self.leader[unit] = self.leader[self.leader[unit]]
            unit = self.leader[unit]
        return unit

    def _area(self, units: list[int]) -> Area:
        spans = (
            (unit, date.fromordinal(max(first, self.first)), date.fromordinal(min(end, self.last + 1)))
            for unit in units
            for first, end in self.lives[unit]
        )
        return Area(units[0], self.start, self.end, tuple(spans))
