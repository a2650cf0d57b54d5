"""How soon an accepted figure shows in the totals of its school, commune, province and country.

Goal: p95 at most 1 s from the commit of the acceptance to the end of a fresh answer that has it, while 50 submissions a
second are accepted for five minutes on P1. Several processes accept, each report by itself and in the name of a person
whose rights are checked; the server is gunicorn; who asks is a process of its own that makes a new HTTP request for the
newest acceptance it knows of, through every middleware and the API. Afterwards each answer is held against the list of
commits: what was committed before the request began must be in all four totals, and nothing more than what was
committed before it ended. Each submission has 20 figures, so 50 a second are a thousand lines of the ledger a second.

Baseline: the same four totals summed from the ledger by the record's own database, without formula and counts.

    benchmarks/bench_fresh.py [--database sqlite|postgresql] [--rate N] [--seconds N] [--writers N] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import http.client
import json
import os
import pstats
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import data
import stand

SHEET, ELEMENTS = "thang", 4
INDICATOR = "count-x0"
CELLS = ELEMENTS * data.MEMBERS
MONTHS = [f"2035-{month:02}" for month in range(1, 6)]

SUMMED = """
SELECT orgs_closure.ancestor_id, SUM(indicators_effect.value_delta)
FROM indicators_effect
JOIN orgs_closure ON orgs_closure.descendant_id = indicators_effect.unit_id AND orgs_closure.hierarchy_id = 'TERRITORY'
 AND orgs_closure.start <= %s AND orgs_closure."end" > %s
WHERE indicators_effect.series_id = 'report' AND indicators_effect.period_code = %s
  AND indicators_effect.cell_id IN ({cells}) AND orgs_closure.ancestor_id IN ({units})
