"""Compactions killed at random moments while processes read and one writes, for some seconds (for long: tests/soak)."""

from __future__ import annotations

from pathlib import Path

from tests.soak import siege


def test_whoever_is_killed_every_reader_is_right(tmp_path: Path) -> None:
    outcome = siege.siege(tmp_path, rounds=8, readers=2, seed=20260129)
    assert outcome.wrong == []
    assert outcome.kills["before"] > 0 and outcome.kills.total() == 8
    assert outcome.written > 0 and min(outcome.asked) > 0
