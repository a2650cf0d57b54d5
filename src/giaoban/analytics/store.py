"""The columnar store: immutable Parquet parts, one a series and period, and a manifest swapped in one step.

    CURRENT                               the name of the manifest that holds
    manifest-00000012.json                immutable: the parts, the sealed line of the ledger and what that line says
    parts/report.2026-03.00000012.parquet immutable: one row a (unit, cell), the merged lines of the period
    writer.lock                           held by the one process that compacts

A reader holds a shared lock on the manifest it reads, so the parts it names stay until the reader ends, killed or not.
A compaction writes new parts beside the old ones, then a new manifest, then swaps CURRENT; each file is written under a
passing name, flushed to disk and renamed. Killed anywhere it leaves the old state whole, and the next one clears up.
Everything here can be rebuilt from the record at any time; a store of an older layout reads as empty and is written
anew by the next compaction.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from giaoban.analytics import coding

KEY = ["unit", "cell"]
PART = pa.schema(
    [
        ("unit", pa.int64()),
        ("period", pa.int64()),  # coding.number: the same in every row of a part
        ("cell", pa.int32()),
        ("value", pa.int64()),
        ("present", pa.int8()),
    ]
)
LAYOUT = 2
# Rows are ordered by cell, so a question about few cells reads few groups.
WRITTEN: dict[str, Any] = {
    "row_group_size": 8192,
    "compression": "snappy",
    "use_dictionary": ["period", "cell", "value", "present"],
    "column_encoding": {"unit": "DELTA_BINARY_PACKED"},
}

Part = tuple[str, str]  # series, period


@dataclass(frozen=True)
class Manifest:
    """One state of the store. `parts` has the file of each series and period."""

    generation: int = 0
    sealed: int = 0
    mark: str = "start"
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    layout: int = LAYOUT

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Manifest:
        """One of another layout is nothing to read, but its number is taken."""
        return cls(**written) if written.get("layout") == LAYOUT else cls(generation=written["generation"])

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
                    yield Manifest.read(json.load(handle))
                    return
        yield Manifest()

    def paths(self, manifest: Manifest, periods: Collection[str] | None = None, series: str | None = None) -> list[str]:
        """The part files of a manifest, or of some periods or one series of it."""
        return [
            str(self.root / "parts" / name)
            for code, parts in sorted(manifest.parts.items())
            for period, name in sorted(parts.items())
            if series in (None, code) and (periods is None or period in periods)
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
        with self._writing(wait):
            with self.reading() as held:
                old = Manifest(generation=held.generation) if anew(held) else held
                lines, sealed, mark = read(old)
                fresh = (
                    (part, table if path is None else pa.concat_tables([table, content(path)]))
                    for part, table in split(lines)
                    for path in [self._path(old, part)]
                )
                manifest = self._write(old, fresh, sealed, mark)
            self._clear_up(manifest)
        return manifest

    def put(self, parts: Iterable[tuple[Part, pa.Table]], sealed: int, mark: str) -> Manifest:
        """Write parts whole, one after the other, in place of all there were: for what is too much at once."""
        with self._writing(wait=True):
            with self.reading() as held:
                manifest = self._write(Manifest(generation=held.generation), parts, sealed, mark)
            self._clear_up(manifest)
        return manifest

    def _write(self, old: Manifest, fresh: Iterable[tuple[Part, pa.Table]], sealed: int, mark: str) -> Manifest:
        generation = old.generation + 1
        parts = {series: dict(held) for series, held in old.parts.items()}
        for (series, period), lines in fresh:
            name = self._write_part((series, period), lines, generation)
            parts.setdefault(series, {}).pop(period, None)
            if name:
                parts[series][period] = name
        manifest = Manifest(generation, sealed, mark, {series: held for series, held in parts.items() if held})
        self._publish(manifest)
        return manifest

    @contextmanager
    def _writing(self, wait: bool) -> Iterator[None]:
        (self.root / "parts").mkdir(parents=True, exist_ok=True)
        with (self.root / "writer.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Busy from None
            yield

    def _path(self, manifest: Manifest, part: Part) -> Path | None:
        series, period = part
        name = manifest.parts.get(series, {}).get(period)
        return None if name is None else self.root / "parts" / name

    def _write_part(self, part: Part, lines: pa.Table, generation: int) -> str:
        """The merged part of a series and period; "" when nothing is left in it."""
        merged = merge(lines)
        if not merged.num_rows:
            return ""
        series, period = part
        numbers = pa.repeat(pa.scalar(coding.number(period), pa.int64()), merged.num_rows)
        columns = {**{name: merged[name] for name in merged.column_names}, "period": numbers}
        name = f"{series}.{period}.{generation:08}.parquet"
        passing = self.root / "parts" / f"{name}.tmp"
        table = pa.table({field.name: columns[field.name].cast(field.type) for field in PART}, schema=PART)
        pq.write_table(table, passing, **WRITTEN)
        _settle(passing, self.root / "parts" / name)
        return name

    def _publish(self, manifest: Manifest) -> None:
        for name, text in ((manifest.name, json.dumps(asdict(manifest), indent=1)), ("CURRENT", manifest.name)):
            passing = self.root / f"{name}.tmp"
            passing.write_text(text + "\n")
            _settle(passing, self.root / name)

    def _clear_up(self, current: Manifest) -> None:
        """Remove manifests nobody reads, and every file no manifest left names."""
        named = {name for held in current.parts.values() for name in held.values()}
        for path in self.root.glob("manifest-*.json"):
            if path.name == current.name:
                continue
            with path.open("r+b") as handle:  # NFS gives this lock only to who may write
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    named |= _names(json.load(handle)["parts"])
                    continue
                path.unlink()
        for path in [*(self.root / "parts").iterdir(), *self.root.glob("*.tmp")]:
            if path.name not in named:
                path.unlink()


def merge(lines: pa.Table) -> pa.Table:
    """One row a unit and cell, ordered by cell, without those that came to nothing."""
    summed = lines.group_by(KEY).aggregate([("value", "sum"), ("present", "sum")])
    summed = summed.rename_columns([*KEY, "value", "present"])
    left = summed.filter(pc.or_(pc.not_equal(summed["value"], 0), pc.not_equal(summed["present"], 0)))
    return left.sort_by([("cell", "ascending"), ("unit", "ascending")])


def split(lines: pa.Table) -> Iterator[tuple[Part, pa.Table]]:
    """The lines of each series and period, without those two columns."""
    for series in sorted(pc.unique(lines["series"]).to_pylist()):
        of_series = lines.filter(pc.equal(lines["series"], series))
        for period in sorted(pc.unique(of_series["period"]).to_pylist()):
            found = of_series.filter(pc.equal(of_series["period"], period))
            yield (series, period), found.select([*KEY, "value", "present"])


def content(path: str | Path) -> pa.Table:
    """A part as lines of the ledger."""
    columns = [*KEY, "value", "present"]
    table = pq.read_table(path, columns=columns).select(columns)
    return table.set_column(3, "present", table["present"].cast(pa.int64()))


def _names(parts: Mapping[str, Any]) -> set[str]:
    """The files a manifest of any layout names."""
    return {name for held in parts.values() for name in (held.values() if isinstance(held, dict) else [held])}


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
