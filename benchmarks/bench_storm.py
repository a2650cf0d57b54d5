"""The evening of the deadline: schools type a sheet and hand it in at the same time.

A province of 4,000 units, 3,568 of them schools, owes 9 sheets of 120 figures each. 30,000 reports are handed in over
HTTP as the entry page does it, with one request that brings all figures: every rule is checked, the figures are
compared with last year's, revisions are written, and the answer is given after the commit. They are offered at 50 a
second for ten minutes whether or not the server keeps up; an answer's time counts from the moment it was due.
PostgreSQL, gunicorn as in production and the load client share the machine.

    benchmarks/bench_storm.py [--rate R] [--seconds S] [--workers N] [--profile]      SCALE=full for the whole

Afterwards the database is compared with what was sent, report by report: nothing lost, nothing twice. Printed beside:
the highest rate the same server sustains when clients wait for one another, and what a submission costs when each cell
is saved by itself (three rows a cell, each its own statement, in one transaction): the named baseline.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import data
import stand

SHEETS, CELLS, GRADES = 9, 120, 5  # of P1's 4,000 units 3,568 are schools: nine sheets make the 32,000 reports
PERIOD, BEFORE = "2034-2035.CN", "2033-2034.CN"
TOKEN = "s" * 32
WARMING = 20
SAMPLE = 60  # submissions of each kind, timed in one process


# Making what is owed -------------------------------------------------------------------------------------------------


def owed() -> tuple[list[tuple[int, int, str]], dict[int, list[int]]]:
    """Sheets, rounds, reports, people with their sessions: ([(report, sheet, session)], cells of each sheet)."""
    from django.db import transaction

    with transaction.atomic():
        cells = [_sheet(number) for number in range(SHEETS)]
        schools = [unit for unit, first, end in data.people_of_sheets()[data.FOR_SCHOOLS] if end > data.TODAY]
        sessions = _people(schools)
        _handed_in_before(_rounds(schools, BEFORE))
        reports = _rounds(schools, PERIOD)
    _last_year(schools, [cell for some in cells for cell in some])
    due = [(pk, sheet, sessions[unit]) for pk, sheet, unit in reports]
    random.Random(data.SEED).shuffle(due)
    return due, dict(enumerate(cells))


def _sheet(number: int) -> list[int]:
    """24 elements of five grades; girls in each are no more than all, and a total that must not be nought."""
    from giaoban.core import formula
    from giaoban.indicators.models import Cell, Element, Series, Sheet, SheetLine, SheetRule

    Series.objects.get_or_create(code="report", defaults={"name": "Số liệu báo cáo"})
    codes = [f"s{number}_{place:02}" for place in range(CELLS // GRADES)]
    Element.objects.bulk_create(
        [Element(code=code, name=f"Số liệu {code}", unit="học sinh", stock=True, fold=code) for code in codes]
    )
    first = (
        Cell.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    ) + 1  # of a set with cells of its own
    cells = Cell.objects.bulk_create(
        [
            Cell(
                pk=first + codes.index(code) * GRADES + n - 1,
                element_id=code,
                key=f"{code}[lop=l{n}]",
                members={"lop": f"l{n}"},
                label=f"Số liệu {code} lớp {n}",
            )
            for code in codes
            for n in range(1, GRADES + 1)
        ]
    )
    sheet = Sheet.objects.create(code=f"bieu_{number}", name=f"Biểu {number + 1}")
    SheetLine.objects.bulk_create([SheetLine(sheet=sheet, order=n, cell=cell) for n, cell in enumerate(cells)])
    texts = [f"{small} <= {large}" for large, small in zip(codes[::2], codes[1::2], strict=True)]
    texts += [f"{small}[lop=l1] <= {large}[lop=l1]" for large, small in zip(codes[::2], codes[1::2], strict=True)]
    SheetRule.objects.bulk_create(
        [
            SheetRule(sheet=sheet, order=n, expression=text, tree=formula.to_json(formula.parse(text)), sentence=text)
            for n, text in enumerate(texts)
        ]
    )
    return [cell.pk for cell in cells]


def _people(schools: Sequence[int]) -> dict[int, str]:
    """Of each school somebody who may type and hand in, signed in: {unit: session}."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from giaoban.orgs.models import MANAGEMENT
    from giaoban.people.models import Account, Grant, Holding, Position
    from giaoban.people.roles import Role

    accounts = Account.objects.bulk_create(
        [
            Account(username=f"ht{unit}", full_name="Hiệu trưởng", fold="hieu truong", must_change_password=False)
            for unit in schools
        ],
        batch_size=2000,
    )
    positions = Position.objects.bulk_create(
        [Position(unit_id=unit, title="Hiệu trưởng") for unit in schools], batch_size=2000
    )
    Holding.objects.bulk_create(
        [Holding(position=p, account=a, start=data.SINCE) for p, a in zip(positions, accounts, strict=True)],
        batch_size=2000,
    )
    Grant.objects.bulk_create(
        [
            Grant(position=p, role=role, unit_id=p.unit_id, hierarchy_id=MANAGEMENT, start=data.SINCE)
            for p in positions
            for role in (Role.HEAD, Role.TYPIST)
        ],
        batch_size=2000,
    )
    store, until = SessionStore(), data.AT + timedelta(days=36_000)
    rows, found = [], {}
    for unit, account in zip(schools, accounts, strict=True):
        key = f"{unit:032d}"
        kept = {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: account.get_session_auth_hash(),
        }
        rows.append(Session(session_key=key, session_data=store.encode(kept), expire_date=until))
        found[unit] = key
    Session.objects.bulk_create(rows, batch_size=2000)
    return found


