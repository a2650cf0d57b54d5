from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from giaoban.indicators import loading
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from tests.rooms.people.office import Office, people_the_office
from tests.world import NOW, World, quick


@pytest.fixture(autouse=True)
def kept_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@dataclass(frozen=True)
class Country:
    """Viet Nam with its provinces through the years, and the catalogue."""


@pytest.fixture(scope="module")
def _country(django_db_setup: None, django_db_blocker: Any) -> Iterator[Country]:
    with django_db_blocker.unblock(), transaction.atomic():
        orgs.load_administrative_units(by=SYSTEM, at=NOW, provinces={"15"})
        loading.load_catalogue(by=SYSTEM, at=NOW)
        yield Country()
        transaction.set_rollback(True)


@pytest.fixture
def country(_country: Country, db: None) -> Country:
    return _country


@pytest.fixture(scope="module")
def _office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = quick()
        loading.load_catalogue(by=SYSTEM, at=NOW)
        yield people_the_office(world)
        transaction.set_rollback(True)


@pytest.fixture
def office(_office: Office, db: None) -> Office:
    """Tỉnh Mẫu with the people who work there, and the catalogue."""
    return _office


@pytest.fixture
def world(office: Office) -> World:
    return office.world
