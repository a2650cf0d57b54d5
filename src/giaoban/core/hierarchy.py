"""The reference tree through time: slow and obvious, it says what is true; `orgs` must agree with it.

Two kinds of dated rows, each storing only its start and holding until the next row of the same unit starts:
*existence* (the unit exists from this day, or no longer does) and *link* (its parent from this day; `None` means "not
in this hierarchy from this day"). A link counts only on days when both its ends exist. A root has no link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from giaoban.core.span import FAR


@dataclass(frozen=True)
class Existence:
    unit: int
    start: date
    exists: bool = True


@dataclass(frozen=True)
class Link:
    child: int
    start: date
    parent: int | None


@dataclass(frozen=True)
class ClosureRow:
    """`ancestor` stands `depth` steps above `descendant` on every day of [start, end); depth 0 is the unit itself."""

    ancestor: int
    descendant: int
    depth: int
    start: date
    end: date


class Circle(ValueError):
    """A unit would stand above itself."""


class Tree:
    """One hierarchy, asked as of a day."""

    def __init__(self, existences: Iterable[Existence], links: Iterable[Link]) -> None:
        self.existences = list(existences)
        self.links = list(links)

    def exists(self, unit: int, day: date) -> bool:
        row = _latest((row for row in self.existences if row.unit == unit), day)
        return row is not None and row.exists

    def units(self, day: date) -> set[int]:
        return {row.unit for row in self.existences if self.exists(row.unit, day)}

    def parent(self, unit: int, day: date) -> int | None:
        if not self.exists(unit, day):
            return None
        row = _latest((row for row in self.links if row.child == unit), day)
        if row is None or row.parent is None or not self.exists(row.parent, day):
            return None
        return row.parent

    def ancestors(self, unit: int, day: date) -> list[int]:
        """The chain above the unit, nearest first; the unit itself is not in it."""
        chain: list[int] = []
        above = self.parent(unit, day)
        while above is not None:
            if above == unit or above in chain:
                raise Circle(f"unit {unit} stands above itself on {day}")
            chain.append(above)
            above = self.parent(above, day)
        return chain

    def lineage_up(self, unit: int, day: date) -> list[int]:
        """The unit and the chain above it; empty when it does not exist on that day."""
        return [unit, *self.ancestors(unit, day)] if self.exists(unit, day) else []

    def children(self, unit: int, day: date) -> set[int]:
        return {other for other in self.units(day) if self.parent(other, day) == unit}

    def descendants(self, unit: int, day: date) -> set[int]:
        """Everything below the unit, and the unit itself when it exists."""
        return {other for other in self.units(day) if unit in self.lineage_up(other, day)}

    def closure(self) -> set[ClosureRow]:
        """Every pair of ancestor and descendant with the longest stretches of days on which it holds at one depth."""
        days = sorted({row.start for row in self.existences} | {row.start for row in self.links})
        open_since: dict[tuple[int, int, int], date] = {}
        rows: set[ClosureRow] = set()
        for day in [*days, FAR]:
            now = set(self._pairs(day)) if day != FAR else set()
            for pair in list(open_since):
                if pair not in now:
                    rows.add(ClosureRow(*pair, start=open_since.pop(pair), end=day))
            for pair in now:
                open_since.setdefault(pair, day)
        return rows

    def _pairs(self, day: date) -> Iterator[tuple[int, int, int]]:
        for unit in self.units(day):
            for depth, ancestor in enumerate(self.lineage_up(unit, day)):
                yield ancestor, unit, depth


Row = TypeVar("Row", Existence, Link)


def _latest(rows: Iterable[Row], day: date) -> Row | None:
    return max((row for row in rows if row.start <= day), key=lambda row: row.start, default=None)
