"""Figures added up at the unit right above their source: what tables of many units are made of.

Who lies under a unit of a map lies in *homes*: a unit that has somebody below it, with itself, those right below it
that have nobody below them, and the figures of former units placed at any of these. (Where those without anybody below
are few, each has a home of its own.) Whoever gives figures has a seat at its home: a bit, so many of them a row. Every
home lies in a unit in whole or not at all, so what a unit has is the sum of its homes' rows, whatever is asked. A
figure that several units stand for is a home of its own.

The sums of a part at the homes of a map (a `Pile`) hold as long as the part and the units do: each process keeps some.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from giaoban.analytics import sql
from giaoban.analytics.ledger import FACTS
from giaoban.analytics.runners import Runner
from giaoban.analytics.tree import Tree, rows_of

A_ROW = 62
"""Seats of a row: bits of a whole number that are safe everywhere."""
SEATED = pa.schema([("unit", pa.int64()), ("place", pa.int64()), ("bit", pa.int64())])
KEPT_BYTES = 128 * 2**20
"""Of piles in each process, the longest unused given up first: ten periods of a province, two of the country."""
LARGEST_PILE = KEPT_BYTES // 2
FEW = 2
A_FIELD = 24  # bytes: a value, how many gave it, who


class Homes:
    """The homes of one map, and who sits where."""

    def __init__(self, tree: Tree, day: int) -> None:
        rows = tree.closure
        stands = rows.filter(pc.and_(pc.less_equal(rows["first_day"], day), pc.greater(rows["end_day"], day)))
        above, below, depths = (stands[name].to_pylist() for name in ("ancestor", "descendant", "depth"))
        self._standing = {unit for unit, depth in zip(below, depths, strict=True) if depth == 0}
        parent = {unit: over for over, unit, depth in zip(above, below, depths, strict=True) if depth == 1}
        self._heads = _heads(parent)
        home = {unit: unit if unit in self._heads else parent.get(unit) for unit in self._standing}
        placed: dict[int, list[int]] = defaultdict(list)
        spots = tree.spots(day)
        for unit, target in zip(spots["unit"].to_pylist(), spots["target"].to_pylist(), strict=True):
            placed[unit].append(target)
        divided = {unit: targets for unit, targets in placed.items() if len(targets) > 1}
        seats = [(at, unit) for unit, at in home.items() if at is not None]
        seats += [(at, unit) for unit, [at, *more] in placed.items() if not more for at in [home.get(at)] if at]
        seats += [(-unit, unit) for unit in divided]
        self._sit(sorted(seats))
        self._climb(zip(above, below, strict=True), divided)

    def _sit(self, seats: Sequence[tuple[int, int]]) -> None:
        self._rows: dict[int, list[int]] = {}
        self.rows, taken, last = 0, 0, None
        placed = []
        for home, unit in seats:
            if home != last or taken == A_ROW:
                self._rows.setdefault(home, []).append(self.rows)
                self.rows, taken, last = self.rows + 1, 0, home
            placed.append((unit, self.rows - 1, 1 << taken))
            taken += 1
        self.seats = rows_of(placed, SEATED)

    def _climb(self, pairs: zip[tuple[int, int]], divided: Mapping[int, Sequence[int]]) -> None:
        """Which homes lie in each unit, and of which divided figures how many parts."""
        targets: dict[int, list[int]] = defaultdict(list)
        for unit, where in divided.items():
            for target in where:
                targets[target].append(unit)
        self._inside: dict[int, list[int]] = defaultdict(list)
        parts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for above, below in pairs:
            if below in self._heads:
                self._inside[above].append(below)
            for unit in targets.get(below, ()):
                parts[above][unit] += 1
        self._torn = {
            above for above, found in parts.items() if any(n < len(divided[unit]) for unit, n in found.items())
        }
        for above, found in parts.items():
            self._inside[above] += [-unit for unit, n in found.items() if n == len(divided[unit])]

    def within(self, units: Sequence[int]) -> list[list[int]] | None:
        """The rows that lie in each unit; None where they do not say it all of some: a unit that has nobody below it
        is only part of a home, and of some divided figures only a part may lie in a unit."""
        if any(unit in self._torn or (unit in self._standing and unit not in self._heads) for unit in units):
            return None
        return [[row for home in self._inside.get(unit, ()) for row in self._rows.get(home, ())] for unit in units]


def _heads(parent: Mapping[int, int]) -> set[int]:
    """Who has a home: whoever has somebody below, and the others beside them where those are not many more.

    Of a province's communes, departments and upper schools each is asked by itself; of a commune's schools all are.
    """
    above = set(parent.values())
    beside: dict[int, list[int]] = defaultdict(list)
    having: dict[int, int] = defaultdict(int)
    for unit, over in parent.items():
        if unit in above:
            having[over] += 1
        else:
            beside[over].append(unit)
    few = (units for over, units in beside.items() if len(units) <= FEW * having[over])
    return above.union(*few)


@dataclass(frozen=True)
class Pile:
    """The figures of a part at the rows of the homes of a map: cell by cell a stretch of all rows, nought where there
    is nothing. `gave` has the seats of those who gave."""

    cells: Mapping[int, int]
    value: pa.Array
    present: pa.Array
    gave: pa.Array

    @property
    def bytes(self) -> int:
        return len(self.value) * A_FIELD


def piled(paths: Sequence[str], homes: Homes, runner: Runner) -> Pile | None:
    """None where it would be too large to keep, or figures are no plain ones."""
    runner.hand_in("seated", homes.seats)
    runner.parquet("parts", paths, FACTS)
    found = runner.arrow(sql.PILE)
    cells = pc.unique(found["cell"]).sort() if found.num_rows else pa.array([], pa.int32())
    size = len(cells) * homes.rows
    plain = not found.num_rows or (pc.min(found["least"]).as_py() >= 0 and pc.max(found["most"]).as_py() <= 1)
    if not plain or size * A_FIELD > LARGEST_PILE:
        return None
    steps = pc.multiply(pc.index_in(found["cell"], cells).cast(pa.int64()), homes.rows)
    places = pc.add(steps, found["place"])
    value, present, gave = (scattered(found[name], places, size) for name in ("value", "present", "gave"))
    return Pile({cell: at for at, cell in enumerate(cells.to_pylist())}, value, present, gave)


def scattered(values: pa.ChunkedArray, places: pa.ChunkedArray, size: int) -> pa.Array:
    """Each value at its place of an array, nought elsewhere."""
    if not len(values):
        return pa.repeat(pa.scalar(0, pa.int64()), size)
    rows = pc.inverse_permutation(places.combine_chunks(), max_index=size - 1)
    return pc.fill_null(values.combine_chunks().take(rows), 0)


class Shelf:
    """Things made from parts and units that never change, each by what tells it from any other."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._limit, self._size = limit, 0
        self._held: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()

    def get(self, key: Hashable) -> object | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Hashable, thing: object, size: int) -> None:
        if connection.in_atomic_block:  # what units and figures are may yet be rolled back
            return
        with self._lock:
            self._size += size - self._held.pop(key, (None, 0))[1]
            self._held[key] = thing, size
            while self._size > self._limit:
                self._size -= self._held.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._size = 0


_homes, _piles = Shelf(8), Shelf(KEPT_BYTES)


def homes(tree: Tree, day: int) -> Homes:
    key = (tree.version, day)
    found = _homes.get(key)
    if not isinstance(found, Homes):
        found = Homes(tree, day)
        _homes.put(key, found, 1)
    return found


def pile(paths: Sequence[str], tree: Tree, day: int, runner: Runner) -> Pile | None:
    """The part at the homes of the day."""
    key = (tuple(_told(path) for path in paths), tree.version, day)
    found = _piles.get(key)
    if isinstance(found, Pile | TooMuch):
        return found if isinstance(found, Pile) else None
    made = piled(paths, homes(tree, day), runner)
    _piles.put(key, made or TooMuch(), made.bytes if made else 1)
    return made


class TooMuch:
    """In place of a pile that is none: known without being tried again."""


def _told(path: str) -> tuple[object, ...]:
    """A part is never written again, but another store may have one of the same name."""
    found = Path(path).stat()
    return path, found.st_ino, found.st_mtime_ns, found.st_size


def forget() -> None:
    """As a process that has just begun."""
    _homes.clear()
    _piles.clear()
