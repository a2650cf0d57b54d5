"""The fast engine: one question, answered by DuckDB over parts and tail.

Its SQL keeps to a portable subset: plain joins and groups over tables, whole-number days, nothing of a dialect. What
a question needs is handed in as tables (asked units, periods with the day of their map, the cells of each name of a
formula), never as text. The roll-up rules are those of core.rollup, to which generated tests hold it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from giaoban.analytics import ledger
from giaoban.analytics.tree import Tree
from giaoban.core.rollup import apportion


@dataclass(frozen=True)
class Line:
    """One indicator in one period: the cells each name of its formula stands for."""

    number: int
    period: str
    names: Mapping[str, Sequence[int]]
    alone: bool = False  # printed rates: own figures only

    @property
    def cells(self) -> frozenset[int]:
        return frozenset(cell for cells in self.names.values() for cell in cells)


@dataclass(frozen=True)
class Question:
    series: str
    units: Sequence[int]
    days: Mapping[str, date]  # period → the day of its map
    lines: Sequence[Line]
    sheets: Sequence[tuple[int, str, str, str]] = ()  # line number, period, a sheet that asks for it, of which kind
    steps: Sequence[tuple[int, int, int, int]] = ()  # line number, unit, step, how many values


@dataclass
class Sums:
    """What some unit has in some period for one line."""

    totals: dict[str, int] = field(default_factory=dict)
    reported: int = 0
    expected: int = 0
    estimated: bool = False
    steps: dict[int, int] = field(default_factory=dict)


LEDGER = """
CREATE OR REPLACE TEMP VIEW ledger AS
SELECT series, unit, period, cell, value, present FROM parts
UNION ALL
SELECT series, unit, period, cell, value, present FROM tail
"""

# What counts: the figures of each source for each name of each line. Differences need no order and no masking.
FIGURES = """
CREATE OR REPLACE TEMP TABLE figures AS
SELECT ledger.unit AS source, terms.line, terms.term, SUM(ledger.value) AS value
FROM ledger
JOIN slots ON slots.period = ledger.period
JOIN terms ON terms.cell = ledger.cell AND terms.slot = slots.slot
WHERE ledger.series = ?
GROUP BY ledger.unit, terms.line, terms.term
HAVING SUM(ledger.present) > 0
"""

# Everyone who gave something for a line (complete: for every name of its formula) or was asked for it.
PEOPLE = """
CREATE OR REPLACE TEMP TABLE people AS
SELECT known.source, known.line, CASE WHEN SUM(known.given) = MIN(lines.terms) THEN 1 ELSE 0 END AS complete
FROM (
  SELECT source, line, 1 AS given FROM figures
  UNION ALL
  SELECT reports.unit, sheets.line, 0
  FROM reports JOIN sheets ON sheets.sheet = reports.sheet AND sheets.period = reports.period
  WHERE sheets.kind = '' OR sheets.kind = reports.kind
) AS known
JOIN lines ON lines.line = known.line
GROUP BY known.source, known.line
"""

# Units that do not stand on the map they are needed on.
STRANGERS = """
SELECT DISTINCT people.source, lines.day
FROM people
JOIN lines ON lines.line = people.line
LEFT JOIN closure AS life
  ON life.descendant = people.source AND life.depth = 0
 AND life.first_day <= lines.day AND life.end_day > lines.day
WHERE life.descendant IS NULL
"""

# The figures, cell by cell, of those that several units stand for.
TO_DIVIDE = """
SELECT ledger.unit, slots.day, terms.line, terms.term, ledger.cell, SUM(ledger.value)
FROM ledger
JOIN slots ON slots.period = ledger.period
JOIN terms ON terms.cell = ledger.cell AND terms.slot = slots.slot
JOIN (SELECT DISTINCT unit, day FROM spots WHERE parts > 1) AS several
  ON several.unit = ledger.unit AND several.day = slots.day
WHERE ledger.series = ?
GROUP BY ledger.unit, slots.day, terms.line, terms.term, ledger.cell
HAVING SUM(ledger.present) > 0
"""

# Whoever one unit stands for is added up where that unit lies. Printed rates stay with their own unit.
TOTALS = """
SELECT closure.ancestor, figures.line, figures.term, SUM(figures.value)
FROM figures
JOIN lines ON lines.line = figures.line
LEFT JOIN spots ON spots.unit = figures.source AND spots.day = lines.day
JOIN closure ON closure.descendant = COALESCE(spots.target, figures.source)
            AND closure.first_day <= lines.day AND closure.end_day > lines.day
