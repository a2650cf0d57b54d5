"""Figures of divided units, in whole numbers that add up exactly: core.rollup.apportion for many figures at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True)
class Division:
    """The shares of a unit in small whole numbers: one division a figure instead of fractions."""

    targets: tuple[int, ...]
    weights: tuple[int, ...]
    whole: int

    @classmethod
    def of(cls, shares: Mapping[int, Fraction]) -> Division:
        targets = sorted(shares)  # of equal remainders the smaller number comes first
        common = lcm(*(share.denominator for share in shares.values()))
        weights = tuple(int(shares[target] * common) for target in targets)
        return cls(tuple(targets), weights, sum(weights))

    def parts(self, value: int) -> Iterable[int]:
        """Parts in the order of the targets."""
        whole = self.whole
        divided = [divmod(value * weight, whole) for weight in self.weights]
        parts = [part for part, _ in divided]
        left = value - sum(parts)
        if left:
            order = sorted(range(len(parts)), key=lambda place: -divided[place][1])
            for place in order[:left]:
                parts[place] += 1
        return parts
