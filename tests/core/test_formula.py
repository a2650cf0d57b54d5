from fractions import Fraction

import pytest

from giaoban.core import formula


def test_names_are_told_once_in_one_spelling():
    found = formula.parse("a[y=2, x=1] / (a[x=1,y=2] + b) >= 0.5 and not b = c")
    assert formula.names(found) == ["a[x=1,y=2]", "b", "c"]


def test_a_rate_has_a_numerator_and_a_denominator():
    upper, lower = formula.ratio(formula.parse("(a + b) / c"))
    assert formula.to_text(upper) == "a + b" and lower == formula.Name("c")
    assert formula.ratio(formula.parse("a + b / c"))[1] is None


def test_division_is_exact():
    assert formula.evaluate(formula.parse("a / 3 * 3"), {"a": 1}) == 1
    assert formula.evaluate(formula.parse("0.1 + 0.2 = 0.3"), {}) is True
    assert formula.evaluate(formula.parse("a / b"), {"a": 1, "b": 3}) == Fraction(1, 3)


@pytest.mark.parametrize(
    "text", ["1+" * 600 + "1", "(" * 60 + "1" + ")" * 60, "-" * 60 + "1", "not " * 60 + "1 = 1", "a" * 5000]
)
def test_no_text_can_exhaust_the_reader(text):
    with pytest.raises(formula.TooLong):
        formula.parse(text)


def test_the_longest_formula_still_evaluates():
    text = " + ".join(["a"] * 240)
    assert formula.evaluate(formula.parse(text), {"a": 1}) == 240
    assert formula.from_json(formula.to_json(formula.parse(text))) == formula.parse(text)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"op": "**", "left": {"number": "1"}, "right": {"number": "2"}},
        {"number": "one"},
        {"element": "a"},
        {"op": "+", "left": {"number": "1"}},
        {"op": "and", "left": {"number": "1"}, "right": {"number": "1"}},
        {"element": "a b", "members": {}},
        [],
    ],
)
def test_a_tree_that_is_no_formula_is_refused(tree):
    with pytest.raises(formula.BadFormula):
        formula.from_json(tree)


def test_a_number_and_a_condition_are_told_apart():
    assert formula.is_truth(formula.parse("a = 1")) and not formula.is_truth(formula.parse("a"))