GROUP BY orgs_closure.ancestor_id
"""


@dataclass(frozen=True)
class Waiting:
    """A submitted report that is to be accepted: `total` is what its figures add to the indicator."""

    report: int
    units: tuple[int, ...]  # the school and what is above it, the country last
    period: str
    total: int


# Making the submissions ----------------------------------------------------------------------------------------------


def submissions(number: int) -> list[Waiting]:
    """A monthly sheet of 20 cells, its rounds, and as many submitted reports as are to be accepted."""
    from django.db import transaction

    with transaction.atomic():
        cells = _sheet()
        schools = [unit for unit, first, end in data.people_of_sheets()[data.FOR_SCHOOLS] if end > data.TODAY]
        chosen = [(code, unit) for code in MONTHS for unit in schools][:number]
        reports = _rounds(chosen)
        values = _hand_in(reports, cells)
    above = _above(schools)
    return [
        Waiting(report.pk, above[report.unit_id], report.period_code, sum(values[report.pk][: data.MEMBERS]))
        for report in reports
    ]


def _sheet() -> list[int]:
    from giaoban.core import formula
    from giaoban.indicators.models import Cell, Element, FormulaVersion, Indicator, Sheet, SheetLine

    codes = [f"x{n}" for n in range(ELEMENTS)]
    Element.objects.bulk_create(
        [Element(code=code, name=code, unit="học sinh", stock=True, fold=code) for code in codes]
    )
    cells = [
        Cell(element_id=code, key=f"{code}[lop=l{n}]", members={"lop": f"l{n}"}, label=f"{code} {n}")
        for code in codes
        for n in range(1, data.MEMBERS + 1)
    ]
    first = Cell.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    for place, cell in enumerate(cells):
        cell.pk = first + place
    Cell.objects.bulk_create(cells)
    Indicator.objects.create(code=INDICATOR, name=INDICATOR, unit="học sinh", places=0, fold=INDICATOR)
    FormulaVersion.objects.create(
        indicator_id=INDICATOR, start=data.SINCE, expression="x0", tree=formula.to_json(formula.parse("x0"))
    )
    Sheet.objects.create(code=SHEET, name="Biểu tháng")
    SheetLine.objects.bulk_create([SheetLine(sheet_id=SHEET, order=n, cell=cell) for n, cell in enumerate(cells)])
    return [cell.pk for cell in cells]


def _rounds(chosen: Sequence[tuple[str, int]]) -> list[Any]:
    from giaoban.core import period
    from giaoban.indicators.models import Report, Round, Step
    from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT

    rounds = {}
    for code in dict.fromkeys(code for code, _ in chosen):
        day = period.parse(code).data_day
        rounds[code] = Round.objects.create(
            sheet_id=SHEET, period_code=code, data_day=day, cutoff=day, hierarchy_id=MANAGEMENT, opener_id=COUNTRY_ID,
            opens_on=day, due_on=data.TODAY, at=data.AT, actor_name="bench",
        )  # fmt: skip
        Step.objects.create(
            round=rounds[code], order=1, name="Kiểm tra", verb="figure.check", where="opener", due_on=data.TODAY
        )
    return Report.objects.bulk_create(
        [
            Report(
                round=rounds[code], sheet_id=SHEET, period_code=code, unit_id=unit, due_on=data.TODAY,
                state="submitted", version=1, first_submitted_at=data.AT, submitted_at=data.AT,
            )
            for code, unit in chosen
        ],
        batch_size=2000,
    )  # fmt: skip


def _hand_in(reports: Sequence[Any], cells: Sequence[int]) -> dict[int, list[int]]:
    from giaoban.indicators.models import Revision, Standing, Submission

    dice, values = random.Random(data.SEED), {}
    for start in range(0, len(reports), 500):
        some = reports[start : start + 500]
        made = Submission.objects.bulk_create(
            [Submission(report=report, no=1, at=data.AT, actor_name="Hiệu trưởng") for report in some]
        )
        values |= {report.pk: [dice.randrange(1, 500) for _ in cells] for report in some}
        revisions = Revision.objects.bulk_create(
            [
                Revision(submission=submission, cell_id=cell, value=value)
                for report, submission in zip(some, made, strict=True)
                for cell, value in zip(cells, values[report.pk], strict=True)
            ],
            batch_size=2000,
        )
        owners = [report for report in some for _ in cells]
        Standing.objects.bulk_create(
            [
                Standing(report=report, cell_id=one.cell_id, state="submitted", current=one, step=0)
                for report, one in zip(owners, revisions, strict=True)
            ],
            batch_size=2000,
        )
    return values


def _above(schools: Sequence[int]) -> dict[int, tuple[int, ...]]:
    from giaoban.orgs.models import TERRITORY, Closure

    chains: dict[int, list[tuple[int, int]]] = {unit: [] for unit in schools}
    rows = Closure.objects.filter(hierarchy=TERRITORY, start__lte=data.TODAY, end__gt=data.TODAY)
    for unit, above, depth in rows.values_list("descendant_id", "ancestor_id", "depth"):
        if unit in chains:
            chains[unit].append((depth, above))
    return {unit: tuple(above for _, above in sorted(chain)) for unit, chain in chains.items()}


# Accepting -----------------------------------------------------------------------------------------------------------


def write(reports: list[int], rate: float, profiled: bool) -> None:
    """One writer: accept its reports at its pace, and say of each when it was committed."""
    import django

    django.setup()
    from giaoban.indicators import actions
    from giaoban.people import queries as people
    from giaoban.people.models import Account, Holding

    account = Account.objects.get(username=data.READER)
    position = Holding.objects.get(account=account).position_id
    by = people.actor(account, position, data.TODAY)
    taken = cProfile.Profile()
    print("ready", flush=True)
    begin = float(sys.stdin.readline())
    if profiled:
        taken.enable()
    for place, report in enumerate(reports):
        early = begin + place / rate - time.monotonic()
        if early > 0:
            time.sleep(early)
        started = time.monotonic()
        actions.accept(by=by, at=data.AT, on=data.TODAY, report_ids=[report], step=1)
        print(report, started, time.monotonic(), flush=True)
    if profiled:
        taken.disable()
        pstats.Stats(taken, stream=sys.stderr).sort_stats("cumulative").print_stats(60)


class Writers:
    """The processes that accept, and what they have committed so far."""

    def __init__(self, waiting: Sequence[Waiting], number: int, rate: float, profiled: bool) -> None:
        self.commits: list[tuple[float, float, Waiting]] = []  # when it was committed, how long it took, what
        known = {one.report: one for one in waiting}
        self.running = []
        for place in range(number):
            mine = [one.report for one in waiting[place::number]]
            command = [sys.executable, __file__, "--write", json.dumps([mine, rate / number, profiled and place == 0])]
            self.running.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
            )
        for one in self.running:
            assert one.stdout is not None and one.stdout.readline().strip() == "ready"
        self.threads = [threading.Thread(target=self._listen, args=(one, known)) for one in self.running]

    def go(self, rate: float) -> None:
        begin = time.monotonic() + 0.2
        for place, one in enumerate(self.running):
            assert one.stdin is not None
            one.stdin.write(f"{begin + place / rate}\n")
            one.stdin.flush()
        for thread in self.threads:
            thread.start()

    def _listen(self, one: subprocess.Popen[str], known: dict[int, Waiting]) -> None:
        assert one.stdout is not None
        for line in one.stdout:
            report, started, committed = line.split()
            self.commits.append((float(committed), float(committed) - float(started), known[int(report)]))

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def end(self) -> None:
        for thread in self.threads:
            thread.join()
        for one in self.running:
            if one.wait():
                raise SystemExit("a writer failed")


# Asking --------------------------------------------------------------------------------------------------------------


@contextmanager
def server(home: Path) -> Iterator[int]:
    """gunicorn with two workers over the same home; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "giaoban.wsgi", "--workers", "2", "--threads", "2", "--bind",
               f"127.0.0.1:{port}", "--log-level", "warning"]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(data.ROOT / "src")}
    running = subprocess.Popen(command, env=env, cwd=home)
    try:
        for _ in range(200):
            with socket.socket() as found:
                if found.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()


