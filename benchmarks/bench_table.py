"""A table of 500 indicators × 170 communes: actual, plan, gap, previous, change, who is in: `analytics.queries.table`.

Goal: p95 at most 400 ms, over schools of one province with two periods of figures and a plan in every field. Each
question takes other indicators (of twice as many), another order of communes and one of two periods. Kept from before
is what each process keeps: the units, the plans and, of each period, its sums at the homes of the map
(`analytics.homes`); beside, the same questions are asked with those sums forgotten before each, and the very first
question is told apart. What is timed is the whole of it: formulas of the day, sums and the ledger's tail, who was asked
and who reported, every plan, gaps and changes of printed values, all as columns; and, printed beside, what a page of it
costs in Python objects.

Baselines of the same run: (a) `analytics.queries.ask`, indicator by indicator, as one would without the table: a part
of the indicators, multiplied up; (b) the bare sums of the same cells, communes and periods by one hand-written DuckDB
statement over the same Parquet, without formulas, plans or who reported. Before anything is timed a part of the table
is compared with `ask` field by field.

    benchmarks/bench_table.py [--schools N] [--times N] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import time
from collections.abc import Sequence
from typing import Any

import stand

INDICATORS, COMMUNES, CELLS = 500, 170, 500
CODES = ["2023-2024.CN", "2024-2025.CN", "2025-2026.CN"]
ON = stand.date(2026, 6, 15)
FULL = os.environ.get("SCALE") == "full"
PAGE = 50

VALUES = """
SELECT 'report' AS series, unit, '{code}' AS period, cells.cell,
       CAST(hash(unit, cells.cell, {place}) % 480 + 20 AS BIGINT) AS value, CAST(1 AS BIGINT) AS present
