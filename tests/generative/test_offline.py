"""Ten thousand connects and disconnects, made by chance: nothing typed is lost, nothing of others overwritten unseen.

The module that the page uses (`offline.js`) runs in a real browser against a server in memory (`offline_play.js`). That
this server behaves as `actions.sending.send` does is held by tests/rooms/indicators/test_entry_sending.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generative.chromium import CHROMIUM, call, page_with

PLAY = Path(__file__).with_name("offline_play.js").read_text(encoding="utf-8")
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with page_with({"play.js": PLAY}) as found:
        yield found


def test_ten_thousand_connects_and_disconnects(page: Any) -> None:
    found = call(page, "play.js", "campaign", 1, 10_000)
    assert found["connects"] >= 10_000
    assert min(found["conflicts"], found["crashes"], found["doubled"]) > 250, "the plays are too tame"


def test_the_checks_catch_a_server_that_asks_nobody(page: Any) -> None:
    assert call(page, "play.js", "careless", 1, 20) > 10
