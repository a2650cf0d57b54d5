"""Formulas that only add, take away and multiply by numbers: whole columns of them can be computed at once.

Nearly all are such, or the quotient of two such. The few others are computed one by one, by core.formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from giaoban.core import formula
from giaoban.core.formula import Arithmetic, Expression, Name, Negative, Number


@dataclass(frozen=True)
class Linear:
    """A number plus so many times each name; a name with the factor 0 must be known all the same."""

    constant: Fraction
    factors: Mapping[str, Fraction]

    def times(self, number: Fraction) -> Linear:
        return Linear(self.constant * number, {name: factor * number for name, factor in self.factors.items()})

    def plus(self, other: Linear) -> Linear:
        names = {**self.factors, **other.factors}
        added = {name: self.factors.get(name, Fraction(0)) + other.factors.get(name, Fraction(0)) for name in names}
        return Linear(self.constant + other.constant, added)


def linear(expression: Expression) -> Linear | None:
    """The expression as a linear form; None where it is none."""
    if isinstance(expression, Number):
        return Linear(expression.value, {})
    if isinstance(expression, Name):
        return Linear(Fraction(0), {expression.key: Fraction(1)})
    if isinstance(expression, Negative):
        inner = linear(expression.of)
        return inner and inner.times(Fraction(-1))
    if isinstance(expression, Arithmetic):
        left, right = linear(expression.left), linear(expression.right)
        return _both(expression.sign, left, right) if left and right else None
    return None


def _both(sign: str, left: Linear, right: Linear) -> Linear | None:
    if sign == "+":
        return left.plus(right)
    if sign == "-":
        return left.plus(right.times(Fraction(-1)))
    if sign == "*" and not left.factors:
        return right.times(left.constant)
    if sign == "*" and not right.factors:
        return left.times(right.constant)
    if sign == "/" and not right.factors and right.constant:
        return left.times(1 / right.constant)
    return None


@dataclass(frozen=True)
class Side:
    """A linear form in whole numbers: (constant + Σ factor × total) / scale, totals as they are stored."""

    constant: int
    factors: tuple[tuple[str, int], ...]
    scale: int

    @property
    def names(self) -> int:
        return len(self.factors)


NOTHING_BELOW = Side(1, (), 1)


def side(form: Linear, scales: Mapping[str, int]) -> Side:
    """`scales` has the decimals in which the total of a name is stored."""
    exact = {name: factor / 10 ** scales.get(name, 0) for name, factor in form.factors.items()}
    scale = lcm(form.constant.denominator, *(factor.denominator for factor in exact.values()))
    return Side(int(form.constant * scale), tuple((name, int(factor * scale)) for name, factor in exact.items()), scale)


def sides(expression: Expression, scales: Mapping[str, int]) -> tuple[Side, Side | None] | None:
    """Numerator and denominator (None of what is no quotient); None where either is not linear."""
    upper, lower = formula.ratio(expression)
    above = linear(upper)
    below = linear(lower) if lower is not None else None
    if above is None or (lower is not None and below is None):
        return None
    return side(above, scales), side(below, scales) if below is not None else None
