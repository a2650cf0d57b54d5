"""How soon an accepted figure shows in a total: from the commit of the acceptance to the end of the answer that has it.

Baseline: the same total summed from the ledger by the record's own database, without formula, map or counts. The tail
holds 50,000 lines, as it may between two compactions; the first question reads them, the next ones what follows.

    benchmarks/bench_fresh.py [--tail N] [--rounds N]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import stand

CODE = "2025-2026.DN"
SCHOOLS = 1000


def fill(lines: int, cells: list[int]) -> None:
    """Lines of a tail: an earlier period, so that the totals asked are those of the figures accepted here."""
    from giaoban.indicators.models import Effect

    Effect.objects.bulk_create(
        [
            Effect(
                series_id="report",
                unit_id=stand.SCHOOLS + n % SCHOOLS,
                period_code=f"{2016 + n // (SCHOOLS * len(cells))}-01",
                cell_id=cells[n // SCHOOLS % len(cells)],
                value_delta=n,
                present_delta=1,
                at=stand.AT,
            )
            for n in range(lines)
        ],
        batch_size=5000,
    )


def submitted(round_id: int, cells: list[int], n: int) -> int:
    """One school's report, typed and submitted."""
    from giaoban.indicators import actions
    from giaoban.indicators.models import Report
    from giaoban.journal.actor import SYSTEM

    report = Report.objects.get(round=round_id, unit=stand.SCHOOLS + n)
    given = {"by": SYSTEM, "at": stand.AT, "on": report.due_on, "report_id": report.pk}
    actions.save_draft(**given, values=dict.fromkeys(cells, 100 + n))
    actions.submit(**given)
    return report.pk


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--tail", type=int, default=50_000)
    arguments.add_argument("--rounds", type=int, default=20)
    chosen = arguments.parse_args()
    home = stand.begin()
    from django.db.models import Sum

    from giaoban.analytics import queries
    from giaoban.core import period
    from giaoban.indicators import actions
    from giaoban.indicators.models import Effect, Round
    from giaoban.journal.actor import SYSTEM

    stand.units(SCHOOLS)
    cells = stand.cells(2)
    stand.asked(cells, [CODE], SCHOOLS)
    fill(chosen.tail, cells)
    asked = Round.objects.get()

    def ask() -> queries.Answer:
        return queries.ask(["share"], [stand.PROVINCE], [period.parse(CODE)], on=stand.TODAY)[0]

    start = time.perf_counter()
    ask()
    stand.said(f"first question, {chosen.tail} lines of tail read: {(time.perf_counter() - start) * 1000:.0f} ms")
    seen, summed, total = [], [], 0
    for n in range(chosen.rounds):
        report = submitted(asked.pk, cells, n)
        actions.accept(by=SYSTEM, at=stand.AT, on=asked.due_on, report_ids=[report], step=1)
        committed = time.perf_counter()
        found = ask()
        seen.append((time.perf_counter() - committed) * 1000)
        total += 100 + n
        assert found.numerator == total, "the figure accepted a moment ago is in the total"
        assert found.reported == n + 1 and found.steps == {1: 2 * (n + 1)}
        start = time.perf_counter()
        by_hand = Effect.objects.filter(series="report", period_code=CODE, cell=cells[0]).aggregate(
            s=Sum("value_delta")
        )
        summed.append((time.perf_counter() - start) * 1000)
        assert by_hand["s"] == total
    ratio = median(seen) / median(summed)
    stand.said(
        f"from commit to answer: median {median(seen):.1f} ms, worst {max(seen):.1f} ms   "
        f"SUM over the ledger {median(summed):.1f} ms   ratio {ratio:.1f}"
    )
    home.cleanup()


if __name__ == "__main__":
    main()