def _rounds(schools: Sequence[int], code: str) -> list[tuple[int, int, int]]:
    from giaoban.core import period
    from giaoban.indicators.models import Report, Round, Step
    from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT

    day, found = period.parse(code).data_day, []
    for number in range(SHEETS):
        opened = Round.objects.create(
            sheet_id=f"bieu_{number}", period_code=code, data_day=day, cutoff=day, hierarchy_id=MANAGEMENT,
            opener_id=COUNTRY_ID, opens_on=day, due_on=data.TODAY, at=data.AT, actor_name="bench",
        )  # fmt: skip
        Step.objects.create(
            round=opened, order=1, name="Kiểm tra", verb="figure.check", where="opener", due_on=data.TODAY
        )
        made = Report.objects.bulk_create(
            [
                Report(round=opened, sheet_id=f"bieu_{number}", period_code=code, unit_id=unit, due_on=data.TODAY)
                for unit in schools
            ],
            batch_size=2000,
        )
        found += [(report.pk, number, report.unit_id) for report in made]
    return found


def _handed_in_before(reports: Sequence[tuple[int, int, int]]) -> None:
    """Last year's reports were handed in once each; what counts of them is in the ledger (`_last_year`)."""
    from giaoban.indicators.models import Report, Submission

    Submission.objects.bulk_create(
        [Submission(report_id=pk, no=1, at=data.AT, actor_name="bench") for pk, _, _ in reports], batch_size=2000
    )
    Report.objects.filter(period_code=BEFORE).update(
        state="accepted", step=1, submitted_at=data.AT, first_submitted_at=data.AT
    )


def _last_year(schools: Sequence[int], cells: Sequence[int]) -> None:
    """What counted a year before, in the ledger: every figure is held against it."""
    names = ["series_id", "unit_id", "period_code", "cell_id", "value_delta", "present_delta", "at"]
    stamp = data.AT.strftime("%Y-%m-%d %H:%M:%S+00")
    with data.without_indexes("indicators_effect"):
        data.load(
            "indicators_effect",
            names,
            (("report", unit, BEFORE, cell, 100 + (unit + cell) % 50, 1, stamp) for unit in schools for cell in cells),
        )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def values_of(report: int, cells: Sequence[int]) -> list[int]:
    """From the report's number: near last year's, girls below all."""
    dice = random.Random(report)
    large = [dice.randrange(100, 160) for _ in cells]
    return [
        value if place // GRADES % 2 == 0 else dice.randrange(0, large[place - GRADES] + 1)
        for place, value in enumerate(large)
    ]


# The load client -----------------------------------------------------------------------------------------------------


def request_of(port: int, report: int, session: str, cells: Sequence[int]) -> bytes:
    """What the form of the entry page sends when the button "hand in" is pressed, all figures freshly typed."""
    parts = [f"csrfmiddlewaretoken={TOKEN}", "action=submit", "seen=0", "note="]
    for cell, value in zip(cells, values_of(report, cells), strict=True):
        parts.append(f"cell-{cell}={value}&was-{cell}=&note-{cell}=&was-note-{cell}=")
    body = "&".join(parts)
    return (
        f"POST /so-lieu/bao-cao/{report}/nhap/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def one(port: int, report: int, message: bytes, due: float) -> tuple[int, int, float, float]:
    """(report, status, seconds from the moment it was due, seconds on the line)."""
    began = time.monotonic()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(message)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 120)
        writer.close()
        head = answer.split(b"\r\n\r\n", 1)[0].decode("latin-1")
        status = int(head.split(" ", 2)[1])
        if status == 302 and "/nhap/" in head:
            status = 599
    except (OSError, TimeoutError, ValueError, IndexError):
        status = 0
    now = time.monotonic()
    return report, status, now - due, now - began


