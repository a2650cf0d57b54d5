"""Numbers as people in Viet Nam write them, from exact ones. No float enters or leaves.

A ratio is kept as numerator and denominator and compared by cross-multiplication; it is rounded half up, once, when it
is printed. A difference of two rates is taken between the *printed* values, so that a reader who subtracts on paper
gets the number we print ("tăng 3,28 điểm %").
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from giaoban.core.refusal import Refused, sentence

Number = int | Decimal | Fraction
MISSING = "—"
VI_NUMBER = re.compile(r"([-+−–]?)(\d{1,3}(?:[.\s\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?")


class BadNumber(Refused):
    """The text is no number in Vietnamese writing."""

    sentence = sentence("“%(text)s” is not a number; write thousands as 1.234 and decimals as 0,5.")


class NotWhole(Refused):
    """A count has no decimals."""

    sentence = sentence("“%(text)s” is not a whole number.")


def rounded(value: Number, places: int = 0) -> Decimal:
    """Half up, away from zero, to so many decimals, exactly."""
    scaled = Fraction(value) * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def vi_number(value: Number | None, places: int = 0, *, sign: bool = False) -> str:
    """Prints "14.068" or "93,2"; a missing value is an em dash; `sign` also writes a plus."""
    if value is None:
        return MISSING
    number = rounded(value, places)
    whole, _, decimals = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    mark = "-" if number < 0 else "+" if sign and number > 0 else ""
    return mark + grouped + ("," + decimals if decimals else "")


def vi_short(value: Number | None, places: int = 2) -> str:
    """As `vi_number`, without zeros at the end of the decimals: a plan of 46% is printed "46", not "46,00"."""
    text = vi_number(value, places)
    return text.rstrip("0").rstrip(",") if "," in text else text


def rate(numerator: int | None, denominator: int | None, places: int = 2) -> Decimal | None:
    """The percentage as it is printed; None when either part is missing or the denominator is nought."""
    if numerator is None or not denominator:
        return None
    return rounded(Fraction(numerator * 100, denominator), places)


def vi_percent(numerator: int | None, denominator: int | None, places: int = 2) -> str:
    """Prints "52,11%" from counts; a rate that cannot be had is an em dash."""
    percent = rate(numerator, denominator, places)
    return MISSING if percent is None else vi_number(percent, places) + "%"


def points(difference: Number | None, places: int = 2) -> str:
    """A difference of printed rates without its sign: "6,11 điểm %"; the words beside it say up or down."""
    return MISSING if difference is None else f"{vi_short(abs(Fraction(difference)), places)} điểm %"


def compare(a: int, b: int, c: int, d: int) -> int:
    """-1, 0 or 1 as a/b is below, equal to or above c/d; exact, and right for negative denominators too."""
    if b == 0 or d == 0:
        raise ZeroDivisionError("a ratio needs a denominator other than nought")
    difference = Fraction(a, b) - Fraction(c, d)
    return (difference > 0) - (difference < 0)


def parse_number(text: str) -> Decimal:
    """Reads "1.234,5". Thousands are grouped by dots or spaces, in threes or not at all; decimals follow a comma."""
    match = VI_NUMBER.fullmatch(text.strip())
    if match is None:
        raise BadNumber(text=text)
    sign, whole, decimals = match.groups()
    number = Decimal(re.sub(r"\D", "", whole) + ("." + decimals if decimals else ""))
    return -number if sign in ("-", "−", "–") else number


def parse_count(text: str) -> int:
    """A whole number as a person types it in a cell."""
    number = parse_number(text)
    if number != number.to_integral_value():
        raise NotWhole(text=text)
    return int(number)
