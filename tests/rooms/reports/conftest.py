from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.rooms.reports.desk import Desk, build
from tests.world import quick


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    """Enacted once a file; its transaction is rolled back at the end, each test's before."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(quick())
        transaction.set_rollback(True)


@pytest.fixture
def desk(built: Desk, db: None) -> Desk:
    return built
