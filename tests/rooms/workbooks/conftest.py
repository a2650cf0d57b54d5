from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from tests.rooms.indicators.place import Place, build


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The place is enacted once a module; its transaction is rolled back at the end, each test's before."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, db: None, settings: LazySettings, tmp_path: Path) -> Place:
    settings.MEDIA_ROOT = tmp_path
    return built