JOIN asked ON asked.unit = closure.ancestor
WHERE COALESCE(spots.parts, 1) = 1 AND (lines.alone = 0 OR closure.ancestor = figures.source)
GROUP BY closure.ancestor, figures.line, figures.term
"""

REPORTED = """
SELECT closure.ancestor, people.line, SUM(people.complete), COUNT(*)
FROM people
JOIN lines ON lines.line = people.line
LEFT JOIN spots ON spots.unit = people.source AND spots.day = lines.day
JOIN closure ON closure.descendant = COALESCE(spots.target, people.source)
            AND closure.first_day <= lines.day AND closure.end_day > lines.day
JOIN asked ON asked.unit = closure.ancestor
WHERE COALESCE(spots.parts, 1) = 1 AND (lines.alone = 0 OR closure.ancestor = people.source)
GROUP BY closure.ancestor, people.line
"""

# The same for those that several units stand for: their parts add up, and they count once where parts meet.
DIVIDED_TOTALS = """
SELECT closure.ancestor, divided.line, divided.term, SUM(divided.value),
       MAX(CASE WHEN held.inside < divided.parts THEN 1 ELSE 0 END)
FROM divided
JOIN lines ON lines.line = divided.line
JOIN closure ON closure.descendant = divided.target
            AND closure.first_day <= lines.day AND closure.end_day > lines.day
JOIN asked ON asked.unit = closure.ancestor
JOIN (
  SELECT spots.unit, spots.day, closure.ancestor, COUNT(*) AS inside
  FROM spots
  JOIN closure ON closure.descendant = spots.target
              AND closure.first_day <= spots.day AND closure.end_day > spots.day
  GROUP BY spots.unit, spots.day, closure.ancestor
) AS held ON held.unit = divided.source AND held.day = lines.day AND held.ancestor = closure.ancestor
WHERE lines.alone = 0
GROUP BY closure.ancestor, divided.line, divided.term
"""

DIVIDED_REPORTED = """
SELECT once.ancestor, once.line, SUM(once.complete), COUNT(*)
FROM (
  SELECT DISTINCT closure.ancestor, people.line, people.source, people.complete
  FROM people
  JOIN lines ON lines.line = people.line
  JOIN spots ON spots.unit = people.source AND spots.day = lines.day
  JOIN closure ON closure.descendant = spots.target
              AND closure.first_day <= lines.day AND closure.end_day > lines.day
  JOIN asked ON asked.unit = closure.ancestor
  WHERE spots.parts > 1 AND lines.alone = 0
) AS once
GROUP BY once.ancestor, once.line
"""

STEPS = """
SELECT once.ancestor, once.line, once.step, SUM(once.n)
FROM (
  SELECT DISTINCT closure.ancestor, steps.line, steps.unit, steps.step, steps.n
  FROM steps
  JOIN lines ON lines.line = steps.line
  LEFT JOIN spots ON spots.unit = steps.unit AND spots.day = lines.day
  JOIN closure ON closure.descendant = COALESCE(spots.target, steps.unit)
              AND closure.first_day <= lines.day AND closure.end_day > lines.day
  JOIN asked ON asked.unit = closure.ancestor
  WHERE lines.alone = 0 OR closure.ancestor = steps.unit
) AS once
GROUP BY once.ancestor, once.line, once.step
"""


def _columns(**types: pa.DataType) -> pa.Schema:
    return pa.schema(types.items())


WHOLE, SMALL, TEXT = pa.int64(), pa.int32(), pa.string()
ASKED = _columns(unit=WHOLE)
SLOTS = _columns(slot=SMALL, period=TEXT, day=SMALL)
LINES = _columns(line=SMALL, day=SMALL, terms=WHOLE, alone=SMALL)
TERMS = _columns(line=SMALL, term=SMALL, slot=SMALL, cell=SMALL)
SHEETS = _columns(line=SMALL, period=TEXT, sheet=TEXT, kind=TEXT)
STEP_ROWS = _columns(line=SMALL, unit=WHOLE, step=SMALL, n=WHOLE)
SPOTS = _columns(unit=WHOLE, day=SMALL, target=WHOLE, parts=SMALL)
DIVIDED = _columns(source=WHOLE, target=WHOLE, line=SMALL, term=SMALL, value=WHOLE, parts=SMALL)

_local = threading.local()


def answer(
    question: Question, tree: Tree, parts: Sequence[str], tail: pa.Table, reports: pa.Table
) -> dict[tuple[int, int], Sums]:
    """(unit, line number) → what the unit has there; pairs without anything are absent."""
    engine = _engine(tree)
    names = {line.number: list(line.names) for line in question.lines}
    _hand_in(engine, question, parts, tail, reports)
    engine.execute(FIGURES, [question.series])
    engine.execute(PEOPLE)
    spots = _spots(engine, tree)
    engine.register("spots", spots)
    found: dict[tuple[int, int], Sums] = defaultdict(Sums)

    def add_totals(rows: Iterable[tuple[int, int, int, int, int]]) -> None:
        for unit, line, term, value, estimated in rows:
            sums, name = found[unit, line], names[line][term]
            sums.totals[name] = sums.totals.get(name, 0) + int(value)
            sums.estimated = sums.estimated or bool(estimated)

    def add_people(rows: Iterable[tuple[int, int, int, int]]) -> None:
        for unit, line, complete, everyone in rows:
            found[unit, line].reported += int(complete)
            found[unit, line].expected += int(everyone)

    add_totals((*row, 0) for row in engine.execute(TOTALS).fetchall())
    add_people(engine.execute(REPORTED).fetchall())
    if len(spots.filter(pc.greater(spots["parts"], 1))):
        engine.register("divided", _divided(engine, tree, question.series))
        add_totals(engine.execute(DIVIDED_TOTALS).fetchall())
        add_people(engine.execute(DIVIDED_REPORTED).fetchall())
    for unit, line, step, n in engine.execute(STEPS).fetchall() if question.steps else ():
        found[unit, line].steps[step] = int(n)
    return dict(found)


def _engine(tree: Tree) -> duckdb.DuckDBPyConnection:
    """This thread's engine, with the closure loaded once for each version of the tree."""
    if not hasattr(_local, "engine"):
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        _local.engine, _local.version = duckdb.connect(":memory:", config=config), None
    engine: duckdb.DuckDBPyConnection = _local.engine
    if _local.version != tree.version:
        engine.register("closure_rows", tree.closure)
        engine.execute("CREATE OR REPLACE TABLE closure AS SELECT * FROM closure_rows")
        engine.unregister("closure_rows")
        _local.version = tree.version
    return engine


