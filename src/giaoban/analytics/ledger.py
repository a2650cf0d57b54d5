"""The record as columns, read once and kept: the ledger beyond a sealed line, and who was asked for figures.

As it is read a line says its series and period in words (`SCHEMA`). What is added up has numbers only (`FACTS`).

`Tail` holds the lines beyond a sealed line in this process and fetches only what follows. Sequence numbers follow the
order of commits, so nothing can appear behind a line already read. Inside a transaction nothing is kept: its lines may
still be rolled back. `Reports` keeps the list of reports in the same way.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from giaoban.analytics import coding
from giaoban.analytics.coding import codes
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
FACTS = pa.schema(
    [
        ("unit", pa.int64()),
        ("period", pa.int64()),
        ("cell", pa.int32()),
        ("value", pa.int64()),
        ("present", pa.int64()),
    ]
)


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
        self._batches: dict[str, list[pa.RecordBatch]] = defaultdict(list)

    def after(self, sealed: int, series: str) -> pa.Table:
        """Every line of a series beyond `sealed`, up to what is committed now."""
        if connection.in_atomic_block:
            passing = Tail()
            passing._clear(sealed)
            return passing._go_on(series)
        with self._lock:
            if self._sealed != sealed or (self._last > sealed and mark(self._last) != self._mark):
                self._clear(sealed)
            found = self._go_on(series)
            if self._mark is None:
                self._mark = mark(self._last)
            return found

    def _go_on(self, series: str) -> pa.Table:
        for last, batch in read(self._last):
            for code, lines in _facts(batch):
                self._batches[code].append(lines)
            self._last, self._mark = last, None
        return pa.Table.from_batches(self._batches[series], schema=FACTS)


def _facts(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The lines of each series, with their periods as numbers."""
    for series in pc.unique(batch["series"]).to_pylist():
        lines = batch.filter(pc.equal(batch["series"], series))
        codes = lines["period"].dictionary_encode()
        numbers = pa.array([coding.number(code) for code in codes.dictionary.to_pylist()], pa.int64())
        columns = {**{name: lines[name] for name in lines.schema.names}, "period": numbers.take(codes.indices)}
        yield series, pa.RecordBatch.from_arrays([columns[name] for name in FACTS.names], schema=FACTS)


def concerning(lines: pa.Table, periods: Collection[int], cells: Collection[int]) -> pa.Table:
    """The lines of some periods and cells."""
    of_period = pc.is_in(lines["period"], pa.array(periods, pa.int64()))
    return lines.filter(pc.and_(of_period, pc.is_in(lines["cell"], pa.array(cells, pa.int32()))))


def net(lines: pa.Table) -> pa.Table:
    """One line a unit, period and cell, without those that came to nothing."""
    keys = ["unit", "period", "cell"]
    summed = lines.group_by(keys).aggregate([("value", "sum"), ("present", "sum")]).rename_columns(FACTS.names)
    return summed.filter(pc.or_(pc.not_equal(summed["value"], 0), pc.not_equal(summed["present"], 0)))


def of_period(lines: pa.Table, code: str) -> pa.Table:
    return lines.filter(pc.equal(lines["period"], coding.number(code)))


def table(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches, schema=SCHEMA)


REPORTS = pa.schema([("sheet", pa.int32()), ("period", pa.int64()), ("unit", pa.int64()), ("kind", pa.int32())])


class Reports:
    """Every report ever asked for. Reports are made and never changed; with a round its reports may be taken back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._last, self._rounds = 0, (0, 0)
        self._batches: list[pa.RecordBatch] = []
        self._life = object()

    def all(self) -> tuple[pa.Table, Hashable]:
        """The reports, and what tells this list from any other."""
        if connection.in_atomic_block:
            passing = Reports()
            passing._go_on()
            return passing._table(), None
        with self._lock:
            newest, rounds = asked.newest_report(), asked.rounds_upto()
            if rounds != self._rounds and asked.rounds_upto(self._rounds[0]) != self._rounds:
                self._clear()  # one of those we knew is no more
            if newest > self._last:
                self._go_on()
            self._rounds = rounds
            return self._table(), (self._life, self._last)

    def _go_on(self) -> None:
        rows = iter(asked.reports_after(self._last))
        while chunk := list(islice(rows, CHUNK)):
            numbers, sheets, periods, units, kinds = zip(*chunk, strict=True)
            columns = (
                [codes[sheet] for sheet in sheets],
                [coding.number(period) for period in periods],
                units,
                [codes[kind] if kind else NO_KIND for kind in kinds],
            )
            arrays = [pa.array(column, field.type) for column, field in zip(columns, REPORTS, strict=True)]
            self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=REPORTS))
            self._last = numbers[-1]

    def _table(self) -> pa.Table:
        return pa.Table.from_batches(self._batches, schema=REPORTS)


NO_KIND = -1
tail = Tail()
reports = Reports()
