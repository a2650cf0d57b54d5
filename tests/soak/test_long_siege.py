"""The siege of tests/rooms/analytics, for minutes: hundreds of kills, more readers, another seed each time."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.soak import siege

ROUNDS = int(os.environ.get("GIAOBAN_SOAK_ROUNDS", "300"))
READERS = 3


@pytest.mark.soak
def test_hundreds_of_kills_leave_every_answer_right(tmp_path: Path) -> None:
    seed = secrets.randbelow(2**32)
    outcome = siege.siege(tmp_path, ROUNDS, READERS, seed)
    print(
        f"\nseed {seed}: {ROUNDS} kills {dict(outcome.kills)}, {outcome.written} transactions, answers {outcome.asked}"
    )
    assert outcome.wrong == []
    assert outcome.kills.total() == ROUNDS and outcome.kills["before"] > 0
    assert outcome.written > 0 and min(outcome.asked) > 0