def _hand_in(
    engine: duckdb.DuckDBPyConnection, question: Question, parts: Sequence[str], tail: pa.Table, reports: pa.Table
) -> None:
    if parts:
        engine.read_parquet(list(parts)).create_view("parts", replace=True)
    else:
        engine.from_arrow(ledger.NOTHING).create_view("parts", replace=True)
    slots = {period: slot for slot, period in enumerate(question.days)}
    days = {period: day.toordinal() for period, day in question.days.items()}
    tables = {
        "tail": tail,
        "reports": reports,
        "asked": _rows([(unit,) for unit in question.units], ASKED),
        "slots": _rows([(slot, period, days[period]) for period, slot in slots.items()], SLOTS),
        "lines": _rows(
            [(line.number, days[line.period], len(line.names), int(line.alone)) for line in question.lines], LINES
        ),
        "terms": _rows(
            [
                (line.number, term, slots[line.period], cell)
                for line in question.lines
                for term, cells in enumerate(line.names.values())
                for cell in cells
            ],
            TERMS,
        ),
        "sheets": _rows(question.sheets, SHEETS),
        "steps": _rows(question.steps, STEP_ROWS),
    }
    for name, table in tables.items():
        engine.register(name, table)
    engine.execute(LEDGER)


def _spots(engine: duckdb.DuckDBPyConnection, tree: Tree) -> pa.Table:
    """Where figures of units that do not stand on their map's day are placed."""
    rows = []
    for unit, day in engine.execute(STRANGERS).fetchall():
        targets = list(tree.place(unit, day)) or [0]  # 0 is nobody: the figure is on no map of that day
        rows += [(unit, day, target, len(targets)) for target in targets]
    return _rows(rows, SPOTS)


def _divided(engine: duckdb.DuckDBPyConnection, tree: Tree, series: str) -> pa.Table:
    """Figures that go to several units, in whole numbers that add up exactly."""
    rows = []
    for unit, day, line, term, _, value in engine.execute(TO_DIVIDE, [series]).fetchall():
        parts = apportion(int(value), tree.place(unit, day))
        rows += [(unit, target, line, term, part, len(parts)) for target, part in parts.items()]
    return _rows(rows, DIVIDED)


def _rows(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
