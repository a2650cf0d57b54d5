"""When reminders are repeated and who above is told when: `reminding.toml`, or the house's own in GIAOBAN_HOME."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path(__file__).with_name("reminding.toml")
TO = ("head", "above", "assigner")


@dataclass(frozen=True)
class Step:
    """So many working days after the due day, this side is told."""

    after: int
    to: str


def repeat_after(on: date) -> int:
    """Working days until a list without anything new is told again."""
    return int(_valid("rhythm", on)["repeat_after"])


def steps(on: date) -> tuple[Step, ...]:
    """The steps that hold on a day, the first first."""
    found = [Step(int(step["after"]), str(step["to"])) for step in _valid("escalation", on).get("steps", [])]
    for step in found:
        if step.to not in TO or step.after < 1:
            raise ValueError(f"reminding.toml: unknown step {step}")
    return tuple(sorted(found, key=lambda step: (step.after, TO.index(step.to))))


def _valid(name: str, on: date) -> dict[str, Any]:
    """Of the dated tables the latest that has begun; before the first one, nothing is told above."""
    rows = [row for row in _tables().get(name, []) if row["since"] <= on]
    return max(rows, key=lambda row: row["since"]) if rows else {"repeat_after": 5}


def _tables() -> dict[str, Any]:
    own = Path(settings.HOME) / "reminding.toml"
    return _read(own, own.stat().st_mtime_ns) if own.exists() else _read(SHIPPED, 0)


@cache
def _read(path: Path, changed: int) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
