"""Snapshot and Closure, computed from the dated rows.

The whole closure is one recursive SQL statement that climbs the links and intersects their days; a few units are
climbed in Python with a handful of queries, so that founding one school does not rebuild the country. Both must give
what `core.hierarchy` says, and the tests hold them to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection

from giaoban.core.span import FAR, Span
from giaoban.core.text import fold, nfc
from giaoban.orgs import refusals, spelling
from giaoban.orgs.models import Classing, Closure, Code, Existence, Hierarchy, Link, Name, Snapshot
from giaoban.orgs.queries import name

Value = TypeVar("Value")
FEW = 16_000  # above so many units a table is read whole
CHUNK = 800  # ids in one statement; SQLite allows 32,766 parameters, old builds 999
SCHEMES = ("gso", "moet", "giaoban")  # whose code a snapshot shows, the first that is there

# Dates compare as dates on PostgreSQL and as ISO text on SQLite. `far` comes in as a parameter.
WHOLE_CLOSURE = """
INSERT INTO orgs_closure (hierarchy_id, ancestor_id, descendant_id, depth, start, "end")
WITH RECURSIVE
life AS (
  SELECT unit_id, start, stop FROM (
    SELECT unit_id, "exists", start,
           COALESCE(LEAD(start) OVER (PARTITION BY unit_id ORDER BY start), {far}) AS stop
    FROM orgs_existence) AS every
  WHERE "exists"
),
held AS (
  SELECT unit_id, hierarchy_id, parent_id, start,
         COALESCE(LEAD(start) OVER (PARTITION BY unit_id, hierarchy_id ORDER BY start), {far}) AS stop
  FROM orgs_link
),
edge AS MATERIALIZED (
  SELECT held.hierarchy_id, held.unit_id, held.parent_id,
         CASE WHEN held.start > life.start THEN held.start ELSE life.start END AS start,
         CASE WHEN held.stop < life.stop THEN held.stop ELSE life.stop END AS stop
  FROM held JOIN life ON life.unit_id = held.parent_id AND life.start < held.stop AND held.start < life.stop
  WHERE held.parent_id IS NOT NULL
),
climb (hierarchy_id, ancestor_id, descendant_id, depth, start, stop) AS (
  SELECT hierarchy.code, life.unit_id, life.unit_id, 0, life.start, life.stop
  FROM life CROSS JOIN orgs_hierarchy AS hierarchy
  UNION ALL
  SELECT climb.hierarchy_id, edge.parent_id, climb.descendant_id, climb.depth + 1,
         CASE WHEN edge.start > climb.start THEN edge.start ELSE climb.start END,
         CASE WHEN edge.stop < climb.stop THEN edge.stop ELSE climb.stop END
  FROM climb
  JOIN edge ON edge.unit_id = climb.ancestor_id AND edge.hierarchy_id = climb.hierarchy_id
           AND edge.start < climb.stop AND climb.start < edge.stop
  WHERE climb.depth < {deepest}
),
marked AS (
  SELECT climb.*, CASE WHEN start = LAG(stop) OVER pair THEN 0 ELSE 1 END AS fresh
  FROM climb WINDOW pair AS (PARTITION BY hierarchy_id, ancestor_id, descendant_id, depth ORDER BY start)
),
grouped AS (
  SELECT marked.*, SUM(fresh) OVER (PARTITION BY hierarchy_id, ancestor_id, descendant_id, depth ORDER BY start) AS run
  FROM marked
)
SELECT hierarchy_id, ancestor_id, descendant_id, depth, MIN(start), MAX(stop)
FROM grouped GROUP BY hierarchy_id, ancestor_id, descendant_id, depth, run
"""
MANY = 4_000  # from so many units on climbing in Python costs more than the one statement for all
DEEPEST = 30  # a tree is never so deep; a circle that slipped in ends here instead of never


Step = tuple[str, int, int, Span]  # a climb: hierarchy, who climbs, where it has come to, on which days
Lives = dict[int, list[Span]]
Edges = dict[tuple[str, int], list[tuple[int, Span]]]  # (hierarchy, unit) → under whom it is linked, and when


def rebuild_closure(unit_ids: Iterable[int] | None = None) -> None:
    """All of it, or the rows of some units and of everything that ever stood below them."""
    if unit_ids is None:
        _whole_closure()
        return
    touched = _with_all_below(set(unit_ids), MANY)
    if len(touched) > MANY:
        _whole_closure()
        return
    for part in parts(touched):
        Closure.objects.filter(descendant__in=part).delete()
    insert_objects(_climbed(touched))


def _whole_closure() -> None:
    sql = WHOLE_CLOSURE.format(far="CAST(%s AS date)" if connection.vendor == "postgresql" else "%s", deepest=DEEPEST)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL jit = off")  # compiling the statement takes longer than running it
        cursor.execute("DELETE FROM orgs_closure")
        cursor.execute(sql, [FAR.isoformat(), FAR.isoformat()])


def _with_all_below(units: set[int], enough: int) -> set[int]:
    """The units and all that any link, of any day, puts below them, until there are enough: never too few."""
    known, fresh = set(units), set(units)
    while fresh and len(known) <= enough:
        found: set[int] = set()
        for part in parts(fresh):
            found.update(Link.objects.filter(parent__in=part).values_list("unit_id", flat=True))
        fresh = found - known
        known |= fresh
    return known


def _climbed(units: set[int]) -> list[Closure]:
    """The closure rows of the units, climbing one step of all chains at a time."""
    lives: Lives = {}
    edges: Edges = {}
    fetch_edges(units, lives, edges)
    rows: dict[tuple[str, int, int, int], list[Span]] = defaultdict(list)
    step = [
        (code, unit, unit, span)
        for code in Hierarchy.objects.values_list("code", flat=True)
        for unit in units
        for span in lives[unit]
    ]
    for depth in range(DEEPEST + 1):
        for code, unit, ancestor, span in step:
            rows[code, unit, ancestor, depth].append(span)
        fetch_edges({ancestor for _, _, ancestor, _ in step}, lives, edges)
        _refuse_circle(step, edges)
        above = [
            (code, unit, parent, both)
            for code, unit, ancestor, span in step
            for parent, held in edges.get((code, ancestor), ())
            if (both := span.intersect(held))
        ]
        fetch_edges({parent for _, _, parent, _ in above}, lives, edges)
        step = [
            (code, unit, parent, both)
            for code, unit, parent, span in above
            for life in lives[parent]
            if (both := span.intersect(life))
        ]
        if not step:
            break
    return [
        Closure(
            hierarchy_id=code, ancestor_id=ancestor, descendant_id=unit, depth=depth, start=span.start, end=span.end
        )
        for (code, unit, ancestor, depth), spans in rows.items()
        for span in joined(spans)
    ]


def _refuse_circle(step: list[Step], edges: Edges) -> None:
    """A climb that comes back to where it began."""
    for code, unit, ancestor, span in step:
        for parent, held in edges.get((code, ancestor), ()):
            if parent == unit and span.overlaps(held):
                day = max(span.start, held.start)
                raise refusals.Loop(unit=name(unit, day), parent=name(ancestor, day))


def fetch_edges(units: set[int], lives: Lives, edges: Edges) -> None:
    """Read the existences and links of units not read before."""
    fresh = units - lives.keys()
    lives.update({unit: [] for unit in fresh})
    existences: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for unit, start, exists in fetch(Existence, fresh, "start", "exists"):
        existences[unit].append((start, exists))
    for unit, rows in existences.items():
        lives[unit] = joined(span for exists, span in spans_of(sorted(rows)) if exists)
    starts: dict[tuple[str, int], list[tuple[date, int | None]]] = defaultdict(list)
    for unit, code, start, parent in fetch(Link, fresh, "hierarchy_id", "start", "parent_id"):
        starts[code, unit].append((start, parent))
    for key, held in starts.items():
        held.sort(key=itemgetter(0))
        edges[key] = [(parent, span) for parent, span in spans_of(held) if parent is not None]


def spans_of(rows: list[tuple[date, Value]]) -> list[tuple[Value, Span]]:
    """Starts → spans: each value holds until the next row starts."""
    ends = [start for start, _ in rows[1:]] + [FAR]
    return [(value, Span(start, end)) for (start, value), end in zip(rows, ends)]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbouring spans become one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].end == span.start:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def rebuild_snapshots(unit_ids: Iterable[int] | None = None) -> None:
    """All snapshots, or those of some units."""
    if unit_ids is None:
        Snapshot.objects.all().delete()
        insert_objects(_stretches(None))
        return
    for part in parts(set(unit_ids)):
        Snapshot.objects.filter(unit__in=part).delete()
        insert_objects(_stretches(part))


def _stretches(units: list[int] | None) -> list[Snapshot]:
    def read(model: type, *fields: str) -> dict[int, list[tuple]]:
        found = model.objects.all() if units is None else model.objects.filter(unit__in=units)
        rows: dict[int, list[tuple]] = defaultdict(list)
        for unit, *rest in found.order_by("unit_id", "start").values_list("unit_id", "start", *fields):
            rows[unit].append(tuple(rest))
        return rows

    lives = read(Existence, "exists")
    names = read(Name, "name", "body_name", "short_name")
    kinds = read(Classing, "kind_id")
    codes = read(Code, "scheme", "code")
    return [
        stretch
        for unit, life in lives.items()
        for stretch in _unit_stretches(unit, life, names[unit], kinds[unit], codes[unit])
    ]


def _unit_stretches(
    unit: int, life: list[tuple], names: list[tuple], kinds: list[tuple], codes: list[tuple]
) -> list[Snapshot]:
    days = sorted({row[0] for row in [*life, *names, *kinds, *codes]})
    found: list[Snapshot] = []
    for day, end in zip(days, [*days[1:], FAR]):
        alive, called, classed = _last(life, day), _last(names, day), _last(kinds, day)
        if not (alive and alive[1]) or called is None or classed is None:
            continue
        fresh = _snapshot(unit, day, end, called, classed[1], _code(codes, day))
        if found and found[-1].end == day and _same(found[-1], fresh):
            found[-1].end = end
        else:
            found.append(fresh)
    return found


def _last(rows: list[tuple], day: date) -> tuple | None:
    return next((row for row in reversed(rows) if row[0] <= day), None)


def _code(rows: list[tuple], day: date) -> str:
    for scheme in SCHEMES:
        row = _last([row for row in rows if row[1] == scheme], day)
        if row and row[2]:
            return str(row[2])
    return ""


def _snapshot(unit: int, start: date, end: date, called: tuple, kind: str, code: str) -> Snapshot:
    _, name, body_name, short_name = called
    name = nfc(name)
    return Snapshot(
        unit_id=unit,
        start=start,
        end=end,
        name=name,
        body_name=body_name or name,
        short_name=short_name,
        fold=fold(name),
        canon=spelling.canon(name),
        bare=spelling.bare(name, kind),
        kind_id=kind,
        code=code,
    )


def _same(one: Snapshot, other: Snapshot) -> bool:
    fields = ("name", "body_name", "short_name", "kind_id", "code")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def fetch(
    model: Any, units: Iterable[Any], *fields: str, by: str = "unit_id", **where: Any
) -> Iterator[tuple[Any, ...]]:
    """Rows of the units, each beginning with the unit's number; of very many units the whole table is read once."""
    wanted = set(units)
    if len(wanted) > FEW:
        found = model.objects.filter(**where).values_list(by, *fields)
        yield from (row for row in found.iterator(20_000) if row[0] in wanted)
        return
    for part in parts(wanted):
        yield from model.objects.filter(**{f"{by}__in": part}, **where).values_list(by, *fields)


def insert(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write plain rows by one prepared statement: a tenth of what as many model objects cost. Values are as stored, but
    for days; the database checks them."""
    days = [number for number, name in enumerate(columns) if name in ("start", "end", "on")]
    adapt = connection.ops.adapt_datefield_value
    known: dict[date, Any] = {}

    def plain(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for number in days:
            day = values[number]
            if day not in known:
                known[day] = adapt(day)
            values[number] = known[day]
        return values

    table, quote = model._meta, connection.ops.quote_name
    names = ", ".join(quote(table.get_field(name).column) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(table.db_table)} ({names}) VALUES ({places})",  # noqa: S608  # names of our own tables
            [plain(row) for row in rows],
        )


def insert_objects(objects: Sequence[Any]) -> None:
    """The same for objects of one model without their numbers."""
    if objects:
        columns = [one.attname for one in objects[0]._meta.concrete_fields if not one.primary_key]
        insert(type(objects[0]), columns, ([getattr(one, name) for name in columns] for one in objects))


def parts(units: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(units)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
