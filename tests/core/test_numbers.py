from decimal import Decimal
from fractions import Fraction

import pytest

from giaoban.core import numbers


def test_ratios_are_compared_exactly():
    big = 10**18
    assert numbers.compare(big, big + 1, big - 1, big) == 1
    assert numbers.compare(1, 2, 2, 4) == 0
    assert numbers.compare(-1, 3, 1, -3) == 0
    with pytest.raises(ZeroDivisionError):
        numbers.compare(1, 0, 1, 1)


def test_half_goes_away_from_nought():
    assert numbers.rounded(Fraction(9315, 100), 1) == Decimal("93.2")
    assert numbers.rounded(Fraction(-25, 10)) == -3


def test_a_plan_is_written_short_and_a_change_with_its_sign():
    assert numbers.vi_short(Decimal("46.00")) == "46" and numbers.vi_short(Decimal("52.10")) == "52,1"
    assert numbers.vi_short(100) == "100"
    assert numbers.vi_number(5, sign=True) == "+5" and numbers.vi_number(-5, sign=True) == "-5"
    assert numbers.points(None) == numbers.MISSING
