"""Seventeen shapes of question, as a ministry's and a department's screens ask them: p50 and p95 of each.

Goals: every p95 at most 100 ms on P1 (one province, also in the record) and 500 ms on N1 (the country). Each shape is
asked many times with other units, indicators and periods; every question goes the whole way through
`analytics.queries.ask` (formulas, targets, who reported, what is estimated). "cpu" is the processor time of a question
in this process, all threads together, which is much the same however busy the machine is. Baseline: the bare sums of
the same cells, units, periods and map by one hand-written DuckDB statement over the same Parquet, without formula,
targets, who reported, the change against the period before, or the tail of the ledger. What a process pays once, for
its first question, is printed apart.

    benchmarks/bench_questions.py [--on P1|N1] [--database sqlite|postgresql] [--times N] [--profile SHAPE]
"""

from __future__ import annotations

import argparse
import cProfile
import inspect
import os
import pstats
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import data
import stand

GOALS = {"P1": 100, "N1": 500}
ENDS = [code for code in data.CODES if code.endswith(".CN")]
STARTS = [code for code in data.CODES if code.endswith(".DN")]

BARE = """
SELECT closure.ancestor, parts.period, parts.cell,
       SUM(CASE WHEN places.target IS NULL THEN parts.value ELSE parts.value * places.weight / places.whole END)
FROM parts
JOIN days ON days.period = parts.period
LEFT JOIN places ON places.unit = parts.unit AND places.day = days.day
JOIN closure ON closure.descendant = COALESCE(places.target, parts.unit)
            AND closure.first_day <= days.day AND closure.end_day > days.day
JOIN asked ON asked.unit = closure.ancestor
WHERE parts.cell IN ({cells})
GROUP BY closure.ancestor, parts.period, parts.cell
"""


@dataclass
class Question:
    """What `ask` is asked; `extra` are its other arguments."""

    indicators: Sequence[str]
    units: Sequence[int]
    periods: Sequence[str]
    map: Any = "today"
    extra: dict[str, Any] = field(default_factory=dict)


