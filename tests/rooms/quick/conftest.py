from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from giaoban.people import guards, middleware
from giaoban.people.models import Account
from giaoban.quick import actions
from giaoban.quick.models import QuickRound
from giaoban.quick.shipped import templates
from tests.rooms.indicators.place import Place, at, build

DAY = date(2026, 1, 29)
SCHOOLS = ("na_hoi", "ban_pho", "thai_giang")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, db: None) -> Place:
    return built


@pytest.fixture
def sign_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """A client of somebody of the place, at ten o'clock of the day."""
    monkeypatch.setattr(middleware, "now", lambda: at(DAY, 10))

    def enter(name: str) -> Client:
        Account.objects.filter(pk=place.accounts[name].pk).update(must_change_password=False)
        client = Client()
        client.force_login(place.accounts[name], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[guards.SESSION_POSITION] = place.actors[name].position_id
        session.save()
        return client

    return enter


@pytest.fixture
def storm(place: Place) -> Callable[..., QuickRound]:
    """A quick round by the storm template, opened by the commune's officer at eight."""

    def opened(**changes: Any) -> QuickRound:
        template = templates()["bao-lu"]
        given = {
            "by": place.actors["officer"],
            "at": at(DAY, 8),
            "on": DAY,
            "opener_id": place.unit("bac_ha"),
            "title": template.title,
            "questions": template.questions[:2] + template.questions[4:],
            "unit_ids": [place.unit(name) for name in SCHOOLS],
            "hours": 4,
        }
        return actions.open_quick(**(given | changes))

    return opened
