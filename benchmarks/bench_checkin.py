"""Five hundred people at the door: 20 phones check them in within a minute, over lines that break all the time.

Each phone keeps its check-ins and sends what waits, as the page does (`work/static/work/arrivals.js`). At random the
line breaks before the server hears, in the middle of what is said, or after the server has kept it and before the phone
hears so; then the phone sends the same again. One person in ten is checked in at two doors. Over HTTP against gunicorn
as in production. Afterwards the database is compared with what the phones made: none lost, none double, each with the
time of the phone. On SQLite and on PostgreSQL.

    benchmarks/bench_checkin.py [--people N] [--phones N] [--seconds S] [--seed N]

Baseline in the same run: the same check-ins by phones that send each once and keep nothing, and a server that adds a
row for each it hears, as a sheet of "click when present" does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import cluster
import stand

BROKEN = 0.35  # of the sendings
TOKEN = "s" * 32


@dataclass
class Phone:
    """One organiser's phone: what it made, what still waits, and what it went through."""

    number: int
    dice: random.Random
    made: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    breaks: Counter[str] = field(default_factory=Counter)
    answers: list[float] = field(default_factory=list)
    careless: list[str] = field(default_factory=list)  # what the baseline's server would have written

    def send(self, port: int, meeting: int, session: str, account: int) -> None:
        """Everything that waits; a broken line leaves it waiting."""
        rows = self.waiting[:100]
        body = json.dumps({"account": account, "rows": rows}).encode()
        message = (
            f"POST /hop/{meeting}/diem-danh/gui/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        how = self.dice.choice(["before", "midway", "after"]) if self.dice.random() < BROKEN else ""
        self.breaks[how or "whole"] += 1
        if how == "before":
            return
        began = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(message[: len(message) // 2] if how == "midway" else message)
                if how == "midway":
                    return
                heard = b""
                while part := line.recv(65536):
                    heard += part
        except OSError:
            self.breaks["refused"] += 1
            return
        if how == "after":
            return  # the server kept it; the phone does not know
        head, _, text = heard.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(heard[:300].decode("latin-1"))
        self.answers.append(time.monotonic() - began)
        answer = json.loads(text)
        assert not answer["refused"], answer["refused"]
        taken = set(answer["taken"])
        self.waiting = [row for row in self.waiting if row["key"] not in taken]

    def careless_send(self, row: dict[str, Any]) -> None:
        """The baseline: once, and once more where no answer came; nothing tells the server it is the same."""
        for _ in range(2):
            how = self.dice.choice(["before", "midway", "after"]) if self.dice.random() < BROKEN else ""
            if how in ("", "after"):
                self.careless.append(row["who"])
            if not how:
                return


def meeting_of(people: int) -> tuple[int, str, int, list[str]]:
    """A meeting of so many invited, and its organiser signed in: (meeting, session, account, whom)."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs import actions
    from giaoban.orgs.models import TERRITORY, Snapshot, Unit
    from giaoban.people.models import Account, Grant, Holding, Position
    from giaoban.people.roles import Role
    from giaoban.work.models import Invitation, Meeting

    stand.units(people, communes=10)
    actions.load_kinds(by=SYSTEM, at=stand.AT)
    Snapshot.objects.create(
        unit_id=stand.PROVINCE, start=stand.REFORM, end=date.max, name="Tỉnh", body_name="UBND tỉnh", fold="tinh",
        kind_id="province",
    )  # fmt: skip
    account = Account.objects.create(username="toc", full_name="Ban tổ chức", fold="ban to chuc")
    seat = Position.objects.create(unit_id=stand.PROVINCE, title="Chuyên viên")
    Holding.objects.create(position=seat, account=account, start=stand.REFORM)
    Grant.objects.create(
        position=seat, role=Role.OFFICER, unit_id=stand.PROVINCE, hierarchy_id=TERRITORY, start=stand.REFORM
    )
    now = datetime.now(UTC)
    meeting = Meeting.objects.create(
        kind="trien_khai", title="Hội nghị triển khai", unit_id=stand.PROVINCE, chair_name="Chủ tọa",
        starts_at=now - timedelta(minutes=5), state="HELD", opened_at=now,
    )  # fmt: skip
    units = Unit.objects.filter(pk__gte=stand.SCHOOLS).values_list("pk", flat=True)[:people]
    invited = Invitation.objects.bulk_create(Invitation(meeting=meeting, unit_id=unit, sent_at=now) for unit in units)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["position"] = seat.pk
    session.create()
    return meeting.pk, str(session.session_key), account.pk, [f"i{each.pk}" for each in invited]


@contextmanager
def server(home: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "giaoban.wsgi", "--workers", "2", "--threads", "4",
               "--bind", f"127.0.0.1:{port}", "--log-level", "error"]  # fmt: skip
    running = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(stand.ROOT / "src")}, cwd=home, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with socket.socket() as found, suppress(OSError):
                if found.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()


def play(port: int, prepared: tuple[int, str, int, list[str]], chosen: argparse.Namespace) -> tuple[list[Phone], float]:
    """Everybody comes within the time, each to one of the phones; then the phones send until nothing waits."""
    meeting, session, account, people = prepared
    dice = random.Random(chosen.seed)
    phones = [Phone(number, random.Random(chosen.seed * 1000 + number)) for number in range(chosen.phones)]
    coming: list[list[tuple[float, str]]] = [[] for _ in phones]
    for who in people:
        for door in dice.sample(range(len(phones)), 2 if dice.random() < 0.1 else 1):
            coming[door].append((dice.random() * chosen.seconds, who))
    begin = time.monotonic()

    def life(phone: Phone) -> None:
        arriving = sorted(coming[phone.number])
        while arriving or phone.waiting:
            now = time.monotonic() - begin
            while arriving and arriving[0][0] <= now:
                _, who = arriving.pop(0)
                key = str(UUID(int=phone.dice.getrandbits(128), version=4))
                row = {"key": key, "who": who, "at": datetime.now(UTC).isoformat(), "way": "CODE", "session": None}
                phone.made.append(row)
                phone.waiting.append(row)
                phone.careless_send(row)
            if phone.waiting:
                phone.send(port, meeting, session, account)
            time.sleep(phone.dice.random() * 0.8)

    threads = [threading.Thread(target=life, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return phones, time.monotonic() - begin


def judged(phones: list[Phone], people: list[str], seconds: float, chosen: argparse.Namespace, name: str) -> bool:
    from giaoban.work.models import CheckIn, Invitation

    rows = list(CheckIn.objects.values_list("key", "invitation_id", "at"))
    there = Counter(f"i{invitation}" for _, invitation, _ in rows)
    times = {row["key"]: row["at"] for phone in phones for row in phone.made}
    lost = sum(who not in there for who in people)
    double = sum(number > 1 for number in there.values())
    wrong = sum(times.get(str(key)) != at.astimezone(UTC).isoformat() for key, _, at in rows)
    wrong += len(people) - Invitation.objects.exclude(attendance="").count()
    waiting = sum(len(phone.waiting) for phone in phones)
    breaks = sum((phone.breaks for phone in phones), Counter())
    answers = [1000 * each for phone in phones for each in phone.answers] or [0.0]
    sent = sum(breaks.values())
    stand.said(
        f"{name}: {len(people)} people, {sum(len(phone.made) for phone in phones)} check-ins on {len(phones)} phones "
        f"in {chosen.seconds:.0f} s; {sent} sendings, {sent - breaks['whole']} broken (before {breaks['before']}, "
        f"midway {breaks['midway']}, after {breaks['after']}); the last arrived after {seconds:.0f} s, "
        f"answers p95 {stand.quantile(answers, 0.95):.0f} ms"
    )
    careless = Counter(who for phone in phones for who in phone.careless)
    stand.said(
        f"  {lost} lost, {double} double, {wrong} wrong, {waiting} still waiting;   baseline (sent once and once more, "
        f"a row for each heard): {sum(who not in careless for who in people)} lost, "
        f"{sum(number > 1 for number in careless.values())} double"
    )
    return not (lost or double or wrong or waiting)


def run(name: str, home: Path, chosen: argparse.Namespace) -> None:
    """In a process of its own: Django is set up once, over one database."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    prepared = meeting_of(chosen.people)
    connection.close()
    with server(home) as port:
        phones, seconds = play(port, prepared, chosen)
    good = judged(phones, prepared[3], seconds, chosen, name)
    reached = good and chosen.people >= 500 and chosen.phones >= 20 and chosen.seconds <= 60
    stand.said(f"  goal, 500 in a minute from 20 phones, none lost, none double: {'reached' if reached else 'MISSED'}")
    assert good


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--people", type=int, default=500)
    arguments.add_argument("--phones", type=int, default=20)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--database", choices=["SQLite", "PostgreSQL"], help="only on this one")
    arguments.add_argument("--over", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.over:
        run(chosen.over, Path(os.environ["GIAOBAN_HOME"]), chosen)
        return
    again = [sys.executable, "-W", "ignore", *sys.argv, "--over"]
    for name in [chosen.database] if chosen.database else ["SQLite", "PostgreSQL"]:
        with tempfile.TemporaryDirectory(prefix="giaoban-check-in-") as place:
            home = Path(place)
            home.chmod(0o755)
            around = os.environ | {"GIAOBAN_HOME": place, "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
            around.pop("DATABASE_URL", None)
            if name == "SQLite":
                subprocess.run([*again, name], check=True, env=around)
            elif stand.has_postgres():
                with cluster.serving(home, "128MB") as address:
                    subprocess.run([*again, name], check=True, env=around | {"DATABASE_URL": address})
            else:
                stand.said("PostgreSQL is not installed: only SQLite was measured (apt-get install postgresql)")


if __name__ == "__main__":
    main()
