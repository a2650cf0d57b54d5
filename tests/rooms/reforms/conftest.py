from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import LazySettings

from giaoban.people import middleware
from tests.rooms.people.office import Office, people_the_office
from tests.rooms.reforms.decrees import furnish
from tests.world import NOW, World


@pytest.fixture
def office(world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Office:
    """Tỉnh Mẫu with its people, with open reports, tasks, a meeting and papers; pages take NOW for the moment."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
    settings.MEDIA_ROOT = tmp_path

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(middleware, "now", now)
    found = people_the_office(world)
    furnish(found)
    return found