class Country:
    """The units, indicators and periods questions are made of."""

    def __init__(self, place: data.Place) -> None:
        from giaoban.orgs.models import COUNTRY_ID, TERRITORY, Closure, Snapshot

        self.dice = random.Random(data.SEED)
        self.size, self.root = place.world, COUNTRY_ID
        below = Closure.objects.filter(hierarchy=TERRITORY, start__lte=data.TODAY, end__gt=data.TODAY)
        self.below = below
        levels: dict[str, list[int]] = {}
        living = Snapshot.objects.filter(start__lte=data.TODAY, end__gt=data.TODAY)
        for level, family, unit in living.order_by("unit_id").values_list("kind__level", "kind__family", "unit_id"):
            levels.setdefault("school" if family == "school" else level, []).append(unit)
        self.provinces, self.communes, self.schools = levels["province"], levels["commune"], levels["school"]
        old = Snapshot.objects.filter(start__lt=data.REFORM, end__gte=data.REFORM, kind__level="district")
        self.districts = list(old.order_by("unit_id").values_list("unit_id", flat=True))

    @cached_property
    def elements(self) -> list[str]:
        return [data.element(n) for n in range(self.size.school_cells // data.MEMBERS)]

    @cached_property
    def of_communes(self) -> list[str]:
        return [data.element(n) for n in range(self.size.school_cells // data.MEMBERS, self.size.cells // data.MEMBERS)]

    def province(self) -> int:
        return self.dice.choice(self.provinces)

    def commune(self) -> int:
        return self.dice.choice(self.communes)

    def communes_of(self, province: int) -> list[int]:
        """The communes of a province, as the page knows them before it asks."""
        if not hasattr(self, "_of"):
            self._of: dict[int, list[int]] = {}
            pairs = self.below.filter(ancestor__in=self.provinces, descendant__in=self.communes)
            for above, unit in pairs.values_list("ancestor_id", "descendant_id"):
                self._of.setdefault(above, []).append(unit)
        return self._of[province]

    def schools_of(self, commune: int) -> list[int]:
        return list(self.below.filter(ancestor=commune, depth=1).values_list("descendant_id", flat=True))

    def counts(self, number: int) -> list[str]:
        return [f"count-{code}" for code in self.dice.sample(self.elements, min(number, len(self.elements)))]

    def shares(self, number: int) -> list[str]:
        return [f"share-{code}" for code in self.dice.sample(self.elements, min(number, len(self.elements)))]

    def items(self, number: int) -> list[str]:
        return [*self.counts(number // 2), *self.shares(number - number // 2)]

    def end(self) -> str:
        return self.dice.choice(ENDS[-5:])


def shapes(of: Country) -> dict[str, Callable[[], Question]]:
    """Name → what makes the next question of that shape."""
    every = of.dice.choice

    return {
        "1 one school's year, 10 items": lambda: Question(of.items(10), [every(of.schools)], [STARTS[-1], ENDS[-1]]),
        "2 one commune's page, 10 items against last year": lambda: Question(
            of.items(10), [of.commune()], [of.end()], extra={"against": "last_year"}
        ),
        "3 all communes of a province, one share": lambda: Question(
            of.shares(1), of.communes_of(of.province()), [of.end()]
        ),
        "4 all provinces and the country, one share": lambda: Question(
            of.shares(1), [of.root, *of.provinces], [of.end()]
        ),
        "5 top and bottom ten of all communes": lambda: Question(
            of.shares(1), of.communes, [of.end()], extra={"steps": False}
        ),
        "6 all schools of a commune, 5 items": lambda: Question(of.items(5), of.schools_of(of.commune()), [of.end()]),
        "7 ten years of a province on today's map": lambda: Question(of.shares(1), [of.province()], ENDS[-10:]),
        "8 ten years of the country as it was": lambda: Question(of.shares(1), [of.root], ENDS[-10:], "as_was"),
        "9 ten items in 18 periods, one province": lambda: Question(of.items(10), [of.province()], data.CODES[-18:]),
        "10 completeness of all communes of a province": lambda: Question(
            of.counts(1), of.communes_of(of.province()), [ENDS[-1]]
        ),
        "11 thirty items of the country, one period": lambda: Question(of.items(30), [of.root], [of.end()]),
        "12 all communes of a province against last year": lambda: Question(
            of.counts(1), of.communes_of(of.province()), [of.end()], extra={"against": "last_year"}
        ),
        "13 before and after the reform, all communes of a province": lambda: Question(
            of.counts(2), of.communes_of(of.province()), ["2024-2025.CN", "2025-2026.CN"]
        ),
        "14 the districts of 30/6/2025, today's figures on the old map": lambda: Question(
            of.counts(1), of.dice.sample(of.districts, min(20, len(of.districts))), [of.end()], data.REFORM - stand.DAY
        ),
        "15 figures of communes themselves, divided ones shared out": lambda: Question(
            [f"count-{every(of.of_communes)}"], [of.province(), *of.communes_of(of.province())], ["2024-2025.CN"]
        ),
        "16 only communes of zone III, all provinces": lambda: Question(
            of.shares(1), [of.root, *of.provinces], [of.end()], extra={"where": [("zone", "III")]}
        ),
        "17 areas comparable since 2021, all of a province": lambda: Question(
            of.shares(1), [of.province()], [ENDS[0], ENDS[-1]], extra={"areas": "commune"}
        ),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--on", choices=["P1", "N1"])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"])
    arguments.add_argument("--times", type=int, default=40 if data.SCALE == "full" else 12)
    arguments.add_argument("--profile", help="print where the time of one shape goes")
    chosen = arguments.parse_args()
    if chosen.on is None:  # one database a process: each data set in one of its own
        for name in GOALS:
            given = [f"--{key}={value}" for key, value in vars(chosen).items() if value is not None]
            subprocess.run([sys.executable, __file__, f"--on={name}", *given], check=True)
        return
    base = chosen.database or ("postgresql" if chosen.on == "P1" and stand.has_postgres() else "sqlite")
    with data.opened(chosen.on, database=base) as place:
        facts = place.facts()
        stand.said(
            f"{chosen.on} {data.SCALE}: {place.world.units:,} units, {place.world.cells} cells, "
            f"{len(data.CODES)} periods, {facts['values'] / 1e6:.1f} million values, {base}; milliseconds"
        )
        measure(Asker(place), shapes(Country(place)), GOALS[chosen.on], chosen.times, chosen.profile)


def measure(asker: Asker, made: dict[str, Callable[[], Question]], goal: int, times: int, profiled: str | None) -> None:
    start = time.perf_counter()
    asker.ours(next(iter(made.values()))())
    stand.said(f"the first question of a process: {time.perf_counter() - start:.2f} s")
    stand.said(f"{'':64} {'ask p50':>8} {'p95':>8} {'cpu':>6} {'by hand p50':>12} {'p95':>7}   ratio of p50")
    missed = []
    for name, next_question in made.items():
        if profiled and not name.startswith(profiled):
            continue
        questions = [next_question() for _ in range(times)]
        if not asker.can(questions[0]):
            stand.said(f"{name:64} not to be asked: this build of analytics does not know it")
            missed.append(name)
            continue
        asker.ours(questions[0])
        if profiled:
            profile(lambda questions=questions: [asker.ours(one) for one in questions])
        before = time.process_time()
        ours = [timed(asker.ours, one) for one in questions]
        worked = (time.process_time() - before) * 1000 / len(questions)
        bare = [timed(asker.bare, one) for one in questions if asker.has_bare(one)]
        told = f"{stand.quantile(ours, 0.5):8.1f} {stand.quantile(ours, 0.95):8.1f} {worked:6.1f}"
        if bare:
            told += f" {stand.quantile(bare, 0.5):12.1f} {stand.quantile(bare, 0.95):7.1f}"
            told += f"   {stand.quantile(ours, 0.5) / stand.quantile(bare, 0.5):5.1f}"
        else:
            told += f" {'—':>12} {'—':>7}       —"
        if stand.quantile(ours, 0.95) > goal:
            missed.append(name)
            told += "   MISSED"
        stand.said(f"{name:64} {told}")
    stand.said(
        f"goal: each p95 at most {goal} ms: " + (f"MISSED by {len(missed)}: {missed}" if missed else "reached by all")
    )


class Asker:
    """Asks the product, and the Parquet by hand."""

    def __init__(self, place: data.Place) -> None:
        from giaoban.analytics import queries
        from giaoban.core import period

        self.queries, self.parse = queries, period.parse
        self.can_filter = "where" in inspect.signature(queries.ask).parameters and self._has_zones()
        self.can_compare = hasattr(queries, "ask_areas")

    def _has_zones(self) -> bool:
        from giaoban.orgs.models import Holds

        return Holds.objects.exists()

    def can(self, one: Question) -> bool:
        return self.can_compare if "areas" in one.extra else self.can_filter if "where" in one.extra else True

    def ours(self, one: Question) -> object:
        periods = [self.parse(code) for code in one.periods]
        if "areas" in one.extra:
            first, last = periods[0].data_day, periods[-1].data_day
            areas = self.queries.areas(one.extra["areas"], first, last, under=one.units[0])
            return self.queries.ask_areas(one.indicators, areas, periods, on=data.TODAY)
        return self.queries.ask(one.indicators, one.units, periods, on=data.TODAY, map=one.map, **one.extra)

    def has_bare(self, one: Question) -> bool:
        return not {"areas", "where"} & one.extra.keys()

    @cached_property
    def by_hand(self) -> Any:
        from byhand import ByHand

        return ByHand()

    @cached_property
    def cells(self) -> dict[str, list[int]]:
        from giaoban.indicators.models import Cell

        found: dict[str, list[int]] = {}
        for cell, element in Cell.objects.values_list("pk", "element_id"):
            found.setdefault(element, []).append(cell)
        return found

    def bare(self, one: Question) -> object:
        cells = sorted({cell for code in one.indicators for cell in self.cells[code.split("-")[1]]})
        return self.by_hand.sums(BARE, one.units, [self.parse(code) for code in one.periods], one.map, cells)


def timed(job: Callable[[Question], object], one: Question) -> float:
    start = time.perf_counter()
    job(one)
    return (time.perf_counter() - start) * 1000


def profile(job: Callable[[], object]) -> None:
    with cProfile.Profile() as taken:
        job()
    pstats.Stats(taken).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
