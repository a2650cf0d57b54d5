"""Usual values: each formula on worked numbers, few and constant values said honestly, limits = verdict."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giaoban.core import outliers
from giaoban.core.outliers import Around, Between

TEN = [20, 22, 24, 25, 26, 27, 28, 30, 33, 40]
counts = st.integers(0, 10**6)
samples = st.lists(counts, min_size=5, max_size=30)


def inside(limits: outliers.Limits, value: int) -> bool:
    low, high = limits
    return (low is None or low <= value) and (high is None or value <= high)


# Worked numbers


def test_z_takes_three_sample_standard_deviations() -> None:
    """Mean 27,5, s = √33,39 = 5,778: usual from 27,5 − 17,33 to 27,5 + 17,33."""
    assert outliers.variance(TEN) == Fraction(601, 18)
    usual = outliers.z(TEN)
    assert usual == Around(Fraction(55, 2), 9 * Fraction(601, 18)) and usual.limits() == (11, 44)


def test_modified_z_is_iglewicz_and_hoaglins() -> None:
    """Median 26,5; distances 6,5 4,5 2,5 1,5 0,5 0,5 1,5 3,5 6,5 13,5: MAD 3; 3,5 × 3 / 0,6745 = 15,567."""
    assert outliers.mad(TEN) == 3
    assert outliers.modified_z(TEN).limits() == (11, 42)
    assert outliers.modified_z([*TEN, 4000]).limits() == (12, 42)  # one wild value hardly moves it
    assert outliers.z([*TEN, 4000]).limits()[1] > 3000  # and spoils the mean


def test_fences_are_tukeys() -> None:
    """Hinges 24 and 30: 24 − 18 to 30 + 18; with an odd number the middle one is in both halves."""
    assert outliers.quartiles(TEN) == (24, 30)
    assert outliers.fences(TEN).limits() == (6, 48)
    assert outliers.quartiles([1, 2, 3, 4, 5]) == (2, 4)


def test_year_on_year_has_its_own_bound_each_way() -> None:
    assert outliers.year_on_year(200, 10, 25).limits() == (180, 250)
    assert outliers.year_on_year(0, 10, 25) is None


# Few values, constant values


@pytest.mark.parametrize("rule", [outliers.z, outliers.modified_z, outliers.fences])
def test_few_values_measure_nothing(rule) -> None:
    assert rule([1, 2, 3, 4]) is None
    assert rule([1, 2, 3, 4, 5]) is not None
    assert rule([1, 2, 3, 4, 5], at_least=6) is None


@pytest.mark.parametrize("rule", [outliers.z, outliers.modified_z, outliers.fences])
def test_constant_values_measure_nothing(rule) -> None:
    assert rule([7] * 12) is None


def test_the_mean_deviation_stands_in_for_a_mad_of_nought() -> None:
    """0 0 0 0 0 0 10: MAD 0, mean deviation 10/7; 3,5 × 1,253314 × 10/7 = 6,27."""
    values = [0, 0, 0, 0, 0, 0, 10]
    assert outliers.mad(values) == 0 and outliers.mean_deviation(values) == Fraction(10, 7)
    assert outliers.modified_z(values).limits() == (-6, 6)


def test_a_difference_below_the_least_is_always_usual() -> None:
    assert outliers.beyond((19, 21), Fraction(20), 5) == (16, 24)
    assert outliers.beyond((19, 21), Fraction(41, 2), 5) == (16, 25)
    assert outliers.beyond((10, 30), Fraction(20), 5) == (10, 30)
    assert outliers.beyond((None, 21), Fraction(20), 5) == (None, 24)


def test_counts_have_no_lower_limit_at_nought() -> None:
    assert outliers.not_below((0, 9)) == (None, 9)
    assert outliers.not_below((1, 9)) == (1, 9)


# Change


def test_small_counts_vary_by_chance() -> None:
    assert outliers.is_large(2, 10, 30, 5) and not outliers.is_large(1, 6, 30, 5)
    assert outliers.change(4, 30, 5) == (None, 12)
    assert outliers.change(500, 30, 5) == (351, 649)
    assert outliers.change(500, 0, 0) == (439, 565)  # chance alone: 2 × the root of the sum


@given(before=st.integers(0, 5000), value=st.integers(0, 10000), percent=st.integers(0, 200), least=st.integers(0, 60))
def test_the_limits_of_a_change_are_its_rule(before: int, value: int, percent: int, least: int) -> None:
    usual = inside(outliers.change(before, percent, least), value)
    assert usual is not outliers.is_large(value, before, percent, least)


# Limits = verdict


@given(values=samples, value=counts)
def test_the_limits_are_the_verdict(values: list[int], value: int) -> None:
    for rule in (outliers.z, outliers.modified_z, outliers.fences):
        usual = rule(values)
        if usual is not None:
            assert inside(usual.limits(), value) is usual.holds(value)


@given(values=samples)
def test_the_limits_are_the_verdict_at_their_own_edges(values: list[int]) -> None:
    for rule in (outliers.z, outliers.modified_z, outliers.fences):
        usual = rule(values)
        if usual is not None:
            low, high = usual.limits()
            assert usual.holds(low) and usual.holds(high)
            assert not usual.holds(low - 1) and not usual.holds(high + 1)


@given(before=st.integers(1, 10**6), value=counts, down=st.integers(0, 100), up=st.integers(0, 300))
def test_the_limits_of_a_year_are_the_percentages(before: int, value: int, down: int, up: int) -> None:
    usual = outliers.year_on_year(before, down, up)
    direct = before * (100 - down) <= value * 100 <= before * (100 + up)
    assert inside(usual.limits(), value) is usual.holds(value) is direct


@given(values=samples, least=st.integers(0, 50), value=counts)
def test_moved_out_limits_join_two_stretches(values: list[int], least: int, value: int) -> None:
    usual = outliers.modified_z(values)
    if usual is not None:
        limits = outliers.beyond(usual.limits(), usual.centre, least)
        assert inside(limits, value) is (usual.holds(value) or abs(value - usual.centre) < least)


def test_open_ends() -> None:
    assert Between(None, Fraction(7, 2)).limits() == (None, 3) and Between(Fraction(7, 2), None).limits() == (4, None)


@given(values=st.lists(st.fractions(0, 100, max_denominator=8), min_size=2, max_size=12))
def test_measures_agree_with_the_standard_library(values: list[Fraction]) -> None:
    assert outliers.mean(values) == statistics.mean(values)
    assert outliers.variance(values) == statistics.variance(values)
    assert outliers.median(values) == statistics.median(values)


# Series


def test_a_steady_growth_has_no_jump() -> None:
    assert outliers.jumps([1000, 1030, 1061, 1093, 1126, 1159, 1194]) == []


def test_a_jump_is_judged_by_the_other_changes() -> None:
    found = outliers.jumps([1000, 1030, 1061, None, 1093, 2200, 2266, 2330])
    assert [(one.index, one.before, one.value, one.up) for one in found] == [(5, 1093, 2200, True)]


def test_a_wild_series_excuses_its_leaps_and_a_short_one_has_only_the_percentage() -> None:
    assert outliers.jumps([100, 150, 180, 130, 160, 240, 180, 130, 200]) == []
    assert [one.percent for one in outliers.jumps([100, 150])] == [50]
    assert outliers.jumps([2, 4], least=5) == []
    assert outliers.jumps([0, 40]) == []  # nought gives no percentage


def test_each_value_is_judged_by_all_the_others() -> None:
    assert outliers.unlike_the_rest([20, 21, None, 22, 23, 24, 400]) == [6]
    assert outliers.unlike_the_rest([20, 21, 22, 400]) == []
