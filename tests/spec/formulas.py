"""The formula language."""

from __future__ import annotations

import json

from giaoban.core import formula
from tests.spec import Page, Table

COUNTS = {"a": 6, "b": 4, "zero": 0, "none": None, "pupils[grade=1,sex=nu]": 12}


def _value(written: str) -> object:
    return formula.evaluate(formula.parse(written), COUNTS)


PAGE = Page(
    file="formulas.md",
    title="The formula language",
    prose="""
One language serves indicators and the checks of a sheet. A name is a cell, `element` or `element[dimension=member,…]`;
dimensions left out are summed over. Signs, strongest first: `-a`, `* /`, `+ -`, `= != < <= > >=`, `not`, `and`, `or`;
brackets group. Numbers are written `12` or `0.5`. Missing spreads and is never nought; `and`, `or`, `not` know *yes*,
*no* and *unknown* (—).

Below, a is 6, b is 4, zero is 0, none is missing and pupils[grade=1,sex=nu] is 12.
""",
    tables=[
        Table(
            "Amounts",
            ("formula", "value"),
            [
                ("a + b * 2", 14),
                ("(a + b) * 2", 20),
                ("a - b - 1", 1),
                ("a / b", "3/2"),
                ("a / b / 2", "3/4"),
                ("-a + 0.5", "-11/2"),
                ("pupils[sex=nu, grade=1] ÷ a", 2),
                ("a / zero", None),
                ("a + none", None),
                ("none * 0", None),
                ("unheard_of", None),
            ],
            _value,
        ),
        Table(
            "Conditions",
            ("formula", "verdict"),
            [
                ("a = 6", True),
                ("a ≤ b", False),
                ("a != b", True),
                ("none >= 0", None),
                ("a > b or none = 1", True),
                ("a > b and none = 1", None),
                ("a < b and none = 1", False),
                ("a < b or none = 1", None),
                ("not none = 1", None),
                ("not (a = b)", True),
                ("a / b = 1.5", True),
            ],
            _value,
        ),
        Table(
            "Faults",
            ("formula", "refusal"),
            [
                ("", "The formula lacks a number or a name at character 1."),
                ("a +", "The formula lacks a number or a name at character 4."),
                ("a b", "The formula should end before “b” at character 3."),
                ("(a + b", "The bracket at character 1 of the formula is never closed."),
                ("a[sex=nu", "The bracket at character 2 of the formula is never closed."),
                (
                    "a[nu]",
                    "The brackets at character 2 of the formula must hold dimension=member, each dimension once.",
                ),
                (
                    "a[x=1,x=2]",
                    "The brackets at character 2 of the formula must hold dimension=member, each dimension once.",
                ),
                ("a $ b", "The formula has a sign that means nothing, “$”, at character 3."),
                ("1 + (a > b)", "The formula needs a number, not a condition, at character 5."),
                ("a < b < 3", "The formula should end before “<” at character 7."),
                ("a = 1 and b", "The formula needs a condition, not a number, at character 11."),
                ("not a", "The formula needs a condition, not a number, at character 5."),
            ],
            _value,
        ),
        Table(
            "The published tree",
            ("formula", "JSON"),
            [
                (
                    "a / (b + 0.5)",
                    '{"op": "/", "left": {"element": "a", "members": {}}, "right": {"op": "+", '
                    '"left": {"element": "b", "members": {}}, "right": {"number": "0.5"}}}',
                ),
                (
                    "not a[sex=nu] = 1",
                    '{"op": "not", "of": {"op": "=", "left": {"element": "a", "members": {"sex": "nu"}}, '
                    '"right": {"number": "1"}}}',
                ),
            ],
            lambda written: json.dumps(formula.to_json(formula.parse(written))),
        ),
    ],
)
