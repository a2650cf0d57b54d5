"""The tree through time as the engine needs it: the closure of one hierarchy in columns, and the places of figures.

Where figures of units that do not stand on a map are placed, core.rollup says; this is the fast way to follow it.

Days are whole numbers (proleptic ordinals), so that the SQL needs no date functions.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Count, F, Max, Sum

from giaoban.analytics.sharing import Division
from giaoban.orgs.models import Change, Closure, Lineage

CLOSURE = pa.schema(
    [
        ("ancestor", pa.int64()),
        ("descendant", pa.int64()),
        ("depth", pa.int32()),
        ("first_day", pa.int32()),
        ("end_day", pa.int32()),
    ]
)
SPOTS = pa.schema([("unit", pa.int64()), ("day", pa.int32()), ("target", pa.int64()), ("parts", pa.int32())])
FAR_DAY = date.max.toordinal()
CHUNK = 50_000
PATIENCE = 1000


class Tree:
    """One hierarchy. Immutable: a change of the units makes a new one."""

    def __init__(
        self, version: tuple[object, ...], closure: pa.Table, lineage: list[tuple[int, int, int, int]]
    ) -> None:
        self.version = version
        self.closure = closure
        self.lineage = lineage
        self._placed: dict[tuple[int, int], dict[int, Fraction]] = {}
        self._spots: dict[int, pa.Table] = {}
        self._divisions: dict[tuple[int, int], Division] = {}

    @cached_property
    def changes(self) -> list[int]:
        """Days on which anything changes; between two of them every day has the same map."""
        return sorted(
            {*pc.unique(self.closure["first_day"]).to_pylist(), *pc.unique(self.closure["end_day"]).to_pylist()}
        )

    def spots(self, day: int) -> pa.Table:
        """Where the figures of all units that do not stand on the day's map are placed."""
        if day not in self._spots:
            rows = []
            for unit in self._lives:
                if not self._stands(unit, day):
                    targets = self.place(unit, day)
                    rows += [(unit, day, target, len(targets)) for target in targets]
            self._spots[day] = rows_of(rows, SPOTS)
        return self._spots[day]

    def below(self, unit: int, day: int) -> set[int]:
        """The unit and all below it on a day; none when it does not stand."""
        rows = self.closure.filter(pc.equal(self.closure["ancestor"], unit))
        rows = rows.filter(pc.and_(pc.less_equal(rows["first_day"], day), pc.greater(rows["end_day"], day)))
        return set(rows["descendant"].to_pylist())

    def divided(self, day: int) -> bool:
        """Whether several units stand for some unit on the day's map."""
        return bool(pc.any(pc.greater(self.spots(day)["parts"], 1)).as_py())

    def division(self, unit: int, day: int) -> Division:
        key = (unit, day)
        if key not in self._divisions:
            self._divisions[key] = Division.of(self.place(unit, day))
        return self._divisions[key]

    def place(self, unit: int, day: int) -> dict[int, Fraction]:
        """The units that stand for `unit` on the map of the day, with their shares."""
        key = (unit, day)
        if key not in self._placed:
            self._placed[key] = self._place(unit, day)
        return self._placed[key]

    def _place(self, unit: int, day: int) -> dict[int, Fraction]:
        if self._stands(unit, day):
            return {unit: Fraction(1)}
        if self._founded(unit) > day:
            return dict.fromkeys(self._origin(unit, day), Fraction(1))
        return self._spread(unit, day)

    def _spread(self, unit: int, day: int) -> dict[int, Fraction]:
        """Hand the figure on from heir to heir until all of it lies with units of the day."""
        moving: dict[int, Fraction] = {unit: Fraction(1)}
        settled: dict[int, Fraction] = {}
        for _ in range(PATIENCE):
            if not moving:
                return settled
            holder, share = moving.popitem()
            heirs = self._heirs(holder, day)
            whole = sum(heirs.values())
            for heir, weight in heirs.items():
                target = settled if self._stands(heir, day) else moving
                target[heir] = target.get(heir, Fraction(0)) + share * weight / whole
        raise ValueError(f"the lineage of unit {unit} runs in a circle")

    def _heirs(self, unit: int, day: int) -> dict[int, Fraction]:
        heirs = {heir: share for heir, share in self._successors.get(unit, ()) if self._founded(heir) <= day}
        if heirs:
            return heirs
        last = max(end for _, end in self._lives[unit] if end <= day) - 1
        parent = self._parent(unit, last)
        return {} if parent is None else {parent: Fraction(1)}

    def _origin(self, unit: int, day: int) -> set[int]:
        """Where the figure of a unit not yet founded stays: the nearest unit around all it was made of."""
        origins = self._predecessors.get(unit)
        if not origins:
            parent = self._parent(unit, self._founded(unit))
            origins = [] if parent is None else [parent]
        found = {target for origin in origins for target in self.place(origin, day)}
        chains = [self._chain(target, day) for target in found]
        around = [above for above in (chains[0] if chains else []) if all(above in chain for chain in chains)]
        return set(around[:1])

    def _chain(self, unit: int | None, day: int) -> list[int]:
        chain: list[int] = []
        while unit is not None and self._stands(unit, day):
            chain.append(unit)
            unit = self._parent(unit, day)
        return chain

    def stood(self, unit: int, before: int) -> int:
        """The last day before another on which the unit stood; a day before all days where it never did."""
        return max((min(end, before) - 1 for first, end in self._lives.get(unit, ()) if first < before), default=-1)

    def _stands(self, unit: int, day: int) -> bool:
        return any(first <= day < end for first, end in self._lives.get(unit, ()))

    def _founded(self, unit: int) -> int:
        lives = self._lives.get(unit)
        return lives[0][0] if lives else 10**7

    def _parent(self, unit: int, day: int) -> int | None:
        return next((above for above, first, end in self._parents.get(unit, ()) if first <= day < end), None)

    @cached_property
    def _lives(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for _, unit, first, end in self._rows(0):
            found[unit].append((first, end))
        return {unit: sorted(spans) for unit, spans in found.items()}

    @cached_property
    def _parents(self) -> dict[int, list[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for above, unit, first, end in self._rows(1):
            found[unit].append((above, first, end))
        return dict(found)

    @cached_property
    def _successors(self) -> dict[int, list[tuple[int, Fraction]]]:
        found: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
        for old, new, numerator, denominator in self.lineage:
            found[old].append((new, Fraction(numerator, denominator)))
        return dict(found)

    @cached_property
    def _predecessors(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for old, new, _, _ in self.lineage:
            found[new].append(old)
        return dict(found)

    def _rows(self, depth: int) -> Iterable[tuple[int, int, int, int]]:
        rows = self.closure.filter(pa.compute.equal(self.closure["depth"], depth))
        names = ("ancestor", "descendant", "first_day", "end_day")
        return zip(*(rows[name].to_pylist() for name in names), strict=True)


class Epochs:
    """Days that stand for all days with the same maps: the last change of any of the trees up to a day."""

    def __init__(self, *changes: Iterable[int]) -> None:
        self._changes = sorted({day for each in changes for day in each})

    def of(self, day: date) -> int:
        number = day.toordinal()
        place = bisect_right(self._changes, number)
        return self._changes[place - 1] if place else min(number, 0)


def rows_of(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as columns."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


_kept: dict[str, Tree] = {}
_lock = threading.Lock()


def tree(hierarchy: str) -> Tree:
    """The hierarchy as it is now; read again only after units have changed. Inside a transaction nothing is kept."""
    if connection.in_atomic_block:
        return _read(hierarchy, (object(),))
    with _lock:
        version = _version()
        if hierarchy not in _kept or _kept[hierarchy].version != (hierarchy, *version):
            _kept[hierarchy] = _read(hierarchy, (hierarchy, *version))
        return _kept[hierarchy]


def _version() -> tuple[object, ...]:
    """What tells every change: new rows, shares declared anew in place, and acts undone, which only take rows away."""
    closure = Closure.objects.aggregate(newest=Max("pk"))
    lineage = Lineage.objects.aggregate(
        newest=Max("pk"), count=Count("pk"), over=Sum(F("pk") * F("numerator")), under=Sum(F("pk") * F("denominator"))
    )
    changes = Change.objects.aggregate(newest=Max("pk"), undone=Max("undone_at"))
    return (*closure.values(), *lineage.values(), *changes.values())


# Past the ORM, which would take seconds for the closure of the country.
ROWS = 'SELECT ancestor_id, descendant_id, depth, start, "end" FROM orgs_closure WHERE hierarchy_id = %s'


def _read(hierarchy: str, version: tuple[object, ...]) -> Tree:
    days = Days()
    batches = []
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [hierarchy])
        while rows := cursor.fetchmany(CHUNK):
            ancestor, descendant, depth, start, end = zip(*rows, strict=True)
            columns = (ancestor, descendant, depth, [days[day] for day in start], [days[day] for day in end])
            arrays = [pa.array(column, field.type) for column, field in zip(columns, CLOSURE, strict=True)]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=CLOSURE))
    lineage = Lineage.objects.values_list("predecessor_id", "successor_id", "numerator", "denominator")
    return Tree(version, pa.Table.from_batches(batches, schema=CLOSURE), list(lineage))


class Days(dict[date | str, int]):
    """Days as whole numbers; each database has its way to give a day, and there are few different ones."""

    def __missing__(self, day: date | str) -> int:
        number = self[day] = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        return number
