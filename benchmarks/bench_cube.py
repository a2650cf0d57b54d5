"""Every unit above, every cell, every period, on today's map: the whole roll-up, as an export wants it.

Goals: on N1 at most 1.3 times the hand-written DuckDB query over the same Parquet and at most 4 GiB; on P1 at least ten
times as fast as PostgreSQL 15 (indexed, analysed, median of 3) over the same values.

The hand-written query is the best we could write, and it is the same text on DuckDB and PostgreSQL: figures of whoever
has nobody below go to the area right above first, and only those sums climb the tree; figures of divided units are
shared out in whole numbers by the largest remainders, as the product does. Beside it stands what one would write
first, all figures joined with the closure at once; the product is held against the faster of the two. Every side gives
unit, cell, sum, how many units reported, and whether it is estimated, period by period; the answers are compared before
anything is measured. Each side runs in a process of its own, so that the largest memory it ever held (ru_maxrss) is its
own, and they work in turns.

    benchmarks/bench_cube.py [--on P1|N1] [--times N] [--sides product,duckdb,plain,postgresql]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import data
import stand

# On the day's map: who stands above others, where each unit's figures go first, and what stands above that.
PREPARE = """
CREATE TEMP TABLE above AS
SELECT DISTINCT ancestor AS unit FROM closure WHERE depth = 1 AND first_day <= {day} AND end_day > {day};
CREATE TEMP TABLE home AS
SELECT life.descendant AS unit, COALESCE(above.unit, up.ancestor) AS home
FROM closure AS life
LEFT JOIN above ON above.unit = life.descendant
LEFT JOIN closure AS up
  ON up.descendant = life.descendant AND up.depth = 1 AND up.first_day <= {day} AND up.end_day > {day}
WHERE life.depth = 0 AND life.first_day <= {day} AND life.end_day > {day};
CREATE TEMP TABLE homes AS
SELECT unit, home FROM home
UNION ALL SELECT places.unit, home.home FROM places JOIN home ON home.unit = places.target
WHERE places.day = {day} AND places.weight = places.whole;
CREATE TEMP TABLE chain AS
SELECT closure.descendant AS home, closure.ancestor AS unit FROM closure JOIN above ON above.unit = closure.descendant
WHERE closure.first_day <= {day} AND closure.end_day > {day};
CREATE TEMP TABLE parted AS
SELECT unit, target, weight, whole, COUNT(*) OVER (PARTITION BY unit) AS parts
FROM places WHERE day = {day} AND weight < whole;
CREATE TEMP TABLE reach AS
SELECT closure.descendant AS target, closure.ancestor AS unit FROM closure
JOIN (SELECT DISTINCT target FROM parted) AS wanted ON wanted.target = closure.descendant
JOIN above ON above.unit = closure.ancestor
WHERE closure.first_day <= {day} AND closure.end_day > {day};
"""

DIVIDED = """
SELECT unit, cell, SUM(value) AS value, COUNT(*) AS reported,
       MAX(CASE WHEN inside < parts THEN 1 ELSE 0 END) AS estimated
FROM (
  SELECT reach.unit, shared.source, shared.cell, SUM(shared.value) AS value, COUNT(*) AS inside,
         MIN(shared.parts) AS parts
  FROM (
    SELECT source, cell, target, parts,
           floored + CASE WHEN ROW_NUMBER() OVER (PARTITION BY source, cell ORDER BY rest DESC, target)
                          <= value - SUM(floored) OVER (PARTITION BY source, cell) THEN 1 ELSE 0 END AS value
    FROM (
      SELECT facts.unit AS source, facts.cell, parted.target, parted.parts, facts.value,
             CAST((facts.value * parted.weight - facts.value * parted.weight % parted.whole) / parted.whole AS BIGINT)
               AS floored,
             CAST(facts.value * parted.weight % parted.whole AS DOUBLE PRECISION) / parted.whole AS rest
      FROM {facts} AS facts JOIN parted ON parted.unit = facts.unit
    ) AS exact
  ) AS shared
  JOIN reach ON reach.target = shared.target
  GROUP BY reach.unit, shared.source, shared.cell
) AS sources
GROUP BY unit, cell
"""

TWO_STEPS = """
SELECT chain.unit, near.cell, SUM(near.value) AS value, SUM(near.reported) AS reported, 0 AS estimated
FROM (
  SELECT homes.home, facts.cell, SUM(facts.value) AS value, COUNT(*) AS reported
  FROM {facts} AS facts JOIN homes ON homes.unit = facts.unit
  GROUP BY homes.home, facts.cell
) AS near
JOIN chain ON chain.home = near.home
GROUP BY chain.unit, near.cell
"""

AT_ONCE = """
SELECT chain.unit, facts.cell, SUM(facts.value) AS value, COUNT(*) AS reported, 0 AS estimated
FROM {facts} AS facts
JOIN homes ON homes.unit = facts.unit
JOIN chain ON chain.home = homes.home
GROUP BY chain.unit, facts.cell
"""

BOTH = """
SELECT unit, cell, CAST(SUM(value) AS BIGINT) AS value, CAST(SUM(reported) AS BIGINT) AS reported,
       MAX(estimated) AS estimated
