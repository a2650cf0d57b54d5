from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from giaoban.people import guards, middleware
from giaoban.people.models import Account
from tests.rooms.indicators.place import Place, at, build

TODAY = date(2026, 1, 29)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The commune of the tests of indicators, enacted once a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, db: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    """It is 29 January 2026, and nobody has to change a password."""
    monkeypatch.setattr(middleware, "now", lambda: at(TODAY))
    Account.objects.update(must_change_password=False)
    return built


@pytest.fixture
def browser(place: Place) -> Callable[[str], Client]:
    """`browser("officer")`: a browser signed in as somebody of the place, acting in their position."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(place.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[guards.SESSION_POSITION] = place.actors[name].position_id
        session.save()
        return client

    return signed_in
