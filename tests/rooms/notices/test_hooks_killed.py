"""Senders of web hooks are killed at random, one after another: nothing committed is lost, nothing else is told."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.rooms.notices.receiver import listening

ROOT = Path(__file__).resolve().parents[3]
EVENTS, KILLS = 150, 12


def test_killed_at_random_nothing_is_lost(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    with listening() as receiver:
        receiver.wait = 0.005
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
            "GIAOBAN_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "giaoban.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "GIAOBAN_HOOK_HOSTS": receiver.host,
            "GIAOBAN_HOOK_HTTP": "1",
            "GIAOBAN_HOOK_PRIVATE": "1",
        }
        command = [sys.executable, "-m", "tests.rooms.notices.killing", receiver.address, str(seed)]
        done = subprocess.run(
            [*command, str(EVENTS), str(KILLS)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    kept = json.loads(done.stdout)
    committed = set(kept["committed"])
    assert committed == {n for n in range(EVENTS) if n % 7 != 3}, done.stderr
    told = [body["data"]["n"] for body in receiver.bodies]
    assert set(told) == committed, f"seed {seed}: lost {committed - set(told)}, too much {set(told) - committed}"
    assert kept["states"] == ["sent"] and kept["deliveries"] == len(committed)
    by_number = {number: body for number, (_headers, body) in zip(receiver.numbers, receiver.requests)}
    assert len(by_number) == len(committed), "one number for each event, however often it was sent"
    doubles = sum(n - 1 for n in Counter(told).values())
    assert doubles <= KILLS, f"seed {seed}: {doubles} doubles of {KILLS} kills"