FROM ({whole} UNION ALL {divided}) AS every
GROUP BY unit, cell
"""

COLUMNS = ("unit", "cell", "value", "reported", "estimated")
SIDES = {
    "product": "analytics.queries.everything",
    "duckdb": "hand-written DuckDB",
    "plain": "DuckDB, joined at once",
    "postgresql": "PostgreSQL, hand-written",
}


def statement(whole: str, facts: str) -> str:
    return BOTH.format(whole=whole.format(facts=facts), divided=DIVIDED.format(facts=facts))


# The sides: each gives, period by period, a table of COLUMNS ---------------------------------------------------------


def of_product() -> Callable[[], Iterator[Any]]:
    from giaoban.analytics import queries
    from giaoban.core import period

    chosen = [period.parse(code) for code in data.CODES]

    def run() -> Iterator[Any]:
        for _, table in queries.everything(chosen, on=data.TODAY, map="today"):
            yield table

    return run


def of_duckdb(whole: str) -> Callable[[], Callable[[], Iterator[Any]]]:
    def side() -> Callable[[], Iterator[Any]]:
        from byhand import ByHand

        hand, day = ByHand(), data.TODAY.toordinal()
        hand.know(day)

        def run() -> Iterator[Any]:
            for name in ("above", "home", "homes", "chain", "parted", "reach"):
                hand.engine.execute(f"DROP TABLE IF EXISTS {name}")
            hand.engine.execute(PREPARE.format(day=day))
            for code in data.CODES:
                hand.engine.read_parquet(hand.paths([code])).create_view("parts", replace=True)
                yield hand.engine.execute(statement(whole, "parts")).to_arrow_table()

        return run

    return side


def of_postgresql() -> Callable[[], Iterator[Any]]:
    """The values in a table of their own without the ledger's words, which suits PostgreSQL best; kept once made."""
    import pyarrow as pa
    from byhand import ByHand
    from django.db import connection

    hand, day = ByHand(), data.TODAY.toordinal()
    hand.know(day)
    with connection.cursor() as cursor:
        lean_table(cursor)
        cursor.execute(
            "CREATE TEMP TABLE closure (ancestor BIGINT, descendant BIGINT, depth INT, first_day INT, end_day INT)"
        )
        cursor.execute("CREATE TEMP TABLE places (unit BIGINT, day INT, target BIGINT, weight BIGINT, whole BIGINT)")
    for name in ("closure", "places"):
        data.load(name, [row[0] for row in hand.engine.execute(f"DESCRIBE {name}").fetchall()],
                  hand.engine.execute(f"SELECT * FROM {name}").fetchall())  # fmt: skip
    hand.engine.close()

    def run() -> Iterator[Any]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX ON closure (descendant); ANALYZE closure; ANALYZE places")
            cursor.execute("DROP TABLE IF EXISTS above, home, homes, chain, parted, reach")
            cursor.execute(PREPARE.format(day=day))
            cursor.execute("ANALYZE above; ANALYZE homes; ANALYZE chain; ANALYZE parted; ANALYZE reach")
            for number in range(len(data.CODES)):
                facts = f"(SELECT unit, cell, value FROM bench_figures WHERE period = {number})"
                cursor.execute(statement(TWO_STEPS, facts))
                rows = cursor.fetchall()
                yield pa.table(dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))

    return run


def lean_table(cursor: Any) -> None:
    cursor.execute("SELECT to_regclass('bench_figures')")
    if cursor.fetchone()[0] is not None:
        return
    cursor.execute("CREATE TABLE bench_figures (period INT, cell INT, unit BIGINT, value BIGINT)")
    for number, code in enumerate(data.CODES):
        cursor.execute(
            "INSERT INTO bench_figures SELECT %s, cell_id, unit_id, SUM(value_delta) FROM indicators_effect "
            "WHERE series_id = 'report' AND period_code = %s GROUP BY cell_id, unit_id HAVING SUM(present_delta) > 0",
            [number, code],
        )
    cursor.execute("CREATE INDEX ON bench_figures (period, cell, unit)")
    cursor.execute("VACUUM ANALYZE bench_figures")


MAKERS = {
    "product": of_product,
    "duckdb": of_duckdb(TWO_STEPS),
    "plain": of_duckdb(AT_ONCE),
    "postgresql": of_postgresql,
}


# Measuring -----------------------------------------------------------------------------------------------------------