async def offered(port: int, due: Sequence[Any], cells: dict[int, list[int]], rate: float) -> list[Any]:
    """Open loop: each is sent when it is due, whatever became of those before."""
    begin, tasks = time.monotonic() + 0.5, []
    for place, (report, sheet, session) in enumerate(due):
        message = request_of(port, report, session, cells[sheet])
        when = begin + place / rate
        await asyncio.sleep(max(0, when - time.monotonic()))
        tasks.append(asyncio.create_task(one(port, report, message, when)))
    return list(await asyncio.gather(*tasks))


async def pressed(port: int, due: Sequence[Any], cells: dict[int, list[int]], clients: int) -> list[Any]:
    """Closed loop: so many clients, each sending the next as soon as its last was answered."""
    waiting, found = list(due), []

    async def client() -> None:
        while waiting:
            report, sheet, session = waiting.pop()
            message = request_of(port, report, session, cells[sheet])
            found.append(await one(port, report, message, time.monotonic()))

    await asyncio.gather(*(client() for _ in range(clients)))
    return found


# The server ----------------------------------------------------------------------------------------------------------


@contextmanager
def server(home: Path, workers: int) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "giaoban.wsgi", "--workers", str(workers), "--bind",
               f"127.0.0.1:{port}", "--log-level", "warning", "--backlog", "2048"]  # fmt: skip
    running = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(data.ROOT / "src")}, cwd=home)
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


# Afterwards ----------------------------------------------------------------------------------------------------------


def verify(confirmed: set[int], sent: Sequence[Any], cells: dict[int, list[int]]) -> tuple[int, int, int]:
    """(lost, twice, wrong): confirmed and not there, there more than once, other figures than were sent."""
    from django.db.models import Count

    from giaoban.indicators.models import Report, Revision, Standing, Submission
    from giaoban.journal.models import Event

    submissions = Submission.objects.filter(report__period_code=PERIOD)
    there = dict(submissions.values("report").annotate(n=Count("id")).values_list("report", "n"))
    lost = sum(report not in there for report in confirmed)
    twice = sum(n > 1 for n in there.values())
    wrong = 0
    sheets = {report: sheet for report, sheet, _ in sent}
    for start in range(0, len(sheets), 500):
        some = list(sheets)[start : start + 500]
        held: dict[int, dict[int, int]] = {}
        rows = Standing.objects.filter(report__in=some).values_list("report", "cell", "current__value")
        for report, cell, value in rows:
            held.setdefault(report, {})[cell] = value
        for report in some:
            if report in confirmed:
                wanted = cells[sheets[report]]
                wrong += held.get(report) != dict(zip(wanted, values_of(report, wanted), strict=True))
    wrong += Revision.objects.count() != len(there) * CELLS
    wrong += Report.objects.filter(pk__in=confirmed, round__period_code=PERIOD).exclude(state="submitted").count()
    wrong += Event.objects.filter(verb="report.submit").count() != len(there)
    return lost, twice, wrong


# In one process ------------------------------------------------------------------------------------------------------


def in_process(due: Sequence[Any], cells: dict[int, list[int]], profiled: bool) -> tuple[float, float]:
    """Milliseconds a submission by the verb, and with each cell saved by itself."""
    from giaoban.indicators import actions
    from giaoban.people import queries as people
    from giaoban.people.models import Holding

    ours, naive, taken = [], [], cProfile.Profile(time.process_time)
    for place, (report, sheet, session) in enumerate(due):
        held = Holding.objects.select_related("account", "position").get(position__unit_id=int(session), manner="holds")
        by, values = people.actor_of(held), values_of(report, cells[sheet])
        start = time.perf_counter()
        if place % 2:
            each_cell(report, cells[sheet], values, by)
            naive.append((time.perf_counter() - start) * 1000)
            continue
        typed = {cell: str(value) for cell, value in zip(cells[sheet], values, strict=True)}
        if profiled:
            taken.enable()
        actions.submit(by=by, at=data.AT, on=data.TODAY, report_id=report, values=typed)
        taken.disable()
        ours.append((time.perf_counter() - start) * 1000)
    if profiled:
        pstats.Stats(taken).sort_stats("cumulative").print_stats(60)
    return stand.quantile(ours, 0.5), stand.quantile(naive, 0.5)


