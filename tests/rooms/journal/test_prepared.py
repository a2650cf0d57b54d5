"""Statements planned once for a connection give what the same questions give through the models."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from giaoban.journal import prepared
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import Closure
from tests.world import NOW, World

ONE = "SELECT descendant_id FROM orgs_closure WHERE ancestor_id = %s AND depth = 0"


def test_a_row_is_the_object_the_models_give(world: World) -> None:
    with writing(by=SYSTEM, at=NOW, verb="unit.test", subject=world.tieu_hoc, data={"a": [1, "ấ"]}):
        pass
    for wanted in (Event.objects.latest("seq"), Closure.objects.latest("pk")):
        found = prepared.row(type(wanted), wanted.pk)
        names = [one.attname for one in wanted._meta.concrete_fields]
        assert [getattr(found, name) for name in names] == [getattr(wanted, name) for name in names]
        assert found is not None and found == wanted and not found._state.adding
        assert found._state.db == wanted._state.db


def test_a_row_that_is_not_there_is_none(world: World) -> None:
    assert prepared.row(Event, -1) is None


def test_it_stands_in_the_list_of_statements(world: World) -> None:
    with CaptureQueriesContext(connection) as taken:
        assert prepared.ask(ONE, [world.tieu_hoc.pk]) == [(world.tieu_hoc.pk,)] * len(taken_rows(world))
    assert len(taken) == 2


def taken_rows(world: World) -> list[Closure]:
    return list(Closure.objects.filter(ancestor=world.tieu_hoc.pk, depth=0))


def test_it_may_be_asked_again_after_a_fault(world: World) -> None:
    """What a transaction that was rolled back had prepared is not taken for prepared."""
    wanted = prepared.ask(ONE, [world.tieu_hoc.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.ask(ONE + " AND start IS NOT NULL", [world.tieu_hoc.pk])
        prepared.ask("SELECT nothing FROM orgs_closure WHERE ancestor_id = %s", [1])
    assert prepared.ask(ONE + " AND start IS NOT NULL", [world.tieu_hoc.pk]) == wanted
    assert prepared.ask(ONE, [world.tieu_hoc.pk]) == wanted


def test_postgresql_plans_a_statement_once(world: World) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps the plans of its statements itself")
    for _ in range(3):
        prepared.ask(ONE, [world.tieu_hoc.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT descendant_id FROM%'")
        assert cursor.fetchone() == (1,)
