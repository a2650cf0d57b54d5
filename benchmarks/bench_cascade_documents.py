"""One document sent down to 3,500 schools: obligations with lines and messages, in one transaction; and its receipts.

Baseline, in the same run: the same verb called once for each unit. Then 100 receipts, each in a transaction of its own
as 100 schools give them, and the tree and list of who received and who owes, as the sender's page shows them.

    benchmarks/bench_cascade_documents.py [--database sqlite|postgresql] [--schools N] [--one-by-one N]

SCALE=full: 3,500 schools; by default 350.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import stand

GOAL, RECEIPTS = 3.0, 2.0  # seconds
FULL = 3500
ISSUED = date(2026, 1, 20)


def schools(number: int) -> list[int]:
    """Snapshots for the schools of `stand.units`, one in fifty founded only after the document was issued."""
    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs.actions import load_kinds
    from giaoban.orgs.models import Snapshot

    load_kinds(by=SYSTEM, at=stand.AT)
    stand.units(number)
    units = [stand.SCHOOLS + n for n in range(number)]
    Snapshot.objects.filter(unit_id__in=units).delete()
    Snapshot.objects.bulk_create(
        Snapshot(
            unit_id=unit,
            start=ISSUED + timedelta(days=30) if n % 50 == 49 else stand.SINCE,
            end=date.max,
            name=f"Trường số {n}",
            body_name=f"Trường số {n}",
            fold=f"truong so {n}",
            kind_id="primary",
        )
        for n, unit in enumerate(units)
    )
    clerks(units)
    return units


def clerks(units: list[int]) -> None:
    """Each school has somebody who receives, and whom a message reaches."""
    from giaoban.orgs.models import MANAGEMENT, Hierarchy
    from giaoban.people.models import Grant, Position
    from giaoban.people.roles import Role

    Hierarchy.objects.get_or_create(code=MANAGEMENT, defaults={"name": "Quản lý", "order": 2})
    seats = Position.objects.bulk_create(Position(unit_id=unit, title="Văn thư") for unit in units)
    Grant.objects.bulk_create(
        Grant(position=seat, role=Role.CLERK, unit_id=unit, hierarchy_id=MANAGEMENT, start=stand.SINCE)
        for seat, unit in zip(seats, units)
    )


def document(symbol: str, owner: int) -> object:
    from giaoban.documents import actions
    from giaoban.journal.actor import SYSTEM

    return actions.register(
        by=SYSTEM,
        at=stand.AT,
        owner_id=owner,
        direction="OUT",
        symbol=symbol,
        subject="Kế hoạch triển khai nghị quyết",
        issued_on=ISSUED,
        issuer_text="UBND tỉnh",
    )


def measure(database: str, number: int, singly: int) -> None:
    from django.core.management import call_command

    from giaoban.documents import actions, queries
    from giaoban.documents.models import Addressee, Line
    from giaoban.journal.actor import SYSTEM
    from giaoban.notices.models import Message

    call_command("migrate", verbosity=0)
    units = schools(number)
    there = number - number // 50
    sent, plain = document("45/KH-UBND", stand.PROVINCE), document("46/KH-UBND", stand.PROVINCE)
    due = ISSUED + timedelta(days=20)
    sent.get_absolute_url()  # type: ignore[attr-defined]  # a process that serves has read the program's addresses
    start, own = time.perf_counter(), time.process_time()
    actions.address(by=SYSTEM, at=stand.AT, document=sent, group_ids=units, must_issue=True, due_on=due)  # type: ignore[arg-type]
    took, own = time.perf_counter() - start, time.process_time() - own
    assert Message.objects.exclude(position=None).count() == there
    assert Addressee.objects.filter(document=sent).count() == Line.objects.filter(document=sent).count() == there
    start = time.perf_counter()
    for unit in units[:singly]:
        actions.address(by=SYSTEM, at=stand.AT, document=plain, group_ids=[unit], must_issue=True, due_on=due)  # type: ignore[arg-type]
    naive = (time.perf_counter() - start) / singly * number
    stand.said(
        f"{there:,} obligations of {number:,} units on {database}: {took:.2f} s ({own:.2f} s of our processor) in one "
        "transaction, none for the "
        f"{number - there} not there that day; one by one {naive:.1f} s (from {singly}): 1/{naive / took:.0f}"
    )
    receivers = list(Addressee.objects.filter(document=sent).values_list("unit_id", flat=True)[:100])
    spent = []
    for unit in receivers:
        start = time.perf_counter()
        actions.receive(by=SYSTEM, at=stand.AT, document=sent, unit_id=unit)  # type: ignore[arg-type]
        spent.append((time.perf_counter() - start) * 1000)
    start = time.perf_counter()
    tree = queries.cascade(SYSTEM, sent, stand.TODAY)  # type: ignore[arg-type]
    read = time.perf_counter() - start
    assert (tree.received, len(tree.duties)) == (len(receivers), there)
    stand.said(
        f"a receipt p95 {stand.quantile(spent, 0.95):.0f} ms; who received and who owes, of {there:,}: {read:.2f} s"
    )
    stand.said(f"goal: obligations at most {GOAL:.0f} s: {stand.verdict(took <= GOAL)}")
    stand.said(f"goal: receipts at most {RECEIPTS:.0f} s: {stand.verdict(max(read, max(spent) / 1000) <= RECEIPTS)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    arguments.add_argument("--schools", type=int)
    arguments.add_argument("--one-by-one", type=int, default=50)
    chosen = arguments.parse_args()
    full = os.environ.get("SCALE") == "full"
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="giaoban-bench-"))
        os.environ |= {"GIAOBAN_HOME": home, "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
        os.environ.pop("DATABASE_URL", None)
        if chosen.database == "postgresql":
            import cluster

            Path(home).chmod(0o755)
            os.environ["DATABASE_URL"] = stack.enter_context(cluster.serving(Path(home), "128MB"))
        import django

        django.setup()
        measure(chosen.database, chosen.schools or (FULL if full else FULL // 10), chosen.one_by_one)
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    main()