def each_cell(report: int, cells: Sequence[int], values: Sequence[int], by: Any) -> None:
    """The baseline: one transaction, each cell its draft, its revision and its standing, a statement each."""
    from giaoban.indicators.models import Draft, Report, Revision, Standing, Submission
    from giaoban.journal.actions import writing

    with writing(by=by, at=data.AT, verb="report.submit") as entry:
        found = Report.objects.select_for_update().get(pk=report)
        for cell, value in zip(cells, values, strict=True):
            Draft.objects.create(report=found, cell_id=cell, value=value, at=data.AT, actor_name=by.name)
        made = Submission.objects.create(report=found, no=1, at=data.AT, actor_name=by.name)
        for cell, value in zip(cells, values, strict=True):
            kept = Revision.objects.create(submission=made, cell_id=cell, value=value)
            Standing.objects.create(report=found, cell_id=cell, current=kept, state="submitted")
        found.drafts.all().delete()
        Report.objects.filter(pk=report).update(state="submitted", submitted_at=data.AT, first_submitted_at=data.AT)
        entry.subject = made


# The whole -----------------------------------------------------------------------------------------------------------


def main() -> None:
    full = data.SCALE == "full"
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rate", type=float, default=50 if full else 20)
    arguments.add_argument("--seconds", type=float, default=600 if full else 20)
    arguments.add_argument("--workers", type=int, default=3)
    arguments.add_argument("--burst", type=int, default=1500 if full else 300, help="submissions of the closed loop")
    arguments.add_argument("--profile", action="store_true", help="only print where a submission's time goes")
    chosen = arguments.parse_args()
    if not stand.has_postgres():
        stand.said("PostgreSQL is not installed: the storm is stated for it (apt-get install postgresql)")
        return
    with data.copied(data.ready("P1", upto="units", database="postgresql")) as place, place.serving():
        (place.home / "demo_day").write_text(data.TODAY.isoformat())
        os.environ["GIAOBAN_DEMO"] = "1"  # the day of the world made up here, instead of the machine's
        data.set_up()
        run(place, chosen)


def run(place: data.Place, chosen: argparse.Namespace) -> None:
    start = time.perf_counter()
    due, cells = owed()
    number = int(chosen.rate * chosen.seconds)
    stand.said(
        f"P1 {place.world.scale}, {place.database}: {len(due):,} reports of {CELLS} figures are owed, made in "
        f"{time.perf_counter() - start:.0f} s; {number:,} are handed in at {chosen.rate:.0f} a second"
    )
    from django.db import connection

    warming, sample, due = due[:WARMING], due[WARMING : WARMING + 2 * SAMPLE], due[WARMING + 2 * SAMPLE :]
    in_process(warming, cells, False)
    with connection.cursor() as cursor:  # as autovacuum has on any record in use: a table that was counted while it
        cursor.execute("ANALYZE")  # was empty is read from end to end for every key checked
    connection.close()
    ours, naive = in_process(sample, cells, chosen.profile)
    stand.said(
        f"one submission in one process p50 {ours:.1f} ms   each cell saved by itself p50 {naive:.1f} ms   "
        f"ratio {naive / ours:.1f}"
    )
    if chosen.profile:
        return
    burst, due = due[: chosen.burst], due[chosen.burst :]
    assert len(due) >= number, "not so many reports are owed at this scale"
    connection.close()
    with server(place.home, chosen.workers) as port:
        asyncio.run(pressed(port, burst[:30], cells, chosen.workers))
        answers = asyncio.run(offered(port, due[:number], cells, chosen.rate))
        began = time.monotonic()
        pushed = asyncio.run(pressed(port, burst[30:], cells, 2 * chosen.workers))
        sustained = len(pushed) / (time.monotonic() - began)
    tell(answers, chosen.rate, sustained)
    confirmed = {report for report, status, *_ in (*answers, *pushed) if status == 302}
    lost, twice, wrong = verify(confirmed, [*due[:number], *burst], cells)
    stand.said(
        f"compared with what was sent, {len(confirmed):,} confirmed: {lost} lost, {twice} twice, {wrong} with other "
        f"figures: {stand.verdict(not (lost or twice or wrong), at_any_scale=True)}"
    )
    assert not (lost or twice or wrong), json.dumps({"lost": lost, "twice": twice, "wrong": wrong})


def tell(answers: Sequence[Any], rate: float, sustained: float) -> None:
    spent = [since * 1000 for _, _, since, _ in answers]
    refused = sum(status != 302 for _, status, *_ in answers)
    p95 = stand.quantile(spent, 0.95)
    kinds = sorted({status for _, status, *_ in answers})
    stand.said(
        f"offered {len(answers):,} at {rate:.0f} a second: p50 {stand.quantile(spent, 0.5):.0f} ms p95 {p95:.0f} ms "
        f"p99 {stand.quantile(spent, 0.99):.0f} ms worst {max(spent):.0f} ms from the moment each was due; "
        f"refused {refused} (answers {kinds})   goal: p95 at most 300 ms, none refused: "
        f"{stand.verdict(p95 <= 300 and not refused)}"
    )
    stand.said(f"highest sustained rate: {sustained:.1f} confirmed submissions a second")


if __name__ == "__main__":
    main()
