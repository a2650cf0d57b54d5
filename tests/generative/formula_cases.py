"""Expressions, cells and values made by chance, and what Python says of them: for the browser to say the same.

A case is what a page carries: the published tree, the cells of a sheet with their members and scales, and the integers
typed into them. Small numbers and few names, so that sums come out equal, divisions meet nought, and parts are missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from giaoban.core import formula
from giaoban.core.formula import Arithmetic, Comparison, Expression, Logic, Name, Negative, Not, Number
from giaoban.indicators.queries.findings import cells_read, environment

LOP, GIOI = ("6", "7", "8"), ("nam", "nu")


@dataclass(frozen=True)
class Element:
    scale: int


@dataclass(frozen=True)
class Cell:
    """Stands for `indicators.models.Cell` where no database is."""

    pk: int
    element_id: str
    members: dict[str, str]
    element: Element

    def carried(self) -> dict[str, Any]:
        return {"id": self.pk, "element": self.element_id, "members": self.members, "scale": self.element.scale}


def sheet() -> list[Cell]:
    """Elements with none, one and two dimensions, and with decimals; one name of an expression has no cell at all."""
    made: list[tuple[str, dict[str, str], int]] = [("a", {}, 0), ("b", {}, 0), ("tien", {}, 2)]
    made += [("c", {"lop": lop}, 0) for lop in LOP]
    made += [("d", {"gioi": gioi, "lop": lop}, 1) for lop in LOP for gioi in GIOI]
    return [Cell(number, code, members, Element(scale)) for number, (code, members, scale) in enumerate(made, 1)]


CELLS = sheet()
NAMES = [
    Name("a"), Name("b"), Name("tien"), Name("c"), *(Name("c", (("lop", lop),)) for lop in LOP),
    Name("d"), Name("d", (("gioi", "nu"),)), Name("d", (("lop", "7"),)), Name("d", (("gioi", "nam"), ("lop", "8"))),
]  # fmt: skip
ABSENT = [Name("khong_co"), Name("c", (("lop", "9"),)), Name("a", (("lop", "6"),))]
VALUES = [None, 0, 0, 1, 1, 2, 3, 5, 10, 30, 99, 100, 1000, 10**15]
NUMBERS = [Fraction(n) for n in (0, 1, 1, 2, 3, 10, 100)] + [Fraction(1, 2), Fraction(5, 4), Fraction(105, 100)]


def amount(dice: random.Random, depth: int) -> Expression:
    kind = dice.random()
    if depth <= 0 or kind < 0.25:
        names = ABSENT if dice.random() < 0.02 else NAMES
        return dice.choice(names) if dice.random() < 0.75 else Number(dice.choice(NUMBERS))
    if kind < 0.32:
        return Negative(amount(dice, depth - 1))
    return Arithmetic(dice.choice("++--**//"), amount(dice, depth - 1), amount(dice, depth - 1))


def truth(dice: random.Random, depth: int) -> Expression:
    kind = dice.random()
    if depth <= 0 or kind < 0.6:
        sign = dice.choice(["=", "!=", "<", "<=", ">", ">="])
        return Comparison(sign, amount(dice, dice.randint(0, 3)), amount(dice, dice.randint(0, 3)))
    if kind < 0.7:
        return Not(truth(dice, depth - 1))
    return Logic(dice.choice(["and", "or"]), truth(dice, depth - 1), truth(dice, depth - 1))


def expression(dice: random.Random) -> Expression:
    return amount(dice, 4) if dice.random() < 0.35 else truth(dice, 3)


def values(dice: random.Random) -> dict[int, int | None]:
    """Some cells typed, some left empty (None), some never touched (absent)."""
    missing = dice.choice([0.0, 0.0, 0.0, 0.03, 0.2])
    found: dict[int, int | None] = {}
    for cell in CELLS:
        if dice.random() >= missing / 2:
            found[cell.pk] = None if dice.random() < missing else dice.choice(VALUES[1:])
    return found


def said(value: formula.Value) -> bool | str | None:
    """A verdict, or an amount as text: what is compared."""
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def case(found: Expression, held: dict[int, int | None]) -> dict[str, Any]:
    """What the browser is given."""
    carried = {str(cell): None if value is None else str(value) for cell, value in held.items()}
    return {"tree": formula.to_json(found), "values": carried}


def expected(found: Expression, held: dict[int, int | None]) -> dict[str, Any]:
    """What it must answer."""
    truth_of = formula.evaluate(found, environment(found, CELLS, held))  # type: ignore[arg-type]
    return {"said": said(truth_of), "reads": [cell.pk for cell in cells_read(found, CELLS)]}  # type: ignore[arg-type]


def cases(number: int, seed: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(what the browser is given, what it must answer), the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(number):
        found, held = expression(dice), values(dice)
        yield case(found, held), expected(found, held)


BROWSER = """
import { Formula } from "/formula.js";
export function answers(cases, cells) {
  return cases.map(({ tree, values }) => {
    const held = new Map(Object.entries(values).map(([id, text]) => [Number(id), text === null ? null : BigInt(text)]));
    const formula = new Formula(tree, cells);
    const found = formula.of(held);
    const said = found !== null && typeof found === "object" ? `${found.n}/${found.d}` : found;
    return { said, reads: formula.reads };
  });
}
"""
