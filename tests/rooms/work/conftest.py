from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from giaoban.people import middleware
from tests.rooms.work.world import World, at, build


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world is enacted once a module; its transaction is rolled back at the end, each test's before."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take this day for today."""
    monkeypatch.setattr(middleware, "now", lambda: at())
