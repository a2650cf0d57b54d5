"""The whole country, loaded once for the tests of one file, and somebody who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account
from giaoban.people.roles import Role
from tests.world import NOW, REFORM, TODAY, World


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All 14,011 units, rolled back after the last test of the file. Tests that use it need no `db`."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            actions.load_administrative_units(by=SYSTEM, at=NOW)
            yield
            transaction.set_rollback(True)
        connection.close()


def appoint(world: World, unit: str, role: Role, username: str) -> tuple[Account, Actor]:
    """Somebody with one role over a unit's subtree in the management hierarchy."""
    account = people.create_account(
        by=SYSTEM,
        at=NOW,
        unit=world[unit],
        username=username,
        full_name="Nguyễn Thị Thử",
        password="một câu đủ dài 2026",
        must_change_password=False,
    )
    position = people.create_position(by=SYSTEM, at=NOW, unit=world[unit], title="Chức vụ thử")
    people.grant(by=SYSTEM, at=NOW, position=position, role=role, unit=world[unit], hierarchy=MANAGEMENT, on=REFORM)
    people.appoint(by=SYSTEM, at=NOW, position=position, account=account, on=REFORM)
    return account, people_queries.actor(account, position.pk, TODAY)


@pytest.fixture
def signed_in(world: World, client: Client) -> Client:
    account, _actor = appoint(world, "binh_minh", Role.VIEWER, "thu.xem")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client
