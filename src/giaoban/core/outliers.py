"""Which values are usual, from other values. Exact: counts and fractions in, limits out, no float in between.

Every check answers with the values it calls usual, and each set of usual values is a stretch without holes. Among
whole numbers such a stretch has a first and a last one, so that a check becomes two integers, limits included: a
browser compares with them and needs no arithmetic of its own.

    z             (x − mean) / s            s with n − 1; usual while |z| ≤ 3
    modified z    0,6745 (x − median) / MAD usual while |M| ≤ 3,5 (Iglewicz & Hoaglin, How to Detect and Handle
                                            Outliers, ASQC 1993, page 12)
    fences        Q1 − k (Q3 − Q1) … Q3 + k (Q3 − Q1), hinges with the median in both halves (Tukey, Exploratory Data
                                            Analysis, 1977); k = 3 is what Tukey calls far out
    year on year  x against the same period of the year before, within so many percent down and up
    change        the same with a floor under small counts, see `change`

Few values and values that do not vary measure nothing: then there is no answer (None), and no limits are made up.
Where the MAD is nought (more than half the values are the same) the mean deviation takes its place, as SPSS does:
(x − median) / (1,253314 × mean deviation); where that is nought too, all values are the same and nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt

Value = int | Fraction
Limits = tuple[int | None, int | None]
"""First and last usual whole number; None where there is no limit on that side."""

Z_LIMIT = Fraction(3)
MODIFIED_Z_LIMIT = Fraction(7, 2)
FENCE = Fraction(3)
NORMAL_MAD = Fraction(6745, 10000)
"""The MAD of a normal distribution in standard deviations."""
NORMAL_MEAN_DEVIATION = Fraction(1253314, 1000000)
"""A standard deviation in mean deviations, root of pi/2."""
LEAST_VALUES = 5
"""Fewer earlier values tell no spread: of four, one odd one moves the median."""


# --- What is usual ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Around:
    """Values no further from the centre than the root of `square`; the root itself is never taken."""

    centre: Fraction
    square: Fraction

    def holds(self, value: Value) -> bool:
        return (value - self.centre) ** 2 <= self.square

    def limits(self) -> Limits:
        """Of whole numbers v, with the centre p/q: |vq − p| is whole, so it is compared with the whole part."""
        p, q = self.centre.numerator, self.centre.denominator
        reach = isqrt(int(self.square * q * q))
        return -((reach - p) // q), (p + reach) // q


@dataclass(frozen=True)
class Between:
    """Values from low to high, both included."""

    low: Fraction | None
    high: Fraction | None

    def holds(self, value: Value) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def limits(self) -> Limits:
        return None if self.low is None else _ceiling(self.low), None if self.high is None else self.high.__floor__()


Usual = Around | Between


def z(values: Sequence[Value], limit: Fraction = Z_LIMIT, at_least: int = LEAST_VALUES) -> Around | None:
    """What lies within so many standard deviations of the mean of the earlier values."""
    if len(values) < max(at_least, 2):
        return None
    spread = variance(values)
    return Around(mean(values), limit**2 * spread) if spread else None


def modified_z(
    values: Sequence[Value], limit: Fraction = MODIFIED_Z_LIMIT, at_least: int = LEAST_VALUES
) -> Around | None:
    """The same by median and MAD, which one or two wild values do not move."""
    if len(values) < max(at_least, 2):
        return None
    unit = deviation(values)
    return Around(median(values), (limit * unit) ** 2) if unit else None


def fences(values: Sequence[Value], k: Fraction = FENCE, at_least: int = LEAST_VALUES) -> Between | None:
    """What lies within k times the spread of the middle half beyond its ends."""
    if len(values) < max(at_least, 2):
        return None
    low, high = quartiles(values)
    return Between(low - k * (high - low), high + k * (high - low)) if low < high else None


def year_on_year(before: Value, down: int, up: int) -> Between | None:
    """Within so many percent below and above the value of the year before; nought gives no percentage."""
    if before <= 0:
        return None
    return Between(Fraction(before) * (100 - down) / 100, Fraction(before) * (100 + up) / 100)


def beyond(usual: Limits, centre: Value, least: int) -> Limits:
    """Limits moved out so that what differs from the centre by less than `least` is usual too."""
    low, high = usual
    if low is not None:
        low = min(low, Fraction(centre - least).__floor__() + 1)
    if high is not None:
        high = max(high, _ceiling(Fraction(centre + least)) - 1)
    return low, high


def not_below(usual: Limits, floor: int = 0) -> Limits:
    """Counts are not negative: a lower limit at the floor says nothing and is left out."""
    low, high = usual
    return None if low is not None and low <= floor else low, high


# --- Change between two counts ---------------------------------------------------------------------------------------


def is_large(value: int, before: int, percent: int, least: int) -> bool:
    """Whether a change passes the bounds, and is more than chance does to small counts. The rule itself, for counts.

    A count that comes and goes by chance varies by about the root of itself; two counts differ by more than twice the
    root of their sum about once in twenty times (so 10 → 2 pupils is large, 6 → 1 is not).
    """
    difference = abs(value - before)
    if difference < least or difference * 100 < percent * before:
        return False
    return difference > 0 and difference**2 > 4 * (value + before)


def change(before: int, percent: int, least: int) -> Limits:
    """The first and last count that `is_large` does not call large; both ways the difference only grows.

    Up by d: large from d² > 4 (d + 2b) on, that is (d − 2)² > 8b + 4. Down by d: (d + 2)² > 8b + 4.
    """
    root = isqrt(8 * before + 4)
    shared = max(least, -(-percent * before // 100), 1)
    up, down = max(shared, root + 3), max(shared, root - 1)
    return not_below((before - down + 1, before + up - 1))


# --- A series over time ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Jump:
    """A value of a series that is far from the one before it, measured by how the series usually moves."""

    index: int
    before: Value
    value: Value
    percent: Fraction  # of the value before; 100 doubles it

    @property
    def up(self) -> bool:
        return self.value > self.before


def jumps(
    values: Sequence[Value | None],
    *,
    percent: int = 20,
    least: int = 5,
    limit: Fraction = MODIFIED_Z_LIMIT,
    at_least: int = LEAST_VALUES,
) -> list[Jump]:
    """Where a series leaps: its relative change stands out among its own changes, and is no small one.

    A school population that grows by 3 % a year leaves its mean behind without anything being wrong, so changes are
    judged, not levels. Missing values are stepped over. Of a short series only the percentage is asked.
    """
    steps = [step for step in _steps(values) if step.before > 0]
    changes = [step.percent for step in steps]
    found = []
    for place, step in enumerate(steps):
        others: list[Value] = [*changes[:place], *changes[place + 1 :]]
        usual = modified_z(others, limit, at_least)
        difference = Fraction(step.value) - step.before
        large = abs(step.percent) >= percent and abs(difference) >= least
        if large and (usual is None or not usual.holds(step.percent)):
            found.append(step)
    return found


def _steps(values: Sequence[Value | None]) -> list[Jump]:
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    return [
        Jump(index, before, value, Fraction((value - before) * 100) / before if before else Fraction(0))
        for (_, before), (index, value) in pairwise(known)
    ]


def unlike_the_rest(
    values: Sequence[Value | None],
    rule: Callable[[Sequence[Value]], Usual | None] = modified_z,
) -> list[int]:
    """Places of the values that the others do not explain, each judged by all the others (leave one out)."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    found = []
    for place, (index, value) in enumerate(known):
        usual = rule([other for rank, (_, other) in enumerate(known) if rank != place])
        if usual is not None and not usual.holds(value):
            found.append(index)
    return found


