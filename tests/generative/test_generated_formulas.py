"""Formulas of every shape: what is written is what was read, and missing never turns into an answer."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from giaoban.core import formula
from giaoban.core.formula import Arithmetic, Comparison, Logic, Name, Negative, Not, Number

NAMES = ["a", "b", "c[lop=6]", "c[gioi=nu,lop=6]"]
some = settings(max_examples=300, deadline=None, derandomize=True)

numbers = st.integers(0, 10**6).map(lambda n: Number(Fraction(n, 100)))
leaves = numbers | st.sampled_from([formula.parse(name) for name in NAMES])
amounts = st.recursive(
    leaves,
    lambda parts: st.builds(Negative, parts) | st.builds(Arithmetic, st.sampled_from("+-*/"), parts, parts),
    max_leaves=12,
)
comparisons = st.builds(Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), amounts, amounts)
truths = st.recursive(
    comparisons,
    lambda parts: st.builds(Not, parts) | st.builds(Logic, st.sampled_from(["and", "or"]), parts, parts),
    max_leaves=6,
)
counts = st.dictionaries(st.sampled_from(NAMES), st.integers(-100, 100) | st.none())


@some
@given(amounts | truths)
def test_text_and_tree_say_the_same(expression):
    assert formula.parse(formula.to_text(expression)) == expression
    assert formula.from_json(formula.to_json(expression)) == expression


@some
@given(truths, counts, st.integers(-100, 100))
def test_a_verdict_that_is_known_stays_when_more_becomes_known(expression, known, fresh):
    verdict = formula.truth(expression, known)
    later = {name: fresh if known.get(name) is None else known[name] for name in NAMES}
    if verdict is not None and not any(_divides(expression)):
        assert formula.truth(expression, later) is verdict


@some
@given(amounts, counts)
def test_an_amount_with_a_missing_part_is_missing(expression, known):
    needed = formula.names(expression)
    if any(known.get(name) is None for name in needed):
        assert formula.amount(expression, known) is None
    elif not any(_divides(expression)):
        assert formula.amount(expression, known) is not None


@some
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text):
    try:
        formula.parse(text)
    except formula.BadFormula as refusal:
        assert 1 <= refusal.params["position"] <= len(text) + 1
        assert "%(" not in str(refusal)


def _divides(expression: formula.Expression):
    """Division by nought makes a known part missing, which is not what these tests are about."""
    yield isinstance(expression, Arithmetic) and expression.sign == "/"
    for part in formula.parts(expression):
        yield from _divides(part)


def test_names_are_spelled_once():
    assert formula.names(formula.parse("c[lop=6, gioi=nu] + c[gioi=nu,lop=6]")) == ["c[gioi=nu,lop=6]"]
    assert isinstance(formula.parse("c[lop=6]"), Name)
