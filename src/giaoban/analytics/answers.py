"""What a question gets: a value with what it takes to believe it, and its Vietnamese writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from giaoban.analytics.areas import Area
from giaoban.core import numbers
from giaoban.core.period import Period
from giaoban.core.rollup import Map


class Written:
    """How a value of an indicator is printed."""

    value: Fraction | None
    is_percent: bool
    places: int

    @property
    def printed(self) -> Decimal | None:
        """The number people read: a percentage times a hundred, rounded half up."""
        return self._print(self.value)

    @property
    def text(self) -> str:
        """The value in Vietnamese writing: "52,11%", "14.068", "—" when missing."""
        return self.write(self.value)

    def write(self, value: Fraction | None) -> str:
        """Any value of this indicator (its target, the previous one) in the same writing."""
        printed = self._print(value)
        return numbers.vi_number(printed, self.places) + ("%" if self.is_percent and printed is not None else "")

    def _print(self, value: Fraction | None) -> Decimal | None:
        return None if value is None else numbers.rounded(value * 100 if self.is_percent else value, self.places)


@dataclass(frozen=True)
class AreaAnswer(Written):
    """One indicator, one comparable area, one period, on the map of the period's data day.

    No figure of a unit that stood on that day is divided. `estimated` is left for one that did not: handed in for a
    time after its unit had ended in several others.
    """

    indicator: str
    area: Area
    period: Period
    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    expected: int
    reported: int
    estimated: bool
    day: date
    formula_version: date | None
    is_percent: bool
    places: int
    measure: str


@dataclass(frozen=True)
class Answer(Written):
    """One indicator, one unit, one period, on one map.

    `value` is exact and in the indicator's measure: 52,11 % is a fraction near 0.5211. `gap` (value − target) and
    `change` (value − previous) are differences of *printed* values: for a percentage in points, else in its unit.
    """

    indicator: str
    unit_id: int
    period: Period
    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    target: Fraction | None
    target_period: str
    """The period the target was written for: the answer's own, or the year it belongs to; "" without a target."""
    previous: Fraction | None
    previous_period: Period | None
    previous_estimated: bool
    expected: int
    reported: int
    estimated: bool
    map: Map
    day: date
    formula_version: date | None
    """Start of the formula in force on the period's data day; None where the indicator has no formula."""
    is_percent: bool
    places: int
    measure: str
    """What is counted: %, học sinh …"""
    steps: Mapping[int, int] = field(default_factory=dict)
    """How many of the values in it stand at which step of their rounds."""

    @property
    def gap(self) -> Decimal | None:
        return self._difference(self.target)

    @property
    def change(self) -> Decimal | None:
        return self._difference(self.previous)

    @property
    def partial(self) -> bool:
        """A count that not every unit asked has given: only less than the whole, whatever it is compared with."""
        return not self.is_percent and self.reported < self.expected

    def write_difference(self, difference: Decimal | None) -> str:
        """A gap or change without its sign: "6,11 điểm %" or "120"."""
        if self.is_percent:
            return numbers.points(difference, self.places)
        return numbers.vi_number(None if difference is None else abs(difference), self.places)

    def _difference(self, other: Fraction | None) -> Decimal | None:
        mine, theirs = self.printed, self._print(other)
        return None if mine is None or theirs is None else mine - theirs
