"""Seats of the demonstration that its one-click page does not offer: heads of made-up schools, signed in by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.journeys.conftest import Visit, environment

SIGN_IN = """
import json
from django.test import Client
from giaoban.people import guards
from giaoban.people.models import Account, Holding
keys = {}
for user in USERS:
    account = Account.objects.get(username=user)
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session[guards.SESSION_POSITION] = Holding.objects.get(account=account).position_id
    session.save()
    keys[user] = session.session_key
print("KEYS" + json.dumps(keys))
"""


def signed_in(home: Path, users: list[str]) -> dict[str, str]:
    """A session for each, made where the server keeps its own."""
    code = f"USERS = {users!r}\n{SIGN_IN}"
    done = subprocess.run(
        [sys.executable, "-m", "giaoban", "shell", "-c", code],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("KEYS")]
    found: dict[str, str] = json.loads(line.removeprefix("KEYS"))
    return found


def sit(visit: Visit, key: str, path: str = "/") -> Visit:
    """Go on as whoever the session is of."""
    visit.page.context.clear_cookies()
    visit.page.context.add_cookies([{"name": "sessionid", "value": key, "url": visit.base}])
    visit.page.goto(visit.base + path)
    return visit
