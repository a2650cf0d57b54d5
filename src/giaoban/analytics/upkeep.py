"""Keeping the columnar copy: compact, rebuild, verify. The copy is disposable, so this needs no actor and no event."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from giaoban.analytics import ledger
from giaoban.analytics.store import KEY, Busy, Manifest, Store, merge
from giaoban.indicators import queries as indicators

COMPACT_FROM = 200_000
"""Lines of the tail from which a reader compacts before it answers."""


def store() -> Store:
    return Store(Path(settings.ANALYTICS_ROOT))


def trusted(manifest: Manifest) -> bool:
    """Whether the parts were made from this ledger: another database may lie where this one lay."""
    return ledger.mark(manifest.sealed) == manifest.mark


def compact(*, wait: bool = True) -> Manifest:
    """Bring the parts up to the newest line of the ledger."""
    return store().seal(_lines, anew=lambda manifest: not trusted(manifest), wait=wait)


def rebuild() -> Manifest:
    """Write every part again from the ledger."""
    return store().seal(_lines, anew=lambda manifest: True)


def compact_when_long() -> None:
    """Called by readers: compaction from so many lines of the tail, unless another process is at it."""
    if connection.in_atomic_block:
        return
    with store().reading() as manifest:
        long = indicators.last_seq() - manifest.sealed >= COMPACT_FROM
    if long:
        try:
            compact(wait=False)
        except Busy:
            return


def verify() -> list[tuple[str, str, int, int]]:
    """Keys (period, series, unit, cell) for which parts and ledger disagree; empty when the copy is whole."""
    with store().reading() as manifest:
        found = _by_key(_sealed(store(), manifest))
        wanted = _by_key(ledger.table([batch for _, batch in ledger.read(0, manifest.sealed)]))
    return sorted(key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key))


def _lines(manifest: Manifest) -> tuple[pa.Table, int, str]:
    upto = indicators.last_seq()
    lines = ledger.table([batch for _, batch in ledger.read(manifest.sealed, upto)])
    return lines, upto, ledger.mark(upto)


def _sealed(kept: Store, manifest: Manifest) -> pa.Table:
    tables = [pq.read_table(path).select(ledger.SCHEMA.names).cast(ledger.SCHEMA) for path in kept.paths(manifest)]
    return pa.concat_tables([ledger.NOTHING, *tables])


def _by_key(lines: pa.Table) -> dict[tuple[str, str, int, int], tuple[int, int]]:
    found: dict[tuple[str, str, int, int], tuple[int, int]] = {}
    for period in lines["period"].unique().to_pylist():
        rows = merge(lines.filter(pa.compute.equal(lines["period"], period))).to_pylist()
        found.update({(period, *(row[name] for name in KEY)): (row["value"], row["present"]) for row in rows})
    return found