FROM range({first}, {last}) AS people(unit), (SELECT UNNEST({cells})::INTEGER AS cell) AS cells
WHERE hash(unit, {place}) % 10 > 0 AND hash(unit, cells.cell, {place}, 7) % 100 < 90
"""
BARE = """
SELECT closure.ancestor, parts.period, parts.cell, SUM(parts.value), COUNT(*)
FROM parts
JOIN closure ON closure.descendant = parts.unit AND closure.first_day <= {day} AND closure.end_day > {day}
JOIN asked ON asked.unit = closure.ancestor
WHERE parts.cell IN ({cells})
GROUP BY closure.ancestor, parts.period, parts.cell
"""


def indicators(cells: Sequence[int], dice: random.Random) -> list[str]:
    """Twice as many as are asked: counts, shares, sums of several, shares of sums."""
    from giaoban.core import formula
    from giaoban.indicators.models import FormulaVersion, Indicator

    made, versions = [], []
    for place in range(2 * INDICATORS):
        a, b, c, d = (f"c{number}" for number in dice.sample(range(len(cells)), 4))
        text = (a, f"{a} / {b}", f"{a} / {b}", f"{a} + {b} + {c}", f"({a} - {b}) / ({c} + {d})")[place % 5]
        percent = "/" in text
        made.append(Indicator(code=f"i{place}", name=f"i{place}", unit="%" if percent else "cái", places=2 * percent))
        tree = formula.to_json(formula.parse(text))
        versions.append(
            FormulaVersion(indicator_id=f"i{place}", start=stand.date(1900, 1, 1), expression=text, tree=tree)
        )
    Indicator.objects.bulk_create(made)
    FormulaVersion.objects.bulk_create(versions)
    return [one.code for one in made]


def plans(codes: Sequence[str], communes: Sequence[int], dice: random.Random) -> int:
    from giaoban.indicators.models import Target

    rows = [
        Target(indicator_id=code, unit_id=unit, period_code=period, numerator=dice.randrange(1, 2000), denominator=1000)
        for code in codes
        for unit in communes
        for period in CODES[1:]
    ]
    Target.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def fill(schools: int, cells: list[int]) -> int:
    """Nine in ten schools, most of their cells, straight into the store."""
    import duckdb
    import pyarrow as pa

    from giaoban.analytics import ledger, upkeep
    from giaoban.indicators.models import Effect

    line = Effect.objects.create(
        series_id="report", unit_id=stand.SCHOOLS, period_code="2000", cell_id=cells[0], value_delta=1, present_delta=1,
        at=stand.AT,
    )  # fmt: skip
    engine = duckdb.connect()
    given = {"first": stand.SCHOOLS, "last": stand.SCHOOLS + schools, "cells": cells}
    tables = [
        engine.execute(VALUES.format(code=code, place=place, **given)).to_arrow_table().cast(ledger.SCHEMA)
        for place, code in enumerate(CODES)
    ]
    upkeep.store().seal(lambda old: (pa.concat_tables(tables), line.seq, ledger.mark(line.seq)))
    return sum(table.num_rows for table in tables)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--schools", type=int, default=4000 if FULL else 1000)
    arguments.add_argument("--times", type=int, default=40 if FULL else 12)
    arguments.add_argument("--profile", action="store_true")
    chosen = arguments.parse_args()
    home = stand.begin()
    start = time.perf_counter()
    dice = random.Random(20260129)
    stand.units(chosen.schools, COMMUNES)
    cells = stand.cells(CELLS)
    stand.asked(cells, CODES, chosen.schools)
    codes = indicators(cells, dice)
    communes = list(range(stand.COMMUNES, stand.COMMUNES + COMMUNES))
    targets = plans(codes, communes, dice)
    values = fill(chosen.schools, cells)
    stand.said(
        f"{chosen.schools:,} schools, {values / 1e6:.1f} million values in {len(CODES)} periods, {targets:,} plans, "
        f"made in {time.perf_counter() - start:.0f} s"
    )
    measure(codes, communes, cells, dice, chosen.times, chosen.profile)
    home.cleanup()


def measure(
    codes: list[str], communes: list[int], cells: list[int], dice: random.Random, times: int, profiled: bool
) -> None:
    from giaoban.analytics import homes, queries
    from giaoban.core import period

    def question() -> tuple[list[str], list[int], Any]:
        return dice.sample(codes, INDICATORS), dice.sample(communes, COMMUNES), period.parse(dice.choice(CODES[1:]))

    def ours(one: tuple[list[str], list[int], Any]) -> queries.Table:
        return queries.table(*one, on=ON, map="today")

    first = timed(ours, question())
    agree(ours(question()), queries)
    questions = [question() for _ in range(times)]
    if profiled:
        with cProfile.Profile() as taken:
            for one in questions:
                ours(one)
        pstats.Stats(taken).sort_stats("tottime").print_stats(40)
    worked, took, pages = time.process_time(), [], []
    for one in questions:
        start = time.perf_counter()
        found = ours(one)
        took.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        shown = [found.answer(code, unit) for code in one[0][:PAGE] for unit in one[1][:10]]
        pages.append((time.perf_counter() - start) * 1000)
        assert len(shown) == 10 * PAGE
    worked = (time.process_time() - worked) * 1000 / times
    anew = []
    for one in questions[: max(times // 2, 5)]:
        homes.forget()
        anew.append(timed(ours, one))
    bare = Bare(cells)
    by_hand = [timed(bare.sums, one) for one in questions]
    few = 10
    single = [
        timed(lambda code, one=one: queries.ask([code], one[1], [one[2]], on=ON, map="today", steps=False), code)
        for one in questions[:2]
        for code in one[0][:few]
    ]
    whole = stand.quantile(single, 0.5) * INDICATORS
    p50, p95 = stand.quantile(took, 0.5), stand.quantile(took, 0.95)
    bare50 = stand.quantile(by_hand, 0.5)
    stand.said(f"{INDICATORS} indicators × {COMMUNES} communes, milliseconds over {times} questions:")
    stand.said(f"  table, all columns           {spread(took)}   processor {worked:.0f}")
    stand.said(f"  each figure piled up anew     {spread(anew)}   the very first question {first:.0f}")
    stand.said(f"  a page of {PAGE} × 10 as objects {spread(pages)}")
    stand.said(f"  bare sums by hand in DuckDB  {spread(by_hand)}   ratio of p50 {p50 / bare50:.2f}")
    stand.said(
        f"  indicator by indicator       {whole:11.0f} ({few * 2} measured, multiplied up)   {whole / p50:.0f} ×"
    )
    stand.said(f"goal: p95 at most 400 ms: {stand.verdict(p95 <= 400)}")


def spread(found: list[float]) -> str:
    return f"p50 {stand.quantile(found, 0.5):7.0f}   p95 {stand.quantile(found, 0.95):7.0f}"


def agree(found: Any, queries: Any) -> None:
    """The table says what `ask` says, on a part of it."""
    for code in found.indicators[:25]:
        said = queries.ask([code], found.units, [found.period], on=ON, map="today", steps=False)
        for one in said:
            assert found.answer(code, one.unit_id) == one, (found.answer(code, one.unit_id), one)


class Bare:
    """What one would write by hand, over the same Parquet."""

    def __init__(self, cells: Sequence[int]) -> None:
        import duckdb

        from giaoban.analytics import upkeep
        from giaoban.analytics.tree import tree
        from giaoban.orgs.models import TERRITORY

        self.cells, self.engine, self.store = cells, duckdb.connect(), upkeep.store()
        self.engine.register("closure_rows", tree(TERRITORY).closure)
        self.engine.execute("CREATE TABLE closure AS SELECT * FROM closure_rows")

    def sums(self, one: tuple[list[str], list[int], Any]) -> object:
        import pyarrow as pa

        _, units, when = one
        with self.store.reading() as manifest:
            paths = self.store.paths(manifest, {when.code, when.previous().code}, "report")
            self.engine.read_parquet(paths).create_view("parts", replace=True)
            self.engine.register("asked", pa.table({"unit": units}))
            told = BARE.format(day=ON.toordinal(), cells=", ".join(map(str, self.cells)))
            return self.engine.execute(told).to_arrow_table()


def timed(job: Any, one: Any) -> float:
    start = time.perf_counter()
    job(one)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
