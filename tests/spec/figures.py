"""Numbers as they are printed and typed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from giaoban.core import numbers, text
from tests.spec import Page, Table


def _gap(a: int, b: int, c: int, d: int) -> str:
    mine, theirs = numbers.rate(a, b), numbers.rate(c, d)
    assert mine is not None and theirs is not None
    word = {1: "tăng", 0: "bằng", -1: "giảm"}[(mine > theirs) - (mine < theirs)]
    return f"{word} {numbers.points(mine - theirs)}"


PAGE = Page(
    file="numbers.md",
    title="Numbers and words",
    prose="""
Counts and amounts are whole numbers, ratios are fractions; nothing is ever a float. Rounding happens once, half up,
when a number is printed. Missing is an em dash and never nought.
""",
    tables=[
        Table(
            "Printing",
            ("value", "decimals", "printed"),
            [
                (21914, 0, "21.914"),
                (1234567, 2, "1.234.567,00"),
                (Fraction(1, 3), 2, "0,33"),
                (Fraction(5, 2), 0, "3"),
                (Fraction(-5, 2), 0, "-3"),
                (Decimal("93.15"), 1, "93,2"),
                (0, 0, "0"),
                (None, 0, "—"),
            ],
            numbers.vi_number,
            inputs=2,
        ),
        Table(
            "Percentages from counts",
            ("numerator", "denominator", "decimals", "printed"),
            [
                (68, 73, 1, "93,2%"),
                (14068, 21914, 2, "64,20%"),
                (181, 833, 0, "22%"),
                (0, 5, 2, "0,00%"),
                (5, 0, 2, "—"),
                (None, 5, 2, "—"),
            ],
            numbers.vi_percent,
            inputs=3,
        ),
        Table(
            "Differences of rates",
            ("now a", "of b", "before c", "of d", "printed"),
            [
                (247, 474, 46, 100, "tăng 6,11 điểm %"),
                (1, 3, 1, 4, "tăng 8,33 điểm %"),
                (2, 3, 1, 6, "tăng 50 điểm %"),
                (1, 4, 1, 3, "giảm 8,33 điểm %"),
                (1, 2, 2, 4, "bằng 0 điểm %"),
            ],
            _gap,
            inputs=4,
            prose="The difference is taken between the printed values, so that who subtracts them gets the same.",
        ),
        Table(
            "Typed numbers",
            ("typed", "read as"),
            [
                ("1.234", 1234),
                ("1 234 567", 1234567),
                ("0,5", "0.5"),
                ("12.345,67", "12345.67"),
                ("-3", "-3"),
                ("1.23", "“1.23” is not a number; write thousands as 1.234 and decimals as 0,5."),
                ("12a", "“12a” is not a number; write thousands as 1.234 and decimals as 0,5."),
                ("", "“” is not a number; write thousands as 1.234 and decimals as 0,5."),
            ],
            numbers.parse_number,
        ),
        Table(
            "Counts",
            ("typed", "read as"),
            [("1.234", 1234), ("12,0", 12), ("12,5", "“12,5” is not a whole number.")],
            numbers.parse_count,
        ),
        Table(
            "Folding, for search",
            ("text", "folded"),
            [
                ("Đồng Nai", "dong nai"),
                ("ĐẮK LẮK", "dak lak"),
                ("Ðồng Tháp", "dong thap"),
                ("Thuỷ Nguyên", "thuy nguyen"),
            ],
            text.fold,
        ),
        Table(
            "The same words?",
            ("one", "other", "same"),
            [
                ("Hoà Bình", "Hòa Bình", True),
                ("thuỷ lợi", "Thủy  lợi", True),
                ("Bắc Hà", "Bắc Ha", False),
                ("Hoa\u0300 Bi\u0300nh", "Hòa Bình", True),
            ],
            text.same_words,
            inputs=2,
            prose="Case, spacing, composition and the place of the tone mark do not matter; the marks themselves do.",
        ),
        Table(
            "Order",
            ("mixed", "ordered"),
            [
                ("Đà Nẵng, Dương, Ân Thi, An Giang, Ăn", "An Giang, Ăn, Ân Thi, Dương, Đà Nẵng"),
                ("má, mạ, ma, mã, mà, mả", "ma, mà, mả, mã, má, mạ"),
                ("Phường 10, Phường 2, Phường 1", "Phường 1, Phường 2, Phường 10"),
            ],
            lambda mixed: ", ".join(sorted(mixed.split(", "), key=text.sort_key)),
        ),
        Table(
            "Addresses",
            ("text", "slug"),
            [("Phường Bình Đường", "phuong-binh-duong"), ("  Xã 3/2 ", "xa-3-2")],
            text.slug,
        ),
    ],
)
