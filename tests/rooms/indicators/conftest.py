from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.rooms.indicators.place import Place, build


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The place is enacted once a module; its transaction is rolled back at the end, each test's before."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, db: None) -> Place:
    return built


@pytest.fixture
def committed(transactional_db: None) -> Place:
    """The place committed, for tests with more than one connection."""
    return build()
