"""What one would write by hand: DuckDB over the store's Parquet, with closure and places of ended units in tables.

The tables are made once, before anything is measured. Nothing here goes through the product's engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import data


class ByHand:
    """A DuckDB of its own over the parts of the data set that is open."""

    def __init__(self) -> None:
        import duckdb

        from giaoban.analytics import upkeep
        from giaoban.analytics.tree import tree
        from giaoban.orgs.models import TERRITORY

        self.tree = tree(TERRITORY)
        self.engine = duckdb.connect()
        self.engine.register("closure_rows", self.tree.closure)
        self.engine.execute("CREATE TABLE closure AS SELECT * FROM closure_rows")
        self.engine.execute(
            "CREATE TABLE places (unit BIGINT, day INTEGER, target BIGINT, weight BIGINT, whole BIGINT)"
        )
        self.days: set[int] = set()
        self.store = upkeep.store()
        with self.store.reading() as manifest:
            self.manifest = manifest

    def paths(self, codes: Sequence[str]) -> list[str]:
        return self.store.paths(self.manifest, set(codes), "report")

    def sums(
        self, statement: str, units: Sequence[int], periods: Sequence[Any], chart: Any, cells: Sequence[int]
    ) -> Any:
        import pyarrow as pa

        from giaoban.analytics import coding
        from giaoban.core import rollup

        days = [rollup.map_day(chart, each.code, data.TODAY).toordinal() for each in periods]
        for day in days:
            self.know(day)
        numbers = [coding.number(each.code) for each in periods]
        self.engine.read_parquet(self.paths([each.code for each in periods])).create_view("parts", replace=True)
        self.engine.register("days", pa.table({"period": numbers, "day": pa.array(days, pa.int32())}))
        self.engine.register("asked", pa.table({"unit": list(units)}))
        return self.engine.execute(statement.format(cells=", ".join(map(str, cells)))).fetchall()

    def know(self, day: int) -> None:
        """Where every unit that does not stand on the day's map has gone, with its share."""
        if day in self.days:
            return
        import pyarrow as pa

        self.days.add(day)
        standing = {
            unit
            for unit, first, end in self.engine.execute(
                "SELECT descendant, first_day, end_day FROM closure WHERE depth = 0"
            ).fetchall()
            if first <= day < end
        }
        every = {unit for (unit,) in self.engine.execute("SELECT DISTINCT descendant FROM closure").fetchall()}
        rows: list[tuple[int, int, int, int, int]] = []
        for unit in sorted(every - standing):
            shares = self.tree.place(unit, day)
            total = sum(shares.values())
            for target, share in shares.items():
                part = share / total
                rows.append((unit, day, target, part.numerator, part.denominator))
        if not rows:
            return
        names = ("unit", "day", "target", "weight", "whole")
        self.engine.register("found", pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))))
        self.engine.execute("INSERT INTO places SELECT * FROM found")
        self.engine.unregister("found")