class Asker:
    """Each question is a new connection and a new request."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def totals(self, one: Waiting) -> dict[int, int]:
        units = ",".join(map(str, one.units))
        address = f"/api/v1/answers/?indicator={INDICATOR}&unit={units}&period={one.period}&map=today&against=last_year"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", address, headers={"Cookie": f"sessionid={self.cookie}", "Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"the API said {answer.status}: {body[:500]!r}")
        return {line["unit"]["id"]: int(line["numerator"] or 0) for line in json.loads(body)["items"]}


@dataclass(frozen=True)
class Seen:
    """One answer: when its request began and ended, about which acceptance, and what it said."""

    began: float
    ended: float
    committed: float
    one: Waiting
    totals: dict[int, int]


def ask_while(writers: Writers, asker: Asker) -> list[Seen]:
    """Ask for the newest acceptance there is, one question after the other, until the writers have ended."""
    found: list[Seen] = []
    last: Waiting | None = None
    while writers.busy:
        if not writers.commits or writers.commits[-1][2] is last:
            time.sleep(0.002)
            continue
        committed, _, one = writers.commits[-1]
        last = one
        while True:
            began = time.monotonic()
            totals = asker.totals(one)
            found.append(Seen(began, time.monotonic(), committed, one, totals))
            if totals.get(one.units[0]):
                break
    return found


def check(seen: Sequence[Seen], commits: Sequence[tuple[float, float, Waiting]]) -> int:
    """How many totals were wrong: without something committed before the request, or with what came later."""
    wrong = 0
    for seen_one in seen:
        for unit, total in seen_one.totals.items():
            mine = [each for each in commits if each[2].period == seen_one.one.period and unit in each[2].units]
            least = sum(one.total for when, _, one in mine if when <= seen_one.began)
            most = sum(one.total for when, took, one in mine if when - took <= seen_one.ended)
            wrong += not least <= total <= most
    return wrong


# The whole -----------------------------------------------------------------------------------------------------------


def main() -> None:
    full = data.SCALE == "full"
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"])
    arguments.add_argument("--rate", type=float, default=50)
    arguments.add_argument("--seconds", type=float, default=300 if full else 20)
    arguments.add_argument("--writers", type=int, default=4)
    arguments.add_argument("--profile", action="store_true", help="print where the time of an acceptance goes")
    arguments.add_argument("--write", help="be one of the writers")
    chosen = arguments.parse_args()
    if chosen.write:
        reports, rate, profiled = json.loads(chosen.write)
        write(reports, rate, profiled)
        return
    base = chosen.database or ("postgresql" if stand.has_postgres() else "sqlite")
    with data.copied(data.ready("P1", database=base)) as place, place.serving():
        (place.home / "demo_day").write_text(data.TODAY.isoformat())
        os.environ["GIAOBAN_DEMO"] = "1"  # the day of the world made up here, instead of the machine's
        data.set_up()
        run(place, chosen)


def run(place: data.Place, chosen: argparse.Namespace) -> None:
    start = time.perf_counter()
    waiting = submissions(int(chosen.rate * chosen.seconds))
    stand.said(
        f"P1 {place.world.scale}, {place.database}: {len(waiting):,} submissions of {CELLS} figures wait, made in "
        f"{time.perf_counter() - start:.0f} s; {chosen.writers} processes accept {chosen.rate:.0f} a second"
    )
    random.Random(data.SEED).shuffle(waiting)
    from django.db import connection

    cookie = data.signed_in().cookies["sessionid"].value
    connection.close()
    with server(place.home) as port:
        asker = Asker(port, cookie)
        asker.totals(waiting[0])
        writers = Writers(waiting, chosen.writers, chosen.rate, chosen.profile)
        writers.go(chosen.rate)
        seen = ask_while(writers, asker)
        writers.end()
    tell(seen, writers.commits, chosen.rate)
    summed = by_hand(waiting[:20])
    asked = sorted((each.ended - each.began) * 1000 for each in seen)
    stand.said(
        f"one answer p50 {stand.quantile(asked, 0.5):.0f} ms p95 {stand.quantile(asked, 0.95):.0f} ms   "
        f"the four sums by {place.database} over the ledger, nobody writing, p50 {stand.quantile(summed, 0.5):.1f} ms "
        f"ratio {stand.quantile(asked, 0.5) / stand.quantile(summed, 0.5):.1f}"
    )


def tell(seen: Sequence[Seen], commits: list[tuple[float, float, Waiting]], rate: float) -> None:
    commits.sort(key=lambda commit: commit[0])
    spent = [took * 1000 for _, took, _ in commits]
    lasted = commits[-1][0] - commits[0][0]
    achieved = (len(commits) - 1) / lasted
    stand.said(
        f"accepted {len(commits):,} in {lasted:.1f} s: {achieved:.1f} a second of {rate:.0f} wanted: "
        f"{stand.verdict(achieved >= rate * 0.98)}   one acceptance p50 {stand.quantile(spent, 0.5):.0f} ms "
        f"p95 {stand.quantile(spent, 0.95):.0f} ms"
    )
    visible = [each for each in seen if each.totals.get(each.one.units[0])]
    late = sorted(each.ended - each.committed for each in visible)
    p95 = stand.quantile(late, 0.95)
    stand.said(
        f"from commit to the end of a fresh answer that has it, {len(visible):,} requests: p50 "
        f"{stand.quantile(late, 0.5) * 1000:.0f} ms p95 {p95 * 1000:.0f} ms worst {late[-1] * 1000:.0f} ms   "
        f"goal: p95 at most 1 s: {stand.verdict(p95 <= 1)}"
    )
    wrong = check(seen, commits)
    stand.said(
        f"answers without what was committed before they were asked, or with what was not: {wrong} of {len(seen):,}"
    )
    assert not wrong, "an answer was not exact"


def by_hand(some: Sequence[Waiting]) -> list[float]:
    from django.db import connection

    from giaoban.indicators.models import Cell

    cells = ", ".join(str(pk) for pk in Cell.objects.filter(element="x0").values_list("pk", flat=True))
    found = []
    with connection.cursor() as cursor:
        for one in some:
            text = SUMMED.format(cells=cells, units=", ".join(map(str, one.units)))
            start = time.perf_counter()
            cursor.execute(text, [data.TODAY, data.TODAY, one.period])
            cursor.fetchall()
            found.append((time.perf_counter() - start) * 1000)
    return found


if __name__ == "__main__":
    main()
