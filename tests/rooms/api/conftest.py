from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.rooms.desk.conftest import browser, built, place  # noqa: F401


@pytest.fixture
def ask(browser: Callable[[str], Client]) -> Callable[..., Any]:  # noqa: F811
    """`ask("leader", "units/", q="bac ha")`: status and JSON as a program gets them."""

    def asked(who: str, address: str, **given: Any) -> tuple[int, Any]:
        response = browser(who).get(f"/api/v1/{address}", {name.rstrip("_"): value for name, value in given.items()})
        return response.status_code, response.json()

    return asked
