"""The same questions on Spark and on DuckDB over the same Parquet, here: what a cluster costs before it pays.

Baseline: the product as it is, DuckDB in one process with all cores. Against it a real Spark (a standalone master, two
workers of one core each and Spark Connect, all on loopback) behind the same setting that a cluster is chosen with. Both
give the same answers, which is checked before anything is measured. On one machine Spark must lose; the ratio, and how
it falls as the data grows, says from what size and how many cores it can win (docs/guide/may-tinh-cum.md).

    benchmarks/bench_spark.py [--on P1|N1] [--periods N] [--times N]        skipped where `make soak` has not put Spark
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from typing import Any

import data
import stand

sys.path[:0] = [str(data.ROOT)]
from scripts import spark_cluster  # noqa: E402

ENGINES = ("duckdb", "spark")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--on", choices=["P1", "N1"], default="N1")
    arguments.add_argument("--periods", type=int, default=len(data.CODES), help="the newest so many (default: all)")
    arguments.add_argument("--times", type=int, default=3)
    chosen = arguments.parse_args()
    why = "" if find_spec("pyspark") else "its client is not installed: make setup-spark"
    if why := why or spark_cluster.missing():
        stand.said(f"Spark is not measured: {why}")
        return
    with data.opened(chosen.on) as place:
        facts = place.facts()
        stand.said(f"{chosen.on} {place.world.scale}: {facts['values']:,} values, {facts['parquet_bytes'] >> 20} MiB")
        start = time.perf_counter()
        with spark_cluster.cluster(memory="2g") as cluster:
            stand.said(f"Spark: master, two workers and Spark Connect started in {time.perf_counter() - start:.0f} s")
            measure(cluster.url, place.world.cells, data.CODES[-chosen.periods :], chosen.times)


def measure(url: str, cells: int, codes: list[str], times: int) -> None:
    from django.conf import settings

    from giaoban.analytics import queries
    from giaoban.core import period
    from giaoban.orgs.models import Snapshot

    settings.ANALYTICS_SPARK = url
    periods = [period.parse(code) for code in codes]
    standing = Snapshot.objects.filter(start__lte=data.TODAY, end__gt=data.TODAY).order_by("unit_id")
    provinces = list(standing.filter(kind__level="province").values_list("unit_id", flat=True))
    communes = list(standing.filter(kind__level="commune").values_list("unit_id", flat=True))
    elements = [f"share-{data.element(number)}" for number in range(min(10, cells // data.MEMBERS))]
    today: dict[str, Any] = {"on": data.TODAY, "map": "today"}
    jobs: list[tuple[str, Callable[[], Any]]] = [
        (
            f"{len(elements)} shares, provinces, one period",
            lambda: queries.ask(elements, provinces, periods[-1:], **today),
        ),
        ("1 share, all communes, one period", lambda: queries.ask(elements[:1], communes, periods[-1:], **today)),
        (
            f"every unit above x every cell, {len(periods)} periods",
            lambda: [_ordered(table) for _, table in queries.everything(periods, **today)],
        ),
    ]
    stand.said(f"{'':48} {'DuckDB':>10} {'Spark first':>12} {'then':>10}   ratio")
    for what, job in jobs:
        settings.ANALYTICS_ENGINE = "duckdb"
        wanted, _ = _timed(job)
        duck = median(_timed(job)[1] for _ in range(times))
        settings.ANALYTICS_ENGINE = "spark"
        found, first = _timed(job)
        assert found == wanted, f"{what}: the two differ"
        then = median(_timed(job)[1] for _ in range(times))
        stand.said(f"{what:48} {duck:8.2f} s {first:10.2f} s {then:8.2f} s   {then / duck:5.1f}")


def _timed(job: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    found = job()
    return found, time.perf_counter() - start


def _ordered(table: Any) -> Any:
    import pyarrow as pa

    whole = pa.schema([(name, pa.int64()) for name in table.column_names])
    return table.cast(whole).sort_by([("unit", "ascending"), ("cell", "ascending")]).combine_chunks()


if __name__ == "__main__":
    main()
