"""Roll-up of 4,000 schools × 100 cells × 10 periods, against the query one would write by hand.

Baseline: the same totals from the same Parquet files by one DuckDB statement, with the closure in a DuckDB table, no
record, no formula, no targets, no count of who reported. The ratio is what the product's answers cost above that.

    benchmarks/bench_rollup.py [--schools N] [--cells N]
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import stand

CODES = [f"{year}-{year + 1}.DN" for year in range(2016, 2026)]

BASELINE = """
SELECT closure.ancestor, days.period,
       SUM(CASE WHEN parts.cell = ? THEN parts.value END), SUM(CASE WHEN parts.cell = ? THEN parts.value END)
FROM parts
JOIN days ON days.number = parts.period
JOIN closure ON closure.descendant = parts.unit AND closure.first_day <= days.day AND closure.end_day > days.day
JOIN asked ON asked.unit = closure.ancestor
WHERE parts.cell IN (?, ?)
GROUP BY closure.ancestor, days.period
"""


def fill(schools: int, cells: list[int]) -> None:
    """Every school's figures, straight into the store, sealed at the one line the ledger has."""
    import pyarrow as pa

    from giaoban.analytics import ledger, upkeep
    from giaoban.indicators.models import Effect

    line = Effect.objects.create(
        series_id="report", unit_id=stand.SCHOOLS, period_code="2000", cell_id=cells[0], value_delta=1, present_delta=1,
        at=stand.AT,
    )  # fmt: skip
    dice = random.Random(20260129)
    n = schools * len(cells)
    tables = []
    for code in CODES:
        columns = {
            "series": pa.array(["report"] * n),
            "unit": pa.array([stand.SCHOOLS + k for k in range(schools) for _ in cells]),
            "period": pa.array([code] * n),
            "cell": pa.array(cells * schools, pa.int32()),
            "value": pa.array([dice.randrange(2000) for _ in range(n)]),
            "present": pa.array([1] * n),
        }
        tables.append(pa.table(columns, schema=ledger.SCHEMA))
    upkeep.store().seal(lambda old: (pa.concat_tables(tables), line.seq, ledger.mark(line.seq)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--schools", type=int, default=4000)
    arguments.add_argument("--cells", type=int, default=100)
    chosen = arguments.parse_args()
    home = stand.begin()
    start = time.perf_counter()
    stand.units(chosen.schools)
    cells = stand.cells(chosen.cells)
    stand.asked(cells, CODES, chosen.schools)
    fill(chosen.schools, cells)
    size = sum(path.stat().st_size for path in Path(home.name).rglob("*.parquet"))
    stand.said(
        f"{chosen.schools} schools x {chosen.cells} cells x {len(CODES)} periods, {size / 2**20:.1f} MiB of Parquet, "
        f"made in {time.perf_counter() - start:.0f} s"
    )
    communes = list(range(stand.COMMUNES, stand.COMMUNES + 100))
    compare("the province, 10 periods, as it was", [stand.OLD], "as_was", cells)
    compare("the province, 10 periods, today's map", [stand.PROVINCE], "today", cells)
    compare("100 communes, 10 periods, today's map", communes, "today", cells)
    home.cleanup()


def compare(what: str, units: list[int], map: str, cells: list[int]) -> None:
    import duckdb
    import pyarrow as pa

    from giaoban.analytics import coding, queries, upkeep
    from giaoban.analytics.tree import tree
    from giaoban.core import period, rollup
    from giaoban.orgs.models import TERRITORY

    periods = [period.parse(code) for code in CODES]
    days = [(code, rollup.map_day(map, code, stand.TODAY).toordinal()) for code in CODES]
    engine = duckdb.connect()
    with upkeep.store().reading() as manifest:
        engine.read_parquet(upkeep.store().paths(manifest, set(CODES), "report")).create_view("parts")
    closure = tree(TERRITORY).closure
    engine.register("closure_rows", closure)
    engine.execute("CREATE TABLE closure AS SELECT * FROM closure_rows")
    engine.register(
        "days",
        pa.table(
            {
                "period": [code for code, _ in days],
                "number": [coding.number(code) for code, _ in days],
                "day": [day for _, day in days],
            }
        ),
    )
    engine.register("asked", pa.table({"unit": units}))

    def by_hand() -> list[tuple]:
        return engine.execute(BASELINE, [*cells[:2], *cells[:2]]).fetchall()

    def by_ask() -> list[queries.Answer]:
        return queries.ask(["share"], units, periods, on=stand.TODAY, map=map)

    found = {(one.unit_id, one.period.code): (one.numerator, one.denominator) for one in by_ask() if one.value}
    assert found == {(unit, code): (a, b) for unit, code, a, b in by_hand()}, "the two agree"
    baseline, product = stand.timed(by_hand), stand.timed(by_ask)
    stand.said(
        f"{what:42} ask {product:7.1f} ms   hand-written DuckDB {baseline:7.1f} ms   ratio {product / baseline:.2f}"
    )


if __name__ == "__main__":
    main()
