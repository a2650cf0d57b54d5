"""Every plan that holds, as columns this process keeps: a table of 85,000 plans is then a few lookups.

Versions of targets are only ever added. A newer row than the last known is read at the next question; where the journal
has acts on targets since, rows are counted too, for a row committed late has an older number. Everything is
read again when rows are fewer or others than those known, as in another database.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from giaoban.analytics import coding
from giaoban.analytics.coding import codes
from giaoban.indicators.queries import sharing

CHUNK = 50_000
SCHEMA = pa.schema(
    [
        ("indicator", pa.int32()),
        ("unit", pa.int64()),
        ("period", pa.int64()),
        ("no", pa.int32()),
        ("numerator", pa.int64()),
        ("denominator", pa.int64()),
        ("withdrawn", pa.int8()),
    ]
)
KEY = ["indicator", "unit", "period"]
NO_TARGETS = SCHEMA.empty_table()


class Targets:
    """The newest version of each target, without those withdrawn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._last = self._count = self._line = 0
        self._mark: object = None
        self._batches: list[pa.RecordBatch] = []
        self._holding: pa.Table | None = None

    def all(self) -> pa.Table:
        if connection.in_atomic_block:
            passing = Targets()
            passing._go_on()
            return passing._held()
        with self._lock:
            line, acted = sharing.acts_on_targets(self._line)
            newest = sharing.newest_target()
            same = newest == self._last and sharing.mark_of_target(newest) == self._mark
            if not same or acted or line < self._line:
                self._follow(newest)
            self._line = line
            return self._held()

    def _follow(self, newest: int) -> None:
        if sharing.mark_of_target(self._last) != self._mark or newest < self._last:
            self._clear()
        self._go_on()
        if self._count != sharing.count_of_targets():  # one committed late lies behind a line already read
            self._clear()
            self._go_on()

    def _go_on(self) -> None:
        rows = iter(sharing.targets_after(self._last))
        while chunk := list(islice(rows, CHUNK)):
            pks, indicators, units, periods, *rest, withdrawn = zip(*chunk, strict=True)
            columns = (
                [codes[code] for code in indicators],
                units,
                [coding.number(code) for code in periods],
                *rest,
                [int(each) for each in withdrawn],
            )
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
            self._last, self._count, self._holding = pks[-1], self._count + len(chunk), None
        self._mark = sharing.mark_of_target(self._last)

    def _held(self) -> pa.Table:
        if self._holding is None:
            rows = pa.Table.from_batches(self._batches, schema=SCHEMA)
            if rows.num_rows and pc.max(rows["no"]).as_py() > 1:
                newest = rows.group_by(KEY).aggregate([("no", "max")]).rename_columns([*KEY, "no"])
                rows = rows.join(newest, [*KEY, "no"], join_type="inner")
            self._holding = rows.filter(pc.equal(rows["withdrawn"], 0)).combine_chunks()
        return self._holding


targets = Targets()


def placed(
    indicators: Sequence[str], units: Sequence[int], periods: Sequence[str], held: pa.Table
) -> Mapping[str, pa.Table]:
    """Period → (at, numerator, denominator) of a table units × indicators; at is the unit's place × width + column."""
    wanted, rows = pa.array([codes[code] for code in indicators], pa.int32()), pa.array(units, pa.int64())
    found = {}
    for code in periods:
        here = held.filter(pc.equal(held["period"], coding.number(code)))
        columns = pc.index_in(here["indicator"], wanted).cast(pa.int64())
        places = pc.index_in(here["unit"], rows).cast(pa.int64())
        at = pc.add(pc.multiply(places, len(indicators)), columns)
        columns = {"at": at, "numerator": here["numerator"], "denominator": here["denominator"]}
        found[code] = pa.table(columns).filter(pc.is_valid(at))
    return found