# --- Measures --------------------------------------------------------------------------------------------------------


def mean(values: Sequence[Value]) -> Fraction:
    return Fraction(sum(values)) / len(values)


def variance(values: Sequence[Value]) -> Fraction:
    """With n − 1; of two values or more. From the sums, which stay whole for counts."""
    n, total = len(values), sum(values)
    return Fraction(n * sum(value * value for value in values) - total * total) / (n * (n - 1))


def median(values: Sequence[Value]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle]) / 2


def mad(values: Sequence[Value]) -> Fraction:
    """The median of the distances from the median."""
    centre = median(values)
    return median([abs(value - centre) for value in values])


def mean_deviation(values: Sequence[Value]) -> Fraction:
    """The mean of the distances from the median."""
    centre = median(values)
    return mean([abs(value - centre) for value in values])


def deviation(values: Sequence[Value]) -> Fraction:
    """What stands for one standard deviation: from the MAD, or from the mean deviation where the MAD is nought."""
    middle = mad(values)
    return middle / NORMAL_MAD if middle else NORMAL_MEAN_DEVIATION * mean_deviation(values)


def quartiles(values: Sequence[Value]) -> tuple[Fraction, Fraction]:
    """Tukey's hinges: medians of the lower and the upper half, the middle value in both."""
    ordered = sorted(values)
    half = (len(ordered) + 1) // 2
    return median(ordered[:half]), median(ordered[-half:])


def _ceiling(value: Fraction) -> int:
    return -((-value).__floor__())
