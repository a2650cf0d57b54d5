"""The same rules, the same verdict: the browser's interpreter against Python's, over generated sheets and values.

20,000 cases here; `benchmarks/bench_formula.py` with SCALE=full takes a million. Numbers as people write them are read
and printed alike too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core import formula
from giaoban.core.refusal import Refused
from giaoban.indicators.actions.entry import parse_cell
from giaoban.indicators.queries.findings import shown
from giaoban.indicators.queries.reports import _amount_text
from tests.generative import formula_cases as made
from tests.generative.chromium import CHROMIUM, call, page_with
from tests.generative.test_generated_formulas import amounts, truths

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium"),
]

NUMBERS = """
import { amountText, readCell, shown } from "/numbers.js";
export const read = (rows) => rows.map(([text, scale]) => {
  const { value, fault } = readCell(text, scale);
  return fault ?? (value === null ? null : String(value));
});
export const printed = (rows) => rows.map(([n, d, unit]) => amountText({ n: BigInt(n), d: BigInt(d) }, unit));
export const stored = (rows) => rows.map(([value, scale]) => shown(BigInt(value), scale));
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with page_with({"answers.js": made.BROWSER, "written.js": NUMBERS}) as found:
        yield found


CARRIED = [cell.carried() for cell in made.CELLS]


def test_twenty_thousand_cases_have_one_verdict(page: Any) -> None:
    verdicts: set[Any] = set()
    for batch in range(10):
        pairs = list(made.cases(2000, seed=batch))
        found = call(page, "answers.js", "answers", [asked for asked, _ in pairs], CARRIED)
        for (asked, expected), answer in zip(pairs, found, strict=True):
            assert answer == expected, asked
            verdicts.add(expected["said"])
    assert {True, False, None} <= verdicts and len(verdicts) > 500  # the cases are not all alike


names = st.sampled_from(made.NAMES)
held = st.dictionaries(st.sampled_from([cell.pk for cell in made.CELLS]), st.integers(0, 10**15) | st.none())


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(amounts | truths, held), min_size=1, max_size=5))
def test_shapes_hypothesis_thinks_of(page: Any, drawn: list[Any]) -> None:
    drawn = [(_renamed(found), values) for found, values in drawn]
    asked = [made.case(found, values) for found, values in drawn]
    expected = [made.expected(found, values) for found, values in drawn]
    assert call(page, "answers.js", "answers", asked, CARRIED) == expected


def _renamed(found: formula.Expression) -> formula.Expression:
    """Hypothesis's names (a, b, c[lop=6], c[gioi=nu,lop=6]) as those of the sheet here."""
    return formula.parse(formula.to_text(found).replace("c[gioi=nu,lop=6]", "d[gioi=nu,lop=6]"))


@pytest.mark.parametrize(
    "tree", [{"op": "run", "left": {"number": "1"}, "right": {"number": "1"}}, {"number": "1e9"}, {}]
)
def test_what_is_no_tree_is_refused(page: Any, tree: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"no number|no amount|no condition"):
        call(page, "answers.js", "answers", [{"tree": tree, "values": {}}], CARRIED)


def test_numbers_are_read_alike(page: Any) -> None:
    dice = random.Random(7)
    fixed = ["", "—", "-", "–", " ", "0", "-0", "+5", "−3", "1.234", "1.2345", "1 234", "12,50", "0,05", "1.234,5", "٣"]
    signs = "0123456789" * 3 + "...,, -+"
    texts = fixed[:-1] + ["".join(dice.choices(signs, k=dice.randint(1, 9))) for _ in range(4000)]
    texts += ["9" * n for n in range(14, 18)]
    rows = [(text, dice.randint(0, 3)) for text in texts]
    assert call(page, "written.js", "read", rows) == [_read(text, scale) for text, scale in rows]


def _read(text: str, scale: int) -> str | None:
    line: Any = SimpleNamespace(words="x", cell_id=1, cell=SimpleNamespace(element=SimpleNamespace(scale=scale)))
    try:
        value = parse_cell(line, text)
    except Refused as refused:
        return type(refused).__name__
    return None if value is None else str(value)


def test_numbers_are_printed_alike(page: Any) -> None:
    dice = random.Random(8)
    amounts = [Fraction(dice.randint(-(10**9), 10**9), dice.choice([1, 1, 2, 3, 7, 8, 1000])) for _ in range(1500)]
    rows = [(str(one.numerator), str(one.denominator), dice.choice(["%", "học sinh"])) for one in amounts]
    wanted = [_amount_text(one, unit) for one, (_, _, unit) in zip(amounts, rows, strict=True)]
    assert call(page, "written.js", "printed", rows) == wanted
    integers = [(str(dice.randint(0, 10 ** dice.randint(1, 15))), dice.randint(0, 3)) for _ in range(1500)]
    assert call(page, "written.js", "stored", integers) == [shown(int(value), scale) for value, scale in integers]
