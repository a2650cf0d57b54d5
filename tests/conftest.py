"""Fixtures for every test: the made-up province of `tests/world.py`."""

from __future__ import annotations

import pytest

from tests.world import World, quick


@pytest.fixture
def world(db: None) -> World:
    """Tỉnh Mẫu, enacted through the verbs of units; it is gone after the test."""
    return quick()
