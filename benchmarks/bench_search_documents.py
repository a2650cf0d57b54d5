"""Search over the register: number, subject, abstract of 100 words, without accents, the first 20 newest first.

50 fixed queries (common words such as "giáo dục", rare ones, phrases, numbers as typed, filters) are asked by a leader
of the province, who may read all, by one of twelve communes, by a commune and by a school; each answer with its count,
exact up to a thousand. Baseline, in the same run: what one would write first, the folded text searched word by word
with LIKE '%word%', the same rights, ORDER BY issued_on DESC LIMIT 20, a count.

    benchmarks/bench_search_documents.py [--database sqlite|postgresql] [--documents N] [--baseline QUERIES]

SCALE=full: 1,000,000 documents on PostgreSQL, 100,000 on SQLite; by default a hundredth of each.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import stand

if TYPE_CHECKING:
    from giaoban.journal.actor import Actor

FULL = {"postgresql": 1_000_000, "sqlite": 100_000}
GOAL = 100  # milliseconds, p95
SCHOOL_COUNT = 3000
TYPES = ["KH", "BC", "TB", "QĐ", "CV", "CT", "TTr", "HD", "BB", "NQ"]
COMMON = """giáo dục|đào tạo|kế hoạch|thực hiện|học sinh|nhà trường|tỉnh Lào Cai|năm học|chất lượng|công tác|triển khai
báo cáo|giáo viên|ủy ban nhân dân|các xã, phường|cơ sở vật chất|nhiệm vụ|tổ chức|quản lý|đánh giá""".replace("\n", "|")
RARE = """phổ cập mầm non|bán trú|xóa mù chữ|trường chuẩn quốc gia|thi tốt nghiệp|tuyển sinh đầu cấp|dạy thêm, học thêm
an toàn trường học|phòng chống đuối nước|bữa ăn học đường|chuyển đổi số|học bạ điện tử|tiếng dân tộc thiểu số
kiểm định chất lượng|sáp nhập trường lớp|hợp đồng lao động|biên chế|khoán kinh phí|thiết bị dạy học""".replace(
    "\n", "|"
)
QUERIES: list[tuple[str, dict[str, object]]] = [
    *[(text, {}) for text in ("giáo dục", "giao duc", "kế hoạch", "học sinh", "báo cáo", "thực hiện năm học")],
    *[(text, {}) for text in ("giáo dục đào tạo", "chất lượng giáo dục", "giáo viên nhà trường", "tỉnh Lào Cai")],
    *[(text, {}) for text in ("phổ cập", "bán trú", "xóa mù chữ", "đuối nước", "học bạ điện tử", "biên chế")],
    *[(text, {}) for text in ("chuyển đổi số", "bua an hoc duong", "thi tốt nghiệp", "sáp nhập", "dân tộc thiểu số")],
    *[(f'"{text}"', {}) for text in ("giáo dục đào tạo", "phổ cập mầm non", "trường chuẩn quốc gia", "năm học mới")],
    *[(f'"{text}"', {}) for text in ("đào tạo kế hoạch", "tuyển sinh đầu cấp", "không có cụm từ này")],
    *[(text, {}) for text in ("157/KH-UBND", "29/NQ-UBND", "1277/BC-UBND", "5/TB-UBND", "157", "KH-UBND")],
    *[
        (text, {})
        for text in ("nguyễn văn an", "tran thi binh", "UBND xã số 17", "khongcotunay", "giáo dục khongcotunay")
    ],
    *[(text, {}) for text in ("bán trú chuyển đổi số", "biên chế hợp đồng", "giáo dục bán trú", "kế hoạch đuối nước")],
    ("giáo dục", {"type": "state:TTr"}),
    ("phổ cập", {"type": "state:KH"}),
    ("giáo dục", {"since": date(2022, 1, 1), "until": date(2022, 12, 31)}),
    ("bán trú", {"since": date(2019, 1, 1), "until": date(2019, 12, 31)}),
    ("giáo dục", {"direction": "IN"}),
    ("biên chế", {"direction": "OUT"}),
    ("", {"type": "state:QĐ"}),
    ("", {}),
]


def vocabulary(dice: random.Random) -> tuple[list[str], list[float]]:
    """Phrases as they are folded, each half as frequent as one of half its rank (Zipf): those of every circular first,
    then four thousand made of syllables, the rare ones asked for among the last third."""
    from giaoban.core.text import fold

    onsets = "b c ch d g gi h k kh l m n ng nh ph qu r s t th tr v x"
    rhymes = "a ai am an ang anh ao ap at au ay e en et eu i ia ich im in inh ip it o oa oan oi om on ong u ua ung uong"
    syllables = [onset + rhyme for onset in onsets.split(" ") for rhyme in rhymes.split(" ")]
    made = [f"{dice.choice(syllables)} {dice.choice(syllables)}" for _ in range(4000)]
    rare = [fold(word) for word in RARE.split("|")]
    for n, word in enumerate(rare):
        made.insert(2700 + 40 * n, word)
    words = [fold(word) for word in COMMON.split("|")] + made
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def lines(number: int) -> Iterator[tuple[object, ...]]:
    """Documents of ten years, the older first: number, day, subject and an abstract of 100 words as they are folded;
    "giáo dục" is in nearly every one."""
    from giaoban.core.text import fold

    dice = random.Random(20260129)
    phrases, weights = vocabulary(dice)
    names = [fold(f"{a} {b} {c}") for a in ("Nguyễn", "Trần", "Lò") for b in ("Văn", "Thị") for c in ("An", "Bình")]
    begin = date(2016, 1, 1)
    for n in range(number):
        day = begin + timedelta(days=n * 3650 // number)
        kind, owner = dice.choice(TYPES), stand.SCHOOLS + dice.randrange(SCHOOL_COUNT)
        if n % 5 == 0:
            owner = stand.COMMUNES + dice.randrange(100)
        count = dice.randrange(1, 2000)
        symbol = f"{count:02d}/UBND-VX" if kind == "CV" else f"{count:02d}/{kind}-UBND"
        issuer = f"UBND xã số {owner % 100}"
        subject = f"Văn bản số {n}" + (" về giáo dục" if n % 20 else "")
        words = " ".join(dice.choices(phrases, cum_weights=weights, k=45))
        head = fold(f"{symbol} {symbol.lstrip('0')} {issuer} {subject}")
        yield (
            n + 1,
            "IN" if n % 3 else "OUT",
            "state",
            kind,
            count,
            symbol,
            f"{kind}|{n}",
            day,
            owner,
            issuer,
            subject,
            f"{head} {dice.choice(names)} {words}",
        )


def sendings(number: int) -> Iterator[tuple[int, int]]:
    """Every twentieth document goes to three units, every five-thousandth to all schools."""
    dice = random.Random(5)
    for n in range(0, number, 20):
        schools = range(SCHOOL_COUNT) if n % 5000 == 0 else dice.sample(range(SCHOOL_COUNT), 3)
        yield from ((n + 1, stand.SCHOOLS + school) for school in schools)


FIELDS = [
    "id",
    "direction",
    "system",
    "type",
    "number",
    "symbol",
    "key",
    "issued_on",
    "owner_unit_id",
    "issuer_text",
    "subject",
    "fold",
]
REST = {
    "signer": "",
    "signer_title": "",
    "urgency": "",
    "recipients_text": "",
    "language": "",
    "case_code": "",
    "remark": "",
    "text": "",
    "file_name": "",
    "file_hash": "",
}


def load(number: int) -> None:
    """Into the tables by the bulk, then the index at once."""
    from django.db import connection

    from giaoban.documents import wordlist

    wordlist.loose(connection)
    rows = ((*row, row[7], f"{row[7]} 08:00:00", *REST.values()) for row in lines(number))
    insert("documents_document", [*FIELDS, "received_on", "registered_at", *REST], rows)
    sent = ((document, unit, False, "") for document, unit in sendings(number))
    insert("documents_addressee", ["document_id", "unit_id", "must_issue", "received_by"], sent)
    wordlist.refill()
    wordlist.keep(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            for table in ("words", "sight", "document", "addressee"):
                cursor.execute(f"VACUUM ANALYZE documents_{table}")


def insert(table: str, columns: list[str], rows: Iterator[tuple[object, ...]]) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("BEGIN")
    raw.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (tuple(str(value) if isinstance(value, date) else value for value in row) for row in rows),
    )
    raw.execute("COMMIT")


def actors() -> dict[str, Actor]:
    from giaoban.journal.actor import Actor
    from giaoban.orgs.models import TERRITORY
    from giaoban.people.models import Account, Grant, Holding, Position
    from giaoban.people.roles import Role

    found = {}
    over = {
        "province": [stand.PROVINCE],
        "branch": list(range(stand.COMMUNES, stand.COMMUNES + 12)),  # twelve communes: an eighth of all
        "commune": [stand.COMMUNES],
        "school": [stand.SCHOOLS],
    }
    for name, units in over.items():
        account = Account.objects.create(username=f"ban.{name}", full_name=name, fold=name)
        seat = Position.objects.create(unit_id=units[0], title=name)
        Holding.objects.create(position=seat, account=account, start=stand.REFORM)
        for unit in units:
            Grant.objects.create(
                position=seat, role=Role.LEADER, unit_id=unit, hierarchy_id=TERRITORY, start=stand.REFORM
            )
        found[name] = Actor(account_id=account.pk, position_id=seat.pk, unit_id=units[0], name=name, title=name)
    return found


def plain(actor: Actor, text: str, more: dict[str, object]) -> tuple[int, int]:
    """The baseline: LIKE on the folded column, newest first, and how many there are."""
    from giaoban.core.text import fold
    from giaoban.documents import search

    wanted = search.Wanted(**more)  # type: ignore[arg-type]
    rows = search.readable(actor, stand.TODAY)
    if wanted.type:
        rows = rows.filter(system="state", type=wanted.type.removeprefix("state:"))
    if wanted.direction:
        rows = rows.filter(direction=wanted.direction)
    if wanted.since:
        rows = rows.filter(issued_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(issued_on__lte=wanted.until)
    parts = [text.strip('"')] if text.startswith('"') else text.split()
    for part in parts:
        rows = rows.filter(fold__contains=fold(part))
    page = list(rows.order_by("-issued_on", "-id").values_list("pk", flat=True)[:20])
    return len(page), rows.count()


def measure(database: str, documents: int, baseline: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from giaoban.documents import search

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    stand.units(SCHOOL_COUNT)
    load(documents)
    stand.said(f"{documents:,} documents on {database}, loaded and indexed in {time.perf_counter() - begun:.0f} s")
    asked = actors()
    worst: list[float] = []
    for name, actor in asked.items():
        spent: list[float] = []
        own = time.process_time()
        slow: list[tuple[float, str]] = []
        for repeat in range(3):
            for text, more in QUERIES:
                start = time.perf_counter()
                search.found(actor, stand.TODAY, search.Wanted(text=text, **more))  # type: ignore[arg-type]
                took = (time.perf_counter() - start) * 1000
                if repeat:
                    spent.append(took)
                    slow.append((took, f"{text} {more or ''}".strip()))
        worst.append(stand.quantile(spent, 0.95))
        slowest = ", ".join(f"{text} {took:.0f}" for took, text in sorted(slow, reverse=True)[:4])
        p50, p95 = stand.quantile(spent, 0.5), stand.quantile(spent, 0.95)
        own = (time.process_time() - own) * 1000 / (3 * len(QUERIES))
        stand.said(
            f"{name:10} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  max {max(spent):6.1f} ms  "
            f"own processor {own:.0f} ms a query   slowest: {slowest}"
        )
    naive: list[float] = []
    found: list[float] = []
    limit = "SET statement_timeout = 60000" if connection.vendor == "postgresql" else "SELECT 1"
    with connection.cursor() as cursor:
        cursor.execute(limit)
    for text, more in QUERIES[:: max(1, len(QUERIES) // baseline)]:
        start = time.perf_counter()
        plain(asked["province"], text, more)
        naive.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        search.found(asked["province"], stand.TODAY, search.Wanted(text=text, **more))  # type: ignore[arg-type]
        found.append((time.perf_counter() - start) * 1000)
    ratio = sum(naive) / sum(found)
    stand.said(
        f"baseline LIKE, {len(naive)} of the queries, province: p50 {stand.quantile(naive, 0.5):.0f} ms  p95 "
        f"{stand.quantile(naive, 0.95):.0f} ms; ours takes 1/{ratio:.0f} of it"
    )
    stand.said(f"goal: p95 at most {GOAL} ms: {stand.verdict(max(worst) <= GOAL)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    arguments.add_argument("--documents", type=int)
    arguments.add_argument("--baseline", type=int, default=10, help="how many of the queries the baseline is asked")
    chosen = arguments.parse_args()
    full = os.environ.get("SCALE") == "full"
    documents = chosen.documents or FULL[chosen.database] // (1 if full else 100)
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="giaoban-bench-"))
        os.environ |= {"GIAOBAN_HOME": home, "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
        os.environ.pop("DATABASE_URL", None)
        if chosen.database == "postgresql":
            import cluster

            Path(home).chmod(0o755)
            os.environ["DATABASE_URL"] = stack.enter_context(cluster.serving(Path(home), "2GB" if full else "128MB"))
        import django

        django.setup()
        measure(chosen.database, documents, chosen.baseline)
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    main()
