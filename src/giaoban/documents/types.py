"""The types of documents and the days on which a unit may issue them: `types.csv`, never code.

Twenty-nine administrative types of NĐ 30/2020 (Điều 7; four of the older list ended with it and *phiếu báo* came in),
the normative types a register receives, and the Party's types (Quy định 399-QĐ/TW).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("types.csv")


@dataclass(frozen=True)
class Type:
    """`printed` is what stands in the number (blank for a state công văn); start and end are half-open."""

    system: str
    code: str
    printed: str
    name: str
    group: str
    start: date | None
    end: date | None

    def holds(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)


@cache
def all_types() -> tuple[Type, ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_type(row) for row in csv.DictReader(lines))


def on_day(on: date, system: str = "", group: str = "") -> list[Type]:
    """The types in use on a day, in the order of the instrument."""
    return [
        each
        for each in all_types()
        if each.holds(on) and (not system or each.system == system) and (not group or each.group == group)
    ]


def get(system: str, code: str) -> Type | None:
    return _by_code().get((system, code))


def name(system: str, code: str) -> str:
    """The Vietnamese name; a code nobody listed is shown as written."""
    found = get(system, code)
    return found.name if found else code


def printed(system: str, group: str = "") -> dict[str, str]:
    """Code as printed in numbers → our code; where two types print the same code the first listed is meant."""
    found: dict[str, str] = {}
    for each in all_types():
        if each.printed and each.system == system and (not group or each.group == group):
            found.setdefault(each.printed, each.code)
    return found


@cache
def _by_code() -> dict[tuple[str, str], Type]:
    return {(each.system, each.code): each for each in all_types()}


def _type(row: dict[str, str]) -> Type:
    return Type(
        system=row["system"],
        code=row["code"],
        printed=row["printed"],
        name=row["name"],
        group=row["group"],
        start=date.fromisoformat(row["start"]) if row["start"] else None,
        end=date.fromisoformat(row["end"]) if row["end"] else None,
    )
