from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import LazySettings

from giaoban.people import middleware
from tests.rooms.people.office import Office, people_the_office
from tests.world import NOW, World


@pytest.fixture
def office(world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Tỉnh Mẫu with its people; pages take today to be the day of the tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(middleware, "now", now)
    return people_the_office(world)