def one_side(side: str) -> None:
    """In a process of its own: says what tells this answer from any other, then works once for every line it reads."""
    data.set_up()
    run = MAKERS[side]()
    say({"sums": digest(run())})
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        rows = sum(table.num_rows for table in run())
        seconds, cpu = time.perf_counter() - start, time.process_time() - worked
        say({"seconds": seconds, "cpu": cpu, "rows": rows, "mib": peak()})


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


class Side:
    """The process of one side, and what it has said."""

    def __init__(self, side: str) -> None:
        command = [sys.executable, __file__, f"--one={side}"]
        self.title, self.seconds, self.last = SIDES[side], [], {}
        self.running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.sums = self._hear().get("sums")

    def _hear(self) -> dict[str, Any]:
        assert self.running.stdout is not None
        for line in self.running.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit(f"{self.title} failed")

    def work(self) -> None:
        assert self.running.stdin is not None
        self.running.stdin.write("go\n")
        self.running.stdin.flush()
        self.last = self._hear()
        self.seconds.append(self.last["seconds"])

    def end(self) -> None:
        assert self.running.stdin is not None
        self.running.stdin.close()
        self.running.wait()

    @property
    def median(self) -> float:
        return sorted(self.seconds)[len(self.seconds) // 2]

    @property
    def gib(self) -> float:
        return float(self.last["mib"]) / 1024


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def digest(tables: Iterator[Any]) -> list[list[int]]:
    """For each period: rows and several sums, weighted so that a figure in a wrong place shows."""
    import duckdb

    engine, found = duckdb.connect(), []
    for table in tables:
        engine.register("answer", table)
        found.append(
            list(
                engine.execute(
                    "SELECT COUNT(*), CAST(SUM(CAST(value AS HUGEINT) * (unit % 9973) * (cell % 997)) AS VARCHAR), "
                    "CAST(SUM(CAST(reported AS HUGEINT) * (unit % 9967)) AS VARCHAR), "
                    "SUM(CASE WHEN CAST(estimated AS INTEGER) > 0 THEN unit % 997 ELSE 0 END) FROM answer"
                ).fetchone()
                or ()
            )
        )
        engine.unregister("answer")
    return json.loads(json.dumps(found, default=str))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--on", choices=["P1", "N1"], action="append")
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--sides")
    arguments.add_argument("--one", choices=list(SIDES), help="measure one side in this process")
    chosen = arguments.parse_args()
    if chosen.one:
        one_side(chosen.one)
        return
    for name in chosen.on or ["P1", "N1"]:
        base = "postgresql" if name == "P1" and stand.has_postgres() else "sqlite"
        sides = chosen.sides.split(",") if chosen.sides else list(SIDES)
        place = data.ready(name, database=base)
        with place.serving():
            compare(place, [side for side in sides if side != "postgresql" or base == side], chosen.times)


def compare(place: data.Place, sides: list[str], times: int) -> None:
    size = place.world
    stand.said(
        f"{size.name} {size.scale}: {size.units:,} units x {size.cells} cells x {len(data.CODES)} periods, "
        f"{place.facts()['values'] / 1e6:.1f} million values; median of {times}"
    )
    told = {side: Side(side) for side in sides}
    for _ in range(times):
        for found in told.values():  # in turns, so that whatever else the machine does falls on all alike
            found.work()
    for side, found in told.items():
        found.end()
        mine = (
            "" if side == "postgresql" else f"   {found.last['cpu']:.1f} s of processor   {found.gib:.2f} GiB at most"
        )
        runs = " ".join(f"{seconds:.2f}" for seconds in found.seconds)
        stand.said(f"  {found.title:32} {found.median:8.2f} s of {runs}   {found.last['rows']:>11,} rows{mine}")
    judge(size.name, told)


def judge(name: str, told: dict[str, Side]) -> None:
    alike = len({json.dumps(found.sums) for found in told.values()}) == 1
    stand.said(f"  all sides give the same: {'yes' if alike else 'NO'}")
    for side, found in () if alike or not told else told.items():
        stand.said(f"    {side}: {found.sums[0]} … {found.sums[-1]}")
    if "product" not in told:
        return
    ours = told["product"]
    by_hand = [told[side].median for side in ("duckdb", "plain") if side in told]
    if by_hand:
        ratio = ours.median / min(by_hand)
        reached = stand.verdict(ratio <= 1.3 and ours.gib <= 4)
        goal = f"   goal on N1: at most 1.3 and 4 GiB: {reached}" if name == "N1" else ""
        stand.said(f"  product : the faster of the two by hand = {ratio:.2f} in time, {ours.gib:.2f} GiB{goal}")
    if "postgresql" in told:
        ratio = told["postgresql"].median / ours.median
        stand.said(f"  PostgreSQL : product = {ratio:.1f}   goal on P1: at least 10: {stand.verdict(ratio >= 10)}")


if __name__ == "__main__":
    main()
