"""The journal: one transaction and one event a verb, chained by hashes, refused by the database to any change."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import digest, writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.journal.append_only import seal, unseal
from giaoban.journal.models import Event
from giaoban.journal.queries import broken_link, events, history
from giaoban.people.models import Position
from tests.world import NOW, World

ACTOR = Actor(7, 8, 9, "Nguyễn Thị Hoa", "Hiệu trưởng (ký thay)", "Vàng A Páo")


def write(verb: str = "test.write", **more: object) -> None:
    with writing(by=ACTOR, at=NOW, verb=verb, **more):
        pass


def test_an_event_says_who_for_whom_what_when_and_why(world: World):
    with writing(by=ACTOR, at=NOW, verb="unit.test", unit_id=5, reason="vì thế", data={"a": 1}) as entry:
        entry.subject = world.tieu_hoc
        entry.data["on"] = date(2026, 1, 29)
    event = history(world.tieu_hoc).first()
    assert (event.actor_name, event.actor_title, event.acting_for) == (ACTOR.name, ACTOR.title, ACTOR.acting_for)
    assert (event.account_id, event.position_id, event.unit_id) == (7, 8, 5)
    assert (event.verb, event.reason, event.at) == ("unit.test", "vì thế", NOW)
    assert event.data == {"a": 1, "on": "2026-01-29"}
    assert event.subject_name == "Trường Tiểu học Ánh Dương"


def test_a_write_without_an_actor_is_an_error(db):
    with pytest.raises(TypeError), writing(by=None, at=NOW, verb="test.write"):
        pass


def test_events_are_found_by_unit_and_by_verb(db):
    for verb, unit in (("round.open", 1), ("round.lock", 2), ("task.assign", 1)):
        write(verb, unit_id=unit)
    assert [event.verb for event in events(verb="round.")] == ["round.lock", "round.open"]
    assert [event.verb for event in events(unit_ids=[1])] == ["task.assign", "round.open"]
    assert [event.verb for event in events(unit_ids=[1], verb="round.open")] == ["round.open"]


# One transaction


def test_a_refusal_leaves_neither_rows_nor_event(world: World):
    with pytest.raises(NotAllowed), writing(by=SYSTEM, at=NOW, verb="position.create"):
        Position.objects.create(unit=world.tieu_hoc, title="Kế toán")
        raise NotAllowed()
    assert not Position.objects.exists() and not Event.objects.filter(verb="position.create").exists()


def test_a_verb_inside_a_verb_joins_its_transaction(world: World):
    """Events are written together at the outermost end; a refusal of the outer rolls the inner back too."""
    with writing(by=SYSTEM, at=NOW, verb="outer"):
        with writing(by=SYSTEM, at=NOW, verb="inner"):
            Position.objects.create(unit=world.tieu_hoc, title="Kế toán")
        assert not Event.objects.filter(verb="inner").exists(), "not before the end"
    assert [event.verb for event in Event.objects.filter(verb__in=["inner", "outer"])] == ["inner", "outer"]

    with pytest.raises(NotAllowed), writing(by=SYSTEM, at=NOW, verb="outer.two"):
        with writing(by=SYSTEM, at=NOW, verb="inner.two"):
            Position.objects.create(unit=world.tieu_hoc, title="Văn thư")
        raise NotAllowed()
    assert not Position.objects.filter(title="Văn thư").exists()
    assert not Event.objects.filter(verb__endswith=".two").exists()


def test_a_refused_inner_verb_may_be_caught_and_leaves_no_trace(world: World):
    with writing(by=SYSTEM, at=NOW, verb="outer"):
        with pytest.raises(NotAllowed), writing(by=SYSTEM, at=NOW, verb="inner"):
            Position.objects.create(unit=world.tieu_hoc, title="Kế toán")
            raise NotAllowed()
        Position.objects.create(unit=world.tieu_hoc, title="Văn thư")
    assert [one.title for one in Position.objects.all()] == ["Văn thư"]
    assert not Event.objects.filter(verb="inner").exists()


def test_a_refusal_takes_along_what_its_verb_had_called(db):
    told: list[str] = []
    with writing(by=SYSTEM, at=NOW, verb="outer"):
        with pytest.raises(NotAllowed), writing(by=SYSTEM, at=NOW, verb="inner"):
            with writing(by=SYSTEM, at=NOW, verb="innermost") as entry:
                entry.under_lock(lambda: told.append("ledger"))
            raise NotAllowed()
        with writing(by=SYSTEM, at=NOW, verb="after") as entry:
            entry.under_lock(lambda: told.append("after"))
    assert told == ["after"] and [event.verb for event in Event.objects.order_by("seq")] == ["after", "outer"]


def test_after_a_refusal_the_next_verb_starts_afresh(db):
    with pytest.raises(NotAllowed), writing(by=SYSTEM, at=NOW, verb="first"):
        raise NotAllowed()
    write("second")
    assert [event.verb for event in Event.objects.all()] == ["second"]


def test_jobs_under_the_lock_run_once_at_the_end_and_the_outside_world_after(db, django_capture_on_commit_callbacks):
    order: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), writing(by=SYSTEM, at=NOW, verb="outer") as entry:
        with writing(by=SYSTEM, at=NOW, verb="inner") as inner:
            inner.under_lock(lambda: order.append("ledger"))
            inner.after_commit(lambda: order.append("mail"))
        entry.under_lock(lambda: order.append("ledger of outer"))
        order.append("body")
    assert order == ["body", "ledger", "ledger of outer", "mail"]


def test_a_skipped_entry_leaves_no_event(db):
    with writing(by=SYSTEM, at=NOW, verb="quiet") as entry:
        entry.skip = True
    assert not Event.objects.exists()


# The chain


def test_each_event_follows_from_the_one_before(db):
    for _ in range(3):
        write()
    first, second, third = Event.objects.all()
    assert (first.previous_hash, second.previous_hash, third.previous_hash) == ("", first.hash, second.hash)
    assert third.hash == digest(third)
    assert broken_link() is None


def test_the_fingerprint_does_not_depend_on_the_time_zone(db):
    write()
    event = Event.objects.get()
    before = digest(event)
    event.at = event.at.astimezone(timezone(timedelta(hours=-5)))
    assert digest(event) == before
    assert event.at.astimezone(UTC) == NOW.astimezone(UTC)


def _tamper(change) -> None:
    """What somebody with the database's own password may do."""
    unseal(connection)
    try:
        change()
    finally:
        seal(connection)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "sửa trộm"},
        {"actor_name": "Người khác"},
        {"acting_for": ""},
        {"data": {"a": 2}},
        {"at": datetime(2025, 1, 1, tzinfo=UTC)},
        {"unit_id": 99},
        {"subject_name": "khác"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_is_found(db, change):
    for _ in range(3):
        write(data={"a": 1}, reason="đúng")
    victim = Event.objects.all()[1]
    _tamper(lambda: Event.objects.filter(pk=victim.pk).update(**change))
    assert broken_link() == victim
    with pytest.raises(CommandError, match=f"breaks at line {victim.pk}"):
        call_command("journal", "verify")


def test_a_removed_line_and_a_line_slipped_in_are_found(db):
    for _ in range(3):
        write()
    _, second, third = Event.objects.all()
    _tamper(second.delete)
    assert broken_link() == third

    last = Event.objects.latest("seq")
    forged = Event(at=NOW, actor_name="x", verb="forged", previous_hash=last.hash, hash="0" * 64)
    forged.save(force_insert=True)
    assert broken_link() == third


def test_missing_lines_at_the_end_are_found_with_a_fingerprint_noted_elsewhere(db, capsys):
    for _ in range(3):
        write()
    call_command("journal", "verify")
    said = capsys.readouterr().out
    noted = said.split()[-1]
    assert said.startswith("Whole: 3 lines") and noted == Event.objects.latest("seq").hash
    call_command("journal", "verify", contains=noted)
    _tamper(Event.objects.latest("seq").delete)
    call_command("journal", "verify")
    with pytest.raises(CommandError, match="lines at the end were removed"):
        call_command("journal", "verify", contains=noted)


# The database refuses


def test_the_database_refuses_to_change_or_delete_an_event(db):
    write()
    event = Event.objects.get()
    attempts = [
        lambda: Event.objects.update(reason="x"),
        lambda: event.delete(),
        lambda: event.save(),
        lambda: Event.objects.all().delete(),
        lambda: _run("DELETE FROM journal_event"),
        lambda: _run("UPDATE journal_event SET reason = 'x' WHERE 1 = 1"),
    ]
    if connection.vendor == "postgresql":
        attempts.append(lambda: _run("TRUNCATE journal_event"))
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert Event.objects.count() == 1


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_a_test_database_can_be_emptied_and_is_sealed_again():
    write()
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    write()
    with pytest.raises(DatabaseError, match="append-only"):
        Event.objects.update(reason="x")


def test_no_other_database_is_emptied(db, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/giaoban/giaoban.sqlite3")
    with pytest.raises(CommandError, match="holds a journal"):
        call_command("flush", interactive=False)


# Several at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL's advisory lock")
def test_writers_at_the_same_time_make_one_chain_on_postgresql():
    start, faults = Barrier(4), []

    def work() -> None:
        try:
            start.wait()
            for _ in range(10):
                write("test.race")
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults and Event.objects.count() == 40
    assert broken_link() is None


RACE = """
import django; django.setup()
from django.utils import timezone
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM
for _ in range(10):
    with writing(by=SYSTEM, at=timezone.now(), verb="test.race"):
        pass
"""


def test_processes_at_the_same_time_make_one_chain_on_sqlite(tmp_path):
    """Each process has its own connection to one file; `IMMEDIATE` makes the one writer wait for the other."""
    home = {"GIAOBAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | home
    giaoban = [sys.executable, "-m", "giaoban"]
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*giaoban, "migrate", "journal", "--skip-checks"], check=True, **quiet)
    racers = [subprocess.Popen([sys.executable, "-c", RACE], **quiet) for _ in range(3)]
    assert [racer.wait(60) for racer in racers] == [0, 0, 0]
    said = subprocess.run(
        [*giaoban, "journal", "verify", "--skip-checks"], env=environment, capture_output=True, text=True
    )
    assert said.stdout.startswith("Whole: 30 lines"), said.stderr
