from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from giaoban.indicators import append_only


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    """A store of the test's own."""
    settings.ANALYTICS_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def sealed_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The ledger's seals return after the database was emptied."""
    yield
    with django_db_blocker.unblock():
        append_only.seal(connection)


@pytest.fixture
def lasting(sealed_again: None, transactional_db: None) -> Iterator[None]:
    """Real commits, and a ledger that may be changed, for tests that play another database."""
    append_only.unseal(connection)
    yield
