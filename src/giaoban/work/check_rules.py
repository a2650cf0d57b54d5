"""Topics of checks and the dated numbers of `check_rules.toml`, with where each comes from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from giaoban.core import calendar

FILE = Path(__file__).with_name("check_rules.toml")
OTHER = "OTHER"


@dataclass(frozen=True)
class OverlapRule:
    """A unit is checked on one subject at most `times` a year; two checks less than `days` apart are shown."""

    times: int
    days: int
    source: str

    def near(self, one: tuple[date, date], other: tuple[date, date]) -> bool:
        """Whether two stretches of days (first, last) lie closer together than the rule wants."""
        gap = max(one[0], other[0]) - min(one[1], other[1])
        return gap < timedelta(days=self.days)


@dataclass(frozen=True)
class NoticeRule:
    days: int
    source: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def topics() -> dict[str, str]:
    """Code and name, in the order of the file."""
    return {row["code"]: row["name"] for row in _table()["topic"]}


def topic(code: str) -> str:
    return topics().get(code, code)


def _row(name: str, on: date) -> dict[str, Any]:
    """The row that holds on a day; before the first of them, the first."""
    rows: list[dict[str, Any]] = sorted(_table()[name], key=lambda row: row["start"])
    held = [row for row in rows if row["start"] <= on < row.get("end", date.max)]
    return held[-1] if held else rows[0]


def overlap(on: date) -> OverlapRule:
    row = _row("overlap", on)
    return OverlapRule(row["times"], row["days"], row["source"])


def notice(on: date) -> NoticeRule:
    row = _row("notice", on)
    return NoticeRule(row["days"], row["source"])


def notice_due(signed_on: date) -> date:
    """The last day for the notice of results of minutes signed on a day."""
    return calendar.add_working_days(signed_on, notice(signed_on).days, calendar.vietnam(signed_on.year))
