"""A figure as a text says it: its exact value, the decimals it prints, its unit, its a/b and its change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from giaoban.core import numbers
from giaoban.core.numbers import VI_NUMBER
from giaoban.core.period import Period
from giaoban.core.text import fold

MONEY = {"dong": 1, "nghin dong": 10**3, "trieu dong": 10**6, "ty dong": 10**9, "ti dong": 10**9}
"""Units of money in which the same sum may be said; words without marks."""


@dataclass(frozen=True)
class Said:
    """One figure of a text. `value` is the plain ratio or count: 52,11 % is 5211/10000."""

    start: int
    end: int
    words: str
    value: Fraction
    places: int
    measure: str
    part: int | None = None
    whole: int | None = None
    against: str = ""  # what the change is taken from: target | previous
    change: Fraction | None = None

    @classmethod
    def read(cls, one: Mapping[str, Any]) -> Said | None:
        """From a mark of the reader; None where it found no value."""
        if one.get("value") is None:
            return None
        number = exact(one["value"])
        measure = one.get("unit") or ""
        change = one.get("change") or {}
        part, whole = one.get("numerator"), one.get("denominator")
        ratio = part is not None and bool(whole)
        return cls(
            start=one["start"],
            end=one["end"],
            words=one["text"],
            value=number / 100 if measure == "%" else number,
            places=printed(one["text"], number),
            measure=measure,
            part=int(part) if ratio and part is not None else None,
            whole=int(whole) if ratio and whole is not None else None,
            against=change.get("against", ""),
            change=exact(change["value"]) if change.get("value") is not None else None,
        )

    @property
    def percent(self) -> bool:
        return self.measure == "%"

    @property
    def text(self) -> str:
        """ "52,11%" or "14.068 học sinh"."""
        return self.write(self.value)

    def write(self, value: Fraction) -> str:
        """Another value as this one is printed."""
        number = numbers.vi_number(value * 100 if self.percent else value, self.places)
        return f"{number}%" if self.percent else f"{number} {self.measure}".strip()

    def scaled(self, unit: str) -> Fraction:
        """How many of `unit` one of ours is: a sum in tỷ đồng against one kept in triệu đồng."""
        mine, theirs = MONEY.get(fold(self.measure)), MONEY.get(fold(unit))
        return Fraction(mine, theirs) if mine and theirs else Fraction(1)


@dataclass(frozen=True)
class Question:
    """One figure, and what it is said to be of. `code` is an indicator, or "=" and the name of an element."""

    code: str
    unit_id: int
    period: Period
    said: Said

    @property
    def key(self) -> tuple[str, int, str]:
        return self.code, self.unit_id, self.period.code


def exact(value: object) -> Fraction:
    """A number of the reader as printed: 46.0 and 6.11 are decimals, never binary fractions."""
    return Fraction(Decimal(str(value)))


def printed(words: str, value: Fraction) -> int:
    """How many decimals the passage prints of the value: "52,10%" has two though it is 52.1."""
    found = []
    for match in VI_NUMBER.finditer(words):
        try:
            number = numbers.parse_number(match[0].strip())
        except numbers.BadNumber:
            continue
        if Fraction(number) == value:
            found.append(len(match[3] or ""))
    bare = re.sub(r"0+$", "", f"{Decimal(value.numerator) / Decimal(value.denominator):f}".partition(".")[2])
    return max(found, default=len(bare))
