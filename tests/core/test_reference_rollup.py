"""What the tables of tests/spec/roll_up.py do not say."""

from datetime import date

import pytest

from giaoban.core import formula, rollup
from tests.spec.roll_up import ADULTS, GIRLS, PUPILS, TODAY, world

DAYS = [date(1995, 1, 1), date(2024, 9, 30), date(2025, 3, 1), date(2025, 7, 1), date(2025, 9, 30), date(2030, 1, 1)]


@pytest.mark.parametrize("code", ["2024-2025.DN", "2025-2026.DN"])
@pytest.mark.parametrize("cell", [PUPILS, GIRLS, ADULTS])
def test_the_country_has_the_same_total_on_every_map(code, cell):
    assert rollup.conserved(world(), 1, code, [cell], DAYS)


def test_parts_of_a_divided_figure_are_exact_where_they_meet():
    for unit, estimated in ((32, True), (33, True), (12, False), (1, False)):
        assert world().total(unit, "2024-2025.DN", [ADULTS], TODAY).estimated is estimated


def test_a_map_is_a_known_word_or_a_day():
    with pytest.raises(ValueError, match="not yesterday"):
        rollup.map_day("yesterday", "2025", TODAY)


def test_a_formula_without_names_has_nothing_to_report():
    found = world().answer(formula.parse("1 / 2"), {}, 1, "2025", rollup.AS_WAS, TODAY)
    assert (found.reported, found.expected, found.value) == (0, 0, formula.Fraction(1, 2))
