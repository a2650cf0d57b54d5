"""The numbers of days in `limits.toml`, with where each comes from."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("limits.toml")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def invitation_days() -> int:
    return int(_table()["invitation"]["days"])


def notice_days() -> int:
    return int(_table()["notice"]["days"])


def warning_days() -> int:
    return int(_table()["warning"]["days"])


def overdue_bounds() -> tuple[int, ...]:
    return tuple(_table()["overdue"]["bounds"])
