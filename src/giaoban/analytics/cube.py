"""Every cell of every unit that has somebody below it, period by period: for exports, and for what asks for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from giaoban.analytics import sql
from giaoban.analytics.engine import DAYS
from giaoban.analytics.ledger import FACTS
from giaoban.analytics.runners import Runner
from giaoban.analytics.tree import Tree, rows_of

CELLS = pa.schema([("cell", pa.int32())])
SHARED = pa.schema(
    [
        ("source", pa.int64()),
        ("target", pa.int64()),
        ("cell", pa.int32()),
        ("value", pa.int64()),
        ("parts", pa.int32()),
    ]
)


@dataclass(frozen=True)
class Slice:
    """One period: the day of its map, its part and the lines after it."""

    day: int
    parts: Sequence[str]
    tail: pa.Table


def sums(slices: Iterator[Slice], lone: Sequence[int], tree: Tree, runner: Runner) -> Iterator[pa.Table]:
    """(unit, cell, value, reported, estimated) of each period. `lone` cells are shown and never rolled up."""
    runner.hand_in("closure", tree.closure, tree.version)
    runner.hand_in("lone", rows_of([(cell,) for cell in lone], CELLS))
    prepared: int | None = None
    for one in slices:
        if one.day != prepared:
            _prepare(one.day, tree, runner)
            prepared = one.day
        runner.parquet("parts", one.parts, FACTS)
        runner.hand_in("tail", one.tail)
        if not tree.divided(one.day):
            yield runner.arrow(sql.WHOLE_SUMS)
            continue
        runner.keep("near", sql.NEAR)
        shared = _shared(one.day, tree, runner)
        if shared.num_rows:
            runner.hand_in("shared", shared)
        yield runner.arrow(sql.ALL_SUMS if shared.num_rows else sql.KEPT_SUMS)


def _prepare(day: int, tree: Tree, runner: Runner) -> None:
    """Where figures go on the map of a day, and what they climb."""
    runner.hand_in("days", rows_of([(day,)], DAYS))
    runner.hand_in("spots", tree.spots(day))
    for name, select in (("above", sql.ABOVE), ("homes", sql.HOMES), ("landing", sql.LANDING), ("climb", sql.CLIMB)):
        runner.keep(name, select)


def _shared(day: int, tree: Tree, runner: Runner) -> pa.Table:
    """Figures of divided units, shared out."""
    rows = runner.arrow(sql.TO_SHARE)
    source, target, cell, value, parts = ([] for _ in SHARED)
    for unit, number, whole in zip(*(rows[name].to_pylist() for name in ("source", "cell", "value")), strict=True):
        division = tree.division(unit, day)
        count = len(division.targets)
        source += [unit] * count
        target += division.targets
        cell += [number] * count
        value += division.parts(whole)
        parts += [count] * count
    columns = zip((source, target, cell, value, parts), SHARED, strict=True)
    return pa.table([pa.array(column, field.type) for column, field in columns], schema=SHARED)
