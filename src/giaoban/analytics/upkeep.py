"""Keeping the columnar copy: compact, rebuild, verify. The copy is disposable, so this needs no actor and no event."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection

from giaoban.analytics import ledger
from giaoban.analytics.store import KEY, Busy, Manifest, Store, content, merge, split
from giaoban.indicators import queries as indicators

EMPTY = ledger.SCHEMA.empty_table().select([*KEY, "value", "present"])
COMPACT_FROM = 200_000
"""Lines of the tail from which a reader has them compacted, in the background."""
TOO_LONG_TO_READ = 5_000_000
KEEP_FROM = 20_000
"""Lines from which the process of `giaoban analytics keep` compacts."""


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
    """Called by readers, who never wait for it: from so many lines of the tail a thread begins to compact.

    Only who would have to read millions of lines to answer at all, as after a restore, compacts first.
    """
    if connection.in_atomic_block:
        return
    with store().reading() as manifest:
        waiting = indicators.last_seq() - manifest.sealed
    if waiting >= TOO_LONG_TO_READ:
        compact()
    elif waiting >= COMPACT_FROM:
        background.begin()


class Background:
    """At most one thread of this process that compacts; the lock of the store keeps it apart from other processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._compact, name="giaoban-compaction", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """For tests, and for who ends a process in good order."""
        if self._thread is not None:
            self._thread.join()

    def _compact(self) -> None:
        try:
            compact(wait=False)
        except Busy:
            pass  # another process is at it
        except Exception:
            logging.getLogger(__name__).exception(
                "Compaction in the background failed; answers stay right, from the tail."
            )
        finally:
            connection.close()


background = Background()


def keep(every: float, stop: threading.Event) -> Iterator[Manifest]:
    """Compact again and again until told to stop: for a process of its own beside the web server."""
    while not stop.is_set():
        with store().reading() as manifest:
            waiting = indicators.last_seq() - manifest.sealed
        if waiting >= KEEP_FROM or not trusted(manifest):
            yield compact()
        connection.close()
        stop.wait(every)


def verify() -> list[tuple[str, str, int, int]]:
    """Keys (period, series, unit, cell) for which parts and ledger disagree; empty when the copy is whole."""
    kept = store()
    with kept.reading() as manifest:
        lines = ledger.table([batch for _, batch in ledger.read(0, manifest.sealed)])
        wanted = dict(split(lines))
        held = {(series, period) for series, parts in manifest.parts.items() for period in parts}
        wrong = []
        for series, period in sorted(wanted.keys() | held):
            parts = [content(path) for path in kept.paths(manifest, {period}, series)]
            tables = [wanted.get((series, period), EMPTY), *(_negative(part) for part in parts)]
            left = merge(pa.concat_tables(tables))
            wrong += [(period, series, *key) for key in zip(*(left[name].to_pylist() for name in KEY), strict=True)]
    return sorted(wrong)


def _negative(part: pa.Table) -> pa.Table:
    """What must be added to the part for nothing to be left."""
    columns = {name: part[name] if name in KEY else pc.negate(part[name]) for name in part.column_names}
    return pa.table(columns, schema=part.schema)


def _lines(manifest: Manifest) -> tuple[pa.Table, int, str]:
    upto = indicators.last_seq()
    lines = ledger.table([batch for _, batch in ledger.read(manifest.sealed, upto)])
    return lines, upto, ledger.mark(upto)
