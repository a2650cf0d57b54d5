"""Formulas of the catalogue as spreadsheet formulas, so that a workbook checks itself as the server does.

A spreadsheet takes an empty cell for nought and stumbles over text; here missing spreads and conditions have three
values (`core.formula`). So every amount carries what must be known first (how many of its cells hold a number, which
divisors are other than nought), and every condition becomes two questions: is it surely true, is it surely false. A
formula that Excel could not hold is not written at all: what it would have said the server says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from giaoban.core import formula as language

LONGEST = 8000  # Excel takes 8,192 characters
MOST_ARGUMENTS = 200  # Excel takes 255
COMPARED_TO = 9  # decimals to which quotients and decimals are compared: spreadsheets count in binary

Places = Mapping[str, Sequence[int]]
"""For each name of an expression (`Name.key`) the rows of the cells it adds up; none: it is always missing."""


class TooLong(ValueError):
    """More than a cell of a spreadsheet takes."""


@dataclass(frozen=True)
class Amount:
    """A number in a spreadsheet: its text, the rows that must hold numbers, the divisors that must not be nought."""

    text: str
    rows: frozenset[int] = frozenset()
    divisors: tuple[str, ...] = ()
    whole: bool = True  # exact in binary: whole numbers that are never divided
    never: bool = False  # reads something that is not there


def ranges(column: str, rows: Iterable[int]) -> str:
    """Rows of a column as few references: E4:E7,E9."""
    found: list[list[int]] = []
    for row in sorted(set(rows)):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    if len(found) > MOST_ARGUMENTS:
        raise TooLong
    return ",".join(f"{column}{a}" if a == b else f"{column}{a}:{column}{b}" for a, b in found)


class Writer:
    """Writes expressions over one column of one page; `scaled` are rows whose numbers have decimals."""

    def __init__(self, column: str, scaled: frozenset[int] = frozenset()) -> None:
        self.column = column
        self.scaled = scaled

    def total(self, rows: Iterable[int]) -> str:
        """A plain total: what is there, and nothing where nothing is there."""
        said = ranges(self.column, rows)
        return fits(f'=IF(COUNT({said})=0,"",SUM({said}))')

    def amount(self, expression: language.Expression, places: Places) -> str:
        """A computed line: empty while something it reads is missing."""
        found = self._amount(expression, places)
        return fits("=" + self._known(found, found.text, '""'))

    def broken(self, expression: language.Expression, places: Places) -> str:
        """TRUE where a condition is surely false, without the equals sign."""
        return fits(self._truth(expression, places)[1])

    def known(self, expression: language.Expression, places: Places) -> str:
        """TRUE where a condition is surely one or the other."""
        true, false = self._truth(expression, places)
        return fits(f"OR({true},{false})")

    def _amount(self, expression: language.Expression, places: Places) -> Amount:
        if isinstance(expression, language.Number):
            text = language.to_text(expression)
            return Amount(text, whole="." not in text)
        if isinstance(expression, language.Name):
            return self._name(places.get(expression.key, ()))
        if isinstance(expression, language.Negative):
            inner = self._amount(expression.of, places)
            return Amount(f"(-{inner.text})", inner.rows, inner.divisors, inner.whole, inner.never)
        if isinstance(expression, language.Arithmetic):
            left, right = self._amount(expression.left, places), self._amount(expression.right, places)
            divides = expression.sign == "/"
            return Amount(
                f"({left.text}{expression.sign}{right.text})",
                left.rows | right.rows,
                left.divisors + right.divisors + ((right.text,) if divides else ()),
                left.whole and right.whole and not divides,
                left.never or right.never,
            )
        raise TypeError("a condition is no amount")

    def _name(self, rows: Sequence[int]) -> Amount:
        if not rows:
            return Amount("0", never=True)
        said = ranges(self.column, rows)
        text = said if len(rows) == 1 else f"SUM({said})"
        return Amount(text, frozenset(rows), whole=not self.scaled.intersection(rows))

    def _known(self, amount: Amount, then: str, other: str) -> str:
        """`then` where everything is known: the numbers first, since asking a text whether it is nought is an error."""
        if amount.never:
            return other
        for divisor in reversed(list(dict.fromkeys(amount.divisors))):
            then = f"IF({divisor}<>0,{then},{other})"
        if amount.rows:
            then = f"IF(COUNT({ranges(self.column, amount.rows)})={len(amount.rows)},{then},{other})"
        return then

    def _truth(self, expression: language.Expression, places: Places) -> tuple[str, str]:
        """(surely true, surely false)."""
        if isinstance(expression, language.Comparison):
            return self._comparison(expression, places)
        if isinstance(expression, language.Not):
            true, false = self._truth(expression.of, places)
            return false, true
        if isinstance(expression, language.Logic):
            left, right = self._truth(expression.left, places), self._truth(expression.right, places)
            true, false = ("AND", "OR") if expression.sign == "and" else ("OR", "AND")
            return f"{true}({left[0]},{right[0]})", f"{false}({left[1]},{right[1]})"
        raise TypeError("an amount is no condition")

    def _comparison(self, expression: language.Comparison, places: Places) -> tuple[str, str]:
        left, right = self._amount(expression.left, places), self._amount(expression.right, places)
        sign = "<>" if expression.sign == "!=" else expression.sign
        if left.whole and right.whole:
            said = f"{left.text}{sign}{right.text}"
        else:
            said = f"ROUND({left.text}-{right.text},{COMPARED_TO}){sign}0"
        both = Amount(said, left.rows | right.rows, left.divisors + right.divisors, never=left.never or right.never)
        return self._known(both, said, "FALSE"), self._known(both, f"NOT({said})", "FALSE")


def fits(formula: str) -> str:
    if len(formula) > LONGEST:
        raise TooLong
    return formula


def quoted(text: str) -> str:
    """Text inside a formula."""
    return '"' + text.replace('"', '""')[:250] + '"'


def page_ref(name: str) -> str:
    """The name of a worksheet inside a formula."""
    return "'" + name.replace("'", "''") + "'!"
