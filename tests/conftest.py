"""Fixtures for every test: the made-up province of `tests/world.py`."""

from __future__ import annotations

import pytest

from tests.world import World, quick


@pytest.fixture
def world(db: None) -> World:
    """Tỉnh Mẫu, enacted through the verbs of units; it is gone after the test."""
    return quick()


@pytest.fixture(autouse=True)
def nothing_kept_from_another_test() -> None:
    """A rolled-back test gives its numbers to the next: what a process keeps of rounds is of the one before."""
    from giaoban.indicators.queries import frozen

    frozen.forget()
