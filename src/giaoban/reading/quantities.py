"""What percentages and counts share: numbers in Vietnamese writing, changes, and the clause around a number."""

from __future__ import annotations

import re

from giaoban.reading.marks import Change, Number
from giaoban.reading.wording import either

INTEGER = r"(?:\d{1,3}(?:\.\d{3})+|\d+)"
DELTA = re.compile(
    r"\b(?P<how>"
    + either("vượt · tăng · giảm · thấp hơn · cao hơn · thiếu · hụt · còn thiếu · nhiều hơn · ít hơn · đạt thấp hơn")
    + r")\s(?:so với [^\d;.]{3,60} (?:là )?)?(?:thêm |lên |xuống |khoảng |hơn |gần |trên |được |là |tới |đến )*$"
)
TARGET = re.compile(r"\b(?:kế hoạch|chỉ tiêu|mục tiêu|nghị quyết|dự toán|giao|đề ra|kh)\b")
PREVIOUS = re.compile(
    r"\b"
    + either(
        r"""
        cùng kỳ · năm (?:học )?(?:trước|ngoái|qua|20\d\d) · kỳ trước · lần trước · quý trước · tháng trước ·
        đầu năm · học kỳ · năm học
        """
    )
    + r"\b"
)
BREAK = re.compile(r"[;\n]|\.\s(?=[A-ZÀ-ỸĐ\"(])|[.!?]\s?$")
COMMA = re.compile(r",(?!\d)|[;\n]|\.\s|\.$|\s-\s|\)")
_DOWN = ("giảm", "thấp hơn", "thiếu", "hụt", "còn thiếu", "ít hơn", "đạt thấp hơn")
FAR = 160  # a clause is not followed further than this


def number(text: str) -> Number:
    """11.994 is 11994, 52,11 is 52.11; a dot before other than three digits is a decimal sign."""
    whole, _, decimals = text.partition(",")
    if not decimals and "." in whole and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", whole):
        whole, _, decimals = whole.partition(".")
    plain = whole.replace(".", "")
    return float(f"{plain}.{decimals}") if decimals else int(plain)


def percent(text: str) -> Number:
    """A percentage: "93.150" cannot be thousands, so that its dot is a decimal sign too."""
    whole, dot, decimals = text.partition(".")
    if "," not in text and dot and decimals.isdigit():
        return float(f"{whole}.{decimals}")
    return number(text)


def change(how: str, value: Number, around: str) -> Change:
    """A change in the direction of its verb, against plan or last time as the words around say."""
    planned = how == "vượt" or bool(TARGET.search(around))
    against = "target" if planned and not PREVIOUS.search(around) else "previous"
    return Change(against, -value if how in _DOWN else value)


def clause_start(text: str, start: int) -> int:
    """Where the clause that a number stands in begins: after the last sign before it."""
    begin = start
    for place in range(start - 1, max(-1, start - 120), -1):
        sign, after = text[place], text[place + 1 : place + 2]
        if sign in ";:\n(" or (sign == "," and not after.isdigit()) or (sign == "." and after == " "):
            break
        begin = place
    while begin < start and not text[begin].isalnum():
        begin += 1
    return begin


def clause_end(text: str, end: int, limit: int, signs: re.Pattern[str] = COMMA) -> int:
    """Where the clause that a number stands in ends: before the next sign after it."""
    stop = signs.search(text, end, min(len(text), end + FAR, limit))
    place = stop.start() if stop else end
    while place > end and text[place - 1].isspace():
        place -= 1
    return place
