"""The columnar store: immutable Parquet parts, one a period, and a manifest swapped in one step.

    CURRENT                        the name of the manifest that holds
    manifest-00000012.json         immutable: parts by period, the sealed line of the ledger and what that line says
    parts/2026-03.00000012.parquet immutable: one row a (series, unit, cell), the merged lines of the period
    writer.lock                    held by the one process that compacts

A reader holds a shared lock on the manifest it reads, so the parts it names stay until the reader ends, killed or not.
A compaction writes new parts beside the old ones, then a new manifest, then swaps CURRENT; each file is written under a
passing name, flushed to disk and renamed. Killed anywhere it leaves the old state whole, and the next one clears up.
Everything here can be rebuilt from the record at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

KEY = ["series", "unit", "cell"]
ROWS_A_GROUP = 32_768  # rows are ordered by cell, so a question about few cells reads few groups


@dataclass(frozen=True)
class Manifest:
    """One state of the store."""

    generation: int = 0
    sealed: int = 0
    mark: str = "start"
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"manifest-{self.generation:08}.json"


class Busy(Exception):
    """Another process is compacting."""


class Store:
    def __init__(self, root: Path) -> None:
        self.root = root

    # --- Reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Manifest]:
        """The manifest that holds now; its parts stay while the block runs."""
        while (name := self._current()) is not None:
            try:
                handle = (self.root / name).open("rb")
            except FileNotFoundError:
                if self._current() == name:
                    break  # somebody removed the manifest by hand: the record has everything
                continue
            with handle:
                fcntl.flock(handle, fcntl.LOCK_SH)
                if self._current() == name:
                    yield Manifest(**json.load(handle))
                    return
        yield Manifest()

    def paths(self, manifest: Manifest, periods: set[str] | None = None) -> list[str]:
        """The part files of a manifest, or of some periods of it."""
        return [
            str(self.root / "parts" / name)
            for period, name in sorted(manifest.parts.items())
            if periods is None or period in periods
        ]

    def _current(self) -> str | None:
        try:
            return (self.root / "CURRENT").read_text().strip()
        except FileNotFoundError:
            return None

    # --- Compacting ---------------------------------------------------------------------------------------------------

    def seal(
        self,
        read: Callable[[Manifest], tuple[pa.Table, int, str]],
        *,
        anew: Callable[[Manifest], bool] = lambda manifest: False,
        wait: bool = True,
    ) -> Manifest:
        """Merge lines of the ledger into the parts. Only periods that have new lines are written again.

        `read` is given the manifest to go on from and gives the new lines, the number of the last one and its mark.
        `anew` says whether the parts are not to be trusted; then everything is read and written again.
        """
        (self.root / "parts").mkdir(parents=True, exist_ok=True)
        with self._writing(wait):
            with self.reading() as held:
                old = Manifest(generation=held.generation) if anew(held) else held
                lines, sealed, mark = read(old)
                parts = dict(old.parts)
                for period in sorted(pc.unique(lines["period"]).to_pylist()):
                    fresh = lines.filter(pc.equal(lines["period"], period))
                    parts[period] = self._write_part(period, old, fresh, held.generation + 1)
            kept = {period: name for period, name in parts.items() if name}
            manifest = Manifest(held.generation + 1, sealed, mark, kept)
            self._publish(manifest)
            self._clear_up(manifest)
        return manifest

    @contextmanager
    def _writing(self, wait: bool) -> Iterator[None]:
        with (self.root / "writer.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Busy from None
            yield

    def _write_part(self, period: str, old: Manifest, lines: pa.Table, generation: int) -> str:
        """The merged part of a period; "" when nothing is left in it."""
        tables = [lines.select([*KEY, "value", "present"])]
        if period in old.parts:
            tables.append(pq.read_table(self.root / "parts" / old.parts[period]).select(tables[0].column_names))
        merged = merge(pa.concat_tables(tables, promote_options="permissive"))
        if not merged.num_rows:
            return ""
        merged = merged.append_column("period", pa.array([period] * merged.num_rows, pa.string()))
        name = f"{period}.{generation:08}.parquet"
        passing = self.root / "parts" / f"{name}.tmp"
        pq.write_table(merged, passing, row_group_size=ROWS_A_GROUP, compression="zstd")
        _settle(passing, self.root / "parts" / name)
        return name

    def _publish(self, manifest: Manifest) -> None:
        for name, text in ((manifest.name, json.dumps(asdict(manifest), indent=1)), ("CURRENT", manifest.name)):
            passing = self.root / f"{name}.tmp"
            passing.write_text(text + "\n")
            _settle(passing, self.root / name)

    def _clear_up(self, current: Manifest) -> None:
        """Remove manifests nobody reads, and every file no manifest left names."""
        named = set(current.parts.values())
        for path in self.root.glob("manifest-*.json"):
            if path.name == current.name:
                continue
            with path.open("rb") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    named |= set(json.load(handle)["parts"].values())
                    continue
                path.unlink()
        for path in [*(self.root / "parts").iterdir(), *self.root.glob("*.tmp")]:
            if path.name not in named:
                path.unlink()


def merge(lines: pa.Table) -> pa.Table:
    """One row a key, ordered by cell, without keys that came to nothing."""
    summed = lines.group_by(KEY).aggregate([("value", "sum"), ("present", "sum")])
    summed = summed.rename_columns([*KEY, "value", "present"])
    left = summed.filter(pc.or_(pc.not_equal(summed["value"], 0), pc.not_equal(summed["present"], 0)))
    return left.sort_by([("cell", "ascending"), ("series", "ascending"), ("unit", "ascending")])


def _settle(passing: Path, final: Path) -> None:
    """Flush a file to disk and give it its name; the directory too, so that the name survives a power cut."""
    with passing.open("rb") as handle:
        os.fsync(handle.fileno())
    passing.replace(final)
    directory = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
