"""The record as columns, read once and kept: the ledger beyond a sealed line, and who was asked for figures.

`Tail` holds the lines beyond a sealed line in this process and fetches only what follows. Sequence numbers follow the
order of commits, so nothing can appear behind a line already read. Inside a transaction nothing is kept: its lines may
still be rolled back. `Reports` keeps the list of reports in the same way.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa
from django.db import connection

from giaoban.indicators import queries as indicators
from giaoban.indicators.queries import asked

SCHEMA = pa.schema(
    [
        ("series", pa.string()),
        ("unit", pa.int64()),
        ("period", pa.string()),
        ("cell", pa.int32()),
        ("value", pa.int64()),
        ("present", pa.int64()),
    ]
)
FIELDS = ("seq", "series_id", "unit_id", "period_code", "cell_id", "value_delta", "present_delta")
CHUNK = 50_000
NOTHING = SCHEMA.empty_table()


def read(after: int, upto: int | None = None) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Lines beyond `after`, in batches, each with the number of its last line."""
    lines = indicators.effects_after(after)
    if upto is not None:
        lines = lines.filter(seq__lte=upto)
    rows = lines.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        seqs, *columns = zip(*chunk, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        yield seqs[-1], pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def mark(seq: int) -> str:
    """What line `seq` says, as a digest: tells a ledger from another one that has a line of the same number.

    Empty where there is no such line. Line 0 stands for the empty ledger.
    """
    if seq == 0:
        return "start"
    line = indicators.effects_after(seq - 1, 1).values_list(*FIELDS, "at").first()
    if line is None or line[0] != seq:
        return ""
    return hashlib.sha256(repr([*line[:-1], line[-1].timestamp()]).encode()).hexdigest()


class Tail:
    """The lines beyond a sealed one, as this process knows them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear(0)

    def _clear(self, sealed: int) -> None:
        self._sealed = self._last = sealed
        self._mark: str | None = None
        self._batches: list[pa.RecordBatch] = []

    def after(self, sealed: int) -> pa.Table:
        """Every line beyond `sealed`, up to what is committed now."""
        if connection.in_atomic_block:
            return table(batch for _, batch in read(sealed))
        with self._lock:
            if self._sealed != sealed or (self._batches and mark(self._last) != self._mark):
                self._clear(sealed)
            for last, batch in read(self._last):
                self._batches.append(batch)
                self._last, self._mark = last, None
            if self._mark is None:
                self._mark = mark(self._last)
            return table(self._batches)


def table(batches: Iterator[pa.RecordBatch] | list[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches, schema=SCHEMA)


REPORTS = pa.schema([("sheet", pa.string()), ("period", pa.string()), ("unit", pa.int64()), ("kind", pa.string())])


class Reports:
    """Every report ever asked for. Reports are made and never changed; were one removed, all would be read again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._last = self._count = 0
        self._batches: list[pa.RecordBatch] = []

    def all(self) -> pa.Table:
        if connection.in_atomic_block:
            return Reports()._read()
        with self._lock:
            newest, count = asked.report_extent()
            if newest == self._last and count == self._count:
                return self._table()
            found = self._read()
            if self._count != asked.report_extent()[1]:
                self._clear()
                found = self._read()
            return found

    def _read(self) -> pa.Table:
        rows = iter(asked.reports_after(self._last))
        while chunk := list(islice(rows, CHUNK)):
            numbers, *columns = zip(*chunk, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, REPORTS, strict=True)]
            self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=REPORTS))
            self._last, self._count = numbers[-1], self._count + len(chunk)
        return self._table()

    def _table(self) -> pa.Table:
        return pa.Table.from_batches(self._batches, schema=REPORTS)


tail = Tail()
reports = Reports()
