"""Search for a unit among 60,000 as one types, without accents, through the web stack: p95 to be at most 50 ms.

The requests go through every middleware, the view and the template, with the session of somebody signed in; only the
socket is left out. Baseline: what one would write first, one LIKE '%text%' over the folded names with LIMIT, without
ranking, paths or page. Both are asked the same texts: what is typed after three, five and eight letters, whole names
with and without accents, words from the middle, abbreviations, a code, and what no unit is called.

    benchmarks/bench_search.py [--database sqlite|postgresql] [--texts N]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

import data
import stand

LIKE = """
SELECT unit_id, name FROM orgs_snapshot WHERE fold LIKE %s AND start <= %s AND "end" > %s
ORDER BY LENGTH(fold), fold LIMIT 20
"""


def texts(number: int) -> dict[str, list[tuple[str, int]]]:
    """How it is typed → the texts, each with the unit that was meant (0: nobody)."""
    from giaoban.core.text import fold
    from giaoban.orgs.models import Snapshot

    dice = random.Random(data.SEED)
    living = Snapshot.objects.filter(start__lte=data.TODAY, end__gt=data.TODAY).order_by("pk")
    chosen = dice.sample(list(living.values_list("unit_id", "name", "code", "kind__family")), number)
    areas = [(unit, name, code) for unit, name, code, family in chosen if family == "area"] or [(0, "Xã Bắc Hà", "")]
    schools = [(unit, name, code) for unit, name, code, family in chosen if family == "school"]

    def middle(name: str) -> str:
        return " ".join(name.split()[-2:])

    found = {f"the first {n} letters": [(fold(name)[:n], 0) for _, name, *_ in chosen] for n in (3, 5, 8)}
    found["an area, without accents"] = [(fold(name), unit) for unit, name, _ in areas]
    found["an area's own words"] = [(fold(" ".join(name.split()[1:])), 0) for _, name, _ in areas]
    found["a school, without accents"] = [(fold(name), 0) for _, name, _ in schools]
    found["a school, with accents"] = [(name, 0) for _, name, _ in schools]
    found["its last words"] = [(fold(middle(name)), 0) for _, name, _ in schools]
    found["abbreviated"] = [(fold(name).replace("truong tieu hoc", "th"), 0) for _, name, _ in schools]
    found["a code"] = [(code, unit) for unit, _, code in schools if code]
    found["nobody's name"] = [(f"khong co don vi nay {n}", 0) for n in range(20)]
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    arguments.add_argument("--texts", type=int, default=300 if data.SCALE == "full" else 100)
    chosen = arguments.parse_args()
    with data.opened("N1", upto="units", database=chosen.database, scale="full") as place:
        measure(texts(chosen.texts), place)


def measure(found: dict[str, list[tuple[str, int]]], place: data.Place) -> None:
    from django.db import connection

    from giaoban.core.text import fold

    client, day = data.signed_in(), data.TODAY.isoformat()

    def lines(text: str) -> bytes:
        """As the search box asks while one types."""
        return answered(client.get("/don-vi/tim/", {"q": text, "ngay": day}, headers={"HX-Request": "true"}))

    def page(text: str) -> bytes:
        return answered(client.get("/don-vi/tim/", {"q": text, "ngay": day}))

    def like(text: str) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(LIKE, [f"%{fold(text)}%", data.TODAY, data.TODAY])
            return repr(cursor.fetchall()).encode()

    stand.said(f"{place.facts('units')['units']:,} units, {place.database}; milliseconds")
    stand.said(f"{'':28} {'as one types':>17} {'the page':>15} {'LIKE':>15}   ratio")
    every: dict[Callable[[str], bytes], list[float]] = {lines: [], page: [], like: []}
    for job in every:
        job("lao cai")
    for how, asked in found.items():
        told = []
        for job, all_of_it in every.items():
            spent = [timed(job, text) for text, _ in (asked if job is lines else asked[:40])]
            all_of_it += spent
            told.append((stand.quantile(spent, 0.5), stand.quantile(spent, 0.95)))
        missed = [text for text, unit in asked if unit and f"/don-vi/{unit}" not in lines(text).decode()]
        stand.said(
            f"{how:28} p50 {told[0][0]:5.1f} p95 {told[0][1]:5.1f}  p95 {told[1][1]:8.1f}  p95 {told[2][1]:8.1f}   "
            f"{told[0][1] / told[2][1]:5.1f}"
            + (f"   {len(missed)} of {len(asked)} not among the first" if missed else "")
        )
    reached = stand.quantile(every[lines], 0.95)
    plain = stand.quantile(every[like], 0.95)
    stand.said(
        f"{'all':28} p50 {stand.quantile(every[lines], 0.5):5.1f} p95 {reached:5.1f}  p95 "
        f"{stand.quantile(every[page], 0.95):8.1f}  p95 {plain:8.1f}   {reached / plain:5.1f}"
    )
    stand.said(f"goal: p95 at most 50 ms through the web stack: {stand.verdict(reached <= 50, at_any_scale=True)}")


def answered(response: object) -> bytes:
    assert response.status_code == 200, response.status_code  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def timed(job: Callable[[str], bytes], text: str) -> float:
    start = time.perf_counter()
    job(text)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
