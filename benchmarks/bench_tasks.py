"""22,000 tasks: the filtered table, counts by state and unit, heat map unit x month, league, board, calendar.

Tasks of two years over 3,000 schools and 100 communes, with partners, extensions, wholes shared out to schools,
documents and meetings; asked by a leader of the province, who may see all, by one of a commune and one of a school.
Baseline, in the same run: what one would write first, the same tasks loaded and each put into its state, unit and month
in Python by `states.state`.

    benchmarks/bench_tasks.py [--database sqlite|postgresql] [--tasks N] [--times N]

SCALE=full: 22,000 tasks; by default 2,200.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import stand

if TYPE_CHECKING:
    from giaoban.journal.actor import Actor

FULL, GOAL = 22_000, 200  # tasks; milliseconds, p95
SCHOOL_COUNT, COMMUNE_COUNT = 3000, 100
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORK = [
    "Rà soát học sinh bỏ học",
    "Báo cáo cơ sở vật chất",
    "Lập dự toán bữa ăn bán trú",
    "Tổ chức quán triệt nghị quyết",
]
WORK += [
    "Kiểm tra an toàn trường học",
    "Tuyển dụng giáo viên còn thiếu",
    "Xây dựng kế hoạch năm học",
    "Điều tra phổ cập",
]


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)


def load(number: int) -> None:
    """So many tasks that count, on both sides of today, and what hangs on them."""
    from giaoban.core.text import fold
    from giaoban.documents.models import Document
    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs.actions import load_kinds
    from giaoban.orgs.models import Snapshot
    from giaoban.work.models import Conclusion, Extension, Meeting, Partner, Task

    dice = random.Random(20260129)
    load_kinds(by=SYSTEM, at=stand.AT)
    stand.units(SCHOOL_COUNT, COMMUNE_COUNT)
    schools = [stand.SCHOOLS + n for n in range(SCHOOL_COUNT)]
    communes = [stand.COMMUNES + n for n in range(COMMUNE_COUNT)]
    Snapshot.objects.all().delete()
    Snapshot.objects.bulk_create(
        Snapshot(
            unit_id=unit, start=stand.SINCE, end=date.max, name=f"Đơn vị số {unit}", body_name=f"Đơn vị số {unit}",
            fold=f"don vi so {unit}", kind_id="primary",
        )
        for unit in [stand.PROVINCE, *communes, *schools]
    )  # fmt: skip
    papers = Document.objects.bulk_create(
        Document(
            direction="OUT", system="state", type="KH", number=n + 1, symbol=f"{n + 1}/KH-UBND", key=f"{n + 1}|KH|{n}",
            issued_on=stand.TODAY - timedelta(days=n), owner_unit_id=stand.PROVINCE, subject=f"Kế hoạch số {n}",
            received_on=stand.TODAY - timedelta(days=n), registered_at=stand.AT,
        )
        for n in range(400)
    )  # fmt: skip
    held = Meeting.objects.bulk_create(
        Meeting(kind="giao_ban", title=f"Giao ban số {n}", unit_id=communes[n % 100], starts_at=stand.AT)
        for n in range(200)
    )
    said = Conclusion.objects.bulk_create(
        Conclusion(meeting=meeting, no=1, text="Kết luận", state="BINDING") for meeting in held
    )
    wholes = Task.objects.bulk_create(
        Task(
            title=f"Việc chung số {n}", text="Việc chung", has_parts=True, assigned_by_id=stand.PROVINCE,
            assigned_at=moment(stand.TODAY), due_kind="DATE", due_text="-", due_on=stand.TODAY,
            first_due_on=stand.TODAY, binds_on=stand.TODAY - timedelta(days=400),
        )
        for n in range(max(1, number // 500))
    )  # fmt: skip
    rows = []
    for n in range(number):
        given = stand.TODAY - timedelta(days=dice.randrange(1, 700))
        due = None if dice.random() < 0.08 else given + timedelta(days=dice.randrange(7, 180))
        done = due is not None and dice.random() < (0.85 if due < stand.TODAY else 0.2)
        finished = min(stand.TODAY, due + timedelta(days=dice.randrange(-20, 12))) if done and due else None
        commune = dice.choice(communes)
        by = stand.PROVINCE if n % 3 == 0 else commune
        lead = commune if n % 4 == 0 else stand.SCHOOLS + (commune - stand.COMMUNES) + 100 * dice.randrange(30)
        title = f"{dice.choice(WORK)} số {n}"
        rows.append(
            Task(
                title=title, text=title, parent=dice.choice(wholes) if n % 5 == 0 else None,
                document=dice.choice(papers) if n % 2 else None, conclusion=dice.choice(said) if n % 10 == 4 else None,
                assigned_by_id=by, assigned_at=moment(given), relation=dice.choice(["ASSIGN"] * 6 + ["GUIDE", "ASK"]),
                lead_id=lead, leader="Phó Chủ tịch" if n % 3 else "", due_kind="DATE" if due else "CONTINUOUS",
                due_text="-", due_on=due, first_due_on=due, deliverable="Báo cáo" if n % 3 else "", binds_on=given,
                proposed_at=moment(finished) if finished else None, confirmed_at=moment(finished) if finished else None,
                completed_on=finished, percent=100 if finished else dice.randrange(0, 100, 10), fold=fold(title),
                called_off_at=moment(given + timedelta(days=1)) if n % 97 == 0 else None,
            )
        )  # fmt: skip
    made = Task.objects.bulk_create(rows, batch_size=2000)
    Partner.objects.bulk_create(
        (
            Partner(task=task, unit_id=unit)
            for n, task in enumerate(made)
            for unit in {dice.choice(communes if n % 2 else schools) for _ in range(n % 4)} - {task.lead_id}
        ),
        batch_size=5000,
    )
    Extension.objects.bulk_create(
        Extension(
            task=task, asked_at=task.assigned_at, asked_by="ai", reason="Chờ kinh phí", from_on=task.due_on,
            to_on=task.due_on + timedelta(days=15), granted=None if n % 40 == 0 else True,
        )
        for n, task in enumerate(made)
        if n % 20 == 0 and task.due_on
    )  # fmt: skip


def actors() -> dict[str, Actor]:
    from giaoban.journal.actor import Actor
    from giaoban.orgs.models import TERRITORY
    from giaoban.people.models import Account, Grant, Holding, Position
    from giaoban.people.roles import Role

    made = {}
    for name, unit in (("province", stand.PROVINCE), ("commune", stand.COMMUNES), ("school", stand.SCHOOLS)):
        account = Account.objects.create(username=f"ban.{name}", full_name=name, fold=name)
        seat = Position.objects.create(unit_id=unit, title=name)
        Holding.objects.create(position=seat, account=account, start=stand.REFORM)
        Grant.objects.create(position=seat, role=Role.LEADER, unit_id=unit, hierarchy_id=TERRITORY, start=stand.REFORM)
        made[name] = Actor(account_id=account.pk, position_id=seat.pk, unit_id=unit, name=name, title=name)
    return made


Job = Callable[["Actor"], Any]


def table(**narrowed: Any) -> Job:
    """A page of the table as its view asks for it: 40 rows with names, how many there are, and the counts by state."""

    def ask(actor: Actor) -> None:
        from giaoban.work import queries
        from giaoban.work.queries import filters
        from giaoban.work.views.rows import task_rows

        asked = filters.Filters(**narrowed)
        shown = filters.ordered(filters.found(actor, stand.TODAY, asked), "")
        shown = shown.select_related("parent", "document", "officer", "conclusion__meeting")
        shown = shown.defer("document__text", "document__fold").prefetch_related("partners")
        shown.count()
        task_rows(shown[:40], stand.TODAY)
        queries.counts_and_buckets(filters.found(actor, stand.TODAY, asked.but(state="")), stand.TODAY)

    return ask


def by_unit(actor: Actor) -> Any:
    from giaoban.work import queries
    from giaoban.work.queries import filters

    return queries.counts_by_lead(filters.found(actor, stand.TODAY, filters.Filters()), stand.TODAY)


def seen(way: str) -> Job:
    """The other views, as their pages ask for them."""

    def ask(actor: Actor) -> Any:
        from giaoban.work.queries import boards, filters

        day = stand.TODAY
        tasks = filters.found(actor, day, filters.Filters())
        asked: dict[str, Callable[[], Any]] = {
            "heat map": lambda: boards.heat(tasks, day, boards.months_from(date(day.year - 1, day.month, 1))),
            "league": lambda: boards.league(tasks, day),
            "by document": lambda: boards.by_document(tasks, day),
            "by meeting": lambda: boards.by_meeting(tasks, day),
            "board": lambda: boards.board(tasks, day, 12),
            "calendar month": lambda: boards.days_of(tasks, day.replace(day=1), day.replace(day=28)),
        }
        return asked[way]()

    return ask


def jobs() -> dict[str, Job]:
    day = stand.TODAY
    return {
        "table, all": table(),
        "table, overdue": table(state="OPEN_OVERDUE"),
        "table, over 120 days": table(bucket=3),
        "table, two words": table(text="hoc sinh bo hoc"),
        "table, a partner": table(partner=stand.COMMUNES + 7),
        "table, a quarter": table(due_from=day - timedelta(days=45), due_to=day + timedelta(days=45)),
        "table, given": table(view="given"),
        "table, a document": table(document=7),
        "counts by unit": by_unit,
        **{way: seen(way) for way in ("heat map", "league", "by document", "by meeting", "board", "calendar month")},
    }


def naive(actor: Actor) -> Counter[tuple[int | None, str]]:
    """The baseline: every task visible is loaded and put into its state, unit and month one by one."""
    from giaoban.work import queries, states

    found: Counter[tuple[int | None, str]] = Counter()
    for task in queries.tasks_for(actor, stand.TODAY):
        state = states.state(task.dates, stand.TODAY)
        found[task.lead_id, state.value] += 1
        if task.due_on:
            found[task.lead_id, f"{task.due_on:%Y-%m}"] += 1
    return found


def measure(database: str, number: int, times: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    load(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    stand.said(f"{number:,} tasks on {database}, loaded in {time.perf_counter() - begun:.0f} s")
    asked = actors()
    gc.collect()
    gc.freeze()  # as wsgi.py does once the server has started
    worst, spent_all = 0.0, []
    for name, job in jobs().items():
        words = []
        for who, actor in asked.items():
            job(actor)
            spent = []
            own = time.process_time()
            for _ in range(times):
                start = time.perf_counter()
                job(actor)
                spent.append((time.perf_counter() - start) * 1000)
            p95 = stand.quantile(spent, 0.95)
            own = (time.process_time() - own) * 1000 / times
            worst = max(worst, p95)
            spent_all += spent if who == "province" else []
            words.append(f"{who} p50 {stand.quantile(spent, 0.5):4.0f} p95 {p95:4.0f} (own {own:3.0f})")
        stand.said(f"  {name:22} {'   '.join(words)} ms")
    start = time.perf_counter()
    naive(asked["province"])
    slow = (time.perf_counter() - start) * 1000
    middle = stand.quantile(spent_all, 0.5)
    stand.said(f"baseline, task by task in Python, province: {slow:.0f} ms; a view takes 1/{slow / middle:.0f} of it")
    stand.said(f"goal: p95 of every view at most {GOAL} ms (worst {worst:.0f}): {stand.verdict(worst <= GOAL)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    arguments.add_argument("--tasks", type=int)
    arguments.add_argument("--times", type=int, default=20)
    chosen = arguments.parse_args()
    number = chosen.tasks or (FULL if os.environ.get("SCALE") == "full" else FULL // 10)
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
        measure(chosen.database, number, chosen.times)
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    main()
